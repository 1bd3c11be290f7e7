"""Writes the Outlook fixtures and what must be read from them. Knows what it wrote; imports nothing of the project."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "msg"
SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FATSECT, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
FILETIME_1970 = 116_444_736_000_000_000


@dataclass
class Node:
    """A storage (with children) or a stream (with data) of a compound file."""

    name: str
    data: bytes | None = None
    children: list[Node] = field(default_factory=list)
    sid: int = 0
    right: int = NONE
    child: int = NONE
    start: int = END


def stream(name: str, data: bytes) -> Node:
    return Node(name, data)


def text(tag: int, value: str) -> Node:
    return Node(f"__substg1.0_{tag:04X}001F", value.encode("utf-16-le"))


def ansi(tag: int, value: bytes) -> Node:
    return Node(f"__substg1.0_{tag:04X}001E", value)


def binary(tag: int, value: bytes) -> Node:
    return Node(f"__substg1.0_{tag:04X}0102", value)


def properties(head: int, **rows: int) -> Node:
    """Fixed-size properties: ``t0039=ticks`` is a time, ``n3FFD=number`` an integer."""
    data = b"\0" * head
    for name, value in rows.items():
        kind = 0x0040 if name[0] == "t" else 0x0003
        data += struct.pack("<HHIQ", kind, int(name[1:], 16), 6, value)
    return Node("__properties_version1.0", data)


def compound(children: list[Node]) -> bytes:
    """A compound file, version 3: small streams in the mini stream, one chain per stream."""
    nodes: list[Node] = []
    root = Node("Root Entry", None, children)
    number(root, nodes)
    mini = b""
    minifat: list[int] = []
    body: list[bytes] = []
    fat: list[int] = []
    for node in nodes:
        if node.data and len(node.data) < CUTOFF:
            node.start = len(minifat)
            count = -(-len(node.data) // MINI)
            minifat += [*range(node.start + 1, node.start + count), END]
            mini += node.data.ljust(count * MINI, b"\0")
        elif node.data:
            node.start = chain(body, fat, node.data)
    root.start = chain(body, fat, mini)
    root.data = mini
    first_minifat = chain(body, fat, struct.pack(f"<{len(minifat)}I", *minifat), fill=b"\xff")
    first_directory = chain(body, fat, b"".join(entry(n, root=n is root) for n in nodes))
    fat_sector = len(body)
    fat.append(FATSECT)
    if len(fat) > SECTOR // 4:
        raise ValueError("one sector of allocation table is all that is written here")
    body.append(struct.pack(f"<{SECTOR // 4}I", *fat, *[FREE] * (SECTOR // 4 - len(fat))))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        bytes.fromhex("D0CF11E0A1B11AE1"), b"", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, first_directory, 0, CUTOFF,
        first_minifat, -(-len(minifat) * 4 // SECTOR), END, 0,
    )  # fmt: skip
    return header + struct.pack("<109I", fat_sector, *[FREE] * 108) + b"".join(body)


def number(node: Node, nodes: list[Node]) -> None:
    node.sid = len(nodes)
    nodes.append(node)
    ordered = sorted(node.children, key=lambda n: (len(n.name), n.name.upper()))
    for child in ordered:
        number(child, nodes)
    for child, following in pairwise(ordered):
        child.right = following.sid
    node.child = ordered[0].sid if ordered else NONE


def chain(body: list[bytes], fat: list[int], data: bytes, fill: bytes = b"\0") -> int:
    if not data:
        return END
    start, count = len(body), -(-len(data) // SECTOR)
    body += [data[i * SECTOR : (i + 1) * SECTOR].ljust(SECTOR, fill) for i in range(count)]
    fat += [*range(start + 1, start + count), END]
    return start


def entry(node: Node, *, root: bool) -> bytes:
    name = node.name.encode("utf-16-le")
    kind = 5 if root else 1 if node.data is None else 2
    size = len(node.data) if node.data is not None else 0
    fields = (name, len(name) + 2, kind, 1, NONE, node.right, node.child, node.start if size else 0, size)
    return struct.pack("<64sHBBIII36xIQ", *fields)


def write(name: str, data: bytes, events: list[dict[str, Any]]) -> None:
    HERE.mkdir(parents=True, exist_ok=True)
    (HERE / name).write_bytes(data)
    counts = {"bytes_parsed": len(data), "bytes_rejected": 0, "bytes_skipped": 0, "events": len(events), "rejects": 0}
    rows: list[dict[str, Any]] = [{"accounting": {"bytes_in": len(data), **counts}}]
    for event in events:
        whole = {"span_start": 0, "span_end": len(data), "event_type": "email_message"}
        extra = json.dumps(event.pop("extra"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        rows.append({"event": {**whole, **event, "extra": extra}})
    out = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"
    (HERE / f"{name}.golden.jsonl").write_text(out, "utf-8")


def person(address: str, written: str, display: str) -> dict[str, Any]:
    return {
        "email_from": written,
        "sender": address,
        "account_platform": "email",
        "account_login": address,
        "account_display_name": display,
        "identifiers": [{"type": "email", "value": address, "raw": written}],
    }


def reader(index: int, kind: int, name: str, address: str) -> Node:
    parts = [properties(8, n0C15=kind), text(0x3001, name), text(0x39FE, address)]
    return Node(f"__recip_version1.0_#{index:08X}", None, parts)


def ticks(epoch_s: int) -> int:
    return FILETIME_1970 + epoch_s * 10_000_000


RECEIVED = (
    "from out.example.net (out.example.net [198.51.100.24]) by mx1.example.org with ESMTPS id 7;"
    " Sun, 1 Mar 2026 10:00:07 +0000"
)
FIELDS = [
    ("Received", RECEIVED),
    ("From", "Ash <ash@example.net>"),
    ("To", "rowan@example.org"),
    ("Subject", "Grüße"),
    ("Date", "Sun, 1 Mar 2026 11:00:03 +0100"),
    ("Message-ID", "<m1@example.net>"),
    ("Thread-Index", base64.b64encode((ticks(1_772_359_204) >> 16).to_bytes(6, "big") + bytes(range(16))).decode()),
]


def delivered() -> None:
    """A received item: transport headers, an attachment, and an item attached to it."""
    block = "".join(f"{name}: {value}\r\n" for name, value in FIELDS)
    picture = b"\x89PNG not a picture" * 300
    inner = [
        properties(24, t0039=ticks(1_772_355_600)),
        text(0x0C1A, "Kim Vale"),
        text(0x5D01, "Kim@example.com"),
        text(0x0037, "inner"),
        text(0x1000, "from inside\r\n"),
    ]
    data = compound(
        [
            properties(32, t0E06=ticks(1_772_359_207), n3FFD=1252),
            text(0x007D, f"Microsoft Mail Internet Headers Version 2.0\r\n{block}\r\n"),
            text(0x001A, "IPM.Note"),
            text(0x1000, "I saw you.\r\nAt noon.\r\n"),
            Node(
                "__attach_version1.0_#00000000",
                None,
                [properties(8), binary(0x3701, picture), text(0x3707, "pier.png"), text(0x370E, "image/png")],
            ),
            Node(
                "__attach_version1.0_#00000001",
                None,
                [properties(8), text(0x3001, "inner"), Node("__substg1.0_3701000D", None, inner)],
            ),
        ]
    )
    hop = {
        "index": 0, "ip": "198.51.100.24", "rdns": "out.example.net", "helo": "out.example.net",
        "by": "mx1.example.org", "with": "ESMTPS", "id": "7", "time": "2026-03-01T10:00:07.000000Z",
        "time_raw": "Sun, 1 Mar 2026 10:00:07 +0000", "attested": True, "raw": RECEIVED,
    }  # fmt: skip
    digest = hashlib.sha256(picture).hexdigest()
    thread = {"conversation_start": "2026-03-01T10:00:03Z", "guid": "000102030405060708090a0b0c0d0e0f"}
    write("delivered.msg", data, [
        {
            "locator": "message",
            "email_headers": [{"name": n, "value": v} for n, v in FIELDS],
            "hops": [hop],
            "attested_ip": "198.51.100.24",
            "boundary_host": "mx1.example.org",
            "timestamp": "2026-03-01T10:00:03.000000Z",
            "timestamp_raw": "Sun, 1 Mar 2026 11:00:03 +0100",
            "tz_basis": "in_value",
            "message_id": "<m1@example.net>",
            "recipients": ["rowan@example.org"],
            "email_to": ["rowan@example.org"],
            "email_subject": "Grüße",
            "attachment_names": ["pier.png", "inner"],
            "attachment_sha256s": [digest],
            "text": "I saw you.\nAt noon.",
            **person("ash@example.net", "Ash <ash@example.net>", "Ash"),
            "extra": {
                "boundary_basis": "top_hop_only",
                "outlook": {"class": "IPM.Note", "delivered": "2026-03-01T10:00:07Z"},
                "attachments": [
                    {"type": "image/png", "name": "pier.png", "bytes": len(picture), "sha256": digest},
                    {"type": "message/outlook", "name": "inner"},
                ],
                "decoders": [
                    {"decoder": "thread_index", "field": "Thread-Index", "trust": "sender_controlled", "value": thread}
                ],
            },
        },
        {
            "locator": "message > attachment 2",
            "timestamp": "2026-03-01T09:00:00.000000Z",
            "timestamp_raw": str(ticks(1_772_355_600)),
            "tz_basis": "format_rule",
            "email_subject": "inner",
            "parse_flags": ["attached_copy"],
            "text": "from inside",
            **person("kim@example.com", "Kim Vale <Kim@example.com>", "Kim Vale"),
            "extra": {
                "attached_to": "message",
                "transport_headers": "absent",
                "outlook": {
                    "sender_name": "Kim Vale", "sender_address": "Kim@example.com", "submitted": "2026-03-01T09:00:00Z",
                },
            },
        },
    ])  # fmt: skip


def sent() -> None:
    """A sent item, in a code page: no transport headers, HTML only, three kinds of recipients."""
    data = compound(
        [
            properties(32, t0039=ticks(1_772_359_203), t3007=ticks(1_772_359_100), n3FFD=1250, n3FDE=65001),
            ansi(0x0037, "Żółw".encode("cp1250")),
            ansi(0x0C1A, b"Ash"),
            ansi(0x5D01, b"ash@example.net"),
            ansi(0x1035, b"<s1@example.net>"),
            binary(0x1013, "<html><body><p>Noch <b>einmal</b>, übermorgen</p></body></html>".encode()),
            reader(0, 1, "Rowan", "Rowan@example.org"),
            reader(1, 2, "kim@example.com", "kim@example.com"),
            reader(2, 3, "Hidden", "hidden@example.com"),
        ]
    )
    event = {
        "locator": "message",
        "timestamp": "2026-03-01T10:00:03.000000Z",
        "timestamp_raw": str(ticks(1_772_359_203)),
        "tz_basis": "format_rule",
        "message_id": "<s1@example.net>",
        "email_subject": "Żółw",
        "email_to": ["Rowan <Rowan@example.org>", "kim@example.com"],
        "recipients": ["rowan@example.org", "kim@example.com", "hidden@example.com"],
        "text": "Noch einmal, übermorgen",
        **person("ash@example.net", "Ash <ash@example.net>", "Ash"),
        "extra": {
            "transport_headers": "absent",
            "outlook": {
                "sender_name": "Ash", "sender_address": "ash@example.net", "submitted": "2026-03-01T10:00:03Z",
                "created": "2026-03-01T09:58:20Z",
            },
        },
    }  # fmt: skip
    write("sent.msg", data, [event])


if __name__ == "__main__":
    delivered()
    sent()
