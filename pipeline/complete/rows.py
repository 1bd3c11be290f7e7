"""What was not read, kept as written, or stated to be absent: one row per exhibit, member and subject.

Everything here is counted from tables of earlier stages. A row says what is missing or unread; why it is so, and what
follows from it, it does not say.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from parsers.registry import all_formats

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    Row = dict[str, Any]

__all__ = ["KINDS", "table_rows"]

KINDS: dict[str, str] = {
    "unclaimed": "no reader claims this member",
    "ambiguous": "several readers claim this member; none was chosen",
    "unreadable": "the member cannot be opened",
    "ignored_by_name": "passed over by its name alone",
    "unknown_structure": "a part of a recognised file that no rule reads",
    "unread": "bytes of a recognised file that could not be read as a record",
    "kept_as_written": "a field without a column of its own; its value is kept as written in the event",
    "no_records": "the provider states that it holds no such records",
    "manifest_unfound": "listed in the export's own manifest, not found in the exhibit",
    "manifest_unlisted": "found in the exhibit, not listed in the export's own manifest",
    "manifest_differs": "the export's own manifest states another number of records than were read",
    "media_unfound": "records refer to media files that are not in the exhibits",
    "media_unlinked": "a media file that no record refers to by name",
    "period": "the period that the provider states, and the times that were read",
    "part_missing": "a number is missing from a series of parts",
    "page_missing": "a number is missing from the provider's page headings",
    "id_gap": "numbers between the lowest and the highest record number are not in the file",
    "passed_over": "bytes that the format declares to carry no record",
}
"""Every kind of row, in the order in which a reader needs them."""

_MOST_SUBJECTS = 500  # kept fields of one member
_EXAMPLES = 3

_MEMBERS = """
SELECT exhibit_id, exhibit_sha256, member_path, verdict AS kind, size AS n,
       coalesce(candidates, '[]') AS detail
FROM members WHERE verdict IN ('unclaimed', 'ambiguous', 'unreadable') ORDER BY ALL
"""
_IGNORED = """
SELECT exhibit_id, exhibit_sha256, member_path, 'ignored_by_name' AS kind, 1 AS n, detail
FROM findings WHERE kind = 'ignored_by_name' ORDER BY ALL
"""
_REJECTS = f"""
SELECT x.exhibit_id, r.exhibit_sha256, r.member_path, CAST(r.format_id AS VARCHAR) AS format_id,
       CASE WHEN r.kind = 'unknown_structure' THEN 'unknown_structure' ELSE 'unread' END AS kind,
       r.reason AS subject, count(*) AS n, any_value(CAST(r.kind AS VARCHAR)) AS detail,
       list(r.reject_id ORDER BY r.reject_id)[1:{_EXAMPLES}] AS example_ids
FROM rejects r JOIN exhibits x ON x.sha256 = r.exhibit_sha256
GROUP BY x.exhibit_id, r.exhibit_sha256, r.member_path, format_id, r.kind, r.reason ORDER BY ALL
"""  # noqa: S608 - constants
_NEGATIVE = f"""
SELECT x.exhibit_id, e.exhibit_sha256, e.member_path, CAST(e.format_id AS VARCHAR) AS format_id,
       'no_records' AS kind,
       coalesce(extra->>'$.scope', extra->>'$.resource', extra->>'$.service', e.locator) AS subject,
       count(*) AS n,
       any_value(coalesce(extra->>'$.period',
         nullif(concat_ws(' to ', extra->>'$.period_start', extra->>'$.period_end'), ''))) AS detail,
       list(e.event_id ORDER BY e.event_id)[1:{_EXAMPLES}] AS example_ids
FROM events e JOIN exhibits x ON x.sha256 = e.exhibit_sha256
WHERE e.event_type = 'provider_negative'
GROUP BY x.exhibit_id, e.exhibit_sha256, e.member_path, format_id, subject ORDER BY ALL
"""  # noqa: S608 - constants
_KEPT = f"""
WITH field AS (
  SELECT exhibit_sha256, member_path, CAST(format_id AS VARCHAR) AS format_id, event_id,
         unnest(json_keys(extra)) AS subject
  FROM events
  WHERE extra IS NOT NULL AND event_type <> 'provider_negative'
    AND (CAST(format_id AS VARCHAR) LIKE 'platform/%' OR CAST(format_id AS VARCHAR) LIKE 'table/%')
), counted AS (
  SELECT exhibit_sha256, member_path, format_id, subject, count(*) AS n, min(event_id) AS first
  FROM field GROUP BY ALL
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY exhibit_sha256, member_path ORDER BY n DESC, subject) AS place FROM counted
)
SELECT x.exhibit_id, r.exhibit_sha256, r.member_path, r.format_id, 'kept_as_written' AS kind, r.subject, r.n,
       [r.first] AS example_ids
FROM ranked r JOIN exhibits x ON x.sha256 = r.exhibit_sha256 WHERE r.place <= {_MOST_SUBJECTS} ORDER BY ALL
"""  # noqa: S608 - constants
_SKIPS = "SELECT exhibit_id, exhibit_sha256, member_path, format_id, skips FROM accounting ORDER BY ALL"


def table_rows(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """Rows of members, findings, rejects, events and skips."""
    for query in (_MEMBERS, _IGNORED, _REJECTS, _NEGATIVE, _KEPT):
        for row in con.sql(query).to_arrow_table().to_pylist():
            if row["kind"] in {"unclaimed", "ambiguous", "unreadable"}:
                row["detail"] = _candidates(row["detail"])
            yield row
    yield from _passed_over(con)


def _candidates(raw: str) -> str | None:
    found = json.loads(raw)
    return "best candidates: " + ", ".join(f"{name} {points}" for name, points in found) if found else None


def _passed_over(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """Skips by rule, summed over the units of a member, with what the format says of the rule."""
    meanings = {f.id: f.skips for f in all_formats()}
    totals: dict[tuple[Any, ...], int] = {}
    for exhibit, sha, member, fmt, skips in con.execute(_SKIPS).fetchall():
        for rule, count in json.loads(skips or "{}").items():
            key = (exhibit, sha, member, fmt, rule)
            totals[key] = totals.get(key, 0) + count
    for (exhibit, sha, member, fmt, rule), count in sorted(totals.items()):
        yield {
            "exhibit_id": exhibit, "exhibit_sha256": sha, "member_path": member, "format_id": fmt,
            "kind": "passed_over", "subject": rule, "n": count, "detail": meanings.get(fmt, {}).get(rule),
        }  # fmt: skip
