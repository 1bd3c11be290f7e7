"""What people do when and where: moments of a person, and the sessions of accounts that come from them.

A person has moments online (a time, a place, a device). An account in use takes part in some of its operator's
moments, so two accounts of one person change hands within minutes, on one device and network, as in life.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.attribution.simulator.network import DAY, Nets

if TYPE_CHECKING:
    from benchmarks.attribution.simulator.accounts import Roster
    from benchmarks.attribution.simulator.people import Devices, People
    from benchmarks.attribution.simulator.profiles import Knobs

__all__ = [
    "CAFE",
    "FRIEND",
    "HOME",
    "MOBILE",
    "OFFICE",
    "SERVER",
    "TRAVEL",
    "Moments",
    "Sessions",
    "make_moments",
    "make_sessions",
]

HOME, OFFICE, MOBILE, CAFE, FRIEND, TRAVEL, SERVER = range(7)
_WEEKDAY = np.array([3, 1.5, 0.8, 0.5, 0.5, 1, 3, 6, 7, 6, 6, 6.5, 8, 7, 6, 6, 7, 9, 11, 12, 13, 12, 9, 6])
_WEEKEND = np.array([5, 3, 2, 1, 0.5, 0.5, 1, 2, 4, 7, 9, 9, 9, 9, 9, 9, 9, 9, 10, 11, 12, 12, 10, 8])
_AT_WORK = np.cumsum([0.12, 0.58, 0.24, 0.06])  # home, office, mobile, cafe
_FREE = np.cumsum([0.64, 0.0, 0.29, 0.07])
_NIGHT = np.cumsum([0.95, 0.0, 0.05, 0.0])


@dataclass(slots=True)
class Moments:
    """Moments online, sorted by person; parallel arrays."""

    person: np.ndarray
    t: np.ndarray  # true seconds since the start
    place: np.ndarray
    home: np.ndarray  # the home when the place is one
    city: np.ndarray
    device: np.ndarray
    first: np.ndarray  # per person: index of the first moment (one more at the end)


@dataclass(slots=True)
class Sessions:
    """Sessions before a service writes them down; parallel arrays."""

    account: np.ndarray
    operator: np.ndarray
    usage: np.ndarray
    t: np.ndarray
    ip: np.ndarray  # address number
    device: np.ndarray  # -1 for a server
    place: np.ndarray  # where the operator was


def _rhythms(rng: np.random.Generator, persons: int) -> np.ndarray:
    """Cumulative hours per person, for weekdays and weekends: early and late people, each with habits."""
    shift = np.clip(np.round(rng.normal(0, 2, persons)), -5, 6).astype(np.int64)
    hours = (np.arange(24)[None, :] - shift[:, None]) % 24
    base = np.stack([_WEEKDAY[hours], _WEEKEND[hours]], 1)
    weights = base * np.exp(0.5 * rng.standard_normal((persons, 2, 24)))
    return np.cumsum(weights / weights.sum(2, keepdims=True), 2)


def _times(rng: np.random.Generator, person: np.ndarray, persons: int, days: int, start_day: int) -> np.ndarray:
    """Seconds since the start: any day, weekends a third busier, hours by rhythm. Local time is UTC."""
    rhythm = _rhythms(rng, persons)
    day = rng.integers(0, days, len(person))
    weekend = (day + start_day) % 7 >= 5
    again = ~weekend & (rng.random(len(person)) < 0.1)
    day = np.where(again, rng.integers(0, days, len(person)), day)
    weekend = (day + start_day) % 7 >= 5
    ladder = rhythm[person, weekend.astype(np.int64)]
    hour = (ladder < rng.random(len(person))[:, None]).sum(1).clip(0, 23)
    return day * DAY + hour * 3600 + rng.integers(0, 3600, len(person))


def _places(rng: np.random.Generator, t: np.ndarray, start_day: int, works: np.ndarray) -> np.ndarray:
    hour, weekend = t % DAY // 3600, (t // DAY + start_day) % 7 >= 5
    busy = works & ~weekend & (hour >= 9) & (hour < 17)
    u = rng.random(len(t))[:, None]
    place = np.where(busy, (u > _AT_WORK).sum(1), (u > _FREE).sum(1))
    night = (hour < 6) | (hour >= 23)
    return np.where(night, (u > _NIGHT).sum(1), place).clip(0, 3)


def _devices(
    rng: np.random.Generator, devices: Devices, people: People, person: np.ndarray, place: np.ndarray
) -> np.ndarray:
    """The device at hand: the phone outside, anything at home, the family's device for some moments there."""
    persons = len(people.home)
    own: list[list[int]] = [[] for _ in range(persons)]
    for index, owner in enumerate(devices.owner):
        if owner >= 0:
            own[owner].append(index)
    family = dict.fromkeys(people.home.tolist(), -1)
    family.update(
        {home: i for i, (home, owner) in enumerate(zip(devices.home, devices.owner, strict=True)) if owner == -1}
    )
    width = max(map(len, own))
    grid = np.array([row + [row[0]] * (width - len(row)) for row in own])
    count = np.array([len(row) for row in own])
    pick = np.where(rng.random(len(person)) < 0.55, 0, (rng.random(len(person)) * count[person]).astype(np.int64))
    phone_only = np.isin(place, (MOBILE, CAFE)) & (rng.random(len(person)) < 0.9)
    chosen = grid[person, np.where(phone_only, 0, pick)]
    shared = np.array([family[home] for home in people.home.tolist()])[person]
    return np.where((place == HOME) & (shared >= 0) & (rng.random(len(person)) < 0.25), shared, chosen)


def make_moments(rng: np.random.Generator, knobs: Knobs, people: People, devices: Devices, start_day: int) -> Moments:
    """Every moment online of everybody, before scenarios change some."""
    persons, days = len(people.home), int(knobs.days)
    count = np.maximum(20, rng.poisson(days * rng.uniform(1.0, 2.6, persons)))
    person = np.repeat(np.arange(persons), count)
    t = _times(rng, person, persons, days, start_day)
    place = _places(rng, t, start_day, people.office[person] >= 0)
    moved = t >= people.moved_s[person]
    home = np.where(moved, people.second_home[person], people.home[person])
    moments = Moments(
        person=person,
        t=t,
        place=place,
        home=home,
        city=people.city()[person],
        device=_devices(rng, devices, people, person, place),
        first=np.concatenate([[0], np.cumsum(count)]),
    )
    _keep_hours_apart(moments)
    return moments


def _keep_hours_apart(moments: Moments) -> None:
    """Nobody is at two places within the hour: a moment soon after another happens at the same place."""
    order = np.lexsort((moments.t, moments.person))
    for name in ("t", "place", "home", "city", "device"):
        setattr(moments, name, getattr(moments, name)[order])
    person, t = moments.person, moments.t
    fresh = np.ones(len(t), bool)
    fresh[1:] = (person[1:] != person[:-1]) | (t[1:] - t[:-1] > 3600)
    leader = np.maximum.accumulate(np.where(fresh, np.arange(len(t)), 0))
    for name in ("place", "home", "city"):
        setattr(moments, name, getattr(moments, name)[leader])
    outside = (leader != np.arange(len(t))) & (moments.place != HOME)
    moments.device = np.where(outside, moments.device[leader], moments.device)


def make_sessions(
    rng: np.random.Generator, knobs: Knobs, people: People, nets: Nets, roster: Roster, moments: Moments
) -> Sessions:
    """Sessions of all uses of all accounts."""
    rows, uses = [], []
    for number, use in enumerate(roster.usages):
        lo, hi = moments.first[use.operator], moments.first[use.operator + 1]
        t = moments.t[lo:hi]
        inside = (t >= use.from_s) & (t < use.to_s)
        share = min(0.9, max(3.0, use.rate * knobs.sessions) / max(1, hi - lo))
        taken = lo + np.flatnonzero(inside & (rng.random(hi - lo) < share))
        rows.append(taken)
        uses.append(np.full(len(taken), number))
    row, which = np.concatenate(rows), np.concatenate(uses)
    return _resolve(rng, people, nets, roster, moments, row, which)


def _resolve(
    rng: np.random.Generator,
    people: People,
    nets: Nets,
    roster: Roster,
    moments: Moments,
    row: np.ndarray,
    use: np.ndarray,
) -> Sessions:
    """Times within the moment, devices and addresses of the chosen moments."""
    column = {
        name: np.array([getattr(u, name) for u in roster.usages])[use]
        for name in ("account", "vpn", "tor", "device", "kind")
    }
    person, place, city = moments.person[row], moments.place[row].copy(), moments.city[row]
    t = moments.t[row] + rng.integers(0, 420, len(row))
    device = np.where(column["device"] >= 0, column["device"], moments.device[row])
    home = moments.home[row]
    scheduled = column["kind"] == "scheduled"
    place[scheduled] = SERVER
    t = np.where(scheduled, t // 3600 * 3600 + 900 * (column["account"] % 4), t)
    u = rng.integers(0, 1 << 30, len(row))
    indoors = np.isin(place, (HOME, FRIEND))
    ip = nets.at_home(home, t)
    newer = indoors & nets.v6[home] & (u % 100 < 45)
    ip = np.where(newer, nets.privacy(home, device, t), ip)
    ip = np.where(place == OFFICE, nets.office(people.office[person]), ip)
    ip = np.where(place == MOBILE, nets.mobile(people.carrier[person], person, t), ip)
    ip = np.where(np.isin(place, (CAFE, TRAVEL)), nets.cafe(city, u), ip)
    draw = rng.random(len(row))
    ip = np.where(draw < column["vpn"], nets.vpn(person, t), ip)
    ip = np.where((draw < column["tor"]) & (draw >= column["vpn"]), nets.tor(u), ip)
    ip = np.where(scheduled, nets.server(column["account"]), ip)
    order = np.lexsort((column["account"], t))
    device = np.where(scheduled, -1, device)
    values = (column["account"], person, use, t, ip, device, place)
    return Sessions(*(value[order] for value in values))
