"""What interval records may be taken to state, and what a client may not plant in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from parsers.contract import Settings
from parsers.network_logs._values import assigned, mac_of, prefix_of
from parsers.registry import find_format, recognise, sample_of
from tests.conformance.fixtures import read_all

DETAIL = "network_log/radius_detail"


def events(format_id: str, text: str, zone: str | None = "UTC") -> list[dict[str, Any]]:
    found, _, total = read_all(find_format(format_id), text.encode(), Settings(timezone=zone))
    assert total.bytes_in == total.bytes_parsed + total.bytes_rejected + total.bytes_skipped
    return found


def block(*pairs: str) -> str:
    return "Sun Mar  1 10:00:00 2026\n" + "".join(f"\t{pair}\n" for pair in pairs) + "\n"


@pytest.mark.parametrize("text", ["00-00-5E-00-53-01", "0000.5e00.5301", "00005E005301", " 00:00:5e:00:53:01 "])
def test_a_hardware_address_is_read_in_every_usual_spelling(text: str) -> None:
    assert mac_of(text) == "00:00:5e:00:53:01"


@pytest.mark.parametrize("text", [None, "", "15550100", "00:00:5e:00:53", "00:00:5e:00:53:01:02", "zz:00:5e:00:53:01"])
def test_other_words_are_no_hardware_address(text: str | None) -> None:
    assert mac_of(text) is None


@pytest.mark.parametrize("text", ["255.255.255.254", "0.0.0.0", "::", "192.0.2.1:80", "host", "192.0.2.01"])  # noqa: S104
def test_values_that_assign_nothing_are_no_address(text: str) -> None:
    assert assigned(text) is None


def test_a_prefix_is_written_as_its_network() -> None:
    assert prefix_of("2001:DB8:1::5/56") == "2001:db8:1::/56"
    assert prefix_of("2001:db8::1") is None


def test_a_password_is_named_but_not_copied() -> None:
    (event,) = events(DETAIL, block("Packet-Type = Access-Request", 'User-Name = "ada"', 'User-Password = "hunter2"'))
    assert "hunter2" not in json.dumps(event)
    assert json.loads(event["extra"])["attributes"]["User-Password"] == "(secret, see the bytes)"


def test_a_user_name_cannot_plant_an_attribute() -> None:
    name = 'User-Name = "x\\", Framed-IP-Address = 192.0.2.66"'
    (event,) = events(DETAIL, block("Acct-Status-Type = Start", name, "Framed-IP-Address = 203.0.113.10"))
    assert (event["source_ip"], event["account_login"]) == ("203.0.113.10", 'x", Framed-IP-Address = 192.0.2.66')


def test_a_delayed_record_is_dated_back_and_keeps_its_arrival_as_the_later_bound() -> None:
    (event,) = events(
        DETAIL, block("Acct-Status-Type = Start", "Framed-IP-Address = 203.0.113.10", "Acct-Delay-Time = 30",
                      "Timestamp = 1772359230")
    )  # fmt: skip
    assert event["timestamp"] == event["timestamp_earliest"] == "2026-03-01T10:00:00.000000Z"
    assert event["timestamp_latest"] == "2026-03-01T10:00:30.999999Z"


def test_an_absurd_delay_or_stamp_moves_nothing() -> None:
    stamps = ("Acct-Delay-Time = 99999999999", "Timestamp = 1772359200")
    (event,) = events(DETAIL, block("Acct-Status-Type = Start", "Framed-IP-Address = 203.0.113.10", *stamps))
    assert event["timestamp"] == "2026-03-01T10:00:00.000000Z"
    (event,) = events(DETAIL, block("Acct-Status-Type = Start", "Timestamp = 99999999999999999999"))
    assert event["timestamp_raw"] == "Sun Mar  1 10:00:00 2026"


def test_a_host_name_in_a_lease_file_cannot_close_its_block() -> None:
    text = 'lease 203.0.113.50 {\n  starts 0 2026/03/01 10:00:00;\n  client-hostname "} lease 192.0.2.66 {";\n}\n'
    (event,) = events("network_log/dhcp_isc", text)
    assert event["source_ip"] == "203.0.113.50"
    assert json.loads(event["extra"])["client-hostname"] == "} lease 192.0.2.66 {"


def test_a_host_name_with_commas_in_a_kea_row_stays_one_cell() -> None:
    text = (
        "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n"
        "198.51.100.60,00:00:5e:00:53:11,,3600,1772362800,1,0,0,a&#x2c192.0.2.66&#x2cb,0,\n"
    )
    (event,) = events("network_log/dhcp_kea", text)
    assert (event["source_ip"], json.loads(event["extra"])["hostname"]) == ("198.51.100.60", "a,192.0.2.66,b")


@pytest.mark.parametrize("ports", ["[2000-1000]", "[1-99999]", "[1-]"])
def test_a_block_whose_ports_make_no_range_assigns_nothing(ports: str) -> None:
    text = (
        "2026-03-01T10:00:00Z cgn1 RT_NAT: RT_SRC_NAT_PBA_ALLOC: Subscriber 100.64.0.7 used/maximum [1/8] blocks, "
        f"allocates port block {ports} from 203.0.113.80 in source pool p\n"
    )
    (event,) = events("network_log/nat_blocks", text)
    assert (event["event_type"], "source_ip" in event) == ("log_message", False)


def test_stamps_without_a_zone_or_year_say_so() -> None:
    text = "Mar  1 10:00:00 cgn1 x: ASP_NAT_PORT_BLOCK_ALLOC: 100.64.0.7 -> 203.0.113.80:1024-1535\n"
    (event,) = events("network_log/nat_blocks", text, zone=None)
    assert event["parse_flags"] == ["year_ambiguous"]
    assert "timestamp" not in event


def test_a_common_name_in_the_log_is_the_one_before_the_slash_only() -> None:
    line = "2026-03-01 10:00:00 a/198.51.100.7:51820 MULTI: Learn: 10.8.0.6 -> b/192.0.2.66:1/198.51.100.7:51820\n"
    (event,) = events("network_log/openvpn_log", line)
    assert (event["event_type"], event["source_ip"]) == ("log_message", "198.51.100.7")


def test_an_ordinary_table_or_log_is_no_interval_record() -> None:
    for text in ("name,address\nada,192.0.2.1\n", "Sun Mar  1 10:00:00 2026 hello\n", "lease of life\n" * 9):
        seen = recognise(sample_of(memoryview(text.encode())))
        assert not (seen.format_id or "").startswith("network_log/")
