"""The three ways a syslog line begins, split into header and message.

References:
    RFC 3164 section 4.1 (BSD syslog, as daemons write it to files: the priority is usually gone).
    RFC 5424 section 6 (header, structured data, message).
    rsyslog RSYSLOG_FileFormat and journalctl -o short-iso (ISO 8601 stamp, otherwise as BSD).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.text import decode
from parsers.kit.time import MONTHS
from parsers.kit.years import key_of

if TYPE_CHECKING:
    from parsers.kit.time import Moment

__all__ = ["Clock", "Entry", "clean", "clock_of", "plain_clock", "split_entry"]

_PRI = rb"(?:<([0-9]{1,3})>)?"
_BSD_PARTS = rb"([A-Z][a-z]{2}) +([0-9]{1,2})(?: ([0-9]{4}))? ([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,6})?"
_BSD_STAMP = re.compile(_BSD_PARTS)
_BSD = re.compile(_PRI + rb"(" + re.sub(rb"\((?!\?)", b"(?:", _BSD_PARTS) + rb") +")
_DAY = re.compile(rb"([A-Z][a-z]{2}) ([ 0-9][0-9]) ")
_TIME = re.compile(rb"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]) ")
_ISO_STAMP = (
    rb"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]{1,9})?"
    rb"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_ISO = re.compile(_PRI + rb"(" + _ISO_STAMP + rb") +")
_IETF = re.compile(rb"<([0-9]{1,3})>1 (-|" + _ISO_STAMP + rb") ")
_WORD = re.compile(r"([^ ]{1,255})(?: |$)")
_TAG = r"([^\s\[\]:()]{1,128})(?:\(([\w-]{1,64})\))?(?:\[([^\]\s]{0,32})\])?: ?"
_HEAD = re.compile(r"(?:([^ ]{1,255}) )??" + _TAG, re.ASCII)
_PARAM = re.compile(r' ([^ =\]"]{1,32})="((?:[^"\\\]]|\\.)*)"')
_ELEMENT = re.compile(r'\[([^ =\]"]{1,32})')
_ESCAPED = re.compile(r'\\(["\\\]])')
_UNCLEAN = (b"\0", b"\xef")
_NIL = "-"
_BOM = "\ufeff"
_MAX_PRI = 191  # facility 23, severity 7


class Clock(NamedTuple):
    """The stamp of a line.

    Attributes:
        kind: Which of the three headers the line has: ``bsd``, ``iso`` or ``ietf``.
        raw: The stamp as written; None for the nil value of RFC 5424.
        key: Place in the year (`parsers.kit.years`); None when there is no such date, or no date.
        year: The year, when the stamp carries it.
        micro: Microseconds of a BSD stamp with a fraction, None without one.
        pri: Priority as written.
        rest: Where the text after the stamp begins.
        moment: The instant itself, where the stamp is a count since an epoch.
    """

    kind: str
    raw: str | None
    key: int | None
    year: int | None
    micro: int | None
    pri: str | None
    rest: int
    moment: Moment | None = None


class Entry(NamedTuple):
    """A line split into its parts; absent parts are None. `module` is ``pam_unix`` in ``sshd(pam_unix)[1]:``."""

    host: str | None
    process: str | None
    module: str | None
    pid: str | None
    message: str
    extra: dict[str, object]
    lossy: bool


def clean(raw: bytes) -> bytes:
    """The line without what stands before its first byte of text: NULs left by a crash, a byte order mark."""
    return raw if raw[:1] not in _UNCLEAN else raw.lstrip(b"\0").removeprefix(b"\xef\xbb\xbf")


def clock_of(line: bytes) -> Clock | None:
    """The header's stamp, or None when the line begins like no syslog line."""
    if plain := plain_clock(line[:16]):
        return plain
    if match := _BSD.match(line):
        return _bsd_clock(match)
    for kind, pattern in (("iso", _ISO), ("ietf", _IETF)):
        if match := pattern.match(line):
            return _iso_clock(match, kind)
    return None


@lru_cache(maxsize=8192)
def plain_clock(head: bytes) -> Clock | None:
    """The stamp of the commonest line, ``Mar  1 10:00:00 `` and no more; busy logs write many lines in one second."""
    day, time = _day(head[:7]), _TIME.fullmatch(head, 7)
    if day is None or time is None:
        return None
    hour, minute, second = time.groups()
    key = day + int(hour) * 3600 + int(minute) * 60 + int(second)
    return Clock("bsd", head[:15].decode(), key, None, None, None, 16)


@lru_cache(maxsize=512)
def _day(head: bytes) -> int | None:
    """Place in the year of the midnight that ``Mar  1 `` begins with."""
    match = _DAY.fullmatch(head)
    month = MONTHS.get(match[1].decode().lower()) if match else None
    return key_of(month, int(match[2]), 0, 0, 0) if match and month else None


def _bsd_clock(match: re.Match[bytes]) -> Clock | None:
    pri, stamp = match.groups()
    read = _bsd_stamp(stamp)
    return Clock("bsd", *read, _text(pri), match.end()) if read else None


def _bsd_stamp(stamp: bytes) -> tuple[str, int | None, int | None, int | None] | None:
    """Text, place in the year, year and microseconds of a stamp."""
    match = _BSD_STAMP.match(stamp)
    if match is None:
        return None
    month, day, year, hour, minute, second, fraction = match.groups()
    number = MONTHS.get(month.decode().lower())
    if number is None:
        return None
    key = key_of(number, int(day), int(hour), int(minute), int(second))
    micro = int(fraction[1:].ljust(6, b"0")) if fraction else None
    return stamp.decode(), key, int(year) if year else None, micro


def _iso_clock(match: re.Match[bytes], kind: str) -> Clock:
    pri, raw, year, month, day, hour, minute, second = match.groups()
    if year is None:
        return Clock(kind, None, None, None, None, _text(pri), match.end())
    key = key_of(int(month), int(day), int(hour), int(minute), int(second))
    return Clock(kind, raw.decode(), key, int(year) or None, None, _text(pri), match.end())


def _text(raw: bytes | None) -> str | None:
    return raw.decode() if raw is not None else None


def split_entry(line: bytes, clock: Clock) -> Entry | None:
    """Host, program and message of a line; None when the header is not complete."""
    text, lossy = decode(line[clock.rest :])
    extra = _priority(clock.pri)
    if clock.kind == "ietf":
        return _split_ietf(text, extra, lossy=lossy)
    return _split_bsd(text, extra, lossy=lossy)


def _priority(pri: str | None) -> dict[str, object]:
    if pri is None:
        return {}
    value = int(pri)
    return {"facility": value >> 3, "severity": value & 7} if value <= _MAX_PRI else {"pri": pri}


def _split_bsd(text: str, extra: dict[str, object], *, lossy: bool) -> Entry | None:
    if match := _HEAD.match(text):
        host, process, module, pid = match.groups()
        return Entry(host, process, module, pid or None, text[match.end() :], extra, lossy)
    word = _WORD.match(text)
    return Entry(word[1], None, None, None, text[word.end() :], extra, lossy) if word else None


def _split_ietf(text: str, extra: dict[str, object], *, lossy: bool) -> Entry | None:
    parts = text.split(" ", 4)
    if len(parts) < 5 or not all(parts):
        return None
    host, app, pid, msgid, rest = parts
    found = _structured_data(rest)
    if found is None:
        return None
    data, end = found
    message = rest[end:].removeprefix(" ").removeprefix(_BOM)
    extra |= ({"sd": data} if data else {}) | ({"msgid": msgid} if msgid != _NIL else {})
    return Entry(_known(host), _known(app), None, _known(pid), message, extra, lossy)


def _known(value: str) -> str | None:
    return None if value == _NIL else value


def _structured_data(text: str) -> tuple[dict[str, dict[str, list[str]]], int] | None:
    """SD-ID -> name -> values (names may repeat), and where the data ends. None when it is not well formed."""
    if text == _NIL or text.startswith("- "):
        return {}, 1
    data: dict[str, dict[str, list[str]]] = {}
    at = 0
    while element := _ELEMENT.match(text, at):
        params, at = data.setdefault(element[1], {}), element.end()
        while param := _PARAM.match(text, at):
            value = _ESCAPED.sub(r"\1", param[2]) if "\\" in param[2] else param[2]
            params.setdefault(param[1], []).append(value)
            at = param.end()
        if text[at : at + 1] != "]":
            return None
        at += 1
    return (data, at) if at and text[at : at + 1] in {"", " "} else None
