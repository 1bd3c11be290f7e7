"""A sheet cut into tables, lists of label and value, and lines of text.

A table begins at titles that make it known, or below a label that does (``Display Name History``). It ends at the next
titles or label. Rows below a line of text are never read under titles above that line unless they look like records
of that table: a section nobody knows must not slide into the one before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.tables import Row
from parsers.platform_exports._titled_rows import Header, Table, header_of, title_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from parsers.kit.sheets import Sheet
    from parsers.platform_exports._json_rows import Shape

__all__ = ["Block", "Book", "Cut", "cut_sheet"]


class Book(NamedTuple):
    """What is known of a kind of workbook.

    Attributes:
        platform: Its service.
        tables: Tables known by their titles.
        owner: Title key of a label -> column, for lines that name the account the sheet is about.
        labels: Title key of a label -> the table whose titles follow it.
        pairs: What rows of two cells, label and value, say of the account; its fields are title keys.
    """

    platform: str
    tables: tuple[Table, ...]
    owner: Mapping[str, str]
    labels: Mapping[str, Table] = MappingProxyType({})
    pairs: Shape | None = None


class Block(NamedTuple):
    """A table: what it is, its titles, its rows."""

    table: Table
    titles: Row
    rows: list[Row]

    def padded(self) -> Iterator[Row]:
        """Titles and rows, all as wide as the widest; cells beyond the titles have none."""
        width = max(len(row.cells) for row in (self.titles, *self.rows))
        for row in (self.titles, *self.rows):
            yield row._replace(cells=row.cells + [""] * (width - len(row.cells)))


@dataclass(slots=True)
class Cut:
    """What the rows of a sheet are: lines of text, labels with values, tables, and rows of unknown sections."""

    remarks: list[Row] = field(default_factory=list)
    pairs: list[Row] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    strays: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class _State:
    block: Block | None = None
    pending: Table | None = None
    interrupted: bool = False
    last: int = 0


def cut_sheet(sheet: Sheet, book: Book) -> Cut:
    """The parts of a sheet."""
    cut, state = Cut(), _State()
    for number, cells in sheet.rows:
        row = Row(sheet.span, number, _trimmed(cells), lossy=False)
        if not _opens(row, book, cut, state):
            _place(row, book, cut, state)
        state.last = number
    return cut


def _trimmed(cells: Sequence[str]) -> list[str]:
    width = max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return list(cells[:width])


def _opens(row: Row, book: Book, cut: Cut, state: _State) -> bool:
    """Whether the row is a label, the titles below one, or titles that are known by themselves."""
    if _is_single(row) and (table := book.labels.get(title_key(next(filter(str.strip, row.cells))))):
        state.block, state.pending, state.interrupted = None, table, False
        return True
    header = _labelled(row, state.pending) or header_of(row.cells, book.tables)
    state.pending = None
    if header is None:
        return False
    state.block, state.interrupted = Block(header.table, row, []), False
    cut.blocks.append(state.block)
    return True


def _labelled(row: Row, table: Table | None) -> Header | None:
    """The titles of a labelled table: at least one of them is its own."""
    header = header_of(row.cells, (replace(table, required=frozenset(), any_of=()),)) if table else None
    return header if header and set(header.keys) & set(header.table.fields) else None


def _place(row: Row, book: Book, cut: Cut, state: _State) -> None:
    if _is_pair(row, book) and (state.block is None or state.interrupted or row.number > state.last + 1):
        cut.pairs.append(row)
        state.block = None
    elif _is_line(row, book, state):
        cut.remarks.append(row)
        state.interrupted = True
    elif state.block is None:
        (cut.strays if cut.blocks or book.labels else cut.remarks).append(row)
    elif state.interrupted and (book.labels or not _has_digit(row)):
        cut.strays.append(row)
        state.block = None
    else:
        state.block.rows.append(row)


def _is_single(row: Row) -> bool:
    return sum(bool(cell.strip()) for cell in row.cells) == 1


def _is_pair(row: Row, book: Book) -> bool:
    return book.pairs is not None and len(row.cells) == 2 and title_key(row.cells[0]) in book.pairs.fields


def _is_line(row: Row, book: Book, state: _State) -> bool:
    """A single cell outside a table, under three titles or more, or after an empty row, is a line of text."""
    apart = bool(book.labels) and row.number > state.last + 1
    return _is_single(row) and (state.block is None or len(state.block.titles.cells) > 2 or apart)


def _has_digit(row: Row) -> bool:
    return any(c.isdigit() for cell in row.cells for c in cell[:100])
