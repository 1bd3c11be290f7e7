"""Times as Google's pages and chats write them in English: ``Jan 15, 2021, 6:54:12 PM BST``.

An abbreviation is the offset the page was *made* with, not that of the event: half a year away clocks stood an hour
apart. Those that name one offset only give it, widened by an hour both ways; the others (BST, CST, IST) give none.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType

from parsers.kit.time import MONTHS, Moment, from_datetime, from_local, unknown_time

__all__ = ["TIME", "parse_english"]

TIME = re.compile(
    r"(?:[A-Z][a-z]{5,8}, )?([A-Z][a-z]{2,8})\.? (\d{1,2}), ((?:19|20)\d{2})(?:,| at) (\d{1,2}):(\d{2})(?::(\d{2}))?"
    r"(?: ([AP]M))?(?: ([A-Z]{2,5}|GMT[+-]\d{1,2}(?::\d{2})?))?",
    re.ASCII,
)
_OFFSETS = MappingProxyType(
    {
        "EST": -5,
        "EDT": -4,
        "MST": -7,
        "MDT": -6,
        "PST": -8,
        "PDT": -7,
        "CET": 1,
        "CEST": 2,
        "EET": 2,
        "EEST": 3,
        "WEST": 1,
        "AEST": 10,
        "AEDT": 11,
        "JST": 9,
        "NZST": 12,
        "NZDT": 13,
    }
)
_HOUR_US = 3600 * 1_000_000


def parse_english(raw: str, zone_name: str | None) -> Moment:
    """The instant; an unknown time for any other way of writing. A value without usable zone follows `zone_name`."""
    match = TIME.fullmatch(" ".join(raw.replace("\u202f", " ").replace("\u00a0", " ").split()))
    month = MONTHS.get(match[1][:3].lower()) if match else None
    if match is None or month is None:
        return unknown_time(raw)
    hour = _hour(int(match[4]), match[7])
    try:
        naive = datetime(int(match[3]), month, int(match[2]), hour, int(match[5]), int(match[6] or 0))  # noqa: DTZ001
    except ValueError:
        return unknown_time(raw)
    return _zoned(naive, raw, match[8] or "", zone_name, 1.0 if match[6] else 60.0)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    return hour % 12 + (12 if half == "PM" else 0) if 1 <= hour <= 12 else 99


def _zoned(naive: datetime, raw: str, name: str, zone_name: str | None, precision: float) -> Moment:
    if name == "UTC":
        return from_datetime(naive.replace(tzinfo=UTC), raw, "in_value", precision)
    minutes = _minutes(name)
    if minutes is None or (zone_name is not None and name):
        found = from_local(naive, raw, zone_name, precision)
    else:
        found = from_datetime(naive.replace(tzinfo=timezone(timedelta(minutes=minutes))), raw, "in_value", precision)
    if not name or found.earliest is None or found.latest is None:
        return found
    return found._replace(earliest=found.earliest - _HOUR_US, latest=found.latest + _HOUR_US)


def _minutes(name: str) -> int | None:
    """Offset of an abbreviation in minutes; None when it is none, or could be several."""
    if not name.startswith("GMT"):
        return _OFFSETS[name] * 60 if name in _OFFSETS else None
    hours, _, minutes = name[4:].partition(":")
    total = int(hours or 0) * 60 + int(minutes or 0)
    return None if total >= 24 * 60 else -total if name[3:4] == "-" else total
