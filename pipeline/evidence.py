"""The bytes behind a citation: a member's stream, opened read-only."""

from __future__ import annotations

import mmap
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from pipeline.errors import ExhibitChanged, StorageError, UsageError
from pipeline.store import Store, file_sha256

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.case import Case

__all__ = ["map_file", "member_file", "open_member"]


def map_file(path: Path) -> memoryview:
    """A read-only memory map of a file; an empty view for an empty file.

    Raises:
        StorageError: the file cannot be opened.
    """
    try:
        with path.open("rb") as stream:
            if not path.stat().st_size:
                return memoryview(b"")
            return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise StorageError(
            f"cannot read {path.name}: {error.strerror}", next_step="run `vestigo verify` on the case", path=str(path)
        ) from error


def member_file(case: Case, exhibit_sha256: str, member_path: str) -> Path:
    """The file that holds a member's stream: the sealed exhibit itself, or what intake read out of it.

    Raises:
        UsageError: the case has no such exhibit or member.
    """
    if not member_path:
        for exhibit in case.exhibits:
            if exhibit.sha256 == exhibit_sha256:
                return case.exhibit_path(exhibit)
    members = Store(case.root).read("members", ["exhibit_sha256", "member_path", "sha256"])
    found = members.filter((pc.field("exhibit_sha256") == exhibit_sha256) & (pc.field("member_path") == member_path))
    if not found.num_rows:
        raise UsageError(f"no member {member_path!r} in exhibit {exhibit_sha256[:12]}", next_step="run the case first")
    return case.root / "work" / "members" / f"{found['sha256'][0].as_py()}.bin"


def open_member(case: Case, exhibit_sha256: str, member_path: str) -> memoryview:
    """The bytes of a member's stream; spans of its events index into it.

    Raises:
        ExhibitChanged: they are not the bytes that were read.
    """
    path = member_file(case, exhibit_sha256, member_path)
    expected = exhibit_sha256 if not member_path else path.stem
    state = path.stat() if path.is_file() else None
    if state and _digest(path, state.st_mtime_ns, state.st_size) != expected:
        raise ExhibitChanged(
            f"{member_path or exhibit_sha256[:12]} is not what was read",
            next_step="run `vestigo verify`; restore the exhibit, then run the case again",
            path=str(path),
            expected=expected,
        )
    return map_file(path)


@lru_cache(maxsize=4096)
def _digest(path: Path, changed_ns: int, size: int) -> str:  # noqa: ARG001 - a changed file is hashed anew
    return file_sha256(path)
