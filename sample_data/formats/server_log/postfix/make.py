"""Writes the fixtures of the mail logs (postfix, dovecot, exim) and their goldens.

Run: ``python sample_data/formats/server_log/postfix/make.py``. Everything is invented; the goldens follow from what is
written here and from nothing else.
"""

# ruff: noqa: E501, DTZ001, D101, D102, Q003 - long literal lines, local times

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).parent.parent
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
BERLIN = 'timezone = "Europe/Berlin"\nacquired_at = "2026-06-01T00:00:00+00:00"\n'
ADA = {"account_platform": "email", "account_login": "ada", "identifiers": [{"type": "username", "value": "ada", "raw": "ada"}]}
ADA_AT = {
    "account_platform": "email",
    "account_login": "ada@example.org",
    "identifiers": [{"type": "email", "value": "ada@example.org", "raw": "ada@example.org"}],
}


def login(name: str) -> dict[str, object]:
    kind = "email" if "@" in name else "username"
    return {"account_platform": "email", "account_login": name, "identifiers": [{"type": kind, "value": name, "raw": name}]}


@dataclass
class Log:
    """Collects lines and what they say; `hours` is the host's offset from UTC."""

    hours: int = 2
    at: datetime = datetime(2026, 5, 4, 8, 0, 0)
    parts: list[tuple[bytes, dict[str, object] | None, str]] = field(default_factory=list)

    def tick(self) -> datetime:
        self.at += timedelta(seconds=3)
        return self.at

    def bsd(self, tag: str, message: str, kind: str = "log_message", host: str | None = "mx1", **columns: object) -> None:
        at = self.tick()
        stamp = f"{MONTHS[at.month - 1]} {at.day:2d} {at:%H:%M:%S}"
        flags = ["year_inferred", *columns.pop("flags", [])]
        self._say(stamp, stamp, host, tag, message, kind, columns | {"parse_flags": flags})

    def iso(self, tag: str, message: str, kind: str = "log_message", host: str | None = "mx1", **columns: object) -> None:
        stamp = f"{self.tick():%Y-%m-%dT%H:%M:%S}.000000+{self.hours:02d}:00"
        flags = columns.pop("flags", [])
        self._say(stamp, stamp, host, tag, message, kind, columns | ({"parse_flags": flags} if flags else {}))

    def _say(self, head: str, raw: str, host: str | None, tag: str, message: str, kind: str, columns: dict[str, object]) -> None:
        name, _, pid = tag.partition("[")
        event = {"timestamp": utc(self.at, self.hours), "timestamp_raw": raw, "event_type": kind, "process_name": name or "dovecot", **columns}
        event |= {"process_pid": int(pid[:-1])} if pid else {}
        event |= {"host_name": host} if host else {}
        event |= {"text": message} if message else {}
        line = head + (f" {host}" if host else "") + (f" {tag}: " if tag else " ") + message
        self.parts.append((line.encode(), event, ""))

    def raw(self, line: str, event: dict[str, object]) -> None:
        self.parts.append((line.encode(), event, ""))

    def refused(self, line: str) -> None:
        self.parts.append((line.encode(), None, "unknown_structure"))

    def blank(self) -> None:
        self.parts.append((b"", None, ""))

    def line_number(self) -> int:
        """Number of the line written last."""
        return len(self.parts)

    def write(self, folder: str, name: str, settings: str = BERLIN) -> None:
        data, golden, rejects, count = b"", [], [], dict.fromkeys(("bytes_parsed", "bytes_rejected", "bytes_skipped"), 0)
        for number, (line, event, reject) in enumerate(self.parts, 1):
            span = {"span_start": len(data), "span_end": len(data) + len(line) + 1}
            data += line + b"\n"
            count["bytes_parsed" if event is not None else "bytes_rejected" if reject else "bytes_skipped"] += len(line) + 1
            if event is not None:
                shown = dict(event)
                if shown.get("extra"):
                    shown["extra"] = canonical(shown["extra"])
                golden.append({"event": {**span, "locator": f"L{number}", **{k: v for k, v in shown.items() if v not in (None, {}, [])}}})
            elif reject:
                rejects.append({"reject": {**span, "kind": reject}})
        accounting = {"bytes_in": len(data), **count, "events": len(golden), "rejects": len(rejects)}
        target = HERE / folder / name
        target.write_bytes(data)
        if settings:
            target.with_name(name + ".settings.toml").write_text(settings)
        rows = [{"accounting": accounting}, *golden, *rejects]
        target.with_name(name + ".golden.jsonl").write_text("".join(canonical(row) + "\n" for row in rows))


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def utc(at: datetime, hours: int) -> str:
    return at.replace(tzinfo=timezone(timedelta(hours=hours))).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


SMTP = {"network_protocol": "smtp"}


def smtp(action: str, outcome: str | None = None, **columns: object) -> dict[str, object]:
    return {**SMTP, "event_action": action, **({"event_outcome": outcome} if outcome else {}), **columns}


def submission(log: Log) -> None:
    """A login, a message, two deliveries: everything on the deliveries."""
    say, peer = log.bsd, {"source_ip": "203.0.113.20", "source_port": 51022}
    say("postfix/submission/smtpd[811]", "connect from home.example.net[203.0.113.20]:51022", "connection", **smtp("connection_opened", **peer, extra={"client_name": "home.example.net"}))
    say("postfix/submission/smtpd[811]", "Anonymous TLS connection established from home.example.net[203.0.113.20]:51022: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)", "connection",
        **smtp("tls_established", **peer, extra={"client_name": "home.example.net", "verified": "Anonymous", "tls": "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"}))  # fmt: skip
    thread = {"thread_id": "mx1/4C0FFEE01#1"}
    say("postfix/submission/smtpd[811]", "4C0FFEE01: client=home.example.net[203.0.113.20]:51022, sasl_method=PLAIN, sasl_username=ada", "authentication",
        **smtp("login", "success", **peer, **ADA, **thread, extra={"client_name": "home.example.net", "method": "PLAIN"}))  # fmt: skip
    opened = log.line_number()
    message = {"message_id": "<note-1@home.example.net>"}
    say("postfix/cleanup[815]", "4C0FFEE01: message-id=<note-1@home.example.net>", **smtp("message_id", **message, **thread))
    say("postfix/cleanup[815]", "4C0FFEE01: info: header Subject: Your garden from home.example.net[203.0.113.20]; from=<ada@example.org> to=<rowan@example.com> proto=ESMTP helo=<laptop>",
        **smtp("content_check", source_ip="203.0.113.20", sender="ada@example.org", recipients=["rowan@example.com"], email_subject="Your garden", **thread,
               extra={"verb": "info", "content": "Subject: Your garden", "client_name": "home.example.net", "proto": "ESMTP", "helo": "laptop"}))  # fmt: skip
    say("postfix/qmgr[700]", "4C0FFEE01: from=<ada@example.org>, size=1834, nrcpt=2 (queue active)", **smtp("queued", sender="ada@example.org", **thread, extra={"size": "1834", "recipient_count": "2", "queue_name": "active"}))
    known = {**peer, **ADA, **thread, **message, "sender": "ada@example.org", "email_subject": "Your garden"}
    joined = {"joined_from": [f"L{opened}", f"L{opened + 1}", f"L{opened + 2}", f"L{opened + 3}"], "client_name": "home.example.net", "helo": "laptop", "method": "PLAIN", "size": "1834"}
    say("postfix/smtp[820]", "4C0FFEE01: to=<rowan@example.com>, relay=mx.example.com[198.51.100.25]:25, delay=1.2, delays=0.1/0.01/0.5/0.6, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9F00D12345)", "email_message",
        **smtp("delivered", "success", **known, recipients=["rowan@example.com"], destination_ip="198.51.100.25", destination_port=25,
               extra={**joined, "relay": "mx.example.com", "delay": "1.2", "delays": "0.1/0.01/0.5/0.6", "dsn": "2.0.0", "status": "sent", "reply": "250 2.0.0 Ok: queued as 9F00D12345", "queued_as": "9F00D12345"}))  # fmt: skip
    say("postfix/smtp[821]", "4C0FFEE01: to=<sam@example.net>, orig_to=<list@example.org>, relay=mx6.example.net[2001:db8::25]:25, conn_use=2, delay=2, delays=0.1/0/1/1, dsn=4.7.1, status=deferred (host mx6.example.net[2001:db8::25] said: 450 4.7.1 try later (in reply to RCPT TO command))", "email_message",
        **smtp("deferred", "failure", **known, recipients=["sam@example.net"], destination_ip="2001:db8::25", destination_port=25,
               extra={**joined, "orig_to": "list@example.org", "relay": "mx6.example.net", "delay": "2", "delays": "0.1/0/1/1", "dsn": "4.7.1", "status": "deferred", "reply": "host mx6.example.net[2001:db8::25] said: 450 4.7.1 try later (in reply to RCPT TO command)"}))  # fmt: skip
    say("postfix/qmgr[700]", "4C0FFEE01: from=<ada@example.org>, status=expired, returned to sender", "email_message", **smtp("expired", "failure", **known, extra=joined))
    say("postfix/bounce[830]", "4C0FFEE01: sender non-delivery notification: 4C0FFEE09", **smtp("notice", **thread, extra={"notice": "sender non-delivery", "notice_queue_id": "4C0FFEE09"}))
    say("postfix/qmgr[700]", "4C0FFEE01: removed", **smtp("removed", **thread))
    say("postfix/submission/smtpd[811]", "disconnect from home.example.net[203.0.113.20]:51022 ehlo=2 starttls=1 auth=1 mail=1 rcpt=2 data=1 quit=1 commands=9", "connection",
        **smtp("disconnected", **peer, extra={"client_name": "home.example.net", "commands": "ehlo=2 starttls=1 auth=1 mail=1 rcpt=2 data=1 quit=1 commands=9"}))  # fmt: skip


def reuse(log: Log) -> None:
    """The same short queue id again, another message; then a bounce that begins in cleanup."""
    say, thread, peer = log.bsd, {"thread_id": "mx1/4C0FFEE01#2"}, {"source_ip": "198.51.100.9"}
    say("postfix/smtpd[901]", "4C0FFEE01: client=unknown[198.51.100.9]", "connection", **smtp("message_begun", **peer, **thread))
    opened = log.line_number()
    say("postfix/cleanup[915]", "4C0FFEE01: message-id=<>", **smtp("message_id", **thread))
    say("postfix/qmgr[700]", "4C0FFEE01: from=<>, size=512, nrcpt=1 (queue active)", **smtp("queued", **thread, extra={"size": "512", "recipient_count": "1", "queue_name": "active"}))
    say("postfix/local[920]", "4C0FFEE01: to=<ada@mx1.example.org>, relay=local, delay=0.2, delays=0.1/0/0/0.1, dsn=2.0.0, status=sent (delivered to mailbox)", "email_message",
        **smtp("delivered", "success", **peer, **thread, recipients=["ada@mx1.example.org"],
               extra={"joined_from": [f"L{opened}", f"L{opened + 2}"], "size": "512", "relay": "local", "delay": "0.2", "delays": "0.1/0/0/0.1", "dsn": "2.0.0", "status": "sent", "reply": "delivered to mailbox"}))  # fmt: skip
    say("postfix/qmgr[700]", "4C0FFEE01: removed", **smtp("removed", **thread))
    local = {"thread_id": "mx1/4XkQ9s1zLz#1"}
    say("postfix/pickup[930]", "4XkQ9s1zLz: uid=1000 from=<ada>", **smtp("submitted", sender="ada", **local, extra={"uid": "1000"}))
    say("postfix/error[931]", "4XkQ9s1zLz: to=<x@example.invalid>, relay=none, delay=0.1, delays=0.1/0/0/0, dsn=5.4.4, status=bounced (Host or domain name not found)", "email_message",
        **smtp("bounced", "failure", sender="ada", recipients=["x@example.invalid"], **local,
               extra={"joined_from": [f"L{log.line_number()}"], "uid": "1000", "relay": "none", "delay": "0.1", "delays": "0.1/0/0/0", "dsn": "5.4.4", "status": "bounced", "reply": "Host or domain name not found"}))  # fmt: skip


def filtered(log: Log) -> None:
    """A message that passes a content filter: the first peer is known under the first queue id."""
    say, first, second = log.bsd, {"thread_id": "mx1/4AB1234567#1"}, {"thread_id": "mx1/4AB7654321#1"}
    say("postfix/smtpd[940]", "4AB1234567: client=mail.example.com[198.51.100.20]", "connection", **smtp("message_begun", source_ip="198.51.100.20", **first, extra={"client_name": "mail.example.com"}))
    origin = log.line_number()
    say("postfix/smtpd[941]", "4AB7654321: client=localhost[127.0.0.1], orig_queue_id=4AB1234567, orig_client=mail.example.com[198.51.100.20]", "connection",
        **smtp("message_begun", source_ip="127.0.0.1", claimed_ips=["198.51.100.20"], **second,
               extra={"client_name": "localhost", "orig_queue_id": "4AB1234567", "orig_client": "mail.example.com[198.51.100.20]", "orig_thread": "mx1/4AB1234567#1"}))  # fmt: skip
    say("postfix/virtual[942]", "4AB7654321: to=<ada@example.org>, relay=virtual, delay=0.5, delays=0.4/0/0/0.1, dsn=2.0.0, status=sent (delivered to maildir)", "email_message",
        **smtp("delivered", "success", source_ip="198.51.100.20", claimed_ips=["198.51.100.20"], recipients=["ada@example.org"], **second,
               extra={"joined_from": [f"L{origin}", f"L{origin + 1}"], "client_name": "mail.example.com", "orig_thread": "mx1/4AB1234567#1", "relay": "virtual", "delay": "0.5", "delays": "0.4/0/0/0.1", "dsn": "2.0.0", "status": "sent", "reply": "delivered to maildir"}))  # fmt: skip
    # The filter names a peer that no line of this log saw: it stays a claim.
    third = {"thread_id": "mx1/4AB7777777#1"}
    say("postfix/smtpd[941]", "4AB7777777: client=localhost[127.0.0.1], orig_queue_id=4AB1234567, orig_client=unknown[192.0.2.66]", "connection",
        **smtp("message_begun", source_ip="127.0.0.1", claimed_ips=["192.0.2.66"], **third,
               extra={"client_name": "localhost", "orig_queue_id": "4AB1234567", "orig_client": "unknown[192.0.2.66]", "orig_thread": "mx1/4AB1234567#1"}))  # fmt: skip
    log.blank()


def refusals(log: Log) -> None:
    """Refused recipients, failed logins, and names made to look like the ends of fields."""
    say, peer = log.bsd, {"source_ip": "198.51.100.9"}
    say("postfix/smtpd[950]", "NOQUEUE: reject: RCPT from unknown[198.51.100.9]: 554 5.7.1 <rowan@example.com>: Relay access denied; from=<ada@example.org> to=<rowan@example.com> proto=ESMTP helo=<[192.0.2.66]>", "email_message",
        **smtp("rejected", "failure", **peer, sender="ada@example.org", recipients=["rowan@example.com"],
               extra={"stage": "RCPT", "code": "554", "dsn": "5.7.1", "reason": "<rowan@example.com>: Relay access denied", "proto": "ESMTP", "helo": "[192.0.2.66]"}))  # fmt: skip
    say("postfix/smtpd[950]", 'NOQUEUE: reject: RCPT from unknown[198.51.100.9]: 550 5.1.1 <"; from=<x> to=<y> proto=SMTP helo=<z"@example.org>: Recipient address rejected: User unknown; from=<> to=<"; from=<x> to=<y> proto=SMTP helo=<z"@example.org> proto=ESMTP helo=<z>', "email_message",
        **smtp("rejected", "failure", **peer, extra={"stage": "RCPT", "code": "550", "dsn": "5.1.1", "reason": '<"'}), flags=["fields_ambiguous"])  # fmt: skip
    say("postfix/smtpd[950]", "NOQUEUE: reject: RCPT from unknown[2001:db8::9]: 450 4.7.1 <a>: Helo command rejected: Host not found; from=<e@example.net> to=<ada@example.org> proto=SMTP helo=<b> from unknown[192.0.2.66]; from=<f@example.net>", "email_message",
        **smtp("rejected", "failure", source_ip="2001:db8::9", extra={"stage": "RCPT", "code": "450", "dsn": "4.7.1", "reason": "<a>: Helo command rejected: Host not found"}), flags=["fields_ambiguous"])  # fmt: skip
    say("postfix/smtpd[951]", "warning: unknown[198.51.100.9]: SASL LOGIN authentication failed: UGFzc3dvcmQ6", "authentication", **smtp("login", "failure", **peer, extra={"method": "LOGIN", "reason": "UGFzc3dvcmQ6"}))
    say("postfix/smtpd[951]", "warning: unknown[198.51.100.9]: SASL PLAIN authentication failed: (reason unavailable), sasl_username=ada from unknown[192.0.2.66]", "authentication",
        **smtp("login", "failure", **peer, **login("ada from unknown[192.0.2.66]"), extra={"method": "PLAIN", "reason": "(reason unavailable)"}))  # fmt: skip
    say("postfix/smtpd[951]", "warning: hostname host9.example.net does not resolve to address 2001:db8::9: Name or service not known",
        **smtp("name_mismatch", source_ip="2001:db8::9", extra={"peer_name": "host9.example.net", "reason": "Name or service not known"}))  # fmt: skip
    say("postfix/smtpd[951]", "lost connection after AUTH from unknown[198.51.100.9]", "connection", **smtp("connection_lost", **peer, extra={"stage": "AUTH"}))
    say("postfix/smtpd[951]", "disconnect from unknown[unknown]", "connection", **smtp("disconnected"))
    say("postfix/smtpd[951]", "warning: non-SMTP command from unknown[198.51.100.9]: GET / HTTP/1.1 from x[192.0.2.66]", "connection", **smtp("bad_protocol", **peer, extra={"input": "GET / HTTP/1.1 from x[192.0.2.66]"}))
    say("postfix/anvil[960]", "statistics: max connection rate 7/60s for (smtp:198.51.100.9) at May  4 08:00:59",
        **smtp("statistics", **peer, extra={"what": "connection rate", "value": "7/60s", "service": "smtp", "at": "May  4 08:00:59"}))  # fmt: skip
    say("postfix/anvil[960]", "statistics: max cache size 3 at May  4 08:00:59")
    say("postfix/smtp[970]", "connect to mx.example.com[198.51.100.25]:25: Connection refused", "connection",
        **smtp("connect_failed", "failure", destination_ip="198.51.100.25", destination_port=25, extra={"to_name": "mx.example.com", "reason": "Connection refused"}))  # fmt: skip
    planted = {"thread_id": "mx1/4BAD000001#1"}
    say("postfix/cleanup[971]", "4BAD000001: warning: header Subject: hi from good.example.org[192.0.2.66]; from=<a@example.org> to=<b@example.org> proto=SMTP helo=<c>: x from unknown[198.51.100.9]; from=<e@example.net> to=<ada@example.org> proto=ESMTP helo=<d>",
        **smtp("content_check", **planted, extra={"verb": "warning"}), flags=["fields_ambiguous"])  # fmt: skip
    say("postfix/smtp[972]", '4BAD000001: to=<"a>, relay=mx.example.org[192.0.2.66]:25, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (x)"@example.com>, relay=mx.example.com[198.51.100.25]:25, delay=1, delays=1/0/0/0, dsn=5.0.0, status=bounced (no)', "email_message",
        **smtp("delivery", "unknown", **planted), flags=["fields_ambiguous"])  # fmt: skip
    say("postfix/cleanup[971]", "4BAD000001: milter-reject: END-OF-MESSAGE from unknown[198.51.100.9]: 5.7.1 Spam message rejected; from=<e@example.net> to=<ada@example.org> proto=ESMTP helo=<d>", "email_message",
        **smtp("rejected", "failure", **peer, **planted, sender="e@example.net", recipients=["ada@example.org"],
               extra={"stage": "END-OF-MESSAGE", "dsn": "5.7.1", "reason": "Spam message rejected", "proto": "ESMTP", "helo": "d"}))  # fmt: skip


def screened(log: Log) -> None:
    """postscreen, and other programs in the same file."""
    say, peer = log.bsd, {"source_ip": "198.51.100.9", "source_port": 40111}
    say("postfix/postscreen[980]", "CONNECT from [198.51.100.9]:40111 to [203.0.113.5]:25", "connection", **smtp("connection_opened", **peer, destination_ip="203.0.113.5", destination_port=25))
    say("postfix/postscreen[980]", "PREGREET 14 after 0.08 from [198.51.100.9]:40111: EHLO x\\r\\n", "connection", **smtp("spoke_early", **peer, extra={"length": "14", "after": "0.08", "input": "EHLO x\\r\\n"}))
    say("postfix/dnsblog[981]", "addr 198.51.100.9 listed by domain dnsbl.example.net as 127.0.0.2", **smtp("listed", source_ip="198.51.100.9", extra={"list": "dnsbl.example.net", "code": "127.0.0.2"}))
    say("postfix/postscreen[980]", "DNSBL rank 5 for [198.51.100.9]:40111", "connection", **smtp("listed", **peer, extra={"rank": "5"}))
    say("postfix/postscreen[980]", "NOQUEUE: reject: RCPT from [198.51.100.9]:40111: 550 5.7.1 Service unavailable; client [198.51.100.9] blocked using dnsbl.example.net; from=<e@example.net>, to=<ada@example.org>, proto=ESMTP, helo=<x>", "email_message",
        **smtp("rejected", "failure", **peer, sender="e@example.net", recipients=["ada@example.org"],
               extra={"stage": "RCPT", "code": "550", "dsn": "5.7.1", "reason": "Service unavailable; client [198.51.100.9] blocked using dnsbl.example.net", "proto": "ESMTP", "helo": "x"}))  # fmt: skip
    say("postfix/postscreen[980]", "HANGUP after 0.3 from [198.51.100.9]:40111 in tests after SMTP handshake", "connection", **smtp("hung_up", **peer, extra={"after": "0.3", "test": "tests after SMTP handshake"}))
    say("postfix/postscreen[980]", "DISCONNECT [198.51.100.9]:40111", "connection", **smtp("disconnected", **peer))
    say("postfix/master[600]", "daemon started -- version 3.7.11, configuration /etc/postfix")
    say("dovecot", "imap-login: Login: user=<ada>, method=PLAIN, rip=203.0.113.20, lip=203.0.113.5, mpid=77, TLS, session=<q3Zl0c1mUo5s>", "authentication", network_protocol="imap", event_action="login", event_outcome="success",
        **ADA, source_ip="203.0.113.20", destination_ip="203.0.113.5", session_id="q3Zl0c1mUo5s", extra={"service": "imap-login", "what": "Login", "method": "PLAIN", "mpid": "77", "tls": "TLS"})  # fmt: skip
    say("opendkim[500]", "4C0FFEE01: DKIM-Signature field added (s=k1, d=example.org)")
    log.refused("    a line of something else")


def ietf() -> Log:
    log = Log(hours=0, at=datetime(2026, 3, 17, 23, 5, 3))
    for number, (message, columns) in enumerate((
        ("connect from unknown[203.0.113.57]", {"event_type": "connection", **smtp("connection_opened", source_ip="203.0.113.57")}),
        ("4Q1a0z: client=unknown[203.0.113.57]", {"event_type": "connection", **smtp("message_begun", source_ip="203.0.113.57", thread_id="mx.example.org/4Q1a0z#1")}),
        ("4Q1a0z: message-id=<a1@quay.example.com>", {"event_type": "log_message", **smtp("message_id", message_id="<a1@quay.example.com>", thread_id="mx.example.org/4Q1a0z#1")}),
    )):  # fmt: skip
        stamp = f"{log.tick():%Y-%m-%dT%H:%M:%S}.411Z"
        log.raw(f'<22>1 {stamp} mx.example.org postfix/smtpd 2210 - [queue@32473 n="{number}"] {message}',
                {"timestamp": f"{log.at:%Y-%m-%dT%H:%M:%S}.411000Z", "timestamp_raw": stamp, "host_name": "mx.example.org", "process_name": "postfix/smtpd", "process_pid": 2210,
                 "text": message, **columns, "extra": {"facility": 2, "severity": 6, "sd": {"queue@32473": {"n": [str(number)]}}}})  # fmt: skip
    return log


def iso() -> Log:
    """Stamps as Debian 12 writes them."""
    log = Log()
    log.iso("postfix/smtpd[811]", "connect from unknown[IPv6:2001:db8::9]", "connection", **smtp("connection_opened", source_ip="2001:db8::9"))
    log.iso("postfix/smtpd[811]", "timeout after DATA (2048 bytes) from unknown[::ffff:198.51.100.9]", "connection", flags=["v4_mapped"], **smtp("timeout", source_ip="198.51.100.9", extra={"stage": "DATA (2048 bytes)"}))
    log.iso("postfix-out/smtp[12]", "Untrusted TLS connection established to mx.example.com[198.51.100.25]:25: TLSv1.2 with cipher X (128/128 bits)", "connection",
        **smtp("tls_established", destination_ip="198.51.100.25", destination_port=25, extra={"to_name": "mx.example.com", "verified": "Untrusted", "tls": "TLSv1.2 with cipher X (128/128 bits)"}))  # fmt: skip
    return log


def postfix() -> Log:
    log = Log()
    for part in (submission, reuse, filtered, refusals, screened):
        part(log)
    return log


def imap(action: str, outcome: str | None = None, protocol: str = "imap", **columns: object) -> dict[str, object]:
    return {"network_protocol": protocol, "event_action": action, **({"event_outcome": outcome} if outcome else {}), **columns}


def dovecot_logins(log: Log) -> None:
    say, here = log.bsd, {"destination_ip": "203.0.113.5"}
    say("dovecot", "imap-login: Login: user=<ada@example.org>, method=PLAIN, rip=203.0.113.20, lip=203.0.113.5, mpid=4711, TLS, session=<AbC/+09=>", "authentication",
        **imap("login", "success", **ADA_AT, **here, source_ip="203.0.113.20", session_id="AbC/+09=", extra={"service": "imap-login", "what": "Login", "method": "PLAIN", "mpid": "4711", "tls": "TLS"}))  # fmt: skip
    say("dovecot", "imap(ada@example.org)<4711><AbC/+09=>: Logged out in=512 out=20480 deleted=1 expunged=1", "logout",
        **imap("logged_out", **ADA_AT, session_id="AbC/+09=", extra={"service": "imap", "reason": "Logged out", "traffic": "in=512 out=20480 deleted=1 expunged=1"}))  # fmt: skip
    say("dovecot", "pop3(ada): Disconnected: Logged out top=0/0, retr=1/1234, del=0/1, size=1200", "logout", **imap("logged_out", protocol="pop3", **ADA, extra={"service": "pop3", "reason": "Logged out", "traffic": "top=0/0, retr=1/1234, del=0/1, size=1200"}))
    say("dovecot", "imap(ada)<12><s1>: Disconnected: Connection closed (IDLE running for 0.1 secs) in=1 out=2", "logout",
        **imap("disconnected", **ADA, session_id="s1", extra={"service": "imap", "reason": "Disconnected: Connection closed (IDLE running for 0.1 secs)", "traffic": "in=1 out=2"}))  # fmt: skip
    say("dovecot", "pop3-login: Disconnected (auth failed, 3 attempts in 15 secs): user=<ada>, method=PLAIN, rip=::ffff:198.51.100.9, lip=::ffff:203.0.113.5, session=<x1>", "authentication", flags=["v4_mapped"],
        **imap("login", "failure", "pop3", **ADA, **here, source_ip="198.51.100.9", session_id="x1", extra={"service": "pop3-login", "what": "Disconnected (auth failed, 3 attempts in 15 secs)", "attempts": 3, "seconds": 15, "method": "PLAIN"}))  # fmt: skip
    say("dovecot", "imap-login: Disconnected (no auth attempts in 0 secs): user=<>, rip=2001:db8::9, lip=2001:db8::5, TLS handshaking: SSL_accept() failed: error:1, again, session=<x2>", "connection",
        **imap("disconnected", source_ip="2001:db8::9", destination_ip="2001:db8::5", session_id="x2", extra={"service": "imap-login", "what": "Disconnected (no auth attempts in 0 secs)", "tls": "TLS handshaking: SSL_accept() failed: error:1"}))  # fmt: skip
    say("dovecot", "managesieve-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<ada>, method=PLAIN, rip=198.51.100.9, lip=203.0.113.5, rport=40222, lport=4190, TLS: Disconnected, session=<x3>", "authentication",
        **imap("login", "failure", "managesieve", **ADA, **here, destination_port=4190, source_ip="198.51.100.9", source_port=40222, session_id="x3",
               extra={"service": "managesieve-login", "what": "Aborted login (auth failed, 1 attempts in 2 secs)", "attempts": 1, "seconds": 2, "method": "PLAIN", "tls": "TLS: Disconnected"}))  # fmt: skip
    say("dovecot", "submission-login: Login aborted: Connection closed (auth failed, 1 attempts in 2 secs) (auth_failed): user=<ada>, method=PLAIN, rip=198.51.100.9, lip=203.0.113.5, TLS, session=<x4>", "authentication",
        **imap("login", "failure", "smtp", **ADA, **here, source_ip="198.51.100.9", session_id="x4",
               extra={"service": "submission-login", "what": "Login aborted: Connection closed (auth failed, 1 attempts in 2 secs) (auth_failed)", "attempts": 1, "seconds": 2, "method": "PLAIN", "tls": "TLS"}))  # fmt: skip


def dovecot_planted(log: Log) -> None:
    say, here = log.bsd, {"destination_ip": "203.0.113.5"}
    evil = "x>, method=PLAIN, rip=192.0.2.66, lip=203.0.113.5, session=<a"
    say("dovecot", f"imap-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<{evil}>, method=PLAIN, rip=198.51.100.9, lip=203.0.113.5, session=<x5>", "authentication",
        **imap("login", "failure", **login(evil), **here, source_ip="198.51.100.9", session_id="x5", extra={"service": "imap-login", "what": "Aborted login (auth failed, 1 attempts in 2 secs)", "attempts": 1, "seconds": 2, "method": "PLAIN"}))  # fmt: skip
    say("dovecot", "imap-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<x, rip=192.0.2.66, lip=203.0.113.5>, method=PLAIN, session=<x6>", "authentication", flags=["fields_ambiguous"],
        **imap("login", "failure", extra={"service": "imap-login", "what": "Aborted login (auth failed, 1 attempts in 2 secs)", "attempts": 1, "seconds": 2}))  # fmt: skip
    say("dovecot", "auth-worker(12): conn unix:auth-worker (pid=9,uid=0): auth-worker<3>: sql(ada@example.org,198.51.100.9,<x7>): Password mismatch", "authentication",
        event_action="login", event_outcome="failure", **ADA_AT, source_ip="198.51.100.9", session_id="x7", extra={"service": "auth-worker", "driver": "sql", "reason": "Password mismatch"})  # fmt: skip
    say("dovecot", "auth: passwd-file(nobody,198.51.100.9,<x8>): unknown user", "authentication", event_action="unknown_user", event_outcome="failure", **login("nobody"), source_ip="198.51.100.9", session_id="x8",
        extra={"service": "auth", "driver": "passwd-file", "reason": "unknown user"})  # fmt: skip
    say("dovecot", "auth: pam(ada,192.0.2.66): pam_authenticate() failed: x,198.51.100.9): Authentication failure (Password mismatch?)", "authentication", event_action="login", event_outcome="failure", flags=["fields_ambiguous"],
        extra={"service": "auth", "driver": "pam"})  # fmt: skip


def dovecot_mail(log: Log) -> None:
    say = log.bsd
    say("dovecot", "lmtp(77): Connect from 203.0.113.6", "connection", **imap("connection_opened", protocol="lmtp", source_ip="203.0.113.6", extra={"service": "lmtp"}))
    say("dovecot", "lmtp(ada@example.org)<77><s9>: msgid=<note-1@example.net>: saved mail to INBOX", "email_message",
        **imap("delivered", "success", "lmtp", message_id="<note-1@example.net>", recipients=["ada@example.org"], session_id="s9", extra={"service": "lmtp", "mailbox": "INBOX", "mailbox_of": "ada@example.org"}))  # fmt: skip
    say("dovecot", "lda(ada)<78><s10>: sieve: msgid=<note-2@example.net>: forwarded to <watcher@example.com>", "email_message",
        **imap("forwarded", "success", "lda", message_id="<note-2@example.net>", recipients=["watcher@example.com"], session_id="s10", extra={"service": "lda", "mailbox_of": "ada"}))  # fmt: skip
    say("dovecot", "imap(ada)<79><s11>: delete: box=INBOX, uid=12, msgid=<note-3@example.net>, size=900", **imap("mail_change", **ADA, session_id="s11", extra={"service": "imap", "change": "delete", "what": "box=INBOX, uid=12, msgid=<note-3@example.net>, size=900"}))
    say("dovecot", "master: Warning: Killed with signal 15 (by pid=1 uid=0 code=kill)", extra={"service": "master", "level": "warning"})
    say("auth", "pam_unix(dovecot:auth): authentication failure; logname= uid=0 euid=0 tty=dovecot ruser=ada rhost=198.51.100.9 ", "authentication", event_action="login", event_outcome="failure", source_ip="198.51.100.9",
        extra={"pam": "dovecot:auth", "uid": "0", "euid": "0", "tty": "dovecot", "ruser": "ada"})  # fmt: skip


def dovecot() -> Log:
    log = Log()
    for part in (dovecot_logins, dovecot_planted, dovecot_mail):
        part(log)
    return log


def dovecot_own() -> Log:
    """Dovecot's own file: no host, three kinds of stamp."""
    log = Log()
    failed = {"event_type": "authentication", "process_name": "dovecot", "source_ip": "198.51.100.9", "destination_ip": "203.0.113.5", **login("bob"),
              **imap("login", "failure", extra={"service": "imap-login", "level": "info", "what": "Aborted login (auth failed, 1 attempts)", "attempts": 1, "method": "CRAM-MD5", "tls": "TLS"})}  # fmt: skip
    text = "imap-login: Info: Aborted login (auth failed, 1 attempts): user=<bob> method=CRAM-MD5, rip=198.51.100.9, lip=203.0.113.5, TLS"
    log.bsd("", text, host=None, kind="authentication", **{k: v for k, v in failed.items() if k not in {"event_type", "process_name"}})
    log.raw(f"2026-05-04 08:01:00 {text}", {**failed, "timestamp": "2026-05-04T06:01:00.000000Z", "timestamp_raw": "2026-05-04 08:01:00", "text": text})
    seconds, nanos = int(datetime(2026, 5, 4, 6, 2, 0, tzinfo=UTC).timestamp()), 500_000_000
    label = f"@{2**62 + 10 + seconds:016x}{nanos:08x}"
    log.raw(f"{label} {text}", {**failed, "timestamp": "2026-05-04T06:02:00.500000Z", "timestamp_raw": label, "text": text,
            "timestamp_earliest": "2026-05-04T06:01:33.500000Z", "timestamp_latest": "2026-05-04T06:02:00.500000Z", "tz_basis": "format_rule"})  # fmt: skip
    label = "@00000000000000001dcd6500"
    log.raw(f"{label} {text}", {**failed, "timestamp_raw": label, "text": text})
    log.bsd("", "imap(ada@example.org)<12><s1>: Info: Logged out in=1 out=2", "logout", host=None, **imap("logged_out", **ADA_AT, session_id="s1", extra={"service": "imap", "level": "info", "reason": "Logged out", "traffic": "in=1 out=2"}))
    return log


@dataclass
class Exim(Log):
    stamped: str = "{:%Y-%m-%d %H:%M:%S}"

    def line(self, body: str, kind: str = "log_message", **columns: object) -> None:
        stamp = self.stamped.format(self.tick())
        flags = columns.pop("flags", [])
        self.raw(f"{stamp} {body}", {"timestamp": utc(self.at, self.hours), "timestamp_raw": stamp, "event_type": kind, "text": body, **columns, "parse_flags": flags})


def exim_message(log: Exim) -> None:
    thread, peer = {"thread_id": "1uAbCd-0001Ef-2G"}, {"source_ip": "203.0.113.20", "source_port": 51022}
    log.line('1uAbCd-0001Ef-2G <= ada@example.org H=home.example.net (laptop) [203.0.113.20]:51022 I=[203.0.113.5]:587 P=esmtpsa X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no A=plain:ada@example.org S=1834 id=note-1@home.example.net T="Your \\"garden\\"" from <ada@example.org> for rowan@example.com sam@example.net', "email_message",
        **smtp("accepted", "success", **thread, **peer, **ADA_AT, destination_ip="203.0.113.5", destination_port=587, sender="ada@example.org", message_id="<note-1@home.example.net>", email_subject='Your "garden"',
               extra={"client_name": "home.example.net", "helo": "laptop", "protocol": "esmtpsa", "tls": "TLS1.3:TLS_AES_256_GCM_SHA384:256", "size": "1834", "method": "plain"}))  # fmt: skip
    opened = log.line_number()
    known = {**thread, **peer, **ADA_AT, "sender": "ada@example.org", "message_id": "<note-1@home.example.net>", "email_subject": 'Your "garden"'}
    joined = {"joined_from": [f"L{opened}"], "client_name": "home.example.net", "helo": "laptop", "size": "1834", "method": "plain"}
    there = {"destination_ip": "198.51.100.25", "destination_port": 25}
    log.line('1uAbCd-0001Ef-2G => rowan@example.com R=dnslookup T=remote_smtp S=1900 H=mx.example.com [198.51.100.25]:25 X=TLS1.2:X:256 CV=yes C="250 2.0.0 OK id=\\"9\\"" QT=1s DT=0s', "email_message",
        **smtp("delivered", "success", **known, **there, recipients=["rowan@example.com"], extra={**joined, "mark": "=>", "router": "dnslookup", "transport": "remote_smtp", "tls": "TLS1.2:X:256", "reply": '250 2.0.0 OK id="9"', "queue_time": "1s", "delay": "0s", "relay": "mx.example.com"}))  # fmt: skip
    log.line("1uAbCd-0001Ef-2G == sam@example.net R=dnslookup T=remote_smtp H=mx6.example.net [2001:db8::25] defer (110): Connection timed out", "email_message",
        **smtp("deferred", "failure", **known, destination_ip="2001:db8::25", recipients=["sam@example.net"], extra={**joined, "mark": "==", "router": "dnslookup", "transport": "remote_smtp", "relay": "mx6.example.net", "reason": "(110): Connection timed out"}))  # fmt: skip
    log.line("1uAbCd-0001Ef-2G ** sam@example.net R=dnslookup T=remote_smtp H=mx6.example.net [198.51.100.26]:25: SMTP error from remote mail server after RCPT TO:<sam@example.net>: 550 no H=x [192.0.2.66]", "email_message",
        **smtp("bounced", "failure", **known, destination_ip="198.51.100.26", destination_port=25, recipients=["sam@example.net"],
               extra={**joined, "mark": "**", "router": "dnslookup", "transport": "remote_smtp", "relay": "mx6.example.net", "reason": "SMTP error from remote mail server after RCPT TO:<sam@example.net>: 550 no H=x [192.0.2.66]"}))  # fmt: skip
    log.line("1uAbCd-0001Ef-2G ** ghost@example.org: Unrouteable address", "email_message", **smtp("bounced", "failure", **known, recipients=["ghost@example.org"], extra={**joined, "mark": "**", "reason": "Unrouteable address"}))
    log.line("1uAbCd-0001Ef-2G => ada <ada@example.org> R=local_user T=mail_spool", "email_message",
        **smtp("delivered", "success", **known, recipients=["ada@example.org"], extra={**joined, "mark": "=>", "delivered_to": "ada", "router": "local_user", "transport": "mail_spool"}))  # fmt: skip
    log.line("1uAbCd-0001Ef-2G Completed QT=2s", **smtp("completed", **thread))


def exim_others(log: Exim) -> None:
    new = {"thread_id": "1uAbCd-00000001Efg-2Ghi"}
    log.line("1uAbCd-00000001Efg-2Ghi <= <> R=1uAbCd-0001Ef-2G U=Debian-exim P=local S=2048 T=\"Mail delivery failed\"", "email_message",
        **smtp("accepted", "success", **new, email_subject="Mail delivery failed", extra={"parent": "1uAbCd-0001Ef-2G", "ident": "Debian-exim", "protocol": "local", "size": "2048"}))  # fmt: skip
    evil = '"x H=good.example.org [192.0.2.66] y"@example.net'
    log.line(f"1uAbCe-0001Ef-2G <= {evil} H=(bad) [198.51.100.9]:40111 P=esmtp S=100 id=a A=plain:ada@example.org T=\"x\"", "email_message",
        **smtp("accepted", "success", thread_id="1uAbCe-0001Ef-2G", sender=evil, source_ip="198.51.100.9", source_port=40111, message_id="<a>", email_subject="x", extra={"helo": "bad", "protocol": "esmtp", "size": "100"}))  # fmt: skip
    log.line("1uAbCf-0001Ef-2G <= e@example.net H=(a) [192.0.2.66]:25 b) [198.51.100.9]:40112 P=esmtp S=100", "email_message",
        **smtp("accepted", "success", thread_id="1uAbCf-0001Ef-2G", sender="e@example.net", claimed_ips=["192.0.2.66", "198.51.100.9"]), flags=["fields_ambiguous"])  # fmt: skip
    log.line("H=(bad helo) [198.51.100.9]:40113 F=<e@example.net> rejected RCPT <ada@example.org>: Unrouteable address", "email_message",
        **smtp("rejected", "failure", source_ip="198.51.100.9", source_port=40113, sender="e@example.net", recipients=["ada@example.org"], extra={"how": "rejected", "stage": "RCPT", "reason": "Unrouteable address"}))  # fmt: skip
    log.line("H=(x) y) [192.0.2.66] z) [198.51.100.9]:40114 F=<e@example.net> rejected RCPT <ada@example.org>: no", "email_message", flags=["fields_ambiguous"],
        **smtp("rejected", "failure", claimed_ips=["192.0.2.66", "198.51.100.9"], sender="e@example.net", recipients=["ada@example.org"], extra={"how": "rejected", "stage": "RCPT", "reason": "no"}))  # fmt: skip
    log.line("dovecot_login authenticator failed for host9.example.net (User) [198.51.100.9]:40115: 535 Incorrect authentication data (set_id=ada@example.org)", "authentication",
        **smtp("login", "failure", source_ip="198.51.100.9", source_port=40115, **ADA_AT, extra={"method": "dovecot_login", "client_name": "host9.example.net", "helo": "User", "reason": "535 Incorrect authentication data"}))  # fmt: skip
    log.line("plain authenticator failed for (User) [198.51.100.9]:40115: 535 Incorrect authentication data (set_id=x) [192.0.2.66])", "authentication",
        **smtp("login", "failure", source_ip="198.51.100.9", source_port=40115, **login("x) [192.0.2.66]"), extra={"method": "plain", "helo": "User", "reason": "535 Incorrect authentication data"}))  # fmt: skip
    log.line("SMTP connection from [198.51.100.9]:40116 (TCP/IP connection count = 3)", "connection", **smtp("connection_opened", source_ip="198.51.100.9", source_port=40116, extra={"count": "3"}))
    log.line("SMTP connection from (bad) [198.51.100.9]:40116 D=2s closed by QUIT", "connection", **smtp("connection_ended", source_ip="198.51.100.9", source_port=40116, extra={"helo": "bad", "duration": "2s", "how": "closed by QUIT"}))
    log.line('SMTP protocol error in "AUTH x" H=(a) [192.0.2.66]" H=(bad) [198.51.100.9] AUTH command used when not advertised', "connection",
        **smtp("protocol_error", source_ip="198.51.100.9", extra={"helo": "bad", "input": '"AUTH x" H=(a) [192.0.2.66]"', "reason": "AUTH command used when not advertised"}))  # fmt: skip
    log.line("no host name found for IP address 198.51.100.9", **smtp("name_mismatch", source_ip="198.51.100.9"))
    log.line("[2211] Start queue run: pid=2211", process_pid=2211, **smtp("queue_run", extra={"what": "Start", "run": "pid=2211"}))
    log.line("a line that an administrator's rule wrote")
    log.refused("Envelope-from: <e@example.net>")


def exim() -> Exim:
    log = Exim()
    exim_message(log)
    exim_others(log)
    return log


def exim_zone() -> Exim:
    """Lines with offset and milliseconds; no zone is set for them."""
    log = Exim(hours=2, stamped="{:%Y-%m-%d %H:%M:%S}.250 +0200")
    log.at += timedelta(microseconds=250_000)
    log.line("[77] SMTP connection from host9.example.net [198.51.100.9]:40116 lost", "connection", process_pid=77, **smtp("connection_ended", source_ip="198.51.100.9", source_port=40116, extra={"client_name": "host9.example.net", "how": "lost"}))
    log.line("[77] rejected EHLO from [198.51.100.9]:40117: syntactically invalid argument(s): ", "email_message", process_pid=77, **smtp("rejected", "failure", source_ip="198.51.100.9", source_port=40117, extra={"stage": "EHLO", "reason": "syntactically invalid argument(s): "}))
    return log


def main() -> None:
    postfix().write("postfix", "mail.log")
    ietf().write("postfix", "relay.log", "")
    iso().write("postfix", "debian.log", "")
    dovecot().write("dovecot", "mail.log")
    dovecot_own().write("dovecot", "own_file.log")
    exim().write("exim", "mainlog", 'timezone = "Europe/Berlin"\n')
    exim_zone().write("exim", "mainlog_with_offset", "")


if __name__ == "__main__":
    main()
