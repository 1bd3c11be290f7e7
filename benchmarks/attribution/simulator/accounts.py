"""Accounts, their names, who uses them, and the extra accounts of harassers and copycats."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.attribution.simulator.people import PHONE, Devices, People, pick
from benchmarks.attribution.simulator.platforms import PLATFORMS
from benchmarks.attribution.simulator.words import ADJECTIVES, NOUNS

if TYPE_CHECKING:
    from benchmarks.attribution.simulator.profiles import Knobs

__all__ = ["FOREVER", "Account", "Roster", "Usage", "make_accounts"]

FOREVER = 1 << 60
_YEAR = 31_557_600
_COUNTS = (0.30, 0.40, 0.20, 0.10)  # people with one, two, three, four accounts


class Usage(NamedTuple):
    """Somebody uses an account for some time (true seconds since the start of the case)."""

    account: int
    operator: int
    from_s: int = -FOREVER
    to_s: int = FOREVER
    rate: float = 1.0  # share of the mean number of sessions
    vpn: float = 0.0  # share of sessions through a VPN
    tor: float = 0.0
    device: int = -1  # always this device; -1 = whichever is at hand
    kind: str = ""


@dataclass(slots=True)
class Account:
    """One account of the world."""

    platform: int
    owner: int
    login: str
    display: str | None
    native: str
    created_s: int
    role: str = "own"  # own, sock, copy
    target: int = -1  # copy: the imitated account; sock: the person harassed


@dataclass(slots=True)
class Roster:
    """Everything about accounts that later parts need."""

    accounts: list[Account] = field(default_factory=list)
    usages: list[Usage] = field(default_factory=list)
    victims: dict[int, int] = field(default_factory=dict)  # harasser -> victim
    burners: dict[int, int] = field(default_factory=dict)  # harasser -> device
    taken: set[tuple[int, str]] = field(default_factory=set)
    natives: set[str] = field(default_factory=set)

    @property
    def of_all(self) -> dict[int, list[int]]:
        """Accounts by owner."""
        out: dict[int, list[int]] = {}
        for index, account in enumerate(self.accounts):
            out.setdefault(account.owner, []).append(index)
        return out

    def of(self, person: int, role: str = "own") -> list[int]:
        """Accounts a person owns in a role."""
        return [i for i, account in enumerate(self.accounts) if account.owner == person and account.role == role]

    def free_login(self, rng: np.random.Generator, platform: int, wanted: str) -> str:
        """The wanted name, with digits when it is taken."""
        name = wanted
        while (platform, name) in self.taken:
            name = f"{wanted}{rng.integers(1, 1000)}"
        self.taken.add((platform, name))
        return name

    def add(self, rng: np.random.Generator, account: Account) -> int:
        """Register an account under a free name and number."""
        account.login = self.free_login(rng, account.platform, account.login)
        while account.native in self.natives:
            account.native = str(rng.integers(10**8, 10**10))
        self.natives.add(account.native)
        self.accounts.append(account)
        return len(self.accounts) - 1


def _nick(rng: np.random.Generator) -> str:
    return ADJECTIVES[rng.integers(len(ADJECTIVES))] + NOUNS[pick(rng, len(NOUNS), 0.5)]


def _stems(rng: np.random.Generator, people: People) -> list[str]:
    """What each person builds user names from: the name (surname last), a nickname, or both with a year."""
    stems = []
    for first, last, birth in zip(people.first, people.last, people.birth.tolist(), strict=True):
        forms = (
            f"{first}.{last}",
            f"{first}_{last}",
            f"{first}{last}",
            f"{first}{birth % 100:02}",
            f"{first[0]}{last}",
        )
        stems.append(forms[rng.integers(len(forms))] if rng.random() < 0.55 else _nick(rng))
    return stems


def _decorated(rng: np.random.Generator, stem: str) -> str:
    """A stem as people bend it from service to service."""
    way = rng.random()
    if way < 0.35:
        return stem
    if way < 0.6:
        return f"{stem}{rng.integers(1, 100)}"
    if way < 0.75:
        return f"{stem}_"
    return stem.replace(".", "_") if way < 0.9 else f"x{stem}x"


def _login(rng: np.random.Generator, knobs: Knobs, people: People, person: int, stem: str) -> str:
    if rng.random() < knobs.reuse_stem:
        return _decorated(rng, stem)
    if rng.random() < 0.4:
        return _decorated(rng, f"{people.first[person]}{people.last[person]}")
    return _decorated(rng, _nick(rng))


def _display(rng: np.random.Generator, people: People, person: int) -> str | None:
    way = rng.random()
    if way < 0.25:
        return None
    first = people.first[person].capitalize()
    return f"{first} {people.last[person].capitalize()}" if way < 0.65 else first


def _platform_weights(count: int) -> np.ndarray:
    weights = np.array([0.40, 0.25, 0.25, 0.20][:count])
    return weights / weights.sum()


def _own(rng: np.random.Generator, knobs: Knobs, people: People, roster: Roster, platforms: int) -> None:
    """The ordinary accounts: mostly one per service."""
    stems, ladder, weights = _stems(rng, people), np.cumsum(_COUNTS), _platform_weights(platforms)
    for person, stem in enumerate(stems):
        count = 1 + int(np.searchsorted(ladder, rng.random()).clip(0, 3))
        chosen: list[int] = []
        for _ in range(count):
            platform = int(rng.choice(platforms, p=weights))
            if platform in chosen and rng.random() < 0.8:
                left = [p for p in range(platforms) if p not in chosen]
                platform = left[rng.integers(len(left))] if left else platform
            chosen.append(platform)
        vpn = 0.6 * (0.5 + 0.5 * rng.random()) if rng.random() < knobs.vpn else 0.0
        for platform in chosen:
            age = int(rng.random() ** 2 * 8 * _YEAR) + 86_400 * 5
            name = _login(rng, knobs, people, person, stem)
            account = Account(platform, person, name, _display(rng, people, person), "0", -age)
            account.native = str(rng.integers(10**8, 10**10))
            index = roster.add(rng, account)
            roster.usages.append(Usage(index, person, rate=float(rng.lognormal(-0.32, 0.8)), vpn=vpn))


def _victim(rng: np.random.Generator, people: People, harasser: int) -> int:
    """A friend, a colleague or anybody; now and then a former partner at another home."""
    edges = people.friends[(people.friends == harasser).any(1)]
    friends = edges[edges != harasser]
    office = people.office[harasser]
    colleagues = np.flatnonzero((people.office == office) & (office >= 0))
    pool = friends if rng.random() < 0.45 else colleagues
    pool = pool[(people.home[pool] != people.home[harasser]) & people.adult[pool]] if len(pool) else pool
    if not len(pool):
        pool = np.flatnonzero((people.home != people.home[harasser]) & people.adult)
    return int(pool[rng.integers(len(pool))])


def _socks(
    rng: np.random.Generator, knobs: Knobs, people: People, devices: Devices, roster: Roster, span_s: int
) -> None:
    """Extra accounts of harassers: unrelated names, young, aimed at one person."""
    adults = rng.permutation(np.flatnonzero(people.adult))
    for harasser in adults[: max(2, round(knobs.harassers * len(people.home)))].tolist():
        victim = _victim(rng, people, harasser)
        roster.victims[harasser] = victim
        if rng.random() < knobs.burner:
            roster.burners[harasser] = devices.add(rng, -2, people.home[harasser], PHONE)
        hidden = rng.random()
        vpn = 0.75 if hidden < knobs.vpn_harasser else 0.0
        tor = 0.8 if hidden > 1 - knobs.tor_harasser else 0.0
        places = [roster.accounts[i].platform for i in roster.of(victim)]
        for _ in range(int(rng.integers(2, max(3, int(np.ceil(knobs.socks)) + 1)))):
            platform = places[rng.integers(len(places))]
            created = int((rng.random() * 1.1 - 0.3) * span_s)
            account = Account(
                platform, harasser, _nick(rng) + str(rng.integers(1, 999)), None, "1", created, "sock", victim
            )
            account.native = str(rng.integers(10**8, 10**10))
            index = roster.add(rng, account)
            device = roster.burners.get(harasser, -1) if rng.random() < 0.8 else -1
            rate = float(rng.lognormal(-0.7, 0.6))
            roster.usages.append(Usage(index, harasser, created, rate=rate, vpn=vpn, tor=tor, device=device))


def _imitated(rng: np.random.Generator, login: str) -> str:
    """A name that looks like another's at a glance."""
    swaps = (("o", "0"), ("l", "1"), ("i", "l"), ("e", "3"), ("m", "rn"))
    usable = [(old, new) for old, new in swaps if old in login]
    way = rng.integers(4)
    if way == 0 and usable:
        old, new = usable[rng.integers(len(usable))]
        return login.replace(old, new, 1)
    return (f"{login}_", f"{login}.real", f"the{login}", f"{login}{rng.integers(1, 10)}")[way]


def _copies(rng: np.random.Generator, knobs: Knobs, people: People, roster: Roster, span_s: int) -> None:
    """Accounts that pass as somebody else's; their makers live elsewhere."""
    makers = rng.permutation(len(people.home))[: max(2, round(knobs.copycats * len(people.home)))]
    originals = [i for i, account in enumerate(roster.accounts) if account.role == "own"]
    for maker in makers.tolist():
        target = originals[rng.integers(len(originals))]
        while people.home[roster.accounts[target].owner] == people.home[maker]:
            target = originals[rng.integers(len(originals))]
        model, created = roster.accounts[target], int((rng.random() * 0.9 - 0.4) * span_s)
        account = Account(
            model.platform, maker, _imitated(rng, model.login), model.display, "2", created, "copy", target
        )
        account.native = str(rng.integers(10**8, 10**10))
        index = roster.add(rng, account)
        roster.usages.append(Usage(index, maker, created, rate=float(rng.lognormal(-0.5, 0.5))))


def make_accounts(rng: np.random.Generator, knobs: Knobs, people: People, devices: Devices, span_s: int) -> Roster:
    """All accounts and their uses."""
    roster = Roster()
    _own(rng, knobs, people, roster, min(int(knobs.platforms), len(PLATFORMS)))
    _socks(rng, knobs, people, devices, roster, span_s)
    _copies(rng, knobs, people, roster, span_s)
    return roster
