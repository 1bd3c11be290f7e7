from __future__ import annotations

from datetime import UTC, datetime

import pytest

from parsers.platform_exports._json_rows import Shape, read_row
from parsers.platform_exports._json_values import instant

SHAPE = Shape(
    event_type="session",
    action="open",
    desc="Start Time",
    fields={
        "start": "time",
        "begun": "time",
        "end": "end",
        "peer.ip": "ip",
        "peer.port": "port",
        "name": "username",
        "mail": "email",
        "action": "event_action",
        "lat": "latitude",
        "what": "labelled",
        "reach": "contact",
    },
    kinds={"left": "logout"},
)


def columns(**members: object) -> dict[str, object]:
    return read_row(members, SHAPE, "example")[1]


def test_members_of_an_object_are_reached_by_their_path() -> None:
    row = columns(peer={"ip": "203.0.113.5", "port": "51234", "city": "Ashford"})
    assert (row["source_ip"], row["source_port"], row["extra"]) == ("203.0.113.5", 51234, {"peer.city": "Ashford"})


def test_the_first_declared_time_wins_and_the_other_is_kept() -> None:
    row = columns(begun=1767261600, start=1767261601)
    assert (row["timestamp_raw"], row["extra"]) == ("1767261601", {"begun": 1767261600})


def test_a_port_beside_an_address_that_names_another_is_kept_apart() -> None:
    row = columns(peer={"ip": "203.0.113.5:1000", "port": 2000})
    assert (row["source_port"], row["extra"]) == (1000, {"peer.port": 2000})


@pytest.mark.parametrize("port", [0, 65536, -1, True, "12a", "\u0661", 10**40])
def test_a_number_that_is_no_port_stays_as_written(port: object) -> None:
    row = columns(peer={"port": port})
    assert (row.get("source_port"), row["extra"]) == (None, {"peer.port": port})


def test_what_is_no_address_is_flagged_and_kept() -> None:
    row = columns(peer={"ip": ["203.0.113.5"]})
    assert (row.get("source_ip"), row["parse_flags"]) == (None, ["invalid_address"])
    assert row["extra"] == {"peer.ip": ["203.0.113.5"]}


def test_identifiers_are_taken_from_a_list_all_or_none() -> None:
    assert columns(mail=["a@example.org", "b@example.org"])["identifiers"] == [
        {"type": "email", "value": "a@example.org", "raw": "a@example.org"},
        {"type": "email", "value": "b@example.org", "raw": "b@example.org"},
    ]
    mixed = columns(mail=["a@example.org", {"x": 1}])
    assert (mixed["identifiers"], mixed["extra"]) == (None, {"mail": ["a@example.org", {"x": 1}]})


def test_a_stated_action_names_the_kind_of_event() -> None:
    assert read_row({"action": "Left"}, SHAPE, "example")[0] == "logout"
    assert read_row({}, SHAPE, "example")[0] == "session"
    assert columns()["event_action"] == "open"


def test_a_labelled_value_is_read_by_its_shape_then_by_its_label() -> None:
    assert columns(what="Adresse IP: 203.0.113.9")["source_ip"] == "203.0.113.9"
    assert columns(what="Cookie: abc")["identifiers"] == [{"type": "cookie", "value": "abc", "raw": "abc"}]
    assert columns(what="Place: Ashford")["extra"] == {"what": "Place: Ashford"}


def test_a_contact_is_told_apart_by_its_shape() -> None:
    assert columns(reach="+1 202 555 0143")["identifiers"] == [
        {"type": "phone", "value": "+12025550143", "raw": "+1 202 555 0143"}
    ]
    assert columns(reach="somebody")["extra"] == {"reach": "somebody"}


def test_an_end_that_is_no_time_stays_as_written() -> None:
    row = columns(end="later")
    assert (row.get("timestamp_end"), row["extra"]) == (None, {"end": "later"})


def test_a_time_in_quotes_of_its_own_is_read_and_kept_as_written() -> None:
    moment = instant('"2026-01-01T10:00:00Z"')
    assert moment is not None
    assert (moment.timestamp, moment.raw) == (1767261600_000_000, '"2026-01-01T10:00:00Z"')


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026/03/01 10:00:00 UTC", "2026-03-01T10:00:00+00:00"),
        ("2026-03-01 10:00:00 PST", "2026-03-01T18:00:00+00:00"),
        ("2026/07/01 10:00 PDT", "2026-07-01T17:00:00+00:00"),
        ("2026-03-01 10:00:00 CST", None),
        ("2026/13/01 10:00:00 UTC", None),
    ],
)
def test_slashes_and_pacific_zones_are_read_and_other_zone_names_are_not(written: str, expected: str | None) -> None:
    moment = instant(written)
    found = datetime.fromtimestamp(moment.timestamp / 1e6, UTC).isoformat() if moment and moment.timestamp else None
    assert found == expected
    assert moment is None or moment.raw == written
