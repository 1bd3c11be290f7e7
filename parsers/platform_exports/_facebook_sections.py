"""Sections of the Facebook download: the name of a list, and what its items are and say.

Names lose their generation (``_v2``, ``_v3``) before they are looked up: generations added members, they did not
change meanings.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.platform_exports._json_rows import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NESTED", "SECTIONS", "section_of"]

_GENERATION = re.compile(r"_v[1-9]$")
_KINDS = MappingProxyType(
    {
        **dict.fromkeys(("login", "log in", "logged in", "web login", "mobile login"), "authentication"),
        **dict.fromkeys(("logout", "log out", "logged out", "session terminated"), "logout"),
        **dict.fromkeys(("password change", "changed password", "reset password"), "account_change"),
    }
)
_PEER = {
    "timestamp": "time",
    "created_timestamp": "time",
    "updated_timestamp": "end",
    "action": "event_action",
    "ip_address": "ip",
    "ip": "ip",
    "port": "port",
    "user_agent": "user_agent_original",
    "datr_cookie": "cookie",
    "device_id": "device_id",
}
_IN_SESSION = {f"session.{name}": meaning for name, meaning in _PEER.items()}


def _session(action: str | None, desc: str, kind: str = "session") -> Shape:
    return Shape(
        event_type=kind, action=action, desc=desc, fields=_PEER, kinds=_KINDS, device_id_type="facebook_device_id"
    )


def _other(kind: str, action: str, desc: str, *, actor: bool = False) -> Shape:
    """A record that names another account by its display name alone."""
    fields = {"timestamp": "time", **({"name": "account_display_name"} if actor else {})}
    return Shape(event_type=kind, action=action, desc=desc, fields=fields)


_POSITION = {
    "creation_timestamp": "time",
    "timestamp": "time",
    "time": "time",
    "coordinate.latitude": "latitude",
    "coordinate.longitude": "longitude",
    "coordinates.latitude": "latitude",
    "coordinates.longitude": "longitude",
    "coordinate.accuracy": "accuracy",
}
_UPLOAD = {"creation_timestamp": "time"}
SECTIONS: Mapping[str, Shape] = MappingProxyType(
    {
        "account_activity": _session(None, "Activity Time"),
        "account_accesses": _session(None, "Activity Time"),
        "used_ip_address": _session(None, "Activity Time"),
        "active_sessions": _session("active_session", "Session Start Time"),
        "recognized_devices": _session("recognized_device", "Recognition Time", "account_profile"),
        "admin_records": Shape(
            event_type="account_change",
            desc="Change Time",
            fields={"event": "event_action", **_IN_SESSION, "timestamp": "time"},
        ),
        "login_protection_data": Shape(
            event_type="account_profile",
            action="login_protection",
            desc="Creation Time",
            fields={**_IN_SESSION, "name": "labelled"},
        ),
        "contact_verifications": Shape(
            event_type="account_profile",
            action="contact_verification",
            desc="Verification Time",
            fields={
                **dict.fromkeys(("timestamp", "verification_time"), "time"),
                **dict.fromkeys(("contact", "contact_point", "email", "phone_number"), "contact"),
            },
        ),
        "devices": Shape(
            event_type="account_profile",
            action="device",
            desc="Update Time",
            fields={
                "update_time": "time",
                "timestamp": "time",
                "user_agent": "user_agent_original",
                "advertiser_id": "ad_id",
                "family_device_id": "device_id",
                "redacted_advertiser_id": "ad_id",
            },
            device_id_type="facebook_family_device_id",
        ),
        "profile": Shape(
            event_type="account_profile",
            action="profile",
            desc="Recorded Time",
            fields={
                "name.full_name": "account_display_name",
                "username": "username",
                "emails.emails": "email",
                "emails.previous_emails": "email",
                "phone_numbers": "phones",
            },
        ),
        "searches": Shape(event_type="activity", action="search", desc="Search Time", fields={"timestamp": "time"}),
        "profile_visits": Shape(
            event_type="activity", action="profile_visit", desc="Visit Time", fields={"timestamp": "time"}
        ),
        "location_history": Shape(event_type="location", desc="Recorded Time", fields=_POSITION),
        "last_location": Shape(event_type="location", action="last_location", desc="Recorded Time", fields=_POSITION),
        "other_photos": Shape(event_type="activity", action="media_upload", desc="Upload Time", fields=_UPLOAD),
        "videos": Shape(event_type="activity", action="media_upload", desc="Upload Time", fields=_UPLOAD),
        "friends": _other("relationship", "friend_added", "Friend Time"),
        "deleted_friends": _other("relationship", "friend_removed", "Removal Time"),
        "received_requests": _other("follow_request", "request_received", "Request Time", actor=True),
        "rejected_requests": _other("follow_request", "request_rejected", "Rejection Time", actor=True),
        "sent_requests": _other("follow_request", "request_sent", "Request Time"),
        "following": _other("relationship", "following", "Follow Time"),
        "followers": _other("relationship", "followed", "Follow Time", actor=True),
        "blocked_users": _other("block", "blocked", "Block Time"),
    }
)
NESTED: Mapping[str, Shape] = MappingProxyType(
    {
        "visited_things": Shape(
            event_type="activity",
            action="visit",
            desc="Visit Time",
            fields={"timestamp": "time"},
        )
    }
)
"""Sections whose items are groups: a name, and the records under ``entries``."""


def section_of(key: object) -> str | None:
    """The name of a section without its generation, when it has one; else None."""
    match = _GENERATION.search(key) if isinstance(key, str) else None
    return key[: match.start()] if match and isinstance(key, str) else None
