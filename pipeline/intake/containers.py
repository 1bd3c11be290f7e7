"""Archives opened in place: members listed and read, limits kept, and no stored name ever used as a path.

What a member is, is decided by its first bytes. Office documents and e-books, though ZIP files, stay one member.
Damage never ends an exhibit: the readable part is used, the rest is a finding.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from pipeline.intake import _tar, _zip, _zip_rules
from pipeline.intake._codecs import MAGIC, Corrupt, Window, decoded
from pipeline.intake._members import HEAD, Finding, Member, Stream, compressed_name, hints, kind_of
from pipeline.intake._names import Names, decode_name, ignored, oddities, shown
from pipeline.intake._spool import Budget, Stored, store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.case import Limits

__all__ = ["Finding", "Member", "kind_of", "open_members"]

_LINKS = {b"1": "hard link", b"2": "symbolic link"}
_SPECIAL = {b"3": "character device", b"4": "block device", b"6": "pipe"}


def open_members(path: Path, exhibit_sha256: str, spool: Path, limits: Limits) -> Iterator[Member | Finding]:
    """Every member of an exhibit, in stored order, with what was found on the way.

    Args:
        path: The exhibit; opened read-only.
        exhibit_sha256: Its digest.
        spool: Folder for member bytes, each under ``<sha256>.bin``.
        limits: What is read of archives.

    Raises:
        StorageError: a member cannot be written.
    """
    size = path.stat().st_size
    exhibit = Stream("", "", 0, "", Stored(path, exhibit_sha256, size, 0, None))
    yield from _Opening(spool, limits, size).visit(exhibit)


class _Opening:
    """The state of opening one exhibit: names handed out, entries counted, bytes allowed."""

    def __init__(self, spool: Path, limits: Limits, size: int) -> None:
        self._spool, self._limits = spool, limits
        self._budget, self._names = Budget(limits, size), Names()
        self._entries, self._full = 0, False

    def visit(self, stream: Stream) -> Iterator[Member | Finding]:
        """A member and, when it is a container, everything in it."""
        with stream.stored.path.open("rb") as data:
            head = data.read(HEAD)
            kind = kind_of(head)
            layered = kind == "tar" and stream.container in MAGIC  # .tar.gz is one level for people
            if kind is None:
                yield stream.member("data")
                yield from hints(stream, head)
            elif stream.depth >= self._limits.depth and not layered:
                yield stream.member("container")
                detail = f"archives are opened {self._limits.depth} levels deep; this one is deeper"
                yield stream.finding("limit_depth", detail)
            elif kind == "zip":
                yield from self._open_zip(stream, data)
            elif kind == "tar":
                yield from self._open_tar(stream, data)
            else:
                yield from self._open_compressed(stream, data, kind)

    def _admit(self, stream: Stream) -> Iterator[Finding]:
        """Count one more entry; says so, once, when there are too many."""
        self._entries += 1
        if self._entries > self._limits.members and not self._full:
            self._full = True
            detail = f"the exhibit holds more than {self._limits.members} entries; from here on they are not read"
            yield stream.finding("limit_members", detail)

    def _take(self, parent: Stream, raw: str) -> tuple[str, list[Finding]]:
        path, repeated = self._names.take(parent.path, raw)
        found = [Finding(kind, path, detail) for kind, detail in oddities(raw)]
        if repeated:
            found.append(Finding("duplicate_name", path, "another member of the same container has this name"))
        return path, found

    def _store(self, codec: str, window: Window) -> Stored:
        return store(decoded(codec, window), window.left, self._spool, self._budget)

    def _child(self, parent: Stream, path: str, raw: str, kind: str, stored: Stored) -> Iterator[Member | Finding]:
        if stored.stop:
            note = "; its readable part is used" if stored.stop[0] == "corrupt_member" and stored.size else ""
            yield Finding(stored.stop[0], path, stored.stop[1] + note)
        if stored.stop and not stored.size:
            yield self._unreadable(parent, path, raw, kind)
            return
        depth = parent.depth + (0 if kind == "tar" and parent.container in MAGIC else 1)
        yield from self.visit(Stream(path, raw, depth, kind, stored))

    def _unreadable(self, parent: Stream, path: str, raw: str, kind: str) -> Member:
        return Member(path, raw, parent.depth + 1, kind, 0, "", parent.stored.path, "unreadable")

    def _open_compressed(self, stream: Stream, data: IO[bytes], kind: str) -> Iterator[Member | Finding]:
        window = Window(data, 0, stream.stored.size)
        stored = self._store(kind, window)
        if stored.stop and not stored.size:
            yield stream.member("data")
            yield stream.finding("unreadable_container", f"it starts like {kind}, but {stored.stop[1]}")
            return
        yield stream.member("container")
        yield from self._admit(stream)
        if self._full:
            return
        raw = compressed_name(stream, data, kind)
        path, found = self._take(stream, raw)
        yield from found
        if window.left and not stored.stop:
            yield stream.finding("trailing_bytes", f"{window.left} bytes follow the compressed data and were not read")
        yield from self._child(stream, path, raw, kind, stored)

    def _open_zip(self, stream: Stream, data: IO[bytes]) -> Iterator[Member | Finding]:
        size = stream.stored.size
        directory = _zip.find_directory(data, size)
        if directory is None and next(_zip.salvage(data, size), None) is None:
            yield stream.member("data")
            yield stream.finding("unreadable_container", "it starts like zip, but no entry can be read")
            return
        if directory is not None and _zip_rules.is_document(data, directory):
            yield stream.member("data")
            return
        yield stream.member("container")
        if directory is None:
            detail = "the archive has no usable directory (is it cut off?); its entries were found one by one"
            yield stream.finding("salvaged_container", detail)
            yield from self._zip_entries(stream, data, _zip.salvage(data, size), None)
        else:
            yield from self._zip_entries(stream, data, _zip.entries(data, directory), directory)

    def _zip_entries(
        self, stream: Stream, data: IO[bytes], entries: Iterator[_zip.Entry], directory: _zip.Directory | None
    ) -> Iterator[Member | Finding]:
        used: list[tuple[int, int]] = []
        try:
            for entry in entries:
                yield from self._admit(stream)
                if self._full:
                    return
                yield from self._zip_entry(stream, data, entry, used)
        except Corrupt as error:
            yield stream.finding("corrupt_container", f"{error}; the entries before are read")
            return
        if directory is not None:
            for kind, detail in _zip_rules.shape(directory, used):
                yield stream.finding(kind, detail)

    def _zip_entry(
        self, stream: Stream, data: IO[bytes], entry: _zip.Entry, used: list[tuple[int, int]]
    ) -> Iterator[Member | Finding]:
        try:
            start, differs = _zip.locate(data, entry)
            used.append((entry.at, start + entry.packed))
            problem = _zip_rules.unread_reason(entry)
        except Corrupt as error:
            start, differs, problem = 0, [], ("corrupt_member", str(error))
        if entry.folder and not problem:
            return
        raw = decode_name(entry.raw, utf8=entry.utf8)
        path, found = self._take(stream, raw)
        if ignored(raw):
            yield Finding("ignored_by_name", path, "left by an operating system; passed over by its name")
            return
        yield from found
        if differs:
            detail = f"the entry's own header and the directory differ in: {', '.join(differs)}"
            yield Finding("header_mismatch", path, detail)
        if problem:
            yield Finding(problem[0], path, problem[1])
            yield self._unreadable(stream, path, raw, "zip")
            return
        if entry.symlink:
            yield Finding("link_entry", path, "a symbolic link, not followed; its target is the content of this member")
        window = Window(data, start, start + entry.packed)
        stored = self._store(_zip.METHODS[entry.method], window)
        yield from self._child(stream, path, raw, "zip", _zip_rules.checked(entry, stored))

    def _open_tar(self, stream: Stream, data: IO[bytes]) -> Iterator[Member | Finding]:
        yield stream.member("container")
        for entry in _tar.entries(data, stream.stored.size):
            yield from self._admit(stream)
            if self._full:
                return
            if isinstance(entry, _tar.Damage):
                yield stream.finding(entry.kind, entry.detail)
            elif entry.kind != b"5":
                yield from self._tar_entry(stream, data, entry)

    def _tar_entry(self, stream: Stream, data: IO[bytes], entry: _tar.TarEntry) -> Iterator[Member | Finding]:
        raw = decode_name(entry.raw, utf8=False)
        path, found = self._take(stream, raw)
        if ignored(raw):
            yield Finding("ignored_by_name", path, "left by an operating system; passed over by its name")
            return
        yield from found
        if entry.kind in _LINKS:
            target = shown(decode_name(entry.target, utf8=False))
            yield Finding("link_entry", path, f"a {_LINKS[entry.kind]} to {target}, not followed")
            return
        if entry.kind in _SPECIAL:
            yield Finding("device_entry", path, f"a {_SPECIAL[entry.kind]}, which holds no bytes")
            return
        if entry.sparse:
            yield Finding("sparse_member", path, "stored without its gaps; the bytes are read as stored")
        elif entry.kind != b"0":
            yield Finding("unknown_entry_type", path, f"entry type {entry.kind!r} is read as a file")
        stored = self._store("stored", Window(data, entry.at, entry.at + entry.size))
        yield from self._child(stream, path, raw, "tar", stored)

