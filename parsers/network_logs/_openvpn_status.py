"""OpenVPN's status file, versions 1, 2 and 3: who is connected now, and who holds which virtual address.

Versions 2 and 3 name their columns (``HEADER,CLIENT_LIST,...``); version 1 names them in the first row of each
section. A connected client is a session from its own address; a virtual address is a lease.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.contract import Reject, Skip
from parsers.kit.lines import line_items
from parsers.kit.text import decode
from parsers.kit.time import from_epoch
from parsers.network_logs._openvpn import client, known, local_time, peer
from parsers.network_logs._values import assigned, event, mac_of, number_of, prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Source
    from parsers.kit.addresses import Address
    from parsers.kit.lines import Line
    from parsers.kit.time import Moment

__all__ = ["STRUCTURE", "is_status_head", "parse_status"]

STRUCTURE = "status structure"
_SECTIONS = {"OpenVPN CLIENT LIST": "CLIENT_LIST", "ROUTING TABLE": "ROUTING_TABLE", "GLOBAL STATS": "GLOBAL_STATS"}
_FIRST_TITLES = {"Common Name", "Virtual Address"}
_OTHER = {"TITLE", "TIME", "HEADER", "GLOBAL_STATS", "END", "Updated"}
_HEADS = (b"OpenVPN CLIENT LIST", b"TITLE,OpenVPN ", b"TITLE\tOpenVPN ")
_COUNTS = ("Bytes Received", "Bytes Sent", "Username", "Client ID", "Peer ID", "Data Channel Cipher")


class _Reader:
    """Which section and which titles hold for the line at hand."""

    def __init__(self, zone: str | None) -> None:
        self.zone = zone
        self.section = ""
        self.titles: dict[str, list[str]] = {}

    def items(self, line: Line) -> Iterator[Item]:
        """The events of one line, or what it is instead."""
        text, lossy = decode(line.raw)
        cells = text.split("\t" if "\t" in text else ",")
        kind, row = self._place(text, cells)
        if kind == STRUCTURE:
            yield Skip(line.span, STRUCTURE)
            return
        found = list(_ROWS[kind](line, row, self.zone, ("lossy_text",) if lossy else ())) if kind in _ROWS else []
        yield from found or [Reject(line.span, "the line is no row of a section of a status file", "unknown_structure")]

    def _place(self, text: str, cells: list[str]) -> tuple[str, dict[str, str]]:
        """Which section a line is a row of, and its cells by title."""
        if text in _SECTIONS:
            self.section = _SECTIONS[text]
            return STRUCTURE, {}
        if cells[0] == "HEADER" and len(cells) > 2:
            self.titles[cells[1]] = cells[2:]
        elif cells[0] in _FIRST_TITLES and self.section in _ROWS:
            self.titles[self.section] = cells
            return STRUCTURE, {}
        if cells[0] in _OTHER or (self.section == "GLOBAL_STATS" and len(cells) == 2):
            return STRUCTURE, {}
        if cells[0] in _ROWS:
            return cells[0], dict(zip(self.titles.get(cells[0], ()), cells[1:], strict=False))
        return self.section, dict(zip(self.titles.get(self.section, ()), cells, strict=False))


def parse_status(source: Source) -> Iterator[Item]:
    """Read a whole status file (or several, one after the other)."""
    yield from line_items(source, _Reader(source.settings.timezone).items)


def is_status_head(head: bytes) -> bool:
    """Whether a file begins as a status file does."""
    return head.startswith(_HEADS)


def _since(row: dict[str, str], title: str, zone: str | None) -> Moment:
    seconds = number_of(row.get(f"{title} (time_t)"))
    written = row.get(title, "")
    return from_epoch(seconds, written)._replace(raw=written) if seconds else local_time(written, zone)


def _client_row(line: Line, row: dict[str, str], zone: str | None, flags: tuple[str, ...]) -> Iterator[Item]:
    address = peer(row.get("Real Address", ""))
    if address is None or "Connected Since" not in row:
        return
    name = known(row.get("Common Name")) or known(row.get("Username"))
    moment = _since(row, "Connected Since", zone)
    who = {**client(name, address), "event_action": "start"}
    extra: dict[str, object] = {title: row[title] for title in _COUNTS if known(row.get(title))}
    seen = {**who, "source_ip": address.ip, "source_port": address.port}
    yield event("session", line.span, line.locator, seen, moment=moment, flags=flags, extra=extra)
    for title in ("Virtual Address", "Virtual IPv6 Address"):
        if virtual := assigned(row.get(title)):
            held = {**who, "source_ip": virtual}
            yield event("lease", line.span, line.locator, held, moment=moment, flags=flags, extra=_from(address))


def _route_row(line: Line, row: dict[str, str], zone: str | None, flags: tuple[str, ...]) -> Iterator[Item]:
    address, virtual = peer(row.get("Real Address", "")), row.get("Virtual Address", "").removesuffix("C")
    held, prefix, mac = assigned(virtual), prefix_of(virtual), mac_of(virtual.partition("@")[0])
    if address is None or not (held or prefix or mac):
        return
    who = {**client(known(row.get("Common Name")), address), "event_action": "interim"}
    who |= {"source_ip": held, "device_id": mac}
    moment, extra = _since(row, "Last Ref", zone), {**_from(address), "prefix": prefix}
    kind = "lease" if held or prefix else "session"
    yield event(kind, line.span, line.locator, who, moment=moment, flags=flags, extra=extra)


def _from(address: Address) -> dict[str, object]:
    """Where the holder of a virtual address connects from."""
    return {"peer_ip": address.ip, "peer_port": address.port}


_ROWS = {"CLIENT_LIST": _client_row, "ROUTING_TABLE": _route_row}
