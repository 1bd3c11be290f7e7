"""`vestigo parse`: one file or archive to JSON lines, with byte accounting; no case needed."""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from parsers.contract import Settings, Source
from parsers.kit.time import ZoneUnknown, zone
from parsers.mixed import read_member
from parsers.reader import PARSER_FAULTS, Accounting, StreamId, event_records, faulty_batch
from parsers.registry import Recognition, find_format, pinned_by, recognise, sample_of
from pipeline.case import Limits
from pipeline.errors import UnknownFormat, UsageError
from pipeline.evidence import map_file
from pipeline.intake.containers import Finding, Member, open_members
from pipeline.manage import parse_options
from pipeline.parse.stage import check_format_string, load_map
from pipeline.store import file_sha256, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parsers.reader import Batch

__all__ = ["parse_file"]

_MANY = 0.05  # share of rejected bytes above which the exit code says so


def parse_file(
    path: Path,
    *,
    format_id: str | None = None,
    timezone: str | None = None,
    acquired_at: str | None = None,
    date_order: str | None = None,
    column_map: Path | None = None,
    options: tuple[str, ...] = (),
    accounting: Path | None = None,
) -> int:
    """Print the events of a file to standard output.

    Returns:
        0, or 1 when more than 5 % of the bytes were rejected.

    Raises:
        UsageError: an option does not hold, or the file cannot be read.
    """
    settings = _settings(timezone, acquired_at, date_order, column_map, options)
    pinned = format_id or pinned_by(settings)
    _check_format(pinned)
    report, exhibit = _Report(), _digest(path)
    with tempfile.TemporaryDirectory(prefix="vestigo-") as spool:
        for found in open_members(path, exhibit, Path(spool), Limits()):
            if isinstance(found, Finding):
                report.findings.append(dataclasses.asdict(found))
            else:
                _read_member(found, exhibit, pinned, settings, report, sys.stdout.buffer)
    if accounting:
        write_atomic(
            accounting.resolve(),
            json.dumps(report.as_json(), indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace"),
        )
    report.complain()
    total = report.total
    return 1 if total.bytes_in and total.bytes_rejected / total.bytes_in > _MANY else 0


def _digest(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError as error:
        raise UsageError(
            f"cannot read {path}: {error.strerror}", next_step="check the path and its permissions"
        ) from error


def _check_format(format_id: str | None) -> None:
    if format_id is None:
        return
    try:
        find_format(format_id)
    except KeyError as error:
        raise UnknownFormat(
            f"there is no format {format_id!r}", next_step="run `vestigo formats` for the list"
        ) from error


def _settings(
    timezone: str | None,
    acquired_at: str | None,
    date_order: str | None,
    column_map: Path | None,
    options: tuple[str, ...],
) -> Settings:
    try:
        if timezone:
            zone(timezone)
        acquired = datetime.fromisoformat(acquired_at) if acquired_at else None
    except ZoneUnknown as error:
        raise UsageError(
            f"unknown time zone {timezone!r}", next_step="use a name such as Europe/Dublin or UTC"
        ) from error
    except ValueError as error:
        raise UsageError(
            f"--acquired-at {acquired_at!r} is not ISO 8601", next_step="write it like 2026-05-01T10:00:00Z"
        ) from error
    if acquired and acquired.tzinfo is None:
        raise UsageError("--acquired-at has no time zone", next_step="end it with Z or an offset such as +01:00")
    settings = Settings(
        timezone=timezone,
        acquired_at=acquired.astimezone(UTC) if acquired else None,
        date_order=date_order,  # type: ignore[arg-type]
        column_map=load_map(column_map) if column_map else None,
        options=parse_options(options),
    )
    check_format_string(settings)
    return settings


class _Report:
    """What was read, member by member."""

    def __init__(self) -> None:
        self.total = Accounting()
        self.members: list[dict[str, Any]] = []
        self.rejects: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = []

    def as_json(self) -> dict[str, Any]:
        return {
            **dataclasses.asdict(self.total),
            "members": self.members,
            "reject_list": self.rejects,
            "findings": self.findings,
        }

    def complain(self) -> None:
        """Tell the operator what was not read; events alone go to standard output."""
        for finding in self.findings:
            if finding["kind"] != "ignored_by_name":
                where = finding["member_path"] or "the file"
                sys.stderr.write(f"vestigo: {where}: {finding['kind'].replace('_', ' ')}: {finding['detail']}\n")
        for member in self.members:
            if member["verdict"] == "empty":
                sys.stderr.write(f"vestigo: {member['member_path'] or 'the file'} is empty\n")
            elif member["format_id"] is None:
                best = ", ".join(f"{name} ({points})" for name, points in member["candidates"]) or "none"
                sys.stderr.write(
                    f"vestigo: {member['member_path'] or 'the file'}: {member['verdict']}; best candidates: {best}\n"
                    "  Next: name one with --format, or read a table with --map (see: vestigo formats)\n"
                )
        if self.total.rejects:
            sys.stderr.write(
                f"vestigo: {self.total.rejects} rejects, {self.total.bytes_rejected:,} of {self.total.bytes_in:,} "
                "bytes; --accounting FILE lists each\n"
            )


def _read_member(
    member: Member, exhibit: str, pinned: str | None, settings: Settings, report: _Report, out: BinaryIO
) -> None:
    if member.verdict == "container":
        return
    view = map_file(member.data)
    seen = Recognition("recognised", pinned, ((pinned, 100),)) if pinned else recognise(sample_of(view))
    account = Accounting()
    if seen.format_id:
        fmt = find_format(seen.format_id)
        stream = StreamId(exhibit, member.member_path, fmt.id, fmt.version)
        source = Source(view, settings=settings, name=member.raw_name)
        try:
            _emit(read_member(fmt, source, stream), account, report, out)
        except PARSER_FAULTS as fault:
            account = Accounting()
            _emit([faulty_batch(source, stream, fault)], account, report, out)
    else:
        account = _unclaimed(member, len(view), seen.verdict, report)
    report.total.add(account)
    report.members.append(
        {
            "member_path": member.member_path,
            "verdict": "pinned" if pinned else seen.verdict,
            "format_id": seen.format_id,
            "candidates": [list(c) for c in seen.candidates],
            **dataclasses.asdict(account),
        }
    )


def _unclaimed(member: Member, size: int, verdict: str, report: _Report) -> Accounting:
    """Bytes that no format reads are rejected as a whole, so that they are in the sum and in the list."""
    if not size:
        return Accounting()
    reason = "no format recognises this content" if verdict == "unclaimed" else "several formats fit: pin one"
    report.rejects.append(
        {"member_path": member.member_path, "span_start": 0, "span_end": size, "kind": verdict, "reason": reason}
    )
    return Accounting(bytes_in=size, bytes_rejected=size, rejects=1)


def _emit(batches: Iterable[Batch], account: Accounting, report: _Report, out: BinaryIO) -> None:
    encoder = msgspec.json.Encoder()
    for batch in batches:
        account.add(batch.accounting)
        out.writelines(encoder.encode(record) + b"\n" for record in event_records(batch))
        report.rejects += batch.rejects.to_pylist()
    out.flush()
