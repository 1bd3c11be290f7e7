"""Facebook "Download your information", JSON: what an account holder receives of their own account.

A file is known by the names inside it (``account_activity_v2``), never by its path. Threads have Instagram's layout;
the separate download of end-to-end encrypted chats has one of its own and is read here, too.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Sample, Skip, Source
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, Element, open_document, top_keys, walk
from parsers.platform_exports._facebook_sections import NESTED, SECTIONS, section_of
from parsers.platform_exports._facebook_secure import (
    SECURE_KEYS,
    SecureThread,
    read_secure_message,
    read_secure_participants,
    secure_thread_of,
)
from parsers.platform_exports._json_rows import Shape, read_row
from parsers.platform_exports._json_values import epoch, repaired
from parsers.platform_exports._meta_messages import (
    THREAD_PROPERTIES,
    Thread,
    read_message,
    read_participants,
    thread_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Item
    from parsers.kit.jsonspans import Path

__all__ = ["FORMATS"]

_PLATFORM = "facebook"
_THREAD_PROPERTY, _GROUP_NAME = "thread property", "group name"
_ENTRIES = "entries"
_KNOWN = SECTIONS.keys() | NESTED.keys()


def recognise(sample: Sample) -> int:
    """Names at the top of the document; a thread also needs a message's own field names."""
    root, keys = top_keys(sample.head)
    if root != "{" or not keys:
        return 0
    known = sum(section_of(key) in _KNOWN for key in keys)
    if known:
        return 60 + 35 * known // len(keys)
    text = (sample.head + sample.tail).replace(b"\0", b"")
    if keys[0] in SECURE_KEYS and b'"senderName"' in text and b'"isUnsent"' in text:
        return 92
    if "messages" in keys and b'"is_unsent_image_by_messenger_kid_parent"' in text and b'"sender_name"' in text:
        return 92
    return 40 if all(section_of(key) for key in keys) else 0


def parse(source: Source) -> Iterator[Item]:
    """Every item of every known name; the top is read first, since a thread's id may stand after its messages."""
    document = open_document(source)
    found = {e.path[0]: e for e in walk(document, lambda path: not path) if isinstance(e, Element) and e.path}
    top = {key: element for key, element in found.items() if isinstance(key, str)}
    secure = "threadName" in top
    thread = secure_thread_of(top) if secure else thread_of(top)
    lists = {key for key, element in top.items() if element.raw[0] == ord("[")}

    def descend(path: Path) -> bool:
        if len(path) <= 1:
            return not path or (path[0] in lists and (path[0] == "messages" or section_of(path[0]) in _KNOWN))
        if section_of(path[0]) not in NESTED:
            return False
        return len(path) == 2 or (len(path) == 3 and path[2] == _ENTRIES)

    for item in walk(document, descend):
        if isinstance(item, Element):
            yield from _read(item, thread)
        else:
            yield item


def _read(element: Element, thread: Thread | SecureThread) -> Iterator[Item]:
    top = element.path[0] if element.path else None
    section = section_of(top) or ""
    if top in ("messages", "participants"):
        yield _of_thread(element, thread)
    elif top in THREAD_PROPERTIES or top == "threadName":
        yield Skip(element.span, _THREAD_PROPERTY)
    elif section in SECTIONS:
        yield from _row(element, SECTIONS[section])
    elif section in NESTED:
        yield from _nested(element, NESTED[section])
    else:
        yield _unknown(element)


def _of_thread(element: Element, thread: Thread | SecureThread) -> Item:
    """A message, or the list of participants, of either kind of thread."""
    message = element.path[0] == "messages"
    if isinstance(thread, SecureThread):
        return read_secure_message(element, thread) if message else read_secure_participants(element, thread)
    return read_message(element, thread, _PLATFORM) if message else read_participants(element, thread, _PLATFORM)


def _unknown(element: Element) -> Reject:
    reason = f"no rule of this format reads the member {element.pointer[:80]!a}"
    return Reject(element.span, reason, "unknown_structure")


def _nested(element: Element, shape: Shape) -> Iterator[Item]:
    """A record of a group; of the group itself only its name and description stand beside the records."""
    if len(element.path) == 4:
        yield from _row(element, shape)
    elif len(element.path) == 3 and element.path[2] in ("name", "description"):
        yield Skip(element.span, _GROUP_NAME)
    else:
        yield _unknown(element)


def _row(element: Element, shape: Shape) -> Iterator[Item]:
    loaded = element.load()
    if isinstance(loaded, Reject):
        yield loaded
        return
    value, changed = repaired(loaded.value)
    if not isinstance(value, dict):
        yield Reject(element.span, "the item is not an object", "unknown_structure")
        return
    kind, columns = read_row(value, shape, _PLATFORM)
    flags = {*loaded.flags, *(["mojibake_repaired"] if changed else [])}
    columns["parse_flags"] = sorted(flags.union(_flags(columns))) or None
    if shape.action == "media_upload":
        _uploader(value, columns)
    yield Event(element.span, element.pointer, kind, columns)
    registered = epoch(value.get("registration_timestamp")) if shape.action == "profile" else None
    if registered:
        named = {name: columns.get(name) for name in ("account_login", "account_display_name", "parse_flags")}
        values = {**registered.columns("Creation Time"), "account_platform": _PLATFORM, **named}
        yield Event(element.span, element.pointer, "account_created", values)


def _flags(columns: Mapping[str, object]) -> list[str]:
    flags = columns["parse_flags"]
    return flags if isinstance(flags, list) else []


def _uploader(value: Mapping[str, object], columns: dict[str, object]) -> None:
    """The address a photo or video was uploaded from, when its metadata names exactly one."""
    shape = Shape(event_type="activity", desc="Upload Time", fields={"upload_ip": "ip"})
    found = [read_row(row, shape, _PLATFORM)[1] for row in _exif_rows(value)]
    peers = {row.get("source_ip") for row in found} - {None}
    if len(peers) == 1:
        columns["source_ip"] = peers.pop()
    uri = value.get("uri")
    columns["attachment_names"] = [uri.rpartition("/")[2] or uri] if isinstance(uri, str) and uri else None


def _exif_rows(value: object) -> Iterator[Mapping[str, object]]:
    metadata = value.get("media_metadata") if isinstance(value, dict) else None
    for kind in ("photo_metadata", "video_metadata"):
        part = metadata.get(kind) if isinstance(metadata, dict) else None
        rows = part.get("exif_data") if isinstance(part, dict) else None
        yield from (row for row in (rows if isinstance(rows, list) else []) if isinstance(row, dict))


_SHAPES = (*SECTIONS.values(), *NESTED.values())
_TYPES = {kind for shape in _SHAPES for kind in (shape.event_type, *shape.kinds.values())}

FORMATS = (
    Format(
        id="platform/facebook_download",
        version=1,
        title="Facebook account download and Messenger secure storage download (JSON)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(*sorted(_TYPES | {"account_created", "message", "call", "thread"}),),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "source_port": "provider_asserted",
                "sender": "provider_asserted",
                "user_agent_original": "sender_controlled",
                "account_display_name": "sender_controlled",
                "attachment_names": "provider_asserted",
            }
        ),
        skips=MappingProxyType(
            {
                JSON_STRUCTURE: JSON_STRUCTURE_MEANING,
                _THREAD_PROPERTY: "read into the thread event and into every message of the file",
                _GROUP_NAME: "title and explanation of a group of visits; the visits are read",
            }
        ),
        references=(
            "hestiaAI/data-catalog at 93a3409e: Facebook security_and_login_information.shex (names and members)",
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Facebook artifact modules (names inside)",
        ),
        gaps=(
            "No real export was at hand: layouts come from the sources named.",
            "A thread without the field is_unsent_image_by_messenger_kid_parent looks like Instagram's.",
            "The account the file belongs to is stated in profile_information.json only; elsewhere it is unknown.",
            "Friends, requests and senders are named by display name only; such a name is no identity.",
            "The words of an action are told apart in English; in other languages it is a session with those words.",
            "Posts, comments, albums, groups and advertising files are not read.",
            "Files without a name at their top, and the HTML variant of the download, are not read.",
        ),
    ),
)
