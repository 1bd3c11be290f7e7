"""E-mail: headers or messages pasted from elsewhere: quoted with ``>``, or with wrapped lines that lost their indent.

Copies from mail programs and forms are evidence of poor quality: anyone who pasted could have altered them, and a line
that was joined to the field above may have been another's. The event says how many lines were joined. A paste whose
lines are whole is an ordinary message (email/rfc5322).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Span
from parsers.email._event import Place
from parsers.email._nested import read_messages
from parsers.email._paste import is_wrapped, mend, quote_depth, to_original
from parsers.email._recognise import score_headers
from parsers.email._trust import TRUST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source

__all__ = ["FORMATS"]

_HEAD = 1 << 16


def parse(source: Source) -> Iterator[Item]:
    """The paste as one message."""
    if not len(source.view):
        return
    depth = quote_depth(bytes(source.view[:_HEAD]))
    paste = mend(source.view, depth)
    span = Span(source.offset, source.offset + len(source.view))
    about = {"quote_marks": depth, "joined_lines": paste.joined, "dropped_lines": paste.dropped}
    for item in read_messages(Place(memoryview(paste.data), 0, "message", mbox=False), source.settings):
        if not isinstance(item, Event):
            yield item._replace(span=span)
            continue
        to_original(item.values, paste, source.offset)
        extra = item.values.get("extra")
        values = {**item.values, "extra": {**(extra if isinstance(extra, dict) else {}), "paste": about}}
        yield item._replace(span=span, values=values)


def recognise(sample: Sample) -> int:
    """Nearly every line quoted, or wrapped lines between known fields; and a header block once that is undone."""
    head = sample.head[:_HEAD]
    depth = quote_depth(head)
    if not depth and not is_wrapped(head):
        return 0
    return min(95, score_headers(mend(memoryview(head), depth).data))


FORMATS = (
    Format(
        id="email/pasted",
        version=1,
        title="E-mail headers or message, pasted (quoted or re-wrapped)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("email_message",),
        tier="source-verified",
        trust=TRUST,
        references=("RFC 5322", "RFC 3676 section 4.5 (quoting)"),
        gaps=(
            "lines with other quote marks than '>' are not undone",
            "a wrapped line that begins like a field (a word, a colon, a space) is read as one",
            "signatures cannot be checked: the signed bytes are gone",
        ),
    ),
)
