"""W3C extended log files: directives name the fields of the lines after them, and may do so again mid-file.

Reference: W3C Working Draft WD-logfile-960323, Extended Log File Format.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Reject, Skip
from parsers.kit.addresses import parse_address
from parsers.kit.lines import line_items
from parsers.kit.text import decode
from parsers.kit.time import parse_iso, unknown_time
from parsers.server_logs._line_reader import BOM, Field, LineReader, Part
from parsers.server_logs._line_values import (
    TIME_COLUMNS,
    absent,
    address_field,
    count_field,
    extra_field,
    port_field,
    status_part,
    text_field,
    time_part,
)
from parsers.server_logs._logformat_tables import key_of
from parsers.server_logs._web_fields import peer_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from parsers.contract import Item, Sample, Source
    from parsers.kit.lines import Line

__all__ = ["DIRECTIVE", "DIRECTIVE_MEANING", "NULS", "NULS_MEANING", "Dialect", "announced", "fitting", "parse"]

DIRECTIVE = "directive"
DIRECTIVE_MEANING = "a line that begins with # and tells software, version, date or the fields of the lines after it"
NULS = "nul run"
NULS_MEANING = "the line holds only NUL bytes, as a crash or preallocation leaves them at the end of a log"

_DIRECTIVE = re.compile(rb"#([A-Za-z][A-Za-z-]{0,40}): ?(.*)", re.DOTALL)
_MAX_FIELDS = 256
_CLAIMS = {"x-forwarded-for", "cs(x-forwarded-for)", "cs(x-real-ip)", "cs(cf-connecting-ip)", "cs(true-client-ip)"}
_TEXTS = {
    "cs-username": "account_login",
    "s-computername": "host_name",
    "cs(referer)": "http_request_referrer",
}
_NUMBERS = {"sc-substatus", "sc-win32-status", "cs-bytes", "time-taken", "sc-content-len", "sc-range-start"}
_HOSTS = ("x-host-header", "cs-host", "cs(host)")


class Dialect(NamedTuple):
    """What differs between programs: the separator, and how client text is to be undone."""

    separator: bytes
    undo_agent: Callable[[bytes], bytes]
    undo_text: Callable[[bytes], bytes]


class _State:
    """What the directives so far say."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.date: bytes | None = None
        self.reader: LineReader | None = None
        self.names: tuple[bytes, ...] = ()

    def directive(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"fields":
            self.names = announced(value)
        elif name.lower() == b"date":
            self.date = value.strip()[:10]
        self.reader = _reader(self.names, self.date, self.dialect) if self.names else None

    def items(self, line: Line) -> Iterable[Item]:
        raw = line.raw
        if raw[:1] == b"#" or line.number == 1:
            match = _DIRECTIVE.fullmatch(raw.removeprefix(BOM))
            if match:
                self.directive(match[1], match[2])
                return (Skip(line.span, DIRECTIVE),)
        if self.reader is not None:
            return self.reader.items(line)
        return _unread(line, "no #Fields directive names the fields of this line")


def parse(source: Source, dialect: Dialect) -> Iterator[Item]:
    """Items of a whole file."""
    yield from line_items(source, _State(dialect).items)


def announced(value: bytes) -> tuple[bytes, ...]:
    """The names of a #Fields directive, in lower case; none when there are too many to be one."""
    names = tuple(value.lower().split())
    return names if len(names) <= _MAX_FIELDS else ()


def _unread(line: Line, reason: str) -> Iterable[Item]:
    if not line.raw.strip(b"\0"):
        return (Skip(line.span, NULS),)
    return (Reject(line.span, reason, "unknown_structure"),)


@lru_cache(maxsize=64)
def _reader(names: tuple[bytes, ...], date: bytes | None, dialect: Dialect) -> LineReader:
    """The reader of lines with these fields."""
    value = b"([^%b]++)" % dialect.separator if dialect.separator != b"\t" else rb"([^\t]*+)"
    regex = re.compile(dialect.separator.join([value] * len(names)), re.DOTALL)
    reason = f"the line does not hold the {len(names)} fields that the #Fields directive names"
    fields = tuple(_Columns(names, date, dialect).fields())
    otherwise = partial(_unread, reason=reason)
    return LineReader.of(regex, fields, "http_request", otherwise=otherwise, open_end=True)


class _Columns:
    """Gives each announced field its column; what has none goes to extra under its own name."""

    def __init__(self, names: Sequence[bytes], date: bytes | None, dialect: Dialect) -> None:
        self.names = [decode(name).text for name in names]
        self.left = list(range(len(names)))
        self.date, self.dialect = date, dialect
        self.keys: set[str] = set()

    def _take(self, *names: str) -> int | None:
        at = next((at for name in names for at in self.left if self.names[at] == name), None)
        if at is not None:
            self.left.remove(at)
        return at

    def _key(self, at: int) -> str:
        stem, number = key_of(self.names[at]), 2
        key = stem
        while key in self.keys:
            key, number = f"{stem}_{number}", number + 1
        self.keys.add(key)
        return key

    def fields(self) -> Iterator[Field]:
        yield from self._time()
        yield from self._peer()
        yield from self._request()
        yield from self._answer()
        for at in self.left:
            yield extra_field(at, self._key(at), self.dialect.undo_text, number=self.names[at] in _NUMBERS)

    def _time(self) -> Iterator[Field]:
        clock = self._take("time")
        day = self._take("date") if clock is not None else None
        if clock is not None and day is not None:
            yield Field((day, clock), TIME_COLUMNS, _moment)
        elif clock is not None:
            yield Field((clock,), TIME_COLUMNS, partial(_moment, self.date))

    def _peer(self) -> Iterator[Field]:
        peer, port = self._take("c-ip"), self._take("c-port")
        claims = tuple(at for at in self.left if self.names[at] in _CLAIMS)
        self.left = [at for at in self.left if at not in claims]
        if peer is not None:
            yield Field((peer,), ("source_ip",), _peer)
        if claims:
            keys = [self._key(at) for at in claims]
            yield Field(claims, ("claimed_ips",), lambda *raws: _claims(keys, raws, self.dialect.undo_text))
        if port is not None:
            yield port_field(port, "source_port", self._key(port))
        if (server := self._take("s-ip")) is not None:
            yield address_field(server, "destination_ip", self._key(server))
        if (server_port := self._take("s-port")) is not None:
            yield port_field(server_port, "destination_port", self._key(server_port))

    def _request(self) -> Iterator[Field]:
        method, version = self._take("cs-method"), self._take("cs-version", "cs-protocol-version")
        stem, agent = self._take("cs-uri-stem", "cs-uri"), self._take("cs(user-agent)")
        query = self._take("cs-uri-query") if stem is not None else None
        if method is not None:
            yield Field((method,), ("http_request_method", "event_action"), _method)
        if version is not None:
            yield text_field(version, "http_version", lambda raw: raw.removeprefix(b"HTTP/"))
        if stem is not None and query is not None:
            yield Field((stem, query), ("url_original",), _target)
        elif stem is not None:
            yield text_field(stem, "url_original")
        if agent is not None:
            yield text_field(agent, "user_agent_original", self.dialect.undo_agent)
        if (host := self._take(*_HOSTS)) is not None:
            yield text_field(host, "url_domain")

    def _answer(self) -> Iterator[Field]:
        if (status := self._take("sc-status")) is not None:
            yield Field((status,), ("http_response_status_code", "event_outcome"), status_part)
        if (size := self._take("sc-bytes")) is not None:
            yield count_field(size, "http_response_bytes", self._key(size))
        for name, column in _TEXTS.items():
            if (at := self._take(name)) is not None:
                yield text_field(at, column, self.dialect.undo_text)


def _moment(day: bytes | None, clock: bytes | None) -> Part:
    """UTC by the rule of the format; a clock without a date is an unknown time."""
    written = b" ".join(part for part in (day, clock) if part).decode("ascii", "backslashreplace")
    return time_part(parse_iso(written, zoneless="format_rule") if day else unknown_time(written))


def _peer(raw: bytes | None) -> Part:
    reading = peer_values(raw or b"-")
    return Part((reading.values.get("source_ip"),), tuple(reading.flags), reading.extra)


def _claims(keys: Sequence[str], raws: Sequence[bytes | None], undo: Callable[[bytes], bytes]) -> Part:
    pairs = zip(keys, raws, strict=True)
    texts = {key: decode(undo(raw)).text for key, raw in pairs if raw is not None and not absent(raw)}
    words = (word.strip() for text in texts.values() for word in text.split(","))
    return Part(([a.ip for word in words if word.isascii() and (a := parse_address(word))] or None,), (), texts)


def _method(raw: bytes | None) -> Part:
    method = None if absent(raw) else decode(raw or b"").text
    return Part((method, method.lower() if method else None))


def _target(stem: bytes | None, query: bytes | None) -> Part:
    if stem is None or absent(stem):
        return Part((None,))
    text, lossy = decode(stem if query is None or absent(query) else stem + b"?" + query)
    return Part((text,), ("lossy_text",) if lossy else ())


def fitting(sample: Sample, separator: bytes) -> tuple[tuple[bytes, ...], float]:
    """The first announced names in a sample, and the share of lines that are directives or hold as many fields."""
    lines, count, good = sample.lines(), 0, 0
    first: tuple[bytes, ...] = ()
    for line in lines:
        match = _DIRECTIVE.fullmatch(line.removeprefix(BOM))
        if match and match[1].lower() == b"fields":
            names = announced(match[2])
            first, count = first or names, len(names)
        good += bool(match) or (count > 0 and line.count(separator) == count - 1)
    return first, good / len(lines) if lines else 0.0
