"""Statements about authentication, as servers really write them."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.contract import Event, Source
from parsers.email._authres import parse_results, parse_spf
from parsers.email.message import parse_message

MICROSOFT = (
    "spf=pass (sender IP is 198.51.100.7) smtp.mailfrom=example.net; dkim=pass (signature was verified)"
    " header.d=example.net;dmarc=bestguesspass action=none header.from=example.net;compauth=pass reason=109"
)
GOOGLE = (
    "mx.google.com;       dkim=pass header.i=@example.net header.s=s1 header.b=abc;       spf=neutral (google.com:"
    " 198.51.100.7 is neither permitted; really) smtp.mailfrom=ash@example.net;       dmarc=fail (p=NONE sp=NONE"
    ' dis=NONE) header.from="example.net"'
)


def short(statements: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(s["method"], s["result"], s.get("domain"), s.get("authserv_id")) for s in statements]


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (
            MICROSOFT,
            [
                ("spf", "pass", "example.net", None),
                ("dkim", "pass", "example.net", None),
                ("dmarc", "bestguesspass", "example.net", None),
                ("compauth", "pass", None, None),
            ],
        ),
        (
            GOOGLE,
            [
                ("dkim", "pass", "example.net", "mx.google.com"),
                ("spf", "neutral", "example.net", "mx.google.com"),
                ("dmarc", "fail", "example.net", "mx.google.com"),
            ],
        ),
        ("example.org 1; none", []),
        ("none", []),
        ("", []),
        ("mx.example.org; spf/1=pass smtp.mailfrom=<ash@Example.NET>", [
            ("spf", "pass", "example.net", "mx.example.org"),
        ]),
        ("i=2; mx.example.org; arc=pass", [("arc", "pass", None, "mx.example.org")]),
        ('mx.example.org; dkim=fail reason="bad; very bad" header.d=a.example', [
            ("dkim", "fail", "a.example", "mx.example.org"),
        ]),
        ("mx.example.org; (all fine) auth=pass (plain) smtp.auth=bob", [("auth", "pass", "bob", "mx.example.org")]),
        ("mx.example.org; spf", []),
    ],
)  # fmt: skip
def test_results_are_read_as_written(value: str, want: list[tuple[Any, ...]]) -> None:
    assert short(parse_results(value)) == want


def test_reason_comment_and_properties_are_kept() -> None:
    spf, _, dmarc, compauth = parse_results(MICROSOFT)
    assert spf["comment"] == "sender IP is 198.51.100.7"
    assert dmarc["properties"] == {"action": "none", "header.from": "example.net"}
    assert compauth["reason"] == "109"
    assert parse_results('a; dkim=fail reason="bad; very bad"')[0]["reason"] == "bad; very bad"
    assert parse_results("i=3; mx.example.org; spf=pass")[0]["instance"] == 3


def test_received_spf_is_a_statement() -> None:
    (found,) = parse_spf(
        "Pass (protection.outlook.com: domain of example.net designates 198.51.100.7 as permitted sender) "
        "receiver=protection.outlook.com; client-ip=198.51.100.7; helo=out.example.net; pr=C"
    )
    assert (found["result"], found["authserv_id"], found["domain"]) == (
        "pass", "protection.outlook.com", "out.example.net",
    )  # fmt: skip
    assert found["properties"]["client-ip"] == "198.51.100.7"
    assert parse_spf("") == []
    assert parse_spf("(nothing)") == []


def test_only_what_stands_above_the_last_attested_hop_is_attested() -> None:
    data = (
        b"Authentication-Results: mx.example.org; spf=fail\n"
        b"Received: from a (a [198.51.100.1]) by mx.example.org with SMTP; Sun, 1 Mar 2026 10:00:00 +0000\n"
        b"Authentication-Results: mx.example.org; spf=pass\n"
        b"Received: from b (b [198.51.100.2]) by other.example.net with SMTP; Sun, 1 Mar 2026 10:00:00 +0000\n"
        b"Received-SPF: pass client-ip=192.0.2.1\nARC-Authentication-Results: i=1; mx.example.org; dkim=pass\n"
        b"From: ash@example.net\n\n"
    )
    (event,) = parse_message(Source(memoryview(data)))
    assert isinstance(event, Event)
    found = [
        (s["field"], s["result"], s["attested"], s.get("names_boundary_host", False))
        for s in event.values["extra"]["authentication"]
    ]
    assert found == [
        ("Authentication-Results", "fail", True, False),
        ("Authentication-Results", "pass", False, True),
        ("ARC-Authentication-Results", "pass", False, False),
        ("Received-SPF", "pass", False, False),
    ]


@pytest.mark.parametrize("piece", ["(", ")", '"', '"\\', ";", "=", "a=", "=b", "i=", " (", "x=(", "\x00", "é=é;"])
def test_hostile_values_never_raise_and_stay_linear(piece: str) -> None:
    parse_results(piece * 20_000)
    parse_spf("pass " + piece * 20_000)
