"""From the true world to the tables services hand out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.attribution.simulator.activity import SERVER, Sessions
from benchmarks.attribution.simulator.case import Case, table
from benchmarks.attribution.simulator.labels import make_networks
from benchmarks.attribution.simulator.network import DAY, Nets, address_text
from benchmarks.attribution.simulator.platforms import PLATFORMS

if TYPE_CHECKING:
    import pyarrow as pa

    from benchmarks.attribution.simulator.accounts import Roster
    from benchmarks.attribution.simulator.faults import Faults
    from benchmarks.attribution.simulator.identity import Facts
    from benchmarks.attribution.simulator.people import Devices, People
    from benchmarks.attribution.simulator.profiles import Knobs
    from benchmarks.attribution.simulator.texts import Message, Relation

__all__ = ["World", "handed_on", "write_tables"]

_US = 1_000_000
Part = Callable[[str], np.random.Generator]


@dataclass(slots=True)
class World:
    """The true world."""

    seed: int
    profile: str
    knobs: Knobs
    start_day: int
    span_s: int
    people: People
    devices: Devices
    nets: Nets
    roster: Roster
    sessions: Sessions
    facts: Facts
    faults: Faults
    notes: dict[str, set[int]]

    def true_us(self, t: int) -> int:
        """True microseconds of a second of the case."""
        return (self.start_day * DAY + t) * _US

    def reported_us(self, account: int, t: int) -> int:
        """What the account's service says."""
        shift = self.faults.skew[self.roster.accounts[account].platform] + self.faults.zone_error[account]
        return self.true_us(t + int(shift))

    def key(self, account: int) -> str:
        """Key of an account."""
        found = self.roster.accounts[account]
        return f"{PLATFORMS[found.platform].name}:{found.native}"

    def exhibit(self, account: int, kind: str) -> str:
        """File a row of an account stands in; the export with the wrong zone is one of its own."""
        name = PLATFORMS[self.roster.accounts[account].platform].name
        return f"{name}-{kind}{'-second' if account in self.faults.zone_accounts else ''}.csv"


def handed_on(
    roster: Roster, sessions: Sessions, facts: Facts, notes: dict[str, set[int]]
) -> dict[str, list[tuple[int, int]]]:
    """Pairs of accounts that had one phone, or one number, one after the other."""
    out: dict[str, list[tuple[int, int]]] = {"second_hand": [], "recycled_number": []}
    sold = notes["second_hand_phone"]
    rows = np.unique(np.stack([sessions.device, sessions.account], 1), axis=0).tolist()
    by_device: dict[int, list[int]] = {}
    for device, account in rows:
        if device >= 0 and account in sold:
            by_device.setdefault(device, []).append(account)
    by_number: dict[str, list[int]] = {}
    for account, kind, value, _, _ in facts.rows:
        if kind == "recovery_phone" and account in notes["recycled_number"]:
            by_number.setdefault(value, []).append(account)
    for name, groups in (("second_hand", by_device.values()), ("recycled_number", by_number.values())):
        for group in groups:
            out[name] += [
                p for p in combinations(group, 2) if roster.accounts[p[0]].owner != roster.accounts[p[1]].owner
            ]
    return out


def write_tables(
    world: World, part: Part, relations: list[Relation], messages: list[Message], pairs: dict[tuple[int, int], str]
) -> Case:
    """The case, rows in an order that tells nothing (time, then account)."""
    keys = [world.key(i) for i in range(len(world.roster.accounts))]
    sessions, numbers = _sessions(world, part("session fields"), keys)
    return Case(
        seed=world.seed,
        profile=world.profile,
        accounts=_accounts(world, keys),
        sessions=sessions,
        identifiers=_identifiers(world, keys),
        messages=_messages(world, keys, messages),
        relations=table(
            "relations",
            {
                "account": [keys[r.account] for r in relations],
                "kind": [r.kind for r in relations],
                "other": [keys[r.other] for r in relations],
                "t_us": [world.reported_us(r.account, r.t) for r in relations],
            },
        ),
        provider_links=_links(world, part("provider links"), keys),
        networks=make_networks(part("labels"), world.knobs, world.people, world.nets, numbers),
        truth=_truth(world, keys),
        pairs=_pairs(keys, pairs),
        notes=_notes(world, keys),
    )


def _accounts(world: World, keys: list[str]) -> pa.Table:
    found = world.roster.accounts
    return table(
        "accounts",
        {
            "account": keys,
            "platform": [PLATFORMS[a.platform].name for a in found],
            "native_id": [a.native for a in found],
            "login": [a.login for a in found],
            "display_name": [a.display for a in found],
            "created_us": [world.true_us(a.created_s) for a in found],
        },
    )


def _agents(world: World, sessions: Sessions) -> list[str | None]:
    """User agents: model and a program version that grows by one every four weeks."""
    cache: dict[tuple[int, int, int], str] = {}
    out: list[str | None] = []
    accounts = world.roster.accounts
    for account, device, t in zip(
        sessions.account.tolist(), sessions.device.tolist(), sessions.t.tolist(), strict=True
    ):
        platform = accounts[account].platform
        if not PLATFORMS[platform].user_agent:
            out.append(None)
            continue
        if device < 0:
            out.append("PostPlanner/2.4 (+https://planner.example.com)")
            continue
        key = (platform, device, t // (28 * DAY))
        if key not in cache:
            cache[key] = _agent(world.devices, *key)
        out.append(cache[key])
    return out


def _agent(devices: Devices, platform: int, device: int, month: int) -> str:
    model, version = devices.model[device], devices.version[device] + month
    if platform == 0 and devices.kind[device] != 1:
        return f"Instagram {version}.0.0.{version % 7} ({model})"
    return f"Mozilla/5.0 ({model}) Gecko/20100101 Firefox/{version - 165}.0"


def _sessions(world: World, rng: np.random.Generator, keys: list[str]) -> tuple[pa.Table, np.ndarray]:
    kept = world.faults.kept
    sessions = Sessions(*(getattr(world.sessions, name)[kept] for name in Sessions.__slots__))
    count, accounts = len(sessions.t), world.roster.accounts
    platform = np.array([a.platform for a in accounts])[sessions.account]
    shift = world.faults.skew[platform] + world.faults.zone_error[sessions.account]
    t_us = (world.start_day * DAY + sessions.t + shift) * _US
    numbers, where = np.unique(sessions.ip, return_inverse=True)
    texts = [address_text(number, world.nets.salt) for number in numbers.tolist()]
    keeps_id = rng.random(count) < 0.85
    ports, draw = rng.integers(1024, 65_536, count).tolist(), rng.random(count)
    idents = [
        _ident(world.devices, p, d) if keep else None
        for p, d, keep in zip(platform.tolist(), sessions.device.tolist(), keeps_id.tolist(), strict=True)
    ]
    kinds = np.where(
        sessions.place == SERVER, "scheduled", np.where(draw < 0.35, "login", np.where(draw < 0.8, "session", "post"))
    )
    columns = {
        "account": [keys[i] for i in sessions.account.tolist()],
        "t_us": t_us.tolist(),
        "uncertainty_us": (world.faults.uncertainty[sessions.account] * _US).tolist(),
        "ip": [texts[i] for i in where.tolist()],
        "port": [port if PLATFORMS[p].port else None for port, p in zip(ports, platform.tolist(), strict=True)],
        "device_id": idents,
        "user_agent": _agents(world, sessions),
        "kind": kinds.tolist(),
        "exhibit": [world.exhibit(i, "sessions") for i in sessions.account.tolist()],
    }
    return table("sessions", columns).sort_by([("t_us", "ascending"), ("account", "ascending")]), numbers


def _ident(devices: Devices, platform: int, device: int) -> str | None:
    """The device's identifier as this service sees it."""
    way = PLATFORMS[platform].device
    if way == "none" or device < 0:
        return None
    ident = devices.ident[device]
    return ident[:16] if way == "hardware" else f"{PLATFORMS[platform].name}-{ident[3:19][::-1]}"


def _identifiers(world: World, keys: list[str]) -> pa.Table:
    rows = sorted(set(world.facts.rows))
    return table(
        "identifiers",
        {
            "account": [keys[r[0]] for r in rows],
            "kind": [r[1] for r in rows],
            "value": [r[2] for r in rows],
            "t_us": [world.reported_us(r[0], r[3]) for r in rows],
            "verified": [r[4] for r in rows],
            "exhibit": [world.exhibit(r[0], "identifiers") for r in rows],
        },
    )


def _messages(world: World, keys: list[str], messages: list[Message]) -> pa.Table:
    def thread(message: Message) -> str:
        if message.to < 0:
            return f"posts of {keys[message.account]}"
        return " ".join(sorted((keys[message.account], keys[message.to])))

    return table(
        "messages",
        {
            "account": [keys[m.account] for m in messages],
            "to_account": [keys[m.to] if m.to >= 0 else None for m in messages],
            "thread": [thread(m) for m in messages],
            "t_us": [world.reported_us(m.account, m.t) for m in messages],
            "text": [m.text for m in messages],
            "exhibit": [world.exhibit(m.account, "messages") for m in messages],
        },
    )


def _links(world: World, rng: np.random.Generator, keys: list[str]) -> pa.Table:
    """Accounts a provider links: by what they share inside the service; cookies of family devices mislead."""
    groups: dict[tuple[str, str, int], set[int]] = {}
    for account, kind, value, _, _ in world.facts.rows:
        if kind in ("cookie", "recovery_phone", "recovery_email", "payment", "mailer_id"):
            basis = "cookie" if kind == "mailer_id" else kind
            groups.setdefault((basis, value, world.roster.accounts[account].platform), set()).add(account)
    rows = []
    for (basis, _, _), members in sorted(groups.items()):
        for a, b in combinations(sorted(members), 2):
            if rng.random() < 0.6:
                rows.append((keys[a], keys[b], basis, world.exhibit(a, "links")))
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    return table("provider_links", dict(zip(("account", "other", "basis", "exhibit"), columns, strict=True)))


def _truth(world: World, keys: list[str]) -> pa.Table:
    low, high = world.true_us(-100 * 365 * DAY), world.true_us(100 * 365 * DAY)
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for use in world.roster.usages:
        start = low if use.from_s < -50 * 365 * DAY else world.true_us(use.from_s)
        end = high if use.to_s > 50 * 365 * DAY else world.true_us(use.to_s)
        was = spans.get((use.account, use.operator), (start, end))
        spans[use.account, use.operator] = (min(start, was[0]), max(end, was[1]))
    rows = sorted((keys[a], f"P{p:04}", *span) for (a, p), span in spans.items())
    return table("truth", dict(zip(("account", "operator", "from_us", "to_us"), zip(*rows, strict=True), strict=True)))


def _pairs(keys: list[str], pairs: dict[tuple[int, int], str]) -> pa.Table:
    rows = sorted((*sorted((keys[a], keys[b])), stratum) for (a, b), stratum in pairs.items())
    return table("pairs", dict(zip(("account_a", "account_b", "stratum"), zip(*rows, strict=True), strict=True)))


def _notes(world: World, keys: list[str]) -> dict[str, tuple[str, ...]]:
    notes = dict(world.notes)
    skewed = world.faults.skewed_platform
    notes["clock_skew"] = {i for i, a in enumerate(world.roster.accounts) if a.platform == skewed}
    declared = bool(world.faults.uncertainty.any())
    notes["zone_error_declared" if declared else "zone_error_undeclared"] = world.faults.zone_accounts
    notes["zone_error"] = world.faults.zone_accounts
    notes["truncated_export"] = world.faults.cut_accounts
    return {name: tuple(sorted(keys[i] for i in notes[name])) for name in sorted(notes)}
