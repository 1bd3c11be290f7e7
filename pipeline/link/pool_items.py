"""Items from rotating pools (mobile carriers, shared addresses): coincidences against opportunities.

The chance of a coincidence without a common operator is the share of the pool's use, over the whole case and without
the pair and its group, that falls on the address they met on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.items import Items, make_items
from pipeline.link.meetings import merge

if TYPE_CHECKING:
    from pipeline.link.background import Mates
    from pipeline.link.candidates import Candidates
    from pipeline.link.world import World

__all__ = ["pool_items"]


def pool_items(
    world: World, found: Candidates, mates: Mates | None, weights: dict[str, Any], q_factor: float = 1.0
) -> Items:
    """One item per pair and pool class with at least one coincidence; `extra` holds the opportunities."""
    from scipy.sparse import csr_matrix

    here, rows = found.pools, weights["network"]["class"]
    labels = [name for name, row in rows.items() if row.get("pool")]
    of_net = np.array([labels.index(k) if k in labels else -1 for k in world.nets.label], np.int64)
    kind, n = of_net[here.net] if len(here.net) else np.zeros(0, np.int64), len(world.keys)
    uses_net = np.bincount(here.net, minlength=len(world.nets.names))
    uses_kind = np.bincount(kind, minlength=len(labels))
    own_net = csr_matrix((np.ones(len(here.net)), (here.account, here.net)), shape=(n, max(1, len(uses_net))))
    own_kind = csr_matrix((np.ones(len(kind)), (here.account, kind)), shape=(n, max(1, len(labels))))
    a, b = here.account[found.hits.left], here.account[found.hits.right]
    net, bucket = here.net[found.hits.left], here.bucket[found.hits.left]
    pair = found.pairs.find(a, b)
    free_net = uses_net[net] - _at(own_net, a, net) - _at(own_net, b, net)
    free_kind = uses_kind[of_net[net]] - _at(own_kind, a, of_net[net]) - _at(own_kind, b, of_net[net])
    if mates is not None and len(pair):
        at, mate = mates.beside(a, b)
        free_net = free_net - np.bincount(at, _at(own_net, mate, net[at]), len(net))
        free_kind = free_kind - np.bincount(at, _at(own_kind, mate, of_net[net[at]]), len(net))
    q = np.minimum(1.0, q_factor * (free_net + 0.5) / (free_kind + 1.0))
    met = _once(pair, of_net[net], bucket, q)
    return _weighed(world, found, met, (pair, of_net[net], q, labels), (uses_net, uses_kind), weights)


def _at(matrix: Any, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:  # noqa: ANN401 - scipy has no types here
    return np.asarray(matrix[rows, columns]).ravel() if len(rows) else np.zeros(0)


def _once(pair: np.ndarray, kind: np.ndarray, bucket: np.ndarray, q: np.ndarray) -> np.ndarray:
    """One coincidence per pair, class and period: the commonest address of several."""
    order = np.lexsort((-q, bucket, kind, pair))
    keys = np.column_stack([pair[order], kind[order], bucket[order]])
    first = np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)] if len(order) else np.zeros(0, bool)
    return order[first]


def _weighed(
    world: World,
    found: Candidates,
    met: np.ndarray,
    columns: tuple[np.ndarray, np.ndarray, np.ndarray, list[str]],
    uses: tuple[np.ndarray, np.ndarray],
    weights: dict[str, Any],
) -> Items:
    pair, kind, q, labels = columns
    rows = [weights["network"]["class"][name] for name in labels]
    same, cap, floor = (np.array([r[k] for r in rows]) for k in ("share_same", "cap", "floor"))
    order, starts, sizes = merge(pair[met] * len(labels) + kind[met])
    at = met[order]
    key_pair, key_kind = pair[at][starts], kind[at][starts]
    s = same[key_kind]
    hits = np.add.reduceat(np.log10(same[kind[at]] / np.minimum(q[at], same[kind[at]])), starts) if len(at) else q[at]
    chances = _opportunities(world, found, key_pair, key_kind, labels)
    evenly = _collision(world, uses, labels)[key_kind]
    missed = np.maximum(0, chances - sizes) * np.log10((1 - s) / (1 - np.minimum(evenly, s)))
    raw = hits + missed
    indoors = [np.array([r[k] for r in rows])[key_kind] for k in ("premises", "device")]
    used = np.clip(raw, floor[key_kind], cap[key_kind])
    here, left, right = found.pools, found.hits.left[at], found.hits.right[at]
    cut = starts if len(starts) else np.zeros(0, np.int64)

    def over(how: np.ufunc, values: np.ndarray) -> np.ndarray:
        return how.reduceat(values, cut) if len(cut) else values

    return make_items(
        "pool",
        key_pair,
        np.column_stack([raw, raw * indoors[0], raw * indoors[1], raw]),
        np.column_stack([used, used * indoors[0], used * indoors[1], used]),
        ref=key_kind.astype(np.int64),
        n_raw=over(np.add, here.n[left] + here.n[right]),
        n_independent=sizes,
        q=over(np.add, q[at]) / np.maximum(1, sizes),
        first=over(np.minimum, here.first[left]),
        last=over(np.maximum, here.last[left]),
        exhibits=np.column_stack(
            [
                over(np.minimum, here.low[left]),
                over(np.maximum, here.high[left]),
                over(np.minimum, here.low[right]),
                over(np.maximum, here.high[right]),
            ]
        ),
        notes=np.where(used < raw, 1, 0),
        extra=np.column_stack([chances, sizes]),
    )


def _collision(world: World, uses: tuple[np.ndarray, np.ndarray], labels: list[str]) -> np.ndarray:
    """Chance that two independent uses of a pool class fall on one address."""
    share = np.array([labels.index(k) if k in labels else -1 for k in world.nets.label], np.int64)
    out = np.zeros(len(labels))
    for k in range(len(labels)):
        part = uses[0][share == k] / max(1, uses[1][k])
        out[k] = float((part**2).sum())
    return out


def _opportunities(
    world: World, found: Candidates, pair: np.ndarray, kind: np.ndarray, labels: list[str]
) -> np.ndarray:
    """Periods in which both accounts of a pair used a pool class."""
    from scipy.sparse import csr_matrix

    here = found.pools
    of_net = np.array([labels.index(k) if k in labels else -1 for k in world.nets.label], np.int64)
    if not len(here.net):
        return np.zeros(len(pair), np.int64)
    column = of_net[here.net] + len(labels) * (here.bucket - here.bucket.min())
    cells = np.unique(here.account.astype(np.int64) * (int(column.max()) + 1) + column)
    rows, columns = cells // (int(column.max()) + 1), cells % (int(column.max()) + 1)
    out = np.zeros(len(pair), np.int64)
    for k in range(len(labels)):
        mine = columns % len(labels) == k
        used = csr_matrix(
            (np.ones(int(mine.sum())), (rows[mine], columns[mine])), shape=(len(world.keys), int(column.max()) + 1)
        )
        at = np.flatnonzero(kind == k)
        for start in range(0, len(at), 100_000):
            part = at[start : start + 100_000]
            both = used[found.pairs.a[pair[part]]].multiply(used[found.pairs.b[pair[part]]]).sum(axis=1)
            out[part] = np.asarray(both).ravel()
    return out
