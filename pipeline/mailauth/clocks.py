"""What many messages show of the clocks of mail hosts.

Every hop compares two clocks: the host's that wrote it and that of the host below. One message proves nothing (queues
wait, clocks drift); the median over many messages gives a host's usual offset against its peers. It is shown, never
judged: a negative delay is ordinary.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ENOUGH", "Clocks", "HostClock", "hop_delays"]

ENOUGH = 5
"""Pairs of hops from which a median is stated."""

_SAMPLES = 10_000  # kept per host; medians of more do not change


class HostClock(NamedTuple):
    """Delays in seconds between hops that `host` wrote and the hops below them."""

    host: str
    n_pairs: int
    n_negative: int
    median_s: float | None
    low_s: float
    high_s: float


def hop_delays(hops: Sequence[Mapping[str, object]]) -> list[tuple[str, float]]:
    """(host, seconds since the hop below) of every hop that has a time, names its host, and has a timed hop below."""
    out: list[tuple[str, float]] = []
    for newer, older in pairwise(hops):
        host, at, before = newer.get("by"), _micros(newer), _micros(older)
        if isinstance(host, str) and at is not None and before is not None:
            out.append((host.lower(), (at - before) / 1_000_000))
    return out


def _micros(hop: Mapping[str, object]) -> int | None:
    at = hop.get("time")
    return at if isinstance(at, int) else None


class Clocks:
    """Gathers delays message by message."""

    def __init__(self) -> None:
        self._held: dict[str, list[float]] = {}
        self._counts: dict[str, list[int]] = {}

    def add(self, delays: Sequence[tuple[str, float]]) -> None:
        """Take the delays of one message."""
        for host, seconds in delays:
            held, counts = self._held.setdefault(host, []), self._counts.setdefault(host, [0, 0])
            counts[0] += 1
            counts[1] += seconds < 0
            if len(held) < _SAMPLES:
                held.append(seconds)

    def rows(self) -> list[HostClock]:
        """One row per host, by name."""
        return [_row(host, sorted(self._held[host]), self._counts[host]) for host in sorted(self._held)]


def _row(host: str, values: list[float], counts: list[int]) -> HostClock:
    tenth = len(values) // 10
    middle = float(median(values)) if len(values) >= ENOUGH else None
    return HostClock(host, counts[0], counts[1], middle, values[tenth], values[-1 - tenth])
