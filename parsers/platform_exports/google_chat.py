"""Google Chat, JSON: messages of one conversation, and the list of its members."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, top_keys
from parsers.platform_exports._google_json import Drift, Record, flags, read_document, text, unread
from parsers.platform_exports._google_times import parse_english

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source
    from parsers.kit.jsonspans import Element, Path
    from parsers.kit.time import Moment

__all__ = ["FORMATS"]

_MESSAGE = {
    *("creator", "created_date", "updated_date", "text", "topic_id", "message_id", "message_state"),
    *("attached_files", "annotations", "quoted_message_metadata", "reactions", "deletion_metadata"),
}
_TAKEN = {"creator", "created_date", "text", "message_id", "message_state"}
_MEMBER = {"name", "email", "user_type"}
_OPENED: tuple[Path, ...] = ((), ("messages",), ("members",))
_NOT_THIS = (b'"sender_name"', b'"timestamp_ms"')


def recognise(sample: Sample) -> int:
    """Messages with a creator and a written date; or members with a user type."""
    root, keys = top_keys(sample.head)
    if root != "{" or any(word in sample.head for word in _NOT_THIS):
        return 0
    head = sample.head
    if "messages" in keys:
        return 94 if b'"creator"' in head and b'"created_date"' in head else 0
    return 92 if "members" in keys and b'"user_type"' in head and set(keys) <= {"name", "members"} else 0


def parse(source: Source) -> Iterator[Item]:
    """Every message and member, and the name of the conversation."""

    def read(record: Record, drift: Drift) -> Iterator[Item]:
        top = record.element.path[0] if record.element.path else None
        if top == "messages":
            yield _message(record, drift, source.settings.timezone)
        elif top == "members":
            yield _member(record, drift)
        else:
            yield unread(record.element)

    yield from read_document(source, lambda path: len(path) < 2 and path[:1] in _OPENED, read, _title)


def _title(element: Element, value: object) -> Item:
    """The name of the conversation, which stands beside its members."""
    if element.path != ("name",) or not text(value):
        return unread(element)
    values = {"account_platform": "google", "event_action": "title", "extra": {"title": value}}
    return Event(element.span, element.pointer, "thread", values)


def _person(value: object, where: str, drift: Drift) -> dict[str, object]:
    """Account columns of a creator or member."""
    person = value if isinstance(value, dict) else {}
    drift.note(where, person, _MEMBER)
    email = text(person.get("email"))
    return {
        "account_platform": "google",
        "account_login": email,
        "account_display_name": text(person.get("name")),
        "identifiers": [{"type": "email", "value": email.strip(), "raw": email}] if email else None,
    }


def _message(record: Record, drift: Drift, zone_name: str | None) -> Item:
    message = record.value
    if not {"creator", "created_date"} & set(message):
        return Reject(record.element.span, "the message has neither creator nor date", "unknown_structure")
    drift.note("/messages", message, _MESSAGE)
    written = text(message.get("created_date"))
    moment = parse_english(written, zone_name) if written else None
    person = _person(message.get("creator"), "/messages/creator", drift)
    state = text(message.get("message_state"))
    body, files = text(message.get("text")), _files(message.get("attached_files"))
    names = [name for name, _ in files]
    values = {
        **(moment.columns("Sent Time") if moment else {}),
        **person,
        "sender": person["account_login"] or person["account_display_name"],
        "message_id": text(message.get("message_id")),
        "thread_id": _thread(message),
        "message_type": "text" if body else "media" if names else "deleted" if state == "DELETED" else None,
        "deleted_flag": True if state == "DELETED" else None,
        "attachment_names": names or None,
        "parse_flags": _flags(record, message, moment),
        "extra": _extra(message) or None,
    }
    return record.event("message", values, body)


def _flags(record: Record, message: dict[str, object], moment: Moment | None) -> list[str] | None:
    edited = ["edited"] if text(message.get("updated_date")) else []
    return flags(record.flags, moment.flags if moment else (), edited)


def _extra(message: dict[str, object]) -> dict[str, object]:
    extra = {k: v for k, v in message.items() if k not in _TAKEN and v not in (None, "", [], {})}
    odd = {k: message[k] for k in _TAKEN & set(message) if not isinstance(message[k], str) and k != "creator"}
    creator = message.get("creator")
    kept = {k: v for k, v in creator.items() if k not in {"name", "email"}} if isinstance(creator, dict) else creator
    return extra | odd | ({"creator": kept} if kept else {})


def _thread(message: dict[str, object]) -> str | None:
    """The conversation: first part of an id of three parts, else the topic."""
    parts = (text(message.get("message_id")) or "").split("/")
    return parts[0] if len(parts) == 3 and parts[0] else text(message.get("topic_id"))


def _files(value: object) -> list[tuple[str, object]]:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    named = [(row.get("original_name") or row.get("export_name"), row) for row in rows]
    return [(name, row) for name, row in named if isinstance(name, str)]


def _member(record: Record, drift: Drift) -> Item:
    values = _person(record.value, "/members", drift)
    extra = {k: v for k, v in record.value.items() if k not in {"name", "email"} and v not in (None, "", [], {})}
    values |= {"event_action": "member", "extra": extra or None, "parse_flags": flags(record.flags)}
    return record.event("account_profile", values)


FORMATS = (
    Format(
        id="platform/google_takeout_chat",
        version=1,
        title="Google Chat messages and members (JSON)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("message", "account_profile", "thread"),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "sender": "provider_asserted",
                "account_display_name": "sender_controlled",
            }
        ),
        skips=MappingProxyType({JSON_STRUCTURE: JSON_STRUCTURE_MEANING}),
        references=(
            "purarue/google_takeout_parser at aebb2dca (0.1.13)",
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Google Chat modules (names inside)",
        ),
        gaps=(
            "No real export was at hand: the layout comes from the sources named.",
            "Recipients stand in another file of the export (the list of members) and are not joined here.",
            "Dates in other languages than English are kept as written and not read.",
            "Hangouts and Voice are not read.",
        ),
    ),
)
