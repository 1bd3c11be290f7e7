"""The simulated worlds: equal by seed, shares as declared, scenarios present, truth complete, files as tables."""

import csv
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pyarrow.compute as pc
import pytest

from benchmarks.attribution.simulator import PROFILES, SEEDS, TABLES, Case, simulate
from benchmarks.attribution.simulator.evidence import commands, write_case
from benchmarks.attribution.simulator.labels import stated_class
from benchmarks.attribution.simulator.network import CLASSES
from benchmarks.attribution.simulator.pairs import STRATA
from benchmarks.attribution.simulator.people import make_people
from benchmarks.attribution.simulator.profiles import draw_knobs, stream
from benchmarks.attribution.simulator.scenarios import BEHAVIOURS, SCENARIOS, make_scenarios

_PLANTED = {
    *(
        "clock_skew",
        "copycat",
        "covert_access",
        "friends_sofa",
        "parents_phone",
        "recycled_number",
        "scheduled_posting",
    ),
    *(
        "second_hand_phone",
        "separated",
        "sock",
        "takeover",
        "travel",
        "truncated_export",
        "victim_device",
        "zone_error",
    ),
}


@cache
def _base() -> Case:
    return simulate(0)


def _operators(case: Case) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    for row in case.truth.to_pylist():
        out.setdefault(row["account"], set()).add(row["operator"])
    return out


def test_the_same_seed_gives_the_same_world() -> None:
    one, two = simulate(3, persons=80), simulate(3, persons=80)
    assert all(getattr(one, name).equals(getattr(two, name)) for name in TABLES)
    assert one.notes == two.notes


def test_another_seed_or_profile_gives_another_world() -> None:
    worlds = [simulate(3, persons=80), simulate(4, persons=80), simulate(3, "vpn50", persons=80)]
    assert len({world.sessions.num_rows for world in worlds}) == 3
    assert len({draw_knobs(seed, "base").days for seed in range(20)}) == 20


def test_seed_ranges_do_not_overlap() -> None:
    seeds = [seed for part in SEEDS.values() for seed in part]
    assert len(seeds) == len(set(seeds))


def test_every_table_has_its_declared_columns() -> None:
    for name, columns in TABLES.items():
        schema = getattr(_base(), name).schema
        assert [(field.name, field.type) for field in schema] == [(column.name, column.type) for column in columns]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_planted_scenario_is_in_every_profile(profile: str) -> None:
    case = simulate(201, profile, persons=200)
    empty = {"parents_phone"} if profile == "big_households" else set()
    assert {name for name in _PLANTED if not case.notes.get(name)} == empty
    assert set(case.pairs["stratum"].to_pylist()) <= set(STRATA)


def test_truth_names_an_operator_for_every_session() -> None:
    case = _base()
    assert set(case.truth["account"].to_pylist()) == set(case.accounts["account"].to_pylist())
    assert set(case.sessions["account"].to_pylist()) <= set(case.accounts["account"].to_pylist())


def test_pairs_called_same_are_all_pairs_of_one_operator_and_no_other() -> None:
    case, operators = _base(), _operators(_base())
    listed = {(r["account_a"], r["account_b"]): r["stratum"] for r in case.pairs.to_pylist()}
    keys = sorted(operators)
    same = {(a, b) for i, a in enumerate(keys) for b in keys[i + 1 :] if operators[a] & operators[b]}
    assert same == {pair for pair, stratum in listed.items() if stratum in ("same", "two_operators")}


def test_an_account_that_was_taken_over_has_two_operators_one_after_the_other() -> None:
    case = _base()
    for account in case.notes["takeover"]:
        rows = case.truth.filter(pc.equal(case.truth["account"], account)).sort_by("from_us").to_pylist()
        assert len({row["operator"] for row in rows}) >= 2
        assert rows[0]["to_us"] in {row["from_us"] for row in rows[1:]}


def test_households_have_the_declared_sizes() -> None:
    people = make_people(stream(0, "base", "a test"), draw_knobs(0, "base"), 6000)
    sizes = Counter(Counter(people.home.tolist()).values())
    shares = [sizes[size] / sum(sizes.values()) for size in range(1, 6)]
    assert shares == pytest.approx([0.29, 0.34, 0.15, 0.13, 0.09], abs=0.03)


def test_roles_have_the_declared_shares() -> None:
    case = _base()
    assert len(case.notes["copycat"]) == round(draw_knobs(0, "base").copycats * 500)
    operators = _operators(case)
    harassers = {person for account in case.notes["sock"] for person in operators[account]}
    assert len(harassers) == round(draw_knobs(0, "base").harassers * 500)
    assert 1.8 < case.accounts.num_rows / 500 < 2.6


def test_labels_of_networks_err_as_declared() -> None:
    knobs, rng = draw_knobs(0, "base"), stream(0, "base", "a test")
    stated = Counter(stated_class(rng, knobs, "cgnat_shared") for _ in range(4000))
    assert stated["unknown"] / 4000 == pytest.approx(knobs.unlabelled, abs=0.02)
    assert stated["fixed_isp"] / 4000 == pytest.approx((1 - knobs.unlabelled) * knobs.cgnat_as_fixed, abs=0.03)
    assert set(_base().networks["label_class"].to_pylist()) <= set(CLASSES)


def test_every_address_is_for_documentation_or_benchmarks() -> None:
    spaces = ("198.18.", "198.19.", "192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")
    assert all(ip.startswith(spaces) for ip in _base().networks["ip"].to_pylist())
    assert set(_base().sessions["ip"].to_pylist()) == set(_base().networks["ip"].to_pylist())


def test_dynamic_addresses_serve_several_homes() -> None:
    case, operators = _base(), _operators(_base())
    users: dict[str, set[str]] = {}
    for account, ip in zip(case.sessions["account"].to_pylist(), case.sessions["ip"].to_pylist(), strict=True):
        if ip.startswith("198.18.") and 64 <= int(ip.split(".")[2]) < 192:
            users.setdefault(ip, set()).update(operators[account])
    reused = sum(len(people) > 5 for people in users.values())
    assert reused > 10


def test_services_leave_out_what_they_do_not_keep() -> None:
    case = _base()
    rows = case.sessions.to_pylist()
    assert all(row["device_id"] is None for row in rows if row["account"].startswith("tidewater:"))
    assert all(row["user_agent"] is None for row in rows if row["account"].startswith("plover:"))
    kinds = {(r["account"].split(":")[0], r["kind"]) for r in case.identifiers.to_pylist()}
    assert not {("plover", "recovery_phone"), ("plover", "recovery_email")} & kinds


def test_evidence_files_hold_the_sessions_of_the_tables(tmp_path: Path) -> None:
    case = simulate(7, persons=60)
    write_case(case, tmp_path, native=False)
    found = 0
    for path in sorted((tmp_path / "evidence").glob("*-sessions*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            found += sum(1 for _ in csv.DictReader(lines))
    assert found == case.sessions.num_rows
    listed = tomllib.loads((tmp_path / "exhibits.toml").read_text("utf-8"))["exhibit"]
    assert all((tmp_path / entry["file"]).is_file() and (tmp_path / entry["map"]).is_file() for entry in listed)
    assert len(commands(tmp_path, tmp_path / "case")) == len(listed) + 2


def test_evidence_files_are_the_same_every_time(tmp_path: Path) -> None:
    case = simulate(7, persons=60)
    for name in ("one", "two"):
        write_case(case, tmp_path / name)
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert len(files) > 30
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)


def test_too_small_a_world_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        simulate(0, persons=10)


def test_hand_made_worlds_are_small_and_state_what_is_expected() -> None:
    for scenario in make_scenarios():
        accounts = set(scenario.case.accounts["account"].to_pylist())
        assert 10 <= len(accounts) <= 30
        assert scenario.expected
        for expectation in scenario.expected:
            assert {expectation.one, expectation.two} <= accounts
            assert expectation.behaviour in BEHAVIOURS
            assert expectation.why


def test_hand_made_worlds_cover_every_kind_of_bad_input() -> None:
    assert set(SCENARIOS) >= {
        *("clock_skew", "missing_zone", "truncated_export", "recycled_number", "recycled_address"),
        *("second_hand_phone", "takeover", "victim_device"),
    }


def test_links_expected_in_hand_made_worlds_agree_with_truth() -> None:
    for scenario in make_scenarios():
        operators = _operators(scenario.case)
        for one, two, behaviour, _, _ in scenario.expected:
            if behaviour in ("linked", "not_against"):
                assert operators[one] & operators[two]
            if behaviour == "two_operators":
                assert len(operators[one]) == 2


def test_hand_made_worlds_can_be_written_as_evidence(tmp_path: Path) -> None:
    scenario = make_scenarios()[2]
    write_case(scenario.case, tmp_path, native=False)
    assert 'zone = "UTC"' in (tmp_path / "maps" / "tidewater-sessions.toml").read_text("utf-8")
    assert "[time]" not in (tmp_path / "maps" / "tidewater-sessions-second.toml").read_text("utf-8")
