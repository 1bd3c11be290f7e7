"""A column of addresses, read once: distinct, canonical, sorted, with their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.enrich.special import SPECIAL, special4, special6
from pipeline.enrich.text4 import parse4
from pipeline.enrich.text6 import parse6, text6

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.enrich.index import Ints, Keys6

__all__ = ["Addresses", "read_addresses", "text_column"]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Distinct valid addresses in text order.

    Attributes:
        texts: Canonical text of each.
        rows4: Positions of the IPv4 addresses; `keys4` are their numbers.
        rows6: Positions of the IPv6 addresses; `keys6` are their numbers.
        special: Row of `SPECIAL` for each address, -1 for ordinary global ones.
    """

    texts: pa.StringArray
    rows4: Ints
    keys4: npt.NDArray[np.uint32]
    rows6: Ints
    keys6: Keys6
    special: Ints

    def __len__(self) -> int:
        """How many there are."""
        return len(self.texts)

    def reachable(self) -> npt.NDArray[np.bool_]:
        """Which of them address databases are asked about."""
        rows = np.append([row.reachable for row in SPECIAL], np.True_)  # index -1: not special
        out: npt.NDArray[np.bool_] = rows[self.special]
        return out


def text_column(addresses: Sequence[str] | pa.Array | pa.ChunkedArray) -> pa.StringArray:
    """Any column of texts as one contiguous Arrow array; what cannot be UTF-8 text becomes null."""
    if isinstance(addresses, pa.ChunkedArray):
        addresses = addresses.combine_chunks()
    if isinstance(addresses, pa.Array):
        return addresses if addresses.type == pa.string() else addresses.cast(pa.string())
    try:
        return pa.array(addresses, pa.string())
    except UnicodeEncodeError:
        return pa.array([text if text.isprintable() else None for text in addresses], pa.string())


def read_addresses(addresses: Sequence[str] | pa.Array | pa.ChunkedArray) -> Addresses:
    """The distinct valid addresses of a column; anything else in it is left out."""
    texts = pc.unique(text_column(addresses))
    four, six = parse4(texts), parse6(texts)
    spelled = texts.take(pa.array(six.rows))
    odd = np.flatnonzero(six.respell)
    if odd.size:
        canonical = pa.array(text6(six.keys.take(odd)), pa.string())
        spelled = pc.replace_with_mask(spelled, pa.array(six.respell), canonical)
    found = pa.concat_arrays([texts.take(pa.array(four.rows)), spelled])
    order = pc.array_sort_indices(found).to_numpy().astype(np.int64)
    if odd.size:
        order = _first_of_equal(found, order)
    return _assemble(found.take(pa.array(order)), order, four.keys, six.keys)


def _first_of_equal(found: pa.StringArray, order: Ints) -> Ints:
    ordered = found.take(pa.array(order))
    repeats = pc.equal(ordered[1:], ordered[:-1]).to_numpy(zero_copy_only=False)
    kept: Ints = order[np.append(np.True_, ~repeats)]
    return kept


def _assemble(texts: pa.StringArray, order: Ints, keys4: npt.NDArray[np.uint32], keys6: Keys6) -> Addresses:
    is4 = order < keys4.size
    rows4, rows6 = np.flatnonzero(is4), np.flatnonzero(~is4)
    four = keys4[order[rows4]]
    six = keys6.take(order[rows6] - keys4.size)
    special = np.full(order.size, -1, np.int64)
    special[rows4] = special4(four)
    special[rows6] = special6(six)
    return Addresses(texts, rows4, four, rows6, six, special)
