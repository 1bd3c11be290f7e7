"""The hour that a clock set back shows twice, told apart by the order of a file's lines.

A log is written in order. Where its stamps step back once inside that hour, the lines before the step belong to the
first pass and those after it to the second. Anything less plain (no step, several, a small one, or one that a single
late line explains) decides nothing, and both readings stand.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.time import Moment, from_datetime, zone
from parsers.kit.years import date_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

__all__ = ["Settled", "moment_of", "settled_years"]

_DAY = 86400
_STEP = 600
"""Seconds a stamp must step back: late lines lag by less."""
_BEHIND = 2
"""Lines after the step that must lie before it on the clock: one alone may be a late line."""


class Settled(NamedTuple):
    """A year, and which pass of the repeated hour the stamp belongs to: 0 or 1."""

    year: int
    fold: int


def settled_years(keys: Sequence[int], years: Sequence[int], zone_name: str | None) -> Iterator[int | Settled]:
    """The year of every stamp (`parsers.kit.years`), with the pass where the order tells it."""
    passes = _passes(keys, years, zone(zone_name)) if zone_name else {}
    if not passes:
        return iter(years)
    return (Settled(year, passes[i]) if i in passes else year for i, year in enumerate(years))


def moment_of(local: datetime, settled: Settled, raw: str, zone_name: str | None, precision_s: float) -> Moment:
    """The instant of a local time whose pass is known."""
    aware = local.replace(tzinfo=zone(zone_name or "UTC"), fold=settled.fold)
    return from_datetime(aware, raw, "case_setting", precision_s)


def _passes(keys: Sequence[int], years: Sequence[int], info: ZoneInfo) -> dict[int, int]:
    dates = {(year, key // _DAY) for year, key in zip(years, keys, strict=True) if year}
    set_back = {day for day in dates if _is_set_back(*day, info)}
    found: dict[int, int] = {}
    if set_back:
        doubtful = ((i, _is_double(years[i], key, info, set_back)) for i, key in enumerate(keys))
        for is_double, run in groupby(doubtful, key=lambda pair: pair[1]):
            if is_double:
                indexes = [i for i, _ in run]
                found.update(_told_apart(indexes, [keys[i] for i in indexes]))
    return found


def _is_set_back(year: int, day: int, info: ZoneInfo) -> bool:
    first, last = date_of(year, day * _DAY), date_of(year, (day + 1) * _DAY - 1)
    if first is None or last is None:
        return False
    at_first, at_last = first.replace(tzinfo=info).utcoffset(), last.replace(tzinfo=info, fold=1).utcoffset()
    return at_first is not None and at_last is not None and at_last < at_first


def _is_double(year: int, key: int, info: ZoneInfo, days: set[tuple[int, int]]) -> bool:
    local = date_of(year, key) if (year, key // _DAY) in days else None
    if local is None:
        return False
    return local.replace(tzinfo=info).utcoffset() != local.replace(tzinfo=info, fold=1).utcoffset()


def _told_apart(indexes: Sequence[int], keys: Sequence[int]) -> dict[int, int]:
    """The pass of every stamp of a run inside the repeated hour; empty when the order does not tell it."""
    steps = [j for j in range(1, len(keys)) if keys[j] < keys[j - 1]]
    if len(steps) != 1:
        return {}
    (step,) = steps
    before = keys[step - 1]
    if before - keys[step] < _STEP or sum(key < before for key in keys[step:]) < _BEHIND:
        return {}
    return {i: int(j >= step) for j, i in enumerate(indexes)}
