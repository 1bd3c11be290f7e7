"""The block tokenizer against the row grammar, over lines mutated where their structure lies."""

from __future__ import annotations

import dataclasses
import os
import random

import pytest

from parsers.contract import Source
from parsers.registry import find_format
from tests.conformance.fixtures import ROOT, read_all

SEEDS = int(os.environ.get("VESTIGO_MUTATIONS", "60"))
LAYOUTS = ("common", "combined", "vhost_combined")
PIECES = (
    *(b" ", b"  ", b'"', b'\\"', b"\\", b"\\\\", b"-", b"", b"[", b"]", b":", b"/", b".", b",", b"%", b"+", b"0", b"9"),
    *(b"\r", b"\t", b"\x00", b"\x1f", b"\x7f", b"\xe9", "é".encode(), b"\xe2\x80", b"\xef\xbb\xbf", b"\n", b"\r\n"),
    *(b"GET", b"get", b"HTTP/1.1", b"HTTP/2", b"HTTP/:.1", b"JaA", b"Feb", b"31", b"24", b"60", b"1969", b"2100"),
    *(b"999", b"007", b"1234567890123", b"256.1.1.1", b"01.2.3.4", b"::1", b"::ffff:192.0.2.1", b"2001:DB8::1"),
    *(b"203.0.113.5:80", b"[2001:db8::1]:80", b"a.example.org", b"a.example.org:80", b'""', b'"-"', b" - - [", b"] "),
    *(b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "\U0001f600".encode(), b"a" * 300, b" HTTP/1.1"),
    *(b'\\\\" ', b'\\\\\\"', b"00", b' "-"', b' "198.51.100.8"'),
)


def base_lines(layout: str) -> list[bytes]:
    files = sorted((ROOT / "server_log" / f"web_{layout}").glob("*.log"))
    return [line[:400] for path in files for line in path.read_bytes().split(b"\n")]


def mutate_line(line: bytes, rng: random.Random) -> bytes:
    """Put a piece at a place of structure, overwrite or drop there, cut, or exchange two fields."""
    places = [i for i, code in enumerate(line) if code in b' "[]:/\\'] or [0]
    at = min(len(line), max(0, rng.choice(places) + rng.randrange(-1, 2)))
    choice = rng.randrange(6)
    if choice < 2:
        return line[:at] + rng.choice(PIECES) + line[at:]
    if choice == 2:
        return line[:at] + rng.choice(PIECES) + line[at + rng.randrange(1, 5) :]
    if choice == 3:
        return line[:at] if rng.randrange(2) else line[at:]
    if choice == 4:
        words = line.split(b" ")
        words[rng.randrange(len(words))] = rng.choice(PIECES)
        return b" ".join(words)
    words = line.split(b" ")
    i, j = rng.randrange(len(words)), rng.randrange(len(words))
    words[i], words[j] = words[j], words[i]
    return b" ".join(words)


def mutated_log(layout: str, seed: int) -> bytes:
    rng = random.Random(seed)
    lines = rng.choices(base_lines(layout), k=60)
    out = []
    for line in lines:
        for _ in range(rng.randrange(3)):
            line = mutate_line(line, rng)  # noqa: PLW2901 - mutations add up
        out.append(line)
    return rng.choice([b"\n", b"\n", b"\r\n"]).join(out) + rng.choice([b"", b"\n"])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_lines_mutated_at_their_structure_read_the_same_by_block_and_by_row(layout: str) -> None:
    fmt = find_format(f"server_log/web_{layout}")
    rows = dataclasses.replace(fmt, parse_block=None)
    for seed in range(SEEDS):
        data = mutated_log(layout, seed)
        assert read_all(fmt, data) == read_all(rows, data), (layout, seed)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_ordinary_line_is_read_by_block_alone(layout: str) -> None:
    path = ROOT / "server_log" / f"web_{layout}" / "ordinary.log"
    data = b"".join(path.read_bytes().splitlines(keepends=True)[:40])
    fmt = find_format(f"server_log/web_{layout}")
    assert fmt.parse_block is not None
    block = fmt.parse_block(Source(memoryview(data)))
    assert block.leftovers == ()
    assert len(block.columns["span_start"]) == 40


def test_one_long_line_neither_ends_nor_hides_the_batch() -> None:
    fmt = find_format("server_log/web_combined")
    line = b'203.0.113.5 - - [01/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "a"\n'
    data = line * 3 + b"x" * (3 << 20) + b"\n" + line * 3
    events, rejects, total = read_all(fmt, data)
    assert [e["locator"] for e in events] == ["L1", "L2", "L3", "L5", "L6", "L7"]
    assert [(r["kind"], r["span_end"] - r["span_start"]) for r in rejects] == [("limit", (3 << 20) + 1)]
    assert total.bytes_in == total.bytes_parsed + total.bytes_rejected


def test_an_empty_source_has_no_rows() -> None:
    fmt = find_format("server_log/web_combined")
    assert fmt.parse_block is not None
    assert fmt.parse_block(Source(memoryview(b""))).columns == {}
    assert read_all(fmt, b"")[0] == []
