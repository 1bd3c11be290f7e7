"""Windows events as XML: what wevtutil and Get-WinEvent write, with or without a root element."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # fed single Event elements only: no declaration, so no entities
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Skip
from parsers.kit.jsonspans import open_document
from parsers.kit.text import decode
from parsers.windows_logs._event_fields import EVENT_TYPES_READ, WindowsEvent, columns_of
from parsers.windows_logs._trust import GAPS, TRUST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source
    from parsers.kit.jsonspans import Document

__all__ = ["FORMATS"]

_STRUCTURE = "xml structure"
_NAMESPACE = b"schemas.microsoft.com/win/2004/08/events/event"
_NS = "{http://schemas.microsoft.com/win/2004/08/events/event}"
_OPEN, _CLOSE = re.compile(rb"<Event[ >]"), re.compile(rb"</Event>")
_AROUND = re.compile(rb"(?:[ \t\r\n]++|\xef\xbb\xbf|<\?xml[^<>]{0,200}\?>|</?Events(?: [^<>]{0,500})?>)*+")
_LONGEST = 4 << 20  # bytes of one event; Windows caps them at 64 KiB of binary XML
_NUMBER = re.compile(r"[0-9]{1,18}")


def recognise(sample: Sample) -> int:
    """Event elements in the namespace of Windows events."""
    head = sample.head.replace(b"\0", b"").removeprefix(b"\xff\xfe")
    around = _AROUND.match(head)
    at = around.end() if around else 0
    return 95 if _OPEN.match(head, at) and _NAMESPACE in head[at : at + 400] else 0


def parse(source: Source) -> Iterator[Item]:
    """Each Event element by itself, so that a broken one costs nothing else."""
    document = open_document(source)
    text, at = document.text, 0
    while opened := _OPEN.search(text, at):
        yield from _between(document, at, opened.start())
        closed = _CLOSE.search(text, opened.end(), opened.end() + _LONGEST)
        again = _OPEN.search(text, opened.end(), closed.end() if closed else opened.end() + _LONGEST)
        at = again.start() if again else closed.end() if closed else len(text)
        if closed is None or again is not None:
            reason = "the event does not end before the next one" if again else "the file ends inside the event"
            yield Reject(document.span(opened.start(), at), reason, "malformed" if again else "truncated")
        else:
            yield _event(bytes(text[opened.start() : at]), document, opened.start(), at)
    yield from _between(document, at, len(text))


def _between(document: Document, start: int, end: int) -> Iterator[Item]:
    if start == end:
        return
    span = document.span(start, end)
    around = _AROUND.fullmatch(document.text, start, end)
    yield Skip(span, _STRUCTURE) if around else Reject(span, "these bytes are no event and no known frame of one")


def _event(data: bytes, document: Document, start: int, end: int) -> Event | Reject:
    span = document.span(start, end)
    found = decode(data)
    try:
        root = ET.fromstring(found.text.encode() if found.lossy else data)  # noqa: S314 - see the import
    except (ET.ParseError, UnicodeEncodeError, ValueError):
        return Reject(span, "the event is not well-formed XML")
    event = _from_xml(root)
    if event is None:
        return Reject(span, "the event has no System element", "unknown_structure")
    event_type, values = columns_of(event)
    if found.lossy:
        flags = values.get("parse_flags")
        values["parse_flags"] = [*(flags if isinstance(flags, list) else ()), "lossy_text"]
    return Event(span, f"record {event.record_id}", event_type, values, event.message)


def _from_xml(root: ET.Element) -> WindowsEvent | None:
    system = root.find(f"{_NS}System")
    if system is None:
        return None
    return WindowsEvent(
        event_id=_number(system.findtext(f"{_NS}EventID")),
        provider=_attribute(system, "Provider", "Name"),
        channel=system.findtext(f"{_NS}Channel") or None,
        computer=system.findtext(f"{_NS}Computer") or None,
        record_id=_number(system.findtext(f"{_NS}EventRecordID")),
        time=_attribute(system, "TimeCreated", "SystemTime"),
        process_id=_number(_attribute(system, "Execution", "ProcessID")),
        keywords=system.findtext(f"{_NS}Keywords") or None,
        user_sid=_attribute(system, "Security", "UserID"),
        data=_data(root),
        message=root.findtext(f"{_NS}RenderingInfo/{_NS}Message") or None,
    )


def _data(root: ET.Element) -> dict[str, object]:
    """EventData by name (the unnamed in order), or the members of what stands in UserData."""
    out: dict[str, object] = {}
    unnamed: list[str] = []
    for item in root.findall(f"{_NS}EventData/{_NS}Data"):
        name = item.get("Name")
        if name:
            out[name] = item.text or ""
        elif item.text:
            unnamed.append(item.text)
    for item in root.findall(f"{_NS}UserData/*/*"):
        out[item.tag.rpartition("}")[2]] = item.text or ""
    return out | ({"Data": unnamed} if unnamed else {})


def _attribute(system: ET.Element, name: str, attribute: str) -> str | None:
    element = system.find(f"{_NS}{name}")
    return element.get(attribute) or None if element is not None else None


def _number(text: str | None) -> int | None:
    return int(text) if text and _NUMBER.fullmatch(text) else None


FORMATS = (
    Format(
        id="windows_log/event_xml",
        version=1,
        title="Windows events as XML (wevtutil, Get-WinEvent)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=EVENT_TYPES_READ,
        tier="source-verified",
        trust=TRUST,
        skips=MappingProxyType({_STRUCTURE: "white space, the XML declaration and the root element around the events"}),
        references=(
            "Microsoft Learn: Event schema (EventManifest), wevtutil qe /f:RenderedXml",
            "Microsoft Learn: 4624, 4625, 4634, 4647, 4648, 4672, 4768, 4769, 4771, 4776, 4778, 4779 (audit events)",
        ),
        gaps=(
            *GAPS,
            "An export was made by somebody with a tool: it may be a selection. The binary log has more authority.",
            "CSV and text exports are localized and not read here; use a column map.",
        ),
    ),
)
