"""The only loops over delimited text and spreadsheets, with the bytes of every row.

Delimited text is cut into records by a small splitter over lines that knows when a quoted field is open; the `csv`
module then reads one record at a time. A quote that never closes costs its own line, not the rest of the file.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Literal, NamedTuple

from parsers.contract import Reject, Span
from parsers.kit.lines import MAX_LINE, iter_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from parsers.contract import Source

__all__ = ["DELIMITERS", "ENCODINGS", "Row", "bom_encoding", "csv_rows", "sniff_delimiter"]

DELIMITERS = (",", ";", "\t", "|")
_ISO_PARTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)
_CODE_PAGES = (437, 850, 852, 866, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258)
_NAMED = ("ascii", "latin-1", "koi8-r", "koi8-u", "mac-roman")
_SINGLE_BYTE = (*_NAMED, *(f"iso-8859-{n}" for n in _ISO_PARTS), *(f"cp{n}" for n in _CODE_PAGES))
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", *_SINGLE_BYTE)
"""Encodings a table may be declared to have."""

_QUOTE = '"'
_OPEN_LINES, _OPEN_CHARS = 2000, 1 << 20
"""Longest record with a quoted field over several lines."""
_RUNAWAYS = 20
"""After so many quotes that never close, quoted fields are no longer read over several lines."""
_SNIFF_RECORDS = 50


class Row(NamedTuple):
    """One record: its bytes, its 1-based number, its cells, and whether bytes had to be shown as escapes."""

    span: Span
    number: int
    cells: list[str]
    lossy: bool


class _Line(NamedTuple):
    span: Span
    text: str
    lossy: bool
    over_limit: bool


def bom_encoding(head: bytes) -> str | None:
    """The encoding a byte order mark announces."""
    marks = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
    return next((encoding for mark, encoding in marks if head.startswith(mark)), None)


def sniff_delimiter(text: str) -> tuple[str, float, int] | None:
    """The delimiter that cuts the first records of `text` most evenly, the share it does so for, and the columns.

    None when no delimiter makes at least two columns. The same text always gives the same answer.
    """
    found = [(share, columns, d) for d in DELIMITERS for share, columns in [_evenness(text, d)] if columns > 1]
    if not found:
        return None
    share, columns, delimiter = max(found, key=lambda f: (f[0], f[1], -DELIMITERS.index(f[2])))
    return delimiter, share, columns


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    counts: list[int] = []
    try:
        for cells in csv.reader(text.splitlines(keepends=True), delimiter=delimiter):
            if cells:
                counts.append(len(cells))
            if len(counts) >= _SNIFF_RECORDS:
                break
    except csv.Error:
        return 0.0, 0
    if not counts:
        return 0.0, 0
    usual = max(sorted(set(counts)), key=counts.count)
    return counts.count(usual) / len(counts), usual


_State = Literal["complete", "runaway", "limit"]


def csv_rows(source: Source, delimiter: str, encoding: str) -> Iterator[Row | Reject]:
    """Every record of delimited text in order, blank ones too (one empty cell or none)."""
    for number, (lines, state) in enumerate(_records(_lines(source, encoding), delimiter), 1):
        span = lines[0].span if len(lines) == 1 else Span(lines[0].span.start, lines[-1].span.end)
        if state == "limit":
            yield Reject(span, f"the line is longer than {MAX_LINE} bytes", "limit")
        elif state == "runaway":
            yield Reject(span, "a quoted field begins here and is never closed")
        else:
            yield _row(span, number, lines, delimiter)


def _row(span: Span, number: int, lines: list[_Line], delimiter: str) -> Row | Reject:
    if len(lines) == 1 and _QUOTE not in lines[0].text:
        bare = lines[0].text.removesuffix("\n").removesuffix("\r")
        if 0 < len(bare) <= MAX_LINE and "\r" not in bare:  # what the csv module does, without a reader for a line
            return Row(span, number, bare.split(delimiter), lines[0].lossy)
    text = "".join(line.text for line in lines)
    try:
        cells = next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return Reject(span, "the record cannot be cut into fields (a field is too long, or holds a bare line end)")
    return Row(span, number, cells, any(line.lossy for line in lines))


def _records(lines: Iterator[_Line], delimiter: str) -> Iterator[tuple[list[_Line], _State]]:
    """Lines grouped into records. A group that never closes gives its later lines back."""
    again: list[_Line] = []
    runaways = 0

    def pull() -> _Line | None:
        return again.pop() if again else next(lines, None)

    while first := pull():
        group, state = _take(first, pull, delimiter, may_span=runaways < _RUNAWAYS)
        if state == "runaway":
            runaways += 1
            again.extend(reversed(group[1:]))
            group = group[:1]
        yield group, state


def _take(
    first: _Line, pull: Callable[[], _Line | None], delimiter: str, *, may_span: bool
) -> tuple[list[_Line], _State]:
    """The lines of one record: as many as it takes to close its quoted fields."""
    if first.over_limit:
        return [first], "limit"
    group, size = [first], len(first.text)
    is_open = _open_after(first.text, delimiter, is_open=False)
    while is_open:
        line = pull() if may_span and len(group) < _OPEN_LINES and size < _OPEN_CHARS else None
        if line is None:
            return group, "runaway"
        group.append(line)
        if line.over_limit:
            return group, "runaway"
        size += len(line.text)
        is_open = _open_after(line.text, delimiter, is_open=True)
        if not _closes_well(line.text, delimiter):
            return group, "runaway"
    return group, "complete"


def _open_after(text: str, delimiter: str, *, is_open: bool) -> bool:
    """Whether a quoted field is open at the end of `text` (RFC 4180: a quote counts at the start of a field)."""
    if _QUOTE not in text:
        return is_open
    at = 0
    while True:
        if not is_open:
            if text[at : at + 1] != _QUOTE:
                at = text.find(delimiter + _QUOTE, at) + 1
                if not at:
                    return False
            at += 1
        is_open = False
        at = text.find(_QUOTE, at) + 1
        if not at:
            return True
        if text[at : at + 1] == _QUOTE:
            at, is_open = at + 1, True
            continue
        at = text.find(delimiter, at) + 1
        if not at:
            return False


def _closes_well(text: str, delimiter: str) -> bool:
    """Whether the quote that closes a field open from an earlier line ends it, too (RFC 4180).

    Where it does not, it is rather a quote that opens a field, and the earlier one was never closed.
    """
    at = text.find(_QUOTE)
    while at >= 0 and text[at + 1 : at + 2] == _QUOTE:
        at = text.find(_QUOTE, at + 2)
    return at < 0 or text[at + 1 : at + 2] in {delimiter, "\r", "\n", ""}


def _lines(source: Source, encoding: str) -> Iterator[_Line]:
    lines = _wide_lines(source, encoding) if encoding.startswith("utf-16") else _narrow_lines(source)
    first = True
    for span, raw in lines:
        over_limit = len(raw) > MAX_LINE
        text, lossy = ("", False) if over_limit else _decode(raw, encoding)
        yield _Line(span, text.removeprefix("\ufeff") if first else text, lossy, over_limit)
        first = False


def _narrow_lines(source: Source) -> Iterator[tuple[Span, bytes]]:
    for line in iter_lines(source):
        start = line.span.start - source.offset
        yield line.span, bytes(source.view[start : min(line.span.end - source.offset, start + MAX_LINE + 1)])


def _wide_lines(source: Source, encoding: str) -> Iterator[tuple[Span, bytes]]:
    """Lines of UTF-16: U+000A at an even place. The whole member is held once, as it is by `source` already."""
    data = bytes(source.view)
    newline = b"\0\n" if encoding == "utf-16-be" else b"\n\0"
    start = 0
    while start < len(data):
        end = data.find(newline, start)
        while end >= 0 and end % 2:
            end = data.find(newline, end + 1)
        end = end + 2 if end >= 0 else len(data)
        yield Span(source.offset + start, source.offset + end), data[start : min(end, start + MAX_LINE + 1)]
        start = end


def _decode(raw: bytes, encoding: str) -> tuple[str, bool]:
    try:
        return raw.decode(encoding), False
    except UnicodeDecodeError:
        return raw.decode(encoding, "backslashreplace"), True
