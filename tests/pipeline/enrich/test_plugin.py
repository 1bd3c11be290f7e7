"""Databases that a case plugs in."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

import maxminddb
import pytest

from pipeline.enrich.lookup import Database, enrich
from pipeline.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from tests.pipeline.enrich.conftest import MakeDatabase

    Seeded = Callable[[int], Random]

HOME = {
    "country": {"iso_code": "IE"},
    "city": {"names": {"en": "Port Aldine"}},
    "subdivisions": [{"names": {"en": "Westshore"}}],
    "location": {"latitude": 53.1, "longitude": -9.2, "accuracy_radius": 20},
    "traits": {"autonomous_system_number": 64496, "autonomous_system_organization": "Harbour Fibre"},
    "network_class": "fixed_isp",
    "network_class_source": "case database",
}


def _row(ip: str, *databases: Database) -> dict[str, Any]:
    row: dict[str, Any] = enrich([ip], databases).to_pylist()[0]
    return row


@pytest.mark.parametrize(("ip", "network"), [("203.0.113.57", "203.0.113.0/24"), ("2001:db8::1", "2001:db8::/32")])
def test_a_nested_record_over_a_documentation_range_is_read_in_full(
    ip: str, network: str, make_database: MakeDatabase
) -> None:
    database = make_database({network: HOME})
    row = _row(ip, database)
    claim = {"database": "case", "sha256": database.sha256, "date": "2026-03-01", "network": network}
    assert (row["scope"], row["country"], row["country_agreement"]) == ("documentation", "IE", "1/1")
    assert row["country_claims"] == [{**claim, "value": "IE"}]
    assert (row["city"], row["region"], row["latitude"], row["longitude"]) == ("Port Aldine", "Westshore", 53.1, -9.2)
    assert (row["accuracy_km"], row["accuracy_basis"], row["centroid_default"]) == (20.0, "database", False)
    assert row["place_claims"] == [{**claim, "value": "Port Aldine; Westshore; 53.1000, -9.2000; radius 20 km"}]
    assert (row["asn"], row["as_name"]) == (64496, "Harbour Fibre")
    assert row["as_claims"] == [{**claim, "value": "AS64496 Harbour Fibre"}]
    assert (row["network_class"], row["class_basis"], row["listed"]) == ("fixed_isp", "database", "not listed")
    assert row["class_claims"] == [{
        "class": "fixed_isp", "list": "case", "list_sha256": database.sha256, "list_date": "2026-03-01",
        "network": network, "provider": "case database",
    }]


def test_a_database_that_does_not_override_says_nothing_of_special_ranges(make_database: MakeDatabase) -> None:
    row = _row("203.0.113.57", make_database({"203.0.113.0/24": HOME}, overrides=False))
    assert (row["country"], row["city"], row["asn"], row["network_class"]) == (None, None, None, "unknown")


def test_sources_that_disagree_all_keep_their_claim_and_the_case_database_comes_first(
    make_database: MakeDatabase,
) -> None:
    first = make_database({"8.8.8.0/24": {"country": {"iso_code": "GB"}}}, name="first", overrides=False)
    second = make_database({"8.8.0.0/16": {"country_code": "US"}}, name="second", overrides=False)
    row = _row("8.8.8.8", first, second)
    assert (row["country"], row["country_agreement"]) == ("GB", "1/3")
    claims = [(c["database"], c["value"], c["network"]) for c in row["country_claims"]]
    assert claims == [
        ("first", "GB", "8.8.8.0/24"), ("second", "US", "8.8.0.0/16"), ("DB-IP Lite country", "US", "8.8.0.0/17"),
    ]
    assert _row("8.8.8.8", second, first)["country_agreement"] == "2/3"


def test_the_class_of_a_case_database_is_preferred_and_the_lists_stay_beside_it(make_database: MakeDatabase) -> None:
    row = _row("52.94.76.1", make_database({"52.94.0.0/16": {"network_class": "vpn_provider"}}))
    assert (row["network_class"], row["class_basis"], row["listed"]) == ("vpn_provider", "database", "listed")
    assert [claim["class"] for claim in row["class_claims"]] == ["vpn_provider", "cloud", "hosting"]


@pytest.mark.parametrize(
    ("record", "classes"),
    [
        ({"is_anonymous": True, "is_anonymous_vpn": True, "is_hosting_provider": True}, ["vpn_provider", "hosting"]),
        ({"is_tor_exit_node": True, "is_public_proxy": False}, ["tor_exit"]),
        ({"traits": {"user_type": "cellular", "is_residential_proxy": True}}, ["residential_proxy", "mobile_carrier"]),
        ({"connection_type": "Cable/DSL"}, ["fixed_isp"]),
        ({"traits": {"connection_type": "Corporate", "user_type": "business"}}, ["business"]),
        ({"is_tor_exit_node": "yes", "connection_type": 5}, []),
    ],
)
def test_flags_and_words_of_known_layouts_support_classes(
    record: dict[str, Any], classes: list[str], make_database: MakeDatabase
) -> None:
    row = _row("192.0.2.1", make_database({"192.0.2.0/24": record}))
    assert [claim["class"] for claim in row["class_claims"]] == classes
    assert row["network_class"] == (classes[0] if classes else "unknown")


def test_a_class_word_of_no_known_meaning_stays_a_claim_and_gives_unknown(make_database: MakeDatabase) -> None:
    row = _row("192.0.2.1", make_database({"192.0.2.0/24": {"network_class": "moonbase"}}))
    assert (row["network_class"], row["class_claims"][0]["class"]) == ("unknown", "moonbase")
    assert row["listed"] == "not listed"


def test_a_flat_record_with_coordinates_and_no_radius_gets_an_assumed_one(make_database: MakeDatabase) -> None:
    flat = {"country_code": "GB", "state1": "Northmoor", "city": "Skerry Cross", "latitude": 57.25, "longitude": -5.5}
    rows = {
        kind: _row("192.0.2.1", make_database({"192.0.2.0/24": {**flat, "network_class": kind}}, name=kind))
        for kind in ("fixed_isp", "mobile_carrier", "hosting")
    }
    assert {kind: row["accuracy_km"] for kind, row in rows.items()} == {
        "fixed_isp": 50.0, "mobile_carrier": 250.0, "hosting": 200.0,
    }
    assert {row["accuracy_basis"] for row in rows.values()} == {"assumed"}
    claim = rows["fixed_isp"]["place_claims"][0]
    assert claim["value"] == "Skerry Cross; Northmoor; 57.2500, -5.5000; no radius stated"


@pytest.mark.parametrize(
    "record",
    [
        {"country": {"iso_code": "US"}, "location": {"latitude": 38.0, "longitude": -97.0, "accuracy_radius": 1000}},
        {"country": {"iso_code": "US"}, "location": {"latitude": 40.1, "longitude": -80.5}},
        {"state1": "Kansas", "latitude": 37.751, "longitude": -97.822},
    ],
)
def test_a_point_that_stands_for_a_country_is_never_a_place(
    record: dict[str, Any], make_database: MakeDatabase
) -> None:
    row = _row("192.0.2.1", make_database({"192.0.2.0/24": record}))
    assert (row["latitude"], row["longitude"], row["accuracy_km"], row["accuracy_basis"]) == (None, None, None, "none")
    assert row["centroid_default"] is True
    assert len(row["place_claims"]) == 1


def test_a_country_without_coordinates_is_no_default_point(make_database: MakeDatabase) -> None:
    row = _row("192.0.2.1", make_database({"192.0.2.0/24": {"country": {"iso_code": "IE"}}}))
    assert (row["centroid_default"], row["accuracy_basis"], row["place_claims"]) == (None, "none", [])


@pytest.mark.parametrize(
    "record",
    [
        {"country": "IE", "city": ["x"], "location": 5, "subdivisions": {}, "traits": [], "network_class": 3},
        {"location": {"latitude": float("nan"), "longitude": 1.0}, "autonomous_system_number": 1 << 40},
        {"location": {"latitude": 91.0, "longitude": 1.0, "accuracy_radius": -5}, "country": {"iso_code": ""}},
        {"location": {"latitude": True, "longitude": "east"}, "autonomous_system_number": True},
        "only a text",
        {},
    ],
)
def test_values_of_the_wrong_type_or_out_of_range_are_absent(record: Any, make_database: MakeDatabase) -> None:
    row = _row("192.0.2.1", make_database({"192.0.2.0/24": record}))
    names = ("country", "city", "region", "latitude", "longitude", "accuracy_km", "asn", "as_name")
    assert [row[name] for name in names] == [None] * len(names)


def test_hostile_text_is_stripped_of_control_characters_and_cut(make_database: MakeDatabase) -> None:
    record = {"city": {"names": {"en": "Marlow\x1b[31m Head\u202e" + "x" * 1000}}, "country": {"iso_code": "GB"}}
    city = _row("192.0.2.1", make_database({"192.0.2.0/24": record}))["city"]
    assert city.startswith("Marlow[31m Headx")
    assert len(city) == 198


def test_an_ipv4_only_database_is_not_asked_about_ipv6(make_database: MakeDatabase) -> None:
    database = make_database({"192.0.2.0/24": HOME}, version=4)
    rows = enrich(["192.0.2.1", "2001:db8::1"], [database]).column("country").to_pylist()
    assert rows == ["IE", None]


@pytest.mark.parametrize("version", [4, 6])
def test_every_address_gets_the_record_and_network_that_maxminddb_gives(
    version: int, seeded: Seeded, make_database: MakeDatabase
) -> None:
    draw, bits = seeded(version), 32 if version == 4 else 128
    kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
    lengths = sorted(draw.randrange(4, bits + 1) for _ in range(300))
    networks = {f"{kind(draw.getrandbits(bits) >> bits - n << bits - n)}/{n}": n for n in lengths}
    records = {network: {"city": {"names": {"en": f"Town {i}"}}} for i, network in enumerate(networks)}
    database = make_database(records, version=version)
    firsts = [int(ipaddress.ip_network(network)[0]) for network in networks]
    numbers = [first + step for first in firsts for step in (-1, 0, 1)] + [draw.getrandbits(bits) for _ in range(300)]
    rows = enrich([str(kind(n)) for n in numbers if 0 <= n < 1 << bits], [database]).to_pylist()
    with maxminddb.open_database(database.path) as reader:
        for row in rows:
            record, length = reader.get_with_prefix_len(row["ip"])
            wanted = record["city"]["names"]["en"] if record else None  # type: ignore[index,call-overload]
            assert row["city"] == wanted
            if wanted:
                network = ipaddress.ip_network((row["ip"], length), strict=False)
                assert ipaddress.ip_network(row["place_claims"][0]["network"]) == network


def test_a_file_that_is_no_database_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "broken.mmdb"
    path.write_bytes(b"not a database")
    with pytest.raises(CaseError, match=r"broken\.mmdb") as caught:
        enrich(["192.0.2.1"], [Database(path, "", "0" * 64)])
    assert "replace the file" in caught.value.next_step


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"gone\.mmdb"):
        enrich(["192.0.2.1"], [Database(tmp_path / "gone.mmdb", "", "0" * 64)])


def test_a_damaged_database_answers_or_is_refused_and_nothing_else(make_database: MakeDatabase, seeded: Seeded) -> None:
    networks = {f"192.0.2.{i}/32": {**HOME, "n": i} for i in range(0, 256, 2)}
    database = make_database({**networks, "2001:db8::/32": HOME})
    whole = database.path.read_bytes()
    texts = [f"192.0.2.{i}" for i in range(256)] + ["2001:db8::1"]
    draw = seeded(99)
    refused = 0
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(draw.randrange(1, 8)):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        database.path.write_bytes(damaged[: draw.randrange(len(damaged))] if draw.random() < 0.2 else damaged)
        try:
            assert enrich(texts, [database]).num_rows == 257
        except CaseError:
            refused += 1
    assert refused > 50
