"""What linking looks at: who was seen where, when, and with what, as arrays."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import duckdb

__all__ = ["Place", "Seen", "Sightings", "World", "device_label", "distance_km", "load_world"]

_HOUR_US = 3_600_000_000
_CITED = 6
_NOWHERE = np.zeros(0, np.int64)
_OS = re.compile(r"(iPhone|iPad|Android|Windows|Macintosh|CrOS|Linux)")
_SIGHTINGS = """
SELECT account_key, net, t, spread, device, ua, stated, min(event_id) AS event_id, min(exhibit_id) AS exhibit_id
FROM (
  SELECT a.account_key, CASE WHEN d.ip_version = 6 THEN coalesce(d.net_prefix, ip) ELSE ip END AS net, t, spread,
         device, ua, a.basis = 'stated_sender' AS stated, event_id, exhibit_id
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
"""
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


@dataclass(frozen=True)  # without slots, so that the index below can be kept
class Sightings:
    """Events of one account that have an address and a certain time, in time order (times: µs since 1970 UTC).

    `spread` is how far each time may be off (µs); `stated` marks mail whose sender nobody confirms. The same record in
    two exhibits is one sighting.
    """

    t: np.ndarray
    net: np.ndarray
    device: np.ndarray
    ua: np.ndarray
    event_id: np.ndarray
    exhibit: np.ndarray
    spread: np.ndarray
    stated: np.ndarray

    def cite(self, at: np.ndarray) -> tuple[str, ...]:
        """Ids of the first and last few events at these places."""
        if len(at) > _CITED:
            at = np.r_[at[: _CITED // 2], at[-_CITED // 2 :]]
        return tuple(str(e) for e in self.event_id[at])

    def within(self, spread_us: int) -> Sightings:
        """Those whose time is known to within `spread_us`."""
        keep = self.spread <= spread_us
        return Sightings(*(getattr(self, field.name)[keep] for field in fields(self)))

    def on(self, net: str) -> np.ndarray:
        """Indices of the sightings on one network."""
        return self._by_net.get(net, _NOWHERE)

    def seen_between(self, first: int, last: int, net: str | None = None) -> bool:
        """Whether any sighting (on one network) lies between these times, both included."""
        t = self.t if net is None else self.t[self.on(net)]
        return bool(np.searchsorted(t, first) < np.searchsorted(t, last, side="right"))

    @cached_property
    def _by_net(self) -> dict[str, np.ndarray]:
        nets, which = np.unique(self.net, return_inverse=True)
        order = np.argsort(which, kind="stable")
        edges = np.searchsorted(which[order], np.arange(len(nets) + 1)).tolist()
        return {net: order[edges[i] : edges[i + 1]] for i, net in enumerate(nets.tolist())}


class Place(NamedTuple):
    """Where an address database puts an address, and how far that may be off (km)."""

    latitude: float
    longitude: float
    radius_km: float


class Seen(NamedTuple):
    """How an identifier was seen with an account: events, first ids, exhibits, first and last time (µs), if timed."""

    n: int
    event_ids: list[str]
    exhibits: list[str]
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class World:
    """Everything pair scoring needs.

    Attributes:
        accounts: account key -> row of `accounts`.
        sightings: account key -> its sightings.
        identifiers: account key -> identifier type -> value -> `Seen`.
        holders: (identifier type, value) -> account keys that show it.
        network_class: network -> class.
        places: network -> place, for networks that are not anonymising and have coordinates.
        on_net: network -> account keys seen there.
        untimed: account key -> events left out because their time is too uncertain.
    """

    accounts: dict[str, dict[str, Any]]
    sightings: dict[str, Sightings]
    identifiers: dict[str, dict[str, dict[str, Seen]]]
    holders: dict[tuple[str, str], list[str]]
    network_class: dict[str, str]
    places: dict[str, Place]
    on_net: dict[str, list[str]]
    untimed: dict[str, int]


def load_world(con: duckdb.DuckDBPyConnection, max_uncertainty_hours: float) -> World:
    """Read the tables of a case into a `World`."""
    limit = {"limit": int(max_uncertainty_hours * _HOUR_US)}
    accounts = {r["account_key"]: r for r in con.sql("SELECT * FROM accounts ORDER BY 1").to_arrow_table().to_pylist()}
    copies: dict[str, str] = dict(con.execute(_COPIES).fetchall())
    sightings = _by_account(con.sql(_SIGHTINGS, params=limit).to_arrow_table(), copies)
    identifiers, holders = _identifiers(con, copies)
    classes, places = _networks(con)
    on_net: dict[str, list[str]] = {}
    for key, seen in sightings.items():
        for net in np.unique(seen.net):
            on_net.setdefault(str(net), []).append(key)
    untimed = dict(con.execute(_UNTIMED, limit).fetchall())
    return World(accounts, sightings, identifiers, holders, classes, places, on_net, untimed)


def _by_account(rows: Any, copies: dict[str, str]) -> dict[str, Sightings]:  # noqa: ANN401 - Arrow has no types here
    if not rows.num_rows:
        return {}
    names = ("account_key", "net", "device", "ua", "event_id", "exhibit_id")
    column = {name: np.array(rows[name].to_pylist(), dtype=object) for name in names}
    exhibits = np.array([copies.get(e, e) for e in column["exhibit_id"]], dtype=object)
    t, spread = (rows[name].to_numpy().astype(np.int64) for name in ("t", "spread"))
    stated = np.array(rows["stated"].to_pylist(), dtype=bool)
    keys = column["account_key"]
    edges = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    out = {}
    for start, end in zip(edges, np.r_[edges[1:], len(keys)], strict=True):
        cut = slice(int(start), int(end))
        parts = (t, column["net"], column["device"], column["ua"], column["event_id"], exhibits, spread, stated)
        out[str(keys[start])] = Sightings(*(part[cut] for part in parts))
    return out


def _identifiers(
    con: duckdb.DuckDBPyConnection, copies: dict[str, str]
) -> tuple[dict[str, dict[str, dict[str, Seen]]], dict[tuple[str, str], list[str]]]:
    identifiers: dict[str, dict[str, dict[str, Seen]]] = {}
    holders: dict[tuple[str, str], list[str]] = {}
    rows = con.execute(
        "SELECT account_key, identifier_type, identifier, n_events, event_ids, exhibit_ids, epoch_us(first_seen), "
        "epoch_us(last_seen) FROM observations WHERE identifier_type <> 'ip' ORDER BY ALL"
    ).fetchall()
    for account, kind, value, n, events, exhibits, first, last in rows:
        seen = Seen(n, list(events), sorted({copies.get(e, e) for e in exhibits}), first, last)
        identifiers.setdefault(account, {}).setdefault(kind, {})[value] = seen
        holders.setdefault((kind, value), []).append(account)
    return identifiers, holders


def _networks(con: duckdb.DuckDBPyConnection) -> tuple[dict[str, str], dict[str, Place]]:
    rows = con.execute(
        "SELECT CASE WHEN ip_version = 6 THEN coalesce(net_prefix, ip) ELSE ip END, network_class, latitude, "
        "longitude, accuracy_km, centroid_default FROM addresses ORDER BY ip"
    ).fetchall()
    anonymising = {"vpn_provider", "tor_exit", "privacy_relay", "public_proxy", "hosting", "cloud", "cdn"}
    classes = {net: kind or "unknown" for net, kind, *_ in rows}
    places = {
        net: Place(lat, lon, radius or 200.0)
        for net, kind, lat, lon, radius, default in rows
        if lat is not None and lon is not None and not default and kind not in anonymising
    }
    return classes, places


def device_label(device: str | None, ua: str | None, *, same_service: bool) -> str | None:
    """What tells devices apart with little risk: a device id within one service, else the system a user agent names."""
    if device and same_service:
        return f"id:{device}"
    found = _OS.search(ua or "")
    return f"os:{found.group(1)}" if found else None


def distance_km(a: Place, b: Place) -> float:
    """Great-circle distance on a sphere of 6,371 km."""
    phi_a, phi_b = math.radians(a.latitude), math.radians(b.latitude)
    half = math.sin((phi_b - phi_a) / 2) ** 2
    half += math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))
