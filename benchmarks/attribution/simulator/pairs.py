"""Which pairs of accounts are of interest, and why: strata from the strongest reason down.

`same`: one operator. `two_operators`: one of them had two operators, and they share one. Then different people:
`copycat` (imitator and imitated), `victim_device`, `shared_device` (one home with a family device, both seen on it),
`household`, `former_household` (one moved out), `second_hand`, `recycled_number`, `victim` (harasser and harassed),
`guest` (friend and host), `relative` (homes of one family), `office` (one workplace), `namesake` (one surname, or
one name of the account without its digits), `cgnat` (homes on one public address at one time; a sample).
"""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.attribution.simulator.activity import FRIEND, HOME, Moments, Sessions
from benchmarks.attribution.simulator.network import CGNAT, DAY, Nets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.attribution.simulator.accounts import Roster
    from benchmarks.attribution.simulator.people import Devices, People

__all__ = ["STRATA", "make_pairs"]

STRATA = (
    "same", "two_operators", "copycat", "victim_device", "shared_device", "household", "former_household",
    "second_hand", "recycled_number", "victim", "guest", "relative", "office", "namesake", "cgnat",
)  # fmt: skip
_CGNAT_SAMPLE = 3000
Pairs = dict[tuple[int, int], str]


def _mark(pairs: Pairs, stratum: str, found: Iterable[tuple[int, int]]) -> None:
    """Note pairs that have no stronger reason yet."""
    for a, b in found:
        if a != b:
            pairs.setdefault((min(a, b), max(a, b)), stratum)


def _operators(roster: Roster) -> list[set[int]]:
    out: list[set[int]] = [set() for _ in roster.accounts]
    for use in roster.usages:
        out[use.account].add(use.operator)
    return out


def _same(roster: Roster, pairs: Pairs) -> None:
    by_person: dict[int, list[int]] = {}
    operators = _operators(roster)
    for index, who in enumerate(operators):
        for person in who:
            by_person.setdefault(person, []).append(index)
    for accounts in by_person.values():
        for a, b in combinations(accounts, 2):
            whole = len(operators[a]) == len(operators[b]) == 1
            _mark(pairs, "same" if whole else "two_operators", [(a, b)])


def _across(accounts: dict[int, list[int]], one: int, two: int) -> Iterable[tuple[int, int]]:
    return product(accounts.get(one, ()), accounts.get(two, ()))


def _homes(people: People, devices: Devices, sessions: Sessions, accounts: dict[int, list[int]], pairs: Pairs) -> None:
    """Pairs of people of one home, those seen on the family's device first."""
    family = {d for d, owner in enumerate(devices.owner) if owner == -1}
    seen: dict[int, set[int]] = {}
    shared = np.isin(sessions.device, sorted(family))
    for device, account in np.unique(np.stack([sessions.device, sessions.account], 1)[shared], axis=0).tolist():
        seen.setdefault(device, set()).add(account)
    for users in seen.values():
        _mark(pairs, "shared_device", combinations(sorted(users), 2))
    for home in range(int(people.home.max()) + 1):
        for one, two in combinations(people.members(home).tolist(), 2):
            parted = min(people.moved_s[one], people.moved_s[two]) < 1 << 50
            _mark(pairs, "former_household" if parted else "household", _across(accounts, one, two))


def _known(roster: Roster, accounts: dict[int, list[int]], pairs: Pairs) -> None:
    for harasser, victim in roster.victims.items():
        _mark(pairs, "victim", _across(accounts, harasser, victim))


def _guests(people: People, moments: Moments, accounts: dict[int, list[int]], pairs: Pairs) -> None:
    stays = np.stack([moments.person, moments.home], 1)[moments.place == FRIEND]
    for person, home in np.unique(stays, axis=0).tolist():
        for host in people.members(home).tolist():
            _mark(pairs, "guest", _across(accounts, person, host))


def _places(people: People, accounts: dict[int, list[int]], pairs: Pairs) -> None:
    for one, two in people.relatives.tolist():
        for a, b in product(people.members(one).tolist(), people.members(two).tolist()):
            _mark(pairs, "relative", _across(accounts, a, b))
    for office in range(len(people.office_city)):
        for a, b in combinations(np.flatnonzero(people.office == office).tolist(), 2):
            _mark(pairs, "office", _across(accounts, a, b))


def _namesakes(people: People, roster: Roster, pairs: Pairs) -> None:
    names: dict[str, list[int]] = {}
    for index, account in enumerate(roster.accounts):
        stem = "".join(c for c in account.login if c.isalpha())
        names.setdefault(stem, []).append(index)
        if account.role == "own" and people.last[account.owner] in account.login:
            names.setdefault("* " + people.last[account.owner], []).append(index)
    for name in sorted(names):
        _mark(pairs, "namesake", combinations(names[name], 2))


def _crowd(nets: Nets, sessions: Sessions, rng: np.random.Generator, pairs: Pairs) -> None:
    """Accounts on one CGNAT address within a day; a sample, since there are many."""
    base = nets.cgnat_base[nets.home_class == CGNAT]
    inside = (sessions.ip >= base.min()) & (sessions.ip < base.max() + 512) if len(base) else sessions.ip < 0
    inside &= sessions.place == HOME
    key = sessions.ip[inside] * 4096 + sessions.t[inside] // DAY
    rows = np.unique(np.stack([key, sessions.account[inside]], 1), axis=0)
    starts = np.flatnonzero(np.diff(rows[:, 0], prepend=-1))
    found: set[tuple[int, int]] = set()
    for group in rng.permutation(len(starts)).tolist():
        end = starts[group + 1] if group + 1 < len(starts) else len(rows)
        found.update(combinations(rows[starts[group] : end, 1].tolist(), 2))
        if len(found) >= _CGNAT_SAMPLE:
            break
    _mark(pairs, "cgnat", sorted(found)[:_CGNAT_SAMPLE])


def make_pairs(
    rng: np.random.Generator,
    people: People,
    devices: Devices,
    nets: Nets,
    roster: Roster,
    moments: Moments,
    sessions: Sessions,
    notes: dict[str, set[int]],
    handed_on: dict[str, list[tuple[int, int]]],
) -> Pairs:
    """Every pair of interest with its stratum."""
    pairs: Pairs = {}
    accounts = roster.of_all
    _same(roster, pairs)
    _mark(pairs, "copycat", [(i, a.target) for i, a in enumerate(roster.accounts) if a.role == "copy"])
    touched = notes["victim_device"]
    for harasser, victim in roster.victims.items():
        both = [p for p in _across(accounts, harasser, victim) if p[0] in touched and p[1] in touched]
        _mark(pairs, "victim_device", both)
    _homes(people, devices, sessions, accounts, pairs)
    for stratum in ("second_hand", "recycled_number"):
        _mark(pairs, stratum, handed_on.get(stratum, ()))
    _known(roster, accounts, pairs)
    _guests(people, moments, accounts, pairs)
    _places(people, accounts, pairs)
    _namesakes(people, roster, pairs)
    _crowd(nets, sessions, rng, pairs)
    return pairs
