"""Outlook items and pastes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from parsers.contract import Event, Reject, Source
from parsers.email.msg import parse as parse_msg
from parsers.email.pasted import parse as parse_paste
from parsers.registry import find_format, recognise, sample_of
from tests.conformance.fixtures import read_all

FIXTURES = Path(__file__).parents[3] / "sample_data" / "formats" / "email"


def paste(text: str) -> dict[str, Any]:
    (item,) = parse_paste(Source(memoryview(text.encode())))
    assert isinstance(item, Event)
    return dict(item.values)


def test_a_cut_container_is_rejected_whole() -> None:
    data = (FIXTURES / "msg" / "sent.msg").read_bytes()
    for size in (8, 100, 512, 700):
        (item,) = parse_msg(Source(memoryview(data[:size])))
        assert isinstance(item, Reject)
        assert item.span == (0, size)


def test_a_container_without_an_item_is_rejected() -> None:
    data = (FIXTURES / "msg" / "sent.msg").read_bytes()
    other = data.replace("__properties".encode("utf-16-le"), "__qroperties".encode("utf-16-le"))
    events, rejects, total = read_all(find_format("email/msg"), other)
    assert (events, total.bytes_rejected) == ([], len(other))
    assert rejects[0]["reason"] == "the compound file holds no Outlook item"


def test_a_compound_file_of_another_kind_is_not_claimed() -> None:
    data = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 4000
    assert recognise(sample_of(memoryview(data))).format_id is None


def test_a_draft_says_that_it_has_no_transport_headers() -> None:
    (item,) = parse_msg(Source(memoryview((FIXTURES / "msg" / "sent.msg").read_bytes())))
    assert isinstance(item, Event)
    assert item.values["extra"]["transport_headers"] == "absent"
    assert "email_headers" not in item.values
    assert "hops" not in item.values


@pytest.mark.parametrize("mark", ["", "> ", ">", ">>", "> > "])
def test_every_field_of_a_paste_lies_where_it_says(mark: str) -> None:
    lines = ["Received: from a (a [198.51.100.1])", "by mx.example.org with SMTP; Sun, 1 Mar 2026 10:00:00 +0000"]
    lines += ["Subject: two", "lines", "From: ash@example.net", "To: b@example.org", "", "hello"]
    text = "".join(f"{mark}{line}\r\n" for line in lines)
    got = paste(text)
    for header in got["email_headers"]:
        raw = text[header["span_start"] : header["span_end"]]
        assert raw.startswith(header["name"] + ":")
        assert "".join(raw.replace(mark, " ").split()).endswith("".join(header["value"].split())[-5:])
    assert got["attested_ip"] == "198.51.100.1"
    assert got["extra"]["paste"]["joined_lines"] == 2


def test_a_joined_line_cannot_change_the_attested_address() -> None:
    got = paste(
        "Received: from a (a [198.51.100.1]) by mx.example.org with SMTP; Sun, 1 Mar 2026 10:00:00 +0000\n"
        "from evil (evil [192.0.2.66]) by mx.example.org with SMTP; Sun, 1 Mar 2026 10:00:00 +0000\n"
        "and more\nFrom: a@example.net\nTo: b@example.org\n"
    )
    assert got["attested_ip"] == "198.51.100.1"


def test_a_wrapped_list_of_field_names_is_no_field() -> None:
    got = paste("DKIM-Signature: v=1; h=From:\nTo:Subject:\nDate:From; b=x\nFrom: a@example.net\nTo: b@example.org\n")
    assert [h["name"] for h in got["email_headers"]] == ["DKIM-Signature", "From", "To"]


def test_a_stored_message_with_one_stray_line_stays_a_message() -> None:
    data = b"From: a@example.net\nstray\nTo: b@example.org\nSubject: x\nDate: Sun, 1 Mar 2026 10:00:00 +0000\n\nx\n"
    assert recognise(sample_of(memoryview(data))).format_id == "email/rfc5322"
