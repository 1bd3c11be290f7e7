"""Received fields as mail servers of three decades write them, read as hops."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.email._dates import parse_date
from parsers.email._received import parse_received

AT = 1772359200000000  # 2026-03-01T10:00:00Z
DATE = "Sun, 1 Mar 2026 10:00:00 +0000"
LINES = (Path(__file__).parent / "received_lines.txt").read_text(encoding="ascii").split("\n")[1:]
PAIRS = list(zip(LINES[::2], LINES[1::2], strict=False))


def wanted(text: str) -> dict[str, object]:
    """The second line of a pair as a hop."""
    hop: dict[str, object] = dict(part.split("=", 1) for part in text.split(" | ") if part)
    return {**hop, "port": int(str(hop["port"]))} if "port" in hop else hop


@pytest.mark.parametrize(("field", "fields"), PAIRS)
def test_a_field_of_a_real_dialect_becomes_the_hop_it_states(field: str, fields: str) -> None:
    got = parse_received(f"{field}; {DATE}")
    assert {k: v for k, v in got.items() if k not in {"time", "time_raw"}} == wanted(fields)
    assert (got["time"], got["time_raw"]) == (AT, DATE)


def test_the_table_is_whole() -> None:
    assert len(PAIRS) >= 120


def test_an_envelope_sender_behind_the_date_is_read() -> None:
    got = parse_received(f"by m.example.com id h1abc for <bob@example.org>; {DATE} (envelope-from <b@example.com>)")
    assert (got["envelope_from"], got["time"]) == ("b@example.com", AT)


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 1 Mar 2026 06:00:00 GMT-0400",
        "Sun, 1 Mar 2026 12:00:00 UTC+02:00",
        "Sun Mar 01 2026 05:00:00 GMT-0500 (Eastern Standard Time)",
        "Sun, 1 Mar 2026 6:00:00 AM -0400",
        "Sun, 1 Mar 2026 11:00:00 PM +1300",
        "Sun, 1 Mar 2026 23:00:00 PM +1300",
        "Sun, Mar 1, 2026 10:00:00 +0000",
        "Sunday, March 1, 2026 at 10:00 AM GMT",
    ],
)
def test_a_date_of_an_odd_program_keeps_its_zone_and_half_of_the_day(text: str) -> None:
    moment = parse_date(text)
    assert (moment.timestamp, moment.basis) == (AT, "in_value")
