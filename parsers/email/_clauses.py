"""The clauses of a Received field: the words and comments behind ``from``, ``by``, ``with``, ``id`` and ``for``.

References:
    RFC 5321 section 4.4.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.email._addresses import comment_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Clauses", "split_clauses"]

_KEYWORDS = frozenset({"from", "by", "via", "with", "id", "for"})
_TOKEN = re.compile(r'\s++|"(?:[^"\\]|\\.)*+"?|<[^<>]*+>?|\[[^\[\]]*+\]?(?::\d{1,5}\b)?|[^\s"<(\[;,]++|.', re.DOTALL)
_STRADDLES = re.compile(r'"|<[^<>]*[()]|\[[^\[\]]*[()]')
_NO_TOKENS = frozenset({",", ";", "(", ")"})


class Clauses(NamedTuple):
    """Words and comments by the clause they follow; ``""`` is what stands before any keyword."""

    words: dict[str, list[str]]
    comments: dict[str, list[str]]

    def first(self, key: str) -> str | None:
        """First word of a clause, without angle brackets."""
        found = self.words.get(key)
        return (found[0].strip("<>") or None) if found else None

    def all_comments(self) -> Iterator[str]:
        """Every comment, in clause order."""
        for texts in self.comments.values():
            yield from texts


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """(token, is a comment); comments come without their parentheses."""
    comments, at = comment_spans(text), 0
    if _STRADDLES.search(text):
        yield from _tokens_one_by_one(text, comments)
        return
    for start, end in comments.items():
        yield from _plain(_TOKEN.findall(text, at, start))
        yield text[start + 1 : end - 1].strip(), True
        at = end
    yield from _plain(_TOKEN.findall(text, at))


def _plain(tokens: list[str]) -> Iterator[tuple[str, bool]]:
    for token in tokens:
        if token not in _NO_TOKENS and not token.isspace():
            yield token.rstrip(")"), False


def _tokens_one_by_one(text: str, comments: dict[int, int]) -> Iterator[tuple[str, bool]]:
    """The same where a quoted or bracketed token may hold what elsewhere opens a comment."""
    at = 0
    while at < len(text):
        end = comments.get(at)
        if end:
            yield text[at + 1 : end - 1].strip(), True
            at = end
            continue
        match = _TOKEN.match(text, at)
        token = match[0] if match else text[at]
        at += len(token)
        yield from _plain([token])


def split_clauses(text: str) -> Clauses:
    """Read a field without its date; a keyword opens its clause once."""
    out, current = Clauses({}, {}), ""
    tokens = list(_tokens(text))
    for number, (token, comment) in enumerate(tokens):
        key = token.lower()
        if comment:
            out.comments.setdefault(current, []).append(token)
        elif key in _KEYWORDS and key not in out.words and _opens(tokens, number, current, out):
            current = key
            out.words[key] = []
        elif token:
            out.words.setdefault(current, []).append(token)
    return out


def _opens(tokens: list[tuple[str, bool]], number: int, current: str, out: Clauses) -> bool:
    """A keyword opens its clause, but a HELO name may be the word "by": then a comment follows it at once."""
    if tokens[number][0].lower() == "from" and (current or out.words.get("")):
        return False
    if not current or out.words.get(current):
        return True
    return number + 1 < len(tokens) and not tokens[number + 1][1]
