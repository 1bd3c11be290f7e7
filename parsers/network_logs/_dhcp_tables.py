"""DHCP servers that write tables: Kea's memory file and the Windows audit log.

References:
    Kea 2.6, memfile lease database: columns named in the first row; a later row for an address replaces an earlier
    one; a row with ``valid_lifetime`` 0 removes the lease and repeats the time of the client's last message.
    Microsoft, Analyze DHCP Server Log Files: event ids; dates mm/dd/yy and times in the server's local time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.contract import Reject, Skip
from parsers.kit.lines import BLANK_LINE
from parsers.kit.tables import csv_rows
from parsers.kit.time import from_epoch, unknown_time
from parsers.kit.timepattern import compile_pattern
from parsers.network_logs._values import START, assigned, event, mac_of, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Item, Source
    from parsers.kit.tables import Row
    from parsers.kit.time import Moment

__all__ = ["HEADER_ROW", "KEA_HEADERS", "PREAMBLE", "WINDOWS_HEADER", "is_windows_row", "parse_kea", "parse_windows"]

HEADER_ROW, PREAMBLE = "header row", "text before the header row"
KEA_HEADERS = (b"address,hwaddr,client_id,valid_lifetime,expire,", b"address,duid,valid_lifetime,expire,")
_KEA_STATES = {"0": "assigned", "1": "declined", "2": "expired-reclaimed", "3": "released"}
_INFINITE = 0xFFFFFFFF
_DELEGATED = "2"  # lease_type IA_PD
WINDOWS_HEADER = ("ID", "Date", "Time", "Description", "IP Address", "Host Name", "MAC Address")
_WINDOWS_ROW = re.compile(rb"[0-9]{2,5},[0-9]{2}/[0-9]{2}/[0-9]{2},[0-9]{2}:[0-9]{2}:[0-9]{2},[^,\n]{0,200},")
_WINDOWS_ACTIONS = {
    "10": "start", "11": "interim", "12": "stop", "16": "stop", "17": "stop", "18": "stop", "20": "start",
    "21": "start", "23": "stop",
}  # fmt: skip
_WINDOWS_TIME = compile_pattern("mm/dd/yy HH:MM:SS")
_KEA_KEPT = ("client_id", "duid", "iaid", "subnet_id", "hostname", "valid_lifetime", "user_context", "pool_id")
_COMMA = "&#x2c"  # how Kea writes a comma inside a value


def parse_kea(source: Source) -> Iterator[Item]:
    """Read rows under the header row, IPv4 and IPv6 files alike."""
    titles: list[str] = []
    for row in csv_rows(source, ",", "utf-8"):
        if isinstance(row, Reject):
            yield row
        elif row.cells[:1] == ["address"]:
            titles = row.cells
            yield Skip(row.span, HEADER_ROW)
        elif not any(row.cells):
            yield Skip(row.span, BLANK_LINE)
        else:
            yield _kea_item(row, dict(zip(titles, row.cells, strict=False)))


def _kea_item(row: Row, cell: Mapping[str, str]) -> Item:
    address = assigned(cell.get("address"))
    expire, lifetime = number_of(cell.get("expire")), number_of(cell.get("valid_lifetime"))
    if address is None or expire is None or lifetime is None:
        return Reject(row.span, "the row has no address, lifetime or expiry", "malformed")
    state = cell.get("state", "0")
    delegated = f"{address}/{cell.get('prefix_len')}" if cell.get("lease_type") == _DELEGATED else None
    extra: dict[str, object] = {name: cell[name].replace(_COMMA, ",") for name in _KEA_KEPT if cell.get(name)}
    mac = mac_of(cell.get("hwaddr"))
    values = {
        "event_action": _KEA_STATES.get(state, f"state {state}") if lifetime else "removed",
        "source_ip": None if delegated else address,
        "device_id": mac,
    }
    if cell.get("hwaddr") and not mac:
        extra["hwaddr"] = cell["hwaddr"]
    start, end = _kea_interval(cell["expire"], expire, lifetime)
    flags = ("lossy_text",) if row.lossy else ()
    extra["prefix"] = delegated
    locator = f"row {row.number}"
    return event("lease", row.span, locator, values, moment=start, desc=START, end=end, flags=flags, extra=extra)


def _kea_interval(raw: str, expire: int, lifetime: int) -> tuple[Moment, Moment | None]:
    """From the client's last message to the expiry; an infinite or removed lease has no stated end."""
    start = from_epoch(expire - lifetime, raw) if expire >= lifetime else unknown_time(raw)
    return start, None if lifetime in {0, _INFINITE} else from_epoch(expire, raw)


def is_windows_row(line: bytes) -> bool:
    """Whether a line begins as a row of the Windows audit log."""
    return bool(_WINDOWS_ROW.match(line))


def parse_windows(source: Source) -> Iterator[Item]:
    """Read rows under the header row; the explanation before it is passed over."""
    titles: list[str] = []
    for row in csv_rows(source, ",", "utf-8"):
        if isinstance(row, Reject):
            yield row
        elif not any(cell.strip() for cell in row.cells):
            yield Skip(row.span, BLANK_LINE)
        elif [cell.strip() for cell in row.cells[:5]] == list(WINDOWS_HEADER[:5]):
            titles = [cell.strip().rstrip(".") for cell in row.cells]
            yield Skip(row.span, HEADER_ROW)
        elif titles or len(row.cells) > len(WINDOWS_HEADER):
            yield _windows_item(row, titles or list(WINDOWS_HEADER), source.settings.timezone)
        else:
            yield Skip(row.span, PREAMBLE)


def _windows_item(row: Row, titles: list[str], zone: str | None) -> Item:
    cells = row.cells
    if number_of(cells[0]) is None or len(cells) < 4:
        return Reject(row.span, "the row does not begin with an event id, date, time and description")
    cell = {title: value.strip() for title, value in zip(titles, cells, strict=False) if value.strip()}
    address, action = assigned(cell.get("IP Address")), _WINDOWS_ACTIONS.get(cells[0].strip())
    mac = mac_of(cell.get("MAC Address"))
    understood = {"ID", "Date", "Time", "Description", *(("MAC Address",) if mac else ())}
    extra: dict[str, object] = {"event_id": cells[0].strip()}
    extra |= {title: value for title, value in cell.items() if title not in understood}
    values: dict[str, object] = {"device_id": mac, "event_action": action, "network_protocol": "dhcp"}
    lease = address is not None and action is not None
    if lease:
        values["source_ip"] = address
        extra.pop("IP Address")
    moment = _WINDOWS_TIME.parse(f"{cells[1].strip()} {cells[2].strip()}", zone)
    kind, flags = "lease" if lease else "log_message", ("lossy_text",) if row.lossy else ()
    locator, text = f"row {row.number}", cell.get("Description")
    return event(kind, row.span, locator, values, moment=moment, flags=flags, extra=extra, text=text)
