"""Sections of a Meta Business Record (Facebook, Instagram, Threads), by the ids the page gives them."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from parsers.platform_exports._return_document import PARAMETERS
from parsers.platform_exports._return_spec import Spec

__all__ = ["META_SECTIONS", "PARAMETER_FIELDS"]

PARAMETER_FIELDS = MappingProxyType(
    {
        "service": "keep",
        "internal ticket number": "keep",
        "target": "keep",
        "account identifier": "keep",
        "account type": "keep",
        "user generated": "keep",
        "generated": "time",
        "date range": "keep",
    }
)
_PROFILE = Spec(event_type="account_profile", action="profile")
_MESSAGES = Spec(
    event_type="message",
    desc="Sent Time",
    layout="messages",
    role="sender",
    fields=MappingProxyType(
        {
            "author": "sender",
            "sent": "time",
            "body": "text",
            "removed by sender": "deleted",
            "disappearing message": "keep",
            "disappearing duration": "keep",
            "read receipts": "keep",
            "ai": "keep",
            "linked media file": "media",
            "attachments / type": "keep",
            "attachments / size": "keep",
            "attachments / url": "keep",
            "attachments / linked media file": "media",
            "share / date created": "keep",
            "share / text": "keep",
            "share / url": "keep",
            "call record / type": "keep",
            "call record / missed": "keep",
            "call record / duration": "keep",
            "subscription event / type": "keep",
            "subscription event / users": "keep",
        }
    ),
    context=MappingProxyType(
        {"thread": "thread_id", "current participants": "members", "past participants": "former"}
    ),
    nested=frozenset({"attachments", "share", "call record", "subscription event"}),
)
_SHARED = Spec(
    event_type="account_profile",
    action="shared_access",
    fields=MappingProxyType({"user": "linked", "account": "linked", "time": "time", "role": "keep"}),
)
_FOLLOWERS = Spec(event_type="relationship", action="followed", role="actor", layout="list")
_BASE: dict[str, Spec] = {
    PARAMETERS: Spec(
        event_type="account_profile", action="request_parameters", desc="Generated Time", fields=PARAMETER_FIELDS
    ),
    "name": replace(
        _PROFILE, fields=MappingProxyType(dict.fromkeys(("first", "middle", "last", "full name", "name"), "display"))
    ),
    "emails": replace(
        _PROFILE,
        action="emails",
        fields=MappingProxyType(dict.fromkeys(("registered email addresses", "email", "emails"), "email")),
    ),
    "phone_numbers": replace(
        _PROFILE,
        action="phone_numbers",
        fields=MappingProxyType(dict.fromkeys(("phone numbers", "phone number", "phone"), "phone")),
    ),
    "vanity": replace(
        _PROFILE, action="vanity", fields=MappingProxyType({"vanity": "username", "vanity name": "username"})
    ),
    "registration_date": Spec(
        event_type="account_created",
        action="registration",
        desc="Creation Time",
        fields=MappingProxyType({"registration date": "time"}),
    ),
    "registration_ip": Spec(
        event_type="account_created",
        action="registration_ip",
        desc="Creation Time",
        fields=MappingProxyType({"registration ip": "ip", "time": "time"}),
    ),
    "account_end_date": Spec(
        event_type="account_change",
        action="account_end",
        desc="Account End Time",
        fields=MappingProxyType({"account still active": "keep", "account end date": "time", "time": "time"}),
    ),
    "logins": Spec(
        event_type="authentication",
        action="login",
        desc="Login Time",
        fields=MappingProxyType({"ip address": "ip", "time": "time", "action": "action", "user agent": "user_agent"}),
    ),
    "ip_addresses": Spec(
        event_type="session",
        action="address_recorded",
        desc="Recorded Time",
        fields=MappingProxyType({"ip address": "ip", "time": "time", "action": "action"}),
    ),
    "devices": replace(
        _PROFILE,
        action="device",
        fields=MappingProxyType({"type": "device_type", "id": "device_id", "active": "keep", "user": "linked"}),
    ),
    "followers": _FOLLOWERS,
    "following": replace(_FOLLOWERS, action="following", role="target"),
    "incoming_follow_requests": replace(_FOLLOWERS, event_type="follow_request", action="request_received"),
    "last_location": Spec(
        event_type="location",
        action="last_location",
        fields=MappingProxyType(
            {"time": "time", "latitude": "latitude", "longitude": "longitude", "accuracy": "accuracy"}
        ),
    ),
    "searches": Spec(
        event_type="activity",
        action="search",
        desc="Search Time",
        fields=MappingProxyType({"search": "text", "query": "text", "time": "time", "date": "time"}),
    ),
    "comments": Spec(
        event_type="activity",
        action="comment",
        desc="Creation Time",
        fields=MappingProxyType(
            {"id": "message_id", "date created": "time", "text": "text", "status": "keep", "url": "keep"}
        ),
    ),
    "unified_messages": _MESSAGES,
    "reported_conversations": _MESSAGES,
    "reported_disappearing_messages": _MESSAGES,
    "encrypted_groups_info": Spec(
        event_type="thread",
        action="encrypted_group",
        layout="rows",
        fields=MappingProxyType({"thread": "thread_id", "time": "time", "participants": "members"}),
    ),
    "shared_access": _SHARED,
    "account_owner_shared_access": _SHARED,
    "ncmec_reports": Spec(
        event_type="record",
        action="ncmec_report",
        fields=MappingProxyType({"cybertip id": "keep", "id": "keep", "time": "time", "responsible id": "keep"}),
    ),
}
META_SECTIONS = MappingProxyType(
    _BASE | {f"threads_{name}": replace(spec, platform="threads") for name, spec in _BASE.items() if name != PARAMETERS}
)
"""Section id -> its declaration. Sections of Threads have the same parts under ids of their own."""
