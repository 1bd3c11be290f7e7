"""Header blocks without a body, as providers hand them out (``*.eml_hdr.eml``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.contract import Event, Sample, Source
from parsers.registry import find_format, recognise, sample_of

MAIL = find_format("email/rfc5322")
FOLDER = Path(__file__).parents[3] / "sample_data/formats/email/rfc5322"
BLOCK = (FOLDER / "header_only.eml_hdr.eml").read_bytes()


def read(data: bytes) -> Event:
    (event,) = (item for item in MAIL.parse(Source(memoryview(data))) if isinstance(item, Event))
    return event


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n\r\n"])
def test_a_header_block_is_a_message_however_it_ends(end: bytes) -> None:
    event = read(BLOCK.rstrip(b"\n") + end)
    assert event.values["email_subject"] == "again"
    assert event.text is None
    assert (event.span.start, event.span.end) == (0, len(BLOCK.rstrip(b"\n") + end))


def test_a_header_block_is_recognised_as_a_message() -> None:
    assert recognise(sample_of(memoryview(BLOCK))).format_id == "email/rfc5322"


def test_the_originating_address_is_a_claim_and_the_hand_over_is_not() -> None:
    event = read(BLOCK)
    assert event.values["claimed_ips"] == ["203.0.113.23"]
    assert event.values["attested_ip"] == "198.51.100.24"
    assert event.values.get("source_ip") is None


def test_a_yahoo_block_names_the_writers_address_the_same_way() -> None:
    block = BLOCK.replace(b"X-Originating-IP: [203.0.113.23]", b"X-Yahoo-Post-IP: 203.0.113.24")
    event = read(block)
    assert event.values["claimed_ips"] == ["203.0.113.24"]


def test_two_originating_addresses_are_both_kept_and_none_becomes_the_peer() -> None:
    event = read(BLOCK + b"X-Originating-IP: [203.0.113.99]\n")
    assert event.values["claimed_ips"] == ["203.0.113.23", "203.0.113.99"]
    assert event.values.get("source_ip") is None


def test_what_is_no_address_stays_a_header_only() -> None:
    event = read(BLOCK.replace(b"[203.0.113.23]", b"[hidden]"))
    assert event.values.get("claimed_ips") is None
    headers = event.values["email_headers"]
    assert isinstance(headers, list)
    assert any(header["value"] == "[hidden]" for header in headers)


def test_a_block_cut_inside_a_header_keeps_the_headers_before() -> None:
    event = read(BLOCK[: BLOCK.index(b"Date:") + 12])
    assert event.values["email_subject"] == "again"
    assert event.values.get("timestamp") is None


def test_a_block_that_announces_parts_without_having_any_is_still_a_message() -> None:
    event = read(BLOCK.replace(b'text/html; charset="iso-8859-1"', b'multipart/mixed; boundary="b"'))
    assert event.text is None
    assert event.values.get("attachment_sha256s") is None


def test_two_fields_alone_are_no_message() -> None:
    data = b"X-Originating-IP: [203.0.113.23]\nSubject: hello\n"
    assert MAIL.recognise(Sample(data, b"", b"", len(data))) < 60
