"""Times of Snap's records: three ways to write UTC, and a column in Pacific time.

``Wed Aug 19 12:00:00 UTC 2021``, ``Apr 06 2026 03:48:31 UTC`` and ``2026-04-11 04:02:00 UTC``. ``last_active`` is in
Pacific time by the legend of its file; a value that names its own zone keeps it.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from parsers.kit.time import MONTHS, Moment, parse_iso

__all__ = ["pacific_time", "snap_time"]

_PACIFIC = "America/Los_Angeles"
_ENGLISH = re.compile(
    r"(?:[A-Za-z]{3},? )?([A-Za-z]{3}) (\d{1,2}),? (?:(\d{4}),? )?(\d{1,2}:\d{2}:\d{2}(?:\.\d{1,6})?)"
    r"(?: (UTC|GMT|PST|PDT))?(?: (\d{4}))?",
    re.ASCII,
)
_DAYS = re.compile(
    r"(\d{4}[-/]\d{2}[-/]\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(?: ?(UTC|GMT|PST|PDT|Z))?", re.ASCII
)
_OFFSETS = MappingProxyType({"PST": "-08:00", "PDT": "-07:00"})


def snap_time(value: object, zone_name: str | None) -> Moment | None:
    """The instant; None when the value is not written in one of these ways."""
    iso = _iso(" ".join(value.split())) if isinstance(value, str) else None
    if iso is None:
        return None
    moment = parse_iso(iso, zone_name)
    return moment._replace(raw=str(value)) if moment.timestamp is not None else None


def pacific_time(value: object, _zone_name: str | None) -> Moment | None:
    """The same, where times without a zone are Pacific by the format's rule."""
    moment = snap_time(value, _PACIFIC)
    return moment._replace(basis="format_rule") if moment and moment.basis == "case_setting" else moment


def _iso(text: str) -> str | None:
    if match := _DAYS.fullmatch(text):
        day, clock, zone = match.groups()
        return f"{day.replace('/', '-')} {clock}{_OFFSETS.get(zone, zone or '')}"
    match = _ENGLISH.fullmatch(text)
    month = MONTHS.get(match[1].lower()) if match else None
    if match is None or month is None or bool(match[3]) == bool(match[6]):
        return None
    zone, (hour, _, rest) = match[5] or "", match[4].partition(":")
    year = match[3] or match[6]
    return f"{year}-{month:02d}-{int(match[2]):02d} {int(hour):02d}:{rest}{_OFFSETS.get(zone, zone)}"
