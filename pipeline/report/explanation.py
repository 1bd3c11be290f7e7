"""What a link rests on, for the page: steps to the number, tests of it, and how its accounts are connected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.report import wording
from pipeline.waterfall import waterfall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.case import Alternatives
    from pipeline.report.attribution import Link
    from pipeline.store import Store

    Row = dict[str, Any]

__all__ = ["explained"]


def explained(store: Store, links: Sequence[Link], shares: Alternatives) -> dict[str, Row]:
    """Per link: `steps` (words, change, sum), `tests` (variant, words, number, wording kept), `paths`."""
    wanted = pa.array(sorted(link.row["link_id"] for link in links), pa.string())
    tests = _of_links(store, "sensitivity", wanted)
    paths = _of_links(store, "paths", wanted)
    edges = _edges(store, paths)
    return {
        link.row["link_id"]: {
            "steps": [list(step) for step in waterfall(link.row, link.items, shares)] if _weighed(link) else [],
            "tests": _tests(tests.get(link.row["link_id"], [])),
            "paths": [_path(row, edges) for row in paths.get(link.row["link_id"], [])],
        }
        for link in links
    }


def _of_links(store: Store, table: str, wanted: pa.Array) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    rows = store.read(table)
    for row in rows.filter(pc.is_in(rows["link_id"], wanted)).to_pylist():
        found.setdefault(row["link_id"], []).append(row)
    return found


def _weighed(link: Link) -> bool:
    numbers = ("llr_mixture", *(f"llr_{name}" for name in wording.ALTERNATIVES))
    return bool(link.items) and all(link.row[name] is not None for name in numbers)


def _tests(rows: list[Row]) -> list[list[Any]]:
    """Tests in the order in which they are told; those of single findings are named by the finding on the page."""
    rows.sort(key=lambda row: (wording.variant_order(row["variant"]), row["llr_mixture"], row["variant"]))
    return [
        [
            row["variant"],
            None if row["variant"].startswith("item:") else wording.variant(row["variant"], {}),
            row["llr_mixture"],
            row["kept"],
        ]
        for row in rows
    ]


def _edges(store: Store, paths: dict[str, list[Row]]) -> dict[str, Row]:
    wanted = sorted({edge for rows in paths.values() for row in rows for edge in row["edge_ids"]})
    edges = store.read("edges", ["edge_id", "edge_type", "weight"])
    chosen = edges.filter(pc.is_in(edges["edge_id"], pa.array(wanted, pa.string())))
    return {row["edge_id"]: row for row in chosen.to_pylist()}


def _path(row: Row, edges: dict[str, Row]) -> Row:
    hops = [
        {"edge": edge, "words": (edges.get(edge) or {"edge_type": "edge"})["edge_type"].replace("_", " ")}
        for edge in row["edge_ids"]
    ]
    return {"nodes": row["node_ids"], "hops": hops, "strength": row["strength"], "weakest": row["weakest_edge"]}
