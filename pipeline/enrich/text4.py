"""IPv4 addresses as text, to numbers and back, a whole column at a time."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Parsed4", "parse4", "text4"]

_DOT = ord(".")
_ZERO = ord("0")


class Parsed4(NamedTuple):
    """Which rows of the column are IPv4 addresses, and their numbers."""

    rows: npt.NDArray[np.int64]
    keys: npt.NDArray[np.uint32]


def parse4(texts: pa.StringArray) -> Parsed4:
    """Read the rows that are IPv4 addresses in dotted decimal.

    Strict: four decimal numbers 0-255 without leading zeros, signs or spaces, as `ipaddress` reads them. Everything
    else (other families, shortened or octal forms, nulls) is simply not among the rows returned.
    """
    length = pc.binary_length(texts)
    rows = _true(pc.and_(pc.greater_equal(length, 7), pc.less_equal(length, 15)), len(texts))
    data, bounds = _bytes(texts, rows)
    if not rows.size:
        return Parsed4(rows, np.empty(0, np.uint32))
    dots = data == _DOT
    digits = (data - np.uint8(_ZERO)) < 10
    marks = dots.view(np.uint8) + np.where(dots | digits, np.uint8(0), np.uint8(16))
    good = np.add.reduceat(marks, bounds[:-1], dtype=np.uint8) == 3  # at most 15 marks of 16: never wraps
    if not good.all():
        rows = rows[good]
        data, bounds = _bytes(texts, rows)
        dots = data == _DOT
    if not rows.size:
        return Parsed4(rows, np.empty(0, np.uint32))
    keys, valid = _numbers(data, bounds, np.flatnonzero(dots).reshape(-1, 3))
    return Parsed4(rows[valid], keys[valid])


def _true(mask: pa.BooleanArray | pa.ChunkedArray, size: int) -> npt.NDArray[np.int64]:
    kept = pc.indices_nonzero(pc.fill_null(mask, fill_value=False))
    return kept.to_numpy(zero_copy_only=False).astype(np.int64) if size else np.empty(0, np.int64)


def _bytes(texts: pa.StringArray, rows: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """The rows' bytes end to end, and where each begins (one more bound than rows)."""
    picked = texts.take(pa.array(rows)) if rows.size != len(texts) else texts
    _, offsets, values = picked.buffers()
    bounds = np.frombuffer(offsets, np.int32)[picked.offset : picked.offset + len(picked) + 1]
    data = np.frombuffer(values, np.uint8) if values else np.empty(0, np.uint8)
    return data[bounds[0] : bounds[-1]], bounds - bounds[0]


def _numbers(
    data: npt.NDArray[np.uint8], bounds: npt.NDArray[np.int32], dots: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.bool_]]:
    """Value of each row, and whether its four numbers are well-formed."""
    digit = data - np.uint8(_ZERO)
    keys = np.zeros(dots.shape[0], np.uint32)
    valid = np.ones(dots.shape[0], np.bool_)
    edges: list[npt.NDArray[np.int64]] = [bounds[:-1].astype(np.int64) - 1, *dots.T, bounds[1:].astype(np.int64)]
    for before, end in pairwise(edges):
        octet, good = _octet(digit, before + 1, end)
        keys = (keys << np.uint32(8)) | octet
        valid &= good
    return keys, valid


def _octet(
    digit: npt.NDArray[np.uint8], begin: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.bool_]]:
    width = end - begin
    value = digit[end - 1].astype(np.uint16)
    value += np.where(width > 1, digit[end - 2], np.uint8(0)) * np.uint16(10)
    value += np.where(width > 2, digit[end - 3], np.uint8(0)) * np.uint16(100)
    leading_zero = (width > 1) & (digit[np.minimum(begin, digit.size - 1)] == 0)
    return value, (width >= 1) & (width <= 3) & (value <= 255) & ~leading_zero


def text4(keys: npt.NDArray[np.uint32]) -> list[str]:
    """Dotted decimal of each number."""
    return [f"{k >> 24}.{k >> 16 & 255}.{k >> 8 & 255}.{k & 255}" for k in keys.tolist()]
