"""Google's JSON and HTML exports: drift is said aloud, times and positions stay with their own item."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from parsers.contract import Event, Item, Reject, Sample, Settings, Source
from parsers.registry import find_format, recognise

ACTIVITY = "platform/google_takeout_activity"
PAGE = "platform/google_takeout_activity_html"
PLACES = "platform/google_takeout_location"
CHAT = "platform/google_takeout_chat"


def read(format_id: str, document: object, zone: str | None = None) -> list[Item]:
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    return list(find_format(format_id).parse(Source(memoryview(data), settings=Settings(timezone=zone))))


def events(format_id: str, document: object, zone: str | None = None) -> list[Event]:
    return [item for item in read(format_id, document, zone) if isinstance(item, Event)]


def reasons(format_id: str, document: object) -> list[str]:
    return [item.reason for item in read(format_id, document) if isinstance(item, Reject)]


def verdict(document: object) -> str | None:
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    return recognise(Sample(data[:65536], b"", b"", len(data))).format_id


def cell(body: str, outer: str = "outer-cell mdl-cell") -> str:
    return f'<div class="{outer}"><div class="content-cell mdl-typography--body-1">{body}</div></div>'


def page(*cells: str) -> str:
    return "<html><body>" + "".join(cells) + "</body></html>"


def span_of(event: Event) -> tuple[str, str]:
    early, late = event.values["timestamp_earliest"], event.values["timestamp_latest"]
    assert isinstance(early, int)
    assert isinstance(late, int)
    return tuple(datetime.fromtimestamp(at // 1_000_000, UTC).strftime("%d %H:%M:%S") for at in (early, late))  # type: ignore[return-value]


ITEM = {"header": "Search", "title": "Searched for x", "time": "2026-01-15T18:54:12Z", "products": ["Search"]}


def test_names_in_another_order_give_the_same_item() -> None:
    turned = dict(reversed(ITEM.items()))
    assert verdict([turned]) == ACTIVITY
    assert events(ACTIVITY, [turned])[0].values == events(ACTIVITY, [ITEM])[0].values


def test_a_renamed_time_leaves_the_item_without_time_and_is_named() -> None:
    item = {("when" if k == "time" else k): v for k, v in ITEM.items()}
    (event,) = events(ACTIVITY, [item])
    assert "timestamp" not in event.values
    assert reasons(ACTIVITY, [item]) == [
        "1 member names are not known; their values are kept as written: '/when' (1)",
    ]


def test_values_never_stand_in_the_report_on_drift() -> None:
    assert "secret" not in "".join(reasons(ACTIVITY, [{**ITEM, "mood": "secret"}]))


def test_what_was_done_is_told_by_the_link_in_any_language() -> None:
    item = {**ITEM, "title": "Gesucht nach: x", "titleUrl": "https://www.google.de/search?q=x"}
    assert events(ACTIVITY, [item])[0].values["event_action"] == "search"
    assert events(ACTIVITY, [item])[0].text == "Gesucht nach: x"


def test_an_abbreviation_widens_the_time_by_an_hour_both_ways() -> None:
    (event,) = events(PAGE, page(cell("Used Search<br>Jul 15, 2026, 6:54:12 PM EST")))
    assert span_of(event) == ("15 22:54:12", "16 00:54:12")


def test_an_abbreviation_of_several_zones_decides_nothing() -> None:
    (event,) = events(PAGE, page(cell("Used Search<br>Jan 15, 2021, 6:54:12 PM BST")))
    assert event.values["tz_basis"] == "assumed"
    assert span_of(event) == ("15 03:54:12", "16 09:54:12")


def test_the_zone_of_the_case_reads_an_ambiguous_abbreviation() -> None:
    (event,) = events(PAGE, page(cell("Used Search<br>Jul 15, 2021, 6:54:12 PM BST")), "Europe/London")
    assert event.values["tz_basis"] == "case_setting"
    assert span_of(event) == ("15 16:54:12", "15 18:54:12")


def test_a_cell_with_another_class_is_never_mixed_into_the_one_before() -> None:
    one = cell("Used Search<br>Jan 15, 2026, 6:54:12 PM UTC")
    two = cell("Used Maps<br>Jan 15, 2026, 6:55:12 PM UTC", outer="box")
    assert events(PAGE, page(one, two)) == []
    assert reasons(PAGE, page(one, two)) == ["the item holds more than one time"]


def test_a_page_that_is_cut_refuses_its_last_item_only() -> None:
    text = page(cell("A<br>Jan 15, 2026, 6:54:12 PM UTC"), cell("B<br>Jan 15, 2026, 6:5"))
    cut = text[: text.index("6:5</div>") + 3]
    assert [event.text for event in events(PAGE, cut)] == ["A"]
    assert reasons(PAGE, cut) == ["the page ends inside this item"]


def places(document: object) -> list[tuple[object, object, object]]:
    found = []
    for event in events(PLACES, document):
        extra = event.values["extra"]
        assert isinstance(extra, dict)
        found.append((extra["latitude"], extra["longitude"], event.values.get("timestamp_raw")))
    return found


def test_a_longitude_that_overflowed_is_repaired() -> None:
    row = {"latitudeE7": 404000000, "longitudeE7": 4257967296, "timestamp": "2026-03-01T10:00:00Z"}
    assert places({"locations": [row]}) == [(40.4, -3.7, "2026-03-01T10:00:00Z")]


@pytest.mark.parametrize(
    "broken", [{"latitudeE7": 2_000_000_000_000}, {"latitudeE7": None}, {"latitudeE7": "404000000"}]
)
def test_a_position_that_is_none_is_refused(broken: dict[str, object]) -> None:
    row = {"latitudeE7": 404000000, "longitudeE7": 1, "timestamp": "2026-03-01T10:00:00Z"}
    assert reasons(PLACES, {"locations": [{**row, **broken}]}) == ["the item holds no position that can be read"]


def test_a_missing_time_is_never_taken_from_the_neighbour() -> None:
    rows = [
        {"latitudeE7": 10, "longitudeE7": 10, "timestamp": "2026-03-01T10:00:00Z"},
        {"latitudeE7": 20, "longitudeE7": 20},
    ]
    assert [at for _, _, at in places({"locations": rows})] == ["2026-03-01T10:00:00Z", None]


def test_a_new_list_beside_the_known_one_is_named() -> None:
    document = {"semanticSegments": [], "userLocationProfile": {"home": 1}}
    assert reasons(PLACES, document) == ["no rule of this format reads '/userLocationProfile'"]


MESSAGE = {
    "creator": {"name": "Wren", "email": "wren@example.com"},
    "created_date": "Monday, January 1, 2024 at 1:02:03 PM UTC",
    "text": "hello",
}


def test_a_deleted_message_is_marked_by_the_record_only() -> None:
    deleted, plain = {**MESSAGE, "message_state": "DELETED"}, {**MESSAGE, "text": "This message was deleted"}
    found = events(CHAT, {"messages": [deleted, plain]})
    assert [event.values["deleted_flag"] for event in found] == [True, None]


def test_a_renamed_creator_gives_no_sender_and_is_named() -> None:
    message = {("author" if k == "creator" else k): v for k, v in MESSAGE.items()}
    (event,) = events(CHAT, {"messages": [message]})
    assert event.values["sender"] is None
    assert reasons(CHAT, {"messages": [message]}) == [
        "1 member names are not known; their values are kept as written: '/messages/author' (1)",
    ]


def test_threads_of_other_services_are_not_taken() -> None:
    other = {
        "messages": [{"sender_name": "Wren", "timestamp_ms": 1, "content": "x"}],
        "participants": [{"name": "Wren"}],
    }
    assert verdict(other) != CHAT
    assert verdict({"messages": [MESSAGE]}) == CHAT
