r"""Telegram Desktop export, JSON: a whole account (``personal_information``, ``sessions``, ``chats``) or one chat.

The writer puts control characters into strings as ``\x0B``, which JSON does not have; such values are read after the
escape has been put right, and flagged.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Sample, Skip, Source
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, Element, open_document, top_keys, walk
from parsers.platform_exports._json_rows import Shape, read_row
from parsers.platform_exports._json_values import text_of
from parsers.platform_exports._telegram_messages import Chat, read_chat, read_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item
    from parsers.kit.jsonspans import Document, Loaded, Path

__all__ = ["FORMATS"]

_PLATFORM = "telegram"
_CHAT_PROPERTY, _EXPLANATION = "chat property", "explanation"
_CHATS = ("chats", "left_chats")
_PROPERTIES = ("id", "name", "type")
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)
_ACTIVE = {
    "last_active_unixtime": "time",
    "last_active": "time",
    "last_ip": "ip",
}
_LISTS = MappingProxyType(
    {
        "sessions": Shape(event_type="session", action="active_session", desc="Last Active Time", fields=_ACTIVE),
        "web_sessions": Shape(event_type="session", action="web_session", desc="Last Active Time", fields=_ACTIVE),
        "contacts": Shape(
            event_type="relationship",
            action="contact",
            desc="Contact Time",
            fields={"date_unixtime": "time", "date": "time", "user_id": "target_account_id"},
        ),
        "frequent_contacts": Shape(
            event_type="relationship",
            action="frequent_contact",
            desc="Recorded Time",
            fields={"id": "target_account_id"},
        ),
    }
)
_PROFILE = Shape(
    event_type="account_profile",
    action="profile",
    desc="Recorded Time",
    fields={"user_id": "account_id", "username": "username", "phone_number": "phone"},
)
_TOP = {*_LISTS, *_CHATS, "personal_information", "about", "profile_pictures", "stories", "other_data", "ips"}


def recognise(sample: Sample) -> int:
    """The names at the top; a single chat also needs the field names of the writer's messages."""
    root, keys = top_keys(sample.head)
    if root != "{" or not keys:
        return 0
    text = sample.head + sample.middle + sample.tail
    written = b'"date_unixtime"' in text or b'"from_id"' in text or b'"actor_id"' in text
    if {"type", "id", "messages"} <= set(keys):
        return 95 if written else 0
    known = sum(key in _TOP for key in keys)
    of_account = "personal_information" in keys or b'"last_ip"' in text or (written and "chats" in keys)
    several = known >= 2 or (known == 1 and len(keys) == 1)
    return 60 + 35 * known // len(keys) if several and of_account and known * 2 > len(keys) else 0


def parse(source: Source) -> Iterator[Item]:
    """Every message, session and contact; chats are named in a pass of its own, since names may stand last."""
    document = open_document(source)
    zone = source.settings.timezone
    chats = _chats(document)
    for item in walk(document, _descend):
        if isinstance(item, Element):
            yield _read(item, chats, zone)
        else:
            yield item


def _descend(path: Path) -> bool:
    """Down to the items of every list, and to the messages and properties of every chat."""
    if len(path) <= 1:
        return not path or path[0] in _CHATS or path[0] in _LISTS or path[0] == "messages"
    if path[1] != "list":
        return False
    of_chat = path[0] in _CHATS
    return len(path) == 2 or (of_chat and (len(path) == 3 or (len(path) == 4 and path[3] == "messages")))


def _chats(document: Document) -> dict[Path, Chat]:
    """Chats by the path of what holds them; ``()`` is the file itself."""
    said: dict[Path, dict[str, str | None]] = {(): {}}
    owner: str | None = None
    for item in walk(document, lambda path: _descend(path) and path[-1:] != ("messages",)):
        if not isinstance(item, Element) or not item.path:
            continue
        *outer, name = item.path
        if name in _PROPERTIES and len(outer) in {0, 3}:
            said.setdefault(tuple(outer), {})[str(name)] = _scalar(item)
        elif item.path == ("personal_information",):
            value = _value(item)
            owner = text_of(value.value.get("user_id")) if value and isinstance(value.value, dict) else None
    return {path: Chat(p.get("id"), p.get("type"), p.get("name"), owner) for path, p in said.items()}


def _scalar(element: Element) -> str | None:
    loaded = _value(element)
    return text_of(loaded.value) if loaded else None


def _value(element: Element) -> Loaded | None:
    loaded = _load(element)
    return None if isinstance(loaded, Reject) else loaded


def _load(element: Element) -> Loaded | Reject:
    """The value, with the writer's escapes of control characters put right where JSON refuses them."""
    loaded = element.load()
    if not isinstance(loaded, Reject) or loaded.kind != "malformed":
        return loaded
    fixed = _ESCAPE.sub(_json_escape, bytes(element.raw))
    again = Element(element.span, element.path, memoryview(fixed)).load()
    return again if isinstance(again, Reject) else again._replace(flags=(*again.flags, "escape_repaired"))


def _json_escape(match: re.Match[bytes]) -> bytes:
    return b"\\u00" + match[1] if match[1] else match[0]


def _read(element: Element, chats: dict[Path, Chat], zone: str | None) -> Item:
    path = element.path
    if path[-1:] == ("about",) and len(path) <= 2:
        return Skip(element.span, _EXPLANATION)
    if len(path) in {2, 5} and path[-2] == "messages":
        return _message(element, chats.get(path[:-2], chats[()]), zone)
    if len(path) in {1, 4} and path[-1] in _PROPERTIES:
        chat = chats.get(path[:-1], chats[()])
        return read_chat(element, chat) if path[-1] == "id" else Skip(element.span, _CHAT_PROPERTY)
    if path == ("personal_information",):
        return _row(element, _PROFILE, None, zone)
    if len(path) == 3 and path[0] in _LISTS:
        return _row(element, _LISTS[str(path[0])], chats[()].owner, zone)
    reason = f"no rule of this format reads the member {element.pointer[:80]!a}"
    return Reject(element.span, reason, "unknown_structure")


def _message(element: Element, chat: Chat, zone: str | None) -> Item:
    loaded = _load(element)
    return loaded if isinstance(loaded, Reject) else read_message(element, loaded, chat, zone)


def _row(element: Element, shape: Shape, owner: str | None, zone: str | None) -> Item:
    loaded = _load(element)
    if isinstance(loaded, Reject):
        return loaded
    value = loaded.value
    if not isinstance(value, dict):
        return Reject(element.span, "the item is not an object", "unknown_structure")
    kind, columns = read_row(value, shape, _PLATFORM, zone)
    if shape is _PROFILE:
        names = [name for name in (text_of(value.get("first_name")), text_of(value.get("last_name"))) if name]
        columns["account_display_name"] = " ".join(names) or None
    elif owner:
        columns["account_id"] = owner
    flags = columns["parse_flags"]
    columns["parse_flags"] = sorted({*loaded.flags, *(flags if isinstance(flags, list) else [])}) or None
    return Event(element.span, element.pointer, kind, columns)


FORMATS = (
    Format(
        id="platform/telegram_json",
        version=1,
        title="Telegram Desktop export (JSON)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(
            *("account_profile", "session", "relationship"),
            *("message", "call", "system_notice", "thread"),
        ),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "sender": "provider_asserted",
                "account_id": "provider_asserted",
                "account_display_name": "sender_controlled",
                "attachment_names": "sender_controlled",
            }
        ),
        skips=MappingProxyType(
            {
                JSON_STRUCTURE: JSON_STRUCTURE_MEANING,
                _CHAT_PROPERTY: "name and kind of a chat, read into its thread event and its messages",
                _EXPLANATION: "the program's own words on what a list is",
            }
        ),
        references=("telegramdesktop/tdesktop: export/output/export_output_json.cpp (the writer)",),
        gaps=(
            "The export is made on the account holder's computer: nobody but its writer vouches for it.",
            "A single chat does not name the account that exported it; messages to it have no recipient.",
            "Messages deleted before the export are absent without a mark; gaps between ids are not counted.",
            "Exports without *_unixtime give local times: set the zone of the exporting computer.",
            "Profile pictures, stories, other data and the HTML variant of the export are not read.",
        ),
    ),
)
