"""VALIDATION.md says what this checkout does."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_validation", ROOT / "scripts" / "write_validation.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_script_writes(script: ModuleType) -> None:
    stated = (ROOT / "VALIDATION.md").read_text("utf-8")
    assert script.page() == stated, "run: python scripts/write_validation.py"


def test_every_format_has_a_row_whose_golden_is_equal_in_every_file(script: ModuleType) -> None:
    rows = script.rows()
    assert {row.format_id for row in rows} == {fmt.id for fmt in script.all_formats()}
    assert [row.format_id for row in rows if not row.exact] == []


def test_every_test_the_page_names_exists(script: ModuleType) -> None:
    assert script.missing_tests() == []
