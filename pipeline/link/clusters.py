"""Constrained best-first merging: proposed operators without the black hole of shared identifiers.

Two groups merge only when no cross pair contradicts, the mean cross score is high enough, and the link between them
is not one bridge of ordinary strength. A strong link that is refused marks both groups ambiguous.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from pipeline.link.items import Pair

__all__ = ["Cluster", "cluster_accounts"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Accounts the data supports as one operator.

    `weakest` is the lowest supporting link (log10 LR), `density` the share of pairs that support.
    """

    members: tuple[str, ...]
    weakest: float | None
    density: float
    status: Literal["proposed", "single", "ambiguous"]


def cluster_accounts(
    accounts: Iterable[str],
    scores: Mapping[Pair, float],
    threshold: float,
    weights: dict[str, Any],
    changed: AbstractSet[str] = frozenset(),
) -> list[Cluster]:
    """Group accounts. `scores` holds the usable log10 LR of every scored pair.

    Accounts in `changed` may have changed hands: what they share may be two people's, so they join no group.
    """
    group: dict[str, frozenset[str]] = {a: frozenset([a]) for a in accounts}
    refused: set[str] = set(changed)
    for pair in sorted((p for p, s in scores.items() if s >= threshold), key=lambda p: (-scores[p], p)):
        one, two = group[pair.a], group[pair.b]
        if one == two or changed & {pair.a, pair.b}:
            continue
        if _may_merge(one, two, scores, scores[pair], threshold, weights):
            for member in one | two:
                group[member] = one | two
        else:
            refused |= one | two
    return sorted((_cluster(g, scores, threshold, refused) for g in set(group.values())), key=lambda c: c.members)


def _cross(one: frozenset[str], two: frozenset[str], scores: Mapping[Pair, float]) -> list[float | None]:
    from pipeline.link.items import Pair

    return [scores.get(Pair(*sorted((a, b)))) for a in sorted(one) for b in sorted(two)]


def _may_merge(
    one: frozenset[str],
    two: frozenset[str],
    scores: Mapping[Pair, float],
    link: float,
    threshold: float,
    weights: dict[str, Any],
) -> bool:
    cross = _cross(one, two, scores)
    known = [c for c in cross if c is not None]
    if any(c <= weights["veto"] for c in known):
        return False
    mean = sum(weights["missing_cross"] if c is None else c for c in cross) / len(cross)
    if mean < weights["merge_mean_share"] * threshold:
        return False
    bridge = min(len(one), len(two)) > 1 and sum(c >= threshold for c in known) == 1
    return not bridge or link >= threshold + weights["bridge_margin"]


def _cluster(members: frozenset[str], scores: Mapping[Pair, float], threshold: float, refused: set[str]) -> Cluster:
    ordered = tuple(sorted(members))
    inside = [s for p, s in scores.items() if p.a in members and p.b in members]
    support = [s for s in inside if s >= threshold]
    pairs = len(members) * (len(members) - 1) // 2
    status: Literal["proposed", "single", "ambiguous"] = (
        "ambiguous" if members & refused else "single" if len(members) == 1 else "proposed"
    )
    return Cluster(ordered, min(support, default=None), len(support) / pairs if pairs else 1.0, status)
