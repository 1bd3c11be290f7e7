"""The engine of the JSON logs: what surrounds records, and what may be taken from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parsers.cloud_logs._json_mapping import MappingError, load_mapping
from parsers.contract import Settings
from parsers.registry import all_formats, find_format, recognise, sample_of
from tests.conformance.fixtures import read_all

Json = dict[str, Any]
CADDY, NGINX = find_format("cloud_log/caddy"), find_format("cloud_log/nginx_json")
TRAEFIK, M365 = find_format("cloud_log/traefik"), find_format("cloud_log/m365_audit")
TRAIL = find_format("cloud_log/aws_cloudtrail")
MAPPINGS = Path(__file__).parents[3] / "parsers" / "cloud_logs" / "mappings"


def nginx(**changes: object) -> Json:
    base = {
        "time_iso8601": "2026-03-01T10:00:00Z",
        "remote_addr": "192.0.2.1",
        "request": "GET / HTTP/1.1",
        "status": "200",
    }
    return {**base, **changes}


def audit(**changes: object) -> Json:
    base = {
        "CreationTime": "2026-03-01T10:00:00",
        "Id": "a",
        "Operation": "UserLoggedIn",
        "RecordType": 15,
        "UserId": "kim@example.org",
    }
    return {**base, "Workload": "AzureActiveDirectory", "OrganizationId": "o", **changes}


def line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def one(fmt: Any, data: bytes, settings: Settings = Settings()) -> Json:
    events, rejects, _ = read_all(fmt, data, settings)
    assert rejects == []
    assert len(events) == 1
    return events[0]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        (1772359200, "2026-03-01T10:00:00.000000Z"),
        ("1772359200.25", "2026-03-01T10:00:00.250000Z"),
        (1772359200.25, "2026-03-01T10:00:00.250000Z"),
        (1772359200250, "2026-03-01T10:00:00.250000Z"),
        (1772359200250001, "2026-03-01T10:00:00.250001Z"),
        (1772359200250001999, "2026-03-01T10:00:00.250001Z"),
        ("01/Mar/2026:11:00:00 +0100", "2026-03-01T10:00:00.000000Z"),
        ("/Date(1772359200250)/", "2026-03-01T10:00:00.250000Z"),
        ("2026-03-01T10:00:00.123456789Z", "2026-03-01T10:00:00.123456Z"),
        ("31/Feb/2026:11:00:00 +0100", None),
        (True, None),
        (-1, None),
        (1e300, None),
        ("\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660", None),
    ],
)
def test_a_time_is_read_in_every_way_logs_write_it(written: object, utc: str | None) -> None:
    event = one(NGINX, line(nginx(time_iso8601=written)))
    assert event.get("timestamp") == utc


def test_a_zoneless_time_of_a_proxy_follows_the_case_and_that_of_an_audit_log_is_utc() -> None:
    berlin = Settings(timezone="Europe/Berlin")
    own = one(NGINX, line(nginx(time_iso8601="2026-03-01 11:00:00")), berlin)
    fixed = one(M365, line(audit()), berlin)
    assert (own["timestamp"], own["tz_basis"]) == ("2026-03-01T10:00:00.000000Z", "case_setting")
    assert (fixed["timestamp"], fixed["tz_basis"]) == ("2026-03-01T10:00:00.000000Z", "format_rule")


def test_client_text_that_looks_like_members_of_the_record_stays_text() -> None:
    agent = 'x","remote_addr":"203.0.113.9","y":"'
    event = one(NGINX, line(nginx(http_user_agent=agent)))
    assert (event["source_ip"], event["user_agent_original"]) == ("192.0.2.1", agent)


def test_text_in_front_of_json_is_accepted_only_in_the_shapes_container_platforms_write() -> None:
    record = line(nginx()).decode()
    accepted = ["web | ", "web-1  | ", "2026-03-01T10:00:00.1Z ", "2026-03-01T10:00:00.123456789Z stdout F ", "   "]
    refused = ["bad request: ", "GET /", 'user said "hi" ', "web |", "2026-03-01T10:00:00Z app "]
    assert [len(read_all(NGINX, (text + record).encode())[0]) for text in accepted] == [1, 1, 1, 1, 1]
    assert [len(read_all(NGINX, (text + record).encode())[0]) for text in refused] == [0, 0, 0, 0, 0]


def test_a_forwarded_header_never_becomes_the_peer_address() -> None:
    record = {
        "RequestMethod": "GET",
        "ClientAddr": "192.0.2.1:5000",
        "ClientHost": "203.0.113.9",
        "DownstreamStatus": 200,
    }
    event = one(TRAEFIK, line(record))
    assert (event["source_ip"], event["source_port"], event["claimed_ips"]) == ("192.0.2.1", 5000, ["203.0.113.9"])


def test_a_list_where_the_peer_should_stand_is_claimed_and_flagged() -> None:
    event = one(NGINX, line(nginx(remote_addr="203.0.113.9, 192.0.2.1")))
    assert "source_ip" not in event
    assert (event["claimed_ips"], event["parse_flags"]) == (["203.0.113.9", "192.0.2.1"], ["address_list"])


def test_a_record_seen_before_is_kept_and_says_where_it_was_first() -> None:
    events, _, _ = read_all(M365, line(audit(Id="a")) + line(audit(Id="b")) + line(audit(Id="a")))
    assert [json.loads(e["extra"]).get("duplicate_of") for e in events] == [None, None, "L1"]


def test_a_broken_row_of_a_csv_export_costs_that_row_only() -> None:
    good = json.dumps(audit()).replace('"', '""')
    data = f'CreationDate,AuditData\nx,"{good}"\nx,"{good[:40]}"\nx,"{good}"\n'.encode()
    events, rejects, total = read_all(M365, data)
    assert [e["locator"] for e in events] == ["row 2", "row 4"]
    assert [(r["kind"], data[r["span_start"] : r["span_end"]].count(b"\n")) for r in rejects] == [("malformed", 1)]
    assert total.bytes_parsed + total.bytes_rejected + total.bytes_skipped == len(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_export_is_read_in_the_delimiters_and_encodings_windows_tools_write(
    delimiter: str, encoding: str
) -> None:
    good = json.dumps(audit(UserId="jürgen@example.org"), ensure_ascii=False).replace('"', '""')
    text = f'"CreationDate"{delimiter}"AuditData"\r\n"x"{delimiter}"{good}"\r\n'
    data = text.encode(encoding)
    assert recognise(sample_of(memoryview(data))).format_id == "cloud_log/m365_audit"
    assert one(M365, data)["account_login"] == "jürgen@example.org"


def test_a_csv_export_with_a_type_line_of_powershell_is_read() -> None:
    good = json.dumps(audit()).replace('"', '""')
    data = f'#TYPE Selected.Record\r\n"CreationDate","AuditData"\r\n"x","{good}"\r\n'.encode()
    assert recognise(sample_of(memoryview(data))).format_id == "cloud_log/m365_audit"
    assert one(M365, data)["locator"] == "row 3"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_records_a_line_are_read_in_the_encodings_windows_tools_write(encoding: str) -> None:
    text = "".join(
        json.dumps(audit(Id=name, UserId="jürgen@example.org"), ensure_ascii=False) + "\r\n" for name in "ab"
    )
    data = text.encode(encoding)
    events, rejects, total = read_all(M365, data)
    assert recognise(sample_of(memoryview(data))).format_id == "cloud_log/m365_audit"
    assert [(e["locator"], e["account_login"]) for e in events] == [
        ("L1", "jürgen@example.org"),
        ("L2", "jürgen@example.org"),
    ]
    assert (rejects, events[-1]["span_end"], total.bytes_in) == ([], len(data), len(data))


def test_an_audit_record_longer_than_a_log_line_is_read() -> None:
    event = one(M365, line(audit(AffectedItems=["x" * 200_000])))
    assert len(json.loads(event["extra"])["AffectedItems"][0]) == 200_000


def test_a_record_nested_without_end_is_a_reject() -> None:
    deep = b'{"remote_addr":"192.0.2.1","a":' + b"[" * 5000 + b"]" * 5000 + b"}\n"
    events, rejects, _ = read_all(NGINX, deep + line(nginx()))
    assert ([e["locator"] for e in events], [r["kind"] for r in rejects]) == (["L2"], ["limit"])


def test_a_single_record_written_over_several_lines_is_a_document() -> None:
    record = {
        "eventTime": "2026-03-01T10:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "eventVersion": "1.11",
        "awsRegion": "x",
    }
    data = json.dumps(record, indent=2).encode()
    assert recognise(sample_of(memoryview(data))).format_id == "cloud_log/aws_cloudtrail"
    assert one(TRAIL, data)["locator"] == "document"


def test_a_document_longer_than_the_sample_is_recognised_and_read() -> None:
    record = {
        "eventVersion": "1.11",
        "eventTime": "2026-03-01T10:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "awsRegion": "x",
    }
    data = json.dumps({"Records": [record] * 2000}).encode()
    assert recognise(sample_of(memoryview(data))).format_id == "cloud_log/aws_cloudtrail"
    events, rejects, _ = read_all(TRAIL, data)
    assert (len(events), rejects, events[-1]["locator"]) == (2000, [], "/Records/1999")


def test_lone_surrogates_and_huge_numbers_are_stored_as_they_can_be() -> None:
    data = line(nginx()).replace(b'"200"', b'"\\ud83d"').replace(b'"GET', b'"\\ud83d GET')
    event = one(NGINX, data[:-2] + b',"n":1' + b"0" * 400 + b',"f":1e999}\n')
    extra = json.loads(event["extra"])
    assert extra["http_response_status_code"] == "\\ud83d"
    assert event["url_original"].startswith("\\ud83d")
    assert extra["f"] == "1e999"


def test_error_messages_of_a_server_are_log_messages_not_requests() -> None:
    record = {
        "level": "error",
        "ts": 1772359200,
        "logger": "http.log.error",
        "msg": "dial tcp",
        "request": {"method": "GET", "remote_ip": "192.0.2.1"},
    }
    event = one(CADDY, line(record))
    assert (event["event_type"], event["text"], event["source_ip"]) == ("log_message", "dial tcp", "192.0.2.1")


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.toml")), ids=lambda p: p.stem)
def test_a_mapping_is_named_after_the_kind_of_its_format(path: Path) -> None:
    mapping = load_mapping(path.read_bytes(), path.name)
    assert mapping.file.id == f"cloud_log/{path.stem}"
    assert mapping.file.id in {fmt.id for fmt in all_formats()}


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('event_type = "http_request"', 'event_type = "hits"', "event type: hits"),
        ("[columns]", "[columns]\nsource_address = '/x'", "column: source_address"),
        ("[columns]", "[colums]", "colums"),
        ('"/remote_port"', '"remote_port"', "slash"),
        ("[trust]", '[identifiers]\nmail = "/x"\n[trust]', "identifier type: mail"),
        ("version = 1", "version = one", "TOML"),
    ],
)
def test_a_mistake_in_a_mapping_is_named(old: str, new: str, named: str) -> None:
    text = (MAPPINGS / "nginx_json.toml").read_text("utf-8").replace(old, new, 1)
    with pytest.raises(MappingError) as error:
        load_mapping(text.encode(), "TOML nginx_json.toml")
    assert named in str(error.value)
