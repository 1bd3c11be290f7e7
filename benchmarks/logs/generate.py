"""Writes a combined access log that is the same for the same seed: `generate.py LINES SEED OUT`.

Many peers (a fifth of them IPv6) with a few busy ones, escaped quotation marks, users with blanks, a change of offset,
text that is not ASCII, and about one odd line in a hundred: cut, binary, of another log, blank, Latin-1, TLS, empty.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SECONDS_BEFORE_CHANGE = 0.4
WORDS = ("thread", "forum", "profile", "media", "api", "v1", "login", "messages", "inbox", "photos", "search", "tag")
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.{}.{} Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS {}_{} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E{}",
    "Mozilla/5.0 (Linux; Android {}; Pixel {}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36",
    'ExampleApp/{}.{} (build {}; \\"store\\")',
    "curl/{}.{}.{}",
)
ODD = (  # share of lines, and what becomes of a line
    (0.0010, lambda line, rng: line[: rng.randrange(len(line))]),
    (0.0010, lambda line, rng: _splice(line, rng, b"\x00\xff")),
    (0.0020, lambda _, rng: b"Mar  1 10:00:%02d web1 sshd[7]: session opened" % rng.randrange(60)),
    (0.0010, lambda _line, _rng: b""),
    (0.0020, lambda line, rng: _splice(line, rng, "é".encode("latin-1"))),
    (0.0020, lambda line, _: _with_request(line, rb"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", b"400")),
    (0.0020, lambda line, _: _with_request(line, b"-", b"408")),
)


def _splice(line: bytes, rng: random.Random, piece: bytes) -> bytes:
    at = rng.randrange(len(line))
    return line[:at] + piece + line[at:]


def _with_request(line: bytes, request: bytes, status: bytes) -> bytes:
    head, _, rest = line.split(b'"', 2)
    return head + b'"' + request + b'" ' + status + rest[4:]


def _peers(rng: random.Random, count: int) -> list[str]:
    v4 = [f"198.{rng.choice((18, 19))}.{rng.randrange(256)}.{rng.randrange(256)}" for _ in range(count * 78 // 100)]
    groups = [[f"{rng.randrange(1, 65536):x}" for _ in range(3)] for _ in range(count - len(v4))]
    peers = v4 + [f"2001:db8:{a}:{b}::{c}" for a, b, c in groups]
    rng.shuffle(peers)
    return peers


def _targets(rng: random.Random, count: int) -> list[str]:
    return [
        "/".join(["", *rng.choices(WORDS, k=rng.randrange(1, 5)), str(rng.randrange(10**6))]) + _query(rng)
        for _ in range(count)
    ]


def _query(rng: random.Random) -> str:
    if rng.random() < 0.05:
        return "?q=média"
    return f"?page={rng.randrange(40)}" if rng.random() < 0.4 else ""


def _agents(rng: random.Random, count: int) -> list[str]:
    return [rng.choice(AGENTS).format(*(rng.randrange(1, 150) for _ in range(3))) for _ in range(count)]


def _clock(lines: int, i: int) -> str:
    """Ten days from 2026-03-25, with the offset of a summer time in the later part."""
    second = i * 864_000 // lines
    late = second > 864_000 * SECONDS_BEFORE_CHANGE
    second += 3600 * late
    day, rest = 25 + second // 86_400, second % 86_400
    month, day = (3, day) if day <= 31 else (4, day - 31)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    return f"{day:02d}/{MONTHS[month - 1]}/2026:{clock} +0{int(late)}00"


def lines_of(lines: int, seed: int) -> Iterator[bytes]:
    """The lines, without line ends."""
    rng = random.Random(seed)
    peers, targets, agents = _peers(rng, max(10, lines // 12)), _targets(rng, 40_000), _agents(rng, 6_000)
    users = ["-"] * 60 + ["m.keel", "anna berg", "j.holt", 'o\\"b']
    methods, statuses = ["GET"] * 16 + ["POST"] * 3 + ["HEAD"], [200] * 14 + [301, 302, 304, 403, 404, 500]
    limits = [sum(share for share, _ in ODD[: n + 1]) for n in range(len(ODD))]
    for i in range(lines):
        peer = peers[int(len(peers) * rng.random() ** 3)]
        referrer = "https://www.example.org" + rng.choice(targets) if rng.random() < 0.6 else "-"
        line = (
            f'{peer} - {rng.choice(users)} [{_clock(lines, i)}] "{rng.choice(methods)} {rng.choice(targets)} HTTP/1.1" '
            f'{rng.choice(statuses)} {rng.randrange(40, 90_000)} "{referrer}" "{rng.choice(agents)}"'
        ).encode()
        dice = rng.random()
        odd = next((n for n, limit in enumerate(limits) if dice < limit), None)
        yield line if odd is None else ODD[odd][1](line, rng)


def write(lines: int, seed: int, out: Path) -> None:
    with out.open("wb", buffering=1 << 20) as file:
        file.writelines(line + b"\n" for line in lines_of(lines, seed))


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
