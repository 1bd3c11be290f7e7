"""From items to tables: identity, types and byte accounting for every format alike.

`read` runs a format over a source and yields `Batch` values. It names every event, checks types against
`parsers.schema`, and proves that the items cover the source: whatever no item speaks of becomes a reject of kind
``unread``. Memory is bounded by one batch.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from parsers._assembly import ContractViolation, StreamId, assemble, reject_table
from parsers.contract import Event, Reject, Skip, Source, Span
from parsers.kit._pages import forget
from parsers.kit.runs import run_end
from parsers.kit.wide import narrow_format, takes_text, wide_codec
from parsers.schema import EVENTS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from parsers.contract import Format, Item, ParsedBlock

__all__ = [
    "PARSER_FAULTS",
    "Accounting",
    "Batch",
    "ContractViolation",
    "StreamId",
    "count_newlines",
    "event_records",
    "event_tables",
    "faulty_batch",
    "for_source",
    "line_end",
    "read",
]

BATCH_BYTES = 2 << 20
_ROWS = 4096
_WINDOW = 1 << 20
_TAIL = 1 << 16
_LF = 0x0A
_SNIFF = 4096
_OBJECTS_BETWEEN_COLLECTIONS = 20_000

PARSER_FAULTS = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)
"""What a faulty parser can raise; `pa.ArrowInvalid` and `ContractViolation` are ValueErrors."""


@dataclass(slots=True)
class Accounting:
    """Bytes and items of a source. `bytes_in == bytes_parsed + bytes_rejected + bytes_skipped`, always."""

    bytes_in: int = 0
    bytes_parsed: int = 0
    bytes_rejected: int = 0
    bytes_skipped: int = 0
    events: int = 0
    rejects: int = 0
    skips: dict[str, int] = field(default_factory=dict)

    def add(self, other: Accounting) -> None:
        """Add another source's figures to these."""
        for name in ("bytes_in", "bytes_parsed", "bytes_rejected", "bytes_skipped", "events", "rejects"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for rule, count in other.skips.items():
            self.skips[rule] = self.skips.get(rule, 0) + count


class Batch(NamedTuple):
    """Tables of one batch, and its accounting."""

    events: pa.Table
    texts: pa.Table
    rejects: pa.Table
    accounting: Accounting


def read(fmt: Format, source: Source, stream: StreamId) -> Iterator[Batch]:
    """Run `fmt` over `source`.

    Raises:
        ContractViolation: the parser broke its contract.
    """
    _collect_less_often()
    fmt = for_source(fmt, source)
    if fmt.parse_block is not None:
        for piece in _pieces(source, fmt.resumes):
            yield _block_batch(fmt, fmt.parse_block(piece), piece, stream)
        return
    end = source.offset + len(source.view)
    cursor = source.offset
    items: list[Item] = []
    for item in fmt.parse(source):
        full = len(items) >= _ROWS or (items and items[-1].span.end - cursor >= BATCH_BYTES)
        if full and items[-1].span != item.span:
            upto = items[-1].span.end
            yield _batch(fmt, {}, items, Span(cursor, upto), stream)
            forget(source.view, upto - source.offset)
            cursor, items = upto, []
        items.append(item)
    yield _batch(fmt, {}, items, Span(cursor, end), stream)


def for_source(fmt: Format, source: Source) -> Format:
    """The format as it has to read this source: one in UTF-16 is narrowed for formats of text."""
    codec = wide_codec(source.view[:_SNIFF]) if source.offset == 0 and takes_text(fmt) else None
    return narrow_format(fmt, codec) if codec else fmt


def _collect_less_often() -> None:
    """Let the process look for garbage cycles seldom: records are trees, and looking costs a fifth of the time."""
    now, *older = gc.get_threshold()
    if 0 < now < _OBJECTS_BETWEEN_COLLECTIONS:
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *older)


def line_end(view: memoryview, position: int) -> int:
    """Position after the first newline at or after `position`, or the end of the view."""
    while position < len(view):
        found = bytes(view[position : position + _WINDOW]).find(b"\n")
        if found >= 0:
            return position + found + 1
        position += _WINDOW
    return len(view)


def _pieces(source: Source, resumes: Callable[[bytes], bool] | None = None) -> Iterator[Source]:
    """Cut a source into batches after newlines and runs; an empty source is one empty batch."""
    view, start, line = source.view, 0, source.first_line
    while start < len(view) or start == 0:
        cut = _batch_end(view, start)
        end = run_end(view, cut, resumes) if resumes else cut
        yield Source(view[start:end], source.offset + start, line, source.settings, source.name)
        line += count_newlines(view[start : min(cut, start + BATCH_BYTES)])
        line += int(cut - start > BATCH_BYTES and view[cut - 1] == _LF) + count_newlines(view[cut:end])
        start = end
        if start >= len(view):
            return


def _batch_end(view: memoryview, start: int) -> int:
    """After the last newline of the batch, or, when one line fills it, after that line."""
    stop = start + BATCH_BYTES
    if stop >= len(view):
        return len(view)
    for begin in (max(start, stop - _TAIL), start):
        cut = bytes(view[begin:stop]).rfind(b"\n") + 1
        if cut:
            return begin + cut
    return line_end(view, stop)


def count_newlines(view: memoryview) -> int:
    """How many newlines `view` holds."""
    return int(np.count_nonzero(np.frombuffer(view, np.uint8) == _LF))


def _block_batch(fmt: Format, block: ParsedBlock, piece: Source, stream: StreamId) -> Batch:
    return _batch(fmt, block.columns, list(block.leftovers), Span(piece.offset, piece.offset + len(piece.view)), stream)


def _batch(fmt: Format, columns: Mapping[str, pa.Array], items: list[Item], bounds: Span, stream: StreamId) -> Batch:
    events = [i for i in items if isinstance(i, Event)]
    rejects = [i for i in items if isinstance(i, Reject)]
    skips = [i for i in items if isinstance(i, Skip)]
    for skip in skips:
        if skip.rule not in fmt.skips:
            raise ContractViolation(f"{fmt.id}: skip rule {skip.rule!r} is not declared")
    fast = _pairs(columns)
    gaps, parsed = _cover([fast, _spans(events)], [_spans(rejects), _spans(skips)], bounds, fmt.id)
    rejects += [Reject(gap, "no rule of this format speaks of these bytes", "unread") for gap in gaps]
    table, texts = assemble(fmt, columns, events, stream)
    counts: dict[str, int] = {}
    for skip in skips:
        counts[skip.rule] = counts.get(skip.rule, 0) + 1
    account = Accounting(
        bytes_in=bounds.end - bounds.start,
        bytes_parsed=parsed,
        bytes_rejected=sum(r.span.end - r.span.start for r in rejects),
        bytes_skipped=sum(s.span.end - s.span.start for s in skips),
        events=table.num_rows,
        rejects=len(rejects),
        skips=counts,
    )
    return Batch(table, texts, reject_table(rejects, stream), account)


def _pairs(columns: Mapping[str, pa.Array]) -> np.ndarray:
    if not columns:
        return np.empty((0, 2), np.int64)
    return np.column_stack([columns[n].to_numpy(zero_copy_only=False) for n in ("span_start", "span_end")])


def _spans(items: Sequence[Item]) -> np.ndarray:
    return np.fromiter(chain.from_iterable([i.span for i in items]), np.int64, 2 * len(items)).reshape(-1, 2)


def _cover(
    event_spans: list[np.ndarray], other_spans: list[np.ndarray], bounds: Span, format_id: str
) -> tuple[list[Span], int]:
    """Gaps between items, and bytes under events. Several events may share one span; nothing else may overlap."""
    of_events = _sorted_spans(event_spans)
    of_events = of_events[np.append(True, (of_events[1:] != of_events[:-1]).any(axis=1))[: len(of_events)]]
    spans = _sorted_spans([of_events, *other_spans])
    edges = np.concatenate([[bounds.start], spans[:, 1], [bounds.end]])
    starts = np.concatenate([spans[:, 0], [bounds.end]])
    if (spans[:, 1] <= spans[:, 0]).any() or (starts < edges[:-1]).any():
        where = int(np.argmax(starts < edges[:-1]))
        raise ContractViolation(f"{format_id}: empty, overlapping or out-of-range span near byte {int(starts[where])}")
    gaps = [Span(int(edges[i]), int(starts[i])) for i in np.flatnonzero(starts > edges[:-1])]
    return gaps, int((of_events[:, 1] - of_events[:, 0]).sum())


def _sorted_spans(parts: Sequence[np.ndarray]) -> np.ndarray:
    """All spans in order. Mostly the first part is long and in order already: the others are put in their places."""
    many, few = parts[0], _in_order(np.concatenate(parts[1:]))
    return _in_order(np.insert(many, np.searchsorted(many[:, 0], few[:, 0]), few, axis=0) if len(many) else few)


def _in_order(spans: np.ndarray) -> np.ndarray:
    if (spans[1:, 0] > spans[:-1, 0]).all():
        return spans
    return spans[np.lexsort((spans[:, 1], spans[:, 0]))]


def event_tables(fmt: Format, events: list[Event], stream: StreamId) -> tuple[pa.Table, pa.Table, pa.Table]:
    """The tables ``events``, ``texts`` and (empty) ``rejects`` of single events.

    Raises:
        ContractViolation: a column is unknown, or a value has the wrong type.
    """
    ordered = sorted(events, key=lambda event: event.span)
    return *assemble(fmt, {}, ordered, stream), reject_table([], stream)


def faulty_batch(source: Source, stream: StreamId, fault: Exception) -> Batch:
    """What is recorded when a reader fails: its whole source as one reject, so that other sources go on."""
    size = len(source.view)
    whole = Reject(
        Span(source.offset, source.offset + size), f"the reader failed ({type(fault).__name__}); not read", "unread"
    )
    rejects = [whole] if size else []
    account = Accounting(bytes_in=size, bytes_rejected=size, rejects=len(rejects))
    return Batch(EVENTS.empty_table(), TEXTS.empty_table(), reject_table(rejects, stream), account)


def event_records(batch: Batch) -> Iterator[dict[str, object]]:
    """Events as plain objects without nulls, times as RFC 3339 text, message text inline as ``text``."""
    texts = dict(zip(batch.texts["text_id"].to_pylist(), batch.texts["text"].to_pylist(), strict=True))
    events = batch.events
    held = [
        name
        for name, column in zip(events.column_names, events.columns, strict=True)
        if column.null_count < len(column)
    ]
    for row in events.select(held).to_pylist():
        out = {k: _plain(v) for k, v in row.items() if v is not None}
        if "text_id" in out:
            out["text"] = texts[row["text_id"]]
        yield out


def _plain(value: object) -> object:
    if hasattr(value, "isoformat"):
        return value.isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value
