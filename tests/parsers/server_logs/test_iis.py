"""W3C extended logs: the directives decide what a line means, wherever they stand."""

from __future__ import annotations

from parsers.contract import Event, Reject, Skip, Source
from parsers.registry import find_format


def read(*lines: bytes, format_id: str = "server_log/iis_w3c") -> list[Event | Reject | Skip]:
    return list(find_format(format_id).parse(Source(memoryview(b"\r\n".join(lines) + b"\r\n"))))


def events(*lines: bytes) -> list[Event]:
    return [item for item in read(*lines) if isinstance(item, Event)]


FIELDS = b"#Fields: date time c-ip cs-method cs-uri-stem sc-status"


def test_fields_that_change_mid_file_change_the_reading() -> None:
    old, new = events(
        FIELDS, b"2026-03-01 10:00:00 203.0.113.7 GET /a 200", b"#Fields: sc-status c-ip date time cs-uri-stem",
        b"404 203.0.113.8 2026-03-01 10:00:01 /b",
    )  # fmt: skip
    assert (old.values["source_ip"], old.values["url_original"]) == ("203.0.113.7", "/a")
    assert (new.values["source_ip"], new.values["url_original"]) == ("203.0.113.8", "/b")
    assert new.values["event_outcome"] == "failure"


def test_times_are_utc_by_the_rule_of_the_format() -> None:
    (got,) = events(FIELDS, b"2026-03-01 10:00:00 203.0.113.7 GET /a 200")
    assert got.values["tz_basis"] == "format_rule"
    assert got.values["timestamp"] == 1_772_359_200_000_000


def test_a_log_without_a_date_column_takes_the_day_of_the_directive() -> None:
    (got,) = events(b"#Date: 2026-03-01 00:00:00", b"#Fields: time c-ip", b"10:00:00 203.0.113.7")
    assert got.values["timestamp"] == 1_772_359_200_000_000


def test_a_log_with_neither_leaves_the_time_open() -> None:
    (got,) = events(b"#Fields: time c-ip", b"10:00:00 203.0.113.7")
    assert got.values.get("timestamp") is None
    assert got.values["timestamp_raw"] == "10:00:00"


def test_a_line_with_another_number_of_fields_is_a_reject() -> None:
    items = read(FIELDS, b"2026-03-01 10:00:00 203.0.113.7 GET /a b 200")
    assert [type(item) for item in items] == [Skip, Reject]


def test_a_client_cannot_write_a_directive() -> None:
    """Directives begin a line, and IIS writes nothing a client sent at the beginning of one."""
    items = read(FIELDS, b"2026-03-01 10:00:00 203.0.113.7 GET /#Fields:+c-ip 200")
    assert isinstance(items[1], Event)


def test_a_zone_id_is_kept_beside_the_address() -> None:
    (got,) = events(FIELDS, b"2026-03-01 10:00:00 fe80::1%12 GET /a 200")
    assert got.values["source_ip"] == "fe80::1"
    assert got.values["extra"] == {"address_zone": "12"}


def test_a_name_announced_twice_is_kept_twice() -> None:
    (got,) = events(b"#Fields: c-ip sc-status sc-status x x", b"203.0.113.7 200 404 a b")
    assert got.values["http_response_status_code"] == 200
    assert got.values["extra"] == {"sc_status": "404", "x": "a", "x_2": "b"}


def test_cloudfront_values_are_percent_decoded_once_or_twice() -> None:
    lines = (
        b"#Version: 1.0",
        b"#Fields: date time x-edge-location c-ip cs(User-Agent) x-forwarded-for",
        b"2026-03-01\t10:00:00\tDUB2\t203.0.113.7\tA%20B\t-",
        b"2026-03-01\t10:00:00\tDUB2\t203.0.113.7\tA%2520B\t192.0.2.66,%20192.0.2.67",
    )
    once, twice = (i for i in read(*lines, format_id="server_log/aws_cloudfront") if isinstance(i, Event))
    assert once.values["user_agent_original"] == twice.values["user_agent_original"] == "A B"
    assert twice.values["claimed_ips"] == ["192.0.2.66", "192.0.2.67"]
