"""The only loop over spreadsheets (Office Open XML), with the bytes of the part that holds each sheet.

A workbook is a zip archive: rows have no byte range of their own, so every row cites the range of its sheet's part
in the archive, and its locator names sheet and row. A sheet is read completely before its rows are given out: one
that breaks half-way is refused as a whole and said so, because its bytes cannot be cited as read and unread at once.
"""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl

from parsers.contract import Reject, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import RejectKind, Source

__all__ = ["Sheet", "SheetRow", "looks_like_workbook", "read_sheets", "with_gaps"]

MAX_UNPACKED = 512 << 20
MAX_SHARED_STRINGS = 128 << 20
MAX_PARTS = 10_000
MAX_CELLS = 5_000_000
_SHEET_FOLDER = "xl/worksheets/"
_PART_FOLDER = b"xl/"
_STRINGS = "xl/sharedStrings.xml"
_LOCAL_HEADER, _NAME_AT = b"PK\x03\x04", 30
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What openpyxl, zipfile and the XML readers raise on damaged workbooks (XML errors are SyntaxErrors)."""


class SheetRow(NamedTuple):
    """One row that is not empty: its 1-based number, and its cells as text (empty text for empty cells)."""

    number: int
    cells: list[str]


class Sheet(NamedTuple):
    """A worksheet: its name, the bytes of its part in the archive, and its rows."""

    name: str
    span: Span
    rows: list[SheetRow]


class _LimitError(ValueError):
    """The workbook is larger than what is read here."""


def looks_like_workbook(head: bytes) -> bool:
    """Whether the first bytes are those of a zip archive with a part of a workbook, whatever its parts' order."""
    at = 0 if head.startswith(_LOCAL_HEADER) else -1
    while at >= 0:
        if head.startswith(_PART_FOLDER, at + _NAME_AT):
            return True
        at = head.find(_LOCAL_HEADER, at + 1)
    return False


def read_sheets(data: bytes, offset: int) -> Iterator[Sheet | Reject]:
    """Every worksheet of a workbook in the order of its bytes, or why it cannot be read. Raises nothing.

    Args:
        data: The whole workbook.
        offset: Position of its first byte in the member's stream.
    """
    whole = Span(offset, offset + len(data))
    try:
        parts = _parts(data, offset)
        shown, written = (_open(data, cached=cached) for cached in (True, False))
        names = [(name, _part_of(shown, name)) for name in _worksheets(shown)]
    except _LimitError as error:
        yield Reject(whole, str(error), "limit")
        return
    except _FAULTS:
        yield Reject(whole, "the workbook is damaged or is not one")
        return
    listed = {part: name for name, part in reversed(names) if part in parts}
    if not listed:
        yield Reject(whole, "the workbook lists no sheet")
        return
    for part, span in sorted(parts.items(), key=lambda pair: pair[1]):
        if part in listed:
            yield _sheet(listed[part], span, shown, written)
        elif part.startswith(_SHEET_FOLDER) and part.endswith(".xml"):
            yield Reject(span, "a sheet that the workbook does not list", "unknown_structure")


def with_gaps(found: Iterator[Sheet | Reject], source: Source) -> Iterator[Sheet | Reject | Span]:
    """What `read_sheets` found, and in between the bytes of the workbook's other parts, all in the order of bytes."""
    at = source.offset
    for one in found:
        if one.span.start > at:
            yield Span(at, one.span.start)
        yield one
        at = one.span.end
    if at < source.offset + len(source.view):
        yield Span(at, source.offset + len(source.view))


def _parts(data: bytes, offset: int) -> dict[str, Span]:
    """Part name -> its range in the archive: from its local header to the next one. Guards against zip bombs."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        end = archive.start_dir
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise _LimitError(
            f"the workbook has more than {MAX_PARTS} parts or unpacks to more than {MAX_UNPACKED >> 20} MiB"
        )
    if any(info.filename == _STRINGS and info.file_size > MAX_SHARED_STRINGS for info in infos):
        raise _LimitError(f"the workbook's strings unpack to more than {MAX_SHARED_STRINGS >> 20} MiB")
    starts = [info.header_offset for info in infos]
    ends = [*starts[1:], end]
    if any(b <= a for a, b in zip(starts, ends, strict=True)):
        raise ValueError("parts of the archive overlap")
    ranges = zip(infos, starts, ends, strict=True)
    return {info.filename: Span(offset + start, offset + stop) for info, start, stop in ranges}


def _open(data: bytes, *, cached: bool) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=cached, keep_links=False)


def _worksheets(book: openpyxl.Workbook) -> list[str]:
    return [sheet.title for sheet in book.worksheets]


def _part_of(book: openpyxl.Workbook, name: str) -> str:
    part: str = book[name]._worksheet_path  # noqa: SLF001 - openpyxl says nowhere else which part holds a sheet
    return part.lstrip("/")


def _sheet(name: str, span: Span, shown: openpyxl.Workbook, written: openpyxl.Workbook) -> Sheet | Reject:
    kind: RejectKind = "malformed"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Sheet(name, span, list(_rows(shown[name], written[name])))
    except _LimitError as error:
        kind, reason = "limit", str(error)
    except _FAULTS:
        reason = "the sheet is damaged; none of its rows is read"
    return Reject(span, reason, kind)


def _rows(shown: Any, written: Any) -> Iterator[SheetRow]:  # noqa: ANN401 - openpyxl has no types
    """Rows with the values the workbook shows; a formula that was never computed is kept as its text."""
    cells_seen = 0
    for sheet in (shown, written):
        sheet.reset_dimensions()  # what the sheet says of its own size would be filled up with empty cells
    values, formulas = (sheet.iter_rows(values_only=True) for sheet in (shown, written))
    for number, (row, texts) in enumerate(zip(values, formulas, strict=True), 1):
        cells_seen += len(row) + 1
        if cells_seen > MAX_CELLS:
            raise _LimitError(f"the sheet has more than {MAX_CELLS} cells; export it as CSV")
        cells = [_text(text if value is None else value) for value, text in zip(row, texts, strict=True)]
        if any(cells):
            yield SheetRow(number, cells)


def _text(value: object) -> str:
    """A cell as text: dates as ISO 8601 without zone, whole numbers without a fraction."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ", "microseconds" if value.microsecond else "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)
