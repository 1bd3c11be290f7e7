"""The mail provider's answer about the throw-away mailbox: recovery number and log-ins (CSV)."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from making.kit import DAY, Draw, Evidence, Fact, at, iso
from making.world import EXITS, HOME, MAILED, RESP_PHONE, START, SUITE

__all__ = ["write"]

_COLUMNS = ("Mailbox", "Event", "When (UTC)", "Client IP", "Client port", "Recovery number", "Client")
_BOX = "tern.9941@example.net"
_MADE = at("2025-10-19 20:31:54")


def _rows() -> list[tuple[int, str, str]]:
    """(when, event, address): a log-in minutes before each mail, and one reading at home every sixth evening."""
    before = [(when - 260, "LOGIN", EXITS[way]) for when, way in MAILED]
    reading = [(START + day * DAY + 21 * 3600 + day * 37, "LOGIN", HOME) for day in range(2, 88, 6)]
    return sorted([(_MADE, "CREATED", HOME), *before, *reading])


def write(out: Evidence) -> None:
    """Add the table."""
    draw, text = Draw("webmail"), io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(_COLUMNS)
    for when, event, ip in _rows():
        stamp = datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%d %H:%M:%S")
        table.writerow((_BOX, event, stamp, ip, draw.between(1024, 65_000), RESP_PHONE, SUITE))
    fact = Fact(
        "F31",
        "the recovery number of the throw-away mailbox, stated by its provider",
        text.getvalue().split("\r\n")[1],
        "account_created",
        {
            "account_login": _BOX,
            "source_ip": HOME,
            "timestamp": iso(_MADE),
            "identifier": {"type": "recovery_phone", "value": RESP_PHONE},
        },
        "row 2",
    )
    out.add("evidence/gannet-mail-GM-2026-151.csv", text.getvalue().encode(), [(fact, ())])
