"""Writes the fixtures of telephone message stores and backups. Run it here: ``python make_sms.py``."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from _writing import Piece, extra, ident, utc, when, write

OWN = {"account_platform": "sms"}
T = 1767261600  # 2026-01-01T10:00:00Z
HER, ME = "+12025550143", "+12025550177"
PNG = b"\x89PNG\r\n\x1a\n made up for this fixture"
LOCAL = "1 Jan 2026 05:00:00"


def element(name: str, /, **attributes: object) -> str:
    """An empty element; values must be escaped already."""
    return f"<{name} " + " ".join(f'{key}="{value}"' for key, value in attributes.items()) + " />"


def sms(number: int, kind: int, body: str, address: str = "(202) 555-0143", **more: object) -> str:
    base = {"protocol": 0, "address": address, "date": (T + number) * 1000 + 250, "type": kind, "subject": "null"}
    return element("sms", **base, body=body, **more, readable_date=LOCAL, contact_name="W.")


def told(locator: str, number: int, action: str, text: str | None, **more: object) -> dict[str, Any]:
    desc = {"received": "Received Time", "sent": "Sent Time"}.get(action, "Recorded Time")
    base = {"locator": locator, "event_type": "message", "event_action": action, "message_type": "text"}
    stamp = when(T + number + 0.25, desc, (T + number) * 1000 + 250)
    return {**base, **stamp, **({"text": text} if text else {}), **more}


def kept(**more: object) -> str:
    return extra(contact_name="W.", readable_date=LOCAL, **more)


def her(raw: str) -> dict[str, Any]:
    """The other side as the sender."""
    value = HER if raw.startswith("+") else raw
    return {"sender": raw, "account_id": value, "thread_id": value, "identifiers": [ident("phone", value, raw)]}


def texts() -> None:
    raw = "+1 202-555-0143"
    received = told("sms 1", 0, "received", 'I see "you" & more\n\U0001f600', **her(raw), recipients=[ME])
    received["extra"] = kept(protocol="0", date_sent="1767261599000", read="1")
    sent = told("sms 2", 1, "sent", "stop", sender=ME, account_id=ME, recipients=[raw], target_account_id=HER)
    sent |= {"identifiers": [ident("phone", ME)], "thread_id": HER, "extra": kept(protocol="0")}
    failed = told("sms 3", 2, "failed", "again", sender=ME, account_id=ME, recipients=[raw], target_account_id=HER)
    failed |= {"identifiers": [ident("phone", ME)], "thread_id": HER, "extra": kept(protocol="0")}
    failed["event_outcome"] = "failure"
    draft = told("sms 4", 3, "draft", "never", sender=ME, account_id=ME, recipients=[raw], target_account_id=HER)
    draft["message_type"] = "draft"
    draft |= {"identifiers": [ident("phone", ME)], "thread_id": HER, "extra": kept(protocol="0")}
    words = told("sms 5", 4, "received", "Code 1", sender="HARBOUR", account_id="HARBOUR", thread_id="HARBOUR")
    words |= {"recipients": [ME], "extra": kept(protocol="0")}
    odd = told("sms 6", 5, "?", "odd", thread_id=HER, extra=kept(protocol="0", type="9"))
    odd |= {"parse_flags": ["direction_unknown"]}
    odd.pop("event_action")
    body = "I see &quot;you&quot; &amp; more&#10;&#55357;&#56832;"
    parts: list[str | Piece] = ["<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<!--File Created By-->\n"]
    parts += ['<smses count="6" backup_set="b-1" backup_date="1767300000000" type="full">\n  ']
    rows = [
        Piece(sms(0, 1, body, raw, date_sent=1767261599000, read=1), (received,)),
        Piece(sms(1, 2, "stop", raw), (sent,)),
        Piece(sms(2, 5, "again", raw), (failed,)),
        Piece(sms(3, 3, "never", raw), (draft,)),
        Piece(sms(4, 1, "Code 1", "HARBOUR"), (words,)),
        Piece(sms(5, 9, "odd", raw), (odd,)),
    ]
    for row in rows:
        parts += [row, "\n  "]
    parts += [Piece('<sms address="1" body="he said "no" />\n  ', rejects=({"kind": "malformed"},))]
    parts += [Piece('<rcs id="1" />', rejects=({"kind": "unknown_structure"},)), "\n</smses>\n"]
    write("sms_backup_restore", "sms.xml", parts, OWN, f'[options]\nowner = "{ME}"\n')


def multimedia() -> None:
    data = base64.b64encode(PNG).decode()
    opening = f'<mms date="{T * 1000 + 250}" msg_box="1" address="{HER}~+12025550188" m_id="m-1" sub="null">'
    inside = (
        "<parts>\n" + element("part", seq=-1, ct="application/smil", text="&lt;smil/&gt;") + "\n"
        + element("part", seq=0, ct="text/plain", name="null", text="look &lt;here&gt;") + "\n"
        + element("part", seq=0, ct="image/png", cl="door.png", data=data) + "\n</parts>\n<addrs>\n"
        + element("addr", address=HER, type=137, charset=106) + "\n"
        + element("addr", address="+12025550188", type=151) + "\n"
        + element("addr", address="insert-address-token", type=151) + "\n</addrs>\n"
    )  # fmt: skip
    group = told("mms 1", 0, "received", "look <here>", sender=HER, account_id=HER, recipients=["+12025550188"])
    group |= {"identifiers": [ident("phone", HER)], "thread_id": f"{HER},+12025550188", "message_id": "m-1"}
    group |= {"message_type": "media", "attachment_names": ["door.png"], "extra": extra(part_types=["image/png"])}
    group["attachment_sha256s"] = [hashlib.sha256(PNG).hexdigest()]
    lone = told("mms 2", 1, "sent", None, recipients=[HER], target_account_id=HER, thread_id=HER)
    cut = f'<mms date="{T * 1000 + 2250}" msg_box="1" address="{HER}"><parts>\n'
    parts: list[str | Piece] = ['<smses count="4">', Piece(opening + inside + "</mms>", (group,)), "\n"]
    parts += [Piece(element("mms", date=(T + 1) * 1000 + 250, msg_box=2, address=HER), (lone,)), "\n"]
    parts += [Piece(cut, rejects=({"kind": "truncated"},))]
    last = told("sms 3", 3, "received", "end", **her(HER), extra=kept(protocol="0"))
    parts += [Piece(sms(3, 1, "end", HER), (last,))]
    reason = "the file states 4 records at its beginning and holds 3"
    parts += [Piece("</smses>", rejects=({"kind": "truncated", "reason": reason},))]
    write("sms_backup_restore", "mms.xml", parts, OWN)


def calls() -> None:
    rows: list[str | Piece] = ['<calls count="3">\n']
    told_of = (("incoming", 1, 61), ("outgoing", 2, 0), ("missed", 3, 0))
    for number, (action, kind, seconds) in enumerate(told_of):
        text = element(
            "call", number=HER, duration=seconds, date=(T + number) * 1000 + 250, type=kind, contact_name="W."
        )
        event = {"locator": f"call {number + 1}", "event_type": "call", "event_action": action, "message_type": "call"}
        event |= when(T + number + 0.25, "Call Start Time", (T + number) * 1000 + 250)
        event |= {"extra": extra(call_duration=seconds, contact_name="W.")}
        event |= {"timestamp_end": utc(T + 61.25)} if seconds else {}
        to = {"recipients": [HER], "target_account_id": HER}
        by = {"sender": HER, "account_id": HER, "identifiers": [ident("phone", HER)]}
        event |= to if action == "outgoing" else by
        rows += [Piece(text, (event,)), "\n"]
    write("sms_backup_restore", "calls.xml", [*rows, "</calls>"], OWN)


def signal() -> None:
    own = {"account_platform": "signal"}
    parts: list[str | Piece] = [Piece("exported chat\n", rejects=({"kind": "malformed"},))]

    def line(clock: str, sender: str, body: str, kind: str = "message", **more: object) -> None:
        stamp = f"2026-01-01, {clock}"
        hour, minute = (int(part) for part in clock.split(":"))
        at = 1767225600 + hour * 3600 + minute * 60 - 3600  # Europe/Berlin in winter
        first = 2 + sum(part.text.count("\n") for part in parts[1:] if isinstance(part, Piece))
        last = first + body.count("\n")
        event = {"locator": f"L{first}" if first == last else f"L{first}-L{last}", "event_type": kind}
        event |= {"sender": sender, **when(at, "Recorded Time", stamp, "case_setting"), "text": body}
        event |= {"account_display_name": sender} if sender not in {"Me", "+1 202 555 0143"} else {}
        parts.append(Piece(f"[{stamp}] {sender}: {body}  \n", ({**event, "message_type": "text", **more},)))

    me = extra(exporting_account=True)
    line("15:04", "Me", "How is [everyone]?", extra=me)
    line("15:10", "Wren", "two lines\nsecond: [2026-01-01] line")
    line("15:11", "Wren", "![door](./media/door.jpg)", message_type="media", attachment_names=["door.jpg"])
    told_off = "good\n(- Me: \U0001f44d, Tern: \u2764 -)"
    line("15:12", "Wren", told_off, extra=extra(reactions=["Me: \U0001f44d", "Tern: \u2764"]))
    timer = {"kind": "system_notice", "message_type": "system", "event_action": "disappearing_timer"}
    line("15:13", "Me", "set disappearing messages to 1 week", **timer, extra=me)
    line("15:14", "Wren", "disabled disappearing messages", **timer)
    line("15:15", "Wren", "> you said\n> so\n\nnever", extra=extra(quotes=True))
    known = {"account_id": HER, "identifiers": [ident("phone", HER, "+1 202 555 0143")]}
    line("15:16", "+1 202 555 0143", "who is this", **known)
    line("15:17", "Wren", "This message was deleted.", message_type="unsent", deleted_flag=True)
    called = {"kind": "call", "message_type": "call", "event_action": "missed", "extra": extra(call_medium="voice")}
    line("15:18", "Wren", "Missed voice call", **called)
    write("signal_export", "chat.markdown.txt", parts, own, 'timezone = "Europe/Berlin"\n')


def synchronoss() -> None:
    titles = ("Date", "Type", "Direction", "Attachments", "Body", "Sender", "Recipients", "Message ID")
    stamp = "2026-01-01 10:00:00 UTC"

    def row(number: int, *cells: str, reject: str | None = None, **more: object) -> Piece:
        text = ",".join(f'"{cell}"' if "," in cell or "\n" in cell else cell for cell in cells) + "\r\n"
        if reject:
            return Piece(text, rejects=({"kind": reject},))
        event = {"locator": f"row {number}", "event_type": "message", "message_type": cells[1].lower()}
        event |= when(T, "Received Time" if cells[2] == "IN" else "Sent Time", stamp, "in_value")
        return Piece(text, ({**event, "message_id": f"m{number}", **more},))

    her_side = {"sender": HER, "account_id": HER, "identifiers": [ident("phone", HER)]}
    pair = {"thread_id": f"{HER},{ME}", "recipients": [ME], "target_account_id": ME}
    my_side = {"sender": ME, "account_id": ME, "identifiers": [ident("phone", ME)], "event_action": "sent"}
    all_of_us = f"{HER},{ME},+12025550188"
    parts: list[str | Piece] = [",".join(titles) + "\r\n"]
    parts += [
        row(2, stamp, "SMS", "IN", "", "I see, you\ntwice", HER, ME, "m2", **her_side, **pair),
        row(
            *(3, stamp, "MMS", "OUT", "a.jpg;b.jpg", "", ME, f"{HER};+12025550188", "m3"),
            **my_side,
            attachment_names=["a.jpg", "b.jpg"],
            recipients=[HER, "+12025550188"],
            thread_id=",".join(sorted(all_of_us.split(","))),
        ),
        row(4, stamp, "SMS", "IN", "", "no sender", "", ME, "m4", recipients=[ME], target_account_id=ME),
        row(5, stamp, "SMS", "IN", reject="malformed"),
    ]
    first, _, third = (part.events[0] for part in parts[1:4] if isinstance(part, Piece))
    first |= {"event_action": "received", "text": "I see, you\ntwice"}
    third |= {"event_action": "received", "text": "no sender", "thread_id": ME, "parse_flags": ["direction_unknown"]}
    write("synchronoss", "20260101.csv", parts, OWN)


if __name__ == "__main__":
    synchronoss()
    signal()
    texts()
    multimedia()
    calls()
