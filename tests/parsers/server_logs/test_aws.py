"""Amazon's access logs: old and new lengths, and what a client can and cannot write."""

from __future__ import annotations

import pytest

from parsers.contract import Event, Reject, Source
from parsers.registry import find_format

ALB = (
    b"https 2026-03-01T10:00:00.123456Z app/web/50dc 203.0.113.7:2817 192.0.2.80:80 0.086 0.048 0.037 200 200 0 57 "
    b'"GET https://example.org:443/ HTTP/1.1" "agent" - -'
)
S3 = (
    b"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be album [01/Mar/2026:10:00:00 +0000] "
    b"203.0.113.7 - 3E57427F33A59F07 REST.GET.OBJECT p/a.jpg "
)


def read(format_id: str, line: bytes) -> Event | Reject:
    (item,) = find_format(f"server_log/{format_id}").parse(Source(memoryview(line + b"\n")))
    assert isinstance(item, Event | Reject)
    return item


def event(format_id: str, line: bytes) -> Event:
    item = read(format_id, line)
    assert isinstance(item, Event), item
    return item


@pytest.mark.parametrize(
    ("tail", "found"),
    [
        (b"", {}),
        (b" arn", {"target_group_arn": "arn"}),
        (b' arn "Root=1"', {"target_group_arn": "arn", "trace_id": "Root=1"}),
        (b' - "-" "example.org" "-" 0 - "-" "-" "-" "-" "-" "-" "-" TID_1 "h" "u" done', {
            "connection_trace_id": "TID_1", "matched_rule_priority": "0", "trailing_fields": '"h" "u" done',
        }),
    ],
)  # fmt: skip
def test_a_load_balancer_line_may_end_after_any_field_of_its_age(tail: bytes, found: dict[str, str]) -> None:
    got = event("aws_alb", ALB + tail)
    assert got.values["source_port"] == 2817
    extra = got.values["extra"]
    assert isinstance(extra, dict)
    assert {key: extra[key] for key in extra if key in found} == found


def test_a_client_that_went_away_leaves_no_peer() -> None:
    assert "source_ip" not in event("aws_alb", ALB.replace(b"203.0.113.7:2817", b"-")).values


def test_a_quotation_mark_in_an_agent_of_s3_moves_nothing() -> None:
    line = S3 + b'"GET /a HTTP/1.1" 200 - 1 1 1 1 "-" "x" 192.0.2.66 "y" - -'
    got = event("aws_s3", line)
    assert got.values["source_ip"] == "203.0.113.7"
    assert "user_agent_original" not in got.values
    assert got.values["parse_flags"] == ["salvaged"]


def test_an_s3_operation_is_the_action_and_a_missing_request_stays_missing() -> None:
    got = event("aws_s3", S3 + b'- 204 - - - 5 - "-" "S3Console/0.4" -')
    assert got.values["event_action"] == "REST.GET.OBJECT"
    assert "url_original" not in got.values
    assert "http_response_bytes" not in got.values


def test_a_line_of_something_else_is_a_reject() -> None:
    assert isinstance(read("aws_s3", b"hello"), Reject)
    assert isinstance(read("aws_alb", b"tls 2.0 2026-03-01T10:00:00 net/x"), Reject)
