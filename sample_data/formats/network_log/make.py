"""Writes the fixtures of the formats of this folder, and their goldens.

Run: ``python sample_data/formats/network_log/make.py``. Everything is invented; the goldens follow from what is
written here and from nothing else.
"""

# ruff: noqa: ANN401, D102, E501, PLW2901, SIM905 - long literal lines, free columns

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
T0 = datetime(2026, 3, 1, 10, 0, 0, tzinfo=UTC)  # a Sunday
EPOCH = 1_772_359_200


def at(seconds: int) -> str:
    """`T0` plus some seconds as the golden writes it."""
    return (T0 + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def ctime(seconds: int) -> str:
    """The same as C writes it (all fixtures stay on Sunday 1 March)."""
    moment = T0 + timedelta(seconds=seconds)
    return f"Sun Mar  1 {moment:%H:%M:%S} 2026"


@dataclass
class Fixture:
    """Collects pieces of a file; each is skipped, rejected, or holds events."""

    folder: str
    name: str
    settings: str = ""
    data: bytes = b""
    events: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)
    parsed: int = 0
    rejected: int = 0
    unit: int = 0

    def skip(self, text: str, end: str = "\n") -> None:
        self._put((text + end).encode())

    def event(self, text: str | bytes, *events: dict[str, Any], end: str = "\n", locator: str = "") -> None:
        """A piece that holds events; the locator is its line, or its row in tables."""
        raw = (text.encode() if isinstance(text, str) else text) + end.encode()
        start, line = len(self.data), 1 + self.data.count(b"\n")
        self._put(raw)
        self.parsed += len(raw)
        for one in events:
            full = {"span_start": start, "span_end": start + len(raw), "locator": locator or f"L{line}", **one}
            if "extra" in full:
                full["extra"] = json.dumps(full["extra"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            self.events.append(full)

    def row(self, text: str, *events: dict[str, Any]) -> None:
        """The same for a table without line breaks inside cells."""
        self.event(text, *events, locator=f"row {1 + self.data.count(bytes([10]))}")

    def reject(self, text: str | bytes, kind: str, end: str = "\n") -> None:
        raw = (text.encode() if isinstance(text, str) else text) + end.encode()
        self.rejects.append({"span_start": len(self.data), "span_end": len(self.data) + len(raw), "kind": kind})
        self._put(raw)
        self.rejected += len(raw)

    def _put(self, raw: bytes) -> None:
        self.data += raw

    def save(self) -> None:
        folder = HERE / self.folder
        folder.mkdir(exist_ok=True)
        (folder / self.name).write_bytes(self.data)
        if self.settings:
            (folder / f"{self.name}.settings.toml").write_text(self.settings)
        account = {
            "bytes_in": len(self.data),
            "bytes_parsed": self.parsed,
            "bytes_rejected": self.rejected,
            "bytes_skipped": len(self.data) - self.parsed - self.rejected,
            "events": len(self.events),
            "rejects": len(self.rejects),
        }
        rows = [{"accounting": account}, *({"event": e} for e in self.events), *({"reject": r} for r in self.rejects)]
        text = "".join(json.dumps(row, sort_keys=True, ensure_ascii=True) + "\n" for row in rows)
        (folder / f"{self.name}.golden.jsonl").write_text(text)


# ---------------------------------------------------------------- RADIUS

NAS = "bras1.isp.example.net"


def radius_event(kind: str, action: str, seconds: int, raw: str, attributes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A packet's event; `more` may add `prefix`, `session_time_s` and columns."""
    extra: dict[str, Any] = {"attributes": attributes}
    for name in ("prefix", "session_time_s"):
        if name in more:
            extra[name] = more.pop(name)
    event = {"event_type": kind, "event_action": action, "timestamp": at(seconds), "timestamp_raw": raw, "extra": extra}
    return event | {"account_platform": "radius"} | more


def detail(fixture: Fixture, seconds: int, pairs: list[tuple[str, str]], *events: dict[str, Any], close: bool = True) -> None:
    """A block with this header time (local, UTC+1) and these attributes, and the events it means."""
    lines = [ctime(seconds + 3600), *(f"\t{name} = {value}" for name, value in pairs)]
    fixture.event("\n".join(lines), *events)
    if close:
        fixture.skip("")


def plain(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in pairs:
        value = value[1:-1].replace('\\"', '"') if value.startswith('"') else value
        if name == "User-Password":
            value = "(secret, see the bytes)"
        out[name] = [*out[name], value] if isinstance(out.get(name), list) else [out[name], value] if name in out else value
    return out


def radius_detail() -> None:
    f = Fixture("radius_detail", "detail-20260301", 'timezone = "Europe/Berlin"\n')
    who = {"account_login": "line-1001@isp.example.net", "host_name": NAS, "session_id": "8A2F0001",
           "device_id": "00:00:5e:00:53:01", "device_id_type": "mac"}  # fmt: skip

    def pairs(status: str, seconds: int, *more: tuple[str, str], calling: str = "00-00-5E-00-53-01") -> list[tuple[str, str]]:
        return [("Acct-Session-Id", '"8A2F0001"'), ("User-Name", '"line-1001@isp.example.net"'),
                ("Acct-Status-Type", status), ("NAS-Identifier", f'"{NAS}"'), ("Calling-Station-Id", f'"{calling}"'),
                *more, ("Timestamp", str(EPOCH + seconds))]  # fmt: skip

    # start without an address: it is only known a moment later
    p = pairs("Start", 0)
    detail(f, 0, p, radius_event("session", "start", 0, str(EPOCH), plain(p), **who))
    # interim: address, and two prefixes; the device had tried for four seconds
    p = pairs("Interim-Update", 64, ("Framed-IP-Address", "203.0.113.10"), ("Framed-IPv6-Prefix", "2001:db8:0:10::/64"),
              ("Delegated-IPv6-Prefix", "2001:db8:1000::/56"), ("Acct-Delay-Time", "4"), ("Acct-Session-Time", "60"),
              ("Cisco-AVPair", '"circuit=port-7"'), ("Cisco-AVPair", '"note=\\"quoted\\""'))  # fmt: skip
    raw = str(EPOCH + 64)
    base = dict(who, session_time_s=60)
    late = {"timestamp_latest": (T0 + timedelta(seconds=64, microseconds=999_999)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "timestamp_earliest": at(60)}  # fmt: skip
    detail(f, 64, p,
           radius_event("lease", "interim", 60, raw, plain(p), source_ip="203.0.113.10", **base, **late),
           radius_event("lease", "interim", 60, raw, plain(p), prefix="2001:db8:0:10::/64", **base),
           radius_event("lease", "interim", 60, raw, plain(p), prefix="2001:db8:1000::/56", **base))  # fmt: skip
    p = pairs("Stop", 3600, ("Framed-IP-Address", "203.0.113.10"), ("Acct-Session-Time", "3600"),
              ("Acct-Terminate-Cause", "User-Request"))  # fmt: skip
    detail(f, 3600, p, radius_event("lease", "stop", 3600, str(EPOCH + 3600), plain(p), source_ip="203.0.113.10",
                                    **who, session_time_s=3600))  # fmt: skip
    # a mobile session: no epoch stamp, the access server's own UTC time; telephone number and IMSI
    p = [("Acct-Session-Id", '"m-77"'), ("User-Name", '"apn"'), ("Acct-Status-Type", "Start"),
         ("NAS-IP-Address", "192.0.2.1"), ("Calling-Station-Id", '"15550100"'), ("3GPP-IMSI", '"001010000000001"'),
         ("Framed-IP-Address", "100.64.0.7"), ("Event-Timestamp", '"Mar  1 2026 11:00:05 UTC"')]  # fmt: skip
    ids = [{"type": "subscriber", "value": "001010000000001", "raw": "001010000000001"},
           {"type": "phone", "value": "15550100", "raw": "15550100"}]  # fmt: skip
    detail(f, 3605, p, radius_event("lease", "start", 3605, "Mar  1 2026 11:00:05 UTC", plain(p), source_ip="100.64.0.7",
                                    account_login="apn", host_name="192.0.2.1", session_id="m-77", identifiers=ids))  # fmt: skip
    # a restart of the access server; local time of the header only
    p = [("Acct-Status-Type", "Accounting-On"), ("NAS-Identifier", f'"{NAS}"'), ("Framed-IP-Address", "255.255.255.254")]
    detail(f, 4000, p, radius_event("session", "accounting_on", 4000, ctime(4000 + 3600), plain(p), host_name=NAS))
    # an authentication: the password is in the bytes, not in the table; a VPN client's own address is only claimed
    p = [("Packet-Type", "Access-Request"), ("User-Name", '"line-1001@isp.example.net"'), ("User-Password", '"hunter2"'),
         ("Calling-Station-Id", '"198.51.100.7"'), ("NAS-IP-Address", "192.0.2.1"), ("Timestamp", str(EPOCH + 4100))]  # fmt: skip
    detail(f, 4100, p, radius_event("authentication", "access_request", 4100, str(EPOCH + 4100), plain(p),
                                    event_outcome="unknown", account_login="line-1001@isp.example.net",
                                    host_name="192.0.2.1", claimed_ips=["198.51.100.7"]))  # fmt: skip
    f.reject("radiusd: rotated by hand", "unknown_structure")
    f.reject(ctime(9000), "truncated")
    f.skip("")
    # the file ends in the middle of a block
    p = pairs("Start", 4200, ("Framed-IP-Address", "203.0.113.10"))[:-1]
    detail(f, 4200, p, radius_event("lease", "start", 4200, ctime(4200 + 3600), plain(p), source_ip="203.0.113.10",
                                    parse_flags=["truncated"], **who), close=False)  # fmt: skip
    f.save()


def radius_nps() -> None:
    f = Fixture("radius_nps", "IN2603.log", 'timezone = "UTC"\n')
    titles = (
        "Computer-Name,Service-Name,Record-Date,Record-Time,Packet-Type,User-Name,Fully-Qualified-User-Name,"
        "Called-Station-Id,Calling-Station-Id,Callback-Number,Framed-IP-Address,NAS-Identifier,NAS-IP-Address,NAS-Port,"
        "Client-Vendor,Client-IP-Address,Client-Friendly-Name,Event-Timestamp,Port-Limit,NAS-Port-Type,Connect-Info,"
        "Framed-Protocol,Service-Type,Authentication-Type,Policy-Name,Reason-Code,Class,Session-Timeout,Idle-Timeout,"
        "Termination-Action,EAP-Friendly-Name,Acct-Status-Type,Acct-Delay-Time,Acct-Input-Octets,Acct-Output-Octets,"
        "Acct-Session-Id,Acct-Authentic,Acct-Session-Time,Acct-Input-Packets,Acct-Output-Packets,Acct-Terminate-Cause,"
        "Acct-Multi-Session-Id,Acct-Link-Count,Acct-Interim-Interval"
    ).split(",")
    quoted = {"Computer-Name", "Service-Name", "User-Name", "Fully-Qualified-User-Name", "NAS-Identifier",
              "Calling-Station-Id", "Acct-Session-Id", "Client-Friendly-Name"}  # fmt: skip

    def put(seconds: int, cells: dict[str, str], event: dict[str, Any]) -> None:
        moment = T0 + timedelta(seconds=seconds)
        stamp = f"{moment:%m/%d/%Y}", f"{moment:%H:%M:%S}"
        have = {"Computer-Name": "NPS1", "Service-Name": "IAS", "Record-Date": stamp[0], "Record-Time": stamp[1], **cells}
        text = ",".join(f'"{have[t]}"' if t in quoted and t in have else have.get(t, "") for t in titles) + ",,,,"
        event["extra"]["attributes"] = {t: have[t] for t in titles if t in have}
        f.row(text, event | {"timestamp": at(seconds), "timestamp_raw": f"{stamp[0]} {stamp[1]}"})

    who = {"account_platform": "radius", "account_login": "HARBOUR\\ada", "host_name": "192.0.2.9", "session_id": "4711",
           "device_id": "00:00:5e:00:53:02", "device_id_type": "mac"}  # fmt: skip
    cells = {"User-Name": "HARBOUR\\ada", "Calling-Station-Id": "0000.5e00.5302", "NAS-IP-Address": "192.0.2.9",
             "Acct-Session-Id": "4711"}  # fmt: skip
    put(0, {**cells, "Packet-Type": "1"}, who | {"event_type": "authentication", "event_action": "access_request",
        "event_outcome": "unknown", "extra": {}})  # fmt: skip
    put(1, {**cells, "Packet-Type": "3", "Reason-Code": "16"}, who | {"event_type": "authentication",
        "event_action": "access_reject", "event_outcome": "failure", "extra": {}})  # fmt: skip
    put(5, {**cells, "Packet-Type": "4", "Acct-Status-Type": "1", "Framed-IP-Address": "198.51.100.23"},
        who | {"event_type": "lease", "event_action": "start", "source_ip": "198.51.100.23", "extra": {}})  # fmt: skip
    put(905, {**cells, "Packet-Type": "4", "Acct-Status-Type": "2", "Framed-IP-Address": "198.51.100.23",
        "Acct-Session-Time": "900"}, who | {"event_type": "lease", "event_action": "stop",
        "source_ip": "198.51.100.23", "extra": {"session_time_s": 900}})  # fmt: skip
    f.reject('"NPS1","IAS",03/01/2026,10:20:00,4,"HARBOUR\\ada"', "truncated")
    f.skip("")
    f.save()


def radius_nps_xml() -> None:
    f = Fixture("radius_nps_xml", "IN2603.xml.log", 'timezone = "America/New_York"\n')

    def put(raw: str, fields: list[tuple[str, str, str]], event: dict[str, Any]) -> None:
        pairs = [("4", "Timestamp", raw), ("1", "Computer-Name", "NPS1"), ("1", "Event-Source", "IAS"), *fields]
        text = "".join(f'<{n} data_type="{t}">{v}</{n}>' for t, n, v in pairs)
        event["extra"]["attributes"] = {n: v.replace("&amp;", "&") for _, n, v in pairs if v}
        f.event(f"<Event>{text}</Event>", event | {"timestamp_raw": raw, "account_platform": "radius"}, end="\r\n")

    fields = [("1", "User-Name", "ada&amp;co"), ("3", "NAS-IP-Address", "192.0.2.9"), ("1", "Acct-Session-Id", "s1"),
              ("3", "Framed-IP-Address", "198.51.100.24"), ("1", "Class", "")]  # fmt: skip
    who = {"account_login": "ada&co", "host_name": "192.0.2.9", "session_id": "s1"}
    put("03/01/2026 05:00:00.120", [*fields, ("0", "Packet-Type", "4"), ("0", "Acct-Status-Type", "1")],
        who | {"event_type": "lease", "event_action": "start", "source_ip": "198.51.100.24", "extra": {},
               "timestamp": "2026-03-01T10:00:00.120000Z"})  # fmt: skip
    put("03/01/2026 05:10:00", [*fields, ("0", "Packet-Type", "4"), ("0", "Acct-Status-Type", "2")],
        who | {"event_type": "lease", "event_action": "stop", "source_ip": "198.51.100.24", "extra": {},
               "timestamp": at(600)})  # fmt: skip
    put("03/01/2026 05:11:00", [("1", "User-Name", "ada&amp;co"), ("0", "Packet-Type", "2")],
        {"event_type": "authentication", "event_action": "access_accept", "event_outcome": "success", "extra": {},
         "account_login": "ada&co", "timestamp": at(660)})  # fmt: skip
    f.reject('<Event><Timestamp data_type="4">03/01/2026 05:12:00</Timestamp><User-Na', "unknown_structure", "\r\n")
    f.save()


# ---------------------------------------------------------------- DHCP


def isc_time(seconds: int) -> str:
    moment = T0 + timedelta(seconds=seconds)
    return f"0 {moment:%Y/%m/%d %H:%M:%S}"


def isc_lease(f: Fixture, address: str, pairs: list[tuple[str, str]], event: dict[str, Any]) -> None:
    body = "".join(f"  {name} {value};\n" for name, value in pairs)
    f.event(f"lease {address} {{\n{body}}}", {"event_type": "lease", "source_ip": address, **event})


def dhcp_isc() -> None:
    f = Fixture("dhcp_isc", "dhcpd.leases")
    f.skip("# The format of this file is documented in the dhcpd.leases(5) manual page.")
    f.skip("# This lease file was written by isc-dhcp-4.4.3")
    f.skip("")
    f.skip("# authoring-byte-order entry is generated, DO NOT DELETE")
    f.skip("authoring-byte-order little-endian;")
    f.skip("")
    device = {"device_id": "00:00:5e:00:53:0a", "device_id_type": "mac"}

    def lease(start: int, end: int, state: str) -> None:
        pairs = [("starts", isc_time(start)), ("ends", isc_time(end)), ("cltt", isc_time(start)),
                 ("binding state", state), ("next binding state", "free"), ("hardware ethernet", "00:00:5e:00:53:0a"),
                 ("uid", '"\\001\\000\\000^\\000S\\012"'), ("set vendor-class-identifier", '= "example; } {"'),
                 ("client-hostname", '"lena-laptop"')]  # fmt: skip
        extra = {"starts": isc_time(start), "ends": isc_time(end), "cltt": isc_time(start), "binding_state": state,
                 "next_binding_state": "free", "uid": "\\001\\000\\000^\\000S\\012",
                 "set_vendor-class-identifier": '"example; } {"', "client-hostname": "lena-laptop"}  # fmt: skip
        isc_lease(f, "203.0.113.50", pairs, device | {"event_action": state, "timestamp": at(start),
                  "timestamp_end": at(end), "timestamp_raw": isc_time(start), "extra": extra})  # fmt: skip

    lease(0, 7200, "active")
    lease(3600, 10800, "active")
    lease(3600, 5400, "free")
    isc_lease(f, "203.0.113.51", [("starts", f"epoch {EPOCH}; # Sun Mar  1 10:00:00 2026"), ("ends", "never"),
              ("binding state", "active"), ("hardware ethernet", "00:00:5e:00:53:0b")],
              {"event_action": "active", "timestamp": at(0), "timestamp_raw": f"epoch {EPOCH}; # Sun Mar  1 10:00:00 2026",
               "device_id": "00:00:5e:00:53:0b", "device_id_type": "mac",
               "extra": {"starts": f"epoch {EPOCH}; # Sun Mar  1 10:00:00 2026", "ends": "never",
                         "binding_state": "active"}})  # fmt: skip
    f.skip('failover peer "pool" state {')
    f.skip(f"  my state normal at {isc_time(0)};")
    f.skip("}")
    ends = isc_time(600)
    text = (f'ia-na "\\000\\001duid" {{\n  cltt {isc_time(0)};\n  iaaddr 2001:db8::51 {{\n    binding state active;\n'
            f"    preferred-life 375;\n    max-life 600;\n    ends {ends};\n  }}\n}}")  # fmt: skip
    f.event(text, {"event_type": "lease", "event_action": "active", "source_ip": "2001:db8::51", "timestamp": at(0),
                   "timestamp_raw": isc_time(0), "timestamp_end": at(600),
                   "extra": {"cltt": isc_time(0), "binding_state": "active", "preferred-life": "375", "max-life": "600",
                             "ends": ends, "iaid_duid": "\\000\\001duid"}})  # fmt: skip
    text = f'ia-pd "\\000\\002duid" {{\n  cltt {isc_time(0)};\n  iaprefix 2001:db8:2000::/56 {{\n    binding state active;\n    ends {ends};\n  }}\n}}'
    f.event(text, {"event_type": "lease", "event_action": "active", "timestamp": at(0), "timestamp_raw": isc_time(0),
                   "timestamp_end": at(600), "extra": {"cltt": isc_time(0), "binding_state": "active", "ends": ends,
                   "iaid_duid": "\\000\\002duid", "prefix": "2001:db8:2000::/56"}})  # fmt: skip
    f.reject("lease printer.example.net {\n  binding state active;\n}", "malformed")
    f.reject("this line was typed by hand", "unknown_structure")
    text = f"lease 203.0.113.52 {{\n  starts {isc_time(60)};\n  hardware ethern"
    f.event(text, {"event_type": "lease", "event_action": "assigned", "source_ip": "203.0.113.52", "timestamp": at(60),
                   "timestamp_raw": isc_time(60), "parse_flags": ["truncated"],
                   "extra": {"starts": isc_time(60)}}, end="")  # fmt: skip
    f.save()


def dhcp_kea() -> None:
    f = Fixture("dhcp_kea", "kea-leases4.csv")
    f.skip("address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id")

    def put(address: str, mac: str, life: int, start: int, host: str, state: str, action: str) -> None:
        expire = EPOCH + start + life
        event: dict[str, Any] = {
            "event_type": "lease", "event_action": action, "source_ip": address, "timestamp": at(start),
            "timestamp_raw": str(expire),
            "extra": {"client_id": "01:" + mac, "subnet_id": "1", "valid_lifetime": str(life), "pool_id": "0"}
            | ({"hostname": host.replace("&#x2c", ",")} if host else {}),
            "device_id": mac, "device_id_type": "mac",
        }  # fmt: skip
        if 0 < life < 0xFFFFFFFF:
            event["timestamp_end"] = at(start + life)
        f.row(f"{address},{mac},01:{mac},{life},{expire},1,0,0,{host},{state},,0", event)

    mac = "00:00:5e:00:53:1"
    put("198.51.100.60", mac + "1", 3600, 0, "lena-phone", "0", "assigned")
    put("198.51.100.60", mac + "1", 3600, 1800, "lena-phone", "0", "assigned")
    put("198.51.100.61", mac + "2", 4294967295, 60, "a&#x2cb", "0", "assigned")
    put("198.51.100.60", mac + "1", 0, 1800, "lena-phone", "0", "removed")
    put("198.51.100.62", mac + "3", 3600, 0, "", "2", "expired-reclaimed")
    put("198.51.100.63", mac + "4", 86400, 0, "", "1", "declined")
    f.reject("198.51.100.64,00:00:5e:00:53:15,,36", "malformed")
    f.save()
    f = Fixture("dhcp_kea", "kea-leases6.csv")
    f.skip("address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source")
    expire = EPOCH + 3600
    common = {"event_type": "lease", "event_action": "assigned", "timestamp": at(0), "timestamp_end": at(3600),
              "timestamp_raw": str(expire)}  # fmt: skip
    extra = {"duid": "00:01:00:02", "subnet_id": "1", "valid_lifetime": "3600", "iaid": "7"}
    f.row(f"2001:db8:0:1::51,00:01:00:02,3600,{expire},1,1800,0,7,128,0,0,lena,00:00:5e:00:53:21,0,,1,2",
          common | {"source_ip": "2001:db8:0:1::51", "device_id": "00:00:5e:00:53:21", "device_id_type": "mac",
                    "extra": extra | {"hostname": "lena"}})  # fmt: skip
    f.row(f"2001:db8:3000::,00:01:00:02,3600,{expire},1,1800,2,7,56,0,0,,,0,,,",
          common | {"extra": extra | {"prefix": "2001:db8:3000::/56"}})  # fmt: skip
    f.save()


def dhcp_windows() -> None:
    f = Fixture("dhcp_windows", "DhcpSrvLog-Sun.log", 'timezone = "Europe/London"\n')
    for line in (
        "\t\tMicrosoft DHCP Service Activity Log", "", "", "Event ID  Meaning", "00\tThe log was started.",
        "10\tA new IP address was leased to a client.", "11\tA lease was renewed by a client.",
        "12\tA lease was released by a client.", "50+\tCodes above 50 are used for Rogue Server Detection information.",
        "", "QResult: 0: NoQuarantine, 1:Quarantine", "",
        "ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, QResult,Probationtime, CorrelationID,Dhcid,VendorClass(Hex),VendorClass(ASCII),UserClass(Hex),UserClass(ASCII),RelayAgentInformation,DnsRegError.",
    ):  # fmt: skip
        f.skip(line, "\r\n")

    def put(seconds: int, ident: str, words: str, address: str, host: str, mac: str, kind: str, action: str | None) -> None:
        moment = T0 + timedelta(seconds=seconds)
        raw = f"{moment:%m/%d/%y},{moment:%H:%M:%S}"
        event: dict[str, Any] = {"event_type": kind, "timestamp": at(seconds), "timestamp_raw": raw.replace(",", " "),
                                 "network_protocol": "dhcp", "text": words,
                                 "extra": {"event_id": ident, "TransactionID": "77", "QResult": "0", "DnsRegError": "0"}}  # fmt: skip
        if host:
            event["extra"]["Host Name"] = host
        if action:
            event["event_action"] = action
        if kind == "lease":
            event["source_ip"] = address
        elif address:
            event["extra"]["IP Address"] = address
        if mac:
            event |= {"device_id": "00:00:5e:00:53:31", "device_id_type": "mac"}
        text = f"{ident},{raw},{words},{address},{host},{mac},,77,0,,,,,,,,,0"
        f.event(text, event, end="\r\n", locator=f"row {1 + f.data.count(bytes([10]))}")

    put(0, "00", "Started", "", "", "", "log_message", None)
    put(10, "10", "Assign", "192.0.2.50", "lena-laptop.example.org", "00005E005331", "lease", "start")
    put(11, "30", "DNS Update Request", "192.0.2.50", "lena-laptop.example.org", "", "log_message", None)
    put(1800, "11", "Renew", "192.0.2.50", "lena-laptop.example.org", "00005E005331", "lease", "interim")
    put(2400, "15", "NACK", "192.0.2.77", "", "00005E005331", "log_message", None)
    put(3600, "12", "Release", "192.0.2.50", "lena-laptop.example.org", "00005E005331", "lease", "stop")
    put(7200, "18", "Expired", "192.0.2.51", "", "", "lease", "stop")
    f.reject("24,03/01/26", "malformed", "\r\n")
    f.save()


# ---------------------------------------------------------------- NAT


def nat(action: str, outside: str, first: int, last: int, inside: str, seconds: int, raw: str, host: str, **more: Any) -> dict[str, Any]:
    extra = {"inside_ip": inside, "port_end": last} | more.pop("extra", {})
    return {"event_type": "lease", "event_action": action, "source_ip": outside, "source_port": first, "host_name": host,
            "timestamp": at(seconds), "timestamp_raw": raw, "extra": extra} | more  # fmt: skip


def nat_blocks() -> None:
    f = Fixture("nat_blocks", "cgn_cisco.log", 'timezone = "UTC"\n')
    cgn = "192.0.2.2"
    a = nat("start", "203.0.113.80", 1024, 1535, "100.64.0.7", 0, "2026-03-01T10:00:00Z", cgn, extra={"vrf": "inside-1"})
    f.event(f"<134>1 2026-03-01T10:00:00Z {cgn} - - NAT44 - [UserbasedA - 100.64.0.7 inside-1 - 203.0.113.80 - 1024 1535 - -]", a)
    raw = "2026 Mar 1 10:00:30"
    f.event(f"<134>1 {raw} {cgn} - - NAT44 - [UserbasedA - 100.64.0.8 inside-1 - 203.0.113.80 - 1536 2047 - -][UserbasedW - 100.64.0.7 inside-1 - 203.0.113.80 - 1024 1535 - -]",
            nat("start", "203.0.113.80", 1536, 2047, "100.64.0.8", 30, raw, cgn, extra={"vrf": "inside-1"}),
            nat("stop", "203.0.113.80", 1024, 1535, "100.64.0.7", 30, raw, cgn, extra={"vrf": "inside-1"}))  # fmt: skip
    f.event(f"<134>1 2026-03-01T10:01:00.250Z {cgn} - - NAT44 - [SessionbasedAD UDP 100.64.0.8 inside-1 - 203.0.113.80 40000 1600 - 198.51.100.53 53]",
            nat("start", "203.0.113.80", 1600, 1600, "100.64.0.8", 60, "2026-03-01T10:01:00.250Z", cgn,
                network_protocol="udp", extra={"vrf": "inside-1", "inside_port": 40000, "destination_ip": "198.51.100.53",
                "destination_port": "53"}) | {"timestamp": "2026-03-01T10:01:00.250000Z"})  # fmt: skip
    f.skip("")
    f.reject("[UserbasedA - 100.64.0.9 inside-1 - 203.0.113.80 - 2048 2559 - -]", "unknown_structure")
    for n in range(8):
        raw, first = f"2026-03-01T10:01:{n:02d}Z", 2048 + 512 * n
        f.event(f"<134>1 {raw} {cgn} - - NAT44 - [UserbasedA - 100.64.0.{9 + n} inside-1 - 203.0.113.80 - {first} {first + 511} - -]",
                nat("start", "203.0.113.80", first, first + 511, f"100.64.0.{9 + n}", 60 + n, raw, cgn, extra={"vrf": "inside-1"}))  # fmt: skip
    text = f"- - NAT44 - [Portblockrunout - 100.64.0.9 inside-1 - {'-'} - - - - -]"
    f.event(f"<134>1 2026-03-01T10:02:00Z {cgn} {text}", {"event_type": "log_message", "host_name": cgn, "text": text,
            "timestamp": at(120), "timestamp_raw": "2026-03-01T10:02:00Z"})  # fmt: skip
    f.save()
    f = Fixture("nat_blocks", "cgn_junos.log", 'timezone = "UTC"\nacquired_at = "2026-04-01T00:00:00+00:00"\n')
    router = "cgn1"
    flags = {"parse_flags": ["year_inferred"]}
    for seconds, verb, word, action in ((0, "ALLOC", "allocates", "start"), (1800, "INTERIM", "interim", "interim"), (3600, "RELEASE", "releases", "stop")):
        raw = f"Mar  1 {T0 + timedelta(seconds=seconds):%H:%M:%S}"
        f.event(f"{raw} {router} RT_NAT: RT_SRC_NAT_PBA_{verb}: Subscriber 100.64.1.7 used/maximum [1/8] blocks, {word} port block [2048-4095] from 203.0.113.81 in source pool pool-a lsys_id: 0",
                nat(action, "203.0.113.81", 2048, 4095, "100.64.1.7", seconds, raw, router, extra={"pool": "pool-a"}, **flags))  # fmt: skip
    raw = "Mar  1 11:00:01"
    f.event(f"{raw} {router} (FPC Slot 5, PIC Slot 0) {{cgn}}[FWNAT]: ASP_NAT_PORT_BLOCK_RELEASE: 100.64.1.9 -> 203.0.113.82:5000-5999 0x{EPOCH:x}",
            nat("stop", "203.0.113.82", 5000, 5999, "100.64.1.9", 3601, raw, router, extra={"started_epoch_s": EPOCH}, **flags))  # fmt: skip
    f.event(f"{raw} {router} {{cgn}}[jservices-nat]: JSERVICES_NAT_PORT_BLOCK_ALLOC: 2001:db8::9 -> 203.0.113.82:6000-6999",
            nat("start", "203.0.113.82", 6000, 6999, "2001:db8::9", 3601, raw, router, **flags))  # fmt: skip
    f.save()


def nat_table() -> None:
    f = Fixture("nat_table", "export.csv", 'timezone = "UTC"\n')
    f.skip("Timestamp,Event,Inside IP,Outside IP,Port Start,Port End,Protocol,Subscriber,Note")

    def event(action: str, seconds: int, raw: str, inside: str, last: int) -> dict[str, Any]:
        who = {"type": "subscriber", "value": "HF-20417", "raw": "HF-20417"}
        return {"event_type": "lease", "event_action": action, "source_ip": "203.0.113.90", "source_port": last - 511,
                "network_protocol": "tcp", "identifiers": [who], "timestamp": at(seconds), "timestamp_raw": raw,
                "extra": {"inside_ip": inside, "port_end": last, "Note": "a, b"}}  # fmt: skip

    f.row('2026-03-01 10:00:00,assigned,100.64.2.1,203.0.113.90,1024,1535,TCP,HF-20417,"a, b"',
          event("start", 0, "2026-03-01 10:00:00", "100.64.2.1", 1535))  # fmt: skip
    f.row(f'{EPOCH + 60},released,100.64.2.1,203.0.113.90,1024,1535,TCP,HF-20417,"a, b"',
          event("stop", 60, str(EPOCH + 60), "100.64.2.1", 1535))  # fmt: skip
    f.reject("2026-03-01 10:02:00,assigned,100.64.2.2,203.0.113.90,9999,1000,TCP,HF-20418,", "malformed")
    f.save()
    f = Fixture("nat_table", "deterministic_plan.csv")
    f.skip("private_ip;public_ip;port_low;port_high")
    for n in range(4):
        first = 1024 + 512 * n
        f.row(f"100.64.3.{n};203.0.113.91;{first};{first + 511}",
              {"event_type": "lease", "source_ip": "203.0.113.91", "source_port": first,
               "extra": {"inside_ip": f"100.64.3.{n}", "port_end": first + 511}})  # fmt: skip
    f.save()


# ---------------------------------------------------------------- OpenVPN


def vpn(kind: str, action: str, name: str, where: str, seconds: int, raw: str, **more: Any) -> dict[str, Any]:
    return {"event_type": kind, "event_action": action, "account_platform": "openvpn", "session_id": f"{name}/{where}",
            "network_protocol": "openvpn", "timestamp": at(seconds), "timestamp_raw": raw} | more | (
            {} if name == "UNDEF" else {"account_login": name})  # fmt: skip


PEER = {"source_ip": "198.51.100.7", "source_port": 51820}
FROM = {"peer_ip": "198.51.100.7", "peer_port": 51820}
WHERE = "198.51.100.7:51820"


def openvpn_status() -> None:
    f = Fixture("openvpn_status", "status-v1.log", 'timezone = "UTC"\n')
    f.skip("OpenVPN CLIENT LIST")
    f.skip(f"Updated,{ctime(300)}")
    f.skip("Common Name,Real Address,Bytes Received,Bytes Sent,Connected Since")
    counts = {"Bytes Received": "1234", "Bytes Sent": "5678"}
    f.event(f"lena,{WHERE},1234,5678,{ctime(0)}", vpn("session", "start", "lena", WHERE, 0, ctime(0), extra=counts, **PEER))
    f.event("UNDEF,198.51.100.9:40000,1234,5678,2026-03-01 10:01:00",
            vpn("session", "start", "UNDEF", "198.51.100.9:40000", 60, "2026-03-01 10:01:00", extra=counts,
                source_ip="198.51.100.9", source_port=40000))  # fmt: skip
    f.skip("ROUTING TABLE")
    f.skip("Virtual Address,Common Name,Real Address,Last Ref")
    f.event(f"10.8.0.6,lena,{WHERE},{ctime(290)}",
            vpn("lease", "interim", "lena", WHERE, 290, ctime(290), source_ip="10.8.0.6", extra=FROM))  # fmt: skip
    f.event(f"10.9.0.0/24,lena,{WHERE},{ctime(291)}",
            vpn("lease", "interim", "lena", WHERE, 291, ctime(291), extra=FROM | {"prefix": "10.9.0.0/24"}))  # fmt: skip
    f.skip("GLOBAL STATS")
    f.skip("Max bcast/mcast queue length,0")
    f.skip("END")
    f.save()
    for version, d in (("2", ","), ("3", "\t")):
        f = Fixture("openvpn_status", f"status-v{version}.log", 'timezone = "UTC"\n')
        put = lambda *cells: d.join(cells)  # noqa: E731, B023 - used at once
        f.skip(put("TITLE", "OpenVPN 2.6.3 x86_64-pc-linux-gnu"))
        f.skip(put("TIME", "2026-03-01 10:05:00", str(EPOCH + 300)))
        f.skip(put("HEADER", "CLIENT_LIST", "Common Name", "Real Address", "Virtual Address", "Virtual IPv6 Address", "Bytes Received",
                   "Bytes Sent", "Connected Since", "Connected Since (time_t)", "Username", "Client ID", "Peer ID", "Data Channel Cipher"))  # fmt: skip
        more = counts | {"Client ID": "0", "Peer ID": "0", "Data Channel Cipher": "AES-256-GCM"}
        raw = "2026-03-01 10:00:00"
        f.event(put("CLIENT_LIST", "lena", WHERE, "10.8.0.6", "2001:db8:8::6", "1234", "5678", raw, str(EPOCH), "UNDEF", "0", "0", "AES-256-GCM"),
                vpn("session", "start", "lena", WHERE, 0, raw, extra=more, **PEER),
                vpn("lease", "start", "lena", WHERE, 0, raw, source_ip="10.8.0.6", extra=FROM),
                vpn("lease", "start", "lena", WHERE, 0, raw, source_ip="2001:db8:8::6", extra=FROM))  # fmt: skip
        f.skip(put("HEADER", "ROUTING_TABLE", "Virtual Address", "Common Name", "Real Address", "Last Ref", "Last Ref (time_t)"))
        raw = "2026-03-01 10:04:50"
        f.event(put("ROUTING_TABLE", "10.8.0.6", "lena", WHERE, raw, str(EPOCH + 290)),
                vpn("lease", "interim", "lena", WHERE, 290, raw, source_ip="10.8.0.6", extra=FROM))  # fmt: skip
        f.reject(put("ROUTING_TABLE", "10.8.0.7", "lena"), "unknown_structure")
        f.skip(put("GLOBAL_STATS", "Max bcast/mcast queue length", "0"))
        f.skip("END")
        f.save()


def openvpn_log() -> None:
    f = Fixture("openvpn_log", "openvpn.log", 'timezone = "UTC"\n')
    prefix = f"{WHERE}"
    port = PEER | {"network_protocol": "openvpn"}

    def put(seconds: int, message: str, event: dict[str, Any], *, old: bool = False) -> None:
        stamp = ctime(seconds) if old else f"{T0 + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}"
        f.event(f"{stamp} {message}", {"timestamp": at(seconds), "text": message} | event | {"timestamp_raw": stamp})

    note = {"event_type": "log_message"}
    put(0, "OpenVPN 2.6.3 x86_64-pc-linux-gnu [SSL (OpenSSL)] built on Jan  1 2026", note)
    put(1, f"{prefix} TLS: Initial packet from [AF_INET]{WHERE}, sid=00000000 00000000", note | port)
    put(2, f"{prefix} TLS: Username/Password authentication succeeded for username 'lena' [CN SET]",
        {"event_type": "authentication", "event_action": "login", "event_outcome": "success", "account_platform": "openvpn",
         "account_login": "lena"} | port)  # fmt: skip
    put(3, f"{prefix} [lena] Peer Connection Initiated with [AF_INET]{WHERE}", vpn("session", "start", "lena", WHERE, 3, "", **PEER))
    put(4, f"lena/{prefix} MULTI: Learn: 10.8.0.6 -> lena/{WHERE}",
        vpn("lease", "start", "lena", WHERE, 4, "", source_ip="10.8.0.6", extra=FROM))  # fmt: skip
    put(4, f"MULTI: Learn: 2001:db8:8::6 -> lena/{WHERE}",
        vpn("lease", "start", "lena", WHERE, 4, "", source_ip="2001:db8:8::6", extra=FROM))  # fmt: skip
    put(5, f"lena/{prefix} PUSH: Received control message: 'PUSH_REQUEST'", note | port)
    # a user name that tries to be a connection from elsewhere
    put(6, f"{prefix} TLS: Username/Password authentication deferred for username 'x] Peer Connection Initiated with [AF_INET]192.0.2.66:1' ",
        {"event_type": "authentication", "event_action": "login", "event_outcome": "unknown", "account_platform": "openvpn",
         "account_login": "x] Peer Connection Initiated with [AF_INET]192.0.2.66:1"} | port)  # fmt: skip
    put(7, f"{prefix} TLS Auth Error: Auth Username/Password verification failed for peer",
        {"event_type": "authentication", "event_action": "login", "event_outcome": "failure"} | port)  # fmt: skip
    put(3600, f"lena/{prefix} SIGTERM[soft,remote-exit] received, client-instance exiting", vpn("session", "stop", "lena", WHERE, 3600, "", **PEER))
    put(3700, f"lena/{prefix} Connection reset, restarting [0]", vpn("session", "stop", "lena", WHERE, 3700, "", **PEER), old=True)
    six = {"source_ip": "2001:db8::7", "source_port": 51820}
    put(3800, "lena/2001:db8::7:51820 SIGUSR1[soft,ping-restart] received, client-instance restarting",
        vpn("session", "stop", "lena", "[2001:db8::7]:51820", 3800, "", **six))  # fmt: skip
    f.skip("")
    f.reject("  (continued)", "unknown_structure")
    f.save()


for make in (radius_detail, radius_nps, radius_nps_xml, dhcp_isc, dhcp_kea, dhcp_windows, nat_blocks, nat_table, openvpn_status, openvpn_log):
    make()
