"""Carrier NAT: blocks of ports of a shared public address, given to one subscriber for a time."""

from __future__ import annotations

from array import array
from datetime import timedelta
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Reject
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, iter_lines, line_items, line_share
from parsers.kit.text import decode
from parsers.kit.time import from_local, parse_iso, unknown_time
from parsers.kit.time import zone as find_zone
from parsers.kit.years import UNDECIDED, date_of, solve_years
from parsers.network_logs._nat_lines import blocks_of, head_of, is_nat_line
from parsers.network_logs._nat_table import TITLE_ROW, parse_table, recognise_table
from parsers.network_logs._values import event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from parsers.contract import Item, Settings, Source, Trust
    from parsers.kit.lines import Line
    from parsers.kit.time import Moment
    from parsers.network_logs._nat_lines import Block, Head

__all__ = ["FORMATS"]

_UNZONED = timedelta(hours=14)  # how far a local time of unknown zone may run ahead of UTC
_SPECIFICITY = 110
"""Every one of these lines is a syslog line, too: the lead over syslog must survive one stray line in eleven."""


def parse_blocks(source: Source) -> Iterator[Item]:
    """Read a whole file; the years of stamps without one are solved first."""
    years = iter(_years(source))
    yield from line_items(source, lambda line: _line(line, years, source.settings))


def _line(line: Line, years: Iterator[int], settings: Settings) -> Iterator[Item]:
    head = head_of(line.raw)
    year = next(years) if head and head.key is not None else UNDECIDED
    if head is None:
        yield Reject(line.span, "the line does not begin with a time", "unknown_structure")
        return
    text, lossy = decode(line.raw[head.rest :])
    moment = _moment(head.iso, head.key, head.year, year, head.raw, settings.timezone)
    flags = ("lossy_text",) if lossy else ()
    blocks = blocks_of(text)
    for block in blocks:
        extra = {**block.extra, "inside_ip": block.inside, "port_end": block.last}
        yield event("lease", line.span, line.locator, _values(block, head), moment=moment, flags=flags, extra=extra)
    if not blocks:
        yield event(
            "log_message", line.span, line.locator, {"host_name": head.host}, moment=moment, flags=flags, text=text
        )


def _values(block: Block, head: Head) -> dict[str, object]:
    return {
        "event_action": block.action,
        "source_ip": block.outside,
        "source_port": block.first,
        "network_protocol": block.protocol,
        "host_name": head.host,
    }


def _years(source: Source) -> array[int]:
    keys, known = array("I"), {}
    for line in iter_lines(source):
        head = None if line.over_limit or line.blank else head_of(line.raw)
        if head and head.key is not None:
            if head.year:
                known[len(keys)] = head.year
            keys.append(head.key)
    return solve_years(keys, _limit(source.settings), known)


def _limit(settings: Settings) -> datetime | None:
    """Acquisition as the local time of the stamps; without a zone, as late as it can have been anywhere."""
    if settings.acquired_at is None:
        return None
    if settings.timezone is None:
        return settings.acquired_at.replace(tzinfo=None) + _UNZONED
    return settings.acquired_at.astimezone(find_zone(settings.timezone)).replace(tzinfo=None)


@lru_cache(maxsize=4096)
def _moment(iso: str | None, key: int | None, own_year: int | None, year: int, raw: str, zone: str | None) -> Moment:
    """The instant of a stamp; a gateway writes many lines with the same one."""
    if iso:
        return parse_iso(iso, zone)
    date = date_of(year, key) if year and key is not None else None
    if date is None:
        return unknown_time(raw, "year_ambiguous")
    moment = from_local(date, raw, zone)
    return moment if own_year else moment._replace(flags=(*moment.flags, "year_inferred"))


_TRUST: Mapping[str, Trust] = MappingProxyType(
    {
        "timestamp": "server_observed",
        "source_ip": "server_observed",
        "source_port": "server_observed",
        "identifiers": "provider_asserted",
    }
)
_FORMAT = partial(Format, version=1, framing="whole", tier="source-verified", trust=_TRUST)

FORMATS = (
    _FORMAT(
        id="network_log/nat_blocks",
        title="Carrier NAT port blocks in syslog lines (Cisco IOS XR, Juniper Junos)",
        recognise=lambda sample: min(100, round(_SPECIFICITY * line_share(sample, is_nat_line))),
        parse=parse_blocks,
        event_types=("lease", "log_message"),
        skips=MappingProxyType({BLANK_LINE: BLANK_LINE_MEANING}),
        references=("Cisco IOS XR CGv6 syslog logging", "Juniper Junos 23 system log messages, RT_SRC_NAT_PBA_*"),
        gaps=(
            "Other vendors' sentences, binary NetFlow/IPFIX NAT events and per-session logs of other kinds.",
            "Port blocks in a file that is mostly other syslog lines are read as syslog, unless the format is pinned.",
            "The inside address names a line, not a subscriber: the access records of the same time say whose it was.",
        ),
    ),
    _FORMAT(
        id="network_log/nat_table",
        title="Table of carrier NAT port blocks, or the plan of a deterministic NAT (RFC 7422)",
        recognise=recognise_table,
        parse=parse_table,
        event_types=("lease",),
        skips=MappingProxyType({BLANK_LINE: BLANK_LINE_MEANING, TITLE_ROW: "the row of column titles"}),
        references=("RFC 7422 (deterministic address mapping)", "RFC 6888 requirement 12"),
        gaps=(
            "Titles other than the usual English ones need a column map (table/mapped).",
            "A plan without times does not say when it was in force: every time is possible.",
        ),
    ),
)
