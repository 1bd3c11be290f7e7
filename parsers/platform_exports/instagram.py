"""Instagram "Download your information", JSON: what an account holder receives of their own account.

A file is known by the names inside it, never by its path: paths changed with every generation of the export, the
names did not. The account the file belongs to is stated in the profile file only; elsewhere it stays unknown here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Reject, Sample, Skip, Source
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, Element, open_document, top_keys, walk
from parsers.platform_exports._instagram_items import SECTIONS, read_item
from parsers.platform_exports._meta_messages import (
    THREAD_PROPERTIES,
    read_message,
    read_participants,
    thread_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item
    from parsers.kit.jsonspans import Path
    from parsers.platform_exports._meta_messages import Thread

__all__ = ["FORMATS"]

_THREAD_PROPERTY = "thread property"


def recognise(sample: Sample) -> int:
    """Names at the top of the document; a thread also needs a message's own field names."""
    root, keys = top_keys(sample.head)
    if root == "[":
        return 90 if "string_list_data" in keys or {"label_values", "fbid"} <= set(keys) else 0
    known = sum(key in SECTIONS for key in keys)
    if known:
        return 60 + 35 * known // len(keys)
    return _thread_score(sample, keys) if "messages" in keys else 0


def _thread_score(sample: Sample, keys: tuple[str, ...]) -> int:
    text = (sample.head + sample.tail).replace(b"\0", b"")
    if b'"is_unsent_image_by_messenger_kid_parent"' in text:
        return 20  # Facebook writes threads of the same layout, with this field
    has_fields = b'"sender_name"' in text and b'"timestamp_ms"' in text
    return 92 if has_fields and ("participants" in keys or b'"participants"' in text) else 0


def parse(source: Source) -> Iterator[Item]:
    """Every item of every known name; the top is read first, since a thread's id may stand after its messages."""
    document = open_document(source)
    top = {e.path[0]: e for e in walk(document, lambda path: not path) if isinstance(e, Element) and e.path}
    named = {key: element for key, element in top.items() if isinstance(key, str)}
    thread = thread_of(named)
    singles = {key for key, element in named.items() if element.raw[0] == ord("{")}

    def descend(path: Path) -> bool:
        lists = path and (path[0] in SECTIONS or path[0] == "messages") and path[0] not in singles
        return not path or (len(path) == 1 and bool(lists))

    for item in walk(document, descend):
        if isinstance(item, Element):
            yield from _read(item, thread)
        else:
            yield item


def _read(element: Element, thread: Thread) -> Iterator[Item]:
    top = element.path[0] if element.path else None
    if top == "messages":
        yield read_message(element, thread, "instagram")
    elif top == "participants":
        yield read_participants(element, thread, "instagram")
    elif top in THREAD_PROPERTIES:
        yield Skip(element.span, _THREAD_PROPERTY)
    elif isinstance(top, int):
        yield from read_item(element, None)
    elif isinstance(top, str) and top in SECTIONS:
        yield from read_item(element, SECTIONS[top])
    else:
        reason = f"no rule of this format reads the member {element.pointer[:80]!a}"
        yield Reject(element.span, reason, "unknown_structure")


FORMATS = (
    Format(
        id="platform/instagram_download",
        version=2,
        title="Instagram account download (JSON)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(*sorted({s.event_type for s in SECTIONS.values()}), "record", "message", "call", "thread"),
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
            }
        ),
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Instagram artifact modules (names inside)",
            "karlicoss/HPI at a9e727c9: generations of the export",
        ),
        gaps=(
            "No real export was at hand: layouts come from the sources named and from public synthetic samples.",
            "A list without a name at its top (followers_N.json) is read as followers: nothing inside says so.",
            "Facebook threads have the same layout; only a field Instagram does not write tells them apart.",
            "Labels outside English, German, French and Spanish are read by the shape of their values alone.",
            "Notices of reactions are told apart from typed text in English only; elsewhere they are text.",
            "Messages of a thread with more than 1000 names carry no recipients; the thread event lists them.",
            "Inside one item the last of two equal names is read.",
            "The HTML variant of the download is not read.",
        ),
    ),
)
