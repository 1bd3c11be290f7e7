"""What a link rests on, as the page receives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.report import wording
from pipeline.report.attribution import load_attribution
from pipeline.report.explanation import explained
from tests.pipeline.report.synthetic import make_case

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


@pytest.fixture
def told(tmp_path: Path) -> dict[str, dict[str, Any]]:
    case, store = make_case(tmp_path / "case")
    return explained(store, load_attribution(store, 2.0).links, case.weights)


def test_steps_lead_from_everything_added_up_to_the_number(told: dict[str, dict[str, Any]]) -> None:
    steps = told["L1"]["steps"]
    assert steps[0][0] == "82 records are 2 findings, added up at full value"
    assert steps[-1][2] == 2.8
    assert len(steps) == 6


def test_tests_are_told_by_sort_weakest_first_and_single_findings_are_named_on_the_page(
    told: dict[str, dict[str, Any]],
) -> None:
    tests = told["L1"]["tests"]
    assert [test[0] for test in tests[:4]] == ["item:I1", "item:I2", "family:device", "family:network"]
    assert tests[0][1:] == [None, 0.6, False]
    assert tests[4][1] == "without exhibit E1"


def test_a_link_that_was_not_tested_has_no_tests_and_no_paths(told: dict[str, dict[str, Any]]) -> None:
    assert told["L2"]["tests"] == []
    assert told["L2"]["paths"] == []


def test_paths_name_their_edges_and_the_weakest(told: dict[str, dict[str, Any]]) -> None:
    (path,) = told["L1"]["paths"]
    assert [hop["words"] for hop in path["hops"]] == ["observed on", "observed on"]
    assert path["weakest"] == "E-5"


def test_every_sort_of_test_has_words_and_a_place() -> None:
    names = [
        "item:L-1-01", "family:device", "exhibit:EX-001", "rarity:x3", "rarity:/10", "premises:0.02",
        "networks:homes_shared", "draws:p05", "draws:p95",
    ]  # fmt: skip
    assert sorted(names, key=wording.variant_order) == names
    for name in names:
        assert wording.variant(name, {"L-1-01": "both used one network"}) != name
