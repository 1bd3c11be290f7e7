"""Times as people's spreadsheets and web pages write them: ``1/5/26, 3:04 PM``, ``05 Jan 2026``, ``Mon Jan 05 ...``.

Numbers alone do not say which is the month. The whole file decides (`date_order`), then the case; where neither does,
the time stays open and both readings bound it. A date without a clock is known to the day only.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Literal, NamedTuple

from parsers.kit.time import MONTHS, Moment, from_datetime, from_local

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Order", "date_order", "written_time"]

Order = Literal["dmy", "mdy", "ymd"]
_DAY_S, _MINUTE_S, _LONGEST = 86400.0, 60.0, 64
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d{1,6}))?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_ZONE = r"(?: ?\(?(?P<zone>UTC|GMT|Z|[+-]\d\d:?\d\d)\)?)?"
_AFTER = rf"(?:,? (?:at )?{_CLOCK}{_ZONE})?"
_NUMBERS = re.compile(rf"(?P<a>\d{{1,4}})(?P<by>[/.-])(?P<b>\d{{1,2}})(?P=by)(?P<c>\d{{1,4}}){_AFTER}", re.ASCII)
_WEEKDAY = r"(?:[A-Za-z]{3,9},? )?"
_MONTH, _OF_MONTH, _YEAR = r"(?P<name>[A-Za-z]{3,9})", r"(?P<d>\d{1,2})", r"(?P<y>\d{4})"
_NAMED = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_WEEKDAY}{_OF_MONTH}[ -]{_MONTH}[ -]{_YEAR}{_AFTER}",
        rf"{_WEEKDAY}{_MONTH} {_OF_MONTH}, {_YEAR}{_AFTER}",
        rf"[A-Za-z]{{3}} {_MONTH} {_OF_MONTH} {_CLOCK} (?P<zone>UTC|GMT) {_YEAR}",
    )
)


class _Clock(NamedTuple):
    since_midnight: timedelta
    precision_s: float


def date_order(values: Iterable[str], pinned: Order | None) -> Order | None:
    """What the numeric dates of a file say of their order: impossible months decide, then the case (`pinned`)."""
    found = [m for value in values if (m := _NUMBERS.fullmatch(_plain(value))) and len(m["a"]) <= 2]
    first, second = (any(int(m[name]) > 12 for m in found) for name in "ab")
    return pinned if first == second else ("dmy" if first else "mdy")


def written_time(
    value: object, zone_name: str | None, *, order: Order | None = None, utc: bool = False
) -> Moment | None:
    """The instant of a written time; None when it is written in none of these ways.

    Args:
        value: The cell.
        zone_name: Zone of times written without one, if the case states it.
        order: How numeric dates of the file read; None when that is open.
        utc: Whether the format's own rule says that times without a zone are UTC.
    """
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    text = _plain(value)
    match = next((m for pattern in (_NUMBERS, *_NAMED) if (m := pattern.fullmatch(text))), None)
    clock = _clock(match.groupdict()) if match else None
    if match is None or clock is None:
        return None
    days = _numeric_days(match, order) if match.re is _NUMBERS else _named_day(match)
    readings = [_instant(day, clock, match["zone"], value, zone_name, utc=utc) for day in days]
    return _joined(readings) if readings else None


def _plain(text: str) -> str:
    return " ".join(text[:_LONGEST].split())


def _clock(part: dict[str, str | None]) -> _Clock | None:
    if part["hour"] is None:
        return _Clock(timedelta(), _DAY_S)
    hour, minute, second = int(part["hour"]), int(part["minute"] or 0), int(part["second"] or 0)
    if part["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if part["half"] in "Pp" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = part["fraction"] or ""
    span = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=int(fraction.ljust(6, "0") or 0))
    return _Clock(span, _MINUTE_S if part["second"] is None else 10.0 ** -len(fraction))


def _numeric_days(match: re.Match[str], order: Order | None) -> list[datetime]:
    """The days three numbers can mean, earliest first."""
    numbers = (match["a"], match["b"], match["c"])
    orders: tuple[Order, ...] = ("ymd",) if len(match["a"]) == 4 else (order,) if order else ("dmy", "mdy")
    days = (_day(*(numbers[one.index(letter)] for letter in "ymd")) for one in orders)
    return sorted({day for day in days if day})


def _day(year: str, month: str, day: str) -> datetime | None:
    if len(year) not in {2, 4}:
        return None
    try:
        return datetime(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))  # noqa: DTZ001 - zone follows
    except ValueError:
        return None


def _named_day(match: re.Match[str]) -> list[datetime]:
    month = MONTHS.get(match["name"][:3].lower())
    day = _day(match["y"], str(month), match["d"]) if month else None
    return [day] if day else []


def _instant(day: datetime, clock: _Clock, tail: str | None, raw: str, zone_name: str | None, *, utc: bool) -> Moment:
    naive = day + clock.since_midnight
    if tail:
        return from_datetime(naive.replace(tzinfo=_offset(tail)), raw, "in_value", clock.precision_s)
    if utc:
        return from_datetime(naive.replace(tzinfo=UTC), raw, "format_rule", clock.precision_s)
    return from_local(naive, raw, zone_name, clock.precision_s)


def _offset(tail: str) -> timezone:
    if tail[0] not in "+-":
        return UTC
    digits = tail[1:].replace(":", "")
    minutes = min(int(digits[:2]) * 60 + int(digits[2:]), 24 * 60 - 1)
    return timezone(timedelta(minutes=-minutes if tail[0] == "-" else minutes))


def _joined(readings: list[Moment]) -> Moment:
    """One reading as it is; of two the bounds."""
    first, last = readings[0], readings[-1]
    if len(readings) == 1:
        return first
    flags = ("date_order_ambiguous", *dict.fromkeys(flag for one in readings for flag in one.flags))
    return Moment(None, first.raw, first.basis, first.precision_s, first.earliest, last.latest, flags)
