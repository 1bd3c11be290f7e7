"""Writes the journald fixture and its golden: ``python sample_data/formats/server_log/journald/make.py``.

Everything is invented; the golden follows from what is written here and from nothing else.
"""

# ruff: noqa: E501, D102 - long literal lines

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
START = datetime(2026, 3, 1, 10, 0, 0, 123456, tzinfo=UTC)
FINGERPRINT = "SHA256:q3Zl0c1mUo5sVQx7n8b2yT4rWkE6dHfJ9aPzLgXvNiM"
SSH = {"network_protocol": "ssh", "account_platform": "ssh"}


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Journal:
    """Collects entries and what they say."""

    def __init__(self) -> None:
        self.lines: list[tuple[bytes, dict[str, object] | None, str]] = []

    def entry(self, identifier: str | None, pid: str | None, message: object, kind: str = "log_message", *, text: str | None = None,
              fields: dict[str, object] | None = None, said: dict[str, object] | None = None, mark: bytes = b"", **columns: object) -> None:  # fmt: skip
        at = START + timedelta(seconds=len(self.lines))
        stamp = str(int(at.timestamp()) * 1_000_000 + at.microsecond)
        kept = {"__CURSOR": f"s=0;i={len(self.lines):x}", "PRIORITY": "6", "_BOOT_ID": "b0", **(fields or {})}
        entry = {"__REALTIME_TIMESTAMP": stamp, "__MONOTONIC_TIMESTAMP": "77", "_HOSTNAME": "gate", "MESSAGE": message, **kept}
        entry |= ({"SYSLOG_IDENTIFIER": identifier} if identifier else {}) | ({"_PID": pid} if pid else {})
        event = {"timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "timestamp_raw": stamp, "tz_basis": "epoch", "host_name": "gate", "event_type": kind, **columns}
        event |= ({"process_name": identifier} if identifier else {}) | ({"process_pid": int(pid)} if pid and pid.isdigit() else {})
        event |= {"text": text or message} if text or isinstance(message, str) else {}
        shown = {k: v for k, v in kept.items() if v is not None} | (said or {}) | ({"_PID": pid} if pid and not pid.isdigit() else {})
        self.lines.append((mark + json.dumps(entry).encode(), event | {"extra": canonical(shown)}, ""))

    def refused(self, line: bytes, kind: str) -> None:
        self.lines.append((line, None, kind))

    def skipped(self, line: bytes) -> None:
        self.lines.append((line, None, ""))

    def write(self, name: str) -> None:
        data, golden, rejects = b"", [], []
        count = dict.fromkeys(("bytes_parsed", "bytes_rejected", "bytes_skipped"), 0)
        for number, (line, event, reject) in enumerate(self.lines, 1):
            end = b"\n" if reject != "truncated" else b""
            span = {"span_start": len(data), "span_end": len(data) + len(line + end)}
            data += line + end
            count["bytes_parsed" if event else "bytes_rejected" if reject else "bytes_skipped"] += len(line + end)
            if event:
                golden.append({"event": {**span, "locator": f"L{number}", **event}})
            elif reject:
                rejects.append({"reject": {**span, "kind": reject}})
        accounting = {"bytes_in": len(data), **count, "events": len(golden), "rejects": len(rejects)}
        (HERE / name).write_bytes(data)
        rows = [{"accounting": accounting}, *golden, *rejects]
        (HERE / f"{name}.golden.jsonl").write_text("".join(canonical(row) + "\n" for row in rows))


def main() -> None:
    log = Journal()
    peer = {"source_ip": "203.0.113.20", "source_port": 50022}
    sshd = {"_COMM": "sshd", "_UID": "0", "_EXE": "/usr/sbin/sshd", "_SYSTEMD_UNIT": "ssh.service", "_TRANSPORT": "syslog"}
    log.entry("sshd", "812", f"Accepted publickey for jordan from 203.0.113.20 port 50022 ssh2: ED25519 {FINGERPRINT}", "authentication",
              fields={**sshd, "_SOURCE_REALTIME_TIMESTAMP": "1772359200100000"}, said={"method": "publickey", "key_type": "ED25519"},
              event_action="login", event_outcome="success", account_login="jordan", **SSH, **peer,
              identifiers=[{"type": "key_fingerprint", "value": FINGERPRINT, "raw": FINGERPRINT}])  # fmt: skip
    log.entry("sshd", "812", "pam_unix(sshd:session): session opened for user jordan(uid=1000) by (uid=0)", "session", fields=sshd,
              said={"pam": "sshd:session", "uid": "1000", "by_uid": "0"}, event_action="session_opened", event_outcome="success", account_login="jordan", **SSH)  # fmt: skip
    log.entry("sshd", "4100", "Accepted password for root from 192.0.2.66 port 22 ssh2", fields={"_COMM": "logger", "_UID": "1000", "_TRANSPORT": "syslog"}, parse_flags=["program_unconfirmed"])
    log.entry("sudo", "813", "  jordan : TTY=pts/0 ; PWD=/home/jordan ; USER=root ; COMMAND=/usr/bin/id", "privilege_use", fields={"_COMM": "sudo", "_UID": "1000"},
              said={"tty": "pts/0", "pwd": "/home/jordan", "command": "/usr/bin/id"}, event_action="sudo", event_outcome="success",
              account_platform="unix", account_login="jordan", target_account_login="root")  # fmt: skip
    log.entry("app", "77", list(b"caf\xe9 closed"), text="caf\\xe9 closed", parse_flags=["lossy_text"])
    log.entry("app", "77", list("caf\u00e9 open".encode()), text="caf\u00e9 open")
    log.entry("app", "77", ["first", "second"], text="first")
    log.entry("app", "77", None, fields={"COREDUMP": None, "SYSLOG_FACILITY": ["3", "4"]})
    log.entry(None, None, "a line of the kernel", fields={"_TRANSPORT": "kernel"})
    log.entry("app", "x77", "a process number that is none")
    log.entry("postfix/smtpd", "901", "4C0FFEE01: client=home.example.net[203.0.113.20], sasl_method=PLAIN, sasl_username=ada", "authentication", fields={"_COMM": "smtpd"},
              said={"client_name": "home.example.net", "method": "PLAIN"}, network_protocol="smtp", event_action="login", event_outcome="success", source_ip="203.0.113.20",
              account_platform="email", account_login="ada", identifiers=[{"type": "username", "value": "ada", "raw": "ada"}], thread_id="gate/4C0FFEE01")  # fmt: skip
    log.entry("dovecot", "902", "imap-login: Disconnected (auth failed, 2 attempts in 4 secs): user=<ada>, method=PLAIN, rip=198.51.100.9, lip=203.0.113.5, session=<x1>", "authentication", fields={"_COMM": "log"},
              said={"service": "imap-login", "what": "Disconnected (auth failed, 2 attempts in 4 secs)", "attempts": 2, "seconds": 4, "method": "PLAIN"}, network_protocol="imap", event_action="login",
              event_outcome="failure", source_ip="198.51.100.9", destination_ip="203.0.113.5", session_id="x1", account_platform="email", account_login="ada",
              identifiers=[{"type": "username", "value": "ada", "raw": "ada"}], mark=b"\x1e")  # fmt: skip
    log.skipped(b"\x1e")
    log.skipped(b"")
    log.refused(b'{"MESSAGE":"no time","__CURSOR":"s=1"}', "unknown_structure")
    log.refused(b'{"__REALTIME_TIMESTAMP":"17', "malformed")
    log.entry("app", "77", "the entry before the cut")
    log.refused(b'{"__CURSOR":"s=0","__REALTIME_TIMESTAMP":"1772359218123456","MESSAGE":"cut of', "truncated")
    log.write("journal.json")


if __name__ == "__main__":
    main()
