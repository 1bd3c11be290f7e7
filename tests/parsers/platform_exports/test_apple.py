from __future__ import annotations

import io

import openpyxl
import pytest

from parsers.contract import Event, Item, Reject, Settings, Source
from parsers.platform_exports import apple_privacy
from parsers.platform_exports._json_rows import MEANINGS
from parsers.platform_exports._titled_rows import OWN_MEANINGS
from parsers.platform_exports.apple_return import BOOK
from parsers.registry import find_format, recognise, sample_of

RETURN, PRIVACY = find_format("platform/apple_return"), find_format("platform/apple_privacy")
LOG = {
    "Date": "2026-01-01 10:00:00 UTC",
    "Apple ID": "tern@example.org",
    "IP Address": "203.0.113.5",
    "Service": "iCloud Mail",
}
WANT = ("tern@example.org", "203.0.113.5", 1767261600_000000)


def book(*rows: list[str], title: str = "Sheet") -> bytes:
    written, out = openpyxl.Workbook(), io.BytesIO()
    sheet = written.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    written.save(out)
    return out.getvalue()


def read(data: bytes, settings: Settings = Settings()) -> list[Item]:
    return list(RETURN.parse(Source(memoryview(data), settings=settings)))


def events(data: bytes, settings: Settings = Settings()) -> list[Event]:
    found = [item for item in read(data, settings) if isinstance(item, Event)]
    return [event for event in found if event.values.get("event_action") != "sheet_remarks"]


def facts(event: Event) -> tuple[object, ...]:
    return tuple(event.values.get(name) for name in ("account_login", "source_ip", "timestamp"))


def test_every_declared_title_has_a_meaning() -> None:
    tables = (*BOOK.tables, *apple_privacy.TABLES)
    assert {meaning for one in tables for meaning in one.fields.values()} <= MEANINGS | OWN_MEANINGS
    assert all(spelling <= one.fields.keys() for one in tables for spelling in one.any_of)


@pytest.mark.parametrize("above", [0, 1, 6, 8, 25])
def test_the_titles_are_found_at_any_height(above: int) -> None:
    cover = [[f"line {number} of the cover"] for number in range(above)]
    (event,) = events(book(*cover, list(LOG), list(LOG.values())))
    assert facts(event) == WANT


@pytest.mark.parametrize("shift", range(1, 4))
def test_columns_in_any_order_give_the_same_access(shift: int) -> None:
    names = list(LOG)
    moved = names[shift:] + names[:shift]
    (event,) = events(book(moved, [LOG[name] for name in moved]))
    assert facts(event) == WANT


@pytest.mark.parametrize("at", range(5))
def test_an_added_column_moves_no_value_and_is_rejected_by_name(at: int) -> None:
    pairs = list(LOG.items())
    pairs.insert(at, ("Moon", "full"))
    items = read(book([name for name, _ in pairs], [cell for _, cell in pairs]))
    (event,) = (item for item in items if isinstance(item, Event))
    (reject,) = (item for item in items if isinstance(item, Reject))
    assert facts(event) == WANT
    assert "'Moon'" in reject.reason
    assert "full" not in reject.reason
    assert event.values["extra"] == {"Service": "iCloud Mail", "Moon": "full"}


@pytest.mark.parametrize("name", ["Date", "IP Address", "Service"])
def test_a_renamed_needed_column_leaves_the_sheet_rejected(name: str) -> None:
    titles = ["Spalte" if title == name else title for title in LOG]
    items = read(book(titles, list(LOG.values())))
    assert not [item for item in items if isinstance(item, Event)]
    assert [item.kind for item in items if isinstance(item, Reject)] == ["unknown_structure"]


def test_an_address_never_meets_the_time_of_another_row() -> None:
    who = LOG["Apple ID"]
    rows = [list(LOG.values()), ["", who, "203.0.113.6", "x"], [LOG["Date"], who, "", "x"]]
    first, second, third = events(book(list(LOG), *rows))
    assert facts(first) == WANT
    assert facts(second) == ("tern@example.org", "203.0.113.6", None)
    assert facts(third) == ("tern@example.org", None, WANT[2])


def test_two_tables_in_one_sheet_keep_their_own_titles() -> None:
    other = ["Date", "Source Handle", "Target Handle"]
    rows = [list(LOG), list(LOG.values()), other, [LOG["Date"], "tern@example.org", "wren@example.org"]]
    first, second = events(book(*rows))
    assert facts(first) == WANT
    assert second.values["event_action"] == "handle_lookup"
    assert second.values["target_account_login"] == "wren@example.org"
    assert second.values.get("source_ip") is None


def test_a_section_nobody_knows_does_not_slide_into_the_table_above() -> None:
    rows = [list(LOG), list(LOG.values()), ["Weather"], ["Seen", "Sky", "Wind", "Place"], ["now", "grey", "9", "pier"]]
    items = read(book(*rows))
    (event,) = (one for one in items if isinstance(one, Event) and one.event_type == "activity")
    assert facts(event) == WANT
    (reject,) = (one for one in items if isinstance(one, Reject))
    assert "row 4: belongs to no table" in reject.reason
    assert "row 5: belongs to no table" in reject.reason


def test_records_go_on_below_a_line_of_text() -> None:
    first, second = events(book(list(LOG), list(LOG.values()), ["continued"], list(LOG.values())))
    assert facts(first) == facts(second) == WANT


def test_a_time_without_zone_is_utc_only_where_the_sheet_says_so() -> None:
    row = ["2026-01-01 10:00:00", *list(LOG.values())[1:]]
    (open_,) = events(book(list(LOG), row))
    (said,) = events(book(["All dates and times are in UTC"], list(LOG), row))
    (stated,) = events(book(list(LOG), row), Settings(timezone="America/New_York"))
    assert [one.values["tz_basis"] for one in (open_, said, stated)] == ["assumed", "format_rule", "case_setting"]
    assert stated.values["timestamp"] == 1767279600_000000


def test_the_account_of_the_cover_is_that_of_rows_without_one() -> None:
    titles = ["Date", "IP Address", "Service"]
    row = [LOG["Date"], "203.0.113.5", "iCloud"]
    for cover in (["Apple ID: tern@example.org"], ["Apple ID", "tern@example.org"]):
        (event,) = events(book(cover, titles, row))
        assert facts(event) == WANT


def test_a_line_that_says_nothing_is_held_is_the_providers_negative() -> None:
    (event,) = events(book(["Apple ID: tern@example.org"], ["No data found for this account"], title="Backups"))
    assert event.event_type == "provider_negative"
    assert event.values["extra"] == {"scope": "Backups", "statement": "No data found for this account"}


def test_a_formula_in_a_message_is_kept_as_its_text() -> None:
    (event,) = events(book(["Date", "Sender", "Text"], [LOG["Date"], "wren@example.org", "=HYPERLINK(1)"]))
    assert event.text == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    "rows",
    [
        (["Date", "IP Address", "Action"], ["2026-01-01 10:00:00 UTC", "203.0.113.5", "login"]),
        (["Name", "Apple ID"], ["Wren", "wren@example.org"]),
        (["Date", "Sender", "Text"], ["2026-01-01 10:00:00 UTC", "apple", "hello"]),
    ],
)
def test_a_table_that_could_be_anyones_is_not_claimed(rows: tuple[list[str], ...]) -> None:
    assert recognise(sample_of(memoryview(book(*rows)))).format_id is None


def test_a_large_workbook_is_recognised_by_its_first_rows() -> None:
    many = [[LOG["Date"], "tern@example.org", f"2001:db8::{n:x}", f"service {n * 7919}"] for n in range(9000)]
    data = book(["Apple Inc."], list(LOG), *many)
    assert len(data) > 200_000
    assert recognise(sample_of(memoryview(data))).format_id == "platform/apple_return"


def test_a_device_is_named_by_its_serial_or_else_its_imei() -> None:
    rows = "Device Name,IMEI,Serial,Last Heartbeat IP\na,350000000000006,F2LX0001,203.0.113.6\nb,350000000000006,,\n"
    first, second = (item for item in PRIVACY.parse(Source(memoryview(rows.encode()))) if isinstance(item, Event))
    assert (first.values["device_id"], first.values["device_id_type"]) == ("F2LX0001", "serial")
    assert (second.values["device_id"], second.values["device_id_type"]) == ("350000000000006", "imei")
    assert [first.event_type, second.event_type] == ["session", "account_profile"]
