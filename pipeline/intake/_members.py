"""What opening an exhibit yields, and what the first bytes of a stream say it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal

from pipeline.intake import _tar, _zip
from pipeline.intake._codecs import MAGIC, Window, gzip_name
from pipeline.intake._names import decode_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.intake._spool import Stored

__all__ = ["HEAD", "Finding", "Member", "Stream", "compressed_name", "hints", "kind_of"]

HEAD = 600
_UNREAD = {  # archives whose content is not opened; the file itself stays a member
    b"7z\xbc\xaf\x27\x1c": "7-Zip", b"Rar!\x1a\x07": "RAR", b"\x04\x22\x4d\x18": "LZ4", b"\x1f\x9d": "compress",
    b"MSCF\0\0\0\0": "Cabinet", b"LZIP": "lzip",
}  # fmt: skip
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")  # a block, or the end of an empty stream
_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


@dataclass(frozen=True, slots=True)
class Member:
    """One stream of bytes in an exhibit.

    Attributes:
        member_path: Safe names joined by ' > ', unique in the exhibit; empty for the exhibit itself.
        raw_name: The name as stored. Attacker-controlled: never a path, never shown unescaped.
        depth: Containers around it.
        container: Kind of the container it was read from; empty for the exhibit itself.
        size: Bytes read of it.
        sha256: Digest of these bytes; empty when it is unreadable.
        data: Where these bytes are; for an unreadable member, the file it could not be read from.
        verdict: data, container (its content are members of their own), or unreadable.
    """

    member_path: str
    raw_name: str
    depth: int
    container: str
    size: int
    sha256: str
    data: Path
    verdict: Literal["data", "container", "unreadable"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something intake met that a reader must know: its kind, the member, and one plain sentence."""

    kind: str
    member_path: str
    detail: str


def kind_of(head: bytes) -> str | None:
    """The kind of container that starts with `head` (at least 600 bytes, or all there is), or None."""
    if head[:4] in {_zip.LOCAL, b"PK\x05\x06"}:
        return "zip"
    if head.startswith(b"BZh"):
        return "bzip2" if head[3:4] in b"123456789" and head[4:10] in _BZIP2_BLOCKS else None
    for kind, magic in MAGIC.items():
        if head.startswith(magic):
            return kind
    return "tar" if _tar.is_header(head[: _tar.BLOCK]) else None


@dataclass(frozen=True, slots=True)
class Stream:
    """A member whose bytes are on disk."""

    path: str
    raw: str
    depth: int
    container: str
    stored: Stored

    def member(self, verdict: Literal["data", "container"]) -> Member:
        """The member as it is handed out."""
        stored = self.stored
        return Member(
            self.path, self.raw, self.depth, self.container, stored.size, stored.sha256, stored.path, verdict
        )

    def finding(self, kind: str, detail: str) -> Finding:
        """A finding about this member."""
        return Finding(kind, self.path, detail)


def hints(stream: Stream, head: bytes) -> Iterator[Finding]:
    """Says so when `head` starts an archive of a kind that is not opened."""
    for magic, name in _UNREAD.items():
        if head.startswith(magic):
            yield stream.finding("unsupported_container", f"a {name} archive, which is not opened; unpack and add it")


def compressed_name(stream: Stream, data: IO[bytes], kind: str) -> str:
    """The name a gzip header gives, else the file's own without its suffix. Both are only shown."""
    if kind == "gzip" and (name := gzip_name(Window(data, 0, stream.stored.size))):
        return decode_name(name, utf8=False)
    own = stream.raw.rsplit("/", 1)[-1]
    suffix = next((s for s in _SUFFIXES if own.lower().endswith(s)), "")
    return own.removesuffix(own[len(own) - len(suffix) :]) if suffix else own or "content"
