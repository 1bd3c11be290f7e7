"""The labelled value of a page, its lines and its section (see `parsers.kit.htmlleaves`)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import NamedTuple

from parsers.kit.text import decode

__all__ = ["BLANK", "Leaf", "Part", "Section", "html_text", "parts_of"]

BLANK = b" \t\r\n\f\v"
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


class Section(NamedTuple):
    """A part of the page whose element has an ``id`` that starts with ``property-``; no name outside of any."""

    name: str | None
    start: int


class Part(NamedTuple):
    """One line of a value: its text, its bytes, and whether some of them are not UTF-8."""

    text: str
    start: int
    end: int
    lossy: bool


@dataclass(slots=True)
class Leaf:
    """A label and what stands in its cell.

    Attributes:
        section: Where it stands.
        level: How many cells it stands in.
        path: Labels around it, outermost first (at most six), then its own.
        label: As written, without entities and outer blanks; empty for text that belongs to no label.
        start: First byte of its row.
        parent: `start` of the leaf whose cell it stands in, -1 outside of cells.
        after_break: A page heading stands between it and what came before.
        end: Where the next leaf begins; for the last of a section the end of its text.
        text_end: End of its last text.
        parts: Lines of its value.
        links: Targets of links and images in its value.
        holds_rows: Further rows stand in its cell.
        broken: A page heading stands inside its row.
        state: ``cut`` when the bytes end inside its text, ``open`` when they end inside its row, else empty.
    """

    section: Section
    level: int
    path: tuple[str, ...]
    label: str
    start: int
    parent: int
    after_break: bool
    end: int = 0
    text_end: int = 0
    parts: tuple[Part, ...] = ()
    links: tuple[str, ...] = ()
    holds_rows: bool = False
    broken: bool = False
    state: str = ""

    @property
    def value(self) -> str:
        """The lines of the value."""
        return "\n".join(part.text for part in self.parts)


def parts_of(view: memoryview, bits: list[tuple[int, int, bool]], offset: int) -> tuple[Part, ...]:
    """Lines of a value from byte ranges; True begins a new line."""
    lines: list[list[tuple[int, int]]] = []
    for start, end, begins in bits:
        if begins or not lines:
            lines.append([])
        lines[-1].append((start, end))
    return tuple(_part(view, line, offset) for line in lines)


def _part(view: memoryview, ranges: list[tuple[int, int]], offset: int) -> Part:
    read = [html_text(view[start:end], strip=False) for start, end in ranges]
    text = "".join(text for text, _ in read).strip(BLANK.decode())
    return Part(text, offset + ranges[0][0], offset + ranges[-1][1], any(lossy for _, lossy in read))


def html_text(raw: bytes | memoryview, *, strip: bool = True) -> tuple[str, bool]:
    """Text of a run of HTML without tags, entities resolved, and whether some bytes are not UTF-8."""
    text, lossy = decode(raw)
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return (text.strip(BLANK.decode()) if strip else text), lossy
