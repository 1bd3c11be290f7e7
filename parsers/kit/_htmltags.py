"""Tags of provider HTML, read once per distinct tag: what a tag does to the flattener of `parsers.kit.htmlleaves`.

Three generations of markup say the same with different tags. A *row* holds a label and its cell, a *cell* holds the
value or further rows; everything else is layout:

| generation | row | label | cell |
|---|---|---|---|
| tables | ``tr`` | ``th`` | ``td`` |
| ``div_table`` | class ``div_table``, ``outer``, ``inner``; style ``display:table`` | text in it | class ``most_inner``, ``display:table-cell`` |
| letters | class ``t`` (with ``o``, ``i``) | text in it | class ``m`` |
"""  # noqa: E501 - a table

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

__all__ = ["TOKEN", "Does", "Tag", "read_tag"]

TOKEN = re.compile(rb"<!--|-->|<[/!?]?[a-zA-Z][^<>]*>")
"""Linear: what follows ``<`` never holds another ``<``, so no byte is scanned twice."""

_NAME = re.compile(rb"<[/!?]?([a-zA-Z][a-zA-Z0-9]{0,15})")
_ATTRIBUTE = re.compile(
    rb"(?<![\w-])(id|class|style|href|src)\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)
_SECTION = re.compile(rb"property-([\w.-]{1,80})", re.ASCII)
_PAGE = re.compile(rb"page_?\d{1,9}")
_DISPLAY = re.compile(rb"display\s{0,9}:\s{0,9}(table-cell|table)(?![\w-])")
_MOST_ATTRIBUTES = 4096  # bytes of a tag in which attributes are looked for
_ROWS, _CELLS = {b"t", b"div_table", b"outer", b"inner"}, {b"m", b"most_inner"}
_RAW = {b"style", b"script", b"title"}
_LINES = {b"br", b"p", b"li", b"ul", b"ol", b"hr", b"pre", b"h1", b"h2", b"h3", b"h4", b"h5", b"h6", b"tbody", b"thead"}
_INLINE = (
    b"a img span b i u s em strong small font label code center nav header footer main section article video audio "
    b"source html head body meta link base tfoot caption colgroup col xml doctype button input form wbr sub sup"
)
_IGNORED = set(_INLINE.split())


class Does(Enum):
    """What a tag does."""

    ROW = auto()
    CELL = auto()
    LABEL = auto()  # th
    BLOCK = auto()  # div or table without a part of its own
    CLOSE = auto()
    PAGE_BREAK = auto()
    LINE = auto()
    RAW = auto()  # its content is no text of the page
    COMMENT = auto()
    COMMENT_END = auto()
    END = auto()  # of the page's body
    NOTHING = auto()
    TEXT = auto()  # looks like a tag, is none of HTML: somebody wrote it


class Tag(NamedTuple):
    """A tag as understood.

    Attributes:
        does: What it does.
        name: Element name in lower case.
        section: Name of the section it begins (an ``id`` that starts with ``property-``), or None.
        link: Target of a ``href`` or ``src`` as written, or None.
        opens: It begins a row, label, cell or block.
        part: It begins a row, label or cell.
    """

    does: Does
    name: bytes
    section: str | None = None
    link: bytes | None = None
    opens: bool = False
    part: bool = False


def read_tag(raw: bytes) -> Tag:
    """Understand one token of `TOKEN`."""
    if raw == b"<!--":
        return Tag(Does.COMMENT, b"!--")
    if raw == b"-->":
        return Tag(Does.COMMENT_END, b"!--")
    match = _NAME.match(raw)
    name = match[1].lower() if match else b""
    if raw[1:2] == b"/":
        return Tag(_closing(name), name)
    if raw[1:2] in {b"!", b"?"}:
        return Tag(Does.NOTHING, name)
    attributes = _attributes(raw)
    section = _SECTION.match(attributes.get(b"id", b""))
    does = _opening(name, attributes)
    part = does in {Does.ROW, Does.LABEL, Does.CELL}
    return Tag(
        does,
        name,
        section[1].decode("ascii").lower() if section else None,
        attributes.get(b"href") or attributes.get(b"src"),
        part or does is Does.BLOCK,
        part,
    )


def _closing(name: bytes) -> Does:
    if name in {b"body", b"html"}:
        return Does.END
    if name in {b"div", b"table", b"tr", b"td", b"th"} | _RAW:
        return Does.CLOSE
    if name in _LINES:
        return Does.LINE
    return Does.NOTHING if name in _IGNORED else Does.TEXT


def _attributes(raw: bytes) -> dict[bytes, bytes]:
    found = _ATTRIBUTE.finditer(raw[:_MOST_ATTRIBUTES])
    return {m[1].lower(): next(g for g in (*m.groups()[1:], b"") if g is not None) for m in found}


def _opening(name: bytes, attributes: dict[bytes, bytes]) -> Does:
    fixed = {b"tr": Does.ROW, b"td": Does.CELL, b"th": Does.LABEL, b"table": Does.BLOCK}
    if name in _RAW:
        return Does.RAW
    if name == b"div":
        return _div(attributes)
    if name in _LINES:
        return Does.LINE
    return fixed.get(name) or (Does.NOTHING if name in _IGNORED else Does.TEXT)


def _div(attributes: dict[bytes, bytes]) -> Does:
    classes = set(attributes.get(b"class", b"").split())
    display = _DISPLAY.search(attributes.get(b"style", b""))
    if any(c.lower() == b"pagebreak" for c in classes) or _PAGE.fullmatch(attributes.get(b"id", b"")):
        return Does.PAGE_BREAK
    if classes & _CELLS or (display and display[1] == b"table-cell"):
        return Does.CELL
    return Does.ROW if classes & _ROWS or display else Does.BLOCK
