"""How good are likelihood ratios: cost, calibration, misleading evidence and the bounds that the data supports.

Every function takes log10 likelihood ratios and says so. NumPy alone. Definitions:

* Cllr, Cllr_min, Cllr_cal: Brümmer & du Preez, Computer Speech and Language 20 (2006) 230-275.
* PAV transform: Ayer et al., Annals of Mathematical Statistics 26 (1955) 641-647.
* devPAV: Vergeer, Leegwater & Slooten, Forensic Science International 321 (2021) 110722.
* Empirical cross-entropy: Ramos et al., Journal of Forensic Sciences 58 (2013) 1503-1518.
* Tippett curves and rates of misleading evidence: Meuwly, Ramos & Haraksim, Forensic Science International 276 (2017).
* Empirical lower and upper bounds (ELUB): Vergeer et al., Science & Justice 56 (2016) 482-491.
* Invariance bounds: Alberink et al. (2025), "A transparent method to determine limit values for LR systems".

What is said of clusters and of pairs called the same comes from `clustering` and can be had from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from benchmarks.attribution.clustering import Scores, b_cubed, clusters_pairwise, largest_cluster, pairwise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike

__all__ = [
    "Bounds",
    "Interval",
    "Scores",
    "Tippett",
    "b_cubed",
    "bootstrap_by_case",
    "calibration_error",
    "cllr",
    "cllr_cal",
    "cllr_min",
    "clusters_pairwise",
    "cross_entropy",
    "devpav",
    "elub",
    "evaluate",
    "invariance_bounds",
    "largest_cluster",
    "misleading_count",
    "misleading_rate",
    "pairwise",
    "pav",
    "tippett",
]

T = TypeVar("T")
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


class Bounds(NamedTuple):
    """Smallest and largest log10 LR that the validation data supports; lower <= 0 <= upper."""

    lower: float
    upper: float


class Interval(NamedTuple):
    """A figure with the ends of its bootstrap interval."""

    value: float
    low: float
    high: float


class Tippett(NamedTuple):
    """Share of pairs of each kind with a log10 LR of at least `llr`."""

    llr: Floats
    same: Floats
    different: Floats


def _split(llr: ArrayLike, same: ArrayLike) -> tuple[Floats, Floats]:
    """Values of same-operator pairs and of different-operator pairs.

    Raises:
        ValueError: If a value is not a number, or either kind of pair is missing.
    """
    values, labels = np.asarray(llr, np.float64), np.asarray(same, bool)
    if values.shape != labels.shape or values.ndim != 1:
        raise ValueError("one label for each value")
    if np.isnan(values).any():
        raise ValueError("a likelihood ratio is not a number")
    if labels.all() or not labels.any():
        raise ValueError("pairs of both kinds are needed")
    return values[labels], values[~labels]


def _log2_1p(llr: Floats) -> Floats:
    """log2(1 + 10 ** llr), without overflow; 0 at -inf, inf at inf."""
    bits: Floats = np.logaddexp2(0.0, llr * np.log2(10.0))
    return bits


def cllr(llr: ArrayLike, same: ArrayLike) -> float:
    """Log-likelihood-ratio cost: 0 is perfect, 1 is what always answering LR = 1 costs; unbounded above."""
    of_same, of_different = _split(llr, same)
    return float((_log2_1p(-of_same).mean() + _log2_1p(of_different).mean()) / 2)


def pav(llr: ArrayLike, same: ArrayLike) -> Floats:
    """Best log10 LRs that keep the order of the given ones (pool adjacent violators), in the order of the input.

    Equal inputs get equal outputs. -inf and inf appear where only one kind of pair lies beyond.
    """
    of_same, of_different = _split(llr, same)
    levels, where = np.unique(np.asarray(llr, np.float64), return_inverse=True)
    labels = np.asarray(same, bool)
    up = np.bincount(where[labels], minlength=len(levels))
    down = np.bincount(where[~labels], minlength=len(levels))
    blocks = np.array(_pool(up.tolist(), down.tolist()))
    with np.errstate(divide="ignore"):
        pooled = np.log10(blocks[:, 0] / blocks[:, 1]) - np.log10(len(of_same) / len(of_different))
    return np.repeat(pooled, blocks[:, 2])[where]


def _pool(up: list[int], down: list[int]) -> list[tuple[int, int, int]]:
    """Blocks (same pairs, different pairs, levels) with strictly rising ratios; whole numbers, so exact."""
    blocks: list[tuple[int, int, int]] = []
    for same, different in zip(up, down, strict=True):
        block = (same, different, 1)
        while blocks and blocks[-1][0] * block[1] >= block[0] * blocks[-1][1]:
            before = blocks.pop()
            block = (before[0] + block[0], before[1] + block[1], before[2] + block[2])
        blocks.append(block)
    return blocks


def cllr_min(llr: ArrayLike, same: ArrayLike) -> float:
    """The part of Cllr that better calibration could not remove: loss of discrimination."""
    return cllr(pav(llr, same), same)


def cllr_cal(llr: ArrayLike, same: ArrayLike) -> float:
    """The part of Cllr that better calibration would remove."""
    return cllr(llr, same) - cllr_min(llr, same)


def devpav(llr: ArrayLike, same: ArrayLike) -> float:
    """Mean distance (log10 units) of the PAV curve from the identity, over the span where the curve is finite.

    Returns:
        0 for perfect calibration; inf when an infinite LR is contradicted by the data; nan when the curve is
        nowhere finite (the two kinds of pairs do not overlap).
    """
    x, first = np.unique(np.asarray(llr, np.float64), return_index=True)
    y = pav(llr, same)[first]
    if (np.isinf(x) & (x != y)).any():
        return float("inf")
    finite = np.isfinite(x) & np.isfinite(y)
    x, gap = x[finite], y[finite] - x[finite]
    if len(x) < 2:
        return float(abs(gap[0])) if len(x) else float("nan")
    return float(_area(x, gap) / (x[-1] - x[0]))


def _area(x: Floats, gap: Floats) -> float:
    """Area between zero and the line through (x, gap), sign changes counted on both sides."""
    a, b = gap[:-1], gap[1:]
    spread = np.abs(a) + np.abs(b)
    crossing = np.divide(a * a + b * b, spread, out=np.zeros_like(spread), where=spread > 0)
    return float((np.diff(x) * np.where(a * b < 0, crossing, spread) / 2).sum())


def cross_entropy(llr: ArrayLike, same: ArrayLike, log10_prior_odds: ArrayLike) -> Floats:
    """Empirical cross-entropy (bits) of the posteriors at each prior; at log10 odds 0 it is Cllr.

    The same of `pav(llr, same)` is the calibrated curve; of zeros, the curve of evidence that says nothing.
    """
    of_same, of_different = _split(llr, same)
    out = []
    for odds in np.atleast_1d(np.asarray(log10_prior_odds, np.float64)).tolist():
        prior = 1.0 / (1.0 + 10.0**-odds)
        cost = prior * _log2_1p(-of_same - odds).mean() + (1 - prior) * _log2_1p(of_different + odds).mean()
        out.append(float(cost))
    return np.array(out)


def calibration_error(llr: ArrayLike, same: ArrayLike, bins: int = 15) -> float:
    """Mean absolute gap between stated probability and share of same-operator pairs, at prior 1/2, in equal bins.

    Each kind of pair counts one half however many there are, which is what a prior of 1/2 means. (Guo et al., ICML
    2017, with class weights. Abbreviated CE here: ECE is taken by empirical cross-entropy.)
    """
    of_same, of_different = _split(llr, same)
    values = np.concatenate([of_same, of_different])
    truth = np.repeat([1.0, 0.0], [len(of_same), len(of_different)])
    weight = np.repeat([0.5 / len(of_same), 0.5 / len(of_different)], [len(of_same), len(of_different)])
    stated = np.exp2(-_log2_1p(-values))
    at = np.minimum((stated * bins).astype(np.int64), bins - 1)
    return float(np.abs(np.bincount(at, weight * (stated - truth), bins)).sum())


def tippett(llr: ArrayLike, same: ArrayLike, at: ArrayLike | None = None) -> Tippett:
    """Tippett curves at the given log10 LRs (default: -6 to 6 in steps of .05)."""
    of_same, of_different = _split(llr, same)
    points = np.arange(-120, 121) / 20 if at is None else np.asarray(at, np.float64)
    return Tippett(points, _share_from(of_same, points), _share_from(of_different, points))


def _share_from(values: Floats, points: Floats) -> Floats:
    return 1.0 - np.searchsorted(np.sort(values), points, "left") / len(values)


def _share_above(values: Floats, points: Floats) -> Floats:
    return 1.0 - np.searchsorted(np.sort(values), points, "right") / len(values)


def misleading_rate(llr: ArrayLike, same: ArrayLike, above: float = 0.0) -> float:
    """Share of different-operator pairs with a log10 LR strictly above `above`: P(LR > 10 ** above | different)."""
    return float((_split(llr, same)[1] > above).mean())


def misleading_count(llr: ArrayLike, same: ArrayLike, above: float = 4.0) -> int:
    """Number of different-operator pairs with a log10 LR strictly above `above`."""
    return int((_split(llr, same)[1] > above).sum())


def elub(llr: ArrayLike, same: ArrayLike, step: float = 0.01) -> Bounds:
    """Empirical lower and upper bounds: where one more misleading pair would make the system worse than saying nothing.

    The expected utility of acting at threshold t is compared with that of LR = 1, with one pair of each kind added
    that misleads with an infinite LR. Grid and ties as in the implementation of the Netherlands Forensic Institute.
    """
    of_same, of_different = (np.clip(values, -9.0, 9.0) for values in _split(llr, same))
    low = max(min(of_same.min(), of_different.min()), -np.log10(len(of_same) + 1))
    high = min(max(of_same.max(), of_different.max()), np.log10(len(of_different) + 1))
    first, last = min(0, int(low // step)), max(0, int(high // step) + 1)
    grid = np.linspace(first * step, last * step, last - first + 1)
    miss = 1.0 - _share_above(of_same, grid) * len(of_same) / (len(of_same) + 1)
    false = (_share_above(of_different, grid) * len(of_different) + 1) / (len(of_different) + 1)
    neutral = np.where(grid < 0, 10.0**grid, 1.0)
    useless = neutral < miss + 10.0**grid * false
    lower = np.max(grid[(grid <= 0) & useless] + step, initial=grid[0])
    upper = np.min(grid[(grid >= 0) & useless] - step, initial=grid[-1])
    return Bounds(float(min(lower, 0.0)), float(max(upper, 0.0)))


def invariance_bounds(llr: ArrayLike, same: ArrayLike, step: float = 0.001) -> Bounds:
    """Bounds from "the LR of the LR is the LR": where the data (with Jeffreys' prior) stops bearing the figure out."""
    of_same, of_different = (np.clip(values, -9.0, 9.0) for values in _split(llr, same))
    low = min(0.0, of_same.min(), of_different.min())
    grid = np.arange(low, max(0.0, of_same.max(), of_different.max()) + step, step)
    above_same = (_share_from(of_same, grid) * len(of_same) + 0.5) / (len(of_same) + 1)
    above_different = (_share_from(of_different, grid) * len(of_different) + 0.5) / (len(of_different) + 1)
    too_high = np.flatnonzero(np.log10(above_same / above_different) < grid)
    too_low = np.flatnonzero(np.log10((1 - above_same) / (1 - above_different)) > grid)
    upper = grid[max(too_high[0] - 1, 0)] if len(too_high) else of_same.max()
    lower = grid[min(too_low[-1] + 1, len(grid) - 1)] if len(too_low) else of_different.min()
    return Bounds(float(min(lower, 0.0)), float(max(upper, 0.0)))


def bootstrap_by_case(
    cases: Sequence[T], statistic: Callable[[list[T]], float], *, draws: int = 200, seed: int = 1, level: float = 0.95
) -> Interval:
    """Percentile interval of a statistic, drawing whole cases with replacement (pairs of one case are not independent).

    Args:
        cases: Whatever `statistic` takes a list of.
        statistic: Gives one figure for a list of cases; draws for which it is nan are left out.
        draws: Number of draws.
        seed: Of the generator: the same seed gives the same interval.
        level: Share of draws inside the interval.
    """
    random = np.random.default_rng(seed)
    picks = random.integers(0, len(cases), (draws, len(cases)))
    values = np.array([statistic([cases[i] for i in pick]) for pick in picks.tolist()])
    values = values[~np.isnan(values)]
    tail = (1 - level) / 2
    low, high = np.quantile(values, [tail, 1 - tail]) if len(values) else (np.nan, np.nan)
    return Interval(float(statistic(list(cases))), float(low), float(high))


def evaluate(llr: ArrayLike, same: ArrayLike) -> dict[str, float]:
    """The figures of one system on one set of pairs, by name."""
    loss, best = cllr(llr, same), cllr_min(llr, same)
    bounds = elub(llr, same)
    return {
        "pairs": float(len(np.asarray(llr))),
        "same": float(np.asarray(same, bool).sum()),
        "cllr": loss,
        "cllr_min": best,
        "cllr_cal": loss - best,
        "devpav": devpav(llr, same),
        "calibration_error": calibration_error(llr, same),
        "misleading": misleading_rate(llr, same),
        "misleading_100": misleading_rate(llr, same, 2.0),
        "misleading_10000_count": float(misleading_count(llr, same)),
        "elub_lower": bounds.lower,
        "elub_upper": bounds.upper,
    }
