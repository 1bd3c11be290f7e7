"""Workbooks, also damaged ones."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import openpyxl

from parsers.contract import Reject, Settings
from parsers.kit.sheetpeek import cell_texts
from parsers.kit.sheets import Sheet, looks_like_workbook, read_sheets
from parsers.registry import find_format, sample_of
from tests.conformance.fixtures import read_all

WORKBOOK = (Path(__file__).parents[3] / "sample_data/formats/table/mapped/answer.xlsx").read_bytes()


def with_part(name: str, text: bytes, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(out, "w", compression) as new:
        for info in old.infolist():
            new.writestr(info.filename, text if info.filename == name else old.read(info))
    return out.getvalue()


def test_rows_have_the_numbers_the_spreadsheet_shows() -> None:
    sheets = [sheet for sheet in read_sheets(WORKBOOK, 0) if isinstance(sheet, Sheet)]
    assert [sheet.name for sheet in sheets] == ["Cover", "Sessions", "Empty"]
    assert [row.number for row in sheets[1].rows] == [2, 3, 5]
    assert sheets[1].rows[1].cells == ["2026-03-01 10:00:00", "192.0.2.1", "jordan", "442079460000", "link"]


def test_a_sheet_cites_the_bytes_of_its_own_part() -> None:
    sheet = next(s for s in read_sheets(WORKBOOK, 0) if isinstance(s, Sheet) and s.name == "Sessions")
    assert WORKBOOK[sheet.span.start : sheet.span.start + 4] == b"PK\x03\x04"
    assert b"xl/worksheets/sheet2.xml" in WORKBOOK[sheet.span.start : sheet.span.end]


def test_one_broken_sheet_does_not_take_the_others_along() -> None:
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        whole = archive.read("xl/worksheets/sheet2.xml")
    found = list(read_sheets(with_part("xl/worksheets/sheet2.xml", whole[: whole.index(b"jordan")]), 0))
    assert [type(f).__name__ for f in found] == ["Sheet", "Reject", "Sheet"]


def test_a_sheet_the_workbook_does_not_list_is_reported() -> None:
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        listing = archive.read("xl/workbook.xml")
    hidden = listing.replace(b'<sheet name="Sessions" sheetId="2" r:id="rId2"/>', b"")
    assert hidden != listing
    found = list(read_sheets(with_part("xl/workbook.xml", hidden), 0))
    assert [getattr(f, "name", getattr(f, "kind", "")) for f in found] == ["Cover", "unknown_structure", "Empty"]


def test_what_is_no_workbook_is_one_reject() -> None:
    for data in (b"", b"PK\x03\x04", WORKBOOK[:2000], WORKBOOK[300:], with_part("xl/workbook.xml", b"<a/>")):
        found = list(read_sheets(data, 7))
        assert len(found) == 1
        assert isinstance(found[0], Reject)
        assert found[0].span == (7, 7 + len(data))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = with_part("xl/worksheets/sheet2.xml", b" " * (513 << 20))
    assert len(bomb) < 1 << 20
    assert [(type(f).__name__, getattr(f, "kind", "")) for f in read_sheets(bomb, 0)] == [("Reject", "limit")]


def test_rows_without_end_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").replace(b'r="5"', b'r="99999999999"')
    found = list(read_sheets(with_part("xl/worksheets/sheet2.xml", sheet), 0))
    assert [getattr(f, "kind", "read") for f in found] == ["read", "limit", "read"]


def test_entities_are_not_expanded() -> None:
    entities = b"".join(b'<!ENTITY e%d "%s">' % (i + 1, b"&e%d;" % i * 10) for i in range(9))
    sheet = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e0 "aaaaaaaaaa">' + entities + b"]><worksheet>&e9;</worksheet>"
    found = list(read_sheets(with_part("xl/worksheets/sheet2.xml", sheet), 0))
    assert [type(f).__name__ for f in found] == ["Reject"]


def test_a_workbook_is_known_by_its_parts() -> None:
    assert looks_like_workbook(WORKBOOK)
    assert not looks_like_workbook(b"PK\x03\x04 something else")


def book(sheets: dict[str, list[list[str]]]) -> bytes:
    """As openpyxl writes it: the part that names all others stands last, after the sheets."""
    written, out = openpyxl.Workbook(), io.BytesIO()
    written.remove(written.active)
    for name, rows in sheets.items():
        sheet = written.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written.save(out)
    return out.getvalue()


def test_a_large_workbook_is_known_whatever_the_order_of_its_parts() -> None:
    numbers = [[str(random.Random(row).random())] for row in range(9000)]
    data = book({"one": numbers})
    assert b"[Content_Types].xml" not in data[:65536]
    assert looks_like_workbook(data[:65536])


def test_a_zip_archive_that_only_speaks_of_a_workbook_is_none() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("notes.txt", "[Content_Types].xml and xl/worksheets")
    assert not looks_like_workbook(out.getvalue())


def test_two_long_sheets_keep_all_their_rows_through_the_reader() -> None:
    rows = [["when", "ip"], *([["2026-01-01 10:00:00Z", "192.0.2.1"]] * 5000)]
    events, rejects, total = read_all(
        find_format("table/mapped"),
        book({"one": rows, "two": rows}),
        Settings(column_map={"columns": {"timestamp": "when", "source_ip": "ip"}}),
    )
    assert (len(events), rejects) == (10_000, [])
    assert total.bytes_in == total.bytes_parsed + total.bytes_skipped


def test_the_texts_of_a_sample_are_those_of_the_cells() -> None:
    data = book({"one": [["Apple ID", "IP & Port"], ["a", "b"]]})
    assert cell_texts(sample_of(memoryview(data))) == ["Apple ID", "IP & Port", "a", "b"]
    assert cell_texts(sample_of(memoryview(data[:200]))) == []
