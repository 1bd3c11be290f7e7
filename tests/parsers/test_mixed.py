"""Files of several formats, and clocks that were wrong."""

from __future__ import annotations

from typing import Any

from parsers.contract import Settings, Source
from parsers.mixed import read_member
from parsers.reader import Accounting, StreamId
from parsers.registry import all_formats, find_format

ACCESS = b'192.0.2.7 - - [05/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "agent"\n'
VHOST = b'blog.example.org:443 192.0.2.8 - - [05/Mar/2026:10:00:01 +0000] "GET /a HTTP/1.1" 200 5 "-" "agent"\n'
ERROR = b"[Thu Mar 05 10:00:02.123456 2026] [core:error] [pid 7:tid 9] [client 192.0.2.9:4711] AH00128: no such file\n"
JUNK = b"?? nothing reads this ??\n"


def read(data: bytes, **settings: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Accounting]:
    fmt, events, rejects, total = find_format("server_log/web_combined"), [], [], Accounting()
    stream = StreamId("0" * 64, "", fmt.id, fmt.version)
    for batch in read_member(fmt, Source(memoryview(data), settings=Settings(**settings)), stream):
        events += batch.events.to_pylist()
        rejects += batch.rejects.to_pylist()
        total.add(batch.accounting)
    return sorted(events, key=lambda e: int(e["span_start"])), rejects, total


def test_a_line_of_a_sibling_format_is_read_as_what_it_is() -> None:
    events, rejects, total = read(ACCESS + VHOST + JUNK + ERROR + ACCESS)
    assert [(e["format_id"].rpartition("/")[2], e["source_ip"], e["locator"]) for e in events] == [
        ("web_combined", "192.0.2.7", "L1"),
        ("web_vhost_combined", "192.0.2.8", "L2"),
        ("apache_error", "192.0.2.9", "L4"),
        ("web_combined", "192.0.2.7", "L5"),
    ]
    assert [(r["span_start"], r["span_end"]) for r in rejects] == [
        (len(ACCESS + VHOST), len(ACCESS + VHOST + JUNK)),
    ]
    assert (total.events, total.rejects) == (4, 1)
    assert total.bytes_in == total.bytes_parsed + total.bytes_rejected + total.bytes_skipped


def test_a_stamp_without_year_takes_that_of_the_access_lines_around_it() -> None:
    events, _, _ = read(ACCESS + b"Mar  5 09:59:58 web sshd[7]: hello\n" + ACCESS, timezone="UTC")
    assert events[1]["format_id"] == "server_log/syslog_iso"
    assert events[1]["timestamp"].isoformat() == "2026-03-05T09:59:58+00:00"
    assert events[1]["parse_flags"] == ["year_inferred"]


def test_a_stamp_on_the_other_side_of_new_year_takes_the_nearer_year() -> None:
    new_year = ACCESS.replace(b"05/Mar/2026", b"01/Jan/2026")
    events, _, _ = read(b"Dec 31 23:59:58 web sshd[7]: hello\n" + new_year, timezone="UTC")
    assert events[0]["timestamp"].isoformat() == "2025-12-31T23:59:58+00:00"


def test_a_stamp_far_from_its_neighbours_keeps_its_year_open() -> None:
    events, _, _ = read(ACCESS + b"Aug 20 09:59:58 web sshd[7]: hello\n" + ACCESS)
    assert events[1]["timestamp"] is None
    assert events[1]["parse_flags"] == ["year_ambiguous"]


def test_siblings_exist_and_read_lines() -> None:
    for fmt in all_formats():
        for name in fmt.siblings:
            assert find_format(name).framing == "line"


def test_a_stated_clock_error_moves_every_time_and_says_so() -> None:
    (plain,), _, _ = read(ACCESS)
    (moved,), _, _ = read(ACCESS, clock_offset_s=-90.5)
    assert (plain["timestamp"] - moved["timestamp"]).total_seconds() == 90.5
    assert (plain["timestamp_latest"] - moved["timestamp_latest"]).total_seconds() == 90.5
    assert moved["timestamp_raw"] == plain["timestamp_raw"]
    assert moved["parse_flags"] == ["clock_corrected"]
