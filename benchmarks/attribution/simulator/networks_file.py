"""The networks of a case as an address database in MaxMind format (needs the development extra: mmdb_writer)."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.attribution.simulator.case import Case

__all__ = ["write_database"]


def _record(row: dict[str, Any]) -> dict[str, Any]:
    town = f"Town {row['latitude']:.1f} {row['longitude']:.1f}"  # a point without a town stands for a country
    record: dict[str, Any] = {
        "city": {"names": {"en": town}},
        "location": {
            "latitude": row["latitude"],
            "longitude": row["longitude"],
            "accuracy_radius": int(row["radius_km"]),
        },
        "network_class_source": "simulated networks",
    }
    if row["label_class"] != "unknown":
        record["network_class"] = row["label_class"]
    return record


def write_database(case: Case, path: Path) -> None:
    """Write one entry per IPv4 address and per /64, with the stated class and place and a fixed date of making."""
    from mmdb_writer import MMDBWriter
    from netaddr import IPNetwork, IPSet

    class Dated(MMDBWriter):
        """The writer stamps the present time otherwise."""

        def _build_meta(self) -> dict[str, Any]:
            return {**super()._build_meta(), "build_epoch": 1_767_225_600}

    writer = Dated(6, "Simulated-Networks", ["en"], "Networks of a simulated world", ipv4_compatible=True)
    seen: set[str] = set()
    for row in case.networks.to_pylist():
        address = ip_address(row["ip"])
        network = str(address) if address.version == 4 else str(IPNetwork(f"{address}/64").cidr)
        if network not in seen:
            seen.add(network)
            writer.insert_network(IPSet([network]), _record(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    writer.to_db_file(str(path))
