"""From items to tables: identity, types and byte accounting for every format alike.

`read` runs a format over a source and yields `Batch` values. It names every event, checks types against
`parsers.schema`, and proves that the items cover the source: whatever no item speaks of becomes a reject of kind
``unread``. Memory is bounded by one batch.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parsers.contract import Event, Reject, Skip, Source, Span
from parsers.schema import COLUMNS, EVENTS, REJECTS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from parsers.contract import Format, Item, ParsedBlock

__all__ = [
    "PARSER_FAULTS",
    "Accounting",
    "Batch",
    "ContractViolation",
    "StreamId",
    "event_records",
    "faulty_batch",
    "line_end",
    "read",
]

BATCH_BYTES = 2 << 20
_ROWS = 4096
_WINDOW = 1 << 20
_LF = 0x0A
_FEW = 64  # rows up to which columns of nulls are kept for the next small file
_TYPES = {c.name: c.type for c in COLUMNS}
_NO_TEXTS, _NO_REJECTS = TEXTS.empty_table(), REJECTS.empty_table()

PARSER_FAULTS = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)
"""What a faulty parser can raise; `pa.ArrowInvalid` and `ContractViolation` are ValueErrors."""


_Columns = dict[str, "pa.Array | pa.ChunkedArray"]


class ContractViolation(ValueError):  # noqa: N818 - reads as the fact it states
    """A parser broke its contract (overlapping spans, unknown column, wrong type): a bug, never the evidence."""


class StreamId(NamedTuple):
    """Which bytes are read, as which format."""

    exhibit_sha256: str
    member_path: str
    format_id: str
    format_version: int

    @property
    def short(self) -> str:
        """16 hexadecimal digits that stand for the stream in event ids."""
        joined = "\0".join((self.exhibit_sha256, self.member_path, self.format_id, str(self.format_version)))
        return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


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
    if fmt.parse_block is not None:
        for piece in _pieces(source):
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
            cursor, items = upto, []
        items.append(item)
    yield _batch(fmt, {}, items, Span(cursor, end), stream)


def line_end(view: memoryview, position: int) -> int:
    """Position after the first newline at or after `position`, or the end of the view."""
    while position < len(view):
        found = bytes(view[position : position + _WINDOW]).find(b"\n")
        if found >= 0:
            return position + found + 1
        position += _WINDOW
    return len(view)


def _pieces(source: Source) -> Iterator[Source]:
    """Cut a source into batches after newlines; an empty source is one empty batch."""
    view, start, line = source.view, 0, source.first_line
    while start < len(view) or start == 0:
        window = bytes(view[start : start + BATCH_BYTES])
        if start + len(window) < len(view):
            cut = window.rfind(b"\n") + 1
            end = start + cut if cut else line_end(view, start + len(window))
        else:
            end = len(view)
        yield Source(view[start:end], source.offset + start, line, source.settings, source.name)
        line += window.count(b"\n", 0, end - start) + int(end - start > len(window) and view[end - 1] == _LF)
        start = end
        if start >= len(view):
            return


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
    table, texts = _event_tables(fmt, columns, events, stream)
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
    return Batch(table, texts, _reject_table(rejects, stream), account)


def _pairs(columns: Mapping[str, pa.Array]) -> np.ndarray:
    if not columns:
        return np.empty((0, 2), np.int64)
    return np.column_stack([columns[n].to_numpy(zero_copy_only=False) for n in ("span_start", "span_end")])


def _spans(items: Sequence[Item]) -> np.ndarray:
    return np.array([i.span for i in items], np.int64).reshape(-1, 2)


def _cover(
    event_spans: list[np.ndarray], other_spans: list[np.ndarray], bounds: Span, format_id: str
) -> tuple[list[Span], int]:
    """Gaps between items, and bytes under events. Several events may share one span; nothing else may overlap."""
    of_events = _sorted_spans(np.concatenate(event_spans))
    of_events = of_events[np.append(True, (of_events[1:] != of_events[:-1]).any(axis=1))[: len(of_events)]]
    spans = _sorted_spans(np.concatenate([of_events, *other_spans]))
    edges = np.concatenate([[bounds.start], spans[:, 1], [bounds.end]])
    starts = np.concatenate([spans[:, 0], [bounds.end]])
    if (spans[:, 1] <= spans[:, 0]).any() or (starts < edges[:-1]).any():
        where = int(np.argmax(starts < edges[:-1]))
        raise ContractViolation(f"{format_id}: empty, overlapping or out-of-range span near byte {int(starts[where])}")
    gaps = [Span(int(edges[i]), int(starts[i])) for i in np.flatnonzero(starts > edges[:-1])]
    return gaps, int((of_events[:, 1] - of_events[:, 0]).sum())


def _sorted_spans(spans: np.ndarray) -> np.ndarray:
    return spans[np.lexsort((spans[:, 1], spans[:, 0]))]


def _event_tables(
    fmt: Format, columns: Mapping[str, pa.Array], events: list[Event], stream: StreamId
) -> tuple[pa.Table, pa.Table]:
    parts = [_block_columns(columns)] if columns else []
    if events:
        parts.append(_row_columns(fmt, events))
    if not parts:
        return EVENTS.empty_table(), _NO_TEXTS
    held = parts[0]
    if len(parts) > 1:
        table = pa.concat_tables([pa.table(part) for part in parts], promote_options="permissive")
        table = table.take(np.argsort(table["span_start"].to_numpy(), kind="stable"))
        held = dict(zip(table.column_names, table.columns, strict=True))
    return _finish(fmt, held, stream)


def _finish(fmt: Format, held: _Columns, stream: StreamId) -> tuple[pa.Table, pa.Table]:
    starts = held["span_start"].to_numpy(zero_copy_only=False)
    n = len(starts)
    ids = _event_ids(starts, stream.short)
    constant = {
        "exhibit_sha256": stream.exhibit_sha256,
        "member_path": stream.member_path,
        "format_id": fmt.id,
        "tier": fmt.tier,
    }
    text = held.get("text")
    filled: _Columns = {
        "event_id": ids,
        "format_version": pa.array([fmt.version] * n, pa.int32()),
    }
    for name, value in constant.items():
        filled[name] = _constant(value, n)
    if text is not None:
        filled["text_id"] = pc.if_else(pc.is_valid(text), ids, pa.scalar(None, pa.string()))
    held = held | filled
    nulls = _few_nulls(n) if n <= _FEW else [pa.nulls(n, c.type) for c in COLUMNS]
    out = pa.table([held.get(c.name, null) for c, null in zip(COLUMNS, nulls, strict=True)], schema=EVENTS)
    return out, _text_table(out, text)


@lru_cache(maxsize=_FEW + 1)
def _few_nulls(n: int) -> list[pa.Array]:
    """One column of nulls per event column. Arrays never change, so files of a few records can share them."""
    return [pa.nulls(n, c.type) for c in COLUMNS]


def _constant(value: str, n: int) -> pa.Array:
    return _few_constants(value, n) if n <= _FEW else _repeated(value, n)


@lru_cache(maxsize=256)
def _few_constants(value: str, n: int) -> pa.Array:
    return _repeated(value, n)


def _repeated(value: str, n: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, np.int32)), pa.array([_storable(value)], pa.string()))


def _text_table(events: pa.Table, text: pa.ChunkedArray | None) -> pa.Table:
    if text is None:
        return _NO_TEXTS
    keep = pc.is_valid(text)
    rows = events.filter(keep)
    return pa.table(
        [rows["text_id"], rows["event_id"], rows["exhibit_sha256"], rows["event_type"], text.filter(keep)], schema=TEXTS
    )


def _event_ids(starts: np.ndarray, short: str) -> pa.Array:
    """``stream:first byte:ordinal``; the ordinal tells apart events that share a first byte."""
    n = len(starts)
    if n == 1:
        return pa.array([f"{short}:{int(starts[0]):014d}:000"], pa.string())
    index = np.arange(n)
    first = np.maximum.accumulate(np.where(np.r_[True, starts[1:] != starts[:-1]], index, 0)) if n else index
    padded = pc.utf8_lpad(pa.array(starts).cast(pa.string()), 14, "0")
    ordinal = pc.utf8_lpad(pa.array(index - first).cast(pa.string()), 3, "0")
    return pc.binary_join_element_wise(pa.scalar(short), padded, ordinal, ":")


def _block_columns(columns: Mapping[str, pa.Array]) -> _Columns:
    unknown = set(columns) - set(EVENTS.names) - {"text"}
    if unknown:
        raise ContractViolation(f"unknown columns {sorted(unknown)}")
    return {n: a if n == "text" else a.cast(_TYPES[n]) for n, a in columns.items()}


def _row_columns(fmt: Format, events: list[Event]) -> _Columns:
    names = sorted({name for e in events for name in e.values})
    unknown = [name for name in names if name not in _TYPES]
    if unknown:
        raise ContractViolation(f"{fmt.id}: unknown columns {unknown}")
    wrong = {e.event_type for e in events} - set(fmt.event_types)
    if wrong:
        raise ContractViolation(f"{fmt.id}: event types {sorted(wrong)} are not declared")
    data: _Columns = {
        "span_start": pa.array([e.span.start for e in events], pa.int64()),
        "span_end": pa.array([e.span.end for e in events], pa.int64()),
        "locator": pa.array([e.locator for e in events], pa.string()),
        "event_type": _array("event_type", [e.event_type for e in events]),
    }
    for name in names:
        data[name] = _array(name, [e.values.get(name) for e in events])
    if any(e.text is not None for e in events):
        data["text"] = pa.array([_storable(e.text) if e.text is not None else None for e in events], pa.string())
    return data


def _array(name: str, values: list[object]) -> pa.Array:
    kind = _TYPES[name]
    if name == "extra":
        values = [canonical_json(v) if v else None for v in values]
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array([_deep_storable(v) for v in values], kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, TypeError) as error:
        raise ContractViolation(f"column {name}: {error}") from error


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces; lone surrogates become visible escapes."""
    return json.dumps(_deep_storable(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _deep_storable(value: object) -> object:
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, dict):
        return {_storable(str(k)): _deep_storable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_deep_storable(v) for v in value]
    return value


def _reject_table(rejects: list[Reject], stream: StreamId) -> pa.Table:
    if not rejects:
        return _NO_REJECTS
    rejects = sorted(rejects, key=lambda r: r.span)
    return pa.table(
        [
            pa.array([f"{stream.short}:{r.span.start:014d}:r" for r in rejects], pa.string()),
            _constant(stream.exhibit_sha256, len(rejects)),
            _constant(stream.member_path, len(rejects)),
            _constant(stream.format_id, len(rejects)),
            pa.array([r.span.start for r in rejects], pa.int64()),
            pa.array([r.span.end for r in rejects], pa.int64()),
            pa.array([r.kind for r in rejects], REJECTS.field("kind").type),
            pa.array([r.reason for r in rejects], pa.string()),
        ],
        schema=REJECTS,
    )


def faulty_batch(source: Source, stream: StreamId, fault: Exception) -> Batch:
    """What is recorded when a reader fails: its whole source as one reject, so that other sources go on."""
    size = len(source.view)
    whole = Reject(
        Span(source.offset, source.offset + size), f"the reader failed ({type(fault).__name__}); not read", "unread"
    )
    rejects = [whole] if size else []
    account = Accounting(bytes_in=size, bytes_rejected=size, rejects=len(rejects))
    return Batch(EVENTS.empty_table(), TEXTS.empty_table(), _reject_table(rejects, stream), account)


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
