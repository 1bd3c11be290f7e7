"""Items from shared networks: co-presence, pools, handover, concurrency, incompatible places, and never meeting."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.items import Item, Llr, Pair
from pipeline.link.world import device_label, distance_km

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from pipeline.link.world import Sightings, World

__all__ = ["network_items"]

_HOUR = 3_600_000_000
_MINUTE = 60_000_000
_DAY = 24 * _HOUR
_CITED = 6


def network_items(world: World, pair: Pair, mates: AbstractSet[str], weights: dict[str, Any]) -> list[Item]:
    """Everything the two accounts' addresses say; `mates` are left out of the background."""
    a, b = world.sightings.get(pair.a), world.sightings.get(pair.b)
    if a is None or b is None:
        return []
    left_out = {pair.a, pair.b} | set(mates)
    shared = [str(n) for n in np.intersect1d(a.net, b.net)]
    classes = {net: world.network_class.get(net, "unknown") for net in shared}
    rows = weights["network"]["class"]
    pools = {kind for kind, row in rows.items() if row.get("pool")}
    static = [_static(world, a, b, net, classes[net], left_out, weights) for net in shared if classes[net] not in pools]
    items = _ranked([item for item in static if item], weights["network"])
    items += [i for kind in sorted(pools) if (i := _pool(world, a, b, kind, left_out, weights))]
    same_service = world.accounts[pair.a]["platform"] == world.accounts[pair.b]["platform"]
    items += [
        i
        for i in (
            _handover(a, b, weights, same_service=same_service),
            _concurrent(a, b, weights, same_service=same_service),
            _places(world, a, b, weights),
        )
        if i
    ]
    never = _never_home(world, a, b, weights)
    items += [never] if never else []
    return [_stated(i, weights) for i in items] if a.stated.all() or b.stated.all() else items


def _stated(item: Item, weights: dict[str, Any]) -> Item:
    """An item that rests on mail whose sender is only stated: half, and nothing against an imitator."""
    used = item.used.scaled(weights["stated_factor"])
    note = "rests on mail whose sender nobody confirms: halved, and nothing against an imitator"
    return dataclasses.replace(
        item, used=used._replace(imitator=min(0.0, used.imitator)), discounts=(*item.discounts, note)
    )


def _near(a: np.ndarray, b: np.ndarray, window: int) -> np.ndarray:
    """For each time of `a`, the distance to the nearest time of `b` when within `window`, else -1."""
    at = np.searchsorted(b, a)
    before = np.where(at > 0, a - b[np.maximum(at - 1, 0)], np.iinfo(np.int64).max)
    after = np.where(at < len(b), b[np.minimum(at, len(b) - 1)] - a, np.iinfo(np.int64).max)
    gap = np.minimum(before, after)
    return np.where(gap <= window, gap, -1)


def _background(world: World, net: str | None, window: tuple[int, int], left_out: AbstractSet[str]) -> tuple[int, int]:
    """(other accounts on `net` in the window, other accounts active anywhere in the window)."""
    here = [k for k in world.on_net.get(net or "", ()) if k not in left_out]
    on_net = sum(world.sightings[k].seen_between(*window, net) for k in here)
    return on_net, sum(seen.seen_between(*window) for k, seen in world.sightings.items() if k not in left_out)


def _static(
    world: World, a: Sightings, b: Sightings, net: str, kind: str, left_out: AbstractSet[str], weights: dict[str, Any]
) -> Item | None:
    row = weights["network"]["class"].get(kind) or weights["network"]["class"]["unknown"]
    at_a, at_b = a.on(net), b.on(net)
    gaps = _near(a.t[at_a], b.t[at_b], weights["co_window_hours"] * _HOUR)
    met = at_a[gaps >= 0]
    if not len(met):
        return None
    span = (int(a.t[met].min()), int(a.t[met].max()))
    window = (span[0] - _DAY, span[1] + _DAY)
    others, active = _background(world, net, window, left_out)
    share, discounts = row["share_same"], []
    if kind == "fixed_isp" and others >= weights["network"]["crowded_others"]:
        share = weights["network"]["crowded_share_same"]
        discounts.append(f"{others} other accounts on this home network: read as shared")
    q = min(1.0, (others + 0.5) / max(1, active))
    raw = max(0.0, math.log10(share / q))
    used = min(raw, row["cap"])
    if used < raw:
        discounts.append(f"capped at {row['cap']} for {kind}")
    back = _near(b.t[at_b], a.t[at_a], weights["co_window_hours"] * _HOUR) >= 0
    cited = _cite(a, met) + _cite(b, at_b[back])
    return Item(
        family="network",
        kind=f"shared network ({kind})",
        identifier_type="ip",
        identifier=net,
        finding=f"both accounts used {net} ({kind}) within {weights['co_window_hours']} hours of each other",
        independence_key=f"net:{net}",
        network_class=kind,
        q=round(q, 4),
        n_other_accounts=others,
        n_active_accounts=active,
        n_raw_events=len(met) + int(back.sum()),
        n_independent=1,
        first_seen=span[0],
        last_seen=span[1],
        min_gap_s=round(int(gaps[gaps >= 0].min()) / 1e6, 3),
        raw=Llr(raw, raw * row["premises"], raw * row["device"], raw),
        used=Llr(used, used * row["premises"], used * row["device"], used),
        cap=f"{row['cap']}",
        cap_source=row["source"],
        discounts=tuple(discounts),
        event_ids=cited,
        exhibits=frozenset(a.exhibit[met]) | frozenset(b.exhibit[at_b[back]]),
    )


def _cite(seen: Sightings, at: np.ndarray) -> tuple[str, ...]:
    """Ids of the first and last few events at these places."""
    if len(at) > _CITED:
        at = np.r_[at[: _CITED // 2], at[-_CITED // 2 :]]
    return tuple(str(e) for e in seen.event_id[at])


def _ranked(items: list[Item], rules: dict[str, Any]) -> list[Item]:
    """Strongest network first; further ones count in part, and all together no more than the family cap."""
    out: list[Item] = []
    room = rules["family_cap"]
    for rank, item in enumerate(sorted(items, key=lambda i: (-i.used.unrelated, i.independence_key))):
        factor = rules["rank_factors"][min(rank, len(rules["rank_factors"]) - 1)]
        value = min(item.used.unrelated * factor, room)
        room -= value
        share = value / item.used.unrelated if item.used.unrelated else 1.0
        note = (f"network no. {rank + 1}: x{share:.2f}",) if share < 1 else ()
        out.append(dataclasses.replace(item, used=item.used.scaled(share), discounts=item.discounts + note))
    return out


def _pool(
    world: World,
    a: Sightings,
    b: Sightings,
    kind: str,
    left_out: AbstractSet[str],
    weights: dict[str, Any],
) -> Item | None:
    """Coincidences on rotating pool addresses, counted against every period in which both accounts used the pool.

    The chance of a coincidence without a common operator is the share of the pool's use, over the whole case and
    without this pair and its group, that falls on the addresses the first account had in that period.
    """
    row = weights["network"]["class"][kind]
    size = weights["pool_window_hours"] * _HOUR
    used_a, used_b = _pool_use(world, a, kind, size), _pool_use(world, b, kind, size)
    chances = sorted(used_a.keys() & used_b.keys())
    met = [bucket for bucket in chances if used_a[bucket] & used_b[bucket]]
    if not met:
        return None
    shares, holders = _pool_shares(world, kind, size, left_out)
    new = 0.5 / (sum(shares.values()) + 1.0)
    total = sum(shares.values()) + 1.0
    raw, rates = 0.0, []
    for bucket in chances:
        q = min(row["share_same"], sum(max(shares.get(net, 0.0) / total, new) for net in used_a[bucket]))
        rates.append(q)
        hit = bool(used_a[bucket] & used_b[bucket])
        raw += math.log10(row["share_same"] / q) if hit else math.log10((1 - row["share_same"]) / (1 - q))
    used = max(row["floor"], min(row["cap"], raw))
    places = [_in_buckets(world, s, kind, size, set(met)) for s in (a, b)]
    return Item(
        family="network",
        kind=f"pool coincidences ({kind})",
        network_class=kind,
        independence_key=f"pool:{kind}",
        finding=f"both used {kind} addresses in {len(chances)} common periods of {weights['pool_window_hours']} hours; "
        f"in {len(met)} of them the same one",
        n_raw_events=sum(len(p) for p in places),
        n_independent=len(met),
        q=round(sum(rates) / len(rates), 4),
        n_other_accounts=max((len(holders.get(n, ())) for k in met for n in used_a[k] & used_b[k]), default=0),
        n_active_accounts=len(set().union(*holders.values())) if holders else 0,
        first_seen=int(a.t[places[0]].min()),
        last_seen=int(a.t[places[0]].max()),
        raw=Llr(raw, raw * row["premises"], raw * row["device"], raw),
        used=Llr(used, used * row["premises"], used * row["device"], used),
        cap=f"{row['floor']}..{row['cap']}",
        cap_source=row["source"],
        event_ids=_cite(a, places[0]) + _cite(b, places[1]),
        exhibits=frozenset(a.exhibit[places[0]]) | frozenset(b.exhibit[places[1]]),
    )


def _pool_use(world: World, seen: Sightings, kind: str, size: int) -> dict[int, set[str]]:
    """Time bucket -> pool addresses used in it."""
    out: dict[int, set[str]] = {}
    for at, net in zip(seen.t, seen.net, strict=True):
        if world.network_class.get(net) == kind:
            out.setdefault(int(at) // size, set()).add(str(net))
    return out


def _pool_shares(
    world: World, kind: str, size: int, left_out: AbstractSet[str]
) -> tuple[dict[str, float], dict[str, set[str]]]:
    """Pool address -> periods of use by other accounts; and who they are."""
    shares: dict[str, float] = {}
    holders: dict[str, set[str]] = {}
    for key, seen in world.sightings.items():
        if key in left_out:
            continue
        for nets in _pool_use(world, seen, kind, size).values():
            for net in nets:
                shares[net] = shares.get(net, 0.0) + 1.0
                holders.setdefault(net, set()).add(key)
    return shares, holders


def _in_buckets(world: World, seen: Sightings, kind: str, size: int, buckets: AbstractSet[int]) -> np.ndarray:
    return np.array(
        [
            i
            for i, (at, net) in enumerate(zip(seen.t, seen.net, strict=True))
            if int(at) // size in buckets and world.network_class.get(net) == kind
        ],
        dtype=np.int64,
    )


def _adjacent(a: Sightings, b: Sightings) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Consecutive events of different accounts in the merged order: index in a, index in b, gap (µs)."""
    t = np.concatenate([a.t, b.t])
    who = np.r_[np.zeros(len(a.t), np.int8), np.ones(len(b.t), np.int8)]
    index = np.r_[np.arange(len(a.t)), np.arange(len(b.t))]
    order = np.lexsort((index, who, t))
    t, who, index = t[order], who[order], index[order]
    turn = np.flatnonzero(who[1:] != who[:-1])
    left = np.where(who[turn] == 0, index[turn], index[turn + 1])
    right = np.where(who[turn] == 0, index[turn + 1], index[turn])
    return left, right, t[turn + 1] - t[turn]


def _handover(a: Sightings, b: Sightings, weights: dict[str, Any], *, same_service: bool) -> Item | None:
    """One account falls silent and the other starts within minutes, on one network, more often than by chance."""
    row, window = weights["handover"], weights["handover_minutes"] * _MINUTE
    a, b = a.within(window), b.within(window)
    turns = _turns(a, b, row["quiet_minutes"] * _MINUTE, window)
    same_id = [k for k in turns if same_service and a.device[k[0]] and a.device[k[0]] == b.device[k[1]]]
    same_ua = [k for k in turns if a.ua[k[0]] and a.ua[k[0]] == b.ua[k[1]]]
    keep, on_device = (same_id, True) if same_id else (same_ua, False)
    days = {int(a.t[i] // _DAY) for i, _ in keep}
    excess = len(days) - _by_chance(a, b, row["quiet_minutes"] * _MINUTE, window)
    if excess <= 0:
        return None
    raw = row["per_day"] * excess
    used = Llr(
        min(raw, row["unrelated"]),
        min(raw, row["premises"]) if on_device else 0.0,
        row["device"],
        min(raw, row["imitator"]),
    )
    where = "network and device" if on_device else "network with the same user agent string"
    at_a, at_b = np.array([i for i, _ in keep]), np.array([j for _, j in keep])
    return _timed(
        a,
        b,
        at_a,
        at_b,
        used,
        Llr(raw, raw, 0.0, raw),
        family="handover",
        kind="handover",
        source=row["source"],
        n=len(days),
        finding=f"on {len(days)} day(s) one account fell silent and the other started within "
        f"{weights['handover_minutes']} minutes on the same {where} ({excess:.1f} more than by chance)",
    )


def _turns(a: Sightings, b: Sightings, quiet: int, window: int) -> list[tuple[int, int]]:
    """(index in a, index in b) of adjacent events within `window` on one network, each account quiet on its side."""
    out = []
    for first, second, flip in ((a, b, False), (b, a, True)):
        ends = np.flatnonzero(np.r_[np.diff(first.t) > quiet, True]) if len(first.t) else np.empty(0, np.int64)
        starts = np.flatnonzero(np.r_[True, np.diff(second.t) > quiet]) if len(second.t) else np.empty(0, np.int64)
        for end in ends:
            near = starts[(second.t[starts] > first.t[end]) & (second.t[starts] - first.t[end] <= window)]
            out += [
                (int(j), int(end)) if flip else (int(end), int(j)) for j in near[:1] if second.net[j] == first.net[end]
            ]
    return sorted(out)


def _by_chance(a: Sightings, b: Sightings, quiet: int, window: int) -> float:
    """Expected turns of two accounts that take no notice of each other, on their common networks and time."""
    common = set(a.net) & set(b.net)
    sides = []
    for seen in (a, b):
        t = seen.t[[n in common for n in seen.net]]
        sides.append((t, 1 + int((np.diff(t) > quiet).sum())) if len(t) else (t, 0))
    (t_a, n_a), (t_b, n_b) = sides
    if not n_a or not n_b:
        return 0.0
    period = max(int(t_a.max()), int(t_b.max())) - min(int(t_a.min()), int(t_b.min())) or window
    awake = period * 2 / 3  # people sleep: sessions crowd into two thirds of the day
    return 2 * n_a * n_b * window / awake


def _concurrent(a: Sightings, b: Sightings, weights: dict[str, Any], *, same_service: bool) -> Item | None:
    row = weights["concurrent"]
    a, b = a.within(_MINUTE), b.within(_MINUTE)
    left, right, gap = _adjacent(a, b)
    keep = []
    for k in np.flatnonzero(gap < _MINUTE):
        x = device_label(a.device[left[k]], a.ua[left[k]], same_service=same_service)
        y = device_label(b.device[right[k]], b.ua[right[k]], same_service=same_service)
        if x and y and x != y and x[:3] == y[:3]:
            keep.append(int(k))
    days = {int(a.t[left[k]] // _DAY) for k in keep}
    if not days:
        return None
    raw = row["per_day"] * len(days)
    used = Llr(*(max(raw, row[k]) for k in ("unrelated", "premises", "device", "imitator")))
    return _timed(
        a,
        b,
        left[keep],
        right[keep],
        used,
        Llr(raw, raw, raw, raw),
        family="contradiction",
        kind="concurrent use",
        source=row["source"],
        n=len(days),
        finding=f"on {len(days)} day(s) both accounts were in use within the same minute on different devices",
    )


def _places(world: World, a: Sightings, b: Sightings, weights: dict[str, Any]) -> Item | None:
    row, window = weights["places"], weights["place_minutes"] * _MINUTE
    a, b = a.within(window), b.within(window)
    left, right, gap = _adjacent(a, b)
    keep = []
    for k in np.flatnonzero(gap <= window):
        one, two = world.places.get(str(a.net[left[k]])), world.places.get(str(b.net[right[k]]))
        if one and two and distance_km(one, two) - one.radius_km - two.radius_km > weights["place_km"]:
            keep.append(int(k))
    days = {int(a.t[left[k]] // _DAY) for k in keep}
    if not days:
        return None
    raw = row["each"] * len(days)
    used = max(raw, row["cap"])
    return _timed(
        a,
        b,
        left[keep],
        right[keep],
        Llr(used, used, used, used),
        Llr(raw, raw, raw, raw),
        family="contradiction",
        kind="incompatible places",
        source=row["source"],
        n=len(days),
        finding=f"on {len(days)} day(s) the accounts were used within {weights['place_minutes']} minutes in places "
        f"more than {weights['place_km']} km apart, accuracy allowed for",
    )


def _timed(
    a: Sightings,
    b: Sightings,
    at_a: np.ndarray,
    at_b: np.ndarray,
    used: Llr,
    raw: Llr,
    *,
    family: str,
    kind: str,
    finding: str,
    source: str,
    n: int,
) -> Item:
    return Item(
        family=family,
        kind=kind,
        finding=finding,
        independence_key=kind,
        raw=raw,
        used=used,
        cap_source=source,
        n_raw_events=len(at_a) + len(at_b),
        n_independent=n,
        first_seen=int(a.t[at_a].min()),
        last_seen=int(a.t[at_a].max()),
        event_ids=_cite(a, at_a) + _cite(b, at_b),
        exhibits=frozenset(a.exhibit[at_a]) | frozenset(b.exhibit[at_b]),
    )


def _never_home(world: World, a: Sightings, b: Sightings, weights: dict[str, Any]) -> Item | None:
    """Both have home networks, were active on many common days, and no home network was used by both."""
    row = weights["contrary"]
    homes = [np.array([world.network_class.get(n) == "fixed_isp" for n in s.net], dtype=bool) for s in (a, b)]
    if set(a.net[homes[0]]) & set(b.net[homes[1]]):
        return None
    days = set((a.t[homes[0]] // _DAY).tolist()) & set((b.t[homes[1]] // _DAY).tolist())
    if len(days) < row["never_shared_days"]:
        return None
    value = Llr(unrelated=row["never_shared_home"])
    return Item(
        family="contradiction",
        kind="never on a common home network",
        independence_key="never-home",
        raw=value,
        used=value,
        cap_source=row["source"],
        n_independent=len(days),
        finding=f"both accounts used home networks on {len(days)} common days and never the same one",
        exhibits=frozenset(a.exhibit) | frozenset(b.exhibit),
    )
