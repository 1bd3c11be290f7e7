"""Places for the drawn elements of a graph: deterministic, wider than high, names apart, groups as compact blocks.

The accounts of a group stand in a block of their own and are laid out as one unit, so that the frame drawn around
them holds nothing else.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BOX", "layout"]

SEED = 7
STEP = 112
"""Length of an edge of distance 1, in the page's units."""
WIDE = 1.5
"""The frame is wider than high, and names are wider than marks."""
BOX = (205.0, 70.0)
"""Room that one element and its name need."""
BLOCK = (225.0, 92.0)
"""Room that one account needs inside a group's block."""
PADDING = (30.0, 70.0)
_SMALL = 160
_ROUNDS = 120

Places = dict[str, tuple[float, float]]
Sizes = dict[str, tuple[float, float]]


def layout(
    drawn: Sequence[str], edges: Sequence[tuple[str, str, float]], groups: Sequence[Sequence[str]] = ()
) -> dict[str, tuple[int, int]]:
    """A place for every drawn node, in whole units; the same for the same graph.

    Args:
        drawn: Node names.
        edges: (end, end, wished distance in edge lengths).
        groups: Nodes that stand together as a block.
    """
    blocks = {f"\0{i}": sorted(set(group) & set(drawn)) for i, group in enumerate(groups)}
    unit = {node: name for name, members in blocks.items() for node in members}
    unit |= {node: node for node in drawn if node not in unit}
    graph = _graph(unit, edges)
    sizes = {name: _block_size(len(blocks[name])) if name in blocks else BOX for name in graph}
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    where = _pack([_part(graph, sorted(part), sizes) for part in parts], sizes)
    out: Places = {}
    for name, (x, y) in where.items():
        out |= _block(blocks[name], x, y) if name in blocks else {name: (x, y)}
    return {name: (round(x), round(y)) for name, (x, y) in out.items()}


def _graph(unit: dict[str, str], edges: Sequence[tuple[str, str, float]]) -> nx.Graph:
    """Units and the shortest wished distance between each two."""
    graph = nx.Graph()
    graph.add_nodes_from(sorted(set(unit.values())))
    for a, b, distance in sorted(edges):
        one, two = unit.get(a), unit.get(b)
        if one and two and one != two:
            known = graph.get_edge_data(one, two, {"distance": distance})["distance"]
            graph.add_edge(one, two, distance=min(distance, known))
    return graph


def _columns(count: int) -> int:
    return max(1, min(6, math.ceil(math.sqrt(count))))


def _block_size(count: int) -> tuple[float, float]:
    columns = _columns(count)
    rows = math.ceil(count / columns)
    return columns * BLOCK[0] + PADDING[0], rows * BLOCK[1] + PADDING[1]


def _block(members: list[str], x: float, y: float) -> Places:
    """Members in rows around the middle of their block."""
    columns = _columns(len(members))
    rows = math.ceil(len(members) / columns)
    return {
        name: (
            x + (i % columns - (columns - 1) / 2) * BLOCK[0],
            y + (i // columns - (rows - 1) / 2) * BLOCK[1],
        )
        for i, name in enumerate(members)
    }


def _part(graph: nx.Graph, names: list[str], sizes: Sizes) -> Places:
    """Places of one connected part around its own middle."""
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
    flat = _level({name: (float(x), float(y)) for name, (x, y) in raw.items()})
    places = {name: (round(x, 4) * scale * WIDE, round(y, 4) * scale) for name, (x, y) in flat.items()}
    return _apart(places, sizes) if len(names) <= _SMALL else places


def _level(places: Places) -> Places:
    """Turn the picture so that its longest direction lies level."""
    middle = [sum(place[axis] for place in places.values()) / len(places) for axis in (0, 1)]
    rows = {name: (x - middle[0], y - middle[1]) for name, (x, y) in places.items()}
    spread = sum(x * x - y * y for x, y in rows.values())
    angle = 0.5 * math.atan2(2 * sum(x * y for x, y in rows.values()), spread)
    sin, cos = math.sin(angle), math.cos(angle)
    return {name: (x * cos + y * sin, y * cos - x * sin) for name, (x, y) in rows.items()}


def _apart(places: Places, sizes: Sizes) -> Places:
    """Push overlapping boxes apart along the shorter way until none overlap or the rounds are used up."""
    names = sorted(places)
    at = [list(places[name]) for name in names]
    room = [sizes[name] for name in names]
    for _ in range(_ROUNDS):
        moved = [_push(at[i], at[j], room[i], room[j]) for i in range(len(at)) for j in range(i)]
        if not any(moved):
            break
    return {name: (x, y) for name, (x, y) in zip(names, at, strict=True)}


def _push(one: list[float], two: list[float], room: tuple[float, float], other: tuple[float, float]) -> bool:
    """Move two boxes apart when they overlap."""
    wished = [(room[axis] + other[axis]) / 2 for axis in (0, 1)]
    gaps = [wished[axis] - abs(one[axis] - two[axis]) for axis in (0, 1)]
    if min(gaps) <= 0.5:
        return False
    axis = 0 if gaps[0] / wished[0] < gaps[1] / wished[1] else 1
    way = 1 if one[axis] >= two[axis] else -1
    one[axis] += way * gaps[axis] / 2
    two[axis] -= way * gaps[axis] / 2
    return True


def _bounds(part: Places, sizes: Sizes) -> tuple[float, float, float, float]:
    """Left, top, width and height of a part with its boxes."""
    left = min(x - sizes[name][0] / 2 for name, (x, _) in part.items())
    top = min(y - sizes[name][1] / 2 for name, (_, y) in part.items())
    right = max(x + sizes[name][0] / 2 for name, (x, _) in part.items())
    bottom = max(y + sizes[name][1] / 2 for name, (_, y) in part.items())
    return left, top, right - left, bottom - top


def _pack(parts: list[Places], sizes: Sizes) -> Places:
    """Set the parts in rows, in a frame about twice as wide as high."""
    bounds = [_bounds(part, sizes) for part in parts]
    widest = max((width for _, _, width, _ in bounds), default=0.0)
    limit = max(math.sqrt(2 * sum(width * height for _, _, width, height in bounds)), widest)
    out: Places = {}
    x = y = row = 0.0
    for part, (left, top, width, height) in zip(parts, bounds, strict=True):
        if x and x + width > limit:
            x, y, row = 0.0, y + row, 0.0
        out |= {name: (x + px - left, y + py - top) for name, (px, py) in part.items()}
        row = max(row, height)
        x += width
    return out
