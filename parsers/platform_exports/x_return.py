"""X (Twitter) return to legal process: JSON inside a clear-signed text (RFC 4880 section 7), one file for each type.

The data is one JSON document, or several: one after the other, or with lines ``**** ... ****`` between them. Lines that
a signature must hide (section 7.1) begin with a dash and a space; they are undone in the text that is read, never in
the bytes.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from parsers.contract import Format, Reject, Sample, Skip, Source, Span
from parsers.kit.jsonseries import documents
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, Document
from parsers.platform_exports._x_items import ADVERTISING, ADVERTISING_MEANING, outline_of, read_items
from parsers.platform_exports._x_messages import ENTRIES
from parsers.platform_exports._x_shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item

__all__ = ["FORMATS"]

_BEGIN = re.compile(
    rb"^(?:\xef\xbb\xbf)?-----BEGIN PGP SIGNED MESSAGE-----[ \t]{0,8}\r?\n"
    rb"(?:[A-Za-z-]{1,40}: [^\r\n]{0,200}\r?\n){0,9}[ \t]{0,8}\r?\n",
    re.MULTILINE,
)
_SIGNATURE = re.compile(rb"^-----BEGIN PGP SIGNATURE-----", re.MULTILINE)
_END = re.compile(rb"^-----END PGP SIGNATURE-----[ \t]{0,8}\r?\n?", re.MULTILINE)
_MARKER = re.compile(rb"^\*{3,8} {0,4}([^\r\n]{0,300}?) {0,4}\*{3,8}[ \t]{0,8}(?:\r?\n|\Z)", re.MULTILINE)
_THREAD = re.compile(r"conversation ?id: {0,4}([0-9-]{1,64})", re.IGNORECASE)
_DASHED = re.compile(rb"^- ", re.MULTILINE)
_NAMES = re.compile(
    rb'"(?:dmConversation|conversationId|messageCreate|ipAudit|loginIp|accountCreationIp|userCreationIp|deviceToken'
    rb"|niDeviceResponse|screenNameChange|emailAddressChange|accountTimezone|connectedApplication|userLink"
    rb'|accountDisplayName|full_text)"|"(?:blocking|muting|follower|following)"\s{0,20}:\s{0,20}\{\s{0,20}"accountId"'
    rb'|"device"\s{0,20}:\s{0,20}\{\s{0,20}"phoneNumber"|"like"\s{0,20}:\s{0,20}\{\s{0,20}"tweetId"'
)
_ARMOR, _SIGNED, _MARKING = "clear-sign header", "signature", "marker line"
_SAID_DELETED = "deleted"


class _Message(NamedTuple):
    """A clear-signed message: where it, its text, its signature and what follows begin."""

    start: int
    text: int
    signature: int
    end: int


def recognise(sample: Sample) -> int:
    """A clear-signed text with JSON, and names that X alone uses."""
    begin = _BEGIN.search(sample.head[:4096])
    if begin is None:
        return 0
    head = sample.head[begin.end() :]
    json = head.lstrip()[:1] in {b"[", b"{"} or _MARKER.match(head) is not None
    return 95 if json and _NAMES.search(head) else 0


def parse(source: Source) -> Iterator[Item]:
    """Every item of every signed message; what stands outside of them is rejected."""
    at = 0
    for message in _messages(source.view):
        yield from _outside(source, at, message.start)
        yield Skip(_span(source, message.start, message.text), _ARMOR)
        yield from _signed(source, message.text, message.signature)
        if message.signature < message.end:
            yield Skip(_span(source, message.signature, message.end), _SIGNED)
        at = message.end
    yield from _outside(source, at, len(source.view))


def _span(source: Source, start: int, end: int) -> Span:
    return Span(source.offset + start, source.offset + end)


def _messages(view: memoryview) -> Iterator[_Message]:
    at = 0
    while begin := _BEGIN.search(view, at):
        signature = _SIGNATURE.search(view, begin.end())
        stop = signature.start() if signature else len(view)
        end = _END.search(view, stop) if signature else None
        at = end.end() if end else len(view)
        yield _Message(begin.start(), begin.end(), stop, at)


def _outside(source: Source, start: int, end: int) -> Iterator[Item]:
    if start < end and bytes(source.view[start:end]).strip():
        yield Reject(_span(source, start, end), "these bytes stand outside of the signed text", "unknown_structure")
    elif start < end:
        yield Skip(_span(source, start, end), _ARMOR)


def _signed(source: Source, start: int, end: int) -> Iterator[Item]:
    """The documents of one message, with the marker lines between them."""
    deleted = source.settings.options.get(_SAID_DELETED, "").casefold() == "yes"
    thread: str | None = None
    at = start
    for marker in _MARKER.finditer(source.view[:end], start):
        yield from _document(source, at, marker.start(), thread, deleted=deleted)
        said = _THREAD.search(marker[1].decode("utf-8", "replace"))
        thread = said[1] if said else None
        yield Skip(_span(source, marker.start(), marker.end()), _MARKING)
        at = marker.end()
    yield from _document(source, at, end, thread, deleted=deleted)


def _document(source: Source, start: int, end: int, thread: str | None, *, deleted: bool) -> Iterator[Item]:
    if start >= end:
        return
    whole = _undashed(source, start, end)
    single = bytes(whole.text[:4096]).lstrip()[:1] != b"{"  # objects may stand one after the other; a list holds all
    for document in (whole,) if single else documents(whole):
        yield from read_items(document, outline_of(document), thread=thread, deleted=deleted)


def _undashed(source: Source, start: int, end: int) -> Document:
    """The text without the dashes that were set before its lines, and where each of its bytes stands."""
    view, offset = source.view[start:end], source.offset + start
    at = [match.start() for match in _DASHED.finditer(view)]
    if not at:
        return Document(view, 0, offset)
    keep = np.ones(len(view), bool)
    for where in at:
        keep[where : where + 2] = False
    units = np.append(np.flatnonzero(keep), len(view)).astype(np.int64)
    return Document(memoryview(np.frombuffer(view, np.uint8)[keep].tobytes()), 0, offset, units)


_TYPES = {shape.event_type for shape in (*SHAPES.values(), *ENTRIES.values())}

FORMATS = (
    Format(
        id="platform/x_return",
        version=2,
        title="X (Twitter) return to legal process (clear-signed text)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(*sorted(_TYPES | {"thread"}),),
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
                _ARMOR: "the beginning of a clear-signed text, and empty lines around it",
                _SIGNED: "the signature over the text; it is not verified here",
                _MARKING: "a line between documents; the conversation it names is read into what follows",
                ADVERTISING: ADVERTISING_MEANING,
            }
        ),
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Twitter return modules (names inside)",
            "hestiaAI/data-catalog at 93a3409e: Twitter.md (every name with its meaning)",
            "RFC 4880 section 7: clear-signed text and dash-escaped lines",
        ),
        gaps=(
            "No real return was at hand: layouts come from the sources named.",
            "Signatures are kept as bytes and not verified.",
            "The type of a file and its account stand in the file's name, which decides nothing: names inside do.",
            "Followers and blocks without a name that wraps them cannot be told apart and are rejected.",
            "Deleted messages are told apart by the file's name only: state it with the option deleted=yes.",
            "Texts stay as written: X writes &, < and > as HTML entities in some of them.",
        ),
    ),
)
