"""The one finding on which a link hangs, if there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.score import bounded, mixture
from pipeline.link.weights import BANDS

if TYPE_CHECKING:
    from pipeline.case import Alternatives
    from pipeline.link.items import Items

__all__ = ["decisive", "without_each"]


def decisive(items: Items, value: float, shares: Alternatives, weights: dict[str, Any]) -> int | None:
    """The item without which the wording falls furthest, when that is two bands or more.

    A number for different operators falls when it comes nearer to nothing, as one for the same operator does.
    """
    sign = 1.0 if value >= 0 else -1.0
    drops = [
        (_band(sign * value) - _band(sign * rest), sign * (value - rest), n)
        for n, rest in enumerate(without_each(items, shares, weights))
    ]
    worst = max(drops, default=None)
    return worst[2] if worst and worst[0] >= 2 else None


def _band(value: float) -> int:
    return next(i for i, (edge, _) in enumerate(BANDS) if value <= edge)


def without_each(items: Items, shares: Alternatives, weights: dict[str, Any]) -> list[float]:
    """The bounded mixture of one pair without each of its items in turn."""
    out = []
    for n in range(len(items)):
        rest = items.take(np.arange(len(items)) != n)
        rest.pair[:] = 0
        value = mixture(rest.used.sum(axis=0)[None, :], shares)
        ceiling = bounded(rest, value, weights)
        out.append(round(float(np.clip(value, -ceiling, ceiling)[0]), 4))
    return out
