"""Files in which lines of several formats stand together: what the main format rejects is offered to its siblings.

A server's access log can hold error lines, a rotated file two layouts. The format that recognition chose reads first;
each line it rejects is given to the formats it names as siblings, in order, and the first that reads the whole line
without a reject keeps it. What nobody reads stays a reject of the main format.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from parsers._assembly import assemble
from parsers.clock import corrected
from parsers.contract import Event, Source, Span
from parsers.kit.wide import narrow_format, takes_text, wide_codec
from parsers.kit.years import NEIGHBOUR
from parsers.reader import Accounting, Batch, StreamId, read
from parsers.registry import find_format
from parsers.schema import REJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parsers.contract import Format, Settings

__all__ = ["read_member", "read_mixed"]

_LONGEST = 64 << 10
_KINDS = frozenset({"malformed", "unknown_structure"})


def read_member(fmt: Format, source: Source, stream: StreamId) -> Iterator[Batch]:
    """Run `fmt` and its siblings over `source`, with times corrected for the clock error the case states.

    Raises:
        ContractViolation: a parser broke its contract.
    """
    siblings = [find_format(name) for name in fmt.siblings]
    for batch in read_mixed(fmt, source, stream, siblings):
        yield corrected(batch, source.settings.clock_offset_s)


def read_mixed(fmt: Format, source: Source, stream: StreamId, siblings: Sequence[Format]) -> Iterator[Batch]:
    """Run `fmt` over `source`, and its siblings over the lines it rejects.

    Raises:
        ContractViolation: a parser broke its contract.
    """
    codec = wide_codec(source.view) if source.offset == 0 and takes_text(fmt) else None
    if codec:
        siblings = [narrow_format(sibling, codec) for sibling in siblings]
    lines = _LineCounter(source, codec)
    for batch in read(fmt, source, stream):
        if batch.rejects.num_rows and siblings:
            yield from _shared_out(batch, source, stream, siblings, lines)
        else:
            yield batch


class _LineCounter:
    """Line numbers of ascending positions, counting each byte once."""

    def __init__(self, source: Source, codec: str | None = None) -> None:
        self._source, self._at, self._line, self._codec = source, 0, source.first_line, codec

    def at(self, position: int) -> int:
        """Number of the line that starts at `position` of the member's stream."""
        index = position - self._source.offset
        passed = bytes(self._source.view[self._at : index])
        self._line += passed.decode(self._codec, "replace").count("\n") if self._codec else passed.count(b"\n")
        self._at = index
        return self._line


class _Neighbours:
    """Times of the main format's lines, by place: what a line without a year may be told."""

    def __init__(self, events: pa.Table) -> None:
        timed = events.filter(pc.is_valid(events["timestamp"]))
        self._places: list[int] = timed["span_start"].to_pylist()
        self._times: list[int] = timed["timestamp"].cast(pa.int64()).to_pylist()

    def told(self, place: int, settings: Settings) -> Settings:
        """The settings with the time of the line before `place`, or else of the one behind it."""
        if not self._places:
            return settings
        at = max(0, bisect_right(self._places, place) - 1)
        return replace(settings, options={**settings.options, NEIGHBOUR: str(self._times[at])})


def _shared_out(
    batch: Batch, source: Source, stream: StreamId, siblings: Sequence[Format], lines: _LineCounter
) -> Iterator[Batch]:
    taken: dict[str, list[Event]] = {}
    kept = []
    near: _Neighbours | None = None
    for row in batch.rejects.to_pylist():
        span = Span(row["span_start"], row["span_end"])
        number = lines.at(span.start)
        found = _first_reading(span, source, siblings, number) if _offered(row) else None
        if found and any(_lacks_year(event) for event in found[1]):
            near = near or _Neighbours(batch.events)
            told = replace(source, settings=near.told(span.start, source.settings))
            found = _first_reading(span, told, siblings, number)
        kept.append(found is None)
        if found:
            taken.setdefault(found[0].id, []).extend(found[1])
    moved = batch.rejects.filter(pc.invert(pa.array(kept, pa.bool_())))
    yield _without(batch, kept, moved)
    for sibling in siblings:
        if events := taken.get(sibling.id):
            yield _batch_of(sibling, events, stream)


def _lacks_year(event: Event) -> bool:
    flags = event.values.get("parse_flags")
    return isinstance(flags, list) and "year_ambiguous" in flags


def _offered(row: dict[str, Any]) -> bool:
    return row["kind"] in _KINDS and row["span_end"] - row["span_start"] <= _LONGEST


def _first_reading(
    span: Span, source: Source, siblings: Sequence[Format], line: int
) -> tuple[Format, list[Event]] | None:
    view = source.view[span.start - source.offset : span.end - source.offset]
    piece = Source(view, span.start, line, source.settings, source.name)
    for sibling in siblings:
        items = list(sibling.parse(piece))
        events = [item for item in items if isinstance(item, Event)]
        if events and len(events) == len(items) and all(event.span == span for event in events):
            return sibling, events
    return None


def _without(batch: Batch, kept: list[bool], moved: pa.Table) -> Batch:
    size = sum(e - s for s, e in zip(moved["span_start"].to_pylist(), moved["span_end"].to_pylist(), strict=True))
    account = Accounting()
    account.add(batch.accounting)
    account.add(Accounting(bytes_in=-size, bytes_rejected=-size, rejects=-moved.num_rows))
    return batch._replace(rejects=batch.rejects.filter(pa.array(kept, pa.bool_())), accounting=account)


def _batch_of(fmt: Format, events: list[Event], stream: StreamId) -> Batch:
    own = stream._replace(format_id=fmt.id, format_version=fmt.version)
    table, texts = assemble(fmt, {}, events, own)
    size = sum(span.end - span.start for span in {event.span for event in events})
    return Batch(table, texts, REJECTS.empty_table(), Accounting(bytes_in=size, bytes_parsed=size, events=len(events)))
