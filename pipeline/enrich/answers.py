"""What one source answers, and how the answers of several are laid side by side.

Sources are never merged: each keeps its own rows, and `gather` lines up, for one question (country, place, AS, class),
the claims of every source that answered it, in order of priority. A value that the tables call "the country" is the
claim of the first of them, next to the count of how many agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.enrich.index import Ints

__all__ = ["ANSWER", "Answers", "Gathered", "answer_table", "complete", "gather"]

ANSWER = pa.schema([
    ("network", pa.string()),
    ("country", pa.string()),
    ("region", pa.string()),
    ("city", pa.string()),
    ("latitude", pa.float64()),
    ("longitude", pa.float64()),
    ("radius", pa.float64()),
    ("place", pa.string()),
    ("asn", pa.int64()),
    ("as_name", pa.string()),
    ("as_text", pa.string()),
    ("network_class", pa.string()),
    ("provider", pa.string()),
    ("database", pa.string()),
    ("sha256", pa.string()),
    ("date", pa.string()),
    ("kind", pa.string()),
])
"""One answer of one source. `kind`: database, list or special_range."""


class Answers(NamedTuple):
    """One source's answers: for each address the row of `rows` that holds, or -1."""

    where: Ints
    rows: pa.Table


class Gathered(NamedTuple):
    """The claims of all sources about one question, address by address.

    Attributes:
        offsets: Where each address's claims begin in `rows` (one more than addresses).
        rows: The claims, highest priority first within an address.
    """

    offsets: Ints
    rows: pa.Table

    def first(self, column: str) -> pa.Array:
        """Per address the value of its first claim, null where there is none."""
        begin = np.where(np.diff(self.offsets) > 0, self.offsets[:-1], -1)
        at = pa.array(begin, mask=begin < 0)
        return self.rows.column(column).combine_chunks().take(at)

    def claims(self, kind: pa.ListType, names: dict[str, str]) -> pa.ListArray:
        """All claims as a list column of structs; `names` maps struct field to column."""
        fields = list(kind.value_type)
        columns = [self.rows.column(names[f.name]).combine_chunks().cast(f.type) for f in fields]
        struct = pa.StructArray.from_arrays(columns, fields=fields)
        return pa.ListArray.from_arrays(pa.array(self.offsets, pa.int32()), struct)

    def agreement(self, column: str) -> pa.Array:
        """Per address "n/m": n of the m sources that answered state the first one's value; null when none answered."""
        counts = np.diff(self.offsets)
        owner = np.repeat(np.arange(counts.size), counts)
        same = pc.equal(self.rows.column(column).combine_chunks(), self.first(column).take(pa.array(owner)))
        agree = np.bincount(owner, weights=same.to_numpy(zero_copy_only=False), minlength=counts.size).astype(np.int64)
        pairs, which = np.unique(np.stack([agree, counts]), axis=1, return_inverse=True)
        words = pa.array([f"{n}/{m}" if m else None for n, m in pairs.T.tolist()], pa.string())
        return words.take(pa.array(which.reshape(-1)))


def gather(size: int, sources: list[Answers], question: str) -> Gathered:
    """Line up what all sources say in one column, for `size` addresses; `sources` come in order of priority."""
    owners: list[Ints] = [np.empty(0, np.int64)]
    tables = [ANSWER.empty_table()]
    for source in sources:
        answered = source.rows.column(question).is_valid().to_numpy()
        owner = np.flatnonzero(np.append(answered, np.False_)[source.where])
        if owner.size:
            owners.append(owner)
            tables.append(source.rows.take(pa.array(source.where[owner])))
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    offsets = np.append(0, np.cumsum(np.bincount(owner, minlength=size)))
    return Gathered(offsets, pa.concat_tables(tables).take(pa.array(order)).combine_chunks())


def answer_table(networks: list[str], about: Mapping[str, str], values: Mapping[str, pa.Array]) -> pa.Table:
    """Rows of one database: `about` gives its title, sha256 and date."""
    size = len(networks)
    said = {"database": about["title"], "sha256": about["sha256"], "date": about["date"], "kind": "database"}
    constant = {name: pa.repeat(pa.scalar(value, pa.string()), size) for name, value in said.items()}
    return complete({"network": pa.array(networks, pa.string()), **constant, **values}, size)


def complete(columns: Mapping[str, pa.Array], size: int) -> pa.Table:
    """A table of the ANSWER schema; columns that are not given are null."""
    return pa.table(
        [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(size, f.type) for f in ANSWER], schema=ANSWER
    )
