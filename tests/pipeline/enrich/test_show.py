"""What `vestigo lookup` prints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pipeline.enrich.show import lookup_json, lookup_lines, lookup_text
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from tests.pipeline.enrich.conftest import MakeDatabase


def test_a_block_names_value_source_date_network_and_limits() -> None:
    lines = lookup_lines(["8.8.8.8"])
    assert lines[:9] == [
        "8.8.8.8",
        "  scope     IPv4, global; compared with others at 8.8.8.0/24",
        "  country   US (1 of 1 source that answered)",
        "            - US: DB-IP Lite country, data of 2026-06-01, network 8.8.0.0/17",
        "  place     no source here states one",
        "  operator  AS15169 Google LLC",
        "            - AS15169 Google LLC: RouteViews, NRO and DB-IP origin AS, data of 2026-06-17, network 8.8.8.0/24",
        "  class     hosting (an operator's or public list names its network)",
        "            - hosting: Datacentre networks (published as vpn-ipv4), list of 2025-12-23, network 8.8.8.0/24",
    ]
    assert "not a person" in lines[9]


def test_what_is_on_no_list_is_not_called_clean() -> None:
    assert any("that does not make it no VPN" in line for line in lookup_lines(["9.9.9.9"]))


def test_what_is_no_address_is_named_without_its_control_characters() -> None:
    assert "'a\\x1b[31m' is not an IP address; nothing was looked up for it." in lookup_lines(["a\x1b[31m", "9.9.9.9"])


def test_nothing_but_other_words_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="example"):
        lookup_lines(["example.org"])


def test_ports_brackets_and_spellings_of_logs_are_understood_and_one_address_is_shown_once() -> None:
    lines = lookup_lines(["[2001:4860:4860:0::8888]:443", "2001:4860:4860::8888"])
    assert lines.count("2001:4860:4860::8888") == 1


def test_the_ipv4_address_inside_another_gets_its_own_block() -> None:
    lines = lookup_lines(["2002:808:808::1"])
    assert "  inside    IPv4 address 8.8.8.8" in lines
    assert "8.8.8.8" in lines


def test_a_radius_says_who_states_it(make_database: MakeDatabase) -> None:
    town = {"city": {"names": {"en": "Port Aldine"}}, "location": {"latitude": 53.1, "longitude": -9.2}}
    assumed = lookup_lines(["192.0.2.1"], [make_database({"192.0.2.0/24": town})])
    assert any("Port Aldine; within 200 km of 53.1000, -9.2000 (radius assumed" in line for line in assumed)
    town["location"]["accuracy_radius"] = 20
    stated = lookup_lines(["192.0.2.1"], [make_database({"192.0.2.0/24": town})])
    assert any("within 20 km of 53.1000, -9.2000 (radius stated by the database" in line for line in stated)


def test_a_country_point_is_shown_as_country_level_only(make_database: MakeDatabase) -> None:
    record = {"country": {"iso_code": "US"}, "location": {"latitude": 38.0, "longitude": -97.0}}
    lines = lookup_lines(["192.0.2.1"], [make_database({"192.0.2.0/24": record})])
    assert any("country level only" in line for line in lines)
    assert not any("within" in line for line in lines)


def test_the_sources_are_credited_with_date_licence_and_caution() -> None:
    text = "\n".join(lookup_lines(["9.9.9.9"]))
    assert "DB-IP Lite country, 2026-06-01, CC-BY-4.0. IP Geolocation by DB-IP (db-ip.com)" in text
    assert "contains bugs resulting in incorrect data" in text


def test_a_case_database_is_named_with_layout_date_and_digest(make_database: MakeDatabase) -> None:
    database = make_database({"192.0.2.0/24": {}})
    wanted = f"Database case: City, data of 2026-03-01, SHA-256 {database.sha256}"
    lines = lookup_lines(["192.0.2.1"], [database])
    assert wanted in lines
    assert not any("GeoLite" in line for line in lines)


def test_a_geolite_database_comes_with_its_licence_caution(make_database: MakeDatabase) -> None:
    lines = lookup_lines(["192.0.2.1"], [make_database({"192.0.2.0/24": {}}, layout="GeoLite2-City")])
    assert any("destroyed" in line and "households" in line for line in lines)


def test_json_holds_the_rows_the_leftovers_and_the_sources() -> None:
    document = json.loads(lookup_json(["9.9.9.9", "example.org"]))
    assert document["addresses"][0]["asn"] == 19281
    assert document["not_addresses"] == ["example.org"]
    assert document["sources"][0]["licence"] == "CC-BY-4.0"


def test_a_database_named_for_one_question_answers_for_documentation_ranges(make_database: MakeDatabase) -> None:
    database = make_database({"192.0.2.0/24": {"country": {"iso_code": "IE"}}})
    text = lookup_text(["192.0.2.1"], [database.path])
    assert "  country   IE (1 of 1 source that answered)" in text.splitlines()
    assert json.loads(lookup_text(["192.0.2.1"], as_json=True))["addresses"][0]["country"] is None
