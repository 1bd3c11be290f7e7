"""Sealing: a file copied into the case under its own digest, read-only, and the source proved unchanged meanwhile."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pipeline.errors import ExhibitChanged, IntegrityError, StorageError, UsageError
from pipeline.store import file_sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Refused", "SealedFile", "Walk", "open_evidence", "seal", "sealed_path", "walk"]

_CHUNK = 1 << 20
_COPYING = Path("work") / "sealing"  # outside evidence/, which only ever holds whole sealed files


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A sealed copy: digest, bytes, and where it is."""

    sha256: str
    size: int
    path: Path


@dataclass(frozen=True, slots=True, order=True)
class Refused:
    """A path that was not taken, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Walk:
    """Files found, each with the name it is known by, and the paths refused."""

    files: tuple[tuple[Path, str], ...]
    refused: tuple[Refused, ...]


def sealed_path(root: Path, sha256: str) -> Path:
    """Where the sealed copy with this digest is, or would be."""
    return root / "evidence" / "sha256" / sha256[:2] / sha256


def seal(source: Path, case_root: Path) -> SealedFile:
    """Copy `source` into the case while hashing it, then hash the source again.

    The same bytes are kept once, however often they are sealed.

    Raises:
        UsageError: the source is a link, a device or cannot be read.
        IntegrityError: the source changed while it was being copied.
        ExhibitChanged: the copy that is already there no longer has the digest it is named by.
        StorageError: the copy cannot be written; nothing is left behind.
    """
    with _source(source) as stream, _copy_file(case_root) as copy:
        before = os.fstat(stream.fileno())
        try:
            digest, size = _copied(source, stream, copy)
        except OSError as error:
            raise _unwritable(case_root, error) from error
        _unchanged(source, stream, digest, before)
        final = sealed_path(case_root, digest)
        if final.exists():
            _same(final, digest)
        else:
            _place(copy, final)
    return SealedFile(digest, size, final)


def _unchanged(source: Path, stream: IO[bytes], digest: str, before: os.stat_result) -> None:
    stream.seek(0)
    again = hashlib.sha256()
    for chunk in _chunks(source, stream):
        again.update(chunk)
    after = os.fstat(stream.fileno())
    if again.hexdigest() != digest or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise IntegrityError(
            f"{source} changed while it was being sealed",
            next_step="stop whatever writes to it, or copy it first, and add it again",
            path=str(source),
        )


def walk(paths: Iterable[Path]) -> Walk:
    """Every file under `paths`, in an order that does not depend on locale or file system.

    A file is known by its own name; a file in a folder by the folder's name and its path inside it. Links are never
    followed, devices, pipes and sockets never opened: they are refused, as are unreadable files, and the rest goes on.
    """
    files: dict[Path, str] = {}
    refused: list[Refused] = []
    for path in paths:
        for found, name in _under(path, "" if path.name == ".." else path.name, refused):
            files.setdefault(found, name)
    return Walk(tuple(files.items()), tuple(refused))


def _under(path: Path, name: str, refused: list[Refused]) -> Iterator[tuple[Path, str]]:
    """Depth first, without recursion: a folder nested a thousand deep is only a longer list."""
    waiting = [(path, name)]
    while waiting:
        path, name = waiting.pop()
        try:
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                inner = sorted(path.iterdir(), key=os.fsencode, reverse=True)
                waiting += [(child, f"{name}/{child.name}" if name else child.name) for child in inner]
                continue
            if stat.S_ISREG(mode):
                os.close(open_evidence(path))
        except OSError as error:
            refused.append(Refused(path, f"cannot be read: {error.strerror}"))
            continue
        if stat.S_ISREG(mode):
            yield path, name
        else:
            refused.append(Refused(path, _special(mode)))


def _special(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "is a symbolic link; links are not followed"
    return "is a device, pipe or socket, not a file"


def open_evidence(path: Path) -> int:
    """A read-only descriptor that follows no link, waits for no pipe and, where permitted, leaves the access time.

    Raises:
        OSError: the file cannot be opened.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        return os.open(path, flags | getattr(os, "O_NOATIME", 0))
    except PermissionError:  # only the owner may leave the access time alone
        return os.open(path, flags)


@contextmanager
def _source(path: Path) -> Iterator[IO[bytes]]:
    try:
        handle = open_evidence(path)
    except OSError as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UsageError(f"{path} is not a regular file", next_step="name a file, or a folder of files", path=str(path))
    with os.fdopen(handle, "rb") as stream:
        yield stream


@contextmanager
def _copy_file(root: Path) -> Iterator[IO[bytes]]:
    """A temporary file in the case, locked while this process lives; what a killed one left is removed."""
    folder = root / _COPYING
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            copy = stack.enter_context(_locked_file(folder))
        except OSError as error:
            raise _unwritable(root, error) from error
        stack.callback(Path(copy.name).unlink, missing_ok=True)
        yield copy


def _locked_file(folder: Path) -> IO[bytes]:
    guard = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(guard, fcntl.LOCK_EX)  # so that nobody takes the new file for an abandoned one
        _remove_abandoned(folder)
        copy = tempfile.NamedTemporaryFile(dir=folder, delete=False)  # noqa: SIM115 - the caller closes it
        fcntl.flock(copy, fcntl.LOCK_EX)
    finally:
        os.close(guard)
    return copy


def _remove_abandoned(folder: Path) -> None:
    for left in sorted(folder.iterdir()):
        with suppress(FileNotFoundError, BlockingIOError), left.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def _copied(source: Path, stream: IO[bytes], copy: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(source, stream):
        digest.update(chunk)
        size += len(chunk)
        copy.write(chunk)
    copy.flush()
    os.fsync(copy.fileno())
    return digest.hexdigest(), size


def _chunks(source: Path, stream: IO[bytes]) -> Iterator[bytes]:
    try:
        while chunk := stream.read(_CHUNK):
            yield chunk
    except OSError as error:
        raise _unreadable(source, error) from error


def _place(copy: IO[bytes], final: Path) -> None:
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        os.fchmod(copy.fileno(), 0o444)
        Path(copy.name).rename(final)
        handle = os.open(final.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise _unwritable(final.parents[3], error) from error


def _same(final: Path, digest: str) -> None:
    if file_sha256(final) != digest:
        raise ExhibitChanged(
            f"the sealed copy {final.name} no longer has the digest it is named by",
            next_step="run `vestigo verify`, restore the sealed copy from a backup, and add the file again",
            path=str(final),
        )


def _unreadable(path: Path, error: OSError) -> UsageError:
    what = f"{path} cannot be read: {error.strerror}"
    return UsageError(what, next_step="check the path and its rights", path=str(path))


def _unwritable(root: Path, error: OSError) -> StorageError:
    return StorageError(
        f"cannot seal into {root}: {error.strerror}",
        next_step="free space or fix permissions in the case folder, then add the file again",
        path=str(root),
    )
