from __future__ import annotations

from typing import Literal

import pytest

from parsers.contract import Event, Item, Reject, Sample, Settings, Source
from parsers.platform_exports._json_rows import MEANINGS
from parsers.platform_exports._titled_rows import OWN_MEANINGS
from parsers.platform_exports._written_times import date_order, written_time
from parsers.platform_exports.linkedin_export import TABLES
from parsers.registry import find_format

LINKEDIN = find_format("platform/linkedin_export")
TERN, WREN = "https://www.linkedin.com/in/tern-harbour", "https://www.linkedin.com/in/wren-9"
COLUMNS = {
    "CONVERSATION ID": "2-abc",
    "FROM": "Tern Harbour",
    "SENDER PROFILE URL": TERN,
    "TO": "Wren",
    "RECIPIENT PROFILE URLS": WREN,
    "DATE": "2026-01-01 10:00:00 UTC",
    "CONTENT": "hi",
}
INVITED = "From,To,Sent At,Message,Direction\n"


def read(data: str, settings: Settings = Settings()) -> list[Item]:
    return list(LINKEDIN.parse(Source(memoryview(data.encode()), settings=settings)))


def events(data: str, settings: Settings = Settings()) -> list[Event]:
    return [item for item in read(data, settings) if isinstance(item, Event)]


def table(columns: dict[str, str]) -> str:
    return ",".join(columns) + "\n" + ",".join(columns.values()) + "\n"


def facts(event: Event) -> tuple[object, ...]:
    return (*(event.values.get(name) for name in ("sender", "recipients", "timestamp_raw")), event.text)


WANT = ("tern-harbour", ["wren-9"], "2026-01-01 10:00:00 UTC", "hi")


def test_every_declared_title_has_a_meaning() -> None:
    assert {meaning for one in TABLES for meaning in one.fields.values()} <= MEANINGS | OWN_MEANINGS


@pytest.mark.parametrize("shift", range(1, 7))
def test_columns_in_any_order_give_the_same_message(shift: int) -> None:
    names = list(COLUMNS)
    (event,) = events(table({name: COLUMNS[name] for name in names[shift:] + names[:shift]}))
    assert facts(event) == WANT


@pytest.mark.parametrize("at", range(8))
def test_an_added_column_moves_no_value_and_is_rejected_by_name(at: int) -> None:
    pairs = list(COLUMNS.items())
    items = read(table(dict([*pairs[:at], ("IS STARRED", "no"), *pairs[at:]])))
    (event,) = (item for item in items if isinstance(item, Event))
    (reject,) = (item for item in items if isinstance(item, Reject))
    assert facts(event) == WANT
    assert "IS STARRED" in reject.reason
    assert "no;" not in reject.reason


@pytest.mark.parametrize("name", ["CONVERSATION ID", "FROM", "TO", "DATE", "CONTENT"])
def test_a_renamed_needed_column_gives_no_message_at_all(name: str) -> None:
    renamed = {("BETREFF" if key == name else key): cell for key, cell in COLUMNS.items()}
    assert events(table(renamed)) == []
    assert all(isinstance(item, Reject) for item in read(table(renamed)))


def test_two_members_of_one_name_stay_apart_by_their_profiles() -> None:
    other = {**COLUMNS, "SENDER PROFILE URL": WREN}
    rows = table(COLUMNS) + table(other).split("\n", 1)[1]
    assert [event.values["sender"] for event in events(rows)] == ["tern-harbour", "wren-9"]


def test_a_member_without_a_profile_gets_no_login() -> None:
    (event,) = events(table({**COLUMNS, "SENDER PROFILE URL": ""}))
    assert event.values["account_login"] is None
    assert event.values["sender"] == "Tern Harbour"


def test_one_day_above_twelve_settles_the_order_of_the_whole_file() -> None:
    rows = INVITED + 'A,B,"1/5/26, 3:04 PM",,INCOMING\nA,B,"1/25/26, 3:04 PM",,INCOMING\n'
    first, second = events(rows)
    assert (first.values["timestamp"], second.values["timestamp"]) == (1767625440_000000, 1769353440_000000)


def test_a_date_written_in_a_message_settles_nothing() -> None:
    (event,) = events(INVITED + 'A,B,"1/5/26, 3:04 PM","1/25/26, 3:04 PM",INCOMING\n')
    assert event.values["timestamp"] is None
    assert event.values["parse_flags"] == ["date_order_ambiguous"]


@pytest.mark.parametrize(("order", "want"), [("mdy", 1767625440), ("dmy", 1777647840)])
def test_the_case_settles_an_order_the_file_leaves_open(order: Literal["mdy", "dmy"], want: int) -> None:
    rows = INVITED + 'A,B,"1/5/26, 3:04 PM",,INCOMING\n'
    (event,) = events(rows, Settings(date_order=order, timezone="UTC"))
    assert event.values["timestamp"] == want * 1_000_000


def test_a_time_without_zone_is_widened_by_fourteen_hours() -> None:
    (event,) = events(INVITED + 'A,B,"1/25/26, 3:04 PM",,INCOMING\n')
    assert event.values["tz_basis"] == "assumed"
    assert event.values["timestamp_earliest"] == (1769353440 - 50400) * 1_000_000
    assert event.values["timestamp_latest"] == (1769353440 + 50400 + 60) * 1_000_000 - 1


def test_both_orders_in_one_file_leave_the_open_dates_open() -> None:
    assert date_order(["1/25/26, 3:04 PM", "25/1/26, 3:04 PM"], None) is None
    impossible = written_time("1/25/26, 3:04 PM", "UTC")
    assert impossible is not None
    assert impossible.timestamp == 1769353440_000000


@pytest.mark.parametrize(
    "raw", ["32 Jan 2026", "05 Foo 2026", "1/5/126", "13:04 PM", "1/25/26, 13:04 PM", "1/25/26, 23:61", "", "x" * 99]
)
def test_what_is_no_time_is_none(raw: str) -> None:
    assert written_time(raw, None) is None


def test_the_notes_above_the_connections_are_passed_over_and_nothing_else_is() -> None:
    head = 'Notes:\n"one, two"\n\n'
    rows = "First Name,Last Name,URL,Email Address,Connected On\nWren,Nine,,,05 Jan 2026\n"
    assert [type(item).__name__ for item in read(head + rows)] == ["Skip", "Skip", "Skip", "Skip", "Event"]
    assert isinstance(read("Remark\n" + rows)[0], Reject)


def test_the_address_of_a_connection_is_not_the_accounts_own() -> None:
    rows = f"First Name,Last Name,URL,Email Address,Connected On\nWren,Nine,{WREN},wren@example.org,05 Jan 2026\n"
    (event,) = events(rows)
    assert event.values["identifiers"] is None
    assert event.values["target_account_login"] == "wren-9"


def test_a_common_address_list_is_not_claimed() -> None:
    data = b"Name,Email Address,Phone\nWren,wren@example.org,1\n"
    assert LINKEDIN.recognise(Sample(data, b"", b"", len(data))) == 0
