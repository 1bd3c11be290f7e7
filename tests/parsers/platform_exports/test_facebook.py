from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from parsers.contract import Event, Item, Reject, Sample, Source
from parsers.platform_exports._facebook_sections import NESTED, SECTIONS
from parsers.platform_exports._json_rows import MEANINGS
from parsers.registry import find_format

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = find_format("platform/facebook_download")
ROW = {"action": "Login", "timestamp": 1767261600, "ip_address": "203.0.113.5", "datr_cookie": "datr-A"}


def read(document: object) -> list[Item]:
    return list(FORMAT.parse(Source(memoryview(json.dumps(document).encode()))))


def events(document: object) -> list[Event]:
    return [item for item in read(document) if isinstance(item, Event)]


def rejects(document: object) -> list[Reject]:
    return [item for item in read(document) if isinstance(item, Reject)]


def score(document: object) -> int:
    data = json.dumps(document).encode()
    return FORMAT.recognise(Sample(data[:65536], b"", b"", len(data)))


def pairs(found: list[Event]) -> list[tuple[object, object]]:
    return [(event.values.get("source_ip"), event.values.get("timestamp_raw")) for event in found]


def account(row: Mapping[str, object]) -> Event:
    (event,) = events({"account_activity_v2": [row]})
    return event


def test_every_declared_field_has_a_meaning() -> None:
    shapes = (*SECTIONS.values(), *NESTED.values())
    assert {meaning for shape in shapes for meaning in shape.fields.values()} <= MEANINGS


def test_a_login_holds_its_address_time_and_cookie() -> None:
    event = account(ROW)
    assert event.event_type == "authentication"
    assert event.values["source_ip"] == "203.0.113.5"
    assert event.values["timestamp"] == 1767261600_000_000
    assert event.values["identifiers"] == [{"type": "cookie", "value": "datr-A", "raw": "datr-A"}]


def test_the_order_of_members_changes_nothing() -> None:
    assert account(dict(reversed(ROW.items()))).values == account(ROW).values


def test_an_added_member_is_kept_and_shifts_nothing() -> None:
    event = account({"is_encrypted": True, **ROW})
    assert event.values["extra"] == {"is_encrypted": True}
    assert pairs([event]) == [("203.0.113.5", "1767261600")]


@pytest.mark.parametrize("name", sorted(ROW))
def test_a_removed_member_leaves_its_column_empty_and_the_others_as_they_were(name: str) -> None:
    row = {k: v for k, v in ROW.items() if k != name}
    other = {**ROW, "ip_address": "198.51.100.1", "timestamp": 1767260000}
    first, second = events({"account_activity_v2": [row, other]})
    ip, at = row.get("ip_address"), row.get("timestamp")
    assert pairs([first, second]) == [(ip, None if at is None else str(at)), ("198.51.100.1", "1767260000")]


def test_a_renamed_member_is_kept_under_its_new_name() -> None:
    event = account({"action": "Login", "timestamp": 1767261600, "peer": "203.0.113.5"})
    assert event.values.get("source_ip") is None
    assert event.values["extra"] == {"peer": "203.0.113.5"}


def test_a_new_generation_of_a_known_section_is_read() -> None:
    (event,) = events({"account_activity_v3": [ROW]})
    assert event.values["source_ip"] == "203.0.113.5"


def test_a_new_section_is_rejected_by_name_without_its_values() -> None:
    (reject,) = rejects({"account_activity_v2": [], "secret_v2": [{"who": "wren"}]})
    assert (reject.kind, reject.reason) == ("unknown_structure", "no rule of this format reads the member '/secret_v2'")


def test_words_of_another_language_stay_a_session_with_those_words() -> None:
    event = account({**ROW, "action": "Sesi\u00c3\u00b3n iniciada"})
    assert (event.event_type, event.values["event_action"]) == ("session", "Sesi\u00f3n iniciada")
    assert event.values["parse_flags"] == ["mojibake_repaired"]


def test_an_unreadable_date_of_a_photo_stays_in_extra_and_gives_no_time() -> None:
    exif = {"photo_metadata": {"exif_data": [{"upload_ip": "203.0.113.9", "taken_timestamp": -62169958800}]}}
    (event,) = events({"other_photos_v2": [{"uri": "a/1.jpg", "media_metadata": exif}]})
    assert event.values["source_ip"] == "203.0.113.9"
    assert "timestamp" not in event.values
    assert event.values["extra"] == {"uri": "a/1.jpg", "media_metadata": exif}


def test_two_upload_addresses_of_one_photo_attest_neither() -> None:
    exif = {"photo_metadata": {"exif_data": [{"upload_ip": "203.0.113.9"}, {"upload_ip": "203.0.113.10"}]}}
    (event,) = events({"other_photos_v2": [{"uri": "a/1.jpg", "media_metadata": exif}]})
    assert event.values.get("source_ip") is None


def test_the_name_of_a_friend_is_no_identifier() -> None:
    (event,) = events({"friends_v2": [{"name": "Wren Pier", "timestamp": 1767261600}]})
    assert event.values["identifiers"] is None
    assert event.values["extra"] == {"name": "Wren Pier"}


def test_the_thread_of_an_encrypted_chat_is_known_although_its_name_stands_last() -> None:
    row = {"senderName": "A", "text": "hi", "timestamp": 1767261600000, "isUnsent": False}
    _, message = events({"participants": ["A", "B"], "messages": [row], "threadName": "B_7"})
    assert (message.values["thread_id"], message.values["recipients"], message.text) == ("7", ["B"], "hi")


def test_a_message_without_a_sender_leaves_its_direction_open() -> None:
    _, message = events({"participants": ["A", "B"], "threadName": "B_7", "messages": [{"text": "hi"}]})
    assert message.values["sender"] is None
    assert message.values["parse_flags"] == ["direction_unknown"]


def test_downloads_are_recognised_by_the_names_inside() -> None:
    assert score({"account_activity_v2": []}) == 95
    assert score({"participants": ["A"], "messages": [{"isUnsent": False, "senderName": "A"}]}) == 92
    assert score({"unheard_of_v2": []}) == 40
    assert score({"account_history_login_history": []}) == 0
    assert score({"messages": [{"text": "x"}], "name": "chat", "id": 1}) == 0


def test_numbers_no_column_can_hold_do_no_harm() -> None:
    event = account({**ROW, "timestamp": 10**30, "port": 10**40})
    assert event.values["timestamp"] is None
    assert event.values["extra"] == {"port": 10**40}
