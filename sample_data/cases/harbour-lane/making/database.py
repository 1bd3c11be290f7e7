"""An address database in MaxMind format over documentation and benchmark ranges; towns and companies are invented."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from mmdb_writer import MMDBWriter
from netaddr import IPSet

from making.kit import Evidence, at

__all__ = ["write"]

_BUILT = at("2026-04-01 00:00:00")


class _Town(NamedTuple):
    country: str
    region: str
    latitude: float
    longitude: float
    radius: int


class _Range(NamedTuple):
    network: str
    asn: int
    company: str
    kind: str
    where: str  # a town, or a country where no town is known


_TOWNS = {
    "Port Aldine": _Town("IE", "Fingarra", 53.47, -6.03, 15),
    "Skerry Cross": _Town("IE", "Fingarra", 53.62, -6.02, 15),
    "Marlow Head": _Town("GB", "North Riding Shore", 54.97, -1.21, 20),
    "Dunmarrow": _Town("IE", "Corrane", 52.71, -8.93, 30),
    "Kilcarrow": _Town("IE", "Corrane", 52.94, -8.41, 30),
    "Inver Strand": _Town("IE", "Tullach", 54.17, -8.12, 40),
    "Loughgarve": _Town("IE", "Tullach", 54.31, -7.88, 40),
    "Eastmere Quay": _Town("GB", "Eastmere", 52.83, 0.47, 40),
}
_COUNTRIES = {"IE": "Ireland", "GB": "United Kingdom"}
_FIBRE, _VPN, _QUAY, _HEADLAND = "Harbour Fibre", "Gullnet VPN", "Quay Hosting", "Headland Cable"
_RANGES = (
    _Range("203.0.113.0/25", 64500, _FIBRE, "fixed_isp", "Port Aldine"),
    _Range("203.0.113.128/26", 64500, _FIBRE, "fixed_isp", "Skerry Cross"),
    _Range("203.0.113.192/26", 64500, _FIBRE, "fixed_isp", "Kilcarrow"),
    _Range("198.51.100.0/25", 64505, "Pierhead Offices", "business", "Skerry Cross"),
    _Range("198.51.100.128/25", 64501, _VPN, "vpn_provider", "GB"),
    _Range("192.0.2.0/25", 64503, _HEADLAND, "fixed_isp", "Marlow Head"),
    _Range("192.0.2.128/26", 64502, _QUAY, "hosting", "IE"),
    _Range("192.0.2.192/26", 64504, "Aldine College", "education", "Port Aldine"),
    _Range("198.18.0.0/18", 64499, "Tern Mobile", "cgnat_shared", "IE"),
    _Range("198.18.64.0/18", 64499, "Tern Mobile", "mobile_carrier", "IE"),
    _Range("198.18.128.0/20", 64506, "Corrane Broadband", "fixed_isp", "Dunmarrow"),
    _Range("198.18.144.0/20", 64506, "Corrane Broadband", "fixed_isp", "Kilcarrow"),
    _Range("198.18.160.0/20", 64507, "Tullach Telecom", "fixed_isp", "Inver Strand"),
    _Range("198.18.176.0/20", 64507, "Tullach Telecom", "fixed_isp", "Loughgarve"),
    _Range("198.18.192.0/18", 64508, "Eastmere Net", "fixed_isp", "Eastmere Quay"),
    _Range("198.19.0.0/17", 64508, "Eastmere Net", "fixed_isp", "GB"),
    _Range("198.19.128.0/18", 64509, "Mere University", "education", "Eastmere Quay"),
    _Range("198.19.192.0/19", 64505, "Pierhead Offices", "business", "GB"),
    _Range("198.19.224.0/20", 64505, "Pierhead Offices", "business", "IE"),
    _Range("198.19.240.0/20", 64502, _QUAY, "hosting", "GB"),
    _Range("2001:db8:57::/48", 64500, _FIBRE, "fixed_isp", "Port Aldine"),
    _Range("2001:db8:100::/40", 64499, "Tern Mobile", "mobile_carrier", "IE"),
    _Range("2001:db8:c0de::/48", 64502, _QUAY, "hosting", "IE"),
    _Range("2001:db8:f000::/36", 64501, _VPN, "vpn_provider", "GB"),
)


class _DatedWriter(MMDBWriter):
    """The writer with a fixed build time: it stamps the present one otherwise."""

    def _build_meta(self) -> dict[str, Any]:
        return {**super()._build_meta(), "build_epoch": _BUILT}


def _record(row: _Range) -> dict[str, Any]:
    town = _TOWNS.get(row.where)
    code = town.country if town else row.where
    record: dict[str, Any] = {
        "country": {"iso_code": code, "names": {"en": _COUNTRIES[code]}},
        "traits": {"autonomous_system_number": row.asn, "autonomous_system_organization": row.company},
        "network_class": row.kind,
        "network_class_source": "case database",
    }
    if town:
        record["city"] = {"names": {"en": row.where}}
        record["subdivisions"] = [{"names": {"en": town.region}}]
        record["location"] = {"latitude": town.latitude, "longitude": town.longitude, "accuracy_radius": town.radius}
    return record


def write(out: Evidence) -> None:
    """Add the database."""
    writer = _DatedWriter(
        6,
        "Harbour-Lane-Sample-City",
        ["en"],
        "Invented places and networks over documentation ranges",
        ipv4_compatible=True,
    )
    for row in _RANGES:
        writer.insert_network(IPSet([row.network]), _record(row))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "harbour.mmdb"
        writer.to_db_file(str(path))
        out.files["databases/harbour.mmdb"] = path.read_bytes()
