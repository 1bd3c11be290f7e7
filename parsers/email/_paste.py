"""Header text that went through a mail program or a form: quoted with ``>``, lines wrapped without their indent.

The text is put right line by line, and every field keeps its place in the bytes as they were pasted.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Paste", "is_wrapped", "mend", "quote_depth", "to_original"]

_HEAD = 1 << 16
_QUOTE = re.compile(rb"[ \t]{0,3}> ?")
# A field of a paste: a name and a space behind the colon, so that wrapped lists such as "From:To:Date" are no fields.
_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,75}:(?=[ \t\r\n]|$)")
_KNOWN = re.compile(
    rb"(?:received|from|to|subject|date|message-id|return-path|delivered-to|mime-version|content-type|reply-to|"
    rb"dkim-signature|authentication-results|x-[a-z0-9-]{1,60}|arc-[a-z-]{1,30}): ",
    re.IGNORECASE,
)
_DEEPEST = 5
_SHARE = 0.9


class Paste(NamedTuple):
    """Mended bytes; for every line where its content starts here and in the paste; and how much was mended."""

    data: bytes
    starts: list[int]
    origins: list[int]
    joined: int
    dropped: int


def quote_depth(head: bytes) -> int:
    """How many ``>`` nearly every line begins with."""
    lines = [line for line in head[:_HEAD].split(b"\n") if line.strip()]
    depth = 0
    while lines and depth < _DEEPEST:
        cut = [_QUOTE.match(line) for line in lines]
        if sum(m is not None for m in cut) < _SHARE * len(lines):
            break
        lines = [line[m.end() :] if m else line for line, m in zip(lines, cut, strict=True)]
        depth += 1
    return depth


def is_wrapped(head: bytes) -> bool:
    """Whether lines between the fields are the rest of the field above them: two or more, with known fields after."""
    strays = after = fields = 0
    for raw in head[:_HEAD].split(b"\n"):
        line = raw.rstrip(b"\r")
        if not line.strip() and fields:
            break
        if _FIELD.match(line):
            fields += 1
            after = strays if _KNOWN.match(line) else after
        elif line[:1] not in {b" ", b"\t"} and fields:
            strays += 1
    return after >= 2 and fields >= 3


def mend(view: memoryview, depth: int) -> Paste:
    """Take off `depth` quote marks, indent what continues a field, leave out what stands before the first field."""
    starts, origins, pieces = [0], [0], []
    at = made = joined = dropped = 0
    in_head, seen = True, False
    for raw in bytes(view).splitlines(keepends=True):
        cut = _cut(raw, depth)
        line = raw[cut:]
        if in_head and not line.strip():
            in_head = not seen
        stray = in_head and line[:1] not in {b" ", b"\t"} and line.strip() != b"" and not _FIELD.match(line)
        seen = seen or (in_head and _FIELD.match(line) is not None)
        if in_head and not seen:
            dropped += bool(line.strip())
        else:
            joined += stray
            made += len(b" ") if stray else 0
            pieces.append(b" " + line if stray else line)
            starts.append(made)
            origins.append(at + cut)
            made += len(line)
        at += len(raw)
    return Paste(b"".join(pieces), starts, origins, joined, dropped)


def _cut(line: bytes, depth: int) -> int:
    at = 0
    for _ in range(depth):
        match = _QUOTE.match(line, at)
        if match is None:
            break
        at = match.end()
    return at


def _origin(paste: Paste, position: int) -> int:
    line = bisect_right(paste.starts, position) - 1
    return paste.origins[line] + position - paste.starts[line]


def to_original(values: Mapping[str, object], paste: Paste, offset: int) -> None:
    """Move the places of fields, hops and attachments from the mended bytes to the paste's."""
    extra = values.get("extra")
    attachments = extra.get("attachments") if isinstance(extra, dict) else None
    for rows in (values.get("email_headers"), values.get("hops"), attachments):
        for row in rows if isinstance(rows, list) else ():
            if "span" in row:
                row["span"] = [offset + _origin(paste, row["span"][0]), offset + _end(paste, row["span"][1])]
            if "span_start" in row:
                row["span_start"] = offset + _origin(paste, row["span_start"])
                row["span_end"] = offset + _end(paste, row["span_end"])


def _end(paste: Paste, position: int) -> int:
    return _origin(paste, position - 1) + 1 if position else 0
