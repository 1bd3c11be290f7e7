"""An account's own words: what is left of its texts once others' words and mass-produced ones are taken out.

Taken out, in this order: everything below a mark of a forwarded or original message and below a mail signature mark
(RFC 3676 section 4.3); lines quoted with ``>`` and the line that introduces them; passages between quotation marks;
addresses, links and mentions; a line that the account itself repeats (it is counted once); lines that another account
of the case also has; passages of eight words that another account also has (whoever quoted whom); passages of five
words that three accounts or more have (templates). Nothing here knows a language. Words are counted after all that.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

import numpy as np

__all__ = ["OwnText", "own_line", "own_texts", "tokens_of", "words_of"]

MAX_CHARACTERS = 100_000
"""Of one text; what lies beyond is not read for style."""

_FENCE = re.compile(r"^\s{0,8}[-_=*]{5,80}\s{0,4}\S.{0,80}[-_=*]{3,80}\s*$")
_HEADER = re.compile(r"^\s{0,8}\*?[\w-]{2,12}\*?: ?.{0,200}@[\w.-]{3,80}")
_QUOTED = re.compile(r'[“„«"][^“”„«»"\n]{20,1000}[”“»"]')
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://\S{1,2000}|\bwww\.\S{1,2000}|\S{1,200}@\S{1,200}|(?<!\w)[@#]\w{1,100}", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_NAMED = re.compile(r"\s{0,8}\*?\w[\w -]{1,20}\*?\s?: \S")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_TOKEN = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[^\w\s]")


class OwnText(NamedTuple):
    """One account's own lines, in an order that does not depend on the order of its texts.

    Attributes:
        lines: Cleaned lines, each once.
        words: Number of words in them.
        genres: Words by genre.
    """

    lines: tuple[str, ...]
    words: int
    genres: dict[str, int]


class _Line(NamedTuple):
    account: int
    genre: str
    text: str


def words_of(text: str) -> list[str]:
    """Words of a text in lower case. Scripts without spaces count a run as one word, so they are undercounted."""
    return _WORD.findall(text.casefold())


def tokens_of(text: str) -> list[str]:
    """Words and single signs of a text that is in lower case already."""
    return _TOKEN.findall(text)


def own_line(line: str) -> str:
    """A line without quoted passages, links, addresses and mentions; digits become 0, white space one space."""
    line = _LINK.sub(" ", _QUOTED.sub(" ", line))
    return _SPACE.sub(" ", _DIGITS.sub("0", line)).strip()


def _own_lines(text: str) -> Iterable[str]:
    """Lines of one text that its sender wrote, as far as marks in the text tell."""
    lines = unicodedata.normalize("NFC", text[:MAX_CHARACTERS]).splitlines()
    for at, line in enumerate(lines):
        bare = line.strip()
        if line.rstrip("\r") in {"--", "-- "} or _FENCE.match(line) or _starts_headers(lines, at):
            return
        following = next((later.lstrip() for later in lines[at + 1 : at + 4] if later.strip()), "")
        if bare.startswith(">") or (bare.endswith(":") and following.startswith(">")):
            continue
        if (cleaned := own_line(bare)) and words_of(cleaned):
            yield cleaned


def _starts_headers(lines: Sequence[str], at: int) -> bool:
    """Three lines that look like ``From: … To: … Date: …`` begin a copied message, in any language."""
    if not _NAMED.match(lines[at]):
        return False
    block = [line for line in lines[at : at + 4] if line.strip()]
    named = sum(bool(_NAMED.match(line)) for line in block)
    return named >= 3 and any(_HEADER.match(line) for line in block)


def own_texts(accounts: int, texts: Iterable[tuple[int, str, str]], weights: dict[str, int]) -> list[OwnText]:
    """The own lines of accounts 0 … `accounts` - 1.

    Args:
        accounts: Number of accounts.
        texts: Account, text, genre; any order.
        weights: `passage_words`, `template_words`, `template_accounts`.
    """
    unique: dict[tuple[int, str], _Line] = {}
    for account, text, genre in texts:
        for line in _own_lines(text):
            key = (account, line.casefold())
            known = unique.get(key)
            if known is None or (line, genre) < (known.text, known.genre):
                unique[key] = _Line(account, genre, line)
    holders: dict[str, int] = defaultdict(int)
    for _, folded in unique:
        holders[folded] += 1
    kept = [unique[key] for key in sorted(unique) if holders[key[1]] == 1]
    return _collect(accounts, kept, _without_shared(kept, weights))


def _collect(accounts: int, lines: Sequence[_Line], texts: Sequence[str]) -> list[OwnText]:
    own: list[list[str]] = [[] for _ in range(accounts)]
    genres: list[dict[str, int]] = [{} for _ in range(accounts)]
    for line, text in zip(lines, texts, strict=True):
        if count := len(words_of(text)):
            own[line.account].append(text)
            genres[line.account][line.genre] = genres[line.account].get(line.genre, 0) + count
    return [OwnText(tuple(o), sum(g.values()), g) for o, g in zip(own, genres, strict=True)]


def _without_shared(lines: Sequence[_Line], weights: dict[str, int]) -> list[str]:
    """The lines without passages that other accounts have too."""
    spans = [[m.span() for m in _WORD.finditer(line.text)] for line in lines]
    ids: dict[str, int] = {}
    word = np.array(
        [ids.setdefault(x.text[a:b].casefold(), len(ids)) for x, at in zip(lines, spans, strict=True) for a, b in at],
        np.uint64,
    )
    counts = np.array([len(at) for at in spans], np.int64)
    account = np.repeat(np.array([line.account for line in lines], np.int64), counts)
    number = np.repeat(np.arange(len(lines)), counts)
    shared = _shared(word, account, number, weights["passage_words"], 2)
    shared |= _shared(word, account, number, weights["template_words"], weights["template_accounts"])
    ends = np.cumsum(counts)
    parts = zip(lines, spans, ends.tolist(), strict=True)
    return [_cut(line.text, at, shared[end - len(at) : end]) for line, at, end in parts]


def _shared(word: np.ndarray, account: np.ndarray, line: np.ndarray, length: int, holders: int) -> np.ndarray:
    """Words inside a passage of `length` words of one line that at least `holders` accounts have."""
    out = np.zeros(len(word), bool)
    last = len(word) - length + 1
    if last <= 0:
        return out
    key = np.zeros(last, np.uint64)
    for offset in range(length):
        key = key * np.uint64(0x9E3779B97F4A7C15) + word[offset : offset + last] + np.uint64(1)
    whole = np.flatnonzero(line[:last] == line[length - 1 :])
    _, key_at = np.unique(key[whole], return_inverse=True)
    accounts = int(account.max(initial=0)) + 1
    held = np.unique(key_at * accounts + account[whole]) // accounts
    many = np.bincount(held, minlength=int(key_at.max(initial=-1)) + 1) >= holders
    starts = whole[many[key_at]]
    for offset in range(length):
        out[starts + offset] = True
    return out


def _cut(text: str, spans: Sequence[tuple[int, int]], shared: np.ndarray) -> str:
    """The text without runs of shared words and what stands between them."""
    if not shared.any():
        return text
    pieces, start = [], 0
    for at, ((begin, end), drop) in enumerate(zip(spans, shared.tolist(), strict=True)):
        if drop:
            joined = at > 0 and shared[at - 1]
            pieces.append("" if joined else text[start:begin])
            start = end
    return _SPACE.sub(" ", "".join(pieces) + text[start:]).strip()
