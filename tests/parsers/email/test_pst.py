"""Outlook mail stores: what can be shown without a store."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parsers.contract import Reject, Settings, Source
from parsers.email import _pff
from parsers.email._pff import Found, Properties, ViewFile
from parsers.email.pst import event_of, parse
from parsers.registry import recognise, sample_of

STORE = Path(__file__).parents[3] / "sample_data" / "formats" / "email" / "pst" / "header_only.pst"
HEADERS = (
    "Received: from mail.example.net (mail.example.net [203.0.113.9]) by mx.example.org with ESMTP;"
    " Sun, 1 Mar 2026 10:00:05 +0000\r\n"
    "From: B <b@example.net>\r\nTo: a@example.org\r\nSubject: hello\r\n"
    "Message-ID: <1@example.net>\r\nDate: Sun, 1 Mar 2026 11:00:00 +0100\r\n\r\n"
)


def wide(value: str) -> bytes:
    return value.encode("utf-16-le")


def test_without_the_library_a_store_is_one_reject_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypff", None)  # what Python holds for a module that is not there
    (item,) = parse(Source(memoryview(STORE.read_bytes()), 100))
    assert isinstance(item, Reject)
    assert item.span == (100, 100 + 4608)
    assert "pip install 'vestigo[pst]'" in item.reason


def test_with_the_library_a_damaged_store_is_one_reject() -> None:
    pytest.importorskip("pypff")
    (item,) = parse(Source(memoryview(STORE.read_bytes())))
    assert isinstance(item, Reject)
    assert item.reason == "the mail store cannot be read, or holds no message"


def test_a_file_with_the_first_four_bytes_alone_is_no_store() -> None:
    assert recognise(sample_of(memoryview(b"!BDN is how this note begins\n" * 9))).format_id is None
    assert recognise(sample_of(memoryview(STORE.read_bytes()))).format_id == "email/pst"


def test_transport_headers_are_read_like_those_of_any_message() -> None:
    item = Properties({0x007D001F: wide(HEADERS), 0x1000001F: wide("the text\r\n"), 0x001A001F: wide("IPM.Note")})
    event = event_of(Found("/Inbox message 3", item, [], orphaned=False), Settings())
    assert event.locator == "/Inbox message 3"
    assert event.text == "the text"
    assert event.values["attested_ip"] == "203.0.113.9"
    assert event.values["message_id"] == "<1@example.net>"
    assert event.values["timestamp"] == 1772359200000000
    assert event.values["extra"]["outlook"]["class"] == "IPM.Note"
    assert "span_start" not in event.values["hops"][0]
    assert "recovered_status" not in event.values


def test_an_orphaned_draft_is_read_from_its_properties_and_marked() -> None:
    reader = Properties({0x3001001F: wide("A"), 0x39FE001F: wide("A@example.org"), 0x0C150003: b"\x02\0\0\0"})
    at = (134169696000000000).to_bytes(8, "little")
    rows = {0x0037001F: wide("plan"), 0x0C1F001E: b"B@example.net", 0x0C1A001E: b"caf\xe9", 0x00390040: at}
    picture: dict[str, object] = {"type": "image/png", "name": "a.png"}
    values = event_of(Found("orphaned item 1", Properties(rows, [reader]), [picture], orphaned=True), Settings()).values
    assert values["recovered_status"] == "orphaned_item"
    assert values["sender"] == "b@example.net"
    assert values["email_from"] == "café <B@example.net>"
    assert values["email_to"] == ["A <A@example.org>"]
    assert values["attachment_names"] == ["a.png"]
    assert values["extra"]["transport_headers"] == "absent"
    assert values["timestamp"] == 1772496000000000


def test_a_message_that_cannot_be_read_is_named_not_left_out() -> None:
    event = event_of(Found("/Inbox message 2", None, [], orphaned=False), Settings())
    assert event.locator == "/Inbox message 2"
    assert event.values["extra"] == {"unreadable": "the store names a message here that cannot be read"}


def test_a_view_is_read_like_a_file() -> None:
    file = ViewFile(memoryview(b"0123456789"))
    assert (file.seek(-3, 2), file.read(9), file.read(1)) == (7, b"789", b"")
    assert (file.seek(2), file.read(2), file.seek(1, 1), file.tell()) == (2, b"23", 5, 5)
    assert _pff.is_store(STORE.read_bytes()[:16])
