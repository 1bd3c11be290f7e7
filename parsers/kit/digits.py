"""Decimal numbers as text, a column at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["numbered", "padded", "same_width_texts"]

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_STEP = 4
_FOUR = np.array([f"{n:04d}".encode() for n in range(10**_STEP)], "S4").view(np.uint8).reshape(-1, _STEP)
_POWERS = 10 ** np.arange(1, 19, dtype=np.int64)


def padded(values: Ints, width: int) -> Bytes:
    """One row of `width` digits per value (not negative), zeros on the left; digits beyond `width` are lost."""
    out = np.empty((len(values), width), np.uint8)
    rest = values
    for end in range(width, 0, -_STEP):
        upper = rest // 10**_STEP
        columns = min(end, _STEP)
        out[:, end - columns : end] = _FOUR.take(rest - upper * 10**_STEP, axis=0)[:, _STEP - columns :]
        rest = upper
    return out


def same_width_texts(characters: Bytes) -> pa.Array:
    """One text per row of ASCII characters."""
    rows, width = characters.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int32) if width else np.zeros(rows + 1, np.int32)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(characters)))


def numbered(letter: str, values: Ints) -> pa.Array:
    """`letter` and the number without padding, for each value (not negative)."""
    digits = np.searchsorted(_POWERS, values, side="right") + 1
    width = int(digits.max(initial=1))
    characters = np.empty((len(values), width + 1), np.uint8)
    characters[:, 0] = ord(letter)
    characters[:, 1:] = padded(values, width)
    if (digits == width).all():
        return same_width_texts(characters)
    kept = np.arange(width) >= (width - digits)[:, None]
    kept = np.insert(kept, 0, values=True, axis=1)
    ends = np.concatenate([[0], np.cumsum(digits + 1)]).astype(np.int32)
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(ends), pa.py_buffer(characters[kept]))
