"""Writes the fixtures of X (Twitter) archives and legal returns. Run it here: ``python make_x.py``."""

from __future__ import annotations

import json
from typing import Any

from _writing import Piece, extra, ident, item, listed, when, write

OWN = {"account_platform": "x"}
T = 1767261600  # 2026-01-01T10:00:00Z
FULL, WHOLE, OLD = "2026-01-01T10:00:00.000Z", "2026-01-01T10:00:00Z", "Thu Jan 01 10:00:00 +0000 2026"
ME, WREN = "1100000001", "1100000002"
THREAD = f"{ME}-{WREN}"
UNKNOWN = "unknown_structure"


def made(seconds: float, low: int = 7) -> str:
    """An id made at an instant."""
    return str((round(seconds * 1000) - 1_288_834_974_657 << 22) + low)


def at(path: str, kind: str, action: str | None = None, **more: object) -> dict[str, Any]:
    return {"locator": path, "event_type": kind, **({"event_action": action} if action else {}), **more}


def timed(desc: str, raw: str = FULL) -> dict[str, Any]:
    return when(T, desc, raw, "in_value")


def wrapped(name: str, piece: Piece) -> list[str | Piece]:
    return [f'{{"{name}" : ', piece, "}"]


def archive(name: str, items: list[list[str | Piece]]) -> None:
    """``window.YTD.name.part0 = [ ... ]``; the beginning tells what the part is and how many items it has."""
    part = at("/", "record", "archive_part", extra=extra(globalName=f"YTD.{name}.part0", items=len(items)))
    parts: list[str | Piece] = [Piece(f"window.YTD.{name}.part0 = ", (part,)), "[ "]
    for index, one in enumerate(items):
        parts += [", " if index else "", *one]
    write("x_archive", f"{name}.js", [*[p for p in parts if p], " ]"], OWN)


def account_items() -> list[list[str | Piece]]:
    value = {"email": "tern@example.org", "createdVia": "web", "username": "tern_h", "accountId": ME}
    value |= {"createdAt": FULL, "accountDisplayName": "Tern"}
    who = {"account_id": ME, "account_login": "tern_h", "account_display_name": "Tern"}
    idents = [ident("username", "tern_h"), ident("email", "tern@example.org")]
    path = "/0/account"
    profile = at(path, "account_profile", "profile", **who, identifiers=idents)
    profile["extra"] = extra(createdVia="web", createdAt=FULL)
    created = at(path, "account_created", "created", **who, **timed("Creation Time"))
    made_from = {"accountId": ME, "userCreationIp": "203.0.113.5"}
    first = at("/1/accountCreationIp", "account_created", "account_creation_ip", account_id=ME, source_ip="203.0.113.5")
    unknown = {"kind": UNKNOWN, "reason": "no rule of this format reads the member 'ageInfo'"}
    return [
        wrapped("account", item(value, profile, created)),
        wrapped("accountCreationIp", item(made_from, first)),
        wrapped("ageInfo", item({"age": ["25"]}, reject=unknown)),
    ]


def logins(times: tuple[str, str]) -> list[list[str | Piece]]:
    rows = [(times[0], "203.0.113.5"), (times[1], "2001:db8::5"), (times[0], "none")]
    out = []
    for index, (raw, address) in enumerate(rows):
        path = f"/{index}/ipAudit"
        event = at(path, "authentication", "login", account_id=ME, **timed("Login Time", raw))
        bad = address == "none"
        kept = {"parse_flags": ["invalid_address"], "extra": extra(loginIp=address)}
        event |= kept if bad else {"source_ip": address}
        out.append(wrapped("ipAudit", item({"accountId": ME, "createdAt": raw, "loginIp": address}, event)))
    return out


def devices() -> None:
    token = {"token": "tok-1", "clientApplicationId": "1", "clientApplicationName": "X for Android"}
    token |= {"createdAt": FULL, "lastSeenAt": "2026-01-02T10:00:00.000Z"}
    seen = at("/0/deviceToken", "session", "device_token", **timed("Creation Time"), device_id="tok-1")
    seen |= {"timestamp_end": "2026-01-02T10:00:00.000000Z", "device_id_type": "x_device_token"}
    seen |= {"identifiers": [ident("device_id", "tok-1")]}
    seen["extra"] = extra(clientApplicationId="1", clientApplicationName="X for Android")
    archive("device_token", [wrapped("deviceToken", item(token, seen))])
    phone = {"messagingDevice": {"deviceType": "Full", "phoneNumber": "+12025550143", "createdDate": "2026.01.01"}}
    push = {"pushDevice": {"deviceVersion": "9", "udid": "udid-1", "createdDate": "2026.01.01"}}
    one = at("/0/niDeviceResponse", "account_profile", "device", identifiers=[ident("phone", "+12025550143")])
    one["extra"] = extra(**{"messagingDevice.deviceType": "Full", "messagingDevice.createdDate": "2026.01.01"})
    two = at("/1/niDeviceResponse", "account_profile", "device", identifiers=[ident("device_id", "udid-1")])
    two |= {"device_id": "udid-1", "device_id_type": "x_push_device"}
    two["extra"] = extra(**{"pushDevice.deviceVersion": "9", "pushDevice.createdDate": "2026.01.01"})
    archive("ni_devices", [wrapped("niDeviceResponse", item(phone, one)), wrapped("niDeviceResponse", item(push, two))])


def changes() -> None:
    inner = {"changedAt": FULL, "changedFrom": "tern_old", "changedTo": "tern_h"}
    value = {"accountId": ME, "screenNameChange": inner}
    event = at("/0/screenNameChange", "account_change", "screen_name_change", account_id=ME, **timed("Change Time"))
    event |= {"account_login": "tern_h", "identifiers": [ident("username", "tern_h"), ident("username", "tern_old")]}
    event["extra"] = extra(changedFrom="tern_old", changedTo="tern_h")
    archive("screen_name_change", [wrapped("screenNameChange", item(value, event))])
    mail = {"accountId": ME, "emailChange": {"changedAt": FULL, "changedTo": "tern@example.org"}}
    event = at("/0/emailAddressChange", "account_change", "email_address_change", account_id=ME)
    event |= {**timed("Change Time"), "identifiers": [ident("email", "tern@example.org")]}
    event["extra"] = extra(changedTo="tern@example.org")
    archive("email_address_change", [wrapped("emailAddressChange", item(mail, event))])


def related() -> None:
    link = f"https://x.example.com/intent/user?user_id={WREN}"
    value, kept = {"accountId": WREN, "userLink": link}, extra(userLink=link)
    rows = {
        "follower": at("/0/follower", "relationship", "followed", account_id=WREN, extra=kept),
        "following": at("/0/following", "relationship", "following", target_account_id=WREN, extra=kept),
        "blocking": at("/0/blocking", "block", "blocked", target_account_id=WREN, extra=kept),
        "muting": at("/0/muting", "block", "muted", target_account_id=WREN, extra=kept),
    }
    names = {"blocking": "block", "muting": "mute"}
    for name, event in rows.items():
        archive(names.get(name, name), [wrapped(name, item(value, event))])
    app = {"id": "77", "name": "Planner", "description": "plans", "approvedAt": FULL, "permissions": ["read"]}
    event = at("/0/connectedApplication", "activity", "connected_application", **timed("Approval Time"))
    event["extra"] = extra(id="77", name="Planner", description="plans", permissions=["read"])
    archive("connected_application", [wrapped("connectedApplication", item(app, event))])


def message(path: str, number: str, text: str | None, raw: str, **more: object) -> dict[str, Any]:
    event = at(path, "message", thread_id=THREAD, message_id=number, **timed("Sent Time", raw), **more)
    return event | ({"text": text, "message_type": "text"} if text else {})


def direction(sender: str, recipient: str) -> dict[str, Any]:
    return {"account_id": sender, "sender": sender, "recipients": [recipient]}


def conversation(base: str, times: tuple[str, str], **mark: object) -> list[str | Piece]:
    """Messages both ways, a photo, a reaction kept with its message, and entries that are no message."""
    ids = [made(T, n) for n in range(4)]
    first = {"recipientId": ME, "reactions": [], "urls": [], "text": "I see you &amp; your “boat” 🐦", "mediaUrls": []}
    first |= {"senderId": WREN, "id": ids[0], "createdAt": times[0]}
    second = {"recipientId": WREN, "text": "stop", "senderId": ME, "id": ids[1], "createdAt": times[1]}
    second |= {"reactions": [{"senderId": WREN, "reactionKey": "funny", "eventId": "1", "createdAt": times[1]}]}
    photo = "https://ton.example.com/dm/1/2/photo.jpg"
    third = {"recipientId": ME, "text": "", "mediaUrls": [photo], "senderId": WREN, "id": ids[2], "createdAt": times[1]}
    left = {"userIds": [WREN], "createdAt": times[1]}
    path = f"{base}/messages/"
    notice = at(path + "3", "system_notice", "participantsLeave", thread_id=THREAD, **timed("Event Time", times[1]))
    unknown = {"kind": UNKNOWN, "reason": "no rule of this format reads the entry 'pollCreate' of a conversation"}
    items = [
        item(
            {"messageCreate": first},
            message(path + "0", ids[0], str(first["text"]), times[0], **direction(WREN, ME), **mark),
        ),
        item(
            {"messageCreate": second},
            message(path + "1", ids[1], "stop", times[1], **direction(ME, WREN), **mark)
            | {"extra": extra(reactions=second["reactions"])},
        ),
        item(
            {"messageCreate": third},
            message(path + "2", ids[2], None, times[1], **direction(WREN, ME), **mark)
            | {"message_type": "media", "attachment_names": ["photo.jpg"], "extra": extra(mediaUrls=[photo])},
        ),
        item({"participantsLeave": left}, notice | {"account_id": WREN, "extra": extra(userIds=[WREN])}),
        item({"pollCreate": {"id": "1"}}, reject=unknown),
    ]
    thread = at(f"{base}/conversationId", "thread", thread_id=THREAD, recipients=[ME, WREN])
    return ['{"conversationId": ', item(THREAD, thread), ', "messages": ', *listed(items, "[", "]"), "}"]


def headers() -> list[list[str | Piece]]:
    row = {"id": made(T), "senderId": WREN, "recipientId": ME, "createdAt": FULL}
    event = message("/0/dmConversation/messages/0", made(T), None, FULL, **direction(WREN, ME))
    thread = at("/0/dmConversation/conversationId", "thread", thread_id=THREAD, recipients=[ME, WREN])
    parts: list[str | Piece] = ['{"dmConversation": {"conversationId": ', item(THREAD, thread), ', "messages": [']
    return [[*parts, item({"messageCreate": row}, event | {"event_action": "header"}), "]}}"]]


def tweets() -> None:
    number = made(T)
    value = {"id_str": number, "id": number, "full_text": "@wren look", "created_at": OLD, "lang": "en"}
    value |= {"in_reply_to_status_id_str": "1", "in_reply_to_user_id_str": WREN, "in_reply_to_screen_name": "wren"}
    event = at("/0/tweet", "activity", "tweet", **timed("Post Time", OLD), message_id=number, in_reply_to="1")
    event |= {"target_account_id": WREN, "target_account_login": "wren", "text": "@wren look"}
    event["extra"] = extra(lang="en", id=number)
    archive("tweets", [wrapped("tweet", item(value, event))])
    gone = {"id_str": number, "full_text": "gone", "created_at": OLD, "deleted_at": OLD}
    event = at("/0/tweet", "activity", "tweet", **timed("Post Time", OLD), message_id=number, deleted_flag=True)
    event |= {"text": "gone", "extra": extra(deleted_at=OLD)}
    archive("deleted_tweets", [wrapped("tweet", item(gone, event))])


def manifest() -> None:
    user = {"accountId": ME, "userName": "tern_h", "displayName": "Tern"}
    profile = at("/userInfo", "account_profile", "archive_owner", account_id=ME, account_login="tern_h")
    profile |= {"account_display_name": "Tern", "identifiers": [ident("username", "tern_h")]}
    about = {"sizeBytes": "1000", "generationDate": FULL, "isPartialArchive": False}
    info = at("/archiveInfo", "record", "archive_info", **timed("Generation Time"))
    info["extra"] = extra(sizeBytes="1000", isPartialArchive=False)
    parts: list[str | Piece] = ['window.__THAR_CONFIG = {"userInfo": ', item(user, profile)]
    parts += [', "archiveInfo": ', item(about, info), ', "readmeInfo": {"fileName": "data/README.txt"}']
    parts += [', "dataTypes": {"ipAudit": {"files": [']
    for index, (name, count) in enumerate((("ip_audit", "3"), ("ip_audit_more", "1"))):
        row = {"fileName": f"data/{name}.js", "globalName": f"YTD.{name}.part0", "count": count}
        listed_ = at(f"/dataTypes/ipAudit/files/{index}", "record", "archive_file", extra=extra(**row))
        parts += [", " if index else "", item(row, listed_)]
    unknown = {"kind": UNKNOWN, "reason": "no rule of this format reads the member '/newInfo'"}
    parts += [']}, "tweets": {"mediaDirectory": "data/tweets_media", "files": []}}, "newInfo": ']
    write("x_archive", "manifest.js", [p for p in [*parts, item(1, reject=unknown), "}\n"] if p], OWN)


BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"
END = "\n-----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCgAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n"


def signed(name: str, parts: list[str | Piece]) -> None:
    write("x_return", name, [BEGIN, *parts, END], OWN)


def returned() -> None:
    rows = logins((WHOLE, FULL))
    signed("ip-audit.txt", ["[", *rows[0], ", ", *rows[1], ", ", *rows[2], "]"])
    parts = ['[{"dmConversation": ', *conversation("/0/dmConversation", (WHOLE, FULL)), "}]"]
    signed("direct-messages.txt", parts)


def delimited() -> None:
    """Objects between marker lines, and a line that the signature made begin with a dash and a space."""
    marker = f"**** conversationId: {THREAD} ****\n"
    number = made(T)
    row = {"id": number, "senderId": WREN, "recipientId": ME, "createdAt": WHOLE, "text": "- - I see you"}
    text = json.dumps({"messageCreate": row}, ensure_ascii=False)
    event = message("/messageCreate", number, "- - I see you", WHOLE, **direction(WREN, ME))
    body = text[len('{"messageCreate": ') : -1]
    parts: list[str | Piece] = [marker, '{"messageCreate": ', Piece(body, (event,)), "}\n"]
    bare = at("", "authentication", "login", account_id=ME, source_ip="203.0.113.5", **timed("Login Time", WHOLE))
    value = {"accountId": ME, "createdAt": WHOLE, "loginIp": "203.0.113.5"}
    broken = {"kind": "truncated"}
    parts += ["**** ip-audit ****\n", item(value, bare | {"locator": "/"}), "\n", "**** other ****\n"]
    dashed = '{"accountId": "1100000001", "createdAt": "2026-01-01T10:00:00Z", "n":\n- -5, "loginIp": "203.0.113.6"}'
    minus = at("/", "authentication", "login", account_id=ME, source_ip="203.0.113.6", **timed("Login Time", WHOLE))
    parts += [Piece(dashed, (minus | {"extra": extra(n=-5)},)), "\n**** last ****\n"]
    parts.append(Piece('[{"ipAudit": {"accountId": "1\n', rejects=(broken,)))
    write("x_return", "delimited.txt", [BEGIN, *parts, END[1:]], OWN)


def sorted_out() -> None:
    """Every file."""
    archive("account", account_items())
    archive("ip_audit", logins((FULL, WHOLE)))
    devices()
    changes()
    related()
    archive("direct_messages", [['{"dmConversation": ', *conversation("/0/dmConversation", (FULL, WHOLE)), "}"]])
    archive("direct_message_headers", headers())
    gone = conversation("/0/dmConversation", (FULL, WHOLE), deleted_flag=True)
    archive("deleted_direct_messages", [['{"dmConversation": ', *gone, "}"]])
    tweets()
    manifest()
    returned()
    delimited()


if __name__ == "__main__":
    sorted_out()
