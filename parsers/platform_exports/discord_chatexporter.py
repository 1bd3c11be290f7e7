"""DiscordChatExporter, JSON: one channel as seen by the account that ran the program."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Sample, Skip, Source
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, Element, open_document, top_keys, walk
from parsers.platform_exports._discord_messages import with_flags
from parsers.platform_exports._json_rows import Shape, read_row
from parsers.platform_exports._json_values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Item
    from parsers.kit.jsonspans import Document

__all__ = ["FORMATS", "MESSAGE"]

_PROPERTY = "export property"
_PROPERTIES = ("guild", "dateRange", "exportedAt", "messageCount")
_TEXTS = frozenset({"Default", "Reply", "ChatInputCommand", "ContextMenuCommand", "ThreadStarterMessage"})
_USUAL = {"isPinned": False, "author.isBot": False}
MESSAGE = Shape(
    event_type="message",
    desc="Sent Time",
    fields={
        "id": "message_id",
        "timestamp": "time",
        "callEndedTimestamp": "end",
        "type": "message_type",
        "author.id": "account_id",
        "author.name": "username",
        "author.nickname": "account_display_name",
        "reference.messageId": "in_reply_to",
    },
    utc=True,
)


def recognise(sample: Sample) -> int:
    """The names the program writes at the top."""
    root, keys = top_keys(sample.head)
    names = set(keys)
    return 95 if root == "{" and {"guild", "channel", "messages"} <= names and names & set(_PROPERTIES[1:]) else 0


def parse(source: Source) -> Iterator[Item]:
    """Every message; channel and stated number of messages are read first, since they may stand last."""
    document = open_document(source)
    top, held = _top(document)
    channel = top.get("channel")
    thread = text_of(channel.get("id")) if isinstance(channel, dict) else None
    for item in walk(document, lambda path: path in ((), ("messages",))):
        if not isinstance(item, Element):
            yield item
        elif len(item.path) == 2:
            yield _message(item, thread)
        else:
            yield _property(item, top, held)


def _top(document: Document) -> tuple[dict[str, object], int]:
    """The members around the messages, and how many messages the file holds."""
    top: dict[str, object] = {}
    held = 0
    for item in walk(document, lambda path: path in ((), ("messages",))):
        if not isinstance(item, Element):
            continue
        held += len(item.path) == 2
        if len(item.path) == 1 and item.path[0] in ("channel", *_PROPERTIES):
            loaded = item.load()
            top[str(item.path[0])] = None if isinstance(loaded, Reject) else loaded.value
    return top, held


def _property(element: Element, top: Mapping[str, object], held: int) -> Item:
    name = element.path[0] if element.path else None
    if name == "channel" and isinstance(top.get("channel"), dict):
        return _thread(element, top)
    if name == "messageCount" and top.get(name) != held:
        reason = f"the number of messages stated here is not the {held} that the file holds"
        return Reject(element.span, reason, "truncated")
    if name in _PROPERTIES:
        return Skip(element.span, _PROPERTY)
    reason = f"no rule of this format reads the member {element.pointer[:80]!a}"
    return Reject(element.span, reason, "unknown_structure")


def _thread(element: Element, top: Mapping[str, object]) -> Event:
    channel = top["channel"]
    named = channel if isinstance(channel, dict) else {}
    around = {k: top[k] for k in ("guild", "dateRange", "exportedAt") if top.get(k)}
    values: dict[str, object] = {
        "account_platform": "discord",
        "thread_id": text_of(named.get("id")),
        "extra": {**around, **{k: v for k, v in named.items() if k != "id" and v not in (None, "")}},
    }
    return Event(element.span, element.pointer, "thread", values)


def _message(element: Element, thread: str | None) -> Item:
    loaded = element.load()
    if isinstance(loaded, Reject):
        return loaded
    value = loaded.value
    if not isinstance(value, dict) or not value.keys() & {"author", "content", "timestamp"}:
        return Reject(element.span, "the member of messages has none of a message's fields", "unknown_structure")
    kind, columns = read_row({k: v for k, v in value.items() if k != "content"}, MESSAGE, "discord")
    sender, written = columns.get("account_id"), text_of(value.get("type"))
    if written == "Call":
        kind = "call"
    elif written and written not in _TEXTS:
        kind = "system_notice"
    columns["sender"], columns["thread_id"] = sender, thread
    columns["attachment_names"] = _files(value.get("attachments")) or None
    extra = columns["extra"]
    content = value.get("content")
    if isinstance(extra, dict):
        kept = {k: v for k, v in extra.items() if not (k in _USUAL and v is _USUAL[k])}
        columns["extra"] = kept | ({"content": content} if not isinstance(content, str | None) else {})
    flags = {*loaded.flags, *(["edited"] if value.get("timestampEdited") else [])}
    flags |= set() if sender else {"direction_unknown"}
    return Event(element.span, element.pointer, kind, with_flags(columns, flags), _body(content))


def _body(content: object) -> str | None:
    return content if isinstance(content, str) and content else None


def _files(rows: object) -> list[str]:
    names = [row.get("fileName") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [name for name in names if isinstance(name, str) and name]


FORMATS = (
    Format(
        id="platform/discord_chatexporter",
        version=1,
        title="DiscordChatExporter channel export (JSON)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("message", "call", "system_notice", "thread"),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "sender": "provider_asserted",
                "account_id": "provider_asserted",
                "account_display_name": "sender_controlled",
                "attachment_names": "sender_controlled",
            }
        ),
        skips=MappingProxyType(
            {
                JSON_STRUCTURE: JSON_STRUCTURE_MEANING,
                _PROPERTY: "server, range and time of the export, read into the thread event; the number of messages",
            }
        ),
        references=("Tyrrrz/DiscordChatExporter: Core/Exporting/JsonMessageWriter.cs (the writer)",),
        gaps=(
            "A third party's program made the file on somebody's computer: nobody but its operator vouches for it.",
            "The account that ran the program is not stated; messages have no recipients.",
            "Messages deleted before the export are absent without a mark.",
            "The HTML, text and CSV variants are not read.",
        ),
    ),
)
