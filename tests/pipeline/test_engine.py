"""Order, keys, resuming, and the same bytes from any pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from pipeline.case import Case, CaseInfo
from pipeline.engine import RunOptions, order, run_stages
from pipeline.errors import UsageError
from pipeline.stage import Job, Stage
from pipeline.store import Store, file_sha256
from pipeline.tables import schema_of

if TYPE_CHECKING:
    from pathlib import Path


def _texts(case: Case, store: Store) -> list[Job]:  # noqa: ARG001
    return [Job(f"p{n}", {"n": n}, pool="processes", weight=16 << 20) for n in range(3)]


def _write_texts(root: Path, job: Job) -> list[Path]:
    row = {"text_id": f"t{job.params['n']}", "event_id": "e", "exhibit_sha256": "x", "kind": "k", "text": "one\ntwo"}
    path = Store(root).write("texts", job.part, pa.Table.from_pylist([row], schema_of("texts")))
    return [path.relative_to(root)]


def _one(case: Case, store: Store) -> list[Job]:  # noqa: ARG001
    return [Job("all", {})]


def _write_suppressed(root: Path, job: Job) -> list[Path]:
    rows = [
        {"identifier_type": "t", "identifier": i, "n_accounts": 1, "reason": "r"}
        for i in Store(root).read("texts")["text_id"].to_pylist()
    ]
    path = Store(root).write("suppressed", job.part, pa.Table.from_pylist(rows, schema_of("suppressed")))
    return [path.relative_to(root)]


TEXTS = Stage(
    name="a", version=1, title="A", needs=(), makes=("texts",), jobs=_texts, run=_write_texts, partitioned=True
)
AFTER = Stage(name="b", version=1, title="B", needs=("texts",), makes=("suppressed",), jobs=_one, run=_write_suppressed)


def _run(root: Path, *, workers: int = 1, scheduler: str | None = None) -> dict[str, tuple[int, int]]:
    done: dict[str, tuple[int, int]] = {}
    run_stages(
        Case(root=root, info=CaseInfo(id="A")),
        order([AFTER, TEXTS]),
        RunOptions(workers=workers, scheduler=scheduler),
        on_progress=lambda *_: None,
        on_stage=lambda r: done.update({r.stage: (r.jobs, r.done_now)}),
    )
    return done


def _digests(root: Path) -> dict[str, str]:
    return {p.relative_to(root).as_posix(): file_sha256(p) for p in sorted((root / "tables").rglob("*.parquet"))}


def test_stages_run_in_the_order_their_tables_ask_for() -> None:
    assert [s.name for s in order([AFTER, TEXTS])] == ["a", "b"]


def test_a_table_that_nobody_makes_is_an_error() -> None:
    with pytest.raises(UsageError, match="texts"):
        order([AFTER])


def test_a_second_run_does_nothing_again(tmp_path: Path) -> None:
    assert _run(tmp_path) == {"a": (3, 3), "b": (1, 1)}
    assert _run(tmp_path) == {"a": (3, 0), "b": (1, 0)}


def test_one_lost_part_is_made_again_and_nothing_else(tmp_path: Path) -> None:
    _run(tmp_path)
    before = _digests(tmp_path)
    (tmp_path / "tables" / "texts" / "p1.parquet").unlink()
    assert _run(tmp_path) == {"a": (3, 1), "b": (1, 0)}
    assert _digests(tmp_path) == before


def test_a_changed_part_is_made_again(tmp_path: Path) -> None:
    _run(tmp_path)
    before = _digests(tmp_path)
    (tmp_path / "tables" / "texts" / "p1.parquet").write_bytes(b"tampered")
    _run(tmp_path)
    assert _digests(tmp_path) == before


def test_parts_that_no_job_wrote_are_removed(tmp_path: Path) -> None:
    _run(tmp_path)
    stale = tmp_path / "tables" / "texts" / "old.parquet"
    stale.write_bytes((tmp_path / "tables" / "texts" / "p1.parquet").read_bytes())
    _run(tmp_path)
    assert not stale.exists()


def test_threads_processes_and_one_worker_give_the_same_bytes(tmp_path: Path) -> None:
    _run(tmp_path / "one")
    _run(tmp_path / "two", workers=2)
    assert _digests(tmp_path / "one") == _digests(tmp_path / "two")


def test_a_running_scheduler_gives_the_same_bytes(tmp_path: Path) -> None:
    from distributed import LocalCluster

    _run(tmp_path / "one")
    with LocalCluster(
        n_workers=1, processes=False, dashboard_address=None, host="127.0.0.1", protocol="tcp://"
    ) as cluster:
        _run(tmp_path / "two", scheduler=cluster.scheduler_address)
    assert _digests(tmp_path / "one") == _digests(tmp_path / "two")


def test_a_scheduler_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"tcp://127\.0\.0\.1:1"):
        _run(tmp_path, scheduler="tcp://127.0.0.1:1")
