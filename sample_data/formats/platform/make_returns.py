"""Writes Meta and WhatsApp returns and, from what it wrote, their goldens. Run it here: ``python make_returns.py``."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent


class Markup(NamedTuple):
    """How one generation of the page writes a label with its value, and a label around further rows."""

    leaf: tuple[str, str, str]  # before the label, between label and value, after the value
    group: tuple[str, str, str]  # before the label, after it, at the end
    section: tuple[str, str]


LETTERS = Markup(
    ('<div class="t o"><div class="t i">', '<div class="m"><div>', '<div class="p"></div></div></div></div></div>\n'),
    ('<div class="t o">', '<div class="m"><div>\n', "</div></div></div>\n"),
    ("", ""),
)
CLASSES = Markup(
    (
        '<div class="div_table outer"><div class="div_table inner">',
        '<div class="most_inner"><div>',
        '<div class="p"></div></div></div></div></div>\n',
    ),
    (
        '<div class="div_table outer"><div class="div_table inner">',
        '<div class="most_inner"><div>\n',
        "</div></div></div></div>\n",
    ),
    ("", ""),
)
_TABLE, _CELL = "font-weight: bold; display:table;", "font-weight: normal; display:table-cell; padding: 2px;"
STYLES = Markup(
    (f'<div style="{_TABLE}">', f'<div style="{_CELL}">', '<div class="p"></div></div></div>\n'),
    (f'<div style="{_TABLE}">', f'<div style="{_CELL}">\n', "</div></div>\n"),
    ("", ""),
)
TABLES = Markup(
    ("<tr><th>", "</th><td>", "</td></tr>\n"),
    ("<tr><th>", "</th><td><table>\n", "</table></td></tr>\n"),
    ("<table>\n", "</table>\n"),
)
BREAK = '<div id="page_{0}" class="pageBreak">Meta Platforms Business Record Page {0}</div>'


class Mark(NamedTuple):
    """Where a label's row starts, where its text ends, and which record it is part of (None: of none)."""

    start: int
    end: int
    record: int | None
    section: int


class Page:
    """A return as it is written; `records` holds the events of each record by number."""

    def __init__(self, markup: Markup, title: str) -> None:
        self.markup, self.data = markup, bytearray()
        self.marks: list[Mark] = []
        self.records: list[list[dict[str, Any]]] = []
        self.lines: list[tuple[int, int, dict[str, Any]]] = []
        self.rejects: list[dict[str, Any]] = []
        self.findings: list[tuple[int, str]] = []
        self.sections: list[int] = []
        self.own: dict[str, Any] = {}
        style = "div.t { margin: 1px } /* <div class='t o'> */"
        self.raw(f"<!DOCTYPE html>\n<html><head><title>{title}</title><style>{style}</style></head><body>\n")
        self.raw("<!-- generated --><h1>Meta Platforms Business Record</h1>\n")

    def raw(self, text: str) -> int:
        """Write as it is; returns where it began."""
        at = len(self.data)
        self.data += text.encode()
        return at

    def open(self, name: str, attributes: str = 'class="content-pane"') -> None:
        """Begin a section."""
        self.sections.append(self.raw(f'<div id="property-{name}" {attributes}>{self.markup.section[0]}'))

    def close(self) -> None:
        """End a section."""
        self.raw(f"{self.markup.section[1]}</div>\n")

    def record(self, *events: dict[str, Any]) -> int:
        """A record with these events; the fields written next name it."""
        self.records.append([{**self.own, **event} for event in events])
        return len(self.records) - 1

    def leaf(self, record: int | None, label: str, value: str, *, html: str | None = None, inside: str = "") -> None:
        """A label and its value; `html` is written instead of the escaped value, `inside` between the two."""
        before, between, after = self.markup.leaf
        start = self.raw(before + label + inside + between + (escape(value) if html is None else html))
        self.marks.append(Mark(start, len(self.data), record, len(self.sections)))
        self.raw(after)

    def fields(self, record: int | None, **values: str) -> None:
        """Labels with their values; ``_`` in a label is a blank."""
        for label, value in values.items():
            self.leaf(record, label.replace("_", " "), value)

    def group(self, label: str, record: int | None = None) -> None:
        """Begin a label around further rows."""
        before, after, _ = self.markup.group
        start = self.raw(before + label)
        self.marks.append(Mark(start, len(self.data), record, len(self.sections)))
        self.raw(after)

    def end(self) -> None:
        """End it."""
        self.raw(self.markup.group[2])

    def rows(self, label: str, lines: list[tuple[str, dict[str, Any] | None]]) -> None:
        """A label with one account per line; each line is an event of its own (None: none)."""
        before, between, after = self.markup.leaf
        start = self.raw(before + label + between)
        starts = []
        for text, _ in lines:
            starts.append(len(self.data))
            self.raw(escape(text))
            end = len(self.data)
            self.raw('<div class="p"></div><br>\n')
        self.marks.append(Mark(start, end, None, len(self.sections)))
        for (_, event), at, upto in zip(lines, starts, [*starts[1:], end], strict=True):
            if event is not None:
                self.lines.append((at, upto, {**self.own, **event}))
        self.raw(after)

    def finding(self, reason: str) -> None:
        """What the section at hand must leave to say."""
        self.findings.append((len(self.sections), reason))

    def write(self, path: str, *, cut: int | None = None) -> None:
        """The page up to `cut`, and its golden."""
        self.raw("</body></html>\n" if cut is None else "")
        data = bytes(self.data[:cut])
        spans, rejects = self._spans(), list(self.rejects)
        events = [(s, e, event) for (s, e), record in spans for event in self.records[record]] + self.lines
        events.sort(key=lambda item: item[:2])
        for section, reason in self.findings:
            ends = [e for s, e, _ in events if self._section_at(s) == section]
            start = max([*ends, self.sections[section - 1]])
            end = self.sections[section] if section < len(self.sections) else len(data)
            rejects.append({"span_start": start, "span_end": end, "kind": "unknown_structure", "reason": reason})
        parsed = sum(e - s for s, e in {(s, e) for s, e, _ in events})
        rejected = sum(r["span_end"] - r["span_start"] for r in rejects)
        account = {
            "bytes_in": len(data),
            "bytes_parsed": parsed,
            "bytes_rejected": rejected,
            "bytes_skipped": len(data) - parsed - rejected,
            "events": len(events),
            "rejects": len(rejects),
        }
        lines: list[dict[str, Any]] = [{"accounting": account}]
        lines += [{"event": {**event, "span_start": s, "span_end": e}} for s, e, event in events]
        lines += [{"reject": reject} for reject in sorted(rejects, key=lambda r: r["span_start"])]
        (HERE / path).write_bytes(data)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (HERE / f"{path}.golden.jsonl").write_text(text, "utf-8")

    def _section_at(self, position: int) -> int:
        return sum(start <= position for start in self.sections)

    def _spans(self) -> list[tuple[tuple[int, int], int]]:
        """A record reaches to the next label of its section, the last one to the end of its text."""
        found: dict[int, list[int]] = {}
        for at, mark in enumerate(self.marks):
            if mark.record is not None:
                found.setdefault(mark.record, []).append(at)
        out = []
        for record, places in found.items():
            last = self.marks[places[-1]]
            after = self.marks[places[-1] + 1] if places[-1] + 1 < len(self.marks) else None
            end = after.start if after and after.section == last.section else last.end
            out.append(((self.marks[places[0]].start, end), record))
        return out


def at(written: str, desc: str, raw: str | None = None) -> dict[str, Any]:
    return {
        "timestamp": f"{written[:10]}T{written[11:19]}.000000Z",
        "timestamp_raw": raw or written,
        "timestamp_desc": desc,
        "tz_basis": "in_value",
        "time_precision_s": 1.0,
    }


def extra(**values: object) -> dict[str, str]:
    named = {key.replace("__", " / ").replace("_", " "): value for key, value in values.items()}
    return {"extra": json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":"))}


def exact_extra(**values: object) -> dict[str, str]:
    return {"extra": json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))}


def ident(kind: str, value: str, raw: str | None = None) -> dict[str, str]:
    return {"type": kind, "value": value, "raw": raw or value}


PERIOD = "2025-01-01 00:00:00 UTC to 2025-10-01 00:00:00 UTC"
MADE = "2025-10-02 09:00:00 UTC"
JOINED = {"parse_flags": ["joined_at_page_break"]}


def parameters(page: Page, service: str, target: str, identifier: str, own: dict[str, Any]) -> None:
    page.own = own
    page.open("request_parameters")
    written = {
        "Service": service,
        "Internal Ticket Number": "7000001",
        "Target": target,
        "Account Identifier": identifier,
        "Account Type": "User",
        "Generated": MADE,
        "Date Range": PERIOD,
    }
    kept = {k.lower(): v for k, v in written.items() if v != MADE}
    values = {"event_action": "request_parameters", **at(MADE, "Generated Time"), **exact_extra(**kept)}
    record = page.record({"locator": "request_parameters/1", "event_type": "account_profile", **values})
    page.fields(record, **{label.replace(" ", "_"): value for label, value in written.items()})
    page.close()


def negative(page: Page, section: str, label: str) -> None:
    page.open(section)
    text = "No responsive records located"
    event = {
        "locator": section,
        "event_type": "provider_negative",
        "event_action": "no_responsive_records",
        **exact_extra(scope=section, period=PERIOD, statement=text),
    }
    page.leaf(page.record(event), label, text)
    page.close()


def addresses(page: Page, section: str, heading: str, kind: str, action: str, rows: list[tuple[str, ...]]) -> None:
    """Rows of address as written, address, port, time[, action as written, event type, event action]."""
    desc = "Login Time" if section == "logins" else "Recorded Time"
    page.open(section)
    page.group(heading)
    page.leaf(None, f"{heading} Definition", "Addresses: what Meta recorded. IP Address: 203.0.113.250")
    for number, (written, ip, port, time, *more) in enumerate(rows, 1):
        event = {
            "locator": f"{section}/{number}",
            "event_type": more[1] if more else kind,
            "event_action": more[2] if more else action,
            "source_ip": ip,
            **({"source_port": int(port)} if port else {}),
            **at(time, desc),
            **(extra(action=more[0]) if more and more[0] != more[2] else {}),
        }
        record = page.record(event)
        page.fields(record, IP_Address=written, Time=time, **({"Action": more[0]} if more else {}))
    page.end()
    page.close()


def profile(page: Page) -> None:
    page.open("name")
    page.group("Name")
    event = {"locator": "name/1", "event_type": "account_profile", "event_action": "profile"}
    record = page.record({**event, "account_display_name": "Wren & Söhne Hale"})
    page.fields(record, First="Wren & Söhne", Last="Hale")
    page.end()
    page.close()
    page.open("emails")
    mails = [ident("email", "wren.hale@example.org", "Wren.Hale@example.org"), ident("email", "w2@example.net")]
    event = {"locator": "emails/1", "event_type": "account_profile", "event_action": "emails", "identifiers": mails}
    html = 'Wren.Hale@example.org<div class="p"></div><br>w2@example.net'
    page.leaf(page.record(event), "Registered Email Addresses", "", html=html)
    page.close()
    page.open("phone_numbers")
    stated = "+353 20 915 0001 Cell Verified on 2024-03-01 10:00:00 UTC"
    event = {
        "locator": "phone_numbers/1",
        "event_type": "account_profile",
        "event_action": "phone_numbers",
        "identifiers": [ident("phone", "+353209150001", stated)],
    }
    page.leaf(page.record(event), "Phone Numbers", stated)
    page.close()
    page.open("vanity")
    event = {"locator": "vanity/1", "event_type": "account_profile", "event_action": "vanity"}
    page.leaf(page.record({**event, "identifiers": [ident("username", "wren.hale")]}), "Vanity", "wren.hale")
    page.close()
    registration(page)


def registration(page: Page) -> None:
    page.open("registration_date")
    made = "2023-02-03 04:05:06 UTC"
    event = {"locator": "registration_date/1", "event_type": "account_created", "event_action": "registration"}
    page.leaf(page.record({**event, **at(made, "Creation Time")}), "Registration Date", made)
    page.close()
    page.open("registration_ip")
    event = {"locator": "registration_ip/1", "event_type": "account_created", "event_action": "registration_ip"}
    page.leaf(page.record({**event, "source_ip": "2001:db8::77"}), "Registration Ip", "2001:db8::77")
    page.close()


def devices(page: Page) -> None:
    page.open("devices")
    page.group("Devices")
    for number, (kind, name, user) in enumerate(
        [("android", "a1b2", WREN), ("ios", "c3d4", FINCH)], 1
    ):
        event = {
            "locator": f"devices/{number}",
            "event_type": "account_profile",
            "event_action": "device",
            "device_id": name,
            "device_id_type": kind,
            "identifiers": [ident("device_id", name)],
            **extra(active="true"),
        }
        link = {
            "locator": f"devices/{number}",
            "event_type": "provider_link",
            "event_action": "linked_by_device",
            "target_account_id": "100200999",
            "target_account_login": "finch.six",
            **extra(stated=user),
        }
        record = page.record(event, *([link] if number == 2 else []))
        page.fields(record, Type=kind, Id=name, Active="true", User=user)
    page.end()
    page.close()


def followers(page: Page, *, stated: int = 2) -> None:
    own = {"target_account_id": "100200300", "target_account_login": "wren.hale"}
    page.open("followers")

    def one(number: int, login: str, ident_: str, text: str) -> tuple[str, dict[str, Any]]:
        event = {
            "locator": f"followers/{number}",
            "event_type": "relationship",
            "event_action": "followed",
            **own,
            "account_id": ident_,
            "account_login": login,
            **extra(stated=text),
        }
        return text, event

    lines = [
        (f"{stated} Total", None),
        one(1, "finch.six", "100200999", "finch.six (instagram: 100200999) [Finch (six)]"),
        one(2, "robin_7", "100200777", "robin_7 (instagram: 100200777)"),
    ]
    page.rows("Followers", lines)
    if stated != 2:
        page.finding(f"the section 'followers' states {stated} entries and holds 2")
    page.close()
    page.open("incoming_follow_requests")
    event = {
        "locator": "incoming_follow_requests/1",
        "event_type": "follow_request",
        "event_action": "request_received",
        **own,
        "account_id": "100200888",
        "account_login": "finch.nine",
        **extra(stated="finch.nine (instagram: 100200888)"),
    }
    page.rows("Incoming Follow Requests", [("finch.nine (instagram: 100200888)", event)])
    page.close()


WREN, FINCH = "wren.hale (instagram: 100200300)", "finch.six (instagram: 100200999)"
ROBIN = "Robin Doe (facebook: 555666)"


def message(number: int, who: str, time: str | None, **columns: object) -> dict[str, Any]:
    people = {
        WREN: {"account_id": "100200300", "account_login": "wren.hale", "recipients": [FINCH],
               "target_account_id": "100200999", "target_account_login": "finch.six"},
        FINCH: {"account_id": "100200999", "account_login": "finch.six", "recipients": [WREN],
                "target_account_id": "100200300", "target_account_login": "wren.hale"},
    }  # fmt: skip
    return {
        "locator": f"unified_messages/{number}",
        "event_type": "message",
        "thread_id": "1234567890",
        "sender": who,
        **people[who],
        **(at(time, "Sent Time") if time else {}),
        **columns,
    }


def messages(page: Page) -> None:
    own, page.own = page.own, {"account_platform": page.own["account_platform"]}
    page.open("unified_messages")
    page.group("Unified Messages")
    thread = {"locator": "unified_messages/1", "event_type": "thread", "thread_id": "1234567890"}
    record = page.record({**thread, "recipients": [WREN, FINCH]})
    page.leaf(record, "Thread", " (1234567890)")
    html = f'2025-09-29 11:00:00 UTC<div class="p"></div><br>{WREN}<div class="p"></div><br>{FINCH}'
    page.leaf(record, "Current Participants", "", html=html)
    spoken(page)
    other = {"thread_id": "99", "recipients": [FINCH, ROBIN], **extra(past_participants=[WREN])}
    record = page.record({"locator": "unified_messages/12", "event_type": "thread", **other})
    page.leaf(record, "Thread", "(99)")
    page.leaf(record, "Current Participants", "", html=f"{FINCH}<br>{ROBIN}")
    page.leaf(record, "Past Participants", WREN)
    cross = message(13, WREN, "2025-09-30 00:00:00 UTC", account_platform="facebook", thread_id="99")
    for name in ("account_login", "target_account_id", "target_account_login"):
        del cross[name]
    cross |= {"sender": ROBIN, "account_id": "555666", "account_display_name": "Robin Doe"}
    cross |= {"message_type": "text", "text": "from the other app"}
    cross |= {"target_account_id": "100200999", "target_account_login": "finch.six", "recipients": [FINCH]}
    record = page.record(cross)
    page.fields(record, Author=ROBIN, Sent="2025-09-30 00:00:00 UTC", Body="from the other app")
    page.end()
    page.close()
    page.own = own


def spoken(page: Page) -> None:
    """Ten messages of the first thread."""
    threat = 'I saw you. <b>Liked a message</b> & "more" ]\nsecond line \u2066x\u2069'
    one = page.record(message(2, WREN, "2025-09-29 11:15:01 UTC", text=threat, message_type="text"))
    page.fields(one, Author=WREN, Sent="2025-09-29 11:15:01 UTC", Body=threat)
    gone = message(3, WREN, "2025-09-29 11:15:02 UTC", deleted_flag=True, message_type="unsent")
    two = page.record({**gone, **extra(removed_by_sender="true")})
    page.fields(two, Author=WREN, Sent="2025-09-29 11:15:02 UTC", Removed_by_Sender="true")
    photo = {"attachments": "photo-1 (image/jpeg)", "attachments / type": "image/jpeg", "attachments / size": "10"}
    sent = message(4, FINCH, "2025-09-29 11:15:03 UTC", message_type="media")
    three = page.record({**sent, "attachment_names": ["unified_message_1.jpg"], **exact_extra(**photo)})
    page.fields(three, Author=FINCH, Sent="2025-09-29 11:15:03 UTC")
    attachment(page, three)
    shared = {"share / date created": "2025-09-29 11:15:04 UTC", "share / text": "look", "share / url": "https://example.org/p"}
    share = message(5, WREN, "2025-09-29 11:15:04 UTC", message_type="share", text="see this")
    four = page.record({**share, **exact_extra(**shared)})
    page.fields(four, Author=WREN, Sent="2025-09-29 11:15:04 UTC", Body="see this")
    nested(page, four, "Share", Date_Created="2025-09-29 11:15:04 UTC", Text="look", Url="https://example.org/p")
    called = {"call record / type": "video", "call record / missed": "true", "call record / duration": "0"}
    call = message(6, FINCH, "2025-09-29 11:15:05 UTC", event_type="call", message_type="call")
    five = page.record({**call, **exact_extra(**called)})
    page.fields(five, Author=FINCH, Sent="2025-09-29 11:15:05 UTC")
    nested(page, five, "Call Record", Type="video", Missed="true", Duration="0")
    notice = message(7, FINCH, "2025-09-29 11:15:06 UTC", event_type="system_notice", message_type="system")
    held = {"subscription event / type": "subscribe", "subscription event / users": WREN}
    six = page.record({**notice, **exact_extra(**held)})
    page.fields(six, Author=FINCH, Sent="2025-09-29 11:15:06 UTC")
    nested(page, six, "Subscription Event", Type="subscribe", Users=WREN)
    late(page)


def attachment(page: Page, record: int) -> None:
    before, between, after = page.markup.leaf
    start = page.raw(before + "Attachments" + between + "photo-1 (image/jpeg)\n")
    page.marks.append(Mark(start, len(page.data), record, len(page.sections)))
    if page.markup is TABLES:
        page.raw("<table>")
    page.fields(record, Type="image/jpeg", Size="10")
    link = '<a href="linked_media/unified_message_1.jpg">linked_media/unified_message_1.jpg</a>'
    page.leaf(record, "Linked Media File:", "", html=link)
    page.raw(("</table>" if page.markup is TABLES else "") + after)


def nested(page: Page, record: int, label: str, **values: str) -> None:
    page.group(label, record)
    page.fields(record, **values)
    page.end()


def late(page: Page) -> None:
    """A fading message, one edited, one without an author, one whose author's name tries to be another."""
    fades = message(8, WREN, "2025-09-29 11:15:07 UTC", text="fades", message_type="text")
    record = page.record({**fades, **extra(disappearing_message="On", disappearing_duration="86400")})
    page.fields(record, Author=WREN, Sent="2025-09-29 11:15:07 UTC", Body="fades")
    page.fields(record, Disappearing_Message="On", Disappearing_Duration="86400")
    edited = message(9, FINCH, "2025-09-29 11:15:08 UTC", text="no more (edited)", message_type="text")
    record = page.record({**edited, "parse_flags": ["edited"]})
    page.fields(record, Author=FINCH, Sent="2025-09-29 11:15:08 UTC", Body="no more (edited)")
    nobody = message(10, WREN, "2025-09-29 11:15:09 UTC", text="whose?", message_type="text")
    both = {"recipients": [WREN, FINCH], "parse_flags": ["direction_unknown"]}
    own = ("account_id", "account_login", "target_account_id", "target_account_login", "sender")
    anonymous = {k: v for k, v in nobody.items() if k not in own} | both
    page.fields(page.record(anonymous), Sent="2025-09-29 11:15:09 UTC", Body="whose?")
    spoof = "x (instagram: 100200999) (instagram: 31337)"
    spoofed = {**anonymous, "sender": spoof, "locator": "unified_messages/11", "text": "it was her"}
    record = page.record({**spoofed, **at("2025-09-29 11:15:10 UTC", "Sent Time")})
    page.fields(record, Author=spoof, Sent="2025-09-29 11:15:10 UTC", Body="it was her")


def location(page: Page) -> None:
    page.open("last_location")
    page.group("Last Location")
    event = {"locator": "last_location/1", "event_type": "location", "event_action": "last_location"}
    event |= {**at("2025-09-28 01:02:03 UTC", "Recorded Time"), "extra": '{"latitude":53.5,"longitude":-6.25}'}
    page.fields(page.record(event), Time="2025-09-28 01:02:03 UTC", Latitude="53.5", Longitude="-6.25")
    page.end()
    page.close()


INSTAGRAM = {"account_platform": "instagram", "account_id": "100200300", "account_login": "wren.hale"}
FACEBOOK = {"account_platform": "facebook", "account_id": "555666"}
WHATSAPP = {"account_platform": "whatsapp", "account_id": "+353209150002"}


def instagram(markup: Markup, path: str) -> None:
    page = Page(markup, "Meta Legal Request")
    parameters(page, "Instagram", "100200300", "https://www.instagram.com/wren.hale", INSTAGRAM)
    profile(page)
    rows = [
        ("198.51.100.10:22859", "198.51.100.10", "22859", "2025-09-29 11:15:01 UTC"),
        ("[2001:db8::1]:63629", "2001:db8::1", "63629", "2025-09-29 10:15:01 UTC"),
        ("203.0.113.9", "203.0.113.9", "", "2025-09-29 09:15:01 UTC"),
    ]
    addresses(page, "ip_addresses", "Ip Addresses", "session", "address_recorded", rows)
    devices(page)
    followers(page)
    negative(page, "searches", "Searches")
    messages(page)
    location(page)
    page.write(path)


def facebook() -> None:
    page = Page(CLASSES, "Facebook Business Record")
    parameters(page, "Facebook", "555666", "https://www.facebook.com/profile/555666", FACEBOOK)
    rows = [
        ("192.0.2.1", "192.0.2.1", "", "2025-05-01 10:00:00 UTC"),
        ("192.0.2.2", "192.0.2.2", "", "2025-05-02 10:00:00 UTC"),
        ("192.0.2.3", "192.0.2.3", "", "2025-05-03 10:00:00 UTC"),
    ]
    addresses(page, "ip_addresses", "Ip Addresses", "session", "address_recorded", rows)
    rows = [
        ("192.0.2.4", "192.0.2.4", "", "2025-05-04 10:00:00 UTC", "Login", "authentication", "login"),
        ("192.0.2.5", "192.0.2.5", "", "2025-05-05 10:00:00 UTC", "login", "authentication", "login"),
    ]
    addresses(page, "logins", "Logins", "authentication", "login", rows)
    negative(page, "unified_messages", "Unified Messages")
    page.write("meta_return/facebook_classes.html")


def page_breaks() -> None:
    """Page headings between fields, between label and value, inside a value, and with elements closed before them."""
    page = Page(LETTERS, "Meta Business Record")
    parameters(page, "Threads", "700", "https://www.threads.net/finch.six", {"account_platform": "threads"} | THREADS)
    page.open("ip_addresses")
    page.group("Ip Addresses")

    def row(number: int, ip: str, time: str, **more: object) -> int:
        event = {"locator": f"ip_addresses/{number}", "event_type": "session", "event_action": "address_recorded"}
        return page.record({**event, "source_ip": ip, **at(time, "Recorded Time"), **more})

    first = row(1, "192.0.2.1", "2025-05-01 10:00:00 UTC", **JOINED)
    page.leaf(first, "IP Address", "192.0.2.1")
    page.raw(BREAK.format(2))
    page.leaf(first, "Time", "2025-05-01 10:00:00 UTC")
    page.raw(BREAK.format(3))
    second = row(2, "192.0.2.2", "2025-05-02 10:00:00 UTC", **JOINED)
    page.leaf(second, "IP Address", "192.0.2.2", inside=BREAK.format(4))
    page.leaf(second, "Time", "2025-05-02 10:00:00 UTC")
    third = row(3, "192.0.2.3", "2025-05-03 10:00:00 UTC", **JOINED)
    page.leaf(third, "IP Address", "", html="192.0." + BREAK.format(5) + "2.3")
    page.leaf(third, "Time", "2025-05-03 10:00:00 UTC")
    fourth = row(4, "192.0.2.4", "2025-05-04 10:00:00 UTC", **JOINED)
    page.leaf(fourth, "IP Address", "192.0.2.4")
    start = page.raw('<div class="t o"><div class="t i">Time</div></div></div></div></div>' + BREAK.format(6))
    page.raw('<div class="m"><div>2025-05-04 10:00:00 UTC')
    page.marks.append(Mark(start, len(page.data), fourth, len(page.sections)))
    page.raw('<div class="p"></div></div></div>\n')
    fifth = row(5, "192.0.2.5", "2025-05-05 10:00:00 UTC")
    page.fields(fifth, IP_Address="192.0.2.5", Time="2025-05-05 10:00:00 UTC")
    page.close()
    page.write("meta_return/page_breaks.html")


THREADS = {"account_id": "700", "account_login": "finch.six"}


def drift() -> None:
    """A section, a field and a total nobody declared, a renamed field, a lost label, a row without its address."""
    page = Page(STYLES, "Meta Business Record")
    parameters(page, "Instagram", "100200300", "wren.hale", INSTAGRAM)
    start = page.raw("")
    page.open("quantum_links")
    page.leaf(None, "Entangled With", "finch.six")
    end = page.marks[-1].end
    reason = "no rule of this format reads the section 'quantum_links'"
    page.rejects.append({"span_start": start, "span_end": end, "kind": "unknown_structure", "reason": reason})
    page.close()
    page.open("ip_addresses")
    page.group("Ip Addresses")
    event = {"event_type": "session", "event_action": "address_recorded"}

    def row(number: int, **more: object) -> int:
        return page.record({**event, "locator": f"ip_addresses/{number}", **more})

    one = row(1, source_ip="192.0.2.1", **at("2025-05-01 10:00:00 UTC", "Recorded Time"), **extra(colour="blue"))
    page.fields(one, Peer="192.0.2.1", Time="2025-05-01 10:00:00 UTC", Colour="blue")
    page.fields(row(2, **at("2025-05-02 10:00:00 UTC", "Recorded Time")), Time="2025-05-02 10:00:00 UTC")
    three = row(3, source_ip="192.0.2.3", **at("2025-05-03 10:00:00 UTC", "Recorded Time"))
    page.fields(three, Peer="192.0.2.3", Time="2025-05-03 10:00:00 UTC")
    page.fields(row(4, source_ip="192.0.2.4"), Peer="192.0.2.4")
    page.end()
    page.finding("the section 'ip_addresses' has labels nothing declares: 'peer', 'colour'; kept in extra")
    page.close()
    followers(page, stated=33)
    page.write("meta_return/drift.html")


def cut() -> None:
    """Ends inside an address: what is left of it is no address to rely on."""
    page = Page(LETTERS, "Meta Business Record")
    parameters(page, "Facebook", "555666", "555666", FACEBOOK)
    page.open("ip_addresses")
    page.group("Ip Addresses")
    event = {"event_type": "session", "event_action": "address_recorded"}
    whole = {**event, "locator": "ip_addresses/1", "source_ip": "192.0.2.1"}
    record = page.record({**whole, **at("2025-05-01 10:00:00 UTC", "Recorded Time")})
    page.fields(record, IP_Address="192.0.2.1", Time="2025-05-01 10:00:00 UTC")
    rest = {**event, "locator": "ip_addresses/2", "parse_flags": ["truncated"], **extra(ip_address="198.51.100.2")}
    page.leaf(page.record(rest), "IP Address", "198.51.100.2")
    page.write("meta_return/cut.html", cut=page.marks[-1].end)


def whatsapp_stored() -> None:
    page = Page(TABLES, "Facebook Legal Request")
    parameters(page, "WhatsApp", "353209150002", "+353 20 915 0002", WHATSAPP)
    page.open("connection_info")
    page.group("Connection Info")
    event = {"locator": "connection_info/1", "event_type": "session", "event_action": "connection"}
    event |= {"source_ip": "198.51.100.44", "source_port": 40100, **at("2025-09-01 08:00:00 UTC", "Online Since Time")}
    record = page.record({**event, **extra(device_type="android", connection_state="online")})
    page.fields(record, Device_Type="android", Connection_State="online")
    page.fields(record, Online_Since="2025-09-01 08:00:00 UTC", Connected_From="198.51.100.44:40100")
    page.end()
    page.close()
    page.open("registrations_info")
    page.group("Registrations Info")
    event = {"event_type": "account_created", "event_action": "registration"}
    for number, ip in enumerate(("198.51.100.45", "198.51.100.46"), 1):
        time = f"2025-08-0{number} 08:00:00 UTC"
        found = {**event, "locator": f"registrations_info/{number}", "source_ip": ip, **at(time, "Registration Time")}
        page.fields(page.record(found), Timestamp=time, Ip_Address=ip)
    page.end()
    page.close()
    page.open("address_book_info")
    page.group("Address Book Info")
    number = 0
    for label, action in (("Symmetric Contacts", "contact_symmetric"), ("Asymmetric Contacts", "contact_asymmetric")):
        lines: list[tuple[str, dict[str, Any] | None]] = [("2 Total", None)]
        for contact in (f"35320915010{number}", f"+35320915020{number}"):
            number += 1
            event = {"locator": f"address_book_info/{number}", "event_type": "relationship", "event_action": action}
            target = "+" + contact.lstrip("+")
            lines.append((contact, {**event, "target_account_id": target, **extra(stated=contact)}))
        lines[2] = (lines[2][0], {k: v for k, v in (lines[2][1] or {}).items() if k != "extra"})
        page.rows(label, lines)
    page.end()
    page.close()
    offline(page)
    negative(page, "message_log", "Message Log")
    page.write("whatsapp_return/stored.html")


def offline(page: Page) -> None:
    page.open("offline_log_info")
    page.group("Offline Log Info")
    own, page.own = page.own, {"account_platform": "whatsapp"}
    event = {"locator": "offline_log_info/1", "event_type": "activity", "event_action": "message"}
    event |= {"sender": "353209150003", "account_id": "+353209150003", "message_type": "text"}
    event["identifiers"] = [ident("phone", "+353209150003", "353209150003")]
    record = page.record({**event, **at("2025-09-01 07:00:00 UTC", "Queued Time")})
    page.fields(record, Timestamp="2025-09-01 07:00:00 UTC", From="353209150003", Event="message", Subtype="text")
    page.end()
    page.close()
    page.own = own


def whatsapp_prospective() -> None:
    page = Page(LETTERS, "Facebook Legal Request")
    parameters(page, "WhatsApp", "353209150002", "+353 20 915 0002", WHATSAPP)
    own, page.own = page.own, {"account_platform": "whatsapp"}
    sender = {"account_id": "+353209150002", "sender": "353209150002"}
    sender["identifiers"] = [ident("phone", "+353209150002", "353209150002")]  # type: ignore[assignment]
    message_log(page, sender)
    call_log(page, sender)
    page.own = own
    page.open("prospective_login_ips")
    page.group("Prospective Login Ips")
    for number in (1, 2):
        event = {"locator": f"prospective_login_ips/{number}", "event_type": "authentication", "event_action": "login"}
        event |= {"source_ip": f"2001:db8::{number}", "source_port": 4000 + number}  # type: ignore[dict-item]
        time = f"2025-09-03 00:00:0{number} UTC"
        record = page.record({**event, **at(time, "Login Time")})
        page.fields(record, Timestamp=time, IP_Address=f"2001:db8::{number}", Port=str(4000 + number))
    page.end()
    page.close()
    page.write("whatsapp_return/prospective.html")


def message_log(page: Page, sender: dict[str, Any]) -> None:
    page.open("message_log")
    page.group("Message Log")
    for number, to in enumerate((["353209150003"], ["353209150003", "353209150004"]), 1):
        time = f"2025-09-03 10:00:0{number} UTC"
        event = {
            "locator": f"message_log/{number}",
            "event_type": "message",
            **sender,
            "message_id": f"3EB0{number}",
            "message_type": "text",
            "recipients": to,
            **({"target_account_id": "+353209150003"} if number == 1 else {}),
            "source_ip": "198.51.100.50",
            "source_port": 50000 + number,
            **at(time, "Sent Time"),
            **extra(sender_device="android", message_style="individual", message_size="200"),
        }
        page.group("Message")
        record = page.record(event)
        page.fields(record, Timestamp=time, Message_Id=f"3EB0{number}", Sender="353209150002", Recipients=", ".join(to))
        page.fields(record, Sender_Ip="198.51.100.50", Sender_Port=str(50000 + number), Sender_Device="android")
        page.fields(record, Type="text", Message_Style="individual", Message_Size="200")
        page.end()
    page.end()
    page.close()


def call_log(page: Page, sender: dict[str, Any]) -> None:
    """Two calls; events without an address are evidence too, and take none from their neighbours."""
    page.open("call_logs")
    page.group("Call Logs")
    number = 0
    for call in ("C1", "C2"):
        page.group("Call")
        number += 1
        started = {"locator": f"call_logs/{number}", "event_type": "call", "thread_id": call, "sender": "353209150002"}
        record = page.record({**started, "account_id": "+353209150002"})
        page.fields(record, Call_Id=call, Call_Creator="353209150002")
        page.group("Events")
        for kind, ip in (("offer", "198.51.100.50"), ("accept", "")):
            number += 1
            time = f"2025-09-03 11:00:0{number} UTC"
            event = {"locator": f"call_logs/{number}", "event_type": "call", "event_action": kind, "thread_id": call}
            event |= {**sender, "recipients": ["353209150003"], "target_account_id": "+353209150003"}
            event |= at(time, "Call Event Time") | {"message_type": "audio"}
            peer = {"source_ip": ip, "source_port": 40000} if ip else {}
            record = page.record({**event, **peer})
            page.fields(record, Type=kind, Timestamp=time, From="353209150002", To="353209150003")
            page.fields(record, **({"From_Ip": ip, "From_Port": "40000"} if ip else {}), Media_Type="audio")
        page.end()
        page.end()
    page.end()
    page.close()


if __name__ == "__main__":
    instagram(LETTERS, "meta_return/instagram_letters.html")
    instagram(TABLES, "meta_return/instagram_tables.html")
    instagram(STYLES, "meta_return/instagram_styles.html")
    facebook()
    page_breaks()
    drift()
    cut()
    whatsapp_stored()
    whatsapp_prospective()
