"""The only place where written times become instants.

Everything returns a `Moment`: the best reading, the bounds within which the truth lies, the time as written, and
how zone and year are known. Local times that occur twice or never (RFC 9557 calls them ambiguous) keep both readings.
Zone rules come from the pinned `tzdata` package, never from the host.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

__all__ = [
    "MONTHS",
    "Moment",
    "ZoneUnknown",
    "from_datetime",
    "from_epoch",
    "from_local",
    "parse_iso",
    "unknown_time",
    "zone",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_LOCAL = datetime(1970, 1, 1)  # noqa: DTZ001 - for local times whose offset is known
_MICRO = timedelta(microseconds=1)
_ASSUMED_SPREAD_US = 14 * 3600 * 1_000_000  # widest civil offset, either way
_WHOLE_MINUTES = 1973  # since then, all zones change at whole minutes and by whole minutes
_MAX_US = 253_402_300_799_999_999  # 9999-12-31T23:59:59.999999Z
MONTHS = {
    m: i for i, m in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_ISO = re.compile(
    r"^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*"
    r"(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$"
)

Basis = Literal["in_value", "epoch", "format_rule", "case_setting", "assumed"]


class ZoneUnknown(ValueError):  # noqa: N818 - reads as the fact it states
    """The zone name is not in the time-zone database."""


class Moment(NamedTuple):
    """An instant as far as it is known. Times are microseconds since 1970-01-01T00:00:00Z.

    `flags` are names from `parsers.schema.PARSE_FLAGS`; the caller merges them into `parse_flags`.
    """

    timestamp: int | None
    raw: str
    basis: str | None
    precision_s: float | None
    earliest: int | None
    latest: int | None
    flags: tuple[str, ...] = ()

    def columns(self, desc: str) -> dict[str, object]:
        """The time columns of an event; `desc` says what the time is the time of."""
        return {
            "timestamp": self.timestamp,
            "timestamp_raw": self.raw,
            "timestamp_desc": desc,
            "tz_basis": self.basis,
            "time_precision_s": self.precision_s,
            "timestamp_earliest": self.earliest,
            "timestamp_latest": self.latest,
        }


def unknown_time(raw: str, *flags: str) -> Moment:
    """A time that is written but cannot be read."""
    return Moment(None, raw, None, None, None, None, flags)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The zone called `name`, from the pinned database.

    Raises:
        ZoneUnknown: there is no such zone.
    """
    if not re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}", name):
        raise ZoneUnknown(name)
    path = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    try:
        with path.open("rb") as data:
            return ZoneInfo.from_file(data, key=name)
    except (OSError, ValueError) as error:
        raise ZoneUnknown(name) from error


def _micros(aware: datetime) -> int:
    return (aware - _EPOCH) // _MICRO


def from_datetime(aware: datetime, raw: str, basis: Basis, precision_s: float = 1.0) -> Moment:
    """An instant from an aware datetime."""
    at = _micros(aware)
    return Moment(at, raw, basis, precision_s, at, at + max(0, int(precision_s * 1_000_000) - 1))


def from_epoch(value: float, raw: str, *, unit: Literal["s", "ms", "us"] = "s") -> Moment:
    """An instant from a count since 1970 UTC; zero, negative and far-future counts are unknown times."""
    scale = {"s": 1_000_000, "ms": 1_000, "us": 1}[unit]
    if isinstance(value, float) and not -1e18 < value < 1e18:
        return unknown_time(raw)
    at = int(value * scale) if isinstance(value, int) else round(value * scale)
    if not 0 < at <= _MAX_US:
        return unknown_time(raw)
    precision = (
        1.0 if scale == 1_000_000 and isinstance(value, int) else scale / 1_000_000 if scale < 1_000_000 else 1e-6
    )
    return Moment(at, raw, "epoch", precision, at, at + max(0, int(precision * 1_000_000) - 1))


def from_local(naive: datetime, raw: str, zone_name: str | None, precision_s: float = 1.0) -> Moment:
    """An instant from a local time without zone.

    With `zone_name` (case setting): folds and gaps are flagged, bounded by both readings, and read as the earlier.
    Without: read as UTC, basis ``assumed``, bounds 14 hours either way.
    """
    step = max(0, int(precision_s * 1_000_000) - 1)
    if zone_name is None:
        at = _micros(naive.replace(tzinfo=UTC))
        return Moment(at, raw, "assumed", precision_s, at - _ASSUMED_SPREAD_US, at + _ASSUMED_SPREAD_US + step)
    if naive.year < _WHOLE_MINUTES:
        early, late, flags = _readings(naive, zone_name)
        return Moment(early, raw, "case_setting", precision_s, early, late + step, flags)
    early, late, flags = _readings(naive.replace(second=0, microsecond=0), zone_name)
    past = naive.second * 1_000_000 + naive.microsecond
    return Moment(early + past, raw, "case_setting", precision_s, early + past, late + past + step, flags)


@lru_cache(maxsize=4096)
def _readings(naive: datetime, zone_name: str) -> tuple[int, int, tuple[str, ...]]:
    """The earlier and the later reading of a local time, and what to say where they differ."""
    info = zone(zone_name)
    first, second = (_micros(naive.replace(tzinfo=info, fold=fold)) for fold in (0, 1))
    if first == second:
        return first, second, ()
    back = (
        datetime.fromtimestamp(first / 1e6, UTC).astimezone(info).replace(tzinfo=None, microsecond=naive.microsecond)
    )
    return min(first, second), max(first, second), ("dst_fold",) if back == naive else ("dst_gap",)


def parse_iso(raw: str, zone_name: str | None = None, *, zoneless: Basis | None = None) -> Moment:
    """Read ``2026-03-01 10:00:00[.ffffff][Z|UTC|±hh:mm]`` (ISO 8601 / RFC 3339 and its common spaced form).

    A value without zone follows `zone_name`; with ``zoneless="format_rule"`` it is UTC by the format's own rule.
    """
    match = _ISO.match(raw.strip())
    if not match:
        return unknown_time(raw)
    y, mo, d, h, mi, s, frac, offset = match.groups()
    micro = int((frac or "").ljust(6, "0")[:6] or 0)
    precision = 60.0 if s is None else (1.0 if not frac else 10.0 ** -min(len(frac), 6))
    try:
        naive = datetime(int(y), int(mo), int(d), int(h), int(mi), int(s or 0), micro)  # noqa: DTZ001 - zone follows
    except ValueError:
        return unknown_time(raw)
    if offset is None:
        if zoneless == "format_rule":
            return _shifted(naive, 0, raw, "format_rule", precision)
        return from_local(naive, raw, zone_name, precision)
    return _shifted(naive, _offset(offset), raw, "in_value", precision)


def _shifted(naive: datetime, offset_s: int, raw: str, basis: Basis, precision_s: float) -> Moment:
    """`from_datetime` of a local time so many seconds ahead of UTC."""
    since = naive - _EPOCH_LOCAL
    at = (since.days * 86_400 + since.seconds - offset_s) * 1_000_000 + since.microseconds
    return Moment(at, raw, basis, precision_s, at, at + max(0, int(precision_s * 1_000_000) - 1))


@lru_cache(maxsize=256)
def _offset(text: str) -> int:
    """Seconds ahead of UTC."""
    if text in {"Z", "UTC", "GMT"}:
        return 0
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes >= 24 * 60:
        return 0
    return -60 * minutes if text[0] == "-" else 60 * minutes
