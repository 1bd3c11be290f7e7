"""Drawing, times and containers whose bytes are the same on every machine."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["DAY", "Draw", "Evidence", "Fact", "Row", "at", "gzip_bytes", "iso", "local", "numbered", "zip_bytes"]

T = TypeVar("T")
SEED = "harbour-lane/1"
DAY = 86_400
_SUMMER = 1_774_746_000  # 2026-03-29T01:00:00Z: Europe/Dublin goes from +00:00 to +01:00
_ZIP_DATE = (2026, 4, 6, 9, 0, 0)


class Draw:
    """A seeded source of choices that uses `random()` only: the one method whose sequence Python promises to keep."""

    def __init__(self, name: str) -> None:
        """Start the sequence that belongs to `name`."""
        self._next = random.Random(f"{SEED}/{name}").random

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self._next() < share

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._next() * (high - low + 1))

    def pick(self, values: Sequence[T]) -> T:
        """One of the values."""
        return values[int(self._next() * len(values))]

    def weighted(self, shares: Mapping[T, float]) -> T:
        """One of the keys, as often as its weight says."""
        left = self._next() * sum(shares.values())
        for value, share in shares.items():
            left -= share
            if left < 0:
                return value
        return list(shares)[-1]


def at(text: str) -> int:
    """Seconds since 1970 of ``2026-03-17 22:41:20``, UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def iso(when: int) -> str:
    """``2026-03-17T22:41:20Z``."""
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(when: int) -> tuple[datetime, str]:
    """Wall time in Europe/Dublin, and its offset as logs write it."""
    hours = 1 if when >= _SUMMER else 0
    return datetime.fromtimestamp(when, UTC) + timedelta(hours=hours), f"+0{hours}00"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something planted on purpose: what it is and what a right reading of it holds.

    `needle` is text that stands in the member's bytes; `locator` is filled in when lines are numbered.
    """

    id: str
    description: str
    needle: str
    event_type: str
    values: Mapping[str, object] = field(default_factory=dict)
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a log at its place in time; facts that it carries."""

    when: int
    text: str
    facts: tuple[Fact, ...] = ()


@dataclass(slots=True)
class Evidence:
    """Files by path below the case folder, the facts in them, and how many records of each are unreadable."""

    files: dict[str, bytes] = field(default_factory=dict)
    facts: list[dict[str, object]] = field(default_factory=list)
    rejects: dict[str, int] = field(default_factory=dict)

    def add(self, path: str, data: bytes, facts: Iterable[tuple[Fact, tuple[str, ...]]] = (), rejects: int = 0) -> None:
        """Add one file; each fact comes with the names of the members that lead to it."""
        self.files[path] = data
        self.rejects[path] = rejects
        self.facts += [
            {
                "id": fact.id,
                "description": fact.description,
                "exhibit": path,
                "member": list(member),
                "locator": fact.locator,
                "needle": fact.needle,
                "event_type": fact.event_type,
                "values": dict(fact.values),
            }
            for fact, member in facts
        ]


def numbered(rows: Iterable[Row], *, first: int = 1) -> tuple[list[str], list[Fact]]:
    """Lines in order of time, and their facts with line numbers."""
    ordered = sorted(rows, key=lambda row: row.when)
    facts = [
        Fact(f.id, f.description, f.needle or row.text, f.event_type, f.values, f"L{number}")
        for number, row in enumerate(ordered, first)
        for f in row.facts
    ]
    return [row.text for row in ordered], facts


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """A zip archive with fixed dates. Stored, not deflated: compressed bytes differ between zlib builds."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return out.getvalue()


def gzip_bytes(data: bytes, name: str) -> bytes:
    """A gzip member (RFC 1952) of stored blocks (RFC 1951, 3.2.4), for the same reason."""
    pieces = [data[i : i + 65_535] for i in range(0, len(data), 65_535)] or [b""]
    blocks = [
        struct.pack("<BHH", int(i == len(pieces) - 1), len(piece), len(piece) ^ 0xFFFF) + piece
        for i, piece in enumerate(pieces)
    ]
    head = b"\x1f\x8b\x08\x08" + struct.pack("<I", at("2026-02-01 00:00:00")) + b"\x00\x03" + name.encode() + b"\x00"
    return head + b"".join(blocks) + struct.pack("<II", zlib.crc32(data), len(data))
