from __future__ import annotations

import pytest

from parsers.contract import Event, Item, Reject, Sample, Skip, Source
from parsers.platform_exports._json_rows import MEANINGS
from parsers.platform_exports._titled_rows import OWN_MEANINGS
from parsers.platform_exports.reddit_export import TABLES
from parsers.registry import find_format

REDDIT = find_format("platform/reddit_export")
COLUMNS = {
    "id": "a1",
    "permalink": "https://example.org/a1",
    "thread_id": "t1",
    "date": "2026-01-01 10:00:00 UTC",
    "ip": "203.0.113.5",
    "from": "tern_h",
    "to": "wren",
    "subject": "hello",
    "body": "hi",
}


def read(data: str | bytes) -> list[Item]:
    raw = data.encode() if isinstance(data, str) else data
    return list(REDDIT.parse(Source(memoryview(raw))))


def events(data: str | bytes) -> list[Event]:
    return [item for item in read(data) if isinstance(item, Event)]


def rejects(data: str | bytes) -> list[Reject]:
    return [item for item in read(data) if isinstance(item, Reject)]


def table(columns: dict[str, str]) -> str:
    return ",".join(columns) + "\n" + ",".join(columns.values()) + "\n"


def facts(event: Event) -> tuple[object, ...]:
    return (*(event.values.get(name) for name in ("sender", "source_ip", "timestamp_raw")), event.text)


WANT = ("tern_h", "203.0.113.5", "2026-01-01 10:00:00 UTC", "hi")


def test_every_declared_title_has_a_meaning() -> None:
    assert {meaning for one in TABLES for meaning in one.fields.values()} <= MEANINGS | OWN_MEANINGS


def test_every_required_title_is_declared() -> None:
    assert all(one.required <= one.fields.keys() for one in TABLES)


def test_an_accented_letter_and_an_emoji_of_a_message_stay_as_typed() -> None:
    (event,) = events(table(COLUMNS | {"body": "caf\u00e9 \U0001f600"}))
    assert event.text == "caf\u00e9 \U0001f600"
    assert event.values["parse_flags"] is None


def test_a_windows_path_in_a_message_does_not_lose_the_file() -> None:
    document = table(COLUMNS | {"body": "C:\\Users\\x"}) + ",".join(COLUMNS.values()) + "\n"
    assert [event.text for event in events(document)] == ["C:\\Users\\x", "hi"]


def test_bytes_that_are_not_utf8_are_shown_and_flagged() -> None:
    (event,) = events(table(COLUMNS | {"body": "@"}).encode().replace(b"@", b"caf\xe9"))
    assert event.text == "caf\\xe9"
    assert event.values["parse_flags"] == ["lossy_text"]


@pytest.mark.parametrize("shift", range(1, 9))
def test_columns_in_any_order_give_the_same_message(shift: int) -> None:
    names = list(COLUMNS)
    (event,) = events(table({name: COLUMNS[name] for name in names[shift:] + names[:shift]}))
    assert facts(event) == WANT


@pytest.mark.parametrize(("name", "place"), [("ip", 1), ("body", 3)])
def test_a_removed_column_empties_its_own_value_only(name: str, place: int) -> None:
    (event,) = events(table({k: v for k, v in COLUMNS.items() if k != name}))
    assert facts(event) == (*WANT[:place], None, *WANT[place + 1 :])


@pytest.mark.parametrize("name", ["id", "thread_id", "date", "from", "to"])
def test_a_table_without_a_title_that_makes_it_known_is_rejected_row_by_row(name: str) -> None:
    document = table({k: v for k, v in COLUMNS.items() if k != name})
    assert not events(document)
    assert {reject.kind for reject in rejects(document)} == {"unknown_structure"}


def test_an_added_column_is_rejected_by_title_and_its_cells_are_kept() -> None:
    document = table({"mood": "secret", **COLUMNS})
    (event,), (reject,) = events(document), rejects(document)
    assert facts(event) == WANT
    assert isinstance(event.values["extra"], dict)
    assert event.values["extra"]["mood"] == "secret"
    assert reject.reason == "no rule of this format reads the columns 'mood'; their cells are kept as written"


def test_a_renamed_column_is_never_read_as_another() -> None:
    document = table({("address" if k == "ip" else k): v for k, v in COLUMNS.items()})
    (event,) = events(document)
    assert facts(event) == (WANT[0], None, *WANT[2:])
    assert [reject.kind for reject in rejects(document)] == ["unknown_structure"]


def test_a_comma_that_is_not_quoted_rejects_its_row_and_no_other() -> None:
    row = ",".join(COLUMNS.values())
    document = table(COLUMNS) + row + ", and more\n" + row + "\n"
    assert [facts(event) for event in events(document)] == [WANT, WANT]
    assert [reject.reason for reject in rejects(document)] == ["the row has 10 cells where its header has 9"]


def test_a_row_whose_time_and_address_both_stand_elsewhere_is_rejected() -> None:
    document = table(COLUMNS | {"date": "203.0.113.5", "ip": "2026-01-01 10:00:00 UTC"})
    assert not events(document)
    assert [reject.kind for reject in rejects(document)] == ["unknown_structure"]


def test_a_header_written_again_is_passed_over() -> None:
    items = read(table(COLUMNS) + table(COLUMNS))
    assert [type(item) for item in items] == [Skip, Event, Skip, Event]


def test_the_address_of_the_registration_has_no_time() -> None:
    first, second = events("date,ip\nregistration ip,203.0.113.5\n2026-01-01 10:00:00 UTC,203.0.113.6\n")
    assert (first.event_type, first.values.get("timestamp"), first.values["source_ip"]) == (
        "account_created",
        None,
        "203.0.113.5",
    )
    assert (second.event_type, second.values["source_ip"]) == ("activity", "203.0.113.6")


def test_dates_and_addresses_alone_are_a_weaker_sign() -> None:
    plain, sure = "date,ip\n2026-01-01 10:00:00 UTC,203.0.113.6\n", "date,ip\nregistration ip,203.0.113.6\n"
    scores = [REDDIT.recognise(Sample(text.encode(), b"", b"", len(text))) for text in (plain, sure)]
    assert scores == [75, 95]


def test_a_later_part_with_other_titles_is_read_by_its_own() -> None:
    comment = "id,permalink,date,ip,subreddit,gildings,link,parent,body,media\n"
    row = "c1,p,2026-01-01 10:00:00 UTC,203.0.113.5,harbour,0,l,,well,\n"
    assert [event.event_type for event in events(table(COLUMNS) + comment + row)] == ["message", "activity"]


@pytest.mark.parametrize(("written", "sender"), [("[deleted]", "[deleted]"), ("", None)])
def test_a_message_of_an_account_that_is_gone_is_no_ones(written: str, sender: str | None) -> None:
    (event,) = events(table({**COLUMNS, "from": written}))
    assert (event.values.get("sender"), event.values.get("account_login")) == (sender, None)
    assert event.values["parse_flags"] == ["direction_unknown"]
