"""The blog host's auth.log (RFC 3164, local time, no year) and the mail host's log (RFC 5424)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from making.kit import DAY, Draw, Evidence, Fact, Row, at, iso, local, numbered
from making.mail import deliveries
from making.world import ADA_HOME, DAYS, EXITS, HOME, START

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["write"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_KEY = "ED25519 SHA256:mVnpMmRjYy7kZq1b0TzC4xwW9uO2aDfHsKeLgXoQ3Ik"
_GUESSES = ("root", "admin", "ada", "blog", "test", "oracle", "pi")
_HOME_TRY = at("2026-03-17 23:31:12")
_BROKEN = ("\x00" * 80, "blog kernel panic, nothing more was written")


def _line(when: int, program: str, pid: int, message: str) -> Row:
    wall, _ = local(when)
    return Row(when, f"{_MONTHS[wall.month - 1]} {wall.day:2d} {wall:%H:%M:%S} blog {program}[{pid}]: {message}")


def _failed(when: int, user: str, ip: str, port: int, pid: int) -> Iterator[Row]:
    invalid = "" if user in {"root", "ada"} else "invalid user "
    if invalid:
        yield _line(when, "sshd", pid, f"Invalid user {user} from {ip} port {port}")
    yield _line(when + 2, "sshd", pid, f"Failed password for {invalid}{user} from {ip} port {port} ssh2")
    yield _line(
        when + 3,
        "sshd",
        pid,
        f"Connection closed by {'invalid' if invalid else 'authenticating'} user {user} {ip} port {port} [preauth]",
    )


def _own(when: int, draw: Draw) -> Iterator[Row]:
    pid, port = draw.between(1_000, 30_000), draw.between(40_000, 60_000)
    yield _line(when, "sshd", pid, f"Accepted publickey for ada from {ADA_HOME} port {port} ssh2: {_KEY}")
    yield _line(when, "sshd", pid, "pam_unix(sshd:session): session opened for user ada(uid=1000) by (uid=0)")
    yield _line(
        when + 95,
        "sudo",
        pid + 9,
        "     ada : TTY=pts/0 ; PWD=/home/ada ; USER=root ; COMMAND=/usr/bin/systemctl reload nginx",
    )
    yield _line(when + 610, "sshd", pid, f"Disconnected from user ada {ADA_HOME} port {port}")
    yield _line(when + 610, "sshd", pid, "pam_unix(sshd:session): session closed for user ada")


_TRICK = f"Failed password for invalid user x from 192.0.2.9 port 22 ssh2 from {EXITS[3]} port 40022 ssh2"
_AT_HOME = Fact(
    "F19",
    "a failed log-in as the protected person on her server, from the home address",
    "",
    "authentication",
    {
        "source_ip": HOME,
        "source_port": 51_877,
        "account_login": "ada",
        "event_outcome": "failure",
        "timestamp": iso(_HOME_TRY),
    },
)
_TRICKED = Fact(
    "F20",
    "a user name made to look like an address; the true peer is at the end",
    "",
    "authentication",
    {"source_ip": EXITS[3], "source_port": 40_022, "event_outcome": "failure"},
)


def _planted() -> list[Row]:
    failed = f"Failed password for ada from {HOME} port 51877 ssh2"
    closed = f"Connection closed by authenticating user ada {HOME} port 51877 [preauth]"
    rows = [
        replace(_line(_HOME_TRY, "sshd", 22_041, failed), facts=(_AT_HOME,)),
        _line(_HOME_TRY + 9, "sshd", 22_041, f"message repeated 2 times: [ {failed}]"),
        _line(_HOME_TRY + 12, "sshd", 22_041, closed),
        replace(_line(at("2026-03-06 02:11:40"), "sshd", 21_007, _TRICK), facts=(_TRICKED,)),
    ]
    for number, day in enumerate(("2026-01-20", "2026-02-05", "2026-03-05", "2026-03-18", "2026-04-01")):
        for attempt in range(4):
            when, ip = at(f"{day} 23:0{attempt}:10"), EXITS[(number + attempt) % 5]
            rows += _failed(when, "ada", ip, 40_100 + attempt, 20_500 + 10 * number + attempt)
    return rows + [Row(at("2026-02-27 04:00:00") + i, text) for i, text in enumerate(_BROKEN)]


def _auth() -> tuple[bytes, list[Fact]]:
    draw = Draw("auth")
    rows = _planted()
    for day in range(DAYS):
        if draw.chance(0.3):
            rows += _own(START + day * DAY + draw.between(30_000, 76_000), draw)
        for _ in range(draw.between(0, 2)):
            ip, pid = f"198.19.245.{draw.between(10, 60)}", draw.between(1_000, 30_000)
            rows += _failed(
                START + day * DAY + draw.between(0, DAY - 10), draw.pick(_GUESSES), ip, draw.between(1_025, 65_000), pid
            )
    rows.append(
        Row(
            at("2026-03-10 06:00:00"),
            _line(at("2026-03-10 05:58:30"), "CRON", 811, "pam_unix(cron:session): session closed for user root").text,
        )
    )
    lines, facts = numbered(rows)
    return ("\n".join(lines) + "\n").encode(), facts


def _mail_log() -> tuple[bytes, list[Fact]]:
    rows: list[Row] = []
    for pid, item in enumerate(deliveries(), 2_201):
        peer = f"{item.name}[{item.ip}]"
        fact = Fact(
            "F24",
            "the mail host's own log of the hand-over from the home address",
            "",
            "connection",
            {
                "timestamp": iso(item.when - 1).replace("Z", ".411Z"),
                "host_name": "mx.example.org",
                "source_ip": item.ip,
            },
        )
        texts = (
            (item.when - 1, "smtpd", "-", f"connect from {peer}", (fact,) if item.ip == HOME else ()),
            (item.when, "smtpd", f'[queue@32473 id="{item.queue}"]', f"{item.queue}: client={peer}", ()),
            (
                item.when,
                "cleanup",
                f'[queue@32473 id="{item.queue}"]',
                f"{item.queue}: message-id={item.message_id}",
                (),
            ),
            (item.when + 1, "qmgr", "-", f"{item.queue}: removed", ()),
        )
        rows += [
            Row(
                when,
                f"<22>1 {iso(when).replace('Z', '.411Z')} mx.example.org postfix/{program} {pid} - {data} {text}",
                facts,
            )
            for when, program, data, text, facts in texts
        ]
    lines, facts = numbered(rows)
    return ("\n".join(lines) + "\n").encode(), facts


def write(out: Evidence) -> None:
    """Add both logs."""
    auth, facts = _auth()
    out.add("evidence/blog-auth.log", auth, [(fact, ()) for fact in facts], 1)  # a run of NUL is passed over
    mail, facts = _mail_log()
    out.add("evidence/mx-mail.log", mail, [(fact, ()) for fact in facts])
