from __future__ import annotations

import pytest

from parsers.contract import Event, Item, Reject, Sample, Source
from parsers.platform_exports._json_rows import MEANINGS
from parsers.platform_exports._kik_tables import TABLES
from parsers.platform_exports._titled_rows import OWN_MEANINGS
from parsers.registry import find_format

KIK = find_format("platform/kik_return")
TERN, WREN = "tern_h_abc@talk.kik.com", "wren_xyz@talk.kik.com"
MS = 1767261600250
TEXT = {
    "id": "1",
    "content_id": "c1",
    "filename": "a.jpg",
    "message": "hi",
    "sender_id": TERN,
    "receiver_id": WREN,
    "ip": "203.0.113.5",
    "port": "50123",
    "parent_id": "0",
    "sent_at": "2026-01-01 10:00:00",
    "sent_at_ts": str(MS),
    "app_name": "kik",
}
WANT = (TERN, [WREN], "203.0.113.5", 50123, MS * 1000, "hi")


def read(text: str) -> list[Item]:
    return list(KIK.parse(Source(memoryview(text.encode()))))


def events(text: str) -> list[Event]:
    return [item for item in read(text) if isinstance(item, Event)]


def rejects(text: str) -> list[Reject]:
    return [item for item in read(text) if isinstance(item, Reject)]


def table(columns: dict[str, str], delimiter: str = ",") -> str:
    return delimiter.join(columns) + "\n" + delimiter.join(columns.values()) + "\n"


def facts(event: Event) -> tuple[object, ...]:
    names = ("sender", "recipients", "source_ip", "source_port", "timestamp")
    return (*(event.values.get(name) for name in names), event.text)


def score(text: str) -> int:
    return KIK.recognise(Sample(text.encode(), b"", b"", len(text.encode())))


def test_every_declared_title_has_a_meaning_and_every_required_one_is_declared() -> None:
    assert {meaning for one in TABLES for meaning in one.fields.values()} <= MEANINGS | OWN_MEANINGS
    assert all(one.required <= one.fields.keys() for one in TABLES)


@pytest.mark.parametrize("shift", range(1, 12))
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_in_any_order_and_with_any_delimiter_give_the_same_message(shift: int, delimiter: str) -> None:
    names = list(TEXT)
    (event,) = events(table({name: TEXT[name] for name in names[shift:] + names[:shift]}, delimiter))
    assert facts(event) == WANT


@pytest.mark.parametrize(("name", "place"), [("ip", 2), ("port", 3), ("message", 5)])
def test_a_removed_or_renamed_column_empties_its_own_value_only(name: str, place: int) -> None:
    (removed,) = events(table({k: v for k, v in TEXT.items() if k != name}))
    (renamed,) = events(table({(f"new_{k}" if k == name else k): v for k, v in TEXT.items()}))
    assert facts(removed) == facts(renamed) == (*WANT[:place], None, *WANT[place + 1 :])


def test_without_the_count_the_written_time_is_used_and_its_zone_is_open() -> None:
    (event,) = events(table({k: v for k, v in TEXT.items() if k != "sent_at_ts"}))
    assert (event.values["timestamp_raw"], event.values["tz_basis"]) == ("2026-01-01 10:00:00", "assumed")


def test_a_column_nobody_declared_is_rejected_by_title_and_its_cells_are_kept() -> None:
    document = table({"mood": "secret", **TEXT})
    (event,), (reject,) = events(document), rejects(document)
    assert facts(event) == WANT
    assert isinstance(event.values["extra"], dict)
    assert event.values["extra"]["mood"] == "secret"
    assert "secret" not in reject.reason


def test_a_comma_that_is_not_quoted_rejects_its_row_and_no_other() -> None:
    row = ",".join(TEXT.values())
    document = table(TEXT) + row + ",more\n" + row + "\n"
    assert [facts(event) for event in events(document)] == [WANT, WANT]
    assert [reject.reason for reject in rejects(document)] == ["the row has 13 cells where its header has 12"]


def test_a_logged_message_has_its_count_of_words_and_no_text() -> None:
    (event,) = events(f"user_jid,friend_user_jid,ip,ts,words\n{TERN},{WREN},203.0.113.5,{MS},5\n")
    assert facts(event) == (TERN, [WREN], "203.0.113.5", None, MS * 1000, None)
    assert event.values["extra"] == {"words": "5"}


def test_sender_and_receiver_of_a_group_message_keep_their_own_addresses() -> None:
    header = "sender,receiver,group_jid,sender_ip,receive_ip,sender_device_type,epoch\n"
    document = header + f"{WREN},{TERN},1100@groups.kik.com,198.51.100.7,203.0.113.5,ios,{MS}\n"
    document += f"{WREN},{TERN},1100@groups.kik.com,198.51.100.7,,ios,{MS}\n"
    found = [(e.event_type, e.values["account_login"], e.values["source_ip"]) for e in events(document)]
    assert found == [
        ("message", WREN, "198.51.100.7"),
        ("activity", TERN, "203.0.113.5"),
        ("message", WREN, "198.51.100.7"),
    ]


def test_a_bind_has_address_port_time_and_device_of_its_own_row() -> None:
    (event,) = events(f"user_jid,ip,port,ts,device\n{TERN},203.0.113.5,50123,{MS},iPhone\n")
    assert (event.event_type, event.values["source_ip"], event.values["source_port"]) == (
        "session",
        "203.0.113.5",
        50123,
    )
    assert (event.values["account_login"], event.values["timestamp"]) == (TERN, MS * 1000)


def test_a_port_that_is_none_stays_as_written() -> None:
    (event,) = events(f"user_jid,ip,port,ts,device\n{TERN},203.0.113.5,99999,{MS},iPhone\n")
    assert event.values.get("source_port") is None
    assert event.values["extra"] == {"port": "99999", "device": "iPhone"}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_cells_without_titles_speak_through_their_form_in_any_order(order: tuple[int, ...]) -> None:
    cells = [str(MS), TERN, "203.0.113.5"]
    (event,) = events("\t".join(cells[place] for place in order) + "\n")
    assert (event.values["account_login"], event.values["source_ip"], event.values["timestamp"]) == (
        TERN,
        "203.0.113.5",
        MS * 1000,
    )


def test_of_two_people_without_titles_neither_is_given_the_address() -> None:
    (event,) = events(f"{MS}\t{TERN}\t{WREN}\t203.0.113.5\n")
    assert (event.values["account_login"], event.values["source_ip"]) == (None, None)
    assert event.values["parse_flags"] == ["direction_unknown"]
    assert event.values["extra"] == {"cell_1": str(MS), "cell_2": TERN, "cell_3": WREN, "cell_4": "203.0.113.5"}


def test_of_two_addresses_without_titles_none_is_the_peer() -> None:
    (event,) = events(f"{MS}\t{TERN}\t203.0.113.5\t203.0.113.6\n")
    assert event.values["source_ip"] is None
    assert event.values["parse_flags"] == ["peer_ambiguous"]


def test_two_times_that_disagree_give_no_time() -> None:
    (event,) = events(f"{MS}\t{TERN}\t2026/01/02 10:00:00 UTC\n")
    assert event.values.get("timestamp") is None


def test_a_line_without_titles_that_is_no_row_is_rejected_and_the_next_is_read() -> None:
    document = f"hello\n{MS}\t{TERN}\t203.0.113.5\n"
    assert len(events(document)) == 1
    assert [reject.kind for reject in rejects(document)] == ["unknown_structure"]


def test_both_generations_are_recognised_and_a_foreign_table_is_not() -> None:
    assert score(table(TEXT)) == 95
    assert score(f"{MS}\t{TERN}\t203.0.113.5\n") == 90
    assert score("user,ip,ts\na,203.0.113.5,1\n") == 0
