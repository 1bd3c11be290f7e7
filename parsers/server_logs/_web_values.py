"""Numbers and words at given positions of a batch, read for all lines at once.

Every reader returns a `Checked`: the values, and which lines hold the plainest form. Values elsewhere mean nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from parsers.server_logs._web_row import MONTH_NAMES, TIME_WIDTH, YEARS

if TYPE_CHECKING:
    from parsers.server_logs._web_spans import Bytes, Ints, Mask, Spans

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
    text = np.ascontiguousarray(codes[start[:, None] + np.arange(TIME_WIDTH)].T)
    digit = text - _ZERO  # wraps above 9 for everything that is no digit
    ok = (digit[_DIGITS] <= 9).all(axis=0) & ((text[21] == _PLUS) | (text[21] == _HYPHEN))
    for at, literal in _LITERALS:
        ok &= text[at] == ord(literal)
    number = digit.astype(np.int64)
    pairs = (number[at] * 10 + number[at + 1] for at in (0, 7, 9, 12, 15, 18, 22, 24))
    day, century, year, hour, minute, second, off_hours, off_minutes = pairs
    month = _MONTH_TABLE.find((text[3].astype(np.int64) << 16) | (text[4].astype(np.int64) << 8) | text[5])
    year += century * 100
    index = np.clip((year - YEARS.start) * 12 + month.values, 0, len(_MONTH_LENGTHS) - 1)
    ok &= month.ok & (year >= YEARS.start) & (year < YEARS.stop) & (day >= 1) & (day <= _MONTH_LENGTHS[index])
    ok &= (hour < 24) & (minute < 60) & (second < 60) & (off_hours < 24) & (off_minutes < 60)
    local = (_MONTH_STARTS[index] + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second
    offset = off_hours * 3_600 + off_minutes * 60
    return Checked(ok, local - np.where(text[21] == _HYPHEN, -offset, offset))


def read_method(codes: Bytes, spans: Spans) -> Checked:
    """Index into `METHODS`."""
    width = spans.end - spans.start
    packed = np.zeros(len(width), np.int64)
    for at in range(_METHOD_WIDTH):
        packed = np.where(at < width, (packed << 8) | codes[spans.start + at], packed)
    found = _METHOD_TABLE.find(packed)
    return Checked(found.ok & (width <= _METHOD_WIDTH), found.values)


def read_version(codes: Bytes, start: Ints) -> Checked:
    """``d.d`` as ten times the first digit plus the second."""
    major, minor = codes[start] - _ZERO, codes[start + 2] - _ZERO
    return Checked((major <= 9) & (minor <= 9), major.astype(np.int64) * 10 + minor)


def read_status(codes: Bytes, start: Ints) -> Checked:
    """Three digits."""
    digits = codes[start[:, None] + np.arange(3)] - _ZERO
    return Checked((digits <= 9).all(axis=1), digits.astype(np.int64) @ np.array([100, 10, 1]))


def read_size(codes: Bytes, spans: Spans) -> Checked:
    """At most twelve digits; ``-`` is -1."""
    width = spans.end - spans.start
    ok, value, scale = width <= _MAX_DIGITS, np.zeros(len(width), np.int64), 1
    for at in range(int(np.clip(width.max(initial=0), 0, _MAX_DIGITS))):
        digit, inside = codes[spans.end - 1 - at] - _ZERO, at < width
        ok &= ~inside | (digit <= 9)
        value += np.where(inside, digit.astype(np.int64) * scale, 0)
        scale *= 10
    absent = (width == 1) & (codes[spans.start] == _HYPHEN)
    return Checked(ok | absent, np.where(absent, -1, value))
