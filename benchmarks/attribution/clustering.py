"""How good are decisions: pairs called the same, and clusters of accounts, against the truth. NumPy alone.

B-cubed: Bagga & Baldwin, LREC Workshop on Linguistic Coreference (1998); Amigó et al., Information Retrieval 12
(2009) 461-486, who show that it is the one of the usual measures that punishes black-hole clusters as it should.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Scores", "b_cubed", "clusters_pairwise", "largest_cluster", "pairwise"]


class Scores(NamedTuple):
    """Precision, recall and their harmonic mean; each 0 to 1."""

    precision: float
    recall: float
    f1: float


def _scores(precision: float, recall: float) -> Scores:
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Scores(float(precision), float(recall), float(f1))


def pairwise(called: ArrayLike, same: ArrayLike, missed: int = 0) -> Scores:
    """Scores of pairs called the same.

    Args:
        called: True where a pair was called the same.
        same: True where it is.
        missed: Same-operator pairs that never became candidates and are not in the arrays.

    Returns:
        Precision 1 when nothing was called, recall 1 when there was nothing to find.
    """
    said, truth = np.asarray(called, bool), np.asarray(same, bool)
    hits, named, present = int((said & truth).sum()), int(said.sum()), int(truth.sum()) + missed
    return _scores(hits / named if named else 1.0, hits / present if present else 1.0)


def _counts(found: ArrayLike, truth: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Per account: size of its found cluster, of its true one, of the overlap; then sizes of found and true ones."""
    _, a = np.unique(np.asarray(found), return_inverse=True)
    _, b = np.unique(np.asarray(truth), return_inverse=True)
    _, cell, overlap = np.unique(a * (b.max(initial=0) + 1) + b, return_inverse=True, return_counts=True)
    size_a, size_b = np.bincount(a), np.bincount(b)
    return size_a[a], size_b[b], overlap[cell], size_a, size_b


def b_cubed(found: ArrayLike, truth: ArrayLike) -> Scores:
    """B-cubed scores of a clustering: one label per account, found and true; mean over accounts."""
    size_a, size_b, overlap, _, _ = _counts(found, truth)
    return _scores((overlap / size_a).mean(), (overlap / size_b).mean())


def clusters_pairwise(found: ArrayLike, truth: ArrayLike) -> Scores:
    """Scores of all pairs that share a found cluster, without listing them."""
    _, _, overlap, size_a, size_b = _counts(found, truth)
    hits = float((overlap - 1).sum()) / 2
    named, present = (float((size * (size - 1)).sum()) / 2 for size in (size_a, size_b))
    return _scores(hits / named if named else 1.0, hits / present if present else 1.0)


def largest_cluster(found: ArrayLike) -> int:
    """Accounts in the largest found cluster; 0 without accounts."""
    return int(np.unique(np.asarray(found), return_counts=True)[1].max(initial=0))
