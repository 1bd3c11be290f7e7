"""Error logs of Apache httpd (2.2 and 2.4) and nginx."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Reject
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, line_share
from parsers.kit.text import decode
from parsers.kit.time import MONTHS, unknown_time
from parsers.server_logs._continued import Joiner, resumes
from parsers.server_logs._line_reader import Field, LineReader, Part
from parsers.server_logs._line_values import TIME_COLUMNS, count, extra_field, shifted_part, time_part
from parsers.server_logs._logformat_times import local_moment
from parsers.server_logs._nginx_error import TAIL_FIELD
from parsers.server_logs._web_fields import peer_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from parsers.contract import Item, ParsedBlock, Sample, Source, Trust
    from parsers.kit.lines import Line
    from parsers.kit.time import Moment

__all__ = ["FORMATS"]

# [Wed Oct 11 14:32:52.123456 2000] [core:error] [pid 3:tid 4] (2)No such file: [client 192.0.2.1:80] AH00128: ..
_APACHE = re.compile(
    rb"\[(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) ([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)(?:\.(\d{1,6}))? (\d{4})\]"
    rb" \[(?:([\w-]{0,64}):)?([a-z0-9]{1,16})\]"
    rb"(?: \[pid (\d{1,18})(?::tid ([\w-]{1,40}))?\])?"
    rb"(?: ([\w./-]{1,128}\.c)\((\d{1,9})\):)?"
    rb"(?: (\(-?\d{1,12}\)[^\[]{0,512}?):)?"
    rb"(?: \[(client|remote) ([^ \]]{1,255})\])?"
    rb" (?:(AH\d{5}): )?(.*)",
    re.DOTALL,
)
# 2026/03/01 10:00:00 [error] 31#31: *5 message, client: 192.0.2.1, server: _, request: "GET / HTTP/1.1", host: "h"
_NGINX = re.compile(
    rb"(\d{4})/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d) \[([a-z]{4,6})\] (\d{1,18})#(\d{1,18}): (?:\*(\d{1,18}) )?(.*)",
    re.DOTALL,
)
_LEVELS = b"emerg|alert|crit|error|warn|notice|info|debug|trace[1-8]"
_LEVEL = re.compile(_LEVELS)


@lru_cache(maxsize=8)
def _apache(zone: str | None) -> LineReader:
    fields = (
        Field((0, 1, 2), TIME_COLUMNS, partial(_apache_time, zone=zone)),
        extra_field(3, "module"),
        extra_field(4, "level"),
        Field((5,), ("process_pid",), lambda raw: Part((count(raw),))),
        extra_field(6, "thread_id"),
        extra_field(7, "source_file"),
        extra_field(8, "source_line", number=True),
        extra_field(9, "system_error"),
        Field((3, 10, 11), ("source_ip", "source_port", "destination_ip", "destination_port"), _other_end),
        extra_field(12, "error_code"),
        Field((13,), ("text", "http_request_referrer"), _message),
    )
    return LineReader.of(_APACHE, fields, "log_message", otherwise=_continued)


def _apache_time(front: bytes | None, fraction: bytes | None, year: bytes | None, *, zone: str | None) -> Part:
    first, digits, last = ((raw or b"").decode("ascii") for raw in (front, fraction, year))
    raw = f"{first}.{digits} {last}" if digits else f"{first} {last}"
    return shifted_part(_apache_second(first, last, zone), raw, digits)


@lru_cache(maxsize=4096)
def _apache_second(front: str, year: str, zone: str | None) -> Moment:
    """``Mar  1 10:00:00`` of a year."""
    number = MONTHS.get(front[:3].lower())
    if number is None:
        return unknown_time("")
    date, clock = (int(year), number, int(front[4:6])), (int(front[7:9]), int(front[10:12]), int(front[13:15]))
    return local_moment(date, clock, "", "", zone)


def _other_end(module: bytes | None, word: bytes | None, raw: bytes | None) -> Part:
    """The client, or the server a proxy talked to (``remote``).

    2.4 writes ``address:port`` without brackets round IPv6 (log.c, log_remote_address); 2.2 writes no port.
    """
    if raw is None:
        return Part((None, None, None, None))
    address, _, port = raw.rpartition(b":")
    with_port = module is not None and address.count(b":") > 1 and raw[:1] != b"["
    reading = peer_values(b"[%b]:%b" % (address, port) if with_port else raw)
    pair = (reading.values.get("source_ip"), reading.values.get("source_port"))
    ends = (*pair, None, None) if word == b"client" else (None, None, *pair)
    return Part(ends, tuple(reading.flags), reading.extra)


def _message(raw: bytes | None) -> Part:
    """The message, and the Referer header at its end when only one place can be its beginning."""
    text, lossy = decode(raw or b"")
    message, found, referrer = text.partition(", referer: ")
    certain = found and message and ", referer: " not in referrer
    return Part((text or None, (referrer or None) if certain else None), ("lossy_text",) if lossy else ())


def _continued(line: Line) -> Iterable[Item]:
    reason = "the line does not begin with a time in brackets: part of the message before it, or another program's"
    return (Reject(line.span, reason, "unknown_structure"),)


@lru_cache(maxsize=8)
def _nginx(zone: str | None) -> LineReader:
    fields = (
        Field((0, 1, 2, 3, 4, 5), TIME_COLUMNS, partial(_nginx_time, zone=zone)),
        extra_field(6, "level"),
        Field((7,), ("process_pid",), lambda raw: Part((count(raw),))),
        extra_field(8, "thread_id", number=True),
        extra_field(9, "connection", number=True),
        TAIL_FIELD,
    )
    return LineReader.of(_NGINX, fields, "log_message", otherwise=_not_begun)


def _nginx_time(*raws: bytes | None, zone: str | None) -> Part:
    year, month, day, hour, minute, second = (int(raw or b"0") for raw in raws)
    parts = [(raw or b"").decode("ascii") for raw in raws]
    written = "/".join(parts[:3]) + " " + ":".join(parts[3:])
    return time_part(local_moment((year, month, day), (hour, minute, second), written, "", zone))


def _not_begun(line: Line) -> Iterable[Item]:
    reason = "the line does not begin with date, level and process: part of the message before it, or another program's"
    return (Reject(line.span, reason, "unknown_structure"),)


def _apache_joiner(zone: str | None) -> Joiner:
    return Joiner(_apache(zone), lambda entry: b", referer: " not in entry[14])


def _nginx_joiner(zone: str | None) -> Joiner:
    """Only an entry about a connection ends with the peer's address, behind the last line of a message of several."""
    return Joiner(_nginx(zone), lambda entry: entry[10] is not None and b", client: " not in entry[11])


def _recognise(sample: Sample, *, pattern: re.Pattern[bytes], level: int) -> int:
    def fits(line: bytes) -> bool:
        match = pattern.fullmatch(line)
        return match is not None and _LEVEL.fullmatch(match[level]) is not None

    share = line_share(sample, fits)
    first = sample.lines()[:1]
    # Messages may run on over many lines (stack traces); a file that begins as this log does is one.
    return round(96 * (share if share > 0.9 or not (first and fits(first[0])) else max(share, 0.75)))


def _parse(source: Source, *, joiner: Callable[[str | None], Joiner]) -> Iterator[Item]:
    yield from joiner(source.settings.timezone).rows(source)


def _parse_block(source: Source, *, joiner: Callable[[str | None], Joiner]) -> ParsedBlock:
    return joiner(source.settings.timezone).block(source)


_TRUST: dict[str, Trust] = {
    "timestamp": "server_observed",
    "source_ip": "server_observed",
    "source_port": "server_observed",
    "destination_ip": "server_observed",
    "destination_port": "server_observed",
    "claimed_ips": "sender_controlled",
    "process_pid": "server_observed",
    "http_request_method": "sender_controlled",
    "event_action": "sender_controlled",
    "url_original": "sender_controlled",
    "http_version": "sender_controlled",
    "url_domain": "sender_controlled",
    "http_request_referrer": "sender_controlled",
}
_ZONE_GAP = "The times carry no zone: without the case's they are read as UTC and widened by 14 hours both ways."
_JOINED_GAP = (
    "Lines without a stamp are joined to the entry before them, up to 64 KiB; another program may have written them."
)


def _format(
    name: str, title: str, pattern: re.Pattern[bytes], joiner: Callable[[str | None], Joiner], *about: str
) -> Format:
    return Format(
        id=f"server_log/{name}",
        version=2,
        title=title,
        framing="line",
        recognise=partial(_recognise, pattern=pattern, level=5 if name == "apache_error" else 7),
        parse=partial(_parse, joiner=joiner),
        parse_block=partial(_parse_block, joiner=joiner),
        resumes=resumes,
        event_types=("log_message",),
        tier="source-verified",
        trust=MappingProxyType(_TRUST),
        skips=MappingProxyType({BLANK_LINE: BLANK_LINE_MEANING}),
        siblings=("server_log/web_combined", "server_log/web_vhost_combined"),
        references=about[:1],
        gaps=(_ZONE_GAP, *about[1:]),
    )


FORMATS = (
    _format(
        "apache_error",
        "Apache httpd error log",
        _APACHE,
        _apache_joiner,
        "Apache HTTP Server 2.4, core: ErrorLogFormat (default); 2.2 server/log.c",
        _JOINED_GAP,
        "Layouts changed by ErrorLogFormat are not read.",
    ),
    _format(
        "nginx_error",
        "nginx error log",
        _NGINX,
        _nginx_joiner,
        "nginx 1.26, src/core/ngx_log.c; src/http/ngx_http_request.c, ngx_http_log_error_handler",
        "nginx escapes nothing here: where a client made two addresses look like the peer, neither is attested.",
        _JOINED_GAP,
    ),
)
