"""Interval records joined into leases, in DuckDB, so that memory is bounded however many records there are.

A *mark* is one record about an address. Records of one moment (``open``, ``seen``, ``close``) are joined by session
where they name one, else by address, ports and holder, on the same recording system. Records of a whole interval
(``whole``) are joined with their renewals. Records get lost, so nothing is closed by guess:

* a lease whose start was not recorded has an open or bounded start, one whose stop was not recorded an open end;
  the next start on the same address and ports, or a restart of the access server, bounds it (`end_latest`);
* leases that overlap stay side by side;
* from `start_latest` to `end_earliest` a lease is recorded as held; outside `start_earliest` to `end_latest` it is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.tables import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    import pyarrow as pa

__all__ = ["lease_tables"]

_ROWS = 500_000
"""Leases per part of the table."""

_RETRY_US = 120_000_000
"""A second start of the same session within this time is the same one, sent or logged again."""

_COUNT_US = 5_000_000
"""How far a session's counted length may be off against the clocks of its records."""

_NOT_HELD = "('declined', 'abandoned', 'backup')"
"""Actions that say an address was taken out of use, not that anybody was given it."""

_RECORDS = f"""
CREATE TEMP TABLE records AS
SELECT e.event_id, x.exhibit_id, coalesce(e.host_name, e.exhibit_sha256) AS system, e.session_id,
       coalesce(e.source_ip, json_extract_string(e.extra, '$.prefix')) AS address,
       CAST(e.source_port AS BIGINT) AS port_start,
       TRY_CAST(json_extract_string(e.extra, '$.port_end') AS BIGINT) AS port_end, e.network_protocol AS protocol,
       [i.value for i in e.identifiers if i.type = 'subscriber'][1] AS subscriber, e.account_login AS login,
       json_extract_string(e.extra, '$.inside_ip') AS inside,
       CASE WHEN e.device_id_type = 'mac' THEN e.device_id END AS mac,
       coalesce(json_extract_string(e.extra, '$."client-hostname"'), json_extract_string(e.extra, '$.hostname'),
                json_extract_string(e.extra, '$."Host Name"')) AS device,
       epoch_us(e.timestamp) AS t, epoch_us(e.timestamp_earliest) AS early, epoch_us(e.timestamp_latest) AS late,
       epoch_us(e.timestamp_end) AS t_end,
       TRY_CAST(json_extract_string(e.extra, '$.started_epoch_s') AS BIGINT) * 1000000 AS stated,
       epoch_us(e.timestamp)
         - TRY_CAST(json_extract_string(e.extra, '$.session_time_s') AS BIGINT) * 1000000 AS counted,
       e.event_type, e.event_action AS action,
       CASE WHEN e.timestamp IS NULL THEN 'whole' WHEN e.timestamp_end IS NULL AND e.event_action = 'start' THEN 'open'
            WHEN e.timestamp_end IS NULL AND e.event_action = 'interim' THEN 'seen'
            WHEN e.timestamp_end IS NULL AND e.event_action = 'stop' THEN 'close' ELSE 'whole' END AS kind,
       lpad(CAST(coalesce(epoch_us(e.timestamp), 0) AS VARCHAR), 20, '0') || e.event_id || ' ' || x.exhibit_id AS cite
FROM events e JOIN exhibits x ON x.sha256 = e.exhibit_sha256
WHERE (e.event_type = 'lease' AND coalesce(e.event_action, '') NOT IN {_NOT_HELD})
   OR (e.event_type = 'session' AND e.session_id IS NOT NULL AND e.event_action IN ('start', 'stop'))
"""  # noqa: S608 - constants only

_MARKS = """
CREATE TEMP TABLE marks AS
WITH named AS (SELECT *, coalesce(subscriber, login, inside, mac, device) AS who FROM records WHERE kind <> 'whole'),
own AS (SELECT *, true AS own FROM named WHERE event_type = 'lease' AND address IS NOT NULL),
held AS (SELECT DISTINCT system, session_id, address, port_start, port_end FROM own WHERE session_id IS NOT NULL),
found AS (
  SELECT * FROM own
  UNION ALL
  SELECT n.* REPLACE (h.address AS address, h.port_start AS port_start, h.port_end AS port_end,
                      CASE n.kind WHEN 'open' THEN 'hint' ELSE n.kind END AS kind), false
  FROM named n JOIN held h USING (system, session_id) WHERE n.address IS NULL OR n.event_type = 'session'
)
SELECT *, CASE kind WHEN 'hint' THEN 0 WHEN 'open' THEN 1 WHEN 'seen' THEN 2 ELSE 3 END AS turn,
       last_value(CASE WHEN session_id IS NULL THEN who ELSE coalesce(login, who) END IGNORE NULLS) OVER (
         PARTITION BY system, session_id, address, port_start, port_end ORDER BY t, event_id
         ROWS UNBOUNDED PRECEDING) AS line
FROM found
"""
"""Records of one moment, and those of their session that name no address, once for each address the session had.

`line` tells holders apart, also where a session id is used again; a record that names nobody speaks of the one named
last.
"""

_WHOLES = """
CREATE TEMP TABLE wholes AS
SELECT *, coalesce(subscriber, login, inside, mac, device) AS who FROM records
WHERE event_type = 'lease' AND kind = 'whole' AND address IS NOT NULL
  AND (action IS DISTINCT FROM 'free' OR coalesce(subscriber, login, inside, mac, device) IS NOT NULL)
"""

_BY_MARKS = f"""
CREATE TEMP TABLE marked AS
WITH ordered AS (
  SELECT *, lag(kind) OVER w AS before, lag(t) OVER w AS t_before FROM marks
  WINDOW w AS (PARTITION BY system, session_id, address, port_start, port_end, line ORDER BY t, turn, event_id)
), cut AS (
  SELECT *, CASE WHEN before IS NULL THEN 1
                 WHEN before = 'close' THEN CASE WHEN session_id IS NOT NULL AND kind = 'close' THEN 0 ELSE 1 END
                 WHEN counted - {_COUNT_US} > t_before THEN 1
                 WHEN kind IN ('hint', 'open')
                   THEN CASE WHEN before IN ('hint', 'open') AND t - t_before <= {_RETRY_US} THEN 0 ELSE 1 END
                 ELSE 0 END AS cuts
  FROM ordered
), numbered AS (
  SELECT *, sum(cuts) OVER (PARTITION BY system, session_id, address, port_start, port_end, line
                            ORDER BY t, turn, event_id ROWS UNBOUNDED PRECEDING) AS part
  FROM cut
)
SELECT min(event_id) FILTER (WHERE own) AS lease, system, session_id, address, port_start, port_end,
       min(t) FILTER (WHERE kind = 'open') AS t_open, min(early) FILTER (WHERE kind = 'open') AS open_early,
       max(late) FILTER (WHERE kind = 'open') AS open_late,
       min(t) FILTER (WHERE kind = 'hint') AS t_hint, min(early) FILTER (WHERE kind = 'hint') AS hint_early,
       min(stated) AS stated, min(counted) AS counted, max(late - early) AS spread,
       min(late) FILTER (WHERE own) AS first_late, min(t) FILTER (WHERE own) AS t_first,
       max(early) AS last_early, max(t) AS t_last,
       min(t) FILTER (WHERE kind = 'close') AS t_close, min(early) FILTER (WHERE kind = 'close') AS close_early,
       max(late) FILTER (WHERE kind = 'close') AS close_late, {{names}}
FROM numbered GROUP BY system, session_id, address, port_start, port_end, line, part
HAVING count(*) FILTER (WHERE own) > 0
   AND (count(*) FILTER (WHERE kind <> 'close') > 0 OR count(who) > 0)
"""  # noqa: S608 - constants only
"""A close that nothing opened and that names nobody says nothing about who held the address: left out."""

_NAMES = """
       min(protocol) AS protocol, min(subscriber) AS subscriber, min(login) AS login, min(inside) AS inside,
       min(mac) AS mac, min(device) AS device,
       list_distinct([
         'subscriber: ' || min(subscriber), 'subscriber: ' || max(subscriber), 'login: ' || min(login),
         'login: ' || max(login), 'inside address: ' || min(inside), 'device: ' || min(mac), 'device: ' || max(mac),
         'device name: ' || min(device), 'device name: ' || max(device)]) AS names,
       count(*) AS n_events, min(cite) AS cite_first, max(cite) AS cite_last,
       max(cite) FILTER (WHERE kind = 'open') AS cite_open, min(cite) FILTER (WHERE kind = 'close') AS cite_close
"""
"""Who is named, and which records to cite: the first, the start, the stop, the last. Sizes are fixed, so it spills."""

_BY_WHOLES = """
CREATE TEMP TABLE stated_whole AS
WITH ordered AS (
  SELECT *, lag(t_end) OVER w AS end_before FROM wholes
  WINDOW w AS (PARTITION BY system, exhibit_id, session_id, address, port_start, port_end, who ORDER BY t, event_id)
), numbered AS (
  SELECT *, sum(CASE WHEN t <= end_before AND (t_end IS NOT NULL OR action = 'removed') THEN 0 ELSE 1 END) OVER (
    PARTITION BY system, exhibit_id, session_id, address, port_start, port_end, who ORDER BY t, event_id
    ROWS UNBOUNDED PRECEDING) AS part
  FROM ordered
)
SELECT min(event_id) AS lease, system, session_id, address, port_start, port_end, min(t) AS t_start,
       min(early) AS start_early, arg_min(late, (t, event_id)) AS start_late,
       coalesce(arg_max(late - t, (t, event_id)), 0) AS after, coalesce(arg_max(t - early, (t, event_id)), 0) AS ahead,
       max(late - early) AS spread, arg_max(coalesce(action, ''), (t, event_id)) AS action, max(t) AS t_last,
       min(t) AS t_first, arg_max(coalesce(t_end, -1), (t, event_id)) AS t_until, max(t_end) AS farthest, {names}
FROM numbered GROUP BY system, exhibit_id, session_id, address, port_start, port_end, who, part
"""
"""Whole intervals: of several records with one start the last written holds; renewals go on from one another."""

_BOUNDS = f"""
CREATE TEMP TABLE bounds AS
SELECT * EXCLUDE (t_open, open_early, open_late, t_hint, hint_early, stated, counted, first_late, last_early, t_close,
                  close_early, close_late, t_last),
       coalesce(t_open, stated, counted, t_hint) AS start_at,
       CASE WHEN t_open IS NOT NULL THEN open_early WHEN stated IS NOT NULL THEN stated
            WHEN counted IS NOT NULL THEN least(counted - {_COUNT_US} - spread, hint_early)
            ELSE hint_early END AS start_early,
       CASE WHEN t_open IS NOT NULL THEN open_late WHEN stated IS NOT NULL THEN stated + 999999
            ELSE first_late END AS start_late,
       CASE WHEN t_open IS NOT NULL THEN 'record' WHEN stated IS NOT NULL THEN 'stated'
            WHEN counted IS NOT NULL THEN 'session_time' WHEN t_hint IS NOT NULL THEN 'session_start'
            ELSE 'unknown' END AS start_basis,
       t_close AS end_at, coalesce(close_early, last_early) AS end_early, close_late AS end_late,
       CASE WHEN t_close IS NULL THEN 'unknown' ELSE 'stop_record' END AS end_basis, t_last
FROM marked
UNION ALL BY NAME
SELECT * EXCLUDE (t_start, after, ahead, action, t_until, farthest),
       t_start AS start_at, CASE WHEN t_start IS NULL THEN 'unknown' ELSE 'record' END AS start_basis,
       CASE WHEN action <> 'removed' AND t_until >= 0 THEN t_until END AS end_at,
       CASE WHEN action <> 'removed' AND t_until >= 0 THEN t_until ELSE t_last END - ahead AS end_early,
       CASE WHEN action = 'removed' THEN farthest WHEN t_until >= 0 THEN t_until END + after AS end_late,
       CASE WHEN action = 'removed' THEN 'removed' WHEN t_until < 0 THEN 'unknown'
            WHEN action IN ('active', 'assigned') THEN 'lease_time' ELSE 'stop_record' END AS end_basis
FROM stated_whole
"""  # noqa: S608 - constants only

_NEIGHBOURS = """
CREATE TEMP TABLE bounded AS
WITH places AS (
  SELECT *, coalesce(port_start, -1) AS low, coalesce(port_end, -1) AS high FROM bounds
), starts AS (
  SELECT system, address, low, high, coalesce(start_at, t_first) AS t, start_late AS late FROM places
), ends AS (
  SELECT system, address, low, high, end_at AS t, end_early AS early FROM places WHERE end_basis = 'stop_record'
), restarts AS (
  SELECT e.host_name AS system, epoch_us(e.timestamp) AS t, epoch_us(e.timestamp_latest) AS late FROM events e
  WHERE e.event_type = 'session' AND e.event_action = 'accounting_on' AND e.host_name IS NOT NULL
), met AS (
  SELECT p.*, n.late AS next_late, r.late AS restart_late, d.early AS freed, least(n.late, r.late) AS bound
  FROM places p
  ASOF LEFT JOIN starts n
    ON p.system = n.system AND p.address = n.address AND p.low = n.low AND p.high = n.high AND p.t_last < n.t
  ASOF LEFT JOIN restarts r ON p.system = r.system AND p.t_last < r.t
  ASOF LEFT JOIN ends d
    ON p.system = d.system AND p.address = d.address AND p.low = d.low AND p.high = d.high AND p.t_first > d.t
)
SELECT * REPLACE (
         CASE WHEN end_basis = 'unknown' THEN bound ELSE end_late END AS end_late,
         CASE WHEN end_basis <> 'unknown' OR bound IS NULL THEN end_basis
              WHEN bound = next_late THEN 'next_start' ELSE 'restart' END AS end_basis,
         CASE WHEN start_basis = 'unknown' THEN freed ELSE start_early END AS start_early,
         CASE WHEN start_basis = 'unknown' AND freed IS NOT NULL THEN 'previous_end' ELSE start_basis END
           AS start_basis)
FROM met
"""

_LEASES = """
SELECT 'lease:' || lease AS lease_id, address, port_start, port_end, protocol,
       coalesce(subscriber, login, inside, mac, device) AS holder,
       CASE WHEN subscriber IS NOT NULL THEN 'subscriber' WHEN login IS NOT NULL THEN 'account_login'
            WHEN inside IS NOT NULL THEN 'inside_address' WHEN mac IS NOT NULL THEN 'device_mac'
            WHEN device IS NOT NULL THEN 'device_name' END AS holder_type,
       mac AS device_mac, inside AS inside_ip, list_sort(list_filter(names, lambda n: n IS NOT NULL)) AS names,
       make_timestamptz(start_at) AS start, make_timestamptz(start_early) AS start_earliest,
       make_timestamptz(start_late) AS start_latest, start_basis,
       make_timestamptz(end_at) AS end, make_timestamptz(greatest(end_early, start_early)) AS end_earliest,
       make_timestamptz(end_late) AS end_latest, end_basis, spread / 1e6 AS uncertainty_s,
       system AS recorded_by, n_events, [split_part(c, ' ', 1)[21:] for c in cited] AS event_ids,
       list_sort(list_distinct([split_part(c, ' ', 2) for c in cited])) AS exhibit_ids
FROM (
  SELECT *, list_sort(list_distinct(list_filter([cite_first, cite_open, cite_close, cite_last],
                                                lambda c: c IS NOT NULL))) AS cited FROM bounded
) ORDER BY lease_id
"""

_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_RECORDS, ()),
    (_MARKS, ()),
    (_WHOLES, ("records",)),
    (_BY_MARKS, ("marks",)),
    (_BY_WHOLES, ("wholes",)),
    (_BOUNDS, ("marked", "stated_whole")),
    (_NEIGHBOURS, ("bounds",)),
)
"""What is built, and what is not needed any more after it."""


def lease_tables(con: duckdb.DuckDBPyConnection) -> Iterator[pa.Table]:
    """All leases that the events of a case describe, sorted by id, half a million at a time; one table at least.

    Args:
        con: A connection with the views `events` and `exhibits`.
    """
    for step, done in _STEPS:
        con.execute(step.replace("{names}", _NAMES))
        for table in done:
            con.execute(f"DROP TABLE {table}")
    rows, schema = con.sql("SELECT count(*) FROM bounded").fetchall()[0][0], schema_of("leases")
    con.execute(f"CREATE TEMP TABLE leases_now AS {_LEASES}")
    con.execute("DROP TABLE bounded")
    for start in range(0, max(rows, 1), _ROWS):
        part = con.sql(f"SELECT * FROM leases_now LIMIT {_ROWS} OFFSET {start}")  # noqa: S608 - numbers only
        yield part.to_arrow_table().select(schema.names).cast(schema)
