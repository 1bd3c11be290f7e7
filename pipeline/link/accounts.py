"""Which account each event speaks of, in which role, and what was seen with it.

An event names its account by id, login or shown name, or not at all: a login list inside an export belongs to the
export's owner. How an event was tied to an account is kept as its *basis*:

* ``in_record``: the record holds the service's id or the login;
* ``stated_sender``: an e-mail states this sender and no trusted host confirms it;
* ``profile_name``: the record holds a shown name that exactly one profile in the case carries on that service;
* ``shown_name``: only a shown name, kept as an account of its own (``platform:~name``);
* ``export_owner``: the exhibit holds exactly one profile of that service (but a message that was received, that
  names another sender, or of which the record does not settle who sent it, is not the owner's);
* ``export_part``: the exhibit holds none, but another part of the same export (exhibit names that differ in the part
  number only) does;
* ``case_setting``: case.toml says whose export it is.

Only the role ``actor`` ties an account to addresses and identifiers. ``attempted`` (a failed or unfinished login),
``claimed`` (mail whose stated sender a trusted host found false) and ``named`` (a shown name, which anyone can take)
do not; ``target`` is the account acted upon.

Keys are ``platform:login`` where id and login go together one to one, ``platform:#id`` where a login was renamed or
passed on, and ``platform:login@host`` for logins that mean something on one host or site only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.tables import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

__all__ = ["account_tables"]

_NOT_ACCOUNTS = "('lease', 'provider_negative', 'log_message')"  # a subscription or a log line is no account
_PART = re.compile(r"(?<=[-_. (])(?:part)?\d{1,3}(?=\)?(?:\.[A-Za-z0-9]{1,8}){1,2}$)")
"""The number of a part at the end of an exhibit's name: export-001.zip, export (2).zip, export.part3.zip."""
_LOCAL = ("web", "ssh", "unix")  # a login there belongs to one host or site
_ACTOR = f"""
SELECT event_id, exhibit_sha256, platform, account_id AS id, account_login AS login, account_display_name AS shown,
       CASE WHEN platform IN {_LOCAL} THEN coalesce(url_domain, host_name, exhibit_id) END AS place, timestamp,
       CASE WHEN event_outcome = 'failure' THEN 'attempted'
            WHEN event_type = 'connection' AND event_outcome IS DISTINCT FROM 'success' THEN 'attempted'
            WHEN event_type <> 'email_message' THEN 'actor'
            WHEN passed THEN 'actor' WHEN failed THEN 'claimed' ELSE 'stated' END AS role
FROM (
  SELECT *, coalesce(account_platform, CASE WHEN account_login IS NOT NULL THEN 'web' END) AS platform,
         regexp_matches(auth, '(dmarc|dkim|spf)=pass') AS passed,
         regexp_matches(auth, '(dmarc|dkim|spf)=(fail|softfail|permerror)') AS failed
  FROM (SELECT *, lower(coalesce(array_to_string(auth_results[1:coalesce(
                 TRY_CAST(regexp_extract(extra, '"auth_results_attested":(\\d+)', 1) AS INT), 0)], ' '), '')) AS auth
        FROM events)
) JOIN exhibits ON sha256 = exhibit_sha256
WHERE event_type NOT IN {_NOT_ACCOUNTS} AND (platform IS NOT NULL OR account_login IS NOT NULL)
  AND (coalesce(account_id, account_login, account_display_name) IS NOT NULL
       OR NOT (list_contains(coalesce(parse_flags, []), 'direction_unknown')
               OR (event_type IN ('message', 'call')
                   AND (coalesce(event_action, '') IN ('received', 'missed', 'incoming')
                        OR (sender IS NOT NULL AND NOT contains(coalesce(extra, ''), '"exporting_account":'))))))
"""  # noqa: S608 - constants only
_TARGET = r"""
SELECT event_id, exhibit_sha256, account_platform AS platform, target_account_id AS id, target_account_login AS login,
       CAST(NULL AS VARCHAR) AS shown, CAST(NULL AS VARCHAR) AS place, timestamp, 'target' AS role
FROM events WHERE coalesce(target_account_id, target_account_login) IS NOT NULL AND account_platform IS NOT NULL
UNION ALL
SELECT event_id, exhibit_sha256, platform, id, CASE WHEN id IS NULL THEN login END,
       CASE WHEN id IS NULL AND login IS NULL THEN name END, NULL, timestamp, 'target'
FROM (
  SELECT *, CASE WHEN platform IN ('email', 'snapchat', 'tiktok', 'reddit', 'kik') THEN name END AS login,
         CASE WHEN platform IN ('x', 'discord') AND regexp_full_match(name, '\d{1,20}') THEN name
              WHEN platform = 'telegram' THEN nullif(regexp_extract(name, '^user(\d{1,20})$', 1), '')
              WHEN platform = 'whatsapp' AND regexp_full_match(name, '\+?\d{7,15}') THEN '+' || ltrim(name, '+')
              WHEN platform IN ('facebook', 'instagram', 'threads')
              THEN nullif(regexp_extract(name, '\((?:[A-Za-z]+: ?)?(\d{3,20})\)\s*$', 1), '') END AS id
  FROM (SELECT event_id, exhibit_sha256, account_platform AS platform, timestamp, unnest(recipients) AS name
        FROM events
        WHERE account_platform IS NOT NULL AND event_type IN ('message', 'email_message')
          AND (len(recipients) > 1 OR coalesce(target_account_id, target_account_login) IS NULL))
)
"""
"""A recipient is named by id or login where the service writes these; only otherwise by a shown name."""
_OBSERVED = """
SELECT account_key, identifier_type, identifier, min(timestamp) AS first_seen, max(timestamp) AS last_seen,
       count(DISTINCT event_id) AS n_events, list_sort(list(DISTINCT exhibit_id)) AS exhibit_ids,
       list_sort(list(DISTINCT event_id))[1:10] AS event_ids
FROM (
  SELECT a.account_key, a.event_id, e.timestamp, x.exhibit_id, o.t AS identifier_type,
         CASE WHEN o.t IN ('phone', 'recovery_phone')
              THEN regexp_replace(regexp_replace(o.v, '[^0-9+]', '', 'g'), '^00', '+')
              WHEN o.t IN ('email', 'recovery_email') THEN lower(trim(o.v)) ELSE o.v END AS identifier
  FROM account_events_now a JOIN events e USING (event_id) JOIN exhibits x ON x.sha256 = e.exhibit_sha256,
  LATERAL (SELECT unnest(list_concat(
      [{'t': 'ip', 'v': e.source_ip}, {'t': 'ip', 'v': e.attested_ip},
       {'t': 'user_agent', 'v': e.user_agent_original}, {'t': 'device_id', 'v': e.device_id}],
      coalesce([{'t': i.type, 'v': i.value} for i in e.identifiers], [])), recursive := true)) AS o
  WHERE a.role = 'actor' AND o.v IS NOT NULL
)
WHERE identifier <> '' GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Names:
    """What the case knows of accounts beyond single records.

    Attributes:
        owners: (exhibit SHA-256, platform) -> login of the only profile there.
        parts: The same, for exhibits without a profile that are a part of an export with exactly one.
        declared: exhibit SHA-256 -> account key from case.toml.
        logins: (platform, id) -> logins seen with it.
        ids: (platform, login) -> ids seen with it.
        by_shown: (platform, shown name) -> login, when one profile alone carries that name.
    """

    owners: dict[tuple[str, str], str]
    parts: dict[tuple[str, str], str]
    declared: dict[str, str]
    logins: dict[tuple[str, str], set[str]]
    ids: dict[tuple[str, str], set[str]]
    by_shown: dict[tuple[str, str], str]


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str, str], set[str]]:
    """(key part, key part) -> values."""
    seen: dict[tuple[str, str], set[str]] = {}
    for first, second, value in rows:
        seen.setdefault((first, second), set()).add(value)
    return seen


def _unique(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str, str], str]:
    """The same, for keys that have one value only."""
    return {key: next(iter(values)) for key, values in _grouped(rows).items() if len(values) == 1}


def _names(con: duckdb.DuckDBPyConnection, declared: dict[str, str]) -> Names:
    profile = "FROM events WHERE event_type = 'account_profile' AND account_login IS NOT NULL"

    def query(select: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = con.execute(select).fetchall()
        return rows

    both = query(
        "SELECT DISTINCT account_platform, account_id, lower(account_login) FROM events "
        "WHERE account_platform IS NOT NULL AND account_id IS NOT NULL AND account_login IS NOT NULL "
        "UNION SELECT DISTINCT account_platform, target_account_id, lower(target_account_login) FROM events "
        "WHERE account_platform IS NOT NULL AND target_account_id IS NOT NULL AND target_account_login IS NOT NULL"
    )
    owned = query(f"SELECT DISTINCT exhibit_sha256, account_platform, lower(account_login) {profile}")
    return Names(
        owners=_unique(owned),
        parts=_parts(query("SELECT sha256, name FROM exhibits WHERE name IS NOT NULL"), owned),
        declared=declared,
        logins=_grouped(both),
        ids=_grouped((platform, login, ident) for platform, ident, login in both),
        by_shown=_unique(
            query(
                f"SELECT DISTINCT account_platform, account_display_name, lower(account_login) {profile} "
                "AND account_display_name IS NOT NULL"
            )
        ),
    )


def _parts(exhibits: list[tuple[Any, ...]], owned: list[tuple[Any, ...]]) -> dict[tuple[str, str], str]:
    """(exhibit, platform) -> the only profile among the parts of its export. A name without a number is no part."""
    stem_of = {sha: _PART.sub("#", name) for sha, name in exhibits if _PART.search(name)}
    held = _unique((stem_of[sha], platform, login) for sha, platform, login in owned if sha in stem_of)
    return {
        (sha, platform): login
        for sha, stem in stem_of.items()
        for (series, platform), login in held.items()
        if series == stem
    }


def _by_id(platform: str, ident: str, names: Names) -> str:
    """``platform:login`` when this id and its login go together one to one, else ``platform:#id``."""
    logins = names.logins.get((platform, ident), set())
    if not logins:
        return f"{platform}:{ident}"
    (login, *more) = sorted(logins)
    return f"{platform}:#{ident}" if more or len(names.ids[platform, login]) > 1 else f"{platform}:{login}"


def _by_login(platform: str, login: str, place: str | None, names: Names) -> str:
    if place:
        return f"{platform}:{login}@{place}"
    ids = names.ids.get((platform, login), set())
    return _by_id(platform, next(iter(ids)), names) if len(ids) == 1 else f"{platform}:{login}"


def resolve(row: tuple[Any, ...], names: Names) -> tuple[str, str, str] | None:
    """(account key, role, basis) of a mention, or None when nothing says whose it is.

    `row` is (exhibit SHA-256, platform, id, login, shown name, place, role).
    """
    exhibit, platform, ident, login, shown, place, role = row
    basis = "stated_sender" if role in {"stated", "claimed"} else "in_record"
    role = "actor" if role == "stated" else role
    if ident and not place:
        return _by_id(platform, ident, names), role, basis
    if login:
        return _by_login(platform, login.lower(), place, names), role, basis
    if shown:
        known = names.by_shown.get((platform, shown))
        named = role if role == "target" else "named"
        return (
            (_by_login(platform, known, None, names), named, "profile_name")
            if known
            else (f"{platform}:~{shown}", named, "shown_name")
        )
    return None if role == "target" else _owner(exhibit, platform, role, names)


def _owner(exhibit: str, platform: str, role: str, names: Names) -> tuple[str, str, str] | None:
    """The account whose export an exhibit is, for records that name none."""
    declared = names.declared.get(exhibit, "")
    for owners, basis in ((names.owners, "export_owner"), ({} if declared else names.parts, "export_part")):
        if (exhibit, platform) in owners:
            return _by_login(platform, owners[exhibit, platform], None, names), role, basis
    return (declared, role, "case_setting") if declared.startswith(f"{platform}:") else None


def account_tables(con: duckdb.DuckDBPyConnection, declared: dict[str, str]) -> dict[str, pa.Table]:
    """The tables `account_events`, `accounts` and `observations`.

    Args:
        con: A connection with the views `events` and `exhibits`.
        declared: Exhibit SHA-256 -> account key that case.toml states for it.
    """
    names = _names(con, declared)
    con.execute(
        f"CREATE TEMP TABLE mentions AS SELECT * FROM ({_ACTOR} UNION ALL {_TARGET}) "  # noqa: S608 - constants
        "WHERE event_id NOT IN (SELECT event_id FROM repeats)"
    )
    keys = ["exhibit_sha256", "platform", "id", "login", "shown", "place", "role"]
    distinct = con.execute(f"SELECT DISTINCT {', '.join(keys)} FROM mentions").fetchall()  # noqa: S608 - constants
    found = [(*row, *resolved) for row in distinct if (resolved := resolve(row, names))]
    columns = [*keys, "account_key", "final_role", "basis"]
    values = list(zip(*found, strict=True)) if found else [()] * len(columns)
    con.register("resolved", pa.table({n: pa.array(v, pa.string()) for n, v in zip(columns, values, strict=True)}))
    same = " AND ".join(f"m.{k} IS NOT DISTINCT FROM r.{k}" for k in keys)
    con.execute(
        "CREATE TEMP TABLE account_events_now AS "  # noqa: S608 - constants
        "SELECT DISTINCT r.account_key, m.event_id, r.final_role AS role, r.basis "
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
                    ELSE coalesce(min(lower(e.account_login)) FILTER (WHERE a.role <> 'target'),
                                  substr(a.account_key, length(split_part(a.account_key, ':', 1)) + 2)) END AS login,
               list_sort(list(DISTINCT e.account_display_name)
                 FILTER (WHERE a.role <> 'target' AND e.account_display_name IS NOT NULL)) AS display_names,
               min(e.timestamp) AS first_seen, max(e.timestamp) AS last_seen,
               count(DISTINCT a.event_id) FILTER (WHERE a.role IN ('actor', 'named')) AS n_events,
               list_sort(list(DISTINCT x.exhibit_id)) AS exhibit_ids,
               array_to_string(list_sort(list(DISTINCT a.basis)), ', ') AS basis
        FROM account_events_now a JOIN events e USING (event_id) JOIN exhibits x ON x.sha256 = e.exhibit_sha256
        GROUP BY a.account_key ORDER BY a.account_key
    """).to_arrow_table()
    return table.cast(schema_of("accounts"))
