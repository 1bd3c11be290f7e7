"""Which account each event speaks of, and what was seen with it.

An event names its account by id, login or shown name, or not at all: a login list inside an export belongs to the
export's owner. How an event was tied to an account is kept as its *basis*:

* ``in_record``: the record holds the login or the service's id;
* ``profile_name``: the record holds a shown name that exactly one profile in the case carries on that service;
* ``shown_name``: only a shown name, kept as an account of its own (``platform:~name``);
* ``export_owner``: the exhibit holds exactly one profile of that service;
* ``case_setting``: case.toml says whose export it is.

A failed login, or a connection that only names a login, ties nobody to an address: its role is ``attempted``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.tables import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

__all__ = ["account_tables"]

_NOT_ACCOUNTS = "('lease', 'provider_negative', 'log_message')"  # a subscription or a log line is no account
_ACTOR = f"""
SELECT event_id, exhibit_sha256,
       coalesce(account_platform, CASE WHEN account_login IS NOT NULL THEN 'web' END) AS platform,
       account_id AS id, account_login AS login, account_display_name AS shown, timestamp,
       CASE WHEN event_type = 'authentication' AND event_outcome = 'failure' THEN 'attempted'
            WHEN event_type = 'connection' AND event_outcome IS DISTINCT FROM 'success' THEN 'attempted'
            ELSE 'actor' END AS role
FROM events WHERE event_type NOT IN {_NOT_ACCOUNTS}
  AND (account_platform IS NOT NULL OR account_login IS NOT NULL)
"""  # noqa: S608 - constants only
_TARGET = """
SELECT event_id, exhibit_sha256, account_platform AS platform, target_account_id AS id, target_account_login AS login,
       CAST(NULL AS VARCHAR) AS shown, timestamp, 'target' AS role
FROM events WHERE coalesce(target_account_id, target_account_login) IS NOT NULL AND account_platform IS NOT NULL
UNION ALL
SELECT event_id, exhibit_sha256, account_platform, NULL, CASE WHEN account_platform = 'email' THEN name END,
       CASE WHEN account_platform <> 'email' THEN name END, timestamp, 'target'
FROM (SELECT event_id, exhibit_sha256, account_platform, timestamp, unnest(recipients) AS name FROM events
      WHERE account_platform IS NOT NULL AND event_type IN ('message', 'email_message'))
"""
_OBSERVED = """
SELECT account_key, identifier_type, identifier, min(timestamp) AS first_seen, max(timestamp) AS last_seen,
       count(DISTINCT event_id) AS n_events, list_sort(list(DISTINCT exhibit_id)) AS exhibit_ids,
       list_sort(list(DISTINCT event_id))[1:10] AS event_ids
FROM (
  SELECT a.account_key, a.event_id, e.timestamp, x.exhibit_id, o.t AS identifier_type, o.v AS identifier
  FROM account_events_now a JOIN events e USING (event_id) JOIN exhibits x ON x.sha256 = e.exhibit_sha256,
  LATERAL (SELECT unnest(list_concat(
      [{'t': 'ip', 'v': e.source_ip}, {'t': 'ip', 'v': e.attested_ip},
       {'t': 'user_agent', 'v': e.user_agent_original}, {'t': 'device_id', 'v': e.device_id}],
      coalesce([{'t': i.type, 'v': i.value} for i in e.identifiers], [])), recursive := true)) AS o
  WHERE a.role = 'actor' AND o.v IS NOT NULL
)
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Names:
    """What the case knows of accounts beyond single records.

    Attributes:
        owners: (exhibit SHA-256, platform) -> login of the only profile there.
        declared: exhibit SHA-256 -> account key from case.toml.
        by_id: (platform, id) -> login, when one login alone goes with that id.
        by_shown: (platform, shown name) -> login, when one profile alone carries that name.
    """

    owners: dict[tuple[str, str], str]
    declared: dict[str, str]
    by_id: dict[tuple[str, str], str]
    by_shown: dict[tuple[str, str], str]


def _unique(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str, str], str]:
    """(key part, key part) -> value, for keys that have one value only."""
    seen: dict[tuple[str, str], set[str]] = {}
    for first, second, value in rows:
        seen.setdefault((first, second), set()).add(value)
    return {key: next(iter(values)) for key, values in seen.items() if len(values) == 1}


def _names(con: duckdb.DuckDBPyConnection, declared: dict[str, str]) -> Names:
    profile = "FROM events WHERE event_type = 'account_profile' AND account_login IS NOT NULL"

    def query(select: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = con.execute(select).fetchall()
        return rows

    return Names(
        owners=_unique(query(f"SELECT DISTINCT exhibit_sha256, account_platform, lower(account_login) {profile}")),
        declared=declared,
        by_id=_unique(
            query(
                "SELECT DISTINCT account_platform, account_id, lower(account_login) FROM events "
                "WHERE account_platform IS NOT NULL AND account_id IS NOT NULL AND account_login IS NOT NULL"
            )
        ),
        by_shown=_unique(
            query(
                f"SELECT DISTINCT account_platform, account_display_name, lower(account_login) {profile} "
                "AND account_display_name IS NOT NULL"
            )
        ),
    )


def resolve(row: tuple[Any, ...], names: Names) -> tuple[str, str] | None:
    """(account key, basis) for (exhibit, platform, id, login, shown, role), or None when nothing says whose it is."""
    exhibit, platform, ident, login, shown, role = row
    if login:
        return f"{platform}:{login.lower()}", "in_record"
    if ident:
        return f"{platform}:{names.by_id.get((platform, ident), ident)}", "in_record"
    if shown:
        known = names.by_shown.get((platform, shown))
        return (f"{platform}:{known}", "profile_name") if known else (f"{platform}:~{shown}", "shown_name")
    if role == "target":
        return None
    if (exhibit, platform) in names.owners:
        return f"{platform}:{names.owners[exhibit, platform]}", "export_owner"
    declared = names.declared.get(exhibit, "")
    return (declared, "case_setting") if declared.startswith(f"{platform}:") else None


def account_tables(con: duckdb.DuckDBPyConnection, declared: dict[str, str]) -> dict[str, pa.Table]:
    """The tables `account_events`, `accounts` and `observations`.

    Args:
        con: A connection with the views `events` and `exhibits`.
        declared: Exhibit SHA-256 -> account key that case.toml states for it.
    """
    names = _names(con, declared)
    con.execute(f"CREATE TEMP TABLE mentions AS {_ACTOR} UNION ALL {_TARGET}")
    keys = ["exhibit_sha256", "platform", "id", "login", "shown", "role"]
    distinct = con.execute(f"SELECT DISTINCT {', '.join(keys)} FROM mentions").fetchall()  # noqa: S608 - constants
    found = [(*row, *resolve(row, names)) for row in distinct if resolve(row, names)]  # type: ignore[misc]
    columns = list(zip(*found, strict=True)) if found else [()] * (len(keys) + 2)
    con.register(
        "resolved",
        pa.table({n: pa.array(c, pa.string()) for n, c in zip([*keys, "account_key", "basis"], columns, strict=True)}),
    )
    same = " AND ".join(f"m.{k} IS NOT DISTINCT FROM r.{k}" for k in keys)
    con.execute(
        f"CREATE TEMP TABLE account_events_now AS SELECT DISTINCT r.account_key, m.event_id, m.role, r.basis "  # noqa: S608
        f"FROM mentions m JOIN resolved r ON {same}"
    )
    links = con.sql("SELECT * FROM account_events_now ORDER BY ALL").to_arrow_table()
    return {
        "account_events": links.cast(schema_of("account_events")),
        "accounts": _accounts(con),
        "observations": con.sql(_OBSERVED).to_arrow_table().cast(schema_of("observations")),
    }


def _accounts(con: duckdb.DuckDBPyConnection) -> pa.Table:
    table = con.sql("""
        SELECT a.account_key, split_part(a.account_key, ':', 1) AS platform,
               min(CASE WHEN a.role <> 'target' THEN e.account_id ELSE e.target_account_id END) AS account_id,
               CASE WHEN a.account_key LIKE '%:~%' THEN NULL
                    ELSE substr(a.account_key, length(split_part(a.account_key, ':', 1)) + 2) END AS login,
               list_sort(list(DISTINCT e.account_display_name)
                 FILTER (WHERE a.role <> 'target' AND e.account_display_name IS NOT NULL)) AS display_names,
               min(e.timestamp) AS first_seen, max(e.timestamp) AS last_seen,
               count(DISTINCT a.event_id) FILTER (WHERE a.role = 'actor') AS n_events,
               list_sort(list(DISTINCT x.exhibit_id)) AS exhibit_ids,
               array_to_string(list_sort(list(DISTINCT a.basis)), ', ') AS basis
        FROM account_events_now a JOIN events e USING (event_id) JOIN exhibits x ON x.sha256 = e.exhibit_sha256
        GROUP BY a.account_key ORDER BY a.account_key
    """).to_arrow_table()
    return table.cast(schema_of("accounts"))
