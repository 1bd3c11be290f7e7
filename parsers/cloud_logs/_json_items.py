"""Bytes to JSON records: lines, documents, wrappers, CSV columns; what is none of a mapping's records is a reject."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from parsers.cloud_logs._json_places import Json, value_at
from parsers.contract import Reject, Skip, Span
from parsers.kit.jsonspans import JSON_STRUCTURE, Document, Element, load, open_document, top_keys, walk
from parsers.kit.lines import BLANK_LINE, Line, iter_lines
from parsers.kit.tables import DELIMITERS, bom_encoding, csv_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from parsers.cloud_logs._json_mapping import JsonMapping
    from parsers.contract import Source
    from parsers.kit.jsonspans import Path
    from parsers.kit.tables import Row

__all__ = ["COMMENT", "HEADER", "WRAPPER", "Record", "csv_delimiter", "is_record", "line_value", "records", "unwrap"]

HEADER, COMMENT, WRAPPER = "header row", "comment row", "wrapper property"

_PREFIX = re.compile(
    rb"(?:[A-Za-z0-9][A-Za-z0-9_.-]{0,63} {0,30}\| "  # docker compose
    rb"|\d{4}-\d\d-\d\dT[0-9:.]{5,20}(?:Z|[+-]\d\d:\d\d) (?:std(?:out|err) [FP] )?)?"  # docker logs -t, CRI
    rb"[ \t]{0,64}(?=[{\[\]])"
)
_BOM = b"\xef\xbb\xbf"
_LONGEST = 16 << 20
"""Longest JSON line that is read, bytes: audit records of whole mailboxes are far longer than log lines."""

_LOOK = 5  # lines looked at to tell lines from a document
_TOP = 1 << 16
_TITLES = 4096


class Record(NamedTuple):
    """One JSON object that is a record of the mapping, its bytes, and how people find it."""

    span: Span
    locator: str
    value: Json
    flags: tuple[str, ...]


Found = Record | Reject | Skip


def records(source: Source, mapping: JsonMapping) -> Iterator[Found]:
    """Every record of a source, with rejects and skips for all other bytes, in order."""
    if mapping.file.framing == "line":
        yield from _lines(source, mapping)
        return
    delimiter = csv_delimiter(bytes(source.view[:_TITLES]), mapping)
    if delimiter is not None:
        yield from _csv(source, delimiter, mapping)
        return
    document = open_document(source)
    if not _is_lines(document.text):
        yield from _document(document, mapping)
    elif document.units is None:
        yield from _lines(source, mapping)
    else:
        text = replace(source, view=document.text, offset=0)
        yield from (_shifted(found, document) for found in _lines(text, mapping))


def _shifted(found: Found, document: Document) -> Found:
    """An item of the UTF-8 text of a document, on the document's own bytes."""
    span = document.span(*found.span)
    return found._replace(span=span)


def _is_lines(text: memoryview) -> bool:
    """Whether a text holds one value a line, rather than one value over all lines."""
    head = bytes(text[:_LONGEST]).removeprefix(_BOM)
    lines: list[bytes] = []
    at = 0
    while len(lines) < _LOOK and at < len(head):
        end = head.find(b"\n", at)
        end = len(head) if end < 0 else end
        lines += [line] if (line := head[at:end].strip()) else []
        at = end + 1
    if len(lines) < 2 or lines[0][-1:] in b"[{,:":
        return False
    return any(isinstance(line_value(line), (dict, list)) for line in lines)


def line_value(line: bytes) -> object:
    """The JSON value of a line, without what a container platform put before it; None when there is none."""
    body = _body(line.removeprefix(_BOM))
    loaded = Element(Span(0, len(body)), (), memoryview(body)).load() if body else None
    return loaded.value if loaded and not isinstance(loaded, Reject) else None


def _body(line: bytes) -> bytes:
    prefix = _PREFIX.match(line)
    return line[prefix.end() :].rstrip(b" \t\r,") if prefix else b""


def _lines(source: Source, mapping: JsonMapping) -> Iterator[Found]:
    for line in iter_lines(source):
        if line.blank:
            yield Skip(line.span, BLANK_LINE)
        elif line.over_limit:
            yield from _long_line(line, source, mapping)
        else:
            yield from _line(line, line.raw, mapping)


def _long_line(line: Line, source: Source, mapping: JsonMapping) -> Iterator[Found]:
    start, end = (at - source.offset for at in line.span)
    if end - start > _LONGEST:
        yield Reject(line.span, f"the line is longer than {_LONGEST} bytes", "limit")
    else:
        yield from _line(line, bytes(source.view[start:end]).rstrip(b"\r\n"), mapping)


def _line(line: Line, raw: bytes, mapping: JsonMapping) -> Iterable[Found]:
    prefix = _PREFIX.match(raw, 3 if line.number == 1 and raw.startswith(_BOM) else 0)
    if prefix is None:
        return (Reject(line.span, "the line does not begin as JSON does"),)
    body = raw[prefix.end() :].rstrip(b" \t\r,")
    if body in {b"[", b"]"}:
        return (Skip(line.span, JSON_STRUCTURE),)
    loaded = load(body, line.span)
    if isinstance(loaded, Reject):
        cut = not line.ended and loaded.kind == "malformed"
        reason = "the last line ends inside its JSON value"
        return (loaded._replace(kind="truncated", reason=reason) if cut else loaded,)
    if isinstance(loaded.value, dict) and not _wraps(loaded.value, mapping):
        return (_record(line.span, line.locator, loaded.value, loaded.flags, mapping),)
    return _within(line, prefix.end(), body, mapping)


def _wraps(value: Json, mapping: JsonMapping) -> bool:
    return any(isinstance(value.get(name), list) for name in mapping.file.wrappers)


def _within(line: Line, start: int, body: bytes, mapping: JsonMapping) -> Iterator[Found]:
    """The records of a list, or of a wrapper, that stands on one line."""
    begin, end = line.span.start + start, line.span.start + start + len(body)
    if start:
        yield Skip(Span(line.span.start, begin), JSON_STRUCTURE)
    for found in _document(Document(memoryview(body), 0, begin), mapping):
        yield found._replace(locator=line.locator + found.locator) if isinstance(found, Record) else found
    if end < line.span.end:
        yield Skip(Span(end, line.span.end), JSON_STRUCTURE)


def _document(document: Document, mapping: JsonMapping) -> Iterator[Found]:
    root, names = top_keys(bytes(document.text[document.start : document.start + _TOP]))
    wrappers = set(mapping.file.wrappers)
    opened = root == "[" or bool(wrappers & set(names))

    def descend(path: Path) -> bool:
        return opened if not path else len(path) == 1 and root == "{" and path[0] in wrappers

    for item in walk(document, descend):
        if not isinstance(item, Element):
            yield item
        elif root == "{" and len(item.path) == 1:
            yield Skip(item.span, WRAPPER)
        else:
            yield _element(item, mapping)


def _element(element: Element, mapping: JsonMapping) -> Record | Reject:
    loaded = element.load()
    if isinstance(loaded, Reject):
        return loaded
    return _record(element.span, element.pointer or "document", loaded.value, loaded.flags, mapping)


def _record(span: Span, locator: str, value: object, flags: tuple[str, ...], mapping: JsonMapping) -> Record | Reject:
    inner = unwrap(value, mapping)
    if inner is None:
        return Reject(span, "the record is wrapped as JSON text that is not JSON")
    if inner is not value and not is_record(inner, mapping):
        return Reject(span, "the value is no record of this log: a member it needs is missing", "unknown_structure")
    return Record(span, locator, inner, flags)


def unwrap(value: object, mapping: JsonMapping) -> Json | None:
    """The value when it is a record, else the one inside a wrapping member; None when that holds no JSON object."""
    if not isinstance(value, dict):
        return {}
    if is_record(value, mapping):
        return value
    for at in mapping.inside:
        inner = value_at(value, at)
        if isinstance(inner, dict):
            return inner
        if isinstance(inner, str) and inner.lstrip().startswith("{"):
            data = inner.strip().encode("utf-8", "surrogatepass")
            loaded = Element(Span(0, len(data)), (), memoryview(data)).load()
            return None if isinstance(loaded, Reject) or not isinstance(loaded.value, dict) else loaded.value
    return {}


def is_record(value: Json, mapping: JsonMapping) -> bool:
    """Whether an object has what the mapping needs, and at least one thing it reads."""
    if any(value_at(value, at) is None for at in mapping.needs):
        return False
    return bool(mapping.needs) or any(value_at(value, at) is not None for at, _ in mapping.points)


def csv_delimiter(head: bytes, mapping: JsonMapping) -> str | None:
    """What cuts the titles of a CSV export with the mapping's column; None when a text does not begin as one."""
    if mapping.file.csv_column is None or mapping.file.csv_column.encode() not in head[:_TITLES].replace(b"\0", b""):
        return None
    text = head[:_TITLES].decode(bom_encoding(head) or "utf-8", "replace").removeprefix("\ufeff")
    lines = [line for line in text.split("\n")[:3] if not line.startswith(("#TYPE", '"#TYPE'))] or [""]
    for delimiter in DELIMITERS:
        if mapping.file.csv_column in [title.strip().strip('"') for title in lines[0].split(delimiter)]:
            return delimiter
    return None


def _csv(source: Source, delimiter: str, mapping: JsonMapping) -> Iterator[Found]:
    encoding = bom_encoding(bytes(source.view[:4])) or "utf-8"
    column: int | None = None
    titles: list[str] = []
    for row in csv_rows(source, delimiter, encoding):
        if isinstance(row, Reject):
            yield row
        elif not any(cell.strip() for cell in row.cells):
            yield Skip(row.span, BLANK_LINE)
        elif row.cells[0].startswith("#TYPE") and column is None:
            yield Skip(row.span, COMMENT)
        elif column is None or row.cells == titles:
            titles = row.cells
            column = titles.index(mapping.file.csv_column) if mapping.file.csv_column in titles else len(titles)
            yield Skip(row.span, HEADER)
        else:
            yield _csv_record(row, column, mapping)


def _csv_record(row: Row, column: int, mapping: JsonMapping) -> Record | Reject:
    cell = row.cells[column].strip() if column < len(row.cells) else ""
    data = cell.encode("utf-8", "surrogatepass")
    loaded = Element(row.span, (), memoryview(data)).load() if data else Reject(row.span, "the row has no record")
    if isinstance(loaded, Reject):
        return loaded
    flags = (*loaded.flags, *(("lossy_text",) if row.lossy else ()))
    return _record(row.span, f"row {row.number}", loaded.value, flags, mapping)
