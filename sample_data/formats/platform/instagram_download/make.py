"""Writes the Instagram download fixtures and, from what it wrote, their goldens. Run it here: ``python make.py``."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
OWN = {"account_platform": "instagram"}
REPAIRED = ["mojibake_repaired"]


class Item(NamedTuple):
    """A JSON value, and the events and rejects its bytes must give."""

    value: object
    events: tuple[dict[str, Any], ...] = ()
    rejects: tuple[dict[str, Any], ...] = ()
    raw: str | None = None  # written instead of the value


def meta(value: object) -> object:
    """Every string as the provider writes it: the bytes of its UTF-8 taken for Latin-1 characters."""
    if isinstance(value, str):
        return value.encode("utf-8").decode("latin-1") if value.isprintable() else value
    if isinstance(value, list):
        return [meta(v) for v in value]
    if isinstance(value, dict):
        return {meta(k): meta(v) for k, v in value.items()}
    return value


def utc(seconds: float) -> str:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=round(seconds * 1e6))
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def when(seconds: int, desc: str, raw: str | None = None) -> dict[str, Any]:
    step = 999_999
    return {
        "timestamp": utc(seconds),
        "timestamp_raw": raw or str(seconds),
        "timestamp_desc": desc,
        "tz_basis": "epoch",
        "time_precision_s": 1.0,
        "timestamp_earliest": utc(seconds),
        "timestamp_latest": utc(seconds + step / 1e6),
    }


def sent(ms: int) -> dict[str, Any]:
    return {
        "timestamp": utc(ms / 1000),
        "timestamp_raw": str(ms),
        "timestamp_desc": "Sent Time",
        "tz_basis": "epoch",
        "time_precision_s": 0.001,
    }


def write(name: str, parts: list[str | Item], *, encoding: str = "utf-8", bom: bytes = b"") -> None:
    data, events, rejects = bom, [], []
    parsed = rejected = 0
    for part in parts:
        text = part if isinstance(part, str) else part.raw
        text = json.dumps(meta(part.value), indent=2) if text is None else text
        raw = text.encode(encoding)
        span = {"span_start": len(data), "span_end": len(data) + len(raw)}
        data += raw
        if isinstance(part, Item):
            events += [{"event": {**OWN, **event, **span}} for event in part.events]
            rejects += [{"reject": {**span, **reject}} for reject in part.rejects]
            parsed += len(raw) if part.events else 0
            rejected += len(raw) if part.rejects else 0
    account = {
        "bytes_in": len(data),
        "bytes_parsed": parsed,
        "bytes_rejected": rejected,
        "bytes_skipped": len(data) - parsed - rejected,
        "events": len(events),
        "rejects": len(rejects),
    }
    (HERE / name).write_bytes(data)
    rows = [{"accounting": account}, *events, *rejects]
    (HERE / f"{name}.golden.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")


def listed(key: str, items: list[Item]) -> list[str | Item]:
    """``{"key": [ ... ]}`` with the items apart."""
    return [f"{{\n  {json.dumps(key)}: [\n    ", *joined(items), "\n  ]\n}"]


def joined(items: list[Item]) -> list[str | Item]:
    out: list[str | Item] = []
    for item in items:
        out += [",\n    ", item] if out else [item]
    return out


def cells(**named: object) -> dict[str, Any]:
    """``string_map_data``: text as value, numbers as timestamp."""
    return {
        label.replace("_", " "): {
            "href": "",
            "value": v if isinstance(v, str) else "",
            "timestamp": v if isinstance(v, int) else 0,
        }
        for label, v in named.items()
    }


def at(key: str, index: int) -> str:
    return f"/{key}/{index}"


UA = "Instagram 300.0.0.29.110 (iPhone15,2; iOS 17_1; en_US; scale=3.00; 1179x2556; 510000000)"
WEB = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
LOGIN = "account_history_login_history"


def login_event(index: int, **columns: object) -> dict[str, Any]:
    return {"locator": at(LOGIN, index), "event_type": "authentication", "event_action": "login", **columns}


def cookie(value: str) -> dict[str, str]:
    return {"type": "cookie", "value": value, "raw": value}


def login_activity() -> None:
    t = 1735725600  # 2025-01-01T10:00:00Z
    items = [
        Item(
            {
                "title": "2025-01-01T10:00:00+00:00",
                "media_map_data": {},
                "string_map_data": cells(
                    Cookie_Name="*************abc",
                    IP_Address="203.0.113.5",
                    Port="51234",
                    Language_Code="en",
                    Time=t,
                    User_Agent=UA,
                ),
            },
            (
                login_event(
                    0,
                    **when(t, "Login Time"),
                    source_ip="203.0.113.5",
                    source_port=51234,
                    user_agent_original=UA,
                    identifiers=[cookie("*************abc")],
                    extra='{"Language Code":"en"}',
                ),
            ),
        ),
        Item(  # no Cookie Name, no Port
            {
                "title": "2025-01-02T11:30:00+00:00",
                "string_map_data": cells(IP_Address="2001:DB8::7", Time=t + 91800, User_Agent=WEB),
            },
            (login_event(1, **when(t + 91800, "Login Time"), source_ip="2001:db8::7", user_agent_original=WEB),),
        ),
        Item(  # port written with the address; time 0 is absent, so the title speaks
            {"title": "2025-01-03T08:00:00+00:00", "string_map_data": cells(IP_Address="[2001:db8::9]:63629", Time=0)},
            (
                login_event(
                    2,
                    timestamp="2025-01-03T08:00:00.000000Z",
                    timestamp_raw="2025-01-03T08:00:00+00:00",
                    timestamp_desc="Login Time",
                    tz_basis="in_value",
                    source_ip="2001:db8::9",
                    source_port=63629,
                ),
            ),
        ),
        Item(  # what the address field holds is no address; the port is out of range; a title of another time is kept
            {
                "title": "2025-01-04T00:00:00+00:00",
                "string_map_data": cells(IP_Address="203.0.113.999", Port="70000", Time=t + 3 * 86400),
            },
            (
                login_event(
                    3,
                    **when(t + 3 * 86400, "Login Time"),
                    parse_flags=["invalid_address"],
                    extra='{"ip_as_written":"203.0.113.999","port_as_written":"70000","title":"2025-01-04T00:00:00+00:00"}',
                ),
            ),
        ),
        Item(  # unknown language: one value has the shape of an address, one of a user agent, one of a masked cookie
            {
                "string_map_data": {
                    "Evästeen nimi": {"value": "*************xyz"},
                    "IP-osoite": {"value": "198.51.100.23"},
                    "Käyttäjäagentti": {"value": WEB},
                    "Aika": {"timestamp": t + 4 * 86400},
                }
            },
            (
                login_event(
                    4,
                    **when(t + 4 * 86400, "Login Time"),
                    source_ip="198.51.100.23",
                    user_agent_original=WEB,
                    identifiers=[cookie("*************xyz")],
                    parse_flags=REPAIRED,
                ),
            ),
        ),
        Item(  # unknown language and an account named like an address: neither is taken for the peer
            {
                "string_map_data": {
                    "Osoite": {"value": "198.51.100.24"},
                    "Nimimerkki": {"value": "192.0.2.66"},
                    "Aika": {"timestamp": t},
                }
            },
            (
                login_event(
                    5,
                    **when(t, "Login Time"),
                    parse_flags=["address_list"],
                    extra='{"Nimimerkki":"192.0.2.66","Osoite":"198.51.100.24"}',
                ),
            ),
        ),
        Item(7, rejects=({"kind": "unknown_structure", "reason": "the item has none of the known shapes"},)),
        Item({"other": 1}, rejects=({"kind": "unknown_structure"},)),
        Item(
            None, rejects=({"kind": "malformed"},), raw='{"title": "x", "string_map_data": {"Time": {"timestamp": +1}}}'
        ),
        Item(  # v4-mapped, and a time in milliseconds
            {"string_map_data": cells(IP_Address="::ffff:192.0.2.10", Time=1735725600123)},
            (
                login_event(
                    9,
                    timestamp="2025-01-01T10:00:00.123000Z",
                    timestamp_raw="1735725600123",
                    timestamp_desc="Login Time",
                    time_precision_s=0.001,
                    source_ip="192.0.2.10",
                    parse_flags=["v4_mapped"],
                ),
            ),
        ),
    ]
    write("login_activity.json", listed(LOGIN, items), bom=b"\xef\xbb\xbf")


def login_activity_localised() -> None:
    t = 1740000000
    german = {
        "Name des Cookies": {"value": "*************ger"},
        "IP-Adresse": {"value": "203.0.113.40"},
        "Port": {"value": "40001"},
        "Sprachcode": {"value": "de"},
        "Uhrzeit": {"timestamp": t},
        "User Agent": {"value": UA},
    }
    french = {
        "Nom du cookie": {"value": "*************fra"},
        "Adresse IP": {"value": "203.0.113.41"},
        "Code de langue": {"value": "fr"},
        "Identifiant de l\u2019appareil": {"value": "android-00ff00ff00ff00ff"},
        "Heure": {"timestamp": t + 60},
    }
    spanish = {"Dirección IP": {"value": "203.0.113.42"}, "Puerto": {"value": "40003"}, "Hora": {"timestamp": t + 120}}
    device = "android-00ff00ff00ff00ff"
    items = [
        Item(
            {"title": "", "string_map_data": german},
            (
                login_event(
                    0,
                    **when(t, "Login Time"),
                    source_ip="203.0.113.40",
                    source_port=40001,
                    user_agent_original=UA,
                    identifiers=[cookie("*************ger")],
                    extra='{"Sprachcode":"de"}',
                ),
            ),
        ),
        Item(
            {"title": "", "string_map_data": french},
            (
                login_event(
                    1,
                    **when(t + 60, "Login Time"),
                    source_ip="203.0.113.41",
                    device_id=device,
                    device_id_type="instagram_device_id",
                    identifiers=[{"type": "device_id", "value": device, "raw": device}, cookie("*************fra")],
                    extra='{"Code de langue":"fr"}',
                    parse_flags=REPAIRED,
                ),
            ),
        ),
        Item(
            {"title": "", "string_map_data": spanish},
            (
                login_event(
                    2, **when(t + 120, "Login Time"), source_ip="203.0.113.42", source_port=40003, parse_flags=REPAIRED
                ),
            ),
        ),
    ]
    write("login_activity_localised.json", listed(LOGIN, items))


def login_activity_labels() -> None:
    t = 1760000000
    rows = [
        {"label": "Time", "timestamp_value": t},
        {"label": "IP address", "value": "198.51.100.77"},
        {"label": "Port", "value": 33445},
        {"label": "User agent", "value": UA},
        {"title": "Device", "dict": [{"label": "Device ID", "value": "A1B2"}, {"label": "Model", "value": "Phone 9"}]},
    ]
    columns = {
        **when(t, "Login Time"),
        "source_ip": "198.51.100.77",
        "source_port": 33445,
        "user_agent_original": UA,
        "device_id": "A1B2",
        "device_id_type": "instagram_device_id",
        "identifiers": [{"type": "device_id", "value": "A1B2", "raw": "A1B2"}],
        "extra": '{"Device / Model":"Phone 9","fbid":"17840000000000001"}',
    }
    item = {"label_values": rows, "fbid": "17840000000000001"}
    write("login_activity_labels.json", listed(LOGIN, [Item(item, (login_event(0, **columns),))]))
    bare = {"locator": "/0", "event_type": "record", **columns, "timestamp_desc": "Recorded Time"}
    write("labels_without_a_name.json", ["[\n  ", Item(item, (bare,)), "\n]\n"])


def account_history() -> None:
    t = 1700000000
    parts: list[str | Item] = ["{"]

    def section(key: str, item: object, event: dict[str, Any]) -> None:
        parts.extend(
            [
                f"{', ' if len(parts) > 1 else ''}{json.dumps(key)}: [",
                Item(item, ({"locator": at(key, 0), **event},)),
                "]",
            ]
        )

    section(
        "account_history_registration_info",
        {
            "string_map_data": cells(
                Username="tern.harbour",
                IP_Address="192.0.2.200",
                Email="tern@example.org",
                Phone_Number="+1 202 555 0143",
                Device="Phone 9",
                Time=t,
            )
        },
        {
            "event_type": "account_created",
            "event_action": "registration",
            **when(t, "Creation Time"),
            "source_ip": "192.0.2.200",
            "account_login": "tern.harbour",
            "extra": '{"Device":"Phone 9"}',
            "identifiers": [
                {"type": "username", "value": "tern.harbour", "raw": "tern.harbour"},
                {"type": "email", "value": "tern@example.org", "raw": "tern@example.org"},
                {"type": "phone", "value": "+12025550143", "raw": "+1 202 555 0143"},
            ],
        },
    )
    section(
        "account_history_logout_history",
        {
            "title": "2023-11-15T22:13:20+00:00",
            "string_map_data": cells(Cookie_Name="*************out", IP_Address="192.0.2.201:40404", Time=t + 86400),
        },
        {
            "event_type": "logout",
            "event_action": "logout",
            **when(t + 86400, "Logout Time"),
            "source_ip": "192.0.2.201",
            "source_port": 40404,
            "identifiers": [cookie("*************out")],
        },
    )
    section(
        "account_history_password_change_history",
        {"string_map_data": cells(IP_Address="192.0.2.202", Time=t + 172800)},
        {
            "event_type": "account_change",
            "event_action": "password_change",
            **when(t + 172800, "Change Time"),
            "source_ip": "192.0.2.202",
        },
    )
    parts += [', "profile_\\u00e9": ']
    parts.append(
        Item(
            {"x": [1]},
            rejects=(
                {"kind": "unknown_structure", "reason": "no rule of this format reads the member '/profile_\\xe9'"},
            ),
        )
    )
    write("account_history.json", [*parts, "}\n"])


def personal_information() -> None:
    item = {
        "title": "",
        "media_map_data": {
            "Photo de profil": {
                "uri": "media/profile/202501/portrait.jpg",
                "creation_timestamp": 1700000000,
                "title": "",
            }
        },
        "string_map_data": {
            "Adresse e-mail": {"href": "", "value": "Zoé.Marchand@example.com", "timestamp": 0},
            "Numéro de téléphone": {"href": "", "value": "+353 20 915 0001", "timestamp": 0},
            "Nom d\u2019utilisateur": {"href": "", "value": "192.0.2.1", "timestamp": 0},
            "Nom": {"href": "", "value": "Zoé \U0001f426", "timestamp": 0},
            "Bio": {"href": "", "value": "198.51.100.3", "timestamp": 0},
            "Compte privé": {"href": "", "value": "False", "timestamp": 0},
        },
    }
    event = {
        "locator": "/profile_user/0",
        "event_type": "account_profile",
        "event_action": "profile",
        "account_login": "192.0.2.1",
        "account_display_name": "Zoé \U0001f426",
        "identifiers": [
            {"type": "username", "value": "192.0.2.1", "raw": "192.0.2.1"},
            {"type": "email", "value": "Zoé.Marchand@example.com", "raw": "Zoé.Marchand@example.com"},
            {"type": "phone", "value": "+353209150001", "raw": "+353 20 915 0001"},
        ],
        "attachment_names": ["portrait.jpg"],
        "extra": '{"Bio":"198.51.100.3","Compte privé":"False"}',
        "parse_flags": REPAIRED,
    }
    write("personal_information.json", listed("profile_user", [Item(item, (event,))]))
    device = {"title": "", "string_map_data": {"User Agent": {"value": UA}, "Last Login": {"timestamp": 1700000300}}}
    seen = {
        "locator": "/devices_devices/0",
        "event_type": "account_profile",
        "event_action": "device",
        "user_agent_original": UA,
    }
    write("devices.json", listed("devices_devices", [Item(device, ({**seen, **when(1700000300, "Last Login Time")},))]))


def relations() -> None:
    t = 1720000000

    def row(name: str | None, seconds: int) -> dict[str, Any]:
        href = f"https://www.instagram.com/{name or 'linked.only'}"
        return {"href": href, "timestamp": seconds, **({"value": name} if name else {})}

    def entry(title: str, *rows: dict[str, Any]) -> dict[str, Any]:
        return {"title": title, "media_list_data": [], "string_list_data": list(rows)}

    def other(
        locator: str, kind: str, action: str, login: str, seconds: int, desc: str, **more: object
    ) -> dict[str, Any]:
        return {
            "locator": locator,
            "event_type": kind,
            "event_action": action,
            "target_account_login": login,
            **(when(seconds, desc) if seconds else {}),
            **more,
        }

    def actor(locator: str, kind: str, action: str, login: str, seconds: int, desc: str) -> dict[str, Any]:
        return {
            "locator": locator,
            "event_type": kind,
            "event_action": action,
            "account_login": login,
            "identifiers": [{"type": "username", "value": login, "raw": login}],
            **when(seconds, desc),
        }

    key = "relationships_follow_requests_sent"
    items = [
        Item(
            entry("", row("wren.one", t)),
            (other(at(key, 0), "follow_request", "request_sent", "wren.one", t, "Request Time"),),
        ),
        Item(entry("", row("wren.two", 0)), (other(at(key, 1), "follow_request", "request_sent", "wren.two", 0, ""),)),
        Item(  # several rows in one item: one event each, from the same bytes
            entry("", row("wren.three", t + 1), row("wren.four", t + 2)),
            (
                other(at(key, 2), "follow_request", "request_sent", "wren.three", t + 1, "Request Time"),
                other(at(key, 2), "follow_request", "request_sent", "wren.four", t + 2, "Request Time"),
            ),
        ),
    ]
    write("pending_follow_requests.json", listed(key, items))
    key = "relationships_permanent_follow_requests"
    items = [
        Item(
            entry("", row("wren.five", t)),
            (other(at(key, 0), "follow_request", "request_permanent", "wren.five", t, "Request Time"),),
        )
    ]
    write("recent_follow_requests.json", listed(key, items))
    key = "relationships_follow_requests_received"
    items = [
        Item(
            entry("", row("finch.six", t + 5)),
            (actor(at(key, 0), "follow_request", "request_received", "finch.six", t + 5, "Request Time"),),
        )
    ]
    write("follow_requests_received.json", listed(key, items))
    key = "relationships_following"
    items = [  # newer: the name is the title, or only the link
        Item(
            entry("wren.seven", row(None, t)),
            (
                other(
                    at(key, 0),
                    "relationship",
                    "following",
                    "wren.seven",
                    t,
                    "Follow Time",
                    extra='{"href":"https://www.instagram.com/linked.only"}',
                ),
            ),
        ),
        Item(
            entry("", row(None, t)), (other(at(key, 1), "relationship", "following", "linked.only", t, "Follow Time"),)
        ),
        Item(
            {
                "label_values": [
                    {"label": "Username", "value": "wren.eight"},
                    {
                        "label": "URL",
                        "value": "https://www.instagram.com/wren.eight",
                        "href": "https://www.instagram.com/wren.eight",
                    },
                ],
                "timestamp": t,
                "fbid": "1",
            },
            (other(at(key, 2), "relationship", "following", "wren.eight", t, "Follow Time", extra='{"fbid":"1"}'),),
        ),
    ]
    write("following.json", listed(key, items))
    key = "relationships_blocked_users"
    blocked = entry("finch.nine", {"href": "https://www.instagram.com/finch.nine", "value": "", "timestamp": t})
    write(
        "blocked_profiles.json",
        listed(key, [Item(blocked, (other(at(key, 0), "block", "blocked", "finch.nine", t, "Block Time"),))]),
    )
    followers = [
        Item(entry("", row("finch.ten", t)), (actor("/0", "relationship", "followed", "finch.ten", t, "Follow Time"),)),
        Item(
            entry("", row("finch.eleven", t + 9)),
            (actor("/1", "relationship", "followed", "finch.eleven", t + 9, "Follow Time"),),
        ),
    ]
    write("followers_1.json", ["[\n  ", *joined(followers), "\n]\n"])


T = 1735689541123
PEOPLE = ["Robin Ä", "Wren Hale", "Finch"]


def message(index: int, sender: str | None, ms: int, kind: str | None, **columns: object) -> dict[str, Any]:
    names = {"account_display_name": sender, "sender": sender} if sender else {}
    return {
        "locator": at("messages", index),
        "event_type": "call" if kind == "call" else "message",
        **sent(ms),
        **names,
        "recipients": [p for p in PEOPLE if p != sender],
        "thread_id": "123456789",
        "parse_flags": REPAIRED,
        **({"message_type": kind} if kind else {}),
        **columns,
    }


def said(sender: str, ms: int, **more: object) -> dict[str, Any]:
    return {"sender_name": sender, "timestamp_ms": ms, **more, "is_geoblocked_for_viewer": False}


THREAT = "I saw you liked a message of hers. I know where you park."


def message_items() -> list[Item]:
    emoji = "Straße \U0001f600 “quoted” ﬁ"
    robin, wren = PEOPLE[0], PEOPLE[1]
    photo = [{"uri": "your_instagram_activity/messages/inbox/wren_123456789/photos/1001.jpg", "creation_timestamp": 1}]
    return [
        Item(said(robin, T, content=THREAT), (message(0, robin, T, "text", text=THREAT),)),
        Item(
            said(wren, T - 1000, content="Please stop.", is_unsent=True),
            (message(1, wren, T - 1000, "unsent", deleted_flag=True, text="Please stop."),),
        ),
        Item(
            said(robin, T - 2000, photos=photo, is_unsent=True),
            (message(2, robin, T - 2000, "unsent", deleted_flag=True, attachment_names=["1001.jpg"]),),
        ),
        Item(
            said(robin, T - 3000, photos=photo), (message(3, robin, T - 3000, "media", attachment_names=["1001.jpg"]),)
        ),
        Item(
            said(wren, T - 4000, content="Liked a message"),
            (message(4, wren, T - 4000, "reaction", text="Liked a message"),),
        ),
        Item(
            said(robin, T - 5000, content=f"{robin} liked a message"),
            (message(5, robin, T - 5000, "reaction", text=f"{robin} liked a message"),),
        ),
        Item(
            said(
                robin,
                T - 6000,
                content="Look",
                share={
                    "link": "https://www.example.org/p/1",
                    "share_text": "é",
                    "original_content_owner": "finch.nine",
                },
            ),
            (
                message(
                    6,
                    robin,
                    T - 6000,
                    "share",
                    text="Look",
                    extra='{"share_link":"https://www.example.org/p/1","share_original_content_owner":"finch.nine","share_text":"é"}',
                ),
            ),
        ),
        Item(
            said(robin, T - 7000, content="Robin missed a video call", call_duration=0),
            (message(7, robin, T - 7000, "call", text="Robin missed a video call", extra='{"call_duration":0}'),),
        ),
        Item(
            said(robin, T - 8000, content=emoji, reactions=[{"reaction": "❤", "actor": "Finch"}]),
            (
                message(
                    8, robin, T - 8000, "text", text=emoji, extra='{"reactions":[{"actor":"Finch","reaction":"❤"}]}'
                ),
            ),
        ),
        Item({"content": "no one", "timestamp_ms": 0, "type": "Generic"}, (unattributed(9),)),
        Item(  # a lone surrogate, and a text that is not wholly mis-encoded: left as written
            None,
            (message(10, wren, T - 9000, "text", text="\\ud83d broken \u00e2\u201a\u00ac"),),
            raw=f'{{"sender_name": "Wren Hale", "timestamp_ms": {T - 9000}, '
            '"content": "\\ud83d broken \\u00e2\\u201a\\u00ac"}',
        ),
        Item({"neither": 1}, rejects=({"kind": "unknown_structure"},)),
        Item(
            said(robin, T - 10000, content="voice", audio_files=[{"uri": "a/1.mp4"}], videos=[{"uri": "b/2.mp4"}]),
            (message(12, robin, T - 10000, "media", text="voice", attachment_names=["2.mp4", "1.mp4"]),),
        ),
    ]


def unattributed(index: int) -> dict[str, Any]:
    event = message(index, None, 0, "text", text="no one", extra='{"type":"Generic"}', recipients=PEOPLE)
    event["parse_flags"] = ["direction_unknown", "mojibake_repaired"]
    return {k: v for k, v in event.items() if not k.startswith(("timestamp", "tz_", "time_"))}


def thread_parts(items: list[str | Item], tail: str) -> list[str | Item]:
    names = [{"name": name} for name in PEOPLE]
    event = {
        "locator": "/participants",
        "event_type": "thread",
        "recipients": PEOPLE,
        "thread_id": "123456789",
        "extra": '{"is_still_participant":true,"thread_path":"inbox/wren_123456789","title":"Wren Hale"}',
        "parse_flags": REPAIRED,
    }
    return ['{\n  "participants": ', Item(names, (event,)), ',\n  "messages": [\n    ', *items, tail]


TAIL = (
    '\n  ],\n  "title": "Wren Hale",\n  "is_still_participant": true,\n  "thread_path": "inbox/wren_123456789",\n'
    '  "magic_words": []\n}\n'
)


def messages() -> None:
    items = joined(message_items())
    write("message_1.json", thread_parts(items, TAIL))
    # cut inside the third message: the thread's id stood after the cut
    cut: list[str | Item] = []
    for part in thread_parts(joined(message_items()[:2]), ""):
        if isinstance(part, Item):
            lean = tuple({k: v for k, v in event.items() if k not in {"thread_id", "extra"}} for event in part.events)
            cut.append(part._replace(events=lean))
        elif part:
            cut.append(part)
    rest = ',\n    {"sender_name": "Robin", "timestamp_ms": 17356895'
    write("message_cut.json", [*cut, Item(None, raw=rest, rejects=({"kind": "truncated"},))])


def utf16() -> None:
    item = {"string_map_data": cells(IP_Address="203.0.113.99", Time=1735725600)}
    event = login_event(0, **when(1735725600, "Login Time"), source_ip="203.0.113.99")
    write("login_activity_utf16.json", listed(LOGIN, [Item(item, (event,))]), encoding="utf-16-le", bom=b"\xff\xfe")


def acts() -> None:
    """What the account did, and where it was last."""
    t = 1750000000
    place = {
        "string_map_data": {
            "Imprecise Latitude": {"href": "", "value": "51.5", "timestamp": 0},
            "Imprecise Longitude": {"href": "", "value": "-0.25", "timestamp": 0},
            "Time Uploaded": {"href": "", "value": "", "timestamp": t},
        }
    }
    key = "account_history_imprecise_last_known_location"
    located = {"locator": at(key, 0), "event_type": "location", "event_action": "last_known_location"}
    located |= {**when(t, "Upload Time"), "extra": '{"latitude":51.5,"longitude":-0.25}'}
    write("last_known_location.json", listed(key, [Item(place, (located,))]))
    search = {"string_map_data": cells(Search="tern.harbour", Time=t)}
    searched = {"locator": at("searches_user", 0), "event_type": "activity", "event_action": "search"}
    searched |= {**when(t, "Search Time"), "extra": '{"Search":"tern.harbour"}'}
    write("profile_searches.json", listed("searches_user", [Item(search, (searched,))]))
    link = "https://www.instagram.com/p/AAA/"
    like = {"title": "tern.harbour", "string_list_data": [{"href": link, "value": "\U0001f44d", "timestamp": t}]}
    liked: dict[str, Any] = {"locator": at("likes_media_likes", 0), "event_type": "activity", "event_action": "like"}
    liked |= {**when(t, "Like Time"), "target_account_login": "tern.harbour", "parse_flags": REPAIRED}
    liked["extra"] = f'{{"href":"{link}","value":"\U0001f44d"}}'
    write("liked_posts.json", listed("likes_media_likes", [Item(like, (liked,))]))


if __name__ == "__main__":
    login_activity()
    login_activity_localised()
    login_activity_labels()
    account_history()
    personal_information()
    relations()
    messages()
    utf16()
    acts()
