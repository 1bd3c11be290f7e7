"""E-mail: Outlook items (``.msg``).

The transport headers, where the item kept them, are read like those of any message; drafts and sent items never have
any, and the event says so. Times, addresses and text of the item's own properties fill in. An attached item is an event
of its own, and nothing it states of its way counts as attested.
"""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Span
from parsers.email._bodies import Body, strip_tags
from parsers.email._event import Place, build_event
from parsers.email._headers import split_headers
from parsers.email._mapi import FAULTS, SIGNATURE, Storage, open_box
from parsers.email._nested import ENCODED, drop_spans
from parsers.email._trust import TRUST
from parsers.email._words import decode_charset
from parsers.kit.time import from_datetime

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from parsers.contract import Item, Sample, Settings, Source

__all__ = ["FORMATS"]

_MARK = "__substg1.0_".encode("utf-16-le")
_DEPTH, _MOST = 4, 200
_BANNER = b"Microsoft Mail Internet Headers"
_TIMES = (("submitted", 0x0039), ("delivered", 0x0E06), ("created", 0x3007), ("modified", 0x3008))
_UTF8 = 65001
_KINDS = {1: "to", 2: "cc", 3: "bcc"}


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
    raw = item.header_bytes()
    extra: dict[str, object] = {"outlook": _about(item)}
    if raw is None:
        extra["transport_headers"] = "absent"
    elif raw.startswith(_BANNER):
        raw = raw.partition(b"\n")[2]
    head = split_headers(raw or b"", ENCODED)
    body = Body(_text(item), [_attachment(a) for a in attachments], set(), [], [])
    place = Place(memoryview(b""), ENCODED, locator, mbox=False, depth=depth)
    event = build_event(head, body, extra, place, settings)
    drop_spans(event.values)
    return event._replace(values={**_own(item, head.by_key.keys()), **event.values})


def _about(item: Storage) -> dict[str, object]:
    """The item's own properties that no column holds."""
    found = {name: item.time(tag) for name, tag in _TIMES}
    times = {name: f"{at[0]:%Y-%m-%dT%H:%M:%SZ}" for name, at in found.items() if at}
    texts = {"class": item.text(0x001A), "sender_name": item.text(0x0C1A), "sender_address": _sender(item)}
    return {**{k: v for k, v in texts.items() if v}, **times}


def _sender(item: Storage) -> str | None:
    return next((t for tag in (0x5D01, 0x5D02, 0x0C1F, 0x0065) for t in [item.text(tag)] if t), None)


def _own(item: Storage, present: Collection[str]) -> dict[str, object]:
    """Columns from the item's properties; fields of the transport headers go over them."""
    address, name = _sender(item), item.text(0x0C1A)
    mail = address.lower() if address and "@" in address else None
    readers = _readers(item)
    written = f"{name} <{address}>" if name and address and name != address else address or name
    out: dict[str, object] = {
        "email_from": written,
        "sender": mail,
        "account_platform": "email" if mail else None,
        "account_login": mail,
        "account_display_name": name if mail else None,
        "identifiers": [{"type": "email", "value": mail, "raw": written}] if mail else None,
        "email_to": [text for kind, text, _ in readers if kind != "bcc"] or None,
        "recipients": [found for _, _, found in readers if found] or None,
        "email_subject": item.text(0x0037),
        "message_id": item.text(0x1035),
        "in_reply_to": item.text(0x1042),
    }
    at = item.time(0x0039) or item.time(0x0E06)
    if at and "date" not in present:
        desc = "Client Submit Time (Outlook)" if item.time(0x0039) else "Delivery Time (Outlook)"
        out.update(from_datetime(at[0], str(at[1]), "format_rule", 1e-6).columns(desc))
    return {k: v for k, v in out.items() if v is not None}


def _readers(item: Storage) -> list[tuple[str, str, str | None]]:
    """(kind, as shown, address) of every recipient."""
    out: list[tuple[str, str, str | None]] = []
    for reader in item.parts("__recip_version1.0_#"):
        address, name = reader.text(0x39FE) or reader.text(0x3003), reader.text(0x3001)
        shown = f"{name} <{address}>" if name and address and name != address else address or name
        if shown:
            mail = address.lower() if address and "@" in address else None
            out.append((_KINDS.get((reader.number(0x0C15) or 1) & 3, "to"), shown, mail))
    return out


def _text(item: Storage) -> str | None:
    plain = item.text(0x1000)
    if plain:
        return plain.replace("\r\n", "\n").rstrip()
    page = item.text(0x1013)
    if page is None:
        raw, number = item.binary(0x1013) or b"", item.number(0x3FDE) or _UTF8
        read = decode_charset(raw, "utf-8" if number == _UTF8 else f"cp{number}") or decode_charset(raw, None)
        page = read.text if read else ""
    return strip_tags(page) or None


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
