"""Which class lists name an address."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from pipeline.enrich.addresses import read_addresses
from pipeline.enrich.classes import INFRASTRUCTURE, NETWORK_CLASSES, ClassIndex, by_precedence
from pipeline.enrich.embedded import load_embedded
from pipeline.enrich.lookup import enrich
from pipeline.enrich.notes import CLASS_NOTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Seeded = Callable[[int], Random]


def _layers(index: ClassIndex, ip: str) -> list[str]:
    found = read_addresses([ip])
    layers = index.find4(found.keys4) if found.keys4.size else index.find6(found.keys6)
    return [index.networks[int(layer[0])] for layer in layers if layer[0] >= 0]


def test_of_one_list_the_narrowest_network_speaks_and_the_more_telling_class_comes_first() -> None:
    index = ClassIndex(
        ["192.0.2.0/24", "192.0.2.0/28", "192.0.2.0/30", "2001:db8::/32"],
        ["hosts", "hosts", "edges", "hosts"],
        {"hosts": "hosting", "edges": "cdn"},
    )
    assert _layers(index, "192.0.2.1") == ["192.0.2.0/30", "192.0.2.0/28"]
    assert _layers(index, "192.0.2.5") == ["192.0.2.0/28"]
    assert _layers(index, "192.0.2.77") == ["192.0.2.0/24"]
    assert _layers(index, "192.0.3.0") == []
    assert _layers(index, "2001:db8::1") == ["2001:db8::/32"]


def test_the_lists_that_name_an_address_are_those_whose_networks_hold_it(seeded: Seeded) -> None:
    draw = seeded(11)
    index = load_embedded().classes
    networks = [ipaddress.ip_network(network) for network in index.networks]
    spans = [(n.version, int(n[0]), int(n[-1])) for n in networks]
    picked = [n[draw.choice([0, -1])] + draw.choice([-1, 0, 1]) for n in draw.sample(networks, 150)]
    rows = {row["ip"]: row for row in enrich([str(address) for address in picked]).to_pylist()}
    about = {entry["id"]: entry["title"] for entry in load_embedded().entry("classes.parquet")["lists"]}
    for address in picked:
        version, number = address.version, int(address)
        holding = {about[index.lists[i]] for i, (v, a, b) in enumerate(spans) if v == version and a <= number <= b}
        assert {claim["list"] for claim in rows[str(address)]["class_claims"]} == holding


def test_every_class_has_its_sentence_and_precedence_keeps_unknown_words_last() -> None:
    assert set(CLASS_NOTES) == set(NETWORK_CLASSES)
    assert by_precedence(("hosting", "moonbase", "tor_exit", "hosting")) == ("tor_exit", "hosting", "moonbase")


def test_infrastructure_is_what_hides_where_a_user_is() -> None:
    assert sorted(INFRASTRUCTURE) == [
        "cdn", "cloud", "hosting", "privacy_relay", "public_proxy", "residential_proxy", "tor_exit", "vpn_provider",
    ]
