"""The stage over a case: tables of signatures, values and clocks, and the list of keys to ask for."""

from __future__ import annotations

import base64
import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.case import load_case
from pipeline.engine import RunOptions, run_stages
from pipeline.errors import CaseError
from pipeline.intake.stage import STAGE as INTAKE
from pipeline.mailauth.clocks import Clocks, hop_delays
from pipeline.mailauth.keystore import load_keys
from pipeline.mailauth.stage import KEYS, KEYS_NEEDED, STAGE
from pipeline.manage import Intake, add_exhibits, new_case
from pipeline.parse.stage import STAGE as PARSE
from pipeline.store import Store
from tests.pipeline.mailauth.signing import record, signed

if TYPE_CHECKING:
    from pathlib import Path

HOP = (
    b"Received: from out.example.net (out.example.net [198.51.100.24]) by mx1.example.org with ESMTPS id 4X;"
    b" Sun, 1 Mar 2026 10:00:%02d +0000\r\n"
    b"Received: from pc (pc.isp.example [203.0.113.23]) by out.example.net with ESMTPA id 9F;"
    b" Sun, 1 Mar 2026 10:00:10 +0000\r\n"
)
ENVELOPE = b"From ash@example.net Sun Mar  1 10:00:00 2026\r\n"


def outer(inner: bytes, *, coded: bool) -> bytes:
    body = base64.encodebytes(inner).replace(b"\n", b"\r\n") if coded else inner
    encoding = b"Content-Transfer-Encoding: base64\r\n" if coded else b""
    return (
        b"From: rowan@example.org\r\nTo: desk@example.org\r\nDate: Sun, 1 Mar 2026 12:00:00 +0000\r\n"
        b"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: message/rfc822\r\n"
        + encoding + b"\r\n" + body + b"\r\n--o--\r\n"
    )  # fmt: skip


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VESTIGO_KEY_DIR", str(tmp_path / "keys"))
    root = tmp_path / "case"
    new_case(root, case_id="T1", operator="t")
    mails = [HOP % seconds + signed() for seconds in (5, 6, 7, 8, 9)]
    mbox = b"".join(ENVELOPE + mail.replace(b"\r\nFrom the", b"\r\n>From the") + b"\r\n" for mail in mails)
    files = {
        "inbox.mbox": mbox,
        "forward.eml": outer(signed(), coded=False),
        "coded.eml": outer(signed(), coded=True),
        "altered.eml": HOP % 20 + signed().replace(b"I saw", b"I SAW"),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    add_exhibits(root, [tmp_path / name for name in files], Intake(authority="consent"), operator="t")
    return root


def run(root: Path) -> None:
    quiet = {"on_progress": lambda *_: None, "on_stage": lambda _: None}
    run_stages(load_case(root), [INTAKE, PARSE, STAGE, KEYS], RunOptions(workers=1), **quiet)


def signatures(root: Path) -> list[tuple[Any, ...]]:
    with Store(root).connect() as con:
        return con.sql(
            "SELECT x.name, e.locator, s.state FROM mail_signatures s JOIN events e USING (event_id) "
            "JOIN exhibits x ON x.sha256 = e.exhibit_sha256 ORDER BY ALL"
        ).fetchall()


def needed(root: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((root / KEYS_NEEDED).read_text("utf-8").splitlines()))


def test_without_keys_bodies_are_compared_and_the_keys_are_listed(case: Path) -> None:
    run(case)
    assert signatures(case) == [
        ("altered.eml", "message", "body_changed"),
        ("forward.eml", "message > attachment 1", "key_not_held"),
        *[("inbox.mbox", f"message {n}", "key_not_held") for n in range(1, 6)],
    ]
    assert needed(case) == [
        {
            "dns_name": "s1._domainkey.example.net",
            "domain": "example.net",
            "selector": "s1",
            "messages": "6",
            "first_date": "2026-03-01",
            "last_date": "2026-03-01",
        }
    ]


def test_with_archived_keys_signatures_are_verified_and_name_the_key(case: Path) -> None:
    run(case)
    line = {"domain": "example.net", "selector": "s1", "txt": record(), "source": "archive", "statement": "desk copy"}
    line |= {"first_seen": "2026-01-01", "last_seen": "2026-02-01"}
    (case / "keys.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    run(case)
    assert [state for _, _, state in signatures(case)] == ["body_changed", *["verified"] * 6]
    assert needed(case) == []
    rows = Store(case).read("mail_signatures").to_pylist()
    held = next(r for r in rows if r["state"] == "verified")
    assert (held["key_source"], held["key_statement"], held["key_window"]) == ("archive", "desk copy", "outside")


def test_the_clock_of_a_host_is_learned_over_a_mailbox(case: Path) -> None:
    run(case)
    with Store(case).connect() as con:
        rows = con.sql("SELECT host, n_pairs, n_negative, median_s FROM mail_hosts ORDER BY n_pairs DESC").fetchall()
    assert rows == [("mx1.example.org", 5, 5, -3.0), ("mx1.example.org", 1, 0, None)]


def test_decoded_values_reach_their_table(case: Path, tmp_path: Path) -> None:
    (tmp_path / "php.eml").write_bytes(b"X-PHP-Originating-Script: 33:send.php\r\n" + HOP % 5 + signed())
    add_exhibits(case, [tmp_path / "php.eml"], Intake(authority="consent"), operator="t")
    run(case)
    rows = Store(case).read("mail_values").to_pylist()
    assert [(r["decoder"], r["field"], r["value"]) for r in rows] == [
        ("php_script", "X-PHP-Originating-Script", '{"script":"send.php","uid":33}')
    ]


def test_names_that_no_name_server_knows_are_not_listed(case: Path, tmp_path: Path) -> None:
    hostile = signed().replace(b"s=s1", b"s==1+1").replace(b"d=example.net", b"d=@SUM(A1)")
    (tmp_path / "hostile.eml").write_bytes(hostile)
    add_exhibits(case, [tmp_path / "hostile.eml"], Intake(authority="consent"), operator="t")
    run(case)
    assert [row["domain"] for row in needed(case)] == ["example.net"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "keys.jsonl line 1"),
        ('{"domain": "a", "selector": "s", "txt": "p=", "source": "dreams"}', "keys.jsonl line 1"),
        ('{"domain": "a", "selector": "s", "txt": "p=", "source": "dns", "sha256": "00"}', "does not have the SHA-256"),
        ('{"domain": "a", "selector": "s", "txt": "p=", "source": "dns", "more": 1}', "unknown field"),
    ],
)
def test_a_key_file_that_does_not_hold_is_refused_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "keys.jsonl"
    path.write_text(line + "\n", "utf-8")
    with pytest.raises(CaseError, match=message):
        load_keys(path)


def test_delays_need_two_times_and_a_host() -> None:
    hops = [{"by": "A.example", "time": 9_000_000}, {"by": "b", "time": 2_000_000}, {"time": None}, {"by": "c"}]
    assert hop_delays(hops) == [("a.example", 7.0)]
    clocks = Clocks()
    for seconds in (1.0, 2.0, 3.0, 4.0):
        clocks.add([("a", seconds)])
    assert [(c.n_pairs, c.median_s) for c in clocks.rows()] == [(4, None)]
