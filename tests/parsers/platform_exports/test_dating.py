from __future__ import annotations

import json
from typing import Any

import pytest

from parsers.contract import Event, Item, Reject, Sample, Source
from parsers.platform_exports._json_rows import MEANINGS
from parsers.platform_exports.tinder_export import MESSAGE, PROFILE
from parsers.registry import find_format

TINDER, HER = find_format("platform/tinder_export"), find_format("platform/her_export")
SAID = {"to": 901, "from": "You", "message": "hi", "sent_date": "Thu, 01 Jan 2026 10:00:00 GMT"}
WANT = ("You", ["901"], 1767261600_000_000, "hi", "Match 1")
HER_ROW = {"id": "1", "sender_id": "7", "recipient_id": "8", "message": "hi", "created_at": "2026-01-01 10:00:00 UTC"}


def read(fmt: Any, document: object) -> list[Item]:
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    return list(fmt.parse(Source(memoryview(data))))


def events(fmt: Any, document: object) -> list[Event]:
    return [item for item in read(fmt, document) if isinstance(item, Event)]


def reasons(fmt: Any, document: object) -> list[str]:
    return [item.reason for item in read(fmt, document) if isinstance(item, Reject)]


def export(*messages: object, **more: object) -> dict[str, object]:
    return {"Messages": [{"match_id": "Match 1", "messages": list(messages)}], **more}


def facts(event: Event) -> tuple[object, ...]:
    values = event.values
    return (values["sender"], values["recipients"], values.get("timestamp"), event.text, values["thread_id"])


def test_every_declared_field_has_a_meaning() -> None:
    assert {*MESSAGE.fields.values(), *PROFILE.fields.values()} <= MEANINGS


@pytest.mark.parametrize("shift", range(4))
def test_members_in_any_order_give_the_same_message(shift: int) -> None:
    names = list(SAID)
    (event,) = events(TINDER, export({name: SAID[name] for name in names[shift:] + names[:shift]}))
    assert facts(event) == WANT


@pytest.mark.parametrize(("name", "place"), [("from", 0), ("to", 1), ("sent_date", 2), ("message", 3)])
def test_a_removed_member_empties_its_own_value_only(name: str, place: int) -> None:
    (event,) = events(TINDER, export({k: v for k, v in SAID.items() if k != name}))
    assert facts(event) == tuple(None if index == place else fact for index, fact in enumerate(WANT))


def test_an_added_or_renamed_member_is_kept_under_its_name() -> None:
    (event,) = events(TINDER, export({**SAID, "gif": {"w": 1}}))
    assert event.values["extra"] == {"gif": {"w": 1}, "exporting_account": True}
    (renamed,) = events(TINDER, export({("text" if k == "message" else k): v for k, v in SAID.items()}))
    assert (renamed.text, renamed.values["extra"]) == (None, {"text": "hi", "exporting_account": True})


def test_the_name_of_a_match_is_known_although_it_stands_last() -> None:
    (event,) = events(TINDER, {"Messages": [{"messages": [SAID], "match_id": "Match 1"}]})
    assert facts(event) == WANT


def test_a_new_section_is_rejected_by_name_without_its_values() -> None:
    assert reasons(TINDER, export(SAID, Boosts=["secret"])) == ["no rule of this format reads the member '/Boosts'"]


def test_a_day_of_use_is_a_day_wide() -> None:
    (event,) = events(TINDER, {"Usage": {"swipes_likes": {"2026-01-01": 3, "2026-01-02": 0}}})
    early, late = event.values["timestamp_earliest"], event.values["timestamp_latest"]
    assert (event.event_type, event.values["event_action"]) == ("activity", "swipes_likes")
    assert isinstance(early, int)
    assert isinstance(late, int)
    assert late - early == (28 + 24) * 3600 * 1_000_000 - 1


def test_a_broken_message_costs_itself_only() -> None:
    text = json.dumps(export(SAID, SAID, SAID)).replace('"hi"', '"hi', 1)
    assert sum(facts(event) == WANT for event in events(TINDER, text)) <= 2
    cut = json.dumps(export(SAID, SAID))[:-40]
    assert [facts(event) for event in events(TINDER, cut)] == [WANT]


def test_tinder_exports_are_recognised_by_their_sections() -> None:
    def score(document: object) -> int:
        data = json.dumps(document).encode()
        return TINDER.recognise(Sample(data, b"", b"", len(data)))

    assert score(export(SAID, Usage={})) == 95
    assert score({"Usage": {"app_opens": {}}}) == 92
    assert score({"Messages": []}) == 0
    assert score({"messages": [], "User": {}}) == 0


def her_table(row: dict[str, str]) -> str:
    return ",".join(row) + "\n" + ",".join(row.values()) + "\n"


@pytest.mark.parametrize("shift", range(5))
def test_columns_in_any_order_give_the_same_her_message(shift: int) -> None:
    names = list(HER_ROW)
    (event,) = events(HER, her_table({name: HER_ROW[name] for name in names[shift:] + names[:shift]}))
    values = event.values
    assert (values["sender"], values["recipients"], values["timestamp"], event.text) == (
        "7",
        ["8"],
        1767261600_000_000,
        "hi",
    )


def test_her_titles_that_nobody_declared_are_rejected_by_name() -> None:
    (reason,) = reasons(HER, her_table({**HER_ROW, "mood": "secret"}))
    assert reason == "no rule of this format reads the columns 'mood'; their cells are kept as written"
    assert events(HER, "alpha,beta\n1,2\n") == []


def test_no_file_is_claimed_for_her_by_its_titles_alone() -> None:
    data = her_table(HER_ROW).encode()
    assert HER.recognise(Sample(data, b"", b"", len(data))) == 40
