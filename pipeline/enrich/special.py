"""Special-purpose address ranges, and what an address carries inside itself.

The table restates the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190), the multicast
blocks and the IPv6 space that is reserved by the IETF, one RFC per row. The standard library's `is_global` is not
enough: it calls 3fff::/20, 5f00::/16, 64:ff9b::/96 and 6to4 addresses global, and 100.64.0.0/10 neither private nor
global. Where rows nest, the narrower one speaks.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_network
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.enrich.index import Index6, Ints, Keys6, keys6
from pipeline.enrich.nesting import nest

__all__ = ["GLOBAL", "SPECIAL", "Special", "decode_ipv4", "decode_mac", "edges4", "edges6", "special4", "special6"]

GLOBAL = "global"


class Special(NamedTuple):
    """One range: its scope (our word), the registry's name for it, the RFC, and whether it is globally reachable.

    Only globally reachable rows are looked up in address databases; in the others an entry would be noise.
    """

    network: str
    scope: str
    name: str
    rfc: str
    reachable: bool = False


SPECIAL = (
    Special("0.0.0.0/8", "this_network", "This network", "RFC 791"),
    Special("0.0.0.0/32", "unspecified", "This host on this network", "RFC 1122"),
    Special("10.0.0.0/8", "private", "Private-Use", "RFC 1918"),
    Special("100.64.0.0/10", "cgnat_shared", "Shared Address Space (carrier-grade NAT)", "RFC 6598"),
    Special("127.0.0.0/8", "loopback", "Loopback", "RFC 1122"),
    Special("169.254.0.0/16", "link_local", "Link Local", "RFC 3927"),
    Special("172.16.0.0/12", "private", "Private-Use", "RFC 1918"),
    Special("192.0.0.0/24", "ietf_protocol", "IETF Protocol Assignments", "RFC 6890"),
    Special("192.0.0.0/29", "ietf_protocol", "IPv4 Service Continuity Prefix", "RFC 7335"),
    Special("192.0.0.8/32", "ietf_protocol", "IPv4 dummy address", "RFC 7600"),
    Special("192.0.0.9/32", "anycast", "Port Control Protocol Anycast", "RFC 7723", reachable=True),
    Special("192.0.0.10/32", "anycast", "Traversal Using Relays around NAT Anycast", "RFC 8155", reachable=True),
    Special("192.0.0.170/32", "ietf_protocol", "NAT64/DNS64 Discovery", "RFC 8880"),
    Special("192.0.0.171/32", "ietf_protocol", "NAT64/DNS64 Discovery", "RFC 8880"),
    Special("192.0.2.0/24", "documentation", "Documentation (TEST-NET-1)", "RFC 5737"),
    Special("192.31.196.0/24", "as112", "AS112-v4", "RFC 7535", reachable=True),
    Special("192.52.193.0/24", "amt", "AMT", "RFC 7450", reachable=True),
    Special("192.88.99.0/24", "6to4_relay", "Deprecated (6to4 Relay Anycast)", "RFC 7526"),
    Special("192.88.99.2/32", "6to4_relay", "6a44 relay anycast address", "RFC 6751"),
    Special("192.168.0.0/16", "private", "Private-Use", "RFC 1918"),
    Special("192.175.48.0/24", "as112", "Direct Delegation AS112 Service", "RFC 7534", reachable=True),
    Special("198.18.0.0/15", "benchmarking", "Benchmarking", "RFC 2544"),
    Special("198.51.100.0/24", "documentation", "Documentation (TEST-NET-2)", "RFC 5737"),
    Special("203.0.113.0/24", "documentation", "Documentation (TEST-NET-3)", "RFC 5737"),
    Special("224.0.0.0/4", "multicast", "Multicast", "RFC 5771"),
    Special("240.0.0.0/4", "reserved", "Reserved", "RFC 1112"),
    Special("255.255.255.255/32", "broadcast", "Limited Broadcast", "RFC 8190"),
    Special("::/3", "reserved", "Reserved by IETF", "RFC 4291"),
    Special("4000::/2", "reserved", "Reserved by IETF", "RFC 4291"),
    Special("8000::/1", "reserved", "Reserved by IETF", "RFC 4291"),
    Special("::/96", "reserved", "Deprecated (IPv4-Compatible)", "RFC 4291"),
    Special("::/128", "unspecified", "Unspecified Address", "RFC 4291"),
    Special("::1/128", "loopback", "Loopback Address", "RFC 4291"),
    Special("::ffff:0:0/96", "ipv4_mapped", "IPv4-mapped Address", "RFC 4291"),
    Special("64:ff9b::/96", "nat64", "IPv4-IPv6 Translation", "RFC 6052"),
    Special("64:ff9b:1::/48", "nat64_local", "IPv4-IPv6 Translation, local use", "RFC 8215"),
    Special("100::/64", "discard", "Discard-Only Address Block", "RFC 6666"),
    Special("100:0:0:1::/64", "ietf_protocol", "Dummy IPv6 Prefix", "RFC 9780"),
    Special("2001::/23", "ietf_protocol", "IETF Protocol Assignments", "RFC 2928"),
    Special("2001::/32", "teredo", "TEREDO", "RFC 4380"),
    Special("2001:1::1/128", "anycast", "Port Control Protocol Anycast", "RFC 7723", reachable=True),
    Special("2001:1::2/128", "anycast", "Traversal Using Relays around NAT Anycast", "RFC 8155", reachable=True),
    Special("2001:1::3/128", "anycast", "DNS-SD Service Registration Protocol Anycast", "RFC 9665", reachable=True),
    Special("2001:2::/48", "benchmarking", "Benchmarking", "RFC 5180"),
    Special("2001:3::/32", "amt", "AMT", "RFC 7450", reachable=True),
    Special("2001:4:112::/48", "as112", "AS112-v6", "RFC 7535", reachable=True),
    Special("2001:10::/28", "orchid", "Deprecated (previously ORCHID)", "RFC 4843"),
    Special("2001:20::/28", "orchid", "ORCHIDv2", "RFC 7343", reachable=True),
    Special("2001:30::/28", "drone_id", "Drone Remote ID Protocol Entity Tags", "RFC 9374", reachable=True),
    Special("2001:db8::/32", "documentation", "Documentation", "RFC 3849"),
    Special("2002::/16", "6to4", "6to4", "RFC 3056"),
    Special("2620:4f:8000::/48", "as112", "Direct Delegation AS112 Service", "RFC 7534", reachable=True),
    Special("3fff::/20", "documentation", "Documentation", "RFC 9637"),
    Special("5f00::/16", "segment_routing", "Segment Routing (SRv6) SIDs", "RFC 9602"),
    Special("fc00::/7", "unique_local", "Unique-Local", "RFC 4193"),
    Special("fe80::/10", "link_local", "Link-Local Unicast", "RFC 4291"),
    Special("fec0::/10", "site_local", "Deprecated (Site-Local)", "RFC 3879"),
    Special("ff00::/8", "multicast", "Multicast", "RFC 4291"),
)


class _Runs(NamedTuple):
    """Where each run starts, and the row of `SPECIAL` that speaks in it (-1: none)."""

    starts: tuple[int, ...]
    rows: Ints


@lru_cache(maxsize=2)
def _compiled(version: int) -> _Runs:
    networks = [(i, ip_network(row.network)) for i, row in enumerate(SPECIAL)]
    kept = [(i, int(n[0]), int(n[-1])) for i, n in networks if n.version == version]
    starts, covers = nest([first for _, first, _ in kept], [last for _, _, last in kept], 32 if version == 4 else 128)
    rows = [kept[cover[-1]][0] if cover else -1 for cover in covers]
    return _Runs(tuple(starts), np.array(rows, np.int64))


def edges4() -> npt.NDArray[np.uint32]:
    """First address of each run of the IPv4 table."""
    return np.array(_compiled(4).starts, np.uint32)


def edges6() -> Keys6:
    """First address of each run of the IPv6 table."""
    return keys6(_compiled(6).starts)


def special4(keys: npt.NDArray[np.uint32]) -> Ints:
    """Row of `SPECIAL` for each IPv4 address, -1 for ordinary global ones."""
    return _compiled(4).rows[np.searchsorted(edges4(), keys, side="right") - 1]


def special6(keys: Keys6) -> Ints:
    """Row of `SPECIAL` for each IPv6 address, -1 for ordinary global ones."""
    return _compiled(6).rows[Index6(edges6()).find(keys)]


def decode_ipv4(scope: str, hi: int, lo: int) -> int | None:
    """The IPv4 address that a transition address carries, or None.

    6to4 carries the site's address in bits 16-47 (RFC 3056 §2), Teredo the client's public address inverted in the
    low 32 bits (RFC 4380 §4), the well-known NAT64 prefix (RFC 6052 §2.2) and mapped addresses in the low 32 bits.
    The local-use prefix 64:ff9b:1::/48 is not decoded: each network chooses where the address stands.
    """
    if scope == "6to4":
        return hi >> 16 & 0xFFFFFFFF
    if scope == "teredo":
        return lo & 0xFFFFFFFF ^ 0xFFFFFFFF
    return lo & 0xFFFFFFFF if scope in {"nat64", "ipv4_mapped"} else None


_NO_INTERFACE = frozenset({"teredo", "nat64", "nat64_local", "ipv4_mapped", "multicast", "reserved"})


def decode_mac(scope: str, lo: int) -> str | None:
    """The hardware address in a modified EUI-64 interface identifier (RFC 4291 appendix A), or None.

    The identifier says ff:fe in its middle; one random identifier in 65,536 does so too, so the value is a strong
    lead and not a proof of the device.
    """
    if scope in _NO_INTERFACE or lo >> 24 & 0xFFFF != 0xFFFE or lo >> 56 & 1:
        return None
    octets = (lo ^ 1 << 57).to_bytes(8, "big")
    return ":".join(f"{octet:02x}" for octet in octets[:3] + octets[5:])
