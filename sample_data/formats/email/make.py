"""Writes the e-mail fixtures and what must be read from them. Knows what it wrote; imports nothing of the project."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass
class Mail:
    """A message under construction: bytes, and the golden event that grows beside them."""

    eol: bytes = b"\n"
    base: int = 0
    data: bytes = b""
    headers: list[dict[str, Any]] = field(default_factory=list)
    hops: list[dict[str, Any]] = field(default_factory=list)
    event: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def raw(self, text: bytes) -> Mail:
        """Bytes that are no header: an envelope line, blank lines, a body. Line ends are made the message's own."""
        self.data += text.replace(b"\n", self.eol)
        return self

    def head(self, name: str, value: bytes | str, reads: str | None = None) -> Mail:
        """A header; `reads` is its value as text when that differs from the bytes with folds undone."""
        raw = value.encode() if isinstance(value, str) else value
        line = name.encode() + b": " + raw.replace(b"\n", self.eol)
        start = self.base + len(self.data)
        text = reads if reads is not None else raw.replace(b"\n", b"").decode()
        self.headers.append({"name": name, "value": text, "span_start": start, "span_end": start + len(line)})
        self.data += line + self.eol
        return self

    def hop(self, value: str, *, attested: bool, **fields: object) -> Mail:
        """A Received header and the hop it must become."""
        self.head("Received", value)
        last = self.headers[-1]
        self.hops.append(
            {
                "index": len(self.hops),
                **fields,
                "attested": attested,
                "span_start": last["span_start"],
                "span_end": last["span_end"],
                "raw": last["value"],
            }
        )
        return self

    def must(self, **columns: object) -> Mail:
        """Columns of the golden event."""
        self.event.update(columns)
        return self

    def more(self, **entries: object) -> Mail:
        """Entries of the column ``extra``."""
        self.extra.update(entries)
        return self

    def golden(self, locator: str) -> dict[str, Any]:
        """The golden event."""
        out = {
            "span_start": self.base,
            "span_end": self.base + len(self.data),
            "locator": locator,
            "event_type": "email_message",
            "email_headers": self.headers,
            **self.event,
        }
        if self.hops:
            out["hops"] = self.hops
        if self.extra:
            out["extra"] = json.dumps(self.extra, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return {"event": out}


def decoded(decoder: str, field_name: str, **value: object) -> dict[str, Any]:
    """One entry of ``decoders`` in ``extra``."""
    return {"decoder": decoder, "field": field_name, "trust": "sender_controlled", "value": value}


def person(address: str, written: str, display: str | None = None) -> dict[str, Any]:
    """Columns that follow from a From field with one mailbox."""
    columns = {
        "email_from": written,
        "sender": address,
        "account_platform": "email",
        "account_login": address,
        "identifiers": [{"type": "email", "value": address, "raw": written}],
    }
    return {**columns, "account_display_name": display} if display else columns


def write(folder: str, name: str, data: bytes, rows: list[dict[str, Any]], skipped: int = 0) -> None:
    """A fixture and its golden."""
    rejected = sum(r["reject"]["span_end"] - r["reject"]["span_start"] for r in rows if "reject" in r)
    accounting = {
        "bytes_in": len(data),
        "bytes_parsed": len(data) - skipped - rejected,
        "bytes_rejected": rejected,
        "bytes_skipped": skipped,
        "events": sum("event" in r for r in rows),
        "rejects": sum("reject" in r for r in rows),
    }
    path = HERE / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    lines = [json.dumps(row, ensure_ascii=False) for row in [{"accounting": accounting}, *rows]]
    path.with_name(name + ".golden.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def single(name: str, mail: Mail, *inner: dict[str, Any]) -> None:
    """A message in a file of its own, and the events of messages attached to it."""
    write("rfc5322", name, mail.data, [mail.golden("message"), *inner])


def plain_mail(base: int = 0, eol: bytes = b"\n") -> Mail:
    """Postfix in front of one receiving host; the lower hop is a claim."""
    mail = Mail(eol=eol, base=base)
    mail.head("Return-Path", "<ash@example.net>")
    mail.more(
        return_path="<ash@example.net>",
        boundary_basis="top_hop_only",
        decoders=[decoded("stated_address", "X-Originating-IP", ip="203.0.113.23", meaning="author")],
    )
    mail.hop(
        "from out1.example.net (out1.example.net [198.51.100.24])\n"
        "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n"
        "\tby mx1.example.org (Postfix) with ESMTPS id 4XkQ9s1zLz\n"
        "\tfor <rowan@example.org>; Sun,  1 Mar 2026 10:00:07 +0000 (UTC)",
        attested=True,
        ip="198.51.100.24",
        rdns="out1.example.net",
        helo="out1.example.net",
        by="mx1.example.org",
        id="4XkQ9s1zLz",
        tls="using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)",
        time="2026-03-01T10:00:07.000000Z",
        time_raw="Sun,  1 Mar 2026 10:00:07 +0000 (UTC)",
        **{"with": "ESMTPS", "for": "rowan@example.org"},
    )
    mail.hop(
        "from [192.168.1.23] (dsl-23.isp.example [203.0.113.23])\n"
        "\tby out1.example.net (Postfix) with ESMTPSA id 9F2A; Sun, 1 Mar 2026 11:00:05 +0100",
        attested=False,
        ip="203.0.113.23",
        rdns="dsl-23.isp.example",
        helo="[192.168.1.23]",
        by="out1.example.net",
        id="9F2A",
        auth="ESMTPSA",
        time="2026-03-01T10:00:05.000000Z",
        time_raw="Sun, 1 Mar 2026 11:00:05 +0100",
        **{"with": "ESMTPSA"},
    )
    mail.head("Message-ID", "<b1.20260301@example.net>").head("In-Reply-To", "<a2@example.org>")
    mail.head("References", "<a1@example.org>\n <a2@example.org>")
    mail.head("Date", "Sun, 1 Mar 2026 11:00:03 +0100").head("From", "Ash <Ash@Example.net>")
    mail.head("To", 'rowan@example.org, "Vale, Kim" <Kim@example.org>').head("Cc", "team@example.com (The team)")
    mail.head(
        "Subject", "=?UTF-8?Q?You_were_at_the_harb?= =?UTF-8?Q?our_=E2=80=94_again?=", "You were at the harbour — again"
    )
    mail.head("X-Mailer", "PaperMail 4.1").head("X-Originating-IP", "[203.0.113.23]")
    mail.raw(b"\nI saw you.\nFrom the bridge you can see everything.\n")
    mail.must(
        attested_ip="198.51.100.24",
        boundary_host="mx1.example.org",
        timestamp="2026-03-01T10:00:03.000000Z",
        timestamp_raw="Sun, 1 Mar 2026 11:00:03 +0100",
        tz_basis="in_value",
        timestamp_desc="Sent Time (Date header)",
        message_id="<b1.20260301@example.net>",
        in_reply_to="<a2@example.org>",
        thread_id="<a1@example.org>",
        recipients=["rowan@example.org", "kim@example.org", "team@example.com"],
        email_to=["rowan@example.org", '"Vale, Kim" <Kim@example.org>', "team@example.com (The team)"],
        email_subject="You were at the harbour — again",
        user_agent_original="PaperMail 4.1",
        claimed_ips=["203.0.113.23"],
        text="I saw you.\nFrom the bridge you can see everything.",
        **person("ash@example.net", "Ash <Ash@Example.net>", "Ash"),
    )
    return mail


def header_only(eol: bytes = b"\n") -> Mail:
    """What a mail provider hands out when it may not hand out content: the header block, and nothing after it."""
    mail = Mail(eol=eol)
    mail.more(
        boundary_basis="top_hop_only",
        decoders=[decoded("stated_address", "X-Originating-IP", ip="203.0.113.23", meaning="author")],
    )
    mail.hop(
        "from MBX7.prod.example.com ([198.51.100.24]) by\n"
        " MBX9.prod.example.com with HTTPS; Sun, 1 Mar 2026 10:00:07 +0000",
        attested=True,
        ip="198.51.100.24",
        helo="MBX7.prod.example.com",
        by="MBX9.prod.example.com",
        time="2026-03-01T10:00:07.000000Z",
        time_raw="Sun, 1 Mar 2026 10:00:07 +0000",
        **{"with": "HTTPS"},
    )
    mail.head("From", "Ash <Ash@Example.net>").head("To", "rowan@example.org").head("Subject", "again")
    mail.head("Date", "Sun, 1 Mar 2026 10:00:03 +0000").head("Message-ID", "<b2.20260301@example.net>")
    mail.head("X-Originating-IP", "[203.0.113.23]")
    mail.head("Content-Type", 'text/html; charset="iso-8859-1"').head("Content-Transfer-Encoding", "quoted-printable")
    mail.must(
        attested_ip="198.51.100.24",
        boundary_host="MBX9.prod.example.com",
        timestamp="2026-03-01T10:00:03.000000Z",
        timestamp_raw="Sun, 1 Mar 2026 10:00:03 +0000",
        tz_basis="in_value",
        timestamp_desc="Sent Time (Date header)",
        message_id="<b2.20260301@example.net>",
        recipients=["rowan@example.org"],
        email_to=["rowan@example.org"],
        email_subject="again",
        claimed_ips=["203.0.113.23"],
        **person("ash@example.net", "Ash <Ash@Example.net>", "Ash"),
    )
    return mail


def attachments() -> Mail:
    """Alternatives, an inline picture with an RFC 2231 name, an attached message, a damaged and an unclosed part."""
    picture, letter = b"\x89PNG\r\n\x1a\n not a real picture", b"Received: forged\n\nAttached letter.\n"
    mail = Mail(eol=b"\r\n").head("From", "ash@example.net").head("To", "rowan@example.org")
    mail.head("Subject", "pictures").head("Date", "Mon, 2 Mar 26 08:15 EST").head("MIME-Version", "1.0")
    mail.head("Content-Type", 'multipart/mixed;\n boundary="outer =_1"')
    mail.raw(b"\nnot shown\n--outer =_1\nContent-Type: multipart/alternative; boundary=in\n\n--in\n")
    mail.raw(b"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n")
    mail.raw(b"Caf=E9 at =\nnoon\n")
    mail.raw(b"--in\nContent-Type: text/html\n\n<p>never shown</p>\n--in--\n--outer =_1\n")
    mail.raw(b"Content-Type: image/png; name*0*=utf-8''K%C3%BC; name*1*=ste.png\nContent-Transfer-Encoding: base64\n")
    mail.raw(b"Content-Disposition: inline\n\n")
    spans = [(len(mail.data), 0)]
    mail.raw(base64.encodebytes(picture).rstrip(b"\n"))
    spans[0] = (spans[0][0], len(mail.data))
    mail.raw(b"\n--outer =_1\nContent-Type: message/rfc822\n\n")
    start = len(mail.data)
    mail.raw(letter.rstrip(b"\n"))
    spans.append((start, len(mail.data)))
    mail.raw(b'\n--outer =_1\nContent-Type: application/zip\nContent-Disposition: attachment; filename="a b.zip"\n')
    mail.raw(b"Content-Transfer-Encoding: base64\n\n")
    start = len(mail.data)
    mail.raw(b"UEsDB!BQ")
    spans.append((start, len(mail.data)))
    mail.raw(
        b"\n--outer =_1\nContent-Type: text/html; charset=x-none\n\n<style>p{}</style><p>second &lt;text&gt;</p>cut"
    )
    contents = [picture, mail.data[spans[1][0] : spans[1][1]], base64.b64decode("UEsDBBQ=")]
    kinds = [("image/png", "Küste.png"), ("message/rfc822", None), ("application/zip", "a b.zip")]
    entries: list[dict[str, Any]] = []
    for (kind, name), content, span in zip(kinds, contents, spans, strict=True):
        entry = {"type": kind, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), "span": list(span)}
        entries.append({**entry, "name": name} if name else entry)
    entries[2]["damaged"] = True
    mail.more(
        attachments=entries,
        defects=["base64 of a body part is damaged", "the charset of a body part is not known"],
    )
    return mail.must(
        timestamp="2026-03-02T13:15:00.000000Z",
        timestamp_raw="Mon, 2 Mar 26 08:15 EST",
        time_precision_s=60.0,
        tz_basis="in_value",
        recipients=["rowan@example.org"],
        email_to=["rowan@example.org"],
        email_subject="pictures",
        attachment_names=["Küste.png", "a b.zip"],
        attachment_sha256s=[hashlib.sha256(c).hexdigest() for c in contents],
        parse_flags=["truncated"],
        text="Café at noon\n\nsecond <text>\ncut",
        **person("ash@example.net", "ash@example.net"),
    )


def letter_inside(outer: Mail) -> dict[str, Any]:
    """The message attached to `attachments`: its one hop is whatever its author wished to write."""
    start = outer.data.index(b"Received: forged")
    inner = Mail(base=0, data=b"")
    place = {"span_start": start, "span_end": start + len("Received: forged")}
    inner.headers = [{"name": "Received", "value": "forged", **place}]
    inner.hops = [{"index": 0, "attested": False, "raw": "forged", **place}]
    inner.more(boundary_basis="attached_copy", attached_to="message", hand_over_stated={"basis": "no_address"})
    inner.must(parse_flags=["attached_copy"], text="Attached letter.")
    row = inner.golden("message > attachment 2")
    row["event"] |= {"span_start": 0, "span_end": len(outer.data)}
    return row


def hostile() -> Mail:
    """Duplicates, 8-bit bytes, a NUL, an empty Message-ID, no zone, a stray line, no blank line before the body."""
    mail = Mail().raw(b"\n\n").head("From", ".Coin <x>").head("From", "second@example.com")
    mail.head("To", "Undisclosed recipients:;a").head("Message-ID", "<>")
    mail.head("Subject", b"\xe9t\xe9 =?x-none?B?4pi6?= \x00", "\\xe9t\\xe9 =?x-none?B?4pi6?= \x00")
    mail.raw(b">From nobody Mon Mar  2 10:00:00 2026\n")
    mail.head("Date", "22/08/2002 10:25:57").head("Return-Path", "<>").head("X-Empty", "")
    mail.raw(b"This is already the body: of it all\nand more\n")
    mail.more(
        duplicate_headers={"from": 2},
        return_path="<>",
        defects=["a line between the fields is no field", "no blank line before the body"],
    )
    return mail.must(
        timestamp="2002-08-22T10:25:57.000000Z",
        timestamp_raw="22/08/2002 10:25:57",
        timestamp_earliest="2002-08-21T20:25:57.000000Z",
        timestamp_latest="2002-08-23T00:25:57.999999Z",
        tz_basis="assumed",
        email_from=".Coin <x>",
        sender="second@example.com",
        account_platform="email",
        account_login="second@example.com",
        identifiers=[{"type": "email", "value": "second@example.com", "raw": "second@example.com"}],
        email_to=["a"],
        email_subject="\\xe9t\\xe9 =?x-none?B?4pi6?= \x00",
        parse_flags=["duplicate_header", "lossy_text"],
        text="This is already the body: of it all\nand more",
    )


def google() -> Mail:
    """A copy from a Gmail mailbox: two internal hops without an address, the edge, and a forged hop below it."""
    mail = Mail(eol=b"\r\n").head("Delivered-To", "rowan.vale@example.com")
    mail.hop(
        "by 2002:a05:7108:3a41:b0:3f2:1 with SMTP id gx1csp100;\n        Tue, 3 Mar 2026 04:05:06 -0800 (PST)",
        attested=True,
        by="2002:a05:7108:3a41:b0:3f2:1",
        id="gx1csp100",
        time="2026-03-03T12:05:06.000000Z",
        time_raw="Tue, 3 Mar 2026 04:05:06 -0800 (PST)",
        **{"with": "SMTP"},
    )
    mail.head("Authentication-Results", "mx.google.com;\n       spf=pass smtp.mailfrom=ash@example.net")
    mail.hop(
        "from mail.example.net (mail.example.net. [198.51.100.77])\n"
        "        by mx.google.com with ESMTPS id a1si200.2026.03.03.04.05.06\n"
        "        for <rowan.vale@example.com>\n"
        "        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\n"
        "        Tue, 03 Mar 2026 04:05:06 -0800 (PST)",
        attested=True,
        ip="198.51.100.77",
        rdns="mail.example.net",
        helo="mail.example.net",
        by="mx.google.com",
        id="a1si200.2026.03.03.04.05.06",
        tls="version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256",
        time="2026-03-03T12:05:06.000000Z",
        time_raw="Tue, 03 Mar 2026 04:05:06 -0800 (PST)",
        **{"with": "ESMTPS", "for": "rowan.vale@example.com"},
    )
    mail.head("Authentication-Results", "mx.google.com; dkim=pass header.d=bank.example")
    mail.hop(
        "from bank.example (bank.example. [203.0.113.200]) by mx.google.com with ESMTPS id b2si1;\n"
        " Tue, 03 Mar 2026 04:05:01 -0800 (PST)",
        attested=False,
        ip="203.0.113.200",
        rdns="bank.example",
        helo="bank.example",
        by="mx.google.com",
        id="b2si1",
        time="2026-03-03T12:05:01.000000Z",
        time_raw="Tue, 03 Mar 2026 04:05:01 -0800 (PST)",
        **{"with": "ESMTPS"},
    )
    mail.head("From", '"rowan.vale@example.com" <ash@example.net>').head("Subject", "Hello")
    mail.head("Date", "Tue, 03 Mar 2026 12:05:00 -0000").head("Message-ID", "<c3@example.net>")
    mail.raw(b"\n")
    stated = {"field": "Authentication-Results", "authserv_id": "mx.google.com", "result": "pass"}
    wall = {"local_time": "2026-03-03T04:05:06", "time": "2026-03-03T12:05:06Z"}
    mail.more(
        boundary_basis="google_edge",
        auth_results_attested=1,
        delivered_to="rowan.vale@example.com",
        authentication=[
            {
                **stated,
                "method": "spf",
                "domain": "example.net",
                "properties": {"smtp.mailfrom": "ash@example.net"},
                "attested": True,
            },
            {
                **stated,
                "method": "dkim",
                "domain": "bank.example",
                "properties": {"header.d": "bank.example"},
                "attested": False,
                "names_boundary_host": True,
            },
        ],
        decoders=[{"decoder": "gmail_id_time", "hop": 1, "trust": "server_observed", "value": wall}],
    )
    return mail.must(
        attested_ip="198.51.100.77",
        boundary_host="mx.google.com",
        auth_results=[
            "mx.google.com;       spf=pass smtp.mailfrom=ash@example.net",
            "mx.google.com; dkim=pass header.d=bank.example",
        ],
        timestamp="2026-03-03T12:05:00.000000Z",
        timestamp_raw="Tue, 03 Mar 2026 12:05:00 -0000",
        tz_basis="in_value",
        message_id="<c3@example.net>",
        email_subject="Hello",
        **person("ash@example.net", '"rowan.vale@example.com" <ash@example.net>', "rowan.vale@example.com"),
    )


def mailbox(eol: bytes) -> tuple[bytes, list[dict[str, Any]], int]:
    """Three messages: quoted and unquoted "From " lines, a message without a body, a last one without a line end."""
    rows: list[dict[str, Any]] = []
    first = plain_mail(base=0, eol=eol)
    envelope = b"From ash@example.net Sun Mar  1 10:00:07 2026\n"
    shift = len(envelope.replace(b"\n", eol))
    for entry in (*first.headers, *first.hops):
        entry["span_start"] += shift
        entry["span_end"] += shift
    first.data = envelope.replace(b"\n", eol) + first.data
    first.more(envelope=envelope.decode().rstrip())
    first.raw(b"\nFrom here on nobody knows.\n>From the start.\n>>From quoted\n")
    first.must(
        text="I saw you.\nFrom the bridge you can see everything.\n\n"
        "From here on nobody knows.\nFrom the start.\n>From quoted"
    )
    rows.append(first.golden("message 1"))
    data = first.data + eol
    second = Mail(eol=eol, base=len(data)).raw(b"From 1830@xxx Mon Mar 02 07:00:00 +0000 2026\n")
    second.head("X-GM-THRID", "1830").head("X-Gmail-Labels", "Inbox,Opened").head("From", "kim@example.org")
    second.head("To", "rowan@example.org").head("Date", "Mon, 02 Mar 2026 07:00:00 GMT")
    second.more(
        envelope="From 1830@xxx Mon Mar 02 07:00:00 +0000 2026", gmail_thread_id="1830", gmail_labels="Inbox,Opened"
    )
    second.must(
        timestamp="2026-03-02T07:00:00.000000Z",
        timestamp_raw="Mon, 02 Mar 2026 07:00:00 GMT",
        tz_basis="in_value",
        recipients=["rowan@example.org"],
        email_to=["rowan@example.org"],
        **person("kim@example.org", "kim@example.org"),
    )
    rows.append(second.golden("message 2"))
    data += second.data + eol
    third = Mail(eol=eol, base=len(data)).raw(b"From MAILER-DAEMON Tue Mar  3 07:00:00 2026\n")
    third.head("From", "<>").head("Subject", "Undelivered").head("Message-Id", "<d4@example.org>")
    third.raw(b"\nFrom ash Mon Jan  1 00:00:00 2024\n\nFrom ash Mon Jan  1 00:00:00 2024\nis text: no field follows")
    third.more(envelope="From MAILER-DAEMON Tue Mar  3 07:00:00 2026")
    third.must(
        email_from="<>",
        email_subject="Undelivered",
        message_id="<d4@example.org>",
        text="From ash Mon Jan  1 00:00:00 2024\n\nFrom ash Mon Jan  1 00:00:00 2024\nis text: no field follows",
    )
    rows.append(third.golden("message 3"))
    return data + third.data, rows, 2 * len(eol)


PASTED = [
    ("Return-Path", ["<ash@example.net>"]),
    (
        "Received",
        [
            "from out1.example.net (out1.example.net [198.51.100.24])",
            "by mx1.example.org (Postfix) with ESMTPS id 4XkQ9s1zLz",
            "for <rowan@example.org>; Sun, 1 Mar 2026 10:00:07 +0000",
        ],
    ),
    ("Subject", ["At the harbour", "again"]),
    ("From", ["ash@example.net"]),
    ("To", ["rowan@example.org"]),
    ("Date", ["Sun, 1 Mar 2026 11:00:03 +0100"]),
]


def pasted(name: str, lead: str, mark: str, indent: str, about: dict[str, int]) -> None:
    """The same message as it looks in a forum or a reply: every line behind `mark`, continuations behind `indent`."""
    data = lead.encode()
    headers: list[dict[str, Any]] = []
    for field_name, lines in PASTED:
        start = len(data) + len(mark)
        for number, line in enumerate(lines):
            data += (mark + (indent if number else f"{field_name}: ") + line).encode()
            end = len(data)
            data += b"\r\n"
        value = (indent or " ").join(lines)
        headers.append({"name": field_name, "value": value, "span_start": start, "span_end": end})
    data += f"{mark.rstrip()}\r\n{mark}I saw you.\r\n".encode()
    received = headers[1]
    hop = {
        "index": 0,
        "ip": "198.51.100.24",
        "rdns": "out1.example.net",
        "helo": "out1.example.net",
        "by": "mx1.example.org",
        "with": "ESMTPS",
        "id": "4XkQ9s1zLz",
        "for": "rowan@example.org",
        "time": "2026-03-01T10:00:07.000000Z",
        "time_raw": "Sun, 1 Mar 2026 10:00:07 +0000",
        "attested": True,
        "span_start": received["span_start"],
        "span_end": received["span_end"],
        "raw": received["value"],
    }
    mail = Mail(data=data, headers=headers, hops=[hop])
    mail.more(boundary_basis="top_hop_only", return_path="<ash@example.net>", paste=about)
    mail.must(
        attested_ip="198.51.100.24",
        boundary_host="mx1.example.org",
        timestamp="2026-03-01T10:00:03.000000Z",
        timestamp_raw="Sun, 1 Mar 2026 11:00:03 +0100",
        tz_basis="in_value",
        recipients=["rowan@example.org"],
        email_to=["rowan@example.org"],
        email_subject=headers[2]["value"],
        text="I saw you.",
        **person("ash@example.net", "ash@example.net"),
    )
    write("pasted", name, data, [mail.golden("message")])


def main() -> None:
    """Write everything."""
    pasted("quoted.txt", "", "> ", "    ", {"quote_marks": 1, "joined_lines": 0, "dropped_lines": 0})
    lead = "Here are the headers you asked for\r\n\r\n"
    pasted("wrapped.txt", lead, "", "", {"quote_marks": 0, "joined_lines": 3, "dropped_lines": 1})
    pasted("quoted_twice.txt", "", ">> ", "", {"quote_marks": 2, "joined_lines": 3, "dropped_lines": 0})
    single("postfix.eml", plain_mail())
    single("header_only.eml_hdr.eml", header_only())
    single("header_only_crlf.eml_hdr.eml", header_only(b"\r\n").raw(b"\n"))
    outer = attachments()
    single("attachments_crlf.eml", outer, letter_inside(outer))
    single("hostile.eml", hostile())
    single("google_crlf.eml", google())
    single("bare_cr.eml", cr_mail())
    for name, eol in (("inbox.mbox", b"\n"), ("inbox_crlf.mbox", b"\r\n")):
        data, rows, skipped = mailbox(eol)
        write("mbox", name, data, rows, skipped)


def cr_mail() -> Mail:
    """Old line ends: every line ends in a bare CR."""
    mail = plain_mail(eol=b"\r")
    return mail.must(text="I saw you.\nFrom the bridge you can see everything.")


if __name__ == "__main__":
    main()
