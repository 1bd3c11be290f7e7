"""Writes the fixtures of the Windows event logs and their goldens. Everything is invented.

Run: ``python sample_data/formats/windows_log/make.py``.
"""

# ruff: noqa: E501, ANN401, D102, Q003 - long literal records

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

sys.path.insert(0, str(Path(__file__).parent))
import evtx_writer as w

HERE = Path(__file__).parent
Json = dict[str, Any]
SECURITY = "Microsoft-Windows-Security-Auditing"
SESSIONS = "Microsoft-Windows-TerminalServices-LocalSessionManager"
CONNECTIONS = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"
CHANNELS = {SECURITY: "Security", SESSIONS: f"{SESSIONS}/Operational", CONNECTIONS: f"{CONNECTIONS}/Operational", "Service Control Manager": "System"}
SUCCESS, FAILURE, CLASSIC = 0x8020000000000000, 0x8010000000000000, 0x1000000000000000
NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
USER = "S-1-5-21-1004336348-1177238915-682003330-1001"
HOST = "DESK-7.example.org"


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Spec:
    """One event: what is written, and what must be read."""

    def __init__(self, provider: str, event_id: int, keywords: int, data: Json, event_type: str, reading: Json, rest: Json | None = None, kinds: Json | None = None) -> None:
        self.provider, self.event_id, self.keywords, self.data = provider, event_id, keywords, data
        self.event_type, self.reading, self.rest, self.kinds = event_type, reading, rest or {}, kinds or {}

    def golden(self, number: int, second: int) -> Json:
        extra = {"event_id": self.event_id, "provider": self.provider, "channel": CHANNELS[self.provider], "record_id": number}
        reading = dict(self.reading)
        extra |= reading.pop("extra", {}) | ({"data": self.rest} if self.rest else {})
        own = {} if self.event_type == "log_message" else {"account_platform": "windows"}
        return {
            "event_type": self.event_type, "locator": f"record {number}", "host_name": HOST, "process_pid": 700, **own, **reading,
            "timestamp": f"2026-03-01T10:00:{second:02d}.123456Z", "timestamp_raw": f"2026-03-01T10:00:{second:02d}.123456Z", "extra": canonical(extra),
        }  # fmt: skip


def logon(event_id: int, keywords: int, data: Json, event_type: str, **reading: Any) -> Spec:
    """An event of the security log; what `reading` does not name stays in the data."""
    rest = reading.pop("rest", {})
    kinds = {k: w.SID for k in ("TargetUserSid", "SubjectUserSid") if k in data} | {k: w.HEX64 for k in ("TargetLogonId", "SubjectLogonId", "LogonID") if k in data}
    return Spec(SECURITY, event_id, keywords, data, event_type, reading, rest, kinds)


def specs() -> list[Spec]:
    who = {"TargetUserSid": USER, "TargetUserName": "jordan", "TargetDomainName": "EXAMPLE"}
    seen = {"account_login": "jordan", "account_id": USER}
    domain = {"TargetDomainName": "EXAMPLE"}
    nobody = {"TargetUserSid": "S-1-0-0", "TargetUserName": "administrator", "TargetDomainName": ""}
    return [
        logon(4624, SUCCESS, who | {"TargetLogonId": 0x3E7A1, "LogonType": "10", "IpAddress": "198.51.100.40", "IpPort": "50211", "WorkstationName": "DESK-7", "AuthenticationPackageName": "Negotiate"},
              "authentication", **seen, event_action="logon", event_outcome="success", source_ip="198.51.100.40", source_port=50211, session_id="0x3e7a1",
              rest=domain | {"LogonType": "10", "WorkstationName": "DESK-7", "AuthenticationPackageName": "Negotiate"}, extra={"logon_type": "remote_interactive"}),
        logon(4624, SUCCESS, who | {"TargetLogonId": 0x3E7A2, "LogonType": "2", "IpAddress": "-", "IpPort": "-"}, "authentication", **seen, event_action="logon", event_outcome="success",
              session_id="0x3e7a2", rest=domain | {"LogonType": "2"}, extra={"logon_type": "interactive"}),
        logon(4624, SUCCESS, who | {"TargetLogonId": 0x3E7A3, "LogonType": "3", "IpAddress": "::1", "IpPort": "0"}, "authentication", **seen, event_action="logon", event_outcome="success",
              source_ip="::1", session_id="0x3e7a3", rest=domain | {"LogonType": "3", "IpPort": "0"}, extra={"logon_type": "network"}),
        logon(4625, FAILURE, nobody | {"Status": "0xc000006d", "SubStatus": "0xc0000064", "LogonType": "3", "IpAddress": "2001:db8::40", "IpPort": "61000"}, "authentication",
              account_login="administrator", event_action="logon", event_outcome="failure", source_ip="2001:db8::40", source_port=61000,
              rest={"TargetUserSid": "S-1-0-0", "Status": "0xc000006d", "SubStatus": "0xc0000064", "LogonType": "3"}, extra={"logon_type": "network"}),
        logon(4634, SUCCESS, who | {"TargetLogonId": 0x3E7A2, "LogonType": "2"}, "logout", **seen, event_action="logoff", event_outcome="success", session_id="0x3e7a2",
              rest=domain | {"LogonType": "2"}, extra={"logon_type": "interactive"}),
        logon(4647, SUCCESS, who | {"TargetLogonId": 0x3E7A1}, "logout", **seen, event_action="user_initiated_logoff", event_outcome="success", session_id="0x3e7a1", rest=domain),
        logon(4648, SUCCESS, {"SubjectUserSid": USER, "SubjectUserName": "jordan", "SubjectLogonId": 0x3E7A1, "TargetUserName": "admin", "TargetServerName": "srv-1", "IpAddress": "-", "IpPort": "-"},
              "authentication", **seen, event_action="logon_with_explicit_credentials", event_outcome="success", session_id="0x3e7a1", target_account_login="admin", rest={"TargetServerName": "srv-1"}),
        logon(4672, SUCCESS, {"SubjectUserSid": USER, "SubjectUserName": "jordan", "SubjectLogonId": 0x3E7A1, "PrivilegeList": "SeDebugPrivilege\n\t\t\tSeBackupPrivilege"}, "privilege_use",
              **seen, event_action="special_privileges_assigned", event_outcome="success", session_id="0x3e7a1", rest={"PrivilegeList": "SeDebugPrivilege\n\t\t\tSeBackupPrivilege"}),
        logon(4776, FAILURE, {"PackageName": "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "TargetUserName": "kim", "Workstation": "LAPTOP-2", "Status": "0xc000006a"}, "authentication",
              account_login="kim", event_action="credential_validation", event_outcome="failure",
              rest={"PackageName": "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0", "Workstation": "LAPTOP-2", "Status": "0xc000006a"}),
        logon(4768, SUCCESS, who | {"Status": "0x0", "IpAddress": "::ffff:198.51.100.41", "IpPort": "49700"}, "authentication", **seen, event_action="kerberos_tgt_requested", event_outcome="success",
              source_ip="198.51.100.41", source_port=49700, parse_flags=["v4_mapped"], rest=domain | {"Status": "0x0", "IpAddress": "::ffff:198.51.100.41"}),
        logon(4769, SUCCESS, {"TargetUserName": "jordan@EXAMPLE.ORG", "ServiceName": "SRV-1$", "IpAddress": "::ffff:198.51.100.41", "IpPort": "49701", "Status": "0x0"}, "authentication",
              account_login="jordan@EXAMPLE.ORG", event_action="kerberos_service_ticket_requested", event_outcome="success", source_ip="198.51.100.41", source_port=49701,
              parse_flags=["v4_mapped"], rest={"ServiceName": "SRV-1$", "Status": "0x0", "IpAddress": "::ffff:198.51.100.41"}),
        logon(4771, FAILURE, {"TargetUserName": "kim", "TargetSid": "S-1-5-21-1-2-3-4", "Status": "0x18", "IpAddress": "198.51.100.42", "IpPort": "49702"}, "authentication", account_login="kim",
              event_action="kerberos_preauthentication_failed", event_outcome="failure", source_ip="198.51.100.42", source_port=49702, rest={"TargetSid": "S-1-5-21-1-2-3-4", "Status": "0x18"}),
        logon(4778, SUCCESS, {"AccountName": "jordan", "AccountDomain": "EXAMPLE", "LogonID": 0x3E7A1, "SessionName": "RDP-Tcp#4", "ClientName": "LAPTOP-2", "ClientAddress": "198.51.100.40"}, "session",
              account_login="jordan", event_action="session_reconnected", event_outcome="success", session_id="0x3e7a1", source_ip="198.51.100.40",
              rest={"AccountDomain": "EXAMPLE", "SessionName": "RDP-Tcp#4", "ClientName": "LAPTOP-2"}),
        logon(4779, SUCCESS, {"AccountName": "jordan", "AccountDomain": "EXAMPLE", "LogonID": 0x3E7A1, "SessionName": "Console", "ClientName": "Unknown", "ClientAddress": "LOCAL"}, "session",
              account_login="jordan", event_action="session_disconnected", event_outcome="success", session_id="0x3e7a1",
              rest={"AccountDomain": "EXAMPLE", "SessionName": "Console", "ClientName": "Unknown", "ClientAddress": "LOCAL"}),
        *[
            Spec(SESSIONS, number, CLASSIC, {"User": "EXAMPLE\\jordan", "SessionID": "2", "Address": address}, event_type,
                 {"account_login": "jordan", "session_id": "2", "event_action": action, "event_outcome": outcome, "extra": {"domain": "EXAMPLE"}}
                 | ({"source_ip": address} if address != "LOCAL" else {}), {"Address": "LOCAL"} if address == "LOCAL" else {})
            for number, address, event_type, action, outcome in (
                (21, "198.51.100.40", "session", "session_logon", "success"), (23, "LOCAL", "logout", "session_logoff", "unknown"),
                (24, "198.51.100.40", "session", "session_disconnected", "unknown"), (25, "2001:db8::41", "session", "session_reconnected", "success"))
        ],
        Spec(CONNECTIONS, 1149, CLASSIC, {"Param1": "jordan", "Param2": "EXAMPLE", "Param3": "198.51.100.40"}, "connection",
             {"account_login": "jordan", "event_action": "remote_desktop_connection", "event_outcome": "unknown", "source_ip": "198.51.100.40"}, {"Param2": "EXAMPLE"}),
        Spec("Service Control Manager", 7036, CLASSIC, {"param1": "Windows Update", "param2": "running"}, "log_message", {}, {"param1": "Windows Update", "param2": "running"}),
    ]  # fmt: skip


# --- binary -----------------------------------------------------------------------------------------------------


def template(spec: Spec) -> w.Element:
    """System as Windows writes it; data by name in EventData, or as members in UserData."""
    slot = w.Slot
    system = ("System", {}, [
        ("Provider", {"Name": spec.provider}, []), ("EventID", {"Qualifiers": slot(0, w.U16)}, [slot(1, w.U16)]), ("Version", {}, [slot(2, w.U8)]), ("Keywords", {}, [slot(3, w.HEX64)]),
        ("TimeCreated", {"SystemTime": slot(4, w.FILETIME)}, []), ("EventRecordID", {}, [slot(5, w.U64)]), ("Execution", {"ProcessID": slot(6, w.U32), "ThreadID": slot(7, w.U32)}, []),
        ("Channel", {}, [CHANNELS[spec.provider]]), ("Computer", {}, [HOST]), ("Security", {}, []),
    ])  # fmt: skip
    places = {name: slot(8 + i, spec.kinds.get(name, w.TEXT)) for i, name in enumerate(spec.data)}
    if spec.provider in {SESSIONS, CONNECTIONS}:
        body = ("UserData", {}, [("EventXML", {"xmlns": "Event_NS"}, [(name, {}, [place]) for name, place in places.items()])])
    else:
        body = ("EventData", {}, [("Data", {"Name": name}, [place]) for name, place in places.items()])
    return ("Event", {"xmlns": NAMESPACE}, [system, body])


def append(chunk: w.Chunk, spec: Spec, second: int) -> Json:
    at = w.filetime(f"2026-03-01T10:00:{second:02d}.123456Z")
    number = chunk.next
    shared = [(w.NULL, None), (w.U16, spec.event_id), (w.U8, 0), (w.HEX64, spec.keywords), (w.FILETIME, at), (w.U64, number), (w.U32, 700), (w.U32, 4)]
    values = shared + [(spec.kinds.get(name, w.TEXT), value) for name, value in spec.data.items()]
    shape = spec.event_id * 1000 + len(spec.data) * 10 + list(CHANNELS).index(spec.provider)
    chunk.record(at, shape, template(spec), values)
    return spec.golden(number, second)


def write(path: Path, data: bytes, accounting: Json, events: list[Json], rejects: list[Json]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    figures = {"bytes_in": len(data), **accounting, "events": len(events), "rejects": len(rejects)}
    rows = [{"accounting": figures}, *({"event": e} for e in events), *({"reject": r} for r in rejects)]
    path.with_name(path.name + ".golden.jsonl").write_text("".join(canonical(row) + "\n" for row in rows), "utf-8")


def placed(chunk: w.Chunk, goldens: list[Json], offset: int) -> list[Json]:
    return [{"span_start": offset + a, "span_end": offset + b, **g} for (a, b), g in zip(chunk.spans, goldens, strict=True)]


def binary() -> None:
    first, second = w.Chunk(1), w.Chunk(1)
    one = [append(first, spec, i) for i, spec in enumerate(specs())]
    second.first = second.next = first.next
    some = specs()
    two = [append(second, spec, 30 + i) for i, spec in enumerate([some[0], some[3], some[1], some[4]])]
    data = w.file_header(2, second.next) + first.finish() + second.finish()
    events = placed(first, one, w.HEADER) + placed(second, two, w.HEADER + w.CHUNK)
    parsed = sum(e["span_end"] - e["span_start"] for e in events)
    write(HERE / "evtx_logons" / "Security.evtx", data, {"bytes_parsed": parsed, "bytes_rejected": 0, "bytes_skipped": len(data) - parsed}, events, [])

    # The first chunk lost its signature; the second has a record that is no binary XML; the third is cut short.
    third = w.Chunk(second.next)
    three = [append(third, spec, 40 + i) for i, spec in enumerate(specs()[:3])]
    broken = bytearray(second.finish())
    a, b = second.spans[1]
    broken[a + 24 : b - 4] = b"\xff" * (b - a - 28)
    cut = third.finish()[: third.spans[2][0] + 40]
    data = w.file_header(3, third.next) + b"BadChunk" + first.finish()[8:] + bytes(broken) + cut
    at2, at3 = w.HEADER + w.CHUNK, w.HEADER + 2 * w.CHUNK
    kept = placed(second, two, at2)
    lost = kept.pop(1)
    events = kept + placed(third, three, at3)[:2]
    rejects = [
        {"span_start": w.HEADER, "span_end": at2, "kind": "unknown_structure"},
        {"span_start": lost["span_start"], "span_end": lost["span_end"], "kind": "malformed"},
        {"span_start": at3 + third.spans[2][0], "span_end": len(data), "kind": "truncated"},
    ]
    parsed = sum(e["span_end"] - e["span_start"] for e in events)
    rejected = sum(r["span_end"] - r["span_start"] for r in rejects)
    write(HERE / "evtx_logons" / "damaged.evtx", data, {"bytes_parsed": parsed, "bytes_rejected": rejected, "bytes_skipped": len(data) - parsed - rejected}, events, rejects)


# --- XML --------------------------------------------------------------------------------------------------------


def shown(spec: Spec, name: str) -> str:
    value = spec.data[name]
    return f"0x{value:x}" if isinstance(value, int) else str(value)


def element(spec: Spec, number: int, second: int, message: str = "") -> str:
    system = (
        f"<System><Provider Name={quoteattr(spec.provider)}/><EventID>{spec.event_id}</EventID><Keywords>0x{spec.keywords:x}</Keywords>"
        f"<TimeCreated SystemTime='2026-03-01T10:00:{second:02d}.123456Z'/><EventRecordID>{number}</EventRecordID><Execution ProcessID='700' ThreadID='4'/>"
        f"<Channel>{CHANNELS[spec.provider]}</Channel><Computer>{HOST}</Computer><Security/></System>"
    )
    if spec.provider in {SESSIONS, CONNECTIONS}:
        inside = "".join(f"<{name}>{escape(shown(spec, name))}</{name}>" for name in spec.data)
        body = f"<UserData><EventXML xmlns='Event_NS'>{inside}</EventXML></UserData>"
    else:
        body = "<EventData>" + "".join(f"<Data Name={quoteattr(name)}>{escape(shown(spec, name))}</Data>" for name in spec.data) + "</EventData>"
    info = f"<RenderingInfo Culture='en-GB'><Message>{escape(message)}</Message></RenderingInfo>" if message else ""
    return f"<Event xmlns='{NAMESPACE}'>{system}{body}{info}</Event>"


class Text:
    """An XML export and what each part of it must be read as."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self.encoding, self.data = encoding, b""
        self.events: list[Json] = []
        self.rejects: list[Json] = []
        self.count = {"bytes_parsed": 0, "bytes_rejected": 0, "bytes_skipped": 0}

    def put(self, text: str | bytes, share: str) -> Json:
        start = len(self.data)
        self.data += text if isinstance(text, bytes) else text.encode(self.encoding)
        self.count[share] += len(self.data) - start
        return {"span_start": start, "span_end": len(self.data)}

    def event(self, text: str | bytes, golden: Json) -> None:
        self.events.append({**self.put(text, "bytes_parsed"), **golden})

    def reject(self, text: str | bytes, kind: str) -> None:
        self.rejects.append({**self.put(text, "bytes_rejected"), "kind": kind})


def xml() -> None:
    export = Text()
    export.put("\ufeff<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>", "bytes_skipped")
    for number, spec in enumerate(specs(), 1):
        message = "An account was successfully logged on.\n\nA <line> & more" if number == 1 else ""
        export.event(element(spec, number, number, message), spec.golden(number, number) | ({"text": message} if message else {}))
    export.put("</Events>\r\n", "bytes_skipped")
    write(HERE / "event_xml" / "security.xml", export.data, export.count, export.events, export.rejects)

    wide = Text("utf-16-le")
    wide.put("\ufeff", "bytes_skipped")
    for number, spec in enumerate(specs()[:3], 1):
        wide.event(element(spec, number, number), spec.golden(number, number))
        wide.put("\r\n", "bytes_skipped")
    write(HERE / "event_xml" / "get_winevent_utf16.xml", wide.data, wide.count, wide.events, wide.rejects)

    hostile = Text()
    spec = specs()[3]
    good = spec.golden(1, 1)
    hostile.event(element(spec, 1, 1), good)
    hostile.reject("<!DOCTYPE Event [<!ENTITY a 'aaaa'>]>", "malformed")
    hostile.reject(element(spec, 2, 2).replace("administrator", "&a;"), "malformed")
    forged = "x</Data><Data Name='IpAddress'>203.0.113.99"
    login = Spec(SECURITY, 4625, FAILURE, spec.data | {"TargetUserName": forged}, "authentication", spec.reading | {"account_login": forged}, spec.rest)
    hostile.event(element(login, 3, 3), login.golden(3, 3))
    hostile.reject(element(spec, 4, 4).removesuffix("</EventData></Event>"), "malformed")
    hostile.event(element(spec, 5, 5).encode().replace(b"administrator", b"administrat\xf6r"), spec.golden(5, 5) | {"account_login": "administrat\\xf6r", "parse_flags": ["lossy_text"]})
    hostile.put("\n", "bytes_skipped")
    hostile.reject(f"<Event xmlns='{NAMESPACE}'><Other/></Event>", "unknown_structure")
    hostile.reject(element(spec, 6, 6)[:300], "truncated")
    write(HERE / "event_xml" / "hostile.xml", hostile.data, hostile.count, hostile.events, hostile.rejects)


def main() -> None:
    binary()
    xml()


if __name__ == "__main__":
    main()
