"""Parse: every recognised member read by its format, in units that any worker can take."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from parsers.contract import Settings, Source
from parsers.kit.wide import wide_codec
from parsers.mixed import read_member
from parsers.reader import PARSER_FAULTS, Accounting, StreamId, faulty_batch
from parsers.registry import find_format
from pipeline.errors import CaseError, StorageError
from pipeline.evidence import map_file, member_file
from pipeline.parse.files import write_batches
from pipeline.parse.units import UNIT_BYTES, cut_units
from pipeline.stage import Job, Stage
from pipeline.store import Store
from pipeline.tables import schema_of

if TYPE_CHECKING:
    from pathlib import Path

    from parsers.contract import Format
    from pipeline.case import Case, Exhibit

__all__ = ["STAGE", "check_format_string", "load_map", "map_text", "settings_from"]

_SNIFF = 4096


def jobs(case: Case, store: Store) -> list[Job]:
    """One job per unit of every member that a format reads."""
    exhibits = {e.id: e for e in case.exhibits}
    out: list[Job] = []
    for row in store.read("members").sort_by([("exhibit_id", "ascending"), ("member_path", "ascending")]).to_pylist():
        if row["format_id"] and row["exhibit_id"] in exhibits:
            out += _member_jobs(case, exhibits[row["exhibit_id"]], row)
    return out


def _member_jobs(case: Case, exhibit: Exhibit, member: dict[str, Any]) -> list[Job]:
    fmt = find_format(member["format_id"])
    settings = _settings(case, exhibit)
    check_format_string(settings_from(settings))
    path = member_file(case, exhibit.sha256, member["member_path"])
    units = _units(path, member, fmt) if fmt.framing == "line" else [(0, member["size"], 1)]
    shared = {
        "exhibit_id": exhibit.id,
        "exhibit_sha256": exhibit.sha256,
        "member_path": member["member_path"],
        "sha256": member["sha256"],
        "file": _relative(path, case.root),
        "format_id": fmt.id,
        "format_version": fmt.version,
        "settings": settings,
    }
    pool = "threads" if fmt.parse_block else "processes"
    return [
        Job(
            f"{exhibit.id}-{member['stream_id']}-{number:05d}",
            {**shared, "unit": number, "start": start, "end": end, "first_line": line},
            pool=pool,  # type: ignore[arg-type]
            weight=max(1, end - start),
        )
        for number, (start, end, line) in enumerate(units)
    ]


def _units(path: Path, member: dict[str, Any], fmt: Format) -> list[tuple[int, int, int]]:
    if member["size"] <= UNIT_BYTES:
        return [(0, member["size"], 1)]
    try:
        with path.open("rb", buffering=0) as file:
            if wide_codec(file.read(_SNIFF)):
                return [(0, member["size"], 1)]  # a newline is two bytes there; cut, a unit could not be told from it
            file.seek(0)
            return cut_units(file, resumes=fmt.resumes)
    except OSError as error:
        raise StorageError(
            f"cannot read {path.name}: {error.strerror}", next_step="run `vestigo verify` on the case", path=str(path)
        ) from error


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _settings(case: Case, exhibit: Exhibit) -> dict[str, Any]:
    return {
        "timezone": exhibit.timezone,
        "acquired_at": exhibit.acquired_at,
        "date_order": exhibit.date_order,
        "column_map": load_map(case.root / exhibit.map) if exhibit.map else None,
        "options": {
            "trusted_hosts": ",".join(case.trust.mail_hosts),
            "trusted_proxies": ",".join(case.trust.proxies),
            **exhibit.options,
        },
        "clock_offset_s": exhibit.clock_offset_s,
    }


def map_text(path: Path) -> str:
    """The TOML of a column map: a file, or a map that is shipped under that name.

    Raises:
        OSError: there is neither.
    """
    from parsers.tables.shipped import shipped_names, shipped_text

    return shipped_text(path.name) if not path.exists() and path.name in shipped_names() else path.read_text("utf-8")


def load_map(path: Path) -> dict[str, Any]:
    """A column map as plain values.

    Raises:
        CaseError: it cannot be read, is not TOML, or says something a map cannot say.
    """
    from parsers.tables.mapped import MapError, compile_map

    try:
        raw = tomllib.loads(map_text(path))
        compile_map(raw)
    except OSError as error:
        raise CaseError(f"cannot read the map {path.name}: {error.strerror}", next_step="check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, MapError) as error:
        raise CaseError(
            f"map {path.name}: {error}", next_step="correct the map; `vestigo formats` explains its keys"
        ) from error
    return raw


def check_format_string(settings: Settings) -> None:
    """Refuse a format string that cannot be compiled, before anything is read.

    Raises:
        CaseError: it names an unknown directive, or cannot be read in one way only.
    """
    if "format" in settings.options:
        from parsers.server_logs.custom_web import FormatStringError, reader_for

        try:
            reader_for(settings)
        except FormatStringError as error:
            raise CaseError(f"option format: {error}", next_step="paste the server's own format string") from error


def settings_from(raw: dict[str, Any]) -> Settings:
    """Parser settings from a job's plain values."""
    acquired = raw.get("acquired_at")
    return Settings(
        timezone=raw.get("timezone"),
        acquired_at=datetime.fromisoformat(acquired).astimezone(UTC) if acquired else None,
        date_order=raw.get("date_order"),
        column_map=raw.get("column_map"),
        options=raw.get("options") or {},
        clock_offset_s=raw.get("clock_offset_s", 0.0),
    )


def run(root: Path, job: Job) -> list[Path]:
    """Read one unit and write its events, texts, rejects and accounting."""
    p = job.params
    fmt = find_format(p["format_id"])
    view = map_file(root / p["file"])[p["start"] : p["end"]]
    name = p["member_path"].rpartition(" > ")[2]
    source = Source(view, p["start"], p["first_line"], settings_from(p["settings"]), name)
    stream = StreamId(p["exhibit_sha256"], p["member_path"], fmt.id, fmt.version)
    store = Store(root)
    paths = [store.folder(name) / f"{job.part}.parquet" for name in ("events", "texts", "rejects")]
    try:
        account = write_batches(paths, read_member(fmt, source, stream))
    except PARSER_FAULTS as fault:
        account = write_batches(paths, [faulty_batch(source, stream, fault)])
    paths.append(store.write("accounting", job.part, _accounting_row(p, account)))
    return [path.relative_to(root) for path in paths]


def _accounting_row(params: Any, account: Accounting) -> pa.Table:  # noqa: ANN401 - a job's plain JSON values
    names = ("bytes_in", "bytes_parsed", "bytes_rejected", "bytes_skipped", "events", "rejects")
    row = {n: params[n] for n in ("exhibit_id", "exhibit_sha256", "member_path", "format_id", "unit")}
    row |= {n: getattr(account, n) for n in names} | {"skips": json.dumps(account.skips, sort_keys=True)}
    return pa.Table.from_pylist([row], schema_of("accounting"))


STAGE = Stage(
    name="parse",
    version=2,
    title="Reading records",
    needs=("members",),
    makes=("events", "texts", "rejects", "accounting"),
    jobs=jobs,
    run=run,
    partitioned=True,
)
