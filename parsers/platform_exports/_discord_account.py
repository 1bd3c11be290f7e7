"""The account file, channels and activity events of a Discord data package."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Reject, Skip
from parsers.kit.jsonspans import Element, walk
from parsers.platform_exports._discord_messages import id_moment, with_flags
from parsers.platform_exports._json_rows import Shape, read_row
from parsers.platform_exports._json_values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from parsers.contract import Item
    from parsers.kit.jsonspans import Document

__all__ = ["ACTIVITY", "PROFILE_PROPERTY", "SHAPES", "read_account", "read_channel", "read_index_entry"]

PROFILE_PROPERTY = "profile property"
_DIRECT = "Direct Message with "
_PROFILE = Shape(
    event_type="account_profile",
    action="profile",
    desc="Recorded Time",
    fields={
        "id": "account_id",
        "username": "username",
        "global_name": "account_display_name",
        "email": "email",
        "phone": "phone",
        "ip": "ip",
    },
)
_SESSION = {
    "creation_time": "time",
    "approx_last_used_time": "end",
    "client_info.ip": "ip",
    "client_info.user_agent": "user_agent_original",
}
_KNOWN_BY_TYPE = MappingProxyType(
    {
        "1": ("relationship", "friend"),
        "2": ("block", "blocked"),
        "3": ("follow_request", "request_received"),
        "4": ("follow_request", "request_sent"),
    }
)
SHAPES = MappingProxyType(
    {
        "user_sessions": Shape(
            event_type="session",
            action="user_session",
            desc="Session Start Time",
            fields={**{f"user_data.{name}": meaning for name, meaning in _SESSION.items()}, **_SESSION},
            utc=True,
        ),
        "connections": Shape(event_type="provider_link", action="connection", desc="Recorded Time", fields={}),
        "relationships": Shape(
            event_type="relationship",
            desc="Relation Time",
            fields={"user.id": "target_account_id", "id": "target_account_id", "user.username": "target_account_login"},
        ),
    }
)
ACTIVITY = Shape(
    event_type="activity",
    desc="Event Time",
    fields={
        "timestamp": "time",
        "event_type": "event_action",
        "ip": "ip",
        "user_id": "account_id",
        "session": "session_id",
        "session_id": "session_id",
        "client_uuid": "device_id",
        "browser_user_agent": "user_agent_original",
        "channel_id": "thread_id",
    },
    kinds={
        **dict.fromkeys(("login_successful", "login_attempted", "user_login"), "authentication"),
        **dict.fromkeys(("session_start", "session_start_success", "session_end"), "session"),
        **dict.fromkeys(("user_logout", "logout"), "logout"),
        "register": "account_created",
    },
    device_id_type="discord_client_uuid",
    utc=True,
)


def read_account(document: Document) -> Iterator[Item]:
    """Profile, sessions, linked accounts and relationships; the profile speaks of the bytes of the account's id."""
    scalars: dict[str, object] = {}
    for item in walk(document, lambda path: not path):
        if isinstance(item, Element) and item.path and item.raw[0] not in b"[{":
            loaded = item.load()
            scalars |= {} if isinstance(loaded, Reject) else {str(item.path[0]): loaded.value}
    for item in walk(document, lambda path: not path or (len(path) == 1 and path[0] in SHAPES)):
        if isinstance(item, Element):
            yield from _of_account(item, scalars)
        else:
            yield item


def _of_account(element: Element, scalars: Mapping[str, object]) -> Iterator[Item]:
    top = str(element.path[0]) if element.path else ""
    if len(element.path) == 2:
        yield _listed(element, SHAPES[top], text_of(scalars.get("id")))
    elif top == "id":
        yield from _profile(element, scalars)
    elif top in scalars:
        yield Skip(element.span, PROFILE_PROPERTY)
    else:
        reason = f"no rule of this format reads the member {element.pointer[:80]!a}"
        yield Reject(element.span, reason, "unknown_structure")


def _profile(element: Element, scalars: Mapping[str, object]) -> Iterator[Item]:
    kind, columns = read_row(scalars, _PROFILE, "discord")
    yield Event(element.span, element.pointer, kind, with_flags(columns, ()))
    made = id_moment(text_of(scalars.get("id")))
    if made:
        named = {name: columns.get(name) for name in ("account_platform", "account_id", "account_login")}
        yield Event(element.span, element.pointer, "account_created", {**made.columns("Id Time"), **named})


def _listed(element: Element, shape: Shape, owner: str | None) -> Item:
    loaded = element.load()
    if isinstance(loaded, Reject):
        return loaded
    value = loaded.value
    if not isinstance(value, dict):
        return Reject(element.span, "the item is not an object", "unknown_structure")
    kind, columns = read_row(value, shape, "discord")
    if shape is SHAPES["relationships"]:
        kind, columns["event_action"] = _KNOWN_BY_TYPE.get(str(value.get("type")), (kind, None))
    if shape is SHAPES["connections"]:
        columns["identifiers"] = _external(value)
    columns["account_id"] = owner
    return Event(element.span, element.pointer, kind, with_flags(columns, loaded.flags))


def _external(value: Mapping[str, object]) -> list[dict[str, str]] | None:
    """The linked account: service and name there."""
    service, name = text_of(value.get("type")), text_of(value.get("name")) or text_of(value.get("id"))
    return [{"type": "external_account", "value": f"{service}:{name}", "raw": name}] if service and name else None


def read_channel(element: Element, value: Mapping[str, object], flags: Sequence[str]) -> Event:
    """A channel and, for direct messages, the ids of those who take part."""
    people = value.get("recipients")
    rows = people if isinstance(people, list) else []
    ids = [text_of(row.get("id") if isinstance(row, dict) else row) for row in rows]
    values: dict[str, object] = {
        "account_platform": "discord",
        "thread_id": text_of(value.get("id")),
        "recipients": [one for one in ids if one] or None,
        "extra": {k: v for k, v in value.items() if k != "id" and (k != "recipients" or None in ids)},
    }
    return Event(element.span, element.pointer or "/", "thread", with_flags(values, flags))


def read_index_entry(element: Element, name: str, flags: Sequence[str]) -> Event:
    """A channel or a server by id, with the name the package gives it."""
    number = str(element.path[-1])
    direct = name.startswith(_DIRECT)
    values: dict[str, object] = {
        "account_platform": "discord",
        "event_action": "index_entry",
        "thread_id": number if direct else None,
        "extra": {"name": name} if direct else {"id": number, "name": name},
    }
    return Event(element.span, element.pointer, "thread" if direct else "record", with_flags(values, flags))
