"""The script that builds the embedded data: ranges to runs."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture(scope="module")
def build() -> ModuleType:
    path = Path(__file__).parents[3] / "scripts" / "build_reference.py"
    spec = importlib.util.spec_from_file_location("build_reference", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_neighbours_of_one_value_are_joined_and_gaps_are_stated(build: ModuleType) -> None:
    rows = [(10, 19, "A"), (20, 29, "A"), (30, 30, "B"), (40, 49, "B")]
    assert build.runs(rows, 99) == ([(0, None), (10, "A"), (30, "B"), (31, None), (40, "B"), (50, None)], 0)


def test_ranges_that_touch_both_ends_leave_no_gap_there(build: ModuleType) -> None:
    assert build.runs([(0, 4, "A"), (5, 9, "B")], 9) == ([(0, "A"), (5, "B")], 0)


def test_of_two_overlapping_ranges_the_later_start_holds_and_the_overlap_is_counted(build: ModuleType) -> None:
    assert build.runs([(0, 9, "A"), (8, 15, "B")], 99) == ([(0, "A"), (8, "B"), (16, None)], 1)


def test_archives_other_than_the_declared_ones_are_refused(build: ModuleType, tmp_path: Path) -> None:
    package = build.PACKAGES["asn"]
    (tmp_path / package.archive).write_bytes(b"something else")
    with pytest.raises(SystemExit, match="SHA-256"):
        build.unpack(tmp_path, package, "asn-ipv4-num.csv")
