"""TikTok account download, JSON (``user_data.json``, ``user_data_tiktok.json``), of every generation of its names.

Times are UTC by the download's rule, written with or without that word. Names in chats are user names: unique, but
changeable.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Sample, Skip, Source
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, Element, open_document, top_keys, walk
from parsers.kit.names import plain_name
from parsers.platform_exports._json_rows import Shape, read_row
from parsers.platform_exports._json_values import text_of
from parsers.platform_exports._tiktok_sections import (
    CHATS,
    ID_KINDS,
    LISTS,
    MESSAGE,
    OBJECTS,
    ROOTS,
    member_of,
    named_as_in,
    shape_of,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from parsers.contract import Item
    from parsers.kit.jsonspans import Document, Path

__all__ = ["FORMATS"]

_PLATFORM = "tiktok"
_EMPTY = "empty section"
_DEEPEST = 4  # names above the items of a list; none of the generations has more
_CHAT_NAME = re.compile(r"chat history with (.{1,200}?):?", re.IGNORECASE)
_BODIES = ("content", "comment")
_MARKS = re.compile(
    rb'"(?:LoginHistoryList|ProfileMap|FansList|BlockList|ItemFavoriteList|SearchList|ChatHistory|Status List'
    rb'|FavoriteVideoList|ShareHistoryList|CommentsList|VideoList|SettingsMap)"\s{0,8}:',
    re.IGNORECASE,
)


def recognise(sample: Sample) -> int:
    """Names at the top, and the names of lists below them."""
    root, keys = top_keys(sample.head)
    if root != "{" or not keys:
        return 0
    text = (sample.head + sample.middle + sample.tail).replace(b"\0", b"")
    marks = len({plain_name(found.decode("ascii", "replace")) for found in _MARKS.findall(text)})
    known = sum(plain_name(key) in ROOTS for key in keys)
    return 60 + 35 * known // len(keys) if marks and known and (marks > 1 or known == len(keys)) else 0


def parse(source: Source) -> Iterator[Item]:
    """Every item of every known list; whose account it is is looked for first, since the profile may stand last."""
    document = open_document(source)
    owner = _owner(document)
    for item in walk(document, _descend):
        if isinstance(item, Element):
            yield from _read(item, owner)
        else:
            yield item


def _descend(path: Path) -> bool:
    if len(path) > _DEEPEST or (path and (plain_name(path[-1]) in OBJECTS or isinstance(path[-1], int))):
        return False
    return len(path) < 3 or plain_name(path[-1]) in LISTS or CHATS in map(plain_name, path[-2:])


def _owner(document: Document) -> str | None:
    for item in walk(document, _above_lists):
        if isinstance(item, Element) and item.path and plain_name(item.path[-1]) == "profilemap":
            loaded = item.load()
            value = None if isinstance(loaded, Reject) else loaded.value
            return text_of(member_of(written(value), "username")) if isinstance(value, dict) else None
    return None


def _above_lists(path: Path) -> bool:
    return len(path) < 3 and not (path and plain_name(path[-1]) in OBJECTS)


def _read(element: Element, owner: str | None) -> Iterator[Item]:
    path = element.path
    name = plain_name(path[-1]) if path else ""
    of_list = len(path) > 1 and isinstance(path[-1], int)
    shape = shape_of(path[-3] if len(path) > 2 else "", path[-2]) if of_list else OBJECTS.get(name)
    if bytes(element.raw[:5]) in {b"null", b"[]", b"{}", b'""'}:
        yield Skip(element.span, _EMPTY)
    elif of_list and len(path) > 2 and plain_name(path[-3]) == CHATS:
        yield from _row(element, MESSAGE, owner)
    elif shape:
        yield from _row(element, shape, owner)
    else:
        where = "an item of a chat list" if CHATS in map(plain_name, path) else f"the member {element.pointer[:80]!a}"
        yield Reject(element.span, f"no rule of this format reads {where}", "unknown_structure")


def _row(element: Element, shape: Shape, owner: str | None) -> Iterator[Item]:
    loaded = element.load()
    if isinstance(loaded, Reject):
        yield loaded
        return
    if not isinstance(loaded.value, dict):
        yield Reject(element.span, "the item is not an object", "unknown_structure")
        return
    value = written(loaded.value)
    text = _body(value) if shape is MESSAGE or shape.action == "comment" else None
    kind, columns = read_row(value, named_as_in(value, shape), _PLATFORM)
    flags = set(loaded.flags)
    if shape is MESSAGE:
        flags |= _of_chat(columns, str(element.path[-2]), owner, text)
    else:
        _of_owner(columns, shape, value, owner)
    columns["parse_flags"] = _flags(columns, flags)
    yield Event(element.span, element.pointer, kind, columns, text)
    if shape.action == "profile":
        yield from _linked(element, value, owner)


def _body(value: dict[str, object]) -> str | None:
    """The text of a message or comment, taken out of the object; a second text stays where it is."""
    for name in [own for own in value if plain_name(own) in _BODIES]:
        if isinstance(value[name], str) and value[name]:
            return str(value.pop(name))
    return None


def _flags(columns: Mapping[str, object], flags: Iterable[str]) -> list[str] | None:
    own = columns.get("parse_flags")
    return sorted({*flags, *(own if isinstance(own, list) else [])}) or None


def _of_owner(columns: dict[str, object], shape: Shape, value: Mapping[str, object], owner: str | None) -> None:
    if shape.action == "followed":
        columns["target_account_login"] = owner
    else:
        columns.setdefault("account_login", owner)
    if "device_id" in columns:
        kinds = (kind for name, kind in ID_KINDS.items() if member_of(value, name) == columns["device_id"])
        columns["device_id_type"] = next(kinds, None)


def _of_chat(columns: dict[str, object], name: str, owner: str | None, text: str | None) -> set[str]:
    """Thread, sender and recipient by user names; flags."""
    match = _CHAT_NAME.fullmatch(name[:300])
    other, sender = match[1] if match else None, columns.get("account_login")
    pairs = {owner: other, other: owner} if owner and other and owner != other else {}
    recipient = pairs.get(str(sender))
    columns["thread_id"] = other or name
    columns["sender"] = sender
    columns["recipients"] = [recipient] if recipient else None
    columns["message_type"] = "text" if text else None
    return set() if sender else {"direction_unknown"}


def _linked(element: Element, profile: Mapping[str, object], owner: str | None) -> Iterator[Event]:
    """Accounts elsewhere that the profile is linked to."""
    rows = member_of(profile, "platforminfo")
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            continue
        service, name = text_of(member_of(row, "platform")), text_of(member_of(row, "name"))
        if service and name:
            found = [{"type": "external_account", "value": f"{service}:{name}", "raw": name}]
            values: dict[str, object] = {"account_platform": _PLATFORM, "account_login": owner, "identifiers": found}
            values |= {"event_action": "platform_info", "extra": row}
            yield Event(element.span, element.pointer, "provider_link", values)


FORMATS = (
    Format(
        id="platform/tiktok_download",
        version=2,
        title="TikTok account download (JSON)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(
            *("account_profile", "authentication", "provider_link", "message", "relationship", "block"),
            *("activity", "location"),
        ),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "sender": "provider_asserted",
                "account_login": "provider_asserted",
                "account_display_name": "sender_controlled",
            }
        ),
        skips=MappingProxyType(
            {JSON_STRUCTURE: JSON_STRUCTURE_MEANING, _EMPTY: "a section or an item that holds nothing (null, [], {})"}
        ),
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: TikTok artifact modules (names inside)",
            "d3i-infra/data-donation-task at 6b38965f: sections of the TikTok download and their generations",
        ),
        gaps=(
            "No real export was at hand: layouts come from the sources named.",
            "User names identify accounts here; they are unique, but their holders can change them.",
            "Chats whose title is not in English keep the whole title as thread, and their messages no recipient.",
            "Lists of shops, live streams, advertising and purchases are rejected by name, not read.",
            "The older download of one text file for each section is not read.",
            "Videos and photos are addresses on TikTok's servers; nothing is fetched.",
        ),
    ),
)
