"""Records that stand more than once because parts of an export overlap: the same content in several members.

A provider repeats records between the parts of an export (a preservation and the return proper, an earlier and a
later download). The first of equal records counts; the others stay in `events` and are named here. Equal records
inside one member are different records: what stands twice there is counted twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.schema import COLUMNS

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["repeated_records"]

_PLACE = frozenset({
    "event_id", "exhibit_sha256", "member_path", "format_id", "format_version", "span_start", "span_end", "locator",
    "tier", "text_id",
})  # fmt: skip
"""Columns that say where a record stands and what reads it; all others are its content."""


def repeated_records(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Event ids of repeated records, each with the id of the record it repeats. Platform exports only."""
    content = ", ".join(f'e."{c.name}"' for c in COLUMNS if c.name not in _PLACE)
    return con.sql(f"""
        WITH record AS (
          SELECT e.event_id, x.exhibit_id, CAST(e.member_path AS VARCHAR) AS member,
                 md5(CAST(row({content}, t.text) AS VARCHAR)) AS content
          FROM events e JOIN exhibits x ON x.sha256 = e.exhibit_sha256 LEFT JOIN texts t ON t.text_id = e.text_id
          WHERE CAST(e.format_id AS VARCHAR) LIKE 'platform/%'
        ), numbered AS (
          SELECT *, row_number() OVER (PARTITION BY content, exhibit_id, member ORDER BY event_id) AS nth FROM record
        ), named AS (
          SELECT event_id, first_value(event_id) OVER (
            PARTITION BY content, nth ORDER BY exhibit_id, member, event_id) AS first_id
          FROM numbered
        )
        SELECT event_id, first_id FROM named WHERE event_id <> first_id ORDER BY event_id
    """).to_arrow_table()  # noqa: S608 - column names of the schema
