"""All items of all candidate pairs, in one call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.background import Background, Mates, background
from pipeline.link.habit_items import Habits, habit_items, habits
from pipeline.link.identifier_items import contrary_items, identifier_items
from pipeline.link.items import NOTES, Items, code
from pipeline.link.names import name_items
from pipeline.link.network_items import class_shares, never_home_items, shared_network_items
from pipeline.link.pool_items import pool_items
from pipeline.link.time_items import time_items

if TYPE_CHECKING:
    from pipeline.link.candidates import Candidates
    from pipeline.link.world import World

__all__ = ["Steady", "gather", "steady"]

_BY_ADDRESS = ("network", "pool", "never_home", "handover", "concurrent", "places")


@dataclass(frozen=True, slots=True)
class Steady:
    """What does not change when groups are left out of the background: classes of networks, counts, profiles, items."""

    shares: np.ndarray
    counts: Background
    items: tuple[Items, ...]
    habits: Habits


def steady(world: World, found: Candidates, weights: dict[str, Any]) -> Steady:
    """Everything about the pairs that is the same in both passes."""
    shares = class_shares(world, found, weights)
    counts = background(world.seen, found.static, len(world.nets.names))
    items = (
        *time_items(world, found.pairs, weights),
        *name_items(world, found.pairs, weights),
    )
    return Steady(shares, counts, items, habits(world, weights))


def gather(
    world: World, found: Candidates, base: Steady, mates: Mates | None, weights: dict[str, Any], q_factor: float = 1.0
) -> Items:
    """Items of all candidate pairs; `mates` are left out of the background of the pairs they belong to."""
    networks = shared_network_items(world, found, base.counts, base.shares, mates, weights, q_factor)
    home = list(weights["network"]["class"]).index("fixed_isp")
    together = np.zeros(len(found.pairs), bool)
    together[networks.pair[base.shares[networks.ref, home] >= 0.5]] = True
    items = [
        networks,
        pool_items(world, found, mates, weights, q_factor),
        never_home_items(world, found.pairs, base.shares, together, weights),
        *identifier_items(world, found, mates, weights, q_factor),
        *habit_items(world, found.pairs, base.habits, mates, weights),
        *base.items,
    ]
    items += contrary_items(world, found.pairs, items, weights)
    return _stated(world, found, Items.join(items), weights)


def _stated(world: World, found: Candidates, items: Items, weights: dict[str, Any]) -> Items:
    """Items that rest on mail whose sender is only stated: half, and nothing against an imitator."""
    seen, n = world.seen, len(world.keys)
    size = np.bincount(seen.account, minlength=n)
    only = (size > 0) & (np.bincount(seen.account, seen.stated, n) == size)
    weak = np.isin(items.kind, [code(k) for k in _BY_ADDRESS])
    weak &= only[found.pairs.a[items.pair]] | only[found.pairs.b[items.pair]]
    used = items.used.copy()
    used[weak] *= weights["stated_factor"]
    used[weak, 3] = np.minimum(0.0, used[weak, 3])
    return replace(items, used=used, notes=items.notes | np.where(weak, 1 << NOTES.index("stated"), 0))
