"""Tables by their titles where neither the spelling of titles nor the order of dates is fixed beforehand."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from parsers.contract import Reject
from parsers.platform_exports._titled_rows import Header, Table, header_of, title_key
from parsers.platform_exports._written_times import date_order, written_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from parsers.kit.tables import Row
    from parsers.platform_exports._written_times import Order

__all__ = ["dated", "fields_of", "settled", "spelt"]


def fields_of(**titles: str) -> dict[str, str]:
    """Title key -> meaning, from meaning -> its titles separated by bars."""
    return {title_key(title): meaning for meaning, spelling in titles.items() for title in spelling.split("|")}


def spelt(*alternatives: str) -> tuple[frozenset[str], ...]:
    """Needed titles (`Table.any_of`): each as its spellings separated by bars."""
    return tuple(frozenset(title_key(title) for title in titles.split("|")) for titles in alternatives)


def dated(tables: Iterable[Table], order: Order | None, *, utc: bool = False) -> tuple[Table, ...]:
    """The tables with numeric dates read in this order, times without a zone as UTC where the file says so."""
    return tuple(
        replace(t, utc=t.utc or utc, read_time=partial(written_time, order=order, utc=t.utc or utc)) for t in tables
    )


def settled(
    rows: Iterable[Row | Reject], tables: Sequence[Table], pinned: Order | None, *, utc: bool = False
) -> tuple[Table, ...]:
    """The tables, with numeric dates read in the order that the cells below their time titles settle."""
    return dated(tables, date_order(_dates(rows, tables), pinned), utc=utc)


def _dates(rows: Iterable[Row | Reject], tables: Sequence[Table]) -> Iterator[str]:
    """The cells where a header says that times stand."""
    header: Header | None = None
    for row in rows:
        if isinstance(row, Reject):
            continue
        if found := header_of(row.cells, tables):
            header = found
        elif header and len(row.cells) == len(header.keys):
            named = zip(header.keys, row.cells, strict=True)
            yield from (cell for key, cell in named if header.table.fields.get(key) in {"time", "end"})
