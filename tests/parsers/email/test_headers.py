"""Header blocks, encoded words, address lists and dates, whole and broken."""

from __future__ import annotations

import pytest

from parsers.email._addresses import Mailbox, parse_mailboxes
from parsers.email._dates import parse_date
from parsers.email._headers import split_headers
from parsers.email._words import decode_charset, decode_words, unpack_base64


def pairs(data: bytes) -> list[tuple[str, str]]:
    return [(h.name, h.value) for h in split_headers(data).headers]


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (b"A: 1\nB: 2\n\nbody\n", b"body\n"),
        (b"A: 1\r\nB: 2\r\n\r\nbody\r\n", b"body\r\n"),
        (b"A: 1\rB: 2\r\rbody\r", b"body\r"),
        (b"A: 1\r\r\nB: 2\r\r\n\r\r\nbody\n", b"body\n"),
        (b"\n\r\n \nA: 1\nB: 2\n\nbody\n", b"body\n"),
        (b"\xef\xbb\xbfA: 1\nB: 2\n\nbody\n", b"body\n"),
        (b"From a@example.org Sun Mar  1 10:00:00 2026\nA: 1\nB: 2\n\nbody\n", b"body\n"),
        (b"A: 1\nB: 2\nno colon here\nmore\n", b"no colon here\nmore\n"),
        (b"A : 1\n>From x\nB:2\n\nbody", b"body"),
        (b"A: 1\nB: 2", b""),
        (b"A: 1\nB: 2\n", b""),
    ],
)
def test_a_header_block_ends_where_its_body_begins(data: bytes, body: bytes) -> None:
    assert pairs(data) == [("A", "1"), ("B", "2")]
    assert data[split_headers(data).body_start :] == body


def test_a_field_keeps_its_bytes_its_folds_and_its_place() -> None:
    data = b"Subject: one\r\n\ttwo\r\n three\r\nX:\r\n\r\n"
    block = split_headers(data, base=1000)
    assert [(h.value, h.start, h.end) for h in block.headers] == [("one\ttwo three", 1000, 1026), ("", 1028, 1030)]
    assert data[0:26] == b"Subject: one\r\n\ttwo\r\n three"


def test_a_bare_carriage_return_in_a_value_starts_no_field() -> None:
    assert pairs(b"Subject: x\rFrom: forged@example.org\nTo: b\n\n") == [
        ("Subject", "x\rFrom: forged@example.org"),
        ("To", "b"),
    ]


def test_eight_bit_bytes_and_nuls_stay_visible() -> None:
    block = split_headers(b"Subject: \xe9\x00\xc3\xa9\n\n")
    assert block.headers[0].value == "\\xe9\x00é"
    assert block.flags == {"lossy_text"}


def test_a_long_value_is_capped_and_says_so_while_its_bytes_are_cited() -> None:
    data = b"Subject: " + b"x" * 10_000_000 + b"\nFrom: a@example.org\n\nbody"
    block = split_headers(data)
    assert [len(h.value) for h in block.headers] == [65536 - 1, 13]
    assert [(h.start, h.end) for h in block.headers] == [(0, 10_000_009), (10_000_010, 10_000_029)]
    assert block.flags == {"truncated"}


def test_ten_thousand_fields_are_all_kept() -> None:
    data = b"".join(b"X-%d: %d\n" % (n, n) for n in range(10_000)) + b"\nbody"
    block = split_headers(data)
    assert len(block.headers) == 10_000
    assert block.headers[-1][:4] == ("X-9999", "x-9999", "9999", "9999")


def test_what_was_repaired_is_named() -> None:
    assert split_headers(b"A: 1\nstray\nFrom: b\nrest of it\n").defects == [
        "a line between the fields is no field",
        "no blank line before the body",
    ]


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("plain", "plain"),
        ("=?utf-8?Q?caf=C3=A9_au?= =?UTF-8?q?_lait?=", "café au lait"),
        ("=?iso-8859-1?q?caf=E9?= x", "café x"),
        ("=?utf-8?B?8J+Y?= =?utf-8?B?gA==?=", "😀"),
        ("a =?utf-8*en?q?b?= c", "a b c"),
        ("=?gb2312?B?1tDOxA==?=", "中文"),
        ("=?x-none?q?a?=", "=?x-none?q?a?="),
        ("=?x-none?q?a?= =?utf-8?q?b?=", "=?x-none?q?a?= b"),
        ("=?unicode_escape?q?=5Cx41?=", "=?unicode_escape?q?=5Cx41?="),
        ("=?rot13?q?a?=", "=?rot13?q?a?="),
        ("=?utf-8?B?YWJj!ZA?=", "abcd"),
        ("=?utf-8?q?=E9?=", "\\xe9"),
        ("=?utf-16?B?YQ==?=", "\\x61"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?utf-8?q?unclosed", "=?utf-8?q?unclosed"),
    ],
)
def test_encoded_words_are_decoded_and_unknown_charsets_kept_as_written(written: str, reads: str) -> None:
    assert decode_words(written).text == reads


@pytest.mark.parametrize("label", ["idna", "punycode", "hex", "zip", "undefined", "nosuch", "a b", "x" * 999])
def test_a_codec_that_is_no_charset_is_not_used(label: str) -> None:
    assert decode_charset(b"abc", label) is None


@pytest.mark.parametrize(
    ("raw", "data", "damaged"),
    [
        (b"aGVs\r\nbG8=\r\n", b"hello", False),
        (b"aGVsbG8", b"hello", True),
        (b"aGVs!bG8=", b"hello", True),
        (b"aGVsb", b"hel", True),
        (b"", b"", False),
        (b"====", b"", True),
    ],
)
def test_base64_is_read_as_far_as_it_goes(raw: bytes, data: bytes, *, damaged: bool) -> None:
    assert unpack_base64(raw) == (data, damaged)


@pytest.mark.parametrize(
    ("written", "boxes"),
    [
        ("a@example.org", [Mailbox("a@example.org", None, "a@example.org")]),
        ("Ann <A@Example.org>", [Mailbox("Ann <A@Example.org>", "Ann", "A@Example.org")]),
        ('"B, C" <b@example.org>', [Mailbox('"B, C" <b@example.org>', "B, C", "b@example.org")]),
        ("Doe, Jane <j@example.org>", [Mailbox("Doe, Jane <j@example.org>", "Doe, Jane", "j@example.org")]),
        ("a@example.org (Ann)", [Mailbox("a@example.org (Ann)", "Ann", "a@example.org")]),
        ("list: a@example.org, b@example.org;", [
            Mailbox("a@example.org", None, "a@example.org"), Mailbox("b@example.org", None, "b@example.org"),
        ]),
        ("Undisclosed recipients:;a", [Mailbox("a", None, None)]),
        (".Coin <x>", [Mailbox(".Coin <x>", ".Coin", None)]),
        ("<>", [Mailbox("<>", None, None)]),
        ("<@relay.example:a@example.org>", [Mailbox("<@relay.example:a@example.org>", None, "a@example.org")]),
        ("a@[IPv6:2001:db8::1]", [Mailbox("a@[IPv6:2001:db8::1]", None, "a@[IPv6:2001:db8::1]")]),
        ('"a@example.org" <b@example.org>', [
            Mailbox('"a@example.org" <b@example.org>', "a@example.org", "b@example.org"),
        ]),
        ("=?utf-8?q?a=40example=2Eorg=2C?= <b@example.org>", [
            Mailbox("a@example.org, <b@example.org>", "a@example.org,", "b@example.org"),
        ]),
        ("", []),
        (" , ;", []),
    ],
)  # fmt: skip
def test_an_address_list_gives_its_mailboxes(written: str, boxes: list[Mailbox]) -> None:
    assert parse_mailboxes(written) == boxes


@pytest.mark.parametrize("piece", ['"', "<", "(", "\\", '\\"', ",", ":", "@", ">", '"<', "a@b,", "(\\"])
def test_a_hostile_address_list_raises_nothing(piece: str) -> None:
    assert all(box.address in {None, "a@b"} for box in parse_mailboxes(piece * 20_000))
    assert all(box.address is None for box in parse_mailboxes("a@" + piece * 20_000) if "b" not in piece)


@pytest.mark.parametrize(
    ("written", "at", "basis"),
    [
        ("Sun, 1 Mar 2026 10:00:00 +0100", 1772355600000000, "in_value"),
        ("Sun, 1 Mar 2026 10:00:00 -0000 (comment)", 1772359200000000, "in_value"),
        ("1 Mar 26 10:00 GMT", 1772359200000000, "in_value"),
        ("Sunday, 01-Mar-26 05:00:00 EST", 1772359200000000, "in_value"),
        ("Sun Mar  1 10:00:00 2026", 1772359200000000, "assumed"),
        ("Sun Mar  1 10:00:00 UTC 2026", 1772359200000000, "in_value"),
        ("Sun, 1 Mar 2026 10:00:00", 1772359200000000, "assumed"),
        ("Sun, 1 Mar 2026 10:00:00 XYZ", 1772359200000000, "assumed"),
        ("Sun, 1 Mar 2026 10:00:00 +9999", 1772359200000000, "assumed"),
        ("Sun, 1 Mar 126 10.00.00 +0000", 1772359200000000, "in_value"),
        ("2026-03-01 10:00:00.5 +0000 UTC m=+1", 1772359200500000, "in_value"),
        ("Sat, 28 Feb 2026 23:59:60 +0000", 1772323200000000, "in_value"),
        ("22/08/2002 10:25:57", 1030011957000000, "assumed"),
        ("8/22/2002 10:25:57 PM +0000", 1030055157000000, "in_value"),
        ("03/04/2026 10:00:00", None, "assumed"),
        ("Sun, 31 Feb 2026 10:00:00 +0000", None, None),
        ("1 Mar 9999 10:00:00 +0000", None, None),
        ("yesterday", None, None),
        ("", None, None),
    ],
)
def test_a_date_is_read_as_far_as_it_can_be_known(written: str, at: int | None, basis: str | None) -> None:
    moment = parse_date(written)
    assert (moment.timestamp, moment.basis, moment.raw) == (at, basis, written)


def test_a_date_that_reads_two_ways_is_bounded_by_both() -> None:
    moment = parse_date("03/04/2026 10:00:00 +0000")
    assert (moment.earliest, moment.latest) == (1772618400000000, 1775210400999999)
    assert moment.flags == ("date_order_ambiguous",)
    assert parse_date("03/04/2026 10:00:00 +0000", None, "dmy").timestamp == 1775210400000000


def test_a_date_without_zone_follows_the_zone_of_the_case() -> None:
    moment = parse_date("Sun, 1 Mar 2026 10:00:00", "Europe/Paris")
    assert (moment.timestamp, moment.basis) == (1772355600000000, "case_setting")
