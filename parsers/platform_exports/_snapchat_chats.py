"""Messages of Snapchat's My Data, in its old and its new layout.

New: one list a conversation, and ``IsSender`` says whether the account holder sent the message; who is named by
``From`` must agree with it. Old: one list for what was received (``From``) and one for what was sent (``To``), with
texts in HTML's character references. ``Created(microseconds)`` holds milliseconds in spite of its name.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event
from parsers.kit.time import Moment, from_epoch
from parsers.platform_exports._json_values import text_of
from parsers.platform_exports._snapchat_times import snap_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from parsers.kit.jsonspans import Element

__all__ = ["OLD_LISTS", "holder_of", "is_message", "read_message"]

OLD_LISTS = frozenset(
    f"{way} {kind} History" for way in ("Received", "Sent") for kind in ("Saved Chat", "Unsaved Chat", "Chat", "Snap")
)
_ERASED = "STATUSERASEDMESSAGE"
_FINE = "Created(microseconds)"
_USED = frozenset({"From", "To", "Media Type", "Created", "Content", "Text", "IsSender", _FINE})
_SENT = re.compile(rb'"IsSender"[ \t\r\n]{0,9}:[ \t\r\n]{0,9}true')
_SECOND_US = 1_000_000


class _Sides(NamedTuple):
    """Who sent a message and who received it, as far as the record settles it."""

    sender: str | None
    recipient: str | None
    action: str | None
    settled: bool


def is_message(value: Mapping[str, object]) -> bool:
    """Whether an object has the members of a message, of either layout."""
    return "Media Type" in value and bool(value.keys() & {"From", "To", "IsSender"})


def holder_of(elements: Iterable[Element]) -> str | None:
    """The account holder's name: the one under which all messages are that the holder sent; None when several are."""
    names: set[str] = set()
    for element in elements:
        value = _loaded(element) if len(element.path) == 2 and _SENT.search(element.raw) else None
        name = text_of(value.get("From")) if value and value.get("IsSender") is True else None
        if name and name != element.path[0]:
            names.add(name)
    return names.pop() if len(names) == 1 else None


def _loaded(element: Element) -> dict[str, object] | None:
    value = getattr(element.load(), "value", None)
    return value if isinstance(value, dict) else None


def read_message(
    element: Element, value: Mapping[str, object], holder: str | None, zone: str | None, flags: Iterable[str]
) -> Event:
    """One message."""
    thread = str(element.path[0])
    old = thread in OLD_LISTS
    sides = _old_sides(thread, value, holder) if old else _sides(thread, value, holder)
    moment, extra = _moment(value, zone), _extra(value, sides)
    text, decoded = _text(value, old=old)
    kind = text_of(value.get("Media Type"))
    erased = any(text_of(value.get(name)) == _ERASED for name in ("Media Type", "Content", "Text"))
    own = {*flags, *(moment.flags if moment else ())}
    own |= {"direction_unknown"} if not sides.settled else set()
    own |= {"entities_decoded"} if decoded else set()
    peer = text_of(value.get("From")) or text_of(value.get("To"))
    values: dict[str, object] = {
        **(moment.columns("Sent Time") if moment else {}),
        "account_platform": "snapchat",
        "account_login": sides.sender,
        "event_action": sides.action,
        "sender": sides.sender,
        "recipients": [sides.recipient] if sides.recipient else None,
        "thread_id": peer if old else thread,
        "message_type": kind.lower() if kind else None,
        "deleted_flag": True if erased else None,
        "parse_flags": sorted(own) or None,
        "extra": extra,
    }
    return Event(element.span, element.pointer, "message", values, None if erased else text)


def _sides(thread: str, value: Mapping[str, object], holder: str | None) -> _Sides:
    """By ``IsSender``; a name in ``From`` that contradicts it is nobody's."""
    name, sent = text_of(value.get("From")), value.get("IsSender")
    group = bool(text_of(value.get("Conversation Title")))
    if sent is True:
        own = holder if name == thread and not group else name
        return _Sides(own, None if group else thread, "sent", settled=True)
    if sent is False:
        clash = name is not None and name == holder
        peer = None if group else thread
        sender = peer if clash else name
        return _Sides(sender, None if group else holder, "received", settled=sender is not None)
    return _Sides(name, None, None, settled=False)


def _old_sides(thread: str, value: Mapping[str, object], holder: str | None) -> _Sides:
    sender, recipient = text_of(value.get("From")), text_of(value.get("To"))
    if thread.startswith("Sent") and recipient and not sender:
        return _Sides(holder, recipient, "sent", settled=True)
    if thread.startswith("Received") and sender and not recipient:
        return _Sides(sender, holder, "received", settled=True)
    return _Sides(sender, recipient, None, settled=False)


def _moment(value: Mapping[str, object], zone: str | None) -> Moment | None:
    """The finer time where it agrees with the written one to the second, else the written one."""
    written, fine = snap_time(value.get("Created"), zone), _fine(value.get(_FINE))
    if written is None or fine is None:
        return written or fine
    return fine if _agree(written, fine) else written


def _fine(count: object) -> Moment | None:
    """A count of milliseconds; sixteen digits would be the microseconds that its name promises."""
    if isinstance(count, str) and count.isascii() and count.isdigit() and len(count) < 20:
        count = int(count)
    if not isinstance(count, int) or isinstance(count, bool):
        return None
    moment = from_epoch(count, str(count), unit="us" if count >= 10**15 else "ms")
    return moment if moment.timestamp is not None else None


def _agree(written: Moment, fine: Moment) -> bool:
    if written.timestamp is None or fine.timestamp is None:
        return False
    return 0 <= fine.timestamp - written.timestamp < _SECOND_US


def _text(value: Mapping[str, object], *, old: bool) -> tuple[str | None, bool]:
    text = text_of(value.get("Content")) or text_of(value.get("Text"))
    if not old or text is None:
        return text, False
    plain = html.unescape(text)
    return plain, plain != text


def _extra(value: Mapping[str, object], sides: _Sides) -> dict[str, object]:
    """What no column takes: other members, a name that contradicts ``IsSender``, a time that is not used."""
    left = {k: v for k, v in value.items() if k not in _USED and v not in (None, "", [], {})}
    name = text_of(value.get("From"))
    if name and name != sides.sender:
        left["From"] = name
    written, fine = snap_time(value.get("Created"), "UTC"), _fine(value.get(_FINE))
    if value.get("Created") and written is None:
        left["Created"] = value["Created"]
    if value.get(_FINE) and (fine is None or (written is not None and not _agree(written, fine))):
        left[_FINE] = value[_FINE]
    odd = ("From", "To", "Media Type", "Content", "Text")
    return left | {k: value[k] for k in odd if not isinstance(value.get(k), str | int | None)}
