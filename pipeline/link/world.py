"""What linking looks at: who was seen where, when and with what, as parallel arrays of whole numbers.

Texts (accounts, networks, devices, identifiers) are numbered in sorted order, so that the same tables give the same
numbers; -1 stands for "none". Times are µs since 1970 UTC.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import duckdb

__all__ = ["NO_TIME", "Holdings", "Networks", "Sightings", "World", "load_world", "system_of"]

NO_TIME = np.iinfo(np.int64).min
_HOUR_US = 3_600_000_000
_SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "CrOS", "Linux")
_SYSTEM = re.compile("|".join(_SYSTEMS))
_ANONYMISING = {"vpn_provider", "tor_exit", "privacy_relay", "public_proxy", "hosting", "cloud", "cdn"}
_NET = "CASE WHEN d.ip_version = 6 THEN coalesce(d.net_prefix, ip) ELSE ip END"
_INSIDE = (
    r"^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2[0-9]|3[01])\."
    r"|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:|::1(/|$))"
)
"""RFC 1918, 4193, loopback and link-local: such an address means another network at every service that saw it."""
_SEEN_NET = (
    f"CASE WHEN regexp_matches({_NET}, '{_INSIDE}') "
    f"THEN {_NET} || ' inside ' || split_part(a.account_key, ':', 1) ELSE {_NET} END"
)
_SIGHTINGS = f"""
SELECT account_key, net, t, spread, device, ua, stated, min(event_id) AS event_id, min(exhibit_id) AS exhibit_id
FROM (
  SELECT a.account_key, {_SEEN_NET} AS net, t, spread, device, ua,
         a.basis = 'stated_sender' AS stated, event_id, exhibit_id
  FROM (SELECT event_id, coalesce(source_ip, attested_ip) AS ip, epoch_us(timestamp) AS t,
               epoch_us(timestamp_latest) - epoch_us(timestamp_earliest) AS spread, device_id AS device,
               user_agent_original AS ua, exhibit_sha256 FROM events
        WHERE coalesce(source_ip, attested_ip) IS NOT NULL AND timestamp IS NOT NULL
          AND epoch_us(timestamp_latest) - epoch_us(timestamp_earliest) <= $limit) e
  JOIN account_events a USING (event_id) JOIN exhibits x ON x.sha256 = e.exhibit_sha256
  LEFT JOIN addresses d USING (ip)
  WHERE a.role = 'actor'
)
GROUP BY ALL ORDER BY account_key, t, event_id
"""  # noqa: S608 - constants only
_UNTIMED = """
SELECT a.account_key, count(*) FROM account_events a JOIN events e USING (event_id)
WHERE a.role = 'actor' AND coalesce(e.source_ip, e.attested_ip) IS NOT NULL
  AND (e.timestamp IS NULL OR epoch_us(e.timestamp_latest) - epoch_us(e.timestamp_earliest) > $limit)
GROUP BY 1
"""
_COPIES = """
WITH rows AS (
  SELECT DISTINCT x.exhibit_id, hash(a.account_key, e.timestamp, e.source_ip, e.attested_ip, e.device_id, e.event_type,
                                     e.user_agent_original, e.message_id) AS record
  FROM account_events a JOIN events e USING (event_id) JOIN exhibits x ON x.sha256 = e.exhibit_sha256
), sizes AS (SELECT exhibit_id, count(*) AS n FROM rows GROUP BY 1)
SELECT b.exhibit_id, min(a.exhibit_id)
FROM (SELECT l.exhibit_id AS one, r.exhibit_id AS two, count(*) AS common FROM rows l JOIN rows r USING (record)
      WHERE l.exhibit_id < r.exhibit_id GROUP BY ALL) p
JOIN sizes a ON a.exhibit_id = p.one JOIN sizes b ON b.exhibit_id = p.two
WHERE p.common * 2 >= least(a.n, b.n) GROUP BY 1
"""
_NETWORKS = f"""
SELECT {_NET} AS net, coalesce(first(network_class ORDER BY ip), 'unknown') AS label,
       first(latitude ORDER BY ip) AS latitude, first(longitude ORDER BY ip) AS longitude,
       coalesce(first(accuracy_km ORDER BY ip), 200.0) AS radius, bool_or(centroid_default) AS vague
FROM addresses d GROUP BY 1 ORDER BY 1
"""  # noqa: S608 - constants only
_HELD = """
SELECT account_key, identifier_type, identifier, n_events, event_ids, exhibit_ids, epoch_us(first_seen) AS first,
       epoch_us(last_seen) AS last
FROM observations WHERE identifier_type <> 'ip' ORDER BY account_key, identifier_type, identifier
"""
_WRITTEN = """
SELECT a.account_key AS account, t.text, CAST(e.event_type AS VARCHAR) AS genre, min(event_id) AS event_id
FROM account_events a JOIN events e USING (event_id) JOIN texts t USING (event_id)
WHERE a.role IN ('actor', 'named') AND e.event_type IN ('message', 'email_message')
GROUP BY 1, 2, 3 ORDER BY ALL
"""
_TARGETS = """
SELECT a.account_key, 'contact', t.account_key, count(DISTINCT event_id), list_sort(list(DISTINCT event_id))[1:10],
       list_sort(list(DISTINCT exhibit_id)), min(epoch_us(e.timestamp)), max(epoch_us(e.timestamp))
FROM account_events a JOIN account_events t USING (event_id) JOIN events e USING (event_id)
JOIN exhibits x ON x.sha256 = e.exhibit_sha256
WHERE a.role IN ('actor', 'named') AND t.role = 'target' AND a.account_key <> t.account_key
GROUP BY 1, 3 ORDER BY 1, 3
"""


@dataclass(frozen=True, slots=True)
class Sightings:
    """Events that have an address and a certain time, sorted by account and time; `starts` cuts them by account.

    `spread` is how far each time may be off; `stated` marks mail whose sender nobody confirms; `system` is the
    operating system a user agent names. The same record in two exhibits is one sighting.
    """

    account: np.ndarray
    t: np.ndarray
    spread: np.ndarray
    net: np.ndarray
    device: np.ndarray
    ua: np.ndarray
    system: np.ndarray
    stated: np.ndarray
    exhibit: np.ndarray
    event: pa.Array
    starts: np.ndarray

    def of(self, account: int) -> slice:
        """Where the sightings of one account stand."""
        return slice(int(self.starts[account]), int(self.starts[account + 1]))


@dataclass(frozen=True, slots=True)
class Holdings:
    """Which account shows which identifier or contact: one row per (account, kind, value), sorted."""

    account: np.ndarray
    kind: np.ndarray
    value: np.ndarray
    n: np.ndarray
    first: np.ndarray
    last: np.ndarray
    low: np.ndarray  # lowest and highest exhibit number, to tell whether all rests on one
    high: np.ndarray
    events: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Networks:
    """Networks by number: text, class label, and where an address database puts them (radius in km, nan = nowhere)."""

    names: tuple[str, ...]
    label: tuple[str, ...]
    latitude: np.ndarray
    longitude: np.ndarray
    radius: np.ndarray


@dataclass(frozen=True, slots=True)
class World:
    """Everything pair scoring needs.

    Attributes:
        keys: account keys, sorted; an account's number is its place here.
        rows: rows of `accounts` in the same order.
        platform: number of the platform of each account.
        kinds, values: texts of `held.kind` and `held.value`.
        exhibits: exhibit ids by number; copies share the first one's number.
        devices, agents: texts of `seen.device` and `seen.ua`.
        untimed: account -> events left out because their time is too uncertain.
        texts: what accounts wrote: account (key), text, genre.
    """

    keys: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    platform: np.ndarray
    seen: Sightings
    held: Holdings
    nets: Networks
    kinds: tuple[str, ...]
    values: tuple[str, ...]
    exhibits: tuple[str, ...]
    devices: tuple[str, ...]
    agents: tuple[str, ...]
    untimed: dict[int, int]
    texts: pa.Table

    def number(self, key: str) -> int:
        """The number of an account key.

        Raises:
            KeyError: the case has no such account.
        """
        at = bisect_left(self.keys, key)
        if at == len(self.keys) or self.keys[at] != key:
            raise KeyError(key)
        return at


def load_world(con: duckdb.DuckDBPyConnection, max_uncertainty_hours: float) -> World:
    """Read the tables of a case into a `World`."""
    limit = {"limit": int(max_uncertainty_hours * _HOUR_US)}
    rows = con.sql("SELECT * FROM accounts ORDER BY account_key").to_arrow_table().to_pylist()
    keys = tuple(r["account_key"] for r in rows)
    platforms = sorted({r["platform"] for r in rows})
    exhibits = tuple(e for (e,) in con.execute("SELECT exhibit_id FROM exhibits ORDER BY 1").fetchall())
    copies: dict[str, str] = dict(con.execute(_COPIES).fetchall())
    canonical = np.array([exhibits.index(copies.get(e, e)) for e in exhibits], np.int32)
    sightings = con.sql(_SIGHTINGS, params=limit).to_arrow_table().combine_chunks()
    nets = _networks(con, sightings["net"])
    seen, devices, agents = _sightings(sightings, keys, nets.names, exhibits, canonical)
    held, kinds, values = _holdings(con, keys, exhibits, canonical)
    untimed = {k: n for key, n in con.execute(_UNTIMED, limit).fetchall() for k in (keys.index(key),)}
    platform = np.array([platforms.index(r["platform"]) for r in rows], np.int32)
    texts = con.sql(_WRITTEN).to_arrow_table()
    return World(
        keys, tuple(rows), platform, seen, held, nets, kinds, values, exhibits, devices, agents, untimed, texts
    )


def _codes(column: pa.ChunkedArray, texts: tuple[str, ...] | None = None) -> tuple[np.ndarray, tuple[str, ...]]:
    """Number of each text in the sorted list of texts (-1 for null), and the list."""
    if texts is None:
        texts = tuple(sorted(t for t in pc.unique(column).to_pylist() if t is not None))
    found = pc.index_in(column, value_set=pa.array(texts, pa.string()))
    return np.asarray(pc.fill_null(found, -1).to_numpy(), np.int32), texts


def system_of(agent: str) -> int:
    """Number of the operating system that a user agent names, -1 for none."""
    found = _SYSTEM.search(agent)
    return _SYSTEMS.index(found.group()) if found else -1


def _sightings(
    rows: pa.Table, keys: tuple[str, ...], nets: tuple[str, ...], exhibits: tuple[str, ...], canonical: np.ndarray
) -> tuple[Sightings, tuple[str, ...], tuple[str, ...]]:
    account, _ = _codes(rows["account_key"], keys)
    device, devices = _codes(rows["device"])
    ua, agents = _codes(rows["ua"])
    exhibit, _ = _codes(rows["exhibit_id"], exhibits)
    events = rows["event_id"].combine_chunks()
    return (
        Sightings(
            account=account,
            t=rows["t"].to_numpy().astype(np.int64),
            spread=rows["spread"].to_numpy().astype(np.int64),
            net=_codes(rows["net"], nets)[0],
            device=device,
            ua=ua,
            system=np.array([*map(system_of, agents), -1], np.int32)[ua],
            stated=rows["stated"].to_numpy().astype(bool),
            exhibit=canonical[exhibit],
            event=events if isinstance(events, pa.Array) else events.chunk(0),
            starts=np.searchsorted(account, np.arange(len(keys) + 1)),
        ),
        devices,
        agents,
    )


def _holdings(
    con: duckdb.DuckDBPyConnection, keys: tuple[str, ...], exhibits: tuple[str, ...], canonical: np.ndarray
) -> tuple[Holdings, tuple[str, ...], tuple[str, ...]]:
    rows = [*con.execute(_HELD).fetchall(), *con.execute(_TARGETS).fetchall()]
    place, number = {k: n for n, k in enumerate(keys)}, {e: int(canonical[n]) for n, e in enumerate(exhibits)}
    kinds = tuple(sorted({r[1] for r in rows}))
    values = tuple(sorted({r[2] for r in rows}))
    kind_of, value_of = {k: n for n, k in enumerate(kinds)}, {v: n for n, v in enumerate(values)}
    from_exhibits = [[number[e] for e in r[5]] for r in rows]
    held = Holdings(
        account=np.array([place[r[0]] for r in rows], np.int32),
        kind=np.array([kind_of[r[1]] for r in rows], np.int32),
        value=np.array([value_of[r[2]] for r in rows], np.int32),
        n=np.array([r[3] for r in rows], np.int64),
        first=np.array([NO_TIME if r[6] is None else r[6] for r in rows], np.int64),
        last=np.array([NO_TIME if r[7] is None else r[7] for r in rows], np.int64),
        low=np.array([min(e) for e in from_exhibits], np.int32),
        high=np.array([max(e) for e in from_exhibits], np.int32),
        events=tuple(tuple(r[4]) for r in rows),
    )
    return held, kinds, values


def _networks(con: duckdb.DuckDBPyConnection, used: pa.ChunkedArray) -> Networks:
    known = {r[0]: r[1:] for r in con.execute(_NETWORKS).fetchall()}
    names = tuple(sorted(n for n in pc.unique(used).to_pylist() if n is not None))
    rows = [known.get(n, ("unknown", None, None, 200.0, True)) for n in names]
    usable = [label not in _ANONYMISING and lat is not None and not vague for label, lat, _, _, vague in rows]
    return Networks(
        names=names,
        label=tuple(label for label, *_ in rows),
        latitude=np.array([r[1] if ok else np.nan for r, ok in zip(rows, usable, strict=True)], float),
        longitude=np.array([r[2] if ok else np.nan for r, ok in zip(rows, usable, strict=True)], float),
        radius=np.array([r[3] or 200.0 for r in rows], float),
    )
