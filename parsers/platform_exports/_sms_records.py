"""Elements of an SMS Backup & Restore file as event columns.

The file is one telephone's own store. Who sent is the ``type`` (``msg_box`` for MMS) relative to the telephone's
owner, whose number the file does not state; the case can (option ``owner``). Names are the owner's address book.
"""

from __future__ import annotations

import binascii
import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.platform_exports._json_values import epoch, phone_digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from parsers.kit.xmltags import Tag

__all__ = ["account_of", "call_columns", "mms_columns", "plain_number", "sms_columns"]

_BOX = MappingProxyType({"1": "received", "2": "sent", "3": "draft", "4": "outbox", "5": "failed", "6": "queued"})
_CALL = MappingProxyType(
    {"1": "incoming", "2": "outgoing", "3": "missed", "4": "voicemail", "5": "rejected", "6": "refused"}
)
_DESC = MappingProxyType({"received": "Received Time", "sent": "Sent Time"})
_FROM = "137"  # PduHeaders: 137 From, 151 To, 130 Cc, 129 Bcc
_OWNER_TOKEN = "insert-address-token"  # noqa: S105 - what Android writes for the telephone's own number
_ABSENT = frozenset({"", "null"})
_SHOWN = frozenset({"address", "date", "type", "body", "msg_box", "number", "duration", "m_id"})


class _Said(NamedTuple):
    """Columns, and the text of the message."""

    columns: dict[str, object]
    text: str | None


def plain_number(raw: str) -> str:
    """A number in the form it is compared in: ``+`` and digits when international, else as written."""
    return phone_digits(raw) or raw.strip()


def _held(tag: Tag) -> dict[str, str]:
    return {name: value for name, value in tag.attributes.items() if value not in _ABSENT}


def _time(values: Mapping[str, str], desc: str) -> tuple[dict[str, object], dict[str, object]]:
    """Time columns, and what is left to be kept as written."""
    moment = epoch(values.get("date"))
    if moment and moment.timestamp is not None:
        return moment.columns(desc), {}
    return {}, {"date": values["date"]} if "date" in values else {}


def account_of(number: str | None) -> dict[str, object]:
    """The account of a number; words in its place (``ACME``) are an account without a telephone."""
    if number is None:
        return {}
    value = plain_number(number)
    is_phone = sum(c.isdigit() for c in value) >= 5 and not any(c.isalpha() for c in value)
    rows = [{"type": "phone", "value": value, "raw": number}]
    return {"account_id": value, "identifiers": rows if is_phone else None}


def _parties(action: str | None, others: Sequence[str], sender: str | None, owner: str | None) -> dict[str, object]:
    """Sender and recipients: the other side's numbers, the owner's where the case states it."""
    mine = plain_number(owner) if owner else None
    if action == "received":
        to = [number for number in others if number != sender]
        return {"sender": sender, "recipients": to or ([mine] if mine else None), **account_of(sender)}
    if action is None:
        return {"recipients": None}
    target = plain_number(others[0]) if len(others) == 1 else None
    return {"sender": mine, "recipients": list(others) or None, **account_of(owner), "target_account_id": target}


def _message(
    values: Mapping[str, str], action: str | None, others: Sequence[str], sender: str | None, owner: str | None
) -> dict[str, object]:
    """The columns SMS and MMS share."""
    time, left = _time(values, _DESC.get(action or "", "Recorded Time"))
    thread = sorted({plain_number(number) for number in others})
    unknown = action is None or (action == "received" and sender is None)
    return {
        **time,
        **_parties(action, others, sender, owner),
        "account_platform": "sms",
        "event_action": action,
        "event_outcome": "failure" if action == "failed" else None,
        "thread_id": ",".join(thread) or None,
        "parse_flags": ["direction_unknown"] if unknown else [],
        "extra": {**left, **{name: value for name, value in values.items() if name not in _SHOWN}},
    }


def sms_columns(tag: Tag, owner: str | None) -> _Said:
    """Columns and text of one ``sms`` element."""
    values = _held(tag)
    action = _BOX.get(values.get("type", ""))
    address = values.get("address")
    columns = _message(values, action, [address] if address else [], address, owner)
    columns["message_type"] = "draft" if action == "draft" else "text"
    if action is None and "type" in values and isinstance(columns["extra"], dict):
        columns["extra"]["type"] = values["type"]
    return _Said(columns, tag.attributes.get("body") if "body" in values else None)


def mms_columns(opening: Tag, inside: Iterable[Tag], owner: str | None) -> _Said:
    """Columns and text of one ``mms`` element with the elements inside it."""
    values, tags = _held(opening), list(inside)
    parts = [_held(tag) for tag in tags if tag.name == "part"]
    addresses = [_held(tag) for tag in tags if tag.name == "addr"]
    stated = [a["address"] for a in addresses if "address" in a and a["address"] != _OWNER_TOKEN]
    from_ = [a["address"] for a in addresses if a.get("type") == _FROM and a.get("address") not in {None, _OWNER_TOKEN}]
    others = list(dict.fromkeys(stated or values.get("address", "").split("~")))
    others = [number for number in others if number]
    sender = from_[0] if len(set(from_)) == 1 else others[0] if len(others) == 1 and not addresses else None
    action = _BOX.get(values.get("msg_box", ""))
    if action != "received" and from_:  # the owner's own number, where the telephone knew it
        owner, others = owner or from_[0], [number for number in others if number != from_[0]]
    columns = _message(values, action, others, sender, owner)
    files = [part for part in parts if part.get("ct") != "application/smil" and "text" not in part]
    texts = [part["text"] for part in parts if "text" in part and part.get("ct") != "application/smil"]
    columns |= {
        "message_id": values.get("m_id"),
        "message_type": "draft" if action == "draft" else "media" if files else "text",
        "attachment_names": [_name(part) for part in files if _name(part)] or None,
        "attachment_sha256s": [digest for part in files if (digest := _digest(part))] or None,
    }
    extra = columns["extra"]
    if isinstance(extra, dict):
        extra |= {"part_types": [part.get("ct") for part in files]} if files else {}
        odd = sorted({tag.name for tag in tags} - {"part", "addr", "parts", "addrs"})
        extra |= {"unknown_elements": odd} if odd else {}
    return _Said(columns, "\n".join(texts) or None)


def _name(part: Mapping[str, str]) -> str:
    return part.get("cl") or part.get("name") or part.get("fn") or ""


def _digest(part: Mapping[str, str]) -> str | None:
    """SHA-256 of a part's bytes; None when it holds none or they are no Base64."""
    try:
        data = binascii.a2b_base64("".join(part.get("data", "").split()), strict_mode=True)
    except ValueError:
        return None
    return hashlib.sha256(data).hexdigest() if data else None


def call_columns(tag: Tag, owner: str | None) -> dict[str, object]:
    """Columns of one ``call`` element."""
    values = _held(tag)
    action, number = _CALL.get(values.get("type", "")), values.get("number")
    seconds = values.get("duration", "")
    seconds = seconds if seconds.isascii() and seconds.isdigit() and len(seconds) < 8 else ""
    time, left = _time(values, "Call Start Time")
    inward = action not in {"outgoing", None}
    columns = _parties("received" if inward else "sent" if action else None, [number] if number else [], number, owner)
    start = time.get("timestamp")
    end = start + int(seconds) * 1_000_000 if isinstance(start, int) and seconds.strip("0") else None
    length = {"call_duration": int(seconds)} if seconds else {}
    shown = _SHOWN if action else _SHOWN - {"type"}
    kept = {name: value for name, value in values.items() if name not in shown}
    return {
        **time,
        **columns,
        "timestamp_end": end,
        "account_platform": "sms",
        "event_action": action,
        "message_type": "call",
        "parse_flags": [] if action else ["direction_unknown"],
        "extra": {**left, **length, **kept},
    }
