"""`vestigo explain`: what a statement rests on, down to the bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from parsers.registry import find_format
from pipeline.case import find_case, load_case
from pipeline.errors import UsageError
from pipeline.evidence import open_member
from pipeline.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.case import Case

__all__ = ["explain_lines"]

_SHOWN = 4096  # bytes of a record printed; the span says how many there are
_PROVENANCE = {
    "event_id",
    "exhibit_sha256",
    "member_path",
    "format_id",
    "format_version",
    "span_start",
    "span_end",
    "locator",
    "tier",
}
_TABLES = (
    ("event_id", "events"),
    ("reject_id", "rejects"),
    ("item_id", "evidence_items"),
    ("link_id", "links"),
    ("lease_id", "leases"),
    ("edge_id", "edges"),
    ("path_id", "paths"),
)


def explain_lines(root: Path, name: str) -> list[str]:
    """Lines about an event, reject, evidence item or link.

    Raises:
        UsageError: no table of the case has this id.
    """
    case = load_case(find_case(root))
    store = Store(case.root)
    for column, table in _TABLES:
        row = _find(store, table, column, name)
        if row is not None:
            return _record_lines(case, row) if table in {"events", "rejects"} else _claim_lines(case, store, table, row)
    raise UsageError(
        f"no event, reject, item, link, edge or path is called {name!r}",
        next_step="copy the id from the report's drawer",
    )


def _find(store: Store, table: str, column: str, name: str) -> dict[str, Any] | None:
    with store.connect() as con:
        rows = con.sql(f"SELECT * FROM {table} WHERE {column} = ?", params=[name]).to_arrow_table().to_pylist()  # noqa: S608
    return rows[0] if rows else None


def _record_lines(case: Case, row: dict[str, Any]) -> list[str]:
    exhibit = next((e for e in case.exhibits if e.sha256 == row["exhibit_sha256"]), None)
    fmt = find_format(row["format_id"])
    size = row["span_end"] - row["span_start"]
    data = bytes(
        open_member(case, row["exhibit_sha256"], row["member_path"])[row["span_start"] : row["span_end"]][:_SHOWN]
    )
    lines = [
        f"exhibit   {exhibit.id if exhibit else '?'}  {_visible(exhibit.name) if exhibit else ''}",
        f"sha256    {row['exhibit_sha256']}",
        f"member    {_visible(row['member_path']) or '(the exhibit itself)'}",
        f"bytes     {row['span_start']}..{row['span_end']} ({size})  {row.get('locator', '')}",
        f"read by   {fmt.id} version {fmt.version}, {fmt.tier}",
    ]
    if "reason" in row:
        lines.append(f"rejected  {row['kind']}: {row['reason']}")
    for key, value in row.items():
        if value not in (None, [], "") and key not in _PROVENANCE | {"reject_id", "kind", "reason"}:
            trust = f"  [{fmt.trust[key].replace('_', ' ')}]" if key in fmt.trust else ""
            lines.append(f"  {key:<26} {_visible(str(value))}{trust}")
    return [
        *lines,
        "",
        _visible(data.decode("utf-8", "backslashreplace"), keep="\n\t"),
        *([f"... {size - _SHOWN} more bytes"] if size > _SHOWN else []),
    ]


def _claim_lines(case: Case, store: Store, table: str, row: dict[str, Any]) -> list[str]:
    lines = [f"{key:<18} {_visible(str(value))}" for key, value in row.items() if value not in (None, [], "")]
    if table == "links":
        items = store.read("evidence_items").filter(pc.field("link_id") == row["link_id"]).to_pylist()
        lines += ["", "items:"] + [
            f"  {i['item_id']}  {i['used_unrelated']:+.2f}  {_visible(i['finding'])}" for i in items
        ]
    for event_id in row.get("event_ids") or []:
        lines += ["", f"--- event {event_id}"]
        event = _find(store, "events", "event_id", event_id)
        lines += _record_lines(case, event) if event else ["  (not in the tables)"]
    return lines


def _visible(text: str, keep: str = "") -> str:
    """Text that cannot steer a terminal: control, format and bidirectional characters become escapes."""
    return "".join(c if c.isprintable() or c in keep else f"\\u{ord(c):04x}" for c in text)
