"""Small hand-made worlds, one for each kind of bad input, with what must be said of them, as data.

A behaviour is about the link of two accounts as it is reported:

* ``linked``: log10 LR (mixture) of `bound` or more;
* ``not_strong``: below `bound`, or refused for want of independent evidence;
* ``not_against``: not below `bound`: a fault of the source must not speak against one operator;
* ``two_operators``: the account (given twice) is reported as possibly used by two people over time or at once,
  its pairs on both sides are shown, and it does not join the two people's other accounts in one group.

The numbers are stated before any model was tried on these worlds. 2.0 is where "moderately strong support" begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks.attribution.simulator.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.attribution.simulator.case import Case

__all__ = ["BEHAVIOURS", "SCENARIOS", "Expectation", "Scenario", "make_scenarios"]

BEHAVIOURS = ("linked", "not_strong", "not_against", "two_operators")
_STRONG = 2.0
_HOMES = ("198.18.1.1", "198.18.1.2", "198.18.1.3")
_OFFICE = "198.19.32.9"


class Expectation(NamedTuple):
    """What must be reported of two accounts, and why."""

    one: str
    two: str
    behaviour: str
    bound: float
    why: str


class Scenario(NamedTuple):
    """A world and what is expected of it."""

    name: str
    case: Case
    expected: tuple[Expectation, ...]


Made = tuple[Stage, tuple[Expectation, ...]]


def _one_person(stage: Stage, off_h: float = 0.0, uncertain_h: float = 0.0) -> tuple[str, str]:
    """One person with an account on each of two services: at home in the evening, at work at noon."""
    one = stage.account("P", "quietlantern", "instagram")
    two = stage.account("P", "mistyanchor4", "tidewater")
    for key, late, off, wide in ((one, 0.0, 0.0, 0.0), (two, 0.1, off_h, uncertain_h)):
        stage.use(key, range(1, 58, 2), 20 + late, _HOMES[0], device="P-phone", off_h=off, uncertain_h=wide)
        work = [day for day in range(58) if day % 7 < 5 and day % 2 == 0]
        stage.use(key, work, 12 + late, _OFFICE, device="P-phone", network="business", off_h=off, uncertain_h=wide)
    return one, two


def _clock_skew() -> Made:
    stage = Stage(9001)
    one, two = _one_person(stage, off_h=0.45)
    why = "a clock that is 27 minutes wrong makes one person seem to be at two places; several networks still agree"
    return stage, (Expectation(one, two, "not_against", 0.0, why),)


def _wrong_zone() -> Made:
    stage = Stage(9002)
    one, two = _one_person(stage, off_h=-8.0)
    why = "an undeclared error of eight hours puts the home's evenings beside the office's noons"
    return stage, (Expectation(one, two, "not_against", -0.5, why),)


def _missing_zone() -> Made:
    stage = Stage(9003)
    one, two = _one_person(stage, off_h=-5.0, uncertain_h=14.0)
    stranger = stage.account("Q", "paleharbor", "tidewater")
    stage.use(stranger, range(2, 58, 28), 20, _HOMES[0], device="Q-phone", uncertain_h=14.0)
    stage.use(stranger, range(3, 58, 2), 20, _HOMES[1], device="Q-phone", uncertain_h=14.0)
    stage.pair(one, stranger, "guest")
    return stage, (
        Expectation(one, two, "not_against", 0.0, "times of 14 hours' uncertainty say nothing about places"),
        Expectation(one, stranger, "not_strong", _STRONG, "two evenings at a host's, at times that are not known"),
    )


def _truncated() -> Made:
    stage = Stage(9004)
    one = stage.account("P", "oddwillow", "instagram")
    two = stage.account("P", "grimcactus", "plover")
    stage.use(one, range(0, 30, 2), 20, _HOMES[0], device="P-phone")
    stage.use(two, range(31, 58, 2), 20, "198.18.70.4", device="P-laptop")
    stage.pair(one, two, "same")
    why = "the export of one ends before that of the other begins: no common day, so absence proves nothing"
    return stage, (
        Expectation(one, two, "not_against", -0.5, why),
        Expectation(one, two, "not_strong", _STRONG, "nothing is shared either"),
    )


def _recycled_number() -> Made:
    stage = Stage(9005)
    old, new = stage.account("P", "sunnytiger", "instagram"), stage.account("Q", "coldpepper", "gannet")
    stage.use(old, range(0, 58, 2), 20, _HOMES[0], device="P-phone")
    stage.use(new, range(1, 58, 2), 21, _HOMES[1], device="Q-phone")
    stage.fact(old, "recovery_phone", "+99944556677", -390)
    stage.fact(new, "recovery_phone", "+99944556677", 20)
    stage.pair(old, new, "recycled_number")
    why = "the number was given out again after more than a year; no network, device or day is shared"
    return stage, (Expectation(old, new, "not_strong", _STRONG, why),)


def _recycled_address() -> Made:
    stage = Stage(9006)
    before, after = stage.account("P", "velvetowl", "instagram"), stage.account("Q", "hollowbear", "tidewater")
    stage.use(before, range(28), 20, "198.18.64.77", device="P-phone")
    stage.use(before, range(29, 58), 20, "198.18.64.90", device="P-phone")
    stage.use(after, range(28), 21, "198.18.64.81", device="Q-phone")
    stage.use(after, range(29, 58), 21, "198.18.64.77", device="Q-phone")
    stage.pair(before, after, "cgnat")
    why = "a dynamic address left one home on a day and reached the other the next; they never were on it together"
    return stage, (Expectation(before, after, "not_strong", _STRONG, why),)


def _second_hand() -> Made:
    stage = Stage(9007)
    seller, buyer = stage.account("P", "royalbadger", "instagram"), stage.account("Q", "icynoodle", "instagram")
    stage.use(seller, range(25), 20, _HOMES[0], device="phone-X")
    stage.use(seller, range(26, 58), 20, _HOMES[0], device="P-new-phone")
    stage.use(buyer, range(30), 21, _HOMES[1], device="Q-old-phone")
    stage.use(buyer, range(31, 58), 21, _HOMES[1], device="phone-X")
    stage.pair(seller, buyer, "second_hand")
    why = "one device, first here and then there, with a gap; networks never meet: it changed hands"
    return stage, (Expectation(seller, buyer, "not_strong", _STRONG, why),)


def _takeover() -> Made:
    stage = Stage(9008)
    taken = stage.account("P", "wildmaple", "instagram")
    holder = stage.account("P", "wildmaple", "plover")
    thief = stage.account("Q", "darkrocket", "plover")
    stage.hand_over(taken, "Q", 30)
    for key, days in ((taken, range(30)), (holder, range(58))):
        stage.use(key, days, 20, _HOMES[0], device="P-phone")
    for key, days in ((taken, range(31, 58)), (thief, range(58))):
        stage.use(key, days, 21, _HOMES[1], device="Q-phone")
    stage.pair(taken, holder, "two_operators")
    stage.pair(taken, thief, "two_operators")
    return stage, (
        Expectation(taken, taken, "two_operators", 0.0, "device and network change for good on one day"),
        Expectation(holder, thief, "not_strong", _STRONG, "what joins them is an account that both had, not a person"),
    )


def _victim_device() -> Made:
    stage = Stage(9009)
    victim = stage.account("V", "lilyfisher", "instagram", shown="Lily Fisher")
    sock = stage.account("H", "goldencomet88", "instagram")
    usual = stage.account("H", "otto.frei", "instagram", shown="Otto Frei")
    stage.use(victim, range(58), 19, _HOMES[0], device="V-phone")
    for key, hour in ((sock, 21.0), (usual, 21.2)):
        stage.use(key, range(10, 40, 3), hour, _HOMES[0], device="V-phone")
        stage.use(key, range(1, 58, 3), hour, _HOMES[1], device="H-phone")
    stage.pair(victim, sock, "victim_device")
    stage.pair(victim, usual, "victim_device")
    why = "the extra account was used on the victim's own device at her home: never a silent strong link to her"
    return stage, (
        Expectation(victim, sock, "not_strong", _STRONG, why),
        Expectation(victim, usual, "not_strong", _STRONG, why),
        Expectation(sock, usual, "linked", 1.0, "both follow one person through two homes and two devices"),
    )


def _family_tablet() -> Made:
    stage = Stage(9010)
    mother, son = stage.account("M", "rosa.holm", "instagram"), stage.account("S", "lazypanda7", "plover")
    for key, hour in ((mother, 20.0), (son, 17.0)):
        stage.use(key, range(0, 58, 2), hour, _HOMES[0], device="family-tablet")
    stage.use(mother, range(1, 58, 2), 12, _OFFICE, device="M-phone", network="business")
    stage.use(son, range(1, 58, 2), 16, _HOMES[0], device="S-phone")
    for key in (mother, son):
        stage.fact(key, "cookie", "tablet-cookie-1", 2)
    stage.pair(mother, son, "shared_device")
    why = "one home and one tablet explain all that is shared"
    return stage, (Expectation(mother, son, "not_strong", _STRONG, why),)


def _copycat() -> Made:
    stage = Stage(9011)
    model = stage.account("P", "clara_stone", "instagram", shown="Clara Stone")
    copy = stage.account("Q", "clara_st0ne", "instagram", shown="Clara Stone")
    stage.use(model, range(0, 58, 2), 20, _HOMES[0], device="P-phone")
    stage.use(copy, range(1, 58, 2), 21, _HOMES[1], device="Q-phone")
    for key, day in ((model, -100), (copy, 3)):
        stage.fact(key, "media_sha256", "ab" * 32, day)
    stage.pair(model, copy, "copycat")
    why = "name and picture are there for anybody to copy; nothing that cannot be seen is shared"
    return stage, (Expectation(model, copy, "not_strong", _STRONG, why),)


SCENARIOS: dict[str, Callable[[], Made]] = {
    "clock_skew": _clock_skew,
    "wrong_zone": _wrong_zone,
    "missing_zone": _missing_zone,
    "truncated_export": _truncated,
    "recycled_number": _recycled_number,
    "recycled_address": _recycled_address,
    "second_hand_phone": _second_hand,
    "takeover": _takeover,
    "victim_device": _victim_device,
    "family_tablet": _family_tablet,
    "copycat": _copycat,
}


def make_scenarios() -> tuple[Scenario, ...]:
    """All of them."""
    out = []
    for name, make in SCENARIOS.items():
        stage, expected = make()
        out.append(Scenario(name, stage.case(name), expected))
    return tuple(out)
