"""Which pairs of accounts are worth scoring: those that share something within a time window, with hubs left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.items import Pairs, grouped
from pipeline.link.meetings import Meetings, Presence, crowds, meet, pair_up, presence
from pipeline.link.names import name_stem
from pipeline.link.placeholders import is_placeholder
from pipeline.link.world import NO_TIME

if TYPE_CHECKING:
    from pipeline.link.world import World

__all__ = ["CONTACTS", "SHARED_KINDS", "Candidates", "Shared", "candidates"]

_HOUR = 3_600_000_000
CONTACTS = ("recovery_email", "recovery_phone", "email", "phone")
"""What counts as a way to reach the holder, the strongest statement first."""

SHARED_KINDS: dict[str, tuple[str, ...]] = {
    "device_id": ("device_id",),
    "cookie": ("cookie",),
    "ad_id": ("ad_id",),
    "key_fingerprint": ("key_fingerprint",),
    "camera": ("camera_serial",),
    "payment": ("payment",),
    "recovery": CONTACTS,
    "user_agent": ("user_agent",),
    "contact": ("contact",),
    "content": ("url", "media_sha256"),
}
"""Kind of item -> identifier types that count as one."""

_SUGGESTING = ("device_id", "cookie", "ad_id", "key_fingerprint", "camera", "payment", "recovery")
_PREFIX = 4


@dataclass(frozen=True, slots=True)
class Shared:
    """An identifier that two accounts show, as rows of one kind.

    `left` and `right` are rows of `Held` (own table per kind, an account's strongest statement first); `size` is the
    number of accounts that show it.
    """

    held: Held
    left: np.ndarray
    right: np.ndarray
    size: np.ndarray


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of one kind, sorted by value and account; `source` is the row of `World.held` or -1 (own address)."""

    account: np.ndarray
    value: np.ndarray
    source: np.ndarray
    typed: np.ndarray
    accounts: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs to score and the joins that suggested them.

    Attributes:
        static, pools: presences of one day on networks, of six hours on rotating pools.
        met, hits: meetings in them.
        shared: kind -> identifier rows in common.
        asked: pairs that nothing suggested but somebody asking (a mask); they never move a group.
        suppressed: rows of `suppressed`.
    """

    pairs: Pairs
    static: Presence
    met: Meetings
    pools: Presence
    hits: Meetings
    shared: dict[str, Shared]
    suppressed: list[dict[str, Any]]
    asked: np.ndarray


def candidates(world: World, weights: dict[str, Any], more: list[tuple[int, int]] | None = None) -> Candidates:
    """Pairs to score; `more` are pairs somebody asks for, whatever they share."""
    cap, n = weights["group_cap"], len(world.keys)
    rows = weights["network"]["class"]
    pool = np.array([bool(rows.get(label, {}).get("pool")) for label in world.nets.label], bool)
    pooled = pool[world.seen.net] if len(pool) else np.zeros(0, bool)
    certain = world.seen.spread <= weights["certain_time_hours"] * _HOUR
    day, six = weights["co_window_hours"] * _HOUR, weights["pool_window_hours"] * _HOUR
    static, pools = presence(world.seen, ~pooled, day), presence(world.seen, pooled & certain, six)
    met, hits = meet(static, cap, day), meet(pools, cap, None)
    shared = {name: _shared(world, name, cap) for name in SHARED_KINDS}
    keys = [
        _keys(static.account[met.left], static.account[met.right], n),
        _keys(pools.account[hits.left], pools.account[hits.right], n),
        *(_keys(s.held.account[s.left], s.held.account[s.right], n) for k in _SUGGESTING for s in (shared[k],)),
        _by_name(world, cap),
    ]
    suggested = np.concatenate(keys)
    pairs = Pairs.of(np.concatenate([suggested, _asked(more or [], n)]), n)
    suppressed = _crowded(world, static, cap) + _crowded(world, pools, cap)
    suppressed += [row for name in _SUGGESTING for row in _popular(world, shared[name].held, name, cap)]
    asked = ~np.isin(_keys(pairs.a, pairs.b, n), suggested) if more else np.zeros(len(pairs), bool)
    return Candidates(pairs, static, met, pools, hits, shared, suppressed, asked)


def _keys(a: np.ndarray, b: np.ndarray, n: int) -> np.ndarray:
    return np.asarray(np.minimum(a, b).astype(np.int64) * n + np.maximum(a, b))


def _asked(pairs: list[tuple[int, int]], n: int) -> np.ndarray:
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return _keys(both[:, 0], both[:, 1], n)


def held_as(world: World, name: str) -> Held:
    """What accounts show of one kind: one row per account and value; an e-mail account is its own contact."""
    held, types = world.held, SHARED_KINDS[name]
    rank = np.array([types.index(k) if k in types else -1 for k in world.kinds], np.int64)
    rows = np.flatnonzero(rank[held.kind] >= 0) if len(rank) else np.zeros(0, np.int64)
    rows = rows[[not is_placeholder(world.kinds[held.kind[r]], world.values[held.value[r]]) for r in rows]]
    account, value, source = held.account[rows], held.value[rows].astype(np.int64), rows
    order_by = rank[held.kind[rows]] if len(rank) else rows
    if name == "recovery":
        own, address = _own_addresses(world)
        account, value = np.r_[account, own], np.r_[value, address]
        source, order_by = np.r_[source, np.full(len(own), -1)], np.r_[order_by, np.full(len(own), len(types))]
    order = np.lexsort((order_by, account, value))
    account, value, source, order_by = account[order], value[order], source[order], order_by[order]
    keep, _ = grouped(value * (len(world.keys) + 1) + account)
    return Held(account[keep], value[keep], source[keep], order_by[keep] > 1, len(np.unique(account)))


def _own_addresses(world: World) -> tuple[np.ndarray, np.ndarray]:
    """E-mail accounts whose address somebody shows: (account, value)."""
    place = {v: n for n, v in enumerate(world.values)}
    found = [
        (n, place[row["login"]])
        for n, row in enumerate(world.rows)
        if row["platform"] == "email" and row["login"] in place
    ]
    return np.array([n for n, _ in found], np.int32), np.array([v for _, v in found], np.int64)


def _shared(world: World, name: str, cap: int) -> Shared:
    held = held_as(world, name)
    starts, sizes = grouped(held.value)
    group = np.repeat(np.arange(len(starts)), sizes)
    row = np.arange(len(held.value))
    end = np.where(sizes[group] <= cap, (starts + sizes)[group], row)
    left, right = pair_up(row + 1, end)
    return Shared(held, left, right, sizes[group[left]])


def _popular(world: World, held: Held, name: str, cap: int) -> list[dict[str, Any]]:
    starts, sizes = grouped(held.value)
    return [
        _suppressed(name, world.values[held.value[s]], int(n), "shared by too many accounts")
        for s, n in zip(starts[sizes > cap], sizes[sizes > cap], strict=True)
    ]


def _crowded(world: World, here: Presence, cap: int) -> list[dict[str, Any]]:
    starts, sizes = crowds(here)
    worst: dict[int, int] = {}
    for s, n in zip(starts[sizes > cap], sizes[sizes > cap], strict=True):
        net = int(here.net[s])
        worst[net] = max(worst.get(net, 0), int(n))
    return [
        _suppressed("ip", world.nets.names[net], n, "too many accounts in one time window")
        for net, n in sorted(worst.items())
    ]


def _suppressed(kind: str, value: str, n: int, reason: str) -> dict[str, Any]:
    return {"identifier_type": kind, "identifier": value, "n_accounts": n, "reason": reason}


def _by_name(world: World, cap: int) -> np.ndarray:
    """Accounts whose names begin alike; scoring decides how alike they are."""
    found: dict[str, list[int]] = {}
    for n, row in enumerate(world.rows):
        stem = name_stem((row["login"] or "").split("@")[0])
        if len(stem) >= _PREFIX:
            found.setdefault(stem[:_PREFIX], []).append(n)
    groups = [np.array(g, np.int64) for g in found.values() if 1 < len(g) <= cap]
    pairs = [_keys(g[i], g[j], len(world.keys)) for g in groups for i, j in (np.triu_indices(len(g), 1),)]
    return np.concatenate([np.zeros(0, np.int64), *pairs])


def until(world: World, account: np.ndarray) -> np.ndarray:
    """When each account was last heard of (µs), or none."""
    last = [
        NO_TIME if row["last_seen"] is None else int(row["last_seen"].timestamp() * 1_000_000) for row in world.rows
    ]
    return np.asarray(np.array(last, np.int64)[account])
