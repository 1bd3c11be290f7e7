"""Scores every candidate pair, groups accounts, and scores again with each group left out of its own background."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.background import Mates
from pipeline.link.candidates import Candidates, candidates
from pipeline.link.changes import Change, account_changes
from pipeline.link.clusters import Cluster, cluster_accounts, cluster_rows
from pipeline.link.decisive import decisive
from pipeline.link.evidence import Steady, gather, steady
from pipeline.link.findings import Teller
from pipeline.link.items import Items, Pair, code
from pipeline.link.judged import Rules, pair_of, rules_of
from pipeline.link.score import Scores, mixture, score
from pipeline.link.searched import searched
from pipeline.link.sensitivity import Subject, sensitivity_rows
from pipeline.link.verdicts import judged_decision, judged_reasons, judgement_row
from pipeline.link.weights import ALTERNATIVES, band_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.case import Alternatives
    from pipeline.judgements import Judgement
    from pipeline.link.world import World

__all__ = ["LISTED", "Linked", "link_id", "link_rows", "weigh"]

LISTED = 5_000
"""Pairs that are written down with their items; further ones are counted in `suppressed`."""

_CONTRARY = ("never_home", "concurrent", "places", "device_differ", "recovery_differ")


@dataclass(frozen=True, slots=True)
class Linked:
    """Everything known of the pairs of a case.

    Attributes:
        cuts: Where the items of each pair begin; one longer than the pairs.
        mates: The provisional groups that were left out of the background.
        group: Number of the group of each account.
        changes: Accounts that may have changed hands.
        rules: What human judgements ask of grouping.
        judged: Places of the pairs that they decide.
    """

    found: Candidates
    base: Steady
    items: Items
    scores: Scores
    cuts: np.ndarray
    clusters: list[Cluster]
    group: np.ndarray
    mates: Mates | None
    changes: dict[int, Change]
    rules: Rules
    judged: np.ndarray

    def of(self, pair: int) -> Items:
        """Items of one pair."""
        return self.items.take(np.arange(self.cuts[pair], self.cuts[pair + 1]))

    def together(self, pair: int) -> bool:
        """Whether both accounts of a pair are in one group."""
        return bool(self.group[self.found.pairs.a[pair]] == self.group[self.found.pairs.b[pair]])


def weigh(
    world: World,
    shares: Alternatives,
    weights: dict[str, Any],
    more: list[tuple[int, int]] | None = None,
    judged: Sequence[Judgement] = (),
) -> Linked:
    """Score all candidate pairs, and those asked for in `more`.

    Judgements and pairs asked for shape no number: rarity is counted with the groups that the data alone makes.
    """
    changes = {c.account: c for c in account_changes(world, weights)}
    changed = {world.keys[account]: change.sentence(world) for account, change in changes.items()}
    rules = rules_of(judged, world.keys, changed)
    decided = _decided(world, rules)
    found = candidates(world, weights, [*(more or []), *decided])
    base = steady(world, found, weights)
    items = gather(world, found, base, None, weights)
    scores = score(items, len(found.pairs), shares, weights)
    clusters, mates = _clusters(world, found, scores, shares, weights, rules_of((), world.keys, changed)), None
    if any(len(c.members) > 1 for c in clusters):
        mates = Mates.of(_groups(world, clusters))
        items = gather(world, found, base, mates, weights)
        scores = score(items, len(found.pairs), shares, weights)
    clusters = _clusters(world, found, scores, shares, weights, rules)
    cuts = np.searchsorted(items.pair, np.arange(len(found.pairs) + 1))
    places = found.pairs.find(*np.array(decided, np.int64).reshape(-1, 2).T)
    return Linked(found, base, items, scores, cuts, clusters, _groups(world, clusters), mates, changes, rules, places)


def _decided(world: World, rules: Rules) -> list[tuple[int, int]]:
    """Pairs judged the same or different: they are scored and written down whatever they share."""
    return [(world.number(a), world.number(b)) for a, b in sorted({*rules.joined, *rules.refused, *rules.apart})]


def _clusters(
    world: World,
    found: Candidates,
    scores: Scores,
    shares: Alternatives,
    weights: dict[str, Any],
    rules: Rules,
) -> list[Cluster]:
    weighed = np.flatnonzero((scores.items > 0) & ~found.asked)
    usable = scores.usable()
    pairs = {
        Pair(world.keys[found.pairs.a[p]], world.keys[found.pairs.b[p]]): float(usable[p]) for p in weighed.tolist()
    }
    return cluster_accounts(world.keys, pairs, shares.threshold, weights, rules)


def _groups(world: World, clusters: list[Cluster]) -> np.ndarray:
    place = {key: n for n, key in enumerate(world.keys)}
    group = np.zeros(len(world.keys), np.int64)
    for n, cluster in enumerate(clusters):
        for member in cluster.members:
            group[place[member]] = n
    return group


def link_id(pair: Pair) -> str:
    """Name of a link, the same in every run."""
    return "L-" + hashlib.sha256("\0".join(pair).encode("utf-8", "backslashreplace")).hexdigest()[:12]


def link_rows(
    world: World, shares: Alternatives, weights: dict[str, Any], judged: Sequence[Judgement] = ()
) -> dict[str, list[dict[str, Any]]]:
    """Rows of `links`, `evidence_items`, `sensitivity`, `clusters`, `judgements` and `suppressed`."""
    linked = weigh(world, shares, weights, judged=judged)
    teller = Teller(world, linked.base, weights)
    chosen, left = _listed(linked)
    links: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    tested: list[Subject] = []
    for pair in chosen.tolist():
        row, rows = link_row(world, linked, teller, pair, shares, weights)
        links.append(row)
        items += rows
        if abs(row["llr_mixture"]) >= weights["sensitivity"]["from"] or linked.together(pair):
            tested.append(Subject(pair, row["link_id"], in_place(rows)))
    suppressed = linked.found.suppressed
    if left:
        reason = f"scored and weaker than the {LISTED} pairs listed"
        suppressed = [*suppressed, _remark("pair", "further pairs", left, reason)]
    return {
        "links": links,
        "evidence_items": items,
        "sensitivity": sensitivity_rows(world, linked, tested, shares, weights),
        "clusters": cluster_rows(linked.clusters),
        "judgements": [_judgement_row(world, linked, judgement, weights["veto"]) for judgement in judged],
        "suppressed": suppressed,
    }


def in_place(rows: list[dict[str, Any]]) -> list[str]:
    """Ids of the items of one pair, in the order in which they stand in `Linked.of`."""
    return [row["item_id"] for row in sorted(rows, key=lambda row: row["place"])]


def _remark(kind: str, value: str, n: int, reason: str) -> dict[str, Any]:
    return {"identifier_type": kind, "identifier": value, "n_accounts": n, "reason": reason}


def _listed(linked: Linked) -> tuple[np.ndarray, int]:
    """Pairs to write down (judged or in a group first, then the strongest either way), and how many are left out."""
    pairs, first = linked.found.pairs, np.zeros(len(linked.found.pairs), bool)
    first[linked.judged] = True
    scored = np.flatnonzero((linked.scores.items > 0) | first)
    inside = first[scored] | (linked.group[pairs.a[scored]] == linked.group[pairs.b[scored]])
    order = np.lexsort((scored, -np.abs(linked.scores.totals[scored, 0]), -linked.scores.mixture[scored], ~inside))
    return np.sort(scored[order[:LISTED]]), max(0, len(scored) - LISTED)


def link_row(
    world: World, linked: Linked, teller: Teller, pair: int, shares: Alternatives, weights: dict[str, Any]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of one pair, and the rows of its items."""
    a, b = int(linked.found.pairs.a[pair]), int(linked.found.pairs.b[pair])
    keys, scores, own = Pair(world.keys[a], world.keys[b]), linked.scores, linked.of(pair)
    name = link_id(keys)
    rows = teller.rows(own, (a, b), name)
    single = decisive(own, float(scores.mixture[pair]), shares, weights)
    value, sufficient = float(scores.mixture[pair]), bool(scores.sufficient[pair])
    row = {
        "link_id": name,
        "account_a": keys.a,
        "account_b": keys.b,
        "llr_mixture": value,
        "mixture_low": float(scores.low[pair]),
        "mixture_high": float(scores.high[pair]),
        **{f"llr_{k}": round(float(v), 4) for k, v in zip(ALTERNATIVES, scores.totals[pair], strict=True)},
        "naive_sum": round(float(scores.naive[pair]), 4),
        "weakest": scores.weakest(pair),
        "band": band_of(value),
        "decision": judged_decision(linked.rules, keys)
        or _decision(linked, pair, own, shares.threshold, weights["veto"]),
        "n_items": len(own),
        "n_independent": int((own.used[:, 0] > 0).sum()),
        "single_point": next((r["item_id"] for r in rows if r["place"] == single), None),
        "reasons": judged_reasons(
            linked.rules,
            keys,
            value,
            together=linked.together(pair),
            threshold=shares.threshold,
            veto=weights["veto"],
        )
        + _refused(linked, pair, value >= shares.threshold)
        + _reasons(world, linked, pair, own, shares, weights, sufficient=sufficient),
        "missing": _missing(world, (a, b)),
        "searched": searched(world, own, (a, b), teller.shown, weights),
    }
    return row, rows


def _refused(linked: Linked, pair: int, supported: bool) -> list[str]:  # noqa: FBT001 - of the pair
    """Why a supported pair is not in one group: what is said of both groups."""
    if not supported or linked.together(pair):
        return []
    one, two = (linked.clusters[int(linked.group[at[pair]])] for at in (linked.found.pairs.a, linked.found.pairs.b))
    own = linked.rules.on.values()
    return [text for text in one.reasons if text in two.reasons and not any(text in said for said in own)]


def _judgement_row(world: World, linked: Linked, judgement: Judgement, veto: float) -> dict[str, Any]:
    pair, known = pair_of(judgement), set(world.keys)
    value = None
    if known.issuperset(pair):
        numbers = np.array([[world.number(account)] for account in pair])
        place = int(linked.found.pairs.find(*numbers)[0])
        value = float(linked.scores.mixture[place]) if place >= 0 and linked.scores.items[place] else None
    return judgement_row(judgement, linked.rules, known, link_id(pair), value, veto)


def _decision(linked: Linked, pair: int, own: Items, threshold: float, veto: float) -> str:
    scores = linked.scores
    value, sufficient = float(scores.mixture[pair]), bool(scores.sufficient[pair])
    if linked.together(pair):
        return "same_operator" if sufficient and value >= threshold else "same_group"
    if value <= veto and np.isin(own.kind, [code(k) for k in _CONTRARY]).any():
        return "contradicted"
    return "not_merged" if sufficient else "insufficient"


def _reasons(
    world: World,
    linked: Linked,
    pair: int,
    own: Items,
    shares: Alternatives,
    weights: dict[str, Any],
    *,
    sufficient: bool,
) -> list[str]:
    """Bounds and refusals in plain sentences."""
    whole = abs(float(mixture(own.used.sum(axis=0), shares)))
    ceiling, out = float(linked.scores.ceiling[pair]), []
    if whole > ceiling < weights["ceiling"]:
        out.append(f"everything traces to one exhibit or its copies: bounded at {ceiling}")
    elif whole > ceiling:
        out.append(f"bounded at {ceiling}: larger figures are beyond what validation supports")
    if not sufficient:
        out.append("insufficient independent evidence: fewer than two independent items and two families")
    both = (int(linked.found.pairs.a[pair]), int(linked.found.pairs.b[pair]))
    return out + [linked.changes[account].sentence(world) for account in both if account in linked.changes]


def _missing(world: World, pair: tuple[int, int]) -> list[str]:
    """Evidence that would help and is not in the exhibits."""
    out, held = [], world.held
    for account in pair:
        key = world.keys[account]
        own = {world.kinds[k] for k in np.unique(held.kind[held.account == account]).tolist()}
        if world.seen.starts[account] == world.seen.starts[account + 1]:
            out.append(f"no timed address for {key}")
        if not {"device_id", "cookie", "ad_id"} & own:
            out.append(f"no device identifiers for {key}")
        if not {"recovery_email", "recovery_phone", "email", "phone"} & own:
            out.append(f"no contact details for {key}")
        if world.untimed.get(account):
            out.append(f"{world.untimed[account]} events of {key} left out: their time is too uncertain")
    return out
