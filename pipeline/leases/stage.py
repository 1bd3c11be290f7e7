"""Leases: who held which address and ports when, joined from interval records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.leases.joining import lease_tables
from pipeline.stage import Job, Stage
from pipeline.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.case import Case

__all__ = ["STAGE"]


def _jobs(case: Case, store: Store) -> list[Job]:  # noqa: ARG001 - one signature for all stages
    return [Job("all", {})]


def _run(root: Path, job: Job) -> list[Path]:  # noqa: ARG001
    store = Store(root)
    with store.connect() as con:
        return [
            store.write("leases", f"{number:05d}", table, ordered=True).relative_to(root)
            for number, table in enumerate(lease_tables(con))
        ]


STAGE = Stage(
    name="leases",
    version=1,
    title="Joining leases",
    needs=("events", "exhibits"),
    makes=("leases",),
    jobs=_jobs,
    run=_run,
)
