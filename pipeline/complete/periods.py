"""The period that a provider states beside the times that were read from the same exhibit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from parsers.kit.time import parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    Row = dict[str, Any]

__all__ = ["bounds", "period_rows"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400_000_000
_DATE_ONLY = 10  # characters of a date without a time of day
_STATED = """
SELECT x.exhibit_id, e.exhibit_sha256, e.member_path, CAST(e.format_id AS VARCHAR) AS format_id,
       CAST(e.account_platform AS VARCHAR) AS platform,
       coalesce(e.extra->>'$."date range"', e.extra->>'$.period') AS period,
       e.extra->>'$.period_start' AS period_start, e.extra->>'$.period_end' AS period_end,
       coalesce(e.extra->>'$.resource', e.extra->>'$.service', 'the whole return') AS subject,
       list(e.event_id ORDER BY e.event_id)[1:3] AS example_ids
FROM events e JOIN exhibits x ON x.sha256 = e.exhibit_sha256
WHERE e.event_type = 'account_profile' AND (e.extra->>'$."date range"' IS NOT NULL OR
      e.extra->>'$.period' IS NOT NULL OR e.extra->>'$.period_start' IS NOT NULL)
GROUP BY ALL ORDER BY ALL
"""
_FOUND = """
SELECT epoch_us(min(timestamp)), epoch_us(max(timestamp)), count(*),
       count(*) FILTER (WHERE epoch_us(timestamp) < ? OR epoch_us(timestamp) >= ?)
FROM events
WHERE exhibit_sha256 = ? AND CAST(account_platform AS VARCHAR) IS NOT DISTINCT FROM ? AND timestamp IS NOT NULL
  AND event_type IN ('message', 'authentication', 'logout', 'session', 'call', 'location', 'activity')
"""


def bounds(start: str | None, end: str | None) -> tuple[int, int] | None:
    """First and last instant of a stated period, in microseconds UTC; a last day counts whole. None when unreadable."""
    first, last = _instant(start), _instant(end)
    if first is None or last is None:
        return None
    return first, last + (_DAY if len((end or "").strip()) <= _DATE_ONLY else 1_000_000)


def _instant(text: str | None) -> int | None:
    text = (text or "").strip()
    return parse_iso(f"{text} 00:00:00 UTC" if len(text) == _DATE_ONLY else text).timestamp


def period_rows(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """One row for each period that an exhibit states."""
    for row in con.sql(_STATED).to_arrow_table().to_pylist():
        platform, period = row.pop("platform"), row.pop("period")
        start, end = row.pop("period_start"), row.pop("period_end")
        if period and not start:
            start, _, end = period.partition(" to ")
        stated = bounds(start, end)
        if stated is None:
            yield row | {"kind": "period", "n": 0, "detail": f"stated: {period or f'{start} to {end}'}; not compared"}
            continue
        found = con.execute(_FOUND, [*stated, row["exhibit_sha256"], platform]).fetchone()
        yield row | {"kind": "period", "n": found[3] if found else 0, "detail": _told(start, end, found)}


def _told(start: str | None, end: str | None, found: tuple[Any, ...] | None) -> str:
    stated = f"stated: {start} to {end}"
    if not found or not found[2]:
        return f"{stated}; no dated record was read"
    span = f"from {_text(found[0])} to {_text(found[1])}"
    return f"{stated}; {found[2]} dated records were read, {span}; {found[3]} lie outside"


def _text(us: int) -> str:
    return (_EPOCH + timedelta(microseconds=us)).isoformat(" ", "seconds")
