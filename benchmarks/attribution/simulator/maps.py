"""The tables services hand over, and the column maps somebody would write for them."""

from __future__ import annotations

import json
from typing import NamedTuple

__all__ = ["TABLES_WRITTEN", "column_map"]


class _Table(NamedTuple):
    """How one kind of table is written: its columns with the event field each feeds, and the rest of its map."""

    event_type: str
    columns: tuple[tuple[str, str, str], ...]  # title, event field ("" for identifiers), column of the case
    identifiers: tuple[tuple[str, str], ...] = ()  # identifier type, title
    event_types: tuple[tuple[str, str], ...] = ()  # cell of the kind column, event type


_WHO = (("Account no", "account_id", "native_id"), ("User name", "account_login", "login"))
_OTHER = ("Other account no", "target_account_id", "other_id")
_IDENTIFIERS = {
    "recovery_email": "recovery_email",
    "recovery_phone": "recovery_phone",
    "email": "email",
    "phone": "phone",
    "cookie": "cookie",
    "ad_id": "ad_id",
    "payment": "payment",
    "url": "url",
    "media_sha256": "media_sha256",
    "exif_serial": "camera_serial",
    "mailer_id": "cookie",
}
"""Kind of the world -> identifier type of the column map."""

TABLES_WRITTEN = {
    "accounts": _Table(
        "account_created",
        (("Time", "timestamp", "time"), *_WHO, ("Name shown", "account_display_name", "display_name")),
    ),
    "sessions": _Table(
        "session",
        (
            ("Time", "timestamp", "time"),
            *_WHO,
            ("Address", "source_ip", "ip"),
            ("Port", "source_port", "port"),
            ("Device", "device_id", "device_id"),
            ("User agent", "user_agent_original", "user_agent"),
            ("Kind", "event_action", "kind"),
        ),
        event_types=(
            ("login", "authentication"),
            ("session", "session"),
            ("post", "activity"),
            ("scheduled", "activity"),
        ),
    ),
    "identifiers": _Table(
        "account_profile",
        (
            ("Time", "timestamp", "time"),
            *_WHO,
            *((kind, "", kind) for kind in _IDENTIFIERS),
            ("Verified", "", "verified"),
        ),
        identifiers=tuple((to, kind) for kind, to in _IDENTIFIERS.items()),
    ),
    "messages": _Table(
        "message",
        (
            ("Time", "timestamp", "time"),
            *_WHO,
            _OTHER,
            ("Conversation", "thread_id", "thread"),
            ("Text", "text", "text"),
        ),
    ),
    "relations": _Table(
        "relationship", (("Time", "timestamp", "time"), *_WHO, ("Kind", "event_action", "kind"), _OTHER)
    ),
    "links": _Table("provider_link", (*_WHO, ("Basis", "event_action", "basis"), _OTHER)),
}


def column_map(platform: str, kind: str, *, zoned: bool) -> str:
    """The column map of one table, as somebody would write it."""
    table, quote = TABLES_WRITTEN[kind], json.dumps
    lines = [f"title = {quote(f'{platform}, {kind}')}", f"event_type = {quote(table.event_type)}"]
    lines.append(f"platform = {quote(platform)}")
    if table.event_types:
        lines += [
            'event_type_column = "Kind"',
            "",
            "[event_types]",
            *(f"{k} = {quote(v)}" for k, v in table.event_types),
        ]
    lines += ["", "[columns]", *(f"{field} = {quote(title)}" for title, field, _ in table.columns if field)]
    by_type: dict[str, list[str]] = {}
    for kind_of, title in table.identifiers:
        by_type.setdefault(kind_of, []).append(title)
    if by_type:
        lines += ["", "[identifiers]", *(f"{name} = {quote(titles)}" for name, titles in by_type.items())]
    if zoned:
        lines += ["", "[time]", 'zone = "UTC"']
    return "\n".join(lines) + "\n"
