"""Direct messages of X: entries of a conversation, by ids; archives and returns name no user beside them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Reject
from parsers.kit.snowflakes import X_EPOCH_MS, snowflake_time
from parsers.platform_exports._json_rows import Shape, read_row
from parsers.platform_exports._json_values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from parsers.kit.jsonspans import Element

__all__ = ["ENTRIES", "check_id_time", "read_entry", "read_thread", "with_flags"]

_FAR_US = 1_000_000  # a written time may be whole seconds
_MESSAGE = Shape(
    event_type="message",
    desc="Sent Time",
    fields={"id": "message_id", "senderId": "account_id", "createdAt": "time"},
    utc=True,
)
_NOTICE = Shape(
    event_type="system_notice",
    desc="Event Time",
    fields={
        **dict.fromkeys(("initiatingUserId", "senderId"), "account_id"),
        "createdAt": "time",
        **dict.fromkeys(("id", "eventId"), "message_id"),
    },
    utc=True,
)
ENTRIES: Mapping[str, Shape] = MappingProxyType(
    {
        **dict.fromkeys(("messageCreate", "welcomeMessageCreate"), _MESSAGE),
        **dict.fromkeys(("joinConversation", "participantsJoin", "participantsLeave"), _NOTICE),
        **dict.fromkeys(("conversationNameUpdate", "conversationAvatarUpdate", "reactionCreate"), _NOTICE),
    }
)
"""Entries of a conversation by the name that wraps them."""


def read_thread(element: Element, thread: str | None) -> Event:
    """A conversation; the id of one between two holds both."""
    ids = thread.split("-") if thread else []
    two = ids if len(ids) == 2 and all(one.isascii() and one.isdigit() for one in ids) else None
    return Event(
        element.span, element.pointer, "thread", {"account_platform": "x", "thread_id": thread, "recipients": two}
    )


def read_entry(element: Element, kind: str, value: object, thread: str | None, flags: Iterable[str]) -> Event | Reject:
    """One entry of a conversation; `kind` is the name that wraps it."""
    shape = ENTRIES.get(kind)
    if shape is None or not isinstance(value, dict):
        reason = f"no rule of this format reads the entry {kind[:80]!a} of a conversation"
        return Reject(element.span, reason, "unknown_structure")
    text = value.get("text") if shape is _MESSAGE else None
    text = text if isinstance(text, str) and text else None
    used = {"text"} if text is not None or value.get("text") == "" else set()
    recipient = text_of(value.get("recipientId"))
    used |= {"recipientId"} if recipient and shape is _MESSAGE else set()
    event_type, columns = read_row({k: v for k, v in value.items() if k not in used}, shape, "x")
    columns["thread_id"] = thread
    if shape is _MESSAGE:
        _complete(columns, value, recipient, text)
    else:
        columns |= {"event_action": kind, **_leaver(kind, value)}
    sent = shape is not _MESSAGE or columns.get("account_id")
    marks = [*flags, *([] if sent else ["direction_unknown"]), *(["edited"] if value.get("editHistory") else [])]
    return Event(element.span, element.pointer, event_type, with_flags(columns, marks), text)


def _leaver(kind: str, value: Mapping[str, object]) -> dict[str, object]:
    """The only account that left a conversation is the one that acted."""
    ids = value.get("userIds")
    one = text_of(ids[0]) if kind == "participantsLeave" and isinstance(ids, list) and len(ids) == 1 else None
    return {"account_id": one} if one else {}


def _complete(columns: dict[str, object], value: Mapping[str, object], recipient: str | None, text: str | None) -> None:
    names = _names(value.get("mediaUrls"))
    columns["sender"] = columns.get("account_id")
    columns["recipients"] = [recipient] if recipient else None
    columns["attachment_names"] = names or None
    columns["message_type"] = "text" if text else "media" if names else None
    if "text" not in value and not names:
        columns["event_action"] = "header"
    check_id_time(columns)


def check_id_time(columns: dict[str, object]) -> None:
    """The instant an id was made stands in where no time is written, and beside a written time it contradicts."""
    made, at, extra = snowflake_time(columns.get("message_id"), X_EPOCH_MS), columns.get("timestamp"), columns["extra"]
    if made is None or made.timestamp is None or not isinstance(extra, dict):
        return
    if at is None and not extra.keys() & {"createdAt", "created_at"}:
        columns |= made.columns("Id Time")
    elif isinstance(at, int) and abs(at - made.timestamp) > _FAR_US:
        extra["id_time_ms"] = made.timestamp // 1000


def _names(urls: object) -> list[str]:
    texts = [text_of(url) for url in urls] if isinstance(urls, list) else []
    return [name for url in texts if url and (name := url.partition("?")[0].rpartition("/")[2])]


def with_flags(columns: dict[str, object], flags: Iterable[str]) -> dict[str, object]:
    """Columns whose parse flags are theirs and `flags`."""
    own = columns.get("parse_flags")
    columns["parse_flags"] = sorted({*flags, *(own if isinstance(own, list) else [])}) or None
    return columns
