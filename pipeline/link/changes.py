"""Accounts that may have changed hands: from one day on, other devices and other networks than ever before.

A new telephone changes the device, a move or a new lease the network. Both at once, for good, is what an account
looks like that somebody else took over, was sold, or was handed on. It is also what a person looks like who moves
and buys a telephone on the same day; so this is reported, and such an account joins no group, but it is no finding
against anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.items import grouped

if TYPE_CHECKING:
    from pipeline.link.world import World

__all__ = ["Change", "account_changes"]

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """A change of everything: last sighting before and first one after (places among the sightings)."""

    account: int
    before: int
    after: int

    def sentence(self, world: World) -> str:
        """What was seen, in plain words."""
        day = np.datetime64(int(world.seen.t[self.after]), "us").astype("datetime64[D]")
        return (
            f"from {day} (UTC) on, {world.keys[self.account]} is used from other networks and other devices than ever "
            "before: it may have changed hands, or its holder moved and changed devices at once; its pairs may speak "
            "of either period, and it joins no group"
        )


def account_changes(world: World, weights: dict[str, Any]) -> list[Change]:
    """Accounts with a change of everything, at its (first) place."""
    rules = weights["changes"]
    pools = [n for n, row in weights["network"]["class"].items() if row.get("pool") or row["cap"] < 1]
    steady = np.array([label not in pools for label in world.nets.label], bool)
    seen = world.seen
    rows = np.flatnonzero((seen.device >= 0) & steady[seen.net]) if len(steady) else np.zeros(0, np.int64)
    starts, sizes = grouped(seen.account[rows])
    out = []
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        if size < 2 * rules["sightings"]:
            continue
        mine = rows[start : start + size]
        at = _split(seen.net[mine], seen.device[mine], (seen.t[mine] // _DAY), rules)
        if at is not None:
            out.append(Change(int(seen.account[mine[0]]), int(mine[at - 1]), int(mine[at])))
    return out


def _split(net: np.ndarray, device: np.ndarray, day: np.ndarray, rules: dict[str, Any]) -> int | None:
    """The first place at which no network and no device of before is ever seen again."""
    open_after = np.zeros(len(net) + 1, np.int64)
    for values in (net, device):
        _, first = np.unique(values, return_index=True)
        _, last = np.unique(values[::-1], return_index=True)
        np.add.at(open_after, first + 1, 1)
        np.add.at(open_after, len(values) - last, -1)
    free = np.flatnonzero(np.cumsum(open_after)[1:-1] == 0) + 1
    for at in free.tolist():
        enough = min(at, len(net) - at) >= rules["sightings"]
        if enough and min(len(np.unique(day[:at])), len(np.unique(day[at:]))) >= rules["days"]:
            return at
    return None
