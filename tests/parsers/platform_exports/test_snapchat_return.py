from __future__ import annotations

import pytest

from parsers.contract import Event, Item, Reject, Sample, Source
from parsers.kit.time import parse_iso
from parsers.platform_exports._json_rows import MEANINGS
from parsers.platform_exports._snapchat_tables import TABLES, place_of
from parsers.platform_exports._snapchat_times import pacific_time, snap_time
from parsers.platform_exports._titled_rows import OWN_MEANINGS
from parsers.registry import find_format

SNAP = find_format("platform/snapchat_return")
ACCOUNT = "3f2a0c1e-0000-4000-8000-000000000001"
START = f'Target username "tern_h" and email "tern@example.org" is associated with User ID "{ACCOUNT}"\n\n'
MESSAGE = {
    "content_type": "CHAT",
    "message_type": "TEXT",
    "conversation_id": "c1",
    "message_id": "m1",
    "sender_username": "tern_h",
    "sender_user_id": ACCOUNT,
    "recipient_username": "wren",
    "text": "hi",
    "media_id": "tok",
    "upload_ip": "203.0.113.5",
    "source_port_number": "50123",
    "timestamp": "2026-04-11 04:02:00 UTC",
}
WANT = ("tern_h", ["wren"], "203.0.113.5", 50123, "2026-04-11 04:02:00 UTC", "hi")


def read(text: str) -> list[Item]:
    return list(SNAP.parse(Source(memoryview(text.encode()))))


def events(text: str) -> list[Event]:
    found = [item for item in read(text) if isinstance(item, Event)]
    return [event for event in found if event.values.get("event_action") != "target"]


def rejects(text: str) -> list[Reject]:
    return [item for item in read(text) if isinstance(item, Reject)]


def section(columns: dict[str, str], legend: str = "Messages\n") -> str:
    return "-" * 20 + "\n" + legend + "=" * 20 + "\n" + table(columns)


def table(columns: dict[str, str]) -> str:
    return ",".join(columns) + "\n" + ",".join(columns.values()) + "\n"


def facts(event: Event) -> tuple[object, ...]:
    names = ("sender", "recipients", "source_ip", "source_port", "timestamp_raw")
    return (*(event.values.get(name) for name in names), event.text)


def micros(iso: str) -> int | None:
    return parse_iso(iso).timestamp


def test_every_declared_title_has_a_meaning_and_every_required_one_is_declared() -> None:
    assert {meaning for one in TABLES for meaning in one.fields.values()} <= MEANINGS | OWN_MEANINGS
    assert all(one.required <= one.fields.keys() for one in TABLES)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("Wed Aug 19 12:00:00 UTC 2021", "2021-08-19T12:00:00Z"),
        ("2026-04-11 04:02:00 UTC", "2026-04-11T04:02:00Z"),
        ("Apr 06 2026 03:48:31 UTC", "2026-04-06T03:48:31Z"),
        ("2024/04/20 01:29:22 UTC", "2024-04-20T01:29:22Z"),
        ("Mon Jan 05 7:00:00 PST 2026", "2026-01-05T15:00:00Z"),
    ],
)
def test_a_time_in_each_of_the_ways_snap_writes_them_is_read(written: str, instant: str) -> None:
    moment = snap_time(written, None)
    assert moment is not None
    assert (moment.timestamp, moment.raw, moment.basis) == (micros(instant), written, "in_value")


@pytest.mark.parametrize(
    "written", ["Aug 19 12:00:00 UTC", "2021 Aug 19 2021 12:00:00", "Foo 06 2026 03:48:31 UTC", "yesterday", ""]
)
def test_a_time_written_in_another_way_is_no_time(written: str) -> None:
    assert snap_time(written, None) is None


@pytest.mark.parametrize(
    ("written", "instant", "basis"),
    [
        ("2026-07-01 12:00:00", "2026-07-01T19:00:00Z", "format_rule"),
        ("2026-01-01 12:00:00", "2026-01-01T20:00:00Z", "format_rule"),
        ("2026-01-01 12:00:00 PDT", "2026-01-01T19:00:00Z", "in_value"),
        ("2026-01-01 12:00:00 UTC", "2026-01-01T12:00:00Z", "in_value"),
    ],
)
def test_last_active_is_pacific_time_unless_it_names_its_zone(written: str, instant: str, basis: str) -> None:
    moment = pacific_time(written, None)
    assert moment is not None
    assert (moment.timestamp, moment.basis) == (micros(instant), basis)


def test_last_active_in_the_hour_that_occurs_twice_is_bounded_by_both_readings() -> None:
    moment = pacific_time("2025-11-02 01:30:00", None)
    assert moment is not None
    assert moment.flags == ("dst_fold",)
    assert (moment.earliest, moment.latest) == (micros("2025-11-02T08:30:00Z"), micros("2025-11-02T09:30:00.999999Z"))


def test_the_address_of_the_registration_is_not_given_to_the_last_activity() -> None:
    row = {
        "user_id": ACCOUNT,
        "username": "tern_h",
        "email_address": "tern@example.org",
        "created": "Wed Aug 19 12:00:00 UTC 2021",
        "creation_ip": "203.0.113.5",
        "last_active": "2026-04-10 21:02:00",
    }
    found = [(e.event_type, e.values.get("source_ip"), e.values.get("timestamp")) for e in events(section(row))]
    assert found == [
        ("account_profile", None, None),
        ("account_created", "203.0.113.5", micros("2021-08-19T12:00:00Z")),
        ("activity", None, micros("2026-04-11T04:02:00Z")),
    ]


def test_no_responsive_data_is_an_assertion_with_its_scope_and_period() -> None:
    section_ = "---------\nIP addresses\n=========\nNO RESPONSIVE DATA FOUND\n"
    document = START + "Date range searched: 2021 to 2026\n" + section_
    (event,) = events(document)
    assert event.event_type == "provider_negative"
    assert event.values["account_id"] == ACCOUNT
    assert event.values["extra"] == {
        "scope": "IP addresses",
        "period": "2021 to 2026",
        "statement": "NO RESPONSIVE DATA FOUND",
    }


@pytest.mark.parametrize("words", ["no responsive data found", "No data found.", "NO RESPONSIVE RECORDS"])
def test_the_words_of_a_negative_answer_may_vary(words: str) -> None:
    assert [event.event_type for event in events(START + words + "\n")] == ["provider_negative"]


def test_the_next_section_does_not_inherit_the_titles_of_the_one_before() -> None:
    document = START + section(MESSAGE) + "-" * 20 + "\nOther\n" + "=" * 20 + "\n" + ",".join(MESSAGE.values()) + "\n"
    assert [facts(event) for event in events(document)] == [WANT]
    assert [reject.reason for reject in rejects(document)] == ["no row above this one names the columns"]


@pytest.mark.parametrize("shift", range(1, 12))
def test_columns_in_any_order_give_the_same_message(shift: int) -> None:
    names = list(MESSAGE)
    (event,) = events(section({name: MESSAGE[name] for name in names[shift:] + names[:shift]}))
    assert facts(event) == WANT


@pytest.mark.parametrize("added", ["is_encrypted", "is_topic_chat"])
def test_the_columns_snap_added_do_not_move_the_others(added: str) -> None:
    document = section({added: "true", **MESSAGE})
    (event,) = events(document)
    assert facts(event) == WANT
    assert rejects(document) == []


def test_a_column_nobody_declared_is_rejected_by_title_and_its_cells_are_kept() -> None:
    document = section({"mood": "secret", **MESSAGE})
    (event,), (reject,) = events(document), rejects(document)
    assert facts(event) == WANT
    assert isinstance(event.values["extra"], dict)
    assert event.values["extra"]["mood"] == "secret"
    assert "secret" not in reject.reason
    assert "'mood'" in reject.reason


@pytest.mark.parametrize(
    ("name", "place"), [("recipient_username", 1), ("upload_ip", 2), ("source_port_number", 3), ("text", 5)]
)
def test_a_removed_or_renamed_column_empties_its_own_value_only(name: str, place: int) -> None:
    (removed,) = events(section({k: v for k, v in MESSAGE.items() if k != name}))
    (renamed,) = events(section({(f"new_{k}" if k == name else k): v for k, v in MESSAGE.items()}))
    assert facts(removed) == facts(renamed) == (*WANT[:place], None, *WANT[place + 1 :])


def test_a_message_without_a_sender_is_not_given_to_the_account_of_the_return() -> None:
    (event,) = events(START + section(MESSAGE | {"sender_username": "", "sender_user_id": ""}))
    assert (event.values.get("sender"), event.values.get("account_login")) == (None, None)
    assert event.values["parse_flags"] == ["direction_unknown"]


def test_nothing_of_a_message_leaks_into_the_next_one() -> None:
    sparse = {**dict.fromkeys(MESSAGE, ""), "conversation_id": "c1", "message_id": "m2"}
    document = section(MESSAGE) + ",".join(sparse.values()) + "\n"
    _, second = events(document)
    assert facts(second) == (None, None, None, None, None, None)
    assert second.values["extra"] == {}


def test_a_text_with_line_ends_and_rules_inside_is_one_message() -> None:
    text = '"one\n-----\n=====\nNO RESPONSIVE DATA FOUND\n""two"""'
    (event,) = events(section(MESSAGE | {"text": text}))
    assert event.text == 'one\n-----\n=====\nNO RESPONSIVE DATA FOUND\n"two"'


def test_a_comma_that_is_not_quoted_rejects_its_row_and_no_other() -> None:
    row = ",".join(MESSAGE.values())
    document = section(MESSAGE) + row + ",more\n" + row + "\n"
    assert [facts(event) for event in events(document)] == [WANT, WANT]
    assert [reject.reason for reject in rejects(document)] == ["the row has 13 cells where its header has 12"]


def test_a_failed_login_is_a_failure_and_an_unclear_word_is_unknown() -> None:
    rows = "ip,timestamp,login_status\n" + "".join(
        f"203.0.113.5,2026-04-11 04:02:00 UTC,{word}\n" for word in ("SUCCESS", "FAILED", "maybe")
    )
    found = events(START + "-----\nLogins\n=====\n" + rows)
    assert [event.values["event_outcome"] for event in found] == ["success", "failure", "unknown"]
    assert {event.values["account_login"] for event in found} == {"tern_h"}


def test_an_unknown_table_is_rejected_by_its_titles() -> None:
    document = START + "-----\nNew\n=====\nshoe_size,hat\n44,yes\n"
    assert not events(document)
    assert [reject.reason for reject in rejects(document)] == [
        "no table of this format has the columns 'shoe_size', 'hat'",
        "no row above this one names the columns",
    ]


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("34.47 \u00b1 39.66 meters", (34.47, 39.66)),
        ("-118.2\u00b112 m", (-118.2, 12.0)),
        ("-0.5", (-0.5, None)),
        ("34.47 +- 3", None),
        ("north", None),
    ],
)
def test_a_coordinate_carries_its_accuracy(written: str, place: tuple[float, float | None] | None) -> None:
    assert place_of(written) == place


def test_a_return_saved_with_semicolons_reads_the_same() -> None:
    (event,) = events(section(MESSAGE).replace(",", ";"))
    assert facts(event) == WANT


def test_the_banner_alone_makes_a_file_known_and_names_the_account() -> None:
    assert SNAP.recognise(Sample(START.encode(), b"", b"", len(START))) == 97
    (target,) = [item for item in read(START) if isinstance(item, Event)]
    assert (target.event_type, target.values["account_id"]) == ("account_profile", ACCOUNT)


def test_titles_that_any_log_could_have_do_not_make_a_file_known() -> None:
    text = b"ip,timestamp,user_agent\n203.0.113.5,2026-04-11 04:02:00 UTC,x\n"
    assert SNAP.recognise(Sample(text, b"", b"", len(text))) < 60


def test_sections_above_known_titles_make_a_file_known_when_the_banner_has_changed() -> None:
    text = ("Return for account tern_h\n" + section(MESSAGE)).encode()
    assert SNAP.recognise(Sample(text, b"", b"", len(text))) == 85
    assert [facts(event) for event in events(text.decode())] == [WANT]
    assert [reject.kind for reject in rejects(text.decode())] == ["unknown_structure"]


def test_a_banner_with_further_words_still_names_the_account() -> None:
    text = START.strip() + ", created 2021\n"
    (target,) = [item for item in read(text) if isinstance(item, Event)]
    assert (target.values["account_login"], target.values["account_id"]) == ("tern_h", ACCOUNT)


@pytest.mark.parametrize("text", ["-----", "=====", "NO RESPONSIVE DATA FOUND"])
def test_a_message_that_looks_like_a_mark_ends_no_section(text: str) -> None:
    bare = {**dict.fromkeys(MESSAGE, ""), "text": text}
    document = section(MESSAGE) + ",".join(bare.values()) + "\n" + ",".join(MESSAGE.values()) + "\n"
    assert [event.text for event in events(document)] == ["hi", text, "hi"]
    assert rejects(document) == []


def test_marks_padded_with_empty_cells_are_marks() -> None:
    padded = "-----,,\nLogins,,\n=====,,\nip,timestamp,login_status\n203.0.113.5,2026-04-11 04:02:00 UTC,SUCCESS\n"
    assert [event.event_type for event in events(START + padded)] == ["authentication"]
    assert rejects(START + padded) == []


def test_several_recipients_of_an_upload_are_not_read_as_one_account() -> None:
    rows = 'media_id,recipient,ip,timestamp\ntok,"wren,gull",203.0.113.5,2026-04-11 04:02:00 UTC\n'
    (event,) = events(START + "-----\nUploads\n=====\n" + rows)
    assert event.values["target_account_login"] is None
    assert event.values["extra"] == {"media_id": "tok", "recipient": "wren,gull"}


@pytest.mark.parametrize(
    ("word", "kind", "sides"),
    [
        ("Outgoing", "follow_request", ("tern_h", "wren")),
        ("Incoming", "follow_request", ("wren", None)),
        ("Blocked", "block", ("tern_h", "wren")),
        ("Friend", "relationship", ("tern_h", "wren")),
    ],
)
def test_a_relation_belongs_to_the_side_that_made_it(word: str, kind: str, sides: tuple[str, str | None]) -> None:
    (event,) = events(START + section({"friend_username": "wren", "link_type": word}))
    assert (event.event_type, event.values["account_login"], event.values["target_account_login"]) == (kind, *sides)
