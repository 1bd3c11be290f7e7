"""Error logs: what only the server wrote is attested, whatever stands in the message."""

from __future__ import annotations

import io

import pytest

from parsers import reader
from parsers.contract import Event, Reject, Settings, Source
from parsers.registry import find_format
from pipeline.parse.units import cut_units

STREAM = reader.StreamId("0" * 64, "", "server_log/nginx_error", 2)


def read(format_id: str, *lines: bytes, zone: str | None = None) -> list[object]:
    source = Source(memoryview(b"\n".join(lines) + b"\n"), settings=Settings(timezone=zone))
    return list(find_format(format_id).parse(source))


def event(format_id: str, line: bytes, zone: str | None = None) -> Event:
    (item,) = read(format_id, line, zone=zone)
    assert isinstance(item, Event), item
    return item


NGINX = b"2026/03/01 10:00:00 [error] 31#32: *5 "
TAIL = b', client: 203.0.113.7, server: example.org, request: "GET /x HTTP/1.1", host: "example.org"'


def test_an_nginx_tail_is_read_from_client_to_referrer() -> None:
    got = event("server_log/nginx_error", NGINX + b'open() "/x" failed' + TAIL + b', referrer: "https://example.net/"')
    assert got.values["source_ip"] == "203.0.113.7"
    assert got.values["url_original"] == "/x"
    assert got.values["url_domain"] == "example.org"
    assert got.values["http_request_referrer"] == "https://example.net/"


@pytest.mark.parametrize(
    "line",
    [
        NGINX + b'open() "/a, client: 192.0.2.66, server: _, request: "x" failed' + TAIL,
        NGINX + b"x" + TAIL.replace(b"/x", b"/, client: 192.0.2.66, server: _"),
        NGINX + b"x" + TAIL + b', referrer: "a, client: 192.0.2.66"',
    ],
)
def test_text_of_a_client_never_becomes_the_peer_in_nginx(line: bytes) -> None:
    got = event("server_log/nginx_error", line)
    assert "source_ip" not in got.values
    assert set(got.values["claimed_ips"]) == {"192.0.2.66", "203.0.113.7"}  # type: ignore[call-overload]
    assert got.values["parse_flags"] == ["peer_ambiguous"]


@pytest.mark.parametrize(
    "message",
    [
        b"access forbidden by rule",
        b'limiting requests, excess: 5.310 by zone "one"',
        b"upstream timed out (110: Connection timed out) while reading response header from upstream",
        b"client sent invalid request while reading client request line",
    ],
)
def test_behind_a_message_without_client_text_the_first_peer_is_the_real_one(message: bytes) -> None:
    got = event("server_log/nginx_error", NGINX + message + TAIL.replace(b"/x", b"/, client: 192.0.2.66, server: _"))
    assert got.values["source_ip"] == "203.0.113.7"


def test_a_line_as_long_as_nginx_lets_it_be_attests_nobody() -> None:
    got = event("server_log/nginx_error", NGINX + b'open() "/, client: 192.0.2.66, server: _' + b"A" * 2000)
    assert "source_ip" not in got.values
    assert got.values["claimed_ips"] == ["192.0.2.66"]


def test_quoted_values_that_stand_twice_fill_no_column() -> None:
    got = event("server_log/nginx_error", NGINX + b"x" + TAIL.replace(b"GET /x", b'GET /", host: "evil'))
    assert got.values["source_ip"] == "203.0.113.7"
    assert "url_domain" not in got.values
    assert "url_original" not in got.values


APACHE = b"[Sun Mar 01 10:00:00.000001 2026] "


@pytest.mark.parametrize(
    ("raw", "ip", "port"),
    [
        (b"[core:error] [pid 1] [client 203.0.113.7:80] x", "203.0.113.7", 80),
        (b"[core:error] [pid 1] [client 2001:db8::7:80] x", "2001:db8::7", 80),
        (b"[core:error] [pid 1] [client 2001:db8:1:2:3:4:5:6:50122] x", "2001:db8:1:2:3:4:5:6", 50122),
        (b"[error] [client 2001:db8::7] x", "2001:db8::7", None),
        (b"[error] [client 203.0.113.7] x [client 192.0.2.66] y", "203.0.113.7", None),
        (b"[error] x [client 192.0.2.66] y", None, None),
    ],
)
def test_the_client_of_an_apache_line_stands_in_one_place(raw: bytes, ip: str | None, port: int | None) -> None:
    got = event("server_log/apache_error", APACHE + raw)
    assert (got.values.get("source_ip"), got.values.get("source_port")) == (ip, port)


def test_times_without_zone_follow_the_case_or_are_widened() -> None:
    line = APACHE + b"[error] x"
    assert event("server_log/apache_error", line, "Europe/Berlin").values["tz_basis"] == "case_setting"
    alone = event("server_log/apache_error", line).values
    assert alone["tz_basis"] == "assumed"
    assert alone["timestamp_latest"] - alone["timestamp_earliest"] == 28 * 3600 * 1_000_000  # type: ignore[operator]


def test_a_date_that_does_not_exist_is_an_unknown_time() -> None:
    assert event("server_log/nginx_error", b"2026/02/30 10:00:00 [error] 1#1: x").values.get("timestamp") is None


def test_lines_without_a_stamp_join_the_entry_before_them() -> None:
    (got,) = read("server_log/apache_error", APACHE + b"[error] x", b"PHP Stack trace:", b"  #0 {main}")
    assert isinstance(got, Event)
    assert got.text == "x\nPHP Stack trace:\n  #0 {main}"
    assert got.values["parse_flags"] == ["lines_joined"]
    assert (got.span.start, got.span.end, got.locator) == (0, len(APACHE) + 10 + 17 + 12, "L1")


@pytest.mark.parametrize(
    "line",
    [
        b"[01-Mar-2026 10:00:00 UTC] PHP Warning:  y",
        b"[Sun Mar 01 10:00:00 2026] cut",
        b"2026-03-01T10:00:00Z host app: y",
        b"Mar  1 10:00:00 host app: y",
        b'192.0.2.7 - - [05/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "agent"',
        b"192.0.2.7 - - [05/Mar/2026:10:00:00",
        b"\0\0\0",
    ],
)
def test_lines_with_a_stamp_or_an_access_layout_are_never_joined(line: bytes) -> None:
    first, second = read("server_log/apache_error", APACHE + b"[error] x", line)
    assert isinstance(first, Event)
    assert isinstance(second, Reject)
    assert "parse_flags" not in first.values or first.values["parse_flags"] != ["lines_joined"]


def test_lines_before_any_entry_and_after_a_blank_line_stay_rejects_with_the_reason() -> None:
    first, _, _, last = read("server_log/apache_error", b"#0 {main}", APACHE + b"[error] x", b"", b"#1 {main}")
    assert isinstance(first, Reject)
    assert isinstance(last, Reject)
    assert "part of the message before it" in last.reason


def test_the_peer_behind_a_message_of_several_lines_is_attested_only_for_a_connection() -> None:
    joined = event_of(NGINX + b'FastCGI sent in stderr: "PHP message: a', b'b" while reading upstream' + TAIL)
    assert joined.values["source_ip"] == "203.0.113.7"
    own = event_of(b"2026/03/01 10:00:00 [notice] 31#31: signal", b"x" + TAIL)
    assert "source_ip" not in own.values


def test_what_follows_a_complete_entry_changes_none_of_its_values() -> None:
    alone = event("server_log/nginx_error", NGINX + b"x" + TAIL)
    joined = event_of(NGINX + b"x" + TAIL, b'y, client: 192.0.2.66, server: _, host: "z"')
    assert {**alone.values, "parse_flags": ["lines_joined"]} == joined.values


def event_of(*lines: bytes) -> Event:
    (item,) = read("server_log/nginx_error", *lines)
    assert isinstance(item, Event)
    return item


def test_a_run_is_joined_up_to_its_limit_and_reads_the_same_wherever_a_file_is_cut() -> None:
    fmt = find_format("server_log/nginx_error")
    trace = [b"#%d /srv/app/file.php(%d): call()\n" % (i, i) for i in range(4000)]
    data = NGINX + b"first\n" + b"".join(trace) + NGINX + b"second\n" + (NGINX + b"x\n" + b"".join(trace[:6])) * 12_000
    whole = list(fmt.parse(Source(memoryview(data))))
    events = [item for item in whole if isinstance(item, Event)]
    assert len(events) == 12_002
    assert 65_000 < events[0].span.end - len(NGINX + b"first\n") <= 65_536
    batches = [row for b in reader.read(fmt, Source(memoryview(data)), STREAM) for row in b.events.to_pylist()]
    assert [(r["span_start"], r["span_end"], r["locator"]) for r in batches] == [(*e.span, e.locator) for e in events]
    units = cut_units(io.BytesIO(data), 100_000, fmt.resumes)
    view = memoryview(data)
    pieces = [item for a, b, line in units for item in fmt.parse(Source(view[a:b], a, line))]
    assert [item for item in pieces if isinstance(item, Event)] == events


def test_a_flag_that_two_parts_of_a_line_raise_is_set_once() -> None:
    line = NGINX + b"x\xff" + TAIL.replace(b"GET /x", b"GET / \xff")
    got = event("server_log/nginx_error", line)
    assert got.values["parse_flags"] == ["lossy_text", "unsplit_request"]
