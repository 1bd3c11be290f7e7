from __future__ import annotations

import random

import pytest

from tests.parsers.platform_exports import returns
from tests.parsers.platform_exports.returns import BREAK, LETTERS, MARKUPS, flat, mutations, page, section

WHATSAPP = "platform/whatsapp_return"
CALL = [("Call Id", "C1"), ("Call Creator", "353209150002")]
OFFER = [("Type", "offer"), ("Timestamp", "2025-09-03 11:00:01 UTC"), ("From Ip", "198.51.100.50")]
ACCEPT = [("Type", "accept"), ("Timestamp", "2025-09-03 11:00:02 UTC")]


def events(*sections: str) -> list[returns.Event]:
    return returns.events(page(*sections, service="WhatsApp", target="353209150002"), WHATSAPP)


def calls(*bodies: str) -> list[returns.Event]:
    return events(section("call_logs", "Call Logs", "".join(LETTERS.format("Call", body) for body in bodies)))


def logged(number: int) -> returns.Fields:
    return [
        ("Timestamp", f"2025-09-03 10:00:0{number} UTC"),
        ("Sender", "353209150002"),
        ("Recipients", "353209150003"),
        ("Sender Ip", f"198.51.100.{number}"),
        ("Sender Port", str(5000 + number)),
    ]


@pytest.mark.parametrize("markup", MARKUPS)
def test_each_message_has_its_own_address_port_and_time(markup: str) -> None:
    found = events(section("message_log", "Message Log", flat([logged(1), logged(2)], markup), markup))
    assert [(e.values["source_ip"], e.values["source_port"], e.values["timestamp_raw"]) for e in found] == [
        ("198.51.100.1", 5001, "2025-09-03 10:00:01 UTC"),
        ("198.51.100.2", 5002, "2025-09-03 10:00:02 UTC"),
    ]


def test_the_account_of_a_message_is_its_sender() -> None:
    (found,) = events(section("message_log", "Message Log", flat([logged(1)])))
    assert (found.values["account_id"], found.values["target_account_id"]) == ("+353209150002", "+353209150003")


def test_a_message_without_an_address_takes_none_from_the_next() -> None:
    found = events(section("message_log", "Message Log", flat([logged(1)[:3], logged(2)])))
    assert [e.values.get("source_ip") for e in found] == [None, "198.51.100.2"]


def test_a_call_event_without_an_address_takes_none_from_its_call() -> None:
    found = calls(flat([CALL]) + LETTERS.format("Events", flat([OFFER, ACCEPT])))
    assert [(e.values.get("event_action"), e.values.get("source_ip"), e.values["thread_id"]) for e in found] == [
        (None, None, "C1"),
        ("offer", "198.51.100.50", "C1"),
        ("accept", None, "C1"),
    ]


def test_events_of_a_call_without_an_id_are_not_of_the_call_before() -> None:
    found = calls(
        flat([CALL]) + LETTERS.format("Events", flat([OFFER])),
        LETTERS.format("Events", flat([ACCEPT])),
    )
    assert [e.values.get("thread_id") for e in found] == ["C1", "C1", None]


def test_each_event_in_an_element_of_its_own_keeps_its_call() -> None:
    each = LETTERS.format("Event", flat([OFFER])) + LETTERS.format("Event", flat([ACCEPT]))
    found = calls(flat([CALL]) + LETTERS.format("Events", each))
    assert [e.values.get("thread_id") for e in found] == ["C1", "C1", "C1"]


def test_a_page_heading_between_label_and_value_loses_nothing() -> None:
    body = flat([logged(1)]).replace("198.51.100.1", BREAK + "198.51.100.1")
    (found,) = events(section("message_log", "Message Log", body))
    assert (found.values["source_ip"], found.values["parse_flags"]) == ("198.51.100.1", ["joined_at_page_break"])


@pytest.mark.parametrize("seed", range(60))
def test_changed_layouts_give_true_pairs_or_a_reject(seed: int) -> None:
    rows = [
        [("Timestamp", f"2025-09-03 10:00:0{n} UTC"), ("IP Address", f"192.0.2.{n}"), ("Port", str(n))]
        for n in range(1, 6)
    ]
    truth = {(row[1][1], row[0][1]) for row in rows}
    body = flat(mutations(rows, random.Random(seed)))
    found = events(section("prospective_login_ips", "Prospective Login Ips", body))
    assert {pair for pair in returns.pairs(found) if None not in pair} <= truth
    for event in found:
        if "source_ip" in event.values:
            assert event.values.get("source_port") in {None, int(str(event.values["source_ip"])[-1])}


def test_contacts_are_numbers_with_what_the_provider_calls_them() -> None:
    body = LETTERS.format("Symmetric Contacts", "1 Total<br>353209150003")
    (found,) = events(section("address_book_info", "Address Book Info", body))
    assert (found.values["event_action"], found.values["target_account_id"]) == ("contact_symmetric", "+353209150003")


def test_it_is_recognised_by_its_service_or_else_by_its_sections() -> None:
    assert returns.score(page(service="WhatsApp"), WHATSAPP) == 95
    assert returns.score(page(service="Facebook"), WHATSAPP) == 5
    unnamed = "".join(f'<div id="property-{name}"></div>' for name in ("message_log", "call_logs", "device_info"))
    assert returns.score(unnamed.encode(), WHATSAPP) == 80
    assert returns.score(unnamed.encode(), "platform/meta_return") == 20
