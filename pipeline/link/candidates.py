"""Which pairs of accounts are worth scoring: those that share something within a time window, with hubs left out."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from pipeline.link.identifier_items import name_stem
from pipeline.link.items import Pair

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.link.world import World

__all__ = ["candidate_pairs"]

_HOUR = 3_600_000_000
_STRONG = {
    "device_id",
    "cookie",
    "ad_id",
    "key_fingerprint",
    "payment",
    "recovery_email",
    "recovery_phone",
    "email",
    "phone",
}
_PREFIX = 4


def candidate_pairs(world: World, weights: dict[str, Any]) -> tuple[list[Pair], list[dict[str, Any]]]:
    """Pairs to score, and rows of `suppressed` for identifiers too common to suggest any."""
    cap, pairs, suppressed = weights["group_cap"], set(), []
    groups = [*_by_identifier(world), *_by_contact(world), *_by_name(world)]
    for kind, value, members in groups:
        if len(members) > cap:
            suppressed.append(_suppressed(kind, value, len(members), "shared by too many accounts"))
        else:
            pairs |= {Pair(*p) for p in combinations(sorted(members), 2)}
    for net, buckets in _by_network(world, weights).items():
        crowded = [len(m) for m in buckets if len(m) > cap]
        if crowded:
            suppressed.append(_suppressed("ip", net, max(crowded), "too many accounts in one time window"))
        for members in buckets:
            if 1 < len(members) <= cap:
                pairs |= {Pair(*p) for p in combinations(sorted(members), 2)}
    return sorted(pairs), suppressed


def _suppressed(kind: str, value: str, n: int, reason: str) -> dict[str, Any]:
    return {"identifier_type": kind, "identifier": value, "n_accounts": n, "reason": reason}


def _by_identifier(world: World) -> Iterable[tuple[str, str, set[str]]]:
    return ((k, v, set(h)) for (k, v), h in world.holders.items() if k in _STRONG and len(h) > 1)


def _by_contact(world: World) -> Iterable[tuple[str, str, set[str]]]:
    """Addresses seen as any kind of contact, and as an e-mail account of their own."""
    found: dict[str, set[str]] = {}
    for (kind, value), holders in world.holders.items():
        if kind in {"recovery_email", "email", "recovery_phone", "phone"}:
            found.setdefault(value.lower(), set()).update(holders)
    for key, row in world.accounts.items():
        if row["platform"] == "email" and row["login"]:
            found.setdefault(row["login"], set()).add(key)
    return (("contact", v, h) for v, h in found.items() if len(h) > 1)


def _by_name(world: World) -> Iterable[tuple[str, str, set[str]]]:
    """Accounts whose names begin alike or have the same letters; scoring decides how alike they are."""
    found: dict[str, set[str]] = {}
    for key, row in world.accounts.items():
        stem = name_stem((row["login"] or "").split("@")[0])
        if len(stem) >= _PREFIX:
            found.setdefault(stem[:_PREFIX], set()).add(key)
    return (("name", v, h) for v, h in found.items() if len(h) > 1)


def _by_network(world: World, weights: dict[str, Any]) -> dict[str, list[set[str]]]:
    """Network -> groups of accounts seen in the same or the next time bucket."""
    pools = {k for k, row in weights["network"]["class"].items() if row.get("pool")}
    out: dict[str, list[set[str]]] = {}
    for net, keys in world.on_net.items():
        if len(keys) < 2:
            continue
        hours = weights["pool_window_hours"] if world.network_class.get(net) in pools else weights["co_window_hours"]
        buckets: dict[int, set[str]] = {}
        for key in keys:
            seen = world.sightings[key]
            for bucket in set((seen.t[seen.on(net)] // (hours * _HOUR)).tolist()):
                buckets.setdefault(bucket, set()).add(key)
        out[net] = [buckets[b] | buckets.get(b + 1, set()) for b in sorted(buckets)]
    return out
