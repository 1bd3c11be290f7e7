"""Mail that the protected person received: an mbox, and one message saved on its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from making.kit import Evidence, Fact, at, local
from making.words import MAILS
from making.world import EXITS, HOME, SUITE

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Delivery", "deliveries", "write"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TERN = "tern.9941@example.net"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as the mail host took it over: peer, names, and what the sender wrote."""

    when: int
    name: str
    ip: str
    helo: str
    queue: str
    message_id: str
    sender: str
    shown: str
    subject: str
    body: str
    below: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


_OTHERS = tuple(
    Delivery(at(t), name, ip, name, queue, message_id, sender, shown, subject, body)
    for t, name, ip, queue, message_id, sender, shown, subject, body in (
        (
            "2026-01-08 09:15:22",
            "out.quay.example.com",
            "192.0.2.140",
            "4Q1a0z",
            "<a1@quay.example.com>",
            "billing@quay.example.com",
            "Quay Hosting",
            "Your invoice for January",
            "Dear customer,\n\nyour invoice is attached to your account.\n",
        ),
        (
            "2026-01-22 18:40:11",
            "mail.example.com",
            "198.51.100.20",
            "4Q2b1y",
            "<mara-77@example.com>",
            "mara@example.com",
            "Mara",
            "Saturday",
            "Shall we go to the regatta meeting together?\n\n>From what I hear it starts at ten.\n",
        ),
        (
            "2026-02-09 10:05:44",
            "mail.example.com",
            "198.51.100.20",
            "4Q3c2x",
            "<mara-81@example.com>",
            "mara@example.com",
            "Mara",
            "Re: block",
            "Good that you blocked it. Keep the messages.\n",
        ),
        (
            "2026-02-18 07:00:03",
            "news.example.net",
            "192.0.2.151",
            "4Q4d3w",
            "<n-2026-07@news.example.net>",
            "news@news.example.net",
            "Harbour News",
            "=?utf-8?q?Boats=2C_weather_and_a_caf=C3=A9?=",
            "This week in the harbour.\n",
        ),
        (
            "2026-03-12 12:30:50",
            "mail.example.com",
            "198.51.100.20",
            "4Q5e4v",
            "<mara-90@example.com>",
            "mara@example.com",
            "Mara",
            "the guard",
            "The station is open until six.\n",
        ),
        (
            "2026-03-29 01:30:00",
            "news.example.net",
            "192.0.2.151",
            "4Q6f5u",
            "<n-2026-13@news.example.net>",
            "news@news.example.net",
            "Harbour News",
            "Summer time",
            "The clocks went forward tonight.\n",
        ),
    )
)
# What the sender of the throw-away mail wrote below the true hand-over: nobody vouches for it.
_FORGED = (
    "from webmail.example.com (webmail.example.com [192.0.2.77]) by out3.example.net with ESMTPSA id 9F{n:02d}; {date}",
    "from [198.19.250.{n}] (helo=desk-{n}) by webmail.example.com with esmtpa (Exim 4.94) id 1rKx{n:02d}-0007; {date}",
)


def _date(when: int) -> str:
    wall, offset = local(when)
    return f"{_DAYS[wall.weekday()]}, {wall.day} {_MONTHS[wall.month - 1]} {wall.year} {wall:%H:%M:%S} {offset}"


def _tern() -> list[Delivery]:
    rows = []
    for n, (when, way, subject, body) in enumerate(MAILS, 1):
        ip = HOME if way is None else EXITS[way]
        below = tuple(line.format(n=n, date=_date(when - 40 * i)) for i, line in enumerate(_FORGED[: n % 3], 1))
        rows.append(
            Delivery(
                when,
                "unknown",
                ip,
                "desk.lan",
                f"4QT{n}k{n}",
                f"<2026{n:02d}.{n * 7717}@example.net>",
                _TERN,
                "T.",
                subject,
                body,
                below,
                (f"User-Agent: {SUITE}",),
            )
        )
    return rows


def deliveries() -> list[Delivery]:
    """Every message in order of arrival."""
    return sorted([*_OTHERS, *_tern()], key=lambda item: item.when)


def _message(item: Delivery) -> str:
    """Header fields and body with LF line ends."""
    shown = f'"{item.shown}" <{item.sender}>' if "." in item.shown else f"{item.shown} <{item.sender}>"
    spf = "none" if item.sender == _TERN else "pass"
    fields = [
        f"Return-Path: <{item.sender}>",
        "Delivered-To: ada@example.org",
        "Received: from localhost (localhost [127.0.0.1]) by mx.example.org (Dovecot) with LMTP",
        f"\tid {item.queue}L; {_date(item.when + 2)}",
        f"Received: from {item.helo} ({item.name} [{item.ip}])",
        f"\tby mx.example.org (Postfix) with ESMTP id {item.queue}",
        f"\tfor <ada@example.org>; {_date(item.when)}",
        *(f"Received: {line}" for line in item.below),
        f"Authentication-Results: mx.example.org; spf={spf} smtp.mailfrom={item.sender}",
        f"Date: {_date(item.when - 3)}",
        f"From: {shown}",
        "To: Ada <ada@example.org>",
        f"Subject: {item.subject}",
        f"Message-ID: {item.message_id}",
        *item.extra,
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    return "\n".join(fields) + "\n\n" + item.body


def _envelope(item: Delivery) -> str:
    """The separator line of an mbox: asctime, UTC (RFC 4155)."""
    wall: datetime = local(item.when)[0] if local(item.when)[1] == "+0000" else local(item.when - 3600)[0]
    day = f"{_DAYS[wall.weekday()]} {_MONTHS[wall.month - 1]} {wall.day:2d}"
    return f"From {item.sender} {day} {wall:%H:%M:%S} {wall.year}"


def _escaped(text: str) -> str:
    """mboxrd: one more ``>`` before every quoted or unquoted ``From `` at the start of a line."""
    return "\n".join(f">{line}" if line.lstrip(">").startswith("From ") else line for line in text.split("\n"))


def write(out: Evidence) -> None:
    """Add the mailbox, and the message of 17 March as its own file."""
    saved = next(item for item in _tern() if item.ip == HOME)
    boxed = [item for item in deliveries() if item is not saved and item.message_id != saved.message_id]
    mbox = "".join(f"{_envelope(item)}\n{_escaped(_message(item))}\n" for item in boxed)
    forged = next(item for item in boxed if len(item.below) == 2)
    out.add(
        "evidence/ada-inbox.mbox",
        mbox.encode(),
        [
            (
                Fact(
                    "F25",
                    "two Received fields below the hand-over are written by the sender and prove nothing",
                    forged.message_id,
                    "email_message",
                    {"attested_ip": forged.ip, "boundary_host": "mx.example.org", "not_attested": ["192.0.2.77"]},
                    f"message {boxed.index(forged) + 1}",
                ),
                (),
            ),
        ],
    )
    out.add(
        "evidence/tonight.eml",
        _message(saved).replace("\n", "\r\n").encode(),
        [
            (
                Fact(
                    "F26",
                    "the throw-away mail of 17 March was handed to the mail host from the home address",
                    f"[{HOME}]",
                    "email_message",
                    {"attested_ip": HOME, "sender": _TERN, "message_id": saved.message_id},
                    "message",
                ),
                (),
            ),
        ],
    )
