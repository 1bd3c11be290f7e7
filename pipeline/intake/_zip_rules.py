"""What is judged about a ZIP file: which stay whole, which entries cannot be read, and whether its shape adds up."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from pipeline.intake._codecs import Corrupt
from pipeline.intake._zip import METHODS, Directory, Entry, entries, locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.intake._spool import Stored

__all__ = ["checked", "is_document", "shape", "unread_reason"]

_BOOKS = (b"application/epub+zip", b"application/vnd.oasis.opendocument")
_OFFICE = {b"[Content_Types].xml", b"_rels/.rels"}
_OFFICE_SEARCH = 10_000  # entries looked at before an archive counts as an archive
_DESCRIPTOR = 24  # bytes an entry may have after its data: signature, check sum and two zip64 sizes


def is_document(stream: IO[bytes], directory: Directory) -> bool:
    """True for Office documents (ECMA-376 part 2) and for ODF and EPUB, whose first entry says what they are."""
    missing = set(_OFFICE)
    try:
        for number, entry in enumerate(entries(stream, directory)):
            missing.discard(entry.raw)
            if not missing or (number == 0 and _is_book(stream, entry)):
                return True
            if number == _OFFICE_SEARCH:
                return False
    except Corrupt:
        return False
    return False


def _is_book(stream: IO[bytes], entry: Entry) -> bool:
    if entry.raw != b"mimetype" or entry.method != 0:
        return False
    start, _ = locate(stream, entry)
    stream.seek(start)
    return stream.read(min(entry.packed, 100)).startswith(_BOOKS)


def unread_reason(entry: Entry) -> tuple[str, str] | None:
    """Why an entry's bytes are not read at all, as (kind, detail), or None when they are."""
    if entry.encrypted:
        return "encrypted_member", "the member is encrypted; its name and size are all that can be read"
    if entry.method not in METHODS:
        return "unknown_compression", f"compression method {entry.method} is not known here"
    return None


def checked(entry: Entry, stored: Stored) -> Stored:
    """`stored`, marked as damaged when its size or check sum is not what the directory states."""
    if stored.stop or entry.crc is None:
        return stored
    if stored.size != entry.size:
        detail = f"it holds {stored.size} bytes, the archive states {entry.size}"
        return stored._replace(stop=("corrupt_member", detail))
    if stored.crc != entry.crc:
        return stored._replace(stop=("corrupt_member", "its check sum does not match its content"))
    return stored


def shape(directory: Directory, used: list[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """Findings about the whole file, as (kind, detail): overlaps, bytes no entry covers, a wrong count, an appendix.

    Args:
        directory: The central directory.
        used: The byte range of every listed entry, local header included.
    """
    if (directory.announced - len(used)) % 0x10000:  # some writers let the 16-bit count wrap
        yield "wrong_count", f"the directory announces {directory.announced} entries; {len(used)} are there"
    at = gaps = overlaps = 0
    for start, end in [*sorted(used), (directory.start, directory.start)]:
        gaps += start - at if start - at > _DESCRIPTOR else 0
        overlaps += start < at
        at = max(at, end)
    if overlaps:
        yield "overlapping_entries", f"{overlaps} entries share bytes with others, as decompression bombs do"
    if gaps:
        yield "unlisted_bytes", f"{gaps} bytes of the archive belong to no listed entry and were not read"
    if directory.trailing:
        yield "trailing_bytes", f"{directory.trailing} bytes follow the end of the archive and were not read"
