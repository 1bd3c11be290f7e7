"""Records of one lease become one lease; lost records leave its bounds open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.pipeline.leases.cases import EPOCH, at, junos, lease_store, leases, radius

if TYPE_CHECKING:
    from pathlib import Path

DETAIL = "network_log/radius_detail"
ADDRESS = "203.0.113.10"


def test_start_interim_and_stop_of_a_session_are_one_lease(tmp_path: Path) -> None:
    moments = (("Start", 0), ("Interim-Update", 600), ("Stop", 900))
    text = "".join(radius(status, t, "ada", ADDRESS) for status, t in moments)
    (lease,) = leases(lease_store(tmp_path, (DETAIL, text)))
    assert (lease["holder"], lease["holder_type"]) == ("ada", "account_login")
    assert (lease["start"], lease["end"]) == (at(0), at(900))
    assert (lease["start_basis"], lease["end_basis"]) == ("record", "stop_record")
    assert (lease["n_events"], lease["recorded_by"], lease["exhibit_ids"]) == (3, "nas1", ["EX-001"])


def test_a_session_goes_on_from_one_exhibit_to_the_next(tmp_path: Path) -> None:
    first = (DETAIL, radius("Start", 0, "ada", ADDRESS))
    second = (DETAIL, radius("Stop", 90_000, "ada", ADDRESS))
    (lease,) = leases(lease_store(tmp_path, first, second))
    assert (lease["start"], lease["end"], lease["exhibit_ids"]) == (at(0), at(90_000), ["EX-001", "EX-002"])


def test_a_lost_stop_leaves_the_end_open_up_to_the_next_start(tmp_path: Path) -> None:
    text = radius("Start", 0, "ada", ADDRESS) + radius("Interim-Update", 600, "ada", ADDRESS)
    text += radius("Start", 5000, "lena", ADDRESS, "s2")
    ada, lena = leases(lease_store(tmp_path, (DETAIL, text)))
    assert (ada["end"], ada["end_earliest"], ada["end_basis"]) == (None, at(600), "next_start")
    assert ada["end_latest"] == at(5000.999999)
    assert (lena["end"], lena["end_earliest"], lena["end_latest"]) == (None, at(5000), None)
    assert lena["end_basis"] == "unknown"


def test_a_restart_of_the_access_server_bounds_a_lost_stop(tmp_path: Path) -> None:
    on = "Sun Mar  1 10:00:00 2026\n\tAcct-Status-Type = Accounting-On\n\tNAS-Identifier = nas1\n"
    text = radius("Start", 0, "ada", ADDRESS) + on + f"\tTimestamp = {EPOCH + 3000}\n\n"
    text += radius("Start", 0, "lena", "203.0.113.11", nas="nas2")
    ada, lena = leases(lease_store(tmp_path, (DETAIL, text)))
    assert (ada["end_latest"], ada["end_basis"]) == (at(3000.999999), "restart")
    assert (lena["end_latest"], lena["end_basis"]) == (None, "unknown")


def test_a_lost_start_is_counted_back_from_the_length_of_the_session(tmp_path: Path) -> None:
    text = radius("Stop", 900, "ada", ADDRESS, Acct_Session_Time="900")
    (lease,) = leases(lease_store(tmp_path, (DETAIL, text)))
    assert (lease["start"], lease["start_basis"]) == (at(0), "session_time")
    assert lease["start_earliest"] < at(-5)
    assert lease["start_latest"] == at(900.999999)


def test_a_lost_start_without_a_length_follows_the_lease_before_it(tmp_path: Path) -> None:
    text = radius("Start", 0, "ada", ADDRESS) + radius("Stop", 100, "ada", ADDRESS)
    text += radius("Stop", 500, "lena", ADDRESS, "s2") + radius("Stop", 500, "mara", "203.0.113.99", "s3")
    _, lena, mara = leases(lease_store(tmp_path, (DETAIL, text)))
    assert (lena["start"], lena["start_earliest"], lena["start_basis"]) == (None, at(100), "previous_end")
    assert (mara["start"], mara["start_earliest"], mara["start_basis"]) == (None, None, "unknown")


def test_a_start_that_does_not_name_the_address_yet_bounds_when_it_was_given(tmp_path: Path) -> None:
    text = radius("Start", 0, "ada") + radius("Interim-Update", 60, "ada", ADDRESS) + radius("Stop", 600, "ada")
    (lease,) = leases(lease_store(tmp_path, (DETAIL, text)))
    assert (lease["start"], lease["start_earliest"], lease["start_latest"]) == (at(0), at(0), at(60.999999))
    assert (lease["start_basis"], lease["end"]) == ("session_start", at(600))


def test_a_start_sent_twice_is_one_lease_and_a_session_id_used_again_is_two(tmp_path: Path) -> None:
    text = radius("Start", 0, "ada", ADDRESS) + radius("Start", 6, "ada", ADDRESS, Acct_Delay_Time="6")
    text += radius("Start", 9000, "lena", ADDRESS)
    found = leases(lease_store(tmp_path, (DETAIL, text)))
    assert [(x["holder"], x["start"], x["n_events"]) for x in found] == [("ada", at(0), 2), ("lena", at(9000), 1)]


def test_addresses_and_prefixes_of_a_session_are_leases_of_their_own(tmp_path: Path) -> None:
    text = radius("Start", 0, "ada", ADDRESS, Delegated_IPv6_Prefix="2001:db8:1000::/56") + radius("Stop", 60, "ada")
    found = leases(lease_store(tmp_path, (DETAIL, text)))
    assert [(x["address"], x["end"]) for x in found] == [("2001:db8:1000::/56", at(60)), (ADDRESS, at(60))]


def test_port_blocks_of_one_address_are_kept_apart(tmp_path: Path) -> None:
    text = junos("ALLOC", 0, "100.64.0.7", 1024, 1535) + junos("ALLOC", 10, "100.64.0.8", 1536, 2047)
    text += junos("RELEASE", 20, "100.64.0.7", 1024, 1535) + junos("ALLOC", 30, "100.64.0.9", 1024, 1535)
    found = leases(lease_store(tmp_path, ("network_log/nat_blocks", text)))
    assert [(x["holder"], x["port_start"], x["port_end"], x["start"], x["end"]) for x in found] == [
        ("100.64.0.7", 1024, 1535, at(0), at(20)),
        ("100.64.0.8", 1536, 2047, at(10), None),
        ("100.64.0.9", 1024, 1535, at(30), None),
    ]


def test_a_block_taken_over_in_the_same_second_is_closed_for_the_first_holder_only(tmp_path: Path) -> None:
    text = junos("ALLOC", 0, "100.64.0.7", 1024, 1535) + junos("ALLOC", 20, "100.64.0.8", 1024, 1535)
    text += junos("RELEASE", 20, "100.64.0.7", 1024, 1535) + junos("RELEASE", 50, "100.64.0.8", 1024, 1535)
    found = leases(lease_store(tmp_path, ("network_log/nat_blocks", text)))
    assert [(x["holder"], x["start"], x["end"]) for x in found] == [
        ("100.64.0.7", at(0), at(20)),
        ("100.64.0.8", at(20), at(50)),
    ]


def _isc(start: str, end: str, state: str, mac: str = "00:00:5e:00:53:0a") -> str:
    return (
        f"lease 203.0.113.50 {{\n  starts 0 2026/03/01 {start};\n  ends 0 2026/03/01 {end};\n"
        f"  binding state {state};\n  hardware ethernet {mac};\n}}\n"
    )


def test_renewals_in_a_lease_file_are_one_lease_and_a_release_ends_it(tmp_path: Path) -> None:
    text = _isc("10:00:00", "12:00:00", "active") + _isc("11:00:00", "13:00:00", "active")
    text += _isc("11:00:00", "11:30:00", "free") + _isc("12:00:00", "14:00:00", "active")
    first, second = leases(lease_store(tmp_path, ("network_log/dhcp_isc", text)))
    assert (first["start"], first["end"], first["end_basis"], first["n_events"]) == (at(0), at(5400), "stop_record", 3)
    assert (second["start"], second["end"], second["end_basis"]) == (at(7200), at(14_400), "lease_time")


def test_overlapping_leases_stay_side_by_side(tmp_path: Path) -> None:
    text = _isc("10:00:00", "12:00:00", "active") + _isc("11:00:00", "13:00:00", "active", "00:00:5e:00:53:0b")
    found = leases(lease_store(tmp_path, ("network_log/dhcp_isc", text)))
    assert [(x["device_mac"], x["start"], x["end"]) for x in found] == [
        ("00:00:5e:00:53:0a", at(0), at(7200)),
        ("00:00:5e:00:53:0b", at(3600), at(10_800)),
    ]


def test_a_removed_lease_may_have_ended_any_time_before_it_would_have_expired(tmp_path: Path) -> None:
    header = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n"
    text = header + f"198.51.100.60,00:00:5e:00:53:11,,3600,{EPOCH + 3600},1,0,0,lena-phone,0,\n"
    text += f"198.51.100.60,00:00:5e:00:53:11,,0,{EPOCH},1,0,0,lena-phone,0,\n"
    (lease,) = leases(lease_store(tmp_path, ("network_log/dhcp_kea", text)))
    assert (lease["start"], lease["end"], lease["end_earliest"], lease["end_basis"]) == (at(0), None, at(0), "removed")
    assert lease["end_latest"] == at(3600.999999)
    assert lease["names"] == ["device name: lena-phone", "device: 00:00:5e:00:53:11"]


def test_a_virtual_address_ends_with_its_client_instance(tmp_path: Path) -> None:
    where = "198.51.100.7:51820"
    text = f"2026-03-01 10:00:00 {where} [lena] Peer Connection Initiated with [AF_INET]{where}\n"
    text += f"2026-03-01 10:00:01 lena/{where} MULTI: Learn: 10.8.0.6 -> lena/{where}\n"
    text += f"2026-03-01 11:00:00 lena/{where} SIGTERM[soft,remote-exit] received, client-instance exiting\n"
    (lease,) = leases(lease_store(tmp_path, ("network_log/openvpn_log", text)))
    assert (lease["address"], lease["holder"], lease["start"], lease["end"]) == ("10.8.0.6", "lena", at(1), at(3600))


def test_the_same_records_make_the_same_table(tmp_path: Path) -> None:
    text = "".join(radius("Start", n, f"u{n % 5}", f"203.0.113.{n % 7}", f"s{n}") for n in range(60))
    first = lease_store(tmp_path / "a", (DETAIL, text)).read("leases")
    assert first.equals(lease_store(tmp_path / "b", (DETAIL, text)).read("leases"))
