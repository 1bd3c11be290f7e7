"""The systems that the linkage model is compared with, on a case small enough to work out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.attribution import baselines
from benchmarks.attribution.simulator.case import TABLES, Case
from benchmarks.attribution.splink_adapter import SETUPS, records, splink_scores

HOUR = 3_600_000_000
DAY = 24 * HOUR
START = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z
PAIRS = [("a", "b"), ("a", "c"), ("b", "c"), ("a", "d")]


def _table(name: str, rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=pa.schema([(c.name, c.type) for c in TABLES[name]]))


def _session(account: str, hour: float, ip: str, **more: object) -> dict[str, object]:
    return {"account": account, "t_us": START + int(hour * HOUR), "ip": ip, "kind": "session"} | more


def _case(sessions: list[dict[str, object]], identifiers: list[dict[str, object]], accounts: int = 12) -> Case:
    names = ["a", "b", "c", "d", *(f"x{i}" for i in range(accounts - 4))]
    logins = {"a": "moonfox", "b": "moonfox", "c": "riverbed"}
    labels = {"192.0.2.1": "fixed_isp", "192.0.2.9": "vpn_provider", "2001:db8:0:5::1": "fixed_isp"}
    empty = {name: _table(name, []) for name in TABLES}
    tables = empty | {
        "accounts": _table("accounts", [{"account": n, "login": logins.get(n)} for n in names]),
        "sessions": _table("sessions", sessions),
        "identifiers": _table("identifiers", identifiers),
        "networks": _table("networks", [{"ip": ip, "label_class": label} for ip, label in labels.items()]),
    }
    return Case(seed=0, profile="made by hand", notes={}, **tables)


SMALL = _case(
    [
        _session("a", 0, "192.0.2.1", device_id="dev1"),
        _session("b", 24, "192.0.2.1", device_id="dev1"),
        _session("a", 48, "192.0.2.1"),
        _session("b", 49, "192.0.2.1"),
        _session("c", 75, "192.0.2.1", device_id="dev2"),
        _session("a", 200, "192.0.2.9"),
        _session("d", 210, "192.0.2.9"),
    ],
    [
        {"account": "a", "kind": "recovery_phone", "value": "+15550100"},
        {"account": "b", "kind": "recovery_phone", "value": "+15550100"},
        {"account": "c", "kind": "recovery_phone", "value": "+15550199"},
    ],
)


def _scores(table: pa.Table) -> list[float]:
    assert list(zip(table["account_a"].to_pylist(), table["account_b"].to_pylist(), strict=True)) == PAIRS
    return table["score"].to_pylist()


def test_any_common_address_within_a_day_counts() -> None:
    assert _scores(baselines.shared_ip_24h(SMALL, PAIRS)) == [1.0, 0.0, 0.0, 1.0]


def test_days_on_a_common_home_address_are_counted() -> None:
    assert _scores(baselines.shared_home_days(SMALL, PAIRS)) == [2.0, 0.0, 0.0, 0.0]


def test_the_naive_sum_adds_everything_up() -> None:
    # a and b, nobody else near them: home .75, device and phone .8, each over q = .5 / 11; equal name 4.0
    q = 0.5 / 11
    expected = math.log10(0.75 / q) + 2 * math.log10(0.8 / q) + 4.0
    assert _scores(baselines.naive_sum(SMALL, PAIRS))[0] == pytest.approx(expected)


def test_one_alternative_caps_and_counts_against() -> None:
    scores = _scores(baselines.one_alternative(SMALL, PAIRS))
    q = 0.5 / 11
    assert scores[0] == pytest.approx(math.log10(0.75 / q) + 2 * math.log10(0.8 / q) + 2.5)
    # a and c: another device, another phone, a common home address but not at one time, unlike names
    assert scores[1] == pytest.approx(-0.4 - 0.25 - 0.1)
    assert scores[3] == pytest.approx(0.7)  # a VPN exit says no more than .7, however rare


def test_an_ipv6_home_is_one_network() -> None:
    assert baselines.home_network("2001:db8:0:5:1:2:3:4") == "2001:db8:0:5::/64"
    assert baselines.home_network("192.0.2.7") == "192.0.2.7"
    case = replace(
        SMALL,
        sessions=_table("sessions", [_session("a", 0, "2001:db8:0:5::1"), _session("b", 1, "2001:db8:0:5::2")]),
    )
    assert _scores(baselines.shared_home_days(case, PAIRS))[0] == 1.0


def test_others_on_an_address_make_it_common() -> None:
    crowd = [_session(f"x{i}", 1, "192.0.2.1") for i in range(8)]
    alone = _case([_session("a", 0, "192.0.2.1"), _session("b", 1, "192.0.2.1")], [])
    crowded = _case([_session("a", 0, "192.0.2.1"), _session("b", 1, "192.0.2.1"), *crowd], [])
    rare, common = (baselines.naive_sum(case, PAIRS)["score"][0].as_py() for case in (alone, crowded))
    assert rare - common == pytest.approx(math.log10(8.5 / 0.5))


def test_accounts_become_records_with_arrays() -> None:
    row = records(SMALL).to_pylist()[0]
    assert row["devices"] == ["dev1"]
    assert row["nets"] == ["192.0.2.1"]
    assert row["pool_keys"] == [f"192.0.2.9@{(START + 200 * HOUR) // (6 * HOUR)}"]
    assert (row["top_ip"], row["recovery"], row["stem"]) == ("192.0.2.1", "+15550100", "moonfox")
    assert row["cookies"] is None


@pytest.mark.parametrize("setup", SETUPS)
def test_splink_ranks_a_planted_pair_above_a_stranger(setup: str) -> None:
    pytest.importorskip("splink")
    from benchmarks.attribution.simulator import simulate

    case = simulate(0)
    listed = list(zip(*(case.pairs[n].to_pylist() for n in ("account_a", "account_b", "stratum")), strict=True))
    same = [(a, b) for a, b, stratum in listed if stratum == "same"][:100]
    office = [(a, b) for a, b, stratum in listed if stratum == "office"][:100]
    table = splink_scores(case, same + office, setup)
    score = table["score"].to_numpy()
    assert np.median(score[:100]) > np.median(score[100:]) + 2
    assert table["probability"].to_numpy()[100:].max() < 0.9


def test_boosting_learns_and_leaves_the_prior_out() -> None:
    pytest.importorskip("sklearn")
    draw = np.random.default_rng(1)
    same = np.arange(4000) < 200
    features = np.stack([draw.normal(np.where(same, 2.0, 0.0), 1.0), draw.normal(size=4000)], axis=1)
    score = baselines.boosted(features, same, np.array([[4.0, 0.0], [-2.0, 0.0]]))
    assert score[0] > 1.0
    assert score[1] < -0.5
    again = [baselines.boosted(features, same, features[:9]).tolist() for _ in range(2)]
    assert again[0] == again[1]
