"""What an access-log line may be taken to state, and which layout a log shows."""

from __future__ import annotations

import random
from typing import Any

import pytest

from parsers.contract import Sample
from parsers.registry import find_format, recognise, sample_of
from tests.conformance.fixtures import read_all

COMBINED = b'203.0.113.5 - - [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "agent/1"\n'
COMMON = b'203.0.113.5 - - [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5\n'
VHOST = b"forum.example.org:443 " + COMBINED
FORMATS = ("common", "combined", "vhost_combined")


def one(line: bytes, layout: str = "combined") -> dict[str, Any]:
    events, rejects, _ = read_all(find_format(f"server_log/web_{layout}"), line)
    assert (len(events), len(rejects)) == (1, 0)
    return events[0]


def scores(data: bytes) -> list[int]:
    sample = sample_of(memoryview(data))
    return [find_format(f"server_log/web_{name}").recognise(sample) for name in FORMATS]


def escaped(text: str) -> bytes:
    """As Apache httpd writes what a client sent."""
    return text.encode("ascii", "backslashreplace").replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")


HOSTILE = (
    *('198.51.100.66 - - [02/Mar/2026:00:00:00 +0000] "GET /planted HTTP/1.1" 200 1 "-" "-"', ", 198.51.100.66", '"'),
    '\n198.51.100.66 - - [02/Mar/2026:00:00:00 +0000] "',
    *("\\", '\\"', " ", "-", "] ", " [", '"" [', ":80 198.51.100.66 "),
)


def test_no_text_a_client_sends_supplies_the_peer_address_or_the_time() -> None:
    for seed in range(300):
        rng = random.Random(seed)
        user, *rest = (escaped("".join(rng.choices(HOSTILE, k=rng.randrange(1, 4)))) for _ in range(4))
        line = b'203.0.113.5 - %s [01/Mar/2026:10:00:00 +0000] "%s" 400 5 "%s" "%s"\n' % (user, *rest)
        for layout, site in (("combined", b""), ("common", b""), ("vhost_combined", b"forum.example.org:443 ")):
            data = site + line
            event = one(data, layout)
            assert event["source_ip"] == "203.0.113.5", data
            assert event["timestamp"] == "2026-03-01T10:00:00.000000Z"
            assert event["http_response_status_code"] == 400


def test_the_peer_is_never_read_from_a_request_that_pretends_to_be_a_line() -> None:
    line = b'203.0.113.5 - - [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "x"\r198.51.100.66 - - [02/Mar'
    assert one(line)["source_ip"] == "203.0.113.5"


@pytest.mark.parametrize(("line", "expected"), [(COMMON, [98, 0, 0]), (COMBINED, [0, 98, 0]), (VHOST, [0, 0, 98])])
def test_a_clean_log_is_recognised_by_its_layout_alone(line: bytes, expected: list[int]) -> None:
    assert scores(line * 50) == expected


def test_a_log_whose_layout_changed_half_way_is_read_by_the_fuller_layout() -> None:
    assert recognise(sample_of(memoryview(COMMON * 50 + COMBINED * 50))).format_id == "server_log/web_combined"
    events, rejects, _ = read_all(find_format("server_log/web_combined"), COMMON * 2 + COMBINED * 2)
    assert [e.get("user_agent_original") for e in events] == [None, None, "agent/1", "agent/1"]
    assert [e.get("parse_flags") for e in events] == [None] * 4
    assert rejects == []


@pytest.mark.parametrize(
    "data",
    [
        b"Mar  1 10:00:00 host sshd[7]: Accepted publickey for anna from 203.0.113.5 port 50123 ssh2\n" * 20,
        b'{"time":"2026-03-01T10:00:00Z","remote_addr":"203.0.113.5","request":"GET / HTTP/1.1"}\n' * 20,
        b'date,ip,request\n2026-03-01,203.0.113.5,"GET / HTTP/1.1"\n' * 20,
        b"\x00\x01\x02" * 400,
        b"\n\n\n",
    ],
)
def test_other_text_scores_nothing(data: bytes) -> None:
    assert scores(data) == [0, 0, 0]


def test_an_empty_sample_scores_nothing() -> None:
    assert find_format("server_log/web_common").recognise(Sample(b"", b"", b"", 0)) == 0


def test_a_byte_order_mark_before_the_first_line_is_no_part_of_the_address() -> None:
    assert one(b"\xef\xbb\xbf" + COMBINED)["source_ip"] == "203.0.113.5"


def test_time_bounds_span_the_second_the_record_names() -> None:
    event = one(COMBINED.replace(b"+0000", b"-0330"))
    assert event["timestamp"] == event["timestamp_earliest"] == "2026-03-01T13:30:00.000000Z"
    assert event["timestamp_latest"] == "2026-03-01T13:30:00.999999Z"


def test_two_identical_lines_are_two_events() -> None:
    events, _, _ = read_all(find_format("server_log/web_combined"), COMBINED * 2)
    assert [e["locator"] for e in events] == ["L1", "L2"]
    assert len({e["event_id"] for e in events}) == 2


def test_every_value_a_client_controls_is_marked_as_such() -> None:
    trust = find_format("server_log/web_combined").trust
    assert {name for name, who in trust.items() if who == "sender_controlled"} == {
        "account_login",
        "claimed_ips",
        "event_action",
        "http_request_method",
        "http_request_referrer",
        "http_version",
        "url_original",
        "user_agent_original",
    }
    assert trust["source_ip"] == "server_observed"
