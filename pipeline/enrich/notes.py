"""The sentence that stands beside every address: what it identifies, and how far it carries."""

from __future__ import annotations

from pipeline.enrich.classes import UNKNOWN

__all__ = ["CLASS_NOTES", "SCOPE_NOTES", "note"]

_BASE = "This address identifies a network endpoint at a time, not a person"

CLASS_NOTES = {
    "tor_exit": "traffic of many unrelated people leaves the Tor network here, so it does not show where its user is",
    "residential_proxy": "a residential proxy passes on traffic of strangers, so the subscriber need not be its user",
    "public_proxy": "a public proxy passes on traffic of anyone, so it does not show where its user is",
    "privacy_relay": "a privacy relay is switched on for many people at once and shows at most their region",
    "vpn_provider": "many customers of a VPN provider share it, so it does not show where its user is",
    "cdn": "a content delivery network passes on traffic for others, so its user may be behind it",
    "cloud": "it belongs to rented computers; whoever rents one, or a service running there, may be its user",
    "hosting": "it lies in a datacentre network, which may hold servers, proxies or VPN exits alike",
    "cgnat_shared": "an operator shares it among hundreds or thousands of subscribers; port and exact time are needed",
    "mobile_carrier": "mobile operators usually share one among many subscribers; port and exact time are needed",
    "public_wifi": "anyone within reach of the place may have used it",
    "education": "many people of one institution share it; only its records can tell them apart",
    "business": "many people of one or more organisations may share it; only their records can tell them apart",
    "fixed_isp": "several people may share it, it may be reassigned, and only the provider's records name a subscriber",
    UNKNOWN: "no source here states what kind of network it is, so it may be shared by many people",
}
"""Per network class: why the address is not yet a person."""

_LOCAL = "it is used again in countless networks and means something only inside the one that recorded it"
_NOT_IN_USE = "no such address is used on the internet, so the record that holds it was made up, altered or misread"
_CARRIES = "it belongs to a transition mechanism and carries an IPv4 address inside, which is the one to look up"
_SERVICE = "it belongs to a service of the internet itself, not to a subscriber"

SCOPE_NOTES = {
    "private": _LOCAL,
    "unique_local": _LOCAL,
    "link_local": _LOCAL,
    "site_local": _LOCAL,
    "loopback": "it means the recording computer itself",
    "this_network": "it stands for a computer that did not know its own address",
    "unspecified": "it stands for no particular address",
    "documentation": "the range is reserved for examples, so it shows no real network",
    "benchmarking": "the range is reserved for tests, so it shows no real network",
    "reserved": _NOT_IN_USE,
    "discard": _NOT_IN_USE,
    "ietf_protocol": _SERVICE,
    "anycast": _SERVICE,
    "as112": _SERVICE,
    "amt": _SERVICE,
    "6to4_relay": _SERVICE,
    "multicast": "it names a group of receivers, not a sender",
    "broadcast": "it names every receiver in a network, not a sender",
    "orchid": "it is a cryptographic name, not a place in the network",
    "drone_id": "it is an identifier of an aircraft, not a place in the network",
    "segment_routing": "it is an instruction to routers, not a place in the network",
    "6to4": _CARRIES,
    "teredo": _CARRIES,
    "nat64": _CARRIES,
    "ipv4_mapped": _CARRIES,
    "nat64_local": "it is a translated IPv4 address; the network that translated it knows which",
}
"""Per special scope: what the address can mean at all."""


def note(scope: str, network_class: str) -> str:
    """The sentence for an address of this scope and class.

    A class that a source states says more than the scope; the scope says more than "unknown".
    """
    if network_class in CLASS_NOTES and network_class != UNKNOWN:
        return f"{_BASE}: {CLASS_NOTES[network_class]}."
    return f"{_BASE}: {SCOPE_NOTES.get(scope, CLASS_NOTES[UNKNOWN])}."
