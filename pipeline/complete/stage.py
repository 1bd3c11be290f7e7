"""Completeness: one table of what is missing, unread or not understood, per exhibit and member."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.case import load_case
from pipeline.complete.manifest import manifest_rows
from pipeline.complete.media import find_media
from pipeline.complete.periods import period_rows
from pipeline.complete.repeats import repeated_records
from pipeline.complete.rows import KINDS, table_rows
from pipeline.complete.series import PAGED, id_rows, page_numbers, page_rows, part_rows
from pipeline.evidence import member_file
from pipeline.stage import Job, Stage
from pipeline.store import Store
from pipeline.tables import schema_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipeline.case import Case

__all__ = ["STAGE", "completeness"]

_PLACES = {kind: number for number, kind in enumerate(KINDS)}


def completeness(case: Case, store: Store) -> dict[str, pa.Table]:
    """The tables of a case whose members have been read."""

    def place(exhibit_sha256: str, member_path: str) -> Path:
        return member_file(case, exhibit_sha256, member_path)

    with store.connect() as con:
        media, lost, known = find_media(con, place)
        repeats = repeated_records(con)
        rows = [
            r for r in table_rows(con) if r["kind"] != "unclaimed" or (r["exhibit_id"], r["member_path"]) not in known
        ]
        rows += [*lost, *period_rows(con), *part_rows(con), *id_rows(con), *manifest_rows(con)]
    rows += [*_unlinked(media), *_pages(store, place)]
    return {
        "completeness": pa.Table.from_pylist([_row(r) for r in rows], schema_of("completeness")),
        "repeats": repeats,
        "media": pa.Table.from_pylist(media, schema_of("media")),
    }


def _unlinked(media: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in media:
        if not row["n_events"]:
            about = {n: row[n] for n in ("exhibit_id", "exhibit_sha256", "member_path")}
            yield about | {"kind": "media_unlinked", "subject": row["media_type"], "n": row["size"]}


def _pages(store: Store, place: Callable[[str, str], Path]) -> Iterator[dict[str, Any]]:
    for member in store.read("members").to_pylist():
        if member["format_id"] in PAGED:
            about = {n: member[n] for n in ("exhibit_id", "exhibit_sha256", "member_path", "format_id")}
            yield from page_rows(about, page_numbers(place(member["exhibit_sha256"], member["member_path"])))


def _row(row: dict[str, Any]) -> dict[str, Any]:
    named = (row["exhibit_id"], row["member_path"], row.get("subject"), row.get("format_id"), row.get("detail"))
    digest = hashlib.sha256("\0".join(str(n) for n in named).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    name = f"{row['exhibit_id']}:{_PLACES[row['kind']]:02d}:{digest}"
    return row | {"row_id": name, "says": KINDS[row["kind"]]}


def _jobs(case: Case, store: Store) -> list[Job]:  # noqa: ARG001 - one signature for all stages
    return [Job("all", {"kinds": KINDS})]


def _run(root: Path, job: Job) -> list[Path]:  # noqa: ARG001
    store = Store(root)
    tables = completeness(load_case(root), store)
    return [store.write(name, "all", table).relative_to(root) for name, table in tables.items()]


STAGE = Stage(
    name="completeness",
    version=1,
    title="Counting what is missing",
    needs=("exhibits", "members", "findings", "events", "texts", "rejects", "accounting"),
    makes=("completeness", "media", "repeats"),
    jobs=_jobs,
    run=_run,
)
