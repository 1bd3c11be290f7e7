"""Snapchat's My Data (JSON): account, its history, friends, chats and snaps, places.

Every file is one object of sections, and a file is known by their names; the new layout of chats, whose sections are
named after people, by the members of its messages.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Sample, Skip, Source
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, Element, open_document, top_keys, walk
from parsers.platform_exports._json_values import text_of
from parsers.platform_exports._snapchat_chats import OLD_LISTS, holder_of, is_message, read_message
from parsers.platform_exports._snapchat_lists import BASIC, OBJECTS, SECTIONS, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item
    from parsers.kit.jsonspans import Document, Path

__all__ = ["FORMATS"]

_EMPTY = "empty section"
_KNOWN = frozenset({*SECTIONS, *OLD_LISTS})
_COMMON = frozenset({"Friends", "Login History", "Device Information", "Location History", "Blocked Users"})
"""Names that other exports could have, too."""


def recognise(sample: Sample) -> int:
    """Names of sections at the top; for the new layout of chats the members of a message."""
    root, keys = top_keys(sample.head)
    if root != "{" or not keys:
        return 0
    known = _KNOWN & set(keys)
    if len(known) > 1 or known - _COMMON:
        return 70 + 25 * len(known) // len(set(keys))
    text = sample.head + sample.middle + sample.tail
    message = b'"Media Type"' in text and b'"From"' in text
    return 93 if message and (b'"IsSender"' in text or b'"Created(microseconds)"' in text) else 0


def parse(source: Source) -> Iterator[Item]:
    """Every item of every section; whose data it is is looked for in a pass of its own."""
    document = open_document(source)
    holder = _holder(document)
    for item in walk(document, _descend):
        if isinstance(item, Element):
            yield from _read(item, holder, source.settings.timezone)
        else:
            yield item


def _descend(path: Path) -> bool:
    return len(path) < 2 and not (path and path[0] in OBJECTS)


def _holder(document: Document) -> str | None:
    """The account holder's user name: stated in the account file, or named by the messages that the holder sent."""
    elements = [item for item in walk(document, lambda path: not path) if isinstance(item, Element)]
    for element in elements:
        loaded = element.load() if element.path == (BASIC,) else None
        if loaded is not None and not isinstance(loaded, Reject) and isinstance(loaded.value, dict):
            return text_of(loaded.value.get("Username"))
    return holder_of(item for item in walk(document, _descend) if isinstance(item, Element))


def _read(element: Element, holder: str | None, zone: str | None) -> Iterator[Item]:
    section = str(element.path[0]) if element.path else ""
    is_item = len(element.path) == 2 and isinstance(element.path[1], int)
    if not is_item and section not in OBJECTS:
        yield _unknown(element)
        return
    loaded = element.load()
    if isinstance(loaded, Reject):
        yield loaded
    elif not isinstance(loaded.value, dict):
        yield _unknown(element)
    elif not loaded.value:
        yield Skip(element.span, _EMPTY)
    elif is_item and is_message(loaded.value):
        yield read_message(element, loaded.value, holder, zone, loaded.flags)
    elif section in SECTIONS:
        for kind, columns in rows_of(section, loaded.value, holder, zone):
            flags = columns["parse_flags"]
            both = {*loaded.flags, *(flags if isinstance(flags, list) else [])}
            yield Event(element.span, element.pointer, kind, columns | {"parse_flags": sorted(both) or None})
    else:
        yield _unknown(element)


def _unknown(element: Element) -> Reject:
    place = element.pointer[:80]
    return Reject(element.span, f"no rule of this format reads the member {place!a}", "unknown_structure")


FORMATS = (
    Format(
        id="platform/snapchat_mydata",
        version=2,
        title="Snapchat My Data (JSON)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(
            *("account_profile", "account_created", "account_change", "authentication", "activity"),
            *("message", "relationship", "follow_request", "block", "location"),
        ),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "sender": "provider_asserted",
                "account_display_name": "sender_controlled",
            }
        ),
        skips=MappingProxyType({JSON_STRUCTURE: JSON_STRUCTURE_MEANING, _EMPTY: "the section or item has no member"}),
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Snapchat My Data modules (names)",
        ),
        gaps=(
            "No real export was at hand: names come from the source named.",
            "Names of sections and members of account history and places are assumed.",
            "The old layout of chats does not name the account holder: what the holder sent has no sender.",
            "In a group the recipients are unknown; the thread carries its name.",
            "Calls, searches, stories, memories, purchases and the HTML variant are not read.",
            "A media file is tied to its message by its Media IDs; no file is opened.",
        ),
    ),
)
