"""Values of JSON exports: mis-encoded text undone, counts and written times as instants, numbers as digits."""

from __future__ import annotations

import re

from parsers.kit.text import repair_mojibake
from parsers.kit.time import Moment, from_epoch, parse_iso, unknown_time
from parsers.kit.timepattern import compile_pattern

__all__ = ["epoch", "instant", "iso_title", "phone_digits", "repaired", "text_of"]

_MS_FROM = 100_000_000_000  # as seconds the year 5138
_DAY_FIRST = compile_pattern("Mon dd HH:MM:SS zzz yyyy")
_WRITTEN = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)([T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(PST|PDT|Z|UTC|GMT)?", re.ASCII
)
_PACIFIC = {"PST": "-08:00", "PDT": "-07:00"}
"""Zones that some providers of the Pacific coast write by name; other names are not one zone."""
_DAYS = ("Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun ")


def repaired(value: object) -> tuple[object, bool]:
    """A decoded value with every string and name repaired that is UTF-8 read as Latin-1, and whether any was."""
    if isinstance(value, str):
        return repair_mojibake(value)
    if isinstance(value, list):
        pairs = [repaired(item) for item in value]
        return [item for item, _ in pairs], any(changed for _, changed in pairs)
    if isinstance(value, dict):
        return _repaired_names(value)
    return value, False


def _repaired_names(members: dict[str, object]) -> tuple[dict[str, object], bool]:
    out: dict[str, object] = {}
    any_changed = False
    for name, member in members.items():
        (item, changed), (fixed, renamed) = repaired(member), repair_mojibake(name)
        out[name if fixed in members and renamed else fixed] = item
        any_changed = any_changed or changed or renamed
    return out, any_changed


def epoch(value: object) -> Moment | None:
    """A count of seconds (or milliseconds, when seconds would lie beyond the year 5138) as an instant; 0 is absent."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int | float) or isinstance(value, bool) or not value:
        return None
    return from_epoch(value, str(value), unit="ms" if value >= _MS_FROM else "s")


def instant(value: object, zone_name: str | None = None, *, utc: bool = False) -> Moment | None:
    """A count or a written time as an instant; None when the value is neither.

    Args:
        value: A number, its digits, ISO 8601 text (also inside quotes of its own, with slashes, or with ``PST`` or
            ``PDT`` behind it), or the form of X's posts, ``Wed Oct 10 20:19:24 +0000 2018``.
        zone_name: Zone of times written without one.
        utc: Whether the format's own rule says that such times are UTC.
    """
    moment = epoch(value)
    if moment or not isinstance(value, str):
        return moment
    if value.startswith(_DAYS):
        written = _DAY_FIRST.parse(value[4:40], None)
    else:
        written = parse_iso(_iso(value.strip().strip('"')), zone_name, zoneless="format_rule" if utc else None)
    return written._replace(raw=value) if written.timestamp is not None else None


def _iso(text: str) -> str:
    """Day by day with dashes, and an offset for a zone written by its name."""
    match = _WRITTEN.fullmatch(text) if "/" in text[:8] or text.endswith("T") else None
    if match is None:
        return text
    year, month, day, clock, zone = match.groups()
    return f"{year}-{month}-{day}{clock}{_PACIFIC.get(zone, zone or '')}"


def iso_title(title: object) -> Moment | None:
    """A title that is itself a time with an offset (login history), else None."""
    moment = parse_iso(title) if isinstance(title, str) else unknown_time("")
    return moment if moment.basis == "in_value" else None


def phone_digits(text: str) -> str | None:
    """``+`` and digits of a number written internationally; None for any other form."""
    digits = "".join(c for c in text if c in "0123456789")
    return "+" + digits if text.strip().startswith("+") and 7 <= len(digits) <= 15 else None


def text_of(value: object) -> str | None:
    """Text, or a whole number as its digits; None for anything else and for nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None
