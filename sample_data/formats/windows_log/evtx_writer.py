"""A small writer of Windows event log files (EVTX 3.1): chunks, records and binary XML with templates.

Layout after the public description of the format (libyal, libevtx documentation, "Windows XML Event Log (EVTX)").
It writes what the fixtures need and nothing else.
"""

# ruff: noqa: E501 - layouts on one line

from __future__ import annotations

import struct
import uuid
import zlib
from datetime import UTC, datetime

CHUNK, HEADER = 0x10000, 0x1000
_TICKS_1970 = 116_444_736_000_000_000
NULL, TEXT, U8, U16, U32, U64, FILETIME, SID, HEX64 = 0x00, 0x01, 0x04, 0x06, 0x08, 0x0A, 0x11, 0x13, 0x15

Element = tuple  # (name, {attribute: text or Slot}, [children: Element, text or Slot])


class Slot:
    """A place in a template that a record fills; `kind` is the type of its value."""

    def __init__(self, number: int, kind: int) -> None:
        self.number, self.kind = number, kind


def filetime(when: str) -> int:
    """100-nanosecond steps since 1601 of an ISO time in UTC."""
    moment = datetime.fromisoformat(when.rstrip("Z")).replace(tzinfo=UTC)
    seconds = (moment.replace(microsecond=0) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    return _TICKS_1970 + int(seconds) * 10_000_000 + moment.microsecond * 10


def sid(text: str) -> bytes:
    """Binary form of ``S-1-5-...``."""
    parts = [int(part) for part in text.split("-")[2:]]
    return struct.pack("<BB", 1, len(parts) - 1) + parts[0].to_bytes(6, "big") + struct.pack(f"<{len(parts) - 1}I", *parts[1:])


def packed(kind: int, value: object) -> bytes:
    """A record's value."""
    if kind == TEXT:
        return str(value).encode("utf-16-le")
    if kind == SID:
        return sid(str(value))
    size = {U8: "<B", U16: "<H", U32: "<I", U64: "<Q", FILETIME: "<Q", HEX64: "<Q"}
    return struct.pack(size[kind], value) if kind else b""


class Chunk:
    """One chunk under construction. Offsets in it count from its first byte."""

    def __init__(self, first: int) -> None:
        self.data = bytearray(512)
        self.first = self.next = first
        self.names: dict[str, int] = {}
        self.buckets = [0] * 64
        self.templates: dict[int, int] = {}
        self.spans: list[tuple[int, int]] = []

    def _u(self, layout: str, *values: int) -> None:
        self.data += struct.pack("<" + layout, *values)

    def _name(self, name: str) -> None:
        if name in self.names:
            self._u("I", self.names[name])
            return
        code = 0
        for char in name:
            code = (code * 65599 + ord(char)) & 0xFFFFFFFF
        code &= 0xFFFF
        at = len(self.data) + 4
        self._u("IIHH", at, self.buckets[code % 64], code, len(name))
        self.data += name.encode("utf-16-le") + b"\0\0"
        self.names[name] = self.buckets[code % 64] = at

    def _value(self, value: object) -> None:
        if isinstance(value, Slot):
            self._u("BHB", 0x0E, value.number, value.kind)
        else:
            text = str(value)
            self._u("BBH", 0x05, TEXT, len(text))
            self.data += text.encode("utf-16-le")

    def _element(self, element: Element) -> None:
        name, attributes, children = element
        self._u("BHI", 0x41 if attributes else 0x01, 0xFFFF, 0)
        start = len(self.data)
        self._name(name)
        if attributes:
            self._u("I", 0)
            listed = len(self.data)
            for number, (key, value) in enumerate(attributes.items(), 1):
                self._u("B", 0x46 if number < len(attributes) else 0x06)
                self._name(key)
                self._value(value)
            struct.pack_into("<I", self.data, listed - 4, len(self.data) - listed)
        if children:
            self._u("B", 0x02)
            for child in children:
                self._element(child) if isinstance(child, tuple) else self._value(child)
            self._u("B", 0x04)
        else:
            self._u("B", 0x03)
        struct.pack_into("<I", self.data, start - 4, len(self.data) - start)

    def record(self, written: int, template: int, element: Element, values: list[tuple[int, object]]) -> None:
        """Append a record; the template is written where it is first used."""
        start = len(self.data)
        self._u("4sIQQ4s", b"**\0\0", 0, self.next, written, b"\x0f\x01\x01\0")
        held = self.templates.get(template)
        self._u("BBII", 0x0C, 1, template, held or len(self.data) + 10)
        if held is None:
            self.templates[template] = len(self.data)
            self._u("I16sI", 0, uuid.UUID(int=template).bytes_le, 0)
            body = len(self.data)
            self.data += b"\x0f\x01\x01\0"
            self._element(element)
            self._u("B", 0)
            struct.pack_into("<I", self.data, body - 4, len(self.data) - body)
        blobs = [(kind, packed(kind, value)) for kind, value in values]
        self._u("I", len(blobs))
        for kind, blob in blobs:
            self._u("HBB", len(blob), kind, 0)
        self.data += b"".join(blob for _, blob in blobs)
        self._u("B", 0)
        self.data += b"\0" * (-(len(self.data) + 4 - start) % 8)
        size = len(self.data) + 4 - start
        self._u("I", size)
        struct.pack_into("<I", self.data, start + 4, size)
        self.spans.append((start, len(self.data)))
        self.next += 1

    def finish(self) -> bytes:
        """The chunk's 64 KiB with its header and checksums."""
        used = len(self.data)
        data = self.data + bytes(CHUNK - used)
        last = self.next - 1
        head = (b"ElfChnk\0", self.first, last, self.first, last, 128, self.spans[-1][0], used, zlib.crc32(data[512:used]))
        struct.pack_into("<8sQQQQIIII", data, 0, *head)
        struct.pack_into("<64I", data, 128, *self.buckets)
        table = [0] * 32
        for number, at in self.templates.items():
            struct.pack_into("<I", data, at, table[number % 32])
            table[number % 32] = at
        struct.pack_into("<32I", data, 384, *table)
        struct.pack_into("<I", data, 124, zlib.crc32(data[:120] + data[128:512]))
        return bytes(data)


def file_header(chunks: int, next_record: int) -> bytes:
    """The first 4 KiB of a file."""
    head = struct.pack("<8sQQQIHHHH76sI", b"ElfFile\0", 0, chunks - 1, next_record, 128, 1, 3, HEADER, chunks, b"", 0)
    return (head + struct.pack("<I", zlib.crc32(head[:120]))).ljust(HEADER, b"\0")
