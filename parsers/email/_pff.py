"""Outlook's mail stores (``.pst``, ``.ost``): messages by folder, read with libpff where it is installed.

The library is an optional extra (LGPL-3.0-or-later): it is loaded when a store is read and never otherwise.

References:
    [MS-PST] section 2.2.2.6 (header), [MS-OXPROPS] (property tags).
"""

from __future__ import annotations

import hashlib
import importlib
import io
from typing import TYPE_CHECKING, Any, NamedTuple

from parsers.email._mapi import filetime, stored_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

__all__ = ["FAULTS", "Found", "Properties", "is_store", "messages", "open_store", "pff_library"]

FAULTS = (ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RecursionError, TypeError, ValueError)
"""What the library raises on damaged stores."""

_MAGIC = b"!BDN"
_CLIENTS = frozenset({b"SM", b"SO", b"AB"})  # personal store, offline store, address book
_DEPTH, _FOLDERS, _MOST = 64, 100_000, 2000  # of folders; attachments or recipients of one message
_HASHED = 1 << 30
_PIECE = 1 << 20
_TEXT, _TEXT8, _NUMBER, _TIME, _BINARY = 0x001F, 0x001E, 0x0003, 0x0040, 0x0102


def is_store(head: bytes) -> bool:
    """Whether the first bytes are the header of a store."""
    return head[:4] == _MAGIC and head[8:10] in _CLIENTS


def pff_library() -> Any | None:  # noqa: ANN401 - a library without types
    """The library, or None where the extra is not installed."""
    try:
        return importlib.import_module("pypff")
    except ImportError:
        return None


class ViewFile(io.RawIOBase):
    """A memory view as the file the library asks for; nothing is copied."""

    def __init__(self, view: memoryview) -> None:
        self._view, self._at = view, 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        """The next bytes."""
        piece = self._view[self._at : self._at + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._view)}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """The place."""
        return self._at


class Properties:
    """A message or recipient: its properties by tag and type; see `parsers.email._outlook.OutlookItem`."""

    def __init__(self, rows: Mapping[int, bytes], readers: Sequence[Properties] = ()) -> None:
        """`rows` are raw values by ``tag << 16 | type``."""
        self._rows, self._readers = rows, readers
        self._codepage = f"cp{self.number(0x3FFD) or 1252}"

    def readers(self) -> Sequence[Properties]:
        """The recipients, in order."""
        return self._readers

    def number(self, tag: int) -> int | None:
        """A 32-bit integer property."""
        value = self._rows.get(tag << 16 | _NUMBER)
        return int.from_bytes(value[:4], "little") if value else None

    def time(self, tag: int) -> tuple[datetime, int] | None:
        """A time property as UTC, and the number it was written as."""
        return filetime(self._rows.get(tag << 16 | _TIME))

    def binary(self, tag: int) -> bytes | None:
        """A binary property."""
        return self._rows.get(tag << 16 | _BINARY)

    def text(self, tag: int) -> str | None:
        """A text property, Unicode or in the message's code page; None when absent or empty."""
        wide, narrow = (self._rows.get(tag << 16 | kind) for kind in (_TEXT, _TEXT8))
        return stored_text(wide, narrow, self._codepage)

    def header_bytes(self) -> bytes | None:
        """The transport headers as bytes: as stored, or UTF-8 of their Unicode form."""
        narrow, wide = (self._rows.get(0x007D0000 | kind) for kind in (_TEXT8, _TEXT))
        return narrow if wide is None else wide.decode("utf-16-le", "replace").encode("utf-8", "backslashreplace")


class Found(NamedTuple):
    """One message: where it lies in the tree of folders, its properties (None: unreadable), its attachments."""

    locator: str
    item: Properties | None
    attachments: list[dict[str, object]]
    orphaned: bool


def open_store(library: Any, view: memoryview) -> Any:  # noqa: ANN401 - a library without types
    """Open a store.

    Raises:
        One of `FAULTS`: it is damaged.
    """
    store = library.file()
    store.open_file_object(io.BufferedReader(ViewFile(view), _PIECE))
    return store


def messages(store: Any) -> Iterator[Found]:  # noqa: ANN401
    """Every message in the order of the folders, then the ones no folder holds any longer."""
    waiting = [(store.get_root_folder(), "", 0)]
    seen = 0
    while waiting and seen < _FOLDERS:
        folder, path, depth = waiting.pop(0)
        seen += 1
        for number, message in enumerate(_each(folder, "sub_message"), 1):
            yield _message(message, f"{path or '/'} message {number}", orphaned=False)
        inner = _each(folder, "sub_folder") if depth < _DEPTH else ()
        named = [(f, f"{path}/{_name(f)}", depth + 1) for f in inner if f is not None]
        waiting = [*named, *waiting]
    for number, item in enumerate(_each(store, "orphan_item"), 1):
        if item is None or hasattr(item, "get_transport_headers"):
            yield _message(item, f"orphaned item {number}", orphaned=True)


def _name(folder: Any) -> str:  # noqa: ANN401
    try:
        return str(folder.get_name() or "(no name)")
    except FAULTS:
        return "(unreadable name)"


def _each(owner: Any, what: str, most: int | None = None) -> Iterator[Any]:  # noqa: ANN401
    """Parts of `owner` by number; None for one that cannot be read."""
    try:
        count = int(getattr(owner, f"get_number_of_{what}s")())
    except FAULTS:
        count = 0
    take = getattr(owner, f"get_{what}", None)
    for number in range(count if most is None else min(count, most)):
        try:
            yield take(number) if take else None
        except FAULTS:
            yield None


def _message(message: Any, locator: str, *, orphaned: bool) -> Found:  # noqa: ANN401
    """The message with its recipients and attachments."""
    try:
        item = None if message is None else Properties(_rows(message), _recipients(message))
    except FAULTS:
        item = None
    if item is None:
        return Found(locator, None, [], orphaned)
    parts = list(_each(message, "attachment", _MOST))
    return Found(locator, item, [_attachment(part) for part in parts], orphaned)


def _rows(item: Any) -> dict[int, bytes]:  # noqa: ANN401
    """Raw values of every set of properties; the first of several stands."""
    out: dict[int, bytes] = {}
    for group in _each(item, "record_set"):
        out = {**_values(group), **out}
    return out


def _values(group: Any) -> dict[int, bytes]:  # noqa: ANN401
    out: dict[int, bytes] = {}
    for entry in () if group is None else group.entries:
        try:
            data = entry.get_data()
        except FAULTS:
            continue
        if data is not None and entry.entry_type is not None and entry.value_type is not None:
            out[entry.entry_type << 16 | entry.value_type] = bytes(data)
    return out


def _recipients(message: Any) -> list[Properties]:  # noqa: ANN401
    try:
        table = message.recipients
    except FAULTS:
        return []
    return [] if table is None else [Properties(_values(row)) for row in _each(table, "record_set", _MOST) if row]


def _attachment(part: Any) -> dict[str, object]:  # noqa: ANN401
    """Name, type, size and digest of an attachment."""
    if part is None:
        return {"type": "application/octet-stream", "unreadable": True}
    held = Properties(_rows(part))
    out: dict[str, object] = {"type": held.text(0x370E) or "application/octet-stream"}
    name = held.text(0x3707) or held.text(0x3704) or held.text(0x3001)
    out |= {"name": name} if name else {}
    try:
        size = int(part.get_size())
        if not 0 <= size <= _HASHED:
            return out | {"bytes": size}
        digest, left = hashlib.sha256(), size
        while left and (piece := part.read_buffer(min(left, _PIECE))):
            digest.update(piece)
            left -= len(piece)
    except FAULTS:
        return out | {"unreadable": True}
    return out | ({"bytes": size, "sha256": digest.hexdigest()} if not left else {"bytes": size, "unreadable": True})
