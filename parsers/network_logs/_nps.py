"""The two layouts in which Windows Network Policy Server writes RADIUS packets to files.

References:
    Microsoft, Interpret NPS Database Format Log Files: fixed columns, dates mm/dd/yyyy, local time.
    Microsoft, Network Policy Server accounting, DTS Compliant: one ``<Event>`` element per line.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from parsers.contract import Reject, Skip
from parsers.kit.lines import BLANK_LINE, line_items
from parsers.kit.tables import csv_rows
from parsers.kit.text import decode
from parsers.kit.timepattern import compile_pattern
from parsers.network_logs._radius import record_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Source
    from parsers.kit.lines import Line
    from parsers.kit.tables import Row
    from parsers.network_logs._radius import Attributes

__all__ = ["is_row", "is_xml_row", "parse_nps", "parse_nps_xml"]

_TIME = compile_pattern("mm/dd/yyyy HH:MM:SS")
_TIME_FINE = compile_pattern("mm/dd/yyyy HH:MM:SS.fff")
_FIELDS = (
    "Computer-Name", "Service-Name", "Record-Date", "Record-Time", "Packet-Type", "User-Name",
    "Fully-Qualified-User-Name", "Called-Station-Id", "Calling-Station-Id", "Callback-Number", "Framed-IP-Address",
    "NAS-Identifier", "NAS-IP-Address", "NAS-Port", "Client-Vendor", "Client-IP-Address", "Client-Friendly-Name",
    "Event-Timestamp", "Port-Limit", "NAS-Port-Type", "Connect-Info", "Framed-Protocol", "Service-Type",
    "Authentication-Type", "Policy-Name", "Reason-Code", "Class", "Session-Timeout", "Idle-Timeout",
    "Termination-Action", "EAP-Friendly-Name", "Acct-Status-Type", "Acct-Delay-Time", "Acct-Input-Octets",
    "Acct-Output-Octets", "Acct-Session-Id", "Acct-Authentic", "Acct-Session-Time", "Acct-Input-Packets",
    "Acct-Output-Packets", "Acct-Terminate-Cause", "Acct-Multi-Session-Id", "Acct-Link-Count",
    "Acct-Interim-Interval",
)  # fmt: skip
_ROW = re.compile(rb'"[^"\n]{1,255}","(?:IAS|RAS)",[0-9]{2}/[0-9]{2}/[0-9]{4},[0-9:]{8},[0-9]{1,3},')
_XML_ROW = re.compile(rb'<Event><Timestamp data_type="4">[0-9/]{10} [0-9:.]{8,15}</Timestamp>.*</Event>')
_XML_FIELD = re.compile(r'<([A-Za-z0-9-]{1,64}) data_type="[0-9]">([^<]*)</')


def is_row(line: bytes) -> bool:
    """Whether a line begins as a row of the database-compatible layout."""
    return bool(_ROW.match(line))


def is_xml_row(line: bytes) -> bool:
    """Whether a line is one complete element of the DTS-compliant layout."""
    return bool(_XML_ROW.fullmatch(line.strip()))


def parse_nps(source: Source) -> Iterator[Item]:
    """Read the database-compatible layout: fixed columns, no header row."""
    for row in csv_rows(source, ",", "utf-8"):
        if isinstance(row, Reject):
            yield row
        elif not any(cell.strip() for cell in row.cells):
            yield Skip(row.span, BLANK_LINE)
        elif len(row.cells) < len(_FIELDS):
            yield Reject(row.span, "the row has fewer columns than the layout", "truncated")
        else:
            yield from _nps_events(row, source.settings.timezone)


def _nps_events(row: Row, zone: str | None) -> Iterator[Item]:
    cells = row.cells
    attributes = {name: [cell] for name, cell in zip(_FIELDS, cells, strict=False) if cell}
    attributes |= {f"column {n}": [cell] for n, cell in enumerate(cells[len(_FIELDS) :], len(_FIELDS) + 1) if cell}
    moment = _TIME.parse(f"{cells[2]} {cells[3]}", zone)
    yield from record_events(row.span, f"row {row.number}", attributes, moment, ("lossy_text",) if row.lossy else ())


def parse_nps_xml(source: Source) -> Iterator[Item]:
    """Read the DTS-compliant layout: one ``<Event>`` element per line."""
    yield from line_items(source, lambda line: _xml_items(line, source.settings.timezone))


def _xml_items(line: Line, zone: str | None) -> Iterator[Item]:
    if not is_xml_row(line.raw):
        yield Reject(line.span, "the line is not one complete Event element", "unknown_structure")
        return
    text, lossy = decode(line.raw)
    attributes: Attributes = {}
    for name, value in _XML_FIELD.findall(text):
        if value:
            attributes.setdefault(name, []).append(unescape(value))
    stamp = attributes["Timestamp"][0]
    moment = (_TIME_FINE if "." in stamp else _TIME).parse(stamp, zone)
    yield from record_events(line.span, line.locator, attributes, moment, ("lossy_text",) if lossy else ())
