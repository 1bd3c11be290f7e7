"""What was planted in the sample case is found, and the flatmate and the imitator are left alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.case import load_case
from pipeline.evidence import open_member
from pipeline.store import Store
from pipeline.verify import verify
from tests.e2e.conftest import SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("harbour")]
TRUTH: dict[str, Any] = json.loads((SAMPLE / "ground_truth.json").read_text("utf-8"))
RESPONDENT = [a["account"] for a in TRUTH["accounts"] if a["operator"] == "P-RESP"]


def rows(case: Path, table: str) -> list[dict[str, Any]]:
    return Store(case).read(table).to_pylist()


def fact_events(case: Path, fact: dict[str, Any]) -> list[dict[str, Any]]:
    """Events at the planted place whose bytes hold the planted needle."""
    loaded, name = load_case(case), fact["exhibit"].rpartition("/")[2]
    exhibit = next(e for e in loaded.exhibits if e.name == name)
    member = fact["member"][-1].rpartition("/")[2] if fact["member"] else ""
    found = []
    for event in rows(case, "events"):
        if event["exhibit_sha256"] != exhibit.sha256 or not event["member_path"].endswith(member):
            continue
        data = bytes(open_member(loaded, exhibit.sha256, event["member_path"])[event["span_start"] : event["span_end"]])
        if fact["needle"].encode() in data and event["event_type"] == fact["event_type"]:
            found.append(event)
    return found


def holds(case: Path, event: dict[str, Any], name: str, value: object) -> bool:
    if name == "identifier":
        return any((i["type"], i["value"]) == (value["type"], value["value"]) for i in event["identifiers"] or [])  # type: ignore[index]
    if name == "parse_flag":
        return value in (event["parse_flags"] or [])
    if name == "not_attested":
        return not {h["ip"] for h in event["hops"] if h["attested"]} & set(value)  # type: ignore[call-overload]
    if name == "text":
        texts = {t["text_id"]: t["text"] for t in rows(case, "texts")}
        return texts[event["text_id"]] == value
    if name.startswith("timestamp") and value is not None:
        return (
            event[name] is not None
            and event[name].isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000Z", "Z") == value
        )
    return event[name] == value


@pytest.mark.parametrize("fact", TRUTH["facts"], ids=[f["id"] for f in TRUTH["facts"]])
def test_a_planted_fact_is_found_with_its_values_at_its_bytes(demo_case: Path, fact: dict[str, Any]) -> None:
    found = fact_events(demo_case, fact)
    assert found, fact["description"]
    assert any(all(holds(demo_case, event, n, v) for n, v in fact["values"].items()) for event in found)


def test_rejects_are_the_planted_ones(demo_case: Path) -> None:
    name_of = {e.sha256: f"evidence/{e.name}" for e in load_case(demo_case).exhibits}
    counted = dict.fromkeys(TRUTH["rejects"], 0)
    for reject in rows(demo_case, "rejects"):
        counted[name_of[reject["exhibit_sha256"]]] += 1
    assert counted == TRUTH["rejects"]


def test_every_byte_of_every_exhibit_is_accounted_for(demo_case: Path) -> None:
    for row in rows(demo_case, "accounting"):
        assert row["bytes_in"] == row["bytes_parsed"] + row["bytes_rejected"] + row["bytes_skipped"]
    unread = {m["member_path"].rpartition("/")[2] for m in rows(demo_case, "members") if m["verdict"] == "unclaimed"}
    assert unread == {"front_door.jpg", "cover_note.txt"}
    assert {m["verdict"] for m in rows(demo_case, "members")} == {"recognised", "pinned", "container", "unclaimed"}


def test_the_respondents_accounts_are_proposed_as_one_operator(demo_case: Path) -> None:
    cluster = {r["account_key"]: r["cluster_id"] for r in rows(demo_case, "clusters")}
    assert len({cluster[a] for a in RESPONDENT}) == 1


def test_no_decoy_is_called_the_same_operator(demo_case: Path) -> None:
    cluster = {r["account_key"]: r["cluster_id"] for r in rows(demo_case, "clusters")}
    for group in TRUTH["not_same_operator"]:
        for account in group["accounts"]:
            for other in group["against"]:
                assert cluster.get(account) is None or cluster[account] != cluster.get(other), (account, other)


def test_no_cluster_mixes_operators(demo_case: Path) -> None:
    operator = {a["account"]: a["operator"] for a in TRUTH["accounts"]}
    members: dict[str, set[str]] = {}
    for row in rows(demo_case, "clusters"):
        if row["account_key"] in operator:
            members.setdefault(row["cluster_id"], set()).add(operator[row["account_key"]])
    assert all(len(found) == 1 for found in members.values())


def test_what_is_undetermined_stays_alone(demo_case: Path) -> None:
    sizes = {r["account_key"]: r["size"] for r in rows(demo_case, "clusters")}
    for entry in TRUTH["undetermined"]:
        assert sizes[entry["account"]] == 1


def test_every_item_cites_events_that_exist(demo_case: Path) -> None:
    events = {e["event_id"] for e in rows(demo_case, "events")}
    cited = [e for item in rows(demo_case, "evidence_items") for e in item["event_ids"]]
    assert cited
    assert set(cited) <= events


def test_the_case_verifies_and_evidence_is_unchanged(demo_case: Path) -> None:
    assert verify(demo_case) == []


def test_the_map_comes_from_the_cases_own_database(demo_case: Path) -> None:
    home = next(r for r in rows(demo_case, "addresses") if r["ip"] == TRUTH["home_address"])
    assert home["network_class"] == "fixed_isp"
    assert home["accuracy_basis"] == "database"
    assert home["country"] == "IE"
