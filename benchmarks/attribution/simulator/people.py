"""Who lives in the world: people in households, towns, workplaces, friends, and their devices."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from benchmarks.attribution.simulator.profiles import HOUSEHOLDS, STUDENT_HOMES, Knobs
from benchmarks.attribution.simulator.words import FIRST_NAMES, PHONES, SURNAMES, TABLETS, TERMINALS

__all__ = ["LAPTOP", "PHONE", "TABLET", "Devices", "People", "make_devices", "make_people", "pick"]

PHONE, LAPTOP, TABLET = 0, 1, 2
_WORKERS = 14  # people of the case in one office
_MODELS = {PHONE: PHONES, LAPTOP: TERMINALS, TABLET: TABLETS}


@dataclass(slots=True)
class People:
    """One entry per person (or per home, where said)."""

    home: np.ndarray
    adult: np.ndarray
    partner: np.ndarray  # person, or -1
    first: list[str]
    last: list[str]
    birth: np.ndarray  # year
    carrier: np.ndarray  # 0..2
    office: np.ndarray  # office number, or -1
    home_city: np.ndarray  # per home
    office_city: np.ndarray  # per office
    friends: np.ndarray  # shape (n, 2): pairs of people
    relatives: np.ndarray  # shape (n, 2): pairs of homes of one family
    cities: int
    second_home: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # after moved_s
    moved_s: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))

    def members(self, home: int) -> np.ndarray:
        """The people who live in a home at the start."""
        return np.flatnonzero(self.home == home)

    def city(self) -> np.ndarray:
        """City of each person at the start."""
        return self.home_city[self.home]


@dataclass(slots=True)
class Devices:
    """One entry per device; lists grow when scenarios add devices."""

    owner: list[int]  # person, or -1 for a family device
    home: list[int]
    kind: list[int]
    model: list[str]
    ident: list[str]
    version: list[int]  # program version at the start

    def add(self, rng: np.random.Generator, owner: int, home: int, kind: int) -> int:
        """Add a device and give its number."""
        models = _MODELS[kind]
        self.owner.append(owner)
        self.home.append(home)
        self.kind.append(kind)
        self.model.append(models[pick(rng, len(models), 1.1)])
        self.ident.append(f"{rng.integers(1 << 62):016x}{rng.integers(1 << 62):016x}")
        self.version.append(int(rng.integers(300, 306)))
        return len(self.owner) - 1

    def of(self, person: int) -> list[int]:
        """The person's own devices."""
        return [i for i, owner in enumerate(self.owner) if owner == person]


def pick(rng: np.random.Generator, n: int, slope: float = 1.0) -> int:
    """One of n things whose popularity falls with rank (Zipf)."""
    weights = np.arange(1, n + 1, dtype=float) ** -slope
    return int(np.searchsorted(np.cumsum(weights / weights.sum()), rng.random()).clip(0, n - 1))


def _sizes(rng: np.random.Generator, persons: int, knobs: Knobs) -> list[int]:
    shares = STUDENT_HOMES if knobs.students else HOUSEHOLDS
    ladder = np.cumsum([share for _, share in shares])
    sizes: list[int] = []
    while sum(sizes) < persons:
        at = int(np.searchsorted(ladder, rng.random()).clip(0, len(shares) - 1))
        sizes.append(min(shares[at][0], persons - sum(sizes)))
    return sizes


def _household(rng: np.random.Generator, size: int, students: float) -> tuple[int, bool, list[str]]:
    """Adults, whether the first two are a couple, and surnames."""
    name = SURNAMES[pick(rng, len(SURNAMES), 0.8)]
    if students:
        return size, False, [SURNAMES[pick(rng, len(SURNAMES), 0.8)] for _ in range(size)]
    couple = size > 1 and rng.random() < (0.85 if size == 2 else 0.75)
    names = [name] * size
    if couple and rng.random() < 0.3:
        names[1] = SURNAMES[pick(rng, len(SURNAMES), 0.8)]
    return (2 if couple else 1), couple, names


def _friends(rng: np.random.Generator, city: np.ndarray) -> np.ndarray:
    """Friendships: mostly inside a town; about four for each person."""
    n = len(city)
    a = np.repeat(np.arange(n), 2)
    b = rng.integers(0, n, len(a))
    order = np.argsort(city, kind="stable")
    rank = np.empty(n, np.int64)
    rank[order] = np.arange(n)
    near = order[(rank[a] + rng.integers(1, 60, len(a))) % n]
    b = np.where((rng.random(len(a)) < 0.8) & (city[near] == city[a]), near, b)
    return np.unique(np.sort(np.stack([a, b], 1)[a != b], 1), axis=0)


def make_people(rng: np.random.Generator, knobs: Knobs, persons: int) -> People:
    """Everybody, with home, town, work and friends."""
    sizes = _sizes(rng, persons, knobs)
    home = np.repeat(np.arange(len(sizes)), sizes)
    adult, partner = np.zeros(persons, bool), np.full(persons, -1)
    last: list[str] = []
    for start, size in zip(np.cumsum([0, *sizes[:-1]]).tolist(), sizes, strict=True):
        adults, couple, names = _household(rng, size, knobs.students)
        adult[start : start + adults] = True
        if couple:
            partner[[start, start + 1]] = start + 1, start
        last.extend(names)
    cities = max(1, int(knobs.cities))
    home_city = np.minimum((rng.random(len(sizes)) ** 1.4 * cities).astype(np.int64), cities - 1)
    city = home_city[home]
    office, office_city = _offices(rng, adult, city, cities)
    carrier = np.where(rng.random(persons) < 0.5, home % 3, rng.integers(0, 3, persons))
    people = People(
        home=home,
        adult=adult,
        partner=partner,
        first=[FIRST_NAMES[pick(rng, len(FIRST_NAMES), 0.7)] for _ in range(persons)],
        last=last,
        birth=np.where(adult, rng.integers(1955, 2004, persons), rng.integers(2004, 2014, persons)),
        carrier=carrier,
        office=office,
        home_city=home_city,
        office_city=office_city,
        friends=_friends(rng, city),
        relatives=_families(rng, last, home, len(sizes)),
        cities=cities,
        second_home=home.copy(),
        moved_s=np.full(persons, 1 << 60),
    )
    _name_relatives(people)
    return people


def _families(rng: np.random.Generator, last: list[str], home: np.ndarray, homes: int) -> np.ndarray:
    """Pairs of homes of one family: about one home in six has one."""
    count = max(1, homes // 12)
    chosen = rng.permutation(homes)[: 2 * count]
    return chosen[: len(chosen) // 2 * 2].reshape(-1, 2) if len(last) == len(home) else chosen[:0].reshape(0, 2)


def _name_relatives(people: People) -> None:
    """The first person of the second home carries the family's surname, and so do children."""
    for one, two in people.relatives.tolist():
        heads = people.members(one), people.members(two)
        if not len(heads[0]) or not len(heads[1]):
            continue
        name, old = people.last[heads[0][0]], people.last[heads[1][0]]
        for person in heads[1].tolist():
            if people.last[person] == old:
                people.last[person] = name


def _offices(
    rng: np.random.Generator, adult: np.ndarray, city: np.ndarray, cities: int
) -> tuple[np.ndarray, np.ndarray]:
    """Workplaces of adults (60 %) and schools of the young (90 %): one network each."""
    places: list[int] = []
    office = np.full(len(city), -1)
    for town in range(cities):
        for grown, share, size in ((True, 0.6, _WORKERS), (False, 0.9, 3 * _WORKERS)):
            goes = np.flatnonzero((city == town) & (adult == grown) & (rng.random(len(city)) < share))
            count = -(-len(goes) // size)
            if count:
                office[goes] = len(places) + rng.integers(0, count, len(goes))
                places += [town] * count
    return office, np.array(places, np.int64)


def make_devices(rng: np.random.Generator, knobs: Knobs, people: People) -> Devices:
    """One to three devices each, and family devices at home."""
    devices = Devices([], [], [], [], [], [])
    for person, home in enumerate(people.home.tolist()):
        devices.add(rng, person, home, PHONE)
        if rng.random() < 0.6:
            devices.add(rng, person, home, LAPTOP)
        if rng.random() < 0.2:
            devices.add(rng, person, home, TABLET)
    for home in range(len(people.home_city)):
        share = max(knobs.one_tablet, knobs.family_device)
        if len(people.members(home)) > 1 and rng.random() < share:
            devices.add(rng, -1, home, TABLET if rng.random() < 0.7 else LAPTOP)
    return devices
