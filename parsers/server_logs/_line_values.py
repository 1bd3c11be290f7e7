"""Readers of single values, shared by the line formats: each turns the bytes of one group into a `Part`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.kit.addresses import parse_address
from parsers.kit.text import decode
from parsers.server_logs._line_reader import Field, Part
from parsers.server_logs._web_fields import outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from parsers.kit.time import Moment

__all__ = [
    "REQUEST_COLUMNS",
    "TIME_COLUMNS",
    "TIME_DESC",
    "absent",
    "address_field",
    "count",
    "count_field",
    "extra_field",
    "loose_value",
    "plain",
    "port_field",
    "request_part",
    "shifted_part",
    "status_part",
    "text_field",
    "time_part",
]

TIME_DESC = "Recorded Time"
TIME_COLUMNS = (
    "timestamp",
    "timestamp_raw",
    "timestamp_desc",
    "tz_basis",
    "time_precision_s",
    "timestamp_earliest",
    "timestamp_latest",
)
REQUEST_COLUMNS = ("event_action", "http_request_method", "url_original", "http_version")
_REQUEST = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}) ([^ ]+) HTTP/(\d(?:\.\d)?)")  # RFC 9112 3, RFC 9110 5.6.2
_INTEGER = re.compile(rb"-?\d{1,18}")
_LOSSY = ("lossy_text",)


def plain(raw: bytes) -> bytes:
    """The bytes as they are: for formats that escape nothing."""
    return raw


def absent(raw: bytes | None) -> bool:
    """Whether a field holds nothing."""
    return raw is None or raw in {b"-", b""}


def count(raw: bytes | None) -> int | None:
    """A whole number that fits 64 bits, or None."""
    return int(raw) if raw is not None and _INTEGER.fullmatch(raw) else None


def time_part(moment: Moment) -> Part:
    """The part of `TIME_COLUMNS`."""
    at, raw, basis, step, earliest, latest, flags = moment
    return Part((at, raw, TIME_DESC, basis, step, earliest, latest), flags)


def shifted_part(second: Moment, raw: str, fraction: str) -> Part:
    """The part of `TIME_COLUMNS` for a whole second and the digits written of its fraction (six at most)."""
    if second.timestamp is None or second.earliest is None or second.latest is None:
        return time_part(second._replace(raw=raw))
    digits = len(fraction)
    micro = int(fraction) * 10 ** (6 - digits) if fraction else 0
    latest = second.latest - 999_999 + micro + 10 ** (6 - digits) - 1
    values = (second.timestamp + micro, raw, TIME_DESC, second.basis, 10.0**-digits, second.earliest + micro, latest)
    return Part(values, second.flags)


def text_field(group: int, column: str, undo: Callable[[bytes], bytes] = plain) -> Field:
    """One free text."""

    def read(raw: bytes | None) -> Part:
        if absent(raw):
            return Part((None,))
        text, lossy = decode(undo(raw or b""))
        return Part((text,), _LOSSY if lossy else ())

    return Field((group,), (column,), read)


def loose_value(raw: bytes | None, key: str, undo: Callable[[bytes], bytes] = plain, *, number: bool = False) -> Part:
    """A named value without a column; numbers that fit become numbers."""
    if absent(raw) or raw is None:
        return Part(())
    if number and (value := count(raw)) is not None:
        return Part((), (), {key: value})
    text, lossy = decode(undo(raw))
    return Part((), _LOSSY if lossy else (), {key: text})


def extra_field(group: int, key: str, undo: Callable[[bytes], bytes] = plain, *, number: bool = False) -> Field:
    """A field for `loose_value`."""
    return Field((group,), (), lambda raw: loose_value(raw, key, undo, number=number))


def count_field(group: int, column: str, key: str) -> Field:
    """A whole number; one that does not fit is kept as written under `key`."""

    def read(raw: bytes | None) -> Part:
        value = count(raw)
        kept = {} if absent(raw) or value is not None else {key: (raw or b"").decode("ascii", "backslashreplace")}
        return Part((value,), (), kept)

    return Field((group,), (column,), read)


def port_field(group: int, column: str, key: str) -> Field:
    """A port number; one above 65535 is kept as written under `key`."""

    def read(raw: bytes | None) -> Part:
        value = count(raw)
        if value is None or not 0 <= value <= 65535:  # RFC 9293: 16 bits
            return Part((None,), (), {} if absent(raw) else {key: (raw or b"").decode("ascii", "backslashreplace")})
        return Part((value,))

    return Field((group,), (column,), read)


def address_field(group: int, column: str, key: str) -> Field:
    """One address in canonical form; anything else is kept as written under `key`."""

    def read(raw: bytes | None) -> Part:
        if absent(raw) or raw is None:
            return Part((None,))
        text = decode(raw).text
        address = parse_address(text) if text.isascii() else None
        if address is None:
            return Part((None,), (), {key: text})
        return Part((address.ip,), (), {key + "_zone": address.zone} if address.zone else {})

    return Field((group,), (column,), read)


def request_part(raw: bytes | None, undo: Callable[[bytes], bytes] = plain) -> Part:
    """The part of `REQUEST_COLUMNS` for a request line."""
    if absent(raw) or raw is None:
        return Part((None, None, None, None))
    sent = undo(raw)
    match = _REQUEST.fullmatch(sent)
    if not match:
        text, lossy = decode(sent)
        return Part((None, None, text, None), ("unsplit_request", *(_LOSSY if lossy else ())))
    method = match[1].decode("ascii")
    target, lossy = decode(match[2])
    return Part((method.lower(), method, target, match[3].decode("ascii")), _LOSSY if lossy else ())


def status_part(raw: bytes | None) -> Part:
    """Status and outcome; a status below zero means that none was sent."""
    status = count(raw)
    status = status if status is not None and 0 <= status <= 999 else None
    return Part((status, outcome_of(status)))
