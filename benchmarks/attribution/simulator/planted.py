"""Scenarios planted in every world, each noted with the accounts it concerns.

Before the moments: couples who part, takeovers, scheduled posting, covert access. On moments: travel, friends' sofas,
second-hand phones, the victim's device. On identifiers: recycled numbers. Faults of sources are in faults.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.attribution.simulator.accounts import FOREVER, Roster, Usage
from benchmarks.attribution.simulator.activity import CAFE, FRIEND, HOME, MOBILE, OFFICE, TRAVEL, Moments
from benchmarks.attribution.simulator.network import DAY
from benchmarks.attribution.simulator.people import PHONE, Devices, People

if TYPE_CHECKING:
    from benchmarks.attribution.simulator.identity import Facts
    from benchmarks.attribution.simulator.profiles import Knobs

__all__ = ["Notes", "plant_accounts", "plant_moments", "plant_numbers", "separate"]

Notes = dict[str, set[int]]
"""Scenario -> account numbers (kept as a set until the case is written)."""


def _some(rng: np.random.Generator, pool: np.ndarray, least: int, most: int) -> list[int]:
    """Between `least` and `most` of a pool, at random."""
    count = int(rng.integers(least, most + 1))
    return [int(x) for x in rng.permutation(pool)[:count]]


def separate(rng: np.random.Generator, people: People, span_s: int) -> list[int]:
    """Couples who part: one of them moves to a home of their own in the middle of the time. Gives who moved.

    Where no couple lives (student homes), somebody moves out.
    """
    couples = np.flatnonzero(people.partner > np.arange(len(people.home)))
    pool = couples if len(couples) else np.flatnonzero(people.adult)
    moved = _some(rng, pool, 2, 3)
    for person in moved:
        people.second_home[person] = len(people.home_city)
        people.home_city = np.append(people.home_city, people.home_city[people.home[person]])
        people.moved_s[person] = int(span_s * rng.uniform(0.35, 0.65))
    return moved


def _note(notes: Notes, name: str, roster: Roster, persons: list[int]) -> None:
    for person in persons:
        notes.setdefault(name, set()).update(roster.of(person))


def plant_moments(
    rng: np.random.Generator, knobs: Knobs, people: People, devices: Devices, roster: Roster, moments: Moments
) -> Notes:
    """Travel, friends' sofas, second-hand phones, harassers at their victim's device."""
    notes: Notes = {}
    everybody = np.arange(len(people.home))
    away = rng.permutation(everybody)[: max(2, round(knobs.travellers * len(everybody)))].tolist()
    for person in away:
        _travel(rng, people, moments, person)
    _note(notes, "travel", roster, away)
    guests = rng.permutation(everybody)[: max(2, round(knobs.sofa * len(everybody)))].tolist()
    _note(notes, "friends_sofa", roster, [p for p in guests if _sofa(rng, people, moments, p)])
    _note(notes, "second_hand_phone", roster, _second_hand(rng, people, devices, moments))
    notes["victim_device"] = _at_the_victims(rng, people, devices, roster, moments)
    return notes


def _travel(rng: np.random.Generator, people: People, moments: Moments, person: int) -> None:
    lo, hi = moments.first[person], moments.first[person + 1]
    t = moments.t[lo:hi]
    start = rng.integers(0, max(1, t[-1] - 7 * DAY))
    gone = (t >= start) & (t < start + rng.integers(6, 15) * DAY)
    moments.place[lo:hi][gone] = np.where(rng.random(int(gone.sum())) < 0.6, TRAVEL, MOBILE)
    moments.city[lo:hi][gone] = rng.integers(0, people.cities)
    first_phone = moments.device[lo:hi][moments.place[lo:hi] == MOBILE]
    moments.device[lo:hi][gone] = first_phone[0] if len(first_phone) else moments.device[lo]


def _sofa(rng: np.random.Generator, people: People, moments: Moments, person: int) -> bool:
    """Evenings and nights at a friend's, with the own phone; false when nobody suits."""
    edges = people.friends[(people.friends == person).any(1)]
    friends = edges[edges != person]
    friends = friends[people.home[friends] != people.home[person]]
    if not len(friends):
        return False
    friend = int(friends[rng.integers(len(friends))])
    lo, hi = moments.first[person], moments.first[person + 1]
    nights = rng.random(int(moments.t[hi - 1] // DAY) + 2) < rng.uniform(0.15, 0.4)
    late = moments.t[lo:hi] % DAY >= 18 * 3600
    there = nights[moments.t[lo:hi] // DAY] & late & (moments.place[lo:hi] == HOME)
    moments.place[lo:hi][there] = FRIEND
    moments.home[lo:hi][there] = people.home[friend]
    moments.city[lo:hi][there] = people.home_city[people.home[friend]]
    owners = np.array(devices_of(moments, lo, hi))
    moments.device[lo:hi][there] = owners[0]
    return True


def devices_of(moments: Moments, lo: int, hi: int) -> list[int]:
    """Devices used outside the home, the most used first."""
    outside = np.isin(moments.place[lo:hi], (MOBILE, CAFE, OFFICE))
    used = moments.device[lo:hi][outside] if outside.any() else moments.device[lo:hi]
    found, count = np.unique(used, return_counts=True)
    return [int(x) for x in found[np.argsort(-count, kind="stable")]]


def _second_hand(rng: np.random.Generator, people: People, devices: Devices, moments: Moments) -> list[int]:
    """Phones sold to strangers: seller and buyer use one device, one after the other."""
    sold = []
    people_order = _some(rng, np.arange(len(people.home)), 6, 10)
    for seller, buyer in zip(people_order[::2], people_order[1::2], strict=False):
        if people.home[seller] == people.home[buyer]:
            continue
        phones = [next(d for d in devices.of(p) if devices.kind[d] == PHONE) for p in (seller, buyer)]
        date = int(moments.t.max() * rng.uniform(0.3, 0.7))
        fresh = devices.add(rng, seller, int(people.home[seller]), PHONE)
        for person, old, new, since in (
            (seller, phones[0], fresh, date),
            (buyer, phones[1], phones[0], date + 4 * DAY),
        ):
            lo, hi = moments.first[person], moments.first[person + 1]
            swap = (moments.t[lo:hi] >= since) & (moments.device[lo:hi] == old)
            moments.device[lo:hi][swap] = new
        sold += [seller, buyer]
    return sold


def plant_accounts(rng: np.random.Generator, people: People, roster: Roster, span_s: int) -> Notes:
    """Takeovers, scheduled posting, harassers inside their victim's account."""
    return {
        "takeover": _takeovers(rng, people, roster, span_s),
        "scheduled_posting": _schedules(rng, roster),
        "covert_access": _covert(rng, roster, span_s),
    }


def _takeovers(rng: np.random.Generator, people: People, roster: Roster, span_s: int) -> set[int]:
    """From a date on, somebody from another home has the account, and its holder has not."""
    own = np.array([i for i, account in enumerate(roster.accounts) if account.role == "own"])
    lost = _some(rng, own, 2, 3)
    for index in lost:
        owner = roster.accounts[index].owner
        thief = int(rng.integers(len(people.home)))
        while people.home[thief] == people.home[owner]:
            thief = int(rng.integers(len(people.home)))
        date = int(span_s * rng.uniform(0.35, 0.65))
        at = next(i for i, use in enumerate(roster.usages) if use.account == index)
        rate = max(0.7, roster.usages[at].rate)
        roster.usages[at] = roster.usages[at]._replace(to_s=date, rate=rate)
        roster.usages.append(Usage(index, thief, date, rate=rate))
    return set(lost)


def _schedules(rng: np.random.Generator, roster: Roster) -> set[int]:
    """Accounts that also post from the server of a posting service, at fixed minutes."""
    busy = np.array([i for i, account in enumerate(roster.accounts) if account.role == "own" and account.platform < 2])
    chosen = _some(rng, busy, 6, 12)
    for index in chosen:
        roster.usages.append(Usage(index, roster.accounts[index].owner, rate=0.5, kind="scheduled"))
    return set(chosen)


def _harassers(rng: np.random.Generator, roster: Roster) -> list[int]:
    return [int(x) for x in rng.permutation(np.array(sorted(roster.victims)))]


def _at_the_victims(
    rng: np.random.Generator, people: People, devices: Devices, roster: Roster, moments: Moments
) -> set[int]:
    """Harassers who visit and use the victim's device for some weeks: usual and extra accounts are seen on it."""
    found: set[int] = set()
    for harasser in _harassers(rng, roster)[: 1 + len(roster.victims) // 8]:
        victim, socks = roster.victims[harasser], roster.of(harasser, "sock")
        lo, hi = moments.first[harasser], moments.first[harasser + 1]
        start = int(moments.t[hi - 1] * rng.uniform(0.1, 0.5))
        window = (moments.t[lo:hi] >= start) & (moments.t[lo:hi] < start + 30 * DAY)
        days = rng.random(int(moments.t[hi - 1] // DAY) + 2) < 0.45
        there = window & days[moments.t[lo:hi] // DAY] & (moments.t[lo:hi] % DAY >= 17 * 3600)
        if not there.any():
            there = window
        moments.place[lo:hi][there] = FRIEND
        moments.home[lo:hi][there] = people.home[victim]
        moments.city[lo:hi][there] = people.home_city[people.home[victim]]
        moments.device[lo:hi][there] = devices.of(victim)[-1]
        at = next(i for i, use in enumerate(roster.usages) if use.account == socks[0])
        use = roster.usages[at]
        roster.usages[at] = use._replace(device=-1, from_s=-FOREVER, rate=max(1.0, use.rate))
        roster.accounts[socks[0]].created_s = min(roster.accounts[socks[0]].created_s, 0)
        found.update((socks[0], *roster.of(harasser), *roster.of(victim)))
    return found


def _covert(rng: np.random.Generator, roster: Roster, span_s: int) -> set[int]:
    """A harasser reads along in the victim's account from his own devices: two operators at the same time."""
    found: set[int] = set()
    for harasser in _harassers(rng, roster)[: 1 + len(roster.victims) // 10]:
        accounts = roster.of(roster.victims[harasser])
        index = accounts[rng.integers(len(accounts))]
        start = int(span_s * rng.uniform(0.2, 0.6))
        roster.usages.append(Usage(index, harasser, start, rate=0.3))
        found.add(index)
    return found


def plant_numbers(rng: np.random.Generator, people: People, roster: Roster, facts: Facts, span_s: int) -> Notes:
    """Recycled numbers: a stranger's account gets, late, the recovery number another gave years ago."""
    has = {row[0]: i for i, row in enumerate(facts.rows) if row[1] == "recovery_phone"}
    order = [int(x) for x in rng.permutation(np.array(sorted(has)))]
    found: set[int] = set()
    wanted = 2 * int(rng.integers(2, 5))
    for old, new in zip(order[::2], order[1::2], strict=False):
        owners = roster.accounts[old].owner, roster.accounts[new].owner
        if len(found) >= wanted or people.home[owners[0]] == people.home[owners[1]]:
            continue
        date = int(span_s * rng.uniform(0.3, 0.9))
        account, kind, value, since, verified = facts.rows[has[old]]
        facts.rows[has[old]] = (account, kind, value, min(since, date - 200 * DAY), verified)
        facts.rows[has[new]] = (new, kind, value, date, True)
        found.update((old, new))
    return {"recycled_number": found}
