"""Enrich: every distinct address of the case looked up once, offline, in every database at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.enrich.embedded import embedded_digest
from pipeline.enrich.lookup import Database, enrich
from pipeline.errors import CaseError
from pipeline.stage import Job, Stage
from pipeline.store import Store, file_sha256

if TYPE_CHECKING:
    from pipeline.case import Case

__all__ = ["STAGE", "case_databases"]

_ADDRESSES = """
SELECT DISTINCT ip FROM (
  SELECT source_ip AS ip FROM events UNION ALL SELECT destination_ip FROM events
  UNION ALL SELECT attested_ip FROM events
  UNION ALL SELECT unnest(claimed_ips) FROM events UNION ALL SELECT unnest(hops).ip FROM events
) WHERE ip IS NOT NULL ORDER BY ip
"""


def case_databases(case: Case) -> list[Database]:
    """The databases that case.toml plugs in.

    Raises:
        CaseError: a file is not there.
    """
    out = []
    for entry in case.databases:
        path = case.root / entry.path
        if not path.is_file():
            raise CaseError(
                f"database {entry.path} is not there",
                next_step="correct [[database]] path in case.toml",
                path=entry.path,
            )
        out.append(Database(path, entry.name or Path(entry.path).name, file_sha256(path), entry.overrides_special))
    return out


def jobs(case: Case, store: Store) -> list[Job]:  # noqa: ARG001 - one signature for all stages
    """One job: distinct addresses are few, and the work is columnar."""
    databases = [
        [e.path, d.name, d.sha256, d.overrides_special]
        for e, d in zip(case.databases, case_databases(case), strict=True)
    ]
    return [Job("all", {"databases": databases, "embedded": embedded_digest()})]


def run(root: Path, job: Job) -> list[Path]:
    """Look up all addresses of all events."""
    store = Store(root)
    databases = [Database(root / path, name, digest, over) for path, name, digest, over in job.params["databases"]]
    with store.connect() as con:
        addresses = con.sql(_ADDRESSES).to_arrow_table()["ip"].combine_chunks()
    return [store.write("addresses", "all", enrich(addresses, databases)).relative_to(root)]


STAGE = Stage(
    name="enrich", version=1, title="Looking up addresses", needs=("events",), makes=("addresses",), jobs=jobs, run=run
)
