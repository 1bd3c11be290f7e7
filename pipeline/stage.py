"""What a stage is: a pure step from tables (and evidence) to tables.

A stage declares what it needs and makes; `pipeline.engine` orders stages from that. A stage is cut into jobs. A job
is a name, plain parameters and nothing else, so that it pickles to any worker; its key is the digest of
(stage, version, job, parameters, digests of its inputs), and a job whose key has been done is not done again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pipeline.case import Case
    from pipeline.store import Store

__all__ = ["Job", "Stage"]


class Job(NamedTuple):
    """One unit of work of a stage.

    Attributes:
        part: Name of the table parts it writes; the same in every run.
        params: Plain JSON values; everything the result depends on besides the stage's input tables.
        pool: ``processes`` for work that holds Python's lock for long.
        weight: Bytes of evidence it reads, for the progress bar and the choice of pool.
    """

    part: str
    params: Mapping[str, Any]
    pool: Literal["threads", "processes"] = "threads"
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of a run.

    Attributes:
        needs: Tables it reads.
        makes: Tables it writes; parts of these that no job wrote are removed afterwards.
        jobs: Which jobs there are, from the case and the tables it needs.
        run: Does one job and returns the files it wrote, relative to the case folder. Module-level, so it pickles.
        partitioned: True when a job depends on its own parameters only, not on the digests of the needed tables.
    """

    name: str
    version: int
    title: str
    needs: tuple[str, ...]
    makes: tuple[str, ...]
    jobs: Callable[[Case, Store], list[Job]]
    run: Callable[[Path, Job], list[Path]]
    partitioned: bool = False
