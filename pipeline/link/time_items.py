"""Items from how two accounts follow each other in time: taking turns, being in use at once, being far apart.

Every event of the quieter account is set against the events of the other one just before and just after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.items import Items, Pairs, make_items
from pipeline.link.meetings import merge, pair_up
from pipeline.link.weights import ALTERNATIVES

if TYPE_CHECKING:
    from pipeline.link.world import Networks, World

__all__ = ["Neighbours", "distance_km", "meetings_of", "neighbours", "silence", "time_items"]

_MINUTE = 60_000_000
_DAY = 86_400_000_000
_BLOCK = 2_000_000


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Adjacent events of the two accounts of a pair: sighting of `a`, sighting of `b`, seconds do not matter here.

    `a_first` says which came first (both, when at the same microsecond: `a`).
    """

    pair: np.ndarray
    a: np.ndarray
    b: np.ndarray
    a_first: np.ndarray


def neighbours(world: World, pairs: Pairs, at: np.ndarray, window_us: int) -> Neighbours:
    """Adjacent events, no further apart than the window, of the pairs at these places."""
    seen = world.seen
    n_a, n_b = (seen.starts[side[at] + 1] - seen.starts[side[at]] for side in (pairs.a, pairs.b))
    small = np.where(n_a <= n_b, pairs.a[at], pairs.b[at])
    large = np.where(n_a <= n_b, pairs.b[at], pairs.a[at])
    which, row = pair_up(seen.starts[small], seen.starts[small + 1])
    low = int(seen.t.min()) if len(seen.t) else 0
    span = (int(seen.t.max()) if len(seen.t) else 0) - low + 2
    keys = seen.account.astype(np.int64) * span + (seen.t - low)
    wanted = large[which].astype(np.int64) * span + (seen.t[row] - low)
    out = []
    for place, ahead in (
        (np.searchsorted(keys, wanted), True),
        (np.searchsorted(keys, wanted, side="right") - 1, False),
    ):
        inside = (place >= seen.starts[large[which]]) & (place < seen.starts[large[which] + 1])
        other = np.where(inside, place, 0)
        gap = np.abs(seen.t[other] - seen.t[row])
        keep = inside & (gap <= window_us) & (ahead | (gap > 0))
        mine, theirs, swap = row[keep], other[keep], (small != pairs.a[at])[which[keep]]
        a, b = np.where(swap, theirs, mine), np.where(swap, mine, theirs)
        out.append((at[which[keep]], a, b, np.where(swap, ~np.full(len(a), ahead), ahead) | (seen.t[a] == seen.t[b])))
    return Neighbours(*(np.concatenate([o[i] for o in out]) for i in range(4)))


def time_items(world: World, pairs: Pairs, weights: dict[str, Any]) -> list[Items]:
    """Handovers, concurrent use and incompatible places of all pairs."""
    out, quiet = [], silence(world)
    for at in _blocks(world, pairs):
        found = meetings_of(world, pairs, at, quiet, weights)
        out += [
            _handovers(world, pairs, found["handover"], weights),
            _concurrent(world, found["concurrent"], weights),
            _places(world, found["places"], weights),
        ]
    return out


def meetings_of(
    world: World, pairs: Pairs, at: np.ndarray, quiet: tuple[np.ndarray, np.ndarray], weights: dict[str, Any]
) -> dict[str, Neighbours]:
    """By kind of item, the adjacent events of the pairs at these places that it rests on."""
    seen = world.seen
    near = neighbours(world, pairs, at, weights["place_minutes"] * _MINUTE)
    spread = np.maximum(seen.spread[near.a], seen.spread[near.b])
    gap = np.abs(seen.t[near.a] - seen.t[near.b])
    return {
        "handover": _turns(world, near, (gap, spread), quiet, weights),
        "concurrent": _pick(near, (gap < _MINUTE) & (spread <= _MINUTE) & _devices_differ(world, pairs, near)),
        "places": _pick(near, _far_apart(world, near, weights) & (spread <= weights["place_minutes"] * _MINUTE)),
    }


def _blocks(world: World, pairs: Pairs) -> list[np.ndarray]:
    """Places of the pairs that have sightings on both sides, in blocks of a bounded number of events."""
    sizes = np.diff(world.seen.starts)
    cost = np.minimum(sizes[pairs.a], sizes[pairs.b])
    at = np.flatnonzero(cost > 0)
    block = np.cumsum(cost[at]) // _BLOCK
    return np.split(at, np.flatnonzero(np.diff(block)) + 1)


def silence(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Time (µs) since the account's last event, and until its next one, for every sighting."""
    account, t = world.seen.account, world.seen.t
    far = np.iinfo(np.int64).max
    step = np.where(account[1:] == account[:-1], np.diff(t), far) if len(t) else np.zeros(0, np.int64)
    return np.r_[far, step][: len(t)], np.r_[step, far][: len(t)]


def _pick(near: Neighbours, keep: np.ndarray) -> Neighbours:
    return Neighbours(near.pair[keep], near.a[keep], near.b[keep], near.a_first[keep])


def _by_pair(world: World, near: Neighbours) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Pairs, and what every timed item carries; `n_independent` counts days."""
    seen = world.seen
    order, starts, _ = merge(near.pair)
    a, b, pair = near.a[order], near.b[order], near.pair[order]
    day = seen.t[a] // _DAY
    cells = np.unique(pair * (2**24) + (day - (day.min() if len(day) else 0)))
    first = pair[starts]
    days = np.bincount(np.searchsorted(first, cells // 2**24), minlength=len(first))

    def over(how: np.ufunc, values: np.ndarray) -> np.ndarray:
        return how.reduceat(values, starts) if len(starts) else values

    ex = [over(np.minimum, seen.exhibit[a]), over(np.maximum, seen.exhibit[a])]
    ex += [over(np.minimum, seen.exhibit[b]), over(np.maximum, seen.exhibit[b])]
    return first, {
        "n_raw": 2 * over(np.add, np.ones(len(a), np.int64)),
        "n_independent": days,
        "first": over(np.minimum, seen.t[a]),
        "last": over(np.maximum, seen.t[a]),
        "exhibits": np.column_stack(ex),
    }


def _turns(
    world: World,
    near: Neighbours,
    times: tuple[np.ndarray, np.ndarray],
    quiet: tuple[np.ndarray, np.ndarray],
    weights: dict[str, Any],
) -> Neighbours:
    """One account falls silent and the other starts within minutes, on one network and device (or user agent)."""
    seen, (gap, spread), (before, after) = world.seen, times, quiet
    window, silent = weights["handover_minutes"] * _MINUTE, weights["handover"]["quiet_minutes"] * _MINUTE
    ended = np.where(near.a_first, after[near.a], after[near.b]) > silent
    started = np.where(near.a_first, before[near.b], before[near.a]) > silent
    same_id = _same(seen.device, near)
    turn = (gap <= window) & (spread <= window) & ended & started & (seen.net[near.a] == seen.net[near.b])
    by_id = np.isin(near.pair, np.unique(near.pair[turn & same_id]))
    return _pick(near, turn & np.where(by_id, same_id, _same(seen.ua, near)))


def _same(values: np.ndarray, near: Neighbours) -> np.ndarray:
    """Whether both events show the same value, and show one."""
    return np.asarray((values[near.a] >= 0) & (values[near.a] == values[near.b]))


def _handovers(world: World, pairs: Pairs, turns: Neighbours, weights: dict[str, Any]) -> Items:
    """Turns on more days than by chance."""
    row = weights["handover"]
    window, silent = weights["handover_minutes"] * _MINUTE, row["quiet_minutes"] * _MINUTE
    pair, common = _by_pair(world, turns)
    on_device = np.isin(pair, turns.pair[_same(world.seen.device, turns)])
    chance = _by_chance(world, pairs, pair, silent, window)
    excess = common["n_independent"] - chance
    keep = np.flatnonzero(excess > 0)
    raw = row["per_day"] * excess[keep]
    held = on_device[keep]
    used = np.column_stack(
        [
            np.minimum(raw, row["unrelated"]),
            np.where(held, np.minimum(raw, row["premises"]), 0.0),
            np.full(len(raw), row["device"]),
            np.minimum(raw, row["imitator"]),
        ]
    )
    kept = {name: values[keep] for name, values in common.items()}
    notes = np.where(held, 1 << 7, 0)
    extra = np.column_stack([excess[keep], common["n_independent"][keep]])
    return make_items(
        "handover", pair[keep], np.column_stack([raw, raw, 0 * raw, raw]), used, notes=notes, extra=extra, **kept
    )


def _by_chance(world: World, pairs: Pairs, at: np.ndarray, quiet: int, window: int) -> np.ndarray:
    """Expected turns of two accounts that take no notice of each other, on their common networks and time."""
    seen, out = world.seen, np.zeros(len(at))
    for n, pair in enumerate(at):
        one, two = seen.of(int(pairs.a[pair])), seen.of(int(pairs.b[pair]))
        common = np.intersect1d(seen.net[one], seen.net[two])
        t_a, t_b = (seen.t[cut][np.isin(seen.net[cut], common)] for cut in (one, two))
        if len(t_a) and len(t_b):
            sessions = [1 + int((np.diff(t) > quiet).sum()) for t in (t_a, t_b)]
            period = max(int(t_a[-1]), int(t_b[-1])) - min(int(t_a[0]), int(t_b[0])) or window
            awake = period * 2 / 3  # people sleep: sessions crowd into two thirds of the day
            out[n] = 2 * sessions[0] * sessions[1] * window / awake
    return out


def _devices_differ(world: World, pairs: Pairs, near: Neighbours) -> np.ndarray:
    """Whether the two events come from devices that are told apart with little risk.

    By device id within one service, else by the system that a user agent names.
    """
    seen = world.seen
    same_service = world.platform[pairs.a[near.pair]] == world.platform[pairs.b[near.pair]]
    ids = [seen.device[side] for side in (near.a, near.b)]
    by_id = [same_service & (i >= 0) for i in ids]
    systems = [seen.system[side] for side in (near.a, near.b)]
    by_system = (systems[0] >= 0) & (systems[1] >= 0) & (systems[0] != systems[1])
    return np.asarray(np.where(by_id[0] | by_id[1], by_id[0] & by_id[1] & (ids[0] != ids[1]), by_system))


def _concurrent(world: World, near: Neighbours, weights: dict[str, Any]) -> Items:
    """Both accounts in use within a minute on different devices."""
    row = weights["concurrent"]
    pair, common = _by_pair(world, near)
    raw = row["per_day"] * common["n_independent"]
    used = np.column_stack([np.maximum(raw, row[k]) for k in ALTERNATIVES])
    return make_items("concurrent", pair, np.column_stack([raw] * 4), used, **common)


def _far_apart(world: World, near: Neighbours, weights: dict[str, Any]) -> np.ndarray:
    """Whether the two events are in places further apart than their accuracy allows."""
    nets, one, two = world.nets, world.seen.net[near.a], world.seen.net[near.b]
    if not len(one):
        return np.zeros(0, bool)
    with np.errstate(invalid="ignore"):
        return np.asarray(distance_km(nets, one, two) - nets.radius[one] - nets.radius[two] > weights["place_km"])


def _places(world: World, near: Neighbours, weights: dict[str, Any]) -> Items:
    """Both accounts in use within minutes, in places too far apart."""
    row = weights["places"]
    pair, common = _by_pair(world, near)
    raw = row["each"] * common["n_independent"].astype(float)
    return make_items(
        "places", pair, np.column_stack([raw] * 4), np.column_stack([np.maximum(raw, row["cap"])] * 4), **common
    )


def distance_km(nets: Networks, one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """Great-circle distance on a sphere of 6,371 km; nan where a place is not known."""
    lat = [np.radians(nets.latitude[side]) for side in (one, two)]
    lon = [np.radians(nets.longitude[side]) for side in (one, two)]
    half = np.sin((lat[1] - lat[0]) / 2) ** 2
    half = half + np.cos(lat[0]) * np.cos(lat[1]) * np.sin((lon[1] - lon[0]) / 2) ** 2
    found: np.ndarray = 2 * 6371.0 * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return found
