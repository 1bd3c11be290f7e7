"""Units are cut after newlines and know their first line."""

from __future__ import annotations

import io
import itertools

from hypothesis import given
from hypothesis import strategies as st

from pipeline.parse.units import cut_units


@given(st.lists(st.integers(0, 40), max_size=60), st.integers(1, 50), st.booleans())
def test_units_cover_the_member_and_count_lines(lengths: list[int], size: int, ended: bool) -> None:  # noqa: FBT001
    data = b"\n".join(b"x" * n for n in lengths) + (b"\n" if ended else b"")
    units = cut_units(io.BytesIO(data), size)
    assert all(end - start >= size for start, end, _ in units[:-1])
    assert units[0][0] == 0
    assert units[-1][1] == len(data)
    for (_, end, _), (start, _, line) in itertools.pairwise(units):
        assert start == end
        assert data[end - 1 : end] == b"\n"
        assert line == 1 + data[:start].count(b"\n")


def test_an_empty_member_is_one_empty_unit() -> None:
    assert cut_units(io.BytesIO()) == [(0, 0, 1)]
