"""Writes the fixtures of Discord packages, returns and channel exports. Run it here: ``python make_discord.py``."""

from __future__ import annotations

import json
from typing import Any

from _writing import Piece, extra, ident, item, listed, when, write

OWN = {"account_platform": "discord"}
T = 1767261600  # 2026-01-01T10:00:00Z
ME, WREN, CHANNEL = "300000000000000001", "300000000000000002", "400000000000000001"
UA = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
UNKNOWN = "unknown_structure"


def made(seconds: float, low: int = 7) -> str:
    """An id made at an instant."""
    return str((round(seconds * 1000) - 1_420_070_400_000 << 22) + low)


def at(ident_: str) -> float:
    """The instant an id was made."""
    return ((int(ident_) >> 22) + 1_420_070_400_000) / 1000


def account() -> None:
    who = {"account_id": ME}
    profile = {
        **who,
        "locator": "/id",
        "event_type": "account_profile",
        "event_action": "profile",
        "account_login": "tern_h",
        "account_display_name": "Tern",
        "source_ip": "203.0.113.5",
        "identifiers": [
            ident("username", "tern_h"),
            ident("email", "tern@example.org"),
            ident("phone", "+12025550143"),
        ],
        "extra": extra(verified=True),
    }
    created = {**who, "locator": "/id", "event_type": "account_created", "account_login": "tern_h"}
    created |= when(at(ME), "Id Time", ME)
    used = {"creation_time": "2026-01-01T10:00:00+00:00", "approx_last_used_time": "2026-01-02T10:00:00+00:00"}
    session = {"user_data": {"client_info": {"ip": "203.0.113.6", "os": "Linux"}, **used, "is_mfa": False}}
    open_ = {
        **who,
        "locator": "/user_sessions/0",
        "event_type": "session",
        "event_action": "user_session",
        **when(T, "Session Start Time", used["creation_time"], "in_value"),
        "timestamp_end": "2026-01-02T10:00:00.000000Z",
        "source_ip": "203.0.113.6",
        "extra": extra(**{"user_data.client_info.os": "Linux", "user_data.is_mfa": False}),
    }
    linked = {
        **who,
        "locator": "/connections/0",
        "event_type": "provider_link",
        "event_action": "connection",
        "identifiers": [ident("external_account", "spotify:tern.h", "tern.h")],
        "extra": extra(type="spotify", id="77", name="tern.h"),
    }
    blocked = {
        **who,
        "locator": "/relationships/0",
        "event_type": "block",
        "event_action": "blocked",
        "target_account_id": WREN,
        "target_account_login": "wren",
        "extra": extra(type=2, id=WREN),
    }
    unknown = {"kind": UNKNOWN, "reason": "no rule of this format reads the member '/payments'"}
    parts: list[str | Piece] = ['{"id": ', item(ME, profile, created)]
    parts += [', "username": "tern_h", "global_name": "Tern", "email": "tern@example.org", "phone": "+12025550143"']
    parts += [', "ip": "203.0.113.5", "verified": true, "user_sessions": [', item(session, open_)]
    parts += ['], "connections": [', item({"type": "spotify", "id": "77", "name": "tern.h"}, linked)]
    relation = {"id": WREN, "type": 2, "user": {"id": WREN, "username": "wren"}}
    parts += ['], "relationships": [', item(relation, blocked), '], "payments": ', item([1], reject=unknown), "}"]
    write("discord_package", "user.json", parts, OWN)


def channels() -> None:
    direct = {"id": CHANNEL, "type": 1, "recipients": [ME, WREN]}
    event = {"locator": "/", "event_type": "thread", "thread_id": CHANNEL, "recipients": [ME, WREN]}
    write("discord_package", "channel.json", [item(direct, {**event, "extra": extra(type=1)})], OWN)
    entry = {"locator": f"/{CHANNEL}", "event_type": "thread", "event_action": "index_entry", "thread_id": CHANNEL}
    named = {**entry, "extra": extra(name="Direct Message with wren#0")}
    other = {"locator": "/400000000000000002", "event_type": "record", "event_action": "index_entry"}
    other["extra"] = extra(id="400000000000000002", name="general in Harbour")
    parts: list[str | Piece] = [f'{{"{CHANNEL}": ', item("Direct Message with wren#0", named)]
    parts += [', "400000000000000002": ', item("general in Harbour", other), "}"]
    write("discord_package", "index.json", parts, OWN)


def own_message(number: str, locator: str, text: str | None, **more: object) -> dict[str, Any]:
    said = {"message_type": "text", "text": text} if text else {}
    return {"locator": locator, "event_type": "message", "message_id": number, **said, **more}


def messages() -> None:
    url = "https://cdn.example.net/attachments/1/2/photo.png?ex=1"
    first, second, third = made(T), made(T + 60), made(T + 120)
    written, late = "2026-01-01 10:00:00", "2026-01-01T12:00:00.000000+00:00"
    rows = [
        ({"ID": int(first), "Timestamp": written, "Contents": 'look\nout, "é"', "Attachments": ""}, first),
        ({"ID": int(second), "Timestamp": late, "Contents": "", "Attachments": url}, second),
        ({"ID": int(third), "Timestamp": "", "Contents": "no time", "Attachments": ""}, third),
    ]
    columns: list[dict[str, Any]] = [
        {"text": 'look\nout, "é"', "message_type": "text", **when(T, "Sent Time", written, "format_rule")},
        {
            **when(T + 7200, "Sent Time", late, "in_value"),
            "message_type": "media",
            "attachment_names": ["photo.png"],
            "extra": extra(attachments=url, id_time_ms=(T + 60) * 1000),
        },
        {"text": "no time", "message_type": "text", **when(T + 120, "Id Time", third)},
    ]
    items = [
        item(row, {**own_message(number, f"/{index}", None), **columns[index]})
        for index, (row, number) in enumerate(rows)
    ]
    items.append(item("x", reject={"kind": UNKNOWN}))
    write("discord_package", "messages.json", [*listed(items)], OWN)
    lines = ["ID,Timestamp,Contents,Attachments\r\n"]
    csv: list[str | Piece] = [*lines]
    for index, (row, number) in enumerate(rows):
        cells = [str(row[name]) for name in ("ID", "Timestamp", "Contents", "Attachments")]
        quoted = ",".join('"' + cell.replace('"', '""') + '"' if '"' in cell else cell for cell in cells)
        csv.append(Piece(quoted + "\r\n", ({**own_message(number, f"row {index + 2}", None), **columns[index]},)))
    csv.append(Piece(f"{first},only two\r\n", rejects=({"kind": "malformed"},)))
    write("discord_package", "messages.csv", csv, OWN)


def activity() -> None:
    login = {
        "event_type": "login_successful",
        "event_id": "A1",
        "event_source": "auth",
        "user_id": ME,
        "ip": "203.0.113.5",
        "isp": "Example Net",
        "browser_user_agent": UA,
        "client_uuid": "uuid-1",
        "timestamp": '"2026-01-01T10:00:00.123Z"',
    }
    seen = {
        "locator": "L1",
        "event_type": "authentication",
        "event_action": "login_successful",
        **when(T + 0.123, "Event Time", login["timestamp"], "in_value"),
        "source_ip": "203.0.113.5",
        "user_agent_original": UA,
        "account_id": ME,
        "device_id": "uuid-1",
        "device_id_type": "discord_client_uuid",
        "identifiers": [ident("device_id", "uuid-1")],
        "extra": extra(event_id="A1", event_source="auth", isp="Example Net"),
    }
    view = {"timestamp": "2026-01-01T10:00:01Z", "event_source": "client", "event_type": "channel_opened"}
    view |= {"channel_id": CHANNEL}
    opened = {
        "locator": "L2",
        "event_type": "activity",
        "event_action": "channel_opened",
        **when(T + 1, "Event Time", view["timestamp"], "in_value"),
        "thread_id": CHANNEL,
        "extra": extra(event_source="client"),
    }
    parts: list[str | Piece] = [Piece(json.dumps(login) + "\n", (seen,)), Piece(json.dumps(view) + "\n", (opened,))]
    parts += ["\n", Piece('{"broken": \n', rejects=({"kind": "malformed"},))]
    write("discord_package", "events-2026-00000-of-00001.json", parts, OWN)


def returned() -> None:
    first, second = made(T), made(T + 5)
    parts: list[str | Piece] = ["id,channel_id,author_id,timestamp,username,contents,attachments\n"]
    who = {"sender": WREN, "account_id": WREN, "account_login": "wren", "identifiers": [ident("username", "wren")]}
    who["thread_id"] = CHANNEL
    one = own_message(
        first, "row 2", "I know, where", **who, **when(T, "Sent Time", "2026-01-01 10:00:00", "format_rule")
    )
    parts.append(Piece(f'{first},{CHANNEL},{WREN},2026-01-01 10:00:00,wren,"I know, where",\n', (one,)))
    parts.append(Piece(f"{second},{CHANNEL},{WREN},wren\n", rejects=({"kind": "malformed"},)))
    write("discord_return", "messages_return.csv", parts, OWN)
    title = {"kind": UNKNOWN, "reason": "no rule of this format reads the columns 'is_spam'"}
    head = Piece("contents,is_spam,author_id,id,channel_id,timestamp\n", rejects=(title,))
    sparse = {k: v for k, v in who.items() if k in {"sender", "account_id", "thread_id"}}
    two = own_message(first, "row 2", "moved", **sparse, **when(T, "Sent Time", "2026-01-01T10:00:00Z", "in_value"))
    two["extra"] = extra(is_spam="no")
    row = Piece(f"moved,no,{WREN},{first},{CHANNEL},2026-01-01T10:00:00Z\n", (two,))
    write("discord_return", "messages_reordered.csv", [head, row], OWN)
    known = {"locator": "row 2", "event_type": "block", "event_action": "blocked"}
    known |= {"target_account_id": WREN, "target_account_login": "wren"}
    rows: list[str | Piece] = ["User ID,Username,Relationship\n", Piece(f"{WREN},wren,blocked\n", (known,))]
    write("discord_return", "relationships_1.csv", rows, OWN)


def exported() -> None:
    def row(number: int, kind: str, content: str, **more: object) -> dict[str, Any]:
        author = {"id": WREN, "name": "wren", "discriminator": "0000", "nickname": "Wren", "isBot": False}
        when_ = f"2026-01-01T12:00:0{number}.000+02:00"
        base = {"id": f"50000000000000000{number}", "type": kind, "timestamp": when_, "timestampEdited": None}
        return {**base, "isPinned": False, "content": content, "author": author, "attachments": [], **more}

    def event(number: int, kind: str, **more: object) -> dict[str, Any]:
        base = {
            "locator": f"/messages/{number}",
            "event_type": "message",
            **when(T + number, "Sent Time", f"2026-01-01T12:00:0{number}.000+02:00", "in_value"),
            "message_id": f"50000000000000000{number}",
            "message_type": kind,
            "thread_id": CHANNEL,
            "sender": WREN,
            "account_id": WREN,
            "account_login": "wren",
            "account_display_name": "Wren",
            "identifiers": [ident("username", "wren")],
            "extra": extra(**{"author.discriminator": "0000"}),
        }
        return {**base, **more}

    edited = "2026-01-01T10:05:00+00:00"
    shot = {"id": "9", "url": "https://cdn.example.net/a.png", "fileName": "a.png"}
    reply = row(1, "Reply", "two", timestampEdited=edited, reference={"messageId": "500000000000000000"})
    kept = extra(**{"author.discriminator": "0000", "timestampEdited": edited})
    called = row(2, "Call", "Started a call.", callEndedTimestamp="2026-01-01T10:10:00+00:00")
    pinned = row(3, "ChannelPinnedMessage", "Pinned a message.", attachments=[shot])
    items = [
        item(row(0, "Default", "one"), event(0, "Default", text="one")),
        item(
            reply,
            event(*(1, "Reply"), text="two", in_reply_to="500000000000000000", parse_flags=["edited"], extra=kept),
        ),
        item(
            called,
            event(*(2, "Call"), event_type="call", text="Started a call.", timestamp_end="2026-01-01T10:10:00.000000Z"),
        ),
        item(
            pinned,
            event(
                *(3, "ChannelPinnedMessage"),
                event_type="system_notice",
                text="Pinned a message.",
                attachment_names=["a.png"],
                extra=extra(**{"author.discriminator": "0000", "attachments": [shot]}),
            ),
        ),
    ]
    channel = {"id": CHANNEL, "type": "DirectTextChat", "name": "wren"}
    about = {"locator": "/channel", "event_type": "thread", "thread_id": CHANNEL}
    about["extra"] = extra(guild={"id": "0", "name": "Direct Messages"}, type="DirectTextChat", name="wren")
    opening = '{"guild": {"id": "0", "name": "Direct Messages"}, "channel": '
    parts: list[str | Piece] = [opening, item(channel, about), ', "dateRange": {}']
    body = listed(items, ', "messages": [\n  ', "\n]")
    write("discord_chatexporter", "wren.json", [*parts, *body, ', "messageCount": 4}\n'], OWN)
    short = listed(items[:1], ', "messages": [\n  ', '\n], "messageCount": ')
    fewer = item(4, reject={"kind": "truncated"})
    write("discord_chatexporter", "wren_short.json", [*parts, *short, fewer, "}\n"], OWN)


if __name__ == "__main__":
    account()
    channels()
    messages()
    activity()
    returned()
    exported()
