"""The attribution graph as the page draws it: which elements come first, and where they stand.

Positions are computed here, once, so that the picture is the same in every copy of a report: each connected part is
laid out by itself with a fixed seed, rounded to whole units, and the parts are set beside each other by size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from pipeline.report.columns import encode_table
from pipeline.report.layout import layout

if TYPE_CHECKING:
    from pipeline.report.attribution import Attribution
    from pipeline.store import Store

__all__ = ["DRAWN_LIMIT", "Line", "first_nodes", "graph_payload"]

DRAWN_LIMIT = 800
NODE_LIMIT = 20_000
EDGE_LIMIT = 40_000
CONSIDERED = 5
SHARED_DRAWN = 6
_DISTANCE = {"same_operator": 0.8, "judged_same": 0.8, "contradicts": 2.6, "judged_different": 2.6, "considered": 2.2}
_SHARED_DISTANCE = 1.5


class Line(NamedTuple):
    """One edge as far as choosing and placing elements goes."""

    a: str
    b: str
    kind: str
    shared: bool

    @property
    def distance(self) -> float:
        """How far apart its ends would like to stand."""
        return _SHARED_DISTANCE if self.shared else _DISTANCE.get(self.kind, 1.0)


def graph_payload(store: Store, attribution: Attribution) -> dict[str, Any]:
    """Nodes and edges as columns, and positions of the elements that are drawn at first."""
    nodes, edges = store.read("nodes"), store.read("edges")
    kinds = dict(zip(nodes["node_id"].to_pylist(), nodes["node_type"].to_pylist(), strict=True))
    considered = [link for link, _ in attribution.near_sides()[:CONSIDERED] if _known(link.pair, kinds)]
    lines = _lines(edges, kinds)
    degree = _degrees(kinds, lines)
    groups = [{f"account:{key}" for key in group.accounts} for group in attribution.groups]
    near = {f"account:{key}" for link in considered for key in link.pair}
    near |= {end for line in lines if line.kind == "provider_link" for end in (line.a, line.b)}
    drawn = first_nodes(kinds, lines, degree, groups, near)
    pulled = [line for line in lines if line.kind not in {"contradicts", "judged_different"}]
    for one, two in (link.pair for link in considered):
        pulled.append(Line(f"account:{one}", f"account:{two}", "considered", shared=False))
    where = layout(drawn, [(line.a, line.b, line.distance) for line in pulled], [sorted(group) for group in groups])
    kept = _kept(nodes, degree, set(drawn))
    return {
        "nodes": encode_table(kept),
        "edges": encode_table(_kept_edges(edges, set(kept["node_id"].to_pylist()), set(drawn))),
        "positions": {node: list(place) for node, place in sorted(where.items())},
        "considered": [link.row["link_id"] for link in considered],
        "total_nodes": nodes.num_rows,
        "total_edges": edges.num_rows,
    }


def _known(pair: tuple[str, str], kinds: dict[str, str]) -> bool:
    return all(f"account:{key}" in kinds for key in pair)


def _lines(edges: pa.Table, kinds: dict[str, str]) -> list[Line]:
    columns = [edges[name].to_pylist() for name in ("source", "target", "edge_type", "shared_infrastructure")]
    found = [Line(a, b, kind or "", bool(shared)) for a, b, kind, shared in zip(*columns, strict=True)]
    return [line for line in found if line.a in kinds and line.b in kinds and line.a != line.b]


def _degrees(kinds: dict[str, str], lines: list[Line]) -> dict[str, int]:
    """How many different nodes each node touches."""
    around: dict[str, set[str]] = {node: set() for node in kinds}
    for line in lines:
        around[line.a].add(line.b)
        around[line.b].add(line.a)
    return {node: len(others) for node, others in around.items()}


def first_nodes(
    kinds: dict[str, str], lines: list[Line], degree: dict[str, int], groups: list[set[str]], near: set[str]
) -> list[str]:
    """What is drawn before anyone asks for more, busiest first.

    Accounts of groups and near misses; identifiers that at least two accounts share and the accounts that share them;
    the shared infrastructure that most accounts of one group use; what hangs on a drawn identifier (a
    subscription on an address).
    """
    own, common = _touched(kinds, lines, shared=False), _touched(kinds, lines, shared=True)
    first = near.union(*groups) & kinds.keys()
    for node, accounts in sorted(own.items(), key=lambda row: (not row[1] & first, -len(row[1]), row[0])):
        if len(accounts) > 1 and len(first | accounts) < DRAWN_LIMIT:
            first |= {node, *accounts}
    used = {node: max((len(accounts & group) for group in groups), default=0) for node, accounts in common.items()}
    first |= set(sorted((n for n in used if used[n] > 1), key=lambda n: (-used[n], -degree[n], n))[:SHARED_DRAWN])
    first |= {b for a, b in _both_ways(lines) if a in first and kinds[a] != "account" and kinds[b] != "account"}
    ordered = sorted(first or kinds, key=lambda node: (not any(node in group for group in groups), -degree[node], node))
    return ordered[: DRAWN_LIMIT + DRAWN_LIMIT // 4]


def _touched(kinds: dict[str, str], lines: list[Line], *, shared: bool) -> dict[str, set[str]]:
    """Identifier -> accounts seen with it."""
    found: dict[str, set[str]] = {}
    chosen = [line for line in lines if line.shared == shared]
    for a, b in _both_ways(chosen):
        if kinds[a] == "account" and kinds[b] != "account":
            found.setdefault(b, set()).add(a)
    return found


def _both_ways(lines: list[Line]) -> list[tuple[str, str]]:
    return [(line.a, line.b) for line in lines] + [(line.b, line.a) for line in lines]


def _kept(nodes: pa.Table, degree: dict[str, int], drawn: set[str]) -> pa.Table:
    """All nodes, or the drawn ones and the busiest of the rest."""
    if nodes.num_rows <= NODE_LIMIT:
        return nodes
    ids = nodes["node_id"].to_pylist()
    order = sorted(range(len(ids)), key=lambda i: (ids[i] not in drawn, -degree[ids[i]], ids[i]))
    return nodes.take(pa.array(sorted(order[:NODE_LIMIT]), pa.int64()))


def _kept_edges(edges: pa.Table, ids: set[str], drawn: set[str]) -> pa.Table:
    ends = list(zip(edges["source"].to_pylist(), edges["target"].to_pylist(), strict=True))
    inside = [i for i, (a, b) in enumerate(ends) if a in ids and b in ids]
    inside.sort(key=lambda i: not (ends[i][0] in drawn and ends[i][1] in drawn))
    return edges.take(pa.array(sorted(inside[:EDGE_LIMIT]), pa.int64()))
