"""A likeness read against the case, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pipeline.link.standing import Reference, nearest, pick, standing

SCORES = np.array([[0.0, 0.9, 0.1, 0.3], [0.9, 0.0, 0.2, 0.4], [0.1, 0.2, 0.0, 0.5], [0.3, 0.4, 0.5, 0.0]])
ALL = Reference(np.arange(4), SCORES, ~np.eye(4, dtype=bool))
A, B = np.array([0]), np.array([1])


def test_the_pair_is_no_part_of_its_own_background() -> None:
    # background of account 0 without account 1: .1 and .3; spread drawn to that of the whole case
    pooled = (
        (0.91 - 1.3**2 / 3) + (1.01 - 1.5**2 / 3) + (0.30 - 0.8**2 / 3) + (0.50 - 1.2**2 / 3)
    ) / 8  # squares less squared sum over count, per account; 12 scores less 4 means
    deviation = math.sqrt((0.02 + 20 * pooled) / 21)
    z, n = standing(np.array([0.9]), A, B, ALL)
    assert (float(z[0]), int(n[0])) == (pytest.approx((0.9 - 0.2) / deviation), 2)


def test_an_account_that_is_no_reference_takes_nothing_away() -> None:
    reference = Reference(np.array([-1, -1, 0, 1]), SCORES[:, 2:], ALL.usable[:, 2:])
    assert standing(np.array([0.9]), A, B, reference)[1].tolist() == [2]


def test_fewer_than_two_others_say_nothing() -> None:
    reference = Reference(np.array([0, 1]), SCORES[:2, :2], ALL.usable[:2, :2])
    z, n = standing(np.array([0.9]), A, B, reference)
    assert (z.tolist(), n.tolist()) == ([0.0], [0])


def test_the_more_similar_references_are_kept() -> None:
    assert nearest(ALL, 0.5, 1).usable.tolist() == [
        [False, True, False, True],
        [True, False, False, True],
        [False, True, False, True],
        [False, True, True, False],
    ]


def test_a_least_number_of_references_is_kept_where_there_are_as_many() -> None:
    assert nearest(ALL, 0.1, 3).usable.sum(axis=1).tolist() == [3, 3, 3, 3]
    assert nearest(ALL, 0.1, 9).usable.sum(axis=1).tolist() == [3, 3, 3, 3]


def test_references_are_picked_by_their_keys_alone() -> None:
    keys = [f"account {i}" for i in range(50)]
    chosen = {keys[i] for i in pick(keys, np.ones(50, bool), 10)}
    backwards = keys[::-1]
    assert chosen == {backwards[i] for i in pick(backwards, np.ones(50, bool), 10)}
    assert pick(keys, np.zeros(50, bool), 10).tolist() == []
