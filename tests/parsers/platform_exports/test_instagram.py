from __future__ import annotations

import json

from parsers.contract import Event, Item, Reject, Sample, Source
from parsers.registry import find_format

FORMAT = find_format("platform/instagram_download")
LOGIN = "account_history_login_history"


def read(document: object) -> list[Item]:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return list(FORMAT.parse(Source(memoryview(data))))


def events(document: object) -> list[Event]:
    return [item for item in read(document) if isinstance(item, Event)]


def rejects(document: object) -> list[Reject]:
    return [item for item in read(document) if isinstance(item, Reject)]


def login(**cells: object) -> Event:
    (event,) = events({LOGIN: [{"string_map_data": {k.replace("_", " "): {"value": v} for k, v in cells.items()}}]})
    return event


def message(**fields: object) -> Event:
    row = {"sender_name": "Robin", "timestamp_ms": 1735689541123, **fields}
    thread = {"participants": [{"name": "Robin"}, {"name": "Wren"}], "messages": [row], "thread_path": "inbox/wren_42"}
    return events(thread)[1]


def score(document: object) -> int:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return FORMAT.recognise(Sample(data[:65536], b"", b"", len(data)))


def test_a_login_without_cookie_name_keeps_its_address() -> None:
    assert login(IP_Address="203.0.113.5").values["source_ip"] == "203.0.113.5"


def test_german_and_french_labels_are_read() -> None:
    event = login(**{"IP-Adresse": "203.0.113.5", "Name_des_Cookies": "*****abc", "Port": "443"})
    assert (event.values["source_ip"], event.values["source_port"]) == ("203.0.113.5", 443)
    assert event.values["identifiers"] == [{"type": "cookie", "value": "*****abc", "raw": "*****abc"}]
    assert login(**{"Adresse IP": "203.0.113.6"}).values["source_ip"] == "203.0.113.6"


def test_labels_that_are_mis_encoded_themselves_are_repaired() -> None:
    label = "Num\u00c3\u00a9ro de t\u00c3\u00a9l\u00c3\u00a9phone"
    (event,) = events({"profile_user": [{"string_map_data": {label: {"value": "0209150001"}}}]})
    assert event.values["identifiers"] == [{"type": "phone", "value": "0209150001", "raw": "0209150001"}]
    assert event.values["parse_flags"] == ["mojibake_repaired"]


def test_an_account_named_like_an_address_never_becomes_the_peer() -> None:
    event = login(Username="192.0.2.66", IP_Address="203.0.113.5")
    assert (event.values["source_ip"], event.values["account_login"]) == ("203.0.113.5", "192.0.2.66")
    unknown = login(Osoite="203.0.113.5", Nimi="192.0.2.66")
    assert unknown.values["source_ip"] is None
    assert unknown.values["parse_flags"] == ["address_list"]


def test_a_profile_value_shaped_like_an_address_is_no_peer() -> None:
    (event,) = events({"profile_user": [{"string_map_data": {"Motto": {"value": "192.0.2.66"}}}]})
    assert event.values["source_ip"] is None
    assert event.values["extra"] == {"Motto": "192.0.2.66"}


def test_a_threat_that_contains_liked_a_message_stays_a_message() -> None:
    event = message(content="She liked a message of mine. You will regret it.")
    assert (event.event_type, event.values["message_type"]) == ("message", "text")
    assert event.text == "She liked a message of mine. You will regret it."
    assert message(content="You liked a message").values["message_type"] == "text"


def test_a_notice_of_a_reaction_is_told_apart_only_when_it_is_the_whole_text() -> None:
    assert message(content="Robin liked a message").values["message_type"] == "reaction"
    assert message(content="Reacted \U0001f600 to your message ").values["message_type"] == "reaction"


def test_an_unsent_message_and_a_photo_are_kept() -> None:
    unsent = message(is_unsent=True)
    assert (unsent.values["message_type"], unsent.values["deleted_flag"]) == ("unsent", True)
    photo = message(photos=[{"uri": "a/b/1001.jpg"}])
    assert (photo.values["message_type"], photo.values["attachment_names"]) == ("media", ["1001.jpg"])


def test_the_thread_is_known_although_its_path_stands_after_the_messages() -> None:
    event = message(content="hi")
    assert (event.values["thread_id"], event.values["recipients"]) == ("42", ["Wren"])


def test_of_two_participants_with_the_senders_name_one_is_a_recipient() -> None:
    thread = {"participants": [{"name": "R"}, {"name": "R"}], "messages": [{"sender_name": "R", "content": "x"}]}
    assert events(thread)[1].values["recipients"] == ["R"]


def test_fields_of_an_unexpected_type_are_kept_beside_the_columns() -> None:
    event = message(sender_name=17, content=["a"])
    assert event.values["sender"] is None
    assert event.values["extra"] == {"sender_name": 17, "content": ["a"]}
    assert event.values["parse_flags"] == ["direction_unknown"]


def test_a_mixed_text_that_does_not_round_trip_is_left_as_written() -> None:
    event = message(content="caf\u00c3\u00a9 \u2019")
    assert event.text == "caf\u00c3\u00a9 \u2019"
    assert event.values["parse_flags"] is None


def test_an_unknown_member_is_rejected_by_name_without_its_values() -> None:
    (reject,) = rejects({LOGIN: [], "new_section": {"secret": 1}})
    assert reject.kind == "unknown_structure"
    assert reject.reason == "no rule of this format reads the member '/new_section'"


def test_a_section_that_is_one_object_is_one_item() -> None:
    (event,) = events({LOGIN: {"string_map_data": {"IP Address": {"value": "203.0.113.5"}}}})
    assert (event.locator, event.values["source_ip"]) == (f"/{LOGIN}", "203.0.113.5")


def test_a_document_that_is_one_value_is_rejected() -> None:
    assert [r.kind for r in rejects(b"7")] == ["unknown_structure"]


def test_a_cut_login_history_keeps_its_whole_records() -> None:
    data = json.dumps({LOGIN: [{"string_map_data": {"IP Address": {"value": "203.0.113.5"}}}] * 3}).encode()[:-20]
    assert [e.values["source_ip"] for e in events(data)] == ["203.0.113.5"] * 2
    assert [r.kind for r in rejects(data)] == ["truncated"]


def test_numbers_no_column_can_hold_do_no_harm() -> None:
    event = message(timestamp_ms=10**30, call_duration=10**40)
    assert event.values["timestamp"] is None
    assert login(Port="9" * 5000).values["extra"] == {"port_as_written": "9" * 5000}


def test_downloads_are_recognised_by_their_names_inside() -> None:
    assert score({LOGIN: []}) == 95
    assert score([{"title": "", "media_list_data": [], "string_list_data": []}]) == 90
    thread = {"participants": [], "messages": [{"sender_name": "R", "timestamp_ms": 1}]}
    assert score(thread) == 92


def test_other_json_is_not_recognised() -> None:
    row = {"sender_name": "R", "timestamp_ms": 1, "is_unsent_image_by_messenger_kid_parent": False}
    facebook = {"participants": [], "messages": [row]}
    assert score(facebook) == 20
    assert score({"messages": [{"text": "x"}], "name": "chat", "id": 1}) == 0
    assert score({"account_activity_v2": []}) == 0
    assert score([{"time": "x", "ip": "192.0.2.1"}]) == 0
    assert score(b"[31/12/2024, 23:59:01] Finch: a\n") == 0


def test_values_under_one_label_are_all_kept() -> None:
    rows = [{"label": "Region", "value": name} for name in ("a", "b", "c")]
    (event,) = events({LOGIN: [{"label_values": rows}]})
    assert event.values["extra"] == {"Region": ["a", "b", "c"]}


def test_a_thread_with_too_many_names_lists_them_once() -> None:
    names = [{"name": f"n{i}"} for i in range(1001)]
    thread, sent = events({"participants": names, "messages": [{"sender_name": "n1", "content": "x"}]})
    assert len(thread.values["recipients"]) == 1001  # type: ignore[arg-type]
    assert sent.values["recipients"] is None


def test_the_sign_of_a_like_is_never_taken_for_an_account() -> None:
    row = {"href": "https://www.instagram.com/p/AAA/", "value": "love", "timestamp": 1750000000}
    (event,) = events({"likes_media_likes": [{"title": "tern.harbour", "string_list_data": [row]}]})
    assert event.values["target_account_login"] == "tern.harbour"
    assert event.values["extra"] == {"href": "https://www.instagram.com/p/AAA/", "value": "love"}


def test_a_last_known_position_is_given_as_numbers_and_an_odd_one_as_written() -> None:
    key = "account_history_imprecise_last_known_location"
    rows = {"Imprecise Latitude": {"value": "51.5"}, "Imprecise Longitude": {"value": "west"}}
    (event,) = events({key: [{"string_map_data": rows}]})
    assert (event.event_type, event.values["extra"]) == ("location", {"latitude": 51.5, "longitude": "west"})
