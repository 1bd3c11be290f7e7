"""`vestigo why`: why two accounts are linked or not, for any pair of the case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from click.testing import CliRunner

from pipeline.case import Alternatives
from pipeline.cli import main
from pipeline.errors import UsageError
from pipeline.link.graph import graph_rows
from pipeline.link.weights import load_weights
from pipeline.link.why import pair_facts
from pipeline.link.world import load_world
from pipeline.store import Store
from pipeline.tables import schema_of
from pipeline.waterfall import waterfall
from pipeline.why import named, why_text, why_view
from tests.pipeline.link.test_linking import contacts
from tests.pipeline.link.worlds import Stage

if TYPE_CHECKING:
    from typing import Any

HOME = "203.0.113.57"
A, B, C = "forum:pier_watch", "ig:quiet_pier", "ig:far_away"
CASE = """[case]
id = "WHY-1"
title = "why"
timezone = "UTC"
"""


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    made = Stage(tmp_path)
    (tmp_path / "case.toml").write_text(CASE)
    made.network(HOME, "fixed_isp", 53.3, -6.2)
    made.network("192.0.2.9", "fixed_isp", 55.9, -3.2)
    made.crowd(12)
    mail = contacts(email="tern@example.net")
    for day in range(20):
        made.seen(A, HOME, day + 0.5, device_id="dev-1", identifiers=contacts(recovery_email="tern@example.net"))
        made.seen(B, HOME, day + 0.6, exhibit="EX-002", device_id="dev-1", identifiers=mail)
        made.seen(C, "192.0.2.9", day + 0.5001, device_id="dev-7")
    return made


def facts(stage: Stage, a: str, b: str) -> dict[str, Any]:
    stage.tables()
    with Store(stage.root).connect() as con:
        world = load_world(con, 2)
    return pair_facts(world, Alternatives(), load_weights(), (a, b))


def test_a_pair_of_the_run_is_told_with_the_numbers_of_the_run(stage: Stage) -> None:
    row = next(r for r in stage.tables()["links"] if (r["account_a"], r["account_b"]) == (A, B))
    found = facts(stage, B, A)
    assert found["scored"]
    assert found["link"] == row
    assert found["group"][A] == [A, B]
    assert found["chain"] == [{"account_a": A, "account_b": B, "llr_mixture": row["llr_mixture"]}]


def test_a_pair_that_nothing_suggested_is_weighed_on_request(stage: Stage) -> None:
    found = facts(stage, A, C)
    assert not found["scored"]
    assert found["link"]["decision"] in {"insufficient", "not_merged", "contradicted"}
    assert [i["kind"] for i in found["items"] if i["used_unrelated"] > 0.5] == []
    assert "a network that both used within 24 hours of each other: none among 1 and 1" in found["link"]["searched"]


def test_what_was_searched_and_not_found_is_told_with_its_opportunities(stage: Stage) -> None:
    searched = " ".join(facts(stage, A, "forum:crowd03zq")["link"]["searched"])
    assert "use within one minute on different devices" in searched
    searched = facts(stage, A, C)["link"]["searched"]
    assert "a common device id, cookie or advertising id: none among 1 and 1" in searched


def test_a_pair_with_nothing_in_common_has_no_items_and_says_so(stage: Stage) -> None:
    stage.seen("tide:silent", None, 3.0)
    stage.tables()
    text = why_text(stage.root, ("tide:silent", C))
    assert "Nothing was found that both accounts have" in text or "Findings" in text
    assert "no timed address for tide:silent" in text


def test_the_text_names_weakest_alternative_sources_steps_and_limits(stage: Stage) -> None:
    stage.tables()
    text = why_text(stage.root, (A, B))
    assert "Weakest against: another person who uses the same device" in text
    assert "vestigo explain EX-00" in text
    assert "both accounts show the same device id dev-1" in text
    assert "findings, added up at full value" in text
    assert "every home network read as one that strangers share" in text
    assert "It is not a person" in text
    assert "Why not" not in text


def test_the_text_of_a_pair_left_apart_says_why_not(stage: Stage) -> None:
    stage.tables()
    text = why_text(stage.root, (A, C))
    assert "Why not" in text
    assert "is below the threshold of this case" in text
    assert "weighed because you asked" in text


def test_the_json_has_the_same_fields_for_every_pair(stage: Stage) -> None:
    stage.tables()
    one, two = (json.loads(why_text(stage.root, pair, as_json=True)) for pair in ((A, B), (A, C)))
    assert set(one) == set(two)
    assert set(one["llr"]) == {"mixture", "unrelated", "premises", "device", "imitator"}
    assert one["items"][0]["first_event"]
    assert one["items"][0]["exhibits"] == ["EX-001", "EX-002"]
    assert one["accounts"] == [A, B]


def test_the_steps_end_at_the_reported_number(stage: Stage) -> None:
    stage.tables()
    view = why_view(stage.root, (A, B))
    assert view["waterfall"][-1]["total"] == pytest.approx(view["llr"]["mixture"], abs=0.001)
    assert view["waterfall"][3]["total"] == pytest.approx(view["llr"]["unrelated"], abs=0.001)


def test_steps_tell_repeats_caps_and_contrary_findings_apart() -> None:
    link = {"llr_unrelated": 3.2, "llr_premises": 1.0, "llr_device": 1.0, "llr_imitator": 3.2, "llr_mixture": 2.0}
    rows = [
        {"raw_unrelated": 4.0, "used_unrelated": 4.0, "discounts": [], "n_raw_events": 10},
        {"raw_unrelated": 2.0, "used_unrelated": 0.2, "discounts": ["network no. 2: x0.25"], "n_raw_events": 5},
        {"raw_unrelated": 3.0, "used_unrelated": 0.0, "discounts": ["capped at 1.0"], "n_raw_events": None},
        {"raw_unrelated": -1.5, "used_unrelated": -1.0, "discounts": [], "n_raw_events": 2},
    ]
    steps = waterfall(link, rows, Alternatives())
    assert [s.change for s in steps[:4]] == [9.0, -1.8, -3.0, -1.0]
    assert steps[0].words == "15 records are 3 findings, added up at full value"
    assert steps[-1].total == 2.0


def test_an_unknown_account_is_an_error_that_gives_near_names(stage: Stage) -> None:
    stage.tables()
    with pytest.raises(UsageError) as error:
        why_view(stage.root, ("ig:quiet_peer", A))
    assert "ig:quiet_pier" in error.value.next_step


def test_an_account_is_known_by_its_login_when_only_one_has_it() -> None:
    assert named(["ig:tern", "x:gull"], "gull") == "x:gull"
    with pytest.raises(UsageError):
        named(["ig:tern", "x:tern"], "tern")


def test_one_account_twice_is_an_error(stage: Stage) -> None:
    stage.tables()
    with pytest.raises(UsageError, match="both names are"):
        why_view(stage.root, (A, "pier_watch"))


def test_hostile_names_cannot_steer_the_terminal(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    (tmp_path / "case.toml").write_text(CASE)
    for day in range(3):
        stage.seen("forum:a\x1b[31m", HOME, day + 0.5)
        stage.seen("ig:b\u202e", HOME, day + 0.6)
    stage.tables()
    text = why_text(tmp_path, ("forum:a\x1b[31m", "ig:b\u202e"))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_paths_are_added_when_asked_for(stage: Stage) -> None:
    stage.tables()
    with Store(stage.root).connect() as con:
        nodes, edges = graph_rows(con, [])
    for name, rows in (("nodes", nodes), ("edges", edges)):
        stage_table = pa.Table.from_pylist(rows, schema_of(name))
        Store(stage.root).write(name, "all", stage_table)
    text = why_text(stage.root, (A, B), paths=3)
    assert "structure of the collected data, not proof of contact" in text
    assert f"{A} -> device:dev-1   used device, 2 have it" in text
    assert "How they are connected" not in why_text(stage.root, (A, B))
    view = json.loads(why_text(stage.root, (A, B), as_json=True, paths=1))
    assert [hop["target"] for hop in view["paths"][0]["hops"]][-1] == f"account:{B}"


def test_what_a_provider_states_of_the_pair_stands_apart_from_the_numbers(stage: Stage) -> None:
    stage.tables()
    edge = {
        "edge_id": "E-1", "source": f"account:{B}", "target": f"account:{A}", "edge_type": "provider_link",
        "n_events": 2, "event_ids": ["EX-001:000001"], "attributes": '{"stated_bases": ["cookie"]}',
    }  # fmt: skip
    before = why_view(stage.root, (A, B))
    Store(stage.root).write("edges", "all", pa.Table.from_pylist([edge], schema_of("edges")))
    view = why_view(stage.root, (A, B))
    assert view["stated_by_providers"] == [
        {"edge_id": "E-1", "records": 2, "bases": ["cookie"], "event_ids": ["EX-001:000001"]}
    ]
    assert view["llr"] == before["llr"]
    assert "Stated by a provider" in why_text(stage.root, (A, B))


def test_the_command_prints_lines_or_json(stage: Stage) -> None:
    stage.tables()
    runner = CliRunner()
    text = runner.invoke(main, ["why", A, B, "--case", str(stage.root)])
    assert text.exit_code == 0
    assert text.output.startswith(f"{A}  and  {B}")
    found = runner.invoke(main, ["why", B, A, "--json", "--case", str(stage.root)])
    assert json.loads(found.output)["accounts"] == [A, B]
    unknown = runner.invoke(main, ["why", A, "ig:nobody", "--case", str(stage.root)])
    assert unknown.exit_code == 2
    assert "near:" in unknown.output


def test_every_field_of_the_json_is_described(stage: Stage) -> None:
    stage.tables()
    described = (Path(__file__).parents[3] / "docs" / "why.md").read_text("utf-8")
    assert [name for name in [*why_view(stage.root, (A, B)), "paths"] if f"`{name}`" not in described] == []
