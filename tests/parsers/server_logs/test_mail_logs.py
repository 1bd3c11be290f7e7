"""Mail logs as a whole: every line accounted for, messages joined, nothing planted taken for a peer."""

# ruff: noqa: E501, Q003 - log lines as servers write them

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.contract import Settings
from parsers.server_logs import mail_logs
from tests.conformance.fixtures import read_all

FORMATS = {each.id.partition("/")[2]: each for each in mail_logs.FORMATS}
CASE = Settings(timezone="UTC", acquired_at=datetime(2026, 6, 1, tzinfo=UTC))
HEADS = {"postfix": "May  4 10:00:00 mx postfix/smtpd[1]: ", "dovecot": "May  4 10:00:00 mx dovecot: ", "exim": "2026-05-04 10:00:00 "}

PEER, PLANTED = "198.51.100.9", "192.0.2.66"
PIECES = (
    *(PLANTED, f"x[{PLANTED}]", f"[{PLANTED}]:25", f"rip={PLANTED}", f"ip=[{PLANTED}]", f"H=x [{PLANTED}]", f"H=(x) [{PLANTED}]:1"),
    *("from", " from ", "; from=<", "> to=<", " proto=SMTP", " helo=<", ">, relay=", ", delay=1", ", status=sent (", ")", "(", ">"),
    *("<", '"', "\\", "'", ",", ", ", ": ", " ", "user=<", ">, method=PLAIN, ", ", lip=203.0.113.5", ", session=<a>", ", TLS", "}"),
    *(" F=<", " rejected RCPT <", " P=esmtp", " A=plain:eve", " id=a", ' T="', "): ", f",{PLANTED})", f",{PLANTED},<a>): ", "é", "=", "client="),
    *(f"warning: x[{PLANTED}]: SASL LOGIN authentication failed", f"connect from x[{PLANTED}]", " authenticator failed for "),
)  # fmt: skip
CLIENT_TEXT = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map("".join)

POSTFIX = (
    "warning: unknown[{peer}]: SASL LOGIN authentication failed: (reason unavailable), sasl_username={text}",
    "warning: non-SMTP command from unknown[{peer}]: {text}",
    "warning: Illegal address syntax from unknown[{peer}] in MAIL command: {text}",
    "improper command pipelining after EHLO from unknown[{peer}]: {text}",
    "NOQUEUE: reject: RCPT from unknown[{peer}]: 554 5.7.1 <{text}>: Relay access denied; from=<{text}> to=<{text}> proto=ESMTP helo=<{text}>",
    "4AB1234567: reject: RCPT from unknown[{peer}]: 554 5.7.1 <a>: Helo command rejected; from=<b> to=<c> proto=ESMTP helo=<{text}>",
    "4AB1234567: warning: header Subject: {text} from unknown[{peer}]; from=<a@example.org> to=<b@example.org> proto=ESMTP helo=<c>",
    "4AB1234567: client=unknown[{peer}], sasl_method=PLAIN, sasl_username=ada, sasl_sender={text}",
    "PREGREET 9 after 0.1 from [{peer}]:40000: {text}",
)
DOVECOT = (
    "imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<{text}>, method=PLAIN, rip={peer}, lip=203.0.113.5, session=<s>",
    "pop3-login: Aborted login (auth failed, 1 attempts): user=<{text}> method=CRAM-MD5, rip={peer}, lip=203.0.113.5, TLS",
    "auth: passwd-file({text},{peer},<s>): unknown user",
    "auth-worker(7): sql(ada,{peer},<s>): Password mismatch (given password: {text})",
)
EXIM = (
    "plain authenticator failed for ({text}) [{peer}]:40000: 535 Incorrect authentication data (set_id=ada)",
    "SMTP connection from ({text}) [{peer}]:40000 lost D=2s",
    "SMTP call from ({text}) [{peer}]:40000 dropped: too many syntax or protocol errors (last command was \"{text}\")",
    '1uAbCd-0001Ef-2G <= a@example.net H=({text}) [{peer}]:40000 P=esmtp S=9 id=a@example.net T="x" from <a@example.net> for b@example.org',
    "H=({text}) [{peer}]:40000 F=<a@example.net> rejected RCPT <b@example.org>: Unrouteable address",
    "plain authenticator failed for (x) [{peer}]:40000: 535 Incorrect authentication data (set_id={text})",
    '1uAbCd-0001Ef-2G <= a@example.net H=x.example.net [{peer}]:40000 P=esmtp S=9 id={text} T="x" from <a@example.net>',
    'SMTP protocol error in "AUTH {text}" H=(x) [{peer}] AUTH command used when not advertised',
    'SMTP protocol synchronization error (input sent too soon): rejected "{text}" H=[{peer}] next input="{text}"',
)
TEMPLATES = [(kind, each) for kind, group in (("postfix", POSTFIX), ("dovecot", DOVECOT), ("exim", EXIM)) for each in group]


def read(kind: str, text: str, case: Settings = CASE) -> list[dict[str, Any]]:
    return read_all(FORMATS[kind], text.encode(), case)[0]


def one(kind: str, message: str) -> dict[str, Any]:
    (row,) = read(kind, HEADS[kind] + message + "\n")
    return row


@pytest.mark.parametrize(("kind", "template"), TEMPLATES)
@given(text=CLIENT_TEXT)
@settings(max_examples=120, deadline=None)
def test_client_text_never_supplies_the_peer(kind: str, template: str, text: str) -> None:
    row = one(kind, template.format(peer=PEER, text=text))
    assert row.get("source_ip") in {PEER, None}
    assert row.get("source_port") in {40000, None}
    assert "<=" not in template or "account_login" not in row


@given(text=CLIENT_TEXT, reply=CLIENT_TEXT)
@settings(max_examples=300, deadline=None)
def test_recipient_and_reply_never_supply_the_relay_or_the_status(text: str, reply: str) -> None:
    row = one(
        "postfix",
        f"4AB1234567: to=<{text}>, relay=mx.example.com[198.51.100.25]:25, delay=1, delays=1/0/0/0, dsn=5.0.0, status=bounced ({reply})",
    )
    assert row.get("destination_ip") in {"198.51.100.25", None}
    assert (row["event_action"], row["event_outcome"]) in {("bounced", "failure"), ("delivery", "unknown")}


@given(text=st.text(alphabet=st.characters(exclude_characters=' ()[]\n\r\t\x0b\x0c"', exclude_categories=("Cs", "Zs", "Zl", "Zp")), max_size=30))
@settings(max_examples=200, deadline=None)
def test_a_helo_without_blanks_and_brackets_leaves_the_address_certain(text: str) -> None:
    row = one("exim", f"H=({text}) [{PEER}]:40000 F=<a@example.net> rejected RCPT <b@example.org>: no")
    assert (row["source_ip"], row["source_port"]) == (PEER, 40000)


@pytest.mark.parametrize("kind", ["postfix", "dovecot", "exim"])
@given(lines=st.lists(st.one_of(st.sampled_from(["", "  ", "noise", "\0\0"]), st.sampled_from([t for _, t in TEMPLATES]), CLIENT_TEXT), max_size=12))
@settings(max_examples=60, deadline=None)
def test_every_line_is_an_event_a_reject_or_a_skip(kind: str, lines: list[str]) -> None:
    written = [HEADS[kind] + line if line.strip() else line for line in lines]
    text = "".join(line.format(peer=PEER, text="x") + "\n" if "{peer}" in line else line + "\n" for line in written)
    events, rejects, total = read_all(FORMATS[kind], text.encode(), CASE)
    assert len(events) + len(rejects) + sum(total.skips.values()) == len(lines)


def test_a_queue_id_that_comes_again_is_another_message() -> None:
    rows = read(
        "postfix",
        "".join(
            f"May  4 10:00:0{second} mx postfix/{program}: 4C0FFEE01: {message}\n"
            for second, (program, message) in enumerate(
                (
                    ("smtpd[1]", "client=a.example.net[198.51.100.1]"),
                    ("qmgr[2]", "removed"),
                    ("smtp[3]", "to=<late@example.org>, relay=none, delay=1, status=sent (written late)"),
                    ("smtpd[1]", "client=b.example.net[198.51.100.2]"),
                    ("smtpd[1]", "client=c.example.net[198.51.100.3]"),
                )
            )
        ),
    )
    assert [row["thread_id"] for row in rows] == [f"mx/4C0FFEE01#{n}" for n in (1, 1, 1, 2, 3)]
    assert rows[2]["source_ip"] == "198.51.100.1"


def test_the_same_queue_id_on_two_hosts_is_two_messages() -> None:
    rows = read(
        "postfix",
        "May  4 10:00:00 mx1 postfix/smtpd[1]: 4C0FFEE01: client=a.example.net[198.51.100.1]\n"
        "May  4 10:00:01 mx2 postfix/smtp[1]: 4C0FFEE01: to=<b@example.org>, relay=none, delay=1, status=deferred (x)\n",
    )
    assert [row["thread_id"] for row in rows] == ["mx1/4C0FFEE01#1", "mx2/4C0FFEE01#1"]
    assert "source_ip" not in rows[1]


def test_a_filter_that_states_a_sender_of_its_own_cannot_bring_another_peer() -> None:
    rows = read(
        "postfix",
        "May  4 10:00:00 mx postfix/smtpd[1]: 4AA0000001: client=unknown[192.0.2.66]\n"
        "May  4 10:00:01 mx postfix/smtpd[1]: 4AA0000002: client=localhost[127.0.0.1], sasl_method=PLAIN, sasl_username=eve, "
        "sasl_sender=e@example.net, orig_queue_id=4AA0000001, orig_client=unknown[192.0.2.66]\n"
        "May  4 10:00:02 mx postfix/smtp[1]: 4AA0000002: to=<b@example.org>, relay=none, delay=1, status=sent (x)\n",
    )
    assert (rows[2]["source_ip"], rows[2]["claimed_ips"]) == ("127.0.0.1", ["192.0.2.66"])


def test_dovecot_lines_in_a_postfix_file_are_read_too() -> None:
    row = one("postfix", "x")
    assert row["event_type"] == "log_message"
    (login,) = read("postfix", HEADS["dovecot"] + "imap-login: Login: user=<ada>, method=PLAIN, rip=203.0.113.20, lip=203.0.113.5, mpid=1, session=<s>\n")
    assert (login["event_type"], login["account_login"], login["source_ip"]) == ("authentication", "ada", "203.0.113.20")


def test_exim_lines_in_syslog_are_read_with_and_without_their_own_time() -> None:
    message = "plain authenticator failed for (x) [198.51.100.9]:40000: 535 Incorrect authentication data (set_id=ada)"
    rows = read("exim", f"May  4 10:00:00 mx exim[1]: {message}\nMay  4 10:00:00 mx exim4[1]: 2026-05-04 10:00:00 {message}\n")
    assert [(row["account_login"], row["source_ip"], row["source_port"]) for row in rows] == [("ada", PEER, 40000)] * 2


def test_a_local_time_without_zone_is_widened_and_one_with_offset_is_not() -> None:
    plain, offset = read("exim", "2026-05-04 10:00:00 x\n2026-05-04 10:00:00 +0200 x\n", Settings())
    assert (plain["tz_basis"], plain["timestamp_earliest"]) == ("assumed", "2026-05-03T20:00:00.000000Z")
    assert (offset["tz_basis"], offset["timestamp"]) == ("in_value", "2026-05-04T08:00:00.000000Z")


def test_the_year_of_mail_stamps_is_solved_over_the_file() -> None:
    rows = read("postfix", "Dec 31 23:59:59 mx postfix/smtpd[1]: connect from unknown[198.51.100.1]\nJan  1 00:00:01 mx postfix/smtpd[1]: disconnect from unknown[198.51.100.1]\n")
    assert [row["timestamp"][:4] for row in rows] == ["2025", "2026"]


def test_a_delivery_names_the_lines_its_facts_come_from() -> None:
    rows = read(
        "postfix",
        "May  4 10:00:00 mx postfix/smtpd[1]: 4AA0000001: client=h.example.net[203.0.113.20]:5001, sasl_method=LOGIN, sasl_username=ada@example.org\n"
        "\n"
        "May  4 10:00:01 mx postfix/qmgr[2]: 4AA0000001: from=<ada@example.org>, size=9, nrcpt=1 (queue active)\n"
        "May  4 10:00:02 mx postfix/smtp[3]: 4AA0000001: to=<b@example.com>, relay=mx.example.com[198.51.100.25]:25, delay=1, dsn=2.0.0, status=sent (250 ok)\n",
    )
    assert '"joined_from":["L1","L3"]' in rows[2]["extra"]
    assert (rows[2]["source_ip"], rows[2]["source_port"], rows[2]["account_login"]) == ("203.0.113.20", 5001, "ada@example.org")
    assert rows[2]["identifiers"] == [{"type": "email", "value": "ada@example.org", "raw": "ada@example.org"}]
