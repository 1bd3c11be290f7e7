"""Which events the report carries, what each says in one line, and the bytes it was read from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import VestigoError
from pipeline.report.columns import encode, encode_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import duckdb

    from pipeline.case import Case

    Opener = Callable[[Case, str, str], memoryview]
    Row = Mapping[str, object]

__all__ = ["EVENT_LIMIT", "EXCERPT_BYTES", "Events", "activity", "excerpts", "load_events", "what"]

EVENT_LIMIT = 50_000
EXCERPT_BYTES = 1024
EXCERPT_TOTAL = 24 << 20
TEXT_LIMIT = 4000
SLOT_S = 900
"""Activity is counted in quarter hours: every civil time zone's offset is a multiple of that."""
SLOTS = 150_000
LONG_SLOT_S = 3600
"""With more counts than `SLOTS`, whole hours keep the report small; half-hour zones are then shown to the hour."""
LANES = 200

_NOT_CARRIED = ("email_headers",)

_CHOSEN = """
WITH cited AS (
  SELECT DISTINCT unnest(event_ids) AS event_id FROM evidence_items
  UNION SELECT DISTINCT unnest(event_ids) FROM observations
  UNION SELECT DISTINCT unnest(event_ids) FROM edges
), spoken AS (SELECT DISTINCT event_id FROM account_events)
SELECT e.event_id
FROM events e LEFT JOIN cited c USING (event_id) LEFT JOIN spoken s USING (event_id)
ORDER BY CASE WHEN c.event_id IS NOT NULL THEN 0 WHEN s.event_id IS NOT NULL THEN 1 ELSE 2 END,
         md5(e.event_id), e.event_id
LIMIT ?
"""
"""Cited events first, then those that speak of an account, then an even sample of the rest (by a digest)."""

_ACTIVITY = """
SELECT CAST(epoch_us(timestamp) // (1000000 * {slot}) AS BIGINT) AS slot, CAST(event_type AS VARCHAR) AS kind,
       count(*) AS n
FROM events WHERE timestamp IS NOT NULL GROUP BY ALL ORDER BY ALL
"""

_LANES = """
SELECT CAST(epoch_us(e.timestamp) // (1000000 * {slot}) AS BIGINT) AS slot, a.account_key AS account, count(*) AS n
FROM (SELECT DISTINCT account_key, event_id FROM account_events WHERE role = 'actor') a JOIN events e USING (event_id)
  JOIN (SELECT account_key FROM accounts ORDER BY n_events DESC, account_key LIMIT {lanes}) USING (account_key)
WHERE e.timestamp IS NOT NULL GROUP BY ALL ORDER BY ALL
"""


class Events(NamedTuple):
    """The events of the report.

    Attributes:
        rows: Plain rows in order of time; events without a time come last.
        payload: The same as columns for the page.
        total: How many events the case has.
    """

    rows: list[Row]
    payload: dict[str, object]
    total: int


def load_events(con: duckdb.DuckDBPyConnection, limit: int = EVENT_LIMIT) -> Events:
    """Choose and read the events, their texts and their accounts."""
    con.execute("CREATE TEMP TABLE chosen AS " + _CHOSEN, [limit])
    table = con.sql(
        "SELECT e.* FROM events e JOIN chosen USING (event_id) ORDER BY e.timestamp NULLS LAST, e.event_id"
    ).to_arrow_table()
    table = table.drop_columns([name for name in _NOT_CARRIED if name in table.column_names])
    payload = encode_table(table)
    rows: list[Row] = table.to_pylist()
    texts = _texts(con)
    accounts = _accounts(con)
    found = [texts.get(str(row["event_id"])) for row in rows]
    extra = {
        "text": encode([text and text[0] for text in found]),
        "text_length": encode([text and text[1] for text in found]),
        "accounts": encode([accounts.get(str(row["event_id"])) for row in rows]),
        "what": encode([what(row, text and text[0]) for row, text in zip(rows, found, strict=True)]),
    }
    columns = payload["columns"]
    if isinstance(columns, dict):
        columns.update({name: column for name, column in extra.items() if column})
    return Events(rows, payload, _count(con))


def _count(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("SELECT count(*) FROM events").fetchone()
    return int(row[0]) if row else 0


def _texts(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, int]]:
    query = f"""
        SELECT t.event_id, string_agg(left(t.text, {TEXT_LIMIT}), chr(10) ORDER BY t.text_id), sum(length(t.text))
        FROM texts t JOIN chosen USING (event_id) WHERE t.text IS NOT NULL GROUP BY t.event_id
    """  # noqa: S608 - a constant
    return {event: (text, int(size)) for event, text, size in con.execute(query).fetchall()}


def _accounts(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Accounts of an event, as ``role account_key``; actors first."""
    query = """
        SELECT event_id, list(role || ' ' || account_key ORDER BY role, account_key)
        FROM (SELECT DISTINCT event_id, role, account_key FROM account_events) JOIN chosen USING (event_id) GROUP BY 1
    """
    return dict(con.execute(query).fetchall())


def _http(row: Row) -> str:
    status = row["http_response_status_code"]
    asked = f"{row['http_request_method'] or 'request'} {row['url_original'] or ''}".strip()
    return f"{asked} {'(no status)' if status is None else f'answered {status}'}"


def _login(row: Row) -> str:
    action = str(row["event_action"] or row["event_type"]).replace("_", " ")
    return f"{action}: {row['event_outcome']}" if row["event_outcome"] else action


def _mail(row: Row) -> str:
    handed = f", handed over from {row['attested_ip']}" if row["attested_ip"] else ""
    return f"{row['email_subject'] or '(no subject)'} - from {row['email_from'] or 'unstated'}{handed}"


def _towards(row: Row) -> str:
    action = str(row["event_action"] or row["event_type"]).replace("_", " ")
    target = row["target_account_login"] or row["target_account_id"]
    return f"{action}: {target}" if target else action


_LINES: dict[str, Callable[[Row], str]] = {
    "http_request": _http,
    "authentication": _login,
    "email_message": _mail,
    "follow_request": _towards,
    "relationship": _towards,
    "block": _towards,
}


def what(row: Row, text: str | None) -> str:
    """What the record states, in one line of at most 300 characters."""
    make = _LINES.get(str(row["event_type"]))
    line = text if make is None and text else (make or _towards)(row)
    if row["deleted_flag"]:
        line = f"[marked deleted by the record] {line}"
    return " ".join(line.split())[:300]


def activity(con: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """How many events per slot: by type over all events, and by account over those that the busiest accounts made."""
    names = ("slot", "kind", "n")
    slot = SLOT_S
    by_type = con.execute(_ACTIVITY.format(slot=slot)).fetchall()
    if len(by_type) > SLOTS:
        slot = LONG_SLOT_S
        by_type = con.execute(_ACTIVITY.format(slot=slot)).fetchall()
    by_account = con.execute(_LANES.format(slot=slot, lanes=LANES)).fetchall()
    return {
        "slot_s": slot,
        "types": _as_columns(by_type, names),
        "accounts": _as_columns(by_account, ("slot", "account", "n")),
    }


def _as_columns(rows: list[tuple[object, ...]], names: tuple[str, ...]) -> dict[str, object]:
    columns = {name: encode([row[index] for row in rows]) for index, name in enumerate(names)}
    return {"n": len(rows), "columns": {name: column for name, column in columns.items() if column}}


def excerpts(case: Case, rows: list[Row], opener: Opener) -> list[str | None]:
    """The first bytes of each record, one character per byte (Latin-1); None where they could not be opened.

    A record's bytes are left out once `EXCERPT_TOTAL` is reached; the page then names the command that shows them.
    """
    views: dict[tuple[str, str], memoryview | None] = {}
    left = EXCERPT_TOTAL
    out: list[str | None] = []
    for row in rows:
        member = (str(row["exhibit_sha256"]), str(row["member_path"] or ""))
        if member not in views:
            views[member] = _open(case, member, opener)
        view = views[member]
        start, end = row["span_start"], row["span_end"]
        if view is None or left <= 0 or not isinstance(start, int) or not isinstance(end, int):
            out.append(None)
            continue
        piece = bytes(view[start : min(end, start + EXCERPT_BYTES)])
        left -= len(piece)
        out.append(piece.decode("latin-1"))
    return out


def _open(case: Case, member: tuple[str, str], opener: Opener) -> memoryview | None:
    try:
        return opener(case, *member)
    except VestigoError:
        return None
