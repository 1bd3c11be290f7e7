from __future__ import annotations

import pytest

from parsers.contract import Event, Item, Reject, Sample, Settings, Source
from parsers.registry import find_format

FORMAT = find_format("platform/sms_backup_restore")
ROW = {"address": "+12025550143", "date": "1767261600000", "type": "1", "body": "hi", "contact_name": "W."}
OWNER = Settings(options={"owner": "+1 202 555 0177"})


def element(values: dict[str, str], name: str = "sms") -> str:
    return f"<{name} " + " ".join(f'{key}="{value}"' for key, value in values.items()) + " />"


def read(inside: str, settings: Settings = Settings()) -> list[Item]:
    data = f"<smses>{inside}</smses>".encode()
    return list(FORMAT.parse(Source(memoryview(data), settings=settings)))


def events(inside: str, settings: Settings = Settings()) -> list[Event]:
    return [item for item in read(inside, settings) if isinstance(item, Event)]


def rejects(inside: str) -> list[Reject]:
    return [item for item in read(inside) if isinstance(item, Reject)]


def facts(event: Event) -> tuple[object, ...]:
    return (event.values.get("sender"), event.values.get("timestamp"), event.text, event.values.get("event_action"))


WANT = ("+12025550143", 1767261600_000_000, "hi", "received")


@pytest.mark.parametrize("shift", range(5))
def test_attributes_in_any_order_give_the_same_message(shift: int) -> None:
    names = list(ROW)
    (event,) = events(element({name: ROW[name] for name in names[shift:] + names[:shift]}))
    assert facts(event) == WANT


@pytest.mark.parametrize(("name", "place"), [("address", 0), ("date", 1), ("body", 2), ("type", 3)])
def test_a_removed_attribute_empties_its_own_value_only(name: str, place: int) -> None:
    (event,) = events(element({k: v for k, v in ROW.items() if k != name}))
    lost = {place} | ({0} if name == "type" else set())  # without a type nobody is known to be the sender
    assert [fact for index, fact in enumerate(facts(event)) if index not in lost] == [
        fact for index, fact in enumerate(WANT) if index not in lost
    ]
    assert all(facts(event)[index] is None for index in lost)


def test_an_added_attribute_is_kept_under_its_name() -> None:
    (event,) = events(element({"rcs_flag": "7", **ROW}))
    assert facts(event) == WANT
    assert event.values["extra"] == {"rcs_flag": "7", "contact_name": "W."}


def test_who_sent_follows_the_type_and_the_owner_of_the_telephone() -> None:
    received, sent = events(element(ROW) + element({**ROW, "type": "2"}), OWNER)
    assert (received.values["sender"], received.values["recipients"]) == ("+12025550143", ["+12025550177"])
    assert (sent.values["sender"], sent.values["recipients"]) == ("+12025550177", ["+12025550143"])
    (unknown,) = events(element({**ROW, "type": "2"}))
    assert (unknown.values["sender"], unknown.values["event_action"]) == (None, "sent")


def test_the_local_time_beside_the_count_is_not_used() -> None:
    (event,) = events(element({**ROW, "readable_date": "1 Jan 1999 00:00:00"}))
    assert event.values["timestamp"] == 1767261600_000_000


def test_a_sent_multimedia_message_may_name_the_owners_number() -> None:
    addresses = element({"address": "+12025550177", "type": "137"}, "addr")
    addresses += element({"address": "+12025550143", "type": "151"}, "addr")
    (event,) = events(f'<mms date="1767261600000" msg_box="2"><addrs>{addresses}</addrs></mms>')
    assert (event.values["sender"], event.values["recipients"]) == ("+12025550177", ["+12025550143"])


def test_a_group_message_without_addresses_has_no_sender() -> None:
    (event,) = events('<mms date="1767261600000" msg_box="1" address="+12025550143~+12025550188"></mms>')
    assert event.values["sender"] is None
    assert event.values["parse_flags"] == ["direction_unknown"]


def test_a_part_that_is_no_base64_has_no_digest() -> None:
    part = element({"ct": "image/png", "cl": "a.png", "data": "not base64"}, "part")
    (event,) = events(f'<mms date="1767261600000" msg_box="1" address="+12025550143">{part}</mms>')
    assert (event.values["attachment_names"], event.values["attachment_sha256s"]) == (["a.png"], None)


def test_a_message_that_is_not_closed_is_rejected_and_the_next_one_is_read() -> None:
    text = '<mms date="1767261600000" msg_box="1" address="1"><parts>' + element(ROW)
    assert [r.kind for r in rejects(text)] == ["truncated"]
    assert facts(events(text)[0]) == WANT


def test_a_broken_part_leaves_the_rest_of_the_message() -> None:
    good = element({"ct": "text/plain", "text": "hello"}, "part")
    (event,) = events(f'<mms date="1767261600000" msg_box="1" address="1"><part ct="x/>{good}</mms>')
    assert (event.text, event.values["parse_flags"]) == ("hello", ["salvaged"])


def test_fewer_records_than_stated_are_reported() -> None:
    data = f'<smses count="2">{element(ROW)}</smses>'.encode()
    found = [i for i in FORMAT.parse(Source(memoryview(data))) if isinstance(i, Reject)]
    assert [(r.kind, r.reason) for r in found] == [
        ("truncated", "the file states 2 records at its beginning and holds 1")
    ]


def test_a_date_that_is_none_leaves_the_time_open() -> None:
    for date in ("0", "abc", "99999999999999999999", "-1"):
        (event,) = events(element({**ROW, "date": date}))
        assert event.values.get("timestamp") is None


def test_backups_are_recognised_by_their_elements() -> None:
    def score(text: str) -> int:
        return FORMAT.recognise(Sample(text.encode(), b"", b"", len(text)))

    assert score(f"<?xml version='1.0'?><smses count=\"1\">{element(ROW)}</smses>") == 96
    assert score(f"<calls>{element({'number': '1', 'date': '1767261600000'}, 'call')}</calls>") == 96
    assert score("<smses>") == 0
    assert score(f"<root>{element(ROW)}</root>") == 0
