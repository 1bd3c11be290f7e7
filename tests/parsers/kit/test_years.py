"""The missing year, solved over a whole file."""

# ruff: noqa: DTZ001 - the stamps under test are local times

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.kit.years import UNDECIDED, date_of, key_of, solve_years


def key(at: datetime) -> int:
    found = key_of(at.month, at.day, at.hour, at.minute, at.second)
    assert found is not None
    return found


def days(start: str, end: str, every: timedelta = timedelta(days=1)) -> list[datetime]:
    at, stop, out = datetime.fromisoformat(start), datetime.fromisoformat(end), []
    while at <= stop:
        out.append(at)
        at += every
    return out


def solved(stamps: list[datetime], limit: str | None) -> list[int]:
    return list(solve_years([key(at) for at in stamps], datetime.fromisoformat(limit) if limit else None))


def test_a_winter_of_daily_lines_gets_the_right_years() -> None:
    stamps = days("2022-11-20T06:00:00", "2023-02-07T06:00:00")
    assert len(stamps) == 80
    assert solved(stamps, "2023-02-10") == [at.year for at in stamps]


def test_one_line_written_late_around_new_year_shifts_no_other_line() -> None:
    stamps = days("2022-11-20T06:00:00", "2023-02-07T06:00:00")
    first = stamps.index(datetime(2023, 1, 1, 6))
    stamps.insert(first + 1, datetime(2022, 12, 31, 23, 59, 58))
    assert solved(stamps, "2023-02-10") == [at.year for at in stamps]


def test_a_leap_day_pins_the_file_to_a_leap_year() -> None:
    stamps = [datetime(2024, 2, 28, 12), datetime(2024, 2, 29, 12), datetime(2024, 3, 1, 12)]
    assert solved(stamps, "2025-03-02") == [2024, 2024, 2024]


def test_a_leap_day_pins_the_years_around_it_across_new_year() -> None:
    stamps = [datetime(2023, 12, 30), datetime(2024, 1, 2), datetime(2024, 2, 29), datetime(2024, 3, 4)]
    assert solved(stamps, "2027-08-01") == [2023, 2024, 2024, 2024]


def test_without_acquisition_time_no_year_is_invented() -> None:
    assert solved(days("2023-01-01", "2023-01-05"), None) == [UNDECIDED] * 5


def test_a_leap_day_alone_leaves_open_which_leap_year_it_was() -> None:
    assert solved([datetime(2024, 2, 28), datetime(2024, 2, 29)], None) == [UNDECIDED, UNDECIDED]


def test_no_line_is_younger_than_the_acquisition() -> None:
    assert solved([datetime(2023, 3, 1, 10), datetime(2023, 3, 1, 12)], "2023-03-01T12:00:00") == [2023, 2023]
    assert solved([datetime(2023, 3, 1, 10), datetime(2023, 3, 1, 12)], "2023-03-01T11:59:59") == [2022, 2022]


def test_a_line_that_carries_its_year_fixes_the_others() -> None:
    stamps = [datetime(2021, 12, 30), datetime(2022, 1, 2), datetime(2022, 5, 1), datetime(2023, 1, 1)]
    assert list(solve_years([key(at) for at in stamps], None, {2: 2022})) == [2021, 2022, 2022, 2023]


def test_a_boot_with_a_wrong_clock_shifts_no_other_line_and_keeps_its_own_year_open() -> None:
    good = days("2022-11-20T06:00:00", "2023-02-07T06:00:00")
    boot = [datetime(2022, 6, 3, 0, 0, second) for second in range(30)]
    stamps = [*good[:50], *boot, good[49] + timedelta(hours=2), *good[50:]]
    years = solved(stamps, "2023-02-10")
    assert years[:50] == [at.year for at in good[:50]]
    assert years[50:80] == [UNDECIDED] * 30
    assert years[81:] == [at.year for at in good[50:]]


def test_a_quiet_log_that_walks_through_a_year_is_not_taken_for_a_wrong_clock() -> None:
    stamps = days("2020-01-10T06:00:00", "2023-01-10T06:00:00", timedelta(days=40))
    assert solved(stamps, "2023-01-11") == [at.year for at in stamps]


def test_a_clock_set_back_by_some_days_does_not_begin_a_year() -> None:
    stamps = [*days("2023-05-01", "2023-05-20"), *days("2023-05-13", "2023-06-01")]
    assert set(solved(stamps, "2023-06-02")) == {2023}


def test_a_leap_day_that_fits_no_year_stays_open() -> None:
    stamps = [datetime(2024, 2, 29), datetime(2024, 7, 1), datetime(2024, 12, 1), datetime(2024, 2, 29)]
    years = solved(stamps, "2024-03-01")
    assert UNDECIDED in (years[0], years[3])


@pytest.mark.parametrize(
    "fields", [(2, 30, 0, 0, 0), (13, 1, 0, 0, 0), (1, 0, 0, 0, 0), (1, 1, 24, 0, 0), (4, 31, 0, 0, 0)]
)
def test_a_date_that_no_year_has_is_no_key(fields: tuple[int, int, int, int, int]) -> None:
    assert key_of(*fields) is None


def test_a_key_gives_back_its_date() -> None:
    assert date_of(2024, key(datetime(2024, 2, 29, 23, 59, 58))) == datetime(2024, 2, 29, 23, 59, 58)
    assert date_of(2023, key(datetime(2024, 2, 29))) is None
    assert date_of(2023, key(datetime(2024, 12, 31))) == datetime(2023, 12, 31)


@settings(deadline=None, derandomize=True, database=None)
@given(
    start=st.datetimes(datetime(1995, 1, 1), datetime(2025, 1, 1)),
    gaps=st.lists(st.integers(0, 13 * 86400), min_size=1, max_size=120),
    late=st.lists(st.integers(0, 12 * 86400), min_size=120, max_size=120),
    wait=st.integers(0, 300 * 86400),
)
def test_a_walk_through_the_years_with_late_lines_is_solved(
    start: datetime, gaps: list[int], late: list[int], wait: int
) -> None:
    at, stamps, newest = start.replace(microsecond=0), [], start
    for gap, delay in zip(gaps, late, strict=False):
        at += timedelta(seconds=gap)
        stamps.append(at - timedelta(seconds=delay) if delay % 5 == 0 and stamps else at)
        newest = max(newest, stamps[-1])
    limit = newest.replace(microsecond=0) + timedelta(seconds=wait)
    assert solved(stamps, limit.isoformat()) == [s.year for s in stamps]


@settings(deadline=None, derandomize=True, database=None)
@given(st.lists(st.integers(0, 366 * 86400 - 1), max_size=300))
def test_any_stamps_at_all_get_a_year_that_has_them_and_is_not_in_the_future(keys: list[int]) -> None:
    limit = datetime(2026, 3, 1, 12)
    years = solve_years(keys, limit)
    assert len(years) == len(keys)
    for stamp, year in zip(keys, years, strict=True):
        date = date_of(year, stamp) if year else None
        assert year == UNDECIDED or (date is not None and date <= limit)
