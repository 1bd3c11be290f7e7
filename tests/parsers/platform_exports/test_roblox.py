from __future__ import annotations

import json

import pytest

from parsers.contract import Event, Item, Reject, Sample, Skip, Source
from parsers.platform_exports._json_rows import MEANINGS
from parsers.platform_exports._titled_rows import OWN_MEANINGS
from parsers.platform_exports.roblox_return import TABLES
from parsers.platform_exports.zendesk_ticket import SHAPES
from parsers.registry import find_format

ROBLOX, DESK = find_format("platform/roblox_return"), find_format("platform/zendesk_ticket")
COLUMNS = {
    "user_id": "5000000001",
    "username": "tern_h",
    "ip_address": "203.0.113.5",
    "first_seen_utc": "01/02/2026 10:00:00",
    "last_seen_utc": "01/03/2026 10:00:00",
}
WANT = ("5000000001", "203.0.113.5", 1767348000_000000, 1767434400_000000)


def read(data: str, fmt: object = ROBLOX) -> list[Item]:
    return list(fmt.parse(Source(memoryview(data.encode()))))  # type: ignore[attr-defined]


def events(data: str, fmt: object = ROBLOX) -> list[Event]:
    return [item for item in read(data, fmt) if isinstance(item, Event)]


def table(columns: dict[str, str], *more: str) -> str:
    return "\n".join([",".join(columns), ",".join(columns.values()), *more]) + "\n"


def facts(event: Event) -> tuple[object, ...]:
    return tuple(event.values.get(name) for name in ("account_id", "source_ip", "timestamp", "timestamp_end"))


def score(data: str, fmt: object = ROBLOX) -> int:
    raw = data.encode()
    return fmt.recognise(Sample(raw, b"", b"", len(raw)))  # type: ignore[attr-defined, no-any-return]


def test_every_declared_title_has_a_meaning() -> None:
    assert {meaning for one in TABLES for meaning in one.fields.values()} <= MEANINGS | OWN_MEANINGS
    assert {meaning for shape in SHAPES.values() for meaning in shape.fields.values()} <= MEANINGS
    assert all(spelling <= one.fields.keys() for one in TABLES for spelling in one.any_of)


@pytest.mark.parametrize("shift", range(1, 5))
def test_columns_in_any_order_give_the_same_session(shift: int) -> None:
    names = list(COLUMNS)
    (event,) = events(table({name: COLUMNS[name] for name in names[shift:] + names[:shift]}))
    assert facts(event) == WANT


@pytest.mark.parametrize("at", range(6))
def test_an_added_column_moves_no_value_and_is_rejected_by_name(at: int) -> None:
    pairs = list(COLUMNS.items())
    pairs.insert(at, ("is_vpn", "perhaps"))
    items = read(table(dict(pairs)))
    (event,) = (item for item in items if isinstance(item, Event))
    (reject,) = (item for item in items if isinstance(item, Reject))
    assert facts(event) == WANT
    assert "is_vpn" in reject.reason
    assert "perhaps" not in reject.reason


@pytest.mark.parametrize("name", ["ip_address", "first_seen_utc"])
def test_a_removed_column_takes_no_value_of_another(name: str) -> None:
    found = events(table({k: v for k, v in COLUMNS.items() if k != name}))
    if name == "ip_address":
        assert found == []
    else:
        assert (found[0].values["timestamp_desc"], found[0].values["timestamp"]) == ("Last Seen Time", WANT[3])


def test_blank_rows_separate_and_lose_nothing() -> None:
    row = ",".join(COLUMNS.values())
    items = read(table(COLUMNS, ",,,,", "", row))
    assert [type(item).__name__ for item in items] == ["Skip", "Event", "Skip", "Skip", "Event"]
    assert [facts(item) for item in items if isinstance(item, Event)] == [WANT, WANT]


def test_the_month_stands_first_unless_the_file_proves_otherwise() -> None:
    (event,) = events(table({**COLUMNS, "first_seen_utc": "02/01/2026 10:00:00"}))
    assert event.values["timestamp"] == 1769940000_000000
    second = ",".join({**COLUMNS, "first_seen_utc": "25/01/2026 10:00:00"}.values())
    first, _ = events(table({**COLUMNS, "first_seen_utc": "02/01/2026 10:00:00"}, second))
    assert first.values["timestamp"] == 1767348000_000000


def test_only_titles_that_say_so_make_a_time_utc() -> None:
    named = {("first_seen" if k == "first_seen_utc" else k): v for k, v in COLUMNS.items() if k != "last_seen_utc"}
    (said,), (open_,) = events(table(COLUMNS)), events(table(named))
    assert (said.values["tz_basis"], open_.values["tz_basis"]) == ("format_rule", "assumed")


def test_milliseconds_of_a_follower_are_an_instant() -> None:
    rows = "user_id,follower_user_id,created\n5000000001,5000000002,1767261600500\n"
    (event,) = events(rows)
    assert (event.values["timestamp"], event.values["tz_basis"]) == (1767261600_500000, "epoch")
    assert event.values["target_account_id"] == "5000000002"


def test_who_wrote_a_message_is_a_number_and_never_a_name() -> None:
    rows = "sender_username,sender_user_id,recipient_user_id,created_utc,message\nwren,5000000002,5000000001,"
    (event,) = events(rows + "01/02/2026 10:00:00,hi\n")
    assert (event.values["sender"], event.values["account_id"]) == ("5000000002", "5000000002")
    assert (event.values["account_login"], event.values["target_account_id"]) == ("wren", "5000000001")


def test_an_address_table_of_another_service_is_not_claimed() -> None:
    assert score("date,ip\n2026-01-01 10:00:00,203.0.113.5\n") < 60
    assert score("user_id,ip_address,created_utc\n7,203.0.113.5,2026-01-01T10:00:00Z\n") < 60
    assert score(table(COLUMNS)) >= 60


def test_the_address_of_a_comment_meets_the_time_of_that_comment_only() -> None:
    comments = [
        {"id": n, "author_id": n, "body": f"b{n}", "created_at": f"2026-01-0{n}T10:00:00Z", "metadata": {"system": at}}
        for n, at in ((1, {"ip_address": "203.0.113.1"}), (2, {}), (3, {"ip_address": "203.0.113.3"}))
    ]
    found = events(json.dumps({"ticket": {"id": 5, "requester_id": 1}, "comments": comments}), DESK)[1:]
    have = [(one.values.get("source_ip"), one.values["timestamp_raw"], one.text) for one in found]
    assert have == [
        ("203.0.113.1", "2026-01-01T10:00:00Z", "b1"),
        (None, "2026-01-02T10:00:00Z", "b2"),
        ("203.0.113.3", "2026-01-03T10:00:00Z", "b3"),
    ]
    assert {one.values["thread_id"] for one in found} == {"5"}


def test_a_ticket_cut_in_a_comment_keeps_the_comments_before() -> None:
    whole = json.dumps({"comments": [{"id": 1, "author_id": 1, "body": "a"}, {"id": 2, "author_id": 1, "body": "b"}]})
    items = read(whole[: whole.index('"b"')], DESK)
    assert [item.text for item in items if isinstance(item, Event)] == ["a"]
    assert [item.kind for item in items if isinstance(item, Reject)] == ["truncated"]


def test_the_pages_of_a_list_are_passed_over_and_other_names_are_not() -> None:
    items = read('{"comments": [], "count": 0, "next_page": null, "moon": 1}', DESK)
    assert sum(isinstance(item, Skip) and item.rule == "page of a list" for item in items) == 2
    assert [item.kind for item in items if isinstance(item, Reject)] == ["unknown_structure"]
