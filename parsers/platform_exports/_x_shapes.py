"""Items of X archives and returns: the name that wraps an item, and what the item is and says."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.platform_exports._json_rows import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["CONVERSATION", "IGNORED", "MESSAGE_ENTRY", "SHAPES", "known_by_members"]

CONVERSATION, MESSAGE_ENTRY = "dmconversation", "messagecreate"
_PEER = {"accountId": "account_id", "createdAt": "time", "loginIp": "ip", "userCreationIp": "ip"}
_PEER |= dict.fromkeys(("loginPortNumber", "loginPort"), "port")


def _profile(action: str, **fields: str) -> Shape:
    return Shape(event_type="account_profile", action=action, fields={"accountId": "account_id", **fields}, utc=True)


def _change(action: str, kind: str | None, inner: str) -> Shape:
    values = {f"{inner}.changedTo": kind, f"{inner}.changedFrom": kind} if kind else {}
    fields = {"accountId": "account_id", f"{inner}.changedAt": "time", **values}
    return Shape(event_type="account_change", action=action, desc="Change Time", fields=fields, utc=True)


def _other(kind: str, action: str, meaning: str = "target_account_id") -> Shape:
    return Shape(event_type=kind, action=action, fields={"accountId": meaning})


def _used(action: str, desc: str, fields: Mapping[str, str]) -> Shape:
    return Shape(event_type="activity", action=action, desc=desc, fields=fields, utc=True)


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "account": _profile(
            "profile",
            username="username",
            accountDisplayName="account_display_name",
            email="email",
            phoneNumber="phone",
        ),
        "accountcreationip": Shape(event_type="account_created", action="account_creation_ip", fields=_PEER, utc=True),
        "ipaudit": Shape(event_type="authentication", action="login", desc="Login Time", fields=_PEER, utc=True),
        "devicetoken": Shape(
            event_type="session",
            action="device_token",
            desc="Creation Time",
            fields={"createdAt": "time", "lastSeenAt": "end", "token": "device_id"},
            device_id_type="x_device_token",
            utc=True,
        ),
        "nideviceresponse": Shape(
            event_type="account_profile",
            action="device",
            fields={"messagingDevice.phoneNumber": "phone", "pushDevice.udid": "device_id"},
            device_id_type="x_push_device",
        ),
        "device": _profile("phone_number", phoneNumber="phone"),
        "accounttimezone": _profile("timezone"),
        "accountlabel": _profile("label"),
        "verified": _profile("verified"),
        "profile": _profile("description"),
        "screennamechange": _change("screen_name_change", "username", "screenNameChange"),
        "emailaddresschange": _change("email_address_change", "email", "emailChange"),
        "accountsuspension": Shape(
            event_type="account_change",
            desc="Change Time",
            fields={"timeStamp": "time", "action": "event_action", "accountId": "account_id"},
            utc=True,
        ),
        "protectedhistory": Shape(
            event_type="account_change",
            desc="Change Time",
            fields={"protectedAt": "time", "action": "event_action", "accountId": "account_id"},
            utc=True,
        ),
        "connectedapplication": _used("connected_application", "Approval Time", {"approvedAt": "time"}),
        "follower": _other("relationship", "followed", "account_id"),
        "following": _other("relationship", "following"),
        "blocking": _other("block", "blocked"),
        "muting": _other("block", "muted"),
        "contact": Shape(event_type="relationship", action="contact", fields={}),
        "savedsearch": _used("saved_search", "Search Time", {}),
        "like": _used("like", "Like Time", {}),
        "tweet": _used(
            "tweet",
            "Post Time",
            {
                "id_str": "message_id",
                "created_at": "time",
                "in_reply_to_status_id_str": "in_reply_to",
                "in_reply_to_status_id": "in_reply_to",
                "in_reply_to_user_id_str": "target_account_id",
                "in_reply_to_user_id": "target_account_id",
                "in_reply_to_screen_name": "target_account_login",
            },
        ),
    }
)
"""By the name that wraps an item, without case and punctuation."""

IGNORED = MappingProxyType({"ad": "advertising", "adsuserdata": "advertising"})
"""Wrapping names whose items are passed over by a rule."""

_BY_MEMBERS = (
    ({"loginIp", "createdAt"}, "ipaudit"),
    ({"userCreationIp"}, "accountcreationip"),
    ({"conversationId", "messages"}, CONVERSATION),
    ({"senderId", "id", "createdAt"}, MESSAGE_ENTRY),
    ({"token", "clientApplicationId"}, "devicetoken"),
    ({"accountId", "username", "createdAt"}, "account"),
    ({"accountId", "timeZone"}, "accounttimezone"),
    ({"approvedAt", "permissions"}, "connectedapplication"),
    ({"id_str", "full_text"}, "tweet"),
)


def known_by_members(names: Iterable[str]) -> str | None:
    """What an item without a wrapping name is, by the names inside it."""
    have = set(names)
    return next((kind for members, kind in _BY_MEMBERS if members <= have), None)
