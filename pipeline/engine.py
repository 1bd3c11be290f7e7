"""Runs stages: order from needs and makes, jobs on Dask, nothing done twice.

A job's key is the digest of everything its result depends on. When `work/keys/<key>.json` exists and the files it
lists still have the digests it lists, the job is done; a killed run therefore resumes where it was and ends with the
same bytes. Dask runs the jobs on this machine (threads, or processes for pure-Python readers) or, given
``tcp://host:port``, on a cluster that sees the same case folder.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.store import Store, file_sha256, write_atomic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pipeline.case import Case
    from pipeline.stage import Job, Stage

__all__ = ["RunOptions", "StageResult", "order", "run_stages"]

_PROCESS_BYTES = 16 << 20  # below this, starting worker processes costs more than it saves


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How to run: local workers, or the address of a Dask scheduler."""

    workers: int = 2
    scheduler: str | None = None


@dataclass(frozen=True, slots=True)
class StageResult:
    """What a stage did: jobs in all, jobs done now, and the files with their digests (relative path -> SHA-256)."""

    stage: str
    jobs: int
    done_now: int
    outputs: dict[str, str]


def order(stages: Sequence[Stage]) -> list[Stage]:
    """Stages in an order in which every table is made before it is needed.

    Raises:
        UsageError: a needed table is made by no stage, or stages need each other.
    """
    waiting = list(stages)
    makers = {table for stage in stages for table in stage.makes}
    ordered: list[Stage] = []
    made: set[str] = set()
    while waiting:
        ready = [s for s in waiting if all(t in made for t in s.needs)]
        if not ready:
            missing = sorted({t for s in waiting for t in s.needs} - makers)
            raise UsageError(
                f"no order of stages: {missing or [s.name for s in waiting]}", next_step="mend the file in dags/"
            )
        ordered.append(ready[0])
        waiting.remove(ready[0])
        made.update(ready[0].makes)
    return ordered


def run_stages(
    case: Case,
    stages: Iterable[Stage],
    options: RunOptions,
    *,
    on_progress: Callable[[str, int, int], None],
    on_stage: Callable[[StageResult], None],
) -> None:
    """Run stages in order. `on_progress(title, done, total)` counts bytes or jobs; `on_stage` sees each result."""
    store = Store(case.root)
    for stage in stages:
        on_stage(_run_stage(case, store, stage, options, on_progress))


def _run_stage(
    case: Case, store: Store, stage: Stage, options: RunOptions, on_progress: Callable[[str, int, int], None]
) -> StageResult:
    jobs = stage.jobs(case, store)
    inputs = "" if stage.partitioned else _digest({t: _table_digest(store, t) for t in stage.needs})
    keyed = [(_key(stage, job, inputs), job) for job in jobs]
    outputs: dict[str, str] = {}
    todo: list[tuple[str, Job]] = []
    for key, job in keyed:
        known = _known_outputs(case.root, key)
        if known is None:
            todo.append((key, job))
        else:
            outputs.update(known)
    total = sum(job.weight for job in jobs)
    done = total - sum(job.weight for _, job in todo)
    on_progress(stage.title, done, total)
    for weight, written in _compute(case.root, stage, todo, options):
        outputs.update(written)
        done += weight
        on_progress(stage.title, done, total)
    _drop_stale(store, stage, outputs)
    return StageResult(stage.name, len(jobs), len(todo), dict(sorted(outputs.items())))


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _key(stage: Stage, job: Job, inputs: str) -> str:
    return _digest([stage.name, stage.version, job.part, dict(job.params), inputs])


def _table_digest(store: Store, table: str) -> dict[str, str]:
    return {path.name: file_sha256(path) for path in store.parts(table)}


def _known_outputs(root: Path, key: str) -> dict[str, str] | None:
    manifest = root / "work" / "keys" / f"{key}.json"
    if not manifest.is_file():
        return None
    listed: dict[str, str] = json.loads(manifest.read_bytes())
    intact = all((root / p).is_file() and file_sha256(root / p) == digest for p, digest in listed.items())
    return listed if intact else None


def do_job(root: Path, stage: Stage, key: str, job: Job) -> tuple[int, dict[str, str]]:
    """Run one job and record what it wrote under its key."""
    written = {p.as_posix(): file_sha256(root / p) for p in stage.run(root, job)}
    write_atomic(root / "work" / "keys" / f"{key}.json", json.dumps(written, sort_keys=True).encode())
    return job.weight, written


def _compute(
    root: Path, stage: Stage, todo: list[tuple[str, Job]], options: RunOptions
) -> Iterable[tuple[int, dict[str, str]]]:
    if not todo:
        return
    if options.scheduler:
        yield from _on_cluster(root, stage, todo, options.scheduler)
        return
    for pool in ("threads", "processes"):
        group = [(key, job) for key, job in todo if job.pool == pool]
        worth_it = pool == "processes" and sum(job.weight for _, job in group) >= _PROCESS_BYTES
        yield from _on_this_machine(root, stage, group, options.workers, "processes" if worth_it else "threads")


def _on_this_machine(
    root: Path, stage: Stage, group: list[tuple[str, Job]], workers: int, pool: str
) -> Iterable[tuple[int, dict[str, str]]]:
    import dask

    step = max(1, workers) * 4  # so that a bar moves and a stopped run has saved most of its work
    scheduler = "synchronous" if workers <= 1 else pool
    with dask.config.set({"multiprocessing.context": "forkserver"}):
        for start in range(0, len(group), step):
            tasks = [
                dask.delayed(do_job, pure=False)(root, stage, key, job, dask_key_name=f"{stage.name}-{key}")
                for key, job in group[start : start + step]
            ]
            yield from dask.compute(*tasks, scheduler=scheduler, num_workers=max(1, workers), optimize_graph=False)


def _on_cluster(
    root: Path, stage: Stage, todo: list[tuple[str, Job]], address: str
) -> Iterable[tuple[int, dict[str, str]]]:
    from distributed import Client, as_completed

    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {address}", next_step="start one, or leave --scheduler out"
        ) from error
    with client:
        futures = [
            client.submit(do_job, root, stage, key, job, key=f"{stage.name}-{key}", pure=False) for key, job in todo
        ]
        for future in as_completed(futures):
            result: Any = future.result()
            yield result


def _drop_stale(store: Store, stage: Stage, outputs: dict[str, str]) -> None:
    for table in stage.makes:
        for path in store.parts(table):
            if path.relative_to(store.root).as_posix() not in outputs:
                path.unlink()
        for left in store.folder(table).glob(".*.tmp"):
            left.unlink()
