"""What linking looks at: who was seen where, when, and with what, as arrays."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import duckdb

__all__ = ["Place", "Sightings", "World", "device_label", "distance_km", "load_world"]

_HOUR_US = 3_600_000_000
_OS = re.compile(r"(iPhone|iPad|Android|Windows|Macintosh|CrOS|Linux)")
_SIGHTINGS = """
SELECT a.account_key, CASE WHEN d.ip_version = 6 THEN coalesce(d.net_prefix, ip) ELSE ip END AS net, ip, t, device, ua,
       event_id, exhibit_id
FROM (SELECT event_id, coalesce(source_ip, attested_ip) AS ip, epoch_us(timestamp) AS t, device_id AS device,
             user_agent_original AS ua, exhibit_sha256 FROM events
      WHERE coalesce(source_ip, attested_ip) IS NOT NULL AND timestamp IS NOT NULL
        AND epoch_us(timestamp_latest) - epoch_us(timestamp_earliest) <= ?) e
JOIN account_events a USING (event_id) JOIN exhibits x ON x.sha256 = e.exhibit_sha256 LEFT JOIN addresses d USING (ip)
WHERE a.role = 'actor' ORDER BY a.account_key, t, event_id
"""
_UNTIMED = """
SELECT a.account_key, count(*) FROM account_events a JOIN events e USING (event_id)
WHERE a.role = 'actor' AND coalesce(e.source_ip, e.attested_ip) IS NOT NULL
  AND (e.timestamp IS NULL OR epoch_us(e.timestamp_latest) - epoch_us(e.timestamp_earliest) > ?)
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Sightings:
    """Events of one account that have an address and a certain time, in time order (times: µs since 1970 UTC)."""

    t: np.ndarray
    net: np.ndarray
    device: np.ndarray
    ua: np.ndarray
    event_id: np.ndarray
    exhibit: np.ndarray

    def on(self, net: str) -> np.ndarray:
        """Indices of the sightings on one network."""
        return np.flatnonzero(self.net == net)


class Place(NamedTuple):
    """Where an address database puts an address, and how far that may be off (km)."""

    latitude: float
    longitude: float
    radius_km: float


@dataclass(frozen=True, slots=True)
class World:
    """Everything pair scoring needs.

    Attributes:
        accounts: account key -> row of `accounts`.
        sightings: account key -> its sightings.
        identifiers: account key -> identifier type -> value -> (n_events, event ids, exhibit ids).
        holders: (identifier type, value) -> account keys that show it.
        network_class: network -> class.
        places: network -> place, for networks that are not anonymising and have coordinates.
        on_net: network -> account keys seen there.
        untimed: account key -> events left out because their time is too uncertain.
    """

    accounts: dict[str, dict[str, Any]]
    sightings: dict[str, Sightings]
    identifiers: dict[str, dict[str, dict[str, tuple[int, list[str], list[str]]]]]
    holders: dict[tuple[str, str], list[str]]
    network_class: dict[str, str]
    places: dict[str, Place]
    on_net: dict[str, list[str]]
    untimed: dict[str, int]


def load_world(con: duckdb.DuckDBPyConnection, max_uncertainty_hours: float) -> World:
    """Read the tables of a case into a `World`."""
    limit = int(max_uncertainty_hours * _HOUR_US)
    accounts = {r["account_key"]: r for r in con.sql("SELECT * FROM accounts ORDER BY 1").to_arrow_table().to_pylist()}
    rows = con.sql(_SIGHTINGS, params=[limit]).to_arrow_table()
    sightings = _by_account(rows)
    identifiers, holders = _identifiers(con)
    classes, places = _networks(con)
    on_net: dict[str, list[str]] = {}
    for key, seen in sightings.items():
        for net in np.unique(seen.net):
            on_net.setdefault(str(net), []).append(key)
    untimed = dict(con.execute(_UNTIMED, [limit]).fetchall())
    return World(accounts, sightings, identifiers, holders, classes, places, on_net, untimed)


def _by_account(rows: Any) -> dict[str, Sightings]:  # noqa: ANN401 - Arrow has no types here
    column = {
        n: np.array(rows[n].to_pylist(), dtype=object)
        for n in ("account_key", "net", "device", "ua", "event_id", "exhibit_id")
    }
    t = rows["t"].to_numpy().astype(np.int64) if rows.num_rows else np.empty(0, np.int64)
    keys = column["account_key"]
    edges = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, np.int64)
    out = {}
    for start, end in zip(edges, np.r_[edges[1:], len(keys)], strict=True):
        cut = slice(int(start), int(end))
        out[str(keys[start])] = Sightings(
            t[cut],
            column["net"][cut],
            column["device"][cut],
            column["ua"][cut],
            column["event_id"][cut],
            column["exhibit_id"][cut],
        )
    return out


def _identifiers(con: duckdb.DuckDBPyConnection) -> tuple[Any, dict[tuple[str, str], list[str]]]:
    identifiers: dict[str, dict[str, dict[str, tuple[int, list[str], list[str]]]]] = {}
    holders: dict[tuple[str, str], list[str]] = {}
    rows = con.execute(
        "SELECT account_key, identifier_type, identifier, n_events, event_ids, exhibit_ids FROM observations "
        "WHERE identifier_type <> 'ip' ORDER BY ALL"
    ).fetchall()
    for account, kind, value, n, events, exhibits in rows:
        identifiers.setdefault(account, {}).setdefault(kind, {})[value] = (n, list(events), list(exhibits))
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


def device_label(device: str | None, ua: str | None) -> str | None:
    """What tells devices apart with little risk: a device id, else the operating-system family in a user agent."""
    if device:
        return f"id:{device}"
    found = _OS.search(ua or "")
    return f"os:{found.group(1)}" if found else None


def distance_km(a: Place, b: Place) -> float:
    """Great-circle distance on a sphere of 6,371 km."""
    phi_a, phi_b = math.radians(a.latitude), math.radians(b.latitude)
    half = math.sin((phi_b - phi_a) / 2) ** 2
    half += math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))
