"""Reads lines by one regular expression and a table of fields: a row at a time, or a batch as whole columns.

A `Field` turns the bytes of one or more groups into a `Part` and depends on nothing else, so equal bytes are read
once and remembered. Row and block reading take their values from the same memory: they cannot disagree.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from parsers.contract import Event, ParsedBlock, Reject, Span
from parsers.kit.lines import MAX_LINE, Line, items_of, line_items
from parsers.kit.text import decode
from parsers.schema import EVENTS

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from parsers.contract import Item, Source

__all__ = ["BOM", "Field", "LineReader", "Part", "parse_block", "parse_rows", "single"]

BOM = b"\xef\xbb\xbf"
_Entry = tuple[Any, tuple[str, ...], Any]
_NOTHING: Mapping[str, object] = MappingProxyType({})
_MEMO_ENTRIES = 1 << 14
_SURE_OF_HABIT = 2000  # values
_MEMO_KEY_BYTES = 512  # longer values are read each time, so that memory stays bounded


class Part(NamedTuple):
    """What a field states: values for its columns in their order, parse flags, named values without a column."""

    values: tuple[object, ...]
    flags: tuple[str, ...] = ()
    extra: Mapping[str, object] = _NOTHING


class Field(NamedTuple):
    """Groups of the expression (0-based) that are read together, and the columns they fill.

    `read` takes one ``bytes | None`` per group. No two fields of a reader fill the same column or extra key.
    A field that `bears_loss` is also read, with None for the others, when only its first group is certain.
    """

    groups: tuple[int, ...]
    columns: tuple[str, ...]
    read: Callable[..., Part]
    bears_loss: bool = False


class _Memo(dict[object, _Entry]):
    """What one field states, by the bytes it was read from; forgets all when full."""

    __slots__ = ("entry", "extra_keys", "field", "has_flags", "keeps", "missed", "single")

    def __init__(self, field: Field, entry: Callable[[Field, Part], _Entry]) -> None:
        super().__init__()
        self.field, self.entry, self.single = field, entry, len(field.groups) == 1
        self.has_flags, self.extra_keys = False, set[str]()
        self.keeps, self.missed = True, 0

    def entries(self, keys: Sequence[object]) -> list[_Entry]:
        """Entries of a batch. A field that hardly ever repeats (request ids, ports) is not remembered any longer."""
        before = self.missed
        found = list(map(self.__getitem__ if self.keeps else self.__missing__, keys))
        if self.keeps and self.missed - before > 0.9 * len(keys) > _SURE_OF_HABIT:
            self.keeps = False
            self.clear()
        return found

    def __missing__(self, key: object) -> _Entry:
        part = self.field.read(key) if self.single else self.field.read(*key)  # type: ignore[misc]
        if part[1]:
            self.has_flags = True
        if part[2]:
            self.extra_keys.update(part[2])
        entry = self.entry(self.field, part)
        if not self.keeps:
            return entry
        self.missed += 1
        if (len(key) if isinstance(key, bytes) else _size(key)) <= _MEMO_KEY_BYTES:
            if len(self) >= _MEMO_ENTRIES:
                self.clear()
            self[key] = entry
        return entry


def _size(key: object) -> int:
    return sum([len(part) for part in key if part is not None]) if isinstance(key, tuple) else 0


def _for_blocks(field: Field, part: Part) -> _Entry:  # noqa: ARG001 - the columns are the field's
    """Values, flags, and pieces of canonical JSON."""
    return part[0], part[1], [_fragment(name, value) for name, value in part[2].items()] if part[2] else ()


def _for_rows(field: Field, part: Part) -> _Entry:
    """Values by column without nulls, flags, and named values."""
    held = {name: value for name, value in zip(field.columns, part[0], strict=True) if value is not None}
    return held, part[1], part[2]


def _fragment(name: str, value: object) -> str:
    if type(value) is str:
        return f'"{name}":{_quoted(value)}'
    return f'"{name}":{value}' if type(value) is int else _json({name: value})[1:-1]


_quoted = json.encoder.encode_basestring
_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def single(column: str, read: Callable[[bytes], object], group: int) -> Field:
    """A field of one group and one column; an absent group is null."""
    return Field((group,), (column,), lambda raw: Part((None if raw is None else read(raw),)))


@dataclass(frozen=True, slots=True)
class LineReader:
    """An expression for whole lines, its fields, and what becomes of lines it does not match.

    Attributes:
        regex: Must match a whole line without its end; never a blank one.
        fields: Every group that is read.
        event_type: Type of the events.
        otherwise: Items of a line that does not match.
        open_end: The last group may be cut when the file ends without a line end; it is then not relied on.
        memos: What the fields stated, for blocks and for rows; `of` fills it.
    """

    regex: re.Pattern[bytes]
    fields: tuple[Field, ...]
    event_type: str
    otherwise: Callable[[Line], Iterable[Item]]
    open_end: bool
    memos: tuple[tuple[_Memo, ...], tuple[_Memo, ...]]

    @classmethod
    def of(
        cls,
        regex: re.Pattern[bytes],
        fields: Sequence[Field],
        event_type: str,
        *,
        otherwise: Callable[[Line], Iterable[Item]] | None = None,
        open_end: bool = False,
    ) -> LineReader:
        """A reader with empty memory."""
        blocks, rows = (tuple(_Memo(field, entry) for field in fields) for entry in (_for_blocks, _for_rows))
        return cls(regex, tuple(fields), event_type, otherwise or _refuse, open_end, (blocks, rows))

    def event(self, line: Line, groups: Sequence[bytes | None], unread: tuple[int, bytes, str] | None = None) -> Event:
        """The event of a matched line.

        `unread` is, when only a beginning is certain, how many groups are, the bytes after them and the flag to set.
        """
        memos: Sequence[_Memo] = self.memos[1]
        if unread is not None:
            certain = unread[0]
            groups = (*groups[:certain], *(None,) * (self.regex.groups - certain))
            memos = [m for m in memos if (m.field.groups[0] if m.field.bears_loss else max(m.field.groups)) < certain]
        values, flags, extra = _row(memos, groups)
        if unread is not None:
            extra |= {"unread_text": decode(unread[1]).text} if unread[1] else {}
            flags.append(unread[2])
        text = values.pop("text", None)
        if flags:
            values["parse_flags"] = flags
        if extra:
            values["extra"] = extra
        return Event(line.span, line.locator, self.event_type, values, text if isinstance(text, str) else None)

    def items(self, line: Line) -> Iterable[Item]:
        """Items of a line that is neither blank nor over the limit."""
        match = self.regex.fullmatch(line.raw.removeprefix(BOM) if line.number == 1 else line.raw)
        if match is None:
            return self.otherwise(line)
        last = self.regex.groups
        unsure = self.open_end and not line.ended and match[last] is not None
        return (self.event(line, match.groups(), (last - 1, match[last], "truncated") if unsure else None),)


def _row(
    memos: Sequence[_Memo], groups: Sequence[bytes | None]
) -> tuple[dict[str, object], list[str], dict[str, object]]:
    """Values, flags and named values of one line."""
    values: dict[str, object] = {}
    flags: list[str] = []
    extra: dict[str, object] = {}
    for memo in memos:
        wanted = memo.field.groups
        held, marks, named = memo[groups[wanted[0]] if memo.single else tuple([groups[g] for g in wanted])]
        values.update(held)
        if marks:
            flags += [mark for mark in dict.fromkeys(marks) if mark not in flags]
        if named:
            extra.update(named)
    return values, flags, extra


def _refuse(line: Line) -> Iterable[Item]:
    return (Reject(line.span, "the line is not written in this layout", "unknown_structure"),)


def parse_rows(source: Source, reader: LineReader) -> Iterator[Item]:
    """Items of every line, one at a time."""
    yield from line_items(source, reader.items)


def parse_block(source: Source, reader: LineReader) -> ParsedBlock:
    """The events of all matching lines as columns; the others, and a last line without end, one at a time."""
    data = bytes(source.view)
    lines = data.split(b"\n")
    stops = np.cumsum(np.fromiter(map(len, lines), np.int64, len(lines)) + 1)
    unended = lines.pop()
    if b"\r" in data:
        lines = [line.removesuffix(b"\r") for line in lines]
    if lines and source.first_line == 1:
        lines[0] = lines[0].removeprefix(BOM)
    matches = [m if m is None or len(m.string) <= MAX_LINE else None for m in map(reader.regex.fullmatch, lines)]
    kept = [at for at, match in enumerate(matches) if match]
    rest = [at for at, match in enumerate(matches) if not match] + ([len(lines)] if unended else [])
    stops[-1] = len(data)
    starts = np.concatenate([[0], stops[:-1]])
    leftovers = tuple(_one_by_one(source, data, rest, starts, stops, reader)) if rest else ()
    if not kept:
        return ParsedBlock({}, leftovers)
    at = np.array(kept)
    columns: dict[str, pa.Array] = {
        "span_start": pa.array(starts[at] + source.offset),
        "span_end": pa.array(stops[at] + source.offset),
        "locator": pa.array([f"L{number}" for number in (at + source.first_line).tolist()], pa.string()),
        "event_type": pa.array([reader.event_type] * len(kept), pa.string()).dictionary_encode(),
    }
    return ParsedBlock(columns | _columns(reader, [m.groups() for m in matches if m]), leftovers)


def _one_by_one(
    source: Source, data: bytes, rest: list[int], starts: np.ndarray, stops: np.ndarray, reader: LineReader
) -> Iterator[Item]:
    for at in rest:
        start, stop = int(starts[at]), int(stops[at])
        raw = data[start:stop].removesuffix(b"\n").removesuffix(b"\r")[: MAX_LINE + 1]
        line = Line(Span(source.offset + start, source.offset + stop), source.first_line + at, raw)
        yield from items_of(line, reader.items)


def _columns(reader: LineReader, rows: list[tuple[bytes | None, ...]]) -> dict[str, pa.Array]:
    groups: list[Sequence[object]] = list(zip(*rows, strict=True))
    columns: dict[str, pa.Array] = {}
    flagged: list[list[_Entry]] = []
    noted: dict[tuple[str, ...], list[_Entry]] = {}
    for memo in reader.memos[0]:
        wanted = memo.field.groups
        keys = groups[wanted[0]] if memo.single else list(zip(*(groups[g] for g in wanted), strict=True))
        cells = memo.entries(keys)
        for at, name in enumerate(memo.field.columns):
            columns[name] = _array(name, [cell[0][at] for cell in cells])
        flagged += [cells] if memo.has_flags else []
        if memo.extra_keys:
            noted[tuple(sorted(memo.extra_keys))] = cells
    if flagged:
        flags = [list(dict.fromkeys(chain.from_iterable(c[1] for c in row))) for row in zip(*flagged, strict=True)]
        columns["parse_flags"] = _array("parse_flags", [row or None for row in flags])
    if noted:
        columns["extra"] = pa.array(_extras(noted), pa.string())
    return columns


def _extras(noted: Mapping[tuple[str, ...], list[_Entry]]) -> list[str | None]:
    """Canonical JSON of each row. Fields of one key each are put in order once instead of in every row."""
    if all(len(keys) == 1 for keys in noted):
        ordered = [[cell[2][0] if cell[2] else None for cell in noted[keys]] for keys in sorted(noted)]
        joined = [",".join(filter(None, row)) for row in zip(*ordered, strict=True)]
    else:
        # `"key":value` sorts as its key does: keys hold no character below the quotation mark.
        rows = zip(*noted.values(), strict=True)
        joined = [",".join(sorted(chain.from_iterable([cell[2] for cell in row]))) for row in rows]
    return [f"{{{text}}}" if text else None for text in joined]


def _array(name: str, values: list[object]) -> pa.Array:
    if name == "text":
        return pa.array(values, pa.string())
    kind = EVENTS.field(name).type
    if pa.types.is_dictionary(kind):
        return pa.array(values, kind.value_type).dictionary_encode()
    return pa.array(values, kind)
