"""How worlds differ: every knob with its range, and the profiles that move them.

A case draws each knob evenly from its range, so that no two cases share one world. Shares are of 1.
Shares of households, labels and habits follow the notes of the reference on the simulated world; ranges around
them are judgement.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

__all__ = ["HOUSEHOLDS", "PROFILES", "SEEDS", "Knobs", "draw_knobs", "stream"]

SEEDS = {"train": range(20), "calibrate": range(20, 40), "test": range(100, 120), "stress": range(200, 300)}

HOUSEHOLDS = ((1, 0.29), (2, 0.34), (3, 0.15), (4, 0.13), (5, 0.09))
"""Size of a household and its share."""
STUDENT_HOMES = tuple((size, 0.2) for size in range(6, 11))


def _range(low: float, high: float, meaning: str) -> float:
    return field(metadata={"range": (low, high), "meaning": meaning})  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Knobs:
    """The numbers of one world."""

    days: float = _range(60, 90, "length of the observed time, days")
    platforms: float = _range(3, 5, "services, rounded down")
    cities: float = _range(3, 7, "towns, rounded down")
    static: float = _range(0.12, 0.18, "homes with a fixed address")
    cgnat: float = _range(0.20, 0.30, "homes behind carrier-grade NAT; the rest have dynamic addresses")
    lease_days: float = _range(18, 32, "mean time a dynamic address stays, days")
    cgnat_days: float = _range(1.0, 2.0, "time a CGNAT home keeps a public address, days")
    cgnat_homes: float = _range(1, 8, "homes of the case on one CGNAT address at a time")
    ipv6: float = _range(0.25, 0.45, "homes with IPv6 (/64, privacy addresses)")
    family_device: float = _range(0.30, 0.40, "homes of several people with a shared device")
    vpn: float = _range(0.06, 0.12, "ordinary people who use a VPN")
    vpn_harasser: float = _range(0.40, 0.60, "harassers whose extra accounts use a VPN")
    tor_harasser: float = _range(0.05, 0.15, "harassers whose extra accounts use Tor")
    harassers: float = _range(0.04, 0.06, "people who keep extra accounts to harass")
    socks: float = _range(2, 5, "most extra accounts of one harasser, rounded up; the least is two")
    burner: float = _range(0.25, 0.35, "harassers with a second device for that")
    fresh_recovery: float = _range(0.80, 0.90, "extra accounts with recovery data of their own")
    copycats: float = _range(0.025, 0.035, "people who imitate another's account")
    parent_phone: float = _range(0.025, 0.035, "people whose recovery phone is a parent's")
    sessions: float = _range(38, 60, "mean sessions of an account")
    cgnat_as_fixed: float = _range(0.35, 0.45, "CGNAT addresses labelled fixed_isp")
    vpn_as_hosting: float = _range(0.12, 0.18, "VPN exits labelled hosting")
    office_as_fixed: float = _range(0.25, 0.35, "office addresses labelled fixed_isp")
    unlabelled: float = _range(0.03, 0.08, "addresses without a class")
    reuse_stem: float = _range(0.50, 0.70, "user names that repeat their owner's stem")
    style: float = _range(0.35, 0.50, "how far authors differ in words (log weight, standard deviation)")
    disguise: float = _range(0.25, 0.50, "harassers who write unlike themselves in their extra accounts")
    messages: float = _range(9, 16, "mean messages of an account")
    travellers: float = _range(0.04, 0.08, "people away for a week or two")
    sofa: float = _range(0.02, 0.05, "people who often stay at a friend's")
    one_tablet: float = _range(0, 0, "1 when every shared home has a shared device")
    students: float = _range(0, 0, "1 when homes are student homes of 6 to 10")


PROFILES: dict[str, dict[str, tuple[float, float]]] = {
    "base": {},
    "cgnat70": {"cgnat": (0.68, 0.72)},
    "vpn50": {"vpn": (0.48, 0.52), "vpn_harasser": (0.7, 0.9)},
    "one_city": {"cities": (1, 2)},
    "sock_heavy": {"harassers": (0.13, 0.17), "socks": (4, 7)},
    "copycat_heavy": {"copycats": (0.10, 0.14)},
    "big_households": {"students": (1, 1), "one_tablet": (1, 1), "cgnat": (0.35, 0.45)},
}
"""Profile -> the ranges it moves."""


def stream(seed: int, profile: str, part: str) -> np.random.Generator:
    """The random numbers of one part of one world; parts do not disturb each other."""
    words = [seed, *profile.encode(), 0, *part.encode()]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))


def draw_knobs(seed: int, profile: str) -> Knobs:
    """The knobs of a case.

    Raises:
        KeyError: no such profile.
    """
    moved, rng = PROFILES[profile], stream(seed, profile, "knobs")
    values = {}
    for item in fields(Knobs):
        low, high = moved.get(item.name, item.metadata["range"])
        values[item.name] = float(low + (high - low) * rng.random())
    return Knobs(**values)
