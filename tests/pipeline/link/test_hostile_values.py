"""Values that look like evidence and are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.link.placeholders import is_placeholder
from pipeline.report.clock import offsets
from tests.pipeline.link.worlds import Stage, items, link

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("recovery_phone", "+00000000"),
        ("phone", "+"),
        ("email", "unknown"),
        ("recovery_email", "none@none.example"),
        ("device_id", "00000000-0000-0000-0000-000000000000"),
        ("device_id", "0"),
        ("device_id", "Not available"),
    ],
)
def test_a_value_that_stands_for_none_identifies_nothing(kind: str, value: str) -> None:
    assert is_placeholder(kind, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("phone", "+353209150457"), ("email", "tern@example.net"), ("device_id", "dev-1"), ("cookie", "a91f")],
)
def test_a_value_of_its_own_does(kind: str, value: str) -> None:
    assert not is_placeholder(kind, value)


def test_a_private_address_is_another_network_at_every_service(tmp_path: Path) -> None:
    world = Stage(tmp_path)
    world.crowd(12)
    for day in range(20):
        world.seen("ig:alpha", "192.168.1.5", day + 0.5)
        world.seen("forum:beta", "192.168.1.5", day + 0.5, exhibit="EX-002")
    assert link(world.tables(), "ig:alpha", "forum:beta") is None


def test_a_common_surname_says_little_of_people_who_live_together(tmp_path: Path) -> None:
    world = Stage(tmp_path)
    world.network("203.0.113.57", "fixed_isp")
    world.crowd(12)
    for day in range(20):
        world.seen("ig:dunne_f187", "203.0.113.57", day + 0.5)
        world.seen("forum:dunne_n794", "203.0.113.57", day + 0.6, exhibit="EX-002")
    tables = world.tables()
    row = link(tables, "ig:dunne_f187", "forum:dunne_n794")
    assert row is not None
    assert row["decision"] != "same_operator"
    assert items(tables, row)["user name near"]["used_premises"] < 0.4


def test_the_closest_time_is_that_of_two_events(tmp_path: Path) -> None:
    world = Stage(tmp_path)
    world.network("203.0.113.57", "fixed_isp")
    world.crowd(12)
    for hour in (1, 20):
        world.seen("ig:alpha", "203.0.113.57", hour / 24)
    world.seen("forum:beta", "203.0.113.57", 12 / 24, exhibit="EX-002")
    tables = world.tables()
    row = link(tables, "ig:alpha", "forum:beta")
    assert row is not None
    assert items(tables, row)["shared network (fixed_isp)"]["min_gap_s"] == 8 * 3600


def test_an_account_number_is_no_user_name(tmp_path: Path) -> None:
    world = Stage(tmp_path)
    world.network("203.0.113.57", "fixed_isp")
    world.crowd(12)
    for day in range(5):
        world.seen("ig:", "203.0.113.57", day, account_id="349448")
        world.seen("forum:", "203.0.113.57", day + 0.1, exhibit="EX-002", account_id="686464")
    tables = world.tables()
    row = link(tables, "ig:349448", "forum:686464")
    assert row is not None
    assert not [i for i in items(tables, row).values() if i["family"] == "username"]


def test_a_time_at_the_end_of_the_calendar_does_not_stop_the_report() -> None:
    assert offsets("Europe/Dublin", [-62_135_596_800_000_000, 253_402_300_799_000_000])["offsets"]
