"""Tables of Snap's return: which titles make one known, and what their cells mean."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from parsers.platform_exports._snapchat_times import pacific_time, snap_time
from parsers.platform_exports._titled_rows import Draft, Table, title_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["TABLES", "extra_of", "place_of"]

_METRES = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(?: ?(?:m|meters?|metres?))?", re.ASCII)
_PLACE = re.compile(rf"(-?\d{{1,3}}(?:\.\d{{1,12}})?)(?: ?\u00b1 ?{_METRES.pattern})?", re.ASCII)
_EMAIL = re.compile(r"[^\s@,;]{1,64}@[^\s@,;]{1,190}\.[^\s@.,;]{2,63}")
_SEPARATOR = re.compile("[,;]")
_NUMBER = re.compile(r"\+\d{7,15}", re.ASCII)
_MARKS = ("loginstatus", "completedauthentication", "verificationmethod", "authsessionid")
_TRUE, _FALSE = ("success", "succe", "true", "ok", "complete"), ("fail", "false", "denied", "reject", "incomplete")


def _kept(*keys: str) -> dict[str, str]:
    return dict.fromkeys(keys, "kept")


def extra_of(draft: Draft) -> dict[str, object]:
    """What no column took."""
    extra = draft.values.get("extra")
    return dict(extra) if isinstance(extra, dict) else {}


def place_of(text: str) -> tuple[float, float | None] | None:
    """Degrees and metres of ``34.47 ± 39.66 meters``; None for anything else."""
    match = _PLACE.fullmatch(text.strip())
    return (float(match[1]), float(match[2]) if match[2] else None) if match else None


def _subscriber(draft: Draft, cells: Mapping[str, str]) -> Iterator[Draft]:
    """Profile, registration (its address belongs to its time), and last activity, which is in Pacific time."""
    timed = {name: draft.values.get(name) for name in draft.values if name.startswith("time") or name == "tz_basis"}
    who = {name: draft.values.get(name) for name in ("account_platform", "account_id", "account_login")}
    places = {name: draft.values.get(name) for name in ("source_ip", "source_port")}
    lasting = {k: v for k, v in draft.values.items() if k not in timed and k not in places}
    yield Draft(draft.event_type, lasting)
    if timed or places["source_ip"]:
        yield Draft("account_created", {**who, **timed, **places, "event_action": "registration"})
    active = pacific_time(cells.get("lastactive", ""), None)
    if active:
        columns = active.columns("Last Active Time")
        yield Draft("activity", {**who, **columns, "event_action": "last_active", "parse_flags": list(active.flags)})


def _change(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """A change; old and new value also as identifiers where their form leaves no doubt."""
    found = [
        {"type": kind, "value": value, "raw": value}
        for value in (cells.get(side, "").strip() for side in ("oldvalue", "newvalue"))
        for kind, shape in (("email", _EMAIL), ("phone", _NUMBER))
        if shape.fullmatch(value[:300])
    ]
    return (Draft(draft.event_type, {**draft.values, "identifiers": found or None}),)


def _outcome(cells: Mapping[str, str]) -> str | None:
    """How a login ended, as far as the words leave no doubt."""
    for key in ("loginstatus", "completedauthentication"):
        said = cells.get(key, "").strip().casefold()
        if said:
            return "failure" if any(w in said for w in _FALSE) else "success" if said.startswith(_TRUE) else "unknown"
    return None


def _address(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """A row of the address log: a login where it speaks of one, else the use of an address."""
    login = any(key in cells for key in _MARKS)
    given = draft.values.get("event_action")
    action = given or ("login" if login else "upload" if "mediaid" in cells else "visit" if "url" in cells else None)
    kind = "authentication" if login else draft.event_type
    values = {**draft.values, "event_action": action or "address_used", "event_outcome": _outcome(cells)}
    several = str(values.get("target_account_login") or "")
    if _SEPARATOR.search(several):
        values |= {"target_account_login": None, "extra": extra_of(draft) | {"recipient": several}}
    return (Draft(kind, values),)


def _message(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """A message; in a group its members other than the sender receive it. Who sent it is settled by the row alone."""
    sender = draft.values.get("sender") or draft.values.get("account_id")
    members = [name.strip() for name in _SEPARATOR.split(cells.get("groupmemberusernames", "")) if name.strip()]
    recipients = draft.values.get("recipients") or [name for name in members if name != sender]
    flags = draft.values.get("parse_flags")
    unknown = [] if sender else ["direction_unknown"]
    values = {**draft.values, "sender": sender, "recipients": recipients or None}
    return (
        Draft(
            draft.event_type,
            values | {"parse_flags": [*(flags if isinstance(flags, list) else []), *unknown]},
            draft.text,
        ),
    )


def _position(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """Latitude and longitude as numbers; the accuracy is the widest that is written."""
    latitude, longitude = place_of(cells.get("latitude", "")), place_of(cells.get("longitude", ""))
    if latitude is None or longitude is None:
        return (draft,)
    stated = _METRES.fullmatch(cells.get("accuracy", "").strip())
    within = [metres for metres in (latitude[1], longitude[1], float(stated[1]) if stated else None) if metres]
    kept = {name: value for name, value in extra_of(draft).items() if title_key(name) not in {"latitude", "longitude"}}
    kept |= {"latitude": latitude[0], "longitude": longitude[0]}
    return (Draft(draft.event_type, {**draft.values, "extra": kept | ({"accuracy_m": max(within)} if within else {})}),)


def _friend(draft: Draft, _cells: Mapping[str, str]) -> Iterable[Draft]:
    """A relation; a request from the other side is the other side's act."""
    action = str(draft.values.get("event_action")).casefold()
    if not action.startswith(("incoming", "received", "pending")):
        return (draft,)
    turned = {f"account_{part}": draft.values.get(f"target_account_{part}") for part in ("login", "id")}
    turned |= {"target_account_login": None, "target_account_id": None}
    return (draft._replace(event_type="follow_request", values=draft.values | turned),)


_table = partial(Table, read_time=snap_time)
_AGENT = {"useragent": "user_agent_original", "clientsourceport": "port", "sourceportnumber": "port"}
_IP_COLUMNS = {
    **_AGENT,
    "ip": "ip",
    "authsessionid": "session_id",
    "actiontype": "event_action",
    "sendername": "account_login",
    "recipient": "target_account_login",
    **_kept(*("loginstatus", "completedauthentication", "authenticationdevicedescriptor", "cloudaccountid")),
    **_kept("mediaid", "verificationmethod", "asn", "url"),
}
_TWO = {"userid": "account_id", "username": "account_login"}

TABLES: tuple[Table, ...] = (
    _table(
        event_type="account_profile",
        action="subscriber",
        desc="Creation Time",
        required=frozenset({"username", "emailaddress", "created"}),
        fields={
            "userid": "account_id",
            "username": "username",
            "emailaddress": "email",
            "pendingemailaddress": "email",
            "phonenumber": "phone",
            "pendingphonenumber": "phone",
            "formerphonenumber": "phone",
            "displayname": "account_display_name",
            "created": "time",
            "creationip": "ip",
            **_kept("emailstatus", "phonestatus", "status", "birthdate", "lastactive", "appversion", "2fastatus"),
        },
        finish=_subscriber,
    ),
    _table(
        event_type="account_change",
        desc="Change Time",
        required=frozenset({"action", "oldvalue", "newvalue"}),
        fields={"date": "time", "action": "event_action", **_kept("oldvalue", "newvalue", "reason")},
        finish=_change,
        score=55,
    ),
    _table(
        event_type="activity",
        desc="Recorded Time",
        required=frozenset({"ip", "timestamp"}),
        fields={**_IP_COLUMNS, "timestamp": "time", **_kept("firstseentime", "lastseentime")},
        finish=_address,
        weak=True,
        score=50,
    ),
    _table(
        event_type="session",
        action="address_used",
        desc="First Seen Time",
        required=frozenset({"ip", "firstseentime"}),
        fields={**_IP_COLUMNS, "firstseentime": "time", "lastseentime": "end"},
        weak=True,
        score=50,
    ),
    _table(
        event_type="message",
        desc="Sent Time",
        required=frozenset({"conversationid", "messageid", "timestamp"}),
        fields={
            "timestamp": "time",
            "messagetype": "message_type",
            "conversationid": "thread_id",
            "messageid": "message_id",
            "replytomessageid": "in_reply_to",
            "senderusername": "sender",
            "senderuserid": "account_id",
            "recipientusername": "recipients",
            "text": "text",
            "uploadip": "ip",
            "sourceportnumber": "port",
            **_kept("contenttype", "conversationtitle", "recipientuserid", "mediaid", "issaved", "savedby"),
            **_kept("screenshottedby", "replayedby", "screenrecordedby", "readby", "reactions", "isoneonone"),
            **_kept("groupmemberusernames", "groupmemberuserids", "isencrypted", "istopicchat"),
        },
        finish=_message,
        score=70,
    ),
    _table(
        event_type="call",
        desc="Call Start Time",
        required=frozenset({"callstart", "callend"}),
        fields={
            "callstart": "time",
            "callend": "end",
            "conversationid": "thread_id",
            "calltype": "message_type",
        },
    ),
    _table(
        event_type="call",
        action="participant",
        desc="Joined Time",
        required=frozenset({"participantusername"}),
        fields={
            "participantusername": "account_login",
            "participantuserid": "account_id",
            "jointime": "time",
            "leavetime": "end",
        },
    ),
    _table(
        event_type="relationship",
        desc="Added Time",
        required=frozenset({"friendusername"}),
        fields={
            "friendusername": "target_account_login",
            "frienduserid": "target_account_id",
            "linktype": "event_action",
            "addedtime": "time",
            "addedtimestamp": "time",
            **_kept("frienddisplayname"),
        },
        kinds={"blocked": "block", "outgoing": "follow_request"},
        finish=_friend,
        score=55,
    ),
    _table(
        event_type="location",
        action="position",
        desc="Recorded Time",
        required=frozenset({"latitude", "longitude", "timestamp"}),
        fields={"timestamp": "time", **_kept("latitude", "longitude", "accuracy", "islivelocation")},
        finish=_position,
        weak=True,
        score=50,
    ),
    _table(
        event_type="location",
        action="region",
        desc="Recorded Time",
        required=frozenset({"country", "region", "city"}),
        fields={"timestamp": "time", **_kept("country", "region", "city")},
        weak=True,
        score=50,
    ),
    _table(
        event_type="account_profile",
        action="advertising_id",
        desc="Recorded Time",
        required=frozenset({"deviceadvertisingid"}),
        fields={"deviceadvertisingid": "ad_id", "timestamp": "time", **_kept("devicetype", "os")},
    ),
    _table(
        event_type="account_profile",
        action="push_token",
        desc="Recorded Time",
        required=frozenset({"pushtoken"}),
        fields={"pushtoken": "kept", "timestamp": "time", **_kept("devicetype", "os", "platform")},
        score=50,
    ),
    _table(
        event_type="activity",
        action="report",
        desc="Message Time",
        required=frozenset({"reporteruserid", "reporteduserid"}),
        fields={
            "reporteruserid": "account_id",
            "reporteduserid": "target_account_id",
            "messagetimestamp": "time",
            **_kept("reason"),
        },
    ),
)
