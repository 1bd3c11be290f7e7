"""The traced headers that the report carries."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

from pipeline.headers_view import headers_view
from pipeline.report import mails
from pipeline.report.columns import pack
from pipeline.report.events import load_events
from tests.pipeline.report.synthetic import EXIT, HOME, make_case

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def payload(tmp_path: Path, limit: int = mails.MAIL_LIMIT, *, hostile: bool = False) -> dict[str, Any]:
    _, store = make_case(tmp_path / "case", hostile=hostile)
    with closing(store.connect()) as con:
        return mails.mails_payload(con, load_events(con).rows, limit)


def test_a_message_is_carried_as_the_headers_command_shows_it(tmp_path: Path) -> None:
    found = payload(tmp_path)
    (view,) = found["views"].values()
    assert (list(found["views"]), found["total"]) == (["ev0059"], 1)
    assert (view["attested_ip"], view["boundary_host"]) == (EXIT, "mx.example.org")
    hops = [(hop["ip"], hop["attested"], hop.get("delay_s")) for hop in view["hops"]]
    assert hops == [(EXIT, True, 7200), (HOME, False, None)]
    assert view["authentication"][0]["result"] == "pass"
    assert view["signatures"] == [
        {
            "kind": "DKIM",
            "state": "body_changed",
            "means": "altered after signing",
            "domain": "example.net",
            "selector": "s1",
        }
    ]
    assert view["decoders"][0]["suggests"]
    assert view["clocks"] == [
        {"host": "mx.example.org", "n_pairs": 9, "n_negative": 1, "median_s": 3.0, "low_s": -2.0, "high_s": 41.0}
    ]
    assert sorted(found["addresses"]) == [EXIT, HOME]
    assert any("mail_hosts under [trust] of case.toml" in text for text in view["warnings"])


def test_the_parts_have_the_names_that_the_headers_command_gives_them(tmp_path: Path) -> None:
    received = b"Received: from a.example.net (a.example.net [198.51.100.24]) by mx.example.org with ESMTP id 4;"
    rest = b" Sun, 1 Mar 2026 10:00:07 +0000\r\nFrom: a@example.net\r\nTo: b@example.org\r\n\r\n"
    shown = headers_view(received + rest)
    (view,) = payload(tmp_path)["views"].values()
    assert set(view) - {"clocks", "left_out"} <= set(shown)


def test_messages_above_the_limit_are_counted_not_carried(tmp_path: Path) -> None:
    found = payload(tmp_path, 0)
    assert (found["views"], found["total"]) == ({}, 1)


def test_messages_beyond_the_total_size_are_counted_not_carried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "MAIL_BYTES", 100)
    found = payload(tmp_path)
    assert (found["views"], found["total"]) == ({}, 1)


def test_long_texts_and_lists_are_cut_and_the_rest_is_counted() -> None:
    names = ("authentication", "signatures", "decoders", "clocks", "warnings", "claimed_ips", "attachments")
    view: dict[str, Any] = {name: [] for name in names}
    hops = [{"index": i, "raw": "r" * 5000, "span_start": 1, "helo": "h" * 5000} for i in range(500)]
    cut = mails._bounded({**view, "hops": hops})
    assert cut["left_out"] == {"hops": 440}
    assert set(cut["hops"][0]) == {"index", "helo"}
    assert len(cut["hops"][0]["helo"]) == 600


def test_hostile_text_stays_data(tmp_path: Path) -> None:
    found = payload(tmp_path, hostile=True)
    assert "<script>" in json.dumps(found, default=str)
    assert "<" not in pack(found)
