"""From items to a link: one log10 LR per alternative, the declared mixture, and when to refuse a number.

LR against alternative k is the product over items of P(item | same operator) / P(item | alternative k); the mixture
is log10 LR = -log10(sum over k of w_k * 10 ** -L_k) (Royall 1997 on composite alternatives; weights declared in
case.toml). The lowest of the four is named as the weakest, because that is what an opposing expert will ask about.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from pipeline.link.items import Item, Llr
from pipeline.link.weights import ALTERNATIVES, BANDS, band_of

if TYPE_CHECKING:
    from pipeline.case import Alternatives

__all__ = ["SHARE_GRID", "Score", "mixture", "score", "share_grid"]

SHARE_GRID = (0.02, 0.08, 0.2, 0.5)


@dataclass(frozen=True, slots=True)
class Score:
    """The weight of evidence for one pair.

    Attributes:
        totals: log10 LR against each alternative.
        mixture: Headline log10 LR, bounded.
        low, high: The same over other shares of the alternatives (`SHARE_GRID`).
        naive: Sum of raw values against "unrelated": what adding everything up would have said.
        weakest: The alternative that explains the findings best.
        sufficient: False when too little independent evidence remains for a number to be used.
        single_point: Item whose removal drops the wording by two bands or more, or None.
        reasons: Plain sentences on bounds and refusals.
    """

    totals: Llr
    mixture: float
    low: float
    high: float
    naive: float
    weakest: str
    band: str
    sufficient: bool
    single_point: Item | None
    reasons: tuple[str, ...]


def mixture(totals: Llr, shares: Alternatives) -> float:
    """Declared mixture of the four alternatives, log10 LR."""
    return -math.log10(sum(getattr(shares, k) * 10.0 ** -getattr(totals, k) for k in ALTERNATIVES))


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


def _totals(items: list[Item]) -> Llr:
    return Llr(*(math.fsum(getattr(i.used, k) for i in items) for k in ALTERNATIVES))


def _bounded(items: list[Item], shares: Alternatives, weights: dict[str, Any]) -> tuple[float, list[str]]:
    """The mixture, bounded on both sides by what validation and the number of exhibits can support."""
    value, reasons = mixture(_totals(items), shares), []
    bearing = [i for i in items if (i.used.unrelated > 0) == (value > 0) and i.used.unrelated]
    exhibits = frozenset().union(*(i.exhibits for i in bearing)) if bearing else frozenset()
    ceiling = weights["ceiling"]
    if len(exhibits) == 1 and abs(value) > weights["single_exhibit_cap"]:
        ceiling = weights["single_exhibit_cap"]
        reasons.append(f"everything traces to one exhibit or its copies: bounded at {ceiling}")
    elif abs(value) > ceiling:
        reasons.append(f"bounded at {ceiling}: larger figures are beyond what validation supports")
    return max(-ceiling, min(ceiling, value)), reasons


def score(items: list[Item], shares: Alternatives, weights: dict[str, Any]) -> Score:
    """Weigh the items of a pair."""
    totals = _totals(items)
    value, reasons = _bounded(items, shares, weights)
    supporting = [i for i in items if i.used.unrelated > 0]
    keys, families = {i.independence_key for i in supporting}, {i.family for i in supporting}
    sufficient = len(keys) >= 2 or len(families) >= 2
    if not sufficient:
        reasons.append("insufficient independent evidence: fewer than two independent items and two families")
    others = [_bounded(items, other, weights)[0] for other in share_grid(shares)] + [value]
    weakest = min(ALTERNATIVES, key=lambda k: (getattr(totals, k), k))
    return Score(
        totals=totals,
        mixture=round(value, 4),
        low=round(min(others), 4),
        high=round(max(others), 4),
        naive=math.fsum(i.raw.unrelated for i in items),
        weakest=weakest,
        band=band_of(value),
        sufficient=sufficient,
        single_point=_decisive(items, value, shares, weights),
        reasons=tuple(reasons),
    )


def _band_index(value: float) -> int:
    return next(i for i, (edge, _) in enumerate(BANDS) if value <= edge)


def _decisive(items: list[Item], value: float, shares: Alternatives, weights: dict[str, Any]) -> Item | None:
    """The item without which the wording falls furthest, when that is two bands or more."""
    drops, known = [], {}
    for item in items:
        alike = (item.used, item.exhibits)  # the sums without either of two such items are the same
        if alike not in known:
            rest = [i for i in items if i is not item]
            known[alike] = _bounded(rest, shares, weights)[0] if rest else 0.0
        without = known[alike]
        drops.append((_band_index(value) - _band_index(without), value - without, item.independence_key, item))
    worst = max(drops, key=lambda d: d[:3], default=None)
    return worst[3] if worst and worst[0] >= 2 else None
