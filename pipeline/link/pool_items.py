"""Items from rotating pools (mobile carriers, shared addresses): coincidences against opportunities."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.items import Item, Llr

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from pipeline.link.world import Sightings, World

__all__ = ["pool_item"]

_HOUR = 3_600_000_000


def pool_item(
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
        event_ids=a.cite(places[0]) + b.cite(places[1]),
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
