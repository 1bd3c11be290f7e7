"""JSON text below `jsonspans`: where tokens end, and decoding that refuses no evidence JSON can hold.

Every pattern is linear: possessive quantifiers, and a string that does not end is one token up to the end.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from parsers.kit._jsonwindows import NOT_JSON, container_end

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "CLOSERS",
    "MAX_DEPTH",
    "MEMBER_NAME",
    "OPENERS",
    "Gap",
    "Loaded",
    "decode",
    "is_too_deep",
    "separator",
    "skip_space",
    "space_at_end",
    "top_keys",
    "utf16_codec",
    "value_end",
]

OPENERS, CLOSERS = b"[{", b"]}"

MAX_DEPTH = 64
"""Deepest nesting inside one element; the exports read here stay below ten."""

_WS = re.compile(rb"[ \t\r\n]*+")
_SEPARATOR = re.compile(rb"[ \t\r\n]*+(,?)[ \t\r\n]*+")
MEMBER_NAME = re.compile(rb'("[^"\\]*+(?:\\.[^"\\]*+)*+")[ \t\r\n]*+:[ \t\r\n]*+', re.DOTALL)
_SCALAR = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^ \t\r\n,:\[\]{}"]++', re.DOTALL)
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)|[\[\]{}]', re.DOTALL)
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_LARGE = 1 << 18
"""Bytes that are scanned token by token before a container is taken for a large one."""
_LONGEST_INTEGER = 40  # digits; far beyond every id and clock


class Loaded(NamedTuple):
    """A decoded value, and what had to be repaired on the way (names of `parsers.schema.PARSE_FLAGS`)."""

    value: object
    flags: tuple[str, ...] = ()


class Gap(NamedTuple):
    """What stands between two members: where it ends, and whether it holds the comma."""

    end: int
    comma: bool


def separator(text: memoryview, at: int) -> Gap:
    """The white space and comma at `at`."""
    match = _SEPARATOR.match(text, at)
    return Gap(match.end(), match.end(1) > match.start(1)) if match else Gap(at, comma=False)


def skip_space(text: memoryview, at: int) -> int:
    """Index after the white space at `at` (RFC 8259 section 2)."""
    match = _WS.match(text, at)
    return match.end() if match else at


def space_at_end(text: memoryview) -> int:
    """Length of the white space that ends a text, looked for in its last 4 KiB."""
    tail = bytes(text[-4096:])
    return len(tail) - len(tail.rstrip(b" \t\r\n"))


def value_end(text: memoryview, at: int) -> int | None:
    """Index after the value that starts at `at`; None when it does not end (or nothing starts there)."""
    if at < len(text) and text[at] in OPENERS:
        if len(text) - at <= _LARGE:
            return _container(text, at)[0]
        end = _container(text[: at + _LARGE], at)[0]  # most end soon
        end = container_end(text, at) if end is None else end
        return _container(text, at)[0] if end == NOT_JSON else end
    match = _SCALAR.match(text, at)
    return match.end() if match else None


def _container(text: memoryview, at: int) -> tuple[int | None, int]:
    """Where the container at `at` ends, and how deep it goes. Kinds of brackets are left to the decoder."""
    depth = deepest = 0
    for token in _TOKEN.finditer(text, at):
        first = text[token.start()]
        if first in OPENERS:
            depth += 1
            deepest = max(deepest, depth)
        elif first in CLOSERS:
            depth -= 1
            if not depth:
                return token.end(), deepest
        elif token.start(1) == token.end(1):
            break
    return None, deepest


def is_too_deep(data: bytes) -> bool:
    """Whether a value is nested deeper than `MAX_DEPTH`; most are cleared by counting brackets."""
    return data.count(b"[") + data.count(b"{") > MAX_DEPTH and _container(memoryview(data), 0)[1] > MAX_DEPTH


def decode(data: bytes) -> Loaded | None:
    """The value of one JSON text; None when it is none."""
    try:
        return Loaded(msgspec.json.decode(data))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _decode_leniently(data)


def _decode_leniently(data: bytes) -> Loaded | None:
    """What msgspec refuses and evidence has: lone surrogates, raw control characters, bytes that are not UTF-8."""
    text = data.decode("utf-8", "surrogateescape")
    visible = _ESCAPED_BYTE.sub(lambda match: f"\\\\x{ord(match[0]) - 0xDC00:02x}", text)
    try:
        value = _LENIENT.decode(visible)
    except ValueError:
        return None
    return Loaded(value, ("lossy_text",) if visible != text else ())


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else digits


def _finite(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


_LENIENT = json.JSONDecoder(parse_int=_integer, parse_float=_finite, parse_constant=str, strict=False)


def utf16_codec(head: bytes) -> str | None:
    """RFC 4627 section 3: the pattern of zero bytes tells the encoding of a text that starts with ASCII."""
    if head[:2] == b"\xff\xfe" or (head[:1] in {b"{", b"["} and head[1:2] == b"\0"):
        return "utf-16-le"
    if head[:2] == b"\xfe\xff" or (head[:1] == b"\0" and head[1:2] in {b"{", b"["}):
        return "utf-16-be"
    return None


def top_keys(head: bytes) -> tuple[str, tuple[str, ...]]:
    """What the beginning of a JSON text shows: ``{`` or ``[`` and the names at the top, of the first item for ``[``.

    Names after a value that does not end inside `head` are unknown. ``("", ())`` when it is no JSON container.
    """
    text = _as_utf8(head)
    at = skip_space(text, 0)
    if at >= len(text) or text[at] not in OPENERS:
        return "", ()
    root = chr(text[at])
    start = skip_space(text, at + 1) if root == "[" else at
    return root, tuple(_names(text, start)) if start < len(text) and text[start] == ord("{") else ()


def _as_utf8(head: bytes) -> memoryview:
    codec = utf16_codec(head[:3])
    data = head.decode(codec, "ignore").encode("utf-8", "ignore") if codec else head
    return memoryview(data.removeprefix(b"\xef\xbb\xbf"))


def _names(text: memoryview, at: int) -> Iterator[str]:
    at = at + 1
    while (match := MEMBER_NAME.match(text, separator(text, at).end)) is not None:
        name = decode(bytes(text[match.start(1) : match.end(1)]))
        if name is not None:
            yield str(name.value)
        end = value_end(text, match.end())
        if end is None:
            return
        at = end
