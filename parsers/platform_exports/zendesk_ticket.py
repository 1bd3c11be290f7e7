"""Tickets of a support desk (Zendesk, JSON), as services hand them out with their returns.

A comment carries the address and the program its writer used. A ticket shows an account of the desk, which is not the
account of the service the ticket is about: the two are never joined here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Sample, Skip, Source
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, Element, open_document, top_keys, walk
from parsers.platform_exports._json_rows import Shape, read_row
from parsers.platform_exports._json_values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from parsers.contract import Item
    from parsers.kit.jsonspans import Document, Path

__all__ = ["FORMATS", "SHAPES"]

_PLATFORM = "zendesk"
_LISTING = "page of a list"
_PAGES = frozenset({"count", "next_page", "previous_page", "end_time", "after_cursor", "meta", "links"})
_LISTS = frozenset({"comments", "users", "tickets", "audits"})
_SYSTEM = {
    "metadata.system.ip_address": "ip",
    "metadata.system.client": "user_agent_original",
    "metadata.system.latitude": "latitude",
    "metadata.system.longitude": "longitude",
    "via.source.from.address": "contact",
}
SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "ticket": Shape(
            event_type="thread",
            action="ticket",
            desc="Creation Time",
            fields={"id": "thread_id", "created_at": "time", "requester_id": "account_id", **_SYSTEM},
        ),
        "comment": Shape(
            event_type="message",
            action="ticket_comment",
            desc="Sent Time",
            fields={
                "id": "message_id",
                "ticket_id": "thread_id",
                "created_at": "time",
                "author_id": "account_id",
                **_SYSTEM,
            },
        ),
        "user": Shape(
            event_type="account_profile",
            action="desk_user",
            fields={"id": "account_id", "name": "account_display_name", "email": "email", "phone": "phone"},
        ),
    }
)


def recognise(sample: Sample) -> int:
    """Names at the top of a ticket or of a list, and the names every ticket or comment has."""
    root, keys = top_keys(sample.head)
    names = set(keys)
    if root != "{":
        return 0
    asked, said = (all(f'"{name}"'.encode() in sample.head for name in both) for both in (_OF_TICKET, _OF_COMMENT))
    if names & {"ticket", "tickets", "comments", "audits"} and (asked or said):
        return 92
    return 90 if {"id", "requester_id", "created_at"} <= names and names & {"comments", "subject"} else 0


_OF_TICKET, _OF_COMMENT = ("requester_id", "created_at"), ("author_id", "created_at", "metadata")


def parse(source: Source) -> Iterator[Item]:
    """Every ticket, comment and user."""
    document = open_document(source)
    names = set(top_keys(bytes(source.view[:65536]))[1])
    if "requester_id" in names:
        yield from _walked(document, lambda _: False, None)
        return
    yield from _walked(document, lambda path: not path or (len(path) == 1 and path[0] in _LISTS), _ticket_id(document))


def _ticket_id(document: Document) -> str | None:
    """The number of the ticket that the comments beside it belong to."""
    for item in walk(document, lambda path: not path):
        loaded = item.load() if isinstance(item, Element) and item.path == ("ticket",) else None
        if loaded and not isinstance(loaded, Reject) and isinstance(loaded.value, dict):
            return text_of(loaded.value.get("id"))
    return None


def _walked(document: Document, descend: Callable[[Path], bool], ticket: str | None) -> Iterator[Item]:
    for item in walk(document, descend):
        if not isinstance(item, Element):
            yield item
        elif item.path and item.path[0] in _PAGES:
            yield Skip(item.span, _LISTING)
        else:
            yield from _element(item, ticket)


def _element(element: Element, ticket: str | None) -> Iterator[Item]:
    loaded = element.load()
    if isinstance(loaded, Reject):
        yield loaded
        return
    value, kind = loaded.value, str(element.path[0]) if element.path else "ticket"
    if not isinstance(value, dict) or kind not in {"ticket", *_LISTS}:
        place = element.pointer[:80]
        yield Reject(element.span, f"no rule of this format reads the member {place!a}", "unknown_structure")
    elif kind in {"ticket", "tickets"}:
        yield from _ticket(element, value, loaded.flags)
    else:
        yield _row(element, element.pointer, value, "user" if kind == "users" else "comment", ticket, loaded.flags)


def _ticket(element: Element, value: Mapping[str, object], flags: tuple[str, ...]) -> Iterator[Event]:
    """The ticket, and the comments and users it holds; all have the ticket's bytes."""
    inside = {name: value[name] for name in ("comments", "users") if isinstance(value.get(name), list)}
    own = {name: member for name, member in value.items() if name not in inside}
    yield _row(element, element.pointer or "/", own, "ticket", None, flags)
    for name, members in inside.items():
        for number, member in enumerate(members if isinstance(members, list) else []):
            row = member if isinstance(member, dict) else {"value": member}
            where = f"{element.pointer}/{name}/{number}"
            yield _row(element, where, row, name.removesuffix("s"), text_of(value.get("id")), flags)


def _row(
    element: Element, where: str, value: Mapping[str, object], kind: str, ticket: str | None, flags: tuple[str, ...]
) -> Event:
    """One event; what was written is the description of a ticket, the body of a comment."""
    body = next((name for name in ("plain_body", "body", "description") if isinstance(value.get(name), str)), None)
    rest = {name: member for name, member in value.items() if name != body or kind == "user"}
    event_type, columns = read_row(rest, SHAPES[kind], _PLATFORM)
    text = value[body] if body and kind != "user" else None
    if kind == "comment":
        columns["sender"] = columns.get("account_id")
        columns.setdefault("thread_id", ticket)
    own, unsent = columns["parse_flags"], kind == "comment" and not columns["sender"]
    flags = (*flags, "direction_unknown") if unsent else flags
    columns["parse_flags"] = sorted({*flags, *(own if isinstance(own, list) else [])}) or None
    return Event(element.span, where, event_type, columns, str(text) if text else None)


FORMATS = (
    Format(
        id="platform/zendesk_ticket",
        version=2,
        title="Support desk tickets (Zendesk, JSON), as returns enclose them",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("thread", "message", "account_profile"),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "account_id": "provider_asserted",
                "user_agent_original": "sender_controlled",
                "account_display_name": "sender_controlled",
                "identifiers": "sender_controlled",
            }
        ),
        skips=MappingProxyType(
            {JSON_STRUCTURE: JSON_STRUCTURE_MEANING, _LISTING: "how many there are and where the list goes on"}
        ),
        references=(
            "Zendesk Ticketing API: tickets, ticket comments (metadata.system), users",
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: robloxReturns (ticket JSON)",
        ),
        gaps=(
            "No real ticket was at hand.",
            "The address is the desk's record of who wrote the comment; for comments by mail it is often none.",
            "Comments inside audits are not taken apart; attachments are addresses, and nothing is fetched.",
            "One ticket a line (incremental exports) is not read.",
        ),
    ),
)
