"""Messages and mailboxes as events."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from parsers.contract import Event, Reject, Settings, Source, Span
from parsers.email._bodies import strip_tags
from parsers.email._event import BODY_CAP
from parsers.email._parts import parameters
from parsers.email.message import parse_mbox, parse_message, recognise_mbox, recognise_message
from parsers.registry import find_format, sample_of
from tests.conformance.fixtures import read_all

ENVELOPE = b"From a@example.org Sun Mar  1 10:00:00 2026\n"


def event(data: bytes, settings: Settings = Settings()) -> Event:
    (item,) = parse_message(Source(memoryview(data), settings=settings))
    assert isinstance(item, Event)
    return item


def values(data: bytes) -> dict[str, Any]:
    return dict(event(data).values)


def mbox(data: bytes) -> list[Any]:
    return list(parse_mbox(Source(memoryview(data))))


HOSTILE = {
    "an empty message id": b"From: a@example.org\nMessage-ID: <>\n\nx",
    "a message id with spaces": b"From: a@example.org\nMessage-ID: < [an10]. [an6]x@host>\n\nx",
    "a group without end": b"From: a@example.org\nTo: Undisclosed recipients:;a\n\nx",
    "a name that starts with a dot": b"From: .Coin <x>\n\nx",
    "no content but a colon": b":\nFrom: a@example.org\n\n",
    "a content type without value": b"From: a@example.org\nContent-Type:\n\nx",
    "a boundary without closing quote": b'From: a@example.org\nContent-Type: multipart/mixed; boundary="x\n\n--x\n\ny',
    "an unknown transfer encoding": b"From: a@example.org\nContent-Transfer-Encoding: x-uuencode\n\nx",
    "a parameter number of many digits": b"From: a@example.org\nContent-Type: a/b; name*999=x\n\nx",
    "a character reference of many digits": b"From: a\nContent-Type: text/html\n\n&#" + b"9" * 6000 + b";",
    "a date of many digits": b"From: a@example.org\nDate: " + b"9" * 6000 + b"\n\nx",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_malformed_field_never_loses_the_message(name: str) -> None:
    data = HOSTILE[name]
    events, rejects, total = read_all(find_format("email/rfc5322"), data)
    assert (len(events), rejects, total.bytes_parsed) == (1, [], len(data))


OUTER = (
    b"Received: from a (a.example.net [198.51.100.1]) by mx.example.org with SMTP; Sun, 1 Mar 2026 10:00:00 +0000\n"
    b"From: rowan@example.org\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nsee below\n--o\n"
)
INNER = (
    b"Received: from b (b.example.net [203.0.113.9]) by mx.example.com with SMTP; Sun, 1 Mar 2026 09:00:00 +0000\n"
    b"From: ash@example.net\nSubject: inner\nAuthentication-Results: mx.example.com; spf=pass\n\nI saw you.\n"
)


def test_an_attached_message_is_an_event_of_its_own_and_nothing_in_it_is_attested() -> None:
    data = OUTER + b"Content-Type: message/rfc822\n\n" + INNER + b"--o--\n"
    outer, inner = parse_message(Source(memoryview(data)))
    assert isinstance(inner, Event)
    assert (outer.span, inner.span) == (Span(0, len(data)), Span(0, len(data)))
    assert (inner.locator, inner.text) == ("message > attachment 1", "I saw you.")
    got = dict(inner.values)
    assert (got["sender"], got["parse_flags"], "attested_ip" in got) == ("ash@example.net", ["attached_copy"], False)
    assert [hop["attested"] for hop in got["hops"]] == [False]
    assert got["extra"]["boundary_basis"] == "attached_copy"
    assert got["extra"]["attached_to"] == "message"
    assert got["extra"]["hand_over_stated"] == {"ip": "203.0.113.9", "host": "mx.example.com", "basis": "top_hop_only"}
    assert [s["attested"] for s in got["extra"]["authentication"]] == [False]
    header = got["email_headers"][1]
    assert data[header["span_start"] : header["span_end"]] == b"From: ash@example.net"


def test_a_case_can_rely_on_attached_messages() -> None:
    data = OUTER + b"Content-Type: message/rfc822\n\n" + INNER + b"--o--\n"
    settings = Settings(options={"trust_attached": "yes"})
    _, inner = parse_message(Source(memoryview(data), settings=settings))
    assert isinstance(inner, Event)
    assert (inner.values["attested_ip"], inner.values["hops"][0]["attested"]) == ("203.0.113.9", True)


def test_an_encoded_attached_message_states_no_places() -> None:
    coded = base64.encodebytes(INNER)
    data = OUTER + b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + coded + b"--o--\n"
    _, inner = parse_message(Source(memoryview(data)))
    assert isinstance(inner, Event)
    assert inner.values["email_headers"][1] == {"name": "From", "value": "ash@example.net"}
    assert "span_start" not in inner.values["hops"][0]


def test_messages_are_read_four_deep_and_no_further() -> None:
    data = b"From: deepest@example.org\nSubject: x\n\n"
    for level in range(7):
        data = f"From: a{level}@example.org\nContent-Type: message/rfc822\n\n".encode() + data
    items = list(parse_message(Source(memoryview(data))))
    assert [item.values["sender"] for item in items if isinstance(item, Event)] == [
        f"a{level}@example.org" for level in (6, 5, 4, 3, 2)
    ]


def test_a_second_author_is_kept_and_flagged() -> None:
    got = values(b"From: a@example.org\nFrom: b@example.org\nDate: x\nDate: y\n\n")
    assert [h["value"] for h in got["email_headers"]] == ["a@example.org", "b@example.org", "x", "y"]
    assert got["parse_flags"] == ["duplicate_header"]
    assert got["extra"]["duplicate_headers"] == {"date": 2, "from": 2}
    assert got["email_from"] == "a@example.org"


def test_an_unreadable_address_leaves_the_account_open() -> None:
    got = values(b"From: .Coin <x>\nSubject: hi\n\n")
    assert got["email_from"] == ".Coin <x>"
    assert not {"sender", "account_login", "account_platform", "identifiers"} & set(got)


def test_claimed_addresses_are_read_from_the_fields_that_hold_them() -> None:
    got = values(
        b"From: a@example.org\nX-Originating-IP: [203.0.113.4]\nX-Forwarded-For: 192.0.2.1, 2001:db8::1, junk\n"
        b"X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp: TenantId=5;Ip=[198.51.100.2];Helo=[x]\n\n"
    )
    assert got["claimed_ips"] == ["203.0.113.4", "192.0.2.1", "2001:db8::1", "198.51.100.2"]
    assert "source_ip" not in got
    assert "attested_ip" not in got


def test_text_without_any_field_is_rejected_whole() -> None:
    (item,) = parse_message(Source(memoryview(b"just some text\nand more")))
    assert item == Reject(Span(0, 23), "no header field was found", "unknown_structure")


def test_a_nesting_bomb_ends_at_a_fixed_depth() -> None:
    data = b"From: a@example.org\n"
    for depth in range(5000):
        data += b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (depth, depth)
    assert event(data + b"\ndeep").values["parse_flags"] == ["truncated"]


def test_ten_thousand_parts_are_one_message() -> None:
    data = (
        b"From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: a/b\n\nx\n" * 9000
    )
    got = values(data + b"--b--\n")
    assert len(got["attachment_sha256s"]) == 9000
    assert set(got["attachment_sha256s"]) == {hashlib.sha256(b"x").hexdigest()}


def test_plain_text_wins_over_html_only_among_alternatives() -> None:
    data = (
        b"From: a@example.org\nContent-Type: multipart/mixed; boundary=o\n\n"
        b"--o\nContent-Type: text/html\n\n<p>main &amp; text</p>\n"
        b"--o\nContent-Type: multipart/alternative; boundary=i\n\n--i\nContent-Type: text/html\n\n<b>no</b>\n"
        b"--i\n\nyes\n--i--\n--o\nContent-Type: text/plain\n\nfooter\n--o--\n"
    )
    assert event(data).text == "main & text\n\nyes\n\nfooter"


def test_text_of_another_charset_is_read_and_an_unknown_one_named() -> None:
    head = b"From: a@example.org\nContent-Type: text/plain; charset=%s\n\n\xe4\n"
    assert event(head % b"windows-1252").text == "ä"
    assert event(head % b"nosuch").text == "\\xe4"
    assert event(head % b"nosuch").values["extra"] == {"defects": ["the charset of a body part is not known"]}


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>one<br>two</p><div>three</div>", "one\ntwo\n\nthree"),
        ("a<script>if (a<b) x()</SCRIPT >b<style>p{}</style>c", "abc"),
        ("a<!-- <b> -->b<!-- open", "ab"),
        ("1 < 2 & 3 > 2 &lt;b&gt; &#8212; &nosuch;", "1 < 2 & 3 > 2 <b> — &nosuch;"),
        ("<script>never closed", "never closed"),
        ("cut <b", "cut <b"),
        ("<![CDATA[x]]><?php y ?>z", "z"),
    ],
)
def test_tags_are_stripped_and_text_stays(page: str, text: str) -> None:
    assert strip_tags(page) == text


@pytest.mark.parametrize("piece", ["<", "<!--", "<a ", "<script>", "</", "&#", "<style></STYLE>", "<!", "<br", "\n \n"])
def test_hostile_html_is_stripped(piece: str) -> None:
    assert len(strip_tags(piece * 100_000)) <= len(piece) * 100_000


@pytest.mark.parametrize(
    ("value", "want"),
    [
        ('multipart/mixed; boundary="a;b"', {"boundary": "a;b"}),
        ("a/b; name=x.txt; charset = utf-8 ", {"name": "x.txt", "charset": "utf-8"}),
        ("a/b; name*=utf-8'en'%e2%82%ac.txt", {"name": "€.txt"}),
        ("a/b; name*1*=%ac.txt; name*0*=utf-8''%e2%82", {"name": "€.txt"}),
        ('a/b; name*0="one "; name*1="two"', {"name": "one two"}),
        ('a/b; name="=?utf-8?q?caf=C3=A9?="', {"name": "café"}),
        ('a/b; name="a\\"b"', {"name": 'a"b'}),
        ("a/b; name*=nosuch''%e9", {"name": "\\xe9"}),
        ("a/b;;; =; name", {}),
    ],
)
def test_parameters_of_a_field_are_read(value: str, want: dict[str, str]) -> None:
    assert parameters(value) == want


def test_a_message_above_the_cap_keeps_its_fields_and_the_digest_of_its_body() -> None:
    body = b"x" * BODY_CAP
    got = event(b"From: a@example.org\n\n" + body)
    assert got.text is None
    assert got.values["sender"] == "a@example.org"
    assert got.values["extra"]["body_not_decoded"] == {"bytes": BODY_CAP, "sha256": hashlib.sha256(body).hexdigest()}


def test_a_mailbox_is_split_only_after_a_blank_line_at_a_dated_line_before_a_field() -> None:
    data = (
        ENVELOPE
        + b"From: a@example.org\n\nbody\nFrom b@example.org Sun Mar  1 10:00:00 2026\nX: no blank line before\n"
        b"\nFrom me to you\nX: no date\n"
        b"\nFrom b@example.org Sun Mar  1 10:00:00 2026\nno field behind it\n"
        b"\nFrom - Sun Mar 01 10:00:00 2026\nFrom: c@example.org\n\nlast"
    )
    items = mbox(data)
    assert [getattr(i, "locator", None) for i in items] == ["message 1", None, "message 2"]
    assert items[2].values["sender"] == "c@example.org"
    assert items[1].span == Span(items[0].span.end, items[0].span.end + 1)


def test_a_content_length_that_lies_moves_nothing() -> None:
    data = (
        ENVELOPE + b"From: a@example.org\nContent-Length: 9999999\n\nx\n\n" + ENVELOPE + b"From: b@example.org\n\ny\n"
    )
    assert [i.values["sender"] for i in mbox(data) if isinstance(i, Event)] == ["a@example.org", "b@example.org"]


def test_fields_before_the_first_envelope_line_are_a_message_and_other_text_a_reject() -> None:
    rest = b"\n\n" + ENVELOPE + b"From: b@example.org\n"
    kinds = [type(i).__name__ for i in mbox(b"From: a@example.org\nSubject: x" + rest)]
    assert kinds == ["Event", "Skip", "Event"]
    kinds = [type(i).__name__ for i in mbox(b"some text" + rest)]
    assert kinds == ["Reject", "Skip", "Event"]


def test_a_large_mailbox_gives_every_message_its_own_bytes() -> None:
    one = ENVELOPE + b"From: a@example.org\nMessage-ID: <%d@example.org>\n\nbody %d\n\n"
    data = b"".join(one % (n, n) for n in range(3000))
    events, rejects, total = read_all(find_format("email/mbox"), data)
    assert [e["message_id"] for e in events] == [f"<{n}@example.org>" for n in range(3000)]
    assert all(
        f"body {n}\n".encode() == data[e["span_start"] : e["span_end"]][-len(f"body {n}\n") :]
        for n, e in enumerate(events)
    )
    assert (rejects, total.skips) == ([], {"message separator": 3000})


@pytest.mark.parametrize(
    ("data", "message", "mailbox"),
    [
        (b"From: a@example.org\nTo: b\nDate: x\n\nbody", 95, 0),
        (b"From: a@example.org\nTo: b\nbody without a third field\n", 0, 0),
        (ENVELOPE + b"From: a@example.org\nTo: b\nDate: x\n\nbody", 0, 95),
        (ENVELOPE + b"no field\n", 0, 0),
        (b'{"From": "a", "To": "b"}\n', 0, 0),
        (b"Mar  1 10:00:00 host sshd[1]: Accepted password for bob from 192.0.2.1 port 22 ssh2\n" * 9, 0, 0),
        (b"01/03/2026, 10:00 - Ann: From: To: Date: Subject:\n" * 9, 0, 0),
        (b"From,To,Date,Subject\na,b,c,d\n", 0, 0),
        (b"\x00\x01\x02", 0, 0),
    ],
)
def test_recognition_goes_by_the_header_block(data: bytes, message: int, mailbox: int) -> None:
    sample = sample_of(memoryview(data))
    assert (recognise_message(sample), recognise_mbox(sample)) == (message, mailbox)
