"""Entries of several lines: each begins at a line that says so and holds the lines after it that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from parsers.contract import Reject, Span
from parsers.kit.lines import iter_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from parsers.contract import Item, Source
    from parsers.kit.lines import Line

__all__ = ["LONGEST_ENTRY", "Entry", "entries", "items_of_entries", "written_in"]

LONGEST_ENTRY = 1 << 20
"""Bytes of one entry; the lines beyond are rejected."""

Beginning = TypeVar("Beginning")


class Entry(NamedTuple, Generic[Beginning]):
    """The lines of one entry, or of what stands before the first.

    Attributes:
        beginning: What its first line was read as; None for the lines before the first entry.
        span: Its bytes.
        lines: Numbers of its first and last line.
        excess: Bytes of its lines beyond `LONGEST_ENTRY`.
    """

    beginning: Beginning | None
    span: Span
    lines: tuple[int, int]
    excess: Span | None = None

    @property
    def locator(self) -> str:
        """How people cite the entry."""
        first, last = self.lines
        return f"L{first}" if first == last else f"L{first}-L{last}"


def entries(source: Source, begins: Callable[[Line], Beginning | None]) -> Iterator[Entry[Beginning]]:
    """The entries of `source` in order; `begins` reads a line that begins one and gives None for any other."""
    entry: Entry[Beginning] | None = None
    for line in iter_lines(source):
        beginning = begins(line)
        if beginning is None:
            entry = _longer(entry, line)
            continue
        if entry:
            yield entry
        entry = Entry(beginning, line.span, (line.number, line.number))
    if entry:
        yield entry


def _longer(entry: Entry[Beginning] | None, line: Line) -> Entry[Beginning]:
    if entry is None:
        return Entry(None, line.span, (line.number, line.number))
    if entry.excess:
        return entry._replace(excess=Span(entry.excess.start, line.span.end))
    if entry.beginning is not None and line.span.end - entry.span.start > LONGEST_ENTRY:
        return entry._replace(excess=line.span)
    return entry._replace(span=Span(entry.span.start, line.span.end), lines=(entry.lines[0], line.number))


def items_of_entries(
    source: Source,
    begins: Callable[[Line], Beginning | None],
    read: Callable[[Entry[Beginning], Beginning], Item],
) -> Iterator[Item]:
    """What `read` makes of every entry; the lines before the first and those beyond the limit are rejected."""
    for entry in entries(source, begins):
        if entry.beginning is None:
            yield Reject(entry.span, "these lines stand before the first message")
        else:
            yield read(entry, entry.beginning)
        if entry.excess:
            yield Reject(entry.excess, f"the message is longer than {LONGEST_ENTRY} bytes", "limit")


def written_in(source: Source, entry: Entry[Beginning]) -> bytes:
    """The bytes of an entry without its last line end."""
    raw = bytes(source.view[entry.span.start - source.offset : entry.span.end - source.offset])
    return raw.removesuffix(b"\n").removesuffix(b"\r")
