"""Writes the fixtures of the JSON logs and their goldens. Everything is invented.

Run: ``python sample_data/formats/cloud_log/make.py``.
"""

# ruff: noqa: E501, D102, Q003 - long literal records

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Json = dict[str, Any]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Log:
    """Bytes of one fixture, and what each part of them must be read as."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self.encoding, self.data, self.line = encoding, b"", 1
        self.events: list[Json] = []
        self.rejects: list[Json] = []
        self.count = {"bytes_parsed": 0, "bytes_rejected": 0, "bytes_skipped": 0}

    def put(self, text: str | bytes, share: str) -> Json:
        start = len(self.data)
        self.data += text if isinstance(text, bytes) else text.encode(self.encoding)
        self.count[share] += len(self.data) - start
        return {"span_start": start, "span_end": len(self.data)}

    def skip(self, text: str) -> None:
        self.put(text, "bytes_skipped")
        self.line += text.count("\n")

    def reject(self, text: str | bytes, kind: str) -> None:
        self.rejects.append({**self.put(text, "bytes_rejected"), "kind": kind})
        self.line += 1

    def event(self, text: str, *readings: Json, locator: str | None = None) -> None:
        """One record; `readings` are its events (columns, `extra` as an object)."""
        span = self.put(text, "bytes_parsed")
        for reading in readings:
            found = {**span, "locator": locator or f"L{self.line}", **reading}
            if "extra" in found:
                found["extra"] = canonical(found["extra"])
            self.events.append(found)
        self.line += text.count("\n")

    def write(self, name: str, settings: str = "") -> None:
        path = HERE / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(self.data)
        figures = {"bytes_in": len(self.data), **self.count, "events": len(self.events), "rejects": len(self.rejects)}
        rows = [{"accounting": figures}, *({"event": e} for e in self.events), *({"reject": r} for r in self.rejects)]
        path.with_name(path.name + ".golden.jsonl").write_text("".join(canonical(row) + "\n" for row in rows), "utf-8")
        if settings:
            path.with_name(path.name + ".settings.toml").write_text(settings)


def email(address: str) -> list[Json]:
    return [{"type": "email", "value": address, "raw": address}]


# --- AWS CloudTrail ---------------------------------------------------------------------------------------------


def trail_record(number: int, **changes: object) -> Json:
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser", "principalId": "AIDAEXAMPLE0000000001", "arn": "arn:aws:iam::111122223333:user/jordan",
            "accountId": "111122223333", "accessKeyId": "AKIAEXAMPLE000000001", "userName": "jordan@example.org",
        },
        "eventTime": f"2026-03-01T10:00:0{number}Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "192.0.2.10",
        "userAgent": "aws-cli/2.27.1",
        "requestParameters": {"bucketName": "example-photos", "key": "a.jpg"},
        "responseElements": None,
        "eventID": f"00000000-0000-4000-8000-00000000000{number}",
        "readOnly": True,
        "recipientAccountId": "111122223333",
        **changes,
    }  # fmt: skip


def trail_event(number: int, extra: Json | None = None, **changes: object) -> Json:
    return {
        "event_type": "audit_action", "event_action": "GetObject", "event_outcome": "success", "account_platform": "aws",
        "account_id": "AIDAEXAMPLE0000000001", "account_login": "jordan@example.org", "identifiers": email("jordan@example.org"),
        "host_name": "s3.amazonaws.com", "source_ip": "192.0.2.10", "user_agent_original": "aws-cli/2.27.1",
        "timestamp": f"2026-03-01T10:00:0{number}.000000Z", "timestamp_raw": f"2026-03-01T10:00:0{number}Z",
        "tz_basis": "in_value", "timestamp_desc": "Recorded Time",
        "extra": {
            "eventVersion": "1.11", "awsRegion": "eu-west-1", "readOnly": True, "recipientAccountId": "111122223333",
            "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/jordan", "accountId": "111122223333"},
            "requestParameters": {"bucketName": "example-photos", "key": "a.jpg"},
            "record_id": f"00000000-0000-4000-8000-00000000000{number}", "access_key_id": "AKIAEXAMPLE000000001",
        } | (extra or {}),
        **changes,
    }  # fmt: skip


def without(record: Json, *names: str) -> Json:
    return {name: value for name, value in record.items() if name not in names}


def cloudtrail() -> None:
    log = Log()
    log.skip('{"Records":[')
    log.event(compact(trail_record(1)), trail_event(1), locator="/Records/0")
    log.skip(",")
    login = trail_record(2, eventName="ConsoleLogin", eventSource="signin.amazonaws.com", sourceIPAddress="2001:db8::5", userAgent=FIREFOX,
                         requestParameters=None, responseElements={"ConsoleLogin": "Failure"}, errorMessage="Failed authentication")  # fmt: skip
    failed = trail_event(2, {"responseElements": {"ConsoleLogin": "Failure"}, "errorMessage": "Failed authentication"}, event_type="authentication",
                         event_action="ConsoleLogin", event_outcome="failure", host_name="signin.amazonaws.com", source_ip="2001:db8::5", user_agent_original=FIREFOX)  # fmt: skip
    failed["extra"] = without(failed["extra"], "requestParameters")
    log.event(compact(login), failed, locator="/Records/1")
    log.skip(",")
    role = trail_record(3, sourceIPAddress="cloudformation.amazonaws.com", userAgent="cloudformation.amazonaws.com", errorCode="AccessDenied",
                        userIdentity={"type": "AWSService", "invokedBy": "cloudformation.amazonaws.com"})  # fmt: skip
    denied = without(trail_event(3, {"peer_name": "cloudformation.amazonaws.com", "error_code": "AccessDenied",
                                     "userIdentity": {"type": "AWSService", "invokedBy": "cloudformation.amazonaws.com"}}, event_outcome="failure",
                                 user_agent_original="cloudformation.amazonaws.com", parse_flags=["address_is_name"]),
                     "source_ip", "account_id", "account_login", "identifiers")  # fmt: skip
    denied["extra"] = without(denied["extra"], "access_key_id")
    log.event(compact(role), denied, locator="/Records/2")
    log.skip(",")
    log.reject('{"eventVersion":"1.11","eventName":"NoTime"}', "unknown_structure")
    log.skip(",")
    log.reject('{"eventVersion":"1.11",,"eventName":"Broken"}', "malformed")
    log.skip(",")
    log.event(compact(trail_record(4)), trail_event(4), locator="/Records/5")
    log.skip("]}\n")
    log.write("aws_cloudtrail/trail.json")

    lines = Log()
    lines.event(compact(trail_record(1)) + "\n", trail_event(1))
    lines.skip("\n")
    lines.skip('{"Records":[')
    lines.event(compact(trail_record(2)), trail_event(2), locator="L3/Records/0")
    lines.skip(",")
    lines.event(compact(trail_record(3)), trail_event(3), locator="L3/Records/1")
    lines.skip("]}\n")
    lines.event(compact(trail_record(5)) + "\r\n", trail_event(5))
    lines.reject(compact(trail_record(6))[:200], "truncated")
    lines.write("aws_cloudtrail/trail.jsonl")

    answer = Log()
    answer.skip('{\n  "Events": [\n    ')
    for number in (1, 2):
        text = json.dumps({"EventId": "e", "EventName": "GetObject", "CloudTrailEvent": compact(trail_record(number))}, indent=2)
        answer.event(text, trail_event(number), locator=f"/Events/{number - 1}")
        answer.skip(",\n    ")
    answer.reject('{"EventId": "e", "CloudTrailEvent": "{\\"eventVersion\\""}', "malformed")
    answer.skip('\n  ],\n  "NextToken": "abc"\n}\n')
    answer.write("aws_cloudtrail/lookup_events.json")


# --- Microsoft 365 ----------------------------------------------------------------------------------------------


def audit_record(number: int, **changes: object) -> Json:
    return {
        "CreationTime": f"2026-03-01T10:00:0{number}", "Id": f"10000000-0000-4000-8000-00000000000{number}", "Operation": "UserLoggedIn",
        "OrganizationId": "20000000-0000-4000-8000-000000000000", "RecordType": 15, "ResultStatus": "Succeeded", "UserKey": "10032001ABCD0001",
        "UserType": 0, "Version": 1, "Workload": "AzureActiveDirectory", "ClientIP": "198.51.100.20", "ObjectId": "Unknown",
        "UserId": "kim@example.org", "ActorIpAddress": "198.51.100.20",
        "ExtendedProperties": [{"Name": "UserAgent", "Value": FIREFOX}, {"Name": "RequestType", "Value": "Login:login"}],
        "DeviceProperties": [{"Name": "OS", "Value": "Linux"}, {"Name": "SessionId", "Value": "30000000-0000-4000-8000-000000000000"}],
        **changes,
    }  # fmt: skip


def audit_event(number: int, extra: Json | None = None, drop: tuple[str, ...] = (), **changes: object) -> Json:
    held = {
        "OrganizationId": "20000000-0000-4000-8000-000000000000", "UserType": 0, "Version": 1, "ClientIP": "198.51.100.20", "ObjectId": "Unknown",
        "ExtendedProperties": {"RequestType": "Login:login"}, "DeviceProperties": {"OS": "Linux"}, "event_outcome": "Succeeded",
        "record_id": f"10000000-0000-4000-8000-00000000000{number}", "record_type": 15,
    } | (extra or {})  # fmt: skip
    return {
        "event_type": "authentication", "event_action": "UserLoggedIn", "event_outcome": "success", "account_platform": "microsoft365",
        "account_login": "kim@example.org", "account_id": "10032001ABCD0001", "identifiers": email("kim@example.org"),
        "source_ip": "198.51.100.20", "user_agent_original": FIREFOX, "session_id": "30000000-0000-4000-8000-000000000000",
        "process_name": "AzureActiveDirectory", "timestamp": f"2026-03-01T10:00:0{number}.000000Z",
        "timestamp_raw": f"2026-03-01T10:00:0{number}", "tz_basis": "format_rule", "extra": without(held, *drop), **changes,
    }  # fmt: skip


ADDRESSES: tuple[tuple[object, Json, Json], ...] = (
    ("198.51.100.21:50123", {"source_ip": "198.51.100.21", "source_port": 50123}, {}),
    ("[2001:db8::21]:50124", {"source_ip": "2001:db8::21", "source_port": 50124}, {}),
    ("2001:db8::22", {"source_ip": "2001:db8::22"}, {}),
    ("::ffff:198.51.100.23", {"source_ip": "198.51.100.23", "parse_flags": ["v4_mapped"]}, {"address_as_written": "::ffff:198.51.100.23"}),
    ("[::ffff:198.51.100.24]:0", {"source_ip": "198.51.100.24", "parse_flags": ["v4_mapped"]}, {"address_as_written": "[::ffff:198.51.100.24]:0"}),
    ("fe80::1%12", {"source_ip": "fe80::1"}, {"address_zone": "12"}),
    ("", {}, {}),
    (None, {}, {}),
    ("<null>", {"parse_flags": ["invalid_address"]}, {"address_as_written": "<null>"}),
)  # fmt: skip


def m365() -> None:
    shapes = Log()
    for number, (written, columns, extra) in enumerate(ADDRESSES, 1):
        record = without(audit_record(number, ClientIP=written), "ActorIpAddress")
        event = audit_event(number, extra, ("ClientIP",))
        shapes.event(compact(record) + "\n", {k: v for k, v in event.items() if k != "source_ip"} | columns)
    shapes.write("m365_audit/client_addresses.jsonl")

    table = Log()
    table.skip("RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits\r\n")
    row = 1

    def line(data: str) -> str:
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerow(["id", "2026-03-01T10:00:01.0000000Z", 15, "UserLoggedIn", "kim@example.org", data, ""])
        return out.getvalue()

    for number in (1, 2):
        row += 1
        table.event(line(compact(audit_record(number))), audit_event(number), locator=f"row {row}")
    row += 1
    table.event(line(compact(audit_record(1))), audit_event(1, {"duplicate_of": "row 2"}), locator=f"row {row}")
    row += 1
    table.reject(line(compact(audit_record(3))[:120]), "malformed")
    row += 1
    failed = audit_record(4, Operation="UserLoginFailed", ResultStatus="Success", LogonError="InvalidUserNameOrPassword", UserId="Not Available")
    seen = audit_event(4, {"LogonError": "InvalidUserNameOrPassword", "event_outcome": "Success"}, event_action="UserLoginFailed", event_outcome="failure", account_login="Not Available")
    table.event(line(compact(failed)), without(seen, "identifiers"), locator=f"row {row}")
    row += 1
    mailbox = {
        "CreationTime": "2026-03-01T10:00:05", "Id": "10000000-0000-4000-8000-000000000005", "Operation": "MailItemsAccessed", "OrganizationId": "o",
        "RecordType": 50, "ResultStatus": "PartiallySucceeded", "UserKey": "10032001ABCD0001", "UserType": 0, "Version": 1, "Workload": "Exchange",
        "UserId": "kim@example.org", "ClientIPAddress": "203.0.113.30", "ClientInfoString": "Client=OWA;Action=ViaProxy", "MailboxOwnerUPN": "sam@example.org",
        "OperationProperties": [{"Name": "MailAccessType", "Value": "Bind"}, {"Name": "Note", "Value": "a"}, {"Name": "Note", "Value": "b"}], "SessionId": "s-1",
    }  # fmt: skip
    table.event(line(compact(mailbox)), {
        "event_type": "audit_action", "event_action": "MailItemsAccessed", "event_outcome": "unknown", "account_platform": "microsoft365",
        "account_login": "kim@example.org", "account_id": "10032001ABCD0001", "identifiers": email("kim@example.org"), "target_account_login": "sam@example.org",
        "source_ip": "203.0.113.30", "user_agent_original": "Client=OWA;Action=ViaProxy", "session_id": "s-1", "process_name": "Exchange",
        "timestamp": "2026-03-01T10:00:05.000000Z", "timestamp_raw": "2026-03-01T10:00:05",
        "extra": {"OrganizationId": "o", "UserType": 0, "Version": 1, "record_id": "10000000-0000-4000-8000-000000000005", "record_type": 50,
                  "event_outcome": "PartiallySucceeded", "OperationProperties": {"MailAccessType": "Bind", "Note": ["a", "b"]}},
    }, locator=f"row {row}")  # fmt: skip
    table.write("m365_audit/purview.csv")

    shell = Log("utf-16-le")
    shell.skip("\ufeff[\r\n    ")
    for number in (1, 2):
        wrapped = {"RecordType": "AzureActiveDirectoryStsLogon", "CreationDate": "/Date(1772359201000)/", "AuditData": compact(audit_record(number))}
        shell.event(json.dumps(wrapped, indent=4).replace("\n", "\r\n"), audit_event(number), locator=f"/{number - 1}")
        shell.skip(",\r\n    " if number == 1 else "\r\n]\r\n")
    shell.write("m365_audit/powershell_utf16.json")


# --- Google Workspace -------------------------------------------------------------------------------------------


def google() -> None:
    def record(number: int, events: list[Json], **changes: object) -> Json:
        return {
            "kind": "admin#reports#activity",
            "id": {"time": f"2026-03-01T10:00:0{number}.123Z", "uniqueQualifier": f"-90{number}", "applicationName": "login", "customerId": "C0example"},
            "etag": '"x"', "actor": {"email": "ale@example.org", "profileId": "1000000000000000001", "callerType": "USER"},
            "ipAddress": "2001:db8::77", "events": events, **changes,
        }  # fmt: skip

    def event(number: int, name: str, kind: str, outcome: str | None, extra: Json, **changes: object) -> Json:
        found = {
            "event_type": kind, "event_action": name, "account_platform": "google", "account_login": "ale@example.org",
            "account_id": "1000000000000000001", "identifiers": email("ale@example.org"), "source_ip": "2001:db8::77", "process_name": "login",
            "timestamp": f"2026-03-01T10:00:0{number}.123000Z", "timestamp_raw": f"2026-03-01T10:00:0{number}.123Z",
            "extra": {"kind": "admin#reports#activity", "etag": '"x"', "id": {"customerId": "C0example"}, "actor": {"callerType": "USER"},
                      "record_id": f"-90{number}", **extra},
        }  # fmt: skip
        return found | ({"event_outcome": outcome} if outcome else {}) | changes

    first = record(1, [{"type": "login", "name": "login_success", "parameters": [
        {"name": "login_type", "value": "google_password"}, {"name": "login_challenge_method", "multiValue": ["password"]}, {"name": "is_suspicious", "boolValue": False}]}])  # fmt: skip
    second = record(2, [
        {"type": "login", "name": "login_challenge", "parameters": [{"name": "login_challenge_status", "value": "Challenge Failed."}]},
        {"type": "login", "name": "login_failure", "parameters": [{"name": "login_failure_type", "value": "login_failure_invalid_password"}]},
    ])  # fmt: skip
    third = without(record(3, [{"type": "recovery_info_change", "name": "recovery_email_edit"}]), "ipAddress")
    log = Log()
    log.skip('{"kind": "admin#reports#activities", "etag": "\\"y\\"", "items": [\n ')
    log.event(compact(first), event(1, "login_success", "authentication", "success", {"event": {"type": "login", "parameters": {
        "login_type": "google_password", "login_challenge_method": ["password"], "is_suspicious": False}}}), locator="/items/0/events/0")  # fmt: skip
    log.skip(",\n ")
    log.event(
        compact(second),
        event(2, "login_challenge", "authentication", "failure", {"event": {"type": "login", "parameters": {"login_challenge_status": "Challenge Failed."}}}, locator="/items/1/events/0"),
        event(2, "login_failure", "authentication", "failure", {"event": {"type": "login", "parameters": {"login_failure_type": "login_failure_invalid_password"}}}, locator="/items/1/events/1"),
    )
    log.skip(",\n ")
    log.event(compact(third), without(event(3, "recovery_email_edit", "account_change", None, {"event": {"type": "recovery_info_change"}}), "source_ip"), locator="/items/2/events/0")
    log.skip("\n]}\n")
    log.skip("")
    log.write("google_workspace/activities.json")


# --- access logs ------------------------------------------------------------------------------------------------


def request(number: int, raw: str, micro: str = "000000", **changes: object) -> Json:
    return {
        "event_type": "http_request", "event_action": "get", "event_outcome": "success", "http_request_method": "GET", "http_version": "1.1",
        "http_response_status_code": 200, "http_response_bytes": 512, "source_ip": "203.0.113.7", "user_agent_original": FIREFOX,
        "url_domain": "forum.example.org", "url_original": "/thread/1?page=2", "timestamp": f"2026-03-01T10:00:0{number}.{micro}Z", "timestamp_raw": raw, **changes,
    }  # fmt: skip


def cloudflare() -> None:
    log = Log()

    def line(start: object, **changes: object) -> str:
        return compact({
            "ClientIP": "203.0.113.7", "ClientSrcPort": 51234, "ClientRequestHost": "forum.example.org", "ClientRequestMethod": "GET",
            "ClientRequestURI": "/thread/1?page=2", "ClientRequestProtocol": "HTTP/1.1", "ClientRequestUserAgent": FIREFOX, "ClientRequestReferer": "",
            "EdgeResponseStatus": 200, "EdgeResponseBytes": 512, "EdgeStartTimestamp": start, "RayID": "8f0000000000abcd", "ClientCountry": "ie", "ClientASN": 64500, **changes,
        }) + "\n"  # fmt: skip

    extra = {"ray_id": "8f0000000000abcd", "country": "ie", "asn": 64500}
    log.event(line("2026-03-01T10:00:01Z"), request(1, "2026-03-01T10:00:01Z", source_port=51234, extra=extra))
    log.event(line(1772359202), request(2, "1772359202", source_port=51234, tz_basis="epoch", extra=extra))
    log.event(line(1772359203123456789), request(3, "1772359203123456789", "123456", source_port=51234, tz_basis="epoch", extra=extra))
    log.event(line("1772359204000", ClientSrcPort="51234", EdgeResponseStatus="404"), request(4, "1772359204000", source_port=51234, http_response_status_code=404, event_outcome="failure", extra=extra))
    log.event(line("2026-03-01T10:00:05Z", ClientIP="::ffff:203.0.113.7", RequestHeaders={"x-forwarded-for": "198.51.100.1, [2001:db8::1]:44"}),
              request(5, "2026-03-01T10:00:05Z", source_port=51234, claimed_ips=["198.51.100.1", "2001:db8::1"], parse_flags=["v4_mapped"],
                      extra=extra | {"address_as_written": "::ffff:203.0.113.7", "request_headers": {"x-forwarded-for": "198.51.100.1, [2001:db8::1]:44"}}))  # fmt: skip
    log.event(compact({"RayID": "8f0000000000abce", "ClientIP": "203.0.113.8", "EdgeStartTimestamp": "2026-03-01T10:00:06Z"}) + "\n",
              {"event_type": "http_request", "event_outcome": "unknown", "source_ip": "203.0.113.8", "timestamp": "2026-03-01T10:00:06.000000Z",
               "timestamp_raw": "2026-03-01T10:00:06Z", "extra": {"ray_id": "8f0000000000abce"}})  # fmt: skip
    log.reject('{"ClientIP":"203.0.113.8" "RayID":1}\n', "malformed")
    log.reject('{"other":1}\n', "unknown_structure")
    log.event(line("2026-03-01T10:00:09Z"), request(9, "2026-03-01T10:00:09Z", source_port=51234, extra=extra))
    log.write("cloudflare_http/requests.jsonl")


def caddy() -> None:
    def line(ts: object, headers: Json | None = None, **changes: object) -> str:
        asked = {
            "remote_ip": "203.0.113.7", "remote_port": "41342", "client_ip": "203.0.113.7", "proto": "HTTP/1.1", "method": "GET",
            "host": "forum.example.org", "uri": "/thread/1?page=2", "headers": {"User-Agent": [FIREFOX], "Accept-Language": ["en-IE,en;q=0.5"], **(headers or {})},
            "tls": {"resumed": False, "version": 772, "cipher_suite": 4865, "proto": "http/1.1", "server_name": "forum.example.org"},
        }  # fmt: skip
        return compact({"level": "info", "ts": ts, "logger": "http.log.access.log0", "msg": "handled request", "request": asked, "bytes_read": 0,
                        "user_id": "", "duration": 0.25, "size": 512, "status": 200, "resp_headers": {"Server": ["Caddy"]}, **changes}) + "\n"  # fmt: skip

    extra = {
        "level": "info", "logger": "http.log.access.log0", "client_ip": "203.0.113.7", "accept_language": "en-IE,en;q=0.5",
        "tls_server_name": "forum.example.org", "tls_version": 772, "tls_cipher_suite": 4865, "duration_s": 0.25,
    }  # fmt: skip
    log = Log()
    log.event(line(1772359201.5), request(1, "1772359201.5", "500000", source_port=41342, tz_basis="epoch", extra=extra))
    log.event(line("2026-03-01T10:00:02.250Z", user_id="jordan", status=401), request(2, "2026-03-01T10:00:02.250Z", "250000", source_port=41342, account_login="jordan",
              http_response_status_code=401, event_outcome="failure", extra=extra))  # fmt: skip
    log.event(line("2026/03/01 11:00:03", {"X-Forwarded-For": ["198.51.100.1, unknown", "2001:db8::9"]}),
              request(3, "2026/03/01 11:00:03", source_port=41342, tz_basis="case_setting", claimed_ips=["198.51.100.1", "2001:db8::9"], parse_flags=["invalid_address"],
                      extra=extra | {"claimed_as_written": ["198.51.100.1, unknown", "2001:db8::9"]}))  # fmt: skip
    old = {"level": "info", "ts": 1772359204, "logger": "http.log.access", "msg": "handled request", "request": {"remote_addr": "[2001:db8::7]:41342", "proto": "HTTP/2.0",
           "method": "POST", "host": "forum.example.org:8443", "uri": "/login", "headers": {}}, "status": 302, "size": 0}  # fmt: skip
    log.event(compact(old) + "\n", {
        "event_type": "http_request", "event_action": "post", "event_outcome": "success", "http_request_method": "POST", "http_version": "2.0", "source_ip": "2001:db8::7",
        "source_port": 41342, "url_domain": "forum.example.org", "url_original": "/login", "http_response_status_code": 302, "http_response_bytes": 0,
        "timestamp": "2026-03-01T10:00:04.000000Z", "timestamp_raw": "1772359204", "extra": {"level": "info", "logger": "http.log.access", "url_port": 8443},
    })  # fmt: skip
    log.event(compact({"level": "error", "ts": 1772359205.25, "logger": "tls.obtain", "msg": "will retry", "error": "no route"}) + "\n", {
        "event_type": "log_message", "text": "will retry", "timestamp": "2026-03-01T10:00:05.250000Z", "timestamp_raw": "1772359205.25",
        "extra": {"level": "error", "logger": "tls.obtain", "error": "no route"}})  # fmt: skip
    log.skip("\n")
    bad = line(1772359206.5).encode().replace(b"thread", b"thr\xe9ad")
    span = log.put(bad, "bytes_parsed")
    log.events.append({**span, "locator": "L7", **request(6, "1772359206.5", "500000", source_port=41342, url_original="/thr\\xe9ad/1?page=2", parse_flags=["lossy_text"]), "extra": canonical(extra)})
    log.line += 1
    log.reject(line(1772359207.5)[:90], "truncated")
    log.write("caddy/access.log", 'timezone = "Europe/Berlin"\n')

    boxed = Log()
    boxed.event("caddy-1  | " + line(1772359201.5), request(1, "1772359201.5", "500000", source_port=41342, extra=extra))
    boxed.event("2026-03-01T10:00:02.900000001Z stdout F " + line(1772359202.5), request(2, "1772359202.5", "500000", source_port=41342, extra=extra))
    boxed.reject('caddy-1  | error: bad request {"level":"info","ts":1,"msg":"handled request"}\n', "malformed")
    boxed.event("2026-03-01T10:00:03.9Z " + line(1772359203.5), request(3, "1772359203.5", "500000", source_port=41342, extra=extra))
    outer = {"log": line(1772359204.5), "stream": "stderr", "time": "2026-03-01T10:00:04.9Z"}
    boxed.event(compact(outer) + "\n", request(4, "1772359204.5", "500000", source_port=41342, extra=extra))
    boxed.write("caddy/container.log")


def traefik() -> None:
    def line(start: str, **changes: object) -> str:
        return compact({
            "ClientAddr": "203.0.113.7:51234", "ClientHost": "203.0.113.7", "ClientPort": "51234", "ClientUsername": "-", "DownstreamContentSize": 512,
            "DownstreamStatus": 200, "Duration": 1500000, "OriginStatus": 200, "RequestAddr": "forum.example.org", "RequestHost": "forum.example.org", "RequestMethod": "GET",
            "RequestPath": "/thread/1?page=2", "RequestPort": "-", "RequestProtocol": "HTTP/1.1", "RetryAttempts": 0, "RouterName": "forum@docker", "ServiceName": "forum@docker",
            "StartLocal": start, "StartUTC": start, "entryPointName": "web", "level": "info", "msg": "", "request_User-Agent": FIREFOX, "time": start, **changes,
        }) + "\n"  # fmt: skip

    extra = {"router": "forum@docker", "service": "forum@docker", "entry_point": "web", "duration_ns": 1500000, "retry_attempts": 0}
    log = Log()
    log.event(line("2026-03-01T10:00:01.123456789Z"), request(1, "2026-03-01T10:00:01.123456789Z", "123456", source_port=51234, extra=extra))
    claimed = {"ClientHost": "198.51.100.9", "request_X-Forwarded-For": "198.51.100.9", "ClientUsername": "kim"}
    log.event(line("2026-03-01T10:00:02Z", **claimed), request(2, "2026-03-01T10:00:02Z", source_port=51234, claimed_ips=["198.51.100.9"], account_login="kim", extra=extra))
    log.event(line("2026-03-01T10:00:03Z", ClientAddr="@", DownstreamStatus=502), without(
        request(3, "2026-03-01T10:00:03Z", source_port=51234, http_response_status_code=502, event_outcome="failure", claimed_ips=["203.0.113.7"], parse_flags=["invalid_address"],
                extra=extra | {"address_as_written": "@"}), "source_ip"))  # fmt: skip
    log.reject("time=\"2026-03-01T10:00:04Z\" level=info msg=\"Configuration loaded\"\n", "malformed")
    log.reject('{"level":"info","msg":"Starting","time":"2026-03-01T10:00:04Z"}\n', "unknown_structure")
    log.event(line("2026-03-01T10:00:05Z"), request(5, "2026-03-01T10:00:05Z", source_port=51234, extra=extra))
    log.event(line("2026-03-01T10:00:06Z"), request(6, "2026-03-01T10:00:06Z", source_port=51234, extra=extra))
    log.event(line("2026-03-01T10:00:07Z"), request(7, "2026-03-01T10:00:07Z", source_port=51234, extra=extra))
    log.write("traefik/access.log")


def nginx() -> None:
    def line(**changes: object) -> str:
        return compact({
            "time_iso8601": "2026-03-01T11:00:01+01:00", "remote_addr": "203.0.113.7", "remote_user": "", "request": "GET /thread/1?page=2 HTTP/1.1", "status": "200",
            "body_bytes_sent": "512", "http_referer": "", "http_user_agent": FIREFOX, "http_x_forwarded_for": "", "host": "forum.example.org", "request_time": "0.004", **changes,
        }) + "\n"  # fmt: skip

    extra = {"request_time": "0.004"}
    log = Log()
    log.event(line(), request(1, "2026-03-01T11:00:01+01:00", extra=extra))
    other = {"time_iso8601": None, "msec": "1772359202.345", "remote_user": "jordan", "remote_port": "51234", "http_x_forwarded_for": "198.51.100.3, 10.0.0.1", "upstream": "app:8080"}
    log.event(line(**other), request(2, "1772359202.345", "345000", source_port=51234, account_login="jordan", claimed_ips=["198.51.100.3", "10.0.0.1"], extra=extra | {"upstream": "app:8080"}))
    stamped = {"time_iso8601": "", "time_local": "01/Mar/2026:11:00:03 +0100", "request": "", "request_method": "GET", "request_uri": "/thread/1?page=2", "server_protocol": "HTTP/2.0"}
    log.event(line(**stamped), request(3, "01/Mar/2026:11:00:03 +0100", http_version="2.0", extra=extra))
    log.event(line(time_iso8601="2026-03-01T10:00:04Z", request="\x16\x03\x01\x00", status="400", body_bytes_sent="150", http_user_agent="", host="_"), without(
        request(4, "2026-03-01T10:00:04Z", url_original="\x16\x03\x01\x00", url_domain="_", http_response_status_code=400, http_response_bytes=150, event_outcome="failure",
                parse_flags=["unsplit_request"], extra=extra), "http_request_method", "http_version", "event_action", "user_agent_original"))  # fmt: skip
    forged = FIREFOX + '","remote_addr":"198.51.100.66","x":"'
    log.event(line(time_iso8601="2026-03-01T10:00:05Z", http_user_agent=forged), request(5, "2026-03-01T10:00:05Z", user_agent_original=forged, extra=extra))
    log.event(line(time_iso8601="2026-03-01T10:00:06Z", remote_addr="203.0.113.7", realip_remote_addr="192.0.2.80"),
              request(6, "2026-03-01T10:00:06Z", source_ip="192.0.2.80", claimed_ips=["203.0.113.7"], extra=extra))  # fmt: skip
    log.event(line(time_iso8601="2026-03-01T10:00:07Z", status="99999999999999", body_bytes_sent="12 B"), without(
        request(7, "2026-03-01T10:00:07Z", event_outcome="unknown", extra=extra | {"http_response_status_code": 99999999999999, "http_response_bytes": "12 B"}),
        "http_response_status_code", "http_response_bytes"))  # fmt: skip
    log.write("nginx_json/access.log")


def main() -> None:
    cloudtrail()
    m365()
    google()
    cloudflare()
    caddy()
    traefik()
    nginx()


if __name__ == "__main__":
    main()
