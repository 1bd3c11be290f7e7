"""Items from shared networks: co-presence on one, pools, what follows in time, and never meeting at home."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.items import Item, Llr, Pair
from pipeline.link.pool_items import pool_item
from pipeline.link.time_items import concurrent_item, handover_item, places_item

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from pipeline.link.world import Sightings, World

__all__ = ["network_items"]

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR


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
    items += [i for kind in sorted(pools) if (i := pool_item(world, a, b, kind, left_out, weights))]
    same_service = world.accounts[pair.a]["platform"] == world.accounts[pair.b]["platform"]
    items += [
        i
        for i in (
            handover_item(a, b, weights, same_service=same_service),
            concurrent_item(a, b, weights, same_service=same_service),
            places_item(world, a, b, weights),
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
    cited = a.cite(met) + b.cite(at_b[back])
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
