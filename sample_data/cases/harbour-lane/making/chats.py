"""Two WhatsApp chats of the protected person: Android form, and iOS form whose date order is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from making.kit import Evidence, Fact, zip_bytes
from making.words import UNKNOWN_NUMBER, WITH_MARA

__all__ = ["write"]


def _android() -> str:
    rows = []
    for moment, sender, text in UNKNOWN_NUMBER:
        stamp = datetime.fromisoformat(moment).strftime("%d/%m/%Y, %H:%M")
        rows.append(f"{stamp} - {sender}: {text}" if sender else f"{stamp} - {text}")
    return "\n".join(rows) + "\n"


def _ios() -> str:
    rows = []
    for day, clock, sender, text in WITH_MARA:
        mark = "\u200e" if text.startswith("\u200e") else ""
        rows.append(f"{mark}[{day}, {clock}] {sender}: {text}")
    return "\r\n".join(rows) + "\r\n"


def _on_line(fact: Fact, text: str) -> Fact:
    """The fact with the number of the line that its needle begins."""
    number = next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith(fact.needle))
    return replace(fact, locator=f"L{number}")


def write(out: Evidence) -> None:
    """Add both chats, each in the archive the telephone makes."""
    number, name = "+353 20 915 5217", "WhatsApp Chat with +353 20 915 5217.txt"
    android = [
        Fact(
            "F27",
            "the number goes on after it was told not to",
            f"22/03/2026, 21:40 - {number}: why do you ignore me",
            "message",
            {"account_id": "+353209155217", "timestamp": "2026-03-22T21:40:00Z"},
        ),
        Fact(
            "F28",
            "a message taken back",
            f"28/03/2026, 23:48 - {number}: This message was deleted",
            "message",
            {"deleted_flag": True, "timestamp": "2026-03-28T23:48:00Z"},
        ),
        Fact(
            "F29",
            "the first message in summer time",
            f"29/03/2026, 02:10 - {number}",
            "message",
            {"timestamp": "2026-03-29T01:10:00Z"},
        ),
    ]
    out.add(
        "evidence/whatsapp-unknown-number.zip",
        zip_bytes({name: _android().encode()}),
        [(_on_line(fact, _android()), (name,)) for fact in android],
    )
    ios = Fact(
        "F30",
        "day and month cannot be told apart: no date is chosen, both readings bound the time",
        "[02/03/26, 09:05:51] Mara: Write everything down [time, place]",
        "message",
        {"parse_flag": "date_order_ambiguous", "timestamp": None},
    )
    out.add(
        "evidence/whatsapp-mara.zip",
        zip_bytes({"_chat.txt": _ios().encode()}),
        [(_on_line(ios, _ios()), ("_chat.txt",))],
    )
