"""The tags of an XML file one by one, each with its bytes: no tree, no entities of the file's own, nothing loaded.

Made for exports that hold one record per element with its values as attributes. An element that is not well-formed
costs its own bytes only: ``<`` cannot stand inside a value (XML 1.0, 3.1), so a quote that never closes ends there.
Emoji that a program wrote as two references to surrogates (``&#55357;&#56832;``, which XML forbids) are joined.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from parsers.contract import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Source

__all__ = ["Tag", "unescape", "xml_tags"]

_TAG = re.compile(rb"""<(/?)([\w:.-]{1,100})((?:[^"'<>/]++|/(?!>)|"[^"<]*+"|'[^'<]*+')*+)(/?)>""")
_DECLARATION = re.compile(rb"<![A-Z\[](?:[^<>\[\]]++|\[[^\[\]]*+\])*+>")
_COMMENT_END, _INSTRUCTION_END = re.compile(rb"-->"), re.compile(rb"\?>")
_LESS = re.compile(rb"<")
_NOT_BLANK = re.compile(rb"[^ \t\r\n]")
_ATTRIBUTE = re.compile(rb"""\s++([\w:.-]{1,100})\s*+=\s*+("[^"]*+"|'[^']*+')""")
_REFERENCE = re.compile(r"&(?:#(\d{1,8})|#[xX]([0-9A-Fa-f]{1,7})|(amp|lt|gt|quot|apos));")
_NAMED = MappingProxyType({"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"})
_NONE: Mapping[str, str] = MappingProxyType({})
_LONGEST_ASIDE = 1 << 16  # bytes of a comment or declaration

Kind = Literal["open", "close", "empty", "blank", "aside", "text", "broken"]


class Tag(NamedTuple):
    """A tag, or what stands between two.

    Attributes:
        kind: A tag (``open``, ``close``, ``empty``), white space (``blank``), a comment, declaration or instruction
            (``aside``), other characters (``text``), or a tag that is not well-formed (``broken``).
        span: Its bytes in the member's stream.
        name: Name of the element; empty where there is none.
        attributes: Name -> value, references undone.
        lossy: Whether a value held bytes that are no UTF-8 and are shown as escapes.
    """

    kind: Kind
    span: Span
    name: str = ""
    attributes: Mapping[str, str] = _NONE
    lossy: bool = False


def xml_tags(source: Source) -> Iterator[Tag]:
    """All bytes of `source` in order as tags and what stands between them."""
    view, at = source.view, 3 if bytes(source.view[:3]) == b"\xef\xbb\xbf" else 0
    if at:
        yield Tag("aside", Span(source.offset, source.offset + at))
    barren = 0
    while at < len(view):
        less = _LESS.search(view, at)
        start = less.start() if less else len(view)
        if start > at:
            kind: Kind = "text" if _NOT_BLANK.search(view, at, start) else "blank"
            yield Tag(kind, Span(source.offset + at, source.offset + start))
        if start == len(view):
            return
        tag, at, barren = _read(source, start, barren)
        yield tag


def _read(source: Source, start: int, barren: int) -> tuple[Tag, int, int]:
    """What begins at a ``<``, where it ends, and up to where no comment or instruction is known to end."""
    view, offset = source.view, source.offset
    aside = _aside_end(view, start) if start >= barren else None
    if aside:
        return Tag("aside", Span(offset + start, offset + aside)), aside, barren
    match = _TAG.match(view, start)
    if match is None:
        following = _LESS.search(view, start + 1)
        end = following.start() if following else len(view)
        if bytes(view[start + 1 : start + 2]) in {b"!", b"?"}:
            barren = max(barren, start + _LONGEST_ASIDE)
        return Tag("broken", Span(offset + start, offset + end)), end, barren
    return _tag(match, Span(offset + start, offset + match.end())), match.end(), barren


def _aside_end(view: memoryview, start: int) -> int | None:
    """End of the comment, instruction or declaration that begins here."""
    head = bytes(view[start : start + 4])
    if head == b"<!--":
        match = _COMMENT_END.search(view, start + 4, start + _LONGEST_ASIDE)
    elif head[:2] == b"<?":
        match = _INSTRUCTION_END.search(view, start + 2, start + _LONGEST_ASIDE)
    else:
        match = _DECLARATION.match(view, start, start + _LONGEST_ASIDE)
    return match.end() if match else None


def _tag(match: re.Match[bytes], span: Span) -> Tag:
    name, held = match[2].decode("utf-8", "backslashreplace"), match[3]
    if match[1]:
        return Tag("broken" if held.strip() or match[4] else "close", span, name)
    attributes: dict[str, str] = {}
    at, lossy = 0, False
    while pair := _ATTRIBUTE.match(held, at):
        at, key = pair.end(), pair[1].decode("utf-8", "backslashreplace")
        try:
            text = pair[2][1:-1].decode("utf-8")
        except UnicodeDecodeError:
            text, lossy = pair[2][1:-1].decode("utf-8", "backslashreplace"), True
        if key in attributes:
            return Tag("broken", span, name)
        attributes[key] = unescape(text)
    if held[at:].strip():
        return Tag("broken", span, name)
    return Tag("empty" if match[4] else "open", span, name, attributes, lossy)


def unescape(text: str) -> str:
    """Character references and the five names of XML undone, paired surrogates joined; others stay as written."""
    if "&" not in text:
        return text
    plain = _REFERENCE.sub(_character, text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    number = int(match[1]) if match[1] else int(match[2], 16)
    return chr(number) if 0 < number <= 0x10FFFF else match[0]
