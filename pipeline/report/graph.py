"""The attribution graph as the page draws it: which elements come first, and where they stand.

Positions are computed here, once, so that the picture is the same in every copy of a report: each connected part is
laid out by itself with a fixed seed, rounded to whole units, and the parts are set beside each other by size.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import networkx as nx

from pipeline.report.columns import encode_table

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.store import Store

__all__ = ["DRAWN_LIMIT", "first_nodes", "graph_payload", "layout"]

DRAWN_LIMIT = 1_200
NODE_LIMIT = 20_000
EDGE_LIMIT = 40_000
SEED = 7
STEP = 95
"""Room per node, in the page's units."""
_SMALL = 150


def graph_payload(store: Store) -> dict[str, Any]:
    """Nodes and edges as columns, and positions of the elements that are drawn at first."""
    nodes, edges = store.read("nodes"), store.read("edges")
    kinds = dict(zip(nodes["node_id"].to_pylist(), nodes["node_type"].to_pylist(), strict=True))
    pairs = list(zip(edges["source"].to_pylist(), edges["target"].to_pylist(), strict=True))
    degree = _degrees(kinds, pairs)
    drawn = first_nodes(kinds, pairs, degree)
    shared = edges["shared_infrastructure"].to_pylist()
    where = layout(drawn, [(a, b, 0.15 if grey else 1.0) for (a, b), grey in zip(pairs, shared, strict=True)])
    kept = _kept(nodes, degree, set(drawn))
    ids = set(kept["node_id"].to_pylist())
    return {
        "nodes": encode_table(kept),
        "edges": encode_table(_kept_edges(edges, ids, set(drawn))),
        "positions": {node: list(place) for node, place in sorted(where.items())},
        "total_nodes": nodes.num_rows,
        "total_edges": edges.num_rows,
    }


def _degrees(kinds: dict[str, str], pairs: list[tuple[str, str]]) -> dict[str, int]:
    """How many different nodes each node touches."""
    around: dict[str, set[str]] = {node: set() for node in kinds}
    for a, b in pairs:
        if a in around and b in around:
            around[a].add(b)
            around[b].add(a)
    return {node: len(others) for node, others in around.items()}


def first_nodes(kinds: dict[str, str], pairs: list[tuple[str, str]], degree: dict[str, int]) -> list[str]:
    """Accounts that touch something shared or each other, and what at least two accounts touch; busiest first."""
    touched: dict[str, set[str]] = {}
    tied = set()
    for a, b in pairs:
        for account, other in ((a, b), (b, a)):
            if kinds.get(account) == "account" and kinds.get(other) == "account":
                tied.add(account)
            elif kinds.get(account) == "account" and other in kinds:
                touched.setdefault(other, set()).add(account)
    common = {node for node, accounts in touched.items() if len(accounts) > 1}
    for node in common:
        tied |= touched[node]
    first = sorted(tied | common, key=lambda node: (-degree[node], node)) or sorted(kinds)
    return first[:DRAWN_LIMIT]


def _kept(nodes: pa.Table, degree: dict[str, int], drawn: set[str]) -> pa.Table:
    """All nodes, or the drawn ones and the busiest of the rest."""
    if nodes.num_rows <= NODE_LIMIT:
        return nodes
    ids = nodes["node_id"].to_pylist()
    order = sorted(range(len(ids)), key=lambda i: (ids[i] not in drawn, -degree[ids[i]], ids[i]))
    return nodes.take(sorted(order[:NODE_LIMIT]))


def _kept_edges(edges: pa.Table, ids: set[str], drawn: set[str]) -> pa.Table:
    ends = list(zip(edges["source"].to_pylist(), edges["target"].to_pylist(), strict=True))
    inside = [i for i, (a, b) in enumerate(ends) if a in ids and b in ids]
    inside.sort(key=lambda i: not (ends[i][0] in drawn and ends[i][1] in drawn))
    return edges.take(sorted(inside[:EDGE_LIMIT]))


def layout(drawn: list[str], edges: list[tuple[str, str, float]]) -> dict[str, tuple[int, int]]:
    """A place for every drawn node, in whole units; the same for the same graph."""
    graph = nx.Graph()
    graph.add_nodes_from(sorted(drawn))
    for a, b, weight in sorted(edges):
        if a in graph and b in graph and a != b:
            graph.add_edge(a, b, weight=max(weight, graph.get_edge_data(a, b, {"weight": 0.0})["weight"]))
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    return _pack([_part(graph, sorted(part)) for part in parts])


def _part(graph: nx.Graph, names: list[str]) -> dict[str, tuple[float, float]]:
    """Places of one connected part, with (0, 0) at its upper left corner."""
    part = nx.Graph()
    part.add_nodes_from(names)
    part.add_edges_from(sorted((a, b, data) for a, b, data in graph.subgraph(names).edges(data=True)))
    if len(names) == 1:
        return {names[0]: (0.0, 0.0)}
    if len(names) <= _SMALL:
        raw = nx.kamada_kawai_layout(part, weight=None)
    else:
        raw = nx.spring_layout(part, seed=SEED, iterations=80, k=2.2 / math.sqrt(len(names)))
    scale = STEP * (1 + math.sqrt(len(names)) * 0.62)
    left, top = min(x for x, _ in raw.values()), min(y for _, y in raw.values())
    return {name: (float(x - left) * scale, float(y - top) * scale) for name, (x, y) in raw.items()}


def _pack(parts: list[dict[str, tuple[float, float]]]) -> dict[str, tuple[int, int]]:
    """Set the parts in rows as wide as the largest two."""
    out: dict[str, tuple[int, int]] = {}
    widths = [max((x for x, _ in part.values()), default=0.0) + 1.5 * STEP for part in parts]
    limit = max(sum(widths[:2]), 900.0)
    x = y = height = 0.0
    for part, width in zip(parts, widths, strict=True):
        if x and x + width > limit:
            x, y, height = 0.0, y + height, 0.0
        for name, (px, py) in part.items():
            out[name] = (round(x + px), round(y + py))
        height = max(height, max(py for _, py in part.values()) + 1.5 * STEP)
        x += width
    return out


