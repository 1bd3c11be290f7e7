from __future__ import annotations

import json

import pytest

from parsers.contract import Event, Item, Reject, Sample, Source
from parsers.platform_exports._discord_account import ACTIVITY, SHAPES
from parsers.platform_exports._discord_messages import MESSAGE_FIELDS
from parsers.platform_exports._json_rows import MEANINGS
from parsers.platform_exports.discord_chatexporter import MESSAGE
from parsers.registry import find_format

PACKAGE = find_format("platform/discord_package")
RETURN = find_format("platform/discord_return")
EXPORTER = find_format("platform/discord_chatexporter")
COLUMNS = {
    "id": "1456234567890123456",
    "channel_id": "400000000000000001",
    "author_id": "300000000000000002",
    "timestamp": "2026-01-01 10:00:00",
    "username": "wren",
    "contents": "hi",
    "attachments": "",
}


def read(fmt: object, document: object) -> list[Item]:
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    return list(fmt.parse(Source(memoryview(data))))  # type: ignore[attr-defined]


def events(fmt: object, document: object) -> list[Event]:
    return [item for item in read(fmt, document) if isinstance(item, Event)]


def rejects(fmt: object, document: object) -> list[Reject]:
    return [item for item in read(fmt, document) if isinstance(item, Reject)]


def table(columns: dict[str, str]) -> str:
    return ",".join(columns) + "\n" + ",".join(columns.values()) + "\n"


def facts(event: Event) -> tuple[object, ...]:
    return (event.values.get("sender"), event.values.get("timestamp_raw"), event.text)


def score(fmt: object, document: object) -> int:
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    return fmt.recognise(Sample(data[:65536], b"", b"", len(data)))  # type: ignore[attr-defined, no-any-return]


def test_every_declared_field_has_a_meaning() -> None:
    declared = [MESSAGE_FIELDS, MESSAGE.fields, ACTIVITY.fields, *(shape.fields for shape in SHAPES.values())]
    assert {meaning for fields in declared for meaning in fields.values()} <= MEANINGS


@pytest.mark.parametrize("shift", range(1, 7))
def test_columns_in_any_order_give_the_same_message(shift: int) -> None:
    names = list(COLUMNS)
    moved = {name: COLUMNS[name] for name in names[shift:] + names[:shift]}
    (event,) = events(RETURN, table(moved))
    assert facts(event) == ("300000000000000002", "2026-01-01 10:00:00", "hi")


@pytest.mark.parametrize("name", list(COLUMNS))
def test_a_removed_column_empties_its_own_value_only(name: str) -> None:
    (event,) = events(RETURN, table({k: v for k, v in COLUMNS.items() if k != name}))
    gone = {"author_id": 0, "timestamp": 1, "contents": 2}
    want = ["300000000000000002", "2026-01-01 10:00:00", "hi"]
    have = list(facts(event))
    if name == "timestamp":
        assert event.values["timestamp_desc"] == "Id Time"
    elif name in gone:
        assert have[gone[name]] is None
    assert [h for i, h in enumerate(have) if gone.get(name) != i] == [
        w for i, w in enumerate(want) if gone.get(name) != i
    ]


def test_an_added_column_is_rejected_by_title_and_its_cells_are_kept() -> None:
    document = table({"is_spam": "secret", **COLUMNS})
    (event,), (reject,) = events(RETURN, document), rejects(RETURN, document)
    assert facts(event) == ("300000000000000002", "2026-01-01 10:00:00", "hi")
    assert isinstance(event.values["extra"], dict)
    assert event.values["extra"]["is_spam"] == "secret"
    assert reject.reason == "no rule of this format reads the columns 'is_spam'"


def test_a_renamed_column_is_never_read_as_another() -> None:
    renamed = {("sent_by" if k == "author_id" else k): v for k, v in COLUMNS.items()}
    (event,) = events(RETURN, table(renamed))
    assert facts(event) == (None, "2026-01-01 10:00:00", "hi")
    assert [r.kind for r in rejects(RETURN, table(renamed))] == ["unknown_structure"]


def test_a_row_with_too_few_cells_is_rejected_and_its_neighbours_are_read() -> None:
    document = table(COLUMNS) + "1,2,3\n" + table(COLUMNS).split("\n")[1] + "\n"
    assert len(events(RETURN, document)) == 2
    assert [r.reason for r in rejects(RETURN, document)] == ["the row has 3 cells and the header 7"]


def test_a_title_that_stands_twice_keeps_its_first_place() -> None:
    (event,) = events(RETURN, "author_id,contents,author_id,channel_id,timestamp\n1,hi,2,3,2026-01-01 10:00:00\n")
    assert event.values["sender"] == "1"
    assert event.values["extra"] == {"author_id#3": "2"}


def test_a_written_time_that_contradicts_the_id_keeps_both() -> None:
    number = str((1767261600_000 - 1_420_070_400_000) << 22)
    (event,) = events(PACKAGE, [{"ID": number, "Timestamp": "2026-01-01 10:00:09", "Contents": "x"}])
    assert event.values["timestamp"] == 1767261609_000_000
    assert event.values["extra"] == {"id_time_ms": 1767261600_000}
    (same,) = events(PACKAGE, [{"ID": number, "Timestamp": "2026-01-01 10:00:00", "Contents": "x"}])
    assert same.values["extra"] == {}


def test_accents_and_backslashes_of_a_body_stay_as_typed() -> None:
    (event,) = events(PACKAGE, 'ID,Timestamp,Contents,Attachments\n1,2026-01-01 10:00:00,"C:\\Users\\x é",\n')
    assert event.text == "C:\\Users\\x é"


def test_the_profile_is_read_wherever_its_members_stand() -> None:
    account = {"email": "t@example.org", "relationships": [], "user_sessions": [], "username": "tern", "id": "1"}
    (event,) = events(PACKAGE, account)
    assert (event.event_type, event.values["account_id"], event.values["account_login"]) == (
        "account_profile",
        "1",
        "tern",
    )


def test_a_session_keeps_its_own_address_and_time() -> None:
    rows = [
        {"user_data": {"client_info": {"ip": "203.0.113.1"}}},
        {"user_data": {"client_info": {}, "creation_time": "2026-01-01T10:00:00+00:00"}},
    ]
    found = events(PACKAGE, {"id": "1", "username": "t", "user_sessions": rows, "relationships": []})[1:]
    pairs = [(e.values.get("source_ip"), e.values.get("timestamp_raw")) for e in found]
    assert pairs == [("203.0.113.1", None), (None, "2026-01-01T10:00:00+00:00")]


def test_a_new_list_of_the_account_is_rejected_by_name_without_its_values() -> None:
    account = {"id": "1", "username": "t", "user_sessions": [], "relationships": [], "boosts": [{"secret": 1}]}
    (reject,) = rejects(PACKAGE, account)
    assert (reject.kind, reject.reason) == ("unknown_structure", "no rule of this format reads the member '/boosts'")


def test_a_channel_export_that_holds_fewer_messages_than_it_states_says_so() -> None:
    row = {"id": "1", "type": "Default", "content": "hi", "author": {"id": "2", "name": "w"}}
    whole = {"guild": {}, "channel": {"id": "3"}, "messages": [row], "messageCount": 1}
    assert rejects(EXPORTER, whole) == []
    assert [r.kind for r in rejects(EXPORTER, {**whole, "messageCount": 9})] == ["truncated"]


def test_the_channel_of_a_message_is_known_although_it_stands_last() -> None:
    row = {"id": "1", "type": "Default", "content": "hi", "author": {"id": "2", "name": "w"}}
    found = events(EXPORTER, {"messages": [row], "messageCount": 1, "guild": {}, "channel": {"id": "3"}})
    assert (found[0].values["thread_id"], found[0].values["sender"]) == ("3", "2")


def test_files_are_recognised_by_names_and_titles_inside() -> None:
    assert score(PACKAGE, [{"ID": 1, "Timestamp": "", "Contents": ""}]) == 95
    assert score(PACKAGE, {"id": "1", "username": "x", "user_sessions": [], "relationships": []}) == 95
    assert score(PACKAGE, '{"event_type":"a","timestamp":"b","event_source":"c"}\n' * 3) == 92
    assert score(RETURN, table(COLUMNS)) == 92
    assert score(PACKAGE, table(COLUMNS)) == 0
    assert score(EXPORTER, {"guild": {}, "channel": {}, "messages": [], "messageCount": 0}) == 95


def test_other_files_are_not_recognised() -> None:
    assert score(PACKAGE, {"id": "1", "username": "x"}) == 0
    assert score(PACKAGE, '{"event_type":"alert","timestamp":"b","src_ip":"c"}\n') == 0
    assert score(RETURN, "id,username,timestamp,ip\n1,x,2026-01-01,192.0.2.1\n") == 0
    assert score(EXPORTER, {"channel": {}, "messages": []}) == 0
