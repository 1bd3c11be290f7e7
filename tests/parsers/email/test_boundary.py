"""Where trust in a chain of hops ends."""

from __future__ import annotations

import random

import pytest

from parsers.contract import Settings, Source
from parsers.email._boundary import Boundary, trusted_from, walk
from parsers.email._received import parse_received
from parsers.email.message import parse_message

INNER = "from mx1.example.org (mx1.example.org [10.0.0.5]) by store.example.org (Postfix) with LMTP id 9"
FILTER = "from localhost (localhost [127.0.0.1]) by mx1.example.org (Postfix) with ESMTP id 8"
EDGE = "from evil.example (rdns.example.net [203.0.113.66]) by mx1.example.org (Postfix) with ESMTPS id 7"
CLAIM = "from pc (pc.example [198.51.100.9]) by evil.example with SMTP id 6"
LOGIN = (
    "from [192.168.1.2] (dsl.isp.example [203.0.113.23]) (Authenticated sender: bob) "
    "by mx1.example.org with ESMTPSA id 5"
)
LAN_LOGIN = "from pc (pc.lan [192.168.1.2]) by mx1.example.org with ESMTPSA id 5"
GOOGLE_IN = "by 2002:a05:7108:3a41:b0:3f2:1 with SMTP id gx1csp100"
GOOGLE = "from mail.example.net (mail.example.net. [203.0.113.77]) by mx.google.com with ESMTPS id a1si2"
MICROSOFT_TOP = (
    "from DB2PR01.eurprd01.prod.outlook.com (2603:10a6:10::5) by AM3PR01.eurprd01.prod.outlook.com with HTTPS"
)
MICROSOFT_IN = (
    "from DB1FT01.eop-eur01.prod.protection.outlook.com (2603:10a6:10::9) by DB2PR01.eurprd01.prod.outlook.com "
    "(2603:10a6:10::5) with Microsoft SMTP Server id 15.20.1 via Frontend Transport"
)
MICROSOFT = (
    "from mail.example.net (203.0.113.88) by DB1FT01.mail.protection.outlook.com (10.13.5.1) "
    "with Microsoft SMTP Server id 15.20.2 via Frontend Transport"
)
QMAIL = "(qmail 99 invoked from network)"
QMAIL_SMTP = "from unknown (HELO pc) (203.0.113.9) by mx1.example.org with SMTP"
OFFICE_2013 = (
    "from BY2FFO11FD012.protection.gbl (2a01:111:f400:7c0c::1) by BY2PR03CA001.outlook.office365.com "
    "(2a01:111:e400:2c2c::1) with Microsoft SMTP Server (TLS) id 15.0.1 via Frontend Transport"
)
EDGE_2013 = (
    "from mail.example.net (203.0.113.88) by BY2FFO11FD012.protection.gbl (10.1.14.130) "
    "with Microsoft SMTP Server id 15.0.2 via Frontend Transport"
)
GOOGLE_2010 = "by 10.100.1.2 with SMTP id f2cs12345wxa"
GOOGLE_2010_DEEP = "by 10.100.2.2 with SMTP id a1mr12345wxb.19.1234"
GOOGLE_API = "from 784335614420 named unknown by gmailapi.google.com with HTTPREST"
MICROSOFT_MAPI = "from AM3PR01.prod.outlook.com ([fe80::1]) by AM3PR01.prod.outlook.com ([fe80::1%6]) with mapi id 1"
EXIM_LOCAL = "from www-data by mx1.example.org with local (Exim 4.96) id 1abcDE-0002Fg-Hi"
POSTFIX_LOCAL = "by mx1.example.org (Postfix, from userid 33) id 0F1E2D"
OURS = "mx1.example.org, store.example.org"


def border(*fields: str, trusted: str = "") -> Boundary | None:
    return walk([{**parse_received(text), "raw": text} for text in fields], trusted_from(trusted))


@pytest.mark.parametrize(
    ("fields", "trusted", "want"),
    [
        ((EDGE, CLAIM), "", Boundary(1, "203.0.113.66", "mx1.example.org", "top_hop_only")),
        ((INNER, FILTER, EDGE, CLAIM), "", Boundary(1, None, None, "no_address")),
        ((INNER, FILTER, EDGE, CLAIM), OURS, Boundary(3, "203.0.113.66", "mx1.example.org", "trusted_host")),
        ((INNER, FILTER, EDGE, CLAIM), "*.example.org", Boundary(3, "203.0.113.66", "mx1.example.org", "trusted_host")),
        ((INNER, EDGE), "10.0.0.0/8", Boundary(2, "203.0.113.66", "mx1.example.org", "trusted_host")),
        ((FILTER, EDGE, CLAIM), "", Boundary(2, "203.0.113.66", "mx1.example.org", "same_host")),
        (
            (EDGE, CLAIM),
            "evil.example, mx1.example.org",
            Boundary(1, "203.0.113.66", "mx1.example.org", "trusted_host"),
        ),
        ((EDGE, CLAIM), "203.0.113.66", Boundary(2, "198.51.100.9", "evil.example", "trusted_host")),
        ((INNER, LOGIN, CLAIM), OURS, Boundary(2, "203.0.113.23", "mx1.example.org", "authenticated_submission")),
        ((LAN_LOGIN, EDGE), OURS, Boundary(1, "192.168.1.2", "mx1.example.org", "authenticated_submission")),
        ((GOOGLE_IN, GOOGLE, CLAIM), "", Boundary(2, "203.0.113.77", "mx.google.com", "google_edge")),
        (
            (MICROSOFT_TOP, MICROSOFT_IN, MICROSOFT, CLAIM),
            "",
            Boundary(3, "203.0.113.88", "DB1FT01.mail.protection.outlook.com", "microsoft_edge"),
        ),
        ((EDGE, MICROSOFT_IN, MICROSOFT), "", Boundary(1, "203.0.113.66", "mx1.example.org", "top_hop_only")),
        ((GOOGLE_IN, MICROSOFT), "", Boundary(1, None, None, "no_address")),
        (
            (OFFICE_2013, EDGE_2013, CLAIM),
            "",
            Boundary(2, "203.0.113.88", "BY2FFO11FD012.protection.gbl", "microsoft_edge"),
        ),
        (
            (GOOGLE_2010, GOOGLE_2010_DEEP, GOOGLE, CLAIM),
            "",
            Boundary(3, "203.0.113.77", "mx.google.com", "google_edge"),
        ),
        (("by 10.100.1.2 with SMTP id 17", GOOGLE), "", Boundary(1, None, None, "no_address")),
        ((GOOGLE_IN, GOOGLE_API, GOOGLE), "", Boundary(2, None, None, "no_address")),
        ((MICROSOFT_TOP, MICROSOFT_MAPI, MICROSOFT), "", Boundary(2, None, None, "no_address")),
        ((EXIM_LOCAL, EDGE), "", Boundary(1, None, None, "no_address")),
        ((EXIM_LOCAL, EDGE), OURS, Boundary(2, "203.0.113.66", "mx1.example.org", "trusted_host")),
        ((POSTFIX_LOCAL, EDGE), "", Boundary(1, None, None, "no_address")),
        ((POSTFIX_LOCAL, EDGE), OURS, Boundary(2, "203.0.113.66", "mx1.example.org", "trusted_host")),
        ((QMAIL, QMAIL_SMTP, CLAIM), "", Boundary(2, "203.0.113.9", "mx1.example.org", "same_host")),
        (("by mx1.example.org with ESMTP id 1", EDGE), "", Boundary(1, None, None, "no_address")),
        (("",), "", Boundary(1, None, None, "no_address")),
        ((), OURS, None),
    ],
)
def test_trust_ends_where_the_last_known_host_took_the_message_over(
    fields: tuple[str, ...], trusted: str, want: Boundary | None
) -> None:
    assert border(*fields, trusted=trusted) == want


CHAINS = [
    ((EDGE, CLAIM), "", 1),
    ((INNER, FILTER, EDGE, CLAIM), OURS, 3),
    ((FILTER, EDGE), "", 2),
    ((INNER, LOGIN), OURS, 2),
    ((LAN_LOGIN,), OURS, 1),
    ((GOOGLE_IN, GOOGLE, CLAIM), "", 2),
    ((MICROSOFT_IN, MICROSOFT), "", 2),
    ((MICROSOFT_TOP, MICROSOFT_IN, MICROSOFT, CLAIM), "", 3),
    ((QMAIL, QMAIL_SMTP), "", 2),
]


def forged(rng: random.Random) -> str:
    """A Received field such as a sender would invent, most often in the name of a host the reader trusts."""
    name = rng.choice(
        ["mx1.example.org", "store.example.org", "mx.google.com", "x.mail.protection.outlook.com", "a.example"]
    )
    ip = rng.choice(["10.0.0.5", "127.0.0.1", f"198.51.100.{rng.randrange(256)}", "2001:db8::7", "192.168.1.2"])
    kind = rng.choice(["SMTP", "ESMTPSA", "LMTP", "HTTP", "mapi"])
    return rng.choice(
        [
            f"from x (y [{ip}]) by {name} with {kind} id {rng.randrange(9)}",
            f"from x ({ip}) by {name} with {kind}",
            f"by {name} with {kind} id 3",
            "(qmail 1 invoked from network)",
        ]
    )


@pytest.mark.parametrize(("fields", "trusted", "depth"), CHAINS)
def test_forged_fields_below_the_boundary_never_change_the_attested_address(
    fields: tuple[str, ...], trusted: str, depth: int
) -> None:
    want = border(*fields, trusted=trusted)
    assert want is not None
    assert want.attested == depth
    assert want.ip is not None
    rng = random.Random(7)
    for _ in range(300):
        lies = [forged(rng) for _ in range(rng.randrange(1, 6))]
        for where in {depth, rng.randrange(depth, len(fields) + 1)}:
            assert border(*fields[:where], *lies, *fields[where:], trusted=trusted) == want


def test_an_event_marks_hops_down_to_the_hand_over_as_attested() -> None:
    lines = "".join(f"Received: {text}; Sun, 1 Mar 2026 10:00:00 +0000\n" for text in (INNER, FILTER, EDGE, CLAIM))
    data = f"{lines}From: a@example.net\nSubject: x\n\n".encode()
    settings = Settings(options={"trusted_hosts": OURS})
    (event,) = parse_message(Source(memoryview(data), settings=settings))
    assert [hop["attested"] for hop in event.values["hops"]] == [True, True, True, False]
    assert event.values["attested_ip"] == "203.0.113.66"
    assert event.values["boundary_host"] == "mx1.example.org"
    assert event.values["extra"] == {"boundary_basis": "trusted_host"}


def test_the_option_reads_names_suffixes_addresses_and_networks() -> None:
    trusted = trusted_from(" MX1.example.org., .example.net,*.example.com, 192.0.2.7, 2001:db8::/32,, ")
    assert all(trusted.host(name) for name in ("mx1.example.org", "a.example.net", "b.example.com"))
    assert not any(trusted.host(name) for name in ("example.net", "xmx1.example.org", None, ""))
    assert [str(net) for net in trusted.nets] == ["192.0.2.7/32", "2001:db8::/32"]
