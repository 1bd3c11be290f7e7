"""Syslog files as a whole: years, zones, mixed headers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.contract import Settings
from parsers.registry import find_format, sample_of
from tests.conformance.fixtures import read_all

BSD = find_format("server_log/syslog_3164")
IETF = find_format("server_log/syslog_5424")
ISO = find_format("server_log/syslog_iso")
CASE = Settings(timezone="Europe/Berlin", acquired_at=datetime(2026, 6, 1, tzinfo=UTC))


def read(text: str, case: Settings = CASE) -> list[dict[str, Any]]:
    return read_all(BSD, text.encode(), case)[0]


def test_the_zone_of_the_case_makes_the_instant() -> None:
    (row,) = read("May  4 10:00:00 gate cron[1]: x\n")
    assert (row["timestamp"], row["tz_basis"]) == ("2026-05-04T08:00:00.000000Z", "case_setting")
    assert row["parse_flags"] == ["year_inferred"]


def test_without_a_zone_a_line_just_before_acquisition_keeps_its_year() -> None:
    case = Settings(acquired_at=datetime(2026, 5, 4, 9, 0, tzinfo=UTC))
    (row,) = read("May  4 10:59:59 gate cron[1]: x\n", case)
    assert (row["timestamp"], row["tz_basis"]) == ("2026-05-04T10:59:59.000000Z", "assumed")
    assert row["timestamp_earliest"] == "2026-05-03T20:59:59.000000Z"


def test_with_a_zone_no_line_is_younger_than_the_acquisition() -> None:
    case = Settings(timezone="Europe/Berlin", acquired_at=datetime(2026, 5, 4, 8, 0, tzinfo=UTC))
    assert read("May  4 10:00:00 gate cron[1]: x\n", case)[0]["timestamp"] == "2026-05-04T08:00:00.000000Z"
    assert read("May  4 10:00:01 gate cron[1]: x\n", case)[0]["timestamp"] == "2025-05-04T08:00:01.000000Z"


def test_without_acquisition_the_year_stays_open_and_the_stamp_is_kept() -> None:
    (row,) = read("May  4 10:00:00 gate cron[1]: x\n", Settings())
    assert "timestamp" not in row
    assert (row["timestamp_raw"], row["parse_flags"]) == ("May  4 10:00:00", ["year_ambiguous"])


def test_the_hour_that_occurs_twice_keeps_both_readings() -> None:
    (row,) = read("Oct 26 02:30:00 gate cron[1]: x\n")
    assert (row["timestamp_earliest"], row["timestamp_latest"]) == (
        "2025-10-26T00:30:00.000000Z",
        "2025-10-26T01:30:00.999999Z",
    )
    assert row["parse_flags"] == ["dst_fold", "year_inferred"]


def test_one_step_back_in_the_hour_that_occurs_twice_tells_its_two_passes_apart() -> None:
    clocks = ("01:59:00", "02:10:00", "02:50:00", "02:05:00", "02:20:00", "02:55:00", "03:01:00")
    rows = read("".join(f"Oct 26 {clock} gate cron[1]: x\n" for clock in clocks))
    assert [row["timestamp"][11:19] for row in rows] == [
        "23:59:00",
        "00:10:00",
        "00:50:00",
        "01:05:00",
        "01:20:00",
        "01:55:00",
        "02:01:00",
    ]
    assert {tuple(row["parse_flags"]) for row in rows} == {("year_inferred",)}
    assert (rows[4]["timestamp_earliest"], rows[4]["tz_basis"]) == ("2025-10-26T01:20:00.000000Z", "case_setting")


@pytest.mark.parametrize(
    "clocks",
    [
        ("02:10:00", "02:20:00", "02:50:00"),
        ("02:10:00", "02:50:00", "02:20:00", "02:55:00"),
        ("02:10:00", "02:10:59", "02:10:58", "02:10:58"),
        ("02:50:00", "02:10:00", "02:20:00", "02:05:00", "02:06:00"),
    ],
)
def test_no_step_back_a_late_line_a_small_or_a_second_step_leave_both_readings(clocks: tuple[str, ...]) -> None:
    rows = read("".join(f"Oct 26 {clock} gate cron[1]: x\n" for clock in clocks))
    assert {tuple(row["parse_flags"]) for row in rows} == {("dst_fold", "year_inferred")}


def test_a_stamp_that_carries_its_year_is_taken_at_its_word() -> None:
    first, second = read("Mar  1 2019 10:00:00 gw app: x\nMar  2 10:00:00 gw app: y\n", Settings(timezone="UTC"))
    assert (first["timestamp"], "parse_flags" in first) == ("2019-03-01T10:00:00.000000Z", False)
    assert second["timestamp"] == "2019-03-02T10:00:00.000000Z"


def test_a_date_that_no_year_has_keeps_its_line() -> None:
    (row,) = read("Feb 30 10:00:00 gate cron[1]: x\n")
    assert ("timestamp" in row, row["timestamp_raw"], row["text"]) == (False, "Feb 30 10:00:00", "x")


def test_refused_lines_do_not_move_the_years_of_others() -> None:
    long = "Jan  1 00:00:00 gate app: " + "x" * 70_000
    text = f"Dec 31 23:00:00 gate app: a\n\n{long}\nJan  1 00:00:00 \nnoise\nJan  1 01:00:00 gate app: b\n"
    assert [row["timestamp"][:4] for row in read(text, Settings(timezone="UTC", acquired_at=CASE.acquired_at))] == [
        "2025",
        "2026",
    ]


def test_a_stray_bsd_line_among_dated_ones_is_kept_with_its_year_open() -> None:
    rows = read_all(ISO, b"2026-03-01T10:00:00Z gate app: a\nMar  1 10:00:01 gate app: b\n", CASE)[0]
    assert [row["timestamp_raw"] for row in rows] == ["2026-03-01T10:00:00Z", "Mar  1 10:00:01"]
    assert rows[1]["parse_flags"] == ["year_ambiguous"]


def test_a_mixed_file_is_claimed_by_one_format_only() -> None:
    undated = b"Mar  1 10:00:00 gate app[1]: a\n"
    lines = undated + b"2026-03-01T10:00:01Z gate app[1]: b\n<13>1 2026-03-01T10:00:02Z gate app 1 - - c\n"
    assert [fmt.recognise(sample_of(memoryview(lines))) for fmt in (BSD, IETF, ISO)] == [90, 0, 0]
    dated = lines.split(b"\n", 1)[1] + b"<13>1 2026-03-01T10:00:02Z gate app 1 - - d\n"
    assert [fmt.recognise(sample_of(memoryview(dated))) for fmt in (BSD, IETF, ISO)] == [0, 90, 0]


def test_other_text_is_not_recognised() -> None:
    for text in (
        b"Mar 1 was a fine day\n" * 9,
        b"2026-03-01T10:00:00Z,192.0.2.1,x\n" * 9,
        b'{"a": 1}\n',
        b"\x00\x01\x02",
    ):
        assert [fmt.recognise(sample_of(memoryview(text))) for fmt in (BSD, IETF, ISO)] == [0, 0, 0]


LINES = (b"Mar  1 10:00:00 a b[1]: c", b"<13>1 - - - - - - x", b"Feb 29 1:2:3")


@settings(deadline=None, derandomize=True, database=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from([b"Mar  1 10:00:00 a b[1]: c", b"<13>1 - - - - - - x", b"Feb 29 1:2:3"]),
        )
    )
)
def test_every_byte_is_read_refused_or_passed_over(lines: list[bytes]) -> None:
    data = b"\n".join(lines)
    for fmt in (BSD, IETF, ISO):
        _, _, total = read_all(fmt, data, CASE)
        assert total.bytes_in == len(data) == total.bytes_parsed + total.bytes_rejected + total.bytes_skipped
