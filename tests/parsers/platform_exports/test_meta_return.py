from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from parsers.registry import find_format
from tests.parsers.platform_exports import returns
from tests.parsers.platform_exports.returns import BREAK, LETTERS, MARKUPS, flat, mutations, page, section

META = "platform/meta_return"
ROWS = [[("IP Address", f"192.0.2.{n}"), ("Time", f"2025-05-0{n} 10:00:00 UTC")] for n in range(1, 6)]
TRUTH = {(row[0][1], row[1][1]) for row in ROWS}


def events(*sections: str, **more: str) -> list[returns.Event]:
    return returns.events(page(*sections, **more), META)


def rejects(*sections: str, **more: str) -> list[str]:
    return returns.rejects(page(*sections, **more), META)


def addresses(body: str, markup: str = LETTERS) -> str:
    return section("ip_addresses", "Ip Addresses", body, markup)


def messages(*rows: returns.Fields) -> str:
    head = [("Thread", "(123)"), ("Current Participants", "a.b (instagram: 1)<br>c.d (instagram: 2)")]
    return section("unified_messages", "Unified Messages", flat([head, *rows]))


def message(*rows: returns.Fields) -> returns.Event:
    return events(messages(*rows))[-1]


@pytest.mark.parametrize("markup", MARKUPS)
def test_two_fields_a_row_pair_each_address_with_its_own_time(markup: str) -> None:
    found = events(addresses(flat(ROWS, markup), markup))
    assert returns.pairs(found) == [(row[0][1], row[1][1]) for row in ROWS]


def test_the_newest_markup_gives_address_port_and_time() -> None:
    row = [("IP Address", "[2001:db8::1]:63629"), ("Time", "2025-09-29 11:15:01 UTC")]
    (found,) = events(addresses(flat([row])))
    assert (found.values["source_ip"], found.values["source_port"]) == ("2001:db8::1", 63629)
    assert found.values["timestamp"] == 1_759_144_501_000_000


def test_a_row_without_its_address_takes_none_from_its_neighbour() -> None:
    found = events(addresses(flat([ROWS[0], ROWS[1][1:], ROWS[2], ROWS[3][:1], ROWS[4]])))
    assert returns.pairs(found) == [
        ("192.0.2.1", "2025-05-01 10:00:00 UTC"),
        (None, "2025-05-02 10:00:00 UTC"),
        ("192.0.2.3", "2025-05-03 10:00:00 UTC"),
        ("192.0.2.4", None),
        ("192.0.2.5", "2025-05-05 10:00:00 UTC"),
    ]


def test_fields_in_another_order_are_read_by_their_labels_and_the_order_is_named() -> None:
    body = flat([row[::-1] for row in ROWS])
    assert set(returns.pairs(events(addresses(body)))) == TRUTH
    assert rejects(addresses(body)) == [
        "rows of the section 'ip_addresses' begin with another field than the provider's"
    ]


def test_another_order_with_lone_fields_is_still_read_where_it_explains_more_rows() -> None:
    rows = [row[::-1] for row in ROWS]
    body = flat([rows[0], rows[1][:1], *rows[2:]])
    assert {pair for pair in returns.pairs(events(addresses(body))) if None not in pair} == TRUTH - {
        ("192.0.2.2", "2025-05-02 10:00:00 UTC")
    }


def test_another_order_with_a_field_missing_is_rejected_since_no_row_is_sure() -> None:
    body = flat([ROWS[0][1:], *ROWS[1:]])
    assert events(addresses(body)) == []
    assert rejects(addresses(body)) == [
        "in the section 'ip_addresses' fields are missing and their order is not the provider's: no row is sure"
    ]


def test_labels_in_another_language_are_read_by_the_shape_of_their_values_and_named() -> None:
    rows = [[("IP-Adresse", row[0][1]), ("Zeit", row[1][1])] for row in ROWS]
    assert set(returns.pairs(events(addresses(flat(rows))))) == TRUTH
    assert rejects(addresses(flat(rows))) == [
        "the section 'ip_addresses' has labels nothing declares: 'ip-adresse', 'zeit'; kept in extra"
    ]


def test_two_addresses_by_shape_alone_leave_the_peer_open() -> None:
    row = [("From", "192.0.2.1"), ("Time", "2025-05-01 10:00:00 UTC"), ("Via", "192.0.2.2")]
    (found,) = events(addresses(flat([row])))
    assert "source_ip" not in found.values
    assert found.values["parse_flags"] == ["peer_ambiguous"]
    assert found.values["extra"] == {"from": "192.0.2.1", "via": "192.0.2.2"}


def test_a_field_that_may_belong_to_two_rows_is_given_to_neither() -> None:
    body = flat([ROWS[0], ROWS[1], [("Colour", "blue")], ROWS[2]])
    assert all("extra" not in e.values or e.values["extra"] is None for e in events(addresses(body)))
    assert rejects(addresses(body))[0] == (
        "the field 'colour' of the section 'ip_addresses' may belong to the row before it or after it"
    )


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("seed", range(60))
def test_changed_layouts_give_true_pairs_or_a_reject(markup: str, seed: int) -> None:
    rng = random.Random(seed)
    rows = mutations(ROWS, rng)
    body = flat(rows, markup)
    found = returns.pairs(events(addresses(body, markup)))
    assert {pair for pair in found if None not in pair} <= TRUTH
    complete = {(a, t) for a, t in TRUTH if any(a in dict(r).values() and t in dict(r).values() for r in rows)}
    assert complete <= set(found) or rejects(addresses(body, markup))


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("seed", range(40))
def test_damaged_tags_and_page_headings_never_pair_across_rows(markup: str, seed: int) -> None:
    rng = random.Random(seed)
    body = flat(ROWS, markup)
    for _ in range(rng.randrange(1, 4)):
        tags = [at for at in range(len(body)) if body.startswith(("<", "</"), at)]
        at = rng.choice(tags)
        end = body.index(">", at) + 1
        body = body[:at] + rng.choice(["", BREAK, body[at:end] * 2, BREAK + body[at:end]]) + body[end:]
    found = returns.pairs(events(addresses(body, markup)))
    assert {pair for pair in found if None not in pair} <= TRUTH


def test_every_cut_of_a_page_keeps_whole_rows_and_pairs_nothing_else() -> None:
    whole = page(addresses(flat(ROWS[:2])))
    for end in range(whole.index(b"Ip Addresses"), len(whole)):
        for address, time in returns.pairs(returns.events(whole[:end], META)):
            assert address in {None, "192.0.2.1", "192.0.2.2"}
            assert time in {None, "2025-05-01 10:00:00 UTC", "2025-05-02 10:00:00 UTC"}


def test_an_address_the_file_ends_in_is_kept_as_text_only() -> None:
    whole = page(addresses(flat([[("IP Address", "198.51.100.23")]])))
    (found,) = returns.events(whole[: whole.index(b".23") + 2], META)
    assert found.values["extra"] == {"ip address": "198.51.100.2"}
    assert (found.values.get("source_ip"), found.values["parse_flags"]) == (None, ["truncated"])


def test_no_records_is_a_statement_with_its_scope_and_period() -> None:
    (found,) = events(section("logins", "Logins", "No responsive records located"))
    assert (found.event_type, found.values["account_id"]) == ("provider_negative", "100200300")
    assert found.values["extra"] == {
        "scope": "logins",
        "period": "2025",
        "statement": "No responsive records located",
    }


def test_no_records_of_an_unknown_section_is_read_too() -> None:
    (found,) = events(section("quantum", "Quantum", "No responsive records located"))
    assert (found.event_type, found.locator) == ("provider_negative", "quantum")


def test_an_unknown_section_is_named_without_its_values() -> None:
    assert rejects(section("quantum", "Quantum", "secret")) == ["no rule of this format reads the section 'quantum'"]


def test_rows_of_an_unknown_generation_are_rejected() -> None:
    body = '<div class="zz">IP Address<div class="yy">192.0.2.1</div></div>'
    assert events(f'<div id="property-ip_addresses">{body}</div>') == []
    assert len(rejects(f'<div id="property-ip_addresses">{body}</div>')) == 2


def test_a_labelled_value_outside_of_every_section_is_rejected() -> None:
    assert rejects("</body>" + LETTERS.format("IP Address", "192.0.2.1")) == [
        "a value outside of every section: 'ip address'"
    ]


def test_the_service_is_the_stated_one_and_not_the_title() -> None:
    data = b"<title>Facebook Legal Request</title>" + page(service="WhatsApp")
    assert returns.score(data, META) == 5
    assert returns.score(page(service="Threads"), META) == 95


def test_a_page_of_another_kind_is_not_recognised() -> None:
    assert returns.score(b"<html><body><div id='property'>Service</div></body></html>", META) == 0


def test_sections_of_threads_speak_of_threads() -> None:
    row = [("Author", "a.b (threads: 9)"), ("Sent", "2025-05-01 10:00:00 UTC"), ("Body", "x")]
    found = events(section("threads_unified_messages", "Messages", flat([[("Thread", "(5)")], row])))
    assert found[-1].values["account_platform"] == "threads"


def test_who_wrote_is_decided_by_ids() -> None:
    found = message([("Author", "old.name (instagram: 2)"), ("Body", "x")])
    assert found.values["account_id"] == "2"
    assert found.values["recipients"] == ["a.b (instagram: 1)"]
    assert found.values["target_account_id"] == "1"


def test_an_author_whose_name_holds_another_id_is_nobody() -> None:
    found = message([("Author", "x (instagram: 2) (instagram: 1)"), ("Body", "x")])
    assert "account_id" not in found.values
    assert found.values["parse_flags"] == ["direction_unknown"]


def test_direction_marks_around_a_name_do_not_hide_its_id() -> None:
    found = message([("Author", "\u2068a.b\u2069 (instagram: 1)"), ("Body", "x \u2066y\u2069")])
    assert (found.values["account_login"], found.text) == ("a.b", "x \u2066y\u2069")


def test_a_threat_that_contains_a_notice_is_text() -> None:
    found = message([("Author", "a.b (instagram: 1)"), ("Body", "I saw you liked a message of hers")])
    assert (found.event_type, found.values["message_type"]) == ("message", "text")


def test_a_message_does_not_take_a_field_of_the_one_before() -> None:
    first = [("Author", "a.b (instagram: 1)"), ("Sent", "2025-05-01 10:00:00 UTC"), ("Body", "one")]
    second = [("Author", "c.d (instagram: 2)"), ("Sent", "2025-05-01 10:00:01 UTC")]
    assert message(first, second).text is None


def test_removed_by_sender_marks_a_message_deleted() -> None:
    row = [("Author", "a.b (instagram: 1)"), ("Removed by Sender", "true")]
    assert message(row).values["deleted_flag"] is True
    assert "deleted_flag" not in message([row[0], ("Removed by Sender", "false")]).values


def test_an_unknown_part_of_a_message_stays_in_it_and_is_named() -> None:
    poll = LETTERS.format("Poll", LETTERS.format("Sent", "2019-01-01 00:00:00 UTC") + LETTERS.format("Option", "yes"))
    body = flat([[("Author", "a.b (instagram: 1)"), ("Sent", "2025-05-01 10:00:00 UTC")]]) + poll
    body += flat([[("Body", "vote")]])
    found = events(section("unified_messages", "Unified Messages", body))
    assert [(e.text, e.values["timestamp_raw"]) for e in found] == [("vote", "2025-05-01 10:00:00 UTC")]
    assert found[0].values["extra"] == {"poll / sent": "2019-01-01 00:00:00 UTC", "poll / option": "yes"}
    assert len(rejects(section("unified_messages", "Unified Messages", body))) == 1


def test_messages_of_a_second_thread_are_not_of_the_first() -> None:
    row = [("Author", "a.b (instagram: 1)"), ("Body", "x")]
    body = flat([[("Thread", "(1)")], row, [("Thread", "(2)")], row])
    found = events(section("unified_messages", "Unified Messages", body))
    assert [(e.event_type, e.values["thread_id"]) for e in found] == [
        ("thread", "1"),
        ("message", "1"),
        ("thread", "2"),
        ("message", "2"),
    ]


def test_a_device_of_another_user_is_a_link_the_provider_states() -> None:
    row = [("Type", "android"), ("Id", "a1"), ("User", "c.d (instagram: 2)")]
    device, link = events(section("devices", "Devices", flat([row])))
    assert (device.event_type, device.values["account_id"]) == ("account_profile", "100200300")
    assert (link.event_type, link.values["target_account_id"], link.span) == ("provider_link", "2", device.span)


def test_a_total_that_is_not_met_is_reported() -> None:
    assert rejects(section("followers", "Followers", "33 Total<br>a.b (instagram: 1)")) == [
        "the section 'followers' states 33 entries and holds 1"
    ]


def test_linked_media_are_named_and_links_elsewhere_are_not() -> None:
    html = '<a href="linked_media/m_1.jpg">x</a><a href="https://example.org/a.jpg">y</a>'
    found = message([("Author", "a.b (instagram: 1)"), ("Body", html)])
    assert found.values["attachment_names"] == ["m_1.jpg"]


def test_a_huge_total_and_a_huge_port_raise_nothing() -> None:
    assert events(section("followers", "Followers", "9" * 4000 + " Total"))
    assert events(addresses(flat([[("IP Address", "192.0.2.1:" + "9" * 4000), ("Time", "9" * 4000)]])))


def test_extra_is_plain_data() -> None:
    for event in events(messages([("Author", "a.b (instagram: 1)"), ("Ai", "true")]), addresses(flat(ROWS))):
        extra = event.values.get("extra")
        assert json.loads(json.dumps(extra)) == extra


def test_events_are_of_declared_types_and_columns_hold_no_empty_text() -> None:
    path = Path(__file__).parents[3] / "sample_data" / "formats" / "platform" / "meta_return"
    declared = set(find_format(META).event_types)
    for page_path in sorted(path.glob("*.html")):
        for event in returns.events(page_path.read_bytes(), META):
            assert event.event_type in declared
            assert "" not in [value for value in event.values.values() if isinstance(value, str)]


def test_rows_of_a_section_that_lost_its_first_column_are_read() -> None:
    rows = [[("Id", "a1"), ("Active", "true")], [("Id", "b2"), ("Active", "false")]]
    found = events(section("devices", "Devices", flat(rows)))
    assert [(e.values["device_id"], e.values["extra"]) for e in found] == [
        ("a1", {"active": "true"}),
        ("b2", {"active": "false"}),
    ]


def test_messages_that_lost_their_authors_keep_text_and_time_together() -> None:
    rows = [[("Sent", f"2025-05-01 10:00:0{n} UTC"), ("Body", str(n))] for n in range(3)]
    found = events(messages(*rows))[1:]
    assert [(e.values["timestamp_raw"][-6:-4], e.text) for e in found] == [("00", "0"), ("01", "1"), ("02", "2")]


def test_addresses_without_any_time_are_read() -> None:
    found = events(addresses(flat([row[:1] for row in ROWS])))
    assert returns.pairs(found) == [(row[0][1], None) for row in ROWS]
    found = events(addresses(flat([row[1:] for row in ROWS])))
    assert returns.pairs(found) == [(None, row[1][1]) for row in ROWS]


@pytest.mark.parametrize(
    ("name", "row", "kind", "values"),
    [
        ("searches", [("Search", "wren hale")], "activity", {"event_action": "search"}),
        ("comments", [("Id", "7"), ("Text", "hi")], "activity", {"message_id": "7", "event_action": "comment"}),
        ("ncmec_reports", [("CyberTip ID", "1")], "record", {"extra": {"cybertip id": "1"}}),
        ("shared_access", [("User", "c.d (instagram: 2)")], "provider_link", {"target_account_id": "2"}),
        ("encrypted_groups_info", [("Thread", "(5)")], "thread", {"thread_id": "5"}),
        ("account_end_date", [("Account Still Active", "false")], "account_change", {"event_action": "account_end"}),
        ("last_location", [("Latitude", "north"), ("Longitude", "-6.25")], "location",
         {"extra": {"latitude": "north", "longitude": -6.25}}),
    ],
)  # fmt: skip
def test_other_sections_give_events_of_their_kind(
    name: str, row: returns.Fields, kind: str, values: dict[str, object]
) -> None:
    found = events(section(name, "Title", flat([row])))[-1]
    assert found.event_type == kind
    assert values.items() <= found.values.items()


def test_ten_thousand_different_labels_are_one_row_and_twenty_of_them_are_named() -> None:
    body = "".join(LETTERS.format(f"x{n}", "1") for n in range(10_000))
    (found,) = events(addresses(body))
    assert len(str(found.values["extra"])) > 100_000
    assert rejects(addresses(body))[0].count("'x") == 20
