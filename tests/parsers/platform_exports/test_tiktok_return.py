from __future__ import annotations

import io
import itertools

import openpyxl
import pytest

from parsers.contract import Event, Item, Reject, Settings, Source
from parsers.registry import find_format, recognise, sample_of
from tests.parsers.pdfs import pdf

RETURN = find_format("platform/tiktok_return")
TITLES = ["Time", "Active Start", "IP", "Country"]
ROW = ["2026-01-01 10:00:00", "2026-01-01 09:00:00", "203.0.113.5", "DE"]
WHO = ["Username: tern_h", "Registration Date: 01/02/2026 10:00:00AM (UTC +00)", "Registration IP: 203.0.113.5"]


def read(data: bytes, **settings: str) -> list[Item]:
    return list(RETURN.parse(Source(memoryview(data), settings=Settings(**settings))))  # type: ignore[arg-type]


def events(data: bytes, **settings: str) -> list[Event]:
    return [item for item in read(data, **settings) if isinstance(item, Event)]


def rejects(data: bytes) -> list[Reject]:
    return [item for item in read(data) if isinstance(item, Reject)]


def workbook(*rows: list[str]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


def record(second: int, address: str, event: str = "login") -> list[str]:
    return [f"Date: 01/02/2026 10:00:{second:02d}AM (UTC +00)", f"IP: {address}", f"Event: {event}", "Country: DE"]


def pairs(data: bytes, **settings: str) -> list[tuple[object, object]]:
    return [(event.values.get("timestamp_raw"), event.values.get("source_ip")) for event in events(data, **settings)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::3])
def test_columns_of_a_workbook_in_any_order_give_the_same_row(order: tuple[int, ...]) -> None:
    data = workbook([TITLES[i] for i in order], [ROW[i] for i in order])
    (event,) = events(data)
    assert (event.values["timestamp_raw"], event.values["source_ip"]) == (ROW[0], ROW[2])
    assert event.values["extra"] == {"Active Start": ROW[1], "Country": "DE"}
    assert recognise(sample_of(memoryview(data))).format_id == "platform/tiktok_return"


def test_an_added_column_is_named_and_a_renamed_one_is_never_read_as_another() -> None:
    (event,) = events(workbook([*TITLES, "Risk"], [*ROW, "3"]))
    assert event.values["extra"] == {"Active Start": ROW[1], "Country": "DE", "Risk": "3", "columns_unknown": ["Risk"]}
    (reject,) = rejects(workbook(["Time", "Active Start", "Origin", "Country"], ROW))
    assert reject.reason == "the sheet has no columns of times and addresses"


def test_a_workbook_without_the_start_of_activity_is_not_claimed() -> None:
    assert recognise(sample_of(memoryview(workbook(["Time", "IP", "Country"], ROW[1:])))).verdict != "recognised"


def test_an_address_stays_with_the_time_of_its_own_row() -> None:
    data = workbook(TITLES, ROW, ["2026-01-01 11:00:00", "", "", "DE"], ["", "", "203.0.113.7", ""])
    assert pairs(data) == [
        ("2026-01-01 10:00:00", "203.0.113.5"),
        ("2026-01-01 11:00:00", None),
        (None, "203.0.113.7"),
    ]


def test_times_of_a_workbook_are_utc_only_where_its_title_says_so() -> None:
    (event,) = events(workbook(["Time (UTC)", *TITLES[1:]], ROW))
    assert (event.values["timestamp"], event.values["tz_basis"]) == (1767261600_000_000, "format_rule")
    (event,) = events(workbook(TITLES, ROW))
    assert event.values["tz_basis"] == "assumed"
    (event,) = events(workbook(TITLES, ROW), timezone="Europe/Berlin")
    assert (event.values["timestamp"], event.values["tz_basis"]) == (1767258000_000_000, "case_setting")


def test_records_of_a_page_are_paired_label_by_label() -> None:
    found = events(pdf(["Events IP Data", *record(1, "203.0.113.1"), *record(2, "2001:db8::2", "logout")]))
    assert [(e.event_type, e.values["timestamp"], e.values["source_ip"]) for e in found] == [
        ("authentication", 1769940001_000_000, "203.0.113.1"),
        ("logout", 1769940002_000_000, "2001:db8::2"),
    ]


def test_a_record_on_one_line_is_read_like_one_on_four() -> None:
    data = pdf(["Events IP Data", " / ".join(record(1, "203.0.113.1"))])
    assert pairs(data) == [("01/02/2026 10:00:01AM (UTC +00)", "203.0.113.1")]


@pytest.mark.parametrize(
    "lines",
    [
        [*record(1, "203.0.113.1")[:1], *record(2, "203.0.113.2")],
        [*record(1, "203.0.113.1"), *record(2, "203.0.113.2")[1:]],
        [record(1, "203.0.113.1")[i] for i in (1, 0, 2, 3)],
        ["Date: 01/02/2026", "10:00:01AM (UTC +00)", *record(1, "203.0.113.1")[1:]],
        [record(1, "203.0.113.1")[0], "IP: 2001:db8::", "5", "Event: login", "Country: DE"],
        [
            f"{record(1, 'x')[0]}   {record(2, 'x')[0]}",
            "IP: 203.0.113.1   IP: 203.0.113.2",
            "Event: login",
            "Country: DE",
        ],
        [f"{record(1, 'x')[0]}   {record(2, 'x')[0]}", *record(1, "203.0.113.1")[1:]],
        [line + other for line, other in zip(record(1, "203.0.113.1"), record(2, "203.0.113.2"), strict=True)],
    ],
    ids=["no address", "no time", "other order", "cut time", "cut address", "columns", "columns, one empty", "glued"],
)
def test_a_page_with_one_uncertain_record_is_rejected_whole_and_other_pages_are_read(lines: list[str]) -> None:
    data = pdf(["Events IP Data", *record(8, "203.0.113.8")], [*record(7, "203.0.113.7"), *lines])
    assert [address for _, address in pairs(data)] == ["203.0.113.8"]
    (reject,) = rejects(data)
    assert reject.reason.startswith("page 2: a time and an address cannot be paired with certainty")


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_record_over_a_page_break_is_joined_and_flagged(cut: int) -> None:
    whole = record(1, "203.0.113.1")
    second = ["Events IP Data", *whole[cut:], *record(2, "203.0.113.2")]
    data = pdf(["Events IP Data", *whole[:cut], "Page 1 of 2"], second)
    found = events(data)
    assert [event.values["source_ip"] for event in found] == ["203.0.113.1", "203.0.113.2"]
    assert found[0].values["parse_flags"] == ["joined_at_page_break"]
    assert found[0].locator == "page 1 to 2 record 1"


def test_a_value_that_may_go_on_over_a_page_break_is_not_joined() -> None:
    first, second = [record(1, "x")[0], "IP: 2001:db8::"], ["5", "Event: login", "Country: DE"]
    data = pdf(["Events IP Data", *first], second)
    assert events(data) == []
    assert [reject.reason[:7] for reject in rejects(data)] == ["page 1:", "page 2:"]


def test_the_day_stands_first_unless_a_date_of_the_file_says_otherwise() -> None:
    later = [line.replace("01/02/2026", "01/25/2026") for line in record(2, "203.0.113.2")]
    first, _ = events(pdf(["Events IP Data", *record(1, "203.0.113.1"), *later]))
    assert first.values["timestamp"] == 1767348001_000_000  # 2 January
    day = [line.replace("01/02/2026", "25/01/2026") for line in record(3, "203.0.113.3")]
    both = events(pdf(["Events IP Data", *record(1, "203.0.113.1"), *later, *day]))
    assert {event.values["timestamp"] for event in both} == {None}
    assert both[0].values["parse_flags"] == ["date_order_ambiguous"]


def test_the_subscriber_is_named_and_the_registration_has_its_own_time_and_address() -> None:
    profile, created = events(pdf([*WHO, "Registration Method: email", "Email: tern@example.org"]))
    assert profile.values["identifiers"] == [
        {"type": "username", "value": "tern_h", "raw": "tern_h"},
        {"type": "email", "value": "tern@example.org", "raw": "tern@example.org"},
    ]
    assert (created.event_type, created.values["source_ip"]) == ("account_created", "203.0.113.5")
    assert created.values["timestamp"] == 1769940000_000_000


@pytest.mark.parametrize(
    "lines",
    [
        ["Username Registration Method Registration Date", "tern_h email 01/02/2026"],
        ["Username", "Registration IP", "tern_h", "203.0.113.5"],
        [*WHO, "Registration IP: 203.0.113.6"],
        [*WHO[:2], "Registration IP: 2001:db8::", "5"],
    ],
    ids=["titles in a row", "titles in a column", "twice", "cut address"],
)
def test_properties_whose_values_are_not_certain_are_rejected_with_their_page(lines: list[str]) -> None:
    data = pdf(lines)
    assert events(data) == []
    assert [reject.reason[:7] for reject in rejects(data)] == ["page 1:"]


def test_the_events_of_a_file_belong_to_its_subscriber() -> None:
    found = events(pdf(WHO, ["Events IP Data", *record(1, "203.0.113.1")]))
    assert {event.values["account_login"] for event in found} == {"tern_h"}


def test_a_page_of_pictures_and_a_page_in_plain_words_are_told_apart() -> None:
    data = pdf(["Events IP Data", *record(1, "203.0.113.1")], [], ["Dear officer"])
    assert [reject.reason for reject in rejects(data)] == ["page 2: it holds no text; pictures are not read"]


def test_other_pdf_files_are_not_claimed() -> None:
    for lines in (["Dear officer"], ["Date: 1", "IP: 2", "Event: 3"], ["Username: x", "Phone: 1"]):
        assert recognise(sample_of(memoryview(pdf(lines)))).format_id != "platform/tiktok_return"
