"""Places for the drawn elements of a graph: deterministic, wider than high, and without overlapping names."""

from __future__ import annotations

import math

import networkx as nx

__all__ = ["layout"]

SEED = 7
STEP = 105
"""Length of an edge of distance 1, in the page's units."""
WIDE = 1.45
"""The frame is wider than high, and names are wider than marks."""
BOX = (205.0, 68.0)
"""Room that one element and its name need."""
_SMALL = 160
_ROUNDS = 80

Places = dict[str, tuple[float, float]]


def layout(drawn: list[str], edges: list[tuple[str, str, float]]) -> dict[str, tuple[int, int]]:
    """A place for every drawn node, in whole units; the same for the same graph.

    Args:
        drawn: Node names.
        edges: (end, end, wished distance in edge lengths).
    """
    graph = nx.Graph()
    graph.add_nodes_from(sorted(drawn))
    for a, b, distance in sorted(edges):
        if a in graph and b in graph and a != b:
            known = graph.get_edge_data(a, b, {"distance": distance})["distance"]
            graph.add_edge(a, b, distance=min(distance, known))
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    return _pack([_part(graph, sorted(part)) for part in parts])


def _part(graph: nx.Graph, names: list[str]) -> Places:
    """Places of one connected part, with (0, 0) at its upper left corner."""
    part = nx.Graph()
    part.add_nodes_from(names)
    part.add_edges_from(sorted((a, b, data) for a, b, data in graph.subgraph(names).edges(data=True)))
    if len(names) == 1:
        return {names[0]: (0.0, 0.0)}
    if len(names) <= _SMALL:
        raw = nx.kamada_kawai_layout(part, weight="distance")
    else:
        raw = nx.spring_layout(part, seed=SEED, iterations=80, k=2.2 / math.sqrt(len(names)))
    scale = STEP * (1 + math.sqrt(len(names)) * 0.55)
    places = {name: (round(float(x), 4) * scale * WIDE, round(float(y), 4) * scale) for name, (x, y) in raw.items()}
    return _at_origin(_apart(places) if len(names) <= _SMALL else places)


def _at_origin(places: Places) -> Places:
    left, top = min(x for x, _ in places.values()), min(y for _, y in places.values())
    return {name: (x - left, y - top) for name, (x, y) in places.items()}


def _apart(places: Places) -> Places:
    """Push overlapping boxes apart along the shorter way until none overlap or the rounds are used up."""
    names = sorted(places)
    at = [list(places[name]) for name in names]
    for _ in range(_ROUNDS):
        moved = [_push(at[i], at[j]) for i in range(len(at)) for j in range(i)]
        if not any(moved):
            break
    return {name: (x, y) for name, (x, y) in zip(names, at, strict=True)}


def _push(one: list[float], two: list[float]) -> bool:
    """Move two boxes apart when they overlap."""
    gaps = [BOX[axis] - abs(one[axis] - two[axis]) for axis in (0, 1)]
    if min(gaps) <= 0.5:
        return False
    axis = 0 if gaps[0] / BOX[0] < gaps[1] / BOX[1] else 1
    way = 1 if one[axis] >= two[axis] else -1
    one[axis] += way * gaps[axis] / 2
    two[axis] -= way * gaps[axis] / 2
    return True


def _pack(parts: list[Places]) -> dict[str, tuple[int, int]]:
    """Set the parts in rows, in a frame about twice as wide as high."""
    sizes = [
        (max(x for x, _ in part.values()) + 2 * STEP, max(y for _, y in part.values()) + 1.3 * STEP) for part in parts
    ]
    limit = max([math.sqrt(2 * sum(w * h for w, h in sizes)), *(w for w, _ in sizes)], default=0.0)
    out: dict[str, tuple[int, int]] = {}
    x = y = row = 0.0
    for part, (width, height) in zip(parts, sizes, strict=True):
        if x and x + width > limit:
            x, y, row = 0.0, y + row, 0.0
        out |= {name: (round(x + px), round(y + py)) for name, (px, py) in part.items()}
        row = max(row, height)
        x += width
    return out
