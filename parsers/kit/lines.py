"""The only loop over lines, with the bytes each line came from.

A line ends at LF and nowhere else: CR, form feeds, NUL and U+2028 inside a line are its content, so nobody
who can write into a log can add lines to it. Memory is bounded by `_CHUNK`, however long a line is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Reject, Skip, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from parsers.contract import Item, Sample, Source

__all__ = ["BLANK_LINE", "BLANK_LINE_MEANING", "MAX_LINE", "Line", "items_of", "iter_lines", "line_items", "line_share"]

MAX_LINE = 64 << 10
"""Longest line that is parsed, bytes without its end; the servers read here write lines far below it."""

BLANK_LINE = "blank line"
BLANK_LINE_MEANING = "the line holds nothing, or only spaces and tabs"
_CHUNK = 1 << 20


class Line(NamedTuple):
    """One line.

    Attributes:
        span: Its bytes with the line end, in the member's stream.
        number: 1-based number in the member.
        raw: Its bytes without LF or CR LF. Only the first ``MAX_LINE + 1`` when it is over the limit.
    """

    span: Span
    number: int
    raw: bytes

    @property
    def locator(self) -> str:
        """How people cite the line."""
        return f"L{self.number}"

    @property
    def over_limit(self) -> bool:
        """Whether the line is longer than `MAX_LINE`, so that `raw` is only its beginning."""
        return len(self.raw) > MAX_LINE

    @property
    def ended(self) -> bool:
        """Whether a line end follows; the last line of a file that was cut has none."""
        return self.span.end - self.span.start > len(self.raw)

    @property
    def blank(self) -> bool:
        """Whether the line holds nothing but spaces, tabs and carriage returns."""
        return not self.raw.strip(b" \t\r")

    def reject_over_limit(self) -> Reject:
        """What to yield for a line that is over the limit."""
        return Reject(self.span, f"the line is longer than {MAX_LINE} bytes", "limit")


def iter_lines(source: Source) -> Iterator[Line]:
    """Every line of `source` in order, blank and over-long ones too. The last one may lack its line end."""
    view, number, start = source.view, source.first_line, 0
    while start < len(view):
        chunk = bytes(view[start : start + _CHUNK])
        final, whole = start + len(chunk) == len(view), chunk.rfind(b"\n") + 1
        stop = source.offset + start
        for data in chunk[: whole - 1].split(b"\n") if whole else ():
            begin, stop = stop, stop + len(data) + 1
            yield Line(Span(begin, stop), number, data.removesuffix(b"\r")[: MAX_LINE + 1])
            number += 1
        start += whole
        if whole < len(chunk) and (final or not whole):
            begin, start = start, _past_newline(view, start + len(chunk) - whole)
            raw = chunk[whole:].removesuffix(b"\r")[: MAX_LINE + 1]
            yield Line(Span(source.offset + begin, source.offset + start), number, raw)
            number += 1


def _past_newline(view: memoryview, at: int) -> int:
    """Index after the next newline at or after `at`, or the end."""
    while at < len(view):
        cut = bytes(view[at : at + _CHUNK]).find(b"\n")
        if cut >= 0:
            return at + cut + 1
        at += _CHUNK
    return len(view)


def line_items(source: Source, parse_line: Callable[[Line], Iterable[Item]]) -> Iterator[Item]:
    """What `parse_line` makes of every line; blank lines become `Skip`, over-long ones `Reject` of kind ``limit``.

    A format that uses this declares ``skips={BLANK_LINE: BLANK_LINE_MEANING}``.
    """
    for line in iter_lines(source):
        raw = line.raw
        if len(raw) <= MAX_LINE and raw.strip(b" \t\r"):  # most lines by far
            yield from parse_line(line)
        else:
            yield from items_of(line, parse_line)


def items_of(line: Line, parse_line: Callable[[Line], Iterable[Item]]) -> Iterable[Item]:
    """The items of one line; see `line_items`."""
    if line.over_limit:
        return (line.reject_over_limit(),)
    if line.blank:
        return (Skip(line.span, BLANK_LINE),)
    return parse_line(line)


def line_share(sample: Sample, predicate: Callable[[bytes], bool]) -> float:
    """Share (0..1) of the sample's non-blank lines that `predicate` accepts; 0 when there is none.

    A recogniser multiplies it by how specific a full match is.
    """
    lines = sample.lines()
    return sum(predicate(line[: MAX_LINE + 1]) for line in lines) / len(lines) if lines else 0.0
