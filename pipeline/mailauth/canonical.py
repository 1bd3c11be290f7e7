"""The bytes that a mail signature covers: fields and body in their canonical forms, and the tags of a signature.

References:
    RFC 6376 sections 3.2 (tag lists), 3.4 (canonicalization), 5.4.2 (repeated fields).
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

__all__ = [
    "Field",
    "Mail",
    "body_bytes",
    "field_bytes",
    "read_tags",
    "select",
    "split_mail",
    "strict_base64",
    "without_b",
]

_FIELD = re.compile(rb"([!-9;-~]{1,256}?)[ \t]*:")
_BLANKS = re.compile(rb"[ \t]+")
_SPACE = re.compile(rb"[ \t\r\n]+")
_LONE_LF = re.compile(rb"(?<!\r)\n")
_TAG = re.compile(rb"[A-Za-z][A-Za-z0-9_]{0,40}")
_B_VALUE = re.compile(rb"((?:^|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")


class Field(NamedTuple):
    """One header field: its lower-case name, and all its bytes with the final line end."""

    name: bytes
    raw: bytes

    @property
    def value(self) -> bytes:
        """Everything behind the colon."""
        return self.raw.partition(b":")[2]


class Mail(NamedTuple):
    """Fields from the top down, and the body; line ends are CRLF, as when the message was signed."""

    fields: list[Field]
    body: bytes


def split_mail(data: bytes) -> Mail:
    """Split a message. Lines that are no field end the header block; a leading ``From `` line is left out."""
    data = _LONE_LF.sub(b"\r\n", data)
    if data.startswith(b"From "):
        data = data.partition(b"\r\n")[2]
    fields: list[Field] = []
    at = 0
    while at < len(data):
        end = data.find(b"\r\n", at)
        end = len(data) if end < 0 else end + 2
        line = data[at:end]
        if line == b"\r\n":
            return Mail(fields, data[end:])
        match = _FIELD.match(line)
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1] = fields[-1]._replace(raw=fields[-1].raw + line)
        elif match:
            fields.append(Field(match[1].lower(), line))
        else:
            return Mail(fields, data[at:])
        at = end
    return Mail(fields, b"")


def field_bytes(field: Field, *, relaxed: bool) -> bytes:
    """A field as it is hashed, with its final CRLF."""
    if not relaxed:
        return field.raw if field.raw.endswith(b"\r\n") else field.raw + b"\r\n"
    value = _BLANKS.sub(b" ", field.value.replace(b"\r\n", b"")).strip(b" \t")
    return field.name + b":" + value + b"\r\n"


def body_bytes(body: bytes, *, relaxed: bool) -> bytes:
    """The body as it is hashed."""
    if relaxed:
        body = _BLANKS.sub(b" ", body).replace(b" \r\n", b"\r\n")
        body = body.removesuffix(b" ")
    end = len(body)
    while end >= 2 and body[end - 2 : end] == b"\r\n":
        end -= 2
    return body[:end] + b"\r\n" if end or not relaxed else b""


def select(fields: list[Field], names: list[bytes]) -> list[Field]:
    """The fields that ``h=`` names; of repeated ones the lowest comes first, and missing ones count as empty."""
    left: dict[bytes, list[Field]] = {}
    for field in fields:
        left.setdefault(field.name, []).append(field)
    return [left[name].pop() for name in names if left.get(name)]


def read_tags(value: bytes) -> dict[str, bytes] | None:
    """Tags of a signature or key record; None when it is no tag list or a tag occurs twice."""
    out: dict[str, bytes] = {}
    for part in value.strip().rstrip(b";").split(b";"):
        name, equals, text = part.partition(b"=")
        name = name.strip()
        if not equals or not _TAG.fullmatch(name) or name.decode() in out:
            return None
        out[name.decode()] = text.strip()
    return out


def strict_base64(text: bytes) -> bytes | None:
    """Base64 with folding white space, whose spelling is the only one of its bytes; None otherwise."""
    packed = _SPACE.sub(b"", text)
    try:
        data = base64.b64decode(packed, validate=True)
    except binascii.Error:
        return None
    return data if data and base64.b64encode(data) == packed else None


def without_b(field: Field) -> Field:
    """A signature field with the value of ``b=`` taken out, without its final line end."""
    name, _, value = field.raw.partition(b":")
    return field._replace(raw=name + b":" + _B_VALUE.sub(rb"\1", value, count=1).rstrip(b"\r\n"))
