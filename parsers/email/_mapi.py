"""Outlook's message container: named streams of properties inside a compound file.

References:
    [MS-OXMSG] sections 2.1 to 2.4, [MS-OXPROPS] (property tags), [MS-CFB]; read with olefile (BSD).
"""

from __future__ import annotations

import io
import struct
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from parsers.email._words import decode_charset

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FAULTS", "SIGNATURE", "Box", "Storage", "filetime", "open_box", "stored_text"]

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FAULTS = (
    ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RecursionError, TypeError, ValueError,
    struct.error,
)  # fmt: skip
"""What the container library raises on damaged files."""

_STREAM = "__substg1.0_"
_PROPERTIES = "__properties_version1.0"
_ROW = struct.Struct("<HHI8s")
_HEADS = {"root": 32, "message": 24, "part": 8}  # bytes before the property rows ([MS-OXMSG] 2.4.1)
_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_LIMIT = 2000  # recipients or attachments of one message


class Box(NamedTuple):
    """An open container: the library's object, and every path in it."""

    file: Any
    paths: frozenset[tuple[str, ...]]


def open_box(data: bytes) -> Box:
    """Open a container.

    Raises:
        One of `FAULTS`: it is damaged.
    """
    import olefile

    box = olefile.OleFileIO(io.BytesIO(data))
    return Box(box, frozenset(tuple(path) for path in box.listdir(streams=True, storages=True)))


def filetime(value: bytes | None) -> tuple[datetime, int] | None:
    """A stored time as UTC, and its number; None for one that is absent or no date."""
    ticks = int.from_bytes(value, "little") if value else 0
    if not 0 < ticks < 1 << 62:
        return None
    try:
        return _FILETIME_EPOCH + timedelta(microseconds=ticks // 10), ticks
    except OverflowError:
        return None


def stored_text(wide: bytes | None, narrow: bytes | None, codepage: str) -> str | None:
    """Stored text, UTF-16 or else in a code page, without the NULs at its end; None when absent or empty."""
    if wide is not None:
        return wide.decode("utf-16-le", "backslashreplace").rstrip("\0").strip() or None
    if narrow is None:
        return None
    read = decode_charset(narrow, codepage) or decode_charset(narrow, None)
    return (read.text.rstrip("\0").strip() if read else "") or None


class Storage:
    """One message, recipient or attachment: its properties by tag."""

    def __init__(self, box: Box, path: tuple[str, ...] = (), kind: str = "root") -> None:
        self._box, self.path = box, path
        self._fixed = dict(self._rows(_HEADS[kind]))
        self.codepage = f"cp{self.number(0x3FFD) or 1252}"

    def has_properties(self) -> bool:
        """Whether this is a message at all."""
        return (*self.path, _PROPERTIES) in self._box.paths

    def stream(self, name: str) -> bytes | None:
        """Bytes of a stream; None when it is not there or cannot be read."""
        path = (*self.path, name)
        if path not in self._box.paths:
            return None
        try:
            return bytes(self._box.file.openstream(list(path)).read())
        except FAULTS:
            return None

    def _rows(self, skip: int) -> Iterator[tuple[int, bytes]]:
        data = (self.stream(_PROPERTIES) or b"")[skip:]
        for kind, tag, _flags, value in _ROW.iter_unpack(data[: len(data) // _ROW.size * _ROW.size]):
            yield tag << 16 | kind, value

    def number(self, tag: int) -> int | None:
        """A 32-bit integer property."""
        value = self._fixed.get(tag << 16 | 0x0003)
        return int.from_bytes(value[:4], "little") if value else None

    def time(self, tag: int) -> tuple[datetime, int] | None:
        """A time property as UTC, and the number it was written as."""
        return filetime(self._fixed.get(tag << 16 | 0x0040))

    def binary(self, tag: int) -> bytes | None:
        """A binary property."""
        return self.stream(f"{_STREAM}{tag:04X}0102")

    def text(self, tag: int) -> str | None:
        """A text property, Unicode or in the message's code page; None when absent or empty."""
        wide = self.stream(f"{_STREAM}{tag:04X}001F")
        narrow = self.stream(f"{_STREAM}{tag:04X}001E") if wide is None else None
        return stored_text(wide, narrow, self.codepage)

    def header_bytes(self) -> bytes | None:
        """The transport headers as bytes: as stored, or UTF-8 of their Unicode form."""
        raw = self.stream(f"{_STREAM}007D001E")
        if raw is not None:
            return raw
        raw = self.stream(f"{_STREAM}007D001F")
        return None if raw is None else raw.decode("utf-16-le", "replace").encode("utf-8", "backslashreplace")

    def readers(self) -> list[Storage]:
        """The recipients, in order."""
        return self.parts("__recip_version1.0_#")

    def parts(self, prefix: str) -> list[Storage]:
        """Recipients (``__recip_version1.0_#``) or attachments (``__attach_version1.0_#``), in order."""
        depth = len(self.path)
        below = (p for p in self._box.paths if len(p) == depth + 1 and p[:depth] == self.path)
        names = sorted(p[depth] for p in below if p[depth].startswith(prefix))
        return [Storage(self._box, (*self.path, name), "part") for name in names[:_LIMIT]]

    def embedded(self) -> Storage | None:
        """The message that an attachment is."""
        path = (*self.path, f"{_STREAM}3701000D")
        return Storage(self._box, path, "message") if path in self._box.paths else None
