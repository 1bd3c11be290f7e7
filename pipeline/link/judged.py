"""Human judgements as rules for grouping. Nothing here changes a number.

A negative judgement keeps two accounts apart through any chain of groups. A positive one joins them first. Positives
that together would break a negative are not applied, and their accounts are left apart.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

from pipeline.link.items import Pair
from pipeline.link.reasons import conflict_sentence, joined_sentence, kept_sentence, unsure_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.judgements import Judgement

__all__ = ["NO_RULES", "Rules", "pair_of", "rules_of"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What human judgements ask of grouping.

    Attributes:
        joined: Pairs to join first.
        apart: Pairs never to be in one group, each with the judgement that says so.
        refused: Pairs judged positive that cannot all hold, and why.
        torn: Accounts between two that a negative keeps apart, when positives tie them to both.
        on: Sentences about judgements of a pair.
        changed: Accounts that may have changed hands, and what was seen: what they share may be two operators', so
            they join no group but by a judgement.
    """

    joined: frozenset[Pair] = frozenset()
    apart: Mapping[Pair, Judgement] = field(default_factory=dict)
    refused: Mapping[Pair, str] = field(default_factory=dict)
    torn: Mapping[str, Pair] = field(default_factory=dict)
    on: Mapping[Pair, Sequence[str]] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)

    @property
    def held(self) -> frozenset[str]:
        """Accounts that a positive judgement joins."""
        return frozenset(account for pair in self.joined for account in pair)

    @property
    def contested(self) -> frozenset[str]:
        """Accounts of positives that were not applied."""
        return frozenset(account for pair in self.refused for account in pair)


NO_RULES = Rules()


class _Conflict(NamedTuple):
    """A negative judgement and the positives that together contradict it."""

    apart: Pair
    positives: tuple[Pair, ...]


def pair_of(judgement: Judgement) -> Pair:
    """The accounts of a judgement."""
    return Pair(judgement.account_a, judgement.account_b)


def rules_of(
    judgements: Iterable[Judgement], accounts: Iterable[str], changed: Mapping[str, str] | None = None
) -> Rules:
    """The rules that standing judgements about known accounts make."""
    known = set(accounts)
    usable = [j for j in judgements if j.stands and known.issuperset(pair_of(j))]
    of = {kind: _by_pair(usable, kind) for kind in ("positive", "negative", "unsure")}
    apart = {pair: found[0] for pair, found in of["negative"].items()}
    refused: dict[Pair, str] = {}
    torn: dict[str, Pair] = {}
    for conflict in _conflicts(set(of["positive"]), sorted(apart)):
        text = conflict_sentence([of["positive"][p][0] for p in conflict.positives], apart[conflict.apart])
        for pair in conflict.positives:
            refused.setdefault(pair, text)
            torn |= {a: conflict.apart for a in pair if a not in conflict.apart and a not in torn}
    joined = frozenset(of["positive"]) - set(refused)
    return Rules(joined, apart, refused, torn, _said(of, refused), changed or {})


def _by_pair(judgements: Iterable[Judgement], kind: str) -> dict[Pair, list[Judgement]]:
    found: dict[Pair, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        if judgement.judgement == kind:
            found[pair_of(judgement)].append(judgement)
    return dict(sorted(found.items()))


def _conflicts(joined: set[Pair], apart: list[Pair]) -> list[_Conflict]:
    """For each pair kept apart: the positives on any chain that would bring its two accounts together.

    An edge lies on a simple path between two nodes exactly when it is in the same biconnected component as an edge
    between these two.
    """
    out = []
    for pair in apart:
        graph = nx.Graph(sorted(joined | {pair}))
        for component in nx.biconnected_component_edges(graph):
            edges = {Pair(*sorted(edge)) for edge in component}
            if pair in edges and edges & joined:
                out.append(_Conflict(pair, tuple(sorted(edges & joined))))
    return out


def _said(of: Mapping[str, Mapping[Pair, list[Judgement]]], refused: Mapping[Pair, str]) -> dict[Pair, list[str]]:
    said: dict[Pair, list[str]] = defaultdict(list)
    for pair, found in of["positive"].items():
        said[pair] += [refused[pair]] if pair in refused else [joined_sentence(j) for j in found]
    for kind, sentence in (("negative", kept_sentence), ("unsure", unsure_sentence)):
        for pair, found in of[kind].items():
            said[pair] += [sentence(j) for j in found]
    return said
