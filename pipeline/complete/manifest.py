"""An export's own manifest beside what was found: files listed and not here, here and not listed, other counts.

Formats that ship a manifest give one record ``archive_file`` for every file it lists (with `globalName` and `count`)
and one record ``archive_part`` for every part that was read (with `globalName` and `items`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    Row = dict[str, Any]

__all__ = ["manifest_rows"]

_COMPARED = """
WITH entry AS (
  SELECT x.exhibit_id, e.exhibit_sha256, e.member_path, CAST(e.format_id AS VARCHAR) AS format_id, e.event_id,
         CAST(e.event_action AS VARCHAR) AS action, e.extra->>'$.globalName' AS name,
         try_cast(coalesce(e.extra->>'$.count', e.extra->>'$.items') AS BIGINT) AS n
  FROM events e JOIN exhibits x ON x.sha256 = e.exhibit_sha256
  WHERE e.event_type = 'record' AND e.event_action IN ('archive_file', 'archive_part')
), stated AS (SELECT * FROM entry WHERE action = 'archive_file'),
part AS (SELECT * FROM entry WHERE action = 'archive_part')
SELECT coalesce(s.exhibit_id, p.exhibit_id) AS exhibit_id,
       coalesce(s.exhibit_sha256, p.exhibit_sha256) AS exhibit_sha256,
       coalesce(p.member_path, s.member_path) AS member_path, coalesce(s.format_id, p.format_id) AS format_id,
       CASE WHEN p.name IS NULL THEN 'manifest_unfound' WHEN s.name IS NULL THEN 'manifest_unlisted'
            ELSE 'manifest_differs' END AS kind,
       coalesce(s.name, p.name) AS subject, coalesce(s.n, p.n) AS n, s.n AS listed, p.n AS found,
       [x FOR x IN [s.event_id, p.event_id] IF x IS NOT NULL] AS example_ids
FROM stated s FULL JOIN part p ON s.exhibit_sha256 = p.exhibit_sha256 AND s.name = p.name
WHERE (s.name IS NULL AND p.exhibit_sha256 IN (SELECT exhibit_sha256 FROM stated))
   OR (p.name IS NULL AND s.name IS NOT NULL) OR s.n <> p.n
ORDER BY ALL
"""


def manifest_rows(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """One row for each file of which the manifest and the exhibit do not say the same."""
    for row in con.sql(_COMPARED).to_arrow_table().to_pylist():
        listed, found = row.pop("listed"), row.pop("found")
        told = [f"{listed} records listed" if listed is not None else "", f"{found} found" if found is not None else ""]
        yield row | {"detail": "; ".join(t for t in told if t) or None}
