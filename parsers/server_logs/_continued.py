"""Stack traces and other lines without a stamp, joined to the entry before them as one event.

Nothing in such a line says who wrote it; the flag ``lines_joined`` says that it was taken for part of the entry. A line
that bears a stamp or the layout of an access log is never taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from parsers.contract import Event, ParsedBlock, Reject, Span
from parsers.kit.lines import MAX_LINE, Line
from parsers.kit.runs import MOST_RUN
from parsers.kit.text import decode
from parsers.server_logs import _line_reader
from parsers.server_logs._web_row import layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from parsers.contract import Item, Source
    from parsers.server_logs._line_reader import LineReader

__all__ = ["Joiner", "resumes"]

_STAMPED = re.compile(
    rb"\[?(?:\d{4}[-/]\d\d[-/]\d\d|\d\d[-/][A-Za-z]{3}[-/]\d{4}|(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat),? |"
    rb"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d|\d{9,10}\.\d|<\d{1,3}>)|[0-9A-Fa-f.:]{3,45} \S{1,64} \S{1,64} \["
)


def resumes(line: bytes) -> bool:
    """Whether a line of an error log goes on from the one before: it holds text, and no stamp of its own."""
    if len(line) > MAX_LINE or not line.strip(b"\0 \t\r"):
        return False
    return _STAMPED.match(line) is None and layout_of(line) is None


class Joiner(NamedTuple):
    """Joins runs of refused lines to their entries.

    `completes` says of a matched entry whether what it lacks may stand at the end of the last line of its run.
    """

    reader: LineReader
    completes: Callable[[re.Match[bytes]], bool]

    def rows(self, source: Source) -> Iterator[Item]:
        """Items of every line, runs joined."""
        held: Event | None = None
        end = 0
        for item in _line_reader.parse_rows(source, self.reader):
            if held and isinstance(item, Reject) and _goes_on(item, source, held.span.end, end):
                end = item.span.end
                continue
            if held:
                yield held if end == held.span.end else self._joined(source, held.span, end, held.locator)
            held, end = (item, item.span.end) if isinstance(item, Event) else (None, 0)
            if held is None:
                yield item
        if held:
            yield held if end == held.span.end else self._joined(source, held.span, end, held.locator)

    def block(self, source: Source) -> ParsedBlock:
        """The same as columns; entries with a run are left-overs."""
        block = _line_reader.parse_block(source, self.reader)
        if not block.columns or not any(isinstance(item, Reject) for item in block.leftovers):
            return block
        ends = block.columns["span_end"].to_numpy(zero_copy_only=False)
        starts = block.columns["span_start"].to_numpy(zero_copy_only=False)
        runs, rest = _runs(block.leftovers, source, ends)
        if not runs:
            return block
        joined = [
            self._joined(source, Span(int(starts[at]), int(ends[at])), end, block.columns["locator"][at].as_py())
            for at, end in runs.items()
        ]
        kept = np.ones(len(ends), np.bool_)
        kept[list(runs)] = False
        columns = {name: column.filter(pa.array(kept)) for name, column in block.columns.items()}
        return ParsedBlock(columns if kept.any() else {}, (*joined, *rest))

    def _joined(self, source: Source, span: Span, end: int, locator: str) -> Event:
        """The event of an entry whose run ends at `end`."""
        start, stop = span.start - source.offset, span.end - source.offset
        number, entry = int(locator[1:]), _without_end(bytes(source.view[start:stop]))
        own = self._event(Line(Span(span.start, end), number, entry))
        more = _without_end(bytes(source.view[stop : end - source.offset])).replace(b"\r\n", b"\n")
        match = self.reader.regex.fullmatch(entry.removeprefix(_line_reader.BOM) if number == 1 else entry)
        text, lossy = decode(more)
        if match and self.completes(match):
            own, lossy = self._event(Line(own.span, number, entry + b"\n" + more)), False
        else:
            own = own._replace(text=f"{own.text or ''}\n{text}")
        raw = own.values.get("parse_flags")
        flags = [*(raw if isinstance(raw, list) else []), *(["lossy_text"] if lossy else []), "lines_joined"]
        return own._replace(values={**own.values, "parse_flags": list(dict.fromkeys(flags))})

    def _event(self, line: Line) -> Event:
        (item,) = self.reader.items(line)
        if not isinstance(item, Event):
            raise TypeError("an entry reads as an event")
        return item


def _without_end(raw: bytes) -> bytes:
    return raw.removesuffix(b"\n").removesuffix(b"\r")


def _goes_on(item: Reject, source: Source, entry_end: int, end: int) -> bool:
    """Whether a refused line belongs to the entry whose run ends at `end` so far."""
    if item.span.start != end or item.span.end - entry_end > MOST_RUN:
        return False
    return resumes(_without_end(bytes(source.view[item.span.start - source.offset : item.span.end - source.offset])))


def _runs(items: Iterable[Item], source: Source, ends: np.ndarray) -> tuple[dict[int, int], list[Item]]:
    """End of its run by number of the entry, and the items that are in none."""
    runs: dict[int, int] = {}
    rest: list[Item] = []
    entry = -1
    for item in items:
        at = int(np.searchsorted(ends, item.span.start)) if isinstance(item, Reject) else len(ends)
        if at < len(ends) and ends[at] == item.span.start:
            entry = at
        if isinstance(item, Reject) and entry >= 0 and _goes_on(
            item, source, int(ends[entry]), runs.get(entry, int(ends[entry]))
        ):  # fmt: skip
            runs[entry] = item.span.end
        else:
            entry = -1
            rest.append(item)
    return runs, rest
