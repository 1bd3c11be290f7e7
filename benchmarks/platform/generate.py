"""Large synthetic exports, written piece by piece from a seed: `generate.py KIND MEGABYTES FILE`.

KIND is ``messages`` (a thread of messages, JSON) or ``records`` (the page of a return, HTML).
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import IO

SEED = 20261124
TEXT = """
harbour boat tide rope lamp evening window answer always again morning street corner letter garden colour stone river
bridge paper sugar copper velvet signal quiet yellow nothing number winter orange silver
"""
WORDS = TEXT.split()
EPOCH_MS = 1_735_725_600_000


def text(rng: random.Random) -> str:
    words = rng.choices(WORDS, k=rng.randint(3, 30))
    if rng.random() < 0.1:
        words.append("caf\u00c3\u00a9 \u00f0\u009f\u0099\u0082")  # UTF-8 written as Latin-1 escapes
    return " ".join(words)


def message(rng: random.Random, number: int) -> dict[str, object]:
    out: dict[str, object] = {
        "sender_name": rng.choice(("Wren Hale", "Finch Six")),
        "timestamp_ms": EPOCH_MS + number * 41_000 + rng.randint(0, 40_000),
        "content": text(rng),
        "is_geoblocked_for_viewer": False,
        "is_unsent_image_by_messenger_kid_parent": False,
    }
    if rng.random() < 0.1:
        out["photos"] = [{"uri": f"your_instagram_activity/messages/inbox/finch_1/photos/{number}.jpg",
                          "creation_timestamp": EPOCH_MS // 1000 + number}]  # fmt: skip
    if rng.random() < 0.15:
        out["reactions"] = [{"reaction": "\u00e2\u009d\u00a4", "actor": "Finch Six"}]
    return out


def messages(out: IO[bytes], size: int) -> int:
    rng, number = random.Random(SEED), 0
    out.write(b'{"participants": [{"name": "Wren Hale"}, {"name": "Finch Six"}], "messages": [\n')
    while out.tell() < size:
        out.write((b",\n" if number else b"") + json.dumps(message(rng, number), indent=2).encode())
        number += 1
    out.write(b'], "title": "Finch Six", "is_still_participant": true, "thread_path": "inbox/finch_17842290013"}\n')
    return number


ROW = '<div class="t o"><div class="t i">{}<div class="m"><div>{}<div class="p"></div></div></div></div></div>'
BREAK = '<div id="page_{0}" class="pageBreak">Meta Platforms Business Record Page {0}</div>\n'
PARAMETERS = (
    ("Service", "Instagram"),
    ("Target", "100200300"),
    ("Account Identifier", "https://www.instagram.com/wren.hale"),
    ("Generated", "2026-10-02 09:00:00 UTC"),
    ("Date Range", "2025-01-01 00:00:00 UTC to 2026-10-01 00:00:00 UTC"),
)


def stamp(rng: random.Random) -> str:
    month, day, hour, minute = (rng.randint(low, high) for low, high in ((1, 12), (1, 28), (0, 23), (0, 59)))
    return f"2025-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:07 UTC"


def section(out: IO[bytes], name: str, title: str) -> None:
    out.write(f'<div id="property-{name}"><div class="t o"><div class="t i">{title}<div class="m"><div>\n'.encode())


def end(out: IO[bytes]) -> None:
    out.write(b"</div></div></div></div></div>\n")


def records(out: IO[bytes], size: int) -> int:
    """Addresses up to a fifth of the size, then threads of messages; a page heading after every fiftieth record."""
    rng, number, people = random.Random(SEED), 0, "wren.hale (Instagram: 100200300)<br>finch.six (Instagram: 100200999)"
    out.write(b'<html><body><div id="property-request_parameters">')
    out.write("".join(ROW.format(*pair) for pair in PARAMETERS).encode() + b"</div>\n")
    section(out, "ip_addresses", "Ip Addresses")
    while out.tell() < size // 5:
        number += 1
        address = f"198.51.100.{rng.randint(1, 254)}:{rng.randint(1024, 65535)}"
        out.write((ROW.format("IP Address", address) + ROW.format("Time", stamp(rng))).encode() + b"\n")
        out.write(BREAK.format(number // 50 + 1).encode() if number % 50 == 0 else b"")
    end(out)
    section(out, "unified_messages", "Unified Messages")
    while out.tell() < size:
        head = (("Thread", f"({rng.randint(10**9, 10**10)})"), ("Current Participants", people))
        out.write("".join(ROW.format(*pair) for pair in head).encode())
        for _ in range(200):
            number += 1
            author = rng.choice(people.split("<br>"))
            row = (("Author", author), ("Sent", stamp(rng)), ("Body", text(rng)))
            out.write("".join(ROW.format(*pair) for pair in row).encode() + b"\n")
            out.write(BREAK.format(number // 50 + 1).encode() if number % 50 == 0 else b"")
    end(out)
    out.write(b"</body></html>\n")
    return number


def main() -> None:
    kind, size, path = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    with path.open("wb") as out:
        print(f"{ {'messages': messages, 'records': records}[kind](out, size << 20):,} records written to {path}")


if __name__ == "__main__":
    main()
