"""Metrics of likelihood ratios and clusters, on values worked out by hand or with another implementation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.attribution import metrics

NEUTRAL = ([0.0, 0.0, 0.0, 0.0], [True, True, False, False])


def _waves(n_same: int, n_different: int, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """A fixed set of log10 LRs without any drawing."""
    i, j = np.arange(n_same), np.arange(n_different)
    same = np.round(scale * (1.2 + 1.5 * np.sin(i * 2.399) + 0.01 * i), 2)
    different = np.round(scale * (-1.2 + 1.5 * np.cos(j * 1.618) - 0.005 * j), 2)
    return np.r_[same, different], np.r_[np.ones(n_same, bool), np.zeros(n_different, bool)]


WAVES = ((12, 20, 1.0), (40, 200, 1.0), (40, 200, 2.5))
# Computed once with the package `lir` 1.3.1 of the Netherlands Forensic Institute.
LIR_CLLR = (0.3959233387702369, 0.2500010967206393, 0.19467774633869545)
LIR_CLLR_MIN = (0.2733583081561631, 0.14624592157782693, 0.14391009076221062)
LIR_DEVPAV = (0.15806159141593548, 0.3143806405868127, 0.2709273398441409)
LIR_ELUB = ((-0.83, 1.05), (-1.36, 1.86), (-1.49, 2.08))
LIR_INVARIANCE = ((-1.113, 1.322), (-1.617, 2.150), (-1.7819, 2.3971))
LIR_CROSS_ENTROPY = (
    (0.17656615332632555, 0.3959233387702369, 0.18789656494134982),
    (0.13413022418672127, 0.25000109672063936, 0.11923125908612191),
    (0.09698296915039728, 0.1946777463386955, 0.08249767138223327),
)


def test_evidence_that_says_nothing_costs_one_bit() -> None:
    assert metrics.cllr(*NEUTRAL) == 1.0


def test_the_cost_of_two_pairs_is_the_mean_of_their_costs() -> None:
    # same pair at LR 3: log2(1 + 1/3); different pair at LR 1: log2(2)
    llr = [math.log10(3.0), 0.0]
    assert metrics.cllr(llr, [True, False]) == pytest.approx((math.log2(4 / 3) + 1.0) / 2)


def test_infinite_ratios_cost_nothing_when_right_and_everything_when_wrong() -> None:
    assert metrics.cllr([math.inf, -math.inf], [True, False]) == 0.0
    assert metrics.cllr([math.inf, math.inf], [True, False]) == math.inf


def test_huge_ratios_do_not_overflow() -> None:
    assert metrics.cllr([400.0, 400.0], [True, False]) == pytest.approx(200.0 * math.log2(10.0))


@pytest.mark.parametrize(("llr", "same"), [([0.0], [True]), ([0.0], [False]), ([math.nan, 0.0], [True, False])])
def test_one_kind_of_pair_or_no_number_is_refused(llr: list[float], same: list[bool]) -> None:
    with pytest.raises(ValueError, match=r"needed|not a number"):
        metrics.cllr(llr, same)


def test_pav_pools_what_is_in_the_wrong_order() -> None:
    # sorted: diff, same, diff, same: the middle two are pooled to (1/2) / (1/2)
    out = metrics.pav([0.0, 1.0, 2.0, 3.0], [False, True, False, True])
    assert out.tolist() == [-math.inf, 0.0, 0.0, math.inf]


def test_pav_weighs_the_two_kinds_equally() -> None:
    # one level only: all 1 of 1 same and all 3 of 3 different
    assert metrics.pav([5.0] * 4, [True, False, False, False]).tolist() == [0.0] * 4


def test_perfect_order_has_no_loss_of_discrimination() -> None:
    assert metrics.cllr_min([0.1, 0.2], [False, True]) == 0.0


@pytest.mark.parametrize("at", [0, 1, 2])
def test_figures_agree_with_the_forensic_institute(at: int) -> None:
    llr, same = _waves(*WAVES[at])
    assert metrics.cllr(llr, same) == pytest.approx(LIR_CLLR[at], rel=1e-12)
    assert metrics.cllr_min(llr, same) == pytest.approx(LIR_CLLR_MIN[at], rel=1e-12)
    assert metrics.cllr_cal(llr, same) == pytest.approx(LIR_CLLR[at] - LIR_CLLR_MIN[at], rel=1e-9)
    assert metrics.devpav(llr, same) == pytest.approx(LIR_DEVPAV[at], rel=1e-12)
    assert metrics.elub(llr, same) == pytest.approx(LIR_ELUB[at], abs=1e-9)
    assert metrics.invariance_bounds(llr, same) == pytest.approx(LIR_INVARIANCE[at], abs=1e-3)
    assert metrics.cross_entropy(llr, same, [-1, 0, 1]) == pytest.approx(LIR_CROSS_ENTROPY[at], rel=1e-12)


def test_deviation_of_a_shifted_system_is_the_shift() -> None:
    # three levels whose data ratios are 1/2, 1 and 2; stated values are all .3 too high
    same = [True] * 7 + [False] * 7
    levels = [0] * 1 + [1] * 4 + [2] * 2 + [0] * 2 + [1] * 4 + [2] * 1
    llr = [(-math.log10(2.0), 0.0, math.log10(2.0))[level] + 0.3 for level in levels]
    assert metrics.devpav(llr, same) == pytest.approx(0.3)


def test_deviation_counts_both_sides_of_a_crossing() -> None:
    # data ratios 1/2 and 2 stated as 1/4 and 4: gaps +log10 2 and -log10 2, mean distance half of log10 2
    same = [True] * 3 + [False] * 3
    llr = [math.log10(v) for v in (0.25, 4.0, 4.0, 0.25, 0.25, 4.0)]
    assert metrics.devpav(llr, same) == pytest.approx(math.log10(2.0) / 2)


def test_an_infinite_ratio_that_the_data_contradicts_deviates_without_limit() -> None:
    assert metrics.devpav([math.inf, math.inf, 0.0], [True, False, False]) == math.inf


def test_deviation_is_undefined_when_the_kinds_do_not_overlap() -> None:
    assert math.isnan(metrics.devpav([1.0, -1.0], [True, False]))


def test_cross_entropy_of_silence_is_the_entropy_of_the_prior() -> None:
    odds = math.log10(1 / 3)
    entropy = 0.25 * math.log2(4) + 0.75 * math.log2(4 / 3)
    assert metrics.cross_entropy(*NEUTRAL, [odds]) == pytest.approx([entropy])


def test_calibration_error_is_the_gap_between_stated_and_true_share() -> None:
    # stated 10/11 for everything while half the weight is the same person
    assert metrics.calibration_error([1.0, 1.0, 1.0], [True, False, False]) == pytest.approx(10 / 11 - 0.5)


def test_calibration_error_of_silence_is_zero() -> None:
    assert metrics.calibration_error(*NEUTRAL) == pytest.approx(0.0)


def test_tippett_curves_count_values_at_or_above() -> None:
    curves = metrics.tippett([0.0, 1.0, -1.0, 0.0], [True, True, False, False], [-1.0, 0.0, 0.5])
    assert curves.same.tolist() == [1.0, 1.0, 0.5]
    assert curves.different.tolist() == [1.0, 0.5, 0.0]


def test_misleading_evidence_is_strictly_above_the_limit() -> None:
    llr, same = [9.0, 0.0, 0.1, 2.0, 2.1, 4.0, 5.0], [True] + [False] * 6
    assert metrics.misleading_rate(llr, same) == pytest.approx(5 / 6)
    assert metrics.misleading_rate(llr, same, 2.0) == pytest.approx(3 / 6)
    assert metrics.misleading_count(llr, same) == 1


def test_bounds_grow_no_further_than_the_number_of_pairs_allows() -> None:
    bounds = metrics.elub([8.0] * 99 + [-8.0] * 999, [True] * 99 + [False] * 999)
    assert bounds.lower == pytest.approx(-2.0, abs=0.02)
    assert bounds.upper == pytest.approx(3.0, abs=0.02)


def test_bounds_of_a_useless_system_are_zero() -> None:
    assert metrics.elub([1.0, -1.0] * 20, [True, True, False, False] * 10) == (0.0, 0.0)


def test_inputs_are_left_as_they_were() -> None:
    llr, same = np.array([20.0, -20.0, 1.0]), np.array([True, False, False])
    metrics.elub(llr, same)
    metrics.invariance_bounds(llr, same)
    assert llr.tolist() == [20.0, -20.0, 1.0]


def test_pairwise_scores_count_pairs_that_never_became_candidates() -> None:
    scores = metrics.pairwise([True, True, True, False], [True, True, False, True], missed=1)
    assert scores == pytest.approx((2 / 3, 2 / 4, 4 / 7))


def test_nothing_called_is_precise_and_finds_nothing() -> None:
    assert metrics.pairwise([False, False], [True, False]) == (1.0, 0.0, 0.0)


def test_b_cubed_of_a_worked_example() -> None:
    # found {1 2 3} {4 5}, true {1 2} {3 4 5}: precision (2/3+2/3+1/3+1+1)/5, recall (1+1+1/3+2/3+2/3)/5
    scores = metrics.b_cubed([0, 0, 0, 1, 1], ["a", "a", "b", "b", "b"])
    assert scores == pytest.approx((11 / 15, 11 / 15, 11 / 15))


def test_b_cubed_of_the_truth_is_one_whatever_the_labels() -> None:
    assert metrics.b_cubed([7, 7, 2, 9], ["x", "x", "y", "z"]) == (1.0, 1.0, 1.0)


def test_pairs_of_clusters_are_counted_without_listing_them() -> None:
    # found pairs: 12 13 23 45; true pairs: 12 34 35 45; in common: 12 45
    assert metrics.clusters_pairwise([0, 0, 0, 1, 1], [0, 0, 1, 1, 1]) == (0.5, 0.5, 0.5)


def test_the_largest_cluster_is_counted_in_accounts() -> None:
    assert metrics.largest_cluster(["a", "b", "b", "c", "b"]) == 3
    assert metrics.largest_cluster([]) == 0


def test_the_same_seed_gives_the_same_interval() -> None:
    cases = [1.0, 2.0, 3.0, 4.0]

    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    first = metrics.bootstrap_by_case(cases, mean, draws=50, seed=3)
    assert first == metrics.bootstrap_by_case(cases, mean, draws=50, seed=3)
    assert first.value == 2.5
    assert first.low < 2.5 < first.high


def test_one_case_has_no_width() -> None:
    assert metrics.bootstrap_by_case([5.0], lambda v: v[0], draws=10) == (5.0, 5.0, 5.0)


def test_the_summary_names_every_figure() -> None:
    out = metrics.evaluate(*_waves(*WAVES[0]))
    assert out["cllr"] == pytest.approx(out["cllr_min"] + out["cllr_cal"])
    assert (out["pairs"], out["same"]) == (32.0, 12.0)


@st.composite
def _systems(draw: st.DrawFn) -> tuple[list[float], list[bool]]:
    labels = [True, False, *draw(st.lists(st.booleans(), max_size=30))]
    tenths = st.integers(-50, 50).map(lambda n: n / 10)
    return draw(st.lists(tenths, min_size=len(labels), max_size=len(labels))), labels


@given(_systems())
def test_calibration_only_ever_costs(system: tuple[list[float], list[bool]]) -> None:
    assert metrics.cllr_min(*system) <= metrics.cllr(*system) + 1e-12
    assert metrics.cllr_min(*system) <= 1.0 + 1e-12


@given(_systems())
def test_pav_keeps_the_order(system: tuple[list[float], list[bool]]) -> None:
    out = metrics.pav(*system)
    ordered = out[np.argsort(system[0], kind="stable")]
    assert (ordered[1:] >= ordered[:-1]).all()


@given(_systems())
def test_pav_of_pav_changes_nothing(system: tuple[list[float], list[bool]]) -> None:
    once = metrics.pav(*system)
    assert metrics.pav(once, system[1]) == pytest.approx(once, abs=1e-12)


@given(_systems(), st.integers(1, 9), st.integers(-9, 9))
def test_discrimination_does_not_depend_on_the_scale(
    system: tuple[list[float], list[bool]], factor: int, shift: int
) -> None:
    llr, same = system
    moved = [value**3 / 100 + factor * value + shift for value in llr]
    assert metrics.cllr_min(moved, same) == pytest.approx(metrics.cllr_min(llr, same), abs=1e-9)


@given(_systems())
def test_the_order_of_pairs_does_not_matter(system: tuple[list[float], list[bool]]) -> None:
    llr, same = system
    forward, backward = metrics.evaluate(llr, same), metrics.evaluate(llr[::-1], same[::-1])
    assert forward == pytest.approx(backward, abs=1e-9, nan_ok=True)


@given(_systems())
def test_bounds_hold_one_between_them(system: tuple[list[float], list[bool]]) -> None:
    for bounds in (metrics.elub(*system), metrics.invariance_bounds(*system)):
        assert bounds.lower <= 0.0 <= bounds.upper
