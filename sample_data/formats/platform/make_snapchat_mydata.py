"""Writes the fixtures of Snapchat's My Data. Run it here: ``python make_snapchat_mydata.py``."""

from __future__ import annotations

import json
from typing import Any

from _writing import Piece, extra, ident, item, when, write

OWN = {"account_platform": "snapchat"}
FOLDER = "snapchat_mydata"
T = 1713576562  # 2024-04-20T01:29:22Z
MADE = "2024-04-20 01:29:22 UTC"
UNKNOWN = "unknown_structure"
ME = {"account_login": "tern_h"}


def sections(*named: tuple[str, list[Piece] | Piece]) -> list[str | Piece]:
    """An object whose members are lists of pieces, or a piece."""
    out: list[str | Piece] = ["{\n"]
    for number, (name, held) in enumerate(named):
        out.append((",\n" if number else "") + json.dumps(name, ensure_ascii=False) + ": ")
        if isinstance(held, Piece):
            out.append(held)
            continue
        out.append("[")
        for index, piece in enumerate(held):
            out += [", ", piece] if index else [piece]
        out.append("]")
    return [*out, "\n}\n"]


def at(section: str, index: int | None = None) -> dict[str, Any]:
    steps = section.replace("~", "~0").replace("/", "~1")
    return {"locator": f"/{steps}" + ("" if index is None else f"/{index}")}


def account() -> None:
    basic = {
        "Username": "tern_h",
        "Name": "Tern",
        "Creation Date": "2019-05-01 10:00:00 UTC",
        "Registration IP": "203.0.113.5",
        "Country": "US",
    }
    here = {**at("Basic Information"), **ME}
    profile = {**here, "event_type": "account_profile", "event_action": "profile", "account_display_name": "Tern"}
    profile |= {"identifiers": [ident("username", "tern_h")], "extra": extra(Country="US")}
    created = {**here, "event_type": "account_created", "event_action": "registration", "source_ip": "203.0.113.5"}
    created |= when(1556704800, "Creation Time", "2019-05-01 10:00:00 UTC", "in_value")
    device = {"Make": "Apple", "Model": "iPhone17,1", "Start Time": MADE, "Device Type": "PHONE"}
    used = {**at("Device History", 0), **ME, "event_type": "account_profile", "event_action": "device"}
    used |= {**when(T, "Start Time", MADE, "in_value")}
    used["extra"] = extra(Make="Apple", Model="iPhone17,1", **{"Device Type": "PHONE"})

    def login(index: int, ip: str, status: str, outcome: str) -> Piece:
        row = {"IP": ip, "Country": "US", "Created": MADE, "Status": status, "Device": "iPhone"}
        event = {**at("Login History", index), **ME, "event_type": "authentication", "event_action": "login"}
        event |= {**when(T, "Login Time", MADE, "in_value"), "source_ip": ip, "event_outcome": outcome}
        return item(row, {**event, "extra": extra(Country="US", Status=status, Device="iPhone")})

    logins = [login(0, "203.0.113.6", "Success", "success"), login(1, "2001:db8::6", "failed", "failure")]
    model = {**at("Device Information"), **ME, "event_type": "account_profile", "event_action": "device"}
    reason = {"kind": UNKNOWN, "reason": "no rule of this format reads the member '/Family Center/0'"}
    parts = sections(
        ("Basic Information", item(basic, profile, created)),
        ("Device Information", item({"Make": "Apple"}, {**model, "extra": extra(Make="Apple")})),
        ("Device History", [item(device, used)]),
        ("Login History", logins),
        ("Family Center", [item({"a": 1}, reject=reason)]),
        ("Privacy Policy and Terms of Service Acceptance History", []),
    )
    write(FOLDER, "account.json", parts, OWN)


def history() -> None:
    def change(section: str, index: int, action: str, **more: object) -> dict[str, Any]:
        base = {**at(section, index), "event_type": "account_change", "event_action": action}
        return {**base, **when(T, "Change Time", MADE, "in_value"), **more}

    shown = change("Display Name Change", 0, "display_name_change", extra=extra(**{"Display Name": "Tern"}))
    mail = change("Email Change", 0, "email_change", identifiers=[ident("email", "old@example.org")])
    phone = change("Mobile Number Change", 0, "phone_change", identifiers=[ident("phone", "+12025550143")])
    ended = change("Account deactivated / reactivated", 0, "deactivation", extra=extra(Event="DEACTIVATED"))
    parts = sections(
        ("Display Name Change", [item({"Date": MADE, "Display Name": "Tern"}, shown)]),
        ("Email Change", [item({"Date": MADE, "Email Address": "old@example.org"}, mail)]),
        ("Mobile Number Change", [item({"Date": MADE, "Mobile Number": "+12025550143"}, phone)]),
        ("Password Change", [item({"Date": MADE}, change("Password Change", 0, "password_change"))]),
        ("Account deactivated / reactivated", [item({"Date": MADE, "Event": "DEACTIVATED"}, ended)]),
    )
    write(FOLDER, "account_history.json", parts, OWN)


def friends() -> None:
    kinds = {
        "Friends": ("relationship", "friend"),
        "Friend Requests Sent": ("follow_request", "request_sent"),
        "Blocked Users": ("block", "blocked"),
        "Deleted Friends": ("relationship", "deleted_friend"),
        "Ignored Snapchatters": ("relationship", "request_ignored"),
        "Pending Requests": ("follow_request", "request_received"),
    }
    named = []
    for section, (kind, action) in kinds.items():
        row = {"Username": "wren", "Display Name": "Wren", "Creation Timestamp": MADE}
        row |= {"Last Modified Timestamp": MADE, "Source": "Added by Username"}
        side = "account_login" if action == "request_received" else "target_account_login"
        event = {**at(section, 0), "event_type": kind, "event_action": action, side: "wren"}
        event |= when(T, "Creation Time", MADE, "in_value")
        rest = {"Display Name": "Wren", "Last Modified Timestamp": MADE, "Source": "Added by Username"}
        named.append((section, [item(row, {**event, "extra": extra(**rest)})]))
    write(FOLDER, "friends.json", sections(*named), OWN)


def new_chats() -> None:
    def row(name: str, kind: str, content: str, *, sent: bool | None, title: str | None = None) -> dict[str, Any]:
        base = {"From": name, "Media Type": kind, "Created": MADE, "Content": content, "Conversation Title": title}
        said = {} if sent is None else {"IsSender": sent}
        return {**base, **said, "Created(microseconds)": T * 1000 + 686, "IsSaved": True, "Media IDs": ""}

    def event(thread: str, index: int, sender: str, kind: str, **more: object) -> dict[str, Any]:
        base = {**at(thread, index), "event_type": "message", "thread_id": thread, "message_type": kind}
        base |= {"sender": sender, "account_login": sender, "extra": extra(IsSaved=True)}
        return {**base, **when(T + 0.686, "Sent Time", T * 1000 + 686), **more}

    to_me, to_wren = {"event_action": "received", "recipients": ["tern_h"]}, {"event_action": "sent"}
    to_wren["recipients"] = ["wren"]
    in_group = extra(IsSaved=True, **{"Conversation Title": "Harbour"})
    words = "it's &amp; \u00e9"
    two = [
        item(row("wren", "TEXT", words, sent=False), event("wren", 0, "wren", "text", **to_me, text=words)),
        item(row("tern_h", "TEXT", "stop", sent=True), event("wren", 1, "tern_h", "text", **to_wren, text="stop")),
        item(
            row("wren", "STATUSERASEDMESSAGE", "", sent=False),
            event("wren", 2, "wren", "statuserasedmessage", **to_me, deleted_flag=True),
        ),
        item(
            row("wren", "TEXT", "who", sent=None),
            event("wren", 3, "wren", "text", text="who", parse_flags=["direction_unknown"]),
        ),
        item(
            row("wren", "TEXT", "mine", sent=True),
            event(
                *("wren", 4, "tern_h", "text"),
                **to_wren,
                text="mine",
                extra=extra(IsSaved=True, From="wren"),
            ),
        ),
    ]
    group = [
        item(
            row("gull", "TEXT", "all", sent=False, title="Harbour"),
            event("g-1", 0, "gull", "text", event_action="received", text="all", extra=in_group),
        ),
        item("x", reject={"kind": UNKNOWN, "reason": "no rule of this format reads the member '/g-1/1'"}),
    ]
    write(FOLDER, "chat_history.json", sections(("wren", two), ("g-1", group)), OWN)


def old_chats() -> None:
    received = {"From": "wren", "Media Type": "TEXT", "Created": MADE, "Text": "don&#39;t"}
    got = {**at("Received Saved Chat History", 0), "event_type": "message", "event_action": "received"}
    got |= {"sender": "wren", "account_login": "wren", "thread_id": "wren", "message_type": "text", "text": "don't"}
    got |= {**when(T, "Sent Time", MADE, "in_value"), "parse_flags": ["entities_decoded"]}
    sent = {"To": "wren", "Media Type": "MEDIA", "Created": MADE, "Text": ""}
    gave = {**at("Sent Saved Chat History", 0), "event_type": "message", "event_action": "sent"}
    gave |= {"recipients": ["wren"], "thread_id": "wren", "message_type": "media"}
    gave |= when(T, "Sent Time", MADE, "in_value")
    parts = sections(
        ("Received Saved Chat History", [item(received, got)]), ("Sent Saved Chat History", [item(sent, gave)])
    )
    write(FOLDER, "chat_history_old.json", parts, OWN)


def places() -> None:
    row = {"Time": "2024/04/20 01:29:22 UTC", "Latitude, Longitude": "34.47 \u00b1 39.66, -118.2 \u00b1 12.1"}
    here = {**at("Location History", 0), "event_type": "location", "event_action": "position"}
    here |= when(T, "Recorded Time", row["Time"], "in_value")
    here["extra"] = extra(latitude=34.47, longitude=-118.2, accuracy_m=39.66)
    often = {**at("Frequent Locations", 0), "event_type": "location", "event_action": "frequent_location"}
    often["extra"] = extra(City="Los Angeles", Country="US")
    parts = sections(
        ("Frequent Locations", [item({"City": "Los Angeles", "Country": "US"}, often)]),
        ("Location History", [item(row, here)]),
        ("Areas you may have visited in the last two years", [Piece("{}")]),
    )
    write(FOLDER, "location_history.json", parts, OWN)


if __name__ == "__main__":
    for make in (account, history, friends, new_chats, old_chats, places):
        make()
