"""Which run of a step function an address falls into: vectorised, exact, for IPv4 and IPv6.

Address data is kept as *runs*: sorted first addresses that cover the whole space, each holding until the next one
("no record" is a run too). Looking an address up is then one search for the last start that is not above it.

* IPv4: a binary search over sorted starts; from `TABLE_FROM` keys on, one read of a table with an entry per /24, and
  the binary search only for the few /24 networks that more than one run shares.
* IPv6: starts and keys are pairs of 64-bit words. The high words are searched first; only keys whose high word equals
  a start's are compared on the low word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["TABLE_FROM", "Index4", "Index6", "Ints", "Keys6", "keys6"]

Ints = npt.NDArray[np.int64]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]

TABLE_FROM = 150_000
_LOW32 = (1 << 32) - 1


@dataclass(slots=True)
class Index4:
    """Runs over the IPv4 space.

    Attributes:
        starts: First address of each run, ascending; the first is 0.
    """

    starts: U32
    _table: npt.NDArray[np.int32] | None = field(default=None, repr=False)

    def find(self, keys: U32) -> Ints:
        """Position of the run that holds each key."""
        self.expect(keys.size)
        if self._table is None:
            return self._search(keys)
        found: npt.NDArray[np.int32] = self._table[keys >> np.uint32(8)]
        mixed = np.flatnonzero(found < 0)
        out = found.astype(np.int64)
        out[mixed] = self._search(keys[mixed])
        return out

    def expect(self, keys: int) -> None:
        """Make ready for that many keys, also when they come in small portions."""
        if self._table is None and keys >= TABLE_FROM:
            self._table = _table24(self.starts)

    def _search(self, keys: U32) -> Ints:
        return np.searchsorted(self.starts, keys, side="right").astype(np.int64) - 1

    def prefix_length(self, keys: U32, runs: Ints) -> Ints:
        """Length of the largest CIDR block around each key that stays inside its run.

        A block leaves the run when it holds the address before the run's first or the one after its last; so it must
        be one bit longer than what the key shares with either.
        """
        before = self.starts[runs] - np.uint32(1)
        after = np.append(self.starts[1:], np.uint32(0))[runs]
        left = np.where(runs > 0, 33 - _bit_length(keys ^ before), 0)
        right = np.where(runs < self.starts.size - 1, 33 - _bit_length(keys ^ after), 0)
        return np.maximum(left, right)


def _table24(starts: U32) -> npt.NDArray[np.int32]:
    """The run of each /24 network, or -1 where several runs share it."""
    whole = (starts.astype(np.int64) + 255) >> 8  # first /24 that begins inside the run
    counts = np.diff(np.append(whole, 1 << 24))
    table = np.repeat(np.arange(starts.size, dtype=np.int32), counts)
    table[starts[(starts & np.uint32(255)) != 0] >> np.uint32(8)] = -1
    return table


@dataclass(frozen=True, slots=True)
class Keys6:
    """IPv6 addresses as two 64-bit words each."""

    hi: U64
    lo: U64

    def take(self, at: Ints) -> Keys6:
        """The keys at these positions."""
        return Keys6(self.hi[at], self.lo[at])


def keys6(numbers: Iterable[int]) -> Keys6:
    """IPv6 addresses given as 128-bit integers."""
    words = [(number >> 64, number & ((1 << 64) - 1)) for number in numbers]
    pairs = np.array(words, np.uint64).reshape(-1, 2)
    return Keys6(pairs[:, 0].copy(), pairs[:, 1].copy())


@dataclass(frozen=True, slots=True)
class Index6:
    """Runs over the IPv6 space; `starts` is ascending as a pair (hi, lo) and begins with ``::``."""

    starts: Keys6

    def find(self, keys: Keys6) -> Ints:
        """Position of the run that holds each key."""
        order = np.argsort(keys.hi)  # a sorted search walks memory forwards
        ordered = keys.take(order)
        found = np.searchsorted(self.starts.hi, ordered.hi, side="right").astype(np.int64) - 1
        out = np.empty(order.size, np.int64)
        out[order] = self._settle(ordered, found)
        return out

    def _settle(self, keys: Keys6, found: Ints) -> Ints:
        """Where the high word ties, the low word decides among the starts of that high word."""
        ties = np.flatnonzero((self.starts.hi[found] == keys.hi) & (self.starts.lo[found] > keys.lo))
        low = np.searchsorted(self.starts.hi, keys.hi[ties], side="left").astype(np.int64) - 1
        high = found[ties]  # starts[low] <= key < starts[high], by (hi, lo)
        while (open_ := high - low > 1).any():
            middle = np.where(open_, (low + high) // 2, low)
            below = self.starts.lo[middle] <= keys.lo[ties]
            low = np.where(open_ & below, middle, low)
            high = np.where(open_ & ~below, middle, high)
        found[ties] = low
        return found

    def prefix_length(self, keys: Keys6, runs: Ints) -> Ints:
        """Length of the largest CIDR block around each key that stays inside its run (see `Index4.prefix_length`)."""
        start = self.starts.take(runs)
        before = Keys6(start.hi - (start.lo == 0).astype(np.uint64), start.lo - np.uint64(1))
        after = self.starts.take(np.minimum(runs + 1, self.starts.hi.size - 1))
        left = np.where(runs > 0, 129 - _differing(keys, before), 0)
        right = np.where(runs < self.starts.hi.size - 1, 129 - _differing(keys, after), 0)
        return np.maximum(left, right)


def _bit_length(words: npt.NDArray[np.unsignedinteger]) -> Ints:
    """Bits needed to write each word of up to 64 bits (0 for 0)."""
    wide = words.astype(np.uint64)
    upper, lower = wide >> np.uint64(32), wide & np.uint64(_LOW32)
    exact = np.frexp(np.where(upper != 0, upper, lower).astype(np.float64))[1]  # 32 bits fit a float exactly
    return exact.astype(np.int64) + np.where(upper != 0, 32, 0)


def _differing(left: Keys6, right: Keys6) -> Ints:
    """How many low bits it takes to cover the difference of two addresses."""
    hi, lo = left.hi ^ right.hi, left.lo ^ right.lo
    return np.where(hi != 0, _bit_length(hi) + 64, _bit_length(lo))
