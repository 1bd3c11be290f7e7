"""Addresses: which one a home, a phone, an office or an exit has at a moment.

Addresses are kept as numbers until the end. IPv4 numbers are their value; an IPv6 number has bit 62 set and holds
home, device and day, from which the privacy address is made. Everything lies in space for benchmarks and
documentation: 198.18.0.0/15 (RFC 2544), 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 (RFC 5737), 2001:db8::/32
(RFC 3849). A service sees the public side of a carrier's NAT, so 100.64.0.0/10 does not occur.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from benchmarks.attribution.simulator.people import People
    from benchmarks.attribution.simulator.profiles import Knobs

__all__ = ["CGNAT", "CLASSES", "DAY", "KINDS", "Nets", "address_text", "kind_of", "make_nets"]

DAY = 86_400
CLASSES = (
    "fixed_isp", "cgnat_shared", "mobile_carrier", "business", "public_wifi", "vpn_provider", "tor_exit", "hosting",
    "unknown",
)  # fmt: skip
STATIC, DYNAMIC, CGNAT = 0, 1, 2
_V6 = 1 << 62
_BASE = {  # network address, and the size of the block
    "static": int(IPv4Address("198.18.0.0")),
    "dynamic": int(IPv4Address("198.18.64.0")),
    "cgnat": int(IPv4Address("198.18.192.0")),
    "mobile": int(IPv4Address("198.19.0.0")),
    "office": int(IPv4Address("198.19.32.0")),
    "cafe": int(IPv4Address("192.0.2.0")),
    "server": int(IPv4Address("198.51.100.0")),
    "vpn": int(IPv4Address("203.0.113.0")),
    "tor": int(IPv4Address("203.0.113.128")),
}
CAFES, EXITS, PROVIDERS, TOR_EXITS, POOL, CARRIERS, SERVERS = 6, 12, 3, 40, 24, 3, 6
_ROTATION = 6 * 3600


@dataclass(slots=True)
class Nets:
    """Tables that give addresses; all look-ups take arrays."""

    home_class: np.ndarray
    v6: np.ndarray
    lease_key: np.ndarray  # home * 2^36 + second, ascending
    lease_ip: np.ndarray
    cgnat_base: np.ndarray  # per home: first address of its pool
    cgnat_size: np.ndarray
    cgnat_step: float  # seconds
    cgnat_phase: np.ndarray
    salt: int

    def at_home(self, home: np.ndarray, t: np.ndarray) -> np.ndarray:
        """IPv4 of a home."""
        row = np.searchsorted(self.lease_key, _key(home, t), "right") - 1
        leased = self.lease_ip[row]
        turn = ((t + self.cgnat_phase[home]) // self.cgnat_step).astype(np.int64)
        shared = self.cgnat_base[home] + mix(home, turn, self.salt) % self.cgnat_size[home]
        return np.where(self.home_class[home] == CGNAT, shared, leased)

    def privacy(self, home: np.ndarray, device: np.ndarray, t: np.ndarray) -> np.ndarray:
        """IPv6 of a device at a home on a day."""
        return _V6 | (home << 40) | (device << 14) | (t // DAY + 4096)

    def mobile(self, carrier: np.ndarray, person: np.ndarray, t: np.ndarray) -> np.ndarray:
        """A carrier's pool address: another one every six hours."""
        return _BASE["mobile"] + carrier * POOL + mix(person, t // _ROTATION, self.salt + 1) % POOL

    def office(self, office: np.ndarray) -> np.ndarray:
        """The one address of an office."""
        return _BASE["office"] + office

    def cafe(self, city: np.ndarray, pick: np.ndarray) -> np.ndarray:
        """Public Wi-Fi of a town."""
        return _BASE["cafe"] + city * CAFES + pick % CAFES

    def vpn(self, person: np.ndarray, t: np.ndarray) -> np.ndarray:
        """The exit a VPN customer has that day."""
        provider = mix(person, person * 0, self.salt + 2) % PROVIDERS
        return _BASE["vpn"] + provider * EXITS + mix(person, t // DAY, self.salt + 3) % EXITS

    def tor(self, pick: np.ndarray) -> np.ndarray:
        """Any exit."""
        return _BASE["tor"] + pick % TOR_EXITS

    def server(self, account: np.ndarray) -> np.ndarray:
        """The server of a posting service."""
        return _BASE["server"] + mix(account, account * 0, self.salt + 4) % SERVERS


def mix(a: np.ndarray, b: np.ndarray, salt: int) -> np.ndarray:
    """A number in 0..2^31-1 that depends on a, b and salt (splitmix64)."""
    with np.errstate(over="ignore"):
        z = a.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + b.astype(np.int64).view(np.uint64)
        z = z + np.uint64(salt % (1 << 63)) * np.uint64(0xD1B54A32D192ED03)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(33)).astype(np.int64)


def _key(home: np.ndarray, t: np.ndarray) -> np.ndarray:
    return (home << 36) + np.maximum(t, 0)


def _leases(
    rng: np.random.Generator, kind: np.ndarray, city: np.ndarray, mean_s: float, span_s: int
) -> tuple[np.ndarray, np.ndarray]:
    """Addresses of fixed and dynamic homes over time; a dynamic address that is given back serves another home."""
    rows: list[tuple[int, int, int]] = [(home, 0, _BASE["static"] + home) for home in range(len(kind))]
    for town in range(int(city.max()) + 1):
        homes = np.flatnonzero((kind == DYNAMIC) & (city == town)).tolist()
        base = _BASE["dynamic"] + town * 2048
        pool = rng.permutation(int(len(homes) * 1.12) + 2).tolist()
        held, queue = {}, []
        for home in homes:
            held[home] = pool.pop()
            rows[home] = (home, 0, base + held[home])
            queue.append((int(rng.exponential(mean_s)), home))
        while queue:
            queue.sort(reverse=True)
            when, home = queue.pop()
            if when >= span_s:
                break
            fresh = pool.pop(int(rng.integers(len(pool))))
            pool.append(held[home])
            held[home] = fresh
            rows.append((home, when, base + fresh))
            queue.append((when + 3600 + int(rng.exponential(mean_s)), home))
    rows.sort()
    table = np.array(rows, np.int64).reshape(-1, 3)
    return _key(table[:, 0], table[:, 1]), table[:, 2]


def make_nets(rng: np.random.Generator, knobs: Knobs, homes_city: np.ndarray, span_s: int) -> Nets:
    """Draw the networks of all homes (homes of people who move included)."""
    homes = len(homes_city)
    draw = rng.permutation((np.arange(homes) + 0.5) / homes)
    kind = np.where(draw < knobs.static, STATIC, np.where(draw < knobs.static + knobs.cgnat, CGNAT, DYNAMIC))
    key, ip = _leases(rng, kind, homes_city, knobs.lease_days * DAY, span_s)
    crowd = np.bincount(homes_city[kind == CGNAT], minlength=int(homes_city.max()) + 1)
    size = np.maximum(2, np.round(crowd / knobs.cgnat_homes)).astype(np.int64)
    step = knobs.cgnat_days * DAY
    return Nets(
        home_class=kind,
        v6=rng.random(homes) < knobs.ipv6,
        lease_key=key,
        lease_ip=ip,
        cgnat_base=_BASE["cgnat"] + homes_city * 512,
        cgnat_size=size[homes_city],
        cgnat_step=step,
        cgnat_phase=rng.random(homes) * step,
        salt=int(rng.integers(1 << 40)),
    )


KINDS = (*tuple(_BASE), "v6")
"""Kinds of address space, in the order of the blocks."""


def kind_of(number: int, people: People) -> tuple[int, int, int]:
    """Kind (index in `KINDS`), town (-1: none of the towns' own) and IPv6 home (-1: none) of an address number."""
    if number >= _V6:
        home = (number >> 40) & 0x3FFFFF
        return KINDS.index("v6"), int(people.home_city[home]), home
    name = max((base, name) for name, base in _BASE.items() if base <= number)[1]
    at = number - _BASE[name]
    town = -1
    if name == "static":
        town = int(people.home_city[at])
    elif name in ("dynamic", "cgnat", "cafe"):
        town = at // {"dynamic": 2048, "cgnat": 512, "cafe": CAFES}[name]
    elif name == "office":
        town = int(people.office_city[at])
    return KINDS.index(name), town, -1


def address_text(number: int, salt: int) -> str:
    """The address as text."""
    if number < _V6:
        return str(IPv4Address(number))
    home = (number >> 40) & 0x3FFFFF
    low = np.array([number & ((1 << 40) - 1)], np.int64)
    part = mix(low, low * 0, salt)[0] << 31 | mix(low, low * 0, salt + 9)[0]
    return str(IPv6Address((0x20010DB8 << 96) | ((home + 0x100) << 64) | int(part) | (1 << 63)))
