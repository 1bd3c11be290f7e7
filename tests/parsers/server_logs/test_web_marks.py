"""Positions that structure a batch, against what Python's own string methods say."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from parsers.server_logs._web_marks import marks_of, slices_at

TEXTS = st.lists(
    st.sampled_from([b" ", b"a", b"-", b'"', b'\\"', b"x" * 70, b"y" * 300, b"\n", b"\r\n", "é".encode()]), max_size=40
).map(b"".join)
HARD = (b"\xc0\xaf", b"\xed\xa0\x80", b"\xed\x9f\xbf", b"\xe0\x80\x80", b"\xe0\xa0\x80", b"\xf0\x8f\xbf\xbf")
HARDER = (b"\xf4\x90\x80\x80", b"\xf4\x8f\xbf\xbf", b"\xf5\x80\x80\x80", b"\x80", b"\xff", b"\xe2\x82", b"\xe2\x82\xac")
BYTES = st.lists(st.sampled_from([*HARD, *HARDER, "😀".encode(), b"a", b"\n"]) | st.binary(max_size=3), max_size=30)


@given(TEXTS)
def test_blanks_are_counted_and_found_as_bytes_methods_do(data: bytes) -> None:
    blanks = marks_of(memoryview(data)).blanks
    at = np.arange(len(data) + 1)
    assert blanks.before(at).tolist() == [data.count(b" ", 0, n) for n in at.tolist()]
    for position, found in zip(at.tolist(), blanks.first(at).tolist(), strict=True):
        expected = data.find(b" ", position)
        near = 0 <= expected < position + 192
        assert found == expected if near or data[found : found + 1] == b" " else found > position


@given(BYTES.map(b"".join))
def test_a_line_is_plain_only_when_it_is_valid_utf_8(data: bytes) -> None:
    marks = marks_of(memoryview(data + b"\n"))
    for start, stop, plain in zip(marks.starts.tolist(), marks.stops.tolist(), marks.plain.tolist(), strict=True):
        line = (data + b"\n")[start:stop].removesuffix(b"\n").removesuffix(b"\r")
        assert plain == (_valid(line) and all(code >= 0x20 for code in line) and b"\\\\" not in line)


def _valid(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


@given(TEXTS)
def test_lines_end_at_line_feeds(data: bytes) -> None:
    marks = marks_of(memoryview(data + b"z"))
    assert [data[a:b] for a, b in zip(marks.starts.tolist(), marks.ends.tolist(), strict=True)][:-1] == [
        line.removesuffix(b"\r") for line in data.split(b"\n")[:-1]
    ]


def test_slices_are_the_bytes_from_each_place() -> None:
    codes = np.frombuffer(b"abcdefgh", np.uint8)
    assert slices_at(codes, np.array([0, 5, 2]), 3).tobytes() == b"abcfghcde"
