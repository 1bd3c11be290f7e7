"""Labelled values of provider HTML in the order of the page, whatever markup carries them, with their bytes.

`leaves` reads the page as a stream of tags (see `parsers.kit._htmltags`) and yields one `Leaf` per label. It builds
no tree: memory is bounded by the longest value, time is linear, and a page that is cut, unbalanced or interrupted by
page headings still gives every label with the value that stands in its own cell. A value is never taken from another
row; text that belongs to no label is a leaf without one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.kit._htmlleaf import BLANK, Leaf, Part, Section, html_text
from parsers.kit._htmlreader import Reader
from parsers.kit._htmltags import TOKEN, Does, Tag, read_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Leaf", "Part", "Section", "html_text", "leaves", "section_start"]

_CACHED, _CACHED_BYTES = 4096, 256
_SECTION = rb"<[a-zA-Z][^<>]*?\bid\s{0,9}=\s{0,9}[\"']?property-"


def leaves(view: memoryview, offset: int = 0) -> Iterator[Leaf]:
    """Every leaf of a page, in order; each section begins with a leaf of level -1 that holds its opening tag.

    Args:
        view: The page, or what is left of it.
        offset: Position of ``view[0]`` in its stream; positions in leaves count from there.
    """
    reader = Reader(view, offset)
    known: dict[bytes, Tag] = {}
    last = 0
    for match in TOKEN.finditer(view):
        start, end = match.span()
        raw = match[0]
        tag = known.get(raw) or _learn(known, raw)
        if reader.raw is not None:
            last = end
            if not _ends_raw(reader, tag):
                continue
        if start > last:
            reader.text(last, start)
        does = tag.does
        if does is Does.RAW or does is Does.COMMENT:
            reader.raw = tag.name
        elif does is Does.COMMENT_END:
            reader.text(start, end)
        else:
            reader.tag(tag, start, end)
        last = end
        if reader.out:
            yield from reader.out
            reader.out = []
    yield from _finish(reader, last)


def _ends_raw(reader: Reader, tag: Tag) -> bool:
    """Whether `tag` ends raw content and must be read itself: a row or section ends what was never closed."""
    if tag.name == reader.raw and tag.does in (Does.CLOSE, Does.COMMENT_END):
        reader.raw = None
        return False
    if tag.does in (Does.ROW, Does.LABEL) or tag.section is not None:
        reader.raw = None
        return True
    return False


def _learn(known: dict[bytes, Tag], raw: bytes) -> Tag:
    tag = read_tag(raw)
    if len(known) < _CACHED and len(raw) <= _CACHED_BYTES:
        known[raw] = tag
    return tag


def _finish(reader: Reader, last: int) -> list[Leaf]:
    """What stands after the last tag: text up to a tag that is cut, if one is."""
    rest = bytes(reader.view[last:])
    cut_tag = rest.find(b"<")
    text = rest if cut_tag < 0 else rest[:cut_tag]
    if text.strip(BLANK) and reader.raw is None:
        reader.text(last, last + len(text))
    if reader.pending and reader.frames:
        reader.pending.leaf.state = "cut" if text.strip(BLANK) and cut_tag < 0 else "open"
    reader.flush(None)
    return reader.out


def section_start(view: memoryview, name: str) -> int | None:
    """Where the first element begins whose ``id`` is ``property-`` and `name`; None when there is none."""
    found = re.search(_SECTION + re.escape(name.encode()) + rb"(?![\w.-])", view)
    return found.start() if found else None
