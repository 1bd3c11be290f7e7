"""The missing year of stamps like ``Mar  1 10:00:00``, solved over a whole file instead of guessed per line.

Files are written in order, so the stamps order the years among each other: time runs forward, a new year begins
where the calendar wraps. Three things bend that order and must not shift a year: a line that was written late, a
clock that was wrong for a few lines, and clock steps of some days. What then fixes the years absolutely is
evidence only: stamps in the same file that do carry a year, or the moment of acquisition, which no record can be
younger than; and 29 February exists in leap years only. Without any of these the year stays open.

Memory is four bytes per line for the stamps and two for the answer.
"""

from __future__ import annotations

import calendar
from array import array
from bisect import bisect_right
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["NEIGHBOUR", "UNDECIDED", "date_of", "key_of", "solve_years", "year_near"]

UNDECIDED = 0
"""Year of a stamp whose year cannot be decided."""

NEIGHBOUR = "neighbour_time"
"""Option under which a line that stands alone among lines of another format is told their time (microseconds, UTC)."""

_DAY = 86400
_YEAR = 366 * _DAY
_STARTS = (0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366)  # first day of each month of a leap year
_FEB_29 = 59
_LATE = 14 * _DAY
"""How far a stamp may lie before the newest one seen without meaning a new year (late line, clock stepped back)."""
_BACK_WITHIN, _BACK_BEFORE = _DAY, 3600
"""After lines of a wrong clock: how soon after (or just before) the last good stamp the good ones must go on."""
_DENSE_LINES, _DENSE = 3, 3 * _DAY
"""How busy a log must be for that to say anything: so many lines back, so little time."""
_EXCURSION_LINES = 2000
_NEAR = 60 * _DAY
_LEAP_SEARCH = 9  # years between leap years, at most (1896 to 1904)


def key_of(month: int, day: int, hour: int, minute: int, second: int) -> int | None:
    """Seconds since the start of a leap year; None when there is no such date or time in any year."""
    if not (1 <= month <= 12 and day >= 1 and hour < 24 and minute < 60 and second < 60):
        return None
    index = _STARTS[month - 1] + day - 1
    return index * _DAY + hour * 3600 + minute * 60 + second if index < _STARTS[month] else None


def date_of(year: int, key: int) -> datetime | None:
    """The local date and time a key means in `year`; None for 29 February of a common year."""
    index, second = divmod(key, _DAY)
    month = bisect_right(_STARTS, index)
    if index == _FEB_29 and not calendar.isleap(year):
        return None
    hour, minute = divmod(second // 60, 60)
    return datetime(year, month, index - _STARTS[month - 1] + 1, hour, minute, second % 60)  # noqa: DTZ001 - local


def year_near(key: int, micros: int) -> int:
    """The year that puts a stamp within 14 days of a neighbouring line's time; `UNDECIDED` when none does."""
    try:
        near = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)).replace(tzinfo=None)
    except OverflowError:
        return UNDECIDED
    years = (year for year in (near.year, near.year - 1, near.year + 1) if 1 <= year <= MAXYEAR)
    dated = ((year, date) for year in years if (date := date_of(year, key)) is not None)
    return next((year for year, date in dated if abs((date - near).total_seconds()) <= _LATE), UNDECIDED)


def solve_years(keys: Sequence[int], limit: datetime | None, known: Mapping[int, int] | None = None) -> array[int]:
    """The year of every stamp.

    Args:
        keys: `key_of` every stamp, in file order.
        limit: Local time (the stamps' own zone) that no stamp is younger than, or None.
        known: Index into `keys` -> year, for stamps that carry their year.

    Returns:
        One year per stamp, `UNDECIDED` where the evidence does not settle it.
    """
    turns, strays = _turns(keys)
    leaps = {turns[i] for i, key in enumerate(keys) if key // _DAY == _FEB_29 and not strays[i]}
    base = _base_from_known(turns, strays, known or {})
    if base is None and limit is not None and len(keys):
        base = _base_from_limit(keys, turns, strays, leaps, limit)
    years = array("h", bytes(2 * len(keys)))
    if base is not None:
        for i, turn in enumerate(turns):
            years[i] = _checked(base + turn, keys[i], limit) if turn > _LOST else UNDECIDED
    for i, year in (known or {}).items():
        years[i] = year
    return years


def _checked(year: int, key: int, limit: datetime | None) -> int:
    date = date_of(year, key) if 1 <= year <= MAXYEAR else None
    return UNDECIDED if date is None or (limit is not None and date > limit) else year


_LOST = -(1 << 15)


def _turns(keys: Sequence[int]) -> tuple[array[int], bytearray]:
    """How many times the calendar had wrapped at every stamp, and which stamps the order does not explain."""
    turns, strays = array("h", bytes(2 * len(keys))), bytearray(len(keys))
    newest, i = (keys[0] if len(keys) else 0), 0
    while i < len(keys):
        step = (keys[i] - newest) % _YEAR
        end = _excursion_end(keys, i, newest) if _far(step) else i
        for j in range(i, end):
            turns[j], strays[j] = _nearest_turn(keys[j], newest), 1
        if end == i:
            at = newest + step - (_YEAR if step >= _YEAR - _LATE else 0)
            newest = max(newest, at)
            turns[i] = _bounded(at // _YEAR)
            end = i + 1
        i = end
    return turns, strays


def _bounded(turn: int) -> int:
    return min(turn, (1 << 15) - 1)


def _excursion_end(keys: Sequence[int], start: int, newest: int) -> int:
    """Index where the good stamps go on after a run of a wrong clock that begins at `start`; `start` if none.

    Such a run is far off, close together, interrupts a busy log, and is followed by a leap back to just where the
    good stamps had ended. A quiet log that walks through a whole year has no such leap.
    """
    if start < _DENSE_LINES or (newest - keys[start - _DENSE_LINES]) % _YEAR > _DENSE:
        return start
    for j in range(start + 1, min(len(keys), start + _EXCURSION_LINES)):
        ahead = (keys[j] - newest) % _YEAR
        if ahead <= _BACK_WITHIN or ahead >= _YEAR - _BACK_BEFORE:
            return j if _far((keys[j] - keys[j - 1]) % _YEAR) else start
        if _far((keys[j] - keys[start]) % _YEAR):
            return start
    return start


def _far(step: int) -> bool:
    """Whether a step is neither a short way forward nor a short way back."""
    return _LATE < step < _YEAR - _LATE


def _nearest_turn(key: int, newest: int) -> int:
    """The turn that puts a stray stamp nearest to the good ones, `_LOST` when none is near."""
    ahead = (key - newest) % _YEAR
    if _NEAR < ahead < _YEAR - _NEAR:
        return _LOST
    return _bounded((newest + ahead - (_YEAR if ahead > _NEAR else 0)) // _YEAR)


def _base_from_known(turns: Sequence[int], strays: Sequence[int], known: Mapping[int, int]) -> int | None:
    sound = [i for i in known if not strays[i]]
    return known[max(sound)] - turns[max(sound)] if sound else None


def _base_from_limit(
    keys: Sequence[int], turns: Sequence[int], strays: Sequence[int], leaps: set[int], limit: datetime
) -> int | None:
    """Year of turn 0: the latest that lets no ordered stamp pass `limit` and gives every 29 February a leap year."""
    limit_key = key_of(limit.month, limit.day, limit.hour, limit.minute, limit.second) or 0
    newest = max((turns[i], keys[i]) for i in range(len(keys)) if not strays[i])
    base = limit.year - newest[0] - (newest[1] > limit_key)
    fitting = (b for b in range(base, base - _LEAP_SEARCH, -1) if all(calendar.isleap(b + t) for t in leaps))
    return next(fitting, base)
