"""Writes the Telegram Desktop fixtures and their goldens. Run it here: ``python make_telegram.py``."""

from __future__ import annotations

import json
from typing import Any

from _writing import Piece, extra, ident, item, listed, when, write

OWN = {"account_platform": "telegram"}
T = 1767261600  # 2026-01-01T10:00:00Z; the exporting computer stood two hours ahead
LOCAL = "2026-01-01T12:00:00"
UNKNOWN = "unknown_structure"


def message(number: int, who: str | None, name: str | None, text: object, **more: object) -> dict[str, Any]:
    row = {"id": number, "type": "message", "date": LOCAL, "date_unixtime": str(T + number)}
    return {**row, "from": name, "from_id": who, "text": text, "text_entities": [], **more}


def sent(path: str, number: int, who: str, name: str | None, **more: object) -> dict[str, Any]:
    base = {
        "locator": f"{path}/{number - 1}",
        "event_type": "message",
        **when(T + number, "Sent Time", T + number),
        "sender": who,
        "account_id": who.removeprefix("user"),
        "message_id": str(number),
        "message_type": "text",
    }
    return {**base, **({"account_display_name": name} if name else {}), **more}


def single_chat() -> None:
    wren, tern = "user2002", "user1001"
    chat: dict[str, Any] = {"thread_id": "2002"}
    to_wren: dict[str, Any] = {"recipients": [wren]}
    note: dict[str, Any] = {"chat_name": "Wren", "date": LOCAL}
    parts = [{"type": "link", "text": "https://example.org/é"}, " now"]
    control = json.dumps(message(5, wren, "Wren", "a@b")).replace("a@b", "a\\x0Bb \\\\x0B")
    screenshot = {"id": 6, "type": "service", "date": LOCAL, "date_unixtime": str(T + 6), "actor": "Wren"}
    screenshot |= {"actor_id": wren, "action": "take_screenshot", "text": ""}
    call = {**screenshot, "id": 7, "date_unixtime": str(T + 7), "action": "phone_call", "discard_reason": "missed"}
    place = {"latitude": 51.5, "longitude": -0.25}
    photo = message(3, tern, "Tern", "", photo="photos/photo_1.jpg", edited=LOCAL, edited_unixtime=str(T + 60))
    where = message(4, wren, None, "", location_information=place, file="(File not included. Change settings.)")
    notice = {"event_type": "system_notice", "message_type": "service"}
    items = [
        item(
            message(1, wren, "Wren", "hello"),
            sent("/messages", 1, wren, "Wren", **chat, text="hello", extra=extra(**note)),
        ),
        item(
            message(2, tern, "Tern", ["see ", *parts], reply_to_message_id=1),
            sent(
                *("/messages", 2, tern, "Tern"),
                **{**chat, **to_wren, "in_reply_to": "1", "text": "see https://example.org/é now"},
                extra=extra(**note),
            ),
        ),
        item(
            photo,
            sent(
                *("/messages", 3, tern, "Tern"),
                **{**chat, **to_wren, "message_type": "photo", "attachment_names": ["photo_1.jpg"]},
                parse_flags=["edited"],
                extra=extra(**note, edited=LOCAL, edited_unixtime=str(T + 60), photo="photos/photo_1.jpg"),
            ),
        ),
        item(
            where,
            sent(
                *("/messages", 4, wren, None),
                **{**chat, "message_type": "file"},
                extra=extra(**note, **place, location_information=place, file=where["file"]),
            ),
        ),
        Piece(
            control,
            (
                sent(
                    *("/messages", 5, wren, "Wren"),
                    **chat,
                    text="a\x0bb \\x0B",
                    parse_flags=["escape_repaired"],
                    extra=extra(**note),
                ),
            ),
        ),
        item(
            screenshot,
            {
                **sent("/messages", 6, wren, "Wren", **chat),
                **notice,
                "event_action": "take_screenshot",
                "extra": extra(**note),
            },
        ),
        item(
            call,
            {
                **sent("/messages", 7, wren, "Wren", **chat),
                **notice,
                "event_type": "call",
                "event_action": "phone_call",
                "extra": extra(**note, discard_reason="missed"),
            },
        ),
        item([], reject={"kind": UNKNOWN}),
    ]
    about: dict[str, Any] = {"locator": "/id", "event_type": "thread", "recipients": [wren], **chat}
    about["extra"] = extra(chat_name="Wren", chat_type="personal_chat")
    parts_out: list[str | Piece] = ['{"name": "Wren", "type": "personal_chat", "id": ', item(2002, about)]
    write("telegram_json", "result_chat.json", [*parts_out, *listed(items, ', "messages": [\n  ', "\n]}\n")], OWN)


def old_chat() -> None:
    """An export of older years: no ``*_unixtime``, no id of the chat; the case states the zone."""
    row = {"id": 1, "type": "message", "date": LOCAL, "from": "Wren", "from_id": "user2002", "text": "old"}
    event = {
        **sent("/messages", 1, "user2002", "Wren", thread_id="77", text="old"),
        "extra": extra(chat_name="G", date=LOCAL),
    }
    event |= when(T, "Sent Time", LOCAL, "case_setting")
    about: dict[str, Any] = {"locator": "/id", "event_type": "thread", "thread_id": "77"}
    about["extra"] = extra(chat_name="G", chat_type="private_group")
    parts: list[str | Piece] = ['{"messages": [', item(row, event), '], "name": "G", "type": "private_group", "id": ']
    settings = 'timezone = "Africa/Johannesburg"\n'
    write("telegram_json", "result_old.json", [*parts, item(77, about), "}"], OWN, settings)


def account() -> None:
    me = {"account_id": "1001"}
    person = {
        "user_id": 1001,
        "first_name": "Tern",
        "last_name": "Harbour",
        "phone_number": "+1 202 555 0143",
        "username": "@tern_h",
        "bio": "192.0.2.1",
    }
    profile = {
        **me,
        "locator": "/personal_information",
        "event_type": "account_profile",
        "event_action": "profile",
        "account_login": "tern_h",
        "account_display_name": "Tern Harbour",
        "identifiers": [ident("username", "tern_h", "@tern_h"), ident("phone", "+12025550143", "+1 202 555 0143")],
        "extra": extra(first_name="Tern", last_name="Harbour", bio="192.0.2.1"),
    }
    device = {"application_name": "Telegram Desktop", "device_model": "PC 64bit", "platform": "Linux"}
    born = {"created": LOCAL, "created_unixtime": str(T - 999)}
    session = {"last_active": LOCAL, "last_active_unixtime": str(T), "last_ip": "203.0.113.5", **device, **born}
    active = {
        **me,
        "locator": "/sessions/list/0",
        "event_type": "session",
        "event_action": "active_session",
        **when(T, "Last Active Time", T),
        "source_ip": "203.0.113.5",
        "extra": extra(last_active=LOCAL, **device, **born),
    }
    contact = {"user_id": 2002, "first_name": "Wren", "phone_number": "+12025550199", "date_unixtime": str(T)}
    known = {
        **me,
        "locator": "/contacts/list/0",
        "event_type": "relationship",
        "event_action": "contact",
        **when(T, "Contact Time", T),
        "target_account_id": "2002",
        "extra": extra(first_name="Wren", phone_number="+12025550199"),
    }
    about: dict[str, Any] = {
        **me,
        "locator": "/chats/list/0/id",
        "event_type": "thread",
        "thread_id": "2002",
        "recipients": ["user2002"],
    }
    about["extra"] = extra(chat_name="Wren", chat_type="personal_chat")
    at, note = "/chats/list/0/messages", extra(chat_name="Wren", date=LOCAL)
    more: dict[str, Any] = {"thread_id": "2002", "extra": note}
    messages = [
        item(
            message(1, "user2002", "Wren", "hi"),
            sent(at, 1, "user2002", "Wren", **more, recipients=["user1001"], text="hi"),
        ),
        item(
            message(2, "user1001", "Tern", "ho"),
            sent(at, 2, "user1001", "Tern", **more, recipients=["user2002"], text="ho"),
        ),
    ]
    unknown = {"kind": UNKNOWN, "reason": "no rule of this format reads the member '/stories'"}
    parts: list[str | Piece] = ['{"about": "All", "personal_information": ', item(person, profile)]
    parts += [', "stories": ', item([{"x": 1}], reject=unknown)]
    parts += [', "contacts": {"about": "x", "list": [', item(contact, known), "]}"]
    parts += [', "sessions": {"about": "x", "list": [', item(session, active), "]}"]
    parts += [', "chats": {"about": "x", "list": [{"name": "Wren", "type": "personal_chat", "id": ', item(2002, about)]
    write("telegram_json", "result.json", [*parts, *listed(messages, ', "messages": [', "]}]}}")], OWN)


if __name__ == "__main__":
    single_chat()
    old_chat()
    account()
