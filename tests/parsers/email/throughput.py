"""Header-only mail through the reader, messages/s of one core: ``python -m tests.parsers.email.throughput``."""

from __future__ import annotations

import sys
import time

from parsers.contract import Source
from parsers.reader import StreamId, read
from parsers.registry import find_format

COUNT = 5000
HOP = (
    "Received: from out{n}.example.net (out{n}.example.net [198.51.100.{n}])\r\n"
    "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n"
    "\tby mx{n}.example.org (Postfix) with ESMTPS id 4XkQ9s{i}z{n}\r\n"
    "\tfor <rowan@example.org>; Sun,  1 Mar 2026 10:{m:02}:{s:02} +0000 (UTC)\r\n"
)


def message(number: int) -> bytes:
    """A message of about 4 kB without a body: five hops, 24 other fields."""
    minute, second = number // 60 % 60, number % 60
    hops = "".join(HOP.format(n=n, i=number, m=minute, s=second) for n in range(1, 6))
    fields = "".join(f"X-Field-{n}: {'value ' * 22}{number}\r\n" for n in range(17))
    people = (
        f"From: =?utf-8?q?Ash_=C3=89?= <ash{number % 97}@example.net>\r\n"
        "To: Rowan <rowan@example.org>, kim@example.org\r\n"
        f"Subject: message {number}\r\nMessage-ID: <{number}@example.net>\r\nReferences: <{number - 1}@example.net>\r\n"
        f"Date: Sun, 1 Mar 2026 10:{minute:02}:{second:02} +0000\r\nMIME-Version: 1.0\r\n"
    )
    return (hops + fields + people + "\r\n").encode()


def measure(format_id: str, members: list[bytes]) -> float:
    """Seconds of processor time to read every member."""
    fmt, start = find_format(format_id), time.process_time()
    for number, member in enumerate(members):
        for batch in read(fmt, Source(memoryview(member)), StreamId(f"{number:064x}", "", fmt.id, fmt.version)):
            assert batch.accounting.rejects == 0
    return time.process_time() - start


def main() -> None:
    """Print both figures."""
    mails = [message(n) for n in range(COUNT)]
    mbox = b"".join(b"From a@example.net Sun Mar  1 10:00:00 2026\r\n" + m + b"\r\n" for m in mails)
    size = sum(map(len, mails)) / COUNT
    for name, members in (("email/mbox", [mbox]), ("email/rfc5322", mails)):
        spent = measure(name, members)
        sys.stdout.write(f"{name}: {COUNT / spent:,.0f} messages/s of {size:,.0f} bytes in {len(members)} member(s)\n")


if __name__ == "__main__":
    main()
