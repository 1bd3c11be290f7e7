"""Reading and writing addresses as text, a column at a time."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from pipeline.enrich.addresses import read_addresses
from pipeline.enrich.text4 import parse4, text4
from pipeline.enrich.text6 import parse6, text6

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Seeded = Callable[[int], Random]


def _numbers4(texts: list[str | None]) -> list[int | None]:
    parsed = parse4(pa.array(texts, pa.string()))
    found = dict(zip(parsed.rows.tolist(), parsed.keys.tolist(), strict=True))
    return [found.get(i) for i in range(len(texts))]


def _numbers6(texts: list[str | None]) -> list[int | None]:
    parsed = parse6(pa.array(texts, pa.string()))
    words = zip(parsed.keys.hi.tolist(), parsed.keys.lo.tolist(), strict=True)
    found = dict(zip(parsed.rows.tolist(), (hi << 64 | lo for hi, lo in words), strict=True))
    return [found.get(i) for i in range(len(texts))]


def _oracle(kind: type[ipaddress.IPv4Address | ipaddress.IPv6Address], text: str) -> int | None:
    try:
        return None if "%" in text else int(kind(text))
    except ValueError:
        return None


def _mutated(text: str, alphabet: str, draw: Random) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(alphabet) + text[at + draw.randrange(2) :]


@pytest.mark.parametrize(
    "text",
    ["01.2.3.4", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ", "+1.2.3.4", "1..3.4", "0x1.2.3.4", "", "1.2.3.4\n"],
)
def test_a_text_that_programs_read_differently_is_no_ipv4_address(text: str) -> None:
    assert _numbers4([text]) == [None]


def test_ipv4_texts_become_their_numbers_and_back() -> None:
    assert _numbers4(["0.0.0.1", None, "255.255.255.255", "192.0.2.1"]) == [1, None, 4294967295, 3221225985]
    assert text4(parse4(pa.array(["192.0.2.1", "0.0.0.1"])).keys) == ["192.0.2.1", "0.0.0.1"]


def test_ipv4_reading_agrees_with_the_standard_library_on_mutated_texts(seeded: Seeded) -> None:
    draw = seeded(4)
    texts = []
    for _ in range(20_000):
        size = draw.choice([3, 4, 4, 4, 5])
        text = ".".join(str(draw.choice([0, 1, 9, 10, 99, 100, 255, 256, 999])) for _ in range(size))
        texts.append(_mutated(text, "0123456789./: aé\x00", draw) if draw.random() < 0.5 else text)
    assert _numbers4(texts) == [_oracle(ipaddress.IPv4Address, text) for text in texts]


def test_ipv6_reading_agrees_with_the_standard_library_on_mutated_texts(seeded: Seeded) -> None:
    draw = seeded(6)
    texts = []
    for _ in range(20_000):
        size = draw.randrange(1, 10)
        groups = [draw.choice(["0", "00", "ffff", "A", f"{draw.randrange(65536):x}"]) for _ in range(size)]
        cut = draw.randrange(len(groups) + 1)
        text = ":".join(groups[:cut]) + "::" + ":".join(groups[cut:]) if draw.random() < 0.6 else ":".join(groups)
        text += draw.choice(["", "", "", "", ":192.0.2.1", "%eth0", ":"])
        texts.append(_mutated(text, "0123456789abcdefABCDEF:.g/ é", draw) if draw.random() < 0.3 else text)
    assert _numbers6(texts) == [_oracle(ipaddress.IPv6Address, text) for text in texts]


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("2001:DB8::1", "2001:db8::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:0db8::0:1", "2001:db8::1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("0:0:0:0:0:0:0:0", "::"),
        ("::ffff:c000:201", "::ffff:192.0.2.1"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ],
)
def test_an_ipv6_address_is_kept_in_its_canonical_spelling(written: str, canonical: str) -> None:
    assert read_addresses([written]).texts.to_pylist() == [canonical]


def test_texts_marked_as_canonical_are_exactly_what_the_writer_writes(seeded: Seeded) -> None:
    draw = seeded(66)
    texts = []
    for _ in range(5_000):
        groups = [draw.choice(["0", "0", "1", "ffff", "0a"]) for _ in range(8)]
        start = draw.randrange(8)
        end = draw.randrange(start, 9)
        texts.append(":".join(groups[:start]) + "::" + ":".join(groups[end:]) if end > start else ":".join(groups))
    parsed = parse6(pa.array(texts))
    kept = [texts[row] for row in parsed.rows.tolist()]
    written = text6(parsed.keys)
    assert [text != out for text, out in zip(kept, written, strict=True)] == parsed.respell.tolist()


def test_two_spellings_of_one_address_are_one_row_and_what_is_no_address_is_left_out() -> None:
    found = read_addresses(["2001:db8::1", "2001:DB8:0::1", "192.0.2.1", "192.0.2.1", "example.org", "", "\ud800"])
    assert found.texts.to_pylist() == ["192.0.2.1", "2001:db8::1"]


def test_sliced_and_chunked_columns_read_like_plain_ones() -> None:
    whole = pa.array(["example.org", "192.0.2.1", None, "2001:db8::1", "192.0.2.2"])
    assert read_addresses(whole[1:4]).texts.to_pylist() == ["192.0.2.1", "2001:db8::1"]
    chunks = pa.chunked_array([whole[:2], whole[3:]])
    assert read_addresses(chunks).texts.to_pylist() == ["192.0.2.1", "192.0.2.2", "2001:db8::1"]
    assert read_addresses(whole.cast(pa.string_view())).texts.to_pylist() == ["192.0.2.1", "192.0.2.2", "2001:db8::1"]
