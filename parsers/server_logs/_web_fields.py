"""The two ends of an access-log line that need judgement: the peer field, and everything from the request on."""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.kit.addresses import Address, parse_address
from parsers.kit.text import decode

__all__ = ["Reading", "address_of", "client_values", "outcome_of", "peer_values", "whole_fields"]

_FIELD = re.compile(rb'(?:"(?:[^"\\]++|\\.)*+"|[^ "]++)(?= |\Z)', re.DOTALL)
_UNCLOSED = re.compile(rb'"(?:[^"\\]++|\\.)*+\\?', re.DOTALL)
_QUOTED = re.compile(rb'".*"', re.DOTALL)
_KINDS = (_QUOTED, re.compile(rb"\d{3}|-"), re.compile(rb"\d+|-"), _QUOTED, _QUOTED)
_REQUEST = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}) ([^ ]+) HTTP/(\d(?:\.\d)?)")  # RFC 9112 3, RFC 9110 5.6.2
_ADDRESS_WORD = re.compile(r"[0-9A-Za-z.:%\[\]~_-]{1,200}")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}")
_NUMBER_LABEL = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")  # no top-level domain is one
_MAX_SIZE_DIGITS = 18  # always fits 64 bits


class Reading(NamedTuple):
    """Column values, parse flags and extra values of a part of a line."""

    values: dict[str, object]
    flags: list[str]
    extra: dict[str, object]


def peer_values(host: bytes) -> Reading:
    """What the peer field states. Only a single address is attested; a list is claimed, a name is kept as a name."""
    text = decode(host).text
    if text == "-":
        return Reading({}, [], {})
    if "," in text:
        return Reading({"claimed_ips": _claimed(text)}, ["address_list"], {"address_as_written": text})
    address = address_of(text)
    if address is None:
        if _is_name(text):
            return Reading({}, ["address_is_name"], {"peer_name": text})
        return Reading({}, ["invalid_address"], {"address_as_written": text})
    extra: dict[str, object] = {"address_zone": address.zone} if address.zone else {}
    values: dict[str, object] = {"source_ip": address.ip, "source_port": address.port}
    if address.v4_mapped:
        return Reading(values, ["v4_mapped"], extra | {"address_as_written": text})
    return Reading(values, [], extra)


def address_of(text: str) -> Address | None:
    """The address a word of ASCII text spells, or None."""
    text = text.strip(" ")
    return parse_address(text) if _ADDRESS_WORD.fullmatch(text) else None


def _claimed(text: str) -> list[str] | None:
    return [a.ip for a in map(address_of, text.split(",")) if a] or None


def _is_name(text: str) -> bool:
    last = text.rstrip(".").rpartition(".")[2]
    return bool(_NAME.fullmatch(text)) and not _NUMBER_LABEL.fullmatch(last)


def _fields(raw: bytes, at: int) -> tuple[list[bytes], bytes]:
    """Space-separated fields from `at`, and the bytes from the first one that is not well formed."""
    found: list[bytes] = []
    while match := _FIELD.match(raw, at):
        found.append(match[0])
        at = match.end() + 1
    return found, raw[at:]


def _known(fields: list[bytes]) -> int:
    """How many fields, from the first, have the kind their place asks for."""
    pairs = zip(_KINDS, fields, strict=False)
    return next((i for i, (kind, field) in enumerate(pairs) if not kind.fullmatch(field)), min(5, len(fields)))


def _certain(fields: list[bytes], unread: bytes, *, short: bool, ended: bool) -> tuple[int, str | None]:
    """How many fields can be relied on, and the flag that says what is wrong with the rest."""
    known = _known(fields)
    if known < 3:
        return _without_answer(known, fields, unread)
    if known == 4 and (short or len(fields) > 4):
        known = 3  # one quoted field after the size belongs to another layout
    if unread:
        return known, "truncated" if _UNCLOSED.fullmatch(unread) else None
    if known == 4:
        return 4, "truncated"
    if len(fields) == 3 and not short and not ended:
        return 2, "truncated"  # digits at the very end may be part of a longer number
    return known, None


def _without_answer(known: int, fields: list[bytes], unread: bytes) -> tuple[int, str]:
    """A request is certain only when a status follows it, or the line was cut right behind it."""
    if not fields:
        return 0, "truncated" if _UNCLOSED.fullmatch(unread) else "unsplit_request"
    cut_status = known == 1 and len(fields) == 2 and fields[1].isdigit() and len(fields[1]) < 3
    if not unread and (len(fields) == known or cut_status):
        return known, "truncated"
    return 0, "unsplit_request"


def whole_fields(raw: bytes, at: int) -> int:
    """How many of request, status, size, referrer and agent stand there undisturbed: 0, 3 or 5."""
    fields, unread = _fields(raw, at)
    known, flag = _certain(fields, unread, short=False, ended=True)
    return 0 if unread or flag else known


def client_values(raw: bytes, at: int, *, short: bool, ended: bool) -> Reading:
    """Request, answer and the client's own headers, from the request's quotation mark at index `at`.

    Whatever is not certain (a field that was cut, quotation marks that do not pair) is kept whole in
    ``extra.unread_text`` and fills no column.
    """
    fields, unread = _fields(raw, at)
    known, flag = _certain(fields, unread, short=short, ended=ended)
    request = _request_values(fields[0]) if known else Reading({}, [], {})
    values, extra = _answer_values(fields[1:3] if known > 2 else fields[1:known])
    headers = zip(("http_request_referrer", "user_agent_original"), fields[3:known], strict=False)
    values |= request.values | {name: _text(field) for name, field in headers}
    rest = raw[at + sum(len(field) + 1 for field in fields[:known]) :]
    if unread or flag:
        extra |= {"unread_text": decode(rest).text} if rest.strip(b" ") else {}
    elif any(field not in {b"-", b'"-"', b'""'} for field in fields[known:]):
        extra["trailing_fields"] = decode(rest).text
        values["claimed_ips"] = _forwarded(fields[known:])
    return Reading(values, [*request.flags, *([flag] if flag else [])], extra)


def _forwarded(trailing: list[bytes]) -> list[str] | None:
    """Addresses of a single quoted field at the end: X-Forwarded-For in the `main` layout nginx is shipped with."""
    text = decode(trailing[0]).text
    if len(trailing) != 1 or not text.startswith('"'):
        return None
    claimed = _claimed(text.strip('"'))
    return claimed if claimed and len(claimed) == text.count(",") + 1 else None


def _request_values(quoted: bytes) -> Reading:
    match = _REQUEST.fullmatch(quoted, 1, len(quoted) - 1)
    if not match:
        return Reading({"url_original": _text(quoted)}, ["unsplit_request"], {})
    method = match[1].decode("ascii")
    return Reading(
        {
            "event_action": method.lower(),
            "http_request_method": method,
            "url_original": decode(match[2]).text,
            "http_version": match[3].decode("ascii"),
        },
        [],
        {},
    )


def _answer_values(fields: list[bytes]) -> tuple[dict[str, object], dict[str, object]]:
    """Status and size. A size of ``-`` stays absent: Apache writes it for "no bytes", others for "not known"."""
    status = int(fields[0]) if fields and fields[0] != b"-" else None
    values: dict[str, object] = {"http_response_status_code": status, "event_outcome": outcome_of(status)}
    size = fields[1] if len(fields) > 1 else b"-"
    if len(size) > _MAX_SIZE_DIGITS:
        return values, {"bytes_as_written": size.decode("ascii")}
    return values | {"http_response_bytes": int(size) if size != b"-" else None}, {}


def outcome_of(status: int | None) -> str:
    """ECS outcome of an HTTP status; below 100 (nginx writes 000) no answer was sent."""
    if status is None or status < 100:
        return "unknown"
    return "success" if status < 400 else "failure"


def _text(quoted: bytes) -> str | None:
    return None if quoted in {b'""', b'"-"'} else decode(quoted[1:-1]).text
