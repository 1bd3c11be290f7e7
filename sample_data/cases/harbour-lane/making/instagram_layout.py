"""The records of an Instagram download, in both generations of the layout."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from making.kit import Fact, iso
from making.world import DEVICES, LENA_PHONE, RESP_PHONE, Use

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "ADA",
    "ANON",
    "INBOX",
    "LENA",
    "MAIL",
    "QUIET",
    "blocks",
    "cell",
    "devices",
    "dump",
    "item",
    "located",
    "login_row",
    "login_row_labelled",
    "profile",
    "registration",
    "relations",
    "stamp",
    "thread",
]

QUIET, ANON, LENA, ADA = "quiet_pier_7", "pierwatcher.x", "lena.kestrel", "ada.harbour"
NAMES = {QUIET: "Quiet Pier", ANON: "p. w.", LENA: "Lena Kestrel", ADA: "Ada Harbour"}
MAIL = {
    QUIET: "tern.9941@example.net",
    ANON: "gullwatch@example.com",
    LENA: "lena.k@example.com",
    ADA: "ada@example.org",
}
PHONE = {LENA: LENA_PHONE, ADA: "+353209150110", QUIET: RESP_PHONE, ANON: RESP_PHONE}
INBOX = "your_instagram_activity/messages/"


def dump(value: object) -> bytes:
    """JSON as the provider writes it: UTF-8 bytes written as Latin-1 escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=2).encode().decode("latin-1")
    return "".join(c if c < "\x7f" else f"\\u{ord(c):04x}" for c in text).encode("ascii")


def cell(value: str = "", when: int = 0) -> dict[str, object]:
    """One labelled value."""
    return {"href": "", "value": value, "timestamp": when}


def item(title: str, **fields: dict[str, object]) -> dict[str, object]:
    """A record of the older layout; underscores in names become spaces."""
    return {
        "title": title,
        "media_map_data": {},
        "string_map_data": {k.replace("_", " "): v for k, v in fields.items()},
    }


def stamp(when: int) -> str:
    """A time as titles write it."""
    return iso(when).replace("Z", "+00:00")


def login_row(use: Use) -> dict[str, object]:
    """A log-in, older layout."""
    device = DEVICES[use.device]
    fields = {
        "Cookie_Name": cell(device.cookie),
        "IP_Address": cell(use.ip),
        "Port": cell(str(use.port)),
        "Language_Code": cell("en"),
        "Time": cell("", use.when),
        "User_Agent": cell(device.app),
    }
    if device.install_id:
        fields["Device_ID"] = cell(device.install_id)
    return item(stamp(use.when), **fields)


def login_row_labelled(use: Use, number: int) -> dict[str, object]:
    """The newer layout of the same record."""
    device = DEVICES[use.device]
    labels = [
        {"label": "IP Address", "value": use.ip},
        {"label": "Port", "value": str(use.port)},
        {"label": "User Agent", "value": device.app},
        {"label": "Cookie Name", "value": device.cookie},
        {"label": "Device ID", "value": device.install_id},
        {"label": "Time", "timestamp_value": use.when},
    ]
    return {"timestamp": use.when, "media": [], "label_values": labels, "fbid": str(17_900_000_000_000_000 + number)}


def registration(login: str, when: int, ip: str, device: str) -> dict[str, object]:
    """The registration of an account."""
    row = item(
        "",
        Username=cell(login),
        IP_Address=cell(ip),
        Time=cell("", when),
        Email=cell(MAIL[login]),
        Phone_Number=cell(PHONE.get(login, "")),
        Device=cell(DEVICES[device].install_id),
    )
    return {"account_history_registration_info": [row]}


def profile(login: str) -> dict[str, object]:
    """What the account says of itself."""
    row = item(
        "",
        Email=cell(MAIL[login]),
        Phone_Number=cell(PHONE.get(login, "")),
        Username=cell(login),
        Name=cell(NAMES[login]),
        Private_Account=cell("False"),
    )
    return {"profile_user": [row]}


def devices(keys: Sequence[str], last: int) -> dict[str, object]:
    """Devices that logged in."""
    rows = []
    for key in keys:
        fields = {"User_Agent": cell(DEVICES[key].app), "Last_Login": cell("", last)}
        if DEVICES[key].install_id:
            fields["Device_ID"] = cell(DEVICES[key].install_id)
        rows.append(item("", **fields))
    return {"devices_devices": rows}


def relations(key: str, rows: Sequence[tuple[str, int]]) -> dict[str, object]:
    """Accounts in a relation, with times."""
    entries = [
        {
            "title": "",
            "media_list_data": [],
            "string_list_data": [{"href": f"https://www.instagram.com/{name}", "value": name, "timestamp": when}],
        }
        for name, when in rows
    ]
    return {key: entries}


def blocks(rows: Sequence[tuple[str, int]]) -> dict[str, object]:
    """Blocked accounts, named by title."""
    entries = [
        {
            "title": name,
            "media_list_data": [],
            "string_list_data": [{"href": f"https://www.instagram.com/{name}", "value": "", "timestamp": when}],
        }
        for name, when in rows
    ]
    return {"relationships_blocked_users": entries}


def thread(owner: str, script: Sequence[tuple[int, bool, str]], folder: str, box: str) -> tuple[str, dict[str, object]]:
    """The conversation of `owner` with Ada: member folder and content, newest message first."""
    rows: list[dict[str, Any]] = []
    for when, own, text in reversed(script):
        row: dict[str, Any] = {"sender_name": NAMES[owner if own else ADA], "timestamp_ms": when * 1000 + 137}
        if text == "PHOTO":
            row["photos"] = [{"uri": f"{INBOX}{box}/{folder}/photos/front_door.jpg", "creation_timestamp": when}]
        elif text != "UNSENT":
            row["content"] = text
        row["is_geoblocked_for_viewer"] = False
        if text == "UNSENT":
            row["is_unsent"] = True
        rows.append(row)
    content = {
        "participants": [{"name": NAMES[ADA]}, {"name": NAMES[owner]}],
        "messages": rows,
        "title": NAMES[owner],
        "is_still_participant": True,
        "thread_path": f"{box}/{folder}",
        "magic_words": [],
    }
    return f"{INBOX}{box}/{folder}/message_1.json", content


def located(fact: Fact, content: object) -> Fact:
    """The fact with the JSON pointer of the first record that holds its needle."""
    top = content if isinstance(content, dict) else {}
    for name, rows in top.items():
        for number, row in enumerate(rows if isinstance(rows, list) else []):
            if fact.needle.encode() in dump(row):
                return replace(fact, locator=f"/{name}/{number}")
    return fact
