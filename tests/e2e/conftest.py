"""One run of the sample case, shared by the end-to-end tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.demo import run_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(__file__).parents[2] / "sample_data" / "cases" / "harbour-lane"


@pytest.fixture(scope="session")
def demo_case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample case after a full run."""
    folder = tmp_path_factory.mktemp("harbour")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VESTIGO_KEY_DIR", str(folder / "keys"))
        assert run_demo(folder / "case", 2) == 0
        yield folder / "case"
