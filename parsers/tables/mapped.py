r"""Any table (CSV, TSV, semicolons, pipes, or an Office Open XML workbook) read by a column map written in TOML.

A map is written the day an answer comes in, by whoever reads it::

    title = "Harbour Fibre subscriber answer"   # shown as the source of every row
    event_type = "lease"          # default "record"; or per row: event_type_column + [event_types]
    platform = "harbourfibre"     # the service the accounts belong to
    delimiter = ";"               # optional; else found in the first records
    encoding = "cp1252"           # optional; else a byte order mark decides, else UTF-8
    header_row = 3                # optional; else the row among the first 30 with the most mapped titles
    sheet = "Sessions"            # optional, workbooks: one name or a list; else every sheet with a mapped title
    nulls = ["", "-", "none"]     # optional: cells that mean "no value" ("", "-", "--", "N/A", "n/a", "NULL", "\N")

    [columns]                     # event field = column title (case and outer space do not matter)
    timestamp = "Start (UTC)"     # or a list that is joined: ["Date", "Time"]
    timestamp_end = "End (UTC)"
    source_ip = "Public IP"       # 192.0.2.1, 192.0.2.1:443, [2001:db8::1]:443; the port goes to source_port
    source_port = "Port"
    account_login = "User"
    text = "Message"              # the body of a message

    [time]
    format = "iso"                # iso, epoch_s, epoch_ms, or a layout: "dd/mm/yyyy HH:MM:SS" (kit/timepattern.py)
    zone = "UTC"                  # for values without a zone; else the case's zone; else read as UTC, widened

    [identifiers]                 # identifier type = column title, or a list of titles
    recovery_phone = "Contact no"

    [constants]                   # event field = the same value in every row
    event_action = "login"

    [values.event_outcome]        # what cells of a field mean
    "OK" = "success"

Maps for tables of well-known forums, blogs and wikis come with the program (`parsers.tables.shipped`): the option
``map=phpbb_log`` takes one, ``platform=forum.example.org`` names the site its accounts belong to.

Columns nobody maps go to `extra` under their title, as written. So do cells that are not what their field needs
(a name where an address is expected, say): the row is kept. A mistake in the map is a `MapError`; a table without
a mapped column is evidence, so it is reported in the rejects (text) or in each row's `extra` (workbooks).
"""

from __future__ import annotations

from itertools import chain, islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Skip, Span
from parsers.kit.sheets import looks_like_workbook, read_sheets, with_gaps
from parsers.kit.tables import bom_encoding, csv_rows, sniff_delimiter
from parsers.schema import EVENT_TYPES
from parsers.tables._cells import Header, add_extra, read_row
from parsers.tables._map import ColumnMap, MapError, compile_map, title_key
from parsers.tables.shipped import shipped_map

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from parsers.contract import Item, Sample, Settings, Source
    from parsers.kit.sheets import Sheet
    from parsers.kit.tables import Row

__all__ = ["FORMATS", "MapError", "compile_map"]

_BLANK, _HEADER, _PREAMBLE = "empty row", "header row", "before the header row"
_OTHER_SHEET, _PARTS = "sheet not asked for", "workbook part"
_HEADER_SEARCH = 30
_SNIFF = 1 << 16
_CANDIDATE = 40


def parse(source: Source) -> Iterator[Item]:
    """Read a table by the case's column map; without one, every cell goes to `extra`.

    Raises:
        MapError: the map is wrong (check it early with `compile_map`).
    """
    spec = compile_map(_map_of(source.settings))
    head = bytes(source.view[:_SNIFF])
    if looks_like_workbook(head):
        yield from _workbook(source, spec)
    else:
        yield from _delimited(source, spec, head)


def _map_of(settings: Settings) -> Mapping[str, object]:
    """The case's map, or the shipped one its options name (``map``, and ``platform`` for the site's name)."""
    name = settings.options.get("map")
    if settings.column_map is not None or name is None:
        return settings.column_map or {}
    return shipped_map(name, platform=settings.options.get("platform"))


def _delimited(source: Source, spec: ColumnMap, head: bytes) -> Iterator[Item]:
    encoding = bom_encoding(head) or spec.encoding or "utf-8"
    delimiter = spec.delimiter or _sniffed(head.decode(encoding, "replace"))
    rows = csv_rows(source, delimiter, encoding)
    first = list(islice(rows, max(_HEADER_SEARCH, spec.header_row or 0)))
    at = _header_at([row.cells if not isinstance(row, Reject) else [] for row in first], spec)
    yield from (row if isinstance(row, Reject) else Skip(row.span, _PREAMBLE) for row in first[:at])
    if at < len(first):
        yield from _body(first[at], chain(first[at + 1 :], rows), spec, source.settings.timezone)


def _sniffed(text: str) -> str:
    found = sniff_delimiter(text.removeprefix("\ufeff"))
    return found[0] if found else ","


def _header_at(rows: list[list[str]], spec: ColumnMap) -> int:
    """Index of the header row among the first rows; their number when there is none."""
    if spec.header_row is not None:
        return min(spec.header_row - 1, len(rows))
    wanted = {title_key(title) for title in spec.titles}
    matches = [len(wanted & {title_key(cell) for cell in cells}) for cells in rows]
    if any(matches):
        return matches.index(max(matches))
    return next((i for i, cells in enumerate(rows) if any(cell.strip() for cell in cells)), len(rows))


def _body(top: Row | Reject, rows: Iterable[Row | Reject], spec: ColumnMap, zone: str | None) -> Iterator[Item]:
    titles = [] if isinstance(top, Reject) else top.cells
    header = Header(titles)
    missing = header.missing(spec.titles)
    if isinstance(top, Reject):
        yield top
    elif missing:
        yield Reject(top.span, f"the table has no column {', '.join(missing)}", "unknown_structure")
    else:
        yield Skip(top.span, _HEADER)
    for row in rows:
        yield row if isinstance(row, Reject) else _item(row, titles, header, spec, zone)


def _item(row: Row, titles: list[str], header: Header, spec: ColumnMap, zone: str | None) -> Item:
    if not any(cell.strip() for cell in row.cells):
        return Skip(row.span, _BLANK)
    if row.cells == titles:
        return Skip(row.span, _HEADER)
    kind, values, text = read_row(spec, header, row.cells, zone)
    if row.lossy:
        flags = values["parse_flags"]
        values["parse_flags"] = [*(flags if isinstance(flags, list) else ()), "lossy_text"]
    return Event(row.span, f"row {row.number}", kind, values, text)


def _workbook(source: Source, spec: ColumnMap) -> Iterator[Item]:
    """Rows of every sheet. What no sheet covers (styles, shared texts, directory) is passed over by rule."""
    wanted = {title_key(name) for name in spec.sheets}
    for found in with_gaps(read_sheets(bytes(source.view), source.offset), source):
        if isinstance(found, Span):
            yield Skip(found, _PARTS)
        elif isinstance(found, Reject):
            yield found
        elif wanted and title_key(found.name) not in wanted:
            yield Skip(found.span, _OTHER_SHEET)
        else:
            yield from _sheet_items(found, spec, source.settings.timezone)


def _sheet_items(sheet: Sheet, spec: ColumnMap, zone: str | None) -> Iterator[Item]:
    at = _header_at([row.cells for row in sheet.rows[:_HEADER_SEARCH]], spec)
    if spec.header_row is not None:
        at = next((i for i, row in enumerate(sheet.rows) if row.number >= spec.header_row), len(sheet.rows))
    if at >= len(sheet.rows) - 1:
        yield Skip(sheet.span, _BLANK)
        return
    header = Header(sheet.rows[at].cells)
    missing = header.missing(spec.titles)
    if missing and len(missing) == len(spec.titles):
        yield Reject(sheet.span, "the sheet has none of the mapped columns", "unknown_structure")
        return
    for row in sheet.rows[at + 1 :]:
        if row.cells != sheet.rows[at].cells:
            kind, values, text = read_row(spec, header, row.cells, zone)
            if missing and isinstance(extra := values["extra"] or {}, dict):
                add_extra(extra, "columns not in the sheet", missing)
                values["extra"] = extra
            yield Event(sheet.span, f"{sheet.name}!row {row.number}", kind, values, text)


def recognise(sample: Sample) -> int:
    """A candidate for any clean table, never a winner: without a map nobody knows what its columns mean."""
    if looks_like_workbook(sample.head):
        return _CANDIDATE
    encoding = bom_encoding(sample.head) or "utf-8"
    text = sample.head.decode(encoding, "replace").removeprefix("\ufeff")
    found = sniff_delimiter(text)
    if found is None or found[1] < 0.95 or text.count("\n") < 2:
        return 0
    titles = [title_key(cell) for cell in text.split("\n", 1)[0].split(found[0])]
    named = all(titles) and len(set(titles)) == len(titles) and not any(cell[:1].isdigit() for cell in titles)
    return _CANDIDATE if named else 0


FORMATS = (
    Format(
        id="table/mapped",
        version=2,
        title="Table read by a column map (CSV, TSV, XLSX)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=tuple(EVENT_TYPES),
        tier="source-verified",
        trust=MappingProxyType({}),
        skips=MappingProxyType(
            {
                _BLANK: "the row, or the whole sheet below its header, holds no value",
                _HEADER: "the titles of the columns, also where they are repeated",
                _PREAMBLE: "rows above the titles: the provider's cover lines",
                _OTHER_SHEET: "the map names the sheets to read, and this is none of them",
                _PARTS: "parts of the archive that are no sheet: styles, texts shared by sheets, the directory",
            }
        ),
        references=("RFC 4180", "ECMA-376 part 1 (SpreadsheetML)", "the column map of the case"),
        gaps=(
            "Tables whose lines end in CR alone are not cut into rows.",
            "Rows of a workbook cite their sheet as a whole; texts shared by sheets stand in another part of the file.",
            "Dates in workbooks have no zone; the map or the case must say it.",
            "Binary and encrypted workbooks (XLS, XLSB, password) are not opened.",
        ),
    ),
)
