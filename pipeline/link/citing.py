"""What an item of evidence rests on: the events that are cited for it, and the closest two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.candidates import CONTACTS
from pipeline.link.items import Pairs
from pipeline.link.time_items import Neighbours, meetings_of, silence

if TYPE_CHECKING:
    from pipeline.link.world import World

__all__ = ["Citer"]

_CITED = 6
_TIMED = ("handover", "concurrent", "places")
_HOUR = 3_600_000_000


class Citer:
    """Finds the events behind the items of a pair; the last pair's meetings are kept at hand."""

    def __init__(self, world: World, weights: dict[str, Any]) -> None:
        """Index what accounts show and wrote."""
        self.world, self.weights = world, weights
        held = world.held
        self._held: dict[tuple[int, int], list[int]] = {}
        for row, where in enumerate(zip(held.account.tolist(), held.value.tolist(), strict=True)):
            self._held.setdefault(where, []).append(row)
        self._quiet = silence(world)
        self._wrote: dict[str, list[str]] = {}
        if "event_id" in world.texts.column_names:
            for key, event in zip(*(world.texts[c].to_pylist() for c in ("account", "event_id")), strict=True):
                self._wrote.setdefault(key, []).append(event)
        self._met: tuple[tuple[int, int], dict[str, Neighbours]] | None = None

    def net_class(self, name: str, ref: int) -> str | None:
        """Class label of the network or pool an item speaks of."""
        if name == "network":
            return self.world.nets.label[ref]
        if name == "pool":
            rows = self.weights["network"]["class"]
            return str([k for k, row in rows.items() if row.get("pool")][ref])
        return None

    def shown_as(self, account: int, value: int) -> str | None:
        """The strongest statement under which an account shows a value."""
        rows = self._held.get((account, value))
        if not rows:
            return None
        kinds = [self.world.kinds[self.world.held.kind[r]] for r in rows]
        return str(min(kinds, key=lambda k: CONTACTS.index(k) if k in CONTACTS else -1))

    def events(self, name: str, ref: int, pair: tuple[int, int]) -> tuple[list[str], int]:
        """First and last few events on either side, and how many exhibits they come from."""
        if name in {"network", "pool", *_TIMED}:
            at = self._rests_on(name, ref, pair)
            ids = [str(e) for side in at for e in self.world.seen.event.take(_few(side)).to_pylist()]
            return ids, len(set(np.concatenate([self.world.seen.exhibit[side] for side in at]).tolist()))
        if name in {"style", "rhythm"} or name.startswith("name_"):
            return self._examples(name, pair)
        if ref < 0:
            rows = [r for account in pair for r in self._differing(name, account)][:_CITED]
            per = 2
        else:
            rows, per = [r for account in pair for r in self._held.get((account, ref), ())[:1]], 5
        held = self.world.held
        ids = [e for r in rows for e in held.events[r][:per]]
        return ids, len({x for r in rows for x in (int(held.low[r]), int(held.high[r]))})

    def _examples(self, name: str, pair: tuple[int, int]) -> tuple[list[str], int]:
        """A few of the events of either account in which its name, hours or texts stand."""
        world, ids, sources = self.world, [], set()
        for account in pair:
            at = np.arange(*world.seen.of(account).indices(len(world.seen.t))[:2])
            own = self._wrote.get(world.keys[account], [])[:3] if name == "style" else []
            ids += own or [str(e) for e in world.seen.event.take(_few(at)).to_pylist()[:3]]
            sources |= set(world.seen.exhibit[at].tolist())
        return ids, len(sources)

    def _differing(self, name: str, account: int) -> list[int]:
        kinds = {"device_differ": ("device_id", "cookie"), "recovery_differ": ("recovery_email", "recovery_phone")}
        wanted = {self.world.kinds.index(k) for k in kinds.get(name, ()) if k in self.world.kinds}
        held = self.world.held
        mine = np.flatnonzero((held.account == account) & np.isin(held.kind, sorted(wanted)))
        return [int(r) for r in mine[:3]]

    def _sightings(self, name: str, ref: int, mine: int, theirs: int) -> np.ndarray:
        """Sightings of one account that are near one of the other, in the sense of the kind."""
        seen = self.world.seen
        own, other = (np.arange(*seen.of(k).indices(len(seen.t))[:2]) for k in (mine, theirs))
        if name == "network":
            own, other = own[seen.net[own] == ref], other[seen.net[other] == ref]
            window = self.weights["co_window_hours"] * _HOUR
        elif name == "pool":
            kind = self.net_class(name, ref)
            label = np.array([k == kind for k in self.world.nets.label], bool)
            own, other = own[label[seen.net[own]]], other[label[seen.net[other]]]
            size = self.weights["pool_window_hours"] * _HOUR
            n = len(self.world.nets.names)
            keys = [(seen.t[s] // size) * n + seen.net[s] for s in (own, other)]
            return np.asarray(own[np.isin(keys[0], keys[1])])
        return np.asarray(own[_near(seen.t[own], seen.t[other], window)])

    def _rests_on(self, name: str, ref: int, pair: tuple[int, int]) -> list[np.ndarray]:
        """The sightings of either account that an item rests on."""
        if name not in _TIMED:
            return [self._sightings(name, ref, *pair), self._sightings(name, ref, *reversed(pair))]
        if self._met is None or self._met[0] != pair:
            one = Pairs(np.array(pair[:1]), np.array(pair[1:]), len(self.world.keys))
            self._met = (pair, meetings_of(self.world, one, np.zeros(1, np.int64), self._quiet, self.weights))
        near = self._met[1][name]
        order = np.lexsort((near.b, near.a))
        return [near.a[order], near.b[order]]

    def gap(self, name: str, ref: int, pair: tuple[int, int]) -> float | None:
        """Seconds between the closest two events on a common network."""
        if name != "network":
            return None
        one, two = (self.world.seen.t[side] for side in self._rests_on(name, ref, pair))
        after = np.minimum(np.searchsorted(two, one), len(two) - 1)
        gaps = np.minimum(np.abs(two[after] - one), np.abs(one - two[np.maximum(after - 1, 0)]))
        return round(int(gaps.min()) / 1e6, 3) if len(gaps) else None


def _near(a: np.ndarray, b: np.ndarray, window: int) -> np.ndarray:
    """Which times of `a` have one of `b` within the window."""
    found: np.ndarray = np.searchsorted(b, a - window) < np.searchsorted(b, a + window, side="right")
    return found


def _few(at: np.ndarray) -> np.ndarray:
    return np.r_[at[: _CITED // 2], at[-(_CITED // 2) :]] if len(at) > _CITED else at
