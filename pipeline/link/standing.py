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

__all__ = ["Reference", "apart", "nearest", "pick", "standing"]

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


def apart(reference: Reference, groups: np.ndarray) -> Reference:
    """The same without comparisons of an account with references of its own group.

    Args:
        reference: All references.
        groups: For each account the number of the group it provisionally belongs to; equal numbers, one group.
    """
    members = np.flatnonzero(reference.column >= 0)
    of_column = np.empty(len(members), np.int64)
    of_column[reference.column[members]] = groups[members]
    return reference._replace(usable=reference.usable & (groups[:, None] != of_column[None, :]))


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
    score: np.ndarray, who: np.ndarray, other: np.ndarray, reference: Reference, groups: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Standard deviations that `score` lies above the scores of `who` with references outside the group of `other`.

    Returns:
        The standing, and the number of reference accounts it rests on; 0 where there are fewer than two.
    """
    kept = np.where(reference.usable, reference.scores, 0.0)
    count, total, square = (m.sum(axis=1, dtype=np.float64) for m in (reference.usable, kept, kept * kept))
    pooled = max(float((square - total**2 / np.maximum(count, 1)).sum() / max(count.sum() - len(count), 1)), 1e-12)
    minus, out, out_square = _of_group(who, other, reference, kept, groups)
    n = count[who] - minus
    mean = (total[who] - out) / np.maximum(n, 1)
    spread = np.maximum(square[who] - out_square - n * mean**2, 0.0)
    deviation = np.sqrt((spread + _PRIOR * pooled) / np.maximum(n + _PRIOR - 1, 1))
    return np.where(n >= 2, (score - mean) / deviation, 0.0), n


def _of_group(
    who: np.ndarray, other: np.ndarray, reference: Reference, kept: np.ndarray, groups: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number, sum and sum of squares of the scores of `who` with the references in the group of `other`."""
    if groups is None:
        column = reference.column[other]
        there = reference.usable[who, column] & (column >= 0)
        value = np.where(there, kept[who, column], 0.0)
        return there.astype(np.float64), value, value * value
    members = np.flatnonzero(reference.column >= 0)
    names, at = np.unique(groups[members], return_inverse=True)
    belongs = np.zeros((len(members), len(names) + 1))  # the last column is for groups without references
    belongs[reference.column[members], at] = 1.0
    place = np.minimum(np.searchsorted(names, groups[other]), len(names) - 1)
    place = np.where(names[place] == groups[other], place, len(names))
    count, total, square = ((part @ belongs)[who, place] for part in (reference.usable, kept, kept * kept))
    return count, total, square
