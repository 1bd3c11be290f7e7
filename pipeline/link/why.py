"""Everything there is to say about one pair of accounts: why it is linked, or why not.

The pair is weighed as in the run of the case; a pair that no common trace suggested is weighed on request, against the
same groups and the same background.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.candidates import candidates
from pipeline.link.evidence import gather, steady
from pipeline.link.findings import Teller
from pipeline.link.linking import in_place, link_row, weigh
from pipeline.link.score import score
from pipeline.link.sensitivity import Subject, narrow_found, sensitivity_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.case import Alternatives
    from pipeline.judgements import Judgement
    from pipeline.link.linking import Linked
    from pipeline.link.world import World

__all__ = ["pair_facts"]

_SHOWN = 12


def pair_facts(
    world: World,
    shares: Alternatives,
    weights: dict[str, Any],
    pair: tuple[str, str],
    judged: Sequence[Judgement] = (),
) -> dict[str, Any]:
    """The row of the pair, its items, tests and surroundings.

    Returns:
        `scored` (whether the run weighs this pair), `link`, `items`, `sensitivity` (rows as in the tables of these
        names), `ceiling`, `group` (accounts grouped with either), `group_reasons` (what is said of these groups),
        `chain` (the links that tie the two together), `forbidding` (pairs across the two groups that forbid a merge)
        and `hidden` (values too common to suggest a pair).

    Raises:
        KeyError: the case has no such account.
    """
    a, b = sorted(world.number(key) for key in pair)
    whole = weigh(world, shares, weights, judged=judged)
    at = int(whole.found.pairs.find(np.array([a]), np.array([b]))[0])
    scored = at >= 0 and bool(whole.scores.items[at])
    linked, place = (whole, at) if at >= 0 else (_asked(world, whole, (a, b), shares, weights), 0)
    teller = Teller(world, linked.base, weights)
    row, items = link_row(world, linked, teller, place, shares, weights)
    subject = Subject(place, row["link_id"], in_place(items))
    return {
        "scored": scored,
        "link": row,
        "items": items,
        "sensitivity": sensitivity_rows(world, linked, [subject], shares, weights),
        "ceiling": float(linked.scores.ceiling[place]),
        "group": _beside(world, whole, (a, b)),
        "group_reasons": sorted({r for k in (a, b) for r in whole.clusters[int(whole.group[k])].reasons}),
        "chain": _chain(world, whole, (a, b), shares.threshold),
        "forbidding": _forbidding(world, whole, (a, b), weights["veto"]),
        "hidden": [s for s in whole.found.suppressed if not scored and _both_show(world, s["identifier"], (a, b))],
    }


def _asked(world: World, whole: Linked, pair: tuple[int, int], shares: Alternatives, weights: dict[str, Any]) -> Linked:
    """The same case with one pair alone: one that nothing suggested."""
    found = candidates(world, weights, [pair])
    place = found.pairs.find(np.array([pair[0]]), np.array([pair[1]]))
    found = narrow_found(found, place)
    base = replace(steady(world, found, weights), shares=whole.base.shares, counts=whole.base.counts)
    items = gather(world, found, base, whole.mates, weights)
    scores = score(items, 1, shares, weights)
    return replace(
        whole, found=found, base=base, items=items, scores=scores, cuts=np.searchsorted(items.pair, np.arange(2))
    )


def _members(whole: Linked, account: int) -> np.ndarray:
    return np.flatnonzero(whole.group == whole.group[account])


def _beside(world: World, whole: Linked, pair: tuple[int, int]) -> dict[str, list[str]]:
    """Accounts grouped with either account, itself included."""
    return {world.keys[account]: [world.keys[m] for m in _members(whole, account).tolist()] for account in pair}


def _links(whole: Linked, one: np.ndarray, two: np.ndarray) -> list[tuple[int, int, float]]:
    """(account, account, number that grouping uses) of the scored pairs between two sets of accounts."""
    pairs, usable = whole.found.pairs, whole.scores.usable()
    across = (np.isin(pairs.a, one) & np.isin(pairs.b, two)) | (np.isin(pairs.a, two) & np.isin(pairs.b, one))
    at = np.flatnonzero(across & (whole.scores.items > 0))
    return list(zip(pairs.a[at].tolist(), pairs.b[at].tolist(), usable[at].tolist(), strict=True))


def _chain(world: World, whole: Linked, pair: tuple[int, int], threshold: float) -> list[dict[str, Any]]:
    """Supported links that tie the two accounts of a group together: the chain whose weakest link is strongest."""
    import networkx as nx

    members = _members(whole, pair[0])
    graph = nx.Graph()
    graph.add_nodes_from(members.tolist())
    graph.add_weighted_edges_from((a, b, -llr) for a, b, llr in _links(whole, members, members) if llr >= threshold)
    if pair[1] not in graph or not nx.has_path(graph, *pair):
        return []
    tree = nx.minimum_spanning_tree(graph)  # holds a path with the strongest weakest link for every two nodes
    path = nx.shortest_path(tree, *pair)
    return [
        {"account_a": world.keys[a], "account_b": world.keys[b], "llr_mixture": round(-tree[a][b]["weight"], 4)}
        for a, b in pairwise(path)
    ]


def _forbidding(world: World, whole: Linked, pair: tuple[int, int], veto: float) -> list[dict[str, Any]]:
    """Pairs across the two groups that speak so much for different operators that the groups stay apart."""
    one, two = (_members(whole, account) for account in pair)
    if whole.group[pair[0]] == whole.group[pair[1]]:
        return []
    found = sorted((llr, a, b) for a, b, llr in _links(whole, one, two) if llr <= veto and (a, b) != pair)
    return [
        {"account_a": world.keys[a], "account_b": world.keys[b], "llr_mixture": round(llr, 4)}
        for llr, a, b in found[:_SHOWN]
    ]


def _both_show(world: World, value: str, pair: tuple[int, int]) -> bool:
    if value in world.nets.names:
        net = world.nets.names.index(value)
        return all(bool((world.seen.net[world.seen.of(k)] == net).any()) for k in pair)
    if value not in world.values:
        return False
    number = world.values.index(value)
    return all(bool(((world.held.account == k) & (world.held.value == number)).any()) for k in pair)
