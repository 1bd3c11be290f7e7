"""The body of a message: its best text, and its attachments with the digests of their decoded bytes."""

from __future__ import annotations

import hashlib
import html
import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.email._parts import leaves
from parsers.email._words import decode_charset, unpack_base64, unpack_quoted
from parsers.kit.text import decode

if TYPE_CHECKING:
    from parsers.email._headers import HeaderBlock
    from parsers.email._parts import Part

__all__ = ["Attached", "Body", "read_body", "strip_tags"]

_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_BREAKS = frozenset(
    {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol", "hr"}
)
_SILENT = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title")}
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,20})")
_LONG_NUMBER = re.compile(r"&(?=#[xX]?[0-9A-Fa-f]{8})")  # html.unescape would refuse thousands of digits
_BLANKS = re.compile(r"[ \t\r\f\v\xa0]+")
_EMPTY_LINES = re.compile(r"\n(?: ?\n){2,}")


_RANKS = {"text/plain": 3, "text/html": 2}  # other text and unreadable multiparts: 1


_MESSAGES = frozenset({"message/rfc822", "message/global", "text/rfc822-headers"})


class Attached(NamedTuple):
    """A message inside a message: its number among the attachments, its bytes, and where they lie (None: encoded)."""

    number: int
    content: bytes
    start: int | None


class Body(NamedTuple):
    """Text, attachments as plain objects (name, type, bytes, sha256, span), what was repaired, attached messages."""

    text: str | None
    attachments: list[dict[str, object]]
    flags: set[str]
    defects: list[str]
    messages: list[Attached]


class _Text(NamedTuple):
    choice: int
    rank: int
    text: str


def read_body(data: bytes, head: HeaderBlock, base: int, *, mbox: bool = False) -> Body:
    """Read the body of one message. `base` is the stream offset of ``data[0]``; `mbox` undoes ``>From `` quoting.

    Of alternatives the plain text is taken, else the HTML without its tags; texts that are no alternatives are joined.
    """
    body = Body(None, [], set(), [], [])
    texts: list[_Text] = []
    for part in leaves(data, head):
        raw = data[part.start : part.end]
        raw = _QUOTED_FROM.sub(rb"\1", raw) if mbox and b">From " in raw else raw
        content, damaged = _content(raw, part.encoding)
        if part.cut:
            body.flags.add("truncated")
        if damaged:
            _note(body, "base64 of a body part is damaged")
        if part.content_type.startswith("multipart/"):
            _note(body, "a multipart body could not be taken apart")
        if part.attached or part.content_type in _MESSAGES:
            body.attachments.append(_attachment(part, content, base, damaged=damaged))
            if part.content_type in _MESSAGES:
                same = content == data[part.start : part.end]
                body.messages.append(Attached(len(body.attachments), content, base + part.start if same else None))
        elif content.strip():
            texts.append(_Text(part.choice, _RANKS.get(part.content_type, 1), _text(part, content, body)))
    return body._replace(text=_joined(texts))


def _joined(texts: list[_Text]) -> str | None:
    best: dict[int, int] = {}
    for text in texts:
        if text.text:
            best[text.choice] = max(best.get(text.choice, 0), text.rank)
    kept = [t.text for t in texts if t.text and (t.choice < 0 or t.rank == best[t.choice])]
    return "\n\n".join(kept) or None


def _note(body: Body, sentence: str) -> None:
    if sentence not in body.defects:
        body.defects.append(sentence)


def _content(raw: bytes, encoding: str) -> tuple[bytes, bool]:
    if encoding == "base64":
        return unpack_base64(raw)
    return (unpack_quoted(raw), False) if encoding == "quoted-printable" else (raw, False)


def _attachment(part: Part, content: bytes, base: int, *, damaged: bool) -> dict[str, object]:
    out: dict[str, object] = {
        "type": part.content_type,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "span": [base + part.start, base + part.end],
    }
    if part.name:
        out["name"] = part.name
    if damaged:
        out["damaged"] = True
    return out


def _text(part: Part, content: bytes, body: Body) -> str:
    read = decode_charset(content, part.charset)
    if read is None:
        _note(body, "the charset of a body part is not known")
        read = decode(content)
    if read.lossy:
        body.flags.add("lossy_text")
    text = strip_tags(read.text) if part.content_type == "text/html" else read.text
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n") if text.strip() else ""


def strip_tags(page: str) -> str:
    """Visible text of an HTML body. Linear on hostile input, where `html.parser` is quadratic and can raise."""
    out: list[str] = []
    at, size = 0, len(page)
    missing: set[str] = set()  # closers that do not occur again: never searched for twice
    while at < size:
        tag = page.find("<", at)
        if tag < 0:
            out.append(page[at:])
            break
        out.append(page[at:tag])
        at = _after_tag(page, tag, out, missing)
    text = html.unescape(_LONG_NUMBER.sub("&amp;", "".join(out)))
    lines = (line.strip() for line in _BLANKS.sub(" ", text).split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _find(page: str, closer: str, at: int, missing: set[str]) -> int:
    if closer in missing:
        return -1
    found = page.find(closer, at)
    if found < 0:
        missing.add(closer)
    return found


def _after_tag(page: str, tag: int, out: list[str], missing: set[str]) -> int:
    """Index behind the markup that starts at `tag`; a ``<`` that opens nothing is text."""
    if page.startswith("<!--", tag):
        end = _find(page, "-->", tag, missing)
        return end + 3 if end >= 0 else len(page)
    match = _TAG.match(page, tag)
    opens = match is not None or page[tag + 1 : tag + 2] in {"!", "?", "/"}
    end = _find(page, ">", tag, missing) if opens else -1
    if end < 0:
        out.append("<")
        return tag + 1
    name = match[1].lower() if match else ""
    if name in _BREAKS:
        out.append("\n")
    if name in _SILENT and page[tag + 1] != "/" and name not in missing:
        return _after_silent(page, name, end + 1, missing)
    return end + 1


def _after_silent(page: str, name: str, at: int, missing: set[str]) -> int:
    """Index behind an element whose content is not shown; without a closing tag nothing is left out."""
    close = _SILENT[name].search(page, at)
    if close is None:
        missing.add(name)
        return at
    end = _find(page, ">", close.end(), missing)
    return end + 1 if end >= 0 else len(page)
