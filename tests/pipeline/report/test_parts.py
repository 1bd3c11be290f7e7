"""The parts of the report, one by one."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.report import headline
from pipeline.report.attribution import load_attribution
from pipeline.report.clock import offsets
from pipeline.report.columns import encode, encode_table
from pipeline.report.custody import load_custody
from pipeline.report.events import activity, load_events, what
from pipeline.report.graph import Line, first_nodes, graph_payload
from pipeline.report.layout import BOX, layout
from pipeline.report.page import APP
from pipeline.report.places import places_payload
from pipeline.report.summary import summary_lines
from pipeline.report.visible import HIDDEN, visible
from tests.pipeline.report.synthetic import COPY, FLAT, A, B, make_case

BANNED = (
    r"innerHTML|outerHTML"
    r"|insertAdjacentHTML|document\.write|\beval\b|new Function|localStorage|sessionStorage|indexedDB"
    r"|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|importScripts|window\.open|location\s*="
)
APP_FOLDER = Path(__file__).resolve().parents[3] / "pipeline" / "report" / "app"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\u202eb", "a\u27e6U+202E\u27e7b"),
        ("\x00\x1b[0m", "\u27e6U+0000\u27e7\u27e6U+001B\u27e7[0m"),
        ("zero\u200bwidth\ufeff", "zero\u27e6U+200B\u27e7width\u27e6U+FEFF\u27e7"),
        ("\U000e0041", "\u27e6U+E0041\u27e7"),
        ("\ud800", "\u27e6U+D800\u27e7"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("Aodh\u00e1n \u65e5\u672c", "Aodh\u00e1n \u65e5\u672c"),
    ],
)
def test_hidden_characters_are_written_out_and_others_kept(raw: str, shown: str) -> None:
    assert visible(raw) == shown


def test_the_page_and_python_hide_the_same_characters() -> None:
    script = (APP_FOLDER / "dom.js").read_text("utf-8")
    ranges = HIDDEN.replace(r"\ud800-\udfff", "")
    assert f"const HIDDEN = /[{ranges}\\u{{e0000}}-\\u{{e0fff}}]|[\\ud800-\\udfff]/gu;" in script


def test_no_script_of_the_page_parses_markup_stores_or_fetches() -> None:
    for name in APP:
        assert re.findall(BANNED, (APP_FOLDER / name).read_text("utf-8")) == [], name


def test_every_script_of_the_page_is_in_the_list_and_together_they_are_small() -> None:
    assert {path.name for path in APP_FOLDER.glob("*.js")} == set(APP)
    assert sum((APP_FOLDER / name).stat().st_size for name in APP) < 150_000


def test_repeated_words_are_stored_once() -> None:
    assert encode(["b", None, "b", "a", "b"]) == {"words": ["a", "b"], "at": [1, -1, 1, 0, 1]}
    assert encode(["b", "a"]) == {"values": ["b", "a"]}
    assert encode([None, None]) is None


def test_times_become_microseconds_and_odd_numbers_null() -> None:
    table = pa.table({"t": pa.array([datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)]), "x": pa.array([float("nan")])})
    assert encode_table(table) == {"n": 1, "columns": {"t": {"values": [1_000_005]}}}


def test_the_case_zone_changes_where_its_clocks_change() -> None:
    day = 86_400_000_000
    start = int(datetime(2026, 3, 27, tzinfo=UTC).timestamp()) * 1_000_000
    rows = offsets("Europe/Dublin", [start, start + 5 * day])["offsets"]
    assert rows[-1] == [int(datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp()) * 1000, 3600]
    assert [row[1] for row in rows] == [0, 3600]


def test_a_line_of_an_event_says_what_the_record_states() -> None:
    row = dict.fromkeys(("event_action", "event_outcome", "target_account_login", "target_account_id", "deleted_flag"))
    web = {
        **row,
        "event_type": "http_request",
        "http_request_method": "GET",
        "url_original": "/a",
        "http_response_status_code": 404,
    }
    assert what(web, None) == "GET /a answered 404"
    assert (
        what({**row, "event_type": "authentication", "event_action": "login", "event_outcome": "failure"}, None)
        == "login: failure"
    )
    assert what({**row, "event_type": "message", "deleted_flag": True}, "a\nb") == "[marked deleted by the record] a b"


def test_cited_events_are_carried_before_others(tmp_path: Path) -> None:
    _, store = make_case(tmp_path)
    with closing(store.connect()) as con:
        events = load_events(con, limit=4)
    assert {"ev0001", "ev0003", "ev0005"} <= {row["event_id"] for row in events.rows}
    assert (len(events.rows), events.total) == (4, 60)


def test_activity_counts_all_events_in_quarter_hours(tmp_path: Path) -> None:
    _, store = make_case(tmp_path)
    with closing(store.connect()) as con:
        found = activity(con)
    assert sum(found["types"]["columns"]["n"]["values"]) == 60
    assert sum(found["accounts"]["columns"]["n"]["values"]) == 60
    assert found["slot_s"] == 900


def test_a_group_is_as_strong_as_its_weakest_supported_pair(tmp_path: Path) -> None:
    _, store = make_case(tmp_path)
    group = load_attribution(store, 2.0).groups[0]
    assert (group.accounts, group.strength) == ((A, B), 2.8)


def test_near_misses_name_the_flatmate_and_the_imitator_with_reasons(tmp_path: Path) -> None:
    case, store = make_case(tmp_path)
    head = headline.payload(case, load_custody(case, store), load_attribution(store, 2.0), 60)
    assert [row["pair"] for row in head["near"]] == [[A, FLAT], [A, COPY]]
    assert "another person on the same premises" in head["near"][0]["why"]
    assert "Speaks against it" in head["near"][1]["why"]


def test_the_middle_of_a_country_is_never_drawn(tmp_path: Path) -> None:
    _, store = make_case(tmp_path)
    with closing(store.connect()) as con:
        rows = {row["ip"]: row for row in places_payload(con)["rows"]}
    assert {ip: row["circle"] for ip, row in rows.items()} == {
        "203.0.113.57": True,
        "198.51.100.130": True,
        "192.0.2.9": False,
    }
    assert rows["203.0.113.57"]["accounts"] == [FLAT, A, B]


def test_the_graph_starts_with_groups_near_misses_and_what_accounts_share(tmp_path: Path) -> None:
    _, store = make_case(tmp_path)
    found = graph_payload(store, load_attribution(store, 2.0))
    assert set(found["positions"]) == {f"account:{key}" for key in (A, B, FLAT, COPY)} | {
        "address:203.0.113.57",
        "device:install-3f",
    }


def test_shared_infrastructure_is_drawn_only_where_one_group_uses_it_twice() -> None:
    kinds = {"a": "account", "b": "account", "c": "account", "x": "address", "y": "address"}
    lines = [
        Line("a", "x", "observed_on", shared=True),
        Line("b", "x", "observed_on", shared=True),
        Line("a", "y", "observed_on", shared=True),
        Line("c", "y", "observed_on", shared=True),
    ]
    assert set(first_nodes(kinds, lines, dict.fromkeys(kinds, 1), [{"a", "b"}], set())) == {"a", "b", "x"}


def test_a_layout_is_the_same_every_time_and_keeps_names_apart() -> None:
    names = [f"n{i:02}" for i in range(24)]
    edges = [(names[i], names[(i * 5 + 1) % 24], 1.0) for i in range(24)]
    places = layout(names, edges)
    assert places == layout(list(reversed(names)), list(reversed(edges)))
    rows = sorted(places.values())
    assert not [
        1
        for i, a in enumerate(rows)
        for b in rows[:i]
        if abs(a[0] - b[0]) < BOX[0] - 4 and abs(a[1] - b[1]) < BOX[1] - 4
    ]


def test_a_group_stands_as_a_block_that_holds_nothing_else() -> None:
    names = [f"n{i:02}" for i in range(20)]
    edges = [(names[i], names[(i * 3 + 1) % 20], 1.0) for i in range(20)]
    group = names[2:6]
    places = layout(names, edges, [group])
    left, right = min(places[n][0] for n in group), max(places[n][0] for n in group)
    top, bottom = min(places[n][1] for n in group), max(places[n][1] for n in group)
    inside = [n for n, (x, y) in places.items() if left <= x <= right and top <= y <= bottom]
    assert sorted(inside) == group
    assert (right - left, bottom - top) == (225, 92)


def test_the_terminal_summary_answers_in_at_most_25_lines(tmp_path: Path) -> None:
    case, store = make_case(tmp_path)
    lines = summary_lines(case, store)
    assert len(lines) <= 25
    assert lines[:4] == [
        "CASE-1  Synthetic case",
        "2 exhibits, 2 members, 60 events, 4 accounts.",
        (
            "7,690 bytes in = 3,836 read as records + 9 rejected (0.1 %) + 0 passed over by named rules + 3,845 in "
            "files that no format reads: adds up."
        ),
        f"Moderately strong support (log10 LR +2.8) for one operator of these 2 accounts: {A}, {B}.",
    ]
    assert "! No legal authority is recorded for E2: authority pending." in lines


def test_the_terminal_summary_shows_hidden_characters_and_holds_no_control(tmp_path: Path) -> None:
    case, store = make_case(tmp_path, hostile=True)
    assert not re.search("[\u0000-\u001f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "".join(summary_lines(case, store)))
