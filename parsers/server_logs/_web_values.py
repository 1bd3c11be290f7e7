"""Numbers and words at given positions of a batch, read for all lines at once.

Every reader returns a `Checked`: the values, and which lines hold the plainest form. Values elsewhere mean nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from parsers.server_logs._web_marks import slices_at
from parsers.server_logs._web_row import MONTH_NAMES, TIME_WIDTH, YEARS

if TYPE_CHECKING:
    from parsers.server_logs._web_marks import Bytes, Ints, Mask
    from parsers.server_logs._web_spans import Spans

__all__ = ["METHODS", "Checked", "read_method", "read_size", "read_status", "read_time", "read_version"]

METHODS = ("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PROPFIND", "PUT", "TRACE")
_MAX_DIGITS = 12
_ZERO, _NINE, _HYPHEN, _PLUS = b"09-+"

_LITERALS = ((2, "/"), (6, "/"), (11, ":"), (14, ":"), (17, ":"), (20, " "))
_DIGITS = [i for i in range(TIME_WIDTH) if i not in {2, 3, 4, 5, 6, 11, 14, 17, 20, 21}]
_MONTHS = np.arange(f"{YEARS.start}-01", f"{YEARS.stop}-02", dtype="datetime64[M]")
_MONTH_STARTS = _MONTHS.astype("datetime64[D]").astype(np.int64)  # days since 1970-01-01
_MONTH_LENGTHS = np.diff(_MONTH_STARTS)
_METHOD_WIDTH = 8


class Checked(NamedTuple):
    """Values of the lines, and which of them can be relied on."""

    ok: Mask
    values: Ints


class _Words:
    """Small table from words of at most eight bytes to their index."""

    def __init__(self, words: tuple[bytes, ...]) -> None:
        codes = np.array([int.from_bytes(word.rjust(8, b"\0"), "big") for word in words], np.int64)
        self.order = np.argsort(codes)
        self.codes = codes[self.order]

    def find(self, codes: Ints) -> Checked:
        """Index of each code."""
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return Checked(self.codes[at] == codes, self.order[at])


_MONTH_TABLE = _Words(MONTH_NAMES)
_METHOD_TABLE = _Words(tuple(method.encode("ascii") for method in METHODS))


def read_time(codes: Bytes, start: Ints) -> Checked:
    """``dd/Mon/yyyy:HH:MM:SS +hhmm`` as seconds since 1970-01-01T00:00:00Z."""
    text = np.ascontiguousarray(slices_at(codes, start, TIME_WIDTH).T)
    digit = text - _ZERO  # wraps above 9 for everything that is no digit
    ok = (text[21] == _PLUS) | (text[21] == _HYPHEN)
    for at in _DIGITS:
        ok &= digit[at] <= 9
    for at, literal in _LITERALS:
        ok &= text[at] == ord(literal)
    pairs = (digit[at] * np.uint8(10) + digit[at + 1] for at in (0, 7, 9, 12, 15, 18, 22, 24))
    day, century, year_of, hour, minute, second, off_hours, off_minutes = pairs
    ok &= (hour < 24) & (minute < 60) & (second < 60) & (off_hours < 24) & (off_minutes < 60) & (day >= 1)
    month = _MONTH_TABLE.find((text[3].astype(np.int64) << 16) | (text[4].astype(np.int64) << 8) | text[5])
    year = century.astype(np.int64) * 100 + year_of
    index = np.clip((year - YEARS.start) * 12 + month.values, 0, len(_MONTH_LENGTHS) - 1)
    ok &= month.ok & (year >= YEARS.start) & (year < YEARS.stop) & (day <= _MONTH_LENGTHS[index])
    local = (_MONTH_STARTS[index] + day - 1) * 86_400 + _seconds(hour, minute) + second
    offset = _seconds(off_hours, off_minutes)
    return Checked(ok, local - np.where(text[21] == _HYPHEN, -offset, offset))


def _seconds(hours: Bytes, minutes: Bytes) -> Ints:
    return hours.astype(np.int64) * 3_600 + minutes.astype(np.int64) * 60


def read_method(codes: Bytes, spans: Spans) -> Checked:
    """Index into `METHODS`."""
    width = spans.end - spans.start
    short = (width > 0) & (width <= _METHOD_WIDTH)
    eight = slices_at(codes, spans.start, _METHOD_WIDTH).view(">i8")[:, 0].astype(np.int64)
    found = _METHOD_TABLE.find(eight >> ((_METHOD_WIDTH - np.where(short, width, 1)) * 8))
    return Checked(found.ok & short, found.values)


def read_version(codes: Bytes, start: Ints) -> Checked:
    """``d.d`` as ten times the first digit plus the second."""
    major, minor = codes[start] - _ZERO, codes[start + 2] - _ZERO
    return Checked((major <= 9) & (minor <= 9), major.astype(np.int64) * 10 + minor)


def read_status(codes: Bytes, start: Ints) -> Checked:
    """Three digits."""
    digits = [codes[start + at] - _ZERO for at in range(3)]
    ok = (digits[0] <= 9) & (digits[1] <= 9) & (digits[2] <= 9)
    return Checked(ok, digits[0].astype(np.int64) * 100 + digits[1].astype(np.int64) * 10 + digits[2])


def read_size(codes: Bytes, spans: Spans) -> Checked:
    """At most twelve digits; ``-`` is -1."""
    width = spans.end - spans.start
    ok, value, scale = width <= _MAX_DIGITS, np.zeros(len(width), np.int64), 1
    for at in range(int(np.clip(width.max(initial=0), 0, _MAX_DIGITS))):
        inside = at < width
        digit = np.where(inside, codes[spans.end - 1 - at] - _ZERO, 0)
        ok &= digit <= 9
        value += digit.astype(np.int64) * scale
        scale *= 10
    absent = (width == 1) & (codes[spans.start] == _HYPHEN)
    return Checked(ok | absent, np.where(absent, -1, value))
