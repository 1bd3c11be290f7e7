"""ZIP structure (PKWARE APPNOTE 6.3.10), read by hand: the stored names, zip64, and archives without a directory.

The standard library is not used because it rewrites stored names in silence and gives up on a damaged directory.
"""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING, NamedTuple

from pipeline.intake._codecs import Corrupt, read_at

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["METHODS", "Directory", "Entry", "entries", "find_directory", "locate", "salvage"]

METHODS = {0: "stored", 8: "deflate", 12: "bzip2", 20: "zstd", 93: "zstd", 95: "xz"}
LOCAL, CENTRAL, DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x07\x08"
_END, _END64, _LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_MAX32, _MAX16 = 0xFFFFFFFF, 0xFFFF
_TAIL = 1 << 17  # a comment is at most 64 KiB; the rest is tolerance for bytes after the end
_WINDOW = 1 << 20
_LOCAL_HEAD = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL_HEAD = struct.Struct("<4sHHHHHHIIIHHHHHII")


class Entry(NamedTuple):
    """One stored file. `crc` and `size` are None when only the stream itself says (salvage)."""

    raw: bytes
    flags: int
    method: int
    crc: int | None
    packed: int
    size: int | None
    at: int
    mode: int

    @property
    def utf8(self) -> bool:
        """General purpose bit 11."""
        return bool(self.flags & 0x800)

    @property
    def encrypted(self) -> bool:
        """General purpose bit 0 or 6, or the AES method."""
        return bool(self.flags & 0x41) or self.method == 99

    @property
    def folder(self) -> bool:
        """True for a folder entry, which holds no bytes (an empty DEFLATE stream takes two)."""
        return self.raw.endswith(b"/") and not self.size and self.packed <= 2

    @property
    def symlink(self) -> bool:
        """True when the Unix mode says that the content is the target of a symbolic link."""
        return self.mode & 0xF000 == 0xA000


class Directory(NamedTuple):
    """Where the central directory is, how many entries it announces, and how many bytes follow the archive."""

    start: int
    end: int
    announced: int
    shift: int
    trailing: int


def find_directory(stream: IO[bytes], size: int) -> Directory | None:
    """The last usable end-of-central-directory record, or None when the archive has lost it."""
    base = max(0, size - _TAIL)
    tail = read_at(stream, base, size - base)
    found = tail.rfind(_END)
    while found >= 0:
        directory = _directory(stream, base + found, tail[found : found + 22 + _MAX16], size)
        if directory is not None:
            return directory
        found = tail.rfind(_END, 0, found)
    return None


def _directory(stream: IO[bytes], at: int, record: bytes, size: int) -> Directory | None:
    if len(record) < 22:
        return None
    count, length, start, comment = struct.unpack_from("<HIIH", record, 10)
    end = at
    if count == _MAX16 or _MAX32 in {length, start}:
        wide = _wide(stream, at)
        if wide is not None:
            count, length, start, end = wide
    shift = end - length - start
    real = start + shift
    if shift < 0 or real < 0 or (count and read_at(stream, real, 4) != CENTRAL):
        return None
    return Directory(real, end, count, shift, max(0, size - (at + 22 + comment)))


def _wide(stream: IO[bytes], at: int) -> tuple[int, int, int, int] | None:
    """Count, length, start and end of the directory from the zip64 records (APPNOTE 4.3.14, 4.3.15)."""
    locator = read_at(stream, at - 20, 20)
    if at < 20 or not locator.startswith(_LOCATOR):
        return None
    where: int = struct.unpack_from("<Q", locator, 8)[0]
    for place in (where, at - 20 - 56):
        record = read_at(stream, place, 56) if place < at else b""
        if len(record) == 56 and record.startswith(_END64):
            count, length, start = struct.unpack_from("<QQQ", record, 32)
            return count, length, start, place
    return None


def entries(stream: IO[bytes], directory: Directory) -> Iterator[Entry]:
    """The entries of the central directory, in its order.

    Raises:
        Corrupt: the directory is damaged; the entries before were already handed out.
    """
    at = directory.start
    while at < directory.end:
        head = read_at(stream, at, 46)
        if len(head) < 46 or not head.startswith(CENTRAL):
            raise Corrupt(f"its directory is damaged at byte {at}")
        values = _CENTRAL_HEAD.unpack(head)
        made_by, (name, extra, comment) = values[1], values[10:13]
        raw = read_at(stream, at + 46, name)
        fields = read_at(stream, at + 46 + name, extra)
        size, packed, offset = _widened(fields, values[9], values[8], values[16])
        mode = values[15] >> 16 if made_by >> 8 == 3 else 0
        yield Entry(raw, values[3], values[4], values[7], packed, size, offset + directory.shift, mode)
        at += 46 + name + extra + comment


def _widened(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Sizes and offset with their zip64 values where the narrow ones are full (APPNOTE 4.5.3)."""
    wide = _extra_field(extra, 1)
    values = iter(struct.unpack(f"<{len(wide) // 8}Q", wide[: len(wide) // 8 * 8]))
    size, packed, offset = (next(values, n) if n == _MAX32 else n for n in (size, packed, offset))
    return size, packed, offset


def _extra_field(extra: bytes, wanted: int) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == wanted:
            return extra[at + 4 : at + 4 + length]
        at += 4 + length
    return b""


def locate(stream: IO[bytes], entry: Entry) -> tuple[int, list[str]]:
    """Where the entry's data starts, and how its local header differs from the directory.

    Raises:
        Corrupt: there is no local header where the directory points.
    """
    head = read_at(stream, entry.at, 30)
    if len(head) < 30 or not head.startswith(LOCAL):
        raise Corrupt(f"no entry is at byte {entry.at}, where the directory points")
    _, _, flags, method, _, _, crc, packed, size, name, extra = _LOCAL_HEAD.unpack(head)
    raw = read_at(stream, entry.at + 30, name)
    differs = [word for word, a, b in (("name", raw, entry.raw), ("method", method, entry.method)) if a != b]
    if not flags & 8 and entry.crc is not None and _MAX32 not in {packed, size}:
        pairs = (("check sum", crc, entry.crc), ("packed size", packed, entry.packed), ("size", size, entry.size))
        differs += [word for word, a, b in pairs if a != b]
    return entry.at + 30 + name + extra, differs


def salvage(stream: IO[bytes], size: int) -> Iterator[Entry]:
    """Entries found by their local headers alone, for an archive whose directory is lost."""
    at = _next(stream, 0, size, (LOCAL,))
    while at < size:
        entry = _salvaged(stream, at, size)
        if entry is None:
            at = _next(stream, at + 4, size, (LOCAL,))
            continue
        yield entry
        data, _ = locate(stream, entry)
        at = _next(stream, data + entry.packed, size, (LOCAL,))


def _salvaged(stream: IO[bytes], at: int, end: int) -> Entry | None:
    head = read_at(stream, at, 30)
    if len(head) < 30:
        return None
    _, version, flags, method, _, _, crc, packed, size, name, extra = _LOCAL_HEAD.unpack(head)
    raw = read_at(stream, at + 30, name)
    if not 0 < name == len(raw) or version & 0xFF > 63 or method > 99:
        return None
    size, packed, _ = _widened(read_at(stream, at + 30 + name, extra), size, packed, 0)
    data = at + 30 + name + extra
    if not flags & 8 or packed:
        return Entry(raw, flags, method, crc, packed, size, at, 0)
    stops = (DESCRIPTOR, LOCAL, CENTRAL) if method == 0 else (LOCAL, CENTRAL)
    return Entry(raw, flags, method, None, _next(stream, data, end, stops) - data, None, at, 0)


def _next(stream: IO[bytes], start: int, end: int, signatures: tuple[bytes, ...]) -> int:
    """Offset of the first of `signatures` at or after `start`, or `end`."""
    at, reach = start, 1 << 12  # most are near; a long search reads ever larger pieces
    while at < end:
        window = read_at(stream, at, reach + 3)
        hits = [hit for hit in (window.find(signature) for signature in signatures) if hit >= 0]
        if hits:
            return at + min(hits)
        if len(window) < reach + 3:
            break
        at, reach = at + reach, min(reach * 2, _WINDOW)
    return end
