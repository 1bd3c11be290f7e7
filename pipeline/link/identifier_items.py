"""Items from identifiers: devices, recovery contacts, payment, user agents, common contacts and content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.candidates import SHARED_KINDS, until
from pipeline.link.items import KINDS, NOTES, Items, Pairs, code, grouped, make_items
from pipeline.link.world import NO_TIME

if TYPE_CHECKING:
    from pipeline.link.background import Mates
    from pipeline.link.candidates import Candidates, Shared
    from pipeline.link.world import World

__all__ = ["contrary_items", "identifier_items"]

_CROWDED = 6
_DAY = 86_400_000_000
_FIXED = ("device_id", "cookie", "key_fingerprint", "ad_id", "camera", "payment", "recovery")
_RARE = ("user_agent", "contact", "content")
_BIT = {name: 1 << n for n, name in enumerate(NOTES)}


def identifier_items(
    world: World, found: Candidates, mates: Mates | None, weights: dict[str, Any], q_factor: float = 1.0
) -> list[Items]:
    """Everything the accounts' identifiers have in common."""
    fixed = Items.join(_fixed(world, found, name, mates, weights) for name in _FIXED)
    rare = [_rare(world, found, name, mates, weights, q_factor) for name in _RARE]
    return [_ranked(fixed, weights), *rare]


def _rows(found: Candidates, name: str) -> tuple[Shared, np.ndarray, np.ndarray]:
    """(identifier rows, which joins belong to a candidate pair, that pair)."""
    shared = found.shared[name]
    a, b = shared.held.account[shared.left], shared.held.account[shared.right]
    pair = found.pairs.find(a, b)
    return shared, np.flatnonzero(pair >= 0), pair[pair >= 0]


def _others(
    world: World, found: Candidates, shared: Shared, at: np.ndarray, pair: np.ndarray, mates: Mates | None
) -> np.ndarray:
    """Other accounts that show the value; pair and group are left out."""
    others = shared.size[at] - 2
    if mates is not None and len(at):
        place, mate = mates.beside(found.pairs.a[pair], found.pairs.b[pair])
        held, n = shared.held, len(world.keys)
        keys = held.value * n + held.account
        wanted = held.value[shared.left[at[place]]] * n + mate
        where = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        others = others - np.bincount(place[keys[where] == wanted], minlength=len(at))
    return np.asarray(np.maximum(others, 0))


def _seen(world: World, shared: Shared, at: np.ndarray) -> dict[str, np.ndarray]:
    """Counts, times and exhibits of the two sides; an account's own address has none."""
    held, rows = world.held, (shared.held.source[shared.left[at]], shared.held.source[shared.right[at]])

    def side(column: np.ndarray, row: np.ndarray, nothing: int) -> np.ndarray:
        return np.where(row >= 0, column[row], nothing) if len(column) else np.full(len(row), nothing)

    spans = [side(c, r, -1) for r in rows for c in (held.low, held.high)]
    spans = [np.where(s < 0, o, s) for s, o in zip(spans, [*spans[2:], *spans[:2]], strict=True)]
    return {
        "n_raw": side(held.n, rows[0], 0) + side(held.n, rows[1], 0),
        "exhibits": np.column_stack(spans).astype(np.int32),
    }


def _fixed(world: World, found: Candidates, name: str, mates: Mates | None, weights: dict[str, Any]) -> Items:
    """Identifiers that are unique by design: full strength, less when crowded or far apart in time.

    `extra` holds the days between the periods in which the accounts showed it.
    """
    row = weights["identifier"][name]
    shared, at, pair = _rows(found, name)
    others = _others(world, found, shared, at, pair, mates)
    n = len(at)
    top = np.where(others + 2 > _CROWDED, row["crowded"], row["unrelated"])
    raw = np.tile([row["unrelated"], row["premises"], row["device"], row["imitator"]], (n, 1))
    used = np.column_stack([top, raw[:, 1], raw[:, 2], np.minimum(top, row["imitator"])])
    notes = np.where(others + 2 > _CROWDED, _BIT["crowded"], 0)
    if name == "recovery":
        typed = shared.held.typed[shared.left[at]] & shared.held.typed[shared.right[at]]
        used[:, 3] = np.where(typed, np.minimum(used[:, 3], row["imitator_unverified"]), used[:, 3])
        notes |= np.where(typed, _BIT["typed"], 0)
    days = _days_apart(world, shared, at, stays=name == "recovery")
    late = days > weights["apart_days"]
    used = np.where(late[:, None], used * weights["apart_factor"], used)
    notes |= np.where(late, _BIT["apart"], 0)
    common = _seen(world, shared, at)
    value = shared.held.value[shared.left[at]]
    extra = np.column_stack([days, np.zeros(n)])
    return make_items(name, pair, raw, used, ref=value, others=others, notes=notes, extra=extra, **common)


def _days_apart(world: World, shared: Shared, at: np.ndarray, *, stays: bool) -> np.ndarray:
    """Whole days between the periods of the two sides; 0 when they overlap or have no times.

    A contact `stays` from when it was stated until the account falls silent.
    """
    held, ends = world.held, []
    for side in (shared.left[at], shared.right[at]):
        row = shared.held.source[side]
        first = np.where(row >= 0, held.first[row], NO_TIME)
        last = np.where(row >= 0, held.last[row], NO_TIME)
        ends.append((first, until(world, shared.held.account[side]) if stays else last))
    (f1, l1), (f2, l2) = ends
    known = (f1 != NO_TIME) & (f2 != NO_TIME) & (l1 != NO_TIME) & (l2 != NO_TIME)
    gap = (np.maximum(f1, f2).astype(float) - np.minimum(l1, l2).astype(float)) / _DAY
    days: np.ndarray = np.where(known, np.maximum(0, np.floor(gap)), 0).astype(np.int64)
    return days


def _ranked(items: Items, weights: dict[str, Any]) -> Items:
    """Within a family the first identifier counts in full; a second one adds a little against those nearby."""
    rows = weights["identifier"]
    families = sorted({KINDS[name].family for name in _FIXED})
    family = np.array([families.index(k.family) if k.family in families else -1 for k in KINDS.values()])[items.kind]
    order = np.lexsort((items.ref, items.kind, -items.used[:, 0], family, items.pair))
    items, family = items.take(order), family[order]
    starts, sizes = grouped(items.pair * len(families) + family)
    rank = np.arange(len(items)) - np.repeat(starts, sizes)
    second = np.zeros((len(items), 4))
    for name in _FIXED:
        second[items.kind == code(name)] = [
            0.0,
            rows[name].get("premises_second", 0.0),
            rows[name].get("device_second", 0.0),
            0.0,
        ]
    second[rank > 1] = 0.0
    late = (items.notes & _BIT["apart"]) > 0
    second[late] *= weights["apart_factor"]
    items.used[:] = np.where(rank[:, None] > 0, second, items.used)
    items.notes[:] = items.notes | np.where(rank > 0, _BIT["ranked"], 0)
    return items


def _rare(
    world: World, found: Candidates, name: str, mates: Mates | None, weights: dict[str, Any], q_factor: float
) -> Items:
    """Things many people can show: by rarity in the case, log10(share_same / q); the rarest one counts."""
    row = weights["identifier"][name]
    shared, at, pair = _rows(found, name)
    others = _others(world, found, shared, at, pair, mates)
    active = np.full(len(at), max(0, shared.held.accounts - 2))
    q = np.minimum(1.0, q_factor * (others + 0.5) / np.maximum(1, active))
    raw = np.log10(row["share_same"] / q)
    order = np.lexsort((shared.held.value[shared.left[at]], -raw, pair))
    first, _ = grouped(pair[order])
    best = order[first][raw[order[first]] > 0]
    raw, used = raw[best], np.minimum(raw[best], row["unrelated"])
    caps = [np.minimum(used, row[k]) for k in ("premises", "device", "imitator")]
    return make_items(
        name,
        pair[best],
        np.column_stack(
            [raw, np.minimum(raw, row["premises"]), np.minimum(raw, row["device"]), np.minimum(raw, row["imitator"])]
        ),
        np.column_stack([used, *caps]),
        ref=shared.held.value[shared.left[at[best]]],
        others=others[best],
        active=active[best],
        q=q[best],
        notes=np.where(used < raw, _BIT["capped"], 0),
        **_seen(world, shared, at[best]),
    )


def contrary_items(world: World, pairs: Pairs, items: list[Items], weights: dict[str, Any]) -> list[Items]:
    """Both accounts show identifiers of a kind and none is common.

    Cookies and install ids are given out per service: that two services' ids differ says nothing.
    """
    same_service = world.platform[pairs.a] == world.platform[pairs.b] if len(pairs) else np.zeros(0, bool)
    every = np.ones(len(pairs), bool)
    return [
        _differ(
            world, pairs, items, "device", ("device_id", "cookie"), same_service, weights["contrary"]["devices_differ"]
        ),
        _differ(
            world,
            pairs,
            items,
            "recovery",
            SHARED_KINDS["recovery"][:2],
            every,
            weights["contrary"]["recovery_differs"],
        ),
    ]


def _differ(
    world: World,
    pairs: Pairs,
    items: list[Items],
    family: str,
    types: tuple[str, ...],
    allowed: np.ndarray,
    value: float,
) -> Items:
    agreeing = [c for c, k in enumerate(KINDS.values()) if k.family == family]
    common = np.concatenate([i.pair[np.isin(i.kind, agreeing) & (i.used[:, 0] > 0)] for i in items])
    free = allowed.copy()
    free[np.unique(common)] = False
    both = np.zeros(len(pairs), bool)
    for name in types:
        has = np.zeros(len(world.keys), bool)
        if name in world.kinds:
            has[world.held.account[world.held.kind == world.kinds.index(name)]] = True
        both |= has[pairs.a] & has[pairs.b]
    at = np.flatnonzero(free & both)
    four = np.full((len(at), 4), value)
    return make_items(f"{family}_differ", at, four, four)
