"""E-mail: Outlook items (``.msg``).

The transport headers, where the item kept them, are read like those of any message; drafts and sent items never have
any, and the event says so. Times, addresses and text of the item's own properties fill in. An attached item is an event
of its own, and nothing it states of its way counts as attested.
"""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Reject, Span
from parsers.email._mapi import FAULTS, SIGNATURE, Storage, open_box
from parsers.email._outlook import item_event
from parsers.email._trust import TRUST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Event, Item, Sample, Settings, Source

__all__ = ["FORMATS"]

_MARK = "__substg1.0_".encode("utf-16-le")
_DEPTH, _MOST = 4, 200


def parse(source: Source) -> Iterator[Item]:
    """The item, then the items attached to it."""
    if not len(source.view):
        return
    span = Span(source.offset, source.offset + len(source.view))
    try:
        root = Storage(open_box(bytes(source.view)))
    except FAULTS:
        yield Reject(span, "the compound file cannot be read", "malformed")
        return
    if not root.has_properties():
        yield Reject(span, "the compound file holds no Outlook item", "unknown_structure")
        return
    waiting, made = [(root, "message", 0)], 0
    while waiting and made < _MOST:
        item, locator, depth = waiting.pop(0)
        made += 1
        attachments = item.parts("__attach_version1.0_#")
        yield _event(item, attachments, locator, depth, source.settings)._replace(span=span)
        inner = [(a.embedded(), f"{locator} > attachment {n}", depth + 1) for n, a in enumerate(attachments, 1)]
        waiting = [*((s, n, d) for s, n, d in inner if s is not None and d <= _DEPTH), *waiting]


def _event(item: Storage, attachments: list[Storage], locator: str, depth: int, settings: Settings) -> Event:
    return item_event(item, [_attachment(a) for a in attachments], locator, settings, depth=depth)


def _attachment(part: Storage) -> dict[str, object]:
    content = part.binary(0x3701)
    inner = content is None and part.embedded() is not None
    out: dict[str, object] = {"type": part.text(0x370E) or ("message/outlook" if inner else "application/octet-stream")}
    if content is not None:
        out |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    name = part.text(0x3707) or part.text(0x3704) or part.text(0x3001)
    return {**out, "name": name} if name else out


def recognise(sample: Sample) -> int:
    """A compound file whose directory names property streams."""
    if not sample.head.startswith(SIGNATURE):
        return 0
    return 96 if any(_MARK in w for w in (sample.head, sample.middle, sample.tail)) else 30


FORMATS = (
    Format(
        id="email/msg",
        version=1,
        title="Outlook item (.msg)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("email_message",),
        tier="source-verified",
        trust=MappingProxyType({**TRUST, "timestamp": "provider_asserted"}),
        references=("[MS-OXMSG] 2.1 to 2.4", "[MS-OXPROPS]", "RFC 5322"),
        gaps=(
            "header fields and hops have no byte places: the item stores them in scattered sectors",
            "a body that exists as compressed RTF only is not read",
            "items other than messages (appointments, contacts) are read as messages with their class in extra",
            "a compound file whose directory lies outside the sampled windows has to be pinned",
        ),
    ),
)
