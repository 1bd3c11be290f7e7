"""What a likeness between two accounts is worth, read against their likeness to other accounts of the case.

Symmetric score normalisation as in speaker comparison (Shum et al., Odyssey 2010): how many standard deviations a
score lies above what each of the two accounts scores with reference accounts, averaged over both. The pair itself is
never part of its own background.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Reference", "nearest", "pick", "standing"]

_PRIOR = 20.0
"""Reference accounts that the spread over the whole case counts for beside the account's own."""


class Reference(NamedTuple):
    """Scores of every account (rows) with reference accounts (columns).

    Attributes:
        column: Column of each account among the references, -1 where it is none.
        scores: Likeness.
        usable: False where the two cannot be compared, an account with itself among them.
    """

    column: np.ndarray
    scores: np.ndarray
    usable: np.ndarray


def pick(accounts: Sequence[str], eligible: np.ndarray, most: int) -> np.ndarray:
    """Positions of at most `most` eligible accounts, sorted; which ones depends on their keys alone."""

    def digest(at: int) -> bytes:
        return hashlib.sha256(accounts[at].encode("utf-8", "surrogatepass")).digest()

    return np.array(sorted(sorted(np.flatnonzero(eligible).tolist(), key=digest)[:most]), np.int64)


def nearest(reference: Reference, share: float, least: int) -> Reference:
    """The same with each account's most similar references alone: those who write about the same things, say.

    Args:
        reference: All references.
        share: Of the usable references of an account, how many to keep.
        least: But so many at least, where there are as many.
    """
    if not reference.scores.size:
        return reference
    count = reference.usable.sum(axis=1)
    keep = np.maximum(np.ceil(count * share).astype(np.int64), np.minimum(count, least))
    falling = -np.sort(-np.where(reference.usable, reference.scores, -np.inf), axis=1)
    edge = np.take_along_axis(falling, np.maximum(keep - 1, 0)[:, None], axis=1)
    return reference._replace(usable=reference.usable & (reference.scores >= edge))


def standing(
    score: np.ndarray, who: np.ndarray, other: np.ndarray, reference: Reference
) -> tuple[np.ndarray, np.ndarray]:
    """Standard deviations that `score` lies above the scores of `who` with references other than `other`.

    Returns:
        The standing, and the number of reference accounts it rests on; 0 where there are fewer than two.
    """
    kept = np.where(reference.usable, reference.scores, 0.0)
    count, total, square = (m.sum(axis=1, dtype=np.float64) for m in (reference.usable, kept, kept * kept))
    pooled = max(float((square - total**2 / np.maximum(count, 1)).sum() / max(count.sum() - len(count), 1)), 1e-12)
    column = reference.column[other]
    minus = reference.usable[who, column] & (column >= 0)
    out = np.where(minus, kept[who, column], 0.0)
    n = count[who] - minus
    mean = (total[who] - out) / np.maximum(n, 1)
    spread = np.maximum(square[who] - out * out - n * mean**2, 0.0)
    deviation = np.sqrt((spread + _PRIOR * pooled) / np.maximum(n + _PRIOR - 1, 1))
    return np.where(n >= 2, (score - mean) / deviation, 0.0), n
