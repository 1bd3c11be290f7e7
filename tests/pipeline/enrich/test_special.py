"""Special-purpose ranges and what addresses carry inside."""

from __future__ import annotations

import ipaddress

import numpy as np
import pytest

from pipeline.enrich.index import keys6
from pipeline.enrich.lookup import enrich
from pipeline.enrich.notes import SCOPE_NOTES
from pipeline.enrich.special import SPECIAL, Special, special4, special6


def _ask(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Special | None:
    number = int(address)
    row = int(special4(np.array([number], np.uint32))[0] if address.version == 4 else special6(keys6([number]))[0])
    return SPECIAL[row] if row >= 0 else None


def _narrowest(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Special | None:
    holding = [(n.prefixlen, row) for row in SPECIAL if address in (n := ipaddress.ip_network(row.network))]
    return max(holding, key=lambda item: item[0])[1] if holding else None


@pytest.mark.parametrize("row", SPECIAL, ids=lambda row: row.network)
def test_a_range_begins_and_ends_exactly_where_its_registry_row_says(row: Special) -> None:
    network = ipaddress.ip_network(row.network)
    numbers = {int(network[0]) - 1, int(network[0]), int(network[-1]), int(network[-1]) + 1}
    for number in sorted(n for n in numbers if 0 <= n < 1 << network.max_prefixlen):
        address = network[0].__class__(number)
        assert _ask(address) == _narrowest(address)


@pytest.mark.parametrize(
    ("ip", "scope", "rfc"),
    [
        ("10.1.2.3", "private", "RFC 1918"), ("100.64.0.1", "cgnat_shared", "RFC 6598"),
        ("100.63.255.255", "global", None), ("100.128.0.0", "global", None), ("127.0.0.1", "loopback", "RFC 1122"),
        ("169.254.9.9", "link_local", "RFC 3927"), ("172.31.255.255", "private", "RFC 1918"),
        ("172.32.0.0", "global", None), ("192.0.0.9", "anycast", "RFC 7723"),
        ("198.19.255.255", "benchmarking", "RFC 2544"), ("203.0.113.1", "documentation", "RFC 5737"),
        ("224.0.0.1", "multicast", "RFC 5771"), ("255.255.255.255", "broadcast", "RFC 8190"),
        ("2001:db8::1", "documentation", "RFC 3849"), ("3fff::1", "documentation", "RFC 9637"),
        ("3fff:1000::", "global", None), ("5f00::1", "segment_routing", "RFC 9602"),
        ("64:ff9b::1", "nat64", "RFC 6052"), ("64:ff9b:1::1", "nat64_local", "RFC 8215"),
        ("fd00::1", "unique_local", "RFC 4193"), ("fe80::1", "link_local", "RFC 4291"),
        ("ff02::1", "multicast", "RFC 4291"), ("2a00::1", "global", None), ("4000::1", "reserved", "RFC 4291"),
    ],
)
def test_an_address_gets_the_scope_of_its_range(ip: str, scope: str, rfc: str | None) -> None:
    row = enrich([ip]).to_pylist()[0]
    assert (row["scope"], row["scope_rfc"]) == (scope, rfc)


@pytest.mark.parametrize("ip", ["10.0.0.1", "203.0.113.5", "198.18.0.1", "2001:db8::5", "2002:c000:201::1"])
def test_no_embedded_source_is_asked_about_a_special_range(ip: str) -> None:
    row = enrich([ip]).to_pylist()[0]
    assert (row["country"], row["asn"], row["country_claims"], row["as_claims"]) == (None, None, [], [])


def test_shared_carrier_space_is_a_network_class_of_its_own() -> None:
    row = enrich(["100.64.3.4"]).to_pylist()[0]
    assert (row["network_class"], row["class_basis"], row["listed"]) == ("cgnat_shared", "special_range", "not listed")
    assert row["class_claims"][0]["network"] == "100.64.0.0/10"
    assert row["class_claims"][0]["list_sha256"] is None


@pytest.mark.parametrize(
    ("ip", "inside"),
    [
        ("2002:c000:204::1", "192.0.2.4"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "192.0.2.45"),
        ("64:ff9b::192.0.2.33", "192.0.2.33"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("64:ff9b:1::192.0.2.33", None),
        ("2001:db8::c000:201", None),
    ],
)
def test_the_ipv4_address_inside_a_transition_address_is_decoded(ip: str, inside: str | None) -> None:
    assert enrich([ip]).column("embedded_ipv4").to_pylist() == [inside]


@pytest.mark.parametrize(
    ("ip", "mac"),
    [
        ("fe80::211:22ff:fe33:4455", "00:11:22:33:44:55"),
        ("2001:db8::211:22ff:fe33:4455", "00:11:22:33:44:55"),
        ("2001:db8::11:22ff:fe33:4455", "02:11:22:33:44:55"),
        ("2001:db8::311:22ff:fe33:4455", None),
        ("2001:db8::211:22ff:ff33:4455", None),
        ("ff02::211:22ff:fe33:4455", None),
    ],
)
def test_a_hardware_address_in_the_interface_identifier_is_decoded(ip: str, mac: str | None) -> None:
    assert enrich([ip]).column("eui64_mac").to_pylist() == [mac]


def test_addresses_are_compared_at_the_network_a_line_keeps() -> None:
    rows = enrich(["192.0.2.77", "2001:db8:1:2:3::4"]).column("net_prefix").to_pylist()
    assert rows == ["192.0.2.0/24", "2001:db8:1:2::/64"]


def test_every_special_scope_has_its_sentence() -> None:
    assert {row.scope for row in SPECIAL} - {"cgnat_shared"} == set(SCOPE_NOTES)
