"""Windows event logs in the binary format (.evtx): logons, logoffs, tickets, sessions; other events by number."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from parsers.contract import Event, Format, Reject, Skip, Span
from parsers.windows_logs._event_fields import EVENT_TYPES_READ, WindowsEvent, columns_of
from parsers.windows_logs._evtx_chunks import (
    CHUNK,
    CHUNK_HEADER,
    CHUNK_MAGIC,
    FILE_HEADER,
    FILE_MAGIC,
    read_chunk,
    record_spans,
)
from parsers.windows_logs._trust import GAPS, TRUST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source

__all__ = ["FORMATS"]

_FILE_HEAD, _CHUNK_HEAD, _UNUSED = "file header", "chunk header", "unused space"


def recognise(sample: Sample) -> int:
    """The signature of a file, or of a chunk cut out of one."""
    return 98 if sample.head.startswith(FILE_MAGIC) else 90 if sample.head.startswith(CHUNK_MAGIC) else 0


def parse(source: Source) -> Iterator[Item]:
    """Chunk after chunk; what stands between records is said to be so."""
    view, at = source.view, 0
    if bytes(view[:8]) == FILE_MAGIC:
        at = min(FILE_HEADER, len(view))
        yield Skip(Span(source.offset, source.offset + at), _FILE_HEAD)
    while at < len(view):
        chunk = bytes(view[at : at + CHUNK])
        yield from _chunk(chunk, source.offset + at)
        at += len(chunk)


def _chunk(chunk: bytes, offset: int) -> Iterator[Item]:
    whole = Span(offset, offset + len(chunk))
    if not chunk.strip(b"\0"):
        yield Skip(whole, _UNUSED)
        return
    if not chunk.startswith(CHUNK_MAGIC) or len(chunk) < CHUNK_HEADER:
        yield Reject(whole, "these 64 KiB do not begin as a chunk does", "unknown_structure")
        return
    yield Skip(Span(offset, offset + CHUNK_HEADER), _CHUNK_HEAD)
    free = int.from_bytes(chunk[48:52], "little")
    texts = read_chunk(chunk)
    at = CHUNK_HEADER
    for found in record_spans(chunk):
        yield from _between(chunk, at, found.start, offset, free)
        at = found.end
        span = Span(offset + found.start, offset + found.end)
        waiting = texts.get(found.record_id)
        yield _event(waiting.pop(0), span) if waiting else _unread(span, remains=found.start >= free)
    yield from _between(chunk, at, len(chunk), offset, free)


def _unread(span: Span, *, remains: bool) -> Reject:
    if remains:
        return Reject(span, "a record in the unused part of a chunk: a remain of an older state, not read", "unread")
    return Reject(span, "the binary XML of the record cannot be read")


def _between(chunk: bytes, start: int, end: int, offset: int, free: int) -> Iterator[Item]:
    """Bytes that are no record: unused space when they are zero or after the end that the chunk states."""
    if start >= end:
        return
    span = Span(offset + start, offset + end)
    if start >= free or not chunk[start:end].strip(b"\0"):
        yield Skip(span, _UNUSED)
    else:
        cut = len(chunk) < CHUNK and end == len(chunk)
        yield Reject(span, "no record header stands here", "truncated" if cut else "malformed")


def _event(text: str, span: Span) -> Event | Reject:
    event = _from_json(text)
    if event is None:
        return Reject(span, "the record has no System element", "unknown_structure")
    event_type, values = columns_of(event, "format_rule")
    return Event(span, f"record {event.record_id}", event_type, values)


def _from_json(text: str) -> WindowsEvent | None:
    try:
        root = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    body = root.get("Event") if isinstance(root, dict) else None
    system = body.get("System") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(system, dict):
        return None
    return WindowsEvent(
        event_id=_number(system.get("EventID")),
        provider=_text(_attribute(system, "Provider", "Name")),
        channel=_text(system.get("Channel")),
        computer=_text(system.get("Computer")),
        record_id=_number(system.get("EventRecordID")),
        time=_text(_attribute(system, "TimeCreated", "SystemTime")),
        process_id=_number(_attribute(system, "Execution", "ProcessID")),
        keywords=_text(system.get("Keywords")),
        user_sid=_text(_attribute(system, "Security", "UserID")),
        data=_data(body),
    )


def _data(body: dict[str, object]) -> dict[str, object]:
    """EventData by name, or the members of what stands in UserData."""
    held = body.get("EventData")
    user = body.get("UserData")
    if not isinstance(held, dict) and isinstance(user, dict):
        held = next((value for name, value in user.items() if isinstance(value, dict) and name != "#attributes"), None)
    if not isinstance(held, dict):
        return {}
    return {name: _plain(value) for name, value in held.items() if name != "#attributes"}


def _plain(value: object) -> object:
    return value["#text"] if isinstance(value, dict) and "#text" in value else value


def _attribute(system: dict[str, object], name: str, attribute: str) -> object:
    element = system.get(name)
    held = element.get("#attributes") if isinstance(element, dict) else None
    return held.get(attribute) if isinstance(held, dict) else None


def _text(value: object) -> str | None:
    value = _plain(value)
    return str(value) if isinstance(value, (str, int)) and value not in {"", "-"} else None


def _number(value: object) -> int | None:
    value = _plain(value)
    return value if type(value) is int and 0 <= value < 1 << 63 else None


FORMATS = (
    Format(
        id="windows_log/evtx_logons",
        version=1,
        title="Windows event log (EVTX)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=EVENT_TYPES_READ,
        tier="source-verified",
        trust=TRUST,
        skips=MappingProxyType(
            {
                _FILE_HEAD: "4 KiB: first and last chunk, version",
                _CHUNK_HEAD: "512 bytes: record numbers, checksums, tables of names and templates",
                _UNUSED: "zero bytes, or bytes after a chunk's stated end in which no record header stands",
            }
        ),
        references=(
            "libyal/libevtx documentation: Windows XML Event Log (EVTX) format",
            "omerbenamram/evtx 0.14.0: binary XML to JSON",
            "Microsoft Learn: 4624, 4625, 4634, 4647, 4648, 4672, 4768, 4769, 4771, 4776, 4778, 4779 (audit events)",
        ),
        gaps=(
            *GAPS,
            "Fixtures were written by a generator after the published layout; no log of a real machine was at hand.",
            "A record that uses the names or the template of a damaged record is lost with it.",
            "Records left over in unused space are reported, not read; checksums are not compared.",
            "Times are read to the microsecond; the format keeps a tenth of it.",
        ),
    ),
)
