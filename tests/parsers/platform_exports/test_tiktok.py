from __future__ import annotations

import json

import pytest

from parsers.contract import Event, Item, Reject, Sample, Skip, Source
from parsers.platform_exports._json_rows import MEANINGS
from parsers.platform_exports._tiktok_sections import LISTS, MESSAGE, OBJECTS
from parsers.registry import find_format

DOWNLOAD = find_format("platform/tiktok_download")
LOGIN = {"Date": "2026-01-01 10:00:00", "IP": "203.0.113.5", "DeviceModel": "Pixel 9"}


def read(document: object) -> list[Item]:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return list(DOWNLOAD.parse(Source(memoryview(data))))


def events(document: object) -> list[Event]:
    return [item for item in read(document) if isinstance(item, Event)]


def rejects(document: object) -> list[Reject]:
    return [item for item in read(document) if isinstance(item, Reject)]


def logins(
    *rows: object, top: str = "Activity", section: str = "Login History", name: str = "LoginHistoryList"
) -> object:
    return {top: {section: {name: list(rows)}}}


def chat(row: dict[str, object], name: str = "Chat History with wren:") -> dict[str, object]:
    return {
        "Direct Messages": {"Chat History": {"ChatHistory": {name: [row]}}},
        "Profile": {"Profile Information": {"ProfileMap": {"userName": "tern_h"}}},
    }


def message(document: object) -> Event:
    (event,) = [event for event in events(document) if event.event_type == "message"]
    return event


def test_every_declared_field_has_a_meaning() -> None:
    shapes = [*LISTS.values(), *OBJECTS.values(), MESSAGE]
    assert {meaning for shape in shapes for meaning in shape.fields.values()} <= MEANINGS


@pytest.mark.parametrize("body", ["Content", "comment", "content", "Comment"])
def test_a_body_is_read_under_either_of_its_names(body: str) -> None:
    event = message(chat({"Date": "2026-01-01 10:00:00", "From": "wren", body: "where are you"}))
    assert (event.text, event.values["sender"], event.values["recipients"]) == ("where are you", "wren", ["tern_h"])


def test_every_one_of_many_messages_keyed_comment_has_its_body() -> None:
    rows = [{"Date": "2026-01-01 10:00:00 UTC", "From": "wren", "comment": f"no. {n}"} for n in range(778)]
    found = events({"Direct Message": {"Direct Messages": {"ChatHistory": {"Chat History with wren:": rows}}}})
    assert [event.text for event in found] == [f"no. {n}" for n in range(778)]


@pytest.mark.parametrize(
    ("raw", "basis"), [("2026-01-01 10:00:00", "format_rule"), ("2026-01-01 10:00:00 UTC", "in_value")]
)
def test_a_login_time_is_utc_with_and_without_the_word(raw: str, basis: str) -> None:
    (event,) = events(logins({**LOGIN, "Date": raw}))
    assert (event.values["timestamp"], event.values["timestamp_raw"]) == (1767261600_000_000, raw)
    assert event.values["tz_basis"] == basis


def test_logins_with_invalid_addresses_are_kept_and_flagged() -> None:
    rows = [{**LOGIN, "IP": f"203.0.113.{300 + n}"} for n in range(2278)] + [LOGIN] * 11
    found = events(logins(*rows))
    assert len(found) == 2289
    assert sum(event.values["parse_flags"] == ["invalid_address"] for event in found) == 2278
    assert found[0].values["extra"] == {"IP": "203.0.113.300", "DeviceModel": "Pixel 9"}
    assert [event.values.get("source_ip") for event in found[2277:2279]] == [None, "203.0.113.5"]


def test_an_address_stays_with_the_time_of_its_own_row() -> None:
    rows = [{"Date": f"2026-01-01 10:00:0{n}", "IP": f"203.0.113.{n}"} for n in range(1, 6)]
    del rows[1]["IP"], rows[3]["Date"]
    got = [(event.values.get("timestamp_raw"), event.values.get("source_ip")) for event in events(logins(*rows))]
    assert got == [
        ("2026-01-01 10:00:01", "203.0.113.1"),
        ("2026-01-01 10:00:02", None),
        ("2026-01-01 10:00:03", "203.0.113.3"),
        (None, "203.0.113.4"),
        ("2026-01-01 10:00:05", "203.0.113.5"),
    ]


@pytest.mark.parametrize(
    ("top", "section", "name"),
    [
        ("Activity", "Login History", "LoginHistoryList"),
        ("Your Activity", "Login History", "LoginHistoryList"),
        ("your activity", "login history", "loginHistoryList"),
        ("Some New Place", "Anmeldeverlauf", "LOGINHISTORYLIST"),
    ],
)
def test_a_list_is_known_by_its_own_name_in_any_case_and_place(top: str, section: str, name: str) -> None:
    (event,) = events(logins(LOGIN, top=top, section=section, name=name))
    assert (event.event_type, event.values["source_ip"]) == ("authentication", "203.0.113.5")


def test_members_in_any_order_and_case_give_the_same_login() -> None:
    moved = {name.upper(): LOGIN[name] for name in reversed(LOGIN)}
    (event,) = events(logins(moved))
    assert (event.values["timestamp_raw"], event.values["source_ip"]) == (LOGIN["Date"], LOGIN["IP"])
    assert event.values["extra"] == {"DEVICEMODEL": "Pixel 9"}


def test_a_member_that_stands_twice_in_two_cases_is_kept_twice() -> None:
    (event,) = events(logins({**LOGIN, "ip": "203.0.113.9"}))
    assert event.values["source_ip"] == "203.0.113.5"
    assert event.values["extra"] == {"DeviceModel": "Pixel 9", "ip": "203.0.113.9"}


def test_an_added_or_renamed_member_is_kept_under_its_own_name() -> None:
    (event,) = events(logins({"Date": LOGIN["Date"], "Address": "203.0.113.5", "Risk": 3}))
    assert "source_ip" not in event.values
    assert event.values["extra"] == {"Address": "203.0.113.5", "Risk": 3}


def test_null_lists_and_empty_sections_are_named_skips() -> None:
    items = read({"Activity": {"Login History": {"LoginHistoryList": None}, "Watch History": {}}, "Post": None})
    assert {item.rule for item in items if isinstance(item, Skip)} == {"empty section", "json structure"}
    assert not [item for item in items if not isinstance(item, Skip)]


def test_a_list_nobody_declared_is_rejected_by_name_and_the_rest_is_read() -> None:
    activity = {"Sticker": {"StickerList": [{"Secret": "x"}]}, "Login History": {"LoginHistoryList": [LOGIN]}}
    document = {"Activity": activity}
    assert [r.reason for r in rejects(document)] == [
        "no rule of this format reads the member '/Activity/Sticker/StickerList'"
    ]
    assert len(events(document)) == 1


def test_direction_is_settled_by_user_names_and_stays_open_without_a_profile() -> None:
    row: dict[str, object] = {"Date": "2026-01-01 10:00:00", "From": "tern_h", "Content": "x"}
    assert message(chat(row)).values["recipients"] == ["wren"]
    document = chat(row)
    del document["Profile"]
    assert message(document).values["recipients"] is None
    stranger = message(chat({**row, "From": "heron"}))
    assert (stranger.values["sender"], stranger.values["recipients"]) == ("heron", None)


def test_a_chat_titled_in_another_language_keeps_its_title_and_names_no_recipient() -> None:
    row: dict[str, object] = {"Date": "2026-01-01 10:00:00", "From": "tern_h", "Content": "x"}
    event = message(chat(row, "Chatverlauf mit wren:"))
    assert (event.values["thread_id"], event.values["recipients"]) == ("Chatverlauf mit wren:", None)


def test_messages_before_a_break_are_read_and_the_rest_is_rejected() -> None:
    row: dict[str, object] = {"Date": "2026-01-01 10:00:00", "From": "wren", "Content": "x"}
    whole = json.dumps({"Direct Messages": {"Chat History": {"ChatHistory": {"Chat History with wren:": [row, row]}}}})
    cut = whole[: whole.rindex('"Content"')].encode()
    assert [event.text for event in events(cut)] == ["x"]
    assert [reject.kind for reject in rejects(cut)] == ["truncated"]


def test_an_id_of_zeros_is_no_identifier() -> None:
    row = {"IDFA": "00000000-0000-0000-0000-000000000000", "GAID": "N/A", "Android ID": "a1"}
    (event,) = events({"Activity": {"Status": {"Status List": [row]}}})
    assert event.values["identifiers"] == [{"type": "device_id", "value": "a1", "raw": "a1"}]
    assert event.values["extra"] == {"IDFA": "00000000-0000-0000-0000-000000000000"}


def test_json_with_none_of_its_lists_is_not_claimed() -> None:
    for document in ({"Activity": {"x": 1}}, {"Profile": {"name": "ChatHistory"}}, [{"LoginHistoryList": []}]):
        data = json.dumps(document).encode()
        assert DOWNLOAD.recognise(Sample(data, b"", b"", len(data))) == 0


def test_chats_that_stand_at_the_top_are_read_like_those_below_sections() -> None:
    row = {"Date": "2026-01-01 10:00:00", "From": "wren", "Content": "x"}
    (event,) = events({"ChatHistory": {"Chat History with wren:": [row]}})
    assert (event.event_type, event.values["thread_id"], event.text) == ("message", "wren", "x")


def test_a_chat_that_lost_its_list_is_rejected_without_its_name() -> None:
    (reject,) = rejects({"Direct Messages": {"Chat History": {"ChatHistory": {"Chat History with wren:": "gone"}}}})
    assert reject.reason == "no rule of this format reads an item of a chat list"


def test_the_last_location_has_its_time_where_it_is_written_one_level_deeper() -> None:
    place = {"LocationData": {"Date": "2026-01-01 10:00:00", "LastRegion": "US"}}
    (event,) = events({"Activity": {"Most Recent Location Data": place, "Login History": {"LoginHistoryList": []}}})
    assert event.values["timestamp_raw"] == "2026-01-01 10:00:00"
    assert event.values["extra"] == {"LocationData.LastRegion": "US"}
