"""Writes fixtures out of pieces, each with the events, the reject or the rule of its bytes, and their goldens."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent


class Piece(NamedTuple):
    """Text, and the events and rejects its bytes must give; neither means skipped."""

    text: str
    events: tuple[dict[str, Any], ...] = ()
    rejects: tuple[dict[str, Any], ...] = ()


def item(value: object, *events: dict[str, Any], reject: dict[str, Any] | None = None) -> Piece:
    """A JSON value and what it must give."""
    return Piece(json.dumps(value, ensure_ascii=False), events, (reject,) if reject else ())


def write(folder: str, name: str, parts: list[str | Piece], own: dict[str, Any], settings: str = "") -> None:
    """The fixture and its golden; `own` holds the columns all its events share."""
    data, events, rejects = b"", [], []
    parsed = rejected = 0
    for part in parts:
        piece = Piece(part) if isinstance(part, str) else part
        raw = piece.text.encode("utf-8")
        span = {"span_start": len(data), "span_end": len(data) + len(raw)}
        data += raw
        events += [{"event": {**own, **event, **span}} for event in piece.events]
        rejects += [{"reject": {**span, **reject}} for reject in piece.rejects]
        parsed += len(raw) if piece.events else 0
        rejected += len(raw) if piece.rejects else 0
    account = {
        "bytes_in": len(data),
        "bytes_parsed": parsed,
        "bytes_rejected": rejected,
        "bytes_skipped": len(data) - parsed - rejected,
        "events": len(events),
        "rejects": len(rejects),
    }
    where = HERE / folder
    where.mkdir(exist_ok=True)
    (where / name).write_bytes(data)
    rows = [json.dumps(row, ensure_ascii=False) + "\n" for row in ({"accounting": account}, *events, *rejects)]
    (where / f"{name}.golden.jsonl").write_text("".join(rows), "utf-8")
    if settings:
        (where / f"{name}.settings.toml").write_text(settings, "utf-8")


def listed(items: list[Piece], opening: str = "[\n  ", closing: str = "\n]") -> list[str | Piece]:
    """``[ ... ]`` with the items apart."""
    out: list[str | Piece] = [opening]
    for index, one in enumerate(items):
        out += [",\n  ", one] if index else [one]
    return [*out, closing]


def utc(seconds: float) -> str:
    """An instant as goldens write it."""
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=round(seconds * 1e6))
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def when(seconds: float, desc: str, raw: object, basis: str = "epoch") -> dict[str, Any]:
    """Time columns."""
    return {"timestamp": utc(seconds), "timestamp_raw": str(raw), "timestamp_desc": desc, "tz_basis": basis}


def ident(kind: str, value: str, raw: str | None = None) -> dict[str, str]:
    """One identifier."""
    return {"type": kind, "value": value, "raw": raw or value}


def extra(**named: object) -> str:
    """The extra column."""
    return json.dumps(named, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
