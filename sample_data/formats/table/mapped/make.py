"""Writes the fixtures of the mapped table and their goldens. Everything is invented.

Run: ``python sample_data/formats/table/mapped/make.py``.
"""

# ruff: noqa: E501, D102, Q003 - long literal records

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

HERE = Path(__file__).parent


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def write(name: str, data: bytes, column_map: str, rows: list[dict[str, object]], settings: str = "") -> None:
    (HERE / name).write_bytes(data)
    (HERE / f"{name}.map.toml").write_text(column_map)
    if settings:
        (HERE / f"{name}.settings.toml").write_text(settings)
    (HERE / f"{name}.golden.jsonl").write_text("".join(canonical(row) + "\n" for row in rows))


class Text:
    """Records of a delimited text, with what each must be read as."""

    def __init__(self, encoding: str = "utf-8", bom: bytes = b"") -> None:
        self.encoding, self.data, self.bom = encoding, bom, len(bom)
        self.events: list[dict[str, object]] = []
        self.rejects: list[dict[str, object]] = []
        self.count = {"bytes_parsed": 0, "bytes_rejected": 0, "bytes_skipped": 0}
        self.number = 0

    def _add(self, record: str, share: str) -> dict[str, object]:
        raw = record.encode(self.encoding)
        start = 0 if len(self.data) == self.bom else len(self.data)  # the mark belongs to the first record
        self.data += raw
        self.number += 1
        self.count[share] += len(self.data) - start
        return {"span_start": start, "span_end": len(self.data)}

    def skip(self, record: str) -> None:
        self._add(record, "bytes_skipped")

    def reject(self, record: str, kind: str) -> None:
        self.rejects.append({**self._add(record, "bytes_rejected"), "kind": kind})

    def event(self, record: str, event_type: str, extra: dict[str, object] | None = None, **columns: object) -> None:
        span = self._add(record, "bytes_parsed")
        found = {"extra": canonical(extra)} if extra else {}
        self.events.append({**span, "locator": f"row {self.number}", "event_type": event_type, **columns, **found})

    def golden(self) -> list[dict[str, object]]:
        figures = {"bytes_in": len(self.data), **self.count, "events": len(self.events), "rejects": len(self.rejects)}
        return [{"accounting": figures}, *({"event": e} for e in self.events), *({"reject": r} for r in self.rejects)]


LEASES = """\
title = "Harbour Fibre subscriber answer"
event_type = "lease"
platform = "harbourfibre"

[columns]
timestamp = "Start (UTC)"
timestamp_end = "End (UTC)"
source_ip = "public ip"
source_port = "Port from"
account_login = "User"

[time]
format = "iso"
zone = "UTC"

[identifiers]
subscriber = "Contract"
recovery_phone = "Contact no"

[constants]
event_action = "assigned"
"""


def leases() -> None:
    table = Text(bom=b"\xef\xbb\xbf")
    table.skip("Harbour Fibre - answer to request 2026/17\r\n")
    table.skip("\r\n")
    table.skip("Contract,User,Public IP,Port from,Port to,Start (UTC),End (UTC),Contact no,Remark\r\n")
    base: dict[str, object] = {"account_platform": "harbourfibre", "event_action": "assigned"}
    source = {"source": "Harbour Fibre subscriber answer"}

    def who(login: str, contract: str, phone: str | None = None) -> dict[str, object]:
        found = [{"type": "subscriber", "value": contract, "raw": contract}]
        found += [{"type": "recovery_phone", "value": phone, "raw": phone}] if phone else []
        return {**base, "account_login": login, "identifiers": found}

    def start(raw: str, utc: str, end: str | None = None) -> dict[str, object]:
        out = {"timestamp_raw": raw, "timestamp": utc + ".000000Z"}
        return out | ({"timestamp_end": end + ".000000Z"} if end else {})

    table.event(
        "HF-1001,jordan@example.net,203.0.113.20,50000,50999,2026-03-01 10:00:00,2026-03-01 11:00:00,+44 20 7946 0000,\r\n",
        "lease", {**source, "Port to": "50999"}, **who("jordan@example.net", "HF-1001", "+44 20 7946 0000"),
        source_ip="203.0.113.20", source_port=50000, **start("2026-03-01 10:00:00", "2026-03-01T10:00:00", "2026-03-01T11:00:00"),
    )  # fmt: skip
    table.event(
        'HF-1002,"O""Neil, Pat",[2001:db8::20]:443,,,2026-03-01T10:00:00+01:00,,-,"moved\r\nin March"\r\n',
        "lease", {**source, "Remark": "moved\r\nin March"}, **who('O"Neil, Pat', "HF-1002"),
        source_ip="2001:db8::20", source_port=443, **start("2026-03-01T10:00:00+01:00", "2026-03-01T09:00:00"),
    )  # fmt: skip
    table.skip(",,,,,,,,\r\n")
    table.event(
        'HF-1003,=cmd|\'/C calc\'!A0,cgn-17.example.net,99999,,not known,later,,"5"" disk"\r\n',
        "lease", {**source, "Public IP": "cgn-17.example.net", "Port from": "99999", "End (UTC)": "later", "Remark": '5" disk'},
        **who("=cmd|'/C calc'!A0", "HF-1003"), timestamp_raw="not known", parse_flags=["invalid_address"],
    )  # fmt: skip
    table.event(
        'HF-1004,kim 5" disk,::ffff:198.51.100.4\r\n',
        "lease", source, **who('kim 5" disk', "HF-1004"), source_ip="198.51.100.4", parse_flags=["v4_mapped"],
    )  # fmt: skip
    table.skip("Contract,User,Public IP,Port from,Port to,Start (UTC),End (UTC),Contact no,Remark\r\n")
    table.reject('HF-1005,"never closed,198.51.100.5,,,2026-03-01 12:00:00,,,\r\n', "malformed")
    table.event(
        "HF-1006,sam,198.51.100.6,1,2,2026-03-01 12:00:00,,,,more,than titles\r\n",
        "lease", {**source, "Port to": "2", "column 10": "more", "column 11": "than titles"}, **who("sam", "HF-1006"),
        source_ip="198.51.100.6", source_port=1, **start("2026-03-01 12:00:00", "2026-03-01T12:00:00"),
    )  # fmt: skip
    table.event(
        "HF-1007,ale,198.51.100.7,,,2026-03-01 13:00,,,",
        "lease", source, **who("ale", "HF-1007"), source_ip="198.51.100.7", **start("2026-03-01 13:00", "2026-03-01T13:00:00"),
    )  # fmt: skip
    write("leases.csv", table.data, LEASES, table.golden())


AUDIT = """\
event_type_column = "Aktion"
platform = "forum"
encoding = "windows-1252"
delimiter = ";"
nulls = ["", "(keine)"]

[event_types]
Anmeldung = "authentication"
Abmeldung = "logout"
Nachricht = "message"

[columns]
timestamp = ["Datum", "Uhrzeit"]
source_ip = "IP"
account_login = "Benutzer"
event_outcome = "Ergebnis"
event_action = "Aktion"
text = "Inhalt"
claimed_ips = "Weitergeleitet"

[time]
format = "dd.mm.yyyy HH:MM:SS"

[values.event_outcome]
OK = "success"
Fehler = "failure"
"""


def audit() -> None:
    table = Text("cp1252")
    table.skip("Datum;Uhrzeit;Aktion;Benutzer;IP;Ergebnis;Inhalt;Weitergeleitet\n")
    base: dict[str, object] = {"account_platform": "forum"}
    table.event("01.03.2026;10:00:00;Anmeldung;Jürgen;192.0.2.1;ok;;198.51.100.1, 203.0.113.1\n", "authentication", **base,
                event_action="Anmeldung", account_login="Jürgen", source_ip="192.0.2.1", event_outcome="success",
                claimed_ips=["198.51.100.1", "203.0.113.1"], timestamp_raw="01.03.2026 10:00:00", timestamp="2026-03-01T09:00:00.000000Z")  # fmt: skip
    table.event("25.10.2026;02:30:00;Anmeldung;-;192.0.2.2;gesperrt;(keine);unknown\n", "authentication",
                {"Ergebnis": "gesperrt", "Weitergeleitet": "unknown"}, **base, event_action="Anmeldung", account_login="-", source_ip="192.0.2.2", text="(keine)",
                timestamp_raw="25.10.2026 02:30:00", timestamp="2026-10-25T00:30:00.000000Z", timestamp_latest="2026-10-25T01:30:00.999999Z",
                parse_flags=["dst_fold", "invalid_address"])  # fmt: skip
    table.event("1.3.2026;7:05:09;Nachricht;Jürgen;192.0.2.1;OK;\" ich weiß;\nwo du wohnst \";\n", "message", **base, event_action="Nachricht",
                account_login="Jürgen", source_ip="192.0.2.1", event_outcome="success", text=" ich weiß;\nwo du wohnst ",
                timestamp_raw="1.3.2026 7:05:09", timestamp="2026-03-01T06:05:09.000000Z")  # fmt: skip
    table.event("31.02.2026;10:00:00;Sonstiges;Eva;;Fehler;;\n", "record", **base, event_action="Sonstiges", account_login="Eva",
                event_outcome="failure", timestamp_raw="31.02.2026 10:00:00")  # fmt: skip
    write("audit.csv", table.data, AUDIT, table.golden(), 'timezone = "Europe/Berlin"\n')


WIDE = """\
event_type = "session"
[columns]
timestamp = "epoch"
source_ip = "ip"
device_id = "device"
[time]
format = "epoch_ms"
"""


def wide() -> None:
    table = Text("utf-16-le", b"\xff\xfe")
    table.skip("epoch\tip\tdevice\tcity\r\n")
    table.event("1772359200123\t192.0.2.1\tĊ-1\t\u010a\u0a0d\r\n", "session", {"city": "\u010a\u0a0d"}, source_ip="192.0.2.1", device_id="Ċ-1",
                timestamp_raw="1772359200123", timestamp="2026-03-01T10:00:00.123000Z")  # fmt: skip
    table.event("0\t192.0.2.2\tb\t\r\n", "session", source_ip="192.0.2.2", device_id="b", timestamp_raw="0")
    table.event("2026-03-01T10:00:01Z\t192.0.2.3\tc\t", "session", source_ip="192.0.2.3", device_id="c",
                timestamp_raw="2026-03-01T10:00:01Z", timestamp="2026-03-01T10:00:01.000000Z")  # fmt: skip
    write("sessions_utf16.tsv", table.data, WIDE, table.golden())


def drifted() -> None:
    """The provider renamed a column since the map was written."""
    table = Text()
    table.reject("when|address|login\n", "unknown_structure")
    table.event("2026-03-01T10:00:00Z|192.0.2.1|jordan\n", "record", {"address": "192.0.2.1"}, account_login="jordan",
                timestamp_raw="2026-03-01T10:00:00Z", timestamp="2026-03-01T10:00:00.000000Z")  # fmt: skip
    table.event("2026-03-01T10:00:01Z|192.0.2.1|kim\n", "record", {"address": "192.0.2.1"}, account_login="kim",
                timestamp_raw="2026-03-01T10:00:01Z", timestamp="2026-03-01T10:00:01.000000Z")  # fmt: skip
    column_map = '[columns]\ntimestamp = "when"\nsource_ip = "ip"\naccount_login = "login"\n'
    write("drifted.txt", table.data, column_map, table.golden())


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def cell(reference: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):  # (formula, shown value or None)
        shown = f"<v>{value[1]}</v>" if value[1] is not None else ""
        return f'<c r="{reference}" t="str"><f>{value[0]}</f>{shown}</c>'
    if isinstance(value, float):  # a date: days since 1899-12-30
        return f'<c r="{reference}" s="1"><v>{value}</v></c>'
    if isinstance(value, int):
        return f'<c r="{reference}"><v>{value}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


def sheet(rows: dict[int, list[object]]) -> str:
    body = "".join(
        f'<row r="{n}">' + "".join(cell(f"{chr(65 + i)}{n}", v) for i, v in enumerate(values)) + "</row>"
        for n, values in rows.items()
    )
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{body}</sheetData></worksheet>'


def workbook() -> None:
    names = ["Cover", "Sessions", "Empty"]
    contents = [
        sheet({1: ["Answer to request"], 2: ["printed on", 46082.5]}),
        sheet({
            2: ["When", "IP", "User", "Phone", "Note"],
            3: [46082.4166666667, "192.0.2.1", "jordan", 442079460000, ("HYPERLINK(1)", "link")],
            5: [46082.5, "192.0.2.2:50000", "=1+1", None, ("1+1", None)],
        }),
        sheet({}),
    ]  # fmt: skip
    parts = {
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
        + "".join(f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{TYPE}.worksheet+xml"/>' for i in (1, 2, 3))
        + "</Types>",
        "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
        + "".join(f'<sheet name="{n}" sheetId="{i}" r:id="rId{i}"/>' for i, n in enumerate(names, 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(f'<Relationship Id="rId{i}" Type="{REL}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in (1, 2, 3))
        + f'<Relationship Id="rId9" Type="{REL}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<?xml version="1.0"?><styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
        **{f"xl/worksheets/sheet{i}.xml": text for i, text in enumerate(contents, 1)},
    }  # fmt: skip
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
        starts = {info.filename: info.header_offset for info in archive.infolist()}
        directory = archive.start_dir
    data = stream.getvalue()
    first, second, third = (starts[f"xl/worksheets/sheet{i}.xml"] for i in (1, 2, 3))
    span = {"span_start": second, "span_end": third, "event_type": "authentication", "account_platform": "forum"}
    shared = {"source": "Forum answer"}
    rows: list[dict[str, object]] = [
        {"accounting": {"bytes_in": len(data), "bytes_parsed": third - second, "bytes_rejected": second - first,
                        "bytes_skipped": first + len(data) - third, "events": 2, "rejects": 1}},
        {"event": {**span, "locator": "Sessions!row 3", "source_ip": "192.0.2.1", "account_login": "jordan",
                   "timestamp_raw": "2026-03-01 10:00:00", "timestamp": "2026-03-01T10:00:00.000000Z",
                   "identifiers": [{"type": "phone", "value": "442079460000", "raw": "442079460000"}],
                   "extra": canonical({**shared, "Note": "link"})}},
        {"event": {**span, "locator": "Sessions!row 5", "source_ip": "192.0.2.2", "source_port": 50000, "account_login": "=1+1",
                   "timestamp_raw": "2026-03-01 12:00:00", "timestamp": "2026-03-01T12:00:00.000000Z",
                   "extra": canonical({**shared, "Note": "=1+1"})}},
        {"reject": {"span_start": first, "span_end": second, "kind": "unknown_structure"}},
    ]  # fmt: skip
    assert directory > third  # noqa: S101 - the archive's directory stands last
    column_map = (
        'title = "Forum answer"\nevent_type = "authentication"\nplatform = "forum"\n[columns]\ntimestamp = "when"\n'
        'source_ip = "ip"\naccount_login = "user"\n[time]\nzone = "UTC"\n[identifiers]\nphone = "phone"\n'
    )
    write("answer.xlsx", data, column_map, rows)


def main() -> None:
    leases()
    audit()
    wide()
    drifted()
    workbook()


if __name__ == "__main__":
    main()
