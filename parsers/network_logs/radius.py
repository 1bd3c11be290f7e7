"""RADIUS accounting: FreeRADIUS detail files, and the two layouts Windows Network Policy Server writes."""

from __future__ import annotations

import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Reject, Skip, Span
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, iter_lines, line_share
from parsers.kit.text import decode
from parsers.kit.timepattern import compile_pattern
from parsers.network_logs._nps import is_row, is_xml_row, parse_nps, parse_nps_xml
from parsers.network_logs._radius import EVENT_TYPES_READ, arrival, record_events
from parsers.network_logs._values import ctime

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Item, Sample, Source, Trust
    from parsers.kit.lines import Line
    from parsers.kit.time import Moment
    from parsers.network_logs._radius import Attributes

__all__ = ["FORMATS"]

_HEADER = re.compile(rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4}")
_ATTRIBUTE = re.compile(r"[ \t]+([A-Za-z0-9][\w.:-]{0,127}) (?:=|:=|\+=) ?(.*)", re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_EVENT_TIME = re.compile(r"([A-Z][a-z]{2} [ 0-9][0-9] [0-9]{4} [0-9:]{8} (?:UTC|GMT))")
_EVENT_TIME_LAYOUT = compile_pattern("Mon dd yyyy HH:MM:SS zzz")
_MAX_LINES = 1000


def parse_detail(source: Source) -> Iterator[Item]:
    """Read blocks: a line with the local time, indented attributes, a blank line."""
    block: list[Line] = []
    for line in iter_lines(source):
        if block and _continues(block, line):
            block.append(line)
            continue
        if block:
            yield from _block_items(block, source, ended=line.blank)
            block = []
        if line.over_limit:
            yield line.reject_over_limit()
        elif line.blank:
            yield Skip(line.span, BLANK_LINE)
        elif _HEADER.fullmatch(line.raw.rstrip(b" \t\r")):
            block = [line]
        else:
            yield Reject(line.span, "the line is outside any block that begins with a time", "unknown_structure")
    if block:
        yield from _block_items(block, source, ended=False)


def _continues(block: list[Line], line: Line) -> bool:
    return line.raw[:1] in {b"\t", b" "} and not line.blank and not line.over_limit and len(block) < _MAX_LINES


def _block_items(block: list[Line], source: Source, *, ended: bool) -> Iterator[Item]:
    attributes: Attributes = {}
    flags = [] if ended else ["truncated"]
    for line in block[1:]:
        text, lossy = decode(line.raw)
        match = _ATTRIBUTE.fullmatch(text)
        name, value = match.groups() if match else ("(not an attribute)", text.strip())
        attributes.setdefault(name, []).append(_unquote(value))
        flags += ["lossy_text"] if lossy else []
    span = Span(block[0].span.start, block[-1].span.end)
    if attributes:
        moment = _detail_time(block[0].raw.decode().strip(), attributes, source.settings.timezone)
        yield from record_events(span, block[0].locator, attributes, moment, tuple(dict.fromkeys(flags)))
    else:
        yield Reject(span, "a block begins here and holds no attribute", "truncated")


def _unquote(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return _ESCAPE.sub(r"\1", value[1:-1])
    return value


def _detail_time(header: str, attributes: Attributes, zone: str | None) -> Moment:
    """The server's epoch stamp; else the access server's own time where it names UTC; else the block's local time."""
    first = {name: attributes.get(name, [None])[0] for name in ("Timestamp", "Acct-Delay-Time", "Event-Timestamp")}
    by_epoch = arrival(first["Timestamp"], first["Acct-Delay-Time"])
    if by_epoch:
        return by_epoch
    stated = first["Event-Timestamp"] or ""
    return _EVENT_TIME_LAYOUT.parse(stated, None) if _EVENT_TIME.fullmatch(stated) else ctime(header, zone)


def _recognise_detail(sample: Sample) -> int:
    def fits(line: bytes) -> bool:
        return bool(_HEADER.fullmatch(line.rstrip()) or (line[:1] == b"\t" and b" = " in line))

    return round(95 * line_share(sample, fits)) if any(_HEADER.fullmatch(x.rstrip()) for x in sample.lines()) else 0


_TRUST: Mapping[str, Trust] = MappingProxyType(
    {
        "timestamp": "server_observed",
        "source_ip": "provider_asserted",
        "account_login": "provider_asserted",
        "identifiers": "provider_asserted",
        "device_id": "sender_controlled",
        "claimed_ips": "provider_asserted",
    }
)
_GAPS = (
    "A device chooses the hardware address it shows; a user name is the one that was let in, not a person.",
    "Vendor attributes are kept by name in extra; only the standard ones are understood.",
)
_FORMAT = partial(
    Format,
    version=1,
    event_types=EVENT_TYPES_READ,
    tier="source-verified",
    trust=_TRUST,
    skips=MappingProxyType({BLANK_LINE: BLANK_LINE_MEANING}),
)

FORMATS = (
    _FORMAT(
        id="network_log/radius_detail",
        title="FreeRADIUS detail file",
        framing="whole",
        recognise=_recognise_detail,
        parse=parse_detail,
        references=("FreeRADIUS 3.2 rlm_detail(5)", "RFC 2866 section 5"),
        gaps=(*_GAPS, "Zone abbreviations other than UTC and GMT in Event-Timestamp are not used."),
    ),
    _FORMAT(
        id="network_log/radius_nps",
        title="Windows Network Policy Server log, database-compatible columns",
        framing="whole",
        recognise=lambda sample: round(97 * line_share(sample, is_row)),
        parse=parse_nps,
        references=("Microsoft: Interpret NPS Database Format Log Files (2021)",),
        gaps=(*_GAPS, "Columns after the 44th are kept by number; the older IAS attribute-pair layout is not read."),
    ),
    _FORMAT(
        id="network_log/radius_nps_xml",
        title="Windows Network Policy Server log, DTS-compliant XML lines",
        framing="line",
        recognise=lambda sample: round(97 * line_share(sample, is_xml_row)),
        parse=parse_nps_xml,
        references=("Microsoft: Network Policy Server accounting, DTS Compliant (2021)",),
        gaps=_GAPS,
    ),
)
