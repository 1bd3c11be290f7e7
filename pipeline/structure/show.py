"""`vestigo structure`: the layout of an export without its content."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsers.kit.magic import media_type
from parsers.kit.sheets import looks_like_workbook
from pipeline.case import Limits
from pipeline.errors import UsageError
from pipeline.evidence import map_file
from pipeline.intake.containers import Finding, Member, open_members
from pipeline.store import file_sha256
from pipeline.structure.jsonshape import Place, merge, paths, read_json
from pipeline.structure.othershape import delimiter_of, lines_shape, markup_shape, table_shape, workbook_shape
from pipeline.structure.words import KNOWN_EXTENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["structure_text"]

_HEAD = 1 << 16
_MAGIC = (
    (b"SQLite format 3\0", "SQLite database"), (b"PK", "ZIP document"), (b"-----BEGIN PGP", "PGP text"),
    (b"From ", "mailbox"),
)  # fmt: skip
_NOTICE = (
    "Structure only: titles, names of fields, kinds and counts. No value is shown. Names that may be somebody's are "
    "shown as <key>, <column>, <name>. Read it through before you pass it on."
)


@dataclass(slots=True)
class _Shape:
    """What is said of all members that are built alike."""

    kind: str
    extension: str
    details: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    place: Place | None = None
    trouble: Counter[str] = field(default_factory=Counter)
    members: int = 0
    size: int = 0

    def key(self) -> tuple[object, ...]:
        """Members with equal keys are described once."""
        place = self.place
        if place is None:
            return self.kind, self.extension, tuple(self.details)
        top = place.items if place.items is not None and not place.keys else place
        return self.kind, self.extension, tuple(sorted(top.keys))

    def add(self, other: _Shape) -> None:
        """One more member that is built alike."""
        self.counts += other.counts
        self.trouble += other.trouble
        self.members += other.members
        self.size += other.size
        if self.place is not None and other.place is not None:
            merge(self.place, other.place)


def structure_text(path: Path, *, as_json: bool = False, every_key: bool = False) -> str:
    """The structure of a file, an archive or a folder.

    Args:
        path: What to describe; opened read-only.
        as_json: As JSON instead of text.
        every_key: Also show names that are not made of known words; names that look like values stay hidden.

    Raises:
        UsageError: it cannot be read.
    """
    shapes: dict[tuple[object, ...], _Shape] = {}
    tree: Counter[str] = Counter()
    for file, folder in _files(path):
        for found, shape in _members(file, every_key=every_key):
            if isinstance(found, Finding):
                tree[f"({found.kind.replace('_', ' ')})"] += 1
                continue
            tree[_place_in_tree(folder, found, file)] += 1
            if shape:
                _gather(shapes, shape)
    dump = {
        "notice": _NOTICE,
        "members": [{"place": place, "count": n} for place, n in sorted(tree.items())],
        "shapes": [_as_plain(s, every_key=every_key) for s in shapes.values()],
    }
    return json.dumps(dump, indent=1, ensure_ascii=False) if as_json else "\n".join(_lines(dump))


def _files(path: Path) -> Iterator[tuple[Path, int]]:
    """Files and how many folders are around each, in the order of their names."""
    if not path.is_dir():
        yield path, 0
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and not file.is_symlink():
            yield file, len(file.relative_to(path).parts)


def _members(file: Path, *, every_key: bool) -> Iterator[tuple[Member | Finding, _Shape | None]]:
    try:
        digest = file_sha256(file)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", next_step="check the path") from error
    with tempfile.TemporaryDirectory(prefix="vestigo-") as spool:
        for found in open_members(file, digest, Path(spool), Limits()):
            if isinstance(found, Finding) or found.verdict != "data":
                yield found, None
                continue
            yield found, _describe(found.data, _extension(found, file), every_key=every_key)
            if found.data.parent == Path(spool):
                found.data.unlink(missing_ok=True)  # written by this call, not needed again


def _extension(member: Member, file: Path) -> str:
    name = member.raw_name or file.name
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return f".{ending}" if ending in KNOWN_EXTENSIONS else ".?"


def _place_in_tree(folder: int, member: Member, file: Path) -> str:
    """Where a member stands, folders and archives without their names."""
    levels = ["<folder>"] * max(0, folder - 1) + ["<archive>"] * member.member_path.count(" > ")
    levels += ["<archive>"] if member.member_path else []
    levels += ["<folder>"] * member.raw_name.replace("\\", "/").strip("/").count("/")
    return "/".join([*levels, f"*{_extension(member, file)} ({member.verdict})"])


def _describe(path: Path, extension: str, *, every_key: bool) -> _Shape:
    shape = _Shape("empty", extension, members=1, size=path.stat().st_size)
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        stream.seek(0)
        shape.kind = _kind(head)
        if shape.kind == "JSON":
            shape.place, trouble = read_json(stream)
            shape.trouble.update([trouble] if trouble else [])
        elif shape.kind == "markup":
            shape.details, shape.counts = markup_shape(stream, every_key=every_key)
        elif shape.kind == "workbook":
            shape.details, shape.counts = workbook_shape(stream.read(), every_key=every_key)
        elif shape.kind == "text" and (table := delimiter_of(head)):
            shape.kind = "table"
            shape.details, shape.counts = table_shape(map_file(path), *table, every_key=every_key)
        elif shape.kind == "text":
            shape.details, shape.counts = lines_shape(stream)
    return shape


def _kind(head: bytes) -> str:
    if not head or looks_like_workbook(head):
        return "workbook" if head else "empty"
    magic = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    if magic or media_type(head):
        return magic or media_type(head) or ""
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip()
    if start[:1] in {b"{", b"["} or start.startswith((b"window.YTD", b"window.__THAR")):
        return "JSON"
    if start.startswith(b"<"):
        return "markup"
    return "text" if b"\0" not in head[:4096] or head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "binary"


def _gather(shapes: dict[tuple[object, ...], _Shape], shape: _Shape) -> None:
    known = shapes.setdefault(shape.key(), shape)
    if known is not shape:
        known.add(shape)


def _as_plain(shape: _Shape, *, every_key: bool) -> dict[str, Any]:
    found = list(paths(shape.place, every_key=every_key)) if shape.place is not None else []
    return {
        "kind": shape.kind,
        "extension": shape.extension,
        "members": shape.members,
        "bytes": shape.size,
        "details": shape.details,
        "counts": dict(sorted(shape.counts.items())),
        "paths": [{"path": line.path, "kinds": line.kinds} for line in found],
        "trouble": dict(shape.trouble),
    }


def _lines(dump: dict[str, Any]) -> Iterator[str]:
    yield dump["notice"]
    yield ""
    yield "MEMBERS"
    yield from (f"  {row['count']:>6} x {row['place']}" for row in dump["members"])
    for shape in dump["shapes"]:
        yield ""
        yield f"{shape['kind']} {shape['extension']}: {shape['members']} member(s), {shape['bytes']:,} bytes"
        yield from (f"  {line}" for line in shape["details"])
        yield from (f"  {n} {what}" for what, n in shape["counts"].items())
        for row in shape["paths"]:
            kinds = ", ".join(f"{n} {kind}" for kind, n in row["kinds"].items())
            yield f"  {row['path']}: {kinds}"
        yield from (f"  ! {what} ({n} member(s))" for what, n in shape["trouble"].items())
