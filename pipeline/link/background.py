"""How common something is among the other accounts of the case: the pair and its provisional group are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.link.items import grouped
from pipeline.link.meetings import Presence, pair_up

if TYPE_CHECKING:
    from pipeline.link.world import Sightings

__all__ = ["Background", "Mates", "background"]

_DAY = 86_400_000_000
_MOST_DAYS = 4_000  # beyond, days are counted in coarser steps


@dataclass(frozen=True, slots=True)
class Mates:
    """Provisional groups: `group` per account, members sorted by group between `starts`."""

    group: np.ndarray
    members: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, group: np.ndarray) -> Mates:
        """From the group number of every account."""
        members = np.argsort(group, kind="stable")
        return cls(group, members, np.searchsorted(group[members], np.arange(int(group.max(initial=-1)) + 2)))

    def beside(self, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(place in the pairs, account) for every account grouped with either side, the pair itself left out."""
        out = []
        for side, other in ((a, b), (b, a)):
            at, member = pair_up(self.starts[self.group[side]], self.starts[self.group[side] + 1])
            account = self.members[member]
            keep = (account != a[at]) & (account != b[at])
            if side is b:  # both sides in one group: counted once
                keep &= self.group[side[at]] != self.group[other[at]]
            out.append((at[keep], account[keep]))
        return np.concatenate([o[0] for o in out]), np.concatenate([o[1] for o in out])


@dataclass(frozen=True, slots=True)
class Background:
    """Counts of accounts on networks and in time.

    `firsts` and `lasts` are per network sorted times of the first and last sighting of each account there;
    `steps` counts accounts by day and day seen before, so that distinct accounts in any period are one look-up.
    """

    accounts: int
    net: np.ndarray
    account: np.ndarray
    first: np.ndarray
    last: np.ndarray
    starts: np.ndarray
    firsts: np.ndarray
    lasts: np.ndarray
    low: int
    span: int
    day: int
    steps: np.ndarray
    days_of: np.ndarray

    def on(self, net: np.ndarray, since: np.ndarray, until: np.ndarray) -> np.ndarray:
        """Accounts seen on a network both before `until` and after `since` (an upper bound of those in between)."""
        base = net.astype(np.int64) * self.span
        total = self.starts[net + 1] - self.starts[net]
        late = self.starts[net + 1] - np.searchsorted(self.firsts, base + self._clip(until), side="right")
        early = np.searchsorted(self.lasts, base + self._clip(since)) - self.starts[net]
        return np.asarray(total - late - early)

    def active(self, since: np.ndarray, until: np.ndarray) -> np.ndarray:
        """Distinct accounts seen anywhere in the period, by whole days."""
        size = self.steps.shape[0] - 1
        d0 = np.clip(since // self.day - self.low // self.day, 0, size - 1)
        d1 = np.clip(until // self.day - self.low // self.day, 0, size - 1)
        return np.asarray(self.steps[d0 + 1, d1 + 1] - self.steps[d0 + 1, d0])

    def has(self, net: np.ndarray, account: np.ndarray, since: np.ndarray, until: np.ndarray) -> np.ndarray:
        """Whether this account counts in `on`."""
        keys = self.net.astype(np.int64) * self.accounts + self.account
        wanted = net.astype(np.int64) * self.accounts + account
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        found: np.ndarray = (keys[at] == wanted) & (self.first[at] <= until) & (self.last[at] >= since)
        return found

    def was_active(self, account: np.ndarray, since: np.ndarray, until: np.ndarray) -> np.ndarray:
        """Whether this account counts in `active`."""
        size = self.steps.shape[0] + 1
        d0 = np.clip(since // self.day - self.low // self.day, 0, size - 2)
        d1 = np.clip(until // self.day - self.low // self.day, 0, size - 2)
        base = account.astype(np.int64) * size
        found: np.ndarray = np.searchsorted(self.days_of, base + d0) < np.searchsorted(
            self.days_of, base + d1, side="right"
        )
        return found

    def counts(
        self, net: np.ndarray, a: np.ndarray, b: np.ndarray, since: np.ndarray, until: np.ndarray, mates: Mates | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """(other accounts on the network, other accounts active) in the period, pair and group left out."""
        others, active = self.on(net, since, until) - 2, self.active(since, until) - 2
        if mates is not None:
            at, account = mates.beside(a, b)
            here = self.has(net[at], account, since[at], until[at])
            up = self.was_active(account, since[at], until[at])
            others = others - np.bincount(at[here], minlength=len(net))
            active = active - np.bincount(at[up], minlength=len(net))
        return np.maximum(others, 0), np.maximum(active, 0)

    def _clip(self, t: np.ndarray) -> np.ndarray:
        return np.asarray(np.clip(t - self.low, 0, self.span - 1))


def background(seen: Sightings, here: Presence, nets: int) -> Background:
    """Counts from all sightings and the presences on static networks."""
    accounts = len(seen.starts)
    key = here.net.astype(np.int64) * accounts + here.account
    order = np.argsort(key, kind="stable")
    at, _ = grouped(key[order])
    net, account = here.net[order[at]], here.account[order[at]]
    first = np.minimum.reduceat(here.first[order], at) if len(at) else here.first
    last = np.maximum.reduceat(here.last[order], at) if len(at) else here.last
    low, high = (int(seen.t.min()), int(seen.t.max())) if len(seen.t) else (0, 0)
    span = high - low + 2
    base = net.astype(np.int64) * span
    day = _DAY * max(1, -(-(high - low) // _DAY // _MOST_DAYS))
    steps, days_of = _steps(seen, low, high, day)
    return Background(
        accounts=accounts,
        net=net,
        account=account,
        first=first,
        last=last,
        starts=np.searchsorted(net, np.arange(nets + 1)),
        firsts=np.sort(base + (first - low)),
        lasts=np.sort(base + (last - low)),
        low=low,
        span=span,
        day=day,
        steps=steps,
        days_of=days_of,
    )


def _steps(seen: Sightings, low: int, high: int, day: int) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative counts [previous day < p, day < d] of account days, and (account, day) keys in order."""
    size = high // day - low // day + 2
    keys = np.unique(seen.account.astype(np.int64) * (size + 2) + (seen.t // day - low // day))
    account, today = keys // (size + 2), keys % (size + 2)
    before = np.where(np.r_[False, account[1:] == account[:-1]], np.r_[0, today[:-1]] + 1, 0) if len(keys) else today
    table = np.zeros((size + 1, size + 1), np.int64)
    np.add.at(table, (before + 1, today + 1), 1)
    return table.cumsum(axis=0).cumsum(axis=1), keys
