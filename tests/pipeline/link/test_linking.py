"""What the linkage model says of small invented worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pipeline.link.worlds import Stage, items, link

if TYPE_CHECKING:
    from pathlib import Path

HOME = "203.0.113.57"
IPHONE, ANDROID = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1)", "Mozilla/5.0 (Linux; Android 15; Pixel 8)"


@pytest.fixture
def world(tmp_path: Path) -> Stage:
    stage = Stage(tmp_path)
    stage.network(HOME, "fixed_isp", 53.3, -6.2)
    stage.crowd(12)
    return stage


def test_a_shared_home_a_device_and_a_recovery_address_support_one_operator(world: Stage) -> None:
    for day in range(20):
        world.seen(
            "ig:quiet_pier",
            HOME,
            day + 0.5,
            device_id="dev-1",
            identifiers=[{"type": "recovery_email", "value": "tern@example.net", "raw": None}],
        )
        world.seen(
            "forum:pier_watch",
            HOME,
            day + 0.6,
            exhibit="EX-002",
            device_id="dev-1",
            identifiers=[{"type": "email", "value": "Tern@example.net", "raw": None}],
        )
    tables = world.tables()
    row = link(tables, "ig:quiet_pier", "forum:pier_watch")
    assert row is not None
    assert row["decision"] == "same_operator"
    assert row["weakest"] == "device"
    assert row["llr_device"] == pytest.approx(1.0, abs=0.3)
    assert row["llr_mixture"] <= 4.0
    groups = {c["cluster_id"] for c in tables["clusters"] if c["account_key"] in {"ig:quiet_pier", "forum:pier_watch"}}
    assert len(groups) == 1


def test_a_flatmate_with_an_own_device_is_not_called_the_same_operator(world: Stage) -> None:
    for day in range(20):
        world.seen("ig:quiet_pier", HOME, day + 0.5, device_id="dev-1", user_agent_original=IPHONE)
        world.seen("ig:lena", HOME, day + 0.5001, exhibit="EX-002", device_id="dev-2", user_agent_original=ANDROID)
    row = link(world.tables(), "ig:quiet_pier", "ig:lena")
    assert row is not None
    assert row["decision"] != "same_operator"
    assert row["llr_premises"] < 0
    assert row["llr_mixture"] < 1.0


def test_a_copycat_name_alone_is_no_link(world: Stage) -> None:
    world.network("192.0.2.9", "fixed_isp", 55.9, -3.2)
    for day in range(20):
        world.seen("forum:pier_watcher", HOME, day + 0.5, device_id="dev-1")
        world.seen("forum:pier_watcher_", "192.0.2.9", day + 0.51, exhibit="EX-002", device_id="dev-9")
    tables = world.tables()
    row = link(tables, "forum:pier_watcher", "forum:pier_watcher_")
    assert row is not None
    assert row["decision"] != "same_operator"
    assert items(tables, row)["user name near"]["used_imitator"] == -0.4
    assert row["llr_imitator"] < 0


def test_device_ids_of_different_services_do_not_contradict(world: Stage) -> None:
    for day in range(6):
        world.seen("ig:alpha", HOME, day + 0.5, device_id="dev-1")
        world.seen("forum:beta", HOME, day + 0.6, exhibit="EX-002", device_id="tw-77")
        world.seen("forum:gamma", HOME, day + 0.7, exhibit="EX-002", device_id="tw-88")
    tables = world.tables()
    across, within = link(tables, "ig:alpha", "forum:beta"), link(tables, "forum:beta", "forum:gamma")
    assert across is not None
    assert within is not None
    assert "device identifiers differ" not in items(tables, across)
    assert items(tables, within)["device identifiers differ"]["used_premises"] == -0.4


def test_a_connection_that_only_names_a_login_ties_it_to_nothing(world: Stage) -> None:
    world.seen("ssh:ada", "192.0.2.200", 1, event_type="connection", event_outcome=None)
    assert [r["role"] for r in world.tables()["account_events"] if r["account_key"] == "ssh:ada"] == ["attempted"]


def test_vpn_exits_alone_are_weak(world: Stage) -> None:
    world.network("198.51.100.130", "vpn_provider")
    for day in range(20):
        world.seen("ig:alpha", "198.51.100.130", day + 0.2)
        world.seen("forum:beta", "198.51.100.130", day + 0.21, exhibit="EX-002")
    row = link(world.tables(), "ig:alpha", "forum:beta")
    assert row is not None
    assert row["llr_unrelated"] <= 0.7
    assert row["decision"] in {"insufficient", "not_merged"}


def test_many_hits_on_one_address_are_one_item(world: Stage) -> None:
    for step in range(3000):
        world.seen("ig:alpha", HOME, step / 200)
        world.seen("forum:beta", HOME, step / 200 + 0.0005, exhibit="EX-002")
    tables = world.tables()
    row = link(tables, "ig:alpha", "forum:beta")
    assert row is not None
    home = items(tables, row)["shared network (fixed_isp)"]
    assert home["n_raw_events"] == 6000
    assert home["n_independent"] == 1
    assert home["used_unrelated"] <= 2.5
    assert home["used_premises"] == 0


def test_everything_from_one_exhibit_is_bounded(world: Stage) -> None:
    for day in range(20):
        for account in ("ig:alpha", "ig:beta"):
            world.seen(
                account,
                HOME,
                day + 0.5,
                device_id="dev-1",
                identifiers=[{"type": "recovery_phone", "value": "+353000", "raw": None}],
            )
    row = link(world.tables(), "ig:alpha", "ig:beta")
    assert row is not None
    assert row["llr_mixture"] <= 2.0
    assert any("one exhibit" in reason for reason in row["reasons"])


def test_places_too_far_apart_contradict(world: Stage) -> None:
    world.network("192.0.2.9", "fixed_isp", 55.9, -3.2)
    for day in range(6):
        world.seen("ig:alpha", HOME, day + 0.5, identifiers=[{"type": "email", "value": "x@example.net", "raw": None}])
        world.seen(
            "ig:beta",
            "192.0.2.9",
            day + 0.505,
            exhibit="EX-002",
            identifiers=[{"type": "email", "value": "x@example.net", "raw": None}],
        )
    tables = world.tables()
    row = link(tables, "ig:alpha", "ig:beta")
    assert row is not None
    assert items(tables, row)["incompatible places"]["used_unrelated"] == -3.0
    assert row["decision"] != "same_operator"


def test_a_failed_login_ties_nobody_to_an_address(world: Stage) -> None:
    world.seen("ssh:root", "192.0.2.200", 1, event_outcome="failure")
    tables = world.tables()
    assert [r["role"] for r in tables["account_events"] if r["account_key"] == "ssh:root"] == ["attempted"]
    assert not [o for o in tables["observations"] if o["account_key"] == "ssh:root"]


def test_a_login_list_belongs_to_the_only_profile_of_its_export(world: Stage) -> None:
    world.seen("ig:Owner.Name", None, 0, event_type="account_profile", account_display_name="Owner", exhibit="EX-002")
    world.seen("ig:", HOME, 1, exhibit="EX-002")
    tables = world.tables()
    assert ("ig:owner.name", "export_owner") in {(r["account_key"], r["basis"]) for r in tables["account_events"]}


def test_a_shown_name_is_an_account_of_its_own_unless_one_profile_carries_it(world: Stage) -> None:
    world.seen("ig:owner", None, 0, event_type="account_profile", account_display_name="Pier", exhibit="EX-002")
    world.seen("ig:", None, 1, event_type="message", account_display_name="Pier", recipients=["Ada"])
    keys = {(r["account_key"], r["role"], r["basis"]) for r in world.tables()["account_events"]}
    assert ("ig:owner", "actor", "profile_name") in keys
    assert ("ig:~Ada", "target", "shown_name") in keys


def test_two_runs_give_the_same_rows(world: Stage, tmp_path: Path) -> None:
    for day in range(5):
        world.seen("ig:alpha", HOME, day + 0.5, device_id="dev-1")
        world.seen("forum:beta", HOME, day + 0.6, exhibit="EX-002", device_id="dev-1")
    again = Stage(tmp_path / "again", list(reversed(world.events)), dict(reversed(world.classes.items())))
    first, second = world.tables(), again.tables()
    assert first["links"] == second["links"]
    assert first["evidence_items"] == second["evidence_items"]
