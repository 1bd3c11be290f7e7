"""Make one simulated case: people, networks, accounts, moments, sessions, texts, faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.attribution.simulator.accounts import make_accounts
from benchmarks.attribution.simulator.activity import make_moments, make_sessions
from benchmarks.attribution.simulator.faults import draw_faults
from benchmarks.attribution.simulator.identity import make_identifiers, person_data
from benchmarks.attribution.simulator.network import DAY, make_nets
from benchmarks.attribution.simulator.pairs import make_pairs
from benchmarks.attribution.simulator.people import make_devices, make_people
from benchmarks.attribution.simulator.planted import plant_accounts, plant_moments, plant_numbers, separate
from benchmarks.attribution.simulator.profiles import draw_knobs, stream
from benchmarks.attribution.simulator.texts import make_messages, make_relations
from benchmarks.attribution.simulator.writing import World, handed_on, write_tables

if TYPE_CHECKING:
    import numpy as np

    from benchmarks.attribution.simulator.case import Case

__all__ = ["simulate"]

_EPOCH_DAY = 20_362  # 2025-10-01, days since 1970-01-01


def simulate(seed: int, profile: str = "base", persons: int = 500) -> Case:
    """A case of about two accounts per person.

    Args:
        seed: the same seed, profile and number give the same tables on every machine.
        profile: a key of `profiles.PROFILES`.
        persons: how many people; at least 60, below which scenarios have no room.

    Raises:
        KeyError: no such profile.
        ValueError: fewer than 60 persons.
    """
    if persons < 60:
        raise ValueError(f"{persons} persons are too few for the planted scenarios; at least 60")
    knobs = draw_knobs(seed, profile)

    def part(name: str) -> np.random.Generator:
        return stream(seed, profile, name)

    start_day = _EPOCH_DAY + int(part("start").integers(0, 150))
    span_s = int(knobs.days) * DAY
    people = make_people(part("people"), knobs, persons)
    moved = separate(part("separate"), people, span_s)
    devices = make_devices(part("devices"), knobs, people)
    nets = make_nets(part("networks"), knobs, people.home_city, span_s)
    roster = make_accounts(part("accounts"), knobs, people, devices, span_s)
    notes = plant_accounts(part("planted accounts"), people, roster, span_s)
    moments = make_moments(part("moments"), knobs, people, devices, (start_day + 3) % 7)
    notes |= plant_moments(part("planted moments"), knobs, people, devices, roster, moments)
    sessions = make_sessions(part("sessions"), knobs, people, nets, roster, moments)
    facts = person_data(part("persons' data"), knobs, people)
    make_identifiers(part("identifiers"), knobs, roster, devices, sessions, facts, span_s)
    notes |= plant_numbers(part("planted numbers"), people, roster, facts, span_s)
    relations = make_relations(part("relations"), people, roster, span_s)
    messages = make_messages(part("messages"), knobs, roster, relations, span_s)
    faults = draw_faults(part("faults"), roster, sessions, span_s)
    for name, who in (("separated", moved), ("parents_phone", facts.parent_phone)):
        notes[name] = {index for person in who for index in roster.of(person)}
    notes["copycat"] = {i for i, a in enumerate(roster.accounts) if a.role == "copy"}
    notes["sock"] = {i for i, a in enumerate(roster.accounts) if a.role == "sock"}
    pairs = make_pairs(
        part("pairs"),
        people,
        devices,
        nets,
        roster,
        moments,
        sessions,
        notes,
        handed_on(roster, sessions, facts, notes),
    )
    world = World(
        seed, profile, knobs, start_day, span_s, people, devices, nets, roster, sessions, facts, faults, notes
    )
    return write_tables(world, part, relations, messages, pairs)
