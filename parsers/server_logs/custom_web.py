"""Logs in any layout, read with the server's own format string: Apache, nginx or HAProxy.

The string comes from the case (``options`` of the exhibit) or ``--option format=...``; without it nothing is read.
`compile_format` tells beforehand what is wrong with a string.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, ParsedBlock, Reject, Span
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING
from parsers.kit.proxies import ProxyListError, trusted_networks
from parsers.server_logs import _line_reader as lines
from parsers.server_logs._logformat_fields import fields_of
from parsers.server_logs._logformat_grammar import LineGrammar, compile_format
from parsers.server_logs._logformat_lex import FormatStringError
from parsers.server_logs._syslog_prefix import PREFIX, PREFIX_FIELD, PREFIX_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from parsers.contract import Item, Sample, Settings, Source, Trust
    from parsers.kit.lines import Line
    from parsers.kit.proxies import Networks
    from parsers.server_logs._line_reader import LineReader

__all__ = ["FORMATS", "FORMAT_ID", "FormatStringError", "LineGrammar", "compile_format", "reader_for"]

FORMAT_ID = "server_log/web_custom"
_OPTIONS = ("format", "dialect", "trusted_proxies")
_UNCLOSED = re.compile(rb'(?:[^"\\]++|\\.)*+"(?:[^"\\]++|\\.)*+\\?', re.DOTALL)

_TRUST: dict[str, Trust] = {
    "timestamp": "server_observed",
    "source_ip": "server_observed",
    "source_port": "server_observed",
    "destination_ip": "server_observed",
    "destination_port": "server_observed",
    "http_response_status_code": "server_observed",
    "http_response_bytes": "server_observed",
    "event_outcome": "server_observed",
    "host_name": "server_observed",
    "claimed_ips": "sender_controlled",
    "url_domain": "sender_controlled",
    "http_request_method": "sender_controlled",
    "event_action": "sender_controlled",
    "url_original": "sender_controlled",
    "http_version": "sender_controlled",
    "http_request_referrer": "sender_controlled",
    "user_agent_original": "sender_controlled",
    "account_login": "sender_controlled",
    "identifiers": "sender_controlled",
}


def reader_for(settings: Settings) -> LineReader:
    """The reader for the format string, dialect and trusted proxies among the options.

    Raises:
        FormatStringError: there is no string, or it cannot be understood.
        ProxyListError: the list of trusted proxies cannot be understood.
    """
    text, dialect, proxies = (settings.options.get(name, "") for name in _OPTIONS)
    if not text.strip():
        raise FormatStringError("this format needs the server's format string: option format")
    return _reader(text, dialect, trusted_networks(proxies), settings.timezone)


@lru_cache(maxsize=8)
def _reader(text: str, dialect: str, trusted: Networks, zone: str | None) -> LineReader:
    grammar = compile_format(text, dialect or None)
    before, shift = (f"(?:{PREFIX})?".encode(), PREFIX_GROUPS) if grammar.dialect == "haproxy" else (b"", 0)
    fields = [*([PREFIX_FIELD] if shift else []), *fields_of(grammar, zone=zone, trusted=trusted, shift=shift)]
    regex, *heads = (re.compile(before + part.pattern, re.DOTALL) for part in (grammar.regex, *grammar.heads))
    wanted = {
        at + shift for at, slot in enumerate(grammar.slots) if slot.directive.role in {"peer", "socket_peer", "time"}
    }

    def otherwise(line: Line) -> Iterable[Item]:
        return _salvage(line, reader, heads, wanted)

    reader = lines.LineReader.of(regex, fields, "http_request", otherwise=otherwise, open_end=grammar.open_end)
    return reader


def _salvage(line: Line, reader: LineReader, heads: Sequence[re.Pattern[bytes]], wanted: set[int]) -> Iterable[Item]:
    """Peer and time where they are certain, from a line whose rest departs from the format."""
    raw = line.raw.removeprefix(lines.BOM) if line.number == 1 else line.raw
    flag = "truncated" if _UNCLOSED.fullmatch(raw) else "salvaged"
    for head in heads:
        match = head.match(raw)
        if match and wanted & set(range(head.groups)):
            return (reader.event(line, match.groups(), (head.groups, raw[match.end() :], flag)),)
    return (Reject(line.span, "the line is not written in the stated format", "unknown_structure"),)


def _parse(source: Source) -> Iterator[Item]:
    try:
        reader = reader_for(source.settings)
    except (FormatStringError, ProxyListError) as fault:
        yield from _unreadable(source, fault)
        return
    yield from lines.parse_rows(source, reader)


def _parse_block(source: Source) -> ParsedBlock:
    try:
        reader = reader_for(source.settings)
    except (FormatStringError, ProxyListError) as fault:
        return ParsedBlock({}, tuple(_unreadable(source, fault)))
    return lines.parse_block(source, reader)


def _unreadable(source: Source, fault: ValueError) -> Iterator[Item]:
    if len(source.view):
        yield Reject(Span(source.offset, source.offset + len(source.view)), str(fault), "unknown_structure")


def _never(sample: Sample) -> int:  # noqa: ARG001 - a layout that people state is not guessed from content
    return 0


FORMATS = (
    Format(
        id=FORMAT_ID,
        version=1,
        title="Server log in a stated format (Apache LogFormat, nginx log_format, HAProxy log-format)",
        framing="line",
        recognise=_never,
        parse=_parse,
        parse_block=_parse_block,
        event_types=("http_request",),
        tier="source-verified",
        trust=MappingProxyType(_TRUST),
        skips=MappingProxyType({BLANK_LINE: BLANK_LINE_MEANING}),
        references=(
            "Apache HTTP Server 2.4, mod_log_config: Custom Log Formats",
            "nginx 1.26, ngx_http_log_module: log_format",
            "HAProxy 2.8 configuration manual, 8.2.6 Custom log format",
            "RFC 7239 section 4 (Forwarded)",
        ),
        gaps=(
            "Where mod_remoteip or realip replaced the peer, %a, %h and $remote_addr hold what a header said.",
            "An absent value and a value of one hyphen are written alike; both are read as absent.",
            "Two unquoted free texts in one line: neither may hold the separator; such lines keep peer and time only.",
            "Cookies other than those of nginx's userid module stay in extra; they need not be unique to a browser.",
            "HAProxy samples in brackets are kept as opaque text.",
        ),
    ),
)
