"""Where trust in a chain of hops ends: the hand-over address, recorded by the last host the case can rely on.

The walk goes from the newest hop down and looks at nothing below the hop it stops at, so lines a sender wrote in
advance cannot move it. The top-most hop was written by the server whose copy is held; each further hop counts only
while the hop above it names a peer inside the receiving side *and* its own ``by`` host is known: to the case, to a
provider's edge rule, or as the same host. A login ends the walk: what stands below was supplied by the client.

References:
    RFC 5321 section 4.4; the trust path of mail filters, with provider edges observed in delivered mail.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple

from parsers.email._received import AUTHENTICATED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

__all__ = ["BASES", "Boundary", "Trusted", "trusted_from", "walk"]

BASES: dict[str, str] = {
    "trusted_host": "recorded by a host the case trusts",
    "microsoft_edge": "recorded by Microsoft's receiving edge (provider rule)",
    "google_edge": "recorded by Google's receiving edge (provider rule)",
    "same_host": "recorded by the host that wrote the top-most hop",
    "authenticated_submission": "recorded when a login submitted the message",
    "top_hop_only": "recorded in the top-most hop, by the server whose copy is held; no host is named as trusted",
    "attached_copy": "nothing is relied on: the message came attached to another, and could be written by its author",
    "no_address": "the last hop that can be relied on records no outside address",
}
"""Value of ``boundary_basis`` in ``extra`` -> what it says."""

# Addresses of one's own side. Not `ipaddress.is_private`: that also covers documentation and benchmark ranges.
_INSIDE = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.168.0.0/16", "::/127", "fc00::/7", "fe80::/10", "2002:a00::/24",
    )
)  # fmt: skip
_LOOPBACK = tuple(ip_network(text) for text in ("127.0.0.0/8", "::1/128"))
_LOCAL_PROTOCOLS = frozenset({"local", "lmtp", "lmtps", "utf8lmtp"})
_SUBMITTED = frozenset({"mapi", "httprest"})  # a mailbox's owner handed the message in, with all that stands below


class _Provider(NamedTuple):
    """How one provider's own hops look: `inside` hosts pass mail on, the first `edge` host met it at the border."""

    basis: str
    inside: re.Pattern[str]
    edge: re.Pattern[str]
    nets: tuple[IPv4Network | IPv6Network, ...]
    quiet_id: re.Pattern[str] | None = None  # of hops that name only a 10/8 address of their own (Google until 2017)


_PROVIDERS = (
    _Provider(
        "microsoft_edge",
        re.compile(
            r"[\w.-]{1,200}\.(?:outlook\.com|outlook\.office365\.com|hotmail\.com|exchangelabs\.com|"
            r"protection\.gbl)",
            re.IGNORECASE,
        ),
        re.compile(
            r"[\w.-]{1,200}\.(?:(?:mail\.protection|mail\.eo|olc\.protection)\.outlook\.com|protection\.gbl)",
            re.IGNORECASE,
        ),
        (ip_network("2603:1000::/24"), ip_network("2a01:111::/32")),
    ),
    _Provider(
        "google_edge",
        re.compile(r"2002:a[0-9a-f]{2}:[0-9a-f:]{1,40}|[\w-]{1,60}\.google\.com", re.IGNORECASE),
        re.compile(r"mx\.google\.com|smtp(?:-relay)?\.gmail\.com", re.IGNORECASE),
        (ip_network("2002:a00::/24"),),
        re.compile(r"[\w-]{1,40}(?:csp?|mr)\d[\w.]{1,60}", re.IGNORECASE),
    ),
)


class Trusted(NamedTuple):
    """What a case trusts: exact host names, name suffixes (with their dot) and networks."""

    hosts: frozenset[str]
    suffixes: tuple[str, ...]
    nets: tuple[IPv4Network | IPv6Network, ...]

    def host(self, name: object) -> bool:
        """Whether `name` is a trusted host."""
        text = str(name or "").lower().rstrip(".")
        return bool(text) and (text in self.hosts or text.endswith(self.suffixes))


class Boundary(NamedTuple):
    """Result of a walk: how many hops are attested from the top, and the hand-over, if one is recorded."""

    attested: int
    ip: str | None
    host: str | None
    basis: str


@lru_cache(maxsize=64)
def trusted_from(option: str) -> Trusted:
    """Read the option ``trusted_hosts``: names, ``.suffix`` or ``*.suffix``, addresses and networks, by commas."""
    hosts: list[str] = []
    suffixes: list[str] = []
    nets: list[IPv4Network | IPv6Network] = []
    for word in (part.strip().lower() for part in option.split(",")):
        try:
            nets.append(ip_network(word, strict=False))
        except ValueError:
            if word.startswith((".", "*.")):
                suffixes.append(word.lstrip("*"))
            elif word:
                hosts.append(word.rstrip("."))
    return Trusted(frozenset(hosts), tuple(suffixes), tuple(nets))


def _within(ip: str, nets: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    address = _address(ip)
    return any(address.version == net.version and address in net for net in nets)


@lru_cache(maxsize=16384)
def _address(ip: str) -> IPv4Address | IPv6Address:
    return ip_address(ip)


@lru_cache(maxsize=16384)
def _is_inside(ip: str) -> bool:
    return _within(ip, _INSIDE)


def walk(hops: Sequence[Mapping[str, object]], trusted: Trusted) -> Boundary | None:
    """Walk down from the newest hop; None when there is no hop."""
    if not hops:
        return None
    provider = _provider_of(hops[0])
    reason = "trusted_host" if trusted.host(hops[0].get("by")) else "top_hop_only"
    for number, hop in enumerate(hops):
        if provider and provider.edge.fullmatch(str(hop.get("by", ""))):
            return _stop(hops, number, provider.basis)
        below = hops[number + 1] if number + 1 < len(hops) else None
        following = _continues(hop, below, trusted, provider)
        if following is None:
            return _stop(hops, number, reason)
        reason = following
    return None


def _continues(
    hop: Mapping[str, object], below: Mapping[str, object] | None, trusted: Trusted, provider: _Provider | None
) -> str | None:
    """Why the hop below can be relied on, as a basis; None where trust ends at `hop`."""
    if below is None or _protocol(hop) in _SUBMITTED or not _peer_inside(hop, trusted, provider):
        return None
    if "ip" in hop and _within(str(hop["ip"]), trusted.nets):
        return "trusted_host"
    if provider and _is_of(provider, hop) and _is_of(provider, below):
        return provider.basis  # before the login rule: providers pass mail on inside by HTTPS, too
    if _is_login(hop) and not _is_loopback(hop):
        return None
    if trusted.host(below.get("by")):
        return "trusted_host"
    # What a program of the host handed in, a web form perhaps, can hold made-up lines below.
    same = _from_network(hop) or (below.get("by") == hop.get("by") and "by" in hop and not _from_user(hop))
    return "same_host" if same and (_is_loopback(hop) or _is_local(hop)) else None


def _peer_inside(hop: Mapping[str, object], trusted: Trusted, provider: _Provider | None) -> bool:
    ip = hop.get("ip")
    if ip is None:
        return _is_local(hop) or bool(provider and _is_of(provider, hop) and "helo" not in hop)
    if _is_inside(str(ip)) or _within(str(ip), trusted.nets):
        return True
    return bool(provider and _is_of(provider, hop) and _within(str(ip), provider.nets))


def _provider_of(top: Mapping[str, object]) -> _Provider | None:
    return next((p for p in _PROVIDERS if _is_of(p, top)), None)


def _is_of(provider: _Provider, hop: Mapping[str, object]) -> bool:
    by = str(hop.get("by", ""))
    if provider.quiet_id and by.startswith("10.") and "ip" not in hop and "helo" not in hop:
        return bool(provider.quiet_id.fullmatch(str(hop.get("id", ""))))
    return bool(provider.inside.fullmatch(by) or provider.edge.fullmatch(by))


def _is_login(hop: Mapping[str, object]) -> bool:
    protocol = str(hop.get("with", "")).lower()
    return "auth" in hop or protocol in AUTHENTICATED or protocol in {"http", "https"}


def _is_loopback(hop: Mapping[str, object]) -> bool:
    return _within(str(hop["ip"]), _LOOPBACK) if "ip" in hop else False


def _is_local(hop: Mapping[str, object]) -> bool:
    """Handed over on the host itself; a hop that names a client but hides its address is not."""
    return "ip" not in hop and (_protocol(hop) in _LOCAL_PROTOCOLS or _from_network(hop) or _from_user(hop))


def _from_user(hop: Mapping[str, object]) -> bool:
    """A program of the host handed the message in (Exim, Postfix): a filter, a list manager or a web form."""
    raw = str(hop.get("raw", ""))[:300]
    return _protocol(hop) == "local" or (raw.startswith("by ") and "(Postfix, from userid " in raw)


def _protocol(hop: Mapping[str, object]) -> str:
    return str(hop.get("with", "")).lower()


def _from_network(hop: Mapping[str, object]) -> bool:
    """The queue (qmail) was started by the host's own SMTP server, which wrote the field below."""
    return str(hop.get("raw", "")).startswith("(qmail ") and " invoked from network)" in str(hop["raw"])[:200]


def _stop(hops: Sequence[Mapping[str, object]], number: int, reason: str) -> Boundary:
    hop = hops[number]
    ip = hop.get("ip")
    login = _is_login(hop)
    if ip is None or _is_loopback(hop) or (_is_inside(str(ip)) and not login):
        return Boundary(number + 1, None, None, "no_address")
    by = hop.get("by")
    basis = "authenticated_submission" if login and reason != "top_hop_only" else reason
    return Boundary(number + 1, str(ip), str(by) if by is not None else None, basis)
