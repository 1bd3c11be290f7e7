"""Six returns about one respondent end to end, and exports that come in parts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest

from pipeline.report.attribution import load_attribution
from tests.e2e import respondent
from tests.e2e.respondent import ANDROID, EXIT, HOME, MAIL, META_DEVICE, PHONE, RESCUE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.store import Store

GOOGLE, INSTAGRAM, WHATSAPP = f"google:{MAIL}", "instagram:wren.hale", f"whatsapp:{PHONE}"
SNAPCHAT, DISCORD, TIKTOK = "snapchat:wren_snaps", "discord:wren_d", "tiktok:wren.tok"
ALL = {GOOGLE, INSTAGRAM, WHATSAPP, SNAPCHAT, DISCORD, TIKTOK}


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("six")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VESTIGO_KEY_DIR", str(folder / "keys"))
        yield respondent.run(folder, respondent.six_returns())


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("parts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VESTIGO_KEY_DIR", str(folder / "keys"))
        yield respondent.run(folder, respondent.split_instagram())


def edges(store: Store, node: str) -> set[tuple[str, str]]:
    """(account, kind of edge) of everything that touches a node."""
    rows = [r for r in store.read("edges").to_pylist() if r["target"] == node]
    return {(r["source"].removeprefix("account:"), r["edge_type"]) for r in rows}


def events(store: Store, where: str) -> list[tuple[Any, ...]]:
    with store.connect() as con:
        return con.execute(where).fetchall()


def test_every_return_is_read_without_a_reject(six: Store) -> None:
    assert six.read("rejects").to_pylist() == []
    assert {r["verdict"] for r in six.read("members").to_pylist()} == {"container", "recognised"}


def test_the_home_address_leads_to_every_account(six: Store) -> None:
    assert {account for account, kind in edges(six, f"address:{HOME}") if kind == "observed_on"} == ALL


def test_an_address_of_one_return_leads_to_its_account_alone(six: Store) -> None:
    assert edges(six, f"address:{EXIT}") == {(INSTAGRAM, "observed_on")}


def test_devices_reach_the_graph(six: Store) -> None:
    assert edges(six, f"device:{META_DEVICE}") == {(INSTAGRAM, "used_device")}
    assert edges(six, f"device:{ANDROID}") == {(GOOGLE, "used_device")}


def test_recovery_contacts_reach_the_graph(six: Store) -> None:
    assert edges(six, f"email:{RESCUE}") == {(GOOGLE, "known_by")}
    assert {a for a, _ in edges(six, f"phone:{PHONE}")} >= {GOOGLE, INSTAGRAM, SNAPCHAT, DISCORD, TIKTOK}
    assert {a for a, _ in edges(six, f"email:{MAIL}")} >= {INSTAGRAM, SNAPCHAT, DISCORD, TIKTOK}


def test_a_login_keeps_address_port_and_its_own_time(six: Store) -> None:
    found = events(
        six,
        "SELECT DISTINCT source_ip, source_port, timestamp_raw FROM events "
        "WHERE account_platform = 'instagram' AND source_ip IS NOT NULL ORDER BY timestamp_raw",
    )
    assert found == [
        (HOME, None, "2026-02-01 09:00:00 UTC"),
        (HOME, 51234, "2026-03-01 20:00:00 UTC"),
        (EXIT, None, "2026-03-03 20:00:00 UTC"),
    ]


def test_what_two_parts_of_a_return_repeat_counts_once(six: Store) -> None:
    repeated = events(
        six, "SELECT event_type, count(*) FROM repeats JOIN events USING (event_id) GROUP BY 1 ORDER BY 1"
    )
    assert repeated == [("account_profile", 2), ("session", 1)]
    counted = events(
        six,
        "SELECT n_events FROM observations WHERE account_key = 'instagram:wren.hale' AND identifier = '203.0.113.57'",
    )
    assert counted == [(2,)]


def test_links_that_providers_state_are_edges_of_their_own(six: Store) -> None:
    stated = [r for r in six.read("edges").to_pylist() if r["edge_type"] == "provider_link"]
    assert {(r["source"], r["target"]) for r in stated} == {
        (f"account:{GOOGLE}", "account:google:second@example.com"),
        (f"account:{INSTAGRAM}", "account:instagram:quiet.pier"),
    }
    assert all(json.loads(r["attributes"])["trust"] == "provider_asserted" for r in stated)
    assert all(r["weight"] is None for r in stated)


def test_graphml_keeps_stated_and_inferred_links_apart(six: Store) -> None:
    graph = nx.read_graphml(six.root / "exports" / "attribution.graphml")
    kinds: dict[str, set[str]] = {}
    for _, _, edge in graph.edges(data=True):
        trust = json.loads(edge["attributes"]).get("trust")
        if trust:
            kinds.setdefault(edge["edge_type"], set()).add(trust)
    assert kinds["provider_link"] == {"provider_asserted"}
    assert all(found == {"inferred"} for kind, found in kinds.items() if kind != "provider_link")


def test_the_attribution_page_shows_stated_links_apart_from_weighed_ones(six: Store) -> None:
    page = load_attribution(six, 2.0)
    assert sorted((r["account"], r["other"], r["bases"]) for r in page.asserted) == [
        (GOOGLE, "google:second@example.com", ["linked"]),
        (INSTAGRAM, "instagram:quiet.pier", ["linked by device"]),
    ]
    assert not [link for link in page.links if link.row["decision"] == "provider_asserted"]


def test_a_recipient_named_by_id_is_no_shown_name(six: Store) -> None:
    keys = set(six.read("accounts")["account_key"].to_pylist())
    assert "instagram:finch.six" in keys
    assert not [key for key in keys if "~" in key]


def test_a_statement_of_no_records_stands_in_the_completeness_table(six: Store) -> None:
    rows = [r for r in six.read("completeness").to_pylist() if r["kind"] == "no_records"]
    assert [(r["member_path"], r["subject"]) for r in rows] == [("records.html", "searches")]


def test_parts_of_a_download_are_one_account(parts: Store) -> None:
    logins = events(
        parts,
        "SELECT a.account_key, a.role, a.basis FROM account_events a JOIN events e USING (event_id) "
        "WHERE e.event_type = 'authentication'",
    )
    assert logins == [("instagram:wren.hale", "actor", "export_part")]


def test_a_thread_over_two_archives_is_one_thread_and_repeats_count_once(parts: Store) -> None:
    [(threads, read)] = events(
        parts, "SELECT count(DISTINCT thread_id), count(*) FROM events WHERE event_type = 'message'"
    )
    assert (threads, read) == (1, 30)
    [(counted,)] = events(
        parts,
        "SELECT count(DISTINCT event_id) FROM account_events JOIN events USING (event_id) WHERE event_type = 'message'",
    )
    assert counted == 20


def test_an_exhibit_whose_name_has_no_part_number_takes_no_owner_from_another(tmp_path: Path) -> None:
    files = respondent.split_instagram()
    first, second = files.values()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VESTIGO_KEY_DIR", str(tmp_path / "keys"))
        store = respondent.run(tmp_path, {"one.zip": first, "two.zip": second})
    logins = events(
        store, "SELECT a.* FROM account_events a JOIN events e USING (event_id) WHERE e.event_type = 'authentication'"
    )
    assert logins == []
