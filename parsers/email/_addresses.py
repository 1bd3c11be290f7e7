"""Address lists of a message: a malformed list degrades to a best-effort reading, never to a lost message.

References:
    RFC 5322 sections 3.4 and 4.4.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.email._words import decode_words

__all__ = ["Mailbox", "comment_spans", "parse_mailboxes"]

_PARENS = re.compile(r"\\.|[()]", re.DOTALL)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|<[^<>]*+>?|[,;:(>]|[^",;:<>(]++', re.DOTALL)
_ADDRESS = re.compile(r'(?:"[^"]{1,200}"|[^\s<>,;"]{1,200})@[^\s<>,;@"]{1,255}')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Mailbox(NamedTuple):
    """One entry of an address list: as written (decoded), the name shown, and the addr-spec as written."""

    written: str
    display: str | None
    address: str | None


def comment_spans(text: str) -> dict[int, int]:
    """Start -> end of every outermost balanced comment; unbalanced parentheses open nothing."""
    stack: list[int] = []
    found: dict[int, int] = {}
    for match in _PARENS.finditer(text):
        if match[0] == "(":
            stack.append(match.start())
        elif match[0] == ")" and stack:
            found[stack.pop()] = match.end()
    outer: dict[int, int] = {}
    reach = 0
    for start in sorted(found):
        if start >= reach:
            outer[start] = reach = found[start]
    return outer


class _Entry:
    """Pieces of the entry being read."""

    __slots__ = ("addressed", "angle", "comments", "raw", "words")

    def __init__(self) -> None:
        self.raw: list[str] = []
        self.words: list[str] = []
        self.comments: list[str] = []
        self.angle: str | None = None
        self.addressed = False

    def finish(self) -> Mailbox | None:
        """The entry as a mailbox; None when nothing was written."""
        written = decode_words("".join(self.raw).strip()).text
        if not written:
            return None
        text = "".join(self.words).strip()
        if self.angle is not None:
            return Mailbox(written, _shown(text), _address(self.angle))
        return Mailbox(written, _shown(self.comments[-1]) if self.comments else None, _address(text))


def _address(text: str) -> str | None:
    text = text.strip()
    if text.startswith("@"):  # obsolete source route: <@relay:user@host>
        text = text.rpartition(":")[2]
    return text if _ADDRESS.fullmatch(text) else None


def _shown(text: str) -> str | None:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = _ESCAPE.sub(r"\1", text[1:-1])
    return decode_words(text).text.strip() or None


def parse_mailboxes(plain: str) -> list[Mailbox]:
    """Read an unfolded, undecoded address list. Decoding comes last, so an encoded word cannot supply an address."""
    comments, entry, at = comment_spans(plain), _Entry(), 0
    out: list[Mailbox] = []
    while at < len(plain):
        end = comments.get(at)
        match = _TOKEN.match(plain, at)
        piece = plain[at:end] if end else match[0] if match else plain[at]
        at += len(piece)
        if piece in {",", ";"}:
            entry = _close(out, entry)
        elif piece == ":" and not entry.addressed:
            entry = _Entry()  # a group name
        else:
            _take(entry, piece, comment=end is not None)
    _close(out, entry)
    return out


def _take(entry: _Entry, piece: str, *, comment: bool) -> None:
    entry.raw.append(piece)
    if comment:
        entry.comments.append(piece[1:-1])
    elif piece[0] == "<" and (entry.angle is None or "@" not in entry.angle):
        entry.angle = piece.strip("<>")
    elif entry.angle is None:
        entry.words.append(piece)
        entry.addressed |= "@" in piece


def _close(out: list[Mailbox], entry: _Entry) -> _Entry:
    box = entry.finish()
    if box is not None:
        before = out[-1] if out else None
        if entry.angle is not None and before and before.address is None and "<" not in before.written:
            out.pop()  # an unquoted comma inside a name: "Doe, Jane <jane@example.org>"
            shown = f"{before.written}, {box.display}" if box.display else before.written
            box = Mailbox(f"{before.written}, {box.written}", shown, box.address)
        out.append(box)
    return _Entry()
