"""Times written by strftime patterns, read without the host's locale: English names only.

Reference: POSIX.1-2017, strftime; Apache passes ``%{format}t`` to it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.server_logs._logformat_lex import FormatStringError

__all__ = ["strftime_pattern", "strftime_regex"]

_NAME = "[A-Z][a-z]{2}"
_CONVERSIONS = {
    "Y": r"(?P<year>\d{4})",
    "y": r"(?P<short>\d\d)",
    "m": r"(?P<month>\d\d)",
    "b": f"(?P<name>{_NAME})",
    "h": f"(?P<name>{_NAME})",
    "B": f"(?P<name>{_NAME}[a-z]{{0,6}})",
    "d": r"(?P<day>[ \d]\d)",
    "e": r"(?P<day>[ \d]\d)",
    "j": r"(?P<yearday>\d{3})",
    "H": r"(?P<hour>\d\d)",
    "k": r"(?P<hour>[ \d]\d)",
    "I": r"(?P<hour12>\d\d)",
    "l": r"(?P<hour12>[ \d]\d)",
    "p": r"(?P<half>AM|PM)",
    "M": r"(?P<minute>\d\d)",
    "S": r"(?P<second>\d\d)",
    "s": r"(?P<epoch>\d{1,12})",
    "z": r"(?P<offset>[+-]\d{4})",
    "Z": r"(?P<zone>[A-Za-z0-9+-]{1,8})",
    "a": f"(?:{_NAME})",
    "A": f"(?:{_NAME}[a-z]{{0,6}})",
    "u": r"\d",
    "w": r"\d",
    "V": r"\d\d",
    "U": r"\d\d",
    "W": r"\d\d",
    "%": "%",
}
_SHORTHANDS = {
    "%T": "%H:%M:%S",
    "%D": "%m/%d/%y",
    "%F": "%Y-%m-%d",
    "%R": "%H:%M",
    "%r": "%I:%M:%S %p",
    "%c": "%a %b %e %H:%M:%S %Y",
}


@lru_cache(maxsize=64)
def strftime_regex(layout: str) -> re.Pattern[str]:
    """An expression with named groups for a strftime layout.

    Raises:
        FormatStringError: a conversion is not known, or stands twice.
    """
    layout = re.sub("%[TDFRrc]", lambda m: _SHORTHANDS[m[0]], layout)
    parts = []
    for match in re.finditer(r"%(.?)|[^%]+", layout, re.DOTALL):
        if not match[0].startswith("%"):
            parts.append(re.escape(match[0]))
            continue
        if match[1] not in _CONVERSIONS:
            raise FormatStringError(f"{match[0]} in a time format is not known here")
        parts.append(_CONVERSIONS[match[1]])
    try:
        return re.compile("".join(parts))
    except re.error as error:
        raise FormatStringError(f"the time format {layout!r} writes a part of the time twice") from error


def strftime_pattern(layout: str) -> str:
    """The same without groups, as part of a larger expression."""
    return re.sub(r"\(\?P<\w+>", "(?:", strftime_regex(layout).pattern)
