"""Who held it: every candidate, never fewer when the clock is less sure."""

from __future__ import annotations

import random
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.leases.query import holders, moment
from tests.pipeline.leases.cases import T0, ask, junos, lease_store, names, radius

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.store import Store

DETAIL = "network_log/radius_detail"
ADDRESS = "203.0.113.10"


def test_a_time_inside_a_recorded_lease_is_certain(tmp_path: Path) -> None:
    store = lease_store(tmp_path, (DETAIL, radius("Start", 0, "ada", ADDRESS) + radius("Stop", 900, "ada", ADDRESS)))
    (holder,) = ask(store, ADDRESS, 450)
    assert (holder.fit, holder.name) == ("certain", "ada")
    assert holder.why == ("the whole time window lies where the records show it as held",)
    assert ask(store, ADDRESS, 1000) == []
    assert ask(store, "203.0.113.11", 450) == []


def test_a_clock_that_may_be_off_finds_both_neighbours_and_is_sure_of_neither(tmp_path: Path) -> None:
    text = radius("Start", 0, "ada", ADDRESS) + radius("Stop", 900, "ada", ADDRESS)
    text += radius("Start", 930, "lena", ADDRESS, "s2") + radius("Stop", 2000, "lena", ADDRESS, "s2")
    store = lease_store(tmp_path, (DETAIL, text))
    assert names(ask(store, ADDRESS, 890)) == [("certain", "ada")]
    assert names(ask(store, ADDRESS, 890, within=60)) == [("possible", "ada"), ("possible", "lena")]


def test_a_port_tells_blocks_apart_and_without_it_all_are_possible(tmp_path: Path) -> None:
    text = junos("ALLOC", 0, "100.64.0.7", 1024, 1535) + junos("ALLOC", 0, "100.64.0.8", 1536, 2047)
    text += junos("RELEASE", 900, "100.64.0.7", 1024, 1535) + junos("RELEASE", 900, "100.64.0.8", 1536, 2047)
    store = lease_store(tmp_path, ("network_log/nat_blocks", text))
    assert names(ask(store, "203.0.113.80", 60, port=1535)) == [("certain", "100.64.0.7")]
    assert names(ask(store, "203.0.113.80", 60, port=1536)) == [("certain", "100.64.0.8")]
    assert ask(store, "203.0.113.80", 60, port=4000) == []
    found = ask(store, "203.0.113.80", 60)
    assert sorted(names(found)) == [("possible", "100.64.0.7"), ("possible", "100.64.0.8")]
    assert sorted(h.why for h in found) == [
        ("no port was given, and it covers ports 1024 to 1535 only",),
        ("no port was given, and it covers ports 1536 to 2047 only",),
    ]


def test_a_plan_without_times_is_possible_at_any_time(tmp_path: Path) -> None:
    text = "private_ip,public_ip,port_low,port_high\n100.64.3.1,203.0.113.91,1024,1535\n"
    text += "100.64.3.2,203.0.113.91,1536,2047\n"
    store = lease_store(tmp_path, ("network_log/nat_table", text))
    (holder,) = ask(store, "203.0.113.91", 1e8, port=1600)
    assert (holder.fit, holder.name, holder.why[0]) == ("possible", "100.64.3.2", "its records state no time")


def test_a_delegated_prefix_answers_for_every_address_in_it(tmp_path: Path) -> None:
    text = radius("Start", 0, "ada", Delegated_IPv6_Prefix="2001:db8:1000::/56") + radius("Stop", 900, "ada")
    store = lease_store(tmp_path, (DETAIL, text))
    assert names(ask(store, "2001:DB8:1000:00ff::1", 60)) == [("certain", "ada")]
    assert ask(store, "2001:db8:1000:100::1", 60) == []


def test_records_in_a_local_time_without_a_zone_are_only_possible(tmp_path: Path) -> None:
    text = "ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name,TransactionID,QResult\n"
    text += "10,03/01/26,10:00:00,Assign,192.0.2.50,lena-laptop,00005E005331,,1,0\n"
    text += "12,03/01/26,12:00:00,Release,192.0.2.50,lena-laptop,00005E005331,,1,0\n"
    store = lease_store(tmp_path, ("network_log/dhcp_windows", text), zone=None)
    for hour in (-13, 1, 15):
        assert names(ask(store, "192.0.2.50", hour * 3600)) == [("possible", "00:00:5e:00:53:31")]
    assert ask(store, "192.0.2.50", 17 * 3600) == []


def test_a_case_without_leases_answers_with_nothing(tmp_path: Path) -> None:
    assert ask(lease_store(tmp_path), ADDRESS, 0) == []


@pytest.mark.parametrize("text", ["2026-03-01 10:00:00", "yesterday", ""])
def test_a_time_without_a_zone_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        moment(text)


def test_something_that_is_no_address_is_refused(tmp_path: Path) -> None:
    store = lease_store(tmp_path)
    with pytest.raises(UsageError):
        holders(store, "203.0.113.10:80", None, T0, 0)
    with pytest.raises(UsageError):
        holders(store, ADDRESS, None, datetime(2026, 3, 1), 0)  # noqa: DTZ001 - the point of it


Truth = list[tuple[str, str, int, int]]  # user, address, start, end


def _history(rng: random.Random) -> tuple[str, Truth]:
    """Sessions that follow each other on a few addresses; every kind of record may be lost, never all of one."""
    blocks: list[tuple[int, str]] = []
    truth: Truth = []
    for host in range(3):
        address, clock = f"203.0.113.{host}", rng.randrange(300)
        for turn in range(rng.randrange(1, 6)):
            start, end = clock, clock + rng.randrange(130, 4000)
            user, session = f"u{host}-{turn}", f"s{host}-{rng.choice([turn, 0])}"
            truth.append((user, address, start, end))
            moments = [("Start", start), *(("Interim-Update", t) for t in range(start + 100, end, 600)), ("Stop", end)]
            kept = [m for m in moments if rng.random() < 0.6] or [rng.choice(moments)]
            for status, t in kept:
                more = {"Acct_Session_Time": str(t - start)} if status != "Start" and rng.random() < 0.5 else {}
                named = None if status != "Interim-Update" and len(kept) > 1 and rng.random() < 0.1 else address
                blocks.append((t, radius(status, t, user, named, session, **more)))
            clock = end + rng.randrange(2, 900)
    blocks.sort()
    return "".join(text for _, text in blocks), truth


def _named(kept: str, user: str, address: str) -> bool:
    """Whether any record that is left ties the user to the address."""
    return any(f'"{user}"' in b and address in b for b in kept.split("\n\n"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_whoever_held_it_is_among_the_candidates_whatever_records_were_lost(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rng = random.Random(seed)
    text, truth = _history(rng)
    store = lease_store(tmp_path_factory.mktemp("leases"), (DETAIL, text))
    for user, address, start, end in truth:
        if _named(text, user, address):
            for t in (start, end, rng.uniform(start, end)):
                _holds(store, address, t, user, rng.uniform(0, 500))


def _holds(store: Store, address: str, t: float, user: str, within: float) -> None:
    sure, unsure = ask(store, address, t), ask(store, address, t, within=within)
    assert user in {h.name for h in sure}
    assert {h.lease["lease_id"] for h in sure} <= {h.lease["lease_id"] for h in unsure}
    assert {h.lease["lease_id"] for h in unsure if h.fit == "certain"} <= {
        h.lease["lease_id"] for h in sure if h.fit == "certain"
    }
    assert all(h.name == user for h in sure if h.fit == "certain")
