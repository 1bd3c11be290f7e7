"""Items from shared networks: co-presence, pools, handover, concurrency, incompatible places, and never meeting."""

from __future__ import annotations

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
    items += [i for i in (_handover(a, b, weights), _concurrent(a, b, weights), _places(world, a, b, weights)) if i]
    never = _never_home(world, a, b, static, weights)
    return items + ([never] if never else [])


def _near(a: np.ndarray, b: np.ndarray, window: int) -> np.ndarray:
    """For each time of `a`, the distance to the nearest time of `b` when within `window`, else -1."""
    at = np.searchsorted(b, a)
    before = np.where(at > 0, a - b[np.maximum(at - 1, 0)], np.iinfo(np.int64).max)
    after = np.where(at < len(b), b[np.minimum(at, len(b) - 1)] - a, np.iinfo(np.int64).max)
    gap = np.minimum(before, after)
    return np.where(gap <= window, gap, -1)


def _background(world: World, net: str | None, window: tuple[int, int], left_out: AbstractSet[str]) -> tuple[int, int]:
    """(other accounts on `net` in the window, other accounts active anywhere in the window)."""

    def active(key: str, only: str | None) -> bool:
        seen = world.sightings[key]
        inside = (seen.t >= window[0]) & (seen.t <= window[1])
        return bool((inside & (seen.net == only)).any() if only else inside.any())

    others = [k for k in world.sightings if k not in left_out]
    on_net = sum(active(k, net) for k in world.on_net.get(net or "", ()) if k not in left_out)
    return on_net, sum(active(k, None) for k in others)


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
    import dataclasses

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
    world: World, a: Sightings, b: Sightings, kind: str, left_out: AbstractSet[str], weights: dict[str, Any]
) -> Item | None:
    """Coincidences on rotating pool addresses, counted against the opportunities both accounts had."""
    row = weights["network"]["class"][kind]
    size = weights["pool_window_hours"] * _HOUR
    in_pool = [np.flatnonzero([world.network_class.get(n) == kind for n in s.net]) for s in (a, b)]
    keys = [{(int(s.t[i] // size), s.net[i]) for i in at} for s, at in zip((a, b), in_pool, strict=True)]
    met = sorted(keys[0] & keys[1])
    chances = len({bucket for bucket, _ in keys[0]} & {bucket for bucket, _ in keys[1]})
    if not met or not chances:
        return None
    counts = [_background(world, net, (bucket * size, (bucket + 1) * size), left_out) for bucket, net in met]
    q = float(np.mean([min(0.95, (o + 0.5) / max(1, n)) for o, n in counts]))
    share, missed = row["share_same"], chances - len(met)
    raw = len(met) * math.log10(share / q) + missed * math.log10((1 - share) / (1 - q))
    used = max(row["floor"], min(row["cap"], raw))
    places = [
        np.array([i for i in at if (int(s.t[i] // size), s.net[i]) in set(met)], dtype=np.int64)
        for s, at in zip((a, b), in_pool, strict=True)
    ]
    return Item(
        family="network",
        kind=f"pool coincidences ({kind})",
        network_class=kind,
        independence_key=f"pool:{kind}",
        finding=f"of {chances} periods of {weights['pool_window_hours']} hours in which both used {kind} addresses, "
        f"{len(met)} show the same address",
        n_raw_events=sum(len(p) for p in places),
        n_independent=len(met),
        q=round(q, 4),
        n_other_accounts=max(o for o, _ in counts),
        n_active_accounts=max(n for _, n in counts),
        first_seen=int(a.t[places[0]].min()),
        last_seen=int(a.t[places[0]].max()),
        raw=Llr(raw, raw * row["premises"], raw * row["device"], raw),
        used=Llr(used, used * row["premises"], used * row["device"], used),
        cap=f"{row['floor']}..{row['cap']}",
        cap_source=row["source"],
        event_ids=_cite(a, places[0]) + _cite(b, places[1]),
        exhibits=frozenset(a.exhibit[places[0]]) | frozenset(b.exhibit[places[1]]),
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


def _handover(a: Sightings, b: Sightings, weights: dict[str, Any]) -> Item | None:
    row = weights["handover"]
    left, right, gap = _adjacent(a, b)
    keep = [
        i
        for i in range(len(gap))
        if gap[i] <= weights["handover_minutes"] * _MINUTE
        and a.net[left[i]] == b.net[right[i]]
        and _same_device(a, left[i], b, right[i])
    ]
    days = {int(a.t[left[i]] // _DAY) for i in keep}
    if not days:
        return None
    raw = row["per_day"] * len(days)
    at_a, at_b = left[keep], right[keep]
    used = Llr(*(min(raw, row[k]) for k in ("unrelated", "premises", "device", "imitator")))
    return _timed(
        a,
        b,
        at_a,
        at_b,
        used,
        Llr(raw, raw, raw, raw),
        family="handover",
        kind="handover",
        source=row["source"],
        n=len(days),
        finding=f"on {len(days)} day(s) one account stopped and the other started within "
        f"{weights['handover_minutes']} minutes on the same network and device",
    )


def _same_device(a: Sightings, i: int, b: Sightings, j: int) -> bool:
    if a.device[i] and b.device[j]:
        return bool(a.device[i] == b.device[j])
    return bool(a.ua[i] and a.ua[i] == b.ua[j])


def _concurrent(a: Sightings, b: Sightings, weights: dict[str, Any]) -> Item | None:
    row = weights["concurrent"]
    left, right, gap = _adjacent(a, b)
    labels = [
        (device_label(a.device[i], a.ua[i]), device_label(b.device[j], b.ua[j]))
        for i, j in zip(left, right, strict=True)
    ]
    keep = [k for k, (x, y) in enumerate(labels) if gap[k] < _MINUTE and x and y and x != y and x[:3] == y[:3]]
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
    row = weights["places"]
    left, right, gap = _adjacent(a, b)
    keep = []
    for k in np.flatnonzero(gap <= weights["place_minutes"] * _MINUTE):
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


def _never_home(
    world: World, a: Sightings, b: Sightings, met: list[Item | None], weights: dict[str, Any]
) -> Item | None:
    """Both have home networks, were active on many common days, and were never on one of them together."""
    row = weights["contrary"]
    if any(i and i.network_class == "fixed_isp" for i in met):
        return None
    homes = [np.array([world.network_class.get(n) == "fixed_isp" for n in s.net], dtype=bool) for s in (a, b)]
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
