"""Report: one HTML file from the tables."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.case import load_case
from pipeline.report.render import render
from pipeline.stage import Job, Stage
from pipeline.store import Store, write_atomic
from pipeline.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.case import Case
    from pipeline.overrides import Override

__all__ = ["REPORT", "report_stage"]

REPORT = Path("reports") / "report.html"
_VERSION = 5


def report_stage(model: Callable[[Sequence[Override]], dict[str, list[dict[str, Any]]]]) -> Stage:
    """The report stage; `model` tells the weights it prints from what the case overrides (stages do not import)."""

    def jobs(case: Case, store: Store) -> list[Job]:  # noqa: ARG001 - one signature for all stages
        case_values = {f.name: _plain(getattr(case, f.name)) for f in dataclasses.fields(case) if f.name != "root"}
        return [Job("report", {"case": case_values, **model(case.model)})]

    return Stage(
        name="report", version=_VERSION, title="Writing the report", needs=tuple(TABLES), makes=(), jobs=jobs, run=run
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - any part of a case
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else value


def run(root: Path, job: Job) -> list[Path]:
    """Write the report."""
    page = render(load_case(root), Store(root), job.params["weights"], job.params["overrides"])
    write_atomic(root / REPORT, page)
    return [REPORT]
