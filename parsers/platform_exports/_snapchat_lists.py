"""Lists of Snapchat's My Data: what each section of the files is, and what the members of its items mean."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.platform_exports._json_rows import Shape, read_row
from parsers.platform_exports._snapchat_tables import place_of
from parsers.platform_exports._snapchat_times import snap_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["BASIC", "OBJECTS", "SECTIONS", "rows_of"]

BASIC = "Basic Information"
_PAIR = "Latitude, Longitude"
_shape = partial(Shape, read_time=snap_time)


def _relation(event_type: str, action: str) -> Shape:
    return _shape(
        event_type=event_type,
        action=action,
        desc="Creation Time",
        fields={"Username": "target_account_login", "Creation Timestamp": "time"},
    )


def _change(action: str, fields: Mapping[str, str] = MappingProxyType({})) -> Shape:
    return _shape(event_type="account_change", action=action, desc="Change Time", fields={"Date": "time", **fields})


def _place(action: str) -> Shape:
    fields = {"Time": "time", "Date": "time"}
    return _shape(event_type="location", action=action, desc="Recorded Time", fields=fields)


SECTIONS = MappingProxyType(
    {
        BASIC: _shape(
            event_type="account_profile", action="profile", desc="Recorded Time", fields={"Username": "username"}
        ),
        "Device Information": _shape(event_type="account_profile", action="device", fields={}),
        "Device History": _shape(
            event_type="account_profile", action="device", desc="Start Time", fields={"Start Time": "time"}
        ),
        "Login History": _shape(
            event_type="authentication",
            action="login",
            desc="Login Time",
            fields={"Created": "time", "IP": "ip", "User Agent": "user_agent_original"},
        ),
        "Privacy Policy and Terms of Service Acceptance History": _shape(
            event_type="activity", action="terms_accepted", desc="Acceptance Time", fields={"Acceptance Date": "time"}
        ),
        "Display Name Change": _change("display_name_change"),
        "Email Change": _change("email_change", {"Email Address": "email"}),
        "Mobile Number Change": _change("phone_change", {"Mobile Number": "phone"}),
        "Password Change": _change("password_change"),
        "Two-Factor Authentication": _change("two_factor_change"),
        "Snapchat Linked to Bitmoji": _change("bitmoji_linked"),
        "Account deactivated / reactivated": _change("deactivation"),
        "Download My Data Reports": _change("data_report", {"Email Address": "email"}),
        "Friends": _relation("relationship", "friend"),
        "Friend Requests Sent": _relation("follow_request", "request_sent"),
        "Pending Requests": _relation("follow_request", "request_received"),
        "Ignored Snapchatters": _relation("relationship", "request_ignored"),
        "Blocked Users": _relation("block", "blocked"),
        "Deleted Friends": _relation("relationship", "deleted_friend"),
        "Hidden Friend Suggestions": _relation("relationship", "hidden_suggestion"),
        "Location History": _place("position"),
        "Latest Location": _place("latest_location"),
        "Frequent Locations": _place("frequent_location"),
        "Areas you may have visited in the last two years": _place("area_visited"),
    }
)
"""Name of a section -> what its items are."""

OBJECTS = frozenset({BASIC, "Device Information"})
"""Sections that are one object, not a list."""

_OUTCOMES = MappingProxyType({"success": "success", "successful": "success", "failure": "failure", "failed": "failure"})


def rows_of(
    section: str, value: Mapping[str, object], holder: str | None, zone: str | None
) -> Iterator[tuple[str, dict[str, object]]]:
    """Event types and columns of one item of a section, of the account holder's own account."""
    if section == BASIC:
        yield from _basic(value, zone)
        return
    with_app = section == "Login History" and "App" in value
    kind, columns = read_row(value, _APP_LOGIN if with_app else SECTIONS[section], "snapchat", zone)
    if columns["event_action"] == "request_received":  # the other side asked
        columns |= {"account_login": columns.get("target_account_login"), "target_account_login": holder}
    else:
        columns["account_login"] = holder
    if kind == "authentication":
        columns["event_outcome"] = _OUTCOMES.get(str(value.get("Status", "")).strip().casefold())
    elif kind == "location":
        _position(columns)
    yield kind, columns


def _basic(value: Mapping[str, object], zone: str | None) -> Iterator[tuple[str, dict[str, object]]]:
    """Profile, registration (its address belongs to its date), and last activity."""
    dated = ("Creation Date", "Registration IP", "Last Active")
    kind, profile = read_row(
        {k: v for k, v in value.items() if k not in dated and k != "Name"}, SECTIONS[BASIC], "snapchat", zone
    )
    name = value.get("Name")
    yield kind, profile | {"account_display_name": name if isinstance(name, str) and name else None}
    own = {"account_login": profile.get("account_login")}
    for names, shape in ((dated[:2], _CREATED), (dated[2:], _ACTIVE)):
        part = {k: value[k] for k in names if value.get(k)}
        if part:
            other, columns = read_row(part, shape, "snapchat", zone)
            yield other, columns | own


_CREATED = _shape(
    event_type="account_created",
    action="registration",
    desc="Creation Time",
    fields={"Creation Date": "time", "Registration IP": "ip"},
)
_APP_LOGIN = _shape(event_type="activity", action="app_login", desc="Login Time", fields={"Time": "time"})
"""In the file of connected apps the same name lists sign-ins to other services."""
_ACTIVE = _shape(
    event_type="activity", action="last_active", desc="Last Active Time", fields={"Last Active": "time"}
)


def _position(columns: dict[str, object]) -> None:
    """``34.47 ± 39.66, -118.2 ± 12.1`` as numbers; the accuracy is the wider of the two."""
    extra = columns["extra"]
    written = extra.get(_PAIR) if isinstance(extra, dict) else None
    parts = [place_of(part) for part in written.split(",")] if isinstance(written, str) else []
    if not isinstance(extra, dict) or len(parts) != 2 or parts[0] is None or parts[1] is None:
        return
    within = [metres for _, metres in (parts[0], parts[1]) if metres is not None]
    del extra[_PAIR]
    extra |= {"latitude": parts[0][0], "longitude": parts[1][0]}
    extra |= {"accuracy_m": max(within)} if within else {}
