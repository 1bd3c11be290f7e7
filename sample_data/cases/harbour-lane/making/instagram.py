"""Instagram downloads of four accounts, as the provider lays them out: two generations of the layout, nested zip."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from making import instagram_layout as layout
from making import words
from making.instagram_layout import ADA, ANON, INBOX, LENA, MAIL, QUIET
from making.kit import Draw, Evidence, Fact, at, iso, zip_bytes
from making.world import ADA_HOME, BLOCKED, CONCURRENT, DEVICES, EXITS, HANDOVERS, HOME, SLIP, Use, sessions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["write"]

_SECURITY = "security_and_login_information/login_and_profile_creation/"
_FOLLOW = "connections/followers_and_following/"
_LOGINS = _SECURITY + "login_activity.json"
_SIGNUP = _SECURITY + "signup_details.json"
_QUIET_CHAT = INBOX + "inbox/adaharbour_17842290013/message_1.json"
_INSTALL = DEVICES["resp_phone"].install_id
_REGISTERED = at("2026-02-09 07:52:18")
# The smallest file that calls itself a JPEG; what it shows does not matter here.
_PICTURE = base64.b64decode(
    "/9j/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/"
    "yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k="
)


def _uses(login: str) -> list[Use]:
    """Log-ins of an account; each message it sent has one three minutes earlier, where the account mostly is."""
    uses = sessions_of(f"instagram:{login}")
    draw = Draw(f"messages/{login}")
    script = {QUIET: words.QUIET_PIER, ANON: words.PIERWATCHER}.get(login, ())
    for number, (when, own, _) in enumerate(script):
        if own and when - 180 >= uses[0].when:
            ip = EXITS[number % 4] if login == ANON else HOME
            uses.append(Use(when - 180, uses[0].account, ip, draw.between(1024, 65_000), "resp_phone"))
    return sorted(uses, key=lambda use: use.when)


def _newest_first(uses: Sequence[Use]) -> dict[str, object]:
    return {"account_history_login_history": [layout.login_row(use) for use in reversed(uses)]}


def _logouts(login: str) -> dict[str, object]:
    rows = [
        layout.item(
            layout.stamp(t + 200),
            IP_Address=layout.cell(EXITS[i]),
            Time=layout.cell("", t + 200),
            User_Agent=layout.cell(DEVICES["resp_phone"].app),
            Cookie_Name=layout.cell(DEVICES["resp_phone"].cookie),
            Language_Code=layout.cell("en"),
        )
        for i, t in reversed(tuple(enumerate(HANDOVERS)))
    ]
    return {"account_history_logout_history": rows if login == QUIET else []}


def _base(login: str, keys: Sequence[str], last: int) -> dict[str, object]:
    return {
        "personal_information/personal_information/personal_information.json": layout.profile(login),
        "personal_information/device_information/devices.json": layout.devices(keys, last),
    }


# What stands where in the download of quiet_pier_7.
_QUIET_FACTS: tuple[tuple[Fact, str], ...] = (
    (
        Fact(
            "F02",
            "quiet_pier_7 was registered from the shared home address eleven hours after the block",
            f'"timestamp": {_REGISTERED}',
            "account_created",
            {"account_login": QUIET, "source_ip": HOME, "timestamp": iso(_REGISTERED)},
        ),
        _SIGNUP,
    ),
    (
        Fact(
            "F03",
            "contact e-mail of quiet_pier_7 is the throw-away mailbox",
            MAIL[QUIET],
            "account_profile",
            {"account_login": QUIET, "identifier": {"type": "email", "value": MAIL[QUIET]}},
        ),
        "personal_information/personal_information/personal_information.json",
    ),
    (
        Fact(
            "F04",
            "install id of the telephone on quiet_pier_7",
            _INSTALL,
            "authentication",
            {"identifier": {"type": "device_id", "value": _INSTALL}},
        ),
        _LOGINS,
    ),
    (
        Fact(
            "F06",
            "quiet_pier_7 logs out on a VPN exit; pierwatcher.x logs in there within a minute (F07)",
            f'"timestamp": {HANDOVERS[0] + 200}',
            "logout",
            {"source_ip": EXITS[0], "timestamp": iso(HANDOVERS[0] + 200)},
        ),
        _SECURITY + "logout_activity.json",
    ),
    (
        Fact(
            "F08",
            "follow request to the protected account fourteen minutes after registration",
            f'"timestamp": {_REGISTERED + 840}',
            "follow_request",
            {"event_action": "request_sent", "target_account_login": ADA, "timestamp": iso(_REGISTERED + 840)},
        ),
        _FOLLOW + "pending_follow_requests.json",
    ),
    (
        Fact(
            "F09",
            "a message with an emoji that the provider wrote as Latin-1 escapes",
            "\\u00f0\\u009f\\u0099\\u0081",
            "message",
            {"text": "that is not fair. i only want to talk 🙁", "parse_flag": "mojibake_repaired"},
        ),
        _QUIET_CHAT,
    ),
    (
        Fact(
            "F10",
            "in use at home in a minute in which lena.kestrel is in use there on another telephone (F21)",
            f'"timestamp": {CONCURRENT[0]}',
            "authentication",
            {"source_ip": HOME, "timestamp": iso(CONCURRENT[0])},
        ),
        _LOGINS,
    ),
)


def _quiet() -> tuple[bytes, list[tuple[Fact, tuple[str, ...]]]]:
    uses = _uses(QUIET)
    _, content = layout.thread(QUIET, words.QUIET_PIER, "adaharbour_17842290013", "inbox")
    members = {
        **_base(QUIET, ("resp_phone", "resp_laptop"), uses[-1].when),
        _LOGINS: _newest_first(uses),
        _SECURITY + "logout_activity.json": _logouts(QUIET),
        _SIGNUP: layout.registration(QUIET, _REGISTERED, HOME, "resp_phone"),
        _FOLLOW + "pending_follow_requests.json": layout.relations(
            "relationships_follow_requests_sent", [(ADA, _REGISTERED + 840)]
        ),
        _FOLLOW + "following.json": layout.relations(
            "relationships_following", [("tidewater.forum", _REGISTERED + 300)]
        ),
        _QUIET_CHAT: content,
    }
    inner = zip_bytes({name: layout.dump(value) for name, value in members.items()})
    facts = [(layout.located(fact, members[member]), member) for fact, member in _QUIET_FACTS]
    note = b"Production 2026-118, one account, made on 2026-04-06. Times in the files are UTC.\r\n"
    outer = zip_bytes({"cover_note.txt": note, "instagram-quiet_pier_7-2026-04-06.zip": inner})
    return outer, [(fact, ("instagram-quiet_pier_7-2026-04-06.zip", member)) for fact, member in facts]


def _anon() -> tuple[bytes, list[tuple[Fact, tuple[str, ...]]]]:
    uses = _uses(ANON)
    chat, content = layout.thread(ANON, words.PIERWATCHER, "adaharbour_17839904407", "inbox")
    members = {
        **_base(ANON, ("resp_phone", "resp_laptop"), uses[-1].when),
        _LOGINS: _newest_first(uses),
        _SECURITY + "logout_activity.json": _logouts(ANON),
        _SIGNUP: layout.registration(ANON, at("2025-11-22 21:40:03"), EXITS[2], "resp_phone"),
        chat: content,
    }
    phone = DEVICES["resp_phone"]
    facts = [
        Fact(
            "F05",
            "the same install id on pierwatcher.x",
            phone.install_id,
            "authentication",
            {"identifier": {"type": "device_id", "value": phone.install_id}},
        ),
        Fact(
            "F01",
            "the one log-in of pierwatcher.x from the shared home address",
            f'"timestamp": {SLIP}',
            "authentication",
            {"source_ip": HOME, "timestamp": iso(SLIP)},
        ),
        Fact(
            "F07",
            "pierwatcher.x logs in on the exit that quiet_pier_7 has just left, same telephone",
            f'"timestamp": {HANDOVERS[0] + 230}',
            "authentication",
            {"source_ip": EXITS[0], "timestamp": iso(HANDOVERS[0] + 230)},
        ),
    ]
    data = zip_bytes({name: layout.dump(value) for name, value in members.items()})
    return data, [(layout.located(fact, members[_LOGINS]), (_LOGINS,)) for fact in facts]


def _lena() -> tuple[bytes, list[tuple[Fact, tuple[str, ...]]]]:
    uses = _uses(LENA)
    members = {
        **_base(LENA, ("lena_phone", "lena_safari"), uses[-1].when),
        _LOGINS: {
            "account_history_login_history": [
                layout.login_row_labelled(u, i) for i, u in reversed(tuple(enumerate(uses)))
            ]
        },
        _SIGNUP: layout.registration(LENA, at("2021-06-13 17:20:44"), "203.0.113.201", "lena_phone"),
        _FOLLOW + "following.json": layout.relations(
            "relationships_following", [("tidewater.forum", at("2024-05-02 10:00:00"))]
        ),
    }
    when = CONCURRENT[0] + 9
    fact = Fact(
        "F21",
        "the flatmate's account in use at home in that minute, on her own telephone",
        f'"timestamp_value": {when}',
        "authentication",
        {"source_ip": HOME, "timestamp": iso(when)},
    )
    data = zip_bytes({name: layout.dump(value) for name, value in members.items()})
    return data, [(layout.located(fact, members[_LOGINS]), (_LOGINS,))]


_REQUESTS = _FOLLOW + "follow_requests_you've_received.json"
_ADA_CHAT = INBOX + "message_requests/quietpier_17842290013/message_1.json"
_ASKED = (("pierwatcher_x", at("2026-03-27 21:10:09")), (QUIET, _REGISTERED + 840))
# What stands where in the protected person's own download.
_ADA_FACTS: tuple[tuple[Fact, str], ...] = (
    (
        Fact(
            "F11",
            "the protected account blocks pierwatcher.x",
            f'"timestamp": {BLOCKED}',
            "block",
            {"target_account_login": ANON, "timestamp": iso(BLOCKED)},
        ),
        _FOLLOW + "blocked_profiles.json",
    ),
    (
        Fact(
            "F12",
            "a message that was taken back after sending",
            '"is_unsent": true',
            "message",
            {"deleted_flag": True, "timestamp": "2026-02-19T21:12:08.137Z"},
        ),
        _ADA_CHAT,
    ),
    (
        Fact(
            "F22",
            "the imitator's account asks to follow the protected account",
            f'"timestamp": {_ASKED[0][1]}',
            "follow_request",
            {"event_action": "request_received", "account_login": "pierwatcher_x"},
        ),
        _REQUESTS,
    ),
)


def _ada() -> tuple[bytes, list[tuple[Fact, tuple[str, ...]]]]:
    uses = _uses(ADA)
    _, quiet = layout.thread(QUIET, words.QUIET_PIER, "quietpier_17842290013", "message_requests")
    second, anon = layout.thread(ANON, words.PIERWATCHER, "pw_17839904407", "inbox")
    blocked = [(QUIET, at("2026-03-20 07:15:32")), (ANON, BLOCKED)]
    members = {
        **_base(ADA, ("ada_phone",), uses[-1].when),
        _LOGINS: _newest_first(uses),
        _SIGNUP: layout.registration(ADA, at("2019-08-30 12:05:51"), ADA_HOME, "ada_phone"),
        _REQUESTS: layout.relations("relationships_follow_requests_received", _ASKED),
        _FOLLOW + "blocked_profiles.json": layout.blocks(blocked),
        _ADA_CHAT: quiet,
        second: anon,
    }
    data = {name: layout.dump(value) for name, value in members.items()}
    data[_ADA_CHAT.replace("message_1.json", "photos/front_door.jpg")] = _PICTURE
    return zip_bytes(data), [(layout.located(fact, members[member]), (member,)) for fact, member in _ADA_FACTS]


def write(out: Evidence) -> None:
    """Add the four downloads."""
    for path, (data, facts) in (
        ("evidence/production-2026-118.zip", _quiet()),
        ("evidence/instagram-pierwatcher.x-2026-04-06.zip", _anon()),
        ("evidence/instagram-lena.kestrel-2026-04-03.zip", _lena()),
        ("evidence/instagram-ada.harbour-2026-04-05.zip", _ada()),
    ):
        out.add(path, data, facts)
