"""Dates as mail software writes them: RFC 5322, its obsolete forms, and what else stands in Date and Received.

Zone rules: a numeric offset and the named zones of RFC 5322 are in the value; ``-0000`` is UTC with an unknown local
zone; a missing, military or unknown zone follows the case, else it is assumed (`parsers.kit.time.from_local`).

References:
    RFC 5322 sections 3.3 and 4.3.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal, NamedTuple

from parsers.kit.time import MONTHS, Moment, from_datetime, from_local, parse_iso, unknown_time

__all__ = ["find_date", "parse_date"]

Order = Literal["dmy", "mdy", "ymd"]

_CAP = 200
_MONTH = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_CLOCK = r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?"
_ZONE = r"((?:GMT|UTC?)?[+-]\d{2}:?\d{2}\b|[A-Za-z]{1,5}\b)"
_HALF = r"(?: ?([AP]M)\b)?"
_RFC = re.compile(
    rf"(?<!\d)(\d{{1,2}})[ -]{{1,4}}{_MONTH}[ ,-]{{1,4}}(\d{{2,4}})[ ,T]{{1,4}}{_CLOCK}{_HALF}(?: ?{_ZONE})?",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    rf"\b{_MONTH} {{1,4}}(\d{{1,2}}),? {{1,4}}(\d{{4}}),? (?:at )?{_CLOCK}{_HALF}(?: ?{_ZONE})?", re.IGNORECASE
)
_ASCTIME = re.compile(
    rf"\b{_MONTH} {{1,4}}(\d{{1,2}}),? {{1,4}}{_CLOCK}(?: {{1,4}}{_ZONE})? {{1,4}}(\d{{4}})(?: {{1,4}}{_ZONE})?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(?<!\d)(\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)"
    r"(?: ?(Z\b|[+-]\d{2}:?\d{2}\b|UTC\b|GMT\b))?"
)
_NUMERIC = re.compile(
    rf"(?<!\d)(\d{{1,2}})[/.](\d{{1,2}})[/.](\d{{4}})[ ,T]{{1,4}}{_CLOCK}(?: ?(AM|PM)\b)?(?: ?{_ZONE})?",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\([^()]{0,80}\)")
_SPACE = re.compile(r"\s+")

_NAMED_HOURS = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip


class _Parts(NamedTuple):
    year: int
    month: int
    day: int
    clock: tuple[str, str, str | None, str | None]
    zone: str | None
    afternoon: str | None = None


@lru_cache(maxsize=4096)
def parse_date(raw: str, zone_name: str | None = None, order: Order | None = None) -> Moment:
    """The instant written in `raw`, as far as it can be known; comments and trailing words do not matter."""
    text = _SPACE.sub(" ", _COMMENT.sub(" ", raw[:_CAP])).strip()
    match = _RFC.search(text)
    if match:
        day, month, year, *clock, half, zone = match.groups()
        return _moment(raw, _Parts(_year(year), _month(month), int(day), _clock(clock), zone, half), zone_name)
    match = _ENGLISH.search(text)
    if match:
        month, day, year, *clock, half, zone = match.groups()
        return _moment(raw, _Parts(int(year), _month(month), int(day), _clock(clock), zone, half), zone_name)
    match = _ASCTIME.search(text)
    if match:
        month, day, *clock, before, year, after = match.groups()
        return _moment(raw, _Parts(int(year), _month(month), int(day), _clock(clock), after or before), zone_name)
    match = _ISO.search(text)
    if match:
        return parse_iso(match[1] + (match[2] or ""), zone_name)._replace(raw=raw)
    match = _NUMERIC.search(text)
    return _numeric(raw, match, zone_name, order) if match else unknown_time(raw)


def find_date(text: str) -> int:
    """Index of the last date in `text` (a Received field without its semicolon), or -1."""
    starts = [m.start() for pattern in (_RFC, _ISO) for m in pattern.finditer(text[-_CAP:])]
    return max(0, len(text) - _CAP) + max(starts) if starts else -1


def _month(name: str) -> int:
    return MONTHS[name.lower()]


def _clock(groups: list[str]) -> tuple[str, str, str | None, str | None]:
    hour, minute, second, fraction = groups
    return hour, minute, second, fraction


def _year(text: str) -> int:
    """Two and three digits as RFC 5322 section 4.3 reads them."""
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(text) == 3 else year


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text[-1].isdigit():
        text = text.lstrip("GMTUCgmtuc")
        hours, minutes = int(text[1:3]), int(text[-2:])
        if hours > 23 or minutes > 59:
            return None
        size = timedelta(hours=hours, minutes=minutes)
        return timezone(-size if text[0] == "-" else size)
    hours_named = _NAMED_HOURS.get(text.lower())
    if hours_named is None:
        return None
    return timezone(timedelta(hours=hours_named)) if hours_named else UTC


def _naive(parts: _Parts) -> datetime | None:
    hour, minute, second, fraction = parts.clock
    hours = (
        int(hour) % 12 + (12 if parts.afternoon.upper() == "PM" else 0)
        if parts.afternoon and int(hour) <= 12
        else int(hour)
    )
    micro = int((fraction or "").ljust(6, "0")[:6])
    leap = second == "60"
    seconds = 59 if leap else int(second or 0)
    if not 1900 <= parts.year <= 9998:
        return None
    try:
        at = datetime(parts.year, parts.month, parts.day, hours, int(minute), seconds, micro)  # noqa: DTZ001 - zone follows
    except ValueError:
        return None
    return at + timedelta(seconds=1) if leap else at


def _moment(raw: str, parts: _Parts, zone_name: str | None) -> Moment:
    naive = _naive(parts)
    if naive is None:
        return unknown_time(raw)
    _, _, second, fraction = parts.clock
    precision = 60.0 if second is None else (10.0 ** -min(len(fraction), 6) if fraction else 1.0)
    offset = _zone(parts.zone)
    if offset is None:
        return from_local(naive, raw, zone_name, precision)
    return from_datetime(naive.replace(tzinfo=offset), raw, "in_value", precision)


def _numeric(raw: str, match: re.Match[str], zone_name: str | None, order: Order | None) -> Moment:
    """``22/08/2002 10:25:57``: decided by a part above 12, else by the case, else left open with both readings."""
    one, two, year, *clock, half, zone = match.groups()
    readings = [
        _moment(raw, _Parts(int(year), month, day, _clock(clock), zone, half), zone_name)
        for name, day, month in (("dmy", int(one), int(two)), ("mdy", int(two), int(one)))
        if order in {None, "ymd", name}
    ]
    known = [r for r in readings if r.timestamp is not None and r.earliest is not None and r.latest is not None]
    if not known:
        return unknown_time(raw)
    if len(known) == 1 or known[0] == known[1]:
        return known[0]
    earliest, latest = min(r.earliest or 0 for r in known), max(r.latest or 0 for r in known)
    return Moment(None, raw, known[0].basis, known[0].precision_s, earliest, latest, ("date_order_ambiguous",))
