"""Scores every candidate pair, groups accounts, and scores again with each group left out of its own background."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pipeline.link.candidates import candidate_pairs
from pipeline.link.clusters import Cluster, cluster_accounts
from pipeline.link.identifier_items import identifier_items
from pipeline.link.items import Item, Pair
from pipeline.link.network_items import network_items
from pipeline.link.score import Score, score

if TYPE_CHECKING:
    from pipeline.case import Alternatives
    from pipeline.link.world import World

__all__ = ["link_rows"]

Scored = dict[Pair, tuple[list[Item], Score]]


def link_rows(world: World, shares: Alternatives, weights: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows of `links`, `evidence_items`, `clusters` and `suppressed`."""
    pairs, suppressed = candidate_pairs(world, weights)
    scored: Scored = _score_all(world, pairs, {}, shares, weights)
    mates = {m: frozenset(c.members) for c in _clusters(world, scored, shares, weights) for m in c.members}
    scored = _score_all(world, pairs, mates, shares, weights)
    clusters = _clusters(world, scored, shares, weights)
    home = {m: n for n, c in enumerate(clusters) for m in c.members}
    links: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    for pair, (found, result) in sorted(scored.items()):
        link_id = "L-" + hashlib.sha256("\0".join(pair).encode("utf-8", "backslashreplace")).hexdigest()[:12]
        rows = _item_rows(found, link_id)
        links.append(
            _link_row(
                world,
                pair,
                link_id,
                result,
                rows,
                together=home[pair.a] == home[pair.b],
                threshold=shares.threshold,
                veto=weights["veto"],
            )
        )
        items += rows
    return {"links": links, "evidence_items": items, "clusters": _cluster_rows(clusters), "suppressed": suppressed}


def _score_all(
    world: World, pairs: list[Pair], mates: dict[str, frozenset[str]], shares: Alternatives, weights: dict[str, Any]
) -> Scored:
    out: Scored = {}
    for pair in pairs:
        group = mates.get(pair.a, frozenset()) | mates.get(pair.b, frozenset())
        items = network_items(world, pair, group, weights) + identifier_items(world, pair, group, weights)
        if items:
            out[pair] = (items, score(items, shares, weights))
    return out


def _clusters(world: World, scored: Scored, shares: Alternatives, weights: dict[str, Any]) -> list[Cluster]:
    usable = {pair: s.mixture if s.sufficient else min(s.mixture, 0.0) for pair, (_, s) in scored.items()}
    return cluster_accounts(sorted(world.accounts), usable, shares.threshold, weights)


def _item_rows(items: list[Item], link_id: str) -> list[dict[str, Any]]:
    ordered = sorted(items, key=lambda i: (-abs(i.used.unrelated), i.family, i.independence_key))
    return [item.row(link_id) | {"item_id": f"{link_id}-{n:02d}"} for n, item in enumerate(ordered, 1)]


def _link_row(
    world: World,
    pair: Pair,
    link_id: str,
    result: Score,
    items: list[dict[str, Any]],
    *,
    together: bool,
    threshold: float,
    veto: float,
) -> dict[str, Any]:
    if together:
        decision = "same_operator" if result.sufficient and result.mixture >= threshold else "same_group"
    elif result.mixture <= veto and any(i["family"] == "contradiction" for i in items):
        decision = "contradicted"
    else:
        decision = "not_merged" if result.sufficient else "insufficient"
    key = result.single_point.independence_key if result.single_point else None
    single = next((row["item_id"] for row in items if row["independence_key"] == key), None)
    return {
        "link_id": link_id,
        "account_a": pair.a,
        "account_b": pair.b,
        "llr_mixture": result.mixture,
        "mixture_low": result.low,
        "mixture_high": result.high,
        **{f"llr_{k}": round(v, 4) for k, v in result.totals._asdict().items()},
        "naive_sum": round(result.naive, 4),
        "weakest": result.weakest,
        "band": result.band,
        "decision": decision,
        "n_items": len(items),
        "n_independent": len({row["independence_key"] for row in items if row["used_unrelated"] > 0}),
        "single_point": single,
        "reasons": list(result.reasons),
        "missing": _missing(world, pair),
    }


def _missing(world: World, pair: Pair) -> list[str]:
    """Evidence that would help and is not in the exhibits."""
    out = []
    for key in pair:
        own = world.identifiers.get(key, {})
        if key not in world.sightings:
            out.append(f"no timed address for {key}")
        if not {"device_id", "cookie", "ad_id"} & own.keys():
            out.append(f"no device identifiers for {key}")
        if not {"recovery_email", "recovery_phone", "email", "phone"} & own.keys():
            out.append(f"no contact details for {key}")
        if world.untimed.get(key):
            out.append(f"{world.untimed[key]} events of {key} left out: their time is too uncertain")
    return out


def _cluster_rows(clusters: list[Cluster]) -> list[dict[str, Any]]:
    return [
        {
            "cluster_id": "C-"
            + hashlib.sha256("\0".join(c.members).encode("utf-8", "backslashreplace")).hexdigest()[:10],
            "account_key": member,
            "size": len(c.members),
            "weakest_link": c.weakest,
            "density": round(c.density, 4),
            "status": c.status,
        }
        for c in clusters
        for member in c.members
    ]
