"""The bytes that structure an access log, found for a whole batch at once.

Positions are int64 indices into the batch. Blanks are far more frequent than anything else, so they are kept as one
bit per byte: that answers "how many before" and "which comes first" without a list of them all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from parsers.kit.lines import MAX_LINE

__all__ = ["Blanks", "Bytes", "Ints", "Marks", "Mask", "marks_of", "slices_at"]

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
_Words = npt.NDArray[np.uint64]

_WORD = 64
_REACH = 4  # words in which the first blank is looked for; a peer or method is never as long
_PAD = (_REACH + 2) * _WORD  # so that reading a little past any position stays inside the array
_LF, _CR, _SPACE, _QUOTE, _BACKSLASH = b'\n\r "\\'
_ONE, _FULL = np.uint64(1), np.uint64(2**64 - 1)

# RFC 3629, section 4: how long a sequence a first byte opens, and which second bytes may follow it
_LENGTHS = np.zeros(256, np.uint8)
_LENGTHS[0xC2:0xE0], _LENGTHS[0xE0:0xF0], _LENGTHS[0xF0:0xF5] = 2, 3, 4
_LEAST, _MOST = np.full(256, 0x80, np.uint8), np.full(256, 0xBF, np.uint8)
_LEAST[0xE0], _LEAST[0xF0], _MOST[0xED], _MOST[0xF4] = 0xA0, 0x90, 0x9F, 0x8F


class Blanks(NamedTuple):
    """One bit per byte that is a space, in words of 64 bytes, and the number of spaces before each word."""

    words: _Words
    ranks: Ints

    def before(self, at: Ints) -> Ints:
        """How many spaces lie before these positions."""
        word = at >> 6
        lower = (_ONE << (at & 63).astype(np.uint64)) - _ONE
        count: Ints = self.ranks[word] + np.bitwise_count(self.words[word] & lower)
        return count

    def first(self, at: Ints) -> Ints:
        """The first space at or after these positions; some later position when there is none within reach."""
        word = at >> 6
        rest = self.words[word] & (_FULL << (at & 63).astype(np.uint64))
        for _ in range(_REACH):
            empty = np.flatnonzero(rest == 0)
            if not len(empty):
                break
            word[empty] += 1
            rest[empty] = self.words[np.minimum(word[empty], len(self.words) - 1)]
        below = np.bitwise_count((rest & (~rest + _ONE)) - _ONE)
        found: Ints = (word << 6) + np.minimum(below, _WORD - 1)
        return found


class Marks(NamedTuple):
    """A batch and the positions that structure it.

    `stops` lie behind the LF of each line, `ends` before its CR LF or LF. `plain` lines are ended, short enough, valid
    UTF-8, without control bytes and without doubled backslashes. `quotes` leaves out escaped quotation marks.
    """

    data: bytes
    codes: Bytes
    starts: Ints
    stops: Ints
    ends: Ints
    plain: Mask
    blanks: Blanks
    quotes: Ints


def marks_of(view: memoryview) -> Marks:
    """Lines, blanks and quotation marks of a batch."""
    size = len(view)
    data = b"".join((view, bytes(_PAD - size % _WORD)))
    codes = np.frombuffer(data, np.uint8)
    low = np.flatnonzero(codes[:size] < _SPACE)
    kinds = codes[low]
    feeds = low[kinds == _LF]
    stops = feeds + 1 if len(feeds) and feeds[-1] == size - 1 else np.append(feeds + 1, size)
    starts = np.concatenate([np.zeros(1, np.int64), stops[:-1]])
    plain = stops - starts <= MAX_LINE
    plain[len(feeds) :] = False
    ends = stops - (codes[stops - 1] == _LF)
    ends -= (codes[ends - 1] == _CR) & (ends > starts)
    controls = low[kinds != _LF]
    controls = controls[(codes[controls] != _CR) | (codes[controls + 1] != _LF)]
    quotes, doubled = _escapes(data, codes[:size])
    for doubtful in (controls, doubled, _undecodable(data, codes[:size])):
        plain[np.searchsorted(stops, doubtful, side="right")] = False
    return Marks(data, codes, starts, stops, ends, plain, _blanks(codes), quotes)


def _blanks(codes: Bytes) -> Blanks:
    words = np.packbits(codes == _SPACE, bitorder="little").view("<u8").astype(np.uint64, copy=False)
    counts = np.bitwise_count(words)
    return Blanks(words, np.cumsum(counts, dtype=np.int64) - counts)


def _escapes(data: bytes, codes: Bytes) -> tuple[Ints, Ints]:
    """Quotation marks without a backslash before them, and the positions of doubled backslashes."""
    quotes = np.flatnonzero(codes == _QUOTE)
    if b"\\" not in data:
        return quotes, quotes[:0]
    slashes = np.flatnonzero(codes == _BACKSLASH)
    bare = quotes[(quotes == 0) | (codes[quotes - 1] != _BACKSLASH)]
    return bare, slashes[1:][np.diff(slashes) == 1]


def _undecodable(data: bytes, codes: Bytes) -> Ints:
    """Positions of bytes that are not part of a well-formed UTF-8 sequence."""
    at = np.flatnonzero(codes >= 0x80) if not data.isascii() else np.zeros(0, np.int64)
    if not len(at):
        return at
    whole = np.frombuffer(data, np.uint8)
    leads = whole[at]
    length, second = _LENGTHS[leads], whole[at + 1]
    good = (length > 0) & (second >= _LEAST[leads]) & (second <= _MOST[leads])
    for step in (2, 3):
        good &= (length <= step) | (whole[at + step] & 0xC0 == 0x80)
    claimed = np.zeros(len(at) + 3, np.bool_)
    for step in (1, 2, 3):
        claimed[np.flatnonzero(good & (length > step)) + step] = True
    return at[~(good | claimed[: len(at)])]


def slices_at(codes: Bytes, starts: Ints, width: int) -> Bytes:
    """`width` bytes from each of these positions, as rows."""
    every: npt.NDArray[np.void] = np.ndarray((len(codes) - width + 1,), np.dtype((np.void, width)), codes, strides=(1,))
    return every[starts].view(np.uint8).reshape(len(starts), width)
