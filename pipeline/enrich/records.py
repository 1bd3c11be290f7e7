"""Records of plug-in address databases: which field of which layout means what.

`FIELDS` is the declared table: for each column of ours, the places where known layouts keep it (MaxMind and DB-IP:
nested; ip-location-db: flat; our own: ``network_class``). The first place that holds a value of the right type counts.
Records are untrusted: text is stripped of control characters and cut to `TEXT_LIMIT`.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

from pipeline.enrich.classes import by_precedence

__all__ = ["CLASS_FLAGS", "CLASS_WORDS", "FIELDS", "Record", "clean", "read_record"]

Path_: TypeAlias = "tuple[str | int, ...]"

TEXT_LIMIT = 200

FIELDS: dict[str, tuple[Path_, ...]] = {
    "country": (("country", "iso_code"), ("country_code",)),
    "region": (("subdivisions", 0, "names", "en"), ("state1",)),
    "city": (("city", "names", "en"), ("city",)),
    "latitude": (("location", "latitude"), ("latitude",)),
    "longitude": (("location", "longitude"), ("longitude",)),
    "radius": (("location", "accuracy_radius"),),
    "asn": (("autonomous_system_number",), ("traits", "autonomous_system_number")),
    "as_name": (("autonomous_system_organization",), ("traits", "autonomous_system_organization")),
    "provider": (
        ("network_class_source",), ("provider_name",), ("traits", "provider_name"), ("traits", "isp"), ("isp",),
    ),
}
"""Column -> where it may stand in a record, most specific layout first."""

CLASS_FLAGS = {
    "is_tor_exit_node": "tor_exit",
    "is_residential_proxy": "residential_proxy",
    "is_public_proxy": "public_proxy",
    "is_anonymous_vpn": "vpn_provider",
    "is_hosting_provider": "hosting",
}
"""Flags of the Anonymous-IP and Anonymous-Plus layouts, at the top or under ``traits``."""

CLASS_WORDS = {
    "Cable/DSL": "fixed_isp",
    "Cellular": "mobile_carrier",
    "Corporate": "business",
    "cafe": "public_wifi",
    "business": "business",
    "cellular": "mobile_carrier",
    "college": "education",
    "consumer_privacy_network": "privacy_relay",
    "content_delivery_network": "cdn",
    "dialup": "fixed_isp",
    "hosting": "hosting",
    "residential": "fixed_isp",
    "school": "education",
    "traveler": "public_wifi",
}
"""Words of ``connection_type`` and ``traits.user_type``, and the class each supports."""

class Record(NamedTuple):
    """What one record says of its network; absent is None, coordinates come in pairs, `radius` is in km."""

    network: str
    country: str | None
    region: str | None
    city: str | None
    latitude: float | None
    longitude: float | None
    radius: float | None
    asn: int | None
    as_name: str | None
    provider: str | None
    classes: tuple[str, ...]

    @property
    def place(self) -> str | None:
        """Town, region, coordinates and radius as one text for people."""
        parts = [part for part in (self.city, self.region) if part]
        if self.latitude is not None:
            parts.append(f"{self.latitude:.4f}, {self.longitude:.4f}")
            parts.append("no radius stated" if self.radius is None else f"radius {self.radius:g} km")
        return "; ".join(parts) or None

    @property
    def as_text(self) -> str | None:
        """AS number and name as one text."""
        return None if self.asn is None else f"AS{self.asn} {self.as_name or ''}".rstrip()


def read_record(record: dict[str, object], network: str) -> Record:
    """Read one record of any known layout; values of the wrong type or out of range are absent."""
    latitude, longitude = _number(record, "latitude", 90), _number(record, "longitude", 180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    radius = _number(record, "radius", 20_040)  # half the Earth's circumference, in km
    asn = _first(record, "asn", int)
    return Record(
        network=network, country=_text(record, "country"), region=_text(record, "region"), city=_text(record, "city"),
        latitude=latitude, longitude=longitude, radius=radius if radius is not None and radius > 0 else None,
        asn=asn if isinstance(asn, int) and 0 < asn < 1 << 32 else None, as_name=_text(record, "as_name"),
        provider=_text(record, "provider"), classes=_classes(record),
    )


def _classes(record: dict[str, object]) -> tuple[str, ...]:
    """The class the record names itself, then what its flags and words support."""
    traits = record.get("traits")
    places = [record, traits] if isinstance(traits, dict) else [record]
    found = [name for flag, name in CLASS_FLAGS.items() if any(place.get(flag) is True for place in places)]
    words = [place.get(key) for place in places for key in ("user_type", "connection_type")]
    found += [CLASS_WORDS[word] for word in words if isinstance(word, str) and word in CLASS_WORDS]
    stated = clean(record.get("network_class"))
    return tuple(dict.fromkeys(([stated] if stated else []) + list(by_precedence(tuple(found)))))


def _dig(record: object, path: Path_) -> object:
    for step in path:
        if isinstance(step, int):
            record = record[step] if isinstance(record, list) and len(record) > step else None
        else:
            record = record.get(step) if isinstance(record, dict) else None
    return record


def _first(record: dict[str, object], column: str, *kinds: type) -> object:
    for path in FIELDS[column]:
        value = _dig(record, path)
        if isinstance(value, kinds) and not isinstance(value, bool):
            return value
    return None


def _text(record: dict[str, object], column: str) -> str | None:
    return next((text for path in FIELDS[column] if (text := clean(_dig(record, path)))), None)


def clean(value: object) -> str | None:
    """Printable text without surrounding blanks, cut to `TEXT_LIMIT`; None for anything else."""
    if not isinstance(value, str):
        return None
    return "".join(c for c in value[:TEXT_LIMIT] if c.isprintable()).strip() or None


def _number(record: dict[str, object], column: str, limit: float) -> float | None:
    value = _first(record, column, int, float)
    if not isinstance(value, int | float) or abs(value) > limit or not math.isfinite(value):
        return None
    return float(value)
