"""Values that header fields give away."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from parsers.contract import Event, Source
from parsers.email._decoder_table import ADDRESS_FIELDS, DECODERS
from parsers.email.message import parse_message

DATE = "Sun, 1 Mar 2026 11:00:03 +0100"
TICKS = 116_444_736_000_000_000 + 1_772_359_203 * 10_000_000  # 2026-03-01T10:00:03Z
HIGH, LOW = f"{TICKS >> 32:08X}", f"{TICKS & 0xFFFFFFFF:08X}"
LOCAL = TICKS + 3600 * 10_000_000
GUID = bytes(range(16))
START = (TICKS >> 16).to_bytes(6, "big")


def decoded(*fields: str, date: str = DATE) -> list[dict[str, Any]]:
    text = "\n".join([*fields, f"Date: {date}", "From: ash@example.net", "", ""])
    (event,) = parse_message(Source(memoryview(text.encode())))
    assert isinstance(event, Event)
    return event.values.get("extra", {}).get("decoders", [])


def value(*fields: str, date: str = DATE) -> dict[str, Any]:
    (found,) = decoded(*fields, date=date)
    assert found["trust"] == "sender_controlled"
    return found["value"]


CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        f"Message-ID: <0009{HIGH}${LOW}$0100a8c0@desk>",
        "message_id_filetime",
        {"time": "2026-03-01T10:00:03Z", "seconds_after_date": 0, "local_ip": "192.168.0.1", "host": "desk"},
    ),
    (
        "Message-ID: <000ffffffffe$00000000$0100a8c0@desk>",
        "message_id_filetime",
        {"impossible_time": True, "local_ip": "192.168.0.1", "host": "desk"},
    ),
    (
        "Message-ID: <20260301120003.GA17@host.example>",
        "message_id_time",
        {"written_time": "2026-03-01T12:00:03", "utc_offset_minutes": 120},
    ),
    (
        f'Content-Type: multipart/mixed; boundary="----=_NextPart_000_0000_{LOCAL >> 32:08X}.{LOCAL & 0xFFFFFFFF:08X}"',
        "boundary_time",
        {"local_time": "2026-03-01T11:00:03", "utc_offset_minutes": 60},
    ),
    (
        "Thread-Index: " + base64.b64encode(START + GUID).decode(),
        "thread_index",
        {"conversation_start": "2026-03-01T10:00:02Z", "guid": "000102030405060708090a0b0c0d0e0f"},
    ),
    (
        "Thread-Index: " + base64.b64encode(START + GUID + (2289 << 8).to_bytes(5, "big")).decode(),
        "thread_index",
        {
            "conversation_start": "2026-03-01T10:00:02Z",
            "guid": "000102030405060708090a0b0c0d0e0f",
            "reply_deltas_s": [60],
        },
    ),
    (
        f"X-OriginalArrivalTime: 01 Mar 2026 10:00:03.0000 (UTC) FILETIME=[{LOW}:{HIGH}]",
        "original_arrival_time",
        {"time": "2026-03-01T10:00:03Z"},
    ),
    ("X-Originating-IP: [203.0.113.5]", "stated_address", {"ip": "203.0.113.5", "meaning": "author"}),
    ("X-Sender-IP: 203.0.113.5", "stated_address", {"ip": "203.0.113.5", "meaning": "unsettled"}),
    ("X-PHP-Originating-Script: 1000:mailer.php", "php_script", {"uid": 1000, "script": "mailer.php"}),
    (
        "X-PHP-Script: www.example.org/contact.php for 203.0.113.5, 10.0.0.1",
        "php_script",
        {"script": "www.example.org/contact.php", "for_ips": ["203.0.113.5", "10.0.0.1"]},
    ),
    ("X-Source-Args: php /home/web/send.php", "script_source", {"arguments": "php /home/web/send.php"}),
    (
        "X-Authenticated-Sender: host7.example.org: bob@example.net",
        "authenticated_sender",
        {"host": "host7.example.org", "account": "bob@example.net"},
    ),
    (
        "X-Get-Message-Sender-Via: host7.example.org: authenticated_id: bob@example.net",
        "authenticated_sender",
        {"host": "host7.example.org", "method": "authenticated_id", "account": "bob@example.net"},
    ),
    ("X-AntiAbuse: Originator/Caller UID/GID - [47 12] / [47 12]", "caller_ids", {"uid": 47, "gid": 12}),
    ("X-IncomingHeaderCount: 15", "incoming_count", {"fields": 15, "fields_held": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "name", "want"), CASES, ids=[f"{c[1]}-{i}" for i, c in enumerate(CASES)])
def test_a_field_gives_its_value(field: str, name: str, want: dict[str, Any]) -> None:
    (found,) = decoded(field)
    assert (found["decoder"], found["value"]) == (name, want)
    assert name in DECODERS


def test_an_address_field_means_what_its_provider_means_by_it() -> None:
    marker = "X-IncomingTopHeaderMarker: OriginalChecksum:AB;UpperCasedChecksum:CD;SizeAsReceived:1234;Count:15"
    found = {d["decoder"]: d["value"] for d in decoded("X-Sender-IP: 203.0.113.5", marker)}
    assert found["stated_address"] == {"ip": "203.0.113.5", "meaning": "edge"}
    assert found["incoming_count"] == {"fields": 15, "bytes": 1234, "fields_held": 4}


def test_a_gmail_id_is_observed_by_the_server_when_its_hop_is_attested() -> None:
    hop = (
        "Received: from a.example.net (a.example.net. [198.51.100.1]) by mx.google.com with ESMTPS id"
        " q7-20020a0cf5c7si1234567qtp.40.2026.03.01.02.00.03; Sun, 01 Mar 2026 02:00:03 -0800 (PST)"
    )
    (found,) = decoded(hop)
    assert found == {
        "decoder": "gmail_id_time",
        "hop": 0,
        "value": {"time": "2026-03-01T10:00:03Z", "local_time": "2026-03-01T02:00:03"},
        "trust": "server_observed",
    }


def test_an_offset_that_no_zone_has_is_not_stated() -> None:
    far = f'Content-Type: multipart/mixed; boundary="----=_NextPart_000_0000_{HIGH}.{LOW}"'
    assert "utc_offset_minutes" not in value(far, date="Sat, 28 Feb 2026 11:00:03 +0100")
    assert "utc_offset_minutes" not in value(far, date="Sun, 1 Mar 2026 10:15:30 +0000")
    assert "utc_offset_minutes" not in value(far, date="nothing")


HOSTILE = ("Message-ID", "Thread-Index", "X-OriginalArrivalTime", "Content-Type", "X-AntiAbuse")


@pytest.mark.parametrize("field", HOSTILE)
@pytest.mark.parametrize("text", ["", "<>", "<" + "f" * 3000 + "$", "=" * 2000, "\x00\x01", "FILETIME=[:]", "é" * 50])
def test_what_does_not_fit_decodes_to_nothing(field: str, text: str) -> None:
    assert decoded(f"{field}: {text}") == []


def test_every_address_field_has_a_meaning_and_every_decoder_its_validation() -> None:
    assert set(ADDRESS_FIELDS.values()) <= {"author", "submission", "edge", "proxy", "unsettled"}
    assert all(d.suggests and d.validation for d in DECODERS.values())
