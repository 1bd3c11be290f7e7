"""Network classes: the words, which of them count as listed infrastructure, and the embedded class lists."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.enrich.index import Index4, Index6, Ints, Keys6, keys6
from pipeline.enrich.nesting import nest
from pipeline.enrich.text4 import parse4
from pipeline.enrich.text6 import parse6

__all__ = ["ASSUMED_KM", "INFRASTRUCTURE", "NETWORK_CLASSES", "UNKNOWN", "ClassIndex", "by_precedence"]

UNKNOWN = "unknown"

NETWORK_CLASSES = (
    "tor_exit",
    "residential_proxy",
    "public_proxy",
    "privacy_relay",
    "vpn_provider",
    "cdn",
    "cloud",
    "hosting",
    "cgnat_shared",
    "mobile_carrier",
    "public_wifi",
    "education",
    "business",
    "fixed_isp",
    UNKNOWN,
)
"""Every class, in the order in which one is preferred when a source states several for one address."""

INFRASTRUCTURE = frozenset(NETWORK_CLASSES[:8])
"""Classes behind which an address says little about where its user is; a claim of one makes the address "listed"."""

ASSUMED_KM = {"fixed_isp": 50.0, "mobile_carrier": 250.0, "cgnat_shared": 250.0}
"""Radius in km assumed for coordinates that come without one; 200 km for every other class.

A stated prior, above the median errors published for fixed (3-16 km) and mobile (179-207 km) networks; always labelled
"assumed".
"""

_RANK = {name: i for i, name in enumerate(NETWORK_CLASSES)}


def by_precedence(classes: tuple[str, ...]) -> tuple[str, ...]:
    """The classes, most telling first, each once; unknown words keep their order at the end."""
    return tuple(sorted(dict.fromkeys(classes), key=lambda name: _RANK.get(name, len(_RANK))))


class ClassIndex:
    """Which class lists name an address, and with which network.

    Args:
        networks: CIDR text of every entry.
        lists: The list each entry comes from.
        class_of: The class that each list supports.
    """

    def __init__(self, networks: list[str], lists: list[str], class_of: dict[str, str]) -> None:
        self.networks = networks
        self.lists = lists
        self._class_of = class_of
        texts = pa.array([network.partition("/")[0] for network in self.networks], pa.string())
        lengths = np.array([int(network.partition("/")[2]) for network in self.networks], np.int64)
        four, six = parse4(texts), parse6(texts)
        firsts6 = [hi << 64 | lo for hi, lo in zip(six.keys.hi.tolist(), six.keys.lo.tolist(), strict=True)]
        starts4, self._layers4 = self._runs(four.rows, four.keys.tolist(), lengths, 32)
        starts6, self._layers6 = self._runs(six.rows, firsts6, lengths, 128)
        self._index4 = Index4(np.array(starts4, np.uint32))
        self._index6 = Index6(keys6(starts6))

    def _runs(self, ids: Ints, firsts: list[int], lengths: Ints, bits: int) -> tuple[list[int], list[Ints]]:
        lasts = [first | (1 << bits - length) - 1 for first, length in zip(firsts, lengths[ids].tolist(), strict=True)]
        starts, covers = nest(firsts, lasts, bits)
        ordered = [self._order(tuple(int(ids[i]) for i in cover)) for cover in covers]
        return starts, _layers(ordered)

    def _order(self, entries: tuple[int, ...]) -> tuple[int, ...]:
        """One entry per list (its narrowest network), most telling class first."""
        narrowest = {self.lists[entry]: entry for entry in entries}  # widest first, so the last one stays
        return tuple(sorted(narrowest.values(), key=lambda e: (_RANK[self._class_of[self.lists[e]]], self.lists[e])))

    def find4(self, keys: npt.NDArray[np.uint32]) -> list[Ints]:
        """Layers of entries per address: the first of each, the second of each ...; -1 where there is none."""
        runs = self._index4.find(keys)
        return [layer[runs] for layer in self._layers4]

    def find6(self, keys: Keys6) -> list[Ints]:
        """The same for IPv6."""
        runs = self._index6.find(keys)
        return [layer[runs] for layer in self._layers6]


def _layers(covers: list[tuple[int, ...]]) -> list[Ints]:
    depth = max(map(len, covers))
    return [np.array([c[k] if k < len(c) else -1 for c in covers], np.int64) for k in range(depth)]
