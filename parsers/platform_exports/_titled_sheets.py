"""Workbooks whose sheets hold tables under titles, wherever the row of titles stands.

A sheet's bytes can be cited as a whole only. So what cannot be read of it (columns nobody declared, rows that do not
fit) is rejected with the bytes of the part's own header in the archive, and every event cites the rest. Lines
above, between and below the tables are kept word for word in one event, and a line that says that there are no
records is the provider's negative.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject, Skip, Span
from parsers.kit.sheetpeek import cell_texts
from parsers.kit.sheets import read_sheets, with_gaps
from parsers.kit.tables import Row
from parsers.platform_exports._dated_tables import settled
from parsers.platform_exports._titled_rows import TITLES, Table, header_item, header_of, row_items, title_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from parsers.contract import Item, Sample, Source
    from parsers.kit.sheets import Sheet

__all__ = ["SHEET_SKIPS", "Book", "book_items", "known_tables"]

_EMPTY, _PARTS = "empty sheet", "workbook part"
SHEET_SKIPS = MappingProxyType(
    {
        TITLES: "the sheet holds titles and no row below them",
        _EMPTY: "no cell of the sheet holds anything",
        _PARTS: "parts of the archive that are no sheet: styles, texts shared by sheets, the directory",
    }
)
_NONE_HELD = re.compile(r"\bno (?:responsive |matching )?(?:records?|data|results?|information)\b", re.IGNORECASE)
_SAYS_UTC = re.compile(r"\b(?:times?|dates?|timestamps?)\b.{0,60}\b(?:UTC|GMT)\b", re.IGNORECASE)
_LOCAL_HEADER = 30
_MOST_NOTES = 8


class Book(NamedTuple):
    """What is known of a kind of workbook: its service, its tables, and labels of the account it is about."""

    platform: str
    tables: tuple[Table, ...]
    owner: Mapping[str, str]


class _Block(NamedTuple):
    titles: Row
    rows: list[Row]


def known_tables(sample: Sample, tables: Iterable[Table]) -> tuple[list[str], list[Table]]:
    """The first texts of a workbook, and the tables whose needed titles are among them."""
    texts = cell_texts(sample)
    keys = frozenset(title_key(text) for text in texts)
    return texts, [table for table in tables if table.known_by(keys)]


def book_items(source: Source, book: Book) -> Iterator[Item]:
    """Every row of every sheet."""
    if not len(source.view):
        return
    for found in with_gaps(read_sheets(bytes(source.view), source.offset), source):
        if isinstance(found, Span):
            yield Skip(found, _PARTS)
        elif isinstance(found, Reject):
            yield found
        else:
            yield from _sheet(found, source, book)


def _sheet(sheet: Sheet, source: Source, book: Book) -> Iterator[Item]:
    remarks, blocks = _cut(sheet, book.tables)
    said = _remarks(sheet, remarks, book)
    if not sheet.rows:
        yield Skip(sheet.span, _EMPTY)
    elif not blocks and all(event.event_type == "record" for event in said):
        yield Reject(sheet.span, "no row of the sheet names columns that this format reads", "unknown_structure")
    else:
        notes, events = _read(sheet, blocks, remarks, source, book)
        yield from _cited(sheet, source, notes, [*said, *events])


def _cited(sheet: Sheet, source: Source, notes: Sequence[str], events: Sequence[Event]) -> Iterator[Item]:
    """The events with the bytes of the sheet, or with those after its header where something must be rejected."""
    reason = "; ".join(notes[:_MOST_NOTES]) + (f"; and {len(notes) - _MOST_NOTES} more" * (len(notes) > _MOST_NOTES))
    if not events:
        yield Reject(sheet.span, reason, "unknown_structure") if notes else Skip(sheet.span, TITLES)
        return
    cut = _data_start(sheet, source)
    if notes:
        yield Reject(Span(sheet.span.start, cut), f"sheet {sheet.name[:40]!a}: {reason}", "unknown_structure")
    span = Span(cut, sheet.span.end) if notes else sheet.span
    for event in events:
        yield event._replace(span=span)


def _data_start(sheet: Sheet, source: Source) -> int:
    """Where the data of the sheet's part begins, after its local header and name (APPNOTE.TXT 4.3.7)."""
    start = sheet.span.start - source.offset
    sizes = bytes(source.view[start + _LOCAL_HEADER - 4 : start + _LOCAL_HEADER])
    cut = sheet.span.start + _LOCAL_HEADER + int.from_bytes(sizes[:2], "little") + int.from_bytes(sizes[2:], "little")
    return min(cut, sheet.span.end - 1)


def _cut(sheet: Sheet, tables: Sequence[Table]) -> tuple[list[Row], list[_Block]]:
    """Lines that belong to no table, and the tables: titles, and the rows up to the next ones."""
    remarks: list[Row] = []
    blocks: list[_Block] = []
    for number, cells in sheet.rows:
        row = Row(sheet.span, number, _trimmed(cells), lossy=False)
        if header_of(row.cells, tables):
            blocks.append(_Block(row, []))
        elif not blocks or _is_remark(row, blocks[-1].titles):
            remarks.append(row)
        else:
            blocks[-1].rows.append(row)
    return remarks, blocks


def _trimmed(cells: Sequence[str]) -> list[str]:
    width = max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return list(cells[:width])


def _is_remark(row: Row, titles: Row) -> bool:
    """A single cell under three titles or more is a line of text, not a record."""
    return len(titles.cells) > 2 and sum(bool(cell.strip()) for cell in row.cells) == 1


def _read(
    sheet: Sheet, blocks: Sequence[_Block], remarks: Sequence[Row], source: Source, book: Book
) -> tuple[list[str], list[Event]]:
    """What could not be read, and what could, of all tables of a sheet."""
    settings, owner = source.settings, _owner(remarks, book.owner)
    padded = [row for block in blocks for row in _padded(block)]
    utc = any(_SAYS_UTC.search(cell[:300]) for row in remarks for cell in row.cells)
    tables = settled(padded, book.tables, settings.date_order, utc=utc)
    notes: list[str] = []
    events: list[Event] = []
    header = None
    for row in padded:
        found = header_of(row.cells, tables)
        own_items = row_items(header, row, book.platform, settings.timezone, owner)
        items = [header_item(found, row, header)] if found else list(own_items)
        header = found or header
        for item in items:
            if isinstance(item, Event):
                events.append(item._replace(locator=f"{sheet.name}!row {row.number}"))
            elif isinstance(item, Reject):
                notes.append(f"row {row.number}: {item.reason}")
    return notes, events


def _padded(block: _Block) -> Iterator[Row]:
    """The rows of a table, all as wide as the widest; cells beyond the titles have none."""
    width = max(len(row.cells) for row in (block.titles, *block.rows))
    for row in (block.titles, *block.rows):
        yield row._replace(cells=row.cells + [""] * (width - len(row.cells)))


def _owner(remarks: Iterable[Row], labels: Mapping[str, str]) -> dict[str, object]:
    """The account that lines above the tables name: ``Apple ID: NAME`` in one cell, or label and value in two."""
    found: dict[str, object] = {}
    for row in remarks:
        label, _, value = row.cells[0].partition(":")
        value = value.strip() or (row.cells[1].strip() if len(row.cells) > 1 else "")
        column = labels.get(title_key(label))
        if column and value:
            found.setdefault(column, value)
    return found


def _remarks(sheet: Sheet, remarks: Sequence[Row], book: Book) -> list[Event]:
    """One event with all lines outside tables, and one per line that says that nothing is held."""
    lines = [" | ".join(cell for cell in row.cells if cell.strip()) for row in remarks]
    own = {"account_platform": book.platform, **_owner(remarks, book.owner)}
    events = [
        Event(
            sheet.span,
            f"{sheet.name}!row {row.number}",
            "provider_negative",
            {**own, "event_action": "no_records", "extra": {"scope": sheet.name, "statement": line}},
        )
        for row, line in zip(remarks, lines, strict=True)
        if _NONE_HELD.search(line[:300])
    ]
    if lines:
        kept = {**own, "event_action": "sheet_remarks", "extra": {"sheet": sheet.name, "lines": lines}}
        events.insert(0, Event(sheet.span, f"{sheet.name}!row {remarks[0].number}", "record", kept))
    return events
