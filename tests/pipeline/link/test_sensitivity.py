"""Links are tested against what they rest on, and the tests say the same as weighing without it would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from pipeline.case import Alternatives
from pipeline.link import sensitivity
from pipeline.link.decisive import decisive
from pipeline.link.evidence import gather
from pipeline.link.items import make_items
from pipeline.link.linking import weigh
from pipeline.link.score import score
from pipeline.link.sensitivity import narrow, source_of
from pipeline.link.weights import load_weights
from pipeline.link.world import load_world
from pipeline.store import Store
from tests.pipeline.link.test_linking import contacts
from tests.pipeline.link.worlds import Stage, link

if TYPE_CHECKING:
    from pathlib import Path

HOME, AWAY = "203.0.113.57", "203.0.113.99"
A, B = "forum:pier_watch", "ig:quiet_pier"


@pytest.fixture
def world(tmp_path: Path) -> Stage:
    stage = Stage(tmp_path)
    stage.network(HOME, "fixed_isp", 53.3, -6.2)
    stage.network(AWAY, "business", 53.3, -6.2)
    stage.crowd(12)
    mail = contacts(email="tern@example.net")
    for day in range(20):
        stage.seen(A, HOME, day + 0.5, device_id="dev-1", identifiers=contacts(recovery_email="tern@example.net"))
        stage.seen(B, HOME, day + 0.6, exhibit="EX-002", device_id="dev-1", identifiers=mail)
        stage.seen(B, AWAY, day + 0.7, exhibit="EX-002")
    return stage


def told(tables: dict[str, list[dict[str, Any]]], a: str = A, b: str = B) -> dict[str, dict[str, Any]]:
    row = link(tables, a, b)
    assert row is not None
    return {r["variant"]: r for r in tables["sensitivity"] if r["link_id"] == row["link_id"]}


def test_without_a_family_the_number_is_that_of_the_other_families(world: Stage) -> None:
    tables = world.tables()
    row, found = link(tables, A, B), told(tables)
    assert row is not None
    rest = [i for i in tables["evidence_items"] if i["link_id"] == row["link_id"] and i["family"] != "device"]
    totals = {k: sum(i[f"used_{k}"] for i in rest) for k in ("unrelated", "premises", "device", "imitator")}
    shares = Alternatives()
    mixed = -np.log10(sum(getattr(shares, k) * 10.0 ** -totals[k] for k in totals))
    assert found["family:device"]["llr_mixture"] == pytest.approx(min(mixed, 4.0), abs=0.001)
    assert found["family:device"]["kept"] == (found["family:device"]["band"] == row["band"])


def test_without_an_item_the_number_is_what_the_single_point_label_rests_on(world: Stage) -> None:
    tables = world.tables()
    row, found = link(tables, A, B), told(tables)
    assert row is not None
    items = [i for i in tables["evidence_items"] if i["link_id"] == row["link_id"]]
    strong = [i["item_id"] for i in items if abs(i["used_unrelated"]) > 0.1 or i["used_premises"] > 0.1]
    assert {f"item:{name}" for name in strong} <= set(found)


def test_every_sort_of_test_is_made(world: Stage) -> None:
    found = told(world.tables())
    assert {name.partition(":")[0] for name in found} == {
        "item", "family", "exhibit", "rarity", "premises", "networks", "draws",
    }  # fmt: skip
    assert {n for n in found if n.startswith("premises:")} == {
        "premises:0.02", "premises:0.08", "premises:0.2", "premises:0.5",
    }  # fmt: skip


def test_the_declared_share_of_premises_gives_the_number_itself(world: Stage) -> None:
    tables = world.tables()
    row = link(tables, A, B)
    assert row is not None
    assert told(tables)["premises:0.08"]["llr_mixture"] == row["llr_mixture"]
    assert told(tables)["premises:0.08"]["kept"]


def test_without_the_only_exhibit_of_one_side_nothing_speaks_for_one_operator(world: Stage) -> None:
    found = told(world.tables())
    assert found["exhibit:EX-002"]["llr_mixture"] <= 0.5
    assert not found["exhibit:EX-002"]["kept"]


def test_homes_read_as_shared_networks_and_commoner_values_never_strengthen_a_shared_home(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.network(HOME, "fixed_isp")
    stage.crowd(12)
    for day in range(20):
        stage.seen(A, HOME, day + 0.5)
        stage.seen(B, HOME, day + 0.6, exhibit="EX-002")
        stage.seen("ig:third", HOME, day + 0.65, exhibit="EX-002", identifiers=contacts(phone="00353209150457"))
        stage.seen(A, None, day + 0.66, identifiers=contacts(phone="00353209150457"))
    tables = stage.tables()
    row = link(tables, A, "ig:third")
    assert row is not None
    found = told(tables, A, "ig:third")
    assert found["networks:homes_shared"]["llr_mixture"] <= row["llr_mixture"]
    assert found["rarity:x10"]["llr_mixture"] <= found["rarity:x3"]["llr_mixture"] <= row["llr_mixture"]
    assert found["rarity:/10"]["llr_mixture"] >= found["rarity:/3"]["llr_mixture"] >= row["llr_mixture"]


def test_draws_are_the_same_in_every_run_and_lie_about_the_number(world: Stage) -> None:
    one, two = told(world.tables()), told(world.tables())
    assert one == two
    assert one["draws:p05"]["llr_mixture"] < one["draws:p95"]["llr_mixture"] <= 4.0


def test_the_tests_are_the_same_however_many_items_are_summed_at_once(
    world: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = told(world.tables())
    monkeypatch.setattr(sensitivity, "_ROWS", 3)
    monkeypatch.setattr(sensitivity, "_BLOCK", 2)
    assert told(world.tables()) == whole


def test_a_link_that_says_little_and_joins_nothing_is_not_tested(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.network(HOME, "fixed_isp")
    stage.crowd(12)
    for day in range(4):
        stage.seen(A, HOME, day + 0.5)
        stage.seen(B, HOME, day + 0.6, exhibit="EX-002")
    tables = stage.tables()
    row = link(tables, A, B)
    assert row is not None
    assert abs(row["llr_mixture"]) < 1
    assert told(tables) == {}


def test_pairs_taken_apart_from_the_rest_weigh_what_they_weigh_among_them(world: Stage) -> None:
    world.tables()
    weights = load_weights()
    with Store(world.root).connect() as con:
        whole = load_world(con, 2)
    linked = weigh(whole, Alternatives(), weights)
    places = np.arange(0, len(linked.found.pairs), 2)
    found, base = narrow(linked.found, linked.base, places)
    items = gather(whole, found, base, linked.mates, weights)
    mixture = score(items, len(places), Alternatives(), weights).mixture
    assert mixture.tolist() == linked.scores.mixture[places].tolist()


def test_every_kind_of_item_has_a_declared_source() -> None:
    from pipeline.link.items import KINDS

    weights = load_weights()
    assert all(source_of(name, "fixed_isp", weights) for name in KINDS)


def test_a_number_that_hangs_on_one_finding_names_it_in_either_direction() -> None:
    weights, shares = load_weights(), Alternatives()
    for sign in (1.0, -1.0):
        used = sign * np.array([[2.5] * 4, [0.2] * 4])
        both = make_items("contact", np.zeros(2, np.int64), used, used)
        value = float(score(both, 1, shares, weights).mixture[0])
        assert decisive(both, value, shares, weights) == 0
    even = np.full((3, 4), 0.9)
    items = make_items("contact", np.zeros(3, np.int64), even, even)
    assert decisive(items, float(score(items, 1, shares, weights).mixture[0]), shares, weights) is None
