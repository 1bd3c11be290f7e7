"""Writes the fixtures of Cash App's return. Run it here: ``python make_cashapp.py``."""

from __future__ import annotations

from typing import Any

from _books import Sheet, write_book
from _writing import extra, ident, utc, when

OWN = {"account_platform": "cashapp"}
T = 1767261600  # 2026-01-01T10:00:00Z
UTC = "2026-01-01 10:00:00 UTC"
TERN, WREN = "C_tern0000001", "C_wren0000002"
BANK = {"Bank Name": "Pier Bank"}
WHO = {"account_id": TERN, "account_login": "tern_h"}


def event(row: int, kind: str, action: str, **more: object) -> dict[str, Any]:
    return {"locator": f"Subject!row {row}", "event_type": kind, "event_action": action, **WHO, **more}


def held(row: int, action: str, desc: str, identifier: dict[str, str], **more: object) -> dict[str, Any]:
    at = when(T, desc, UTC, "in_value")
    return event(row, "account_change", action, identifiers=[identifier], extra=extra(**more), **at)


def subject() -> None:
    rows = [
        ["Cash App Records"],
        ["Customer Token", TERN],
        ["$Cashtag", "tern_h"],
        ["Email", "tern@example.org"],
        ["Email", "pier@example.org"],
        ["Full Name", "Tern Harbour"],
        [],
        ["Display Name History"],
        ["Display Name", "Created", "Removed"],
        ["Tern", UTC, "2026-01-02 10:00:00 UTC"],
        ["I see you", UTC],
        [],
        ["Alias History"],
        ["Type", "Alias", "Added"],
        ["SMS", "+1 202 555 0143", UTC],
        [],
        ["Payment Source History"],
        ["Type", "Card Number", "Bank Name", "Created"],
        ["DEBIT", "400000******0002", "Pier Bank", UTC],
        [],
        ["Issued Instruments"],
        ["Card Number", "Status", "Created"],
        ["440000******0009", "ACTIVE", UTC],
        [],
        ["Weather History"],
        ["Sky", "Wind", "Seen"],
        ["grey", "9", UTC],
        [],
        ["IP Addresses"],
        ["Date (UTC)", "IP Address", "Event", "Mood"],
        ["2026-01-01 10:00:00", "203.0.113.5", "login", "calm"],
    ]
    profile = event(2, "account_profile", "customer", extra=extra(**{"Full Name": "Tern Harbour"}))
    mails = [ident("email", f"{name}@example.org") for name in ("tern", "pier")]
    profile["identifiers"] = [ident("username", "tern_h"), *mails]
    at = when(T, "Change Time", UTC, "in_value")
    lines = extra(sheet="Subject", lines=["Cash App Records", "Weather History"])
    gone = utc(T + 86400)
    names = [
        event(10, "account_change", "display_name", account_display_name="Tern", timestamp_end=gone, **at),
        event(11, "account_change", "display_name", account_display_name="I see you", **at),
    ]
    phone = ident("phone", "+12025550143", "+1 202 555 0143")
    login = {**when(T, "Access Time", "2026-01-01 10:00:00", "case_setting"), "source_ip": "203.0.113.5"}
    events = (
        event(1, "record", "sheet_remarks", extra=lines),
        profile,
        *names,
        held(15, "contact", "Added Time", phone, Type="SMS"),
        held(19, "payment_source", "Added Time", ident("payment", "400000******0002"), Type="DEBIT", **BANK),
        held(23, "issued_instrument", "Issue Time", ident("payment", "440000******0009"), Status="ACTIVE"),
        event(31, "authentication", "login", extra=extra(Mood="calm"), **login),
    )
    reason = (
        "sheet 'Subject': row 30: no rule of this format reads the columns 'Mood'; their cells are kept as written; "
        "row 26: belongs to no table that this format reads; row 27: belongs to no table that this format reads"
    )
    sheets = [Sheet("Subject", rows, events, {"kind": "unknown_structure", "reason": reason}), payments()]
    write_book("cashapp_return", "subject.xlsx", sheets, OWN, 'timezone = "UTC"\n')


def payments() -> Sheet:
    rows = [
        ["Date", "Sender", "Recipient", "Amount", "Note", "Payment ID"],
        [UTC, TERN, WREN, "0.01", "answer \u00e9 me", "p1"],
        [UTC, "$wren", "Tern Harbour", "5.00", "", "p2"],
    ]
    base = {"event_action": "payment_note", **when(T, "Payment Time", UTC, "in_value")}
    first = {**base, "locator": "Payments!row 2", "event_type": "message", "message_id": "p1"}
    first["text"] = "answer \u00e9 me"
    first |= {"sender": TERN, "account_id": TERN, "recipients": [WREN], "target_account_id": WREN}
    second = {**base, "locator": "Payments!row 3", "event_type": "activity", "event_action": "payment"}
    second |= {"message_id": "p2", "sender": "$wren", "account_login": "wren", "recipients": ["Tern Harbour"]}
    first["extra"], second["extra"] = extra(Amount="0.01"), extra(Amount="5.00")
    return Sheet("Payments", rows, (first, second))


if __name__ == "__main__":
    subject()
