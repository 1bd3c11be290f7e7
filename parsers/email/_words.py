"""Bytes and encoded words of a message as text: charsets, base64 and quoted-printable, read tolerantly.

References:
    RFC 2047 (encoded words), RFC 2045 section 6 (transfer encodings).
"""

from __future__ import annotations

import binascii
import codecs
import re
from functools import lru_cache
from typing import NamedTuple

from parsers.kit.text import Decoded, decode

__all__ = ["Unpacked", "decode_charset", "decode_words", "unpack_base64", "unpack_quoted"]

_WORD = re.compile(r"=\?([A-Za-z0-9._:+-]{1,64})(?:\*[A-Za-z0-9-]{0,40})?\?([BbQq])\?([^?]*)\?=")
_CHARSET = re.compile(r"[A-Za-z0-9._:+-]{1,64}")
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_ALPHABET = bytes(set(range(256)) - set(_ALPHABET))

# Codecs that are no charsets: they are slow on hostile input, depend on the host, or read program text.
_REFUSED = frozenset({"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
# Labels seen in mail that Python does not know; the right-hand side reads everything the left-hand side can write.
_ALIASES = {"iso-8859-8-i": "iso-8859-8", "iso-8859-6-i": "iso-8859-6", "x-sjis": "shift_jis", "gb2312": "gb18030"}


class Unpacked(NamedTuple):
    """Decoded bytes, and whether the encoding was damaged so that bytes may be missing or wrong."""

    data: bytes
    damaged: bool


@lru_cache(maxsize=256)
def _codec(label: str) -> str | None:
    name = _ALIASES.get(label.lower(), label)
    if not _CHARSET.fullmatch(name):
        return None
    try:
        found = codecs.lookup(name).name
        if found.replace("_", "-") in _REFUSED:
            return None
        b"a".decode(found, "replace")  # refused by codecs that turn bytes into bytes
    except LookupError:
        return None
    return found


def decode_charset(raw: bytes, label: str | None) -> Decoded | None:
    """`raw` in the charset called `label`; None when no such charset is known.

    Offending bytes become visible escapes. No label and ``us-ascii`` are read as UTF-8, which contains it.
    """
    codec = _codec(label) if label else "ascii"
    if codec is None:
        return None
    if codec in {"ascii", "utf-8"}:
        return decode(raw)
    try:
        return Decoded(raw.decode(codec), lossy=False)
    except UnicodeError:
        pass
    try:
        return Decoded(raw.decode(codec, "backslashreplace"), lossy=True)
    except UnicodeError:  # UTF-16 and UTF-32 without a byte to stand on
        return decode(raw)


def unpack_base64(raw: bytes) -> Unpacked:
    """Base64 with anything between its letters; missing padding and a cut tail are repaired and reported."""
    try:
        return Unpacked(binascii.a2b_base64(raw.translate(None, b" \t\r\n"), strict_mode=True), damaged=False)
    except binascii.Error:
        core = raw.translate(None, _NOT_ALPHABET)
    core = core[:-1] if len(core) % 4 == 1 else core
    return Unpacked(binascii.a2b_base64(core + b"=" * (-len(core) % 4)), damaged=True)


def unpack_quoted(raw: bytes, *, header: bool = False) -> bytes:
    """Quoted-printable; a wrong escape stays as written. With `header`, ``_`` is a space (RFC 2047 "Q")."""
    return binascii.a2b_qp(raw, header=header)


class _Run:
    """Text put together from plain pieces and neighbouring encoded words of one charset."""

    __slots__ = ("charset", "lossy", "pending", "pieces")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.pending = b""
        self.charset = ""
        self.lossy = False

    def flush(self) -> None:
        """Decode the bytes gathered so far."""
        if self.pending:
            read = decode_charset(self.pending, self.charset) or decode(self.pending)
            self.pieces.append(read.text)
            self.lossy |= read.lossy
            self.pending = b""

    def plain(self, text: str) -> None:
        """Add text that is no encoded word."""
        self.flush()
        self.pieces.append(text)

    def word(self, charset: str, raw: bytes) -> None:
        """Add an encoded word; writers split characters between words of one charset, so bytes are joined first."""
        if charset != self.charset:
            self.flush()
        self.charset = charset
        self.pending += raw


def decode_words(text: str) -> Decoded:
    """RFC 2047 encoded words as text. A word of an unknown charset is kept exactly as written."""
    if "=?" not in text:
        return Decoded(text, lossy=False)
    run, at, after_word = _Run(), 0, False
    for match in _WORD.finditer(text):
        gap, charset = text[at : match.start()], match[1].lower()
        known = _codec(charset) is not None
        if gap and not (after_word and known and gap.isspace()):
            run.plain(gap)
        if known:
            payload = match[3].encode("utf-8", "surrogatepass")
            run.word(charset, unpack_base64(payload).data if match[2] in "Bb" else unpack_quoted(payload, header=True))
        else:
            run.plain(match[0])
        at, after_word = match.end(), known
    run.plain(text[at:])
    return Decoded("".join(run.pieces), run.lossy)
