"""E-mail: Outlook's mail stores (``.pst``, ``.ost``), when the extra ``vestigo[pst]`` is installed.

The transport headers of a message are read like those of any message; its own properties fill in. A store keeps its
records in scattered blocks, so every event cites the whole file and names folder and number instead. Without the extra
the file is one reject that says what to install.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Span
from parsers.email._outlook import item_event
from parsers.email._pff import FAULTS, is_store, messages, open_store, pff_library
from parsers.email._trust import TRUST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Settings, Source
    from parsers.email._pff import Found

__all__ = ["FORMATS", "event_of"]

_MISSING = "reading Outlook mail stores needs an extra: run `pip install 'vestigo[pst]'`, then run the case again"


def parse(source: Source) -> Iterator[Item]:
    """Every message of the store."""
    if not len(source.view):
        return
    span = Span(source.offset, source.offset + len(source.view))
    if not is_store(bytes(source.view[:16])):
        yield Reject(span, "the file does not begin as an Outlook mail store", "unknown_structure")
        return
    library = pff_library()
    if library is None:
        yield Reject(span, _MISSING, "unknown_structure")
        return
    made = 0
    try:
        for found in messages(open_store(library, source.view)):
            made += 1
            yield event_of(found, source.settings)._replace(span=span)
    except FAULTS:
        if made:
            yield Event(span, "store", "email_message", {"extra": {"unreadable": "the rest of the store"}})
    if not made:
        yield Reject(span, "the mail store cannot be read, or holds no message", "unknown_structure")


def event_of(found: Found, settings: Settings) -> Event:
    """The event of one message; its span is left to the caller."""
    status = {"recovered_status": "orphaned_item"} if found.orphaned else {}
    if found.item is None:
        unread: dict[str, object] = {"unreadable": "the store names a message here that cannot be read"}
        return Event(Span(0, 0), found.locator, "email_message", {**status, "extra": unread})
    event = item_event(found.item, found.attachments, found.locator, settings)
    return event._replace(values={**event.values, **status})


def recognise(sample: Sample) -> int:
    """The header of a store."""
    return 97 if is_store(sample.head) else 0


FORMATS = (
    Format(
        id="email/pst",
        version=1,
        title="Outlook mail store (.pst, .ost; optional extra)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("email_message",),
        tier="unexercised",
        trust=MappingProxyType({**TRUST, "timestamp": "provider_asserted"}),
        references=("[MS-PST] 2.2.2.6", "[MS-OXPROPS]", "libpff 20260926"),
        gaps=(
            "needs the extra `vestigo[pst]` (libpff-python, LGPL); without it the file is one reject that says so",
            "no store was at hand: only the header, the damaged store and the step from properties to event are tested",
            "every event cites the whole file and names folder and number: a message has no byte range of its own",
            "attached messages are listed only; bodies that exist as compressed RTF are not read",
            "items other than messages (appointments, contacts) are read as messages with their class in extra",
            "all messages of a store are held in memory at once",
        ),
    ),
)
