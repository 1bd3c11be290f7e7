"""Google's return pages as a stream of list items, table rows and loose text, each with its bytes.

No tree is built: time is linear and memory is bounded by the longest row. A row holds exactly the cells written
between its own tags; text between cells, merged cells and a row that is cut make it odd, and odd rows are not read.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from parsers.contract import Span
from parsers.kit.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Block", "blocks", "is_page", "text_of"]

_TAG = re.compile(rb"<!--|-->|<[/!?]?[a-zA-Z][^<>]*>")
_NAME = re.compile(rb"<(/?)[!?]?([a-zA-Z][a-zA-Z0-9]{0,15})")
_MERGED = re.compile(rb"\b(?:col|row)span\s{0,9}=\s{0,9}[\"']?(?!1\b)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_RAW = {b"style", b"script", b"title", b"!--"}
_CELLS = {b"td", b"th"}
_HEADINGS = {b"h1", b"h2", b"h3", b"h4", b"h5", b"h6"}
_BREAKS = {b"br", b"p", b"div"}
_ENDS = {b"table", b"ul", b"ol", b"li", b"tr", b"body", b"html", b"thead", b"tbody", *_HEADINGS}

Kind = Literal["row", "entry", "heading", "loose", "table"]


@dataclass(slots=True)
class Block:
    """One piece of a page: a table row, a list entry, a heading, text of none of them, or the start of a table.

    `cells` holds the text of each cell (one for all but rows); `odd` says why a row must not be read,
    `titles` how many of its cells are marked as header cells.
    """

    kind: Kind
    start: int
    end: int
    cells: list[str] = field(default_factory=list)
    lossy: bool = False
    odd: str = ""
    titles: int = 0

    @property
    def span(self) -> Span:
        """Its bytes in the stream."""
        return Span(self.start, self.end)

    @property
    def text(self) -> str:
        """Text of its first cell."""
        return self.cells[0] if self.cells else ""


def is_page(head: bytes) -> bool:
    """Whether a member begins with a tag: text that holds a page further down (a message, say) is none."""
    return head[:64].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def text_of(raw: bytes) -> tuple[str, bool]:
    """Text between tags with entities resolved, and whether some bytes are not UTF-8."""
    text, lossy = decode(raw)
    return (_ENTITY.sub(lambda m: html.unescape(m[0]), text) if "&" in text else text), lossy


class _Reader:
    """The open block, and blocks that are complete."""

    __slots__ = ("bits", "in_cell", "offset", "open", "out", "raw")

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.open: Block | None = None
        self.out: list[Block] = []
        self.raw: bytes | None = None
        self.in_cell = False
        self.bits: list[list[str]] = []  # of each cell, joined once: a cell may have a million of them

    def begin(self, kind: Kind, at: int) -> Block:
        self.finish(at)
        self.open = Block(kind, self.offset + at, self.offset + at)
        self.bits = []
        return self.open

    def finish(self, at: int, *, odd: str = "", through: bool = False) -> None:
        """Hand out the open block; it ends at `at` when its own end tag does, else after its last text or tag."""
        block, self.open, self.in_cell = self.open, None, False
        if block is None:
            return
        if through:
            block.end = self.offset + at
        block.odd = block.odd or odd
        block.cells = [" ".join("".join(bits).split()) for bits in self.bits]
        if any(block.cells):
            self.out.append(block)

    def text(self, raw: bytes, start: int, end: int) -> None:
        block = self.open
        if not raw.strip():
            if block and self.bits:
                self.bits[-1].append(" ")
            return
        if block is None:
            block = self.begin("loose", start)
        text, lossy = text_of(raw)
        if block.kind == "row" and not self.in_cell:
            block.odd = "text stands between the cells of the row"
            self.bits.append([])
        if not self.bits:
            self.bits.append([])
        self.bits[-1].append(text)
        block.lossy |= lossy
        block.end = self.offset + end

    def tag(self, name: bytes, raw: bytes, start: int, end: int, *, closes: bool) -> None:
        if name in _CELLS:
            self._cell(name, raw, start, end, closes=closes)
        elif name in _ENDS:
            own = {b"tr": "row", b"li": "entry"}.get(name, "heading" if name in _HEADINGS else "")
            is_own = bool(self.open and self.open.kind == own and closes)
            self.finish(end, through=is_own)
            if not closes:
                self._opens(name, start)
        elif name in _BREAKS and self.open and self.bits:
            self.bits[-1].append(" ")
        if self.open and name in _CELLS:
            self.open.end = self.offset + end

    def _opens(self, name: bytes, start: int) -> None:
        kinds: dict[bytes, Kind] = {b"tr": "row", b"li": "entry", **dict.fromkeys(_HEADINGS, "heading")}
        if name == b"table":
            self.out.append(Block("table", self.offset + start, self.offset + start))
        elif name in kinds:
            self.begin(kinds[name], start)

    def _cell(self, name: bytes, raw: bytes, start: int, end: int, *, closes: bool) -> None:
        if closes:
            self.in_cell = False
            return
        block = self.open if self.open and self.open.kind == "row" else self.begin("row", start)
        self.bits.append([])
        block.titles += name == b"th"
        block.end = self.offset + end
        self.in_cell = True
        if _MERGED.search(raw[:300]):
            block.odd = "the row has merged cells"


def blocks(view: memoryview, offset: int = 0) -> Iterator[Block]:
    """Every block of a page in order. Blocks without any text are not handed out."""
    reader, last, raw_from = _Reader(offset), 0, 0
    for match in _TAG.finditer(view):
        start, end, raw = match.start(), match.end(), match[0]
        named = _NAME.match(raw)
        name = named[2].lower() if named else b"!--"
        closes = raw == b"-->" or bool(named and named[1])
        if reader.raw is None:
            reader.text(bytes(view[last:start]), last, start)
            if name in _RAW and not closes:
                reader.raw, raw_from = name, start
            else:
                reader.tag(name, raw, start, end, closes=closes)
        elif (name == reader.raw and closes) or (name in {b"tr", b"li", b"table"} and not closes):
            reader.raw = None
            reader.tag(name, raw, start, end, closes=closes)
        last = end
        yield from reader.out
        reader.out.clear()
    if reader.raw is None:
        reader.text(bytes(view[last:]), last, len(view))
    else:
        reader.begin("loose", raw_from)
        reader.text(b"never closed", raw_from, len(view))
    reader.finish(len(view), odd="the page ends inside it" if reader.open and reader.open.kind != "loose" else "")
    yield from reader.out
