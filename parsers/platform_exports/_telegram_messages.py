"""Messages of Telegram Desktop exports, and the chats they stand in.

Who wrote a message is settled by ids alone: ``from`` is a changeable name, and null for deleted accounts. ``date`` is
the local time of the exporting computer; ``date_unixtime`` is the instant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject
from parsers.platform_exports._json_values import instant, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.kit.jsonspans import Element, Loaded

__all__ = ["Chat", "read_chat", "read_message"]

_USED = frozenset({"id", "type", "date_unixtime", "from", "from_id", "actor", "actor_id", "action", "text"})
_REPEATS = frozenset({"text_entities", "reply_to_message_id"})
_FILES = ("photo", "file")
_KINDS = ("media_type", "photo", "file", "location_information", "contact_information", "poll", "text")
_NAMED = {"location_information": "location", "contact_information": "contact"}
_CALLS = frozenset({"phone_call", "group_call", "conference_call"})


class Chat(NamedTuple):
    """What an export says of a chat, and whose export it is."""

    id: str | None
    kind: str | None
    name: str | None
    owner: str | None


def read_chat(element: Element, chat: Chat) -> Event:
    """The thread event, which speaks of the bytes of the chat's id."""
    values: dict[str, object] = {
        "account_platform": "telegram",
        "account_id": chat.owner,
        "thread_id": chat.id,
        "recipients": [f"user{chat.id}"] if chat.kind == "personal_chat" and chat.id else None,
        "extra": {"chat_name": chat.name, "chat_type": chat.kind},
    }
    return Event(element.span, element.pointer, "thread", values)


def read_message(element: Element, loaded: Loaded, chat: Chat, zone: str | None) -> Event | Reject:
    """One message, or one notice of the service."""
    value = loaded.value
    if not isinstance(value, dict) or not value.keys() & {"from_id", "actor_id", "action", "text", "date"}:
        return Reject(element.span, "the member of messages has none of a message's fields", "unknown_structure")
    service = value.get("type") == "service"
    sender = text_of(value.get("actor_id" if service else "from_id"))
    name = text_of(value.get("actor" if service else "from"))
    flags = {*loaded.flags, *(["edited"] if value.get("edited") else []), *([] if sender else ["direction_unknown"])}
    moment = instant(value.get("date_unixtime")) or instant(value.get("date"), zone)
    flags.update(moment.flags if moment else ())
    values: dict[str, object] = {
        **(moment.columns("Sent Time") if moment else {}),
        "account_platform": "telegram",
        "account_id": sender.removeprefix("user") if sender else None,
        "account_display_name": name,
        "event_action": text_of(value.get("action")),
        "sender": sender or name,
        "recipients": _recipients(sender, chat),
        "thread_id": chat.id,
        "message_id": text_of(value.get("id")),
        "in_reply_to": text_of(value.get("reply_to_message_id")),
        "message_type": "service" if service else _kind(value),
        "attachment_names": list(_attachments(value)) or None,
        "parse_flags": sorted(flags) or None,
        "extra": _extra(value, chat),
    }
    kind = "call" if value.get("action") in _CALLS else "system_notice" if service else "message"
    return Event(element.span, element.pointer, kind, values, _text(value.get("text")))


def _recipients(sender: str | None, chat: Chat) -> list[str] | None:
    """The other side of a chat of two; the owner only when the export names them."""
    if chat.kind != "personal_chat" or not chat.id or not sender:
        return None
    if sender != f"user{chat.id}":
        return [f"user{chat.id}"]
    return [f"user{chat.owner}"] if chat.owner else None


def _kind(value: Mapping[str, object]) -> str | None:
    name = next((name for name in _KINDS if value.get(name)), None)
    return text_of(value.get("media_type")) if name == "media_type" else _NAMED.get(name or "", name)


def _text(value: object) -> str | None:
    """The text; parts with a format of their own (links, mentions) are joined as they stand."""
    parts = value if isinstance(value, list) else [value]
    texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
    return "".join(text for text in texts if isinstance(text, str)) or None


def _attachments(value: Mapping[str, object]) -> Iterator[str]:
    for name in _FILES:
        path = value.get(name)
        if isinstance(path, str) and path and not path.startswith("("):
            yield path.rpartition("/")[2] or path


def _extra(value: Mapping[str, object], chat: Chat) -> dict[str, object]:
    """Everything no column takes; a position is also given as latitude and longitude."""
    left = {k: v for k, v in value.items() if k not in _USED | _REPEATS and v not in (None, "", [], {})}
    parts = value.get("text")
    if isinstance(parts, list) and any(isinstance(part, dict) and "href" in part for part in parts):
        left["text_parts"] = parts
    place = value.get("location_information")
    for name in ("latitude", "longitude"):
        if isinstance(place, dict) and isinstance(place.get(name), int | float):
            left[name] = place[name]
    if value.get("date_unixtime") and not instant(value["date_unixtime"]):
        left["date_unixtime"] = value["date_unixtime"]
    odd = {k: value[k] for k in ("from", "from_id", "actor", "actor_id") if not isinstance(value.get(k), str | None)}
    return {**left, **odd, **({"chat_name": chat.name} if chat.name else {})}
