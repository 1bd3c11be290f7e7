"""``H=name (helo) [address]:port`` in Exim's lines: whose address is certain, and when it is not.

The HELO is the client's text, and so is much of what follows. With `helo_accept_junk_hosts` a HELO may hold blanks,
brackets, an address and all that Exim writes behind one. So the address counts when no other place in the line can be
the end of the HELO; else none is taken and all are kept as claimed.
"""

from __future__ import annotations

import re

from parsers.kit.addresses import parse_address
from parsers.server_logs._mail_common import OPEN

__all__ = [
    "AFTER_ARRIVAL",
    "AFTER_DELIVERY",
    "AFTER_HELO",
    "AFTER_LOGIN",
    "AFTER_REFUSAL",
    "HOST",
    "NOTHING_ELSE",
    "QUOTED",
    "leave_open",
    "read_peer",
]

QUOTED = r'"[^"\\]*(?:\\.[^"\\]*)*"'
HOST = (
    r"(?:(?P<client_name>[^\s()\[\]=]{1,255}) )?(?:\((?P<helo>[^\s()]{0,255})\) )?"
    r"\[(?P<ip>[0-9A-Fa-f:.]{2,45})\](?::(?P<port>[0-9]{1,5}))?"
)
_HOST_AT = re.compile(HOST + r"(?=[ ,:]|$)", re.ASCII)
_HELO = re.compile(r"(?:[^\s()\[\]=]{1,255} )?\(")
AFTER_HELO = re.compile(r"\) \[(?P<ip>[0-9A-Fa-f:.]{2,45})\](?::(?P<port>[0-9]{1,5}))?(?=[ ,:]|$)", re.ASCII)
_PLAIN_FIELDS = rf"(?: [A-Z][A-Za-z0-9]{{0,5}}=(?:{QUOTED}|[^\s\"]\S*))*"
AFTER_ARRIVAL = re.compile(_PLAIN_FIELDS + rf"(?: id=\S*)?(?: T={QUOTED})?(?: from <.*>)?(?: for .*)?$")
AFTER_REFUSAL = re.compile(
    _PLAIN_FIELDS
    + rf"(?: F=<(?:{QUOTED}@)?[^<>]*>)? (?:temporarily rejected|rejected|sender verify|Warning:|discarded)"
)
AFTER_LOGIN = re.compile(_PLAIN_FIELDS + r": [0-9]{3}[ -]")
NOTHING_ELSE = re.compile(r"(?!)")
AFTER_DELIVERY = re.compile(_PLAIN_FIELDS + r"(?:: .*)?$")


def read_peer(
    text: str, at: int, tail: re.Pattern[str], values: dict[str, object], extra: dict[str, object]
) -> tuple[int, tuple[str, ...]]:
    """Read ``name (helo) [address]:port``; where it ends, and flags. `tail` is what Exim writes next."""
    first = _HOST_AT.match(text, at)
    others = (
        [m for m in AFTER_HELO.finditer(text, at) if not first or m.end() > first.end()]
        if _HELO.match(text, at)
        else []
    )
    if first is None and len(others) == 1:
        first, others = others[0], []
    fits = first is not None and (not others or tail.match(text, first.end()) is not None)
    if first is None or not fits or any(tail.match(text, other.end()) for other in others):
        return leave_open(at, [m["ip"] for m in (first, *others) if m], values)
    named = first.groupdict()
    extra |= {name: named[name] for name in ("client_name", "helo") if named.get(name)}
    address = parse_address(named["ip"])
    if address is None:
        return first.end(), ()
    values["source_ip"] = address.ip
    if named["port"] and int(named["port"]) <= 65535:
        values["source_port"] = int(named["port"])
    return first.end(), ("v4_mapped",) if address.v4_mapped else ()


def leave_open(at: int, candidates: list[str], values: dict[str, object]) -> tuple[int, tuple[str, ...]]:
    """Several addresses may be the peer's: none is, all are claimed."""
    claimed = [address.ip for text in candidates if (address := parse_address(text))]
    if claimed:
        values["claimed_ips"] = claimed
    return at, (OPEN,)
