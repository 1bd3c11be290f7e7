"""Writes the fixtures of Roblox's return and of support desk tickets. Run it here: ``python make_roblox.py``."""

from __future__ import annotations

from _writing import Piece, extra, ident, item, listed, utc, when, write

OWN = {"account_platform": "roblox"}
DESK = {"account_platform": "zendesk"}
T = 1767261600  # 2026-01-01T10:00:00Z
SLASHED, LATER = "01/01/2026 10:00:00", "1/2/2026 10:00:00 AM"
TERN, WREN = "5000000001", "5000000002"
WHO = {"account_id": TERN, "account_login": "tern_h"}


def stated(desc: str) -> dict[str, str]:
    return when(T, desc, SLASHED, "format_rule")


def addresses() -> None:
    base = {"event_type": "session", "event_action": "address_seen", **WHO}
    first = {**base, "locator": "row 2", "source_ip": "203.0.113.5", **stated("First Seen Time")}
    first["timestamp_end"] = utc(T + 86400)
    second = {**base, "locator": "row 5", "source_ip": "2001:db8::7", **stated("First Seen Time")}
    bad = {**base, "locator": "row 6", **stated("First Seen Time")}
    bad |= {"parse_flags": ["invalid_address"], "extra": extra(ip_address="none")}
    parts = [
        "user_id,username,ip_address,first_seen_utc,last_seen_utc\n",
        Piece(f"{TERN},tern_h,203.0.113.5,{SLASHED},{LATER}\n", (first,)),
        ",,,,\n",
        "\n",
        Piece(f"{TERN},tern_h,2001:db8::7,{SLASHED},\n", (second,)),
        Piece(f"{TERN},tern_h,none,{SLASHED},\n", (bad,)),
        Piece(f"{TERN},tern_h\n", rejects=({"kind": "malformed"},)),
    ]
    write("roblox_return", "IP address of the account.csv", parts, OWN)
    device = {**base, "locator": "row 2", "event_action": "device_seen", "device_id": "D-1"}
    device |= {"device_id_type": "device_id", "identifiers": [ident("device_id", "D-1")], **stated("Last Seen Time")}
    odd = "no rule of this format reads the columns 'mood'; their cells are kept as written"
    titles = "mood,device_id,roblox_user_id,username,last_seen_utc\n"
    parts = [
        Piece(titles, rejects=({"kind": "unknown_structure", "reason": odd},)),
        Piece(f"calm,D-1,{TERN},tern_h,{SLASHED}\n", ({**device, "extra": extra(mood="calm")},)),
    ]
    write("roblox_return", "Device ID.txt", parts, OWN)


def talk() -> None:
    said = {"event_type": "message", "event_action": "message", "locator": "row 2", "account_id": TERN, "sender": TERN}
    said |= {"account_login": "tern_h", "recipients": [WREN], "target_account_id": WREN, "thread_id": "c1"}
    said |= {"text": 'where, "are" you', "extra": extra(place_id="77"), **stated("Sent Time")}
    title = "sender_user_id,sender_username,recipient_user_id,conversation_id,place_id,created_utc,message\n"
    row = f'{TERN},tern_h,{WREN},c1,77,{SLASHED},"where, ""are"" you"\n'
    write("roblox_return", "Chat records.csv", [title, Piece(row, (said,)), "\n"], OWN)


def people() -> None:
    friend = {"event_type": "relationship", "event_action": "friend", "locator": "row 2", **WHO}
    friend |= {"target_account_id": WREN, "target_account_login": "wren", **stated("Friendship Time")}
    title = "user_id,username,friend_user_id,friend_username,created_utc\n"
    write("roblox_return", "Friend list.csv", [title, Piece(f"{TERN},tern_h,{WREN},wren,{SLASHED}\n", (friend,))], OWN)
    follower = {**friend, "event_action": "follower", **when(T + 0.5, "Follow Time", 1767261600500)}
    title = "user_id,username,follower_user_id,follower_username,created\n"
    row = f"{TERN},tern_h,{WREN},wren,1767261600500\n"
    write("roblox_return", "Followers.csv", [title, Piece(row, (follower,))], OWN)


def ticket() -> None:
    stamp = "2026-01-01T10:00:00Z"
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    asked = {"locator": "/ticket", "event_type": "thread", "event_action": "ticket", "thread_id": "9001"}
    asked |= {"account_id": "71", "text": "I cannot sign in", **when(T, "Creation Time", stamp, "in_value")}
    asked |= {"identifiers": [ident("email", "tern@example.org")], "extra": extra(subject="locked out")}
    opened = {"id": 9001, "created_at": stamp, "requester_id": 71, "subject": "locked out"}
    opened["description"] = "I cannot sign in"
    opened["via"] = {"source": {"from": {"address": "tern@example.org"}}}
    system = {"ip_address": "203.0.113.5", "client": agent, "latitude": 38.7, "longitude": -9.1, "location": "Lisbon"}
    comment = {"id": 1, "author_id": 71, "body": "still locked", "public": True, "created_at": stamp}
    comment["metadata"] = {"system": system}
    said = {"locator": "/comments/0", "event_type": "message", "event_action": "ticket_comment", "message_id": "1"}
    said |= {"thread_id": "9001", "account_id": "71", "sender": "71", "text": "still locked"}
    said |= {"source_ip": "203.0.113.5", "user_agent_original": agent, **when(T, "Sent Time", stamp, "in_value")}
    said["extra"] = extra(**{"latitude": 38.7, "longitude": -9.1, "public": True, "metadata.system.location": "Lisbon"})
    user = {"locator": "/users/0", "event_type": "account_profile", "event_action": "desk_user", "account_id": "71"}
    user |= {"account_display_name": "Tern", "identifiers": [ident("email", "tern@example.org")]}
    parts: list[str | Piece] = ['{"ticket": ', item(opened, asked), ', "comments": ', *listed([item(comment, said)])]
    person = {"id": 71, "name": "Tern", "email": "tern@example.org", "phone": None}
    parts += [', "users": ', *listed([item(person, user)]), ', "count": 1, "mood": ']
    odd = {"kind": "unknown_structure", "reason": "no rule of this format reads the member '/mood'"}
    write("zendesk_ticket", "ticket_9001.json", [*parts, item("calm", reject=odd), "}"], DESK)
    alone = {"locator": "/", "event_type": "thread", "event_action": "ticket", "thread_id": "9001", "account_id": "71"}
    alone |= {"text": "I cannot sign in", "extra": extra(subject="x"), **when(T, "Creation Time", stamp, "in_value")}
    reply = {**said, "extra": None, "user_agent_original": None}
    reply = {k: v for k, v in reply.items() if v is not None}
    short = {"id": 1, "author_id": 71, "body": "still locked", "created_at": stamp}
    short["metadata"] = {"system": {"ip_address": "203.0.113.5"}}
    whole = {"id": 9001, "requester_id": 71, "created_at": stamp, "subject": "x", "description": "I cannot sign in"}
    whole["comments"] = [short]
    write("zendesk_ticket", "ticket_whole.json", [item(whole, alone, reply)], DESK)


if __name__ == "__main__":
    addresses()
    talk()
    people()
    ticket()
