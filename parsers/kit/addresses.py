"""Addresses as logs and exports write them."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple

__all__ = ["Address", "parse_address", "parse_address_list"]

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_PLAIN_V4 = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}", re.ASCII)  # the commonest by far, and canonical as it stands
_BRACKETED = re.compile(r"^\[(?:IPv6:)?([0-9A-Fa-f:.]+)(%[\w.~-]+)?\](?::(\d{1,5}))?$", re.IGNORECASE | re.ASCII)
_V4_PORT = re.compile(r"^(\d{1,3}(?:\.\d{1,3}){3})(?::(\d{1,5}))?$", re.ASCII)
_V6 = re.compile(r"^([0-9A-Fa-f:.]+)(%[\w.~-]+)?$", re.ASCII)


class Address(NamedTuple):
    """An address as understood: canonical text, port, RFC 4007 zone, and whether it was IPv4-mapped IPv6."""

    ip: str
    port: int | None = None
    zone: str | None = None
    v4_mapped: bool = False


def _build(text: str, zone: str | None, port: str | None) -> Address | None:
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return None
    number = int(port) if port else None
    if number is not None and number > 65535:
        return None
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return Address(str(mapped or ip), number, zone[1:] if zone else None, mapped is not None)


@lru_cache(maxsize=65536)
def parse_address(text: str) -> Address | None:
    """Read ``1.2.3.4``, ``1.2.3.4:80``, ``[v6]``, ``[v6]:80``, ``v6%zone``; None when it is no address.

    Leading zeros, truncated and integer forms are refused: different programs read them differently.
    """
    text = text.strip()
    if _PLAIN_V4.fullmatch(text):
        return Address(text)
    for pattern in (_BRACKETED, _V4_PORT, _V6):
        match = pattern.match(text)
        if match:
            groups = match.groups()
            return (
                _build(groups[0], groups[1], groups[2])
                if pattern is _BRACKETED
                else (_build(groups[0], None, groups[1]) if pattern is _V4_PORT else _build(groups[0], groups[1], None))
            )
    return None


def parse_address_list(text: str) -> tuple[Address, ...]:
    """The addresses of an X-Forwarded-For style list in the order written; other words are left out."""
    found = (parse_address(part.strip().strip('"')) for part in text.split(","))
    return tuple(a for a in found if a)
