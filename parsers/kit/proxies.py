"""Which address stands behind the proxies a case trusts.

X-Forwarded-For and its kin are text the client can begin and every proxy continues on the right. Only what a trusted
proxy added is worth anything, so the list is walked from the right, and only while the hop that wrote it is trusted.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING

from parsers.kit.addresses import parse_address

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Networks", "ProxyListError", "client_behind", "trusted_networks"]

Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


class ProxyListError(ValueError):
    """A list of trusted proxies holds something that is neither an address nor a network."""


@lru_cache(maxsize=64)
def trusted_networks(text: str) -> Networks:
    """Addresses and networks (``192.0.2.1, 198.51.100.0/24``), separated by commas or spaces.

    Raises:
        ProxyListError: a part is neither.
    """
    try:
        return tuple(ipaddress.ip_network(part) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise ProxyListError(f"trusted_proxies: {error}") from error


@lru_cache(maxsize=16384)
def is_trusted(ip: str, trusted: Networks) -> bool:
    """Whether a canonical address lies in one of the networks."""
    address = ipaddress.ip_address(ip)
    return any(address in network for network in trusted if network.version == address.version)


def client_behind(peer: str, claimed: Sequence[str], trusted: Networks) -> tuple[str | None, str]:
    """The client's address as far as trusted proxies state it, and why it is the one.

    Args:
        peer: The attested peer, canonical.
        claimed: The forwarded list as written, one entry each, left to right.
        trusted: Proxies the case trusts.

    Returns:
        Address and basis: ``peer`` (the peer is no trusted proxy), ``stated_by_trusted_proxy`` (the first entry from
        the right that is none), ``all_hops_trusted`` (the left-most entry), ``nothing_stated`` (the trusted peer
        named nobody) or ``not_an_address`` (a trusted proxy wrote something else; the address is then None).
    """
    if not is_trusted(peer, trusted):
        return peer, "peer"
    hop = peer
    for word in reversed(claimed):
        address = parse_address(word.strip().strip('"'))
        if address is None:
            return None, "not_an_address"
        hop = address.ip
        if not is_trusted(hop, trusted):
            return hop, "stated_by_trusted_proxy"
    return (hop, "all_hops_trusted") if claimed else (peer, "nothing_stated")
