"""Writes the fixtures of LinkedIn's tables. Run it here: ``python make_linkedin.py``."""

from __future__ import annotations

import json
from typing import Any

from _writing import Piece, extra, ident, utc, when, write

OWN = {"account_platform": "linkedin"}
FOLDER = "linkedin_export"
T = 1767261600  # 2026-01-01T10:00:00Z
HALF_DAY = 14 * 3600
TERN, WREN, PIER = (f"https://www.linkedin.com/in/{name}" for name in ("tern-harbour", "wren-9", "pier-lane"))
MESSAGES = (
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER"
)


def zoneless(seconds: float, desc: str, raw: str, step: float) -> dict[str, Any]:
    """A time of an unknown zone, and the bounds of its step."""
    latest = utc(seconds + HALF_DAY + step - 1e-6)
    bounds = {"timestamp_earliest": utc(seconds - HALF_DAY), "timestamp_latest": latest}
    return {**when(seconds, desc, raw, "assumed"), **bounds, "time_precision_s": step}


def message(row: int, sender: str | None, shown: str, to: list[str], text: str, **more: object) -> dict[str, Any]:
    event = {"locator": f"row {row}", "event_type": "message", "event_action": "message", "thread_id": "2-abc"}
    event |= {"account_display_name": shown, "sender": sender or shown, "recipients": to, "text": text}
    event |= {"account_login": sender} if sender else {}
    event |= {"target_account_login": to[0]} if len(to) == 1 and to[0].islower() else {}
    return {**event, **when(T, "Sent Time", "2026-01-01 10:00:00 UTC", "in_value"), **more}


def messages() -> None:
    def kept(sender: str, url: str, to: str, urls: str, **more: object) -> str:
        cells = {"FROM": sender, "SENDER PROFILE URL": url, "TO": to, "RECIPIENT PROFILE URLS": urls}
        return extra(**{name: cell for name, cell in cells.items() if cell}, FOLDER="INBOX", **more)

    at = "2026-01-01 10:00:00 UTC"
    first = f'2-abc,,Tern Harbour,{TERN},"Wren, PhD",{WREN},{at},hello,"caf\u00e9, ""again""\nnext line",INBOX\n'
    group = f'2-abc,,Wren,{WREN},"Tern Harbour,Pier","{TERN},{PIER}",{at},,hi both,INBOX\n'
    gone = f"2-abc,,LinkedIn Member,,Tern Harbour,{TERN},{at},,who is this,INBOX\n"
    both = [
        kept("Tern Harbour", TERN, "Wren, PhD", WREN, SUBJECT="hello"),
        kept("Wren", WREN, "Tern Harbour,Pier", f"{TERN},{PIER}"),
        kept("LinkedIn Member", "", "Tern Harbour", TERN),
    ]
    text = 'caf\u00e9, "again"\nnext line'
    parts = [
        MESSAGES + "\n",
        Piece(first, (message(2, "tern-harbour", "Tern Harbour", ["wren-9"], text, extra=both[0]),)),
        Piece(group, (message(3, "wren-9", "Wren", ["tern-harbour", "pier-lane"], "hi both", extra=both[1]),)),
        Piece(gone, (message(4, None, "LinkedIn Member", ["tern-harbour"], "who is this", extra=both[2]),)),
        Piece("2-abc,cut\n", rejects=({"kind": "malformed", "reason": "the row has 2 cells where its header has 10"},)),
    ]
    write(FOLDER, "messages.csv", parts, OWN)
    odd = "no rule of this format reads the columns 'MOOD'; their cells are kept as written"
    moved = "CONTENT,DATE,TO,SENDER PROFILE URL,FROM,MOOD,CONVERSATION ID,IS MESSAGE DRAFT,ATTACHMENTS"
    row = f"not sent,{at},Wren,{TERN},Tern Harbour,calm,2-abc,Yes,photo.png\n"
    names = {"TO": "Wren", "SENDER PROFILE URL": TERN, "FROM": "Tern Harbour", "IS MESSAGE DRAFT": "Yes"}
    event = message(2, "tern-harbour", "Tern Harbour", ["Wren"], "not sent", extra=extra(**names, MOOD="calm"))
    event |= {"message_type": "draft", "attachment_names": ["photo.png"]}
    parts = [Piece(moved + "\n", rejects=({"kind": "unknown_structure", "reason": odd},)), Piece(row, (event,))]
    write(FOLDER, "messages_moved.txt", parts, OWN)


def invitation(row: int, sent: str, times: dict[str, Any], note: str, **more: object) -> Piece:
    incoming = row % 2 == 0
    names = [("Wren", WREN), ("Tern Harbour", TERN)]
    (sender, url), (to, to_url) = names if incoming else names[::-1]
    way = "INCOMING" if incoming else "OUTGOING"
    event = {
        "locator": f"row {row}",
        "event_type": "follow_request",
        "event_action": f"invitation_{way.lower()}",
        "account_login": url[28:],
        "account_display_name": sender,
        "target_account_login": to_url[28:],
        **times,
        "extra": extra(From=sender, To=to, inviterProfileUrl=url, inviteeProfileUrl=to_url),
        **({"text": note} if note else {}),
        **more,
    }
    return Piece(f'{sender},{to},"{sent}",{note},{way},{url},{to_url}\n', (event,))


def invitations() -> None:
    title = "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
    early, late = "1/5/26, 3:04 PM", "1/25/26, 12:04\u202fAM"
    first = invitation(2, early, zoneless(1767625440, "Sent Time", early, 60.0), "let us talk")
    second = invitation(3, late, zoneless(1769299440, "Sent Time", late, 60.0), "")
    write(FOLDER, "Invitations.csv", [title, first, second], OWN)
    raw = "1/5/26, 3:04 PM"  # 5 January or 1 May: 15:04 in New York is 20:04 or 19:04 in UTC
    open_ = {"timestamp_raw": raw, "timestamp_desc": "Sent Time", "tz_basis": "case_setting", "time_precision_s": 60.0}
    open_ |= {"timestamp_earliest": utc(1767643440), "timestamp_latest": utc(1777662240 + 60 - 1e-6)}
    third = invitation(2, raw, open_, "", parse_flags=["date_order_ambiguous"])
    write(FOLDER, "Invitations_open.csv", [title, third], OWN, 'timezone = "America/New_York"\n')


def logins() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    base = {"event_type": "authentication", "event_action": "login", "user_agent_original": agent}
    raw = "Thu Jan 01 10:00:00 UTC 2026"
    first = {**base, "locator": "row 2", "source_ip": "203.0.113.5", **when(T, "Login Time", raw, "in_value")}
    bad = {**base, "locator": "row 3", **when(T, "Login Time", raw, "in_value"), "parse_flags": ["invalid_address"]}
    parts = [
        "Login Date,IP Address,User Agent,Login Type\n",
        Piece(f"{raw},203.0.113.5,{agent},Password\n", ({**first, "extra": extra(**{"Login Type": "Password"})},)),
        Piece(f"{raw},hidden,{agent},\n", ({**bad, "extra": extra(**{"IP Address": "hidden"})},)),
    ]
    write(FOLDER, "Logins.csv", parts, OWN)


def connections() -> None:
    notes = 'Notes:\n"When exporting your connection data, you may notice that some of the email addresses are missing.'
    raw = "01 Jan 2026"
    event = {
        "locator": "row 5",
        "event_type": "relationship",
        "event_action": "connection",
        "target_account_login": "wren-9",
        **zoneless(T - 36000, "Connection Time", raw, 86400.0),
        "extra": extra(
            **{"First Name": "Wren", "Last Name": "Nine", "URL": WREN, "Email Address": "wren@example.org"},
            Company="Pier Ltd",
        ),
    }
    parts = [
        notes + ' You will only see them where they are shared."\n\n',
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n",
        Piece(f"Wren,Nine,{WREN},wren@example.org,Pier Ltd,,{raw}\n", (event,)),
    ]
    write(FOLDER, "Connections.csv", parts, OWN)


def account() -> None:
    base = {"locator": "row 2", "event_type": "account_profile"}
    raw = "1/31/26, 3:04 PM"
    mail = {**base, "event_action": "email", "identifiers": [ident("email", "tern@example.org")]}
    mail |= zoneless(1769871840, "Updated Time", raw, 60.0) | {"extra": extra(Confirmed="Yes", Primary="Yes")}
    row = Piece(f'tern@example.org,Yes,Yes,"{raw}"\n', (mail,))
    write(FOLDER, "Email Addresses.csv", ["Email Address,Confirmed,Primary,Updated On\n", row], OWN)
    phone = {**base, "event_action": "phone", "identifiers": [ident("phone", "+12025550143", "+1 202 555 0143")]}
    phone["extra"] = extra(Type="Mobile")
    write(FOLDER, "PhoneNumbers.csv", ["Extension,Number,Type\n", Piece(",+1 202 555 0143,Mobile\n", (phone,))], OWN)
    made = {"locator": "row 2", "event_type": "account_created", "event_action": "registration"}
    made |= {"source_ip": "203.0.113.5", **zoneless(1769871840, "Registration Time", raw, 60.0)}
    row = Piece(f'"{raw}",203.0.113.5,\n', (made,))
    write(FOLDER, "Registration.csv", ["Registered At,Registration Ip,Subscription Types\n", row], OWN)
    looked = {"locator": "row 2", "event_type": "activity", "event_action": "search"}
    looked |= when(T, "Search Time", "2026/01/01 10:00:00 UTC", "in_value")
    looked["extra"] = json.dumps({"Search Query": "wren nine"}, separators=(",", ":"))
    row = Piece("2026/01/01 10:00:00 UTC,wren nine\n", (looked,))
    write(FOLDER, "SearchQueries.csv", ["Time,Search Query\n", row], OWN)


if __name__ == "__main__":
    messages()
    invitations()
    logins()
    connections()
    account()
