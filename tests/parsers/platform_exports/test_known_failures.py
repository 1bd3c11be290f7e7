"""Inputs on which open tools are known to lose, invert or mispair records: each shape, and what is read of it here.

The numbers are those of the table of measured failures that the format cards rest on.
"""

from __future__ import annotations

import json
from typing import Any

from parsers.contract import Event, Reject, Sample, Settings, Source
from parsers.registry import find_format, recognise
from tests.parsers.platform_exports.returns import CLASSES, LETTERS, flat, page, pairs, section

UTC_2025 = 1_735_725_600_000_000  # 2025-01-01T10:00:00Z in microseconds


def read(data: bytes, format_id: str, zone: str | None = None) -> list[Event]:
    """Events of a file that is recognised as this format, none of it rejected."""
    assert recognise(Sample(data[:65536], b"", b"", len(data))).format_id == format_id
    items = list(find_format(format_id).parse(Source(memoryview(data), settings=Settings(timezone=zone))))
    assert [item.reason for item in items if isinstance(item, Reject)] == []
    return [item for item in items if isinstance(item, Event)]


def of_type(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if event.event_type == kind]


def said(events: list[Event]) -> list[tuple[object, str | None]]:
    """(sender, text) of each message."""
    return [(event.values.get("sender"), event.text) for event in of_type(events, "message")]


def test_1_snapchat_chats_in_the_present_layout_keep_text_and_direction() -> None:
    common = {"Media Type": "TEXT", "Created": "2025-01-01 10:00:00 UTC", "Conversation Title": None, "IsSaved": False,
              "Media IDs": ""}  # fmt: skip
    chat = [
        {**common, "From": "wren", "Content": "where are you", "IsSender": False,
         "Created(microseconds)": 1735725600000},
        {"From": "tern_h", **common, "Content": "stop", "IsSender": True, "Created(microseconds)": 1735725601000},
    ]  # fmt: skip
    events = read(json.dumps({"wren": chat}).encode(), "platform/snapchat_mydata")
    assert said(events) == [("wren", "where are you"), ("tern_h", "stop")]
    assert [event.values["recipients"] for event in events] == [["tern_h"], ["wren"]]


def thread(*texts: str) -> bytes:
    rows = [
        {"sender_name": "Wren", "timestamp_ms": 1735725600000, "content": t, "is_geoblocked_for_viewer": False}
        for t in texts
    ]
    about = {"title": "Wren", "is_still_participant": True, "thread_path": "inbox/wren_17842290013", "magic_words": []}
    return json.dumps({"participants": [{"name": "Wren"}, {"name": "Finch"}], "messages": rows, **about}).encode()


def test_2_every_part_of_an_instagram_thread_is_read_into_one_thread() -> None:
    found = [read(part, "platform/instagram_download") for part in (thread("new"), thread("old", "older"))]
    messages = [event for events in found for event in of_type(events, "message")]
    assert [event.text for event in messages] == ["new", "old", "older"]
    assert len({event.values["thread_id"] for event in messages}) == 1


def logins(**cells: dict[str, Any]) -> bytes:
    row = {"title": "2025-01-01T10:00:00+00:00", "string_map_data": cells}
    return json.dumps({"account_history_login_history": [row]}).encode()


def test_3_instagram_logins_are_read_without_the_cookie_and_with_german_labels() -> None:
    time, address = (
        {"href": "", "value": "", "timestamp": 1735725600},
        {"href": "", "value": "203.0.113.5", "timestamp": 0},
    )
    agent = {"href": "", "value": "Instagram 300.0 (iPhone14,5; iOS 17_0)", "timestamp": 0}
    bare = logins(**{"IP Address": address, "User Agent": agent, "Time": time})
    german = logins(**{"IP-Adresse": address, "Benutzeragent": agent, "Uhrzeit": time})
    for data in (bare, german):
        (event,) = of_type(read(data, "platform/instagram_download"), "authentication")
        assert (event.values["source_ip"], event.values["timestamp"]) == ("203.0.113.5", UTC_2025)


ADDRESSES = [
    [("IP Address", "198.51.100.10:22859"), ("Time", "2025-01-01 10:00:00 UTC")],
    [("IP Address", "[2001:db8::1]:63629"), ("Time", "2025-01-02 10:00:00 UTC")],
    [("IP Address", "198.51.100.30"), ("Time", "2025-01-03 10:00:00 UTC")],
]
PAIRS = [
    ("198.51.100.10", "2025-01-01 10:00:00 UTC"),
    ("2001:db8::1", "2025-01-02 10:00:00 UTC"),
    ("198.51.100.30", "2025-01-03 10:00:00 UTC"),
]


def addresses(markup: str) -> list[Event]:
    data = page(section("ip_addresses", "Ip Addresses", flat(ADDRESSES, markup), markup))
    return [e for e in read(data, "platform/meta_return") if not e.locator.startswith("request_parameters")]


def test_4_addresses_in_the_newer_markup_of_meta_are_read() -> None:
    assert pairs(addresses(LETTERS)) == PAIRS


def test_4b_meta_rows_of_two_fields_never_take_the_next_address() -> None:
    events = addresses(CLASSES)
    assert pairs(events) == PAIRS
    assert [event.values.get("source_port") for event in events] == [22859, 63629, None]


REDDIT = "id,permalink,thread_id,date,ip,from,to,subject,body\n"
REDDIT += "m1,/m/1,t1,2025-01-01 10:00:00 UTC,203.0.113.5,tern,wren,hi,{}\n"


def test_5_reddit_text_with_accents_and_emoji_is_kept_letter_for_letter() -> None:
    (event,) = of_type(read(REDDIT.format("caf\u00e9 \U0001f642").encode(), "platform/reddit_export"), "message")
    assert event.text == "caf\u00e9 \U0001f642"


def test_5b_a_backslash_in_reddit_text_loses_nothing() -> None:
    (event,) = of_type(read(REDDIT.format(r"look in C:\Users\x").encode(), "platform/reddit_export"), "message")
    assert event.text == r"look in C:\Users\x"


def test_6_whatsapp_lines_of_android_have_time_and_sender() -> None:
    lines = "12/31/24, 11:59\u202fPM - Wren: still up?\n12/31/24, 11:59\u202fPM - Finch: yes\n"
    lines += "1/1/25, 12:01\u202fAM - Wren: stop\n"
    events = of_type(read(lines.encode(), "platform/whatsapp_chat", "UTC"), "message")
    assert said(events) == [("Wren", "still up?"), ("Finch", "yes"), ("Wren", "stop")]
    assert [event.values["timestamp"] for event in events] == [
        1_735_689_540_000_000, 1_735_689_540_000_000, 1_735_689_660_000_000,
    ]  # fmt: skip


def test_6b_a_bracket_in_a_whatsapp_message_of_ios_cuts_nothing() -> None:
    lines = "[31/12/2024, 23:59:01] Wren: see [this] and ] that\n[31/12/2024, 23:59:30] Finch: no\n"
    events = read(lines.encode(), "platform/whatsapp_chat", "UTC")
    assert said(events) == [("Wren", "see [this] and ] that"), ("Finch", "no")]


def test_7_x_messages_with_whole_seconds_are_read() -> None:
    messages = [
        {"messageCreate": {"id": "1800000000000000001", "senderId": "1100000002", "recipientId": "1100000001",
                           "text": text, "createdAt": at, "mediaUrls": [], "urls": [], "reactions": []}}
        for text, at in (("whole", "2025-01-01T10:00:00Z"), ("with more", "2025-01-01T10:00:00.000Z"))
    ]  # fmt: skip
    data = json.dumps([{"dmConversation": {"conversationId": "1100000001-1100000002", "messages": messages}}])
    signed = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"
        f"{data}\n-----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCgAd\n-----END PGP SIGNATURE-----\n"
    )
    events = of_type(read(signed.encode(), "platform/x_return"), "message")
    assert [(event.text, event.values["timestamp"]) for event in events] == [
        ("whole", UTC_2025),
        ("with more", UTC_2025),
    ]


def test_8_tiktok_messages_keyed_comment_have_text_and_logins_have_times() -> None:
    login = {"Date": "2025-01-01 10:00:00 UTC", "IP": "203.0.113.5", "DeviceModel": "Pixel", "DeviceSystem": "Android",
             "NetworkType": "Wi-Fi", "Carrier": ""}  # fmt: skip
    chat = [{"Date": "2025-01-01 10:00:00 UTC", "From": "wren", "comment": "I know where you live"}]
    data = {
        "Your Activity": {"Login History": {"LoginHistoryList": [login]}},
        "Direct Message": {"Direct Messages": {"ChatHistory": {"Chat History with wren:": chat}}},
    }
    events = read(json.dumps(data).encode(), "platform/tiktok_download")
    assert said(events) == [("wren", "I know where you live")]
    assert [event.values["timestamp"] for event in events if event.values.get("source_ip")] == [UTC_2025]


def test_9_instagram_profiles_with_french_labels_keep_their_contacts() -> None:
    cells = {
        "Nom d\u00e2\u0080\u0099utilisateur": {"href": "", "value": "wren.hale", "timestamp": 0},
        "Adresse e-mail": {"href": "", "value": "wren@example.com", "timestamp": 0},
        "Num\u00c3\u00a9ro de t\u00c3\u00a9l\u00c3\u00a9phone": {"href": "", "value": "+353209150002", "timestamp": 0},
    }
    data = json.dumps({"profile_user": [{"title": "", "media_map_data": {}, "string_map_data": cells}]}).encode()
    (event,) = read(data, "platform/instagram_download")
    found = {(i["type"], i["value"]) for i in event.values["identifiers"]}  # type: ignore[attr-defined]
    assert {("email", "wren@example.com"), ("phone", "+353209150002")} <= found
