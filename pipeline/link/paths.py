"""How two accounts are connected in what was collected: the best few paths through the attribution graph.

A path is as strong as its weakest edge, never the product of its edges: what it shows is structure of the collected
data, not contact between people. Edges that the weighing derived count by their log10 LR; every other edge counts by
how rare what it stands on is among the accounts of the case, as log10 of all accounts by those that have it.
"""

from __future__ import annotations

from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import networkx as nx

__all__ = ["HUB", "Hop", "Path", "best_paths", "path_graph", "path_rows"]

HUB = 50
"""Nodes with more neighbours than this are shared infrastructure, whatever they are."""
_TOP = 4.0
_LEAST_COST = 0.05
_REACH = 3  # edges from either end: paths of up to four edges, one account in between
_MOST_NODES = 5_000
_IN_GROUPS, _APART, _K = 100, 40, 3
_LEFT_OUT = {"contradicts", "judged_different"}
_ONE_THING = {"is_account", "judged_same"}
"""Edges between two names of one thing, or that people set: they cost next to nothing and weaken nothing."""


class Hop(NamedTuple):
    """One edge of a path, in the direction of the path; `strength` None where it weakens nothing."""

    source: str
    target: str
    edge_id: str
    edge_type: str
    strength: float | None
    accounts: int | None
    shared: bool
    event_id: str | None


class Path(NamedTuple):
    """A path between two accounts, and the strength of its weakest edge."""

    hops: tuple[Hop, ...]

    @property
    def weakest(self) -> Hop | None:
        """The edge on which the path rests."""
        rated = [hop for hop in self.hops if hop.strength is not None]
        return min(rated, key=lambda hop: hop.strength or 0.0, default=None)

    @property
    def shared(self) -> bool:
        """Whether it leads through something many people share."""
        return any(hop.shared for hop in self.hops)


def path_graph(nodes: Iterable[dict[str, Any]], edges: Iterable[dict[str, Any]]) -> nx.Graph:
    """The attribution graph as paths see it: the best edge between any two nodes, none that keeps accounts apart.

    Where the best edge was derived by weighing, `observed` holds the best one that rests on records, if any.
    """
    import networkx as nx

    kinds = {row["node_id"]: row["node_type"] for row in nodes}
    kept = [row for row in edges if row["edge_type"] not in _LEFT_OUT]
    beside = _beside(kinds, kept)
    accounts = max(2, sum(kind == "account" for kind in kinds.values()))
    graph = nx.Graph()
    for row in sorted(kept, key=lambda row: row["edge_id"]):
        one, two = row["source"], row["target"]
        if one != two:
            graph.add_edge(one, two, **_better(graph.get_edge_data(one, two), _about(row, beside, kinds, accounts)))
    for node in graph:
        graph.nodes[node]["hub"] = len(beside.get((node, ""), ())) > HUB
    return graph


def _better(known: dict[str, Any] | None, found: dict[str, Any]) -> dict[str, Any]:
    """The cheaper of two edges; the best observed one is kept beside a derived one."""
    if known is None:
        return found | {"observed": None if found["derived"] else found}
    watched = [edge for edge in (known["observed"], found) if edge is not None and not edge["derived"]]
    best = min((known, found), key=lambda edge: float(edge["cost"]))
    return best | {"observed": min(watched, key=lambda edge: float(edge["cost"]), default=None)}


_Beside = dict[tuple[str, str], set[str]]


def _beside(kinds: dict[str, str], edges: Sequence[dict[str, Any]]) -> _Beside:
    """Neighbours of each node, and those by edge type between accounts."""
    out: _Beside = {}
    for row in edges:
        between = kinds.get(row["source"]) == kinds.get(row["target"]) == "account"
        for one, two in ((row["source"], row["target"]), (row["target"], row["source"])):
            out.setdefault((one, ""), set()).add(two)
            if between:
                out.setdefault((one, row["edge_type"]), set()).add(two)
    return out


def _about(row: dict[str, Any], beside: _Beside, kinds: dict[str, str], accounts: int) -> dict[str, Any]:
    """Cost and strength of an edge. Two edges make one shared identifier, so each has half the cost."""
    one, two, kind = row["source"], row["target"], row["edge_type"]
    about = {
        "edge_id": row["edge_id"],
        "edge_type": kind,
        "shared": bool(row["shared_infrastructure"]),
        "event_id": next(iter(row["event_ids"] or ()), None),
        "accounts": None,
        "derived": row["weight"] is not None,
        "strength": None,
        "cost": _LEAST_COST,
    }
    if kind in _ONE_THING:
        return about
    if row["weight"] is not None:
        return about | {"strength": float(row["weight"]), "cost": max(_LEAST_COST, _TOP - float(row["weight"]))}
    from math import log10

    between = kinds.get(one) == kinds.get(two) == "account"
    have = max(len(beside[node, kind]) for node in (one, two)) if between else _holders(one, two, beside, kinds)
    strength = min(_TOP, log10(accounts / min(accounts, max(1, have))))
    cost = max(_LEAST_COST, _TOP - strength) / (1 if between else 2)
    return about | {"accounts": have, "strength": round(strength, 4), "cost": cost}


def _holders(one: str, two: str, beside: _Beside, kinds: dict[str, str]) -> int:
    """How many accounts (or other neighbours) the identifier of an edge has."""
    node = two if kinds.get(one) == "account" else one
    return max(2, len(beside[node, ""]))


def best_paths(graph: nx.Graph, a: str, b: str, k: int = _K, *, through_shared: bool = False) -> list[Path]:
    """The k best paths between two nodes, best first.

    Args:
        graph: From `path_graph`.
        a: Node id of one account.
        b: Node id of the other.
        k: How many; the edge that the weighing derived for this very pair is left out.
        through_shared: Also paths through shared infrastructure (VPN, carrier pools, hubs); their hops are marked.
    """
    import networkx as nx

    if a not in graph or b not in graph:
        return []
    near = _neighbourhood(graph, (a, b), through_shared=through_shared)
    _without_own(near, a, b)
    if not nx.has_path(near, a, b):
        return []
    found = islice(nx.shortest_simple_paths(near, a, b, weight="cost"), k)
    return [Path(tuple(_hop(near, one, two) for one, two in pairwise(path))) for path in found]


def _without_own(near: nx.Graph, a: str, b: str) -> None:
    """A derived edge between the two accounts themselves is the question, not an answer."""
    if near.has_edge(a, b) and near[a][b]["derived"]:
        observed = near[a][b]["observed"]
        near.remove_edge(a, b)
        if observed:
            near.add_edge(a, b, **observed)


def _hop(graph: nx.Graph, one: str, two: str) -> Hop:
    edge = graph[one][two]
    shared = edge["shared"] or any(graph.nodes[node]["hub"] for node in (one, two))
    about = edge["edge_id"], edge["edge_type"], edge["strength"], edge["accounts"]
    return Hop(one, two, *about, shared, edge["event_id"])


def _neighbourhood(graph: nx.Graph, ends: tuple[str, str], *, through_shared: bool) -> nx.Graph:
    """Nodes within reach of both ends, shared infrastructure left out unless asked for.

    Nodes and edges are added in order: of equally good paths the same ones come first in every run.
    """
    import networkx as nx

    reached = [_reached(graph, end, ends, through_shared=through_shared) for end in ends]
    inside = sorted((reached[0] & reached[1]) | set(ends))
    kept = set(inside)
    near = nx.Graph()
    near.add_nodes_from((node, graph.nodes[node]) for node in inside)
    near.add_edges_from(
        (node, other, edge)
        for node in inside
        for other, edge in graph[node].items()
        if node < other and other in kept and (through_shared or not edge["shared"])
    )
    return near


def _reached(graph: nx.Graph, end: str, ends: tuple[str, str], *, through_shared: bool) -> set[str]:
    """Nodes at most `_REACH` edges away, the nearest first when there are too many; walks past no other end."""
    seen, front = {end}, [end]
    for _ in range(_REACH):
        step = {n for node in front for n in _next(graph, node, ends, through_shared=through_shared)}
        front = sorted(step - seen)[: max(0, _MOST_NODES - len(seen))]
        seen.update(front)
        front = [node for node in front if node not in ends]
    return seen


def _next(graph: nx.Graph, node: str, ends: tuple[str, str], *, through_shared: bool) -> Iterator[str]:
    for other, edge in graph[node].items():
        if through_shared or (not edge["shared"] and (other in ends or not graph.nodes[other]["hub"])):
            yield other


def path_rows(
    nodes: Sequence[dict[str, Any]], edges: Sequence[dict[str, Any]], links: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Rows of `paths`: the best paths of the pairs that reports speak of, those in groups and the near misses."""
    graph = path_graph(nodes, edges)
    group = {row["node_id"]: row["cluster_id"] for row in nodes}
    out: list[dict[str, Any]] = []
    for link in _told(links, group):
        one, two = (f"account:{link[side]}" for side in ("account_a", "account_b"))
        for rank, path in enumerate(best_paths(graph, one, two), 1):
            out.append(_path_row(link, rank, path))
    return out


def _told(links: Sequence[dict[str, Any]], group: dict[str, str | None]) -> list[dict[str, Any]]:
    def inside(link: dict[str, Any]) -> bool:
        one, two = (group.get(f"account:{link[side]}") for side in ("account_a", "account_b"))
        return one is not None and one == two

    ordered = sorted(links, key=lambda link: (-(link["llr_unrelated"] or 0.0), link["link_id"]))
    grouped = [link for link in ordered if inside(link)][:_IN_GROUPS]
    return grouped + [link for link in ordered if not inside(link)][:_APART]


def _path_row(link: dict[str, Any], rank: int, path: Path) -> dict[str, Any]:
    weakest = path.weakest
    return {
        "path_id": f"{link['link_id']}-P{rank}",
        "link_id": link["link_id"],
        "rank": rank,
        "strength": weakest.strength if weakest else None,
        "weakest_edge": weakest.edge_id if weakest else None,
        "node_ids": [path.hops[0].source, *(hop.target for hop in path.hops)],
        "edge_ids": [hop.edge_id for hop in path.hops],
    }
