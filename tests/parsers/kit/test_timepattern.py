"""Times in a layout a person declares."""

from __future__ import annotations

import pytest

from parsers.kit.timepattern import PatternError, compile_pattern

US = 1_000_000


@pytest.mark.parametrize(
    ("layout", "raw", "want"),
    [
        ("dd/mm/yyyy HH:MM:SS", "01/03/2026 10:00:00", 1_772_359_200 * US),
        ("dd/mm/yyyy HH:MM:SS", "1/3/2026  10:00:00", 1_772_359_200 * US),
        ("mm/dd/yyyy hh:MM tt", "03/01/2026 10:00 am", 1_772_359_200 * US),
        ("mm/dd/yy hh:MM:SS tt", "03/01/26 12:00:00 AM", 1_772_323_200 * US),
        ("dd-Mon-yyyy HH:MM:SS.fff zzz", "01-MAR-2026 11:00:00.5 +0100", 1_772_359_200 * US + 500_000),
        ("yyyymmddHHMMSS", "20260301100000", 1_772_359_200 * US),
        ("yyyy-mm-dd", "2026-03-01", 1_772_323_200 * US),
    ],
)
def test_a_declared_layout_is_read(layout: str, raw: str, want: int) -> None:
    moment = compile_pattern(layout).parse(raw, "UTC")
    assert (moment.timestamp, moment.raw) == (want, raw)


@pytest.mark.parametrize(
    "raw", ["2026-03-01 10:00:00", "32/03/2026 10:00:00", "01/13/2026 10:00:00", "01/03/2026 10:00", "01/Foo/2026", ""]
)
def test_what_is_not_in_the_layout_is_an_unknown_time(raw: str) -> None:
    assert compile_pattern("dd/mm/yyyy HH:MM:SS").parse(raw, "UTC").timestamp is None


def test_an_hour_that_no_clock_shows_is_an_unknown_time() -> None:
    assert compile_pattern("dd/mm/yyyy hh:MM tt").parse("01/03/2026 13:00 pm", "UTC").timestamp is None


def test_a_layout_without_zone_takes_the_zone_of_the_case() -> None:
    assert (
        compile_pattern("dd.mm.yyyy HH:MM").parse("01.07.2026 12:00", "Europe/Berlin").timestamp == 1_782_900_000 * US
    )


@pytest.mark.parametrize("layout", ["HH:MM:SS", "dd/dd/yyyy", "mm/yyyy", "dd/mm/yyyy hh:MM"])
def test_a_layout_that_leaves_the_date_open_is_refused(layout: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(layout)
