"""Writes the Facebook download fixtures and their goldens. Run it here: ``python make_facebook.py``."""

from __future__ import annotations

from typing import Any

from _writing import Piece, extra, ident, item, listed, when, write

OWN = {"account_platform": "facebook"}
UA = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
T = 1767261600  # 2026-01-01T10:00:00Z


def meta(value: object) -> object:
    """Every string as the provider writes it: the bytes of its UTF-8 taken for Latin-1 characters."""
    if isinstance(value, str):
        return value.encode("utf-8").decode("latin-1")
    if isinstance(value, list):
        return [meta(v) for v in value]
    return {meta(k): meta(v) for k, v in value.items()} if isinstance(value, dict) else value


def section(name: str, key: str, items: list[Piece], *more: str | Piece) -> None:
    body = listed(items, f'{{\n  "{key}": [\n  ', "\n  ]")
    write("facebook_download", name, [*body, *more, "\n}\n"], OWN)


def activity() -> None:
    def row(action: str, seconds: int, **more: object) -> dict[str, Any]:
        return {"action": action, "timestamp": seconds, **more}

    full = row(
        "Login", T, ip_address="203.0.113.5", user_agent=UA, datr_cookie="datr-AAAA1111", port=51234, city="Ashford"
    )
    session_only = row("Session updated", T + 60, datr_cookie="datr-AAAA1111", ip_address="2001:DB8::7")
    german = meta(row("Passwort geändert", T + 120, ip_address="203.0.113.6:40404"))
    odd = {"timestamp": T + 180, "ip_address": "203.0.113.999", "action": "Logout", "port": 70000, "new_member": [1]}
    at = "/account_activity_v2/"
    shared = {"source_ip": "203.0.113.5", "source_port": 51234, "user_agent_original": UA}
    items = [
        item(
            full,
            {
                "locator": at + "0",
                "event_type": "authentication",
                "event_action": "Login",
                **when(T, "Activity Time", T),
                **shared,
                "identifiers": [ident("cookie", "datr-AAAA1111")],
                "extra": extra(city="Ashford"),
            },
        ),
        item(
            session_only,
            {
                "locator": at + "1",
                "event_type": "session",
                "event_action": "Session updated",
                **when(T + 60, "Activity Time", T + 60),
                "source_ip": "2001:db8::7",
                "identifiers": [ident("cookie", "datr-AAAA1111")],
            },
        ),
        item(
            german,
            {
                "locator": at + "2",
                "event_type": "session",
                "event_action": "Passwort geändert",
                **when(T + 120, "Activity Time", T + 120),
                "source_ip": "203.0.113.6",
                "source_port": 40404,
                "parse_flags": ["mojibake_repaired"],
            },
        ),
        item(
            odd,
            {
                "locator": at + "3",
                "event_type": "logout",
                "event_action": "Logout",
                **when(T + 180, "Activity Time", T + 180),
                "parse_flags": ["invalid_address"],
                "extra": extra(ip_address="203.0.113.999", port=70000, new_member=[1]),
            },
        ),
        item(7, reject={"kind": "unknown_structure", "reason": "the item is not an object"}),
    ]
    unknown = {"kind": "unknown_structure", "reason": "no rule of this format reads the member '/brand_new_v2'"}
    section("account_activity.json", "account_activity_v2", items, ',\n  "brand_new_v2": ', item([1], reject=unknown))


def sessions() -> None:
    row = {
        "created_timestamp": T,
        "updated_timestamp": T + 3600,
        "ip_address": "198.51.100.9",
        "user_agent": UA,
        "datr_cookie": "datr-BBBB",
        "location": "Ashford",
    }
    event = {
        "locator": "/active_sessions_v2/0",
        "event_type": "session",
        "event_action": "active_session",
        **when(T, "Session Start Time", T),
        "timestamp_end": "2026-01-01T11:00:00.000000Z",
        "source_ip": "198.51.100.9",
        "user_agent_original": UA,
        "identifiers": [ident("cookie", "datr-BBBB")],
        "extra": extra(location="Ashford"),
    }
    section("where_you_re_logged_in.json", "active_sessions_v2", [item(row, event)])
    change = {
        "event": "Email added",
        "session": {"created_timestamp": T, "ip_address": "198.51.100.9", "datr_cookie": "datr-BBBB"},
        "extra_info": {"new_email": "tern@example.org"},
    }
    changed = {
        "locator": "/admin_records_v2/0",
        "event_type": "account_change",
        "event_action": "Email added",
        **when(T, "Change Time", T),
        "source_ip": "198.51.100.9",
        "identifiers": [ident("cookie", "datr-BBBB")],
        "extra": extra(extra_info={"new_email": "tern@example.org"}),
    }
    section("record_details.json", "admin_records_v2", [item(change, changed)])
    protection()


def protection() -> None:
    common = {"event_type": "account_profile", "event_action": "login_protection"}
    by_ip = {"name": "IP-Adresse: 203.0.113.77", "session": {"created_timestamp": T}}
    by_cookie = {"name": "Cookie: datr-CCCC", "session": {"created_timestamp": T + 5, "updated_timestamp": T + 9}}
    other = {"name": "Estimated location", "session": {"created_timestamp": 0}}
    at, desc = "/login_protection_data_v2/", "Creation Time"
    items = [
        item(by_ip, {**common, "locator": at + "0", **when(T, desc, T), "source_ip": "203.0.113.77"}),
        item(
            by_cookie,
            {
                **common,
                "locator": at + "1",
                **when(T + 5, desc, T + 5),
                "timestamp_end": "2026-01-01T10:00:09.000000Z",
                "identifiers": [ident("cookie", "datr-CCCC")],
            },
        ),
        item(other, {**common, "locator": at + "2", "extra": extra(name="Estimated location")}),
    ]
    section("login_protection_data.json", "login_protection_data_v2", items)


def profile() -> None:
    value = {
        "name": {"full_name": "Zoé Tern", "first_name": "Zoé"},
        "username": "zoe.tern",
        "emails": {"emails": ["zoe@example.org"], "previous_emails": ["old@example.net"]},
        "phone_numbers": [{"phone_type": "Mobile", "phone_number": "+1 202 555 0143", "verified": True}],
        "registration_timestamp": 1600000000,
    }
    names = {
        "account_login": "zoe.tern",
        "account_display_name": "Zoé Tern",
        "parse_flags": ["mojibake_repaired"],
        "locator": "/profile_v2",
    }
    stated = {
        **names,
        "event_type": "account_profile",
        "event_action": "profile",
        "identifiers": [
            ident("username", "zoe.tern"),
            ident("email", "zoe@example.org"),
            ident("email", "old@example.net"),
            ident("phone", "+12025550143", "+1 202 555 0143"),
        ],
        "extra": extra(
            **{"name.first_name": "Zoé", "phone_numbers": value["phone_numbers"], "registration_timestamp": 1600000000}
        ),
    }
    created = {**names, "event_type": "account_created", **when(1600000000, "Creation Time", 1600000000)}
    parts: list[str | Piece] = ['{"profile_v2": ', item(meta(value), stated, created), "}"]
    write("facebook_download", "profile_information.json", parts, OWN)


def relations() -> None:
    for name, key, kind, action, desc, actor in (
        ("your_friends.json", "friends_v2", "relationship", "friend_added", "Friend Time", False),
        ("received.json", "received_requests_v2", "follow_request", "request_received", "Request Time", True),
        ("rejected.json", "rejected_requests_v2", "follow_request", "request_rejected", "Rejection Time", True),
        ("sent.json", "sent_requests_v3", "follow_request", "request_sent", "Request Time", False),
    ):
        who = {"account_display_name": "Wren Pier"} if actor else {"extra": extra(name="Wren Pier")}
        event = {"locator": f"/{key}/0", "event_type": kind, "event_action": action, **when(T, desc, T), **who}
        section(name, key, [item({"name": "Wren Pier", "timestamp": T}, event)])


def visits() -> None:
    entry = {"timestamp": T, "data": {"name": "Wren Pier", "uri": "https://www.facebook.com/wren.pier"}}
    event = {
        "locator": "/visited_things_v2/0/entries/0",
        "event_type": "activity",
        "event_action": "visit",
        **when(T, "Visit Time", T),
        "extra": extra(data=entry["data"]),
    }
    opening = '{"visited_things_v2": [{"name": "Profile visits", "description": "Who", "entries": ['
    write("facebook_download", "profile_visits.json", [opening, item(entry, event), "]}]}"], OWN)
    search = {"timestamp": T, "title": "You searched", "data": [{"text": "wren pier"}]}
    searched = {
        "locator": "/searches_v2/0",
        "event_type": "activity",
        "event_action": "search",
        **when(T, "Search Time", T),
        "extra": extra(title="You searched", data=[{"text": "wren pier"}]),
    }
    section("your_search_history.json", "searches_v2", [item(search, searched)])
    photo = {
        "uri": "posts/media/1001.jpg",
        "creation_timestamp": T,
        "media_metadata": {
            "photo_metadata": {"exif_data": [{"upload_ip": "203.0.113.88", "taken_timestamp": -62169958800}]}
        },
    }
    uploaded = {
        "locator": "/other_photos_v2/0",
        "event_type": "activity",
        "event_action": "media_upload",
        **when(T, "Upload Time", T),
        "source_ip": "203.0.113.88",
        "attachment_names": ["1001.jpg"],
        "extra": extra(uri=photo["uri"], media_metadata=photo["media_metadata"]),
    }
    section("your_uncategorized_photos.json", "other_photos_v2", [item(photo, uploaded)])
    place = {"creation_timestamp": T, "coordinate": {"latitude": 51.5, "longitude": -0.25}, "name": "Pier"}
    located = {
        "locator": "/location_history_v2/0",
        "event_type": "location",
        **when(T, "Recorded Time", T),
        "extra": extra(latitude=51.5, longitude=-0.25, name="Pier"),
    }
    section("location_history.json", "location_history_v2", [item(place, located)])


def thread() -> None:
    ms = T * 1000 + 250
    usual = {"is_geoblocked_for_viewer": False, "is_unsent_image_by_messenger_kid_parent": False}
    first = meta({"sender_name": "Zoé Tern", "timestamp_ms": ms, "content": "I see you \U0001f441", **usual})
    second = {"sender_name": "Wren Pier", "timestamp_ms": ms + 1, "is_unsent": True, **usual}
    at = {"event_type": "message", "thread_id": "7700", "parse_flags": ["mojibake_repaired"]}
    said = {
        **at,
        "locator": "/messages/0",
        **when(T + 0.25, "Sent Time", ms),
        "sender": "Zoé Tern",
        "account_display_name": "Zoé Tern",
        "recipients": ["Wren Pier"],
        "message_type": "text",
        "text": "I see you \U0001f441",
    }
    gone = {
        **at,
        "locator": "/messages/1",
        **when(T + 0.251, "Sent Time", ms + 1),
        "sender": "Wren Pier",
        "account_display_name": "Wren Pier",
        "recipients": ["Zoé Tern"],
        "message_type": "unsent",
        "deleted_flag": True,
    }
    people = meta([{"name": "Zoé Tern"}, {"name": "Wren Pier"}])
    about = {
        **at,
        "locator": "/participants",
        "event_type": "thread",
        "recipients": ["Zoé Tern", "Wren Pier"],
        "extra": extra(thread_path="inbox/wren_7700", title="Wren Pier"),
    }
    parts: list[str | Piece] = [
        '{"participants": ',
        item(people, about),
        ', "messages": [',
        item(first, said),
        ", ",
        item(second, gone),
    ]
    parts.append('], "title": "Wren Pier", "thread_path": "inbox/wren_7700"}')
    write("facebook_download", "message_1.json", parts, OWN)


def secure_thread() -> None:
    ms = T * 1000
    common: dict[str, object] = {"reactions": [], "media": []}
    first = {**common, "isUnsent": False, "senderName": "Zoé Tern", "text": "Été", "timestamp": ms, "type": "text"}
    second = {**common, "isUnsent": True, "senderName": "Wren Pier", "text": "", "timestamp": ms + 5, "type": "text"}
    third = {**common, "isUnsent": False, "senderName": "Wren Pier", "text": "", "timestamp": ms + 9, "type": "media"}
    third["media"] = [{"uri": "./media/2002.jpg"}]

    def event(index: int, sender: str, other: str, kind: str, **more: object) -> dict[str, Any]:
        at = ms + (0, 5, 9)[index]
        who = {"sender": sender, "account_display_name": sender, "recipients": [other], "thread_id": "12"}
        base = {"locator": f"/messages/{index}", "event_type": "message", "message_type": kind, **who}
        return {**base, **when(at / 1000, "Sent Time", at), **more}

    about = {
        "locator": "/participants",
        "event_type": "thread",
        "thread_id": "12",
        "recipients": ["Zoé Tern", "Wren Pier"],
        "extra": extra(thread_name="Wren Pier_12", end_to_end_encrypted=True),
    }
    items = [
        item(first, event(0, "Zoé Tern", "Wren Pier", "text", text="Été")),
        item(second, event(1, "Wren Pier", "Zoé Tern", "unsent", deleted_flag=True)),
        item(third, event(2, "Wren Pier", "Zoé Tern", "media", attachment_names=["2002.jpg"])),
    ]
    people = item(["Zoé Tern", "Wren Pier"], about)
    body = listed(items, ', "threadName": "Wren Pier_12", "messages": [', "]}")
    write("facebook_download", "Wren Pier_12.json", ['{"participants": ', people, *body], OWN)


if __name__ == "__main__":
    activity()
    sessions()
    profile()
    relations()
    visits()
    thread()
    secure_thread()
