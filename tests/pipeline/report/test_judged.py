"""The report's part on human judgements, and on accounts left apart between groups; hostile text in both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from pipeline.report import wording
from pipeline.report.attribution import load_attribution
from pipeline.report.judged import judged_payload
from pipeline.report.render import render
from pipeline.report.summary import summary_lines
from pipeline.tables import schema_of
from tests.browser.chrome import chromium, require
from tests.pipeline.report.synthetic import COPY, FLAT, A, B, make_case

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.case import Case
    from pipeline.store import Store

REASON = "answer of the provider, </script><b>page 3</b> \u202e"


def judged_case(root: Path) -> tuple[Case, Store]:
    """The synthetic case, with a judgement on the pair A and B, a revoked one, and an account between two groups."""
    case, store = make_case(root)
    row: dict[str, Any] = {
        "judgement_id": "J-001", "link_id": "L1", "account_a": A, "account_b": B, "judgement": "positive",
        "judged_by": "examiner 7", "judged_at": "2026-05-01T12:00:00.000000Z", "reason": REASON,
        "effect": "applied: joined",
    }  # fmt: skip
    gone = row | {
        "judgement_id": "J-002", "judgement": "negative", "revoked_by": "examiner 8",
        "revoked_at": "2026-05-02T08:00:00.000000Z", "revoked_reason": "wrong pair", "effect": "revoked: not applied",
    }  # fmt: skip
    clusters = store.read("clusters").to_pylist()
    for cluster in clusters:
        if cluster["account_key"] in {A, B}:
            cluster |= {"status": "judged", "reasons": [f"{A} and {B}: joined by human judgement of examiner 7"]}
        if cluster["account_key"] == FLAT:
            cluster |= {"status": "ambiguous", "reasons": [f"{FLAT} fits with {A}, {COPY}: left apart from both"]}
    links = store.read("links").to_pylist()
    links = [link | ({"decision": "judged_same"} if link["link_id"] == "L1" else {}) for link in links]
    for name, rows in (("judgements", [row, gone]), ("clusters", clusters), ("links", links)):
        store.write(name, "all", pa.Table.from_pylist(rows, schema_of(name)))
    return case, store


def test_judgements_are_listed_with_who_when_why_and_what_they_did(tmp_path: Path) -> None:
    _, store = judged_case(tmp_path)
    rows = judged_payload(store)["rows"]
    assert [(r["id"], r["judgement"], r["by"], r["effect"]) for r in rows] == [
        ("J-001", "one operator", "examiner 7", "Applied: joined."),
        ("J-002", "different operators", "examiner 7", "Revoked: not applied."),
    ]
    assert [r["revoked"] for r in rows] == ["", "Revoked by examiner 8 on 2026-05-02: wrong pair."]


def test_an_account_between_groups_is_shown_with_its_reasons(tmp_path: Path) -> None:
    case, store = judged_case(tmp_path)
    assert judged_payload(store)["torn"] == [
        {"account": FLAT, "reasons": [f"{FLAT} fits with {A}, {COPY}: left apart from both."]}
    ]
    line = f"Left apart, because what is known fits more than one side: {FLAT}."
    assert line in summary_lines(case, store)


def test_the_headline_of_a_judged_group_says_that_people_joined_it(tmp_path: Path) -> None:
    case, store = judged_case(tmp_path)
    group = load_attribution(store, case.weights.threshold).groups[0]
    assert group.headline().startswith(f"2 accounts are grouped with the help of human judgement: {A}, {B}.")
    assert "one operator of these" not in group.headline()


def test_a_reason_keeps_the_letters_of_an_account() -> None:
    assert wording.full_stop("ig:a fits") == "ig:a fits."
    assert wording.full_stop("judgements differ") == "Judgements differ."


@pytest.mark.browser
def test_the_page_shows_judgements_and_accounts_left_apart(tmp_path: Path) -> None:
    require()
    case, store = judged_case(tmp_path / "case")
    report = tmp_path / "report.html"
    overrides = [{"key": "veto", "shipped": -1.0, "used": -2.0, "reason": "few devices in this case"}]
    weights = [{"kind": "network: fixed_isp", "unrelated": 2.5, "source": "fit"}]
    report.write_bytes(render(case, store, weights, overrides))
    with chromium() as page:
        page.open(report)
        text = page.value("document.getElementById('attribution').innerText")
        for words in (
            "Human judgements",
            "examiner 7",
            "</script><b>page 3</b>",
            "wrong pair",
            "Left apart between groups",
        ):
            assert words in text
        assert "grouped with the help of human judgement" in page.value("document.getElementById('summary').innerText")
        method = page.value("document.getElementById('method').innerText")
        for words in ("1 parameter differs", "veto", "-2", "few devices in this case"):
            assert words in method
        assert page.problems() == []
