"""Times as JSON logs write them: ISO 8601, counts since 1970 in four units, and the stamps of web servers."""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.kit.time import Moment, from_epoch, parse_iso, unknown_time
from parsers.kit.timepattern import compile_pattern

__all__ = ["read_time"]

_COUNT = re.compile(r"([0-9]{9,19})(\.[0-9]{1,9})?")
_DATE_CALL = re.compile(r"/Date\(([0-9]{1,15})\)/")  # Windows PowerShell 5.1, ConvertTo-Json
_SLASHED = re.compile(r"([0-9]{4})/([0-9]{2})/([0-9]{2}) ")  # Caddy, time_format wall
_CLF = compile_pattern("dd/Mon/yyyy:HH:MM:SS zzz")
_MILLI, _MICRO, _NANO = 10**11, 10**14, 10**17


def read_time(value: object, zone_name: str | None, *, utc: bool) -> Moment:
    """The instant a JSON value states. `utc` says that the format fixes the zone of times without one.

    The unit of a count follows from its magnitude: below 10^11 seconds (the year 5138), then milli-, micro- and
    nanoseconds, each by a thousand. Nothing recorded between 1973 and 5138 can be read two ways.
    """
    if isinstance(value, str):
        return _written(value, zone_name, utc)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _count(value, str(value))
    return unknown_time(str(value))


@lru_cache(maxsize=4096)
def _written(raw: str, zone_name: str | None, utc: bool) -> Moment:  # noqa: FBT001 - cached by position
    text = raw.strip()
    if not text.isascii() or len(text) > 64:
        return unknown_time(raw)
    if text[4:5] == "-":
        return parse_iso(text, zone_name, zoneless="format_rule" if utc else None)._replace(raw=raw)
    if count := _COUNT.fullmatch(text):
        return _count(float(text) if count[2] else int(text), raw)
    if call := _DATE_CALL.fullmatch(text):
        return from_epoch(int(call[1]), raw, unit="ms")
    iso = parse_iso(_SLASHED.sub(r"\1-\2-\3 ", text, count=1), zone_name, zoneless="format_rule" if utc else None)
    found = iso if iso.timestamp is not None else _CLF.parse(text, zone_name)
    return found._replace(raw=raw)


def _count(value: float, raw: str) -> Moment:
    if value < _MILLI:
        return from_epoch(value, raw)
    if value < _MICRO:
        return from_epoch(value, raw, unit="ms")
    if value < _NANO:
        return from_epoch(value, raw, unit="us")
    return from_epoch(int(value) // 1000, raw, unit="us")
