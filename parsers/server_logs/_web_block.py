"""Access-log lines a batch at a time: the positions of a few bytes give every field of every ordinary line.

One pass finds blanks, quotation marks and control bytes; all else is arithmetic on their positions. A line is
taken only when every field has the plainest form there is. The rest, down to the last doubt, goes to the row parser.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from parsers.contract import ParsedBlock, Source, Span
from parsers.kit.lines import MAX_LINE, Line, items_of, iter_lines
from parsers.server_logs._web_columns import columns_of
from parsers.server_logs._web_marks import marks_of
from parsers.server_logs._web_row import parse_line
from parsers.server_logs._web_spans import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item
    from parsers.server_logs._web_marks import Ints, Marks
    from parsers.server_logs._web_row import Layout

__all__ = ["parse_block"]

_BOM = b"\xef\xbb\xbf"


def parse_block(source: Source, *, layout: Layout) -> ParsedBlock:
    """The same events as the row parser's, as columns; lines of any doubt are left to it."""
    if not len(source.view):
        return ParsedBlock({})
    if source.first_line == 1 and source.view[:3] == _BOM:
        return _after_mark(source, layout)
    marks = marks_of(source.view)
    taken, columns = columns_of(marks, fields_of(marks, layout), source.offset, source.first_line)
    left = np.ones(len(marks.starts), np.bool_)
    left[taken] = False
    items = tuple(_left_over(source, marks, np.flatnonzero(left), layout))
    return ParsedBlock(columns if len(taken) else {}, items)


def _after_mark(source: Source, layout: Layout) -> ParsedBlock:
    """The first line, which begins with a byte order mark, by the row parser; the rest as columns."""
    first = next(iter_lines(source))
    size = first.span.end - first.span.start
    rest = Source(source.view[size:], source.offset + size, first.number + 1, source.settings, source.name)
    block = parse_block(rest, layout=layout)
    return ParsedBlock(block.columns, (*items_of(first, partial(parse_line, layout=layout)), *block.leftovers))


def _left_over(source: Source, marks: Marks, lines: Ints, layout: Layout) -> Iterator[Item]:
    parse = partial(parse_line, layout=layout)
    bounds = zip(*(edges[lines].tolist() for edges in (marks.starts, marks.stops, marks.ends)), strict=True)
    for number, (start, stop, end) in zip((lines + source.first_line).tolist(), bounds, strict=True):
        raw = marks.data[start : min(end, start + MAX_LINE + 1)]
        yield from items_of(Line(Span(source.offset + start, source.offset + stop), number, raw), parse)
