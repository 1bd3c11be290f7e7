from __future__ import annotations

import json

import pytest

from parsers.contract import Event, Item, Reject, Sample, Settings, Source
from parsers.platform_exports import telegram
from parsers.platform_exports._json_rows import MEANINGS
from parsers.registry import find_format

FORMAT = find_format("platform/telegram_json")
ROW = {"id": 1, "type": "message", "date_unixtime": "1767261600", "from": "Wren", "from_id": "user2", "text": "hi"}


def read(document: object, settings: Settings = Settings()) -> list[Item]:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return list(FORMAT.parse(Source(memoryview(data), settings=settings)))


def events(document: object, settings: Settings = Settings()) -> list[Event]:
    return [item for item in read(document, settings) if isinstance(item, Event)]


def chat(*rows: object, kind: str = "personal_chat") -> dict[str, object]:
    return {"name": "Wren", "type": kind, "id": 2, "messages": list(rows)}


def one(row: object, settings: Settings = Settings()) -> Event:
    return events(chat(row), settings)[1]


def score(document: object) -> int:
    data = json.dumps(document).encode()
    return FORMAT.recognise(Sample(data[:65536], b"", b"", len(data)))


def test_every_declared_field_has_a_meaning() -> None:
    shapes = (*telegram._LISTS.values(), telegram._PROFILE)
    assert {meaning for shape in shapes for meaning in shape.fields.values()} <= MEANINGS


def test_an_escape_that_json_does_not_have_costs_no_message() -> None:
    raw = json.dumps(chat(ROW, {**ROW, "id": 2, "text": "a@b"})).replace("a@b", "a\\x0Bb").encode()
    _, first, second = events(raw)
    assert (first.text, second.text) == ("hi", "a\x0bb")
    assert second.values["parse_flags"] == ["escape_repaired"]
    assert first.values["parse_flags"] is None


def test_a_backslash_before_an_x_stays_what_was_typed() -> None:
    raw = json.dumps(chat({**ROW, "text": "a@b"})).replace("a@b", "\\\\x41 \\x0B").encode()
    assert events(raw)[1].text == "\\x41 \x0b"


def test_the_local_date_is_never_taken_where_the_instant_is_written() -> None:
    event = one({**ROW, "date": "2026-01-01T23:59:59"}, Settings(timezone="Asia/Tokyo"))
    assert (event.values["timestamp"], event.values["tz_basis"]) == (1767261600_000_000, "epoch")


def test_an_older_export_without_instants_leaves_fourteen_hours_open() -> None:
    row = {k: v for k, v in ROW.items() if k != "date_unixtime"}
    event = one({**row, "date": "2026-01-01T10:00:00"})
    assert (event.values["tz_basis"], event.values["timestamp_raw"]) == ("assumed", "2026-01-01T10:00:00")


def test_a_deleted_account_keeps_its_id_without_a_name() -> None:
    event = one({**ROW, "from": None})
    assert (event.values["sender"], event.values["account_id"]) == ("user2", "2")
    assert event.values["account_display_name"] is None


def test_the_direction_comes_from_ids_and_never_from_names() -> None:
    assert one({**ROW, "from": "Tern"}).values["recipients"] is None
    assert one({**ROW, "from_id": "user1"}).values["recipients"] == ["user2"]
    nameless = one({k: v for k, v in ROW.items() if k not in {"from", "from_id"}})
    assert nameless.values["parse_flags"] == ["direction_unknown"]


def test_an_account_export_names_its_owner_as_recipient() -> None:
    export = {"personal_information": {"user_id": 1}, "chats": {"list": [chat(ROW)]}}
    assert events(export)[-1].values["recipients"] == ["user1"]


def test_messages_of_one_chat_never_take_the_name_of_another() -> None:
    second = {"messages": [ROW], "id": 3, "type": "private_group", "name": "Group"}
    found = [e for e in events({"chats": {"list": [chat(ROW), second]}}) if e.event_type == "message"]
    assert [e.values["thread_id"] for e in found] == ["2", "3"]
    assert [e.values["extra"] for e in found] == [{"chat_name": "Wren"}, {"chat_name": "Group"}]


def test_the_address_of_a_session_goes_with_its_last_use_not_its_beginning() -> None:
    row = {"created_unixtime": "1767000000", "last_active_unixtime": "1767261600", "last_ip": "203.0.113.5"}
    (event,) = events({"sessions": {"list": [row]}})
    assert (event.values["source_ip"], event.values["timestamp_raw"]) == ("203.0.113.5", "1767261600")
    assert event.values["extra"] == {"created_unixtime": "1767000000"}


@pytest.mark.parametrize("name", ["from", "date_unixtime", "text", "id"])
def test_a_removed_member_changes_no_neighbour(name: str) -> None:
    cut = {k: v for k, v in ROW.items() if k != name}
    after = {**ROW, "id": 9, "text": "next"}
    _, _, event = events(chat(cut, after))
    assert (event.text, event.values["message_id"], event.values["sender"]) == ("next", "9", "user2")


def test_an_added_member_is_kept_and_a_new_section_is_rejected_by_name() -> None:
    assert one({"new": 7, **ROW}).values["extra"] == {"new": 7, "chat_name": "Wren"}
    (reject,) = [i for i in read({"sessions": {"list": []}, "gifts": {"secret": 1}}) if isinstance(i, Reject)]
    assert (reject.kind, reject.reason) == ("unknown_structure", "no rule of this format reads the member '/gifts'")


def test_a_call_and_a_screenshot_are_told_apart_from_messages() -> None:
    service = {"id": 3, "type": "service", "date_unixtime": "1767261600", "actor_id": "user2", "text": ""}
    call, shot = (one({**service, "action": action}) for action in ("phone_call", "take_screenshot"))
    assert (call.event_type, call.values["sender"]) == ("call", "user2")
    assert (shot.event_type, shot.values["event_action"]) == ("system_notice", "take_screenshot")


def test_exports_are_recognised_by_the_writers_names() -> None:
    assert score(chat(ROW)) == 95
    assert score({"about": "", "personal_information": {}, "sessions": {}}) == 95
    assert score({"personal_information": {}, "name": "x"}) == 0
    assert score({"name": "x", "type": "y", "id": 1, "messages": [{"text": "z"}]}) == 0
    assert score({"participants": [], "messages": [{"sender_name": "R", "timestamp_ms": 1}]}) == 0


def test_a_session_that_was_never_active_has_no_time_although_1970_is_written_out() -> None:
    row = {"last_active_unixtime": "0", "last_active": "1970-01-01T02:00:00", "last_ip": "203.0.113.5"}
    (event,) = events({"sessions": {"list": [row]}})
    assert event.values["timestamp_raw"] is None
    assert event.values["extra"] == {"last_active": "1970-01-01T02:00:00"}
