"""Items of the "My Activity" page: their lines of text, links and bytes. Linear, without a tree."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.kit.text import decode
from parsers.platform_exports._google_html import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PageItem", "page_items"]

_ITEM = re.compile(rb"<div[^<>]{0,40}\bclass=\"outer-cell\b")
_TAG = re.compile(rb"<[/!]?([a-zA-Z][a-zA-Z0-9]{0,15})[^<>]*>")
_CLASS = re.compile(rb"\bclass=\"([^\"<>]{0,300})\"")
_HREF = re.compile(rb"\bhref=\"([^\"<>]{0,8192})\"")
_END = b"</body>"
_BLANK = " \t\r\n"
_BREAKS = {b"br", b"p", b"div"}
_REGIONS = ((b"header-cell", "header"), (b"mdl-typography--caption", "caption"), (b"content-cell", "lines"))


@dataclass(slots=True)
class PageItem:
    """One item: its bytes, its lines, product heading, small print, and links of its text."""

    start: int
    end: int
    cut: bool
    texts: dict[str, list[str]] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    lossy: bool = False

    @property
    def lines(self) -> list[str]:
        """Lines of the item's own text."""
        return self.texts.get("lines", [])

    @property
    def header(self) -> str:
        """Product the item belongs to."""
        return " ".join(self.texts.get("header", []))

    @property
    def caption(self) -> list[str]:
        """Small print below: products, details."""
        return self.texts.get("caption", [])


def page_items(view: memoryview, offset: int) -> Iterator[PageItem]:
    """Every item in order; one reaches to where the next begins."""
    before: int | None = None
    for match in _ITEM.finditer(view):
        if before is not None:
            yield _item(bytes(view[before : match.start()]), offset + before, cut=False)
        before = match.start()
    if before is not None:
        rest = bytes(view[before:])
        end = rest.rfind(_END)
        yield _item(rest[:end] if end >= 0 else rest, offset + before, cut=end < 0)


def _item(raw: bytes, start: int, *, cut: bool) -> PageItem:
    item, region, last, fresh = PageItem(start, start + len(raw), cut), "lines", 0, True
    bits: dict[str, list[list[str]]] = {name: [] for _, name in _REGIONS}
    for match in _TAG.finditer(raw):
        fresh = _add(item, bits[region], raw[last : match.start()], fresh=fresh)
        last, name, tag = match.end(), match[1].lower(), match[0]
        fresh = fresh or name in _BREAKS
        if name == b"div" and (classes := _CLASS.search(tag)):
            region = next((r for word, r in _REGIONS if word in classes[1]), region)
        if name == b"a" and region == "lines" and (link := _HREF.search(tag)):
            item.links.append(html.unescape(decode(link[1]).text))
    _add(item, bits[region], raw[last:], fresh=fresh)
    item.texts = {name: ["".join(line).strip(_BLANK) for line in lines] for name, lines in bits.items()}
    return item


def _add(item: PageItem, lines: list[list[str]], raw: bytes, *, fresh: bool) -> bool:
    """Add text to a region's last line, or as a new one; gives whether the next text begins a line."""
    if not raw.strip():
        return fresh
    text, lossy = text_of(raw)
    item.lossy |= lossy
    if fresh or not lines:
        lines.append([])
    lines[-1].append(text)
    return False
