"""From items to a link: one log10 LR per alternative, the declared mixture, and when to refuse a number.

LR against alternative k is the product over items of P(item | same operator) / P(item | alternative k); the mixture
is log10 LR = -log10(sum over k of w_k * 10 ** -L_k) (Royall 1997 on composite alternatives; weights declared in
case.toml). The lowest of the four is named as the weakest, because that is what an opposing expert will ask about.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.weights import ALTERNATIVES

if TYPE_CHECKING:
    from pipeline.case import Alternatives
    from pipeline.link.items import Items

__all__ = ["SHARE_GRID", "Scores", "bounded", "mixture", "score", "share_grid"]

SHARE_GRID = (0.02, 0.08, 0.2, 0.5)


@dataclass(frozen=True, slots=True)
class Scores:
    """The weight of evidence for each pair, as parallel arrays.

    Attributes:
        totals: (pairs, 4) log10 LR against each alternative.
        mixture: Headline log10 LR, bounded.
        low, high: The same over other shares of the alternatives (`SHARE_GRID`).
        naive: Sum of raw values against "unrelated": what adding everything up would have said.
        ceiling: The bound that applies.
        sufficient: False when too little independent evidence remains for a number to be used.
        items: Number of items.
    """

    totals: np.ndarray
    mixture: np.ndarray
    low: np.ndarray
    high: np.ndarray
    naive: np.ndarray
    ceiling: np.ndarray
    sufficient: np.ndarray
    items: np.ndarray

    def usable(self) -> np.ndarray:
        """What grouping may rest on: refused numbers count against a merge, never for it."""
        return np.where(self.sufficient, self.mixture, np.minimum(self.mixture, 0.0))

    def weakest(self, pair: int) -> str:
        """The alternative that explains the findings of a pair best (the first in the alphabet on a tie)."""
        return min(zip(self.totals[pair].tolist(), ALTERNATIVES, strict=True))[1]


def mixture(totals: np.ndarray, shares: Alternatives) -> np.ndarray:
    """Declared mixture of the four alternatives, log10 LR; `totals` is (..., 4)."""
    weights = np.array([getattr(shares, k) for k in ALTERNATIVES])
    low = totals.min(axis=-1, keepdims=True)
    value: np.ndarray = low[..., 0] - np.log10((weights * 10.0 ** (low - totals)).sum(axis=-1))
    return value


def share_grid(shares: Alternatives) -> list[Alternatives]:
    """Other declared shares to test a number against: premises and device from rare to as likely as not."""
    grid = []
    for premises, device in product(SHARE_GRID, SHARE_GRID):
        if premises + device < 1:
            left = (1 - premises - device) / (shares.unrelated + shares.imitator)
            grid.append(
                dataclasses.replace(
                    shares,
                    unrelated=shares.unrelated * left,
                    premises=premises,
                    device=device,
                    imitator=shares.imitator * left,
                )
            )
    return grid


def bounded(items: Items, value: np.ndarray, weights: dict[str, Any]) -> np.ndarray:
    """The ceiling of each pair: lower when everything that bears out its sign traces to one exhibit or its copies."""
    bearing = ((items.used[:, 0] > 0) == (value[items.pair] > 0)) & (items.used[:, 0] != 0)
    lowest = np.full(len(value), np.iinfo(np.int32).max)
    highest = np.full(len(value), -1)
    known = bearing & (items.exhibits[:, 0] >= 0)
    np.minimum.at(lowest, items.pair[known], items.exhibits[known][:, [0, 2]].min(axis=1))
    np.maximum.at(highest, items.pair[known], items.exhibits[known][:, [1, 3]].max(axis=1))
    low = min(weights["single_exhibit_cap"], weights["ceiling"])
    return np.asarray(np.where(lowest == highest, low, weights["ceiling"]))


def score(items: Items, pairs: int, shares: Alternatives, weights: dict[str, Any]) -> Scores:
    """Weigh the items of all pairs; a pair without items weighs nothing."""
    totals = np.column_stack([np.bincount(items.pair, items.used[:, k], pairs) for k in range(4)])
    totals = np.round(totals, 9)
    value = mixture(totals, shares)
    ceiling = bounded(items, value, weights)
    others = [np.clip(mixture(totals, other), -ceiling, ceiling) for other in share_grid(shares)]
    value = np.clip(value, -ceiling, ceiling)
    supporting = items.used[:, 0] > 0
    return Scores(
        totals=totals,
        mixture=np.round(value, 4),
        low=np.round(np.minimum(value, np.minimum.reduce(others)), 4),
        high=np.round(np.maximum(value, np.maximum.reduce(others)), 4),
        naive=np.bincount(items.pair, items.raw[:, 0], pairs),
        ceiling=ceiling,
        sufficient=np.bincount(items.pair[supporting], minlength=pairs) >= 2,
        items=np.bincount(items.pair, minlength=pairs),
    )
