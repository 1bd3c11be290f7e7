"""The two line layouts of Amazon's access logs, as expressions and fields.

References:
    Elastic Load Balancing, Access logs for your Application Load Balancer (and Classic Load Balancer).
    Amazon S3, Amazon S3 server access log format.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from parsers.contract import Reject
from parsers.kit.time import Moment, parse_iso, unknown_time
from parsers.server_logs._line_reader import Field, LineReader, Part
from parsers.server_logs._line_values import (
    TIME_COLUMNS,
    absent,
    address_field,
    count_field,
    extra_field,
    port_field,
    request_part,
    shifted_part,
    status_part,
    text_field,
    time_part,
)
from parsers.server_logs._web_row import read_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parsers.contract import Item
    from parsers.kit.lines import Line

__all__ = ["alb_reader", "s3_reader"]

_ADDRESS = r"([0-9A-Fa-f:.]{2,45}|\[[0-9A-Fa-f:.]{2,45}\]|-)"
_QUOTED = r'"((?:[^"\\]++|\\.)*+)"'
_PLAIN_QUOTED = r'(?:"([^"]*+)"|-)'
_WORD = "([^ ]++)"
_MOMENT = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z)"
_SECONDS = r"(-?\d{1,9}(?:\.\d{1,9})?|-)"
_COUNT = r"(\d{1,20}|-)"
_STATUS = r"(\d{3}|-)"

# type, time, balancer, client:port, target:port, three times, two statuses, bytes in and out
_ALB_HEAD = (
    rf"(?:(https?|h2|grpcs?|wss?) )?{_MOMENT} {_WORD} {_ADDRESS}(?:(?<=-)|:(\d{{1,5}})) {_WORD} {_SECONDS} {_SECONDS} "
    rf"{_SECONDS} {_STATUS} {_STATUS} {_COUNT} {_COUNT} "
)
# Amazon appends fields over the years: each of these may be where an older line ends.
_ALB_TAIL = (
    ("ssl_cipher", _WORD),
    ("ssl_protocol", _WORD),
    ("target_group_arn", _WORD),
    ("trace_id", _QUOTED),
    ("domain_name", _QUOTED),
    ("chosen_cert_arn", _QUOTED),
    ("matched_rule_priority", _WORD),
    ("request_creation_time", _WORD),
    ("actions_executed", _QUOTED),
    ("redirect_url", _QUOTED),
    ("error_reason", _QUOTED),
    ("target_list", _QUOTED),
    ("target_status_list", _QUOTED),
    ("classification", _QUOTED),
    ("classification_reason", _QUOTED),
    ("connection_trace_id", _WORD),
)
_PHASES = ("request", "target", "response")
_S3_NUMBERS = ("object_size", "total_ms", "turn_around_ms")
# owner, bucket, time, remote address, requester, request id, operation, key
_S3_HEAD = rf"([0-9a-f]{{64}}|-) ([^ ]{{1,255}}) \[([^\]]{{26}})\] {_ADDRESS} {_WORD} {_WORD} {_WORD} {_WORD} "
_S3_MIDDLE = rf"{_PLAIN_QUOTED} {_STATUS} {_WORD} {_COUNT} {_COUNT} {_COUNT} {_COUNT} {_PLAIN_QUOTED} {_PLAIN_QUOTED} "
_S3_TAIL = tuple(
    (name, '([^ "]++)')  # no quotation mark: one here would be part of an agent's name
    for name in (
        "version_id",
        "host_id",
        "signature_version",
        "cipher_suite",
        "authentication_type",
        "host_header",
        "tls_version",
        "access_point_arn",
        "acl_required",
        "source_region",
    )
)


def _optional(tail: tuple[tuple[str, str], ...]) -> str:
    """Fields of which a line has the first few; whatever follows the last is one more group."""
    pattern = "(?: (.*+))?"
    for _, field in reversed(tail):
        pattern = f"(?: {field}{pattern})?"
    return pattern


def _reader(head: str, rest: str, fields: list[Field]) -> LineReader:
    start = re.compile(head.encode())

    def otherwise(line: Line) -> Iterable[Item]:
        match = start.match(line.raw)
        if not match:
            reason = "the line does not begin with the fields of this log"
            return (Reject(line.span, reason, "unknown_structure"),)
        flag = "salvaged" if line.ended else "truncated"
        return (reader.event(line, match.groups(), (start.groups, line.raw[match.end() :], flag)),)

    regex = re.compile((head + rest).encode(), re.DOTALL)
    reader = LineReader.of(regex, fields, "http_request", otherwise=otherwise, open_end=True)
    return reader


@cache
def alb_reader() -> LineReader:
    """Load balancers: client and port, the answer of balancer and target, request, agent, and what came later."""
    names = [name for name, _ in _ALB_TAIL]
    columns = {"domain_name": 15 + names.index("domain_name")}
    fields = [
        extra_field(0, "type"),
        Field((1,), TIME_COLUMNS, _utc),
        extra_field(2, "load_balancer"),
        address_field(3, "source_ip", "address_as_written"),
        port_field(4, "source_port", "port_as_written"),
        extra_field(5, "target"),
        *(extra_field(6 + at, f"{name}_processing_time_s") for at, name in enumerate(_PHASES)),
        Field((9,), ("http_response_status_code", "event_outcome"), status_part),
        extra_field(10, "target_status", number=True),
        extra_field(11, "bytes_received", number=True),
        count_field(12, "http_response_bytes", "bytes_sent"),
        Field((13,), ("event_action", "http_request_method", "url_original", "http_version"), request_part),
        text_field(14, "user_agent_original"),
        text_field(columns["domain_name"], "url_domain"),
        *(extra_field(15 + at, name) for at, name in enumerate(names) if name not in columns),
        extra_field(15 + len(names), "trailing_fields"),
    ]
    return _reader(_ALB_HEAD, f"{_QUOTED} {_QUOTED}{_optional(_ALB_TAIL)}", fields)


@cache
def s3_reader() -> LineReader:
    """Buckets: who asked from where for which key, and the answer."""
    names = [name for name, _ in _S3_TAIL]
    fields = [
        extra_field(0, "bucket_owner"),
        extra_field(1, "bucket"),
        Field((2,), TIME_COLUMNS, _bracketed),
        address_field(3, "source_ip", "address_as_written"),
        Field((4,), ("account_id", "account_platform"), _requester),
        extra_field(5, "request_id"),
        text_field(6, "event_action"),
        extra_field(7, "key"),
        Field((8,), ("http_request_method", "url_original", "http_version"), _request),
        Field((9,), ("http_response_status_code", "event_outcome"), status_part),
        extra_field(10, "error_code"),
        count_field(11, "http_response_bytes", "bytes_sent"),
        *(extra_field(12 + at, name, number=True) for at, name in enumerate(_S3_NUMBERS)),
        text_field(15, "http_request_referrer"),
        text_field(16, "user_agent_original"),
        text_field(17 + names.index("host_header"), "url_domain"),
        *(extra_field(17 + at, name) for at, name in enumerate(names) if name != "host_header"),
        extra_field(17 + len(names), "trailing_fields"),
    ]
    return _reader(_S3_HEAD, f"{_S3_MIDDLE[:-1]}{_optional(_S3_TAIL)}", fields)


@lru_cache(maxsize=4096)
def _second(text: str) -> Moment:
    return parse_iso(text + "Z")


def _utc(raw: bytes | None) -> Part:
    """``2026-03-01T10:00:00.123456Z``."""
    text = (raw or b"").decode("ascii")
    return shifted_part(_second(text[:19]), text, text[20:-1][:6])


def _bracketed(raw: bytes | None) -> Part:
    return time_part(read_time(raw or b"") or unknown_time((raw or b"").decode("ascii", "backslashreplace")))


def _requester(raw: bytes | None) -> Part:
    """A canonical user id or the name of a role; ``-`` for those who did not sign in."""
    if raw is None or absent(raw):
        return Part((None, None))
    return Part((raw.decode("utf-8", "backslashreplace"), "aws"))


def _request(raw: bytes | None) -> Part:
    part = request_part(raw)
    return Part(part.values[1:], part.flags, part.extra)
