"""One message as the columns of one event."""

from __future__ import annotations

import hashlib
import re
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject, Span
from parsers.email._addresses import parse_mailboxes
from parsers.email._authres import Border, statements
from parsers.email._bodies import Body, read_body
from parsers.email._boundary import Boundary, trusted_from, walk
from parsers.email._dates import parse_date
from parsers.email._decoder_table import ADDRESS_FIELDS
from parsers.email._decoders import Known, addresses_in, decode_fields
from parsers.email._headers import HeaderBlock, split_headers
from parsers.email._received import parse_received

if TYPE_CHECKING:
    from parsers.contract import Settings
    from parsers.email._addresses import Mailbox
    from parsers.email._bodies import Attached

__all__ = ["BODY_CAP", "CORE", "Place", "build_event", "read_one"]

BODY_CAP = 64 << 20
"""Messages above this many bytes keep their headers; their body is hashed, not decoded."""
HEAD_CAP = 16 << 20

CORE = frozenset({"from", "to", "date", "subject", "received", "message-id", "mime-version", "return-path"})
"""Fields that tell a message from other text with colons."""

_SINGLE = (
    "bcc",
    "cc",
    "date",
    "from",
    "in-reply-to",
    "message-id",
    "references",
    "reply-to",
    "sender",
    "subject",
    "to",
)  # fmt: skip - RFC 5322 section 3.6: at most one of each
# Kept in `extra` because no column holds them: key there -> field.
_EXTRA = {
    "return_path": "return-path",
    "delivered_to": "delivered-to",
    "gmail_thread_id": "x-gm-thrid",
    "gmail_labels": "x-gmail-labels",
}
_MESSAGE_ID = re.compile(r"<[^<>]{1,998}>")
_STREAM = 1 << 20


class Place(NamedTuple):
    """Where a message lies: bytes of it, their stream offset, and how people find it."""

    view: memoryview
    offset: int
    locator: str
    mbox: bool
    depth: int = 0  # how many messages it is attached inside


class _Found(NamedTuple):
    head: HeaderBlock
    body: Body
    flags: set[str]
    extra: dict[str, object]
    attached: bool  # to another message, whose author is not trusted with it


def read_one(place: Place, settings: Settings) -> tuple[Event | Reject, list[Attached]]:
    """The event of one message, and what is attached to it; a reject only when no header field can be found at all."""
    span = Span(place.offset, place.offset + len(place.view))
    head, body, extra = _split(place)
    if not head.headers:
        return Reject(span, "no header field was found", "unknown_structure"), []
    return build_event(head, body, extra, place, settings), body.messages


def build_event(
    head: HeaderBlock, body: Body, extra: dict[str, object], place: Place, settings: Settings
) -> Event:
    """The event of a message that is already taken apart; `extra` is completed."""
    attached = place.depth > 0
    if attached:
        extra["attached_to"] = place.locator.rpartition(" > ")[0]
    distrusted = attached and settings.options.get("trust_attached") != "yes"
    flags = head.flags | body.flags | ({"attached_copy"} if attached else set())
    found = _Found(head, body, flags, extra, distrusted)
    return _event(found, place, settings)


def _event(found: _Found, place: Place, settings: Settings) -> Event:
    head, body, extra = found.head, found.body, found.extra
    span = Span(place.offset, place.offset + len(place.view))
    values: dict[str, object] = {
        **_people(found),
        **_times(found, settings),
        **_threading(found),
        **_route(found, settings),
        **_contents(found),
    }
    _leaks(found, values)
    defects = [*head.defects, *body.defects]
    extra.update({"defects": defects} if defects else {})
    values["email_headers"] = [
        {"name": h.name, "value": h.value, "span_start": h.start, "span_end": h.end} for h in head.headers
    ] or None
    values["parse_flags"] = sorted(found.flags) or None
    values["extra"] = extra or None
    return Event(span, place.locator, "email_message", {k: v for k, v in values.items() if v is not None}, body.text)


def _split(place: Place) -> tuple[HeaderBlock, Body, dict[str, object]]:
    """Header block, body, and the first entries of `extra`."""
    size = len(place.view)
    extra: dict[str, object] = {}
    if size > BODY_CAP:
        head = split_headers(bytes(place.view[:HEAD_CAP]), place.offset)
        rest = place.view[head.body_start :]
        extra["body_not_decoded"] = {"bytes": len(rest), "sha256": _digest(rest)}
        body = Body(None, [], set(), ["the message is larger than 64 MiB: its body is hashed, not decoded"], [])
    else:
        data = bytes(place.view)
        head = split_headers(data, place.offset)
        body = read_body(data, head, place.offset, mbox=place.mbox)
    if head.envelope:
        extra["envelope"] = head.envelope
    return head, body, extra


def _digest(view: memoryview) -> str:
    digest = hashlib.sha256()
    for at in range(0, len(view), _STREAM):
        digest.update(view[at : at + _STREAM])
    return digest.hexdigest()


def _people(found: _Found) -> dict[str, object]:
    head = found.head
    author = _boxes(head, "from")
    readers = [box for key in ("to", "cc") for box in _boxes(head, key)]
    sender = head.first("sender")
    first = next((box for box in author if box.address), author[0] if author else None)
    address = first.address.lower() if first and first.address else None
    hidden = _boxes(head, "bcc")
    for key in ("reply-to", "bcc"):
        texts = [box.written for box in _boxes(head, key)]
        if texts:
            found.extra[key.replace("-", "_")] = texts
    written = head.first("from")
    return {
        "email_from": (written.value or None) if written else None,
        "email_sender": (sender.value or None) if sender else None,
        "email_to": [box.written for box in readers] or None,
        "sender": address,
        "recipients": [box.address.lower() for box in (*readers, *hidden) if box.address] or None,
        "account_platform": "email" if address else None,
        "account_login": address,
        "account_display_name": first.display if first and address else None,
        "identifiers": [{"type": "email", "value": address, "raw": first.written}] if first and address else None,
    }


def _boxes(head: HeaderBlock, key: str) -> list[Mailbox]:
    return [box for header in head.all(key) for box in parse_mailboxes(header.plain)]


def _times(found: _Found, settings: Settings) -> dict[str, object]:
    date = found.head.first("date")
    if date is None or not date.value:
        return {}
    moment = parse_date(date.plain, settings.timezone, settings.date_order)
    found.flags.update(moment.flags)
    return moment.columns("Sent Time (Date header)")


def _threading(found: _Found) -> dict[str, object]:
    head = found.head
    references = _ids(head, "references")
    answered = _ids(head, "in-reply-to")
    own = _ids(head, "message-id")
    subject = head.first("subject")
    repeated = {key: len(rows) for key in _SINGLE for rows in [head.all(key)] if len(rows) > 1}
    if repeated:
        found.flags.add("duplicate_header")
        found.extra["duplicate_headers"] = repeated
    return {
        "message_id": own[0] if own else None,
        "in_reply_to": answered[0] if answered else None,
        "thread_id": next(iter(references or answered), None),
        "email_subject": (subject.value or None) if subject else None,
    }


def _ids(head: HeaderBlock, key: str) -> list[str]:
    """Message identifiers with their angle brackets; a field without any counts as one when it is a single word."""
    header = head.first(key)
    if header is None:
        return []
    text = header.plain
    found = _MESSAGE_ID.findall(text)
    bare = text and not found and not any(c.isspace() or c in "<>" for c in text)
    return [text] if bare else [f for f in found if f[1:-1].strip()]


def _hops(head: HeaderBlock, settings: Settings) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    for index, field in enumerate(head.all("received")):
        place = {"index": index, "span_start": field.start, "span_end": field.end, "raw": field.plain}
        out.append({**parse_received(field.plain, settings.timezone, settings.date_order), **place})
    return out


def _route(found: _Found, settings: Settings) -> dict[str, object]:
    head = found.head
    hops = _hops(head, settings)
    results = head.all("authentication-results")
    border = walk(hops, trusted_from(settings.options.get("trusted_hosts", "")))
    # Fields are added on top: what stands above the last attested hop was not in the message handed over.
    last = head.all("received")[border.attested - 1].start if border and not found.attached else None
    stated = statements(head, _border(head, border, hops) if border and not found.attached else None)
    if stated:
        found.extra["authentication"] = stated
    if border and found.attached:
        stated_border = {"ip": border.ip, "host": border.host, "basis": border.basis}
        found.extra["hand_over_stated"] = {k: v for k, v in stated_border.items() if v is not None}
        border = Boundary(0, None, None, "attached_copy")
    for index, hop in enumerate(hops):
        hop["attested"] = border is not None and index < border.attested
    route: dict[str, object] = {"auth_results": [r.value for r in results] or None}
    if border is None:
        return route
    found.extra["boundary_basis"] = border.basis
    if results:
        found.extra["auth_results_attested"] = sum(r.start < (last or 0) for r in results)
    return {**route, "hops": hops, "attested_ip": border.ip, "boundary_host": border.host}


def _border(head: HeaderBlock, found: Boundary, hops: list[dict[str, object]]) -> Border:
    fields, host = head.all("received"), hops[found.attested - 1].get("by")
    below = fields[found.attested].start if found.attested < len(fields) else inf
    return Border(fields[found.attested - 1].start, below, str(host).lower() if host else None)


def _leaks(found: _Found, values: dict[str, object]) -> None:
    """Decoded values go to `extra`; they need the time of Date and the hops."""
    date, hops = values.get("timestamp"), values.get("hops")
    known = Known(date if isinstance(date, int) else None, hops if isinstance(hops, list) else ())
    decoded = decode_fields(found.head, known)
    if decoded:
        found.extra["decoders"] = decoded


def _contents(found: _Found) -> dict[str, object]:
    head, attachments = found.head, found.body.attachments
    agent = head.first("x-mailer") or head.first("user-agent")
    claimed = [ip for key in ADDRESS_FIELDS for header in head.all(key) for ip in addresses_in(header.plain)]
    for key, field in _EXTRA.items():
        texts = [h.value for h in head.all(field) if h.value]
        if texts:
            found.extra[key] = texts[0] if len(texts) == 1 else texts
    if attachments:
        found.extra["attachments"] = attachments
    return {
        "user_agent_original": (agent.value or None) if agent else None,
        "claimed_ips": list(dict.fromkeys(claimed)) or None,
        "attachment_names": [a["name"] for a in attachments if "name" in a] or None,
        "attachment_sha256s": [a["sha256"] for a in attachments if "sha256" in a] or None,
    }
