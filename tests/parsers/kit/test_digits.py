"""Decimal numbers as text, a column at a time: equal to what Python's own formatting gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from parsers.kit.digits import numbered, padded, same_width_texts

NUMBERS = st.lists(st.integers(min_value=0, max_value=10**18), max_size=20)


def test_numbers_of_several_widths_keep_no_padding() -> None:
    assert numbered("L", np.array([1, 9, 10, 999, 1000, 0])).to_pylist() == ["L1", "L9", "L10", "L999", "L1000", "L0"]


def test_no_numbers_make_no_texts() -> None:
    assert numbered("L", np.array([], np.int64)).to_pylist() == []


@given(NUMBERS)
def test_numbered_is_the_letter_and_the_number(numbers: list[int]) -> None:
    assert numbered("L", np.array(numbers, np.int64)).to_pylist() == [f"L{n}" for n in numbers]


@given(NUMBERS, st.integers(min_value=1, max_value=19))
def test_padded_keeps_the_last_digits_and_fills_with_zeros(numbers: list[int], width: int) -> None:
    rows = same_width_texts(padded(np.array(numbers, np.int64), width)).to_pylist()
    assert rows == [f"{n:0{width}d}"[-width:] for n in numbers]
