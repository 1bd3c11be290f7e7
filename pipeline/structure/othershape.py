"""The shape of tables, workbooks, markup and plain text: titles, names and counts, no cell and no text."""

from __future__ import annotations

import re
from collections import Counter
from typing import IO, TYPE_CHECKING

from parsers.contract import Reject, Source
from parsers.kit._htmltags import TOKEN
from parsers.kit.sheets import read_sheets
from parsers.kit.tables import bom_encoding, csv_rows, sniff_delimiter
from pipeline.structure.words import is_header, is_known, is_value_like

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["delimiter_of", "lines_shape", "markup_shape", "table_shape", "workbook_shape"]

_HEAD = 1 << 16
_PIECE = 1 << 20
_EVEN = 0.8  # share of the first records that a delimiter must cut alike
_MOST_HEADERS = 100
_HEADER_ROWS = 40  # first rows of a sheet in which its header is looked for
_MOST_NAMES = 400  # different names of elements, ids and classes
_ELEMENT = re.compile(rb"<([A-Za-z][\w:.-]{0,60})")
_ATTRIBUTE = re.compile(rb"\s([A-Za-z_:][\w:.-]{0,60})\s{0,9}=\s{0,9}(?:\"([^\"]{0,2000})\"|'([^']{0,2000})')")
_LISTED = {"id", "class"}
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def _title(cell: str, *, every_key: bool) -> str:
    cell = " ".join(cell.split())
    if not cell:
        return "(empty)"
    return cell if is_known(cell) or (every_key and not is_value_like(cell)) else "<column>"


def _header(cells: list[str], *, every_key: bool) -> str:
    return " | ".join(_title(c, every_key=every_key) for c in cells)


def delimiter_of(head: bytes) -> tuple[str, str] | None:
    """The delimiter and encoding of a table that starts with `head`; None when it is no table."""
    encoding = bom_encoding(head) or _encoding(head)
    found = sniff_delimiter(head[:_HEAD].decode(encoding, "replace"))
    return (found[0], encoding) if found and found[1] >= _EVEN else None


def _encoding(head: bytes) -> str:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.start > len(head) - 4 else "latin-1"
    return "utf-8"


def table_shape(view: memoryview, delimiter: str, encoding: str, *, every_key: bool) -> tuple[list[str], Counter[str]]:
    """Header rows of delimited text, and how many rows have how many cells.

    A header stands first, or after a row that has no second cell (a banner, a rule, a blank line).
    """
    counts: Counter[str] = Counter()
    headers: dict[str, None] = {}
    due = True
    for row in csv_rows(Source(view), delimiter, encoding):
        if isinstance(row, Reject):
            counts["rows that cannot be cut"] += 1
            continue
        filled = sum(1 for c in row.cells if c.strip())
        if filled < 2:
            counts["rows with one cell or none"] += 1
            due = True
            continue
        if due and is_header(row.cells) and len(headers) < _MOST_HEADERS:
            headers[_header(row.cells, every_key=every_key)] = None
            counts["header rows"] += 1
        else:
            counts[f"rows of {len(row.cells)} cells"] += 1
        due = False
    lines = [f"cells are separated by {_NAMES.get(delimiter, 'another sign')}, text is {encoding}"]
    lines += [f"header: {h}" for h in headers] or ["no row looks like a header; none is shown"]
    return lines, counts


def workbook_shape(data: bytes, *, every_key: bool) -> tuple[list[str], Counter[str]]:
    """Sheets of a workbook with their header rows."""
    lines: list[str] = []
    counts: Counter[str] = Counter()
    for sheet in read_sheets(data, 0):
        if isinstance(sheet, Reject):
            counts["parts that cannot be read"] += 1
            continue
        counts["sheets"] += 1
        counts["rows"] += len(sheet.rows)
        name = sheet.name if is_known(sheet.name) else "<sheet>"
        header = next((r for r in sheet.rows[:_HEADER_ROWS] if is_header(r.cells)), None)
        told = f"row {header.number}: {_header(header.cells, every_key=every_key)}" if header else "no header row found"
        lines.append(f"sheet {name}: {told}")
    return lines, counts


def markup_shape(stream: IO[bytes], *, every_key: bool) -> tuple[list[str], Counter[str]]:
    """Elements with their attributes, ids and classes of HTML or XML."""
    elements: Counter[str] = Counter()
    names: dict[str, Counter[str]] = {"id": Counter(), "class": Counter()}
    for tag in _tags(stream):
        match = _ELEMENT.match(tag)
        if not match:
            continue
        attributes = {a[1].decode("utf-8", "replace"): a[2] or a[3] or b"" for a in _ATTRIBUTE.finditer(tag[:8192])}
        _count(elements, _element(match[1].decode(), sorted(attributes), every_key=every_key))
        for kind in _LISTED & set(attributes):
            for name in attributes[kind].decode("utf-8", "replace").split():
                shown = name if is_known(name) or (every_key and not is_value_like(name)) else "<name>"
                _count(names[kind], shown)
    lines = [f"element {name}: {n}" for name, n in sorted(elements.items())]
    lines += [f"{kind} {name}: {n}" for kind, found in names.items() for name, n in sorted(found.items())]
    return lines, Counter(elements=sum(elements.values()))


def _count(counter: Counter[str], name: str) -> None:
    counter[name if name in counter or len(counter) < _MOST_NAMES else "<others>"] += 1


def _element(name: str, attributes: list[str], *, every_key: bool) -> str:
    named = [a if is_known(a) or (every_key and not is_value_like(a)) else "<attribute>" for a in attributes]
    shown = name.lower() if is_known(name) or (every_key and not is_value_like(name)) else "<element>"
    return f"{shown} [{', '.join(sorted(set(named)))}]" if named else shown


def _tags(stream: IO[bytes]) -> Iterator[bytes]:
    held = b""
    while piece := stream.read(_PIECE):
        data = held + piece
        end = 0
        for match in TOKEN.finditer(data):
            end = match.end()
            yield match[0]
        cut = data.rfind(b"<", max(end, len(data) - _HEAD))
        held = data[cut:] if cut >= 0 else b""


def lines_shape(stream: IO[bytes]) -> tuple[list[str], Counter[str]]:
    """Plain text: how many lines, nothing of what they say."""
    counts: Counter[str] = Counter()
    while piece := stream.read(_PIECE):
        counts["line ends"] += piece.count(b"\n")
    return ["plain text; nothing of it is shown"], counts
