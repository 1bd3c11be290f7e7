"""Hours of activity as evidence: weak, bounded, symmetric, and silent about time zones."""

from __future__ import annotations

import copy
import random

import numpy as np
import pyarrow as pa
import pytest

from pipeline.link import rhythm
from pipeline.link.rhythm import RhythmProfiles, rhythm_llr, rhythm_profiles
from pipeline.link.weights import load_weights

ROW = load_weights()["rhythm"]
HOUR = 3_600_000_000
START = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z
SCHEMA = pa.schema([("account", pa.string()), ("t_us", pa.int64()), ("uncertainty_us", pa.int64())])
Event = tuple[str, int, int | None]


def _events(account: str, hour: float, n: int = 60, days: int = 30, doubt: int | None = 0) -> list[Event]:
    """`n` events around one hour of the day, on `days` days."""
    draw = random.Random(account)
    out: list[Event] = []
    for i in range(n):
        at = START + (i % days) * 24 * HOUR + int((hour + draw.gauss(0, 1.5)) % 24 * HOUR)
        out.append((account, at, doubt))
    return out


def _others(n: int = 14) -> list[Event]:
    return [event for i in range(n) for event in _events(f"other {i:02}", i * 24 / n)]


def _found(*parts: list[Event], weights: dict[str, object] | None = None) -> RhythmProfiles:
    rows = [dict(zip(SCHEMA.names, event, strict=True)) for part in parts for event in part]
    return rhythm_profiles(pa.Table.from_pylist(rows, schema=SCHEMA), weights)


def _llr(found: RhythmProfiles, a: str, b: str) -> float:
    return float(rhythm_llr(found, *(np.array([found.accounts.index(x)]) for x in (a, b)))[0][0])


def _eager() -> dict[str, object]:
    return copy.deepcopy(ROW) | {"slope": 100.0, "offset": 0.0}


def test_like_hours_are_weak_support() -> None:
    assert 0.2 < _llr(_found(_events("a", 3), _events("b", 3), _others()), "a", "b") <= 0.5


def test_opposite_hours_are_weak_support_for_different_operators() -> None:
    assert -0.5 <= _llr(_found(_events("a", 3), _events("b", 15), _others()), "a", "b") < -0.2


@pytest.mark.parametrize(("hour", "bound"), [(3, 0.5), (15, -0.5)])
def test_the_bounds_hold_whatever_the_data(hour: int, bound: float) -> None:
    assert _llr(_found(_events("a", 3), _events("b", hour), _others(), weights=_eager()), "a", "b") == bound


@pytest.mark.parametrize(("n", "days", "says"), [(29, 29, 0.0), (30, 9, 0.0), (30, 10, 0.5), (60, 30, 0.5)])
def test_thirty_events_on_ten_days_are_needed(n: int, days: int, says: float) -> None:
    times = [START + d * 24 * HOUR + i * HOUR // 9 + 2 * HOUR for i in range(-(-n // days)) for d in range(days)]
    night = [("b", t, 0) for t in times]
    found = _found(_events("a", 3), night[:n], _others(), weights=_eager())
    assert _llr(found, "a", "b") == says
    assert [int(part[0]) for part in rhythm_llr(found, np.array([0]), np.array([1]))[1:]] == [n, days]


@pytest.mark.parametrize(("doubt", "says"), [(None, 0.5), (2 * HOUR, 0.5), (2 * HOUR + 1, 0.0)])
def test_times_uncertain_by_more_than_two_hours_are_left_out(doubt: int | None, says: float) -> None:
    found = _found(_events("a", 3), _events("b", 3, doubt=doubt), _others(), weights=_eager())
    assert _llr(found, "a", "b") == says


def test_events_without_a_time_are_left_out() -> None:
    rows = [{"account": "a", "t_us": None, "uncertainty_us": 0}] * 40
    assert rhythm_profiles(pa.Table.from_pylist(rows, schema=SCHEMA)).events.tolist() == [0]


def test_a_burst_within_an_hour_counts_once() -> None:
    calm = _found(_events("a", 3), _events("b", 3), _others())
    burst = [("a", START + 15 * HOUR + i, 0) for i in range(5000)]
    busy = _found(_events("a", 3), burst, _events("b", 3), _others())
    assert abs(_llr(calm, "a", "b") - _llr(busy, "a", "b")) < 0.1


def test_hours_that_everybody_keeps_are_no_evidence() -> None:
    found = _found(*(_events(f"w{i:02}", 20) for i in range(30)))
    llr = rhythm_llr(found, *np.triu_indices(30, 1))[0]
    assert abs(float(np.median(llr))) <= 0.25


def test_too_few_other_accounts_are_no_background() -> None:
    parts = (_events("a", 3), _events("b", 3))
    assert _llr(_found(*parts, _others(7), weights=_eager()), "a", "b") == 0.0
    assert _llr(_found(*parts, _others(9), weights=_eager()), "a", "b") == 0.5


def test_a_shift_of_all_clocks_changes_nothing() -> None:
    here = _found(_events("a", 3), _events("b", 5), _others())
    moved = [(account, t + 168 * 7 * HOUR + 5 * HOUR, doubt) for account, t, doubt in _events("a", 3)]
    moved_b = [(account, t + 168 * 7 * HOUR + 5 * HOUR, doubt) for account, t, doubt in _events("b", 5)]
    rest = [(account, t + 168 * 7 * HOUR + 5 * HOUR, doubt) for account, t, doubt in _others()]
    assert _llr(_found(moved, moved_b, rest), "a", "b") == pytest.approx(_llr(here, "a", "b"), abs=0.002)


def test_the_order_of_events_and_of_the_pair_does_not_matter() -> None:
    events = [*_events("a", 3), *_events("b", 7), *_others()]
    first, second = _found(events), _found(random.Random(2).sample(events, len(events)))
    at, to = np.triu_indices(len(first.accounts), 1)
    assert rhythm_llr(first, at, to)[0].tolist() == rhythm_llr(second, at, to)[0].tolist()
    assert rhythm_llr(first, at, to)[0].tolist() == rhythm_llr(first, to, at)[0].tolist()


def test_groups_of_one_change_nothing_and_many_accounts_of_one_person_are_left_out() -> None:
    socks = [event for i in range(10) for event in _events(f"sock {i}", 3)]
    found = _found(socks, _others())
    at, to = np.triu_indices(len(found.accounts), 1)
    alone = np.arange(len(found.accounts))
    assert rhythm_llr(found, at, to)[0].tolist() == rhythm_llr(found, at, to, alone)[0].tolist()
    sock = np.flatnonzero([account.startswith("sock") for account in found.accounts])
    grouped = np.where(np.isin(alone, sock), 999, alone)
    before, after = (rhythm_llr(found, sock[:-1], sock[1:], g)[0].mean() for g in (None, grouped))
    assert before < 0.25 < after


def test_no_events_give_no_profiles() -> None:
    nothing = np.empty(0, np.int64)
    found = rhythm_profiles(SCHEMA.empty_table())
    assert found.accounts == ()
    assert [part.tolist() for part in rhythm_llr(found, nothing, nothing)] == [[], [], []]


def test_nothing_public_names_a_zone_or_an_hour() -> None:
    assert rhythm.__all__ == ["RhythmProfiles", "rhythm_llr", "rhythm_profiles"]
    assert RhythmProfiles._fields == ("accounts", "events", "days", "rows", "reference", "weights")
