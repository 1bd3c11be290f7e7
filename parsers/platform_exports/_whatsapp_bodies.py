"""What the body of a WhatsApp message is: typed text, or words the app put there in the phone's language.

Anybody can type the app's words. Where the export leads its own words with U+200E (iOS), only led ones count.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.platform_exports import _whatsapp_words as words
from parsers.platform_exports._whatsapp_lines import MARKS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Body", "classify", "is_notice_sender", "notice"]

_NAMED, _NAMED_MARKED = re.compile(words.ATTACHED), re.compile("\u200e" + words.ATTACHED)
_EDIT_END, _EDIT_END_MARKED = re.compile(words.EDITED + r"\Z"), re.compile("\u200e" + words.EDITED + r"\Z")
_DOCUMENT = re.compile(r"([^\n]{1,255}?) \u2022 \u200e?[^\n]{1,40} \u200e?document omitted")
_LONGEST_NOTICE = 400  # characters; app words are short
_UNIT = {unit: seconds for seconds, units in words.UNITS.items() for unit in units.split()}
_AMOUNT = re.compile(r"(\d{1,4}) ?([^\W\d_]{1,9})\.?,? ?")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})")
_PLACE = re.compile(r"[?&=/@](?:q=|ll=|loc:|@)?(-?\d{1,2}(?:\.\d{1,12})?),(-?\d{1,3}(?:\.\d{1,12})?)(?![\d.])")
_NUMBER = re.compile(r"\+\d[\d ()\u00a0\u202f\u2011-]{5,24}\d")
_NO_MARKS = {ord(mark): None for mark in MARKS} | dict.fromkeys(map(ord, "\u00a0\u202f"), " ")
_NONE: Mapping[str, object] = MappingProxyType({})
_KINDS = MappingProxyType({"blocked": "block", "unblocked": "relationship", "phone_changed": "account_change"})


class Body(NamedTuple):
    """What a body is. `kind` is the event type; `extra` holds what the app's words state besides."""

    kind: str
    message_type: str
    deleted: bool = False
    names: tuple[str, ...] = ()
    edited: bool = False
    action: str | None = None
    extra: Mapping[str, object] = _NONE
    numbers: tuple[str, ...] = ()


def classify(body: str, *, marks_used: bool) -> Body:
    """Tell typed text from the app's words.

    Args:
        body: As written, marks included.
        marks_used: The file leads the app's words with U+200E, so that others are typed.
    """
    led = body.startswith("\u200e")
    text = body.strip(MARKS + " \n")
    own = led or not marks_used
    short = text.translate(_NO_MARKS) if len(text) <= _LONGEST_NOTICE else ""
    edited = bool((_EDIT_END_MARKED if marks_used else _EDIT_END).search(body[-80:].rstrip()))
    found = _own_words(short, sure=led and marks_used) if own and short else None
    if found:
        return found._replace(edited=edited)
    names = _names(body, text, strict=marks_used, own=own)
    if names:
        return Body("message", "media", names=names, edited=edited)
    poll = _poll(text) if own else None
    if poll:
        return Body("message", "poll", edited=edited, extra={"poll": poll})
    if led and marks_used and short and any(sign.search(short) for sign in words.NOTICES.values()):
        return notice(short)
    return Body("message", "text", edited=edited)


def _own_words(short: str, *, sure: bool) -> Body | None:
    """What a short text says when it is the app's; `sure` when the app marked it as its own."""
    plain = short.removesuffix(".")
    deleted = _deleted(plain)
    if deleted is not None:
        return Body("message", "unsent", deleted=True, extra=deleted)
    if words.OMITTED.fullmatch(plain):
        return Body("message", "media")
    if words.VIEW_ONCE.fullmatch(short):
        return Body("message", "view_once")
    place = words.LOCATION.fullmatch(short)
    if place:
        return Body("message", "location", extra=_coordinates(place["url"]))
    return _call(plain, sure=sure)


def _deleted(plain: str) -> Mapping[str, object] | None:
    """What a note of deletion says of who deleted; None for any other text."""
    if words.DELETED_BY_YOU.fullmatch(plain):
        return {"deleted_by": "the exporting account"}
    if words.DELETED.fullmatch(plain):
        return _NONE
    admin = words.DELETED_BY_ADMIN.fullmatch(plain)
    return {"deleted_by": f"admin {admin['name'].strip()}"} if admin else None


def _coordinates(url: str) -> Mapping[str, object]:
    match = _PLACE.search(url)
    latitude, longitude = (float(match[1]), float(match[2])) if match else (91.0, 181.0)
    if abs(latitude) > 90 or abs(longitude) > 180:
        return {"url": url}
    return {"latitude": latitude, "longitude": longitude, "url": url}


def _call(plain: str, *, sure: bool) -> Body | None:
    """A call with its medium, outcome and length. Its bare name counts when a length or an outcome goes with it."""
    head = words.CALL.match(plain)
    rest = plain[head.end() :] if head else ""
    if head is None or (rest and not rest.startswith((",", ".", " \u2022"))):
        return None
    tail = rest.lstrip(",.\u2022 ").removesuffix(".")
    seconds = _seconds(tail)
    outcome = "missed" if words.MISSED.search(head[0]) else "finished" if seconds is not None else None
    outcome = outcome or next((name for name, tails in words.CALL_TAIL.items() if tails.fullmatch(tail)), None)
    known = not tail or seconds is not None or any(tails.fullmatch(tail) for tails in words.CALL_TAIL.values())
    if not sure and (outcome is None or not known):
        return None
    medium = "video" if words.VIDEO.search(head[0]) else "voice"
    extra: dict[str, object] = {"call_medium": medium, **({"call_outcome": outcome} if outcome else {})}
    extra |= {"call_group": True} if words.GROUP.search(head[0]) else {}
    extra |= {"call_duration": seconds, "call_duration_raw": tail} if seconds is not None else {}
    extra |= {"call_note": tail} if tail and not known else {}
    return Body("call", "call", extra=extra)


def _seconds(tail: str) -> int | None:
    """Seconds of ``5 min``, ``1 hr 5 min`` or ``1:05``; None for anything else."""
    clock = _CLOCK.fullmatch(tail)
    if clock:
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    total, at = 0, 0
    while match := _AMOUNT.match(tail, at):
        unit = _UNIT.get(match[2].casefold())
        if unit is None:
            return None
        total, at = total + int(match[1]) * unit, match.end()
    return total if at and at == len(tail) else None


def _poll(text: str) -> Mapping[str, object] | None:
    """Question and options of a poll, with the votes each is stated to have."""
    first, _, rest = text[:8000].partition("\n")
    head = words.POLL.match(first)
    if not head or not rest:
        return None
    rows = [row.translate(_NO_MARKS).strip() for row in (first[head.end() :], *rest.split("\n"))]
    found = [words.VOTES.fullmatch(row) for row in rows]
    options = [
        {"option": match["option"], "votes": int(match["votes"]) if match["votes"] else None}
        for match in found
        if match
    ]
    start = next((index for index, match in enumerate(found) if match), 0)
    question = "\n".join(row for row in rows[:start] if row)
    return {"question": question, "options": options} if options else None


def _names(body: str, text: str, *, strict: bool, own: bool) -> tuple[str, ...]:
    """Attachment names, in the order written."""
    inside = [match[1] for match in (_NAMED_MARKED if strict else _NAMED).finditer(body)]
    first = text.partition("\n")[0][:300]
    after = words.ATTACHED_AFTER.fullmatch(first) if own else None
    if own or "\u200edocument" in first:
        after = after or _DOCUMENT.fullmatch(first)
    return tuple(name.strip(MARKS + " ") for name in (*inside, *([after[1]] if after else [])))


def notice(text: str) -> Body:
    """What a line without a sender says."""
    short = text.strip(MARKS + " \n").translate(_NO_MARKS) if len(text) <= _LONGEST_NOTICE else ""
    call = _call(short.removesuffix("."), sure=True) if short else None
    if call:
        return call
    action = next((name for name, sign in words.NOTICES.items() if short and sign.search(short)), None)
    numbers = tuple(match[0] for match in _NUMBER.finditer(short)) if action == "phone_changed" else ()
    return Body(_KINDS.get(action or "", "system_notice"), "system", action=action, numbers=numbers)


def is_notice_sender(sender: str) -> bool:
    """Whether words before a colon are the app's sentence, cut at a colon inside a quoted group name."""
    return bool(words.NOTICE_SENDER.match(sender))
