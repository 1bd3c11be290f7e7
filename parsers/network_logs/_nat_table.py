"""Tables of port blocks: an export of a gateway's log, or the plan of a deterministic NAT, which logs nothing.

A row names the inside address, the outside address and the first and last port. With times it is an interval or a
moment; without times (a deterministic plan, RFC 7422) it holds for as long as the plan was in force, which the table
does not say.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from parsers.contract import Reject, Skip
from parsers.kit.lines import BLANK_LINE
from parsers.kit.tables import csv_rows, sniff_delimiter
from parsers.kit.time import from_epoch, parse_iso
from parsers.network_logs._values import START, assigned, event, number_of, port_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source
    from parsers.kit.tables import Row
    from parsers.kit.time import Moment

__all__ = ["TITLE_ROW", "parse_table", "recognise_table"]

TITLE_ROW = "header row"
_TITLES = {
    "inside": ("inside_ip", "private_ip", "internal_ip", "subscriber_ip", "inside_address", "inside"),
    "outside": ("outside_ip", "public_ip", "external_ip", "nat_ip", "translated_ip", "outside_address", "outside"),
    "first": ("port_start", "start_port", "first_port", "port_low", "port_from"),
    "last": ("port_end", "end_port", "last_port", "port_high", "port_to"),
    "start": ("start", "start_time", "allocated", "allocated_at", "timestamp", "time"),
    "end": ("end", "end_time", "released", "released_at"),
    "action": ("event", "action", "type"),
    "protocol": ("protocol", "proto"),
    "subscriber": ("subscriber", "subscriber_id", "customer", "customer_id"),
}
_MEANING = {title: name for name, titles in _TITLES.items() for title in titles}
_NEEDED = {"inside", "outside", "first", "last"}
_ACTIONS = {
    "assigned": "start", "allocated": "start", "alloc": "start", "start": "start", "create": "start", "add": "start",
    "released": "stop", "release": "stop", "stop": "stop", "delete": "stop", "del": "stop", "free": "stop",
    "interim": "interim", "active": "interim",
}  # fmt: skip
_SNIFF = 1 << 16


def parse_table(source: Source) -> Iterator[Item]:
    """Read the rows under the header row, which is the first one that is not blank."""
    head = bytes(source.view[:_SNIFF]).decode("utf-8", "replace").removeprefix("\ufeff")
    found = sniff_delimiter(head)
    names: list[str] = []
    for row in csv_rows(source, found[0] if found else ",", "utf-8"):
        if isinstance(row, Reject):
            yield row
        elif not any(cell.strip() for cell in row.cells):
            yield Skip(row.span, BLANK_LINE)
        elif not names and set(_names(row.cells)) >= _NEEDED:
            names = _names(row.cells)
            yield Skip(row.span, TITLE_ROW)
        elif names:
            yield _item(row, names, source.settings.timezone)
        else:
            yield Reject(row.span, "the table has no row of titles that names both addresses and ports")


def recognise_table(sample: Sample) -> int:
    """By its titles, and rows whose addresses and ports are what the titles say."""
    lines = [line.decode("utf-8", "replace") for line in islice(sample.lines(), 200)]
    found = sniff_delimiter("\n".join(lines[:50]).removeprefix("\ufeff")) if len(lines) > 1 else None
    if not found or not set(names := _names(lines[0].removeprefix("\ufeff").split(found[0]))) >= _NEEDED:
        return 0
    rows = [dict(zip(names, line.split(found[0]), strict=False)) for line in lines[1:]]
    return round(95 * sum(_where(row) is not None for row in rows) / len(rows))


def _names(cells: list[str]) -> list[str]:
    """What each column means; a column that means nothing here, or repeats one, keeps its title."""
    out: list[str] = []
    for cell in cells:
        title = cell.strip().strip('"')
        meaning = _MEANING.get(title.lower().replace(" ", "_"), title)
        out.append(title if meaning in out else meaning)
    return out


def _where(cell: dict[str, str]) -> tuple[str, str, int, int] | None:
    """(inside, outside, first port, last port), when all four are readable."""
    inside, outside = assigned(cell.get("inside")), assigned(cell.get("outside"))
    first, last = port_of(cell.get("first")), port_of(cell.get("last"))
    if inside is None or outside is None or first is None or last is None or last < first:
        return None
    return inside, outside, first, last


def _item(row: Row, names: list[str], zone: str | None) -> Item:
    cell = {name: value.strip() for name, value in zip(names, row.cells, strict=False) if value.strip()}
    where = _where(cell)
    if where is None:
        return Reject(row.span, "the row does not hold two addresses and a range of ports")
    inside, outside, first, last = where
    subscriber = cell.get("subscriber")
    values = {
        "event_action": _ACTIONS.get(cell.get("action", "").lower(), cell.get("action")),
        "source_ip": outside,
        "source_port": first,
        "network_protocol": cell["protocol"].lower() if "protocol" in cell else None,
        "identifiers": [{"type": "subscriber", "value": subscriber, "raw": subscriber}] if subscriber else None,
    }
    extra: dict[str, object] = {name: value for name, value in cell.items() if name not in _TITLES}
    extra |= {"inside_ip": inside, "port_end": last}
    start = _time(cell["start"], zone) if "start" in cell else None
    end = _time(cell["end"], zone) if "end" in cell else None
    flags = ("lossy_text",) if row.lossy else ()
    locator = f"row {row.number}"
    return event("lease", row.span, locator, values, moment=start, desc=START, end=end, flags=flags, extra=extra)


def _time(text: str, zone: str | None) -> Moment:
    seconds = number_of(text)
    return from_epoch(seconds, text) if seconds is not None else parse_iso(text, zone)
