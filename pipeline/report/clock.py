"""The case's time zone as a list of changes, so that every copy of a report shows the same local times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from parsers.kit.time import zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

__all__ = ["offsets"]

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_LIMIT_DAYS = 366 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = -62_100_000_000, 253_370_000_000  # within the years 2 and 9998


def offsets(name: str, micros: Sequence[int]) -> dict[str, Any]:
    """Offsets from UTC in seconds over the span of the given times (microseconds), as ``[from_ms, offset_s]`` rows."""
    place = zone(name)
    first = _moment(min(micros, default=0)).replace(minute=0, second=0) - _DAY
    last = _moment(max(micros, default=0)) + _DAY
    days = min((last - first).days + 1, _LIMIT_DAYS)
    rows = [[_millis(first), _offset(first, place)]]
    for day in range(days):
        start = first + day * _DAY
        if _offset(start + _DAY, place) != rows[-1][1]:
            hours = (start + hour * _HOUR for hour in range(1, 25))
            change = next(moment for moment in hours if _offset(moment, place) != rows[-1][1])
            rows.append([_millis(change), _offset(change, place)])
    return {"name": name, "offsets": rows}


def _moment(micros: int) -> datetime:
    """A time far enough from the ends of the calendar for a day more or less."""
    return _EPOCH + timedelta(seconds=max(_FIRST, min(_LAST, micros // 1_000_000)))


def _offset(moment: datetime, place: ZoneInfo) -> int:
    shift = moment.astimezone(place).utcoffset()
    return int(shift.total_seconds()) if shift else 0


def _millis(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000
