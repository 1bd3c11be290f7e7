"""Threads of Messenger's secure storage download (end-to-end encrypted chats): one flat file per thread.

Names are display names and text is written in correct Unicode, so nothing is repaired here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject
from parsers.platform_exports._json_values import epoch, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.kit.jsonspans import Element

__all__ = ["SECURE_KEYS", "SecureThread", "read_secure_message", "read_secure_participants", "secure_thread_of"]

SECURE_KEYS = frozenset({"participants", "threadName", "messages"})
_USED = {"senderName", "text", "timestamp", "isUnsent", "type", "media"}
_THREAD_ID = re.compile(r"_(\d{1,30})$")


class SecureThread(NamedTuple):
    """What the top of a file says of all its messages."""

    id: str | None
    name: str | None
    names: tuple[str, ...]


def secure_thread_of(top: Mapping[str, Element]) -> SecureThread:
    """The thread, from the top members the file has."""
    name, people = (_load(top.get(key)) for key in ("threadName", "participants"))
    title = text_of(name)
    match = _THREAD_ID.search(title) if title else None
    rows = people if isinstance(people, list) else []
    return SecureThread(match[1] if match else title, title, tuple(n for n in map(text_of, rows) if n))


def _load(element: Element | None) -> object:
    loaded = element.load() if element else None
    return None if loaded is None or isinstance(loaded, Reject) else loaded.value


def read_secure_participants(element: Element, thread: SecureThread) -> Event:
    """The thread event, which speaks of the bytes that list the participants."""
    values: dict[str, object] = {
        "account_platform": "facebook",
        "thread_id": thread.id,
        "recipients": list(thread.names) or None,
        "extra": {"thread_name": thread.name, "end_to_end_encrypted": True},
    }
    return Event(element.span, element.pointer, "thread", values)


def read_secure_message(element: Element, thread: SecureThread) -> Event | Reject:
    """One message."""
    loaded = element.load()
    if isinstance(loaded, Reject):
        return loaded
    value = loaded.value
    if not isinstance(value, dict) or not value.keys() & {"senderName", "text", "timestamp"}:
        return Reject(element.span, "the member of messages has none of a message's fields", "unknown_structure")
    sender, moment = text_of(value.get("senderName")), epoch(value.get("timestamp"))
    values: dict[str, object] = {
        **(moment.columns("Sent Time") if moment else {}),
        "account_platform": "facebook",
        "account_display_name": sender,
        "sender": sender,
        "recipients": _others(thread.names, sender) or None,
        "thread_id": thread.id,
        "message_type": "unsent" if value.get("isUnsent") is True else text_of(value.get("type")),
        "deleted_flag": True if value.get("isUnsent") is True else None,
        "attachment_names": _media(value.get("media")) or None,
        "parse_flags": sorted({*loaded.flags, *(() if sender else ("direction_unknown",))}) or None,
        "extra": _extra(value),
    }
    return Event(element.span, element.pointer, "message", values, text_of(value.get("text")))


def _others(names: tuple[str, ...], sender: str | None) -> list[str]:
    """All participants but one with the sender's name: two may bear the same."""
    out = list(names) if len(names) <= 1000 else []
    if sender in out:
        out.remove(sender)
    return out


def _media(rows: object) -> list[str]:
    uris = [row.get("uri") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [uri.rpartition("/")[2] or uri for uri in uris if isinstance(uri, str) and uri]


def _extra(value: Mapping[str, object]) -> dict[str, object]:
    extra = {k: v for k, v in value.items() if k not in _USED and v not in (None, "", [], {})}
    odd = {k: value[k] for k in ("senderName", "text") if not isinstance(value.get(k), str | None)}
    if value.get("timestamp") and epoch(value["timestamp"]) is None:
        odd["timestamp"] = value["timestamp"]
    return extra | odd
