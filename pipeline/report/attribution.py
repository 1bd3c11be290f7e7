"""Which accounts the data supports as one operator, how strongly, and which pairs were considered and left apart."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.report import wording
from pipeline.report.columns import micros

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.store import Store

    Row = dict[str, Any]

__all__ = ["LINK_LIMIT", "Attribution", "Group", "Link", "load_attribution"]

LINK_LIMIT = 400
"""Pairs that the report prints with their items; the others are counted, and are in the links table."""

_ORDER = {
    name: place
    for place, name in enumerate(
        (
            *("judged_same", "judged_different", "same_operator", "provider_asserted"),
            *("same_group", "contradicted", "not_merged", "insufficient"),
        )
    )
}


@dataclass(frozen=True, slots=True)
class Link:
    """One scored pair with its items, strongest first."""

    row: Row
    items: tuple[Row, ...]
    threshold: float

    @property
    def pair(self) -> tuple[str, str]:
        """Both account keys."""
        return self.row["account_a"], self.row["account_b"]

    @property
    def strength(self) -> float | None:
        """The declared mixture, log10 LR."""
        value = self.row["llr_mixture"]
        return None if value is None else float(value)

    def weakest(self) -> str:
        """The sentence about the alternative that explains the findings best."""
        name = self.row["weakest"]
        return wording.weakest_sentence(name, self.row.get(f"llr_{name}"))

    def why(self, limit: int = 3) -> str:
        """Why the pair was decided as it was: what speaks against it, and the reasons the linking stage states."""
        reasons = [wording.full_stop(reason) for reason in self.row["reasons"] or []]
        if reasons and self.row["decision"] == "not_merged" and (self.strength or 0.0) >= self.threshold:
            return " ".join(reasons[:limit])
        if self.row["decision"] in {"contradicted", "not_merged", "insufficient"}:
            reasons.insert(0, wording.why_apart(self.row, self._finding(1), self._finding(-1), self.threshold))
        return " ".join(reasons[:limit]) or wording.decision(self.row["decision"])

    def _finding(self, sign: int) -> str | None:
        """The finding that speaks most for (1) or against (-1) one operator."""
        rated = [(sign * _lean(item, sign), item["item_id"], item["finding"]) for item in self.items]
        best = max((row for row in rated if row[0] > 0), default=None)
        return best[2] if best else None


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that the data supports as one operator.

    Attributes:
        binding: The weakest of the supported pairs in the group; the headline number is its.
        reasons: Human judgements that shaped it, and what it is torn between.
        judged: Pairs that a human judgement joins.
    """

    cluster_id: str
    accounts: tuple[str, ...]
    status: str
    strength: float | None
    density: float | None
    binding: Link | None
    reasons: tuple[str, ...] = ()
    judged: tuple[tuple[str, str], ...] = ()

    def range(self, shares: tuple[float, ...]) -> str:
        """How the headline rests on the declared shares."""
        return wording.range_sentence(self.binding.row, shares) if self.binding else ""

    def headline(self) -> str:
        """One sentence: band, number, accounts."""
        note = wording.TORN if self.status == "ambiguous" else ""
        if self.judged:
            return wording.judged_group_sentence(list(self.accounts), self.judged, self.strength) + note
        return wording.cluster_sentence(list(self.accounts), self.strength) + note


@dataclass(frozen=True, slots=True)
class Attribution:
    """Everything the report says about pairs and groups.

    Attributes:
        asserted: Pairs that a provider states to belong together, apart from what was weighed.
    """

    groups: tuple[Group, ...]
    links: tuple[Link, ...]
    total_links: int
    asserted: tuple[Row, ...] = ()

    def weaker(self, group: Group) -> list[tuple[str, str, float]]:
        """Pairs inside a group that support it less than its headline says."""
        inside = [link for link in self.links if set(link.pair) <= set(group.accounts) and link.strength is not None]
        bar = group.strength or 0.0
        return [(*link.pair, link.strength or 0.0) for link in inside if (link.strength or 0.0) < bar]

    def side(self, account: str) -> str:
        """The group an account is in, or the account itself."""
        return next((group.cluster_id for group in self.groups if account in group.accounts), account)

    def near_misses(self) -> list[Link]:
        """Pairs that look alike and were left apart: those that touch a group come first, then by apparent support."""
        grouped = {account for group in self.groups for account in group.accounts}
        apart = [link for link in self.links if link.row["decision"] not in {"same_operator", "provider_asserted"}]
        apart = [link for link in apart if not self._same_group(link)]
        touching = [link for link in apart if grouped & set(link.pair)] or apart
        return sorted(touching, key=lambda link: (-(link.row["llr_unrelated"] or 0.0), link.row["link_id"]))

    def near_sides(self) -> list[tuple[Link, int]]:
        """Near misses, the strongest of each two sides (groups or accounts), and how many more pairs there are."""
        rows: dict[tuple[str, ...], list[Link]] = {}
        for link in self.near_misses():
            rows.setdefault(tuple(sorted(map(self.side, link.pair))), []).append(link)
        return [(max(links, key=lambda link: link.strength or 0.0), len(links) - 1) for links in rows.values()]

    def _same_group(self, link: Link) -> bool:
        return any(set(link.pair) <= set(group.accounts) for group in self.groups)


def _lean(item: Row, sign: int) -> float:
    """The number of an item that leans most in one direction."""
    values = [float(item[f"used_{name}"] or 0.0) for name in wording.ALTERNATIVES]
    return max(values) if sign > 0 else min(values)


def load_attribution(store: Store, threshold: float, limit: int = LINK_LIMIT) -> Attribution:
    """Read links, items and clusters.

    The number of a group is that of its weakest pair among all pairs, and that pair is always shown.
    """
    rows: list[Row] = micros(store.read("links")).to_pylist()
    rows.sort(key=lambda row: (_ORDER.get(row["decision"] or "", 9), -(row["llr_unrelated"] or 0.0), row["link_id"]))
    groups = _groups(store, tuple(Link(row, (), threshold) for row in rows))
    binding = {group.binding.row["link_id"] for group in groups if group.binding}
    shown = rows[:limit] + [row for row in rows[limit:] if row["link_id"] in binding]
    items = _items(store, {row["link_id"] for row in shown})
    links = tuple(Link(row, tuple(items.get(row["link_id"], ())), threshold) for row in shown)
    return Attribution(groups, links, len(rows), _asserted(store, rows))


def _asserted(store: Store, links: list[Row]) -> tuple[Row, ...]:
    """Links between accounts as providers state them, with what the weighing says of the same pair, if anything."""
    edges = store.read("edges")
    decided = {frozenset((row["account_a"], row["account_b"])): row for row in links}
    out = []
    for row in micros(edges.filter(pc.equal(edges["edge_type"], "provider_link"))).to_pylist()[:LINK_LIMIT]:
        pair = row["source"].removeprefix("account:"), row["target"].removeprefix("account:")
        scored = decided.get(frozenset(pair))
        bases = json.loads(row["attributes"] or "{}").get("stated_bases", [])
        out.append(
            {
                "account": pair[0], "other": pair[1], "bases": [str(base).replace("_", " ") for base in bases],
                "n_events": row["n_events"], "first_seen": row["first_seen"], "last_seen": row["last_seen"],
                "edge_id": row["edge_id"], "link_id": scored["link_id"] if scored else None,
                "decision_words": wording.decision(scored["decision"]) if scored else None,
            }
        )  # fmt: skip
    return tuple(out)


def _items(store: Store, wanted: set[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    table = store.read("evidence_items")
    chosen = table.filter(pc.is_in(table["link_id"], pa.array(sorted(wanted), pa.string())))
    for row in micros(chosen).to_pylist():
        found.setdefault(row["link_id"], []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (-abs(row["used_unrelated"] or 0.0), row["item_id"]))
    return found


def _groups(store: Store, links: tuple[Link, ...]) -> tuple[Group, ...]:
    members: dict[str, list[Row]] = {}
    for row in store.read("clusters").to_pylist():
        members.setdefault(row["cluster_id"], []).append(row)
    groups = [_group(name, rows, links) for name, rows in members.items() if len(rows) > 1]
    return tuple(sorted(groups, key=lambda group: (-len(group.accounts), -(group.strength or 0.0), group.cluster_id)))


def _group(name: str, rows: list[Row], links: tuple[Link, ...]) -> Group:
    accounts = tuple(sorted(row["account_key"] for row in rows))
    binding = _binding(accounts, links)
    strength = binding.strength if binding else rows[0]["weakest_link"]
    joined = (link.pair for link in links if link.row["decision"] == "judged_same")
    judged = tuple(pair for pair in joined if set(pair) <= set(accounts))
    reasons = tuple(rows[0]["reasons"] or ())
    return Group(name, accounts, rows[0]["status"], strength, rows[0]["density"], binding, reasons, judged)


def _binding(accounts: tuple[str, ...], links: tuple[Link, ...]) -> Link | None:
    """The weakest supported pair inside the group: nothing stronger is said of the whole."""
    inside = [
        link
        for link in links
        if link.row["decision"] == "same_operator" and set(link.pair) <= set(accounts) and link.strength is not None
    ]
    return min(inside, key=lambda link: (link.strength or 0.0, link.row["link_id"]), default=None)


def payload(attribution: Attribution, told: Mapping[str, Row]) -> dict[str, Any]:
    """What the page receives; `told` holds what is explained of each link, by its id."""
    return {
        "groups": [_group_payload(group) for group in attribution.groups],
        "links": [_link_payload(link) | {"told": told[link.row["link_id"]]} for link in attribution.links],
        "near": [link.row["link_id"] for link in attribution.near_misses()[:12]],
        "total": attribution.total_links,
        "paths_are": wording.PATHS,
        "asserted": list(attribution.asserted),
    }


def _group_payload(group: Group) -> dict[str, Any]:
    return {
        "id": group.cluster_id,
        "accounts": list(group.accounts),
        "status": wording.STATUS.get(group.status, group.status),
        "strength": group.strength,
        "number": wording.number(group.strength),
        "band": _band(group),
        "meaning": "" if group.strength is None else wording.ratio_sentence(group.strength),
        "density": group.density,
        "reasons": [wording.full_stop(reason) for reason in group.reasons],
        "judged": bool(group.judged),
        "ambiguous": group.status == "ambiguous",
        "binding": group.binding.row["link_id"] if group.binding else None,
        "weakest": group.binding.weakest() if group.binding else "",
    }


def _band(group: Group) -> str:
    if group.strength is None:
        return "joined by human judgement" if group.judged else "strength not computed"
    return wording.band(group.strength)


def _link_payload(link: Link) -> dict[str, Any]:
    support, meaning = wording.verdict(link.strength, link.row["decision"])
    return {
        **link.row,
        "decision_words": wording.decision(link.row["decision"]),
        "support": support,
        "meaning": meaning,
        "weakest_words": link.weakest(),
        "why": link.why(),
        "items": list(link.items),
    }
