"""Large JSON, a window at a time: where a container ends and which items of a list a window holds, by arrays.

Quotes, brackets and commas of a window are found at once; what stands between an odd and an even quote is text. The
answers are those of the scanner in `parsers.kit._jsontext`, only the way to them differs.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np

from parsers.kit._pages import forget

__all__ = ["NOT_JSON", "WINDOW", "container_end", "list_window"]

WINDOW = 4 << 20
"""Bytes looked at together; a tenth of a second or less of work."""
NOT_JSON = -1
_QUOTE, _BACKSLASH, _COMMA = b'"\\,'
_STEP = np.zeros(256, np.int8)
_STEP[list(b"[{")], _STEP[list(b"]}")] = 1, -1
_MARK = np.zeros(256, bool)
_MARK[list(b"[]{},")] = True

_Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
_Places = np.ndarray[tuple[int], np.dtype[np.int64]]


class _Marks(NamedTuple):
    """Brackets and commas outside texts: where they stand, which they are, and the depth after each."""

    places: _Places
    kinds: _Bytes
    depths: _Places
    n_quotes: int


def _quotes(chunk: _Bytes, slashes: _Places) -> _Places:
    """Places of the quotes that begin or end a text: those after an odd run of backslashes do not."""
    quotes = np.flatnonzero(chunk == _QUOTE)
    if not len(slashes):
        return quotes
    breaks = np.flatnonzero(np.diff(slashes) > 1)
    firsts, lasts = slashes[np.r_[0, breaks + 1]], slashes[np.r_[breaks, len(slashes) - 1]]
    return np.setdiff1d(quotes, lasts[(lasts - firsts) % 2 == 0] + 1, assume_unique=True)


def _marks(chunk: _Bytes, *, inside: bool, depth: int) -> _Marks | None:
    """The marks of a window; None when a backslash stands outside any text, which no JSON has."""
    slashes = np.flatnonzero(chunk == _BACKSLASH)
    quotes = _quotes(chunk, slashes)
    if ((np.searchsorted(quotes, slashes) + inside) % 2 == 0).any():
        return None
    places = np.flatnonzero(_MARK[chunk])
    places = places[(np.searchsorted(quotes, places) + inside) % 2 == 0]
    kinds = chunk[places]
    return _Marks(places, kinds, depth + np.cumsum(_STEP[kinds], dtype=np.int64), len(quotes))


def _chunk(text: memoryview, at: int, size: int) -> _Bytes:
    """The window at `at`, cut before a run of backslashes at its end."""
    chunk = np.frombuffer(text[at : at + size], np.uint8)
    if at + len(chunk) >= len(text) or chunk[-1] != _BACKSLASH:
        return chunk
    keep = len(bytes(chunk).rstrip(b"\\"))
    return chunk[:keep] if keep else _chunk(text, at, 2 * size)


def container_end(text: memoryview, at: int) -> int | None:
    """Index after the container that starts at `at`. Kinds of brackets are not compared.

    Returns:
        None when it does not end, or `NOT_JSON` when it is not JSON and only a scanner can say what it would say.
    """
    depth, inside = 0, False
    while at < len(text):
        chunk = _chunk(text, at, WINDOW)
        marks = _marks(chunk, inside=inside, depth=depth)
        if marks is None:
            return NOT_JSON
        ends = np.flatnonzero((marks.depths == 0) & (_STEP[marks.kinds] < 0))
        if len(ends):
            return at + int(marks.places[ends[0]]) + 1
        depth = int(marks.depths[-1]) if len(marks.depths) else depth
        inside ^= bool(marks.n_quotes % 2)
        at += len(chunk)
        forget(text, at)
    return None


def list_window(text: memoryview, at: int, size: int) -> tuple[list[msgspec.Raw] | None, int]:
    """The items of a list from one on that starts at `at`, as far as `size` bytes hold them whole.

    Returns:
        The items and the index of the comma after the last of them; None for the items when they are not sound JSON
        or no comma between items stands in the window.
    """
    marks = _marks(_chunk(text, at, size), inside=False, depth=0)
    if marks is None:
        return None, at
    closes = np.flatnonzero(marks.depths < 0)
    commas = np.flatnonzero((marks.kinds == _COMMA) & (marks.depths == 0))
    commas = commas[commas < closes[0]] if len(closes) else commas
    if not len(commas):
        return None, at
    cut = at + int(marks.places[commas[-1]])
    try:
        return msgspec.json.decode(b"[%b]" % bytes(text[at:cut]), type=list[msgspec.Raw]), cut
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None, cut
