"""Recovery data, payments, cookies, pictures, links: what services hold about an account beside its sessions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.attribution.simulator.platforms import PLATFORMS
from benchmarks.attribution.simulator.words import NOUNS

if TYPE_CHECKING:
    from benchmarks.attribution.simulator.accounts import Roster
    from benchmarks.attribution.simulator.activity import Sessions
    from benchmarks.attribution.simulator.people import Devices, People
    from benchmarks.attribution.simulator.profiles import Knobs

__all__ = ["Facts", "make_identifiers", "person_data"]


@dataclass(slots=True)
class Facts:
    """Rows of the table `identifiers` (true seconds), and what people have."""

    rows: list[tuple[int, str, str, int, bool]] = field(default_factory=list)
    phone: list[str] = field(default_factory=list)
    email: list[str] = field(default_factory=list)
    card: list[str] = field(default_factory=list)
    serial: list[str] = field(default_factory=list)
    parent_phone: list[int] = field(default_factory=list)  # people whose recovery phone is a parent's


def _phone(rng: np.random.Generator) -> str:
    """A number in the style of test numbers (country code 999 is unassigned)."""
    return f"+999{rng.integers(10**7, 10**8)}"


def _hex(rng: np.random.Generator, words: int) -> str:
    return "".join(f"{value:016x}" for value in rng.integers(0, 1 << 62, words).tolist())


def person_data(rng: np.random.Generator, knobs: Knobs, people: People) -> Facts:
    """Phones, addresses and cards of people; homes share some cards, couples some addresses, children a phone."""
    facts, persons = Facts(), len(people.home)
    for person in range(persons):
        facts.phone.append(_phone(rng))
        facts.email.append(f"{people.first[person]}.{people.last[person]}{rng.integers(10, 10_000)}@example.org")
        facts.card.append(f"card-{_hex(rng, 1)[:12]}")
        facts.serial.append(f"CAM{rng.integers(10**7, 10**8)}" if rng.random() < 0.25 else "")
        partner = people.partner[person]
        if 0 <= partner < person:
            facts.email[person] = facts.email[partner] if rng.random() < 0.05 else facts.email[person]
            facts.card[person] = facts.card[partner] if rng.random() < 0.35 else facts.card[person]
            facts.serial[person] = facts.serial[partner] if rng.random() < 0.5 else facts.serial[person]
    _parents(rng, knobs, people, facts)
    return facts


def _parents(rng: np.random.Generator, knobs: Knobs, people: People, facts: Facts) -> None:
    children = rng.permutation(np.flatnonzero(~people.adult))
    for child in children[: round(knobs.parent_phone * len(people.home))].tolist():
        parents = [p for p in people.members(people.home[child]).tolist() if people.adult[p]]
        if parents:
            facts.phone[child] = facts.phone[parents[0]]
            facts.parent_phone.append(child)


def _recovery(rng: np.random.Generator, knobs: Knobs, roster: Roster, facts: Facts, index: int) -> None:
    account = roster.accounts[index]
    fresh = account.role != "own" and rng.random() < knobs.fresh_recovery
    for kind in PLATFORMS[account.platform].recovery:
        if rng.random() > (0.65 if kind == "phone" else 0.75):
            continue
        value = facts.phone[account.owner] if kind == "phone" else facts.email[account.owner]
        if fresh or rng.random() < 0.12:  # a second number or address nobody else sees
            value = (
                _phone(rng)
                if kind == "phone"
                else f"{NOUNS[rng.integers(len(NOUNS))]}{rng.integers(10**6)}@example.net"
            )
        since = account.created_s + int(rng.integers(0, 86_400))
        facts.rows.append((index, f"recovery_{kind}", value, since, bool(rng.random() < 0.8)))


def _contact(rng: np.random.Generator, roster: Roster, facts: Facts, index: int) -> None:
    """What some people write on their profile: their usual address or number."""
    account = roster.accounts[index]
    if account.role != "own" or rng.random() > 0.12:
        return
    kind = "phone" if PLATFORMS[account.platform].name == "instagram" else "email"
    value = facts.phone[account.owner] if kind == "phone" else facts.email[account.owner]
    facts.rows.append((index, kind, value, account.created_s + 86_400, False))


def _pictures(
    rng: np.random.Generator, roster: Roster, facts: Facts, avatars: list[str], index: int, span_s: int
) -> None:
    """Avatars (people reuse theirs), posted pictures with a camera's serial where the service keeps it, links."""
    account = roster.accounts[index]
    start = max(0, account.created_s)

    def when() -> int:
        return int(rng.integers(min(start, span_s - 1), span_s))

    if account.role == "copy":
        facts.rows.append((index, "media_sha256", avatars[account.target], when(), False))
    elif rng.random() < 0.7:
        facts.rows.append((index, "media_sha256", avatars[index], max(0, account.created_s), False))
    if account.role == "own" and rng.random() < 0.12:
        facts.rows.append((index, "payment", facts.card[account.owner], when(), True))
    if PLATFORMS[account.platform].genre in ("mail", "forum") and facts.serial[account.owner] and rng.random() < 0.35:
        facts.rows.append((index, "exif_serial", facts.serial[account.owner], when(), False))
    for _ in range(int(rng.poisson(0.5))):
        facts.rows.append((index, "url", _link(rng, account.owner), when(), False))


def _link(rng: np.random.Generator, owner: int) -> str:
    """Mostly pages many know; some only few do: a person comes back to the same ones."""
    if rng.random() < 0.75:
        return f"https://news.example.com/{int(80 * rng.random() ** 2)}"
    return f"https://pages.example.net/{owner * 7919 % 100_003}/{rng.integers(3)}"


def _avatars(rng: np.random.Generator, roster: Roster) -> list[str]:
    """One picture per account; four in ten own accounts use their owner's usual one, a few a stock picture."""
    usual: dict[int, str] = {}
    stock = [_hex(rng, 4) for _ in range(6)]
    out = []
    for account in roster.accounts:
        fresh = _hex(rng, 4)
        usual.setdefault(account.owner, fresh)
        draw = rng.random()
        if account.role == "own" and draw < 0.4:
            out.append(usual[account.owner])
        else:
            out.append(stock[rng.integers(len(stock))] if draw > 0.93 else fresh)
    return out


def _cookies(rng: np.random.Generator, roster: Roster, devices: Devices, sessions: Sessions, facts: Facts) -> None:
    """Cookies of a device's browser, advertising identifiers of phones, identifiers of mail programs: per device."""
    seen = np.stack([sessions.account, sessions.device], 1)[sessions.device >= 0]
    pairs, first = np.unique(seen, axis=0, return_index=True)
    times = sessions.t[sessions.device >= 0][first].tolist()
    for (account, device), t in zip(pairs.tolist(), times, strict=True):
        platform = PLATFORMS[roster.accounts[account].platform]
        tail = devices.ident[device]
        if platform.name == "tidewater" and rng.random() < 0.3:
            facts.rows.append((account, "cookie", f"tw-{tail[:16]}", t, False))
        if platform.name == "instagram" and devices.kind[device] != 1 and rng.random() < 0.25:
            facts.rows.append((account, "ad_id", f"ad-{tail[8:24]}", t, False))
        if platform.genre == "mail" and rng.random() < 0.5:
            facts.rows.append((account, "mailer_id", f"boundary-{tail[16:28]}", t, False))


def make_identifiers(
    rng: np.random.Generator,
    knobs: Knobs,
    roster: Roster,
    devices: Devices,
    sessions: Sessions,
    facts: Facts,
    span_s: int,
) -> None:
    """Fill `facts.rows`."""
    avatars = _avatars(rng, roster)
    for index in range(len(roster.accounts)):
        _recovery(rng, knobs, roster, facts, index)
        _contact(rng, roster, facts, index)
        _pictures(rng, roster, facts, avatars, index, span_s)
    _cookies(rng, roster, devices, sessions, facts)
