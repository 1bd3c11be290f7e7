"""Addresses as the page shows them: every claim with its source, a circle where a database gives one, never a pin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report.columns import micros

if TYPE_CHECKING:
    import duckdb

__all__ = ["ADDRESS_LIMIT", "places_payload"]

ADDRESS_LIMIT = 5_000

_SEEN = """
SELECT identifier AS ip, list(DISTINCT account_key ORDER BY account_key) AS accounts, sum(n_events) AS n_events,
       min(first_seen) AS first_seen, max(last_seen) AS last_seen
FROM observations WHERE identifier_type IN ('ip', 'source_ip', 'address') GROUP BY identifier
"""

_CHOSEN = f"""
WITH seen AS ({_SEEN})
SELECT a.*, s.accounts, CAST(s.n_events AS BIGINT) AS account_events, s.first_seen, s.last_seen
FROM addresses a LEFT JOIN seen s USING (ip)
ORDER BY (s.ip IS NULL), coalesce(len(s.accounts), 0) DESC, s.n_events DESC NULLS LAST, a.ip
LIMIT {ADDRESS_LIMIT}
"""  # noqa: S608 - constants only


def places_payload(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Addresses that accounts used first, then the others, up to the limit."""
    rows = micros(con.sql(_CHOSEN).to_arrow_table()).to_pylist()
    for row in rows:
        row["circle"] = _has_circle(row)
    total = con.execute("SELECT count(*) FROM addresses").fetchone()
    return {"rows": [_compact(row) for row in rows], "total": int(total[0]) if total else 0}


def _has_circle(row: dict[str, Any]) -> bool:
    """A place may be drawn when it has a radius and is not merely the middle of a country."""
    return None not in (row["latitude"], row["longitude"], row["accuracy_km"]) and not row["centroid_default"]


def _compact(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, [], "")}
