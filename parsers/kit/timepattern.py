"""Written times whose layout a person declares, such as ``dd/mm/yyyy HH:MM:SS``.

| token | reads |
|---|---|
| ``yyyy`` ``yy`` | year of four digits; of two digits, 2000 to 2099 |
| ``mm`` ``Mon`` | month as one or two digits; as English three-letter name |
| ``dd`` | day, one or two digits |
| ``HH`` ``hh`` | hour 0 to 23; hour 1 to 12 with ``tt`` |
| ``MM`` ``SS`` | minute, second |
| ``fff`` | fraction of a second, one to six digits |
| ``tt`` | AM or PM |
| ``zzz`` | ``Z``, ``UTC``, ``GMT``, ``+02:00`` or ``+0200`` |

Every other character stands for itself; a space stands for one or more.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from parsers.kit.time import MONTHS, Moment, parse_iso, unknown_time

__all__ = ["PatternError", "TimePattern", "compile_pattern"]

_TOKENS = {
    "yyyy": "(?P<year>[0-9]{4})",
    "Mon": "(?P<name>[A-Za-z]{3})",
    "fff": "(?P<fraction>[0-9]{1,6})",
    "zzz": "(?P<offset>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})",
    "yy": "(?P<short>[0-9]{2})",
    "mm": "(?P<month>[0-9]{1,2})",
    "dd": "(?P<day>[0-9]{1,2})",
    "HH": "(?P<hour>[0-9]{1,2})",
    "hh": "(?P<hour12>[0-9]{1,2})",
    "MM": "(?P<minute>[0-9]{2})",
    "SS": "(?P<second>[0-9]{2})",
    "tt": "(?P<half>[AaPp][Mm])",
}
_SPLIT = re.compile("(" + "|".join(_TOKENS) + "| +)")


_SHORT = 64  # characters of a text that is worth remembering


class PatternError(ValueError):
    """A declared layout that cannot be read: a token twice, or no year, month or day."""


class TimePattern(NamedTuple):
    """A compiled layout."""

    regex: re.Pattern[str]

    def parse(self, raw: str, zone_name: str | None) -> Moment:
        """The instant written in `raw`; an unknown time when it is not written in this layout."""
        return (_read if len(raw) <= _SHORT else _read.__wrapped__)(self.regex, raw, zone_name)


@lru_cache(maxsize=8192)
def _read(regex: re.Pattern[str], raw: str, zone_name: str | None) -> Moment:
    """Logs hold many lines of one second."""
    match = regex.fullmatch(raw.strip())
    iso = _iso(match.groupdict()) if match else None
    return parse_iso(iso, zone_name)._replace(raw=raw) if iso else unknown_time(raw)


@lru_cache(maxsize=256)
def compile_pattern(layout: str) -> TimePattern:
    """Compile a declared layout.

    Raises:
        PatternError: it names a token twice or leaves the date incomplete.
    """
    parts = [
        _TOKENS.get(part) or (" +" if part.isspace() else re.escape(part)) for part in _SPLIT.split(layout) if part
    ]
    try:
        regex = re.compile("".join(parts))
    except re.error as error:
        raise PatternError(f"{layout!r} names a part of the time twice") from error
    have = set(regex.groupindex)
    if not ({"year", "short"} & have and {"month", "name"} & have and "day" in have):
        raise PatternError(f"{layout!r} needs a year (yyyy), a month (mm or Mon) and a day (dd)")
    if ("hour12" in have) != ("half" in have):
        raise PatternError(f"{layout!r} needs hh and tt together")
    return TimePattern(regex)


def _iso(part: dict[str, str | None]) -> str | None:
    """The parts as ISO 8601, which `parsers.kit.time` turns into an instant; None when a part is out of range."""
    year = part.get("year") or f"20{part.get('short')}"
    name = part.get("name")
    month = MONTHS.get(name.lower()) if name else int(part.get("month") or 0)
    hour = _hour(part)
    if month is None or hour is None:
        return None
    date = f"{year}-{month:02d}-{int(part['day'] or 0):02d}T{hour:02d}:{part.get('minute') or '00'}"
    if part.get("second") is None:
        return date + (part.get("offset") or "")
    fraction = f".{part['fraction']}" if part.get("fraction") else ""
    return f"{date}:{part['second']}{fraction}{part.get('offset') or ''}"


def _hour(part: dict[str, str | None]) -> int | None:
    if not part.get("hour12"):
        return int(part.get("hour") or 0)
    hour = int(part["hour12"] or 0)
    if not 1 <= hour <= 12:
        return None
    return hour % 12 + (12 if (part.get("half") or "").lower() == "pm" else 0)
