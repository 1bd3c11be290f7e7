"""Making a case and taking evidence into it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.case import CASE_FILE, Exhibit, append_exhibit, find_case, load_case, new_case_text
from pipeline.errors import AuthorityMissing, CaseError, UsageError
from pipeline.intake.seal import SealedFile, seal, walk
from pipeline.keys import fingerprint, read_public
from pipeline.ledger import Ledger, read_entries
from pipeline.parse.stage import map_text
from pipeline.store import file_sha256, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.case import Case

__all__ = ["Intake", "add_exhibits", "new_case", "parse_options"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is stated about evidence when it is taken in."""

    authority: str | None = None
    authority_pending: bool = False
    source: str = ""
    timezone: str | None = None
    acquired_at: str | None = None
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    format_id: str | None = None
    column_map: Path | None = None
    account: str | None = None
    reference: bool = False
    note: str = ""
    options: tuple[str, ...] = ()


def new_case(
    root: Path,
    *,
    case_id: str | None = None,
    title: str = "",
    timezone: str = "UTC",
    operator: str | None = None,
    text: str | None = None,
) -> list[str]:
    """Make a case folder; returns lines for the operator. `text` replaces the case.toml template.

    Raises:
        UsageError: the folder already holds a case.
    """
    if (root / CASE_FILE).exists() and read_public(root):
        raise UsageError(f"{root} already holds a case", next_step="add evidence to it, or choose another folder")
    name = case_id or re.sub(r"[^A-Z0-9._-]+", "-", root.resolve().name.upper()).strip("-._") or "CASE"
    for folder in ("evidence", "tables", "reports", "exports", "work"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    write_atomic(root / CASE_FILE, (text or new_case_text(name, title, timezone)).encode())
    case = load_case(root)
    Ledger(root, operator=operator).create(case.info.id, object={"title": case.info.title})
    public = read_public(root) or b""
    return [
        f"case {case.info.id} made in {root}",
        f"key fingerprint {fingerprint(public)}",
        "  write it down outside this folder: `vestigo verify --fingerprint ...` then also sees a replaced key",
        f"next: vestigo add FILES --authority '...' --case {root}",
    ]


def add_exhibits(root: Path, paths: list[Path], about: Intake, *, operator: str | None = None) -> tuple[list[str], int]:
    """Seal files into the case; returns lines for the operator and the number of refused files.

    Raises:
        AuthorityMissing: neither an authority nor `authority_pending`.
        CaseError: case.toml or what is stated does not hold.
    """
    root = find_case(root)
    if not about.authority and not about.authority_pending:
        raise AuthorityMissing(
            "no legal authority is stated for this evidence",
            next_step="give --authority 'consent of ..., date' (or warrant, order, own logs), or --authority-pending",
        )
    load_case(root)
    ledger = Ledger(root, operator=operator)
    ledger.recover()
    found = walk(paths)
    lines = [f"refused {refusal.path}: {refusal.reason}" for refusal in found.refused]
    column_map = _keep_map(root, about.column_map)
    received = {e["object"].get("sha256") for e in read_entries(root) if e["event"] == "received"}
    for path, name in found.files:
        lines.append(_add_one(root, ledger, path, name, about, column_map, received))
    for refusal in found.refused:
        ledger.append("failed", object={"name": refusal.path.name}, note=f"not taken in: {refusal.reason}")
    return lines, len(found.refused)


def _keep_map(root: Path, column_map: Path | None) -> str | None:
    """Copy a column map into the case, under its own digest when another map has its name."""
    if column_map is None:
        return None
    try:
        data = map_text(column_map).encode()
    except OSError as error:
        raise CaseError(f"cannot read the map {column_map}: {error.strerror}", next_step="check the path") from error
    target = (root / "maps" / column_map.name).with_suffix(".toml")
    if target.exists() and target.read_bytes() != data:
        target = target.with_name(f"{column_map.stem}-{hashlib.sha256(data).hexdigest()[:8]}.toml")
    write_atomic(target, data)
    return target.relative_to(root).as_posix()


def _add_one(
    root: Path, ledger: Ledger, path: Path, name: str, about: Intake, column_map: str | None, received: set[str]
) -> str:
    sealed = _reference(path) if about.reference else seal(path, root)
    case = load_case(root)
    known = next((e for e in case.exhibits if e.sha256 == sealed.sha256), None)
    exhibit = known or _exhibit(case, path, name, sealed, about, column_map)
    if known is None:
        append_exhibit(root, exhibit)
        load_case(root)
    again = sealed.sha256 in received
    received.add(sealed.sha256)
    facts = {
        "sha256": sealed.sha256,
        "size": sealed.size,
        "name": name,
        "held": "by reference" if exhibit.path else "sealed copy",
    }
    if not again:
        ledger.append(
            "received", item=exhibit.id, object=facts, authority=exhibit.authority or "pending", note=exhibit.note
        )
    elif news := _stated_anew(exhibit, name, about):
        ledger.append("config", item=exhibit.id, object=facts, note="the same bytes again, stated: " + "; ".join(news))
        return (
            f"{name}: the same bytes as {exhibit.id}; what is stated now is in the ledger, {CASE_FILE} keeps the first"
        )
    verb = "already here as" if known else "sealed as"
    return f"{name}: {verb} {exhibit.id}  sha256 {sealed.sha256[:16]}…  {sealed.size:,} bytes"


def _stated_anew(exhibit: Exhibit, name: str, about: Intake) -> list[str]:
    """What is said of bytes that are already here, where it differs from what case.toml says."""
    now = {
        "name": name,
        "authority": about.authority or "",
        "source": about.source,
        "timezone": about.timezone or "",
        "acquired_at": about.acquired_at or "",
        "note": about.note,
    }
    return [f"{key} {value!r}" for key, value in now.items() if value and value != (getattr(exhibit, key) or "")]


def parse_options(pairs: tuple[str, ...]) -> dict[str, str]:
    """``KEY=VALUE`` settings of a format.

    Raises:
        UsageError: one of them has no ``=``.
    """
    split = [pair.partition("=") for pair in pairs]
    for key, equals, _ in split:
        if not key or not equals:
            raise UsageError(f"--option {key!r} has no value", next_step="write --option KEY=VALUE")
    return {key: value for key, _, value in split}


def _reference(path: Path) -> SealedFile:
    return SealedFile(sha256=file_sha256(path), size=path.stat().st_size, path=path.resolve())


def _exhibit(case: Case, path: Path, name: str, sealed: SealedFile, about: Intake, column_map: str | None) -> Exhibit:
    numbers = [int(m.group(1)) for e in case.exhibits if (m := re.fullmatch(r"EX-(\d+)", e.id))]
    return Exhibit(
        id=f"EX-{max(numbers, default=0) + 1:03d}",
        sha256=sealed.sha256,
        name=name,
        size=sealed.size,
        authority=about.authority or "",
        source=about.source,
        timezone=about.timezone,
        acquired_at=about.acquired_at,
        format=about.format_id,
        map=column_map,
        date_order=about.date_order,
        account=about.account,
        path=str(path.resolve()) if about.reference else None,
        note=about.note,
        options=parse_options(about.options),
    )
