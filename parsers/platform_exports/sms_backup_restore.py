"""SMS Backup & Restore (Android), XML: one telephone's SMS, MMS and calls.

The times are UTC milliseconds. ``readable_date`` repeats them in the telephone's local time; it is kept as written.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Sample, Skip, Source, Span
from parsers.kit.xmltags import Tag, xml_tags
from parsers.platform_exports._sms_records import call_columns, mms_columns, sms_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item

__all__ = ["FORMATS"]

_STRUCTURE = "xml structure"
_ROOTS = frozenset({"smses", "calls"})
_RECORDS = frozenset({"sms", "mms", "call"})
_ROOT = re.compile(rb"<(?:smses|calls)(?=[ >/])")
_RECORD = re.compile(rb"<(?:sms|mms|call) [^<>]{0,2000}?\bdate=[\"']\d{9,14}[\"']")
_WITHIN = 20_000  # most tags of one MMS


def recognise(sample: Sample) -> int:
    """The root element, and records whose date is a count of milliseconds."""
    root = _ROOT.search(sample.head[:4096])
    if root is None:
        return 0
    return 96 if _RECORD.search(sample.head, root.end()) else 70 if b"backup_set" in sample.head[:4096] else 0


class _Reader:
    """One pass over a file. `held` counts the records read, `open_` holds the tags of an MMS not closed yet."""

    __slots__ = ("_held", "_open", "_owner", "_root")

    def __init__(self, owner: str | None) -> None:
        self._held, self._owner = 0, owner
        self._open: list[Tag] = []
        self._root: Tag | None = None

    def run(self, source: Source) -> Iterator[Item]:
        for tag in xml_tags(source):
            yield from self._inside(tag) if self._open else self._outside(tag)
        yield from self._cut()

    def _outside(self, tag: Tag) -> Iterator[Item]:
        if tag.kind in {"blank", "aside"}:
            yield Skip(tag.span, _STRUCTURE)
        elif tag.kind in {"broken", "text"}:
            yield Reject(tag.span, "these bytes are no well-formed element")
        elif tag.name in _ROOTS:
            yield self._rooted(tag)
        elif tag.name == "mms" and tag.kind == "open":
            self._open = [tag]
        elif tag.name in _RECORDS and tag.kind != "close":
            self._held += 1
            yield self._record(tag)
        elif tag.name in _RECORDS:  # the end of a record that was written as two tags
            yield Skip(tag.span, _STRUCTURE)
        else:
            yield Reject(tag.span, f"no rule of this format reads the element {tag.name[:60]!a}", "unknown_structure")

    def _rooted(self, tag: Tag) -> Item:
        """The root's own tags; at its end the stated number of records is compared with those read."""
        if tag.kind != "close":
            self._root = tag
            return Skip(tag.span, _STRUCTURE)
        stated = self._root.attributes.get("count", "") if self._root else ""
        if stated.isascii() and stated.isdigit() and len(stated) < 10 and int(stated) != self._held:
            reason = f"the file states {int(stated)} records at its beginning and holds {self._held}"
            return Reject(tag.span, reason, "truncated")
        return Skip(tag.span, _STRUCTURE)

    def _inside(self, tag: Tag) -> Iterator[Item]:
        ends = tag.kind == "close" and tag.name == "mms"
        if not ends and (tag.name in _RECORDS | _ROOTS or len(self._open) > _WITHIN):
            yield from self._cut()
            yield from self._outside(tag)
            return
        self._open.append(tag)
        if ends:
            tags, self._open = self._open, []
            self._held += 1
            yield self._mms(tags)

    def _cut(self) -> Iterator[Item]:
        """An MMS whose end is missing."""
        if self._open:
            span = Span(self._open[0].span.start, self._open[-1].span.end)
            self._open = []
            yield Reject(span, "the element of a multimedia message is not closed", "truncated")

    def _record(self, tag: Tag) -> Event:
        locator = f"{tag.name} {self._held}"
        if tag.name == "call":
            return Event(tag.span, locator, "call", _flagged(call_columns(tag, self._owner), (tag,)))
        columns, text = sms_columns(tag, self._owner) if tag.name == "sms" else mms_columns(tag, (), self._owner)
        return Event(tag.span, locator, "message", _flagged(columns, (tag,)), text)

    def _mms(self, tags: list[Tag]) -> Event:
        inside = [tag for tag in tags[1:-1] if tag.kind in {"open", "empty"}]
        columns, text = mms_columns(tags[0], inside, self._owner)
        span = Span(tags[0].span.start, tags[-1].span.end)
        return Event(span, f"mms {self._held}", "message", _flagged(columns, tags), text)


def _flagged(columns: dict[str, object], tags: tuple[Tag, ...] | list[Tag]) -> dict[str, object]:
    """The columns with the flags that the tags themselves call for."""
    own = columns["parse_flags"]
    flags = set(own if isinstance(own, list) else ())
    flags |= {"lossy_text"} if any(tag.lossy for tag in tags) else set()
    flags |= {"salvaged"} if any(tag.kind in {"broken", "text"} for tag in tags) else set()
    return {**columns, "parse_flags": sorted(flags) or None, "extra": columns["extra"] or None}


def parse(source: Source) -> Iterator[Item]:
    """Every record of a backup, in order."""
    yield from _Reader(source.settings.options.get("owner")).run(source)


FORMATS = (
    Format(
        id="platform/sms_backup_restore",
        version=1,
        title="SMS Backup & Restore (Android), XML",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("message", "call"),
        tier="unexercised",
        trust=MappingProxyType(
            {
                "timestamp": "sender_controlled",
                "sender": "sender_controlled",
                "recipients": "sender_controlled",
                "account_id": "sender_controlled",
                "attachment_names": "sender_controlled",
            }
        ),
        skips=MappingProxyType(
            {_STRUCTURE: "declaration, comments, white space, and the tags of the root, whose count is compared"}
        ),
        references=(
            "synctech.com.au: Fields in XML backup files (attributes of sms, mms, part, addr, call)",
            "Android telephony provider: Telephony.Sms message types, PduHeaders address types",
        ),
        gaps=(
            "No real backup was at hand, and anybody can edit one: it is a file of the telephone's owner.",
            "The telephone's own number is not in the file: the option 'owner' states it.",
            "Without that option event_action alone says which way a message went.",
            "The time of a received message is the telephone's own clock; date_sent is kept as written.",
            "A sender's number is what the network delivered; networks deliver forged ones.",
            "Encrypted and compressed backups must be opened first.",
        ),
    ),
)
