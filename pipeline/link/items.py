"""Evidence items: what two accounts have in common, or do not, each with its weight against four alternatives.

Items are parallel arrays, one place per item, so that a million pairs are weighed at once; `findings` turns the ones
that people read into sentences and cited events. One identifier is one item however often it is seen. Rarity is
counted in the case, leaving out the pair itself and the accounts provisionally grouped with it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.link.world import NO_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["KINDS", "NOTES", "Items", "Kind", "Pair", "Pairs", "code", "grouped", "make_items"]


class Pair(NamedTuple):
    """Two account keys, in order."""

    a: str
    b: str


class Kind(NamedTuple):
    """One kind of evidence: its family and how it is called."""

    family: str
    label: str


KINDS: dict[str, Kind] = {
    "network": Kind("network", "shared network ({net_class})"),
    "pool": Kind("network", "pool coincidences ({net_class})"),
    "never_home": Kind("contradiction", "never on a common home network"),
    "handover": Kind("handover", "handover"),
    "concurrent": Kind("contradiction", "concurrent use"),
    "places": Kind("contradiction", "incompatible places"),
    "device_id": Kind("device", "same device id"),
    "cookie": Kind("device", "same cookie"),
    "ad_id": Kind("device", "same ad id"),
    "key_fingerprint": Kind("device", "same key fingerprint"),
    "camera": Kind("device", "same camera"),
    "payment": Kind("payment", "same payment"),
    "recovery": Kind("recovery", "same recovery"),
    "user_agent": Kind("device", "same user agent"),
    "name_exact": Kind("username", "user name exact"),
    "name_near": Kind("username", "user name near"),
    "name_unlike": Kind("username", "unlike user names"),
    "device_differ": Kind("contradiction", "device identifiers differ"),
    "recovery_differ": Kind("contradiction", "recovery identifiers differ"),
    "contact": Kind("content", "common contact"),
    "content": Kind("content", "common content"),
    "style": Kind("style", "writing style"),
    "rhythm": Kind("rhythm", "daily rhythm"),
}
_CODES = {name: number for number, name in enumerate(KINDS)}

NOTES = ("capped", "crowded", "ranked", "apart", "stated", "short", "typed", "on_device", "cross_genre", "uncertain")
"""Reasons for a discount, by bit."""


def code(kind: str) -> int:
    """Number of a kind."""
    return _CODES[kind]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of accounts by number, `a` < `b`, sorted and distinct."""

    a: np.ndarray
    b: np.ndarray
    accounts: int

    @classmethod
    def of(cls, keys: np.ndarray, accounts: int) -> Pairs:
        """From composite keys ``a * accounts + b``."""
        keys = np.unique(keys)
        return cls((keys // max(accounts, 1)).astype(np.int32), (keys % max(accounts, 1)).astype(np.int32), accounts)

    def find(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Place of each pair, -1 when it is not here."""
        keys = self.a.astype(np.int64) * self.accounts + self.b
        wanted = np.minimum(a, b).astype(np.int64) * self.accounts + np.maximum(a, b)
        if not len(keys):
            return np.full(len(wanted), -1)
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, at, -1)

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.a)


@dataclass(frozen=True, slots=True)
class Items:
    """Items of evidence as parallel arrays.

    Attributes:
        pair: Place of the pair.
        kind: Number of the kind.
        ref: Number of the network, identifier value or user agent it speaks of, or -1.
        raw: (n, 4) log10 LR before caps, rank factors and other discounts, in the order of `weights.ALTERNATIVES`.
        used: (n, 4) what enters the sum.
        others, active: Other accounts that show it, and other accounts at all; -1 where nothing was counted.
        exhibits: (n, 4) lowest and highest exhibit number on either side.
        extra: (n, 2) numbers the finding's sentence needs.
    """

    pair: np.ndarray
    kind: np.ndarray
    ref: np.ndarray
    raw: np.ndarray
    used: np.ndarray
    n_raw: np.ndarray
    n_independent: np.ndarray
    others: np.ndarray
    active: np.ndarray
    q: np.ndarray
    first: np.ndarray
    last: np.ndarray
    notes: np.ndarray
    exhibits: np.ndarray
    extra: np.ndarray

    def take(self, at: np.ndarray) -> Items:
        """The items at these places or under this mask."""
        return Items(*(getattr(self, f.name)[at] for f in fields(self)))

    @staticmethod
    def join(parts: Iterable[Items]) -> Items:
        """All items, sorted by pair, then kind, then what they speak of."""
        rows = list(parts)
        columns = [np.concatenate([getattr(r, f.name) for r in rows]) for f in fields(Items)]
        whole = Items(*columns)
        return whole.take(np.lexsort((whole.ref, whole.kind, whole.pair)))

    def __len__(self) -> int:
        """Number of items."""
        return len(self.pair)


def make_items(kind: str, pair: np.ndarray, raw: np.ndarray, used: np.ndarray, **more: np.ndarray) -> Items:
    """Items of one kind; whatever is not given is "not counted"."""
    n = len(pair)
    given = {
        "ref": np.full(n, -1, np.int64),
        "n_raw": np.zeros(n, np.int64),
        "n_independent": np.ones(n, np.int64),
        "others": np.full(n, -1, np.int64),
        "active": np.full(n, -1, np.int64),
        "q": np.full(n, np.nan),
        "first": np.full(n, NO_TIME),
        "last": np.full(n, NO_TIME),
        "notes": np.zeros(n, np.int64),
        "exhibits": np.full((n, 4), -1, np.int32),
        "extra": np.full((n, 2), np.nan),
    } | more
    return Items(
        pair=np.asarray(pair, np.int64),
        kind=np.full(n, code(kind), np.int16),
        raw=np.asarray(raw, float).reshape(n, 4),
        used=np.asarray(used, float).reshape(n, 4),
        **given,
    )


def grouped(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Starts and sizes of the runs of equal values in a sorted array."""
    if not len(keys):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    return starts, np.diff(np.r_[starts, len(keys)])
