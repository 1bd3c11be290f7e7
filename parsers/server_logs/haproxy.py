"""HAProxy traffic logs in the two default layouts, bare or behind a syslog header."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Format, Reject
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING
from parsers.kit.time import parse_iso, unknown_time
from parsers.server_logs import _line_reader as lines
from parsers.server_logs._line_values import TIME_COLUMNS, extra_field, text_field, time_part
from parsers.server_logs._logformat_fields import fields_of
from parsers.server_logs._logformat_grammar import compile_format
from parsers.server_logs._syslog_prefix import PREFIX, PREFIX_FIELD, PREFIX_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from parsers.contract import Item, ParsedBlock, Sample, Source, Trust
    from parsers.kit.lines import Line
    from parsers.server_logs._line_reader import LineReader, Part

__all__ = ["FORMATS"]


class _Kind(NamedTuple):
    """A kind of line: the manual's log-format of it, what may follow, the column or key for that, the event type."""

    format: str
    tail: str
    rest: str | None
    event_type: str


_KINDS = {
    "http": _Kind(
        "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r",
        "(?: (.*))?",
        "trailing_fields",
        "http_request",
    ),
    "tcp": _Kind(
        "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq",
        "",
        None,
        "connection",
    ),
    "fault": _Kind("%ci:%cp [%t] %ft", ": (.+)", "text", "connection"),
}
_BEFORE = f"(?:{PREFIX})?"
_NOTICE = re.compile(f"{PREFIX}(.*)".encode(), re.DOTALL)


@lru_cache(maxsize=16)
def _reader(kind: str, zone: str | None) -> LineReader:
    """The reader of one kind of traffic line; lines of other kinds go to the other readers."""
    about = _KINDS[kind]
    grammar = compile_format(about.format, "haproxy")
    last = PREFIX_GROUPS + len(grammar.slots)
    more = [] if about.rest is None else [extra_field(last, about.rest)]
    more = [text_field(last, "text")] if about.rest == "text" else more
    return lines.LineReader.of(
        re.compile(_BEFORE.encode() + grammar.regex.pattern + about.tail.encode(), re.DOTALL),
        (PREFIX_FIELD, *fields_of(grammar, zone=zone, shift=PREFIX_GROUPS), *more),
        about.event_type,
        otherwise=partial(_other, first=kind, zone=zone),
        open_end=True,
    )


@lru_cache(maxsize=4)
def _notices(zone: str | None) -> LineReader:
    """The reader of what HAProxy says about itself."""
    stamp = lines.Field((0,), TIME_COLUMNS, partial(_stamp, zone=zone))
    text = text_field(PREFIX_GROUPS, "text")
    return lines.LineReader.of(_NOTICE, (PREFIX_FIELD, stamp, text), "log_message")


def _stamp(raw: bytes | None, zone: str | None) -> Part:
    text = (raw or b"").decode("ascii", "replace")
    return time_part(parse_iso(text, zone) if text[:1].isdigit() else unknown_time(text, "year_ambiguous"))


def _other(line: Line, first: str, zone: str | None) -> Iterable[Item]:
    for kind in _KINDS:
        reader = _reader(kind, zone)
        if kind != first and reader.regex.fullmatch(line.raw):
            return reader.items(line)
    if _is_notice(line.raw):
        return _notices(zone).items(line)
    return (Reject(line.span, "the line is no traffic line of HAProxy and no notice of it", "unknown_structure"),)


def _is_notice(line: bytes) -> bool:
    """Whether HAProxy wrote the line; what other programs wrote into the file is read by the formats of syslog."""
    match = _NOTICE.fullmatch(line)
    return match is not None and b"haproxy" in (match[3] or match[5] or b"haproxy")


def _parse(source: Source, *, kind: str) -> Iterator[Item]:
    yield from lines.parse_rows(source, _reader(kind, source.settings.timezone))


def _parse_block(source: Source, *, kind: str) -> ParsedBlock:
    return lines.parse_block(source, _reader(kind, source.settings.timezone))


def _kind_of(line: bytes) -> str | None:
    kind = next((kind for kind in _KINDS if _reader(kind, None).regex.fullmatch(line)), None)
    if kind is None and (match := _NOTICE.fullmatch(line)):
        return "notice" if (match[3] or match[5] or b"").startswith(b"haproxy") else None
    return kind


@lru_cache(maxsize=4)
def _kinds(sample: Sample) -> Counter[str | None]:
    return Counter(_kind_of(line[:8192]) for line in sample.lines())


def _recognise(sample: Sample, *, kind: str) -> int:
    """The share of HAProxy's lines goes to the layout most traffic lines have."""
    seen = _kinds(sample)
    leader = "http" if seen["http"] >= seen["tcp"] else "tcp"
    return round(100 * (seen.total() - seen[None]) / seen.total()) if kind == leader and seen[leader] else 0


_TRUST: dict[str, Trust] = {
    "timestamp": "server_observed",
    "source_ip": "server_observed",
    "source_port": "server_observed",
    "http_response_status_code": "server_observed",
    "http_response_bytes": "server_observed",
    "event_outcome": "server_observed",
    "host_name": "server_observed",
    "process_name": "server_observed",
    "http_request_method": "sender_controlled",
    "event_action": "sender_controlled",
    "url_original": "sender_controlled",
    "http_version": "sender_controlled",
}


def _format(kind: str, title: str) -> Format:
    return Format(
        id=f"server_log/haproxy_{kind}",
        version=1,
        title=title,
        framing="line",
        recognise=partial(_recognise, kind=kind),
        parse=partial(_parse, kind=kind),
        parse_block=partial(_parse_block, kind=kind),
        event_types=("http_request", "connection", "log_message"),
        tier="source-verified",
        trust=MappingProxyType(_TRUST),
        skips=MappingProxyType({BLANK_LINE: BLANK_LINE_MEANING}),
        siblings=("server_log/syslog_iso",),
        references=("HAProxy 2.8 configuration manual, 8.2.2 TCP log format, 8.2.3 HTTP log format, 8.2.5 Error log",),
        gaps=(
            "Timers bear the names of current versions; before 1.9 the first was Tq and the last Tt.",
            "Notices behind a stamp without year keep their time open; traffic lines carry their own date.",
            "Captured headers are kept in the order of the server's configuration, which names them.",
            "The source port is the last number after a colon; a peer behind the PROXY protocol is what that says.",
        ),
    )


FORMATS = (_format("http", "HAProxy HTTP traffic log"), _format("tcp", "HAProxy TCP traffic log"))
