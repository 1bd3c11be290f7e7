"""What OpenVPN's status file and log share: how a client is named.

References:
    OpenVPN 2.6 manual, --status and --status-version; source, multi.c and mroute.c (names of client instances).
    Common names hold letters, digits, ``_-.@`` only (manual, "String types and remapping"), so the ``/`` after one
    cannot be the client's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.kit.addresses import Address, parse_address
from parsers.network_logs._values import ctime

if TYPE_CHECKING:
    from parsers.kit.time import Moment

from parsers.kit.time import parse_iso

__all__ = ["PLATFORM", "TIME", "client", "known", "local_time", "peer"]

PLATFORM = "openvpn"
TIME = r"(?:[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8})"
_UNDEF = {"", "UNDEF"}
_V6_PORT = re.compile(r"([0-9A-Fa-f:]{2,39}):([0-9]{5})")
_FAMILY = re.compile(r"^(?:(?:tcp|udp)[46]?(?:-server|-client)?:)?(?:\[AF_INET6?\])?")


def known(text: str | None) -> str | None:
    """A name, or None for the program's words for "no name"."""
    return None if text is None or text in _UNDEF else text


def local_time(text: str, zone: str | None) -> Moment:
    """Both ways the program writes its local time: as C does, or ``2026-03-01 10:00:00`` (2.5 and later)."""
    return parse_iso(text, zone) if text[:1].isdigit() else ctime(text, zone)


def peer(text: str) -> Address | None:
    """A client's own address; an IPv6 address may carry its port after a last colon, told by its five digits."""
    bare = _FAMILY.sub("", text, count=1)
    if match := _V6_PORT.fullmatch(bare):
        found = parse_address(match[1])
        return found._replace(port=int(match[2])) if found and int(match[2]) <= 65535 else None
    return parse_address(bare)


def client(name: str | None, address: Address) -> dict[str, object]:
    """Columns that name the client instance: its certificate's name and where it connects from."""
    where = f"[{address.ip}]:{address.port}" if ":" in address.ip else f"{address.ip}:{address.port}"
    return {
        "account_platform": PLATFORM,
        "account_login": name,
        "session_id": f"{name or 'UNDEF'}/{where if address.port is not None else address.ip}",
        "network_protocol": PLATFORM,
    }
