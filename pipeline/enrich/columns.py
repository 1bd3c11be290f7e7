"""Country and AS number beside a column of addresses, row by row: for logs with millions of lines.

`enrich` in `lookup` explains one address with all its claims; this answers the two commonest questions from the
embedded data only, at the speed of the column.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.enrich.addresses import text_column
from pipeline.enrich.embedded import load_embedded
from pipeline.enrich.index import Index4, Index6, Ints, Keys6
from pipeline.enrich.special import SPECIAL, edges4, edges6, special4, special6
from pipeline.enrich.text4 import parse4
from pipeline.enrich.text6 import parse6

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.enrich.embedded import Ranges4, Ranges6

__all__ = ["locate"]

_PROBE = 8192
_PORTION = 1 << 16  # rows at a time: intermediate columns stay small enough to be kept and used again


def locate(addresses: Sequence[str] | pa.Array | pa.ChunkedArray) -> pa.Table:
    """Columns ``country`` (dictionary of text) and ``asn``, one row per input row, in input order.

    Null where the text is no address, the address is special-purpose, or the source has no record. Values are claims
    of the embedded sources at their dates (see ``manifest.json``), not facts.
    """
    texts = text_column(addresses)
    if not _repeats(texts):
        return _table(*_codes(texts))
    encoded = texts.dictionary_encode()
    country, asn = _codes(encoded.dictionary)
    at = pc.fill_null(encoded.indices, len(encoded.dictionary)).to_numpy()
    return _table(np.append(country, 0)[at], np.append(asn, 0)[at])


def _repeats(texts: pa.StringArray) -> bool:
    """Whether reading each distinct text once pays; the answer is the same either way."""
    head = texts[:_PROBE]
    return len(texts) > _PROBE and len(pc.unique(head)) < 0.9 * len(head)


def _table(country: npt.NDArray[np.int32], asn: npt.NDArray[np.uint32]) -> pa.Table:
    indices = pa.array(country - np.int32(1), mask=country == 0)
    names = _merged().names
    return pa.table({
        "country": pa.DictionaryArray.from_arrays(indices, names), "asn": pa.array(asn, pa.uint32(), mask=asn == 0)
    })


def _codes(texts: pa.StringArray) -> _Values:
    """Country code (0: none; else one more than its position in the names) and AS number (0: none) of each text."""
    data = _merged()
    data.index4.expect(len(texts))
    out = _Values(np.zeros(len(texts), np.int32), np.zeros(len(texts), np.uint32))
    for begin in range(0, len(texts), _PORTION):
        end = min(begin + _PORTION, len(texts))
        _answer(data, texts[begin:end], _Values(out.country[begin:end], out.asn[begin:end]))
    return out


def _answer(data: _Merged, texts: pa.StringArray, out: _Values) -> None:
    four = parse4(texts)
    _fill(out, four.rows, data.index4.find(four.keys), data.values4)
    if four.rows.size < len(texts):
        six = parse6(texts)
        _fill(out, six.rows, data.index6.find(six.keys), data.values6)


class _Values(NamedTuple):
    """Code of the country and AS number, per run of addresses or per text; 0 for none."""

    country: npt.NDArray[np.int32]
    asn: npt.NDArray[np.uint32]


def _fill(out: _Values, rows: Ints, runs: Ints, values: _Values) -> None:
    if rows.size == out.country.size:  # nothing but this family: rows are all, in order
        np.take(values.country, runs, out=out.country)
        np.take(values.asn, runs, out=out.asn)
    else:
        out.country[rows] = values.country[runs]
        out.asn[rows] = values.asn[runs]


class _Merged(NamedTuple):
    """Both sources and the special-purpose table cut into common runs, so that one search answers for all."""

    names: pa.StringArray
    index4: Index4
    values4: _Values
    index6: Index6
    values6: _Values


@lru_cache(maxsize=1)
def _merged() -> _Merged:
    data = load_embedded()
    countries = pa.concat_arrays([data.country4.values, data.country6.values])
    names = pc.unique(countries.drop_null()).sort()
    index4, values4 = _merge4(data.country4, data.asn4, names)
    index6, values6 = _merge6(data.country6, data.asn6, names)
    return _Merged(names, index4, values4, index6, values6)


def _merge4(country: Ranges4, asn: Ranges4, names: pa.StringArray) -> tuple[Index4, _Values]:
    starts = np.union1d(np.union1d(country.index.starts, asn.index.starts), edges4())
    values = _values(country.values, country.index.find(starts), asn.values, asn.index.find(starts), names)
    return Index4(starts), _without_special(values, special4(starts))


def _merge6(country: Ranges6, asn: Ranges6, names: pa.StringArray) -> tuple[Index6, _Values]:
    parts = [country.index.starts, asn.index.starts, edges6()]
    words = np.unique(np.concatenate([np.stack([part.hi, part.lo], axis=1) for part in parts]), axis=0)
    starts = Keys6(np.ascontiguousarray(words[:, 0]), np.ascontiguousarray(words[:, 1]))
    values = _values(country.values, country.index.find(starts), asn.values, asn.index.find(starts), names)
    return Index6(starts), _without_special(values, special6(starts))


def _values(country: pa.Array, at: Ints, asn: pa.Array, asn_at: Ints, names: pa.StringArray) -> _Values:
    codes = pc.fill_null(pc.index_in(country, names), -1).to_numpy().astype(np.int32) + np.int32(1)
    numbers = pc.fill_null(asn, 0).to_numpy().astype(np.uint32)
    return _Values(codes[at], numbers[asn_at])


def _without_special(values: _Values, special: Ints) -> _Values:
    """Special-purpose runs answer nothing, unless they are globally reachable."""
    silent = np.append([not row.reachable for row in SPECIAL], np.False_)[special]
    return _Values(np.where(silent, np.int32(0), values.country), np.where(silent, np.uint32(0), values.asn))
