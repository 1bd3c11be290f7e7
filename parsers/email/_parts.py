"""MIME structure over bytes: the leaf parts of a message, each with its place, type and name.

The standard library's parser copies every line through every enclosing part and recurses without bound on hostile
nesting; this one only looks for boundary lines and stops at a fixed depth, where the rest counts as one part.

References:
    RFC 2045, RFC 2046 section 5.1, RFC 2231 (parameters), RFC 2183 (disposition).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from parsers.email._headers import split_headers
from parsers.email._words import decode_charset, decode_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.email._headers import HeaderBlock

__all__ = ["Part", "leaves", "parameters"]

_DEPTH = 24
_PARTS = 10_000
_PARAM = re.compile(
    r'[;\s]\s*+([A-Za-z0-9_-]{1,40})(?:\*(\d{1,3}))?(\*)?\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"?|([^;]*+))', re.DOTALL
)
_PARAM_CAP = 4096
_TYPE = re.compile(r"\s*([A-Za-z0-9.+_-]{1,60})/([A-Za-z0-9.+_-]{1,80})")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Part(NamedTuple):
    """A leaf: `start` and `end` index the message's bytes and hold the encoded content without its headers.

    `choice` is shared by parts that are alternatives of each other (RFC 2046 5.1.4), and -1 elsewhere.
    """

    content_type: str
    charset: str | None
    encoding: str
    name: str | None
    attached: bool
    start: int
    end: int
    cut: bool
    choice: int


class _Open(NamedTuple):
    block: HeaderBlock
    start: int
    end: int
    depth: int = 0
    cut: bool = False
    choice: int = -1


def parameters(value: str) -> dict[str, str]:
    """Parameters of a Content-Type or Content-Disposition value; RFC 2231 pieces put together, RFC 2047 decoded."""
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, number, extended, quoted, token in _PARAM.findall(value[:_PARAM_CAP]):
        text = _ESCAPE.sub(r"\1", quoted) if quoted else token.strip()
        pieces.setdefault(name.lower(), []).append((int(number or 0), bool(extended), text))
    return {name: _joined(found) for name, found in pieces.items()}


def _joined(found: list[tuple[int, bool, str]]) -> str:
    extended = [piece for piece in found if piece[1]]
    if not extended:
        return decode_words("".join(text for _, _, text in sorted(found, key=lambda p: p[0]))).text
    ordered = sorted(found, key=lambda p: p[0])
    charset, _, rest = ordered[0][2].partition("'")
    _, quote, first = rest.partition("'")
    texts = [first if quote else ordered[0][2], *(text for _, _, text in ordered[1:])]
    raw = unquote_to_bytes("".join(texts))
    read = decode_charset(raw, charset if quote else None) or decode_charset(raw, None)
    return read.text if read else "".join(texts)


def leaves(data: bytes, head: HeaderBlock) -> Iterator[Part]:
    """Leaf parts of the message whose header block is `head`, in order."""
    stack = [_Open(head, head.body_start, len(data))]
    made = 0
    while stack:
        part = stack.pop()
        made += 1
        kind, params = _type_of(part.block)
        pieces = _pieces(data, part, params.get("boundary")) if kind.startswith("multipart/") else []
        if not pieces or part.depth >= _DEPTH or made + len(stack) + len(pieces) > _PARTS:
            yield _leaf(part, kind, params)
            continue
        choice = made if kind == "multipart/alternative" else part.choice
        for start, end, cut in reversed(pieces):
            inner = _inner(data, start, end)
            stack.append(_Open(inner, start + inner.body_start, end, part.depth + 1, cut, choice))


def _inner(data: bytes, start: int, end: int) -> HeaderBlock:
    """Headers of a body part; a blank first line means it has none (unlike the top of a message)."""
    if data[start : start + 1] == b"\n" or data[start : start + 2] == b"\r\n":
        return split_headers(b"")._replace(body_start=min(data.find(b"\n", start) + 1, end) - start)
    return split_headers(data[start:end])


def _pieces(data: bytes, part: _Open, boundary: str | None) -> list[tuple[int, int, bool]]:
    """(start, end, not closed) of each body part between boundary lines."""
    if not boundary:
        return []
    mark = re.compile(re.escape(b"--" + boundary.encode("utf-8", "surrogatepass")) + rb"(--)?[ \t]*+\r*+(?:\n|\Z)")
    out: list[tuple[int, int, bool]] = []
    opened = -1
    for match in mark.finditer(data, part.start, part.end):
        at = match.start()
        if at > part.start and data[at - 1] != 0x0A:
            continue
        if opened >= 0:
            at -= (at > opened) + (data[at - 2 : at] == b"\r\n" and at - 1 > opened)
            out.append((opened, at, False))
        opened = -1 if match[1] else match.end()
    if opened >= 0:
        out.append((opened, part.end, True))
    return [piece for piece in out if piece[1] > piece[0]]


def _type_of(block: HeaderBlock) -> tuple[str, dict[str, str]]:
    header = block.first("content-type")
    match = _TYPE.match(header.plain) if header else None
    if header is None or match is None:
        return "text/plain", {}
    return f"{match[1]}/{match[2]}".lower(), parameters(header.plain)


def _leaf(part: _Open, kind: str, params: dict[str, str]) -> Part:
    disposition = part.block.first("content-disposition")
    placed = parameters(disposition.plain) if disposition else {}
    encoding = part.block.first("content-transfer-encoding")
    transfer = encoding.plain.strip().lower() if encoding else ""
    name = placed.get("filename") or params.get("name") or None
    asked = disposition is not None and disposition.plain.lower().startswith("attachment")
    attached = asked or name is not None or not kind.startswith(("text/", "multipart/"))
    return Part(kind, params.get("charset"), transfer, name, attached, part.start, part.end, part.cut, part.choice)
