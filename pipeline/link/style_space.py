"""Features of writing style: counted, chosen and scaled by the case."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.link.style_text import tokens_of, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_array

__all__ = ["Block", "Space", "build", "count", "norms", "place"]

Counts = tuple[np.ndarray, np.ndarray]
"""Keys of features, rising, and how often each occurs."""


class Block(NamedTuple):
    """One kind of feature, scaled but not centred, so that it stays sparse.

    Attributes:
        rows: Accounts by features.
        along: Product of each row with the centre.
        base: Product of the centre with itself.
    """

    rows: csr_array
    along: np.ndarray
    base: float


class Space(NamedTuple):
    """What is counted in a case.

    Attributes:
        vocabularies: Keys of the character n-grams, of the frequent tokens, of the frequent words.
        spread: Standard deviation of the root of the share of each feature, for the first two.
        centre: Mean of the same, in standard deviations.
    """

    vocabularies: tuple[np.ndarray, ...]
    spread: tuple[np.ndarray, ...]
    centre: tuple[np.ndarray, ...]


def count(lines: Sequence[str]) -> tuple[Counts, ...]:
    """Character 3- and 4-grams, tokens, and words of some lines."""
    folded = [line.casefold() for line in lines]
    return (
        _grams(folded),
        _keys([t for line in folded for t in tokens_of(line)]),
        _keys([w for line in folded for w in words_of(line)]),
    )


def _grams(lines: Sequence[str]) -> Counts:
    """No n-gram spans two lines; a line begins and ends with a space."""
    flat = "\0".join(f" {line} " for line in lines).encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(flat, np.uint32).astype(np.uint64)
    keys = [_joined(points, n) for n in (3, 4)]
    found, many = np.unique(np.concatenate(keys), return_counts=True)
    return found, many


def _joined(points: np.ndarray, n: int) -> np.ndarray:
    """One number for each run of `n` characters (hashed: clashes are rarer than one in 10 ** 9 pairs)."""
    last = max(len(points) - n + 1, 0)
    key, whole = np.full(last, n, np.uint64), np.ones(last, bool)
    for offset in range(n):
        part = points[offset : offset + last]
        key = (key ^ part) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(29)
        whole &= part != 0
    return key[whole]


@lru_cache(maxsize=100_000)
def _key(token: str) -> int:
    return int.from_bytes(hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _keys(tokens: list[str]) -> Counts:
    counted = sorted((_key(token), n) for token, n in Counter(tokens).items())
    return np.array([k for k, _ in counted], np.uint64), np.array([n for _, n in counted], np.int64)


def build(counted: Sequence[tuple[Counts, ...]], row: dict[str, Any]) -> Space:
    """The most widely used features among the given accounts, with their mean and spread."""
    sizes = (row["ngrams"], row["tokens"], row["language_words"])
    vocabularies = tuple(_widest([c[kind] for c in counted], size) for kind, size in enumerate(sizes))
    spread, centre = [], []
    for kind in (0, 1):
        rows = _roots([c[kind] for c in counted], vocabularies[kind])
        mean = np.asarray(rows.sum(axis=0)).ravel() / max(len(counted), 1)
        square = np.asarray(rows.multiply(rows).sum(axis=0)).ravel() / max(len(counted), 1)
        spread.append(np.sqrt(np.maximum(square - mean * mean, 1e-10)))
        centre.append(mean / spread[-1])
    return Space(vocabularies, tuple(spread), tuple(centre))


def _widest(counted: Sequence[Counts], size: int) -> np.ndarray:
    """The `size` keys that most accounts have, at least two; rising."""
    if not counted:
        return np.empty(0, np.uint64)
    keys, held = np.unique(np.concatenate([keys for keys, _ in counted]), return_counts=True)
    keys, held = keys[held > 1], held[held > 1]
    return np.sort(keys[np.lexsort((keys, -held))[:size]])


def _roots(counted: Sequence[Counts], vocabulary: np.ndarray) -> csr_array:
    """Square roots of the shares of features, one row for each account."""
    from scipy.sparse import csr_array

    columns, values, ends = [], [], [0]
    for keys, many in counted:
        at = np.minimum(np.searchsorted(vocabulary, keys), max(len(vocabulary) - 1, 0))
        known = vocabulary[at] == keys if len(vocabulary) else np.zeros(len(keys), bool)
        columns.append(at[known])
        values.append(np.sqrt(many[known] / max(int(many.sum()), 1)))
        ends.append(ends[-1] + len(columns[-1]))
    empty = [np.empty(0)]
    return csr_array(
        (np.concatenate(values or empty), np.concatenate(columns or empty).astype(np.int64), np.array(ends)),
        shape=(len(counted), len(vocabulary)),
    )


def place(space: Space, counted: Sequence[tuple[Counts, ...]]) -> tuple[tuple[Block, ...], csr_array]:
    """Accounts in the space: blocks of scaled features, and rows of unit length over frequent words."""
    blocks = []
    for kind in (0, 1):
        rows = _scaled(_roots([c[kind] for c in counted], space.vocabularies[kind]), 1 / space.spread[kind])
        centre = space.centre[kind]
        blocks.append(Block(rows, rows @ centre, float(centre @ centre)))
    language = _roots([c[2] for c in counted], space.vocabularies[2])
    length = np.sqrt(np.asarray(language.multiply(language).sum(axis=1)).ravel())
    language.data /= np.repeat(np.maximum(length, 1e-12), np.diff(language.indptr))
    return tuple(blocks), language


def _scaled(rows: csr_array, factor: np.ndarray) -> csr_array:
    rows.data *= factor[rows.indices]
    return rows


def norms(block: Block) -> np.ndarray:
    """Length of each row once centred."""
    square = np.asarray(block.rows.multiply(block.rows).sum(axis=1)).ravel() - 2 * block.along + block.base
    lengths: np.ndarray = np.sqrt(np.maximum(square, 1e-12))
    return lengths
