"""What the linkage model says of small invented worlds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.pipeline.link.worlds import Stage, items, link

if TYPE_CHECKING:
    from pathlib import Path

HOME = "203.0.113.57"
IPHONE, ANDROID = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1)", "Mozilla/5.0 (Linux; Android 15; Pixel 8)"


def contacts(**values: str) -> list[dict[str, str | None]]:
    return [{"type": kind, "value": value, "raw": None} for kind, value in values.items()]


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
            identifiers=contacts(recovery_email="tern@example.net", recovery_phone="+353 20 915 0457"),
        )
        world.seen(
            "forum:pier_watch",
            HOME,
            day + 0.6,
            exhibit="EX-002",
            device_id="dev-1",
            identifiers=contacts(email="Tern@example.net", phone="00353209150457"),
        )
    tables = world.tables()
    row = link(tables, "ig:quiet_pier", "forum:pier_watch")
    assert row is not None
    assert row["decision"] == "same_operator"
    assert row["weakest"] == "device"
    assert row["llr_device"] == pytest.approx(1.4, abs=0.2)
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
    assert [r["role"] for r in world.tables()["account_events"] if r["account_key"] == "ssh:ada@EX-001"] == [
        "attempted"
    ]


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
    assert [r["role"] for r in tables["account_events"] if r["account_key"] == "ssh:root@EX-001"] == ["attempted"]
    assert not [o for o in tables["observations"] if o["account_key"].startswith("ssh:root")]


def test_a_login_list_belongs_to_the_only_profile_of_its_export(world: Stage) -> None:
    world.seen("ig:Owner.Name", None, 0, event_type="account_profile", account_display_name="Owner", exhibit="EX-002")
    world.seen("ig:", HOME, 1, exhibit="EX-002")
    tables = world.tables()
    assert ("ig:owner.name", "export_owner") in {(r["account_key"], r["basis"]) for r in tables["account_events"]}


def test_a_message_not_sent_by_the_owner_of_an_export_brings_the_owner_of_an_export_no_address(world: Stage) -> None:
    world.seen("ig:owner", None, 0, event_type="account_profile", exhibit="EX-002")
    unsettled = {"event_type": "message", "parse_flags": ["direction_unknown"], "exhibit": "EX-002"}
    world.seen("ig:", "192.0.2.210", 1, **unsettled)
    world.seen("ig:", "192.0.2.211", 1, **unsettled | {"parse_flags": ["edited"]})
    world.seen("ig:other", "192.0.2.212", 1, **unsettled)
    world.seen("ig:", "192.0.2.213", 1, event_type="message", event_action="received", exhibit="EX-002")
    world.seen("ig:", "192.0.2.214", 1, event_type="message", sender="Somebody", exhibit="EX-002")
    mine = {"sender": "You", "extra": '{"exporting_account":true}'}
    world.seen("ig:", "192.0.2.215", 1, event_type="message", exhibit="EX-002", **mine)
    seen = {(o["account_key"], o["identifier"]) for o in world.tables()["observations"]}
    assert {(key, ip) for key, ip in seen if ip.startswith("192.0.2.21")} == {
        ("ig:owner", "192.0.2.211"),
        ("ig:owner", "192.0.2.215"),
        ("ig:other", "192.0.2.212"),
    }


def test_a_shown_name_is_an_account_of_its_own_unless_one_profile_carries_it(world: Stage) -> None:
    world.seen("ig:owner", None, 0, event_type="account_profile", account_display_name="Pier", exhibit="EX-002")
    world.seen("ig:", None, 1, event_type="message", account_display_name="Pier", recipients=["Ada"])
    keys = {(r["account_key"], r["role"], r["basis"]) for r in world.tables()["account_events"]}
    assert ("ig:owner", "named", "profile_name") in keys
    assert ("ig:~Ada", "target", "shown_name") in keys


def test_two_runs_give_the_same_rows(world: Stage, tmp_path: Path) -> None:
    for day in range(5):
        world.seen("ig:alpha", HOME, day + 0.5, device_id="dev-1")
        world.seen("forum:beta", HOME, day + 0.6, exhibit="EX-002", device_id="dev-1")
    again = Stage(tmp_path / "again", list(reversed(world.events)), dict(reversed(world.classes.items())))
    first, second = world.tables(), again.tables()
    assert first["links"] == second["links"]
    assert first["evidence_items"] == second["evidence_items"]


def test_siblings_with_one_model_of_telephone_and_one_surname_are_not_merged(world: Stage) -> None:
    for day in range(20):
        world.seen("ig:sinead.murphy", HOME, day + 0.5, user_agent_original=IPHONE)
        world.seen("forum:sean.murphy", HOME, day + 0.503, exhibit="EX-002", user_agent_original=IPHONE)
    row = link(world.tables(), "ig:sinead.murphy", "forum:sean.murphy")
    assert row is not None
    assert row["decision"] != "same_operator"
    assert row["llr_premises"] < 0.5


def test_people_who_share_a_tablet_are_not_merged(world: Stage) -> None:
    for day in range(10):
        world.seen("ig:alpha", HOME, day + 0.5, device_id="tablet", user_agent_original=ANDROID)
        world.seen("ig:omega", HOME, day + 0.503, exhibit="EX-002", device_id="tablet", user_agent_original=ANDROID)
    tables = world.tables()
    row = link(tables, "ig:alpha", "ig:omega")
    assert row is not None
    assert items(tables, row)["handover"]["used_device"] <= 0.3
    assert row["weakest"] == "device"
    assert row["decision"] != "same_operator"


def test_a_parents_number_on_two_accounts_does_not_merge_siblings(world: Stage) -> None:
    for day in range(20):
        world.seen("ig:alpha", HOME, day + 0.5, device_id="dev-1", identifiers=contacts(recovery_phone="+353 1 555"))
        world.seen(
            "ig:omega",
            HOME,
            day + 0.6,
            exhibit="EX-002",
            device_id="dev-2",
            identifiers=contacts(recovery_phone="+3531555"),
        )
    row = link(world.tables(), "ig:alpha", "ig:omega")
    assert row is not None
    assert row["decision"] != "same_operator"


def test_a_recycled_number_counts_little(world: Stage) -> None:
    world.network("192.0.2.9", "fixed_isp")
    for day in range(5):
        world.seen("ig:alpha", HOME, day, identifiers=contacts(recovery_phone="+3531555"))
        world.seen(
            "ig:omega", "192.0.2.9", 300 + day, exhibit="EX-002", identifiers=contacts(recovery_phone="+3531555")
        )
    tables = world.tables()
    row = link(tables, "ig:alpha", "ig:omega")
    assert row is not None
    item = items(tables, row)["same recovery"]
    assert item["used_unrelated"] == 1.0
    assert any("296 days apart" in note for note in item["discounts"])


def test_a_copy_of_an_exhibit_is_no_second_source(world: Stage) -> None:
    for exhibit in ("EX-001", "EX-002"):
        for day in range(20):
            for account in ("ig:alpha", "ig:beta"):
                world.seen(
                    account,
                    HOME,
                    day + 0.5,
                    exhibit=exhibit,
                    device_id="dev-1",
                    identifiers=contacts(recovery_phone="+353000", recovery_email="x@example.net"),
                )
    tables = world.tables()
    row = link(tables, "ig:alpha", "ig:beta")
    assert row is not None
    assert row["llr_mixture"] == 2.0
    assert items(tables, row)["shared network (fixed_isp)"]["n_raw_events"] == 40


@pytest.mark.parametrize(
    ("results", "role"),
    [
        (["mx.example.org; spf=fail; dmarc=fail"], "claimed"),
        (["mx.example.org; spf=pass; dmarc=pass"], "actor"),
        ([], "actor"),
    ],
)
def test_a_stated_sender_is_believed_as_far_as_a_trusted_host_confirms_it(
    world: Stage, results: list[str], role: str
) -> None:
    world.seen(
        "email:lena@example.com",
        None,
        1,
        event_type="email_message",
        event_outcome=None,
        attested_ip="192.0.2.66",
        auth_results=results,
        extra='{"auth_results_attested":1}',
    )
    tables = world.tables()
    (row,) = [r for r in tables["account_events"] if r["account_key"] == "email:lena@example.com"]
    assert row["role"] == role
    assert row["basis"] == ("in_record" if "pass" in str(results) else "stated_sender")
    assert bool(tables["observations"]) == (role == "actor") or role == "claimed"


def test_a_refused_request_ties_a_login_to_nothing(world: Stage) -> None:
    world.seen("web:lena", "192.0.2.66", 1, event_type="http_request", event_outcome="failure")
    assert [r["role"] for r in world.tables()["account_events"] if r["account_key"].startswith("web:lena")] == [
        "attempted"
    ]


def test_one_login_on_two_hosts_is_two_accounts(world: Stage) -> None:
    world.seen("web:admin", HOME, 1, url_domain="a.example.org", event_type="http_request")
    world.seen("web:admin", HOME, 1, url_domain="b.example.org", event_type="http_request")
    keys = {a["account_key"] for a in world.tables()["accounts"]}
    assert {"web:admin@a.example.org", "web:admin@b.example.org"} <= keys


def test_a_renamed_account_is_one_and_a_passed_on_name_is_two(world: Stage) -> None:
    world.seen("forum:old.name", HOME, 1, account_id="9001")
    world.seen("forum:new.name", HOME, 2, account_id="9001")
    world.seen("forum:handle", HOME, 3, account_id="1")
    world.seen("forum:handle", HOME, 4, account_id="2")
    keys = {a["account_key"] for a in world.tables()["accounts"]}
    assert {"forum:#9001", "forum:#1", "forum:#2"} <= keys
    assert not {"forum:old.name", "forum:new.name", "forum:handle"} & keys


def test_a_shown_name_brings_no_address_to_the_account_it_may_imitate(world: Stage) -> None:
    world.seen("ig:lena.k", HOME, 0, event_type="account_profile", account_display_name="Lena Kestrel")
    world.seen("ig:", "192.0.2.66", 1, exhibit="EX-002", event_type="message", account_display_name="Lena Kestrel")
    seen = {(o["account_key"], o["identifier"]) for o in world.tables()["observations"]}
    assert ("ig:lena.k", "192.0.2.66") not in seen


def test_both_directions_are_bounded(world: Stage) -> None:
    world.network("192.0.2.9", "fixed_isp", 55.9, -3.2)
    for day in range(30):
        world.seen("ig:alphazzz", HOME, day + 0.5, device_id="d1", user_agent_original=IPHONE)
        world.seen(
            "ig:alphayyy", "192.0.2.9", day + 0.5002, exhibit="EX-002", device_id="d2", user_agent_original=ANDROID
        )
    row = link(world.tables(), "ig:alphazzz", "ig:alphayyy")
    assert row is not None
    assert row["llr_mixture"] == -4.0
    assert row["decision"] == "contradicted"


def test_times_that_may_be_off_by_an_hour_make_no_handover(world: Stage) -> None:
    for day in range(10):
        for account, exhibit, step in (("ig:alpha", "EX-001", 0.5), ("ig:omega", "EX-002", 0.502)):
            world.seen(account, HOME, day + step, exhibit=exhibit, device_id="d1")
            event = world.events[-1]
            event["timestamp_latest"] = event["timestamp"] + timedelta(hours=1)
    tables = world.tables()
    row = link(tables, "ig:alpha", "ig:omega")
    assert row is not None
    assert "handover" not in items(tables, row)


def test_a_case_without_addresses_or_events_is_no_error(tmp_path: Path) -> None:
    assert Stage(tmp_path / "none").tables()["links"] == []
    stage = Stage(tmp_path / "chat")
    stage.seen("whatsapp:", None, 1, event_type="message", account_display_name="Somebody")
    assert [c["status"] for c in stage.tables()["clusters"]] == ["single"]
