"""Writes the fixtures of TikTok returns (workbook, PDF). Run it here: ``python make_tiktok_return.py``."""

from __future__ import annotations

import json
import zipfile
import zlib
from typing import Any, NamedTuple

from _writing import HERE, extra, ident, when

T = 1767261600  # 2026-01-01T10:00:00Z
FOLDER = HERE / "tiktok_return"
OWN = {"account_platform": "tiktok"}
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="xl/workbook.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="IP Data" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": "<Relationships "
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Target="worksheets/sheet1.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>',
}


def sheet(rows: list[list[str]]) -> str:
    """A worksheet with its texts inline."""
    cells = [
        "".join(
            f'<c r="{"ABCDE"[i]}{n}" t="inlineStr"><is><t>{cell}</t></is></c>' for i, cell in enumerate(row) if cell
        )
        for n, row in enumerate(rows, 1)
    ]
    body = "".join(f'<row r="{n}">{row}</row>' for n, row in enumerate(cells, 1))
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return f"{start}<sheetData>{body}</sheetData></worksheet>"


def golden(name: str, data: bytes, events: list[dict[str, Any]], rejects: list[dict[str, Any]]) -> None:
    """The fixture and what it must give; bytes under events and rejects are counted once."""
    (FOLDER / name).write_bytes(data)
    size = lambda rows: sum(b - a for a, b in {(r["span_start"], r["span_end"]) for r in rows})  # noqa: E731
    parsed, rejected = size(events), size(rejects)
    account = {"bytes_in": len(data), "bytes_parsed": parsed, "bytes_rejected": rejected}
    account |= {"bytes_skipped": len(data) - parsed - rejected, "events": len(events), "rejects": len(rejects)}
    rows = [{"accounting": account}, *({"event": {**OWN, **e}} for e in events), *({"reject": r} for r in rejects)]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (FOLDER / f"{name}.golden.jsonl").write_text(text, "utf-8")


def workbook(name: str, rows: list[list[str]], events: list[dict[str, Any]]) -> None:
    path = FOLDER / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in {**PARTS, "xl/worksheets/sheet1.xml": sheet(rows)}.items():
            archive.writestr(zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(path) as archive:
        start, end = archive.getinfo("xl/worksheets/sheet1.xml").header_offset, archive.start_dir
    golden(name, path.read_bytes(), [{**e, "span_start": start, "span_end": end} for e in events], [])


def workbooks() -> None:
    titles = ["Time (UTC)", "Active Start", "IP", "Country"]
    rows = [
        titles,
        ["2026-01-01 10:00:00", "2026-01-01 09:00:00", "203.0.113.5", "DE"],
        ["2026-01-01 10:00:01", "", "203.0.113.x", "DE"],
        ["", "", "2001:db8::5", ""],
    ]
    base = {"event_type": "session", "event_action": "active"}
    first = {**base, "locator": "IP Data!row 2", **when(T, "Recorded Time", rows[1][0], "format_rule")}
    first |= {"source_ip": "203.0.113.5", "extra": extra(**{"Active Start": "2026-01-01 09:00:00", "Country": "DE"})}
    second = {**base, "locator": "IP Data!row 3", **when(T + 1, "Recorded Time", rows[2][0], "format_rule")}
    second |= {"parse_flags": ["invalid_address"], "extra": extra(Country="DE", IP="203.0.113.x")}
    third = {**base, "locator": "IP Data!row 4", "source_ip": "2001:db8::5"}
    workbook("ip_data.xlsx", rows, [first, second, third])
    moved = [["Note", "Country", "IP Address", "Active Start", "Time"]]
    moved += [["n", "DE", "203.0.113.5", "", "2026-01-01 10:00:00"]]
    event = {**base, "locator": "IP Data!row 2", **when(T, "Recorded Time", moved[1][4], "assumed")}
    event |= {"source_ip": "203.0.113.5"}
    event |= {"extra": extra(Country="DE", Note="n", columns_unknown=["Note"])}
    workbook("moved.xlsx", moved, [event])


class Made(NamedTuple):
    """A PDF, and the bytes of each page's content."""

    data: bytes
    pages: list[tuple[int, int]]


def pdf(pages: list[list[str]], *, packed: bool) -> Made:
    """A PDF with one content stream and one font; its lines stand below each other."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    bodies: list[bytes] = [text.encode("latin-1") for text in objects]
    for n, lines in enumerate(pages):
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * n} 0 R "
        bodies.append((page + "/Resources << /Font << /F1 3 0 R >> >> >>").encode())
        shown = "".join(f"1 0 0 1 50 {800 - 14 * i} Tm ({escaped(line)}) Tj\n" for i, line in enumerate(lines))
        raw = f"BT /F1 10 Tf\n{shown}ET\n".encode("latin-1")
        raw, how = (zlib.compress(raw, 9), " /Filter /FlateDecode") if packed else (raw, "")
        bodies.append(f"<< /Length {len(raw)}{how} >>\nstream\n".encode() + raw + b"\nendstream")
    data, starts, ends = b"%PDF-1.4\n", [], []
    for number, body in enumerate(bodies, 1):
        starts.append(len(data))
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj"
        ends.append(len(data))
        data += b"\n"
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    end = f"xref\n0 {len(starts) + 1}\n0000000000 65535 f \n{table}trailer\n"
    end += f"<< /Size {len(starts) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    spans = [*zip(starts, ends, strict=True)]
    return Made(data + end.encode(), [spans[4 + 2 * n] for n in range(len(pages))])


def escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def written(second: int) -> str:
    return f"01/02/2026 10:00:{second:02d}AM (UTC +00)"


def block(second: int, address: str, event: str = "login") -> list[str]:
    return [f"Date: {written(second)}", f"IP: {address}", f"Event: {event}", "Country: DE"]


def login(page: str, number: int, second: int, address: str | None, span: tuple[int, int]) -> dict[str, Any]:
    at = T + 31 * 86400 + second  # 2026-02-01: the day stands first
    event = {"event_type": "authentication", "event_action": "login", "locator": f"page {page} record {number}"}
    event |= {**when(at, "Event Time", written(second), "in_value"), "extra": extra(Country="DE")}
    event |= {"source_ip": address} if address else {}
    return event | {"span_start": span[0], "span_end": span[1]}


def events_pdf() -> None:
    """Records below each other, one over a page break, and a page on which they cannot be told apart."""
    first = [
        "TikTok",
        "Events IP Data",
        *block(1, "203.0.113.5"),
        *block(2, "2001:db8::5"),
        *block(3, "203.0.113.7")[:2],
    ]
    second = ["Event: login", "Country: DE", *block(4, "203.0.113.300"), "Page 2 of 4"]
    third = [*block(5, "203.0.113.9"), *block(6, "203.0.113.10")[:1], *block(7, "203.0.113.11"), "Page 3 of 4"]
    fourth = [*block(8, "203.0.113.12", "logout"), "Page 4 of 4"]
    made = pdf([first, second, third, fourth], packed=True)
    spans = made.pages
    rows = [login("1", 1, 1, "203.0.113.5", spans[0]), login("1", 2, 2, "2001:db8::5", spans[0])]
    rows.append(login("1 to 2", 3, 3, "203.0.113.7", spans[0]) | {"parse_flags": ["joined_at_page_break"]})
    bad = login("2", 1, 4, None, spans[1]) | {"parse_flags": ["invalid_address"]}
    rows += [bad | {"extra": extra(Country="DE", IP="203.0.113.300")}]
    rows.append(login("4", 1, 8, "203.0.113.12", spans[3]) | {"event_type": "logout", "event_action": "logout"})
    reason = "page 3: a time and an address cannot be paired with certainty; nothing of the page is read"
    reject = {"span_start": spans[2][0], "span_end": spans[2][1], "kind": "malformed", "reason": reason}
    golden("events_ip_data.pdf", made.data, rows, [reject])


def subscriber_pdf() -> None:
    lines = ["TikTok", "Subscriber information", "Username: tern_h", "Registration Method: email"]
    lines += ["Registration Date: 01/02/2026 10:00:00AM (UTC +00)", "Registration IP: 203.0.113.5"]
    lines += ["Registration Device Info: Pixel 9, Android 16", "Phone: +12025550143", "Account tier: none"]
    made = pdf([lines], packed=False)
    span = {"span_start": made.pages[0][0], "span_end": made.pages[0][1]}
    profile = {"event_type": "account_profile", "event_action": "subscriber", "locator": "page 1", **span}
    profile |= {"account_login": "tern_h", "identifiers": [ident("username", "tern_h"), ident("phone", "+12025550143")]}
    profile["extra"] = extra(lines_unknown=["Account tier: none"])
    created = {"event_type": "account_created", "event_action": "registration", "locator": "page 1", **span}
    created |= {"account_login": "tern_h", "source_ip": "203.0.113.5"}
    created |= when(T + 31 * 86400, "Creation Time", "01/02/2026 10:00:00AM (UTC +00)", "in_value")
    kept = {"Registration Method": "email", "Registration Device Info": "Pixel 9, Android 16"}
    golden("subscriber_information.pdf", made.data, [profile, created | {"extra": extra(**kept)}], [])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    workbooks()
    events_pdf()
    subscriber_pdf()
