"""Writes the message tracking fixtures and their goldens.

Run: ``python sample_data/formats/server_log/exchange_tracking/make.py``. Everything is invented; the goldens follow
from what is written here and from nothing else.
"""

# ruff: noqa: D102, E501 - long literal lines

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OLD = (
    "date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,"
    "internal-message-id,message-id,recipient-address,recipient-status,total-bytes,recipient-count,"
    "related-recipient-address,reference,message-subject,sender-address,return-path,message-info"
)
NEW = (
    "date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,"
    "internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,"
    "related-recipient-address,reference,message-subject,sender-address,return-path,message-info,directionality,"
    "tenant-id,original-client-ip,original-server-ip,custom-data,transport-traffic-type,log-id,schema-version"
)
COLUMNS = {
    "event-id": "event_action",
    "message-id": "message_id",
    "sender-address": "sender",
    "message-subject": "email_subject",
}


def quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if "," in value or '"' in value else value


class Log:
    """Collects lines; `fields` are those of the last directive."""

    def __init__(self, name: str) -> None:
        self.name, self.data, self.row = name, b"", 0
        self.fields: list[str] = []
        self.rows: list[dict[str, Any]] = []
        self.sizes = {"bytes_parsed": 0, "bytes_rejected": 0, "bytes_skipped": 0}

    def put(self, text: str, kind: str) -> dict[str, int]:
        raw = text.encode() + b"\r\n"
        span = {"span_start": len(self.data), "span_end": len(self.data) + len(raw)}
        self.data += raw
        self.row += 1
        self.sizes[f"bytes_{kind}"] += len(raw)
        return span

    def head(self, fields: str) -> None:
        self.fields = fields.split(",")
        for line in ("#Software: Microsoft Exchange Server", "#Version: 15.01.2507.006", "#Log-type: Message Tracking Log",
                     "#Date: 2026-03-01T10:00:00.000Z", f"#Fields: {fields}"):  # fmt: skip
            self.put(line, "skipped")

    def event(self, said: dict[str, str], more: dict[str, Any], *, cut: int = 0) -> None:
        """A row. `more` holds the columns that do not follow from one field; `cut` fields are missing at its end."""
        cells = [quoted(said.get(name, "")) for name in self.fields]
        placed = {*COLUMNS, "date-time", "recipient-address", *more.pop("placed", ())}
        event: dict[str, Any] = {"event_type": "email_message", "timestamp": said["date-time"].replace("Z", "000Z"),
                                 "timestamp_raw": said["date-time"]}  # fmt: skip
        event |= {column: said[name] for name, column in COLUMNS.items() if name in said}
        if "recipient-address" in said:
            event["recipients"] = said["recipient-address"].split(";")
        extra = {name: value for name, value in said.items() if name not in placed}
        event["extra"] = json.dumps(extra, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        text = ",".join(cells[: len(cells) - cut])
        locator = f"row {self.row + 1}"
        self.rows.append({"event": event | more | self.put(text, "parsed") | {"locator": locator}})

    def reject(self, text: str, kind: str) -> None:
        self.rows.append({"reject": self.put(text, "rejected") | {"kind": kind}})

    def save(self) -> None:
        (HERE / self.name).write_bytes(self.data)
        events = sum("event" in row for row in self.rows)
        account = {"bytes_in": len(self.data), "events": events, "rejects": len(self.rows) - events, **self.sizes}
        rows = [{"accounting": account}, *(r for r in self.rows if "event" in r), *(r for r in self.rows if "reject" in r)]
        text = "".join(json.dumps(row, sort_keys=True, ensure_ascii=True) + "\n" for row in rows)
        (HERE / f"{self.name}.golden.jsonl").write_text(text)


BOTH = ("client-ip", "server-ip")


def main() -> None:
    log = Log("MSGTRK2026030110-1.LOG")
    log.head(NEW)
    base = {"internal-message-id": "7301", "message-id": "<m1@mail.example.org>", "network-message-id": "00000000-0000-4000-8000-000000000001",
            "sender-address": "pier@example.org", "recipient-address": "ada@example.com;lena@example.com",
            "message-subject": 'where, "exactly", were you', "recipient-count": "2", "total-bytes": "4321", "directionality": "Incoming"}  # fmt: skip
    peers = {"source_ip": "198.51.100.7", "destination_ip": "192.0.2.25"}
    received = {"date-time": "2026-03-01T10:00:00.123Z", "client-ip": "198.51.100.7", "client-hostname": "mail.example.org",
                "server-ip": "192.0.2.25", "server-hostname": "EX1", "source": "SMTP", "event-id": "RECEIVE",
                "connector-id": "EX1\\Default Frontend EX1", "original-client-ip": "203.0.113.57", **base}  # fmt: skip
    log.event(received, peers | {"placed": BOTH, "claimed_ips": ["203.0.113.57"]})
    log.event({"date-time": "2026-03-01T10:00:01.500Z", "client-ip": "fe80::5efe:c000:219%12", "server-hostname": "EX1",
               "source": "STOREDRIVER", "event-id": "DELIVER", **base},
              {"source_ip": "fe80::5efe:c000:219", "event_outcome": "success"})  # fmt: skip
    log.event({"date-time": "2026-03-01T10:00:02.000Z", "client-ip": "unknown", "source": "DSN", "event-id": "FAIL",
               "recipient-status": "[{LED=550 5.1.1 user unknown}]", **base},
              {"event_outcome": "failure", "parse_flags": ["invalid_address"]})  # fmt: skip
    log.event({"date-time": "2026-03-01T10:00:03.000Z", "source": "ROUTING", "event-id": "DEFER", **base}, {})
    text = "2026-03-01T10:00:04.000Z" + "," * len(log.fields) + "x"
    log.reject(text, "malformed")
    log.put("", "skipped")
    # the server was upgraded the other way round: another set of columns in the same file
    log.head(OLD)
    old = {name: value for name, value in received.items() if name in OLD.split(",")} | {"date-time": "2026-03-01T10:05:00.000Z"}
    log.event(old, peers | {"placed": BOTH})
    log.event(old | {"event-id": "SEND"}, peers | {"placed": BOTH, "event_outcome": "success"})
    cut = {name: value for name, value in old.items() if name not in {"sender-address", "message-subject"}}
    log.event(cut, peers | {"placed": BOTH, "parse_flags": ["truncated"]}, cut=3)
    log.reject("2026-03-01T1", "truncated")
    log.save()


main()
