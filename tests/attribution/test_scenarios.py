"""What the model says of small worlds with bad input, against what was written down before any model was tried."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from benchmarks.attribution.adapter import world_of
from benchmarks.attribution.simulator.scenarios import Expectation, Scenario, make_scenarios
from pipeline.case import Alternatives
from pipeline.link.linking import Linked, weigh
from pipeline.link.weights import load_weights


@cache
def scenarios() -> dict[str, Scenario]:
    return {s.name: s for s in make_scenarios()}


def told(name: str, expected: Expectation) -> tuple[Linked, int, int]:
    world = world_of(scenarios()[name].case)
    a, b = sorted((world.number(expected.one), world.number(expected.two)))
    return weigh(world, Alternatives(), load_weights(), [(a, b)] if a != b else None), a, b


EXPECTED = [(s.name, e) for s in make_scenarios() for e in s.expected]


@pytest.mark.parametrize(
    ("name", "expected"), EXPECTED, ids=[f"{n}-{e.behaviour}-{i}" for i, (n, e) in enumerate(EXPECTED)]
)
def test_bad_input_leads_to_what_was_expected_of_it(name: str, expected: Expectation) -> None:
    linked, a, b = told(name, expected)
    if expected.behaviour == "two_operators":
        assert a in linked.changes
        assert (linked.group == linked.group[a]).sum() == 1
        pairs = (linked.found.pairs.a == a) | (linked.found.pairs.b == a)
        assert (linked.scores.mixture[pairs] > 1).sum() >= 2
        return
    pair = int(linked.found.pairs.find(np.array([a]), np.array([b]))[0])
    value, sufficient = float(linked.scores.mixture[pair]), bool(linked.scores.sufficient[pair])
    reached = value >= expected.bound
    assert {
        "linked": reached and sufficient,
        "not_strong": not reached or not sufficient,
        "not_against": reached,
    }[expected.behaviour], f"{expected.why}: {value}"
