"""A message and the messages attached to it (message/rfc822), each an event of its own.

All bear the span of the outer message and a locator that names the attachment. What an attached message states of its
way is not relied on: whoever attached it could have written every line (`_event` marks it so, unless the case says
otherwise).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.contract import Reject, Span
from parsers.email._event import Place, read_one

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Event, Settings
    from parsers.email._bodies import Attached

__all__ = ["ENCODED", "attached_places", "drop_spans", "read_messages"]

_DEPTH, _MOST = 4, 200  # how deep attached messages are read, and how many of one outer message
ENCODED = -1
"""Offset of content that lies at no byte of the exhibit, because it was decoded."""


def read_messages(place: Place, settings: Settings) -> Iterator[Event | Reject]:
    """The event of a message, then those of the messages attached to it, each before its neighbours."""
    span = Span(place.offset, place.offset + len(place.view))
    waiting, made = [place], 0
    while waiting and made < _MOST:
        inner = waiting.pop(0)
        item, messages = read_one(inner, settings)
        made += 1
        if inner.depth and isinstance(item, Reject):
            continue  # listed and hashed as an attachment of its parent
        if inner.offset == ENCODED and not isinstance(item, Reject):
            drop_spans(item.values)
        yield item._replace(span=span)
        waiting = [*attached_places(inner, messages), *waiting]


def attached_places(outer: Place, messages: list[Attached]) -> list[Place]:
    """Where the messages attached to `outer` lie."""
    if outer.depth >= _DEPTH:
        return []
    return [
        Place(
            memoryview(m.content),
            ENCODED if m.start is None or outer.offset == ENCODED else m.start,
            f"{outer.locator} > attachment {m.number}",
            mbox=False,
            depth=outer.depth + 1,
        )
        for m in messages
    ]


def drop_spans(values: Mapping[str, object]) -> None:
    """Take out places of fields that lie at no byte of the exhibit."""
    extra = values.get("extra")
    attachments = extra.get("attachments") if isinstance(extra, dict) else None
    for rows in (values.get("email_headers"), values.get("hops"), attachments):
        for row in rows if isinstance(rows, list) else ():
            for key in ("span", "span_start", "span_end"):
                row.pop(key, None)
