"""Verbal scale, mixture and clusters."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.case import Alternatives
from pipeline.link.clusters import cluster_accounts
from pipeline.link.items import Pair
from pipeline.link.score import mixture
from pipeline.link.weights import band_of, load_weights, weight_table


@pytest.mark.parametrize(
    ("llr", "words"),
    [
        (0.0, "no support for one proposition over the other"),
        (0.301, "no support for one proposition over the other"),
        (0.31, "weak support"),
        (1.0, "weak support"),
        (1.001, "moderate support"),
        (2.0, "moderate support"),
        (2.001, "moderately strong support"),
        (3.0, "moderately strong support"),
        (3.001, "strong support"),
        (4.0, "strong support"),
        (4.001, "very strong support"),
        (6.0, "very strong support"),
        (6.001, "extremely strong support"),
        (-1.5, "moderate support (for different operators)"),
    ],
)
def test_the_verbal_scale_has_the_edges_of_the_guideline(llr: float, words: str) -> None:
    assert band_of(llr) == words


def test_the_mixture_is_bounded_by_every_alternative() -> None:
    shares = Alternatives()
    assert mixture(np.array([0, 0, 0, 0]), shares) == pytest.approx(0.0)
    assert mixture(np.array([10, 10, 0, 10]), shares) == pytest.approx(1.69897, abs=1e-4)
    assert mixture(np.array([10, 0, 10, 10]), shares) == pytest.approx(1.09691, abs=1e-4)


def test_a_contradicted_pair_keeps_two_groups_apart() -> None:
    scores = {Pair("a", "b"): 3.0, Pair("b", "c"): 3.0, Pair("a", "c"): -1.5}
    clusters = cluster_accounts(["a", "b", "c"], scores, 2.25, load_weights())
    assert [(c.members, c.status) for c in clusters] == [(("a",), "single"), (("b",), "ambiguous"), (("c",), "single")]


def test_one_ordinary_bridge_does_not_join_two_groups() -> None:
    scores = {
        Pair("a", "b"): 3.5,
        Pair("c", "d"): 3.5,
        Pair("b", "c"): 2.4,
        Pair("a", "c"): 0.5,
        Pair("a", "d"): 0.4,
        Pair("b", "d"): 0.5,
    }
    assert [c.members for c in cluster_accounts("abcd", scores, 2.25, load_weights())] == [("a", "b"), ("c", "d")]


def test_every_weight_has_a_source() -> None:
    assert all(row["source"] for row in weight_table())
    assert len(weight_table()) > 20
