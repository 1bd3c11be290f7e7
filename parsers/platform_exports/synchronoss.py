"""Messages of a telephone in Synchronoss Personal Cloud (Verizon Cloud): a table (CSV) a day.

Who sent stands in the row as a number; names are not in the table.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Sample, Source
from parsers.kit.tables import csv_rows
from parsers.platform_exports._dated_tables import settled
from parsers.platform_exports._sms_records import account_of, plain_number
from parsers.platform_exports._titled_rows import (
    TITLE_SKIPS,
    Draft,
    Table,
    first_header,
    opening,
    read_tables,
    title_score,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from parsers.contract import Item

__all__ = ["FORMATS", "TABLES"]

_WAYS = MappingProxyType(
    {
        **dict.fromkeys(("in", "incoming", "received", "inbound"), "received"),
        **dict.fromkeys(("out", "outgoing", "sent", "outbound"), "sent"),
    }
)
_DESC = MappingProxyType({"received": "Received Time", "sent": "Sent Time"})
_LIST = re.compile(r"[;,|] ?")
_SNIFF = 1 << 16


def _message(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """Sender and recipients by their numbers; the word on direction is kept as the action."""
    sender, written = cells.get("sender"), cells.get("direction", "").strip().casefold()
    receivers = [number for number in _LIST.split(cells.get("recipients", "").strip()) if number]
    action = _WAYS.get(written, written or None)
    files = [name.strip() for name in _LIST.split(cells.get("attachments", "")) if name.strip()]
    everybody = sorted({plain_number(number) for number in (*receivers, *([sender] if sender else []))})
    own = draft.values.get("parse_flags")
    flags = {*(own if isinstance(own, list) else []), *(() if sender or action == "sent" else ("direction_unknown",))}
    desc = _DESC.get(action or "")
    timed = {"timestamp_desc": desc} if desc and draft.values.get("timestamp_raw") else {}
    values = {
        **draft.values,
        **timed,
        "event_action": action,
        "sender": sender,
        "account_login": None,
        **account_of(sender),
        "recipients": receivers or None,
        "target_account_id": plain_number(receivers[0]) if len(receivers) == 1 else None,
        "thread_id": ",".join(everybody) or None,
        "message_type": cells.get("type", "").strip().casefold() or None,
        "attachment_names": files or None,
        "parse_flags": sorted(flags) or None,
    }
    return (Draft("call" if "call" in str(values["message_type"]) else "message", values, draft.text),)


TABLES = (
    Table(
        event_type="message",
        desc="Recorded Time",
        required=frozenset({"date", "type", "direction", "sender", "recipients"}),
        fields={
            "date": "time",
            "sender": "sender",
            "recipients": "recipients",
            "body": "text",
            "attachments": "attachment",
            "messageid": "message_id",
            "type": "message_type",
            "direction": "event_action",
        },
        finish=_message,
    ),
)


def recognise(sample: Sample) -> int:
    """The titles of the first line."""
    return title_score(sample, TABLES)


def parse(source: Source) -> Iterator[Item]:
    """Every row; numeric dates are read as the whole file settles."""
    text, encoding = opening(bytes(source.view[:_SNIFF]))
    found = first_header(text, TABLES)
    rows = csv_rows(source, found[0] if found else ",", encoding)
    yield from read_tables(source, settled(rows, TABLES, source.settings.date_order), "sms")


FORMATS = (
    Format(
        id="platform/synchronoss",
        version=2,
        title="Synchronoss / Verizon Cloud messages (CSV)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("message", "call"),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "sender": "provider_asserted",
                "recipients": "provider_asserted",
                "account_id": "provider_asserted",
                "attachment_names": "sender_controlled",
            }
        ),
        skips=TITLE_SKIPS,
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Synchronoss artifact module (column titles)",
        ),
        gaps=(
            "No real file was at hand: titles come from the source named, the spelling of dates is not known from it.",
            "Times without a zone are widened unless the case states one.",
            "The table is what a telephone uploaded: the service vouches for what it holds, not for what was sent.",
            "Attachments are names; their files stand beside the table.",
        ),
    ),
)
