"""What RADIUS accounting attributes say of a session, whoever wrote them down.

References:
    RFC 2865 sections 5.1, 5.8, 5.31 (User-Name, Framed-IP-Address, Calling-Station-Id).
    RFC 2866 sections 5.1, 5.2, 5.5, 5.7 (Acct-Status-Type, -Delay-Time, -Session-Id, -Session-Time).
    RFC 3162, RFC 4818, RFC 6911 (IPv6 addresses and prefixes); RFC 4372 (Chargeable-User-Identity).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.kit.addresses import parse_address
from parsers.kit.time import from_epoch
from parsers.network_logs._values import assigned, event, mac_of, number_of, prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Event, Span
    from parsers.kit.time import Moment

__all__ = ["EVENT_TYPES_READ", "arrival", "record_events"]

EVENT_TYPES_READ = ("lease", "session", "authentication")

_STATUS = {
    "start": "start", "1": "start", "stop": "stop", "2": "stop",
    "interim-update": "interim", "alive": "interim", "3": "interim",
    "accounting-on": "accounting_on", "7": "accounting_on", "accounting-off": "accounting_off", "8": "accounting_off",
}  # fmt: skip
_PACKET = {
    "access-request": ("access_request", "unknown"), "1": ("access_request", "unknown"),
    "access-accept": ("access_accept", "success"), "2": ("access_accept", "success"),
    "access-reject": ("access_reject", "failure"), "3": ("access_reject", "failure"),
    "access-challenge": ("access_challenge", "unknown"), "11": ("access_challenge", "unknown"),
}  # fmt: skip
_ADDRESSES = ("Framed-IP-Address", "Framed-IPv6-Address")
_PREFIXES = ("Framed-IPv6-Prefix", "Delegated-IPv6-Prefix")
_SUBSCRIBER = ("Chargeable-User-Identity", "3GPP-IMSI")
_SECRET = ("User-Password", "CHAP-Password", "MS-CHAP-Response", "MS-CHAP2-Response", "Tunnel-Password")

Attributes = dict[str, list[str]]


def arrival(stamp: str | None, delay: str | None) -> Moment | None:
    """When it happened: arrival at the server (seconds since 1970) minus how long the device had tried to send it.

    The delay is the device's own count (RFC 2866 5.2), so the arrival stays the later bound.
    """
    seconds = number_of(stamp)
    if stamp is None or seconds is None:
        return None
    at, waited = from_epoch(seconds, stamp), number_of(delay) or 0
    if at.timestamp is None or at.earliest is None or not 0 < waited < seconds:
        return at
    return at._replace(timestamp=at.timestamp - waited * 1_000_000, earliest=at.earliest - waited * 1_000_000)


def record_events(
    span: Span, locator: str, attributes: Attributes, moment: Moment | None, flags: tuple[str, ...] = ()
) -> Iterator[Event]:
    """The events of one packet: a lease per address or prefix it names, else a session or an authentication."""
    action = _STATUS.get((_first(attributes, "Acct-Status-Type") or "").lower())
    values = _common(attributes)
    stated = number_of(_first(attributes, "Acct-Session-Time"))
    extra: dict[str, object] = {"attributes": _plain(attributes), "session_time_s": stated}
    if action is None:
        packet = (_first(attributes, "Packet-Type") or "").lower()
        values["event_action"], values["event_outcome"] = _PACKET.get(packet, (packet or None, "unknown"))
        yield event("authentication", span, locator, values, moment=moment, flags=flags, extra=extra)
        return
    values["event_action"] = action
    found = list(_assignments(attributes))
    for address, prefix in found:
        more = {**extra, "prefix": prefix}
        held = {**values, "source_ip": address}
        yield event("lease", span, locator, held, moment=moment, flags=flags, extra=more)
    if not found:
        yield event("session", span, locator, values, moment=moment, flags=flags, extra=extra)


def _assignments(attributes: Attributes) -> Iterator[tuple[str | None, str | None]]:
    seen = {(assigned(text), None) for name in _ADDRESSES for text in attributes.get(name, ())}
    ranges = {(None, prefix_of(text)) for name in _PREFIXES for text in attributes.get(name, ())}
    yield from sorted(pair for pair in seen if pair[0])
    yield from sorted(pair for pair in ranges if pair[1])


def _common(attributes: Attributes) -> dict[str, object]:
    """Columns every packet fills: who, which session, which device, which access server."""
    calling = _first(attributes, "Calling-Station-Id")
    mac, peer = mac_of(calling), parse_address(calling) if calling else None
    subscribers = [v for name in _SUBSCRIBER for v in attributes.get(name, ()) if v]
    identifiers = [{"type": "subscriber", "value": v, "raw": v} for v in subscribers]
    if calling and calling.isascii() and calling.lstrip("+").isdigit() and not mac:
        identifiers.append({"type": "phone", "value": calling, "raw": calling})
    return {
        "account_platform": "radius",
        "account_login": _first(attributes, "User-Name"),
        "session_id": _first(attributes, "Acct-Session-Id"),
        "host_name": _first(attributes, "NAS-Identifier") or _first(attributes, "NAS-IP-Address"),
        "claimed_ips": [peer.ip] if peer else None,
        "identifiers": identifiers or None,
        "device_id": mac,
    }


def _first(attributes: Attributes, name: str) -> str | None:
    return next((value for value in attributes.get(name, ()) if value), None)


def _plain(attributes: Mapping[str, list[str]]) -> dict[str, object]:
    """Attributes as written, one or several values; secrets are named but not copied (the bytes hold them)."""
    shown = {name: ["(secret, see the bytes)"] if name in _SECRET else values for name, values in attributes.items()}
    return {name: values[0] if len(values) == 1 else values for name, values in shown.items()}
