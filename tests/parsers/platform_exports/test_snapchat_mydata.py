from __future__ import annotations

import json

import pytest

from parsers.contract import Event, Item, Reject, Sample, Source
from parsers.platform_exports._json_rows import MEANINGS
from parsers.platform_exports._snapchat_lists import OBJECTS, SECTIONS
from parsers.registry import find_format

MYDATA = find_format("platform/snapchat_mydata")
MADE = "2024-04-20 01:29:22 UTC"
MS = 1713576562686


def message(**more: object) -> dict[str, object]:
    base = {"From": "wren", "Media Type": "TEXT", "Created": MADE, "Content": "hi", "Conversation Title": None}
    return {**base, "IsSender": False, "Created(microseconds)": MS, "IsSaved": False, "Media IDs": "", **more}


def read(document: object) -> list[Item]:
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    return list(MYDATA.parse(Source(memoryview(data))))


def events(document: object) -> list[Event]:
    return [item for item in read(document) if isinstance(item, Event)]


def rejects(document: object) -> list[Reject]:
    return [item for item in read(document) if isinstance(item, Reject)]


def score(document: object) -> int:
    data = json.dumps(document).encode()
    return MYDATA.recognise(Sample(data[:65536], b"", b"", len(data)))


def sides(event: Event) -> tuple[object, ...]:
    return (event.values["sender"], event.values["recipients"], event.values["event_action"], event.text)


def test_every_declared_member_has_a_meaning() -> None:
    assert {meaning for shape in SECTIONS.values() for meaning in shape.fields.values()} <= MEANINGS
    assert SECTIONS.keys() >= OBJECTS


def test_a_received_message_without_a_name_says_that_its_sender_is_open() -> None:
    (event,) = events({"wren": [message(From="")]})
    assert (event.values["event_action"], event.values["sender"]) == ("received", None)
    assert event.values["parse_flags"] == ["direction_unknown"]


def test_the_current_chat_layout_keeps_texts_and_who_said_what() -> None:
    chat = {"wren": [message(), message(From="tern_h", Content="no", IsSender=True)]}
    assert [sides(event) for event in events(chat)] == [
        ("wren", ["tern_h"], "received", "hi"),
        ("tern_h", ["wren"], "sent", "no"),
    ]


def test_a_chat_in_which_only_the_other_side_wrote_names_no_recipient() -> None:
    (event,) = events({"wren": [message()]})
    assert sides(event) == ("wren", None, "received", "hi")


def test_from_that_names_the_other_side_does_not_turn_a_sent_message_round() -> None:
    chat = {"wren": [message(IsSender=True)], "gull": [message(From="tern_h", IsSender=True)]}
    first, second = events(chat)
    assert (sides(first)[0], sides(second)[0]) == ("tern_h", "tern_h")
    assert isinstance(first.values["extra"], dict)
    assert first.values["extra"]["From"] == "wren"


def test_from_that_names_the_holder_does_not_turn_a_received_message_round() -> None:
    chat = {"wren": [message(From="tern_h"), message(From="tern_h", IsSender=True)]}
    first, _ = events(chat)
    assert sides(first)[:3] == ("wren", ["tern_h"], "received")


def test_a_received_group_message_under_the_holders_name_has_no_sender() -> None:
    group = message(From="tern_h", **{"Conversation Title": "Harbour"})
    first, _ = events({"g": [group], "wren": [message(From="tern_h", IsSender=True)]})
    assert sides(first)[:2] == (None, None)
    assert first.values["parse_flags"] == ["direction_unknown"]


@pytest.mark.parametrize("said", [None, "true", 1])
def test_without_a_plain_yes_or_no_the_direction_is_unknown(said: object) -> None:
    (event,) = events({"wren": [message(IsSender=said)]})
    assert sides(event) == ("wren", None, None, "hi")
    assert event.values["parse_flags"] == ["direction_unknown"]


def test_two_names_for_the_holder_leave_recipients_open() -> None:
    chat = {"wren": [message(), message(From="a", IsSender=True), message(From="b", IsSender=True)]}
    assert [sides(event)[:2] for event in events(chat)] == [("wren", None), ("a", ["wren"]), ("b", ["wren"])]


@pytest.mark.parametrize("place", ["Media Type", "Content"])
def test_an_erased_message_is_marked_deleted_and_has_no_text(place: str) -> None:
    (event,) = events({"wren": [message(**{place: "STATUSERASEDMESSAGE"})]})
    assert (event.values["deleted_flag"], event.text) == (True, None)


def test_the_count_called_microseconds_is_read_as_milliseconds() -> None:
    (event,) = events({"wren": [message()]})
    assert (event.values["timestamp"], event.values["timestamp_raw"]) == (1713576562_686_000, str(MS))


def test_a_count_of_real_microseconds_gives_the_same_time() -> None:
    (event,) = events({"wren": [message(**{"Created(microseconds)": MS * 1000})]})
    assert event.values["timestamp"] == 1713576562_686_000


def test_a_count_that_contradicts_the_written_time_is_kept_beside_it() -> None:
    (event,) = events({"wren": [message(**{"Created(microseconds)": MS + 60_000})]})
    assert (event.values["timestamp"], event.values["timestamp_raw"]) == (1713576562_000_000, MADE)
    assert event.values["extra"] == {"IsSaved": False, "Created(microseconds)": MS + 60_000}


def test_character_references_are_decoded_in_the_old_layout_only() -> None:
    old = {"From": "wren", "Media Type": "TEXT", "Created": MADE, "Text": "don&#39;t"}
    (event,) = events({"Received Saved Chat History": [old]})
    assert (event.text, event.values["parse_flags"]) == ("don't", ["entities_decoded"])
    (event,) = events({"wren": [message(Content="don&#39;t")]})
    assert (event.text, event.values["parse_flags"]) == ("don&#39;t", None)


def test_the_old_layout_tells_sent_from_received() -> None:
    base = {"Media Type": "TEXT", "Created": MADE, "Text": "hi"}
    document = {
        "Received Saved Chat History": [{"From": "wren", **base}],
        "Sent Saved Chat History": [{"To": "wren", **base}],
    }
    assert [sides(event) for event in events(document)] == [
        ("wren", None, "received", "hi"),
        (None, ["wren"], "sent", "hi"),
    ]


def test_the_holders_name_of_the_account_file_is_given_to_its_logins() -> None:
    login = {"IP": "203.0.113.5", "Created": MADE, "Status": "Success", "Device": "iPhone"}
    document = {"Login History": [login], "Basic Information": {"Username": "tern_h"}}
    first, _ = events(document)
    assert (first.values["account_login"], first.values["source_ip"], first.values["event_outcome"]) == (
        "tern_h",
        "203.0.113.5",
        "success",
    )


def test_the_address_of_the_registration_stays_with_its_date() -> None:
    basic = {"Username": "tern_h", "Registration IP": "203.0.113.5", "Creation Date": MADE, "Last Active": MADE}
    found = [(e.event_type, e.values.get("source_ip")) for e in events({"Basic Information": basic})]
    assert found == [("account_profile", None), ("account_created", "203.0.113.5"), ("activity", None)]


def test_members_in_another_order_and_new_members_change_nothing_else() -> None:
    turned = dict(reversed(message(Mood="calm").items()))
    (event,) = events({"wren": [turned]})
    assert sides(event) == ("wren", None, "received", "hi")
    assert event.values["extra"] == {"IsSaved": False, "Mood": "calm"}


@pytest.mark.parametrize("name", ["From", "Created", "Content", "Created(microseconds)", "Media IDs"])
def test_a_removed_member_empties_its_own_value_only(name: str) -> None:
    (event,) = events({"wren": [{k: v for k, v in message().items() if k != name}]})
    want = {"sender": "wren", "text": "hi", "timestamp": 1713576562_686_000}
    if name == "From":
        want["sender"] = None
    if name == "Content":
        want["text"] = None
    if name == "Created(microseconds)":
        want["timestamp"] = 1713576562_000_000
    assert {"sender": event.values["sender"], "text": event.text, "timestamp": event.values["timestamp"]} == want


def test_a_section_nobody_declared_is_rejected_by_its_path() -> None:
    document = {"Friends": [], "Bitmoji Closet": [{"hat": "secret"}], "Pending Requests": [{"Username": "wren"}]}
    assert [event.event_type for event in events(document)] == ["follow_request"]
    assert [(r.kind, r.reason) for r in rejects(document)] == [
        ("unknown_structure", "no rule of this format reads the member '/Bitmoji Closet/0'")
    ]


def test_messages_before_a_cut_are_read() -> None:
    text = json.dumps({"wren": [message(), message()]})
    assert len(events(text[: text.rindex("{") + 30])) == 1
    assert [r.kind for r in rejects(text[: text.rindex("{") + 30])] == ["truncated"]


@pytest.mark.parametrize("document", [{"w": None}, {"w": []}, {"w": [None]}, {"Basic Information": []}, [], {}])
def test_null_and_empty_lists_raise_nothing(document: object) -> None:
    assert events(document) == []


def test_the_new_layout_is_known_by_its_messages_and_common_names_alone_are_not_enough() -> None:
    assert score({"wren": [message()]}) == 93
    assert score({"Friends": [{"Username": "wren"}]}) == 0
    assert score({"Friends": [], "Deleted Friends": []}) == 95


def test_a_sign_in_to_another_app_is_no_login_to_the_account() -> None:
    (event,) = events({"Login History": [{"App": "Harbour Maps", "Time": MADE, "Status": "APPROVED"}]})
    assert (event.event_type, event.values["event_action"]) == ("activity", "app_login")
    assert event.values["timestamp"] == 1713576562_000_000


@pytest.mark.parametrize(
    ("section", "sides_"),
    [
        ("Friend Requests Sent", (None, "wren")),
        ("Pending Requests", ("wren", None)),
        ("Ignored Snapchatters", (None, "wren")),
    ],
)
def test_a_request_belongs_to_the_side_that_made_it(section: str, sides_: tuple[str | None, str | None]) -> None:
    (event,) = events({section: [{"Username": "wren", "Creation Timestamp": MADE}], "Friends": []})
    assert (event.values["account_login"], event.values.get("target_account_login")) == sides_
