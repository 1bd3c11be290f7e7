from __future__ import annotations

import json

import pytest

from parsers.contract import Event, Item, Reject, Sample, Settings, Skip, Source
from parsers.platform_exports._json_rows import MEANINGS
from parsers.platform_exports._x_messages import ENTRIES
from parsers.platform_exports._x_shapes import SHAPES
from parsers.registry import find_format

ARCHIVE = find_format("platform/x_archive")
RETURN = find_format("platform/x_return")
ME, WREN = "1100000001", "1100000002"
LOGIN = {"accountId": ME, "createdAt": "2026-01-01T10:00:00.000Z", "loginIp": "203.0.113.5"}
MESSAGE = {"id": "1", "senderId": WREN, "recipientId": ME, "createdAt": "2026-01-01T10:00:00.000Z", "text": "hi"}
BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"
END = "\n-----BEGIN PGP SIGNATURE-----\n\niQIz=\n-----END PGP SIGNATURE-----\n"


def script(value: object, name: str = "YTD.ip_audit.part0") -> bytes:
    return f"window.{name} = {json.dumps(value)}".encode()


def signed(value: object) -> bytes:
    return (BEGIN + (value if isinstance(value, str) else json.dumps(value)) + END).encode()


def read(fmt: object, data: bytes, **options: str) -> list[Item]:
    settings = Settings(options=options)
    return list(fmt.parse(Source(memoryview(data), settings=settings)))  # type: ignore[attr-defined]


def events(fmt: object, data: bytes, **options: str) -> list[Event]:
    found = [item for item in read(fmt, data, **options) if isinstance(item, Event)]
    return [event for event in found if event.values.get("event_action") != "archive_part"]


def rejects(fmt: object, data: bytes) -> list[Reject]:
    return [item for item in read(fmt, data) if isinstance(item, Reject)]


def chat(*entries: object, **more: object) -> list[object]:
    return [{"dmConversation": {"conversationId": f"{ME}-{WREN}", "messages": list(entries), **more}}]


def only_message(fmt: object, data: bytes, **options: str) -> Event:
    (event,) = [event for event in events(fmt, data, **options) if event.event_type == "message"]
    return event


def test_a_login_keeps_its_port() -> None:
    (event,) = events(ARCHIVE, script([{"ipAudit": {**LOGIN, "loginPortNumber": 51234}}]))
    assert (event.values["source_ip"], event.values["source_port"]) == ("203.0.113.5", 51234)


def test_messages_of_a_return_that_stand_one_after_the_other_are_all_read() -> None:
    ours = {"messageCreate": {**MESSAGE, "id": "2", "senderId": ME, "recipientId": WREN, "text": "- why"}}
    both = json.dumps({"messageCreate": MESSAGE}) + "\n" + json.dumps(ours, indent=1)
    data = signed(f'**** conversationId: {ME}-{WREN} ****\n{both}\n{{"messageCreate": {{"id": ')
    assert [(e.values["message_id"], e.values["sender"], e.values["thread_id"]) for e in events(RETURN, data)] == [
        ("1", WREN, f"{ME}-{WREN}"),
        ("2", ME, f"{ME}-{WREN}"),
    ]
    assert next(data[e.span.start : e.span.end] for e in events(RETURN, data)).endswith(b"}")
    assert [reject.kind for reject in rejects(RETURN, data)] == ["truncated"]


@pytest.mark.parametrize("wrapper", ["blocking", "muting", "follower", "following"])
def test_a_return_of_bare_account_ids_is_recognised(wrapper: str) -> None:
    data = signed([{wrapper: {"accountId": WREN}}])
    assert RETURN.recognise(Sample(data, b"", b"", len(data))) >= 90  # type: ignore[attr-defined]


def test_every_declared_field_has_a_meaning() -> None:
    declared = {meaning for shape in (*SHAPES.values(), *ENTRIES.values()) for meaning in shape.fields.values()}
    assert declared <= MEANINGS


@pytest.mark.parametrize("raw", ["2026-01-01T10:00:00Z", "2026-01-01T10:00:00.000Z", "2026-01-01T10:00:00"])
def test_a_message_of_a_return_is_timed_with_and_without_milliseconds(raw: str) -> None:
    event = only_message(RETURN, signed(chat({"messageCreate": {**MESSAGE, "createdAt": raw}})))
    assert (event.values["timestamp"], event.values["timestamp_raw"]) == (1767261600_000_000, raw)
    assert (event.values["sender"], event.values["recipients"], event.text) == (WREN, [ME], "hi")


def test_members_in_any_order_give_the_same_login() -> None:
    for shift in range(3):
        names = [*LOGIN][shift:] + [*LOGIN][:shift]
        (event,) = events(ARCHIVE, script([{"ipAudit": {name: LOGIN[name] for name in names}}]))
        assert (event.values["source_ip"], event.values["timestamp_raw"]) == ("203.0.113.5", LOGIN["createdAt"])


def test_added_renamed_and_removed_members_never_move_a_value() -> None:
    value = {"accountId": ME, "signedInAt": LOGIN["createdAt"], "loginIp": "203.0.113.5", "risk": 3}
    (event,) = events(ARCHIVE, script([{"ipAudit": value}]))
    assert (event.values["source_ip"], event.values.get("timestamp")) == ("203.0.113.5", None)
    assert event.values["extra"] == {"signedInAt": LOGIN["createdAt"], "risk": 3}


def test_an_address_stays_with_the_time_of_its_own_item() -> None:
    rows = [{"ipAudit": {"createdAt": f"2026-01-01T10:00:0{n}Z", "loginIp": f"203.0.113.{n}"}} for n in range(1, 5)]
    del rows[1]["ipAudit"]["loginIp"]
    del rows[2]["ipAudit"]["createdAt"]
    got = [(e.values.get("timestamp_raw"), e.values.get("source_ip")) for e in events(ARCHIVE, script(rows))]
    assert got == [
        ("2026-01-01T10:00:01Z", "203.0.113.1"),
        ("2026-01-01T10:00:02Z", None),
        (None, "203.0.113.3"),
        ("2026-01-01T10:00:04Z", "203.0.113.4"),
    ]


def test_a_type_nobody_declared_is_one_reject_with_its_name_and_count() -> None:
    (reject,) = rejects(ARCHIVE, script([{"newThing": {"secret": "x"}}] * 500, "YTD.new_thing.part0"))
    assert reject.reason == "no rule of this format reads the 500 items 'newThing'"
    assert reject.kind == "unknown_structure"


def test_an_item_of_an_unknown_type_among_known_ones_is_rejected_alone() -> None:
    data = script([{"ipAudit": LOGIN}, {"newThing": {"secret": "x"}}, {"ipAudit": LOGIN}])
    assert len(events(ARCHIVE, data)) == 2
    assert [r.reason for r in rejects(ARCHIVE, data)] == ["no rule of this format reads the member 'newThing'"]


def test_an_unknown_member_beside_a_conversation_is_rejected_by_name() -> None:
    data = script(chat({"messageCreate": MESSAGE}, encryptedState={"k": 1}))
    assert only_message(ARCHIVE, data).text == "hi"
    assert ["encryptedState" in r.reason for r in rejects(ARCHIVE, data)] == [True]


def test_entries_that_are_no_message_stay_in_their_conversation() -> None:
    joined = {"initiatingUserId": WREN, "participantsSnapshot": [ME, WREN], "createdAt": "2026-01-01T10:00:00Z"}
    found = events(ARCHIVE, script(chat({"joinConversation": joined}, {"messageCreate": MESSAGE})))
    notice = next(event for event in found if event.event_type == "system_notice")
    assert (notice.values["event_action"], notice.values["account_id"]) == ("joinConversation", WREN)
    assert notice.values["thread_id"] == f"{ME}-{WREN}"


def test_the_id_of_a_conversation_may_stand_after_its_messages() -> None:
    data = script([{"dmConversation": {"messages": [{"messageCreate": MESSAGE}], "conversationId": "5-6"}}])
    assert only_message(ARCHIVE, data).values["thread_id"] == "5-6"


def test_headers_without_a_text_are_marked_and_an_empty_text_is_not() -> None:
    bare = {name: value for name, value in MESSAGE.items() if name != "text"}
    assert only_message(ARCHIVE, script(chat({"messageCreate": bare}))).values["event_action"] == "header"
    empty = only_message(ARCHIVE, script(chat({"messageCreate": {**MESSAGE, "text": ""}})))
    assert empty.values["event_action"] is None


def test_a_message_without_a_sender_has_no_direction() -> None:
    bare = {name: value for name, value in MESSAGE.items() if name != "senderId"}
    event = only_message(ARCHIVE, script(chat({"messageCreate": bare})))
    assert (event.values["sender"], event.values["parse_flags"]) == (None, ["direction_unknown"])


def test_an_id_that_contradicts_the_written_time_is_kept_beside_it() -> None:
    number = str((1767261600_000 - 1_288_834_974_657) << 22)
    late = {**MESSAGE, "id": number, "createdAt": "2026-01-01T10:00:09Z"}
    event = only_message(ARCHIVE, script(chat({"messageCreate": late})))
    assert event.values["timestamp"] == 1767261609_000_000
    assert event.values["extra"] == {"id_time_ms": 1767261600_000}
    untimed = {"id": number, "senderId": WREN, "text": "x"}
    event = only_message(ARCHIVE, script(chat({"messageCreate": untimed})))
    assert (event.values["timestamp"], event.values["timestamp_desc"]) == (1767261600_000_000, "Id Time")


def test_deleted_messages_and_posts_are_marked_by_what_the_part_is() -> None:
    data = script(chat({"messageCreate": MESSAGE}), "YTD.deleted_direct_messages.part0")
    assert only_message(ARCHIVE, data).values["deleted_flag"] is True
    assert "deleted_flag" not in only_message(ARCHIVE, script(chat({"messageCreate": MESSAGE}))).values


def test_deleted_messages_of_a_return_are_marked_when_the_case_says_so() -> None:
    data = signed(chat({"messageCreate": MESSAGE}))
    assert only_message(RETURN, data, deleted="yes").values["deleted_flag"] is True
    assert "deleted_flag" not in only_message(RETURN, data).values


def test_entities_of_a_text_stay_as_written() -> None:
    data = script(chat({"messageCreate": {**MESSAGE, "text": "a &amp; b &lt;3"}}))
    assert only_message(ARCHIVE, data).text == "a &amp; b &lt;3"


def test_the_manifest_and_its_parts_state_their_counts_under_one_name() -> None:
    files = [{"fileName": "data/ip-audit.js", "globalName": "YTD.ip_audit.part0", "count": "3"}]
    manifest = script({"dataTypes": {"ipAudit": {"files": files}}}, "__THAR_CONFIG")
    (listed,) = events(ARCHIVE, manifest)
    part = next(item for item in read(ARCHIVE, script([{"ipAudit": LOGIN}] * 2)) if isinstance(item, Event))
    assert listed.values["extra"] == files[0]
    assert part.values["extra"] == {"globalName": "YTD.ip_audit.part0", "items": 2}


@pytest.mark.parametrize("end", [b"", b";", b";\r\n", b"\n"])
def test_the_end_of_a_script_is_no_part_of_its_data(end: bytes) -> None:
    items = read(ARCHIVE, script([{"ipAudit": LOGIN}]) + end)
    assert not [item for item in items if isinstance(item, Reject)]


def test_items_before_a_cut_are_read_and_the_rest_is_rejected() -> None:
    data = script([{"ipAudit": LOGIN}, {"ipAudit": LOGIN}])
    cut = data[: data.rindex(b'"loginIp"')]
    assert len(events(ARCHIVE, cut)) == 1
    assert [reject.kind for reject in rejects(ARCHIVE, cut)] == ["truncated"]


def test_a_signature_is_skipped_by_name_and_a_dashed_line_is_undone_in_the_text_only() -> None:
    body = '[{"messageCreate": {"id": "1", "senderId": "2", "n":\n- -5, "text": "- a"}}]'
    items = read(RETURN, signed(body))
    assert [item.rule for item in items if isinstance(item, Skip)][-1] == "signature"
    event = next(item for item in items if isinstance(item, Event))
    assert (event.text, event.values["extra"]) == ("- a", {"n": -5})
    assert signed(body)[event.span.start : event.span.end].endswith(b'"n":\n- -5, "text": "- a"}')


def test_marker_lines_give_the_conversation_of_the_messages_below_them() -> None:
    one = json.dumps({"messageCreate": MESSAGE})
    body = f"**** conversationId: 5-6 ****\n{one}\n**** conversationId: 7-8 ****\n{one}"
    assert [event.values["thread_id"] for event in events(RETURN, signed(body))] == ["5-6", "7-8"]


def test_items_of_a_return_are_known_without_a_wrapping_name() -> None:
    (login,) = events(RETURN, signed([LOGIN]))
    assert (login.event_type, login.values["source_ip"]) == ("authentication", "203.0.113.5")
    conversation = [{"conversationId": "5-6", "messages": [MESSAGE]}]
    assert only_message(RETURN, signed(conversation)).values["thread_id"] == "5-6"
    (unknown,) = rejects(RETURN, signed([{"accountId": ME, "userLink": "https://x.example.com"}]))
    assert unknown.reason == "no rule of this format reads the item: it has no name that is known"


def test_a_return_without_its_signature_is_read_to_its_end_and_text_after_one_is_rejected() -> None:
    assert len(events(RETURN, (BEGIN + json.dumps([{"ipAudit": LOGIN}])).encode())) == 1
    (reject,) = rejects(RETURN, signed([{"ipAudit": LOGIN}]) + b"forged")
    assert reject.reason == "these bytes stand outside of the signed text"


def test_other_scripts_and_other_signed_texts_are_not_claimed() -> None:
    for fmt, data in ((ARCHIVE, b'window.config = {"a": 1}'), (RETURN, signed("hello")), (RETURN, signed({"a": 1}))):
        assert fmt.recognise(Sample(data, b"", b"", len(data))) == 0


@pytest.mark.parametrize(
    ("name", "value", "kind", "action"),
    [
        ("contact", {"id": "1", "emails": ["a@example.org"], "phoneNumbers": []}, "relationship", "contact"),
        ("savedSearch", {"savedSearchId": "1", "query": "harbour"}, "activity", "saved_search"),
        ("like", {"tweetId": "1", "fullText": "x"}, "activity", "like"),
        ("accountSuspension", {"timeStamp": "2026-01-01T10:00:00Z", "action": "Suspend"}, "account_change", "Suspend"),
        ("protectedHistory", {"protectedAt": "2026-01-01T10:00:00Z", "action": "Protect"}, "account_change", "Protect"),
        ("accountTimezone", {"accountId": ME, "timeZone": "Berlin"}, "account_profile", "timezone"),
        ("device", {"phoneNumber": "+12025550143"}, "account_profile", "phone_number"),
        ("profile", {"description": {"bio": "x"}}, "account_profile", "description"),
    ],
)
def test_other_types_keep_every_member(name: str, value: dict[str, object], kind: str, action: str) -> None:
    (event,) = events(ARCHIVE, script([{name: value}]))
    assert (event.event_type, event.values["event_action"]) == (kind, action)
    held = json.dumps([{k: v for k, v in event.values.items() if k != "extra"}, event.values["extra"]])
    assert all(str(leaf) in held for leaf in value.values() if isinstance(leaf, str))


def test_a_contact_of_the_account_is_no_identifier_of_it() -> None:
    (event,) = events(ARCHIVE, script([{"contact": {"id": "1", "emails": ["a@example.org"]}}]))
    assert event.values["identifiers"] is None
    assert event.values["extra"] == {"id": "1", "emails": ["a@example.org"]}


def test_advertising_is_passed_over_by_a_named_rule() -> None:
    items = read(ARCHIVE, script([{"ad": {"adsUserData": {}}}], "YTD.ad_impressions.part0"))
    assert "advertising" in {item.rule for item in items if isinstance(item, Skip)}
    assert not [item for item in items if isinstance(item, Reject)]


def test_a_return_with_a_byte_order_mark_is_read_like_any_other() -> None:
    data = b"\xef\xbb\xbf" + signed([{"ipAudit": LOGIN}])
    assert RETURN.recognise(Sample(data, b"", b"", len(data))) >= 90  # type: ignore[attr-defined]
    assert [event.values["source_ip"] for event in events(RETURN, data)] == ["203.0.113.5"]
    assert not rejects(RETURN, data)


def test_the_account_that_left_a_conversation_is_the_one_that_acted() -> None:
    entry = {"participantsLeave": {"userIds": [WREN], "createdAt": "2026-01-01T10:00:00.000Z"}}
    (notice,) = [event for event in events(ARCHIVE, script(chat(entry))) if event.event_type == "system_notice"]
    assert notice.values["account_id"] == WREN
