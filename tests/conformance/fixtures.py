"""Finds every fixture of every format and reads it through the framework."""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.contract import Settings, Source
from parsers.reader import Accounting, StreamId, event_records, read

if TYPE_CHECKING:
    from parsers.contract import Format

ROOT = Path(__file__).parents[2] / "sample_data" / "formats"
PROVENANCE = {"event_id", "exhibit_sha256", "member_path", "format_id", "format_version", "tier", "text_id"}
DERIVED = {"time_precision_s", "timestamp_earliest", "timestamp_latest", "timestamp_desc", "tz_basis"}
SIDE_FILES = (".golden.jsonl", ".settings.toml", ".map.toml", ".py", ".md")


def fixtures() -> list[tuple[str, Path]]:
    """(format id, fixture path): every file below ``sample_data/formats/<id>/`` that is not a side file."""
    return [
        (path.parent.relative_to(ROOT).as_posix(), path)
        for path in sorted(ROOT.rglob("*"))
        if path.is_file() and not path.name.endswith(SIDE_FILES) and "__pycache__" not in path.parts
    ]


def settings_for(fixture: Path) -> Settings:
    """Settings from ``<fixture>.settings.toml`` (also its ``[options]``) and ``<fixture>.map.toml``."""
    side, column_map = fixture.with_name(fixture.name + ".settings.toml"), fixture.with_name(fixture.name + ".map.toml")
    raw: dict[str, Any] = tomllib.loads(side.read_text()) if side.exists() else {}
    acquired = raw.get("acquired_at")
    return Settings(
        timezone=raw.get("timezone"),
        acquired_at=datetime.fromisoformat(acquired).astimezone(UTC) if acquired else None,
        date_order=raw.get("date_order"),
        options=raw.get("options", {}),
        column_map=tomllib.loads(column_map.read_text()) if column_map.exists() else None,
    )


def read_all(
    fmt: Format,
    data: bytes,
    settings: Settings = Settings(),
    name: str = "",
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Accounting]:
    """All events and rejects of some bytes, and the accounting."""
    stream = StreamId(hashlib.sha256(data).hexdigest(), "", fmt.id, fmt.version)
    events: list[dict[str, Any]] = []
    rejects: list[dict[str, Any]] = []
    total = Accounting()
    for batch in read(fmt, Source(memoryview(data), settings=settings, name=name), stream):
        events += json.loads(json.dumps(list(event_records(batch))))
        rejects += batch.rejects.to_pylist()
        total.add(batch.accounting)
    return events, rejects, total
