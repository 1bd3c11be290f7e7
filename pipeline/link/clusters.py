"""Constrained best-first merging: proposed operators without the black hole of shared identifiers.

Two groups merge only when no cross pair contradicts and no human judgement keeps two of their accounts apart, the mean
cross score is high enough, and the link between them is not one bridge of ordinary strength. Accounts that somebody
judged to be one operator's are joined first. An account that fits two groups which exclude each other is left apart,
with both of them named: an account used by two operators in turn looks like this. Any other strong link that is
refused marks both groups ambiguous.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pipeline.link.items import Pair
from pipeline.link.judged import NO_RULES, Rules
from pipeline.link.reasons import Refusal, contrary_sentence, refused_sentence, torn_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Cluster", "cluster_accounts", "cluster_rows"]

Group = frozenset[str]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Accounts the data supports as one operator.

    `weakest` is the lowest supporting link (log10 LR), `density` the share of pairs that support. `reasons` says which
    judgements shaped it, and between which accounts it is torn.
    """

    members: tuple[str, ...]
    weakest: float | None
    density: float
    status: Literal["proposed", "single", "ambiguous", "judged"]
    reasons: tuple[str, ...] = ()


def cluster_accounts(
    accounts: Iterable[str],
    scores: Mapping[Pair, float],
    threshold: float,
    weights: dict[str, Any],
    rules: Rules = NO_RULES,
) -> list[Cluster]:
    """Group accounts. `scores` holds the usable log10 LR of every scored pair."""
    keys, torn = sorted(accounts), dict(rules.torn)
    while True:
        merging = _Merging(scores, threshold, weights, rules, torn, {a: frozenset([a]) for a in keys})
        refused = merging.run()
        new = {account: between for r in refused for account, between in merging.torn_by(r).items()}
        if not new:
            return _clusters(merging, refused)
        torn |= new


@dataclass(frozen=True, slots=True)
class _Merging:
    """One pass over the supporting pairs, strongest first.

    `torn` holds accounts that fit two sides, with the two accounts that exclude each other; they merge among
    themselves only, and only when torn between the same two.
    """

    scores: Mapping[Pair, float]
    threshold: float
    weights: dict[str, Any]
    rules: Rules
    torn: dict[str, Pair]
    group: dict[str, Group]
    partners: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))

    def run(self) -> list[Refusal]:
        """Merge what may be merged; what was refused although the pair supports it, in order."""
        refused = []
        for pair in sorted(self.rules.joined):
            self._merge(self.group[pair.a], self.group[pair.b])
        strong = sorted((p for p, s in self.scores.items() if s >= self.threshold), key=lambda p: (-self.scores[p], p))
        for pair in strong:
            self.partners[pair.a][pair.b] = self.partners[pair.b][pair.a] = self.scores[pair]
        for pair in strong:
            one, two = self.group[pair.a], self.group[pair.b]
            if one == two or self._torn_between(one) != self._torn_between(two):
                continue
            if pair.a in self.rules.changed or pair.b in self.rules.changed:
                continue
            refusal = self._refusal(one, two, pair)
            if refusal:
                refused.append(refusal)
            else:
                self._merge(one, two)
        return refused

    def _torn_between(self, group: Group) -> set[Pair]:
        return {self.torn[account] for account in group if account in self.torn}

    def _merge(self, one: Group, two: Group) -> None:
        for member in one | two:
            self.group[member] = one | two

    def _refusal(self, one: Group, two: Group, link: Pair) -> Refusal | None:
        pairs = [Pair(*sorted((a, b))) for a in sorted(one) for b in sorted(two)]
        for pair in pairs:
            if pair in self.rules.apart:
                return Refusal("human", link, self.scores[link], pair, self.rules.apart[pair])
        known = {pair: self.scores[pair] for pair in pairs if pair in self.scores}
        worst = min(known, key=lambda p: (known[p], p), default=None)
        if worst and known[worst] <= self.weights["veto"]:
            return Refusal("contrary", link, self.scores[link], worst, contrary=known[worst])
        mean = sum(known.get(pair, self.weights["missing_cross"]) for pair in pairs) / len(pairs)
        if mean < self.weights["merge_mean_share"] * self.threshold:
            return Refusal("mean", link, self.scores[link])
        bridge = min(len(one), len(two)) > 1 and sum(c >= self.threshold for c in known.values()) == 1
        if bridge and self.scores[link] < self.threshold + self.weights["bridge_margin"]:
            return Refusal("bridge", link, self.scores[link])
        return None

    def torn_by(self, refusal: Refusal) -> dict[str, Pair]:
        """Accounts that fit either side of a refused merge whose sides exclude each other."""
        if refusal.between is None:
            return {}
        one, two = self.group[refusal.link.a], self.group[refusal.link.b]
        return {
            account: refusal.between
            for here, there in ((one, two), (two, one))
            for account in sorted(here)
            if account not in refusal.between
            and account not in self.rules.held
            and self._fits(account, here - {account})
            and self._fits(account, there)
        }

    def _fits(self, account: str, group: Group) -> bool:
        """Whether an account alone would be joined with a group."""
        links = [(score, other) for other, score in self.partners[account].items() if other in group]
        if not links:
            return False
        best = max(links)[1]
        return self._refusal(frozenset([account]), group, Pair(*sorted((account, best)))) is None

    def sides(self, account: str) -> list[tuple[str, float]]:
        """Accounts outside its group that an account is supported with, strongest first."""
        outside = [(a, s) for a, s in self.partners[account].items() if a not in self.group[account]]
        return sorted(outside, key=lambda row: (-row[1], row[0]))

    def contrary(self, members: tuple[str, ...]) -> list[tuple[Pair, float]]:
        """Pairs inside a group that the findings speak against."""
        pairs = (Pair(a, b) for n, a in enumerate(members) for b in members[n + 1 :])
        return [(p, self.scores[p]) for p in pairs if self.scores.get(p, 0.0) <= self.weights["veto"]]


def _clusters(merging: _Merging, refused: list[Refusal]) -> list[Cluster]:
    reasons: dict[str, list[str]] = defaultdict(list)
    ambiguous = set(merging.torn) | merging.rules.contested
    for pair, said in merging.rules.on.items():
        for account in pair:
            reasons[account] += said
    ambiguous |= set(merging.rules.changed)
    for account, text in merging.rules.changed.items():
        reasons[account].append(text)
    for account, between in sorted(merging.torn.items()):
        sides = merging.sides(account)
        text = torn_sentence(account, sides, between, merging.rules.apart, merging.scores)
        for known in (account, *(other for other, _ in sides)):
            reasons[known].append(text)
    for refusal in refused:
        one, two = merging.group[refusal.link.a], merging.group[refusal.link.b]
        if one == two:
            continue
        for account in refusal.link:
            reasons[account].append(refused_sentence(refusal))
        if refusal.between != refusal.link:
            ambiguous |= one | two
    groups = sorted(set(merging.group.values()), key=sorted)
    return [_cluster(group, merging, ambiguous, reasons) for group in groups]


def _cluster(members: Group, merging: _Merging, ambiguous: set[str], reasons: dict[str, list[str]]) -> Cluster:
    ordered = tuple(sorted(members))
    support = [s for a in ordered for b, s in merging.partners[a].items() if b in members and a < b]
    pairs = len(members) * (len(members) - 1) // 2
    said = [text for a in ordered for text in reasons[a]]
    if members & merging.rules.held:
        said += [contrary_sentence(pair, value) for pair, value in merging.contrary(ordered)]
    return Cluster(
        ordered,
        min(support, default=None),
        len(support) / pairs if pairs else 1.0,
        _status(members, ambiguous, merging.rules),
        tuple(dict.fromkeys(said)),
    )


def _status(members: Group, ambiguous: set[str], rules: Rules) -> Literal["proposed", "single", "ambiguous", "judged"]:
    if members & ambiguous:
        return "ambiguous"
    if len(members) == 1:
        return "single"
    return "judged" if members & rules.held else "proposed"


def cluster_rows(clusters: list[Cluster]) -> list[dict[str, Any]]:
    """Rows of the table `clusters`."""
    return [
        {
            "cluster_id": "C-"
            + hashlib.sha256("\0".join(c.members).encode("utf-8", "backslashreplace")).hexdigest()[:10],
            "account_key": member,
            "size": len(c.members),
            "weakest_link": c.weakest,
            "density": round(c.density, 4),
            "status": c.status,
            "reasons": list(c.reasons),
        }
        for c in clusters
        for member in c.members
    ]
