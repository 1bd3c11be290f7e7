"""An Outlook item, whatever container holds it: its properties by tag as the columns of one event.

References:
    [MS-OXPROPS] (property tags), [MS-OXCMSG].
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from parsers.email._bodies import Body, strip_tags
from parsers.email._event import Place, build_event
from parsers.email._headers import split_headers
from parsers.email._nested import ENCODED, drop_spans
from parsers.email._words import decode_charset
from parsers.kit.time import from_datetime

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from parsers.contract import Event, Settings

__all__ = ["OutlookItem", "item_event"]

_BANNER = b"Microsoft Mail Internet Headers"
_TIMES = (("submitted", 0x0039), ("delivered", 0x0E06), ("created", 0x3007), ("modified", 0x3008))
_UTF8 = 65001
_KINDS = {1: "to", 2: "cc", 3: "bcc"}


class OutlookItem(Protocol):
    """A message or a recipient: properties by tag; None when one is absent."""

    def text(self, tag: int) -> str | None:
        """A text property; empty text counts as absent."""

    def number(self, tag: int) -> int | None:
        """A 32-bit integer property."""

    def time(self, tag: int) -> tuple[datetime, int] | None:
        """A time property as UTC, and the number it was written as."""

    def binary(self, tag: int) -> bytes | None:
        """A binary property."""

    def header_bytes(self) -> bytes | None:
        """The transport headers."""

    def readers(self) -> Sequence[OutlookItem]:
        """The recipients, in order."""


def item_event(
    item: OutlookItem, attachments: list[dict[str, object]], locator: str, settings: Settings, *, depth: int = 0
) -> Event:
    """The event of an item; its span is left to the caller.

    The transport headers are read like those of any message; the item's own properties fill in.
    """
    raw = item.header_bytes()
    extra: dict[str, object] = {"outlook": _about(item)}
    if raw is None:
        extra["transport_headers"] = "absent"
    elif raw.startswith(_BANNER):
        raw = raw.partition(b"\n")[2]
    head = split_headers(raw or b"", ENCODED)
    body = Body(_text(item), attachments, set(), [], [])
    event = build_event(head, body, extra, Place(memoryview(b""), ENCODED, locator, mbox=False, depth=depth), settings)
    drop_spans(event.values)
    return event._replace(values={**_own(item, head.by_key.keys()), **event.values})


def _about(item: OutlookItem) -> dict[str, object]:
    """The item's own properties that no column holds."""
    found = {name: item.time(tag) for name, tag in _TIMES}
    times = {name: f"{at[0]:%Y-%m-%dT%H:%M:%SZ}" for name, at in found.items() if at}
    texts = {"class": item.text(0x001A), "sender_name": item.text(0x0C1A), "sender_address": _sender(item)}
    return {**{k: v for k, v in texts.items() if v}, **times}


def _sender(item: OutlookItem) -> str | None:
    return next((t for tag in (0x5D01, 0x5D02, 0x0C1F, 0x0065) for t in [item.text(tag)] if t), None)


def _own(item: OutlookItem, present: Collection[str]) -> dict[str, object]:
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


def _readers(item: OutlookItem) -> list[tuple[str, str, str | None]]:
    """(kind, as shown, address) of every recipient."""
    out: list[tuple[str, str, str | None]] = []
    for reader in item.readers():
        address, name = reader.text(0x39FE) or reader.text(0x3003), reader.text(0x3001)
        shown = f"{name} <{address}>" if name and address and name != address else address or name
        if shown:
            mail = address.lower() if address and "@" in address else None
            out.append((_KINDS.get((reader.number(0x0C15) or 1) & 3, "to"), shown, mail))
    return out


def _text(item: OutlookItem) -> str | None:
    plain = item.text(0x1000)
    if plain:
        return plain.replace("\r\n", "\n").rstrip()
    page = item.text(0x1013)
    if page is None:
        raw, number = item.binary(0x1013) or b"", item.number(0x3FDE) or _UTF8
        read = decode_charset(raw, "utf-8" if number == _UTF8 else f"cp{number}") or decode_charset(raw, None)
        page = read.text if read else ""
    return strip_tags(page) or None
