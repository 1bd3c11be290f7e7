"""Message threads of Meta exports (Instagram, Facebook): one event per message, one for the thread.

A thread names people by display name only; the number that ends `thread_path` is the thread's id.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject
from parsers.kit.time import from_epoch, unknown_time
from parsers.platform_exports._json_values import repaired

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parsers.kit.jsonspans import Element

__all__ = ["MESSAGE_TYPES", "THREAD_PROPERTIES", "Thread", "read_message", "read_participants", "thread_of"]

THREAD_PROPERTIES = frozenset(
    {"title", "is_still_participant", "thread_type", "thread_path", "magic_words", "image", "joinable_mode"}
)
_MEDIA = ("photos", "videos", "audio_files", "gifs", "files", "sticker")
MESSAGE_TYPES = ("unsent", "call", "share", "media", "reaction", "text")
_USED = {"sender_name", "timestamp_ms", "content", "is_unsent", "share", "call_duration", *_MEDIA}
_USUAL = {"is_geoblocked_for_viewer": False, "is_unsent_image_by_messenger_kid_parent": False}
_MOST_NAMES = 1000  # of a thread that are repeated with each message; the service allows 250
_THREAD_ID = re.compile(r"_(\d{1,30})$")
_REACTION = re.compile(r"Liked a message|Reacted \S{1,16} to your message ?")


class Thread(NamedTuple):
    """What the top of a message file says of all its messages."""

    id: str | None
    names: tuple[str, ...]
    properties: Mapping[str, object]
    flags: tuple[str, ...]


def thread_of(top: Mapping[str, Element]) -> Thread:
    """The thread of a file, from the top members it has; what a cut file lacks stays unknown."""
    names, changed = _load(top.get("participants"))
    properties: dict[str, object] = {}
    for key in sorted(THREAD_PROPERTIES & top.keys()):
        properties[key], fixed = _load(top[key])
        changed = changed or fixed
    path = properties.get("thread_path")
    match = _THREAD_ID.search(path) if isinstance(path, str) else None
    thread_id = match[1] if match else path if isinstance(path, str) and path else None
    return Thread(thread_id, _names(names), properties, ("mojibake_repaired",) if changed else ())


def _load(element: Element | None) -> tuple[object, bool]:
    loaded = element.load() if element else None
    return (None, False) if loaded is None or isinstance(loaded, Reject) else repaired(loaded.value)


def _names(participants: object) -> tuple[str, ...]:
    rows = participants if isinstance(participants, list) else []
    names = [row.get("name") if isinstance(row, dict) else row for row in rows]
    return tuple(name for name in names if isinstance(name, str) and name)


def read_participants(element: Element, thread: Thread, platform: str) -> Event:
    """The thread event, which speaks of the bytes that list the participants."""
    values: dict[str, object] = {
        "account_platform": platform,
        "thread_id": thread.id,
        "recipients": list(thread.names) or None,
        "parse_flags": list(thread.flags) or None,
        "extra": {key: value for key, value in thread.properties.items() if value not in (None, "", [], {})},
    }
    return Event(element.span, element.pointer, "thread", values)


def read_message(element: Element, thread: Thread, platform: str) -> Event | Reject:
    """One message."""
    loaded = element.load()
    if isinstance(loaded, Reject):
        return loaded
    value, changed = repaired(loaded.value)
    if not isinstance(value, dict) or not value.keys() & _USED:
        return Reject(element.span, "the member of messages has none of a message's fields", "unknown_structure")
    sender, content = _text(value.get("sender_name")), _text(value.get("content"))
    kind = _kind(value, sender, content)
    values: dict[str, object] = {
        **_sent(value.get("timestamp_ms")),
        "account_platform": platform,
        "account_display_name": sender,
        "sender": sender,
        "recipients": _others(thread.names, sender) or None,
        "thread_id": thread.id,
        "message_type": kind,
        "deleted_flag": True if kind == "unsent" else None,
        "attachment_names": _attachments(value) or None,
        "extra": _extra(value),
    }
    flags = {*loaded.flags, *thread.flags, *(["mojibake_repaired"] if changed else [])}
    flags |= set() if sender else {"direction_unknown"}
    values["parse_flags"] = sorted(flags) or None
    return Event(element.span, element.pointer, "call" if kind == "call" else "message", values, content)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _sent(value: object) -> dict[str, object]:
    """Time columns of ``timestamp_ms``: milliseconds since 1970; 0 is absent."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return from_epoch(value, str(value), unit="ms").columns("Sent Time") if value else {}
    return unknown_time(value).columns("Sent Time") if isinstance(value, str) and value else {}


def _kind(value: Mapping[str, object], sender: str | None, content: str | None) -> str | None:
    tests = {
        "unsent": value.get("is_unsent") is True,
        "call": "call_duration" in value,
        "share": bool(value.get("share")),
        "media": any(value.get(name) for name in _MEDIA),
        "reaction": bool(content) and _is_reaction(content, sender),
        "text": bool(content),
    }
    return next((name for name in MESSAGE_TYPES if tests[name]), None)


def _is_reaction(content: str | None, sender: str | None) -> bool:
    """Only a text that is nothing but the notice counts: the same words inside a sentence are that sentence."""
    text = content or ""
    own = text.removeprefix(f"{sender} ") if sender else text
    return bool(_REACTION.fullmatch(text) or (own != text and own == "liked a message"))


def _others(names: Sequence[str], sender: str | None) -> list[str]:
    """All participants but one with the sender's name (two may bear the same); none where there are too many."""
    out = list(names) if len(names) <= _MOST_NAMES else []
    if sender in out:
        out.remove(sender)
    return out


def _attachments(value: Mapping[str, object]) -> list[str]:
    rows: list[object] = []
    for name in _MEDIA:
        media = value.get(name)
        rows += media if isinstance(media, list) else [media]
    uris = [row.get("uri") for row in rows if isinstance(row, dict)]
    return [uri.rpartition("/")[2] or uri for uri in uris if isinstance(uri, str) and uri]


def _extra(value: Mapping[str, object]) -> dict[str, object]:
    """Everything no column takes, under its own name; a share is spread out so that its link can be searched."""
    extra = {k: v for k, v in value.items() if k not in _USED and not (k in _USUAL and v is _USUAL[k])}
    share = value.get("share")
    if isinstance(share, dict):
        extra |= {k if k.startswith("share") else f"share_{k}": v for k, v in share.items()}
    elif share:
        extra["share"] = share
    if "call_duration" in value:
        extra["call_duration"] = value["call_duration"]
    odd = {k: value[k] for k in ("sender_name", "content") if not isinstance(value.get(k), str | None)}
    return extra | odd
