"""E-mail: single messages (RFC 5322) and mailboxes (mbox).

Every header is kept with its bytes, in order, duplicates included; Received fields become hops; the trust boundary
names the address from which the message was handed to the receiving side. No message is lost to a malformed header
or part: a bad field stays as written, a bad part degrades.

Option (`Settings.options`): ``trusted_hosts``: comma-separated host names, ``.suffixes``, addresses and networks of
the receiving side; ``trust_attached``: ``yes`` when attached messages may be relied on like the exhibit itself (the
protected person's own forwards, say).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Skip, Span
from parsers.email._event import Place
from parsers.email._mbox import is_envelope, slots
from parsers.email._nested import read_messages
from parsers.email._recognise import score_message
from parsers.email._trust import TRUST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source

__all__ = ["FORMATS"]

_HEAD = 1 << 16


def parse_message(source: Source) -> Iterator[Item]:
    """The whole member as one message."""
    if len(source.view):
        yield from read_messages(Place(source.view, source.offset, "message", mbox=False), source.settings)


def parse_mbox(source: Source) -> Iterator[Item]:
    """Every message of a mailbox."""
    cursor = 0
    for number, slot in enumerate(slots(source.view), 1):
        yield from _separator(source, cursor, slot.start)
        place = Place(source.view[slot.start : slot.end], source.offset + slot.start, f"message {number}", mbox=True)
        yield from read_messages(place, source.settings)
        cursor = slot.end
    yield from _separator(source, cursor, len(source.view))


def _separator(source: Source, start: int, end: int) -> Iterator[Skip]:
    if end > start:
        yield Skip(Span(source.offset + start, source.offset + end), "message separator")


def _envelope_text(sample: Sample) -> bytes | None:
    first = sample.head[:_HEAD].lstrip(b" \t\r\n")[:1100].partition(b"\n")[0].rstrip(b"\r")
    return first[5:] if first.startswith(b"From ") and is_envelope(first[5:]) else None


def recognise_message(sample: Sample) -> int:
    """A header block with at least three of the fields every message has."""
    return 0 if _envelope_text(sample) is not None else score_message(sample.head)


def recognise_mbox(sample: Sample) -> int:
    """An envelope line with a date, and a header block behind it."""
    return 0 if _envelope_text(sample) is None else score_message(sample.head)


_REFERENCES = ("RFC 5322", "RFC 5321 section 4.4", "RFC 2045 to 2047", "RFC 2231", "RFC 8601", "RFC 3848")
_GAPS = (
    "messages attached more than four deep, or beyond 200 of one message, are listed and hashed only",
    "S/MIME and OpenPGP signatures are kept, not verified; DKIM and ARC are checked by the stage mailauth",
    "mail from inside the receiving side has no hand-over; a hop forged there in a trusted host's name is believed",
)

FORMATS = (
    Format(
        id="email/rfc5322",
        version=2,
        title="E-mail message (RFC 5322)",
        framing="whole",
        recognise=recognise_message,
        parse=parse_message,
        event_types=("email_message",),
        tier="source-verified",
        trust=TRUST,
        references=_REFERENCES,
        gaps=_GAPS,
    ),
    Format(
        id="email/mbox",
        version=2,
        title="Mailbox of e-mail messages (mbox)",
        framing="whole",
        recognise=recognise_mbox,
        parse=parse_mbox,
        event_types=("email_message",),
        tier="source-verified",
        trust=TRUST,
        skips=MappingProxyType({"message separator": "blank lines between messages belong to the container"}),
        references=(*_REFERENCES, "RFC 4155"),
        gaps=(*_GAPS, "an unquoted body line that looks like an envelope line before a header ends the message there"),
    ),
)
