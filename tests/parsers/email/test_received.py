"""Received fields of many mail servers, as hops."""

from __future__ import annotations

import pytest

from parsers.email._received import parse_received

AT = 1772359200000000  # 2026-03-01T10:00:00Z
DATE = "Sun, 1 Mar 2026 10:00:00 +0000"

# name -> (field with its date left out, fields of the hop)
GRAMMAR: dict[str, tuple[str, dict[str, object]]] = {
    "postfix": (
        ("from out.example.net (rdns.example.net [203.0.113.7])\n\tby mx.example.org (Postfix) with ESMTPS id 4ABC\n"
        "\tfor <bob@example.org>"),
        {
            "ip": "203.0.113.7", "rdns": "rdns.example.net", "helo": "out.example.net", "by": "mx.example.org",
            "with": "ESMTPS", "id": "4ABC", "for": "bob@example.org",
        },
    ),
    "postfix without reverse name": (
        "from localhost.localdomain (unknown [203.0.113.8]) by mx.example.org (Postfix) with SMTP id 1",
        {"ip": "203.0.113.8", "helo": "localhost.localdomain", "by": "mx.example.org", "with": "SMTP", "id": "1"},
    ),
    "postfix with tls and a login": (
        ("from [192.168.1.5] (dsl-7.isp.example [203.0.113.5]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 "
        "(256/256 bits) key-exchange X25519 server-signature RSA-PSS (2048 bits)) (No client certificate requested) "
        "(Authenticated sender: bob@example.org) by mail.example.org (Postfix) with ESMTPSA id 77"),
        {
            "ip": "203.0.113.5", "rdns": "dsl-7.isp.example", "helo": "[192.168.1.5]", "by": "mail.example.org",
            "with": "ESMTPSA", "id": "77", "auth": "bob@example.org",
            "tls": "using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange X25519 "
            "server-signature RSA-PSS (2048 bits)",
        },
    ),
    "postfix over IPv6": (
        "from a.example.net (a.example.net [IPv6:2001:db8::25]) by mx.example.org (Postfix) with ESMTP id 5",
        {
            "ip": "2001:db8::25", "rdns": "a.example.net", "helo": "a.example.net", "by": "mx.example.org",
            "with": "ESMTP", "id": "5",
        },
    ),
    "postfix local user": (
        "by mail.example.org (Postfix, from userid 1000) id 6F",
        {"by": "mail.example.org", "id": "6F"},
    ),
    "exim with port and helo": (
        ("from dsl.isp.example ([203.0.113.8]:54321 helo=[10.0.0.1] ident=bob) by mx.example.org with esmtps "
        " (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) (envelope-from <x@example.net>) id 1abcDE-0002Fg-Hi "
        "for bob@example.org"),
        {
            "ip": "203.0.113.8", "port": 54321, "rdns": "dsl.isp.example", "helo": "[10.0.0.1]",
            "by": "mx.example.org", "with": "esmtps", "id": "1abcDE-0002Fg-Hi", "for": "bob@example.org",
            "envelope_from": "x@example.net", "tls": "TLS1.3 TLS_AES_256_GCM_SHA384",
        },
    ),
    "exim without reverse name": (
        "from [203.0.113.9] (port=4711 helo=friend) by mx.example.org with esmtpa (Exim 4.96) id 1abcDE-0002Fg-Hi",
        {
            "ip": "203.0.113.9", "port": 4711, "helo": "friend", "by": "mx.example.org", "with": "esmtpa",
            "id": "1abcDE-0002Fg-Hi", "auth": "esmtpa",
        },
    ),
    "exim whose helo equals the reverse name": (
        "from a.example.net ([203.0.113.9]) by mx.example.org with smtp (Exim 4.10) id 17abcd-0001ab-00",
        {
            "ip": "203.0.113.9", "rdns": "a.example.net", "helo": "a.example.net", "by": "mx.example.org",
            "with": "smtp", "id": "17abcd-0001ab-00",
        },
    ),
    "exim local": (
        "from bob by host.example.org with local (Exim 4.96) (envelope-from <bob@host.example.org>) id 1abcDE-00-Hi",
        {
            "by": "host.example.org", "with": "local", "id": "1abcDE-00-Hi",
            "envelope_from": "bob@host.example.org",
        },
    ),
    "exim claiming": (
        'from b.example.net ([203.0.113.4], claiming to be "pc4.example") via SMTP by mx.example.org, id smtpdAB1',
        {
            "ip": "203.0.113.4", "rdns": "b.example.net", "helo": "pc4.example", "by": "mx.example.org",
            "with": "SMTP", "id": "smtpdAB1",
        },
    ),
    "exchange": (
        ("from EX1.example.net (203.0.113.40) by EX2.example.org (192.0.2.40) with Microsoft SMTP Server "
        "(version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.1.2507.9; "),
        {
            "ip": "203.0.113.40", "helo": "EX1.example.net", "by": "EX2.example.org", "with": "Microsoft SMTP Server",
            "id": "15.1.2507.9", "tls": "version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        },
    ),
    "outlook over IPv6": (
        ("from AM0PR01.eurprd01.prod.outlook.com (2001:db8:208::9) by DB9PR01.eurprd01.prod.outlook.com "
        "(2001:db8:10:1::5) with Microsoft SMTP Server (version=TLS1_2, cipher=X) id 15.20.9052.1 "
        "via Frontend Transport"),
        {
            "ip": "2001:db8:208::9", "helo": "AM0PR01.eurprd01.prod.outlook.com",
            "by": "DB9PR01.eurprd01.prod.outlook.com", "with": "Microsoft SMTP Server", "id": "15.20.9052.1",
            "tls": "version=TLS1_2, cipher=X",
        },
    ),
    "exchange mapi": (
        "from A.prod.outlook.com ([fe80::1:2]) by A.prod.outlook.com ([fe80::1:2%7]) with mapi id 15.20.1",
        {"ip": "fe80::1:2", "helo": "A.prod.outlook.com", "by": "A.prod.outlook.com", "with": "mapi", "id": "15.20.1"},
    ),
    "windows smtp service": (
        "from pc7 ([203.0.113.70]) by srv.example.org with Microsoft SMTPSVC(6.0.3790.4675)",
        {"ip": "203.0.113.70", "helo": "pc7", "by": "srv.example.org", "with": "Microsoft SMTPSVC"},
    ),
    "gmail edge": (
        ("from mail.example.net (mail.example.net. [203.0.113.77]) by mx.google.com with ESMTPS id a1si2.2026.03.01 "
        "for <bob@example.com> (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256)"),
        {
            "ip": "203.0.113.77", "rdns": "mail.example.net", "helo": "mail.example.net", "by": "mx.google.com",
            "with": "ESMTPS", "id": "a1si2.2026.03.01", "for": "bob@example.com",
            "tls": "version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256",
        },
    ),
    "gmail submission": (
        "from [192.168.0.4] (cpe-9.isp.example. [203.0.113.99]) by smtp.gmail.com with ESMTPSA id z9sm1.2026",
        {
            "ip": "203.0.113.99", "rdns": "cpe-9.isp.example", "helo": "[192.168.0.4]", "by": "smtp.gmail.com",
            "with": "ESMTPSA", "id": "z9sm1.2026", "auth": "ESMTPSA",
        },
    ),
    "gmail internal": (
        "by 2002:a05:7108:3a41:b0:3f2:1 with SMTP id gx1csp100",
        {"by": "2002:a05:7108:3a41:b0:3f2:1", "with": "SMTP", "id": "gx1csp100"},
    ),
    "yahoo": (
        ("from 127.0.0.1  (EHLO mail.example.net) (203.0.113.30) by mta4009.mail.example.com with SMTPs "
        "(version=TLS1_2 cipher=TLS_ECDHE)"),
        {
            "ip": "203.0.113.30", "helo": "mail.example.net", "by": "mta4009.mail.example.com", "with": "SMTPs",
            "tls": "version=TLS1_2 cipher=TLS_ECDHE",
        },
    ),
    "yahoo web": (
        "from [203.0.113.31] by web1.mail.example.com via HTTP",
        {"ip": "203.0.113.31", "by": "web1.mail.example.com", "with": "HTTP"},
    ),
    "qmail with helo": (
        "from unknown (HELO pc) (203.0.113.9) by 0 with SMTP",
        {"ip": "203.0.113.9", "helo": "pc", "by": "0", "with": "SMTP"},
    ),
    "qmail with ident": (
        "from rdns.example.net (HELO helo.example) (ident@203.0.113.9) by mx.example.org with SMTP",
        {
            "ip": "203.0.113.9", "rdns": "rdns.example.net", "helo": "helo.example", "by": "mx.example.org",
            "with": "SMTP",
        },
    ),
    "qmail bare": (
        "from rdns.example.net (203.0.113.9) by mx.example.org with SMTP",
        {"ip": "203.0.113.9", "rdns": "rdns.example.net", "by": "mx.example.org", "with": "SMTP"},
    ),
    "qmail invoked": ("(qmail 12345 invoked from network)", {}),
    "sendmail": (
        ("from helo.example.net (IDENT:bob@rdns.example.net [203.0.113.6] (may be forged)) "
        "by mx.example.org (8.17.1/8.17.1) with ESMTP id 4213aB; "),
        {
            "ip": "203.0.113.6", "rdns": "rdns.example.net", "helo": "helo.example.net", "by": "mx.example.org",
            "with": "ESMTP", "id": "4213aB",
        },
    ),
    "sendmail with a login": (
        "from pc (rdns.example.net [203.0.113.6]) (authenticated bits=0) by mx.example.org (8.17.1/8.17.1) with ESMTP",
        {
            "ip": "203.0.113.6", "rdns": "rdns.example.net", "helo": "pc", "by": "mx.example.org", "with": "ESMTP",
            "auth": "authenticated",
        },
    ),
    "courier": (
        ("from pc (rdns.example.net [::ffff:203.0.113.61]) (AUTH: LOGIN bob, TLS: TLSv1/SSLv3,256bits,AES256-SHA) "
        "by mx.example.org with esmtp; id 00000001"),
        {
            "ip": "203.0.113.61", "rdns": "rdns.example.net", "helo": "pc", "by": "mx.example.org", "with": "esmtp",
            "auth": "bob", "tls": "AUTH: LOGIN bob, TLS: TLSv1/SSLv3,256bits,AES256-SHA",
            "id": "00000001",
        },
    ),
    "communigate": (
        ("from [203.0.113.62] (account bob@example.org HELO pc) by mx.example.org (CommuniGate Pro SMTP 6.2) "
        "with ESMTPSA id 12"),
        {
            "ip": "203.0.113.62", "helo": "pc", "by": "mx.example.org", "with": "ESMTPSA", "id": "12",
            "auth": "bob@example.org",
        },
    ),
    "lmtp": (
        "from mx.example.org (localhost [127.0.0.1]) by mx.example.org (Cyrus 3.4) with LMTPA",
        {
            "ip": "127.0.0.1", "rdns": "localhost", "helo": "mx.example.org", "by": "mx.example.org", "with": "LMTPA",
            "auth": "LMTPA",
        },
    ),
    "lmtp over a socket": (
        "from mx.example.org (unix socket) (LHLO mx.example.org) by store.example.org with LMTP",
        {"helo": "mx.example.org", "by": "store.example.org", "with": "LMTP"},
    ),
    "fetchmail": (
        ("from pop.example.net [203.0.113.3] by localhost with POP3 (fetchmail-6.3.26) for <bob@localhost> "
        "(single-drop)"),
        {"by": "localhost", "with": "POP3", "for": "bob@localhost"},
    ),
    "ecelerity": (
        ("from [203.0.113.50] ([203.0.113.50:34567] helo=mta.example) by mx.example.org (envelope-from "
        "<bounce@example.net>) (ecelerity 4.2) with ESMTP id 44/55"),
        {
            "ip": "203.0.113.50", "port": 34567, "helo": "mta.example", "by": "mx.example.org", "with": "ESMTP",
            "id": "44/55", "envelope_from": "bounce@example.net",
        },
    ),
    "squirrelmail": (
        "from 203.0.113.5 (SquirrelMail authenticated user bob); by webmail.example.org with HTTP",
        {"ip": "203.0.113.5", "by": "webmail.example.org", "with": "HTTP", "auth": "bob"},
    ),
    "upper case": (
        "FROM pc.example.net ([203.0.113.2]) BY mx.example.org WITH smtp ID 9",
        {"ip": "203.0.113.2", "helo": "pc.example.net", "by": "mx.example.org", "with": "smtp", "id": "9"},
    ),
    "no space before by": (
        "from helo.example (x.example.net [203.0.113.66])by mx.example.org with SMTP id Q",
        {
            "ip": "203.0.113.66", "rdns": "x.example.net", "helo": "helo.example", "by": "mx.example.org",
            "with": "SMTP", "id": "Q",
        },
    ),
    "id before for, by first": (
        "by mx.example.org id 8 for a@example.org with ESMTP",
        {"by": "mx.example.org", "id": "8", "for": "a@example.org", "with": "ESMTP"},
    ),
    "nested comment around the address": (
        "from a (b (deep (er)) [203.0.113.12] (again)) by mx.example.org (x (y)) with SMTP",
        {"ip": "203.0.113.12", "helo": "a", "by": "mx.example.org", "with": "SMTP", "rdns": "b"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GRAMMAR)
def test_a_received_field_becomes_the_hop_it_states(name: str) -> None:
    text, want = GRAMMAR[name]
    got = parse_received(f"{text.rstrip('; ')}; {DATE}")
    assert {k: v for k, v in got.items() if k not in {"time", "time_raw"}} == want
    assert (got["time"], got["time_raw"]) == (AT, DATE)


@pytest.mark.parametrize(
    ("helo", "address"),
    [
        ("by", "203.0.113.66"),
        ("id", "203.0.113.66"),
        ("[192.0.2.1]", "203.0.113.66"),
        ("192.0.2.1", "203.0.113.66"),
        ("from", "203.0.113.66"),
    ],
)
def test_a_helo_name_cannot_supply_the_address_or_the_recording_host(helo: str, address: str) -> None:
    got = parse_received(f"from {helo} (unknown [{address}]) by mx.example.org (Postfix) with SMTP id 1; {DATE}")
    assert (got["ip"], got["helo"], got["by"]) == (address, helo, "mx.example.org")


def test_a_helo_written_behind_the_address_cannot_replace_it() -> None:
    got = parse_received(f"from [203.0.113.66] (helo=[192.0.2.1] ident=[192.0.2.2]) by mx.example.org; {DATE}")
    assert (got["ip"], got["helo"]) == ("203.0.113.66", "[192.0.2.1]")


def test_a_missing_semicolon_does_not_lose_the_time() -> None:
    got = parse_received(
        "from a (b [203.0.113.1]) by c.example.org with SMTP id Q 2023-07-28 19:32:25.928333532 +0000 UTC m=+7"
    )
    assert (got["id"], got["time_raw"], got["time"]) == (
        "Q",
        "2023-07-28 19:32:25.928333532 +0000 UTC m=+7",
        1690572745928333,
    )


def test_a_semicolon_inside_a_trailing_comment_does_not_cut_the_date() -> None:
    got = parse_received(f"by mx.example.org with SMTP; {DATE} (seen; late)")
    assert (got["by"], got["time_raw"], got["time"]) == ("mx.example.org", f"{DATE} (seen; late)", AT)


@pytest.mark.parametrize(
    "text", ["", ";", "from", "by", "from from from", "(((((", ")))))", "from (", "from [", 'from "', "from <", "; ;"]
)
def test_a_broken_field_gives_what_it_has_and_raises_nothing(text: str) -> None:
    assert "ip" not in parse_received(text)


@pytest.mark.parametrize(
    "piece", ["(", ")", "[", '"', '"\\', "<", "from ", "; ", "(helo=", "[1.2.3.4", "1 Mar 2026 10:", " (HELO "]
)
def test_a_long_hostile_field_is_read_and_gives_no_address(piece: str) -> None:
    assert parse_received(piece * 50_000).get("ip") is None
