"""Writes the web access log fixtures and what they hold: `python sample_data/formats/server_log/make_web.py`.

Every line is written together with the values it was made from; nothing here reads a log.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
UTC10 = ("01/Mar/2026:10:00:00 +0000", "2026-03-01T10:00:00.000000Z")
SITES = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Log:
    """A log and its golden in the making."""

    def __init__(self, end: bytes = b"\n") -> None:
        """An empty log whose lines end in `end`."""
        self.data, self.end, self.number = b"", end, 0
        self.events: list[dict[str, Any]] = []
        self.rejects: list[dict[str, Any]] = []
        self.sizes = {"bytes_parsed": 0, "bytes_rejected": 0, "bytes_skipped": 0}

    def _line(self, raw: bytes, end: bytes | None, kind: str) -> tuple[int, int]:
        start, self.number = len(self.data), self.number + 1
        self.data += raw + (self.end if end is None else end)
        self.sizes[kind] += len(self.data) - start
        return start, len(self.data)

    def event(self, raw: bytes, time: tuple[str, str] = UTC10, end: bytes | None = None, **values: object) -> None:
        """Add a line that reads as an event with `values`."""
        start, stop = self._line(raw, end, "bytes_parsed")
        fixed = {
            "span_start": start,
            "span_end": stop,
            "locator": f"L{self.number}",
            "event_type": "http_request",
            "timestamp": time[1],
            "timestamp_raw": time[0],
            "timestamp_desc": "Recorded Time",
            "tz_basis": "in_value",
            "time_precision_s": 1.0,
            "timestamp_earliest": time[1],
            "timestamp_latest": time[1].replace(".000000Z", ".999999Z"),
        }
        if "extra" in values:
            values["extra"] = json.dumps(values["extra"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        self.events.append(fixed | {k: v for k, v in values.items() if v is not None})

    def reject(self, raw: bytes, kind: str, reason: str, end: bytes | None = None) -> None:
        """Add a line that is no record."""
        start, stop = self._line(raw, end, "bytes_rejected")
        self.rejects.append({"span_start": start, "span_end": stop, "kind": kind, "reason": reason})

    def blank(self, raw: bytes = b"") -> None:
        """Add a blank line."""
        self._line(raw, None, "bytes_skipped")

    def write(self, folder: str, name: str) -> None:
        """Write the log and its golden."""
        path = HERE / folder / name
        path.write_bytes(self.data)
        counts = {"events": len(self.events), "rejects": len(self.rejects)}
        rows = [{"accounting": {"bytes_in": len(self.data), **self.sizes, **counts}}]
        rows += [{"event": event} for event in self.events] + [{"reject": reject} for reject in self.rejects]
        text = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)
        path.with_name(name + ".golden.jsonl").write_text(text, "utf-8")


def asked(method: str, target: str, version: str = "1.1") -> dict[str, object]:
    return {
        "http_request_method": method,
        "event_action": method.lower(),
        "url_original": target,
        "http_version": version,
    }


def answered(status: int, size: int | None = None) -> dict[str, object]:
    outcome = "success" if status < 400 else "failure"
    return {"http_response_status_code": status, "event_outcome": outcome, "http_response_bytes": size}


class WideLog(Log):
    """A log in UTF-16; lines are given as UTF-8, and the first one's bytes begin with the mark."""

    def __init__(self, codec: str, mark: bytes = b"") -> None:
        """An empty log."""
        super().__init__()
        self.codec, self.mark = codec, mark

    def _line(self, raw: bytes, end: bytes | None, kind: str) -> tuple[int, int]:
        start, self.number = len(self.data), self.number + 1
        line = (raw + (self.end if end is None else end)).decode().encode(self.codec)
        self.data += line if self.data else self.mark + line
        self.sizes[kind] += len(self.data) - start
        return start, len(self.data)


def wide(log: Log) -> None:
    """Ordinary lines around letters of two, three and four bytes, a blank line and one that is no record."""
    traffic(log, 12)
    agent = "Ünïcode \u20ac \U0001d11e/1.0"
    log.event(
        (head("203.0.113.9") + f'"GET /late HTTP/1.1" 200 5 "-" "{agent}"').encode(),
        source_ip="203.0.113.9",
        **asked("GET", "/late"),
        **answered(200, 5),
        user_agent_original=agent,
    )
    log.blank()
    log.reject(b"nothing reads this", "malformed", "the line holds no quoted request")
    traffic(log, 5)


def traffic(log: Log, count: int, site: str = "", *, short: bool = False) -> None:
    """Ordinary lines: a handful of peers reads and posts over two days, with a change of offset on the second."""
    peers = ("203.0.113.7", "198.51.100.23", "2001:db8:4:1::9f", "192.0.2.200")
    users = (None, None, "m.keel", "anna berg")
    targets = ("/", "/forum/thread/81?page=2", "/login", "/media/caf%C3%A9.jpg", "/api/v1/messages?to=17&since=0")
    for i in range(count):
        late = i >= count // 2
        day, hour, rest = 1 + late, 8 + i % 9, f"{i * 7 % 60:02d}:{i * 13 % 60:02d}"
        written = f"{day:02d}/Mar/2026:{hour:02d}:{rest} +0{late:d}00"
        instant = f"2026-03-{day:02d}T{hour - late:02d}:{rest}.000000Z"
        peer, user, target = peers[i * 7 % 4], users[i * 5 % 4], targets[i * 3 % 5]
        method, status = ("POST", 302) if target == "/login" else ("GET", (200, 200, 304, 404, 500)[i * 11 % 5])
        size = None if status == 304 else 300 + i * 37
        referrer = None if i % 3 else "https://forum.example.org/"
        line = f'{site}{peer} - {user or "-"} [{written}] "{method} {target} HTTP/1.1" {status} {size or "-"}'
        values = {"source_ip": peer, "account_login": user} | asked(method, target) | answered(status, size)
        if site:
            name, port = site.strip().split(":")
            values |= {"url_domain": name, "destination_port": int(port)}
        if not short:
            line += f' "{referrer or "-"}" "{SITES}"'
            values |= {"http_request_referrer": referrer, "user_agent_original": SITES}
        log.event(line.encode(), (written, instant), **values)


def head(peer: str, user: str = "-", time: str = UTC10[0]) -> str:
    return f"{peer} - {user} [{time}] "


REST = b'"GET /inbox HTTP/1.1" 200 512 "-" "agent/1"'
READ = asked("GET", "/inbox") | answered(200, 512) | {"user_agent_original": "agent/1"}


def hostile_peers(log: Log) -> None:
    """Peer fields: other spellings, names, lists, and users who pretend to be one."""
    for written, values in (
        ("203.0.113.9:50123", {"source_ip": "203.0.113.9", "source_port": 50123}),
        ("[2001:db8::7]:443", {"source_ip": "2001:db8::7", "source_port": 443}),
        ("2001:DB8:0:0::0007", {"source_ip": "2001:db8::7"}),
        ("fe80::1%eth0", {"source_ip": "fe80::1", "extra": {"address_zone": "eth0"}}),
        (
            "::ffff:192.0.2.33",
            {
                "source_ip": "192.0.2.33",
                "parse_flags": ["v4_mapped"],
                "extra": {"address_as_written": "::ffff:192.0.2.33"},
            },
        ),
        ("client7.example.net", {"parse_flags": ["address_is_name"], "extra": {"peer_name": "client7.example.net"}}),
        ("192.030.0.6", {"parse_flags": ["invalid_address"], "extra": {"address_as_written": "192.030.0.6"}}),
        ("0xc0000221", {"parse_flags": ["invalid_address"], "extra": {"address_as_written": "0xc0000221"}}),
        (
            "198.51.100.9, 203.0.113.77",
            {
                "claimed_ips": ["198.51.100.9", "203.0.113.77"],
                "parse_flags": ["address_list"],
                "extra": {"address_as_written": "198.51.100.9, 203.0.113.77"},
            },
        ),
        (
            "unknown,198.51.100.9",
            {
                "claimed_ips": ["198.51.100.9"],
                "parse_flags": ["address_list"],
                "extra": {"address_as_written": "unknown,198.51.100.9"},
            },
        ),
        ("-", {}),
    ):
        log.event(head(written).encode() + REST, **READ, **values)


def hostile_users(log: Log) -> None:
    """Users with blanks, marks, and whole lines in their names."""
    fake = 'x 198.51.100.66 - - [02/Mar/2026:00:00:00 +0000] \\"GET /planted HTTP/1.1\\" 200 1'
    for user in ("anna berg", 'a\\"b', fake, "[02/Mar/2026:00:00:00 +0000]", "198.51.100.66, 198.51.100.67", "zoë"):
        log.event(head("203.0.113.5", user).encode() + REST, source_ip="203.0.113.5", account_login=user, **READ)
    log.event(
        head("203.0.113.5", '""').encode() + REST, source_ip="203.0.113.5", extra={"user_as_written": '""'}, **READ
    )
    log.event(
        b"203.0.113.5 ident7 bo [01/Mar/2026:10:00:00 +0000] " + REST,
        source_ip="203.0.113.5",
        account_login="bo",
        extra={"ident": "ident7"},
        **READ,
    )


def hostile_requests(log: Log) -> None:
    """Request lines that are none."""
    start, peer = head("203.0.113.5").encode(), {"source_ip": "203.0.113.5", "user_agent_original": "agent/1"}
    for request, kept in (
        (b"-", None),
        (b"", None),
        (rb"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", r"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"),
        (b"GET /old", "GET /old"),
        (b"GET /a b c HTTP/1.1", "GET /a b c HTTP/1.1"),
        (b"GET  HTTP/1.1", "GET  HTTP/1.1"),
    ):
        log.event(
            start + b'"' + request + b'" 400 157 "-" "agent/1"',
            url_original=kept,
            parse_flags=["unsplit_request"],
            **answered(400, 157),
            **peer,
        )
    for request, values in (
        (rb"GET /a\"b\\ HTTP/1.1", asked("GET", r"/a\"b\\")),
        (b"BREW /pot HTTP/2.0", asked("BREW", "/pot", "2.0")),
        (b"GET /h3 HTTP/3", asked("GET", "/h3", "3")),
        ("GET /média HTTP/1.1".encode(), asked("GET", "/média")),
    ):
        log.event(start + b'"' + request + b'" 200 5 "-" "agent/1"', **answered(200, 5), **values, **peer)
    log.event(
        start + b'"GET /caf\xe9 HTTP/1.1" 200 5 "-" "agent/1"',
        parse_flags=["lossy_text"],
        **answered(200, 5),
        **asked("GET", r"/caf\xe9"),
        **peer,
    )


def hostile_answers(log: Log) -> None:
    """Status, size, referrer, agent, and what custom layouts append."""
    start, peer, get = (
        head("203.0.113.5").encode() + b'"GET / HTTP/1.1" ',
        {"source_ip": "203.0.113.5"},
        asked("GET", "/"),
    )
    log.event(
        start + b'000 0 "-" "-"',
        http_response_status_code=0,
        http_response_bytes=0,
        event_outcome="unknown",
        **get,
        **peer,
    )
    log.event(start + b'- - "" ""', event_outcome="unknown", **get, **peer)
    log.event(
        start + b'200 99999999999999999999 "-" "-"',
        extra={"bytes_as_written": "99999999999999999999"},
        **answered(200),
        **get,
        **peer,
    )
    log.event(
        start + rb'200 5 "https://example.com/?q=\"a\"" "x \"y\" \\"',
        http_request_referrer=r"https://example.com/?q=\"a\"",
        user_agent_original=r"x \"y\" \\",
        **answered(200, 5),
        **get,
        **peer,
    )
    log.event(start + b'200 5 "-" "agent/1" "-"', user_agent_original="agent/1", **answered(200, 5), **get, **peer)
    log.event(
        start + b'200 5 "-" "agent/1" "198.51.100.8, 192.0.2.1"',
        user_agent_original="agent/1",
        claimed_ips=["198.51.100.8", "192.0.2.1"],
        extra={"trailing_fields": '"198.51.100.8, 192.0.2.1"'},
        **answered(200, 5),
        **get,
        **peer,
    )
    log.event(
        start + b'200 5 "-" "agent/1" 0.003 "a b"',
        user_agent_original="agent/1",
        extra={"trailing_fields": '0.003 "a b"'},
        **answered(200, 5),
        **get,
        **peer,
    )
    log.event(
        head("203.0.113.5").encode() + b'"GET /?q="x" HTTP/1.1" 200 5 "-" "agent/1"',
        event_outcome="unknown",
        parse_flags=["unsplit_request"],
        extra={"unread_text": '"GET /?q="x" HTTP/1.1" 200 5 "-" "agent/1"'},
        **peer,
    )


def hostile_times(log: Log) -> None:
    """Offsets, and times that are none."""
    for time, instant in (
        ("29/Feb/2028:23:59:59 -0530", "2028-03-01T05:29:59.000000Z"),
        ("01/Jan/2026:00:10:00 +1400", "2025-12-31T10:10:00.000000Z"),
    ):
        log.event(head("203.0.113.5", time=time).encode() + REST, (time, instant), source_ip="203.0.113.5", **READ)
    for time in (
        "30/Feb/2026:10:00:00 +0000",
        "01/JaA/2026:10:00:00 +0000",
        "01/mar/2026:10:00:00 +0000",
        "01/Mar/2026:24:00:00 +0000",
    ):
        reason = "the text in brackets is not a calendar time with an offset"
        log.reject(head("203.0.113.5", time=time).encode() + REST, "malformed", reason)
    log.reject(
        b"203.0.113.5 - - [1772359200.123] " + REST, "malformed", "no time in brackets stands before the request"
    )


def damage(log: Log) -> None:
    """Lines cut short, other logs' lines, blanks; the last line lacks its end."""
    peer = {"source_ip": "203.0.113.5", "parse_flags": ["truncated"]}
    start = head("203.0.113.5").encode()
    log.event(start + b'"GET /cut', event_outcome="unknown", extra={"unread_text": '"GET /cut'}, **peer)
    log.event(
        start + b'"GET / HTTP/1.1" 20',
        event_outcome="unknown",
        extra={"unread_text": "20"},
        **asked("GET", "/"),
        **peer,
    )
    log.event(start + b'"GET / HTTP/1.1" 200', **asked("GET", "/"), **answered(200), **peer)
    log.event(
        start + b'"GET / HTTP/1.1" 200 5 "https://exam',
        extra={"unread_text": '"https://exam'},
        **asked("GET", "/"),
        **answered(200, 5),
        **peer,
    )
    log.event(
        start + b'"GET / HTTP/1.1" 200 5 "https://example.org/" "Mozilla/5.0 (',
        http_request_referrer="https://example.org/",
        extra={"unread_text": '"Mozilla/5.0 ('},
        **asked("GET", "/"),
        **answered(200, 5),
        **peer,
    )
    log.reject(b"203.0.113.5 - - [01/Mar/2026:10:0", "truncated", "the line ends before its request begins")
    log.reject(b"Mar  1 10:00:00 host sshd[7]: session opened", "malformed", "the line holds no quoted request")
    log.reject(b"\x00" * 40, "malformed", "the line holds no quoted request")
    log.blank()
    log.blank(b" \t ")
    log.event(
        start + b'"GET / HTTP/1.1" 200 51',
        end=b"",
        extra={"unread_text": "51"},
        **asked("GET", "/"),
        **answered(200),
        **peer,
    )


def main() -> None:
    log = Log()
    traffic(log, 60)
    log.write("web_combined", "ordinary.log")
    log = Log(b"\r\n")
    traffic(log, 12)
    log.write("web_combined", "carriage_returns.log")
    log = WideLog("utf-16-le", b"\xff\xfe")
    wide(log)
    log.write("web_combined", "utf16_marked.log")
    log = WideLog("utf-16-be")
    wide(log)
    log.write("web_combined", "utf16_unmarked.log")
    log = Log()
    traffic(log, 60)
    for part in (hostile_peers, hostile_users, hostile_requests, hostile_answers, hostile_times):
        part(log)
    site = b"forum.example.org:443 198.51.100.7 - - [01/Mar/2026:10:00:00 +0000] "
    log.reject(site + REST, "unknown_structure", "the line begins with a virtual host and its port")
    log.reject(
        b" " + head("203.0.113.5").encode() + REST, "malformed", "peer, identity and user do not stand before the time"
    )
    log.reject(b"203.0.113.5 " + b"x" * 65536, "limit", "the line is longer than 65536 bytes")
    damage(log)
    log.write("web_combined", "hostile.log")
    log = Log()
    traffic(log, 40, short=True)
    trailing = {"extra": {"trailing_fields": "0.003"}}
    line = head("203.0.113.5").encode() + b'"GET / HTTP/1.1" 200 5'
    log.event(line + b" 0.003", source_ip="203.0.113.5", **asked("GET", "/"), **answered(200, 5), **trailing)
    log.event(head("203.0.113.5").encode() + REST, source_ip="203.0.113.5", **READ)
    log.event(line, end=b"", source_ip="203.0.113.5", **asked("GET", "/"), **answered(200, 5))
    log.write("web_common", "ordinary.log")
    log = Log()
    traffic(log, 40, "forum.example.org:443 ")
    traffic(log, 20, "media.example.org:80 ")
    log.event(
        b"[2001:db8::1]:99999 " + head("198.51.100.7, 192.0.2.1").encode() + REST,
        url_domain="[2001:db8::1]",
        claimed_ips=["198.51.100.7", "192.0.2.1"],
        parse_flags=["address_list"],
        extra={"address_as_written": "198.51.100.7, 192.0.2.1", "port_as_written": "99999"},
        **READ,
    )
    reason = "the line does not begin with a virtual host, its port and a peer"
    log.reject(head("203.0.113.5").encode() + REST, "unknown_structure", reason)
    log.write("web_vhost_combined", "ordinary.log")


if __name__ == "__main__":
    main()
