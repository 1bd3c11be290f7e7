"""What is missing, unread or not understood in an exhibit is counted, and nothing is claimed of it."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.case import load_case
from pipeline.complete.periods import bounds
from pipeline.complete.rows import KINDS
from pipeline.complete.series import listed, missing_numbers, page_numbers
from pipeline.complete.stage import STAGE
from pipeline.engine import RunOptions, run_stages
from pipeline.intake.stage import STAGE as INTAKE
from pipeline.manage import Intake, add_exhibits, new_case
from pipeline.parse.stage import STAGE as PARSE
from pipeline.store import Store
from tests.parsers.platform_exports.returns import BREAK, flat, page, section

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Read = Callable[[dict[str, bytes]], Store]

JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0 invented "
LOGINS = flat([[("IP Address", "192.0.2.7"), ("Time", "2025-03-01 10:00:00 UTC")]])


def _quiet(*_: object) -> None:
    """Nobody watches."""


@pytest.fixture
def read_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    monkeypatch.setenv("VESTIGO_KEY_DIR", str(tmp_path / "keys"))

    def run(files: dict[str, bytes]) -> Store:
        root = tmp_path / "case"
        new_case(root, case_id="T1", operator="t")
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        add_exhibits(root, [tmp_path / n for n in files], Intake(authority="consent", timezone="UTC"), operator="t")
        run_stages(load_case(root), [INTAKE, PARSE, STAGE], RunOptions(workers=1), on_progress=_quiet, on_stage=_quiet)
        return Store(root)

    return run


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def rows(store: Store, kind: str) -> list[dict[str, Any]]:
    return [r for r in store.read("completeness").to_pylist() if r["kind"] == kind]


def thread(*texts: str, **more: object) -> bytes:
    messages = [
        {"sender_name": "Wren", "timestamp_ms": 1735725600000 + n * 1000, "content": text, **more}
        for n, text in enumerate(texts)
    ]
    people = [{"name": "Wren"}, {"name": "Finch"}]
    return json.dumps({"participants": people, "messages": messages, "thread_path": "inbox/wren_123"}).encode()


def telegram(*ids: int) -> bytes:
    messages = [
        {"id": n, "type": "message", "date": "2025-01-01T10:00:00", "date_unixtime": "1735725600", "from": "Wren",
         "from_id": "user2002", "text": "x"}
        for n in ids
    ]  # fmt: skip
    return json.dumps({"name": "Wren", "type": "personal_chat", "id": 2002, "messages": messages}).encode()


def test_members_that_nothing_reads_and_members_passed_over_by_name_are_listed(read_case: Read) -> None:
    store = read_case(
        {"a.zip": zipped({"notes.txt": b"hello there", "__MACOSX/x": b"1", "message_1.json": thread("a")})}
    )
    assert [(r["member_path"], r["n"], r["says"]) for r in rows(store, "unclaimed")] == [
        ("notes.txt", 11, KINDS["unclaimed"])
    ]
    assert [r["member_path"] for r in rows(store, "ignored_by_name")] == ["__MACOSX/x"]


def test_parts_of_a_read_file_that_no_rule_reads_are_counted_with_their_rejects(read_case: Read) -> None:
    store = read_case(
        {"records.html": page(section("ip_addresses", "Ip Addresses", LOGINS), section("zeppelins", "Zeppelins", "x"))}
    )
    [row] = rows(store, "unknown_structure")
    assert (row["n"], row["format_id"]) == (1, "platform/meta_return")
    assert "zeppelins" in row["subject"]
    assert len(row["example_ids"]) == 1


def test_fields_kept_as_written_are_counted_by_name(read_case: Read) -> None:
    store = read_case({"message_1.json": thread("a", "b", new_field=5)})
    assert [(r["subject"], r["n"]) for r in rows(store, "kept_as_written") if r["subject"] == "new_field"] == [
        ("new_field", 2)
    ]


def test_a_statement_of_no_records_is_listed_with_its_scope(read_case: Read) -> None:
    none = section("searches", "Searches", "No responsive records located")
    store = read_case({"records.html": page(section("ip_addresses", "Ip Addresses", LOGINS), none)})
    assert [(r["subject"], r["n"], r["detail"]) for r in rows(store, "no_records")] == [("searches", 1, "2025")]


def test_a_stated_period_stands_beside_the_times_that_were_read(read_case: Read) -> None:
    outside = flat([[("IP Address", "192.0.2.8"), ("Time", "2026-01-01 00:00:00 UTC")]])
    data = page(section("ip_addresses", "Ip Addresses", LOGINS + outside))
    period = b"2025-01-01 00:00:00 UTC to 2025-10-01 00:00:00 UTC"
    store = read_case({"records.html": data.replace(b">2025<", b">" + period + b"<")})
    [row] = rows(store, "period")
    assert row["n"] == 1
    assert row["detail"] == (
        "stated: 2025-01-01 00:00:00 UTC to 2025-10-01 00:00:00 UTC; 2 dated records were read, from "
        "2025-03-01 10:00:00+00:00 to 2026-01-01 00:00:00+00:00; 1 lie outside"
    )


def test_a_period_given_in_days_holds_its_last_day() -> None:
    assert bounds("2025-01-01", "2025-01-01") == (1735689600000000, 1735776000000000)
    assert bounds("spring", "2025-01-01") is None


def test_numbers_missing_between_messages_are_counted_and_not_explained(read_case: Read) -> None:
    store = read_case({"result.json": telegram(10, 11, 15)})
    [row] = rows(store, "id_gap")
    assert row["n"] == 3
    assert row["detail"].startswith("3 of the numbers 10 to 15 are here")


def test_a_run_of_numbers_without_a_gap_gives_no_row(read_case: Read) -> None:
    assert rows(read_case({"result.json": telegram(10, 11, 12)}), "id_gap") == []


def test_a_part_missing_from_a_thread_and_from_a_series_of_archives_is_named(read_case: Read) -> None:
    store = read_case({
        "takeout-001.zip": zipped({"inbox/wren/message_1.json": thread("a"), "inbox/wren/message_3.json": thread("c")}),
        "takeout-003.zip": zipped({"inbox/finch/message_1.json": thread("z")}),
    })  # fmt: skip
    assert [(r["subject"], r["n"], r["detail"]) for r in rows(store, "part_missing")] == [
        ("inbox/wren/message_#.json", 1, "parts 1, 3 are here; 2 not"),
        ("takeout-#.zip", 1, "parts 1, 3 are here; 2 not"),
    ]


def test_a_page_heading_that_is_missing_is_named(read_case: Read) -> None:
    breaks = "".join(BREAK.replace("_2", f"_{n}").replace("Page 2", f"Page {n}") for n in (2, 3, 6))
    store = read_case({"records.html": page(section("ip_addresses", "Ip Addresses", LOGINS + breaks))})
    assert [(r["n"], r["detail"]) for r in rows(store, "page_missing")] == [(2, "pages 2 to 3, 6 are here; 4 to 5 not")]


def test_a_page_heading_that_crosses_a_piece_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.complete.series._PIECE", 10)
    (tmp_path / "a").write_bytes(b"x" * 7 + BREAK.encode() * 2 + BREAK.replace("_2", "_41").encode())
    assert page_numbers(tmp_path / "a") == {2, 41}


@pytest.mark.parametrize(
    ("found", "missing"), [([1, 2, 4], [3]), ([2], [1]), ([2024], []), ([1, 900], []), ([1], []), ([3, 1], [2])]
)
def test_only_numbers_that_look_like_a_series_have_gaps(found: list[int], missing: list[int]) -> None:
    assert missing_numbers(found) == missing


def test_numbers_are_listed_as_runs() -> None:
    assert listed([5, 1, 2, 3]) == "1 to 3, 5"


def test_a_picture_is_linked_to_the_message_that_names_it(read_case: Read) -> None:
    photo = {"photos": [{"uri": "your_activity/inbox/wren_123/photos/11.jpg"}]}
    files = {
        "your_activity/inbox/wren_123/message_1.json": thread("", **photo),
        "your_activity/inbox/wren_123/photos/11.jpg": JPEG + b"a",
        "your_activity/inbox/finch_9/photos/11.jpg": JPEG + b"b",
        "other.jpg": JPEG + b"c",
    }
    store = read_case({"a.zip": zipped(files)})
    media = {
        r["member_path"]: (r["media_type"], r["n_events"], len(r["event_ids"])) for r in store.read("media").to_pylist()
    }
    assert media == {
        "other.jpg": ("image/jpeg", 0, 0),
        "your_activity/inbox/finch_9/photos/11.jpg": ("image/jpeg", 0, 0),
        "your_activity/inbox/wren_123/photos/11.jpg": ("image/jpeg", 1, 1),
    }
    assert rows(store, "unclaimed") == []
    assert {r["member_path"] for r in rows(store, "media_unlinked")} == {
        "other.jpg", "your_activity/inbox/finch_9/photos/11.jpg"
    }  # fmt: skip


def test_a_picture_in_another_part_of_the_export_is_found(read_case: Read) -> None:
    photo = {"photos": [{"uri": "inbox/wren_123/photos/11.jpg"}]}
    store = read_case({
        "export-001.zip": zipped({"inbox/wren_123/message_1.json": thread("", **photo)}),
        "export-002.zip": zipped({"inbox/wren_123/photos/11.jpg": JPEG}),
    })  # fmt: skip
    assert [r["n_events"] for r in store.read("media").to_pylist()] == [1]


def test_a_reference_that_leads_nowhere_is_counted(read_case: Read) -> None:
    store = read_case({"message_1.json": thread("a", "b", photos=[{"uri": "photos/gone.jpg"}])})
    assert [(r["n"], r["example_ids"] != []) for r in rows(store, "media_unfound")] == [(2, True)]


def test_linked_media_of_a_return_are_linked_by_their_path(read_case: Read) -> None:
    message = flat([[
        ("Author", "wren.hale (Instagram: 100200300)"), ("Sent", "2025-03-01 10:00:00 UTC"), ("Body", "look"),
        ("Linked Media File:", "linked_media/unified_message_7.jpg"),
    ]])  # fmt: skip
    body = flat([[("Thread", "(77)"), ("Current Participants", "wren.hale (Instagram: 100200300)")]]) + message
    store = read_case({"return.zip": zipped({
        "records.html": page(section("unified_messages", "Unified Messages", body)),
        "linked_media/unified_message_7.jpg": JPEG,
    })})  # fmt: skip
    assert [(r["member_path"], r["n_events"]) for r in store.read("media").to_pylist()] == [
        ("linked_media/unified_message_7.jpg", 1)
    ]


def test_the_same_evidence_gives_the_same_rows_whatever_its_order(read_case: Read) -> None:
    ids = (
        read_case({"result.json": telegram(10, 15), "message_1.json": thread("a")})
        .read("completeness")["row_id"]
        .to_pylist()
    )
    assert ids == sorted(ids)
    assert len(ids) == len(set(ids))


def test_the_manifest_of_an_archive_stands_beside_what_is_in_it(read_case: Read) -> None:
    def part(name: str, count: int) -> bytes:
        rows = [
            {"ipAudit": {"accountId": "1", "createdAt": "2026-01-01T10:00:00.000Z", "loginIp": "192.0.2.7"}}
        ] * count
        return f"window.YTD.{name}.part0 = {json.dumps(rows)}".encode()

    def entry(name: str, count: int) -> dict[str, str]:
        return {"fileName": f"data/{name}.js", "globalName": f"YTD.{name}.part0", "count": str(count)}

    files = [entry("ip_audit", 3), entry("mute", 1)]
    config = {"userInfo": {"accountId": "1", "userName": "tern_h"}, "dataTypes": {"ipAudit": {"files": files}}}
    store = read_case({"x.zip": zipped({
        "data/manifest.js": b"window.__THAR_CONFIG = " + json.dumps(config).encode(),
        "data/ip_audit.js": part("ip_audit", 2), "data/ip_audit_more.js": part("ip_audit_more", 1),
    })})  # fmt: skip
    found = [r for r in store.read("completeness").to_pylist() if r["kind"].startswith("manifest")]
    assert [(r["kind"], r["subject"], r["detail"]) for r in found] == [
        ("manifest_unfound", "YTD.mute.part0", "1 records listed"),
        ("manifest_unlisted", "YTD.ip_audit_more.part0", "1 found"),
        ("manifest_differs", "YTD.ip_audit.part0", "3 records listed; 2 found"),
    ]
