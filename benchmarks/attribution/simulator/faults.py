"""Faults of the sources: clocks, zones, cut exports. Truth stays in true time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from benchmarks.attribution.simulator.accounts import Roster
    from benchmarks.attribution.simulator.activity import Sessions

__all__ = ["Faults", "draw_faults"]

_HOUR = 3600


@dataclass(slots=True)
class Faults:
    """What to add to true times (seconds), per platform and per account, and which sessions are missing."""

    skew: np.ndarray  # per platform
    zone_error: np.ndarray  # per account
    uncertainty: np.ndarray  # per account, declared
    kept: np.ndarray  # per session
    skewed_platform: int
    zone_accounts: set[int] = field(default_factory=set)
    cut_accounts: set[int] = field(default_factory=set)


def draw_faults(rng: np.random.Generator, roster: Roster, sessions: Sessions, span_s: int) -> Faults:
    """One clock off by minutes; one export of some accounts off by hours, declared or not; some exports cut."""
    platform = np.array([account.platform for account in roster.accounts])
    platforms, count = int(platform.max()) + 1, len(platform)
    skew = np.zeros(platforms, np.int64)
    skewed = int(rng.integers(platforms))
    skew[skewed] = int(rng.integers(60, 1500)) * (1 if rng.random() < 0.5 else -1)
    zone, wide = np.zeros(count, np.int64), np.zeros(count, np.int64)
    source = np.flatnonzero(platform == rng.integers(platforms))
    chosen = source[rng.random(len(source)) < rng.uniform(0.05, 0.15)]
    chosen = chosen if len(chosen) else source[:1]
    zone[chosen] = _HOUR * int(rng.choice([-5, -2, -1, 1, 2, 3]))
    wide[chosen] = 14 * _HOUR if rng.random() < 0.5 else 0
    cut = rng.permutation(count)[: max(3, count // 60)]
    kept = np.ones(len(sessions.t), bool)
    limit = np.zeros(count)
    limit[cut] = span_s * rng.uniform(0.4, 0.85, len(cut))
    kept &= sessions.t >= limit[sessions.account]
    return Faults(skew, zone, wide, kept, skewed, set(chosen.tolist()), set(cut.tolist()))
