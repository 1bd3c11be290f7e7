"""The time of a line, from one or several directives that each write a part of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.time import MONTHS, Moment, from_datetime, from_epoch, from_local, unknown_time
from parsers.server_logs._logformat_strftime import strftime_regex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["local_moment", "moment_of", "shifted"]

_CLF = re.compile(
    r"\[?(?P<day>\d\d)/(?P<name>[A-Z][a-z]{2})/(?P<year>\d{4}):(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
    r"(?:\.(?P<fraction>\d{1,6}))?(?: (?P<offset>[+-]\d{4}))?\]?"
)
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)T(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
    r"(?:\.(?P<fraction>\d{1,6}))?(?P<offset>Z|[+-]\d\d:?\d\d)?"
)
_SHAPES = {
    "clf": _CLF,
    "clf_bare": _CLF,
    "ha_date": _CLF,
    "iso": _ISO,
    "epoch_s": re.compile(r"(?P<epoch>\d+)"),
    "epoch_ms": re.compile(r"(?P<epoch>\d+)\.(?P<fraction>\d{3})"),
    "epoch_int_ms": re.compile(r"(?P<epoch>\d+)(?P<fraction>\d{3})"),
    "epoch_int_us": re.compile(r"(?P<epoch>\d+)(?P<fraction>\d{6})"),
    "millis": re.compile(r"(?P<millis>\d{1,3})"),
    "micros": re.compile(r"(?P<micros>\d{1,6})"),
}
_FRACTION = re.compile(r"([^.]{1,40})\.(\d{1,6})([^.]{0,8})", re.ASCII)
_WITH_FRACTION = {"clf", "clf_bare", "ha_date", "iso"}
Written = dict[str, str]


class _Second(NamedTuple):
    """A whole second as written, whatever stood for its fraction aside."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    offset: str | None
    zone: str | None


def moment_of(shapes: Sequence[str], texts: Sequence[str], zone: str | None) -> Moment:
    """The instant that time directives of these shapes wrote, with `zone` for local times.

    The finest complete one is read; incomplete ones (a date alone, a fraction, an offset) complete it.
    """
    if len(shapes) == 1 and shapes[0] in _WITH_FRACTION and (split := _FRACTION.fullmatch(texts[0])):
        before, fraction, after = split.groups()
        second = _one(shapes[0], before + after, zone)
        return shifted(second, texts[0], int(fraction.ljust(6, "0")), 10.0 ** -len(fraction))
    return _several(shapes, texts, zone)


@lru_cache(maxsize=4096)
def _one(shape: str, text: str, zone: str | None) -> Moment:
    part = _written(shape, text)
    return _moment(part, text, zone) if _complete(part) else _several((shape,), (text,), zone)


def _several(shapes: Sequence[str], texts: Sequence[str], zone: str | None) -> Moment:
    read = [_written(shape, text) for shape, text in zip(shapes, texts, strict=True)]
    whole = [at for at, part in enumerate(read) if _complete(part)]
    chosen = max(whole, key=lambda at: (len(read[at].get("fraction", "")), -at)) if whole else None
    used = [at for at in range(len(read)) if at == chosen or at not in whole]
    parts: Written = {}
    for at in sorted(used, key=lambda at: at != chosen):
        parts = {**read[at], **parts}
    return _moment(parts, " ".join(texts[at] for at in used), zone)


@lru_cache(maxsize=4096)
def _written(shape: str, text: str) -> Mapping[str, str]:
    pattern = strftime_regex(shape[9:]) if shape.startswith("strftime:") else _SHAPES[shape]
    match = pattern.fullmatch(text)
    return {key: part for key, part in match.groupdict().items() if part is not None} if match else {}


def _complete(part: Mapping[str, str]) -> bool:
    return "epoch" in part or ({"day", "minute"} <= part.keys() and bool({"year", "short"} & part.keys()))


def _moment(part: Mapping[str, str], raw: str, zone: str | None) -> Moment:
    fraction = part.get("fraction") or (part["millis"].zfill(3) if "millis" in part else part.get("micros", ""))
    fraction = fraction.zfill(6) if "micros" in part and "fraction" not in part else fraction
    micro, step = int(fraction.ljust(6, "0")), 10.0 ** -len(fraction)
    if "epoch" in part:
        return shifted(from_epoch(int(part["epoch"]), raw), raw, micro, step)
    second = _second(part)
    if second is None:
        return unknown_time(raw)
    if "minute" not in part:
        step = 3600.0 if {"hour", "hour12"} & part.keys() else 86_400.0
    elif "second" not in part:
        step = 60.0
    return shifted(_whole(second), raw, micro, step) if second.offset else _local(second, raw, micro, step, zone)


def _second(part: Mapping[str, str]) -> _Second | None:
    year = int(part["year"]) if "year" in part else 2000 + int(part["short"]) if "short" in part else 0
    month = MONTHS.get(part["name"][:3].lower(), 0) if "name" in part else int(part.get("month", 0))
    day = int(part.get("day", 0))
    if "yearday" in part and not month and year:
        at = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=int(part["yearday"]) - 1)
        month, day = at.month, at.day
    hour = int(part.get("hour", 0))
    if "hour12" in part:
        hour = int(part["hour12"]) % 12 + (12 if part.get("half") == "PM" else 0)
    offset = part.get("offset") or ("Z" if part.get("zone") in {"UTC", "GMT", "Z"} else None)
    second = _Second(year, month, day, hour, int(part.get("minute", 0)), int(part.get("second", 0)), offset, None)
    return second if year and month and day else None


@lru_cache(maxsize=4096)
def _whole(second: _Second) -> Moment:
    """The first microsecond of a second whose offset is written."""
    text = (second.offset or "Z").replace(":", "")
    minutes = 0 if text == "Z" else int(text[1:3]) * 60 + int(text[3:5])
    if minutes >= 24 * 60:
        return unknown_time("")
    zone = timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes)) if minutes else UTC
    try:
        return from_datetime(datetime(*second[:6], tzinfo=zone), "", "in_value")
    except (ValueError, OverflowError):
        return unknown_time("")


@lru_cache(maxsize=4096)
def _whole_local(second: _Second) -> Moment:
    try:
        return from_local(datetime(*second[:6]), "", second.zone)  # noqa: DTZ001 - the zone follows
    except (ValueError, OverflowError):
        return unknown_time("")


def _local(second: _Second, raw: str, micro: int, step: float, zone: str | None) -> Moment:
    return shifted(_whole_local(second._replace(zone=zone)), raw, micro, step)


def local_moment(
    date: tuple[int, int, int], clock: tuple[int, int, int], raw: str, fraction: str, zone: str | None
) -> Moment:
    """A local time written as year, month, day, hour, minute, second and digits of a fraction."""
    micro, step = int(fraction[:6].ljust(6, "0")) if fraction else 0, 10.0 ** -min(6, len(fraction))
    return _local(_Second(*date, *clock, None, None), raw, micro, step, zone)


def shifted(whole: Moment, raw: str, micro: int, step: float) -> Moment:
    """A moment moved on by microseconds, with its own text and precision (seconds)."""
    if whole.timestamp is None or whole.earliest is None or whole.latest is None:
        return whole._replace(raw=raw)
    tail = max(0, int(step * 1_000_000) - 1)
    earliest, latest = whole.earliest + micro, whole.latest - 999_999 + micro + tail
    return Moment(whole.timestamp + micro, raw, whole.basis, step, earliest, latest, whole.flags)
