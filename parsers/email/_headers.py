"""The header block of a message, split over bytes: every field with its bytes, in order, duplicates kept.

References:
    RFC 5322 sections 2.2 and 4 (obsolete forms), RFC 2047.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from parsers.email._words import decode_words
from parsers.kit.text import decode

__all__ = ["VALUE_CAP", "Header", "HeaderBlock", "split_headers"]

VALUE_CAP = 1 << 16
"""Bytes of one field value that go into an event; the rest stays in the evidence, and ``truncated`` says so."""

FIELD = re.compile(rb"([!-9;-~]{1,256})[ \t]*:")
_BLANK = re.compile(rb"\n\r*\n")
_LEAD = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*")
_CR_BLANK = re.compile(rb"\r\r(?!\n)")
_KNOWN = re.compile(
    rb"(?:received|from|sender|to|cc|bcc|subject|date|message-id|in-reply-to|references|reply-to|return-path|"
    rb"delivered-to|mime-version|dkim-signature|authentication-results|content-[a-z-]{1,40}|x-[!-9;-~]{1,80})[ \t]*:",
    re.IGNORECASE,
)


class Header(NamedTuple):
    """One field. `plain` is unfolded as written, `value` has its encoded words decoded; offsets are the stream's."""

    name: str
    key: str
    plain: str
    value: str
    start: int
    end: int


class HeaderBlock(NamedTuple):
    """The fields of a message and where its body starts (index into the bytes given, not the stream)."""

    headers: list[Header]
    body_start: int
    envelope: str | None
    flags: set[str]
    defects: list[str]
    by_key: dict[str, list[Header]]

    def all(self, key: str) -> list[Header]:
        """Every field with this lower-case name, in order."""
        return self.by_key.get(key, [])

    def first(self, key: str) -> Header | None:
        """The first field with this lower-case name."""
        return next(iter(self.by_key.get(key, ())), None)


class _Lines(NamedTuple):
    rows: list[bytes]
    start: int
    body_start: int


def split_headers(data: bytes, base: int = 0) -> HeaderBlock:
    """Split the header block at the start of `data`, whose first byte has offset `base` in the stream.

    Accepted: a leading ``From `` line, leading blank lines, a missing blank line before the body, CRLF, LF or bare CR
    line ends, 8-bit bytes and NULs, and stray lines between fields. Nothing raises; repairs are named in `defects`.
    """
    lead = _LEAD.match(data)
    start = lead.end() if lead else 0
    newline = _newline(data, start)
    envelope, start = _envelope(data, start, newline)
    lines = _block_lines(data, start, newline)
    block = HeaderBlock([], lines.body_start, envelope, set(), [], {})
    return _collect(block, lines, base)


def _newline(data: bytes, start: int) -> bytes:
    """Bare CR ends lines only where a header block ends in CR CR before any LF: elsewhere it is part of a value."""
    first_lf = data.find(b"\n", start)
    blank = _CR_BLANK.search(data, start, len(data) if first_lf < 0 else first_lf + 1)
    return b"\r" if blank or (first_lf < 0 and data.find(b"\r", start) >= 0) else b"\n"


def _envelope(data: bytes, start: int, newline: bytes) -> tuple[str | None, int]:
    if data[start : start + 5] != b"From ":
        return None, start
    end = data.find(newline, start)
    end = len(data) if end < 0 else end
    return decode(data[start : min(end, start + 1024)].rstrip(b"\r")).text, min(end + 1, len(data))


def _block_lines(data: bytes, start: int, newline: bytes) -> _Lines:
    if newline == b"\r":
        at = data.find(b"\r\r", start)
        end, body = (at, at + 2) if at >= 0 else (len(data), len(data))
    else:
        blank = _BLANK.search(data, max(start - 1, 0))
        end, body = (blank.start(), blank.end()) if blank else (len(data), len(data))
    return _Lines(data[start:end].split(newline), start, max(body, start))


def _collect(block: HeaderBlock, lines: _Lines, base: int) -> HeaderBlock:
    parts: list[bytes] = []
    first = last = lines.start
    defects: dict[str, None] = {}
    step = lines.start
    for number, row in enumerate(lines.rows):
        start, step = step, step + len(row) + 1
        line = row.rstrip(b"\r")
        if parts and line.startswith((b" ", b"\t")):
            parts.append(line)
            last = start + len(line)
            continue
        if not line:
            continue
        if FIELD.match(line):
            _emit(block, parts, first + base, last + base)
            parts, first, last = [line], start, start + len(line)
        elif _resumes(lines.rows, number):
            defects["a line between the fields is no field"] = None
        else:
            defects["no blank line before the body"] = None
            block = block._replace(body_start=start)
            break
    _emit(block, parts, first + base, last + base)
    return block._replace(defects=list(defects))


def _resumes(rows: list[bytes], number: int) -> bool:
    if rows[number].startswith((b">From ", b"From ")):
        return True
    return number + 1 < len(rows) and _KNOWN.match(rows[number + 1]) is not None


def _emit(block: HeaderBlock, parts: list[bytes], start: int, end: int) -> None:
    if not parts:
        return
    name, _, first = parts[0].partition(b":")
    raw = first if len(parts) == 1 else b"".join([first, *parts[1:]])
    if len(raw) > VALUE_CAP:
        raw = raw[:VALUE_CAP]
        block.flags.add("truncated")
    plain, lossy = (raw.decode("ascii"), False) if raw.isascii() else decode(raw)
    plain = plain.strip(" \t\r\n")
    value, word_lossy = decode_words(plain) if "=?" in plain else (plain, False)
    if lossy or word_lossy:
        block.flags.add("lossy_text")
    text, key = _name(name)
    header = Header(text, key, plain, value, start, end)
    block.headers.append(header)
    block.by_key.setdefault(key, []).append(header)


@lru_cache(maxsize=4096)
def _name(raw: bytes) -> tuple[str, str]:
    """A field's name, and its lower-case form."""
    text = raw.rstrip(b" \t").decode("ascii")
    return text, text.lower()
