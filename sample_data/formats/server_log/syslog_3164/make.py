"""Writes the syslog fixtures and their goldens (also those of syslog_5424 and syslog_iso).

Run: ``python sample_data/formats/server_log/syslog_3164/make.py``. Everything is invented; the goldens follow from
what is written here and from nothing else.
"""

# ruff: noqa: E501, DTZ001, D101, D102, FBT001, S108, Q003 - long literal lines, local times

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).parent.parent
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
FP = "SHA256:q3Zl0c1mUo5sVQx7n8b2yT4rWkE6dHfJ9aPzLgXvNiM"
KEY = {"type": "key_fingerprint", "value": FP, "raw": FP}


@dataclass
class Line:
    raw: bytes
    event: dict[str, object] | None = None
    reject: str | None = None
    end: bytes = b"\n"


@dataclass
class Log:
    """Collects lines; `offset_hours` is the zone of the host's clock as the case states it, None when it does not."""

    host: str = "gate"
    offset_hours: int | None = 0
    inferred: bool = True
    lines: list[Line] = field(default_factory=list)

    def bsd(self, at: datetime, tag: str, message: str, kind: str = "log_message", *, pri: int | None = None,
            host: str | None = "", year: bool | None = True, lossy: bytes | None = None, end: bytes = b"\n",
            **columns: object) -> None:  # fmt: skip
        """One RFC 3164 line. `at` is the host's local time; `year=False`: the evidence leaves its year open."""
        host = self.host if host == "" else host
        stamp = f"{MONTHS[at.month - 1]} {at.day:2d} {at:%H:%M:%S}"
        event: dict[str, object] = {"timestamp_raw": stamp}
        flags: list[str] = []
        if year:
            event["timestamp"] = utc(at, self.offset_hours or 0)
            flags.append("year_inferred")
        else:
            flags.append("year_ambiguous")
        head = (f"<{pri}>" if pri is not None else "") + stamp + (f" {host}" if host else "")
        self.add(head, tag, message, kind, event, flags, host, columns, pri=pri, lossy=lossy, end=end)

    def iso(self, stamp: str, at: datetime, tag: str, message: str, kind: str = "log_message",
            *, pri: int | None = None, **columns: object) -> None:  # fmt: skip
        event: dict[str, object] = {"timestamp_raw": stamp, "timestamp": utc(at, 0)}
        head = (f"<{pri}>" if pri is not None else "") + f"{stamp} {self.host}"
        self.add(head, tag, message, kind, event, [], self.host, columns, pri=pri)

    def add(self, head: str, tag: str, message: str, kind: str, event: dict[str, object], flags: list[str],
            host: str | None, columns: dict[str, object], *, pri: int | None = None, lossy: bytes | None = None,
            end: bytes = b"\n") -> None:  # fmt: skip
        event |= {"event_type": kind}
        if message:
            event["text"] = message
        if host:
            event["host_name"] = host
        if tag:
            name, _, pid = tag.partition("[")
            event["process_name"] = name.partition("(")[0]
            if pid:
                event["process_pid"] = int(pid[:-1])
        extra = dict(columns.pop("extra", {}))
        if pri is not None:
            extra |= {"facility": pri // 8, "severity": pri % 8}
        flags = flags + list(columns.pop("flags", []))
        event |= columns
        if extra:
            event["extra"] = extra
        if lossy is not None:
            flags.append("lossy_text")
        if flags:
            event["parse_flags"] = flags
        raw = (head + " " + (f"{tag}: " if tag else "")).encode() + (lossy if lossy is not None else message.encode())
        self.lines.append(Line(raw, event, end=end))

    def whole(self, raw: str, event: dict[str, object]) -> None:
        self.lines.append(Line(raw.encode(), event))

    def refused(self, raw: bytes) -> None:
        self.lines.append(Line(raw, reject="unknown_structure"))

    def skipped(self, raw: bytes) -> None:
        self.lines.append(Line(raw))

    def write(self, folder: str, name: str, settings: str = "") -> None:
        data, golden, rejects, position = b"", [], [], 0
        count = dict.fromkeys(("bytes_parsed", "bytes_rejected", "bytes_skipped"), 0)
        for number, line in enumerate(self.lines, 1):
            data += line.raw + line.end
            span = {"span_start": position, "span_end": len(data)}
            size, position = len(data) - position, len(data)
            if line.event is not None:
                event = dict(line.event)
                if "extra" in event:
                    event["extra"] = canonical(event["extra"])
                golden.append({"event": {**span, "locator": f"L{number}", **event}})
            elif line.reject:
                rejects.append({"reject": {**span, "kind": line.reject}})
            count["bytes_parsed" if line.event is not None else "bytes_rejected" if line.reject else "bytes_skipped"] += size
        accounting = {"bytes_in": len(data), **count, "events": len(golden), "rejects": len(rejects)}
        target = HERE / folder / name
        target.write_bytes(data)
        if settings:
            target.with_name(name + ".settings.toml").write_text(settings)
        rows = [{"accounting": accounting}, *golden, *rejects]
        target.with_name(name + ".golden.jsonl").write_text("".join(canonical(row) + "\n" for row in rows))


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def utc(at: datetime, offset_hours: int) -> str:
    there = at.replace(tzinfo=timezone(timedelta(hours=offset_hours)))
    return there.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def ssh(action: str, outcome: str | None = None, user: str | None = None, ip: str | None = None,
        port: int | None = None, **extra: object) -> dict[str, object]:  # fmt: skip
    out: dict[str, object] = {"event_action": action, "network_protocol": "ssh"}
    if outcome:
        out["event_outcome"] = outcome
    if user is not None:
        out |= {"account_platform": "ssh", "account_login": user}
    if ip:
        out["source_ip"] = ip
    if port:
        out["source_port"] = port
    if extra:
        out["extra"] = extra
    return out


def failed(log: Log, at: datetime, pid: int, user: str, ip: str, port: int) -> None:
    log.bsd(at, f"sshd[{pid}]", f"Failed password for {user} from {ip} port {port} ssh2", "authentication",
            **ssh("login", "failure", user, ip, port, method="password"))  # fmt: skip


def new_year(late: bool) -> Log:
    """80 days over New Year; with `late`, a line of 31 December was written after the first of 1 January."""
    log, at = Log(offset_hours=1), datetime(2022, 11, 20, 6, 25, 1)
    for day in range(80):
        failed(log, at + timedelta(days=day), 4000 + day, "root", f"192.0.2.{day + 1}", 40000 + day)
        if late and (at + timedelta(days=day)).day == 1 and (at + timedelta(days=day)).month == 1:
            failed(log, datetime(2022, 12, 31, 23, 59, 58), 3999, "admin", "198.51.100.7", 51515)
    return log


def leap_day() -> Log:
    log = Log(offset_hours=None)
    for at in (datetime(2024, 2, 28, 9), datetime(2024, 2, 29, 9), datetime(2024, 3, 1, 9)):
        failed(log, at, 77, "root", "192.0.2.9", 50505)
    return log


def without_case() -> Log:
    log = Log(offset_hours=None)
    for hour in range(6):
        at, port = datetime(2024, 2, 29, hour), 50000 + hour
        log.bsd(at, "sshd[12]", f"Failed password for root from 192.0.2.9 port {port} ssh2", "authentication",
                year=False, **ssh("login", "failure", "root", "192.0.2.9", port, method="password"))  # fmt: skip
    return log


def upgraded() -> Log:
    """A host changed its stamps during an upgrade: the later lines carry the year that the earlier ones lack."""
    log = Log(host="harbour", offset_hours=None)
    failed(log, datetime(2023, 12, 30, 22, 0, 0), 1, "root", "192.0.2.44", 40001)
    failed(log, datetime(2024, 1, 2, 22, 0, 0), 2, "root", "192.0.2.44", 40002)
    log.iso("2024-01-03T08:00:00.250000+01:00", datetime(2024, 1, 3, 7, 0, 0, 250000), "sshd[3]",
            "Connection closed by 192.0.2.44 port 40003 [preauth]", "connection",
            **ssh("connection_ended", None, None, "192.0.2.44", 40003, how="closed"))  # fmt: skip
    return log


@dataclass
class Day:
    """Says one line every seven seconds."""

    log: Log
    at: datetime

    def tick(self) -> datetime:
        self.at += timedelta(seconds=7)
        return self.at

    def say(self, message: str, kind: str = "log_message", tag: str = "sshd[812]", **columns: object) -> None:
        self.log.bsd(self.tick(), tag, message, kind, **columns)

    def login(self, message: str, *args: object, **extra: object) -> None:
        self.say(message, "authentication", **ssh(*args, **extra))


def accepted(day: Day) -> None:
    """Logins that worked, and plain failures."""
    day.login("Accepted password for jordan from 203.0.113.20 port 50022 ssh2", "login", "success", "jordan", "203.0.113.20", 50022, method="password")
    day.say(f"Accepted publickey for jordan from 2001:db8::20 port 50023 ssh2: ED25519 {FP}", "authentication",
        identifiers=[KEY], **ssh("login", "success", "jordan", "2001:db8::20", 50023, method="publickey", key_type="ED25519"))  # fmt: skip
    day.say(f"Accepted publickey for deploy from 203.0.113.21 port 50024 ssh2: ED25519-CERT {FP} ID x from 192.0.2.66 port 22 ssh2 (serial 7) CA RSA SHA256:abc",
        "authentication", identifiers=[KEY],
        **ssh("login", "success", "deploy", "203.0.113.21", 50024, method="publickey", key_type="ED25519-CERT",
              key_id="x from 192.0.2.66 port 22 ssh2", serial="7", ca="RSA SHA256:abc"))  # fmt: skip
    day.say("Accepted keyboard-interactive/pam for kim from 203.0.113.22 port 50025 ssh2", "authentication", tag="sshd-session[813]",
        **ssh("login", "success", "kim", "203.0.113.22", 50025, method="keyboard-interactive/pam"))  # fmt: skip
    day.login("Failed password for invalid user oracle from 198.51.100.9 port 3311 ssh2", "login", "failure", "oracle", "198.51.100.9", 3311, method="password", invalid_user=True)
    day.login("Failed none for invalid user  from 198.51.100.9 port 3312 ssh2", "login", "failure", None, "198.51.100.9", 3312, method="none", invalid_user=True)


def planted(day: Day) -> None:
    """Names chosen by clients to plant an address, and how connections end."""
    evil = "root from 192.0.2.66 port 22 ssh2"
    day.login(f"Failed password for invalid user {evil} from 198.51.100.9 port 3313 ssh2", "login", "failure", evil, "198.51.100.9", 3313, method="password", invalid_user=True)
    evil = f"root from 192.0.2.66 port 22 ssh2: RSA {FP}"
    day.login(f"Failed password for {evil} from 198.51.100.9 port 3314 ssh2", "login", "failure", evil, "198.51.100.9", 3314, method="password")
    day.login("Invalid user x from 192.0.2.66 port 22 from 198.51.100.9 port 3315", "unknown_user", "failure", "x from 192.0.2.66 port 22", "198.51.100.9", 3315, invalid_user=True)
    day.login("Invalid user  from 198.51.100.9 port 3316", "unknown_user", "failure", None, "198.51.100.9", 3316, invalid_user=True)
    day.login("Invalid user test from 198.51.100.10", "unknown_user", "failure", "test", "198.51.100.10", invalid_user=True)
    day.login("error: maximum authentication attempts exceeded for invalid user a b from 198.51.100.9 port 3317 ssh2 [preauth]", "attempts_exceeded", "failure", "a b", "198.51.100.9", 3317, invalid_user=True)
    day.login("User guest from 198.51.100.9 not allowed because not listed in AllowUsers", "not_allowed", "failure", "guest", "198.51.100.9", reason="not listed in AllowUsers")
    day.login("Postponed publickey for jordan from 203.0.113.20 port 50026 ssh2 [preauth]", "login_postponed", "unknown", "jordan", "203.0.113.20", 50026, method="publickey")
    day.login("error: PAM: Authentication failure for illegal user eve from 198.51.100.11", "login", "failure", "eve", "198.51.100.11", reason="Authentication failure")
    day.say("Failed password for root from bad.host.example.net port 3318 ssh2", "authentication", flags=["address_is_name"],
        **ssh("login", "failure", "root", None, 3318, method="password", peer_name="bad.host.example.net"))  # fmt: skip
    day.say("Failed password for root from ::ffff:198.51.100.12 port 3319 ssh2", "authentication", flags=["v4_mapped"],
        **ssh("login", "failure", "root", "198.51.100.12", 3319, method="password"))  # fmt: skip
    day.say("Disconnected from user jordan 203.0.113.20 port 50022", "logout", **ssh("disconnected", None, "jordan", "203.0.113.20", 50022))
    day.say("Disconnected from authenticating user root 198.51.100.9 port 3320 [preauth]", "connection", **ssh("disconnected", None, "root", "198.51.100.9", 3320))
    day.say("Disconnected from invalid user 1.2.3.4 port 5 198.51.100.9 port 3321 [preauth]", "connection", **ssh("disconnected", None, "1.2.3.4 port 5", "198.51.100.9", 3321, invalid_user=True))
    day.say("Connection reset by invalid user eve 198.51.100.9 port 3322 [preauth]", "connection", **ssh("connection_ended", None, "eve", "198.51.100.9", 3322, how="reset", invalid_user=True))
    day.say("Connection closed by 2001:db8::9 port 3323 [preauth]", "connection", **ssh("connection_ended", None, None, "2001:db8::9", 3323, how="closed"))
    day.say("Received disconnect from 198.51.100.9 port 3324:11: Bye from 192.0.2.66 port 22:11: x [preauth]", "connection",
        **ssh("disconnected", None, None, "198.51.100.9", 3324, code="11", reason="Bye from 192.0.2.66 port 22:11: x [preauth]"))  # fmt: skip
    day.say("Received disconnect from 2001:db8::1: 11: Bye Bye", "connection", **ssh("disconnected", None, None, "2001:db8::1", code="11", reason="Bye Bye"))
    day.say("Connection from 198.51.100.9 port 3325 on 203.0.113.1 port 22 rdomain \"\"", "connection",
        destination_ip="203.0.113.1", destination_port=22, **ssh("connection_opened", None, None, "198.51.100.9", 3325))  # fmt: skip
    day.say("Bad protocol version identification 'GET / from 192.0.2.66 port 22' from 198.51.100.9 port 3326", "connection",
        **ssh("bad_protocol", None, None, "198.51.100.9", 3326, banner="GET / from 192.0.2.66 port 22"))  # fmt: skip
    day.say("Starting session: command for jordan from 203.0.113.20 port 50022 id 0", "session", **ssh("session_opened", None, "jordan", "203.0.113.20", 50022, what="command", channel="0"))
    day.say("message repeated 3 times: [ Failed password for root from 198.51.100.9 port 3327 ssh2]", "authentication",
        **ssh("login", "failure", "root", "198.51.100.9", 3327, method="password", repeated=3))  # fmt: skip
    day.say("Server listening on 0.0.0.0 port 22.")
    day.say("Failed password for root from 198.51.100.9 port 99999 ssh2", "authentication",
        **{**ssh("login", "failure", "root", "198.51.100.9"), "extra": {"method": "password", "port": "99999"}})  # fmt: skip


def pam(day: Day) -> None:
    """What PAM modules say."""
    day.say("pam_unix(sshd:session): session opened for user jordan(uid=1000) by (uid=0)", "session",
        **ssh("session_opened", "success", "jordan", pam="sshd:session", uid="1000", by_uid="0"))  # fmt: skip
    day.say("pam_unix(sshd:session): session closed for user jordan", "logout", **ssh("session_closed", None, "jordan", pam="sshd:session"))
    day.login("pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=198.51.100.9  user=root", "login", "failure", "root", "198.51.100.9", pam="sshd:auth", uid="0", euid="0", tty="ssh")
    day.login("pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=198.51.100.9 ", "login", "failure", None, "198.51.100.9", pam="sshd:auth", uid="0", euid="0", tty="ssh")
    day.login("pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser=rhost=192.0.2.66 rhost=198.51.100.9", "login", "failure", None, "198.51.100.9", pam="sshd:auth", uid="0", euid="0", tty="ssh", ruser="rhost=192.0.2.66")
    day.login("pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser=x rhost=192.0.2.66 rhost=198.51.100.9", "login", "failure", pam="sshd:auth", uid="0", euid="0", tty="ssh")
    day.login("PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=198.51.100.9  user=root", "login", "failure", "root", "198.51.100.9", pam="sshd", failures="2", uid="0", euid="0", tty="ssh")
    day.login("pam_unix(sshd:auth): check pass; user unknown", "unknown_user", "failure", pam="sshd:auth")
    unix = {"account_platform": "unix", "account_login": "root"}
    day.log.bsd(day.tick(), "su(pam_unix)[21416]", "session opened for user root by jordan(uid=1000)", "session", event_action="session_opened",
            event_outcome="success", **unix, extra={"module": "pam_unix", "pam": "su", "by": "jordan", "by_uid": "1000"})  # fmt: skip
    day.say("pam_unix(cron:session): session closed for user root", "logout", "CRON[99]", event_action="session_closed", **unix, extra={"pam": "cron:session"})


def privileges(day: Day) -> None:
    """sudo, su and systemd-logind."""
    jordan = {"account_platform": "unix", "account_login": "jordan", "event_action": "sudo"}
    day.say("  jordan : TTY=pts/0 ; PWD=/home/jordan ; USER=root ; COMMAND=/usr/bin/cat /etc/shadow", "privilege_use", "sudo", **jordan,
        event_outcome="success", target_account_login="root", extra={"tty": "pts/0", "pwd": "/home/jordan", "command": "/usr/bin/cat /etc/shadow"})  # fmt: skip
    day.say("jordan : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/tmp ; USER=root ; COMMAND=/bin/su", "privilege_use", "sudo", **jordan,
        event_outcome="failure", target_account_login="root", extra={"tty": "pts/0", "pwd": "/tmp", "command": "/bin/su", "reason": "3 incorrect password attempts"})  # fmt: skip
    day.say("jordan : TTY=pts/0 ; PWD=/tmp/x ; USER=mallory ; COMMAND=/bin/true ; USER=root ; COMMAND=/bin/sh", "privilege_use", "sudo", **jordan,
        event_outcome="success", target_account_login="mallory", extra={"tty": "pts/0", "pwd": "/tmp/x", "command": "/bin/true ; USER=root ; COMMAND=/bin/sh"})  # fmt: skip
    day.say("jordan : TTY=pts/0 ; PWD=/tmp/a;b ; USER=root ; COMMAND=/bin/sh", "privilege_use", "sudo", **jordan, event_outcome="unknown", extra={"tty": "pts/0"})
    su = {"account_platform": "unix", "account_login": "jordan", "target_account_login": "root", "event_action": "su"}
    day.say("(to root) jordan on pts/1", "privilege_use", "su[5]", **su, event_outcome="success", extra={"tty": "pts/1"})
    day.say("FAILED SU (to root) jordan on pts/1", "privilege_use", "su[6]", **su, event_outcome="failure", extra={"tty": "pts/1"})
    day.say("Successful su for root by jordan", "privilege_use", "su[7]", **su, event_outcome="success")
    day.say("- /dev/pts/1 jordan:root", "privilege_use", "su[8]", **su, event_outcome="failure", extra={"tty": "/dev/pts/1"})
    day.say("New session 42 of user jordan.", "session", "systemd-logind[600]", event_action="session_opened", session_id="42",
        account_platform="unix", account_login="jordan")  # fmt: skip
    day.say("Removed session 42.", "logout", "systemd-logind[600]", event_action="session_removed", session_id="42")


def shapes(day: Day) -> None:
    """Lines of unusual shape."""
    day.say("[ 12.345678] usb 1-1: new device", tag="kernel")
    day.log.bsd(day.tick(), "", "last message repeated 2 times")
    day.log.bsd(day.tick(), "sshd[9]", "Connection closed by 198.51.100.9 port 3328", "connection", pri=38,
            **ssh("connection_ended", None, None, "198.51.100.9", 3328, how="closed"))  # fmt: skip
    day.log.bsd(day.tick(), "app[3]", "a tag without a host before it", host=None)
    day.log.bsd(day.tick(), "app[3]", "caf\\xe9 closed", lossy=b"caf\xe9 closed")
    day.log.bsd(day.tick(), "app[3]", "a line that ends as Windows ends them", end=b"\r\n")
    day.log.skipped(b"")
    day.log.skipped(b"\0" * 40)
    day.log.refused(b"    at example.Frame.run(Frame.java:12)")
    day.log.bsd(day.tick(), "app[3]", "the last line has no en", end=b"")


def everyday() -> Log:
    """What an auth.log holds on an ordinary and on a hostile day."""
    day = Day(Log(offset_hours=2), datetime(2026, 5, 4, 8, 0, 0))
    for part in (accepted, planted, pam, privileges, shapes):
        part(day)
    return day.log


def ietf() -> Log:
    log = Log()

    def event(stamp: str, at: datetime | None, kind: str = "log_message", **columns: object) -> dict[str, object]:
        time = {"timestamp_raw": stamp, "timestamp": utc(at, 0)} if at else {}
        return {**time, "event_type": kind, **columns}

    t1 = datetime(2026, 3, 1, 9, 14, 15, 3000)
    log.whole("<34>1 2026-03-01T10:14:15.003+01:00 mx.example.org su 100 ID47 - \ufeff'su root' failed for jordan on /dev/pts/8",
              event("2026-03-01T10:14:15.003+01:00", t1, host_name="mx.example.org", process_name="su", process_pid=100,
                    text="'su root' failed for jordan on /dev/pts/8", extra={"facility": 4, "severity": 2, "msgid": "ID47"}))  # fmt: skip
    log.whole('<165>1 2026-03-01T09:14:16.000003Z 192.0.2.1 evntslog - ID48 [exampleSDID@32473 iut="3" eventSource="Appli\\"cation\\]"][origin ip="192.0.2.1" ip="192.0.2.2"] An event',
              event("2026-03-01T09:14:16.000003Z", datetime(2026, 3, 1, 9, 14, 16, 3), host_name="192.0.2.1", process_name="evntslog", text="An event",
                    extra={"facility": 20, "severity": 5, "msgid": "ID48",
                           "sd": {"exampleSDID@32473": {"iut": ["3"], "eventSource": ['Appli"cation]']}, "origin": {"ip": ["192.0.2.1", "192.0.2.2"]}}}))  # fmt: skip
    log.whole("<86>1 2026-03-01T09:14:17Z gate sshd 812 - - Accepted password for jordan from 203.0.113.20 port 50022 ssh2",
              event("2026-03-01T09:14:17Z", datetime(2026, 3, 1, 9, 14, 17), "authentication", host_name="gate", process_name="sshd", process_pid=812,
                    text="Accepted password for jordan from 203.0.113.20 port 50022 ssh2",
                    **{**ssh("login", "success", "jordan", "203.0.113.20", 50022), "extra": {"facility": 10, "severity": 6, "method": "password"}}))  # fmt: skip
    log.whole("<13>1 - - - - - - no header value is known", event("", None, text="no header value is known", extra={"facility": 1, "severity": 5}))
    log.whole('<13>1 2026-03-01T09:14:19Z gate app abc - [meta seq="1"]',
              event("2026-03-01T09:14:19Z", datetime(2026, 3, 1, 9, 14, 19), host_name="gate", process_name="app",
                    extra={"facility": 1, "severity": 5, "sd": {"meta": {"seq": ["1"]}}, "pid": "abc"}))  # fmt: skip
    log.host = "gate"
    log.iso("2026-03-01T10:14:20.5+01:00", datetime(2026, 3, 1, 9, 14, 20, 500000), "sshd[4]", "Received signal 15; terminating.", pri=38)
    log.refused(b'<13>1 2026-03-01T09:14:21Z gate app 1 - [meta seq="1" broken data')
    return log


def iso() -> Log:
    log = Log(host="harbour")
    log.iso("2026-03-01T10:00:00.123456+01:00", datetime(2026, 3, 1, 9, 0, 0, 123456), "sshd-session[71]",
            "Failed password for invalid user pat from 2001:db8::66 port 40000 ssh2", "authentication",
            **ssh("login", "failure", "pat", "2001:db8::66", 40000, method="password", invalid_user=True))  # fmt: skip
    log.iso("2026-03-01T09:00:01+0000", datetime(2026, 3, 1, 9, 0, 1), "systemd[1]", "Started Session 3 of User jordan.")
    log.iso("2026-03-01T09:00:02Z", datetime(2026, 3, 1, 9, 0, 2), "sudo", "pam_unix(sudo:session): session closed for user root", "logout",
            event_action="session_closed", account_platform="unix", account_login="root", extra={"pam": "sudo:session"})  # fmt: skip
    log.lines.append(Line(b"2026-03-01T10:00:03 harbour cron[8]: the stamp has no zone", {
        "timestamp_raw": "2026-03-01T10:00:03", "timestamp": "2026-03-01T09:00:03.000000Z", "event_type": "log_message",
        "host_name": "harbour", "process_name": "cron", "process_pid": 8, "text": "the stamp has no zone", "tz_basis": "case_setting"}))  # fmt: skip
    return log


def main() -> None:
    berlin = 'timezone = "Europe/Berlin"\n'
    new_year(late=False).write("syslog_3164", "new_year.log", berlin + 'acquired_at = "2023-02-10T08:00:00+00:00"\n')
    new_year(late=True).write("syslog_3164", "new_year_late_line.log", berlin + 'acquired_at = "2023-02-10T08:00:00+00:00"\n')
    leap_day().write("syslog_3164", "leap_day.log", 'acquired_at = "2025-03-02T00:00:00+00:00"\n')
    without_case().write("syslog_3164", "without_case.log")
    upgraded().write("syslog_3164", "upgraded_host.log")
    everyday().write("syslog_3164", "auth.log", berlin + 'acquired_at = "2026-06-01T00:00:00+00:00"\n')
    ietf().write("syslog_5424", "relay.log")
    iso().write("syslog_iso", "auth.log", berlin)


if __name__ == "__main__":
    main()
