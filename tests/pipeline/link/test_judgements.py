"""Human judgements: what they do to groups, what they never do to numbers, and who said so."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.errors import CaseError, IntegrityError, UsageError
from pipeline.judge import judge, judge_lines, judgement_lines
from pipeline.judgements import JUDGEMENTS_FILE, Judgement, complete, load_judgements
from pipeline.ledger import read_entries
from pipeline.link.clusters import Cluster, cluster_accounts
from pipeline.link.graph import graph_rows
from pipeline.link.items import Pair
from pipeline.link.judged import rules_of
from pipeline.link.weights import load_weights
from pipeline.manage import new_case
from pipeline.store import Store
from pipeline.tables import schema_of
from pipeline.verify import verify
from tests.pipeline.link.worlds import Stage, link

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def said(number: int, pair: str, judgement: Any, **more: Any) -> Judgement:
    a, b = pair.split()
    given = {"reason": "seen on the seized phone", "by": "examiner 7", "at": "2026-05-01T12:00:00.000000Z"} | more
    return Judgement(id=f"J-{number:03d}", account_a=a, account_b=b, judgement=judgement, **given)


def groups(accounts: str, scores: dict[str, float], *judgements: Judgement) -> dict[str, Cluster]:
    pairs = {Pair(*pair): value for pair, value in scores.items()}
    rules = rules_of(judgements, accounts)
    found = cluster_accounts(accounts, pairs, 2.0, load_weights(), rules)
    return {"".join(c.members): c for c in found}


def test_a_positive_joins_what_the_data_leaves_apart_and_says_who_and_why() -> None:
    found = groups("abc", {"ab": 0.5}, said(1, "a b", "positive"))
    assert sorted(found) == ["ab", "c"]
    assert (found["ab"].status, found["ab"].weakest, found["ab"].density) == ("judged", None, 0.0)
    assert found["ab"].reasons == (
        "a and b: joined by human judgement of examiner 7 on 2026-05-01: seen on the seized phone (J-001)",
    )


def test_a_negative_forbids_a_merge_that_the_data_supports() -> None:
    found = groups("ab", {"ab": 3.5}, said(1, "a b", "negative"))
    assert [c.status for c in found.values()] == ["single", "single"]
    assert found["a"].reasons[0].startswith("a and b: kept apart by human judgement of examiner 7 on 2026-05-01")


def test_a_negative_holds_through_groups() -> None:
    scores = {"ab": 3.5, "cd": 3.4, "bc": 3.3, "ac": 3.0, "bd": 3.0}
    assert sorted(groups("abcd", scores)) == ["abcd"]
    assert not [g for g in groups("abcd", scores, said(1, "a d", "negative")) if "a" in g and "d" in g]


def test_an_unsure_judgement_is_shown_and_changes_nothing() -> None:
    found = groups("ab", {"ab": 3.0}, said(1, "a b", "unsure"))
    assert (found["ab"].status, found["ab"].weakest) == ("proposed", 3.0)
    assert "judged unsure, which changes nothing" in found["ab"].reasons[0]


def test_a_revoked_judgement_is_not_applied() -> None:
    gone = said(1, "a b", "negative", revoked_by="examiner 8", revoked_at="2026-05-02T12:00:00Z", revoked_reason="x")
    assert sorted(groups("ab", {"ab": 3.0}, gone)) == ["ab"]


def test_two_positives_that_would_break_a_negative_are_both_left_out() -> None:
    acts = (
        said(1, "a b", "positive"),
        said(2, "b c", "positive"),
        said(3, "a c", "negative"),
        said(4, "c d", "positive"),
    )
    found = groups("abcd", {}, *acts)
    assert sorted(found) == ["a", "b", "cd"]
    assert [found[g].status for g in ("a", "b", "cd")] == ["ambiguous"] * 3
    assert found["b"].reasons[0] == (
        "judgements contradict each other: J-001 (a and b), J-002 (b and c) would bring together a and c, which J-003 "
        "keeps apart; none of the former is applied until one is revoked"
    )


def test_a_contested_account_takes_its_companions_with_it() -> None:
    """Judgement 4 holds b and d together; that d fits with a does not decide what judgements leave open about b."""
    acts = (
        said(1, "a b", "positive"),
        said(2, "b c", "positive"),
        said(3, "a c", "negative"),
        said(4, "b d", "positive"),
    )
    found = groups("abcd", {"ad": 3.0}, *acts)
    assert {g: c.status for g, c in found.items()} == {"a": "ambiguous", "bd": "ambiguous", "c": "ambiguous"}


def test_a_positive_and_a_negative_of_one_pair_leave_it_apart_as_ambiguous() -> None:
    found = groups("ab", {"ab": 3.0}, said(1, "a b", "positive"), said(2, "a b", "negative"))
    assert [(g, c.status) for g, c in found.items()] == [("a", "ambiguous"), ("b", "ambiguous")]


def test_evidence_against_a_positive_is_said() -> None:
    found = groups("ab", {"ab": -1.4}, said(1, "a b", "positive"))
    assert found["ab"].reasons[1] == (
        "the findings speak against a and b (log10 LR -1.4); they are in one group through a human judgement alone"
    )


def test_an_account_that_fits_two_excluding_accounts_is_left_apart_and_both_are_named() -> None:
    """Account x was used by two operators in turn: nothing is averaged, neither is chosen."""
    found = groups("acx", {"ax": 3.5, "cx": 2.6, "ac": -1.5})
    assert {g: c.status for g, c in found.items()} == {"a": "single", "c": "single", "x": "ambiguous"}
    said_of_x = (
        "x fits with a (log10 LR +3.5), c (log10 LR +2.6), but a and c exclude each other, the findings speak against "
        "them (log10 LR -1.5): left apart from both. An account used by two operators in turn would look like this; so "
        "would a misleading finding against the two"
    )
    assert found["x"].reasons == (said_of_x,)
    assert found["a"].reasons == found["c"].reasons == (said_of_x,)


def test_a_human_negative_shows_an_account_between_two_operators() -> None:
    found = groups("acx", {"ax": 3.5, "cx": 2.6}, said(1, "a c", "negative"))
    assert found["x"].status == "ambiguous"
    assert "a and c exclude each other, by human judgement of examiner 7 on 2026-05-01" in found["x"].reasons[0]


def test_a_core_that_fits_either_side_stays_together() -> None:
    scores = {"ab": 3.0, "ac": 3.0, "bc": 3.0, "bd": 3.0, "cd": 3.0, "ad": -1.2}
    assert {g: c.status for g, c in groups("abcd", scores).items()} == {"a": "single", "bc": "ambiguous", "d": "single"}


def test_an_account_that_may_have_changed_hands_joins_no_group_but_by_judgement() -> None:
    scores = {Pair("a", "x"): 3.5, Pair("b", "x"): 2.5}
    for judgements, expected in (((), [("a",), ("b",), ("x",)]), ((said(1, "a x", "positive"),), [("a", "x"), ("b",)])):
        rules = rules_of(judgements, "abx", {"x": "x is used from other networks than ever before"})
        found = cluster_accounts("abx", scores, 2.0, load_weights(), rules)
        assert [c.members for c in found] == expected
        torn = next(c for c in found if "x" in c.members)
        assert (torn.status, torn.reasons[-1]) == ("ambiguous", "x is used from other networks than ever before")


def test_a_refused_bridge_names_the_pair() -> None:
    scores = {"ab": 3.5, "cd": 3.5, "bc": 2.4, "ac": 0.5, "ad": 0.4, "bd": 0.5}
    found = groups("abcd", scores)
    assert {c.status for c in found.values()} == {"ambiguous"}
    assert found["ab"].reasons[0].startswith("b and c: supported by themselves (log10 LR +2.4) and left apart")


def test_groups_do_not_depend_on_the_order_of_judgements() -> None:
    acts = [
        said(1, "a b", "positive"),
        said(2, "b c", "positive"),
        said(3, "c d", "negative"),
        said(4, "a e", "unsure"),
    ]
    scores = {"ad": 3.0, "de": 2.2, "ce": 2.9}
    assert groups("abcde", scores, *acts) == groups("abcde", scores, *acts[::-1])


def worked(root: Path, *judgements: Judgement) -> dict[str, list[dict[str, Any]]]:
    """Two accounts with a device and a home in common, a third with the same home, and bystanders."""
    stage = Stage(root, judged=judgements)
    stage.crowd(12)
    stage.network("203.0.113.5", "fixed_isp")
    for day in range(12):
        stage.seen("ig:alder_x", "203.0.113.5", day, device_id="d-1", device_id_type="install")
        stage.seen(
            "forum:birch_y", "203.0.113.5", day + 0.3, exhibit="EX-002", device_id="d-1", device_id_type="install"
        )
        stage.seen("ig:cedar_z", "203.0.113.5", day + 0.6)
    return stage.tables()


NUMBERS = ("llr_mixture", "llr_unrelated", "llr_premises", "llr_device", "llr_imitator", "mixture_low", "n_items")


def test_judgements_change_no_number(tmp_path: Path) -> None:
    plain = worked(tmp_path / "plain")
    acts = said(1, "forum:birch_y ig:alder_x", "negative"), said(2, "ig:alder_x ig:cedar_z", "positive")
    judged = worked(tmp_path / "judged", *acts)
    before = {r["link_id"]: [r[n] for n in NUMBERS] for r in plain["links"]}
    assert {r["link_id"]: [r[n] for n in NUMBERS] for r in judged["links"]} == before
    assert judged["evidence_items"] == plain["evidence_items"]


def test_a_judged_pair_keeps_its_number_and_carries_the_decision(tmp_path: Path) -> None:
    tables = worked(
        tmp_path, said(1, "ig:alder_x ig:cedar_z", "positive"), said(2, "forum:crowd00zq ig:alder_x", "negative")
    )
    same = link(tables, "ig:alder_x", "ig:cedar_z")
    other = link(tables, "forum:crowd00zq", "ig:alder_x")
    assert same is not None
    assert same["decision"] == "judged_same"
    assert same["reasons"][0].startswith("ig:alder_x and ig:cedar_z: joined by human judgement of examiner 7")
    assert other is not None
    assert other["decision"] == "judged_different"
    effects = {r["judgement_id"]: r["effect"] for r in tables["judgements"]}
    assert effects["J-001"].startswith("applied: joined")
    assert effects["J-002"].startswith("applied: kept apart")


def test_an_account_the_case_does_not_hold_is_reported(tmp_path: Path) -> None:
    tables = worked(tmp_path, said(1, "ig:alder_x ig:nobody", "positive"))
    assert tables["judgements"][0]["effect"] == "not applied: this case holds no account ig:nobody"


def test_the_graph_carries_judged_edges_with_who_when_and_why(tmp_path: Path) -> None:
    import pyarrow as pa

    tables = worked(
        tmp_path, said(1, "ig:alder_x ig:cedar_z", "positive"), said(2, "forum:birch_y ig:alder_x", "negative")
    )
    store = Store(tmp_path)
    for name in ("links", "clusters", "judgements"):
        store.write(name, "all", pa.Table.from_pylist(tables[name], schema_of(name)))
    with store.connect() as con:
        _, edges = graph_rows(con, ())
    found = {e["edge_type"]: json.loads(e["attributes"]) for e in edges if e["edge_type"].startswith("judged")}
    assert sorted(found) == ["judged_different", "judged_same"]
    assert found["judged_same"]["trust"] == "human_judgement"
    assert [found["judged_same"][k] for k in ("by", "when", "reason")] == [
        "examiner 7",
        "2026-05-01T12:00:00.000000Z",
        "seen on the seized phone",
    ]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    import pyarrow as pa

    new_case(tmp_path, case_id="RIVER", operator="examiner 7")
    keys = ["forum:birch_y", "ig:alder_x", "ig:cedar_z"]
    rows = pa.Table.from_pylist([{"account_key": k} for k in keys], schema_of("accounts"))
    Store(tmp_path).write("accounts", "all", rows)
    return tmp_path


def enter(
    case: Path, a: str, b: str, judgement: str, day: int = 0, reason: str = "stated by the provider"
) -> list[str]:
    return judge(case, (a, b), judgement, reason, operator="examiner 7", clock=lambda: NOON + timedelta(days=day))


def options(**given: Any) -> dict[str, Any]:
    none = {"judgement": None, "revoke": None, "listed": False, "reason": "", "by": None, "operator": "examiner 9"}
    return none | given


def test_a_judgement_is_kept_with_who_when_and_why_and_is_in_the_ledger(case: Path) -> None:
    enter(case, "ig:cedar_z", "ig:alder_x", "positive")
    assert load_judgements(case) == (
        Judgement(
            id="J-001",
            account_a="ig:alder_x",
            account_b="ig:cedar_z",
            judgement="positive",
            reason="stated by the provider",
            by="examiner 7",
            at="2026-05-01T12:00:00.000000Z",
        ),
    )
    entry = read_entries(case)[-1]
    assert (entry["event"], entry["item"], entry["actor"]["name"]) == ("judged", "J-001", "examiner 7")


def test_a_revoked_judgement_stays_in_the_file(case: Path) -> None:
    enter(case, "ig:alder_x", "ig:cedar_z", "positive")
    judge_lines(case, (), **options(revoke="J-001", reason="the phone was second-hand"))
    held = load_judgements(case)
    assert len((case / JUDGEMENTS_FILE).read_bytes().splitlines()) == 2
    assert (held[0].stands, held[0].revoked_by, held[0].revoked_reason) == (
        False,
        "examiner 9",
        "the phone was second-hand",
    )
    assert any("revoked" in line and "second-hand" in line for line in judgement_lines(case))


def test_an_unknown_account_names_the_nearest(case: Path) -> None:
    with pytest.raises(UsageError) as caught:
        enter(case, "ig:alderx", "ig:cedar_z", "positive")
    assert "ig:alder_x" in caught.value.next_step
    assert not (case / JUDGEMENTS_FILE).exists()


def test_without_tables_an_account_cannot_be_checked_and_that_is_said(tmp_path: Path) -> None:
    new_case(tmp_path, case_id="RIVER", operator="examiner 7")
    assert "known after a run only" in enter(tmp_path, "ig:a", "ig:b", "unsure")[0]


def test_a_judgement_against_a_standing_one_says_so(case: Path) -> None:
    enter(case, "ig:alder_x", "ig:cedar_z", "positive")
    lines = enter(case, "ig:alder_x", "ig:cedar_z", "negative")
    assert "! J-001 of examiner 7 says one operator of the same pair, and stands until it is revoked" in lines


@pytest.mark.parametrize(
    ("accounts", "given"),
    [
        ((), {}),
        (("ig:alder_x",), {"judgement": "positive", "reason": "x"}),
        (("ig:alder_x", "ig:alder_x"), {"judgement": "positive", "reason": "x"}),
        (("ig:alder_x", "ig:cedar_z"), {"judgement": "positive", "reason": "  \n "}),
        (("ig:alder_x", "ig:cedar_z"), {"judgement": "positive", "reason": "x" * 2001}),
        (("ig:alder_x", "ig:cedar_z"), {"judgement": "positive", "reason": "x", "listed": True}),
        ((), {"revoke": "J-007", "reason": "x"}),
    ],
)
def test_what_is_no_judgement_is_refused_and_nothing_is_written(
    case: Path, accounts: tuple[str, ...], given: dict[str, Any]
) -> None:
    with pytest.raises(UsageError):
        judge_lines(case, accounts, **options(**given))
    assert [e["event"] for e in read_entries(case)] == ["opened"]


def found(case: Path) -> list[str]:
    return [p.kind for p in verify(case) if JUDGEMENTS_FILE in str(p)]


def test_a_line_written_by_hand_is_refused_and_named(case: Path) -> None:
    enter(case, "ig:alder_x", "ig:cedar_z", "positive")
    path = case / JUDGEMENTS_FILE
    path.write_bytes(path.read_bytes() + path.read_bytes().replace(b"J-001", b"J-002"))
    assert found(case) == ["added"]
    with pytest.raises(IntegrityError):
        complete(case, read_entries(case))


def test_a_changed_reason_is_found(case: Path) -> None:
    enter(case, "ig:alder_x", "ig:cedar_z", "positive")
    path = case / JUDGEMENTS_FILE
    path.write_bytes(path.read_bytes().replace(b"provider", b"neighbor"))
    assert found(case) == ["changed"]


def test_a_removed_judgement_comes_back_from_the_ledger(case: Path) -> None:
    enter(case, "ig:alder_x", "ig:cedar_z", "positive")
    path = case / JUDGEMENTS_FILE
    before = path.read_bytes()
    path.unlink()
    assert found(case) == ["missing"]
    complete(case, read_entries(case))
    assert path.read_bytes() == before
    assert found(case) == []


@pytest.mark.parametrize(
    "line", [b"{", b'{"act":"revoke","revokes":"J-9"}', b"[]", b'{"act":"judge","id":"J-001"}', b"\xff"]
)
def test_a_line_that_is_no_judgement_is_a_case_error(tmp_path: Path, line: bytes) -> None:
    (tmp_path / JUDGEMENTS_FILE).write_bytes(line + b"\n")
    with pytest.raises(CaseError):
        load_judgements(tmp_path)
