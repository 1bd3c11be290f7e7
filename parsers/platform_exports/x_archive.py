"""X (Twitter) archive: what an account holder receives, JSON behind ``window.YTD.<type>.part<n> =``, and its manifest.

The beginning of a part becomes a record of its own with the number of items that stand there; the manifest's entries
state the number there should be under the same ``globalName``.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Format, Reject, Sample, Skip, Source, Span
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, Element, open_document, walk
from parsers.platform_exports._json_rows import Shape, read_row
from parsers.platform_exports._x_items import ADVERTISING, ADVERTISING_MEANING, outline_of, read_items
from parsers.platform_exports._x_messages import ENTRIES, with_flags
from parsers.platform_exports._x_shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item
    from parsers.kit.jsonspans import Path

__all__ = ["FORMATS"]

_PREFIX = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,64}window\.([A-Za-z0-9_.]{1,120})\s{0,8}=\s{0,8}(?=[\[{])")
_CODE, _FOLDER = "script around the data", "manifest property"
_CONFIG = "__THAR_CONFIG"
_MANIFEST = MappingProxyType(
    {
        "userInfo": Shape(
            event_type="account_profile",
            action="archive_owner",
            fields={"accountId": "account_id", "userName": "username", "displayName": "account_display_name"},
        ),
        "archiveInfo": Shape(
            event_type="record",
            action="archive_info",
            desc="Generation Time",
            fields={"generationDate": "time"},
            utc=True,
        ),
    }
)
_FILE = Shape(event_type="record", action="archive_file", fields={})


class _Script(NamedTuple):
    """Name of what is assigned, and where its value starts and ends."""

    name: str
    start: int
    end: int


def _script(view: memoryview | bytes) -> _Script | None:
    match = _PREFIX.match(view[:1024])
    if match is None:
        return None
    tail = bytes(view[-64:])
    return _Script(match[1].decode("ascii"), match.end(), len(view) - len(tail) + len(tail.rstrip(b"; \t\r\n")))


def recognise(sample: Sample) -> int:
    """What the script assigns to."""
    script = _script(sample.head)
    if script is None:
        return 0
    return 96 if script.name.startswith("YTD.") or script.name == _CONFIG else 0


def parse(source: Source) -> Iterator[Item]:
    """Every item of a part, or every entry of the manifest."""
    script = _script(source.view)
    if script is None:
        if source.view:
            whole = Span(source.offset, source.offset + len(source.view))
            yield Reject(whole, "the file does not begin by assigning its data to a name", "unknown_structure")
        return
    data = Source(source.view[script.start : script.end], source.offset + script.start, settings=source.settings)
    before = Span(source.offset, data.offset)
    if script.name == _CONFIG:
        yield Skip(before, _CODE)
        yield from _manifest(data)
    else:
        yield from _part(data, script.name, before)
    if script.end < len(source.view):
        yield Skip(Span(source.offset + script.end, source.offset + len(source.view)), _CODE)


def _part(data: Source, name: str, before: Span) -> Iterator[Item]:
    document = open_document(data)
    outline = outline_of(document)
    found = {"globalName": name, "items": outline.count}
    values = {"account_platform": "x", "event_action": "archive_part", "extra": found}
    yield Event(before, "/", "record", values)
    yield from read_items(document, outline, deleted=name.startswith("YTD.deleted_"))


def _manifest(data: Source) -> Iterator[Item]:
    for item in walk(open_document(data), _descend):
        yield _of_manifest(item) if isinstance(item, Element) else item


def _descend(path: Path) -> bool:
    return not path or (path[0] == "dataTypes" and (len(path) < 3 or (len(path) == 3 and path[2] == "files")))


def _of_manifest(element: Element) -> Item:
    path = element.path
    if path[:1] == ("readmeInfo",) or path[2:] == ("mediaDirectory",):
        return Skip(element.span, _FOLDER)
    shape = _FILE if len(path) == 4 else _MANIFEST.get(str(path[0])) if len(path) == 1 else None
    if shape is None:
        reason = f"no rule of this format reads the member {element.pointer[:80]!a}"
        return Reject(element.span, reason, "unknown_structure")
    loaded = element.load()
    if isinstance(loaded, Reject):
        return loaded
    if not isinstance(loaded.value, dict):
        return Reject(element.span, "the item is not an object", "unknown_structure")
    kind, columns = read_row(loaded.value, shape, "x")
    return Event(element.span, element.pointer, kind, with_flags(columns, loaded.flags))


_TYPES = {shape.event_type for shape in (*SHAPES.values(), *ENTRIES.values())}

FORMATS = (
    Format(
        id="platform/x_archive",
        version=2,
        title="X (Twitter) archive",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(*sorted(_TYPES | {"record", "thread"}),),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "sender": "provider_asserted",
                "account_id": "provider_asserted",
                "account_display_name": "sender_controlled",
            }
        ),
        skips=MappingProxyType(
            {
                JSON_STRUCTURE: JSON_STRUCTURE_MEANING,
                _CODE: "the assignment that makes a script of the data",
                _FOLDER: "folders and explanations that the manifest names",
                ADVERTISING: ADVERTISING_MEANING,
            }
        ),
        references=(
            "hestiaAI/data-catalog at 93a3409e: Twitter.md (every name with its meaning)",
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Twitter artifact modules (names inside)",
        ),
        gaps=(
            "No real archive was at hand: layouts come from the sources named.",
            "The owner is named by the manifest and the account file only; blocks and follows name the other account.",
            "Other accounts are ids: the archive has no user names for them.",
            "Texts stay as written: X writes &, < and > as HTML entities in some of them.",
            "The manifest's counts stand beside the counts found under the same globalName; nothing compares them.",
            "Lists, moments, spaces, inferred interests and other types are rejected by name, not read.",
        ),
    ),
)
