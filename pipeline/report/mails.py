"""The traced headers of the report's e-mails: what `vestigo headers` shows, from the case's tables.

A bounded number of messages is carried in full, cited ones first; the page names the command for the others.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipeline.headers_parts import ADDRESS, addresses_of, message_view
from pipeline.headers_warnings import warnings_for
from pipeline.report.columns import micros

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import duckdb

    Row = Mapping[str, Any]

__all__ = ["MAIL_LIMIT", "mails_payload"]

MAIL_LIMIT = 1000
MAIL_BYTES = 8 << 20
"""Characters of all traced messages together, before they are packed."""
PART_LIMIT = 60
"""Hops, results, signatures, decoded values and notes of one message, each."""
TEXT_LIMIT = 600
_TRUST_WITH = "as mail_hosts under [trust] of case.toml"
_LISTS = ("hops", "authentication", "signatures", "decoders", "clocks", "warnings", "claimed_ips", "attachments")
_NOT_CARRIED = frozenset({"raw", "span", "span_start", "span_end"})

_ORDER = """
WITH cited AS (
  SELECT DISTINCT unnest(event_ids) AS event_id FROM evidence_items
  UNION SELECT DISTINCT unnest(event_ids) FROM observations
)
SELECT e.event_id FROM events e JOIN chosen USING (event_id) LEFT JOIN cited c USING (event_id)
WHERE e.event_type = 'email_message'
ORDER BY c.event_id IS NULL, e.attested_ip IS NULL, e.timestamp NULLS LAST, e.event_id LIMIT ?
"""
"""Cited messages first, then those with an address that is relied on."""

_SIGNATURES = """
SELECT s.* EXCLUDE (number) FROM mail_signatures s JOIN traced USING (event_id) ORDER BY s.event_id, s.number
"""
_CLOCKS = """
SELECT DISTINCT x.sha256, h.member_path, h.host, h.n_pairs, h.n_negative, h.median_s, h.low_s, h.high_s
FROM mail_hosts h JOIN exhibits x USING (exhibit_id) JOIN (
  SELECT DISTINCT e.exhibit_sha256 AS sha256, coalesce(e.member_path, '') AS member_path
  FROM events e JOIN traced USING (event_id)
) m ON m.sha256 = x.sha256 AND m.member_path = coalesce(h.member_path, '') ORDER BY ALL
"""
_ADDRESSES = f"""
SELECT {", ".join(ADDRESS)}, uncertainty_note FROM addresses WHERE ip IN (SELECT unnest(?)) ORDER BY ip
"""  # noqa: S608 - constants only


def mails_payload(con: duckdb.DuckDBPyConnection, rows: Sequence[Row], limit: int = MAIL_LIMIT) -> dict[str, Any]:
    """Views by event id, what is known of their addresses, and how many messages the case has.

    Needs the temporary table ``chosen`` that `pipeline.report.events.load_events` makes.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE traced AS " + _ORDER, [limit])
    order = [row[0] for row in con.execute("SELECT event_id FROM traced").fetchall()]
    by_id = {row["event_id"]: row for row in rows if row["event_type"] == "email_message"}
    signatures = _grouped(con, _SIGNATURES, ("event_id",))
    clocks = _grouped(con, _CLOCKS, ("sha256", "member_path"))
    views: dict[str, Any] = {}
    left = MAIL_BYTES
    for event_id in order:
        row = by_id[event_id]
        hosts = clocks.get((row["exhibit_sha256"], row["member_path"] or ""), [])
        view = _bounded(_view(row, signatures.get((event_id,), []), hosts))
        left -= len(json.dumps(view, default=str))
        if left < 0:
            break
        views[event_id] = view
    total = con.execute("SELECT count(*) FROM events WHERE event_type = 'email_message'").fetchone()
    return {"total": int(total[0]) if total else 0, "views": views, "addresses": _addresses(con, views.values())}


def _grouped(con: duckdb.DuckDBPyConnection, query: str, keys: tuple[str, ...]) -> dict[tuple[Any, ...], list[Row]]:
    out: dict[tuple[Any, ...], list[Row]] = {}
    for row in micros(con.sql(query).to_arrow_table()).to_pylist():
        key = tuple(row.pop(name) or "" for name in keys)
        out.setdefault(key, []).append({name: value for name, value in row.items() if value is not None})
    return out


def _view(row: Row, signatures: list[Row], hosts: list[Row]) -> dict[str, Any]:
    record = {name: value for name, value in row.items() if value is not None}
    if "hops" in record:
        record["hops"] = [{name: value for name, value in hop.items() if value is not None} for hop in record["hops"]]
    extra = json.loads(record.get("extra") or "{}")
    view = message_view(record, extra)
    view["signatures"] = signatures
    by = {str(hop["by"]).lower() for hop in view["hops"] if "by" in hop}
    view["clocks"] = [host for host in hosts if host["host"] in by]
    view["warnings"] = warnings_for(record, extra, view, _TRUST_WITH)
    return view


def _bounded(view: dict[str, Any]) -> dict[str, Any]:
    """The view with long texts and lists cut; ``left_out`` says how many entries are."""
    left = {name: len(view[name]) - PART_LIMIT for name in _LISTS if len(view[name]) > PART_LIMIT}
    short = {name: value[:PART_LIMIT] if name in _LISTS else value for name, value in view.items()}
    out: dict[str, Any] = _short({name: value for name, value in short.items() if value not in (None, [], {})})
    return out | ({"left_out": left} if left else {})


def _short(value: Any) -> Any:  # noqa: ANN401 - plain values of any shape
    if isinstance(value, str):
        return value if len(value) <= TEXT_LIMIT else value[: TEXT_LIMIT - 1] + "\u2026"
    if isinstance(value, dict):
        return {name: _short(inner) for name, inner in value.items() if name not in _NOT_CARRIED}
    return [_short(inner) for inner in value[:PART_LIMIT]] if isinstance(value, list) else value


def _addresses(con: duckdb.DuckDBPyConnection, views: Iterable[Row]) -> dict[str, Row]:
    """What the case's table says of every address in the views."""
    empty: dict[str, Any] = {"attested_ip": None, "hops": [], "claimed_ips": []}
    wanted = {ip for view in views for ip in addresses_of({**empty, **view})}
    found = con.execute(_ADDRESSES, [sorted(wanted)]).fetchall()
    rows = [dict(zip((*ADDRESS, "note"), row, strict=True)) for row in found]
    return {row["ip"]: {name: value for name, value in row.items() if value is not None} for row in rows}
