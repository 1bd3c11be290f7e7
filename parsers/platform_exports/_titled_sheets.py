"""Workbooks whose sheets hold tables under titles, wherever the row of titles stands.

A sheet's bytes can be cited as a whole only. So what cannot be read of it (columns nobody declared, rows that do not
fit) is rejected with the bytes of the part's own header in the archive, and every event cites the rest. Lines
above, between and below the tables are kept word for word in one event, and a line that says that there are no
records is the provider's negative.
"""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Reject, Skip, Span
from parsers.kit.sheetpeek import cell_texts
from parsers.kit.sheets import read_sheets, with_gaps
from parsers.platform_exports._dated_tables import dated
from parsers.platform_exports._json_rows import read_row
from parsers.platform_exports._sheet_blocks import Block, Book, Cut, cut_sheet
from parsers.platform_exports._titled_rows import TITLES, Table, header_item, header_of, row_items, title_key
from parsers.platform_exports._written_times import date_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from parsers.contract import Item, Sample, Source
    from parsers.kit.sheets import Sheet
    from parsers.kit.tables import Row

__all__ = ["SHEET_SKIPS", "book_items", "known_tables"]

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
    cut = cut_sheet(sheet, book)
    owner = _owner(cut, book)
    said = [*_remarks(sheet, cut, book, owner), *_profile(sheet, cut, book, owner)]
    if not sheet.rows:
        yield Skip(sheet.span, _EMPTY)
    elif not cut.blocks and all(event.event_type == "record" for event in said):
        yield Reject(sheet.span, "no row of the sheet names columns that this format reads", "unknown_structure")
    else:
        notes, events = _read(sheet, cut, owner, source, book)
        yield from _cited(sheet, source, notes, [*said, *events])


def _cited(sheet: Sheet, source: Source, notes: Sequence[str], events: Sequence[Event]) -> Iterator[Item]:
    """The events with the bytes of the sheet, or with those after its header where something must be rejected."""
    more = f"; and {len(notes) - _MOST_NOTES} more" if len(notes) > _MOST_NOTES else ""
    reason = f"sheet {sheet.name[:40]!a}: {'; '.join(notes[:_MOST_NOTES])}{more}"
    if not events:
        yield Reject(sheet.span, reason, "unknown_structure") if notes else Skip(sheet.span, TITLES)
        return
    cut = _data_start(sheet, source)
    if notes:
        yield Reject(Span(sheet.span.start, cut), reason, "unknown_structure")
    span = Span(cut, sheet.span.end) if notes else sheet.span
    for event in events:
        yield event._replace(span=span)


def _data_start(sheet: Sheet, source: Source) -> int:
    """Where the data of the sheet's part begins, after its local header and name (APPNOTE.TXT 4.3.7)."""
    start = sheet.span.start - source.offset
    sizes = bytes(source.view[start + _LOCAL_HEADER - 4 : start + _LOCAL_HEADER])
    cut = sheet.span.start + _LOCAL_HEADER + int.from_bytes(sizes[:2], "little") + int.from_bytes(sizes[2:], "little")
    return min(cut, sheet.span.end - 1)


def _read(
    sheet: Sheet, cut: Cut, owner: Mapping[str, object], source: Source, book: Book
) -> tuple[list[str], list[Event]]:
    """What could not be read, and what could, of all tables of a sheet."""
    order = date_order((cell for block in cut.blocks for cell in _times(block)), source.settings.date_order)
    utc = any(_SAYS_UTC.search(cell[:300]) for row in cut.remarks for cell in row.cells)
    notes: list[str] = []
    events: list[Event] = []
    for block in cut.blocks:
        (table,) = dated((block.table,), order, utc=utc)
        for row, item in _rows(block, table, book.platform, source.settings.timezone, owner):
            if isinstance(item, Event):
                events.append(item._replace(locator=f"{sheet.name}!row {row.number}"))
            elif isinstance(item, Reject):
                notes.append(f"row {row.number}: {item.reason}")
    notes += [f"row {row.number}: belongs to no table that this format reads" for row in cut.strays]
    return notes, events


def _rows(
    block: Block, table: Table, platform: str, zone: str | None, owner: Mapping[str, object]
) -> Iterator[tuple[Row, Item]]:
    titles, *rows = block.padded()
    header = header_of(titles.cells, (table,))
    if header is None:
        return
    yield titles, header_item(header, titles)
    for row in rows:
        for item in row_items(header, row, platform, zone, owner):
            yield row, item


def _times(block: Block) -> Iterator[str]:
    """The cells where the titles say that times stand."""
    keys = [title_key(cell) for cell in block.titles.cells]
    places = [at for at, key in enumerate(keys) if block.table.fields.get(key) in {"time", "end"}]
    return (row.cells[at] for row in block.rows for at in places if at < len(row.cells))


def _owner(cut: Cut, book: Book) -> dict[str, object]:
    """The account that lines outside tables name: ``Apple ID: NAME`` in one cell, or label and value in two."""
    found: dict[str, object] = {}
    for row in (*cut.remarks, *cut.pairs):
        label, _, value = row.cells[0].partition(":")
        value = value.strip() or (row.cells[1].strip() if len(row.cells) > 1 else "")
        column = book.owner.get(title_key(label))
        if column and value:
            found.setdefault(column, value)
    return found


def _remarks(sheet: Sheet, cut: Cut, book: Book, owner: Mapping[str, object]) -> list[Event]:
    """One event with all lines outside tables, and one per line that says that nothing is held."""
    lines = [" | ".join(cell for cell in row.cells if cell.strip()) for row in cut.remarks]
    own = {"account_platform": book.platform, **owner}
    events = [
        Event(
            sheet.span,
            f"{sheet.name}!row {row.number}",
            "provider_negative",
            {**own, "event_action": "no_records", "extra": {"scope": sheet.name, "statement": line}},
        )
        for row, line in zip(cut.remarks, lines, strict=True)
        if _NONE_HELD.search(line[:300])
    ]
    if lines:
        kept = {**own, "event_action": "sheet_remarks", "extra": {"sheet": sheet.name, "lines": lines}}
        events.insert(0, Event(sheet.span, f"{sheet.name}!row {cut.remarks[0].number}", "record", kept))
    return events


def _profile(sheet: Sheet, cut: Cut, book: Book, owner: Mapping[str, object]) -> list[Event]:
    """One event with what labels and their values say of the account; a label that comes again keeps its number."""
    if not cut.pairs or book.pairs is None:
        return []
    values: dict[str, object] = {}
    meanings: dict[str, str] = {}
    for row in cut.pairs:
        label = row.cells[0].strip()
        name = f"{label}#{row.number}" if label in values else label
        values[name], meanings[name] = row.cells[1], book.pairs.fields[title_key(label)]
    kind, columns = read_row(values, replace(book.pairs, fields=meanings), book.platform)
    columns["parse_flags"] = columns["parse_flags"] or None
    return [Event(sheet.span, f"{sheet.name}!row {cut.pairs[0].number}", kind, {**owner, **columns})]
