"""The header that a syslog daemon puts before a line another program wrote, as part of a larger expression."""

from __future__ import annotations

from parsers.kit.text import decode
from parsers.server_logs._line_reader import Field, Part

__all__ = ["PREFIX", "PREFIX_FIELD", "PREFIX_GROUPS"]

_BSD = r"[A-Z][a-z]{2} [ \d]\d(?: \d{4})? \d\d:\d\d:\d\d"
_ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_TAG = r"([^\s\[\]:]{1,64})(?:\[(\d{1,10})\])?: "
_PROGRAM = r"(\S{1,48}) (\d{1,10}|-) \S{1,32} - "
PREFIX = rf"(?:<\d{{1,3}}>)?(?:1 )?({_BSD}|{_ISO}) +(?:(?!\S+: )(\S{{1,255}}) )?(?:{_TAG}|{_PROGRAM})"
"""Priority, stamp, host, then ``tag[pid]:`` (RFC 3164) or program, pid, message id and no data (RFC 5424)."""
PREFIX_GROUPS = 6


def _read(*raws: bytes | None) -> Part:
    stamp, host, tag, pid, program, number = raws
    name, digits = tag or program, pid or (None if number == b"-" else number)
    extra: dict[str, object] = {"syslog_stamp": stamp.decode("ascii")} if stamp else {}
    return Part((_text(host), _text(name), int(digits) if digits else None), (), extra)


def _text(raw: bytes | None) -> str | None:
    return decode(raw).text if raw else None


PREFIX_FIELD = Field(tuple(range(PREFIX_GROUPS)), ("host_name", "process_name", "process_pid"), _read)
