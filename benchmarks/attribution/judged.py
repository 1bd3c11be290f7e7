"""One simulated case, weighed and set against its truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.attribution.adapter import world_of
from benchmarks.attribution.simulator.world import simulate
from pipeline.case import Alternatives
from pipeline.link.linking import weigh
from pipeline.link.weights import load_weights

if TYPE_CHECKING:
    from benchmarks.attribution.simulator.case import Case
    from pipeline.link.linking import Linked
    from pipeline.link.world import World

__all__ = ["LEVELS", "Judged", "judge", "truth_of"]

LEVELS = (1, 10)
"""Sightings of the quieter account that separate "none", "few" and "enough" for pairs that were never candidates."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model says of one case, beside the truth. Pairs of accounts with two operators are left out.

    Attributes:
        llr: Mixture of each candidate pair, log10.
        totals: The same against each alternative.
        same, household, copycat: What the pair is.
        called: Whether both accounts are in one group.
        blocked: (levels, 2) pairs that were no candidates: of different operators, of the same one.
        found, true: Group and operator of each account that has one operator.
        pairs: Account keys of the candidate pairs, where asked for.
    """

    seed: int
    profile: str
    llr: np.ndarray
    totals: np.ndarray
    same: np.ndarray
    household: np.ndarray
    copycat: np.ndarray
    called: np.ndarray
    blocked: np.ndarray
    found: np.ndarray
    true: np.ndarray
    pairs: tuple[tuple[str, str], ...]


def truth_of(case: Case, world: World) -> tuple[np.ndarray, np.ndarray]:
    """Operator of each account by number, -1 for accounts with two."""
    operators = sorted(set(case.truth["operator"].to_pylist()))
    place = {name: n for n, name in enumerate(operators)}
    out = np.full(len(world.keys), -2)
    for account, name in zip(case.truth["account"].to_pylist(), case.truth["operator"].to_pylist(), strict=True):
        n = world.number(account)
        out[n] = place[name] if out[n] in {-2, place[name]} else -1
    return out, np.array(operators, object)


def _strata(case: Case, world: World, linked: Linked, names: tuple[str, ...]) -> np.ndarray:
    """Which candidate pairs belong to one of these strata."""
    rows = [r for r in case.pairs.to_pylist() if r["stratum"] in names]
    at = linked.found.pairs.find(
        np.array([world.number(r["account_a"]) for r in rows], np.int64),
        np.array([world.number(r["account_b"]) for r in rows], np.int64),
    )
    out = np.zeros(len(linked.found.pairs), bool)
    out[at[at >= 0]] = True
    return out


def _blocked(linked: Linked, operator: np.ndarray, sightings: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Pairs that never became candidates, by level of the quieter account: (different, same)."""
    level = np.searchsorted(LEVELS, sightings, side="right")
    single = np.flatnonzero(operator >= 0)
    pairs, out = linked.found.pairs, np.zeros((len(LEVELS) + 1, 2), np.int64)
    order = np.bincount(level[single], minlength=len(LEVELS) + 1)
    above = order[::-1].cumsum()[::-1]
    for k in range(len(LEVELS) + 1):
        every = order[k] * (order[k] - 1) // 2 + order[k] * (above[k] - order[k])
        out[k, 0] = every
    for who in np.unique(operator[single]):
        mine = np.sort(level[operator == who])
        for place, k in enumerate(mine.tolist()):
            out[k, 1] += len(mine) - place - 1
    out[:, 0] -= out[:, 1]
    least = np.minimum(level[pairs.a], level[pairs.b])[kept]
    same = (operator[pairs.a] == operator[pairs.b])[kept]
    for k in range(len(LEVELS) + 1):
        out[k] -= [int(((least == k) & ~same).sum()), int(((least == k) & same).sum())]
    return out


def judge(
    seed: int,
    profile: str = "base",
    weights: dict[str, Any] | None = None,
    shares: Alternatives | None = None,
    *,
    named: bool = False,
) -> Judged:
    """Simulate, weigh, compare."""
    case = simulate(seed, profile)
    world = world_of(case)
    linked = weigh(world, shares or Alternatives(), weights or load_weights())
    operator, _ = truth_of(case, world)
    pairs = linked.found.pairs
    kept = (operator[pairs.a] >= 0) & (operator[pairs.b] >= 0)
    same = operator[pairs.a] == operator[pairs.b]
    single = operator >= 0
    return Judged(
        seed=seed,
        profile=profile,
        llr=linked.scores.mixture[kept],
        totals=linked.scores.totals[kept],
        same=same[kept],
        household=_strata(case, world, linked, ("household", "shared_device"))[kept] & ~same[kept],
        copycat=_strata(case, world, linked, ("copycat",))[kept] & ~same[kept],
        called=(linked.group[pairs.a] == linked.group[pairs.b])[kept],
        blocked=_blocked(linked, operator, np.diff(world.seen.starts), kept),
        found=linked.group[single],
        true=operator[single],
        pairs=tuple(
            (world.keys[a], world.keys[b]) for a, b in zip(pairs.a[kept].tolist(), pairs.b[kept].tolist(), strict=True)
        )
        if named
        else (),
    )
