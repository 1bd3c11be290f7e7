"""Items from shared networks: being on one within a day of each other, and never meeting at home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.items import NOTES, Items, Pairs, grouped, make_items
from pipeline.link.meetings import crowds, merge

if TYPE_CHECKING:
    from pipeline.link.background import Background, Mates
    from pipeline.link.candidates import Candidates
    from pipeline.link.world import World

__all__ = ["class_shares", "never_home_items", "shared_network_items"]

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR


def class_shares(world: World, found: Candidates, weights: dict[str, Any]) -> np.ndarray:
    """(networks, classes) probabilities: what each network may be, from its label and how crowded it is.

    A label is not the truth: databases call many shared addresses residential. A home seldom shows more than a few
    accounts of one case in one day, so crowding moves weight away from "home".
    """
    rules = weights["network"]
    names = list(rules["class"])
    table = np.zeros((len(world.nets.names), len(names)))
    for n, label in enumerate(world.nets.label):
        known = label if label in rules["class"] else "unknown"
        for name, share in rules["reading"].get(known, {known: 1.0}).items():
            table[n, names.index(name)] = share
    starts, sizes = crowds(found.static)
    most = np.zeros(len(table))
    np.maximum.at(most, found.static.net[starts], sizes)
    over = np.maximum(0.0, most - rules["home_accounts"])
    table[:, names.index("fixed_isp")] *= 10.0 ** (-over * rules["home_per_account"])
    total = table.sum(axis=1, keepdims=True)
    return table / np.where(total > 0, total, 1.0)


def _expected(share: np.ndarray, q: np.ndarray, rows: list[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """log10 of the LR expected over what the network may be: (raw, capped per class)."""
    same = np.array([r["share_same"] for r in rows])
    cap = np.array([r["cap"] for r in rows])
    raw = np.maximum(0.0, np.log10(same[None, :] / q[:, None]))
    return (
        np.log10((share * 10.0**raw).sum(axis=1)),
        np.log10((share * 10.0 ** np.minimum(raw, cap[None, :])).sum(axis=1)),
    )


def shared_network_items(
    world: World,
    found: Candidates,
    counts: Background,
    shares: np.ndarray,
    mates: Mates | None,
    weights: dict[str, Any],
    q_factor: float = 1.0,
) -> Items:
    """One item per pair and network on which both were seen within the window.

    `q_factor` multiplies the measured rarity (for sensitivity runs). `extra` holds the rank of the network in the pair
    and the factor that follows from it.
    """
    here, met, rules = found.static, found.met, weights["network"]
    a, b, net = here.account[met.left], here.account[met.right], here.net[met.left]
    pair_of = found.pairs.find(a, b)
    order, starts, _ = merge(pair_of * len(world.nets.names) + net)
    left, right = met.left[order], met.right[order]
    pair, net = pair_of[order][starts], net[order][starts]
    low, high = (
        _over(np.minimum, here.first[left], here.first[right], starts),
        _over(np.maximum, here.last[left], here.last[right], starts),
    )
    others, active = counts.counts(net, found.pairs.a[pair], found.pairs.b[pair], low - _DAY, high + _DAY, mates)
    q = np.minimum(1.0, q_factor * (others + 0.5) / np.maximum(1, active))
    raw, used = _expected(shares[net], q, list(rules["class"].values()))
    notes = np.where(used < raw - 1e-9, 1, 0) | np.where(others >= rules["home_accounts"], 2, 0)
    factor, rank = _rank_factors(pair, net, used, rules)
    unsure = _over(np.maximum, here.spread[left], here.spread[right], starts) > weights["certain_time_hours"] * _HOUR
    value = used * factor * np.where(unsure, weights["uncertain_factor"], 1.0)
    indoors = [shares[net] @ np.array([row[k] for row in rules["class"].values()]) for k in ("premises", "device")]
    return make_items(
        "network",
        pair,
        np.column_stack([raw, raw * indoors[0], raw * indoors[1], raw]),
        np.column_stack([value, value * indoors[0], value * indoors[1], value]),
        ref=net.astype(np.int64),
        n_raw=_events(here.n, left, right, starts),
        n_independent=np.ones(len(pair), np.int64),
        others=others,
        active=active,
        q=q,
        first=low,
        last=high,
        notes=notes | np.where(factor < 1, 4, 0) | np.where(unsure, 1 << NOTES.index("uncertain"), 0),
        exhibits=np.column_stack(
            [
                np.minimum.reduceat(here.low[left], starts) if len(starts) else here.low[left],
                np.maximum.reduceat(here.high[left], starts) if len(starts) else here.high[left],
                np.minimum.reduceat(here.low[right], starts) if len(starts) else here.low[right],
                np.maximum.reduceat(here.high[right], starts) if len(starts) else here.high[right],
            ]
        ),
        extra=np.column_stack([rank, factor]),
    )


def _over(how: np.ufunc, one: np.ndarray, two: np.ndarray, starts: np.ndarray) -> np.ndarray:
    both = how(one, two)
    return how.reduceat(both, starts) if len(starts) else both


def _events(n: np.ndarray, left: np.ndarray, right: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Events in the meetings; a presence that meets two neighbours is counted for the larger side once."""
    if not len(starts):
        return np.zeros(0, np.int64)
    total = np.zeros(len(starts), np.int64)
    group = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(left)]))
    for side in (left, right):
        keys = np.unique(group * (int(side.max()) + 1) + side)
        total += np.bincount(keys // (int(side.max()) + 1), n[keys % (int(side.max()) + 1)], len(starts)).astype(
            np.int64
        )
    return total


def _rank_factors(
    pair: np.ndarray, net: np.ndarray, used: np.ndarray, rules: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Strongest network first; further ones count in part, and all together no more than the family cap."""
    order = np.lexsort((net, -np.round(used, 9), pair))
    starts, sizes = grouped(pair[order])
    rank = np.arange(len(pair)) - np.repeat(starts, sizes)
    factors = np.array(rules["rank_factors"])
    value = used[order] * factors[np.minimum(rank, len(factors) - 1)]
    sums = np.cumsum(value)
    within = sums - np.repeat(sums[starts] - value[starts], sizes) if len(pair) else sums
    room = np.minimum(within, rules["family_cap"]) - np.minimum(within - value, rules["family_cap"])
    share = np.divide(room, used[order], out=np.ones(len(pair)), where=used[order] > 0)
    out, place = np.empty(len(pair)), np.empty(len(pair))
    out[order], place[order] = share, rank
    return out, place


def never_home_items(
    world: World, pairs: Pairs, shares: np.ndarray, together: np.ndarray, weights: dict[str, Any]
) -> Items:
    """Both have home networks, were active on many common days, and no home network was used by both.

    `together` marks pairs that met on a home network.
    """
    from scipy.sparse import csr_matrix

    row, names = weights["contrary"], list(weights["network"]["class"])
    home = shares[:, names.index("fixed_isp")] >= 0.5 if len(shares) else np.zeros(0, bool)
    at_home = np.flatnonzero(home[world.seen.net]) if len(home) else np.zeros(0, np.int64)
    low = int(world.seen.t.min()) // _DAY if len(world.seen.t) else 0
    days = int(world.seen.t.max()) // _DAY - low + 1 if len(world.seen.t) else 1
    n = len(world.keys)
    cells = np.unique(world.seen.account[at_home].astype(np.int64) * days + (world.seen.t[at_home] // _DAY - low))
    by_day = csr_matrix((np.ones(len(cells), np.int32), (cells // days, cells % days)), shape=(n, days))
    nets = max(1, len(world.nets.names))
    used = np.unique(world.seen.account[at_home].astype(np.int64) * nets + world.seen.net[at_home])
    by_net = csr_matrix((np.ones(len(used), np.int32), (used // nets, used % nets)), shape=(n, nets))
    common = _row_products(by_day, pairs)
    keep = np.flatnonzero((common >= row["never_shared_days"]) & ~together)
    keep = keep[_row_products(by_net, Pairs(pairs.a[keep], pairs.b[keep], n)) == 0]
    value = np.tile([row["never_shared_home"], 0.0, 0.0, 0.0], (len(keep), 1))
    return make_items(
        "never_home",
        keep,
        value,
        value,
        n_independent=common[keep],
        extra=np.column_stack([common[keep], common[keep]]),
    )


def _row_products(matrix: Any, pairs: Pairs) -> np.ndarray:  # noqa: ANN401 - scipy has no types here
    """Scalar product of the two rows of each pair, in blocks."""
    out = [np.zeros(0, np.int64)]
    for start in range(0, len(pairs), 100_000):
        a, b = pairs.a[start : start + 100_000], pairs.b[start : start + 100_000]
        out.append(np.asarray(matrix[a].multiply(matrix[b]).sum(axis=1)).ravel())
    return np.concatenate(out).astype(np.int64)
