"""HAProxy: the accept date is preferred to the syslog stamp; ports are the last number after a colon."""

from __future__ import annotations

import pytest

from parsers.contract import Event, Reject, Settings, Source
from parsers.registry import find_format, recognise, sample_of

HEAD = b"Mar  1 10:00:02 lb1 haproxy[14389]: "
REST = b' [01/Mar/2026:10:00:00.123] fe~ be/s1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 "GET / HTTP/1.1"'


def read(line: bytes, format_id: str = "server_log/haproxy_http", zone: str | None = None) -> Event:
    (item,) = find_format(format_id).parse(Source(memoryview(line + b"\n"), settings=Settings(timezone=zone)))
    assert isinstance(item, Event), item
    return item


@pytest.mark.parametrize(
    ("peer", "ip", "port"),
    [
        (b"203.0.113.7:50122", "203.0.113.7", 50122),
        (b"2001:db8::7:50122", "2001:db8::7", 50122),
        (b"::ffff:203.0.113.7:80", "203.0.113.7", 80),
        (b"-:-", None, None),
        (b"unix:1", None, 1),
    ],
)
def test_the_peer_is_split_at_its_last_colon(peer: bytes, ip: str | None, port: int | None) -> None:
    got = read(HEAD + peer + REST)
    assert (got.values.get("source_ip"), got.values.get("source_port")) == (ip, port)


def test_the_accept_date_is_the_time_and_the_stamp_is_kept() -> None:
    got = read(HEAD + b"203.0.113.7:1" + REST, zone="UTC")
    assert got.values["timestamp"] == 1_772_359_200_123_000
    assert got.values["time_precision_s"] == 0.001
    assert got.values["extra"]["syslog_stamp"] == "Mar  1 10:00:02"  # type: ignore[index]


def test_times_have_no_zone() -> None:
    assert read(b"203.0.113.7:1" + REST).values["tz_basis"] == "assumed"


def test_signs_of_logs_written_early_are_kept() -> None:
    got = read(HEAD + b"203.0.113.7:1" + REST.replace(b"109 200 2750", b"+109 200 +2750").replace(b"30/", b"-1/"))
    extra = got.values["extra"]
    assert (extra["time_active_ms"], extra["time_connect_ms"]) == ("+109", -1)  # type: ignore[index]


def test_a_client_cannot_close_the_quoted_request() -> None:
    got = read(HEAD + b"203.0.113.7:1" + REST.replace(b"GET /", b"GET /#22192.0.2.66:1"))
    assert got.values["source_ip"] == "203.0.113.7"
    assert got.values["url_original"] == '/"192.0.2.66:1'


def test_a_file_of_both_kinds_is_the_more_frequent_one_and_reads_both() -> None:
    tcp = b"203.0.113.7:1 [01/Mar/2026:10:00:00.123] fe be/s1 0/0/5 212 -- 1/1/1/1/0 0/0"
    data = b"\n".join([HEAD + b"203.0.113.7:1" + REST, HEAD + b"203.0.113.7:1" + REST, HEAD + tcp]) + b"\n"
    assert recognise(sample_of(memoryview(data))).format_id == "server_log/haproxy_http"
    items = find_format("server_log/haproxy_http").parse(Source(memoryview(data)))
    assert [item.event_type for item in items if isinstance(item, Event)] == [
        "http_request", "http_request", "connection",
    ]  # fmt: skip


def test_syslog_files_of_other_programs_are_left_to_syslog() -> None:
    data = b"Mar  1 10:00:02 web sshd[1]: Accepted password for dana from 203.0.113.7 port 22 ssh2\n" * 9
    assert recognise(sample_of(memoryview(data))).format_id == "server_log/syslog_3164"


def test_what_another_program_wrote_into_the_file_is_no_notice_of_haproxy() -> None:
    line = b"Feb  6 12:14:15 localhost sshd[9]: Failed password for root from 192.0.2.1 port 22 ssh2\n"
    (item,) = find_format("server_log/haproxy_http").parse(Source(memoryview(line)))
    assert isinstance(item, Reject)
