"""Writes workbooks whose sheets are stored unpacked, so that where each one stands is known, and their goldens."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from _writing import HERE

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class Sheet(NamedTuple):
    """A sheet: its rows, what they must give, and the reject of what cannot be read of them."""

    name: str
    rows: list[list[str]]
    events: tuple[dict[str, Any], ...] = ()
    reject: dict[str, Any] | None = None


def _xml(sheet: Sheet) -> str:
    def cell(row: int, column: int, text: str) -> str:
        place = f"{chr(65 + column)}{row}"
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' if text else ""

    rows = "".join(
        f'<row r="{number}">' + "".join(cell(number, at, text) for at, text in enumerate(cells)) + "</row>"
        for number, cells in enumerate(sheet.rows, 1)
    )
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def _parts(sheets: list[Sheet]) -> dict[str, str]:
    listed = list(enumerate(sheets, 1))
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{KIND}.worksheet+xml"/>' for i, _ in listed
    )
    relations = "".join(
        f'<Relationship Id="rId{i}" Type="{REL}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i, _ in listed
    )
    names = "".join(f'<sheet name="{escape(s.name)}" sheetId="{i}" r:id="rId{i}"/>' for i, s in listed)
    return {
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{REL}">'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
        f"{relations}</Relationships>",
        **{f"xl/worksheets/sheet{i}.xml": _xml(sheet) for i, sheet in listed},
    }


def write_book(folder: str, name: str, sheets: list[Sheet], own: dict[str, Any], settings: str = "") -> None:
    """The workbook and its golden. A reject has the bytes of its sheet's header, or all of them without events."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for part, text in _parts(sheets).items():
            archive.writestr(zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0)), text)
        starts = [*sorted(info.header_offset for info in archive.infolist()), archive.start_dir]
    data = stream.getvalue()
    events, rejects, parsed, rejected = [], [], 0, 0
    for (start, end), (number, sheet) in zip(
        zip(starts[-len(sheets) - 1 : -1], starts[-len(sheets) :], strict=True), enumerate(sheets, 1), strict=True
    ):
        cut = start + 30 + len(f"xl/worksheets/sheet{number}.xml") if sheet.reject and sheet.events else start
        cut = end if sheet.reject and not sheet.events else cut
        events += [{"event": {**own, **e, "span_start": cut, "span_end": end}} for e in sheet.events]
        rejects += [{"reject": {"span_start": start, "span_end": cut, **sheet.reject}}] if sheet.reject else []
        parsed += end - cut if sheet.events else 0
        rejected += cut - start
    account = {"bytes_in": len(data), "bytes_parsed": parsed, "bytes_rejected": rejected, "events": len(events)}
    account |= {"bytes_skipped": len(data) - parsed - rejected, "rejects": len(rejects)}
    where = HERE / folder
    where.mkdir(exist_ok=True)
    (where / name).write_bytes(data)
    rows = [json.dumps(row, ensure_ascii=False) + "\n" for row in ({"accounting": account}, *events, *rejects)]
    (where / f"{name}.golden.jsonl").write_text("".join(rows), "utf-8")
    if settings:
        (where / f"{name}.settings.toml").write_text(settings, "utf-8")
