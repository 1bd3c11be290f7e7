"""One message's headers, traced for people."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import UsageError
from pipeline.headers_view import headers_text, headers_view
from tests.pipeline.mailauth.signing import MESSAGE, record, signed

if TYPE_CHECKING:
    from pathlib import Path

EDGE = (
    b"Received: from out.example.net (out.example.net [198.51.100.24]) by mx1.example.org (Postfix) with ESMTPS id 4X;"
    b" Sun, 1 Mar 2026 10:00:07 +0000\r\n"
)
STATED = b"Authentication-Results: mx1.example.org; spf=pass smtp.mailfrom=ash@example.net\r\n"
CLAIM = (
    b"Received: from [192.168.1.23] (dsl.isp.example [203.0.113.23]) by out.example.net with ESMTPSA id 9F;"
    b" Sun, 1 Mar 2026 08:00:05 +0000\r\n"
)
MAIL = STATED + EDGE + CLAIM + MESSAGE


def test_the_view_names_the_hand_over_and_marks_what_is_only_claimed() -> None:
    view = headers_view(MAIL)
    assert (view["attested_ip"], view["boundary_host"]) == ("198.51.100.24", "mx1.example.org")
    assert [(h["ip"], h["attested"], h.get("delay_s")) for h in view["hops"]] == [
        ("198.51.100.24", True, 7202),
        ("203.0.113.23", False, None),
    ]
    assert [(s["method"], s["result"], s["attested"]) for s in view["authentication"]] == [("spf", "pass", True)]


def test_trusted_hosts_move_the_boundary() -> None:
    view = headers_view(MAIL, trusted_hosts=("198.51.100.24", "mx1.example.org"))
    assert view["attested_ip"] == "203.0.113.23"


def test_json_holds_the_same_as_the_view() -> None:
    assert json.loads(headers_text(MAIL, as_json=True)) == headers_view(MAIL)


def test_the_text_draws_the_boundary_between_the_hops() -> None:
    lines = headers_text(MAIL).splitlines()
    border = next(i for i, line in enumerate(lines) if line.startswith("  -- above: recorded by the receiving side"))
    assert "198.51.100.24" in "".join(lines[border - 3 : border])
    assert "203.0.113.23" in lines[border + 1]
    assert max(map(len, lines)) < 140


def test_a_signature_is_checked_and_a_held_key_used(tmp_path: Path) -> None:
    assert headers_view(EDGE + signed())["signatures"][0]["state"] == "key_not_held"
    keys = tmp_path / "keys.jsonl"
    line = {"domain": "example.net", "selector": "s1", "txt": record(), "source": "dns"}
    keys.write_text(json.dumps(line) + "\n", "utf-8")
    assert headers_view(EDGE + signed(), keys=keys)["signatures"][0]["state"] == "verified"
    assert headers_view(EDGE + signed() + b"x", keys=keys)["signatures"][0]["state"] == "body_changed"


def test_no_word_of_the_view_calls_a_message_forged() -> None:
    text = headers_text(MAIL.replace(b"Ash <", b'"rowan@example.org" <') + b"x") + headers_text(signed() + b"x")
    assert "forged" not in text.lower()
    assert "no sign of forgery by itself" in headers_text(MAIL.replace(b"m1@example.net", b"m1@example.com"))


def test_control_characters_of_the_evidence_never_reach_the_terminal() -> None:
    hostile = (
        b"From: =?utf-8?q?A=1B[2J=0A=E2=80=AEb?= <a@example.net>\r\nTo: b@example.org\r\n"
        b"Subject: =?utf-8?q?x=0D=0Ay?=\r\n"
        b"Received: from \x1b[31m ([192.0.2.1]) by mx\x07 with SMTP; Sun, 1 Mar 2026 10:00:00 +0000\r\n"
        b"X-PHP-Originating-Script: 33:a\x1b]0;b.php\r\n\r\n"
    )
    text = headers_text(hostile)
    assert not [c for c in text if (ord(c) < 32 and c != "\n") or ord(c) in {0x7F, 0x202E, 0x85}]
    assert "⟦U+001B⟧" in text
    assert not any(line.startswith("y") for line in text.splitlines())


def test_the_first_message_of_a_mailbox_is_shown_and_the_rest_counted() -> None:
    envelope = b"From ash@example.net Sun Mar  1 10:00:00 2026\r\n"
    view = headers_view(envelope + MAIL + b"\r\n" + envelope + MAIL)
    assert (view["messages_in_file"], view["message"]) == (2, "message 1")
    assert "the file holds 2 messages; this is the first (message 1)" in view["warnings"]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"no header here", bytes(range(256))])
def test_what_holds_no_header_is_said_plainly(data: bytes) -> None:
    with pytest.raises(UsageError, match="no header field was found"):
        headers_text(data)


def test_mutated_messages_are_shown_or_refused_but_never_crash() -> None:
    base = MAIL + b"--x\r\n"
    for seed in range(80):
        rng = random.Random(seed)
        data = bytearray(base)
        for _ in range(rng.randrange(1, 6)):
            at = rng.randrange(len(data))
            data[at : at + rng.randrange(30)] = rng.choice([b"", b"\x00", b"\xff", b"\r\n", b";", b"((", b"=?", b"<>"])
        try:
            headers_text(bytes(data), as_json=bool(seed % 2))
        except UsageError:
            assert b"Subject" not in bytes(data)[:200]
