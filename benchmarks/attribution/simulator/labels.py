"""Network classes and places as a database states them, with its mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.attribution.simulator.case import table
from benchmarks.attribution.simulator.network import CLASSES, KINDS, Nets, address_text, kind_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from benchmarks.attribution.simulator.people import People
    from benchmarks.attribution.simulator.profiles import Knobs

__all__ = ["make_networks", "stated_class"]

_TRUE = {
    "static": "fixed_isp", "dynamic": "fixed_isp", "v6": "fixed_isp", "cgnat": "cgnat_shared",
    "mobile": "mobile_carrier",
    "office": "business", "cafe": "public_wifi", "server": "hosting", "vpn": "vpn_provider", "tor": "tor_exit",
}  # fmt: skip
_RADIUS = {"mobile_carrier": 200.0, "vpn_provider": 50.0, "tor_exit": 50.0, "hosting": 50.0, "cgnat_shared": 60.0}


def stated_class(rng: np.random.Generator, knobs: Knobs, true: str) -> str:
    """The class a database states of a network that truly is `true`."""
    draw = rng.random()
    if draw < knobs.unlabelled:
        return "unknown"
    draw = rng.random()
    if true == "cgnat_shared" and draw < knobs.cgnat_as_fixed:
        return "fixed_isp"
    if true == "vpn_provider" and draw < knobs.vpn_as_hosting:
        return "hosting"
    if true in ("business", "public_wifi") and draw < knobs.office_as_fixed:
        return "fixed_isp"
    return true


def make_networks(rng: np.random.Generator, knobs: Knobs, people: People, nets: Nets, numbers: np.ndarray) -> pa.Table:
    """One row per address seen. An IPv6 home is labelled as a whole."""
    count = max(people.cities, 8)
    latitude, longitude = rng.uniform(48, 56, count), rng.uniform(-4, 16, count)
    prefix_label: dict[int, str] = {}
    columns: dict[str, list[object]] = {
        name: [] for name in ("ip", "label_class", "true_class", "latitude", "longitude", "radius_km")
    }
    for number in numbers.tolist():
        kind, city, home = kind_of(number, people)
        true = _TRUE[KINDS[kind]]
        label = stated_class(rng, knobs, true)
        label = prefix_label.setdefault(home, label) if home >= 0 else label
        place = city if city >= 0 else number % count
        near = rng.normal(0, 0.05, 2)
        values = (
            address_text(number, nets.salt), label, true, round(float(latitude[place] + near[0]), 3),
            round(float(longitude[place] + near[1]), 3), _RADIUS.get(true, 20.0),
        )  # fmt: skip
        for name, value in zip(columns, values, strict=True):
            columns[name].append(value)
    if not set(columns["label_class"]) <= set(CLASSES):
        raise ValueError("a label outside the declared classes")
    return table("networks", columns)
