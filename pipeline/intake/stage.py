"""Intake: each exhibit checked against its digest, opened in place, and every member recognised."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from parsers.contract import Settings
from parsers.reader import StreamId
from parsers.registry import Recognition, all_formats, find_format, pinned_by, recognise, sample_of
from pipeline.case import Exhibit, Limits, load_case
from pipeline.errors import ExhibitChanged, UnknownFormat
from pipeline.evidence import map_file
from pipeline.intake.containers import Finding, Member, open_members
from pipeline.stage import Job, Stage
from pipeline.store import Store, file_sha256
from pipeline.tables import schema_of

if TYPE_CHECKING:
    from pipeline.case import Case

__all__ = ["STAGE"]

SPOOL = Path("work") / "members"


def jobs(case: Case, store: Store) -> list[Job]:  # noqa: ARG001 - one signature for all stages
    """One job per exhibit, after each was hashed anew: in every run, not only in the first.

    Raises:
        ExhibitChanged: the bytes are not those that were sealed.
    """
    formats = [[f.id, f.version] for f in all_formats()]
    limits = dataclasses.asdict(case.limits)
    return [
        Job(
            exhibit.id,
            {
                "exhibit": dataclasses.asdict(exhibit),
                "limits": limits,
                "formats": formats,
                "unreadable": _checked(case.exhibit_path(exhibit), exhibit),
            },
            weight=max(1, exhibit.size),
        )
        for exhibit in case.exhibits
    ]


def _checked(path: Path, exhibit: Exhibit) -> str | None:
    """Why an exhibit cannot be read now, or None."""
    try:
        digest = file_sha256(path)
    except OSError as error:
        return error.strerror or "unknown reason"
    if digest != exhibit.sha256:
        raise ExhibitChanged(
            f"exhibit {exhibit.id} ({exhibit.name}) is not the file that was sealed",
            next_step="run `vestigo verify`; restore the sealed copy from a backup, or add the file as a new exhibit",
            exhibit=exhibit.id,
            expected=exhibit.sha256,
            found=digest,
        )
    return None


def run(root: Path, job: Job) -> list[Path]:
    """Open and recognise one exhibit.

    Raises:
        UnknownFormat: case.toml pins a format that does not exist.
    """
    exhibit = Exhibit(**job.params["exhibit"])
    if reason := job.params["unreadable"]:
        return _write(root, exhibit, [Finding("unreadable", "", f"the exhibit cannot be read: {reason}")])
    spool = root / SPOOL
    spool.mkdir(parents=True, exist_ok=True)
    limits = Limits(**job.params["limits"])
    path = load_case(root).exhibit_path(exhibit)
    return _write(root, exhibit, list(open_members(path, exhibit.sha256, spool, limits)))


def _write(root: Path, exhibit: Exhibit, found: list[Member | Finding]) -> list[Path]:
    store = Store(root)
    members = [m for m in found if isinstance(m, Member)]
    findings = [f for f in found if isinstance(f, Finding)]
    tables = {
        "exhibits": [_exhibit_row(exhibit)],
        "members": [_member_row(exhibit, m) for m in members],
        "findings": [_finding_row(exhibit, f) for f in findings],
    }
    written = [store.write(n, exhibit.id, pa.Table.from_pylist(rows, schema_of(n))) for n, rows in tables.items()]
    spooled = {root / SPOOL / f"{m.sha256}.bin" for m in members if m.verdict == "data" and m.member_path}
    return [p.relative_to(root) for p in (*written, *sorted(spooled))]


def _exhibit_row(exhibit: Exhibit) -> dict[str, Any]:
    row = {f: getattr(exhibit, f) for f in schema_of("exhibits").names if hasattr(exhibit, f)}
    return row | {"exhibit_id": exhibit.id, "name": _visible(exhibit.name)}


def _visible(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _finding_row(exhibit: Exhibit, finding: Finding) -> dict[str, Any]:
    name = f"{exhibit.sha256}\x00{finding.member_path}\x00{finding.kind}\x00{finding.detail}"
    return {
        "finding_id": f"{exhibit.id}:{hashlib.sha256(name.encode('utf-8', 'backslashreplace')).hexdigest()[:16]}",
        "exhibit_id": exhibit.id,
        "exhibit_sha256": exhibit.sha256,
        "member_path": finding.member_path,
        "kind": finding.kind,
        "detail": finding.detail,
    }


def _member_row(exhibit: Exhibit, member: Member) -> dict[str, Any]:
    row: dict[str, Any] = {
        "exhibit_id": exhibit.id,
        "exhibit_sha256": exhibit.sha256,
        "member_path": member.member_path,
        "container": member.container,
        "depth": member.depth,
        "size": member.size,
        "sha256": member.sha256 or None,
        "verdict": member.verdict,
        "candidates": "[]",
        "timezone": exhibit.timezone,
    }
    if member.verdict != "data":
        return row
    verdict = _recognised(exhibit, member)
    row |= {"verdict": verdict.verdict, "candidates": json.dumps([list(c) for c in verdict.candidates])}
    if verdict.format_id:
        fmt = find_format(verdict.format_id)
        stream = StreamId(exhibit.sha256, member.member_path, fmt.id, fmt.version)
        row |= {"stream_id": stream.short, "format_id": fmt.id, "format_version": fmt.version, "tier": fmt.tier}
        row["verdict"] = "pinned" if exhibit.format or _selected(exhibit) else "recognised"
    return row


def _selected(exhibit: Exhibit) -> str | None:
    return pinned_by(Settings(column_map={} if exhibit.map else None, options=exhibit.options))


def _recognised(exhibit: Exhibit, member: Member) -> Recognition:
    pinned = exhibit.format or _selected(exhibit)
    if pinned is None:
        return recognise(sample_of(map_file(member.data)))
    try:
        find_format(pinned)
    except KeyError as error:
        raise UnknownFormat(
            f"exhibit {exhibit.id} pins format {pinned!r}, which does not exist",
            next_step="run `vestigo formats` for the list",
            format=pinned,
        ) from error
    return Recognition("recognised" if member.size else "empty", pinned if member.size else None, ((pinned, 100),))


STAGE = Stage(
    name="intake",
    version=2,
    title="Opening exhibits",
    needs=(),
    makes=("exhibits", "members", "findings"),
    jobs=jobs,
    run=run,
    partitioned=True,
)
