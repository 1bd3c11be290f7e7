"""Exchange message tracking logs: what a mail server did with each message, and from which address it came."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Skip
from parsers.kit.addresses import parse_address
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, line_share
from parsers.kit.tables import csv_rows
from parsers.kit.time import parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Item, Sample, Source, Trust
    from parsers.kit.tables import Row

__all__ = ["FORMATS"]

_DIRECTIVE = "directive"
_FIELDS = "#Fields: "
_LOG_TYPE = b"#Log-type: Message Tracking Log"
_ROW = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z,")
_COLUMNS = {
    "event-id": "event_action",
    "message-id": "message_id",
    "sender-address": "sender",
    "message-subject": "email_subject",
}
_OUTCOMES = {"DELIVER": "success", "SEND": "success", "FAIL": "failure", "BADMAIL": "failure"}
_PEERS = (("client-ip", "source_ip"), ("server-ip", "destination_ip"))
_PLACED = {*_COLUMNS, "date-time", "recipient-address"}


def parse(source: Source) -> Iterator[Item]:
    """Read rows; every ``#Fields`` directive names the columns of the rows after it."""
    fields: list[str] = []
    for row in csv_rows(source, ",", "utf-8"):
        if isinstance(row, Reject):
            yield row
        elif not any(row.cells):
            yield Skip(row.span, BLANK_LINE)
        elif row.cells[0].startswith("#"):
            if row.cells[0].startswith(_FIELDS):
                fields = [row.cells[0].removeprefix(_FIELDS).strip(), *(cell.strip() for cell in row.cells[1:])]
            yield Skip(row.span, _DIRECTIVE)
        else:
            yield _item(row, fields)


def _item(row: Row, fields: list[str]) -> Item:
    if not fields:
        return Reject(row.span, "no #Fields directive before the row names its columns", "unknown_structure")
    if len(row.cells) > len(fields):
        return Reject(row.span, "the row has more columns than #Fields names; which value is which is not certain")
    short = len(row.cells) < len(fields)
    cells = row.cells[:-1] if short else row.cells  # the last cell of a cut row may be cut, too
    said = {name: value for name, value in zip(fields, cells, strict=False) if value}
    if "date-time" not in said:
        return Reject(row.span, "the row does not begin with a time", "truncated" if short else "malformed")
    flags = [*(("truncated",) if short else ()), *(("lossy_text",) if row.lossy else ())]
    return Event(row.span, f"row {row.number}", "email_message", _values(said, flags))


def _values(said: dict[str, str], flags: list[str]) -> dict[str, object]:
    moment = parse_iso(said["date-time"], zoneless="format_rule")
    values = moment.columns("Recorded Time")
    values.update((column, said[name]) for name, column in _COLUMNS.items() if name in said)
    extra: dict[str, object] = {name: value for name, value in said.items() if name not in _PLACED}
    for name, column in _PEERS:
        if address := parse_address(said.get(name, "")):
            values[column] = address.ip
            if address.ip == said[name]:
                del extra[name]
        elif name in said:
            flags.append("invalid_address")
    values["claimed_ips"] = [a.ip] if (a := parse_address(said.get("original-client-ip", ""))) else None
    values["recipients"] = [r for r in said.get("recipient-address", "").split(";") if r] or None
    values["event_outcome"] = _OUTCOMES.get(said.get("event-id", ""))
    values["parse_flags"] = list(dict.fromkeys(flags)) or None
    values["extra"] = extra or None
    return values


def _recognise(sample: Sample) -> int:
    """The directive that names the log, or rows under a #Fields line that has the columns of this log."""
    named = _LOG_TYPE in sample.head or b",internal-message-id,message-id," in sample.head
    share = line_share(sample, lambda line: line.startswith(b"#") or bool(_ROW.match(line)))
    return round(97 * share) if named else 0


_TRUST: Mapping[str, Trust] = MappingProxyType(
    {
        "timestamp": "server_observed",
        "source_ip": "server_observed",
        "destination_ip": "server_observed",
        "claimed_ips": "provider_asserted",
        "message_id": "sender_controlled",
        "email_subject": "sender_controlled",
        "sender": "sender_controlled",
    }
)

FORMATS = (
    Format(
        id="server_log/exchange_tracking",
        version=1,
        title="Exchange message tracking log (2007 and later)",
        framing="whole",
        recognise=_recognise,
        parse=parse,
        event_types=("email_message",),
        tier="source-verified",
        trust=_TRUST,
        skips=MappingProxyType(
            {BLANK_LINE: BLANK_LINE_MEANING, _DIRECTIVE: "a line that begins with #: version, date, names of columns"}
        ),
        references=("Microsoft: Message tracking in Exchange Server (2023), fields of the log",),
        gaps=(
            "Tab-separated logs of Exchange 2003 and earlier, and exports of Get-MessageTrackingLog, are not read.",
            "original-client-ip is what a front-end server stated: often the server that handed over, not the author.",
            "The sender address is the one in the message, not the account that signed in.",
        ),
    ),
)
