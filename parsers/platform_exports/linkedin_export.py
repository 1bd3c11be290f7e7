"""LinkedIn: the tables (CSV) of a member's data export.

Members are told apart by the name in their profile's address (``/in/NAME``), never by the name shown. Times without
a zone are what the export wrote for an unknown place: the case may state the zone, else the time is widened.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Reject, Sample, Skip, Source
from parsers.kit.lines import BLANK_LINE
from parsers.kit.tables import csv_rows
from parsers.platform_exports._dated_tables import settled
from parsers.platform_exports._titled_rows import (
    TITLE_SKIPS,
    Draft,
    Header,
    Table,
    first_header,
    header_item,
    header_of,
    opening,
    row_items,
    title_score,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from parsers.contract import Item
    from parsers.kit.tables import Row

__all__ = ["FORMATS", "TABLES"]

_PREAMBLE = "notes above the table"
_NOTES = "notes:"
_SNIFF = 1 << 16
_PROFILE = re.compile(r"/in/([^/?#\s]{1,200})")
_LINKS = re.compile(r"[,;] ?(?=https?:)")


def _name(url: str) -> str:
    """The name in a profile's address; the address when it has none."""
    match = _PROFILE.search(url[:400])
    return match[1] if match else url.strip()


def _message(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """Sender and recipients by their profiles; by the names shown only where no profile is stated."""
    values, sender, receivers = dict(draft.values), cells.get("senderprofileurl"), cells.get("recipientprofileurls")
    values["account_display_name"] = cells.get("from")
    values["account_login"] = _name(sender) if sender else None
    values["sender"] = values["account_login"] or cells.get("from")
    if receivers:
        names = [_name(url) for url in _LINKS.split(receivers) if url]
        values["recipients"] = names
        values["target_account_login"] = names[0] if len(names) == 1 else None
    elif cells.get("to"):
        values["recipients"] = [cells["to"]]
    is_draft = "yes" in {cells.get(key, "").strip().casefold() for key in ("ismessagedraft", "isconversationdraft")}
    values["message_type"] = "draft" if is_draft else None
    return (Draft(draft.event_type, values, draft.text),)


def _invitation(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """Who invited whom, by their profiles; the word on direction is kept as the action."""
    inviter, invitee = cells.get("inviterprofileurl"), cells.get("inviteeprofileurl")
    values = {
        **draft.values,
        "event_action": f"invitation_{draft.values['event_action']}".casefold(),
        "account_login": _name(inviter) if inviter else None,
        "account_display_name": cells.get("from"),
        "target_account_login": _name(invitee) if invitee else None,
    }
    return (Draft(draft.event_type, values, draft.text),)


def _connection(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """The other member; an address stated there is theirs, not the account's, and stays with the row."""
    url = cells.get("url")
    return (Draft(draft.event_type, {**draft.values, "target_account_login": _name(url) if url else None}),)


TABLES = (
    Table(
        event_type="message",
        action="message",
        desc="Sent Time",
        required=frozenset({"conversationid", "from", "to", "date", "content"}),
        fields={
            "conversationid": "thread_id",
            "date": "time",
            "content": "text",
            "attachments": "attachment",
            **dict.fromkeys(("from", "to", "senderprofileurl", "recipientprofileurls"), "kept"),
            **dict.fromkeys(("conversationtitle", "subject", "folder", "ismessagedraft"), "kept"),
            **dict.fromkeys(("isconversationdraft",), "kept"),
        },
        finish=_message,
    ),
    Table(
        event_type="follow_request",
        action="unstated",
        desc="Sent Time",
        required=frozenset({"from", "to", "sentat", "direction"}),
        fields={
            "sentat": "time",
            "message": "text",
            "direction": "event_action",
            **dict.fromkeys(("from", "to", "inviterprofileurl", "inviteeprofileurl"), "kept"),
        },
        finish=_invitation,
    ),
    Table(
        event_type="authentication",
        action="login",
        desc="Login Time",
        required=frozenset({"logindate", "ipaddress"}),
        fields={"logindate": "time", "ipaddress": "ip", "useragent": "user_agent_original", "logintype": "kept"},
    ),
    Table(
        event_type="relationship",
        action="connection",
        desc="Connection Time",
        required=frozenset({"firstname", "lastname", "connectedon"}),
        fields={
            "connectedon": "time",
            **dict.fromkeys(("firstname", "lastname", "url", "emailaddress", "company", "position"), "kept"),
        },
        finish=_connection,
    ),
    Table(
        event_type="account_profile",
        action="email",
        desc="Updated Time",
        required=frozenset({"emailaddress", "confirmed", "primary"}),
        fields={"emailaddress": "email", "updatedon": "time", "confirmed": "kept", "primary": "kept"},
    ),
    Table(
        event_type="account_profile",
        action="phone",
        required=frozenset({"extension", "number", "type"}),
        fields={"number": "phone", "extension": "kept", "type": "kept"},
        score=85,
    ),
    Table(
        event_type="account_created",
        action="registration",
        desc="Registration Time",
        required=frozenset({"registeredat", "registrationip"}),
        fields={"registeredat": "time", "registrationip": "ip", "subscriptiontypes": "kept"},
    ),
    Table(
        event_type="activity",
        action="search",
        desc="Search Time",
        required=frozenset({"time", "searchquery"}),
        fields={"time": "time", "searchquery": "kept"},
    ),
)
_CONNECTIONS = TABLES[3]


def recognise(sample: Sample) -> int:
    """The titles of one table in the first line; below the export's notes only those of the connections."""
    text = opening(sample.head)[0]
    if not text.lstrip().casefold().startswith(_NOTES):
        return title_score(sample, TABLES)
    return 92 if first_header(text, (_CONNECTIONS,)) else 0


def parse(source: Source) -> Iterator[Item]:
    """Every row of a table of any of the kinds."""
    text, encoding = opening(bytes(source.view[:_SNIFF]))
    found = first_header(text, TABLES)
    delimiter = found[0] if found else ","
    tables = settled(csv_rows(source, delimiter, encoding), TABLES, source.settings.date_order)
    noted = bool(found) and text.lstrip().casefold().startswith(_NOTES)
    yield from _items(csv_rows(source, delimiter, encoding), tables, source.settings.timezone, noted=noted)


def _items(
    rows: Iterable[Row | Reject], tables: Sequence[Table], zone: str | None, *, noted: bool
) -> Iterator[Item]:
    header: Header | None = None
    for row in rows:
        if isinstance(row, Reject):
            yield row
        elif not any(cell.strip() for cell in row.cells):
            yield Skip(row.span, BLANK_LINE)
        elif found := header_of(row.cells, tables):
            yield header_item(found, row, header)
            header = found
        elif header is None and noted:
            yield Skip(row.span, _PREAMBLE)
        else:
            yield from row_items(header, row, "linkedin", zone)


FORMATS = (
    Format(
        id="platform/linkedin_export",
        version=2,
        title="LinkedIn data export (CSV)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(
            *("message", "follow_request", "authentication", "relationship"),
            *("account_profile", "account_created", "activity"),
        ),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "sender": "provider_asserted",
                "identifiers": "provider_asserted",
                "user_agent_original": "sender_controlled",
                "account_display_name": "sender_controlled",
            }
        ),
        skips=MappingProxyType({**TITLE_SKIPS, _PREAMBLE: "the export's own remarks before the titles of the table"}),
        references=(
            "hestiaAI/data-catalog at 93a3409e (CC0) and its sample exports: messages, invitations, connections",
            "no document: titles of logins, e-mail addresses, numbers, registration and searches as commonly described",
        ),
        gaps=(
            "No real login list was at hand: its titles and its way of writing times are assumed.",
            "No table names the account it belongs to; the case does, or the messages' folders do.",
            "Names in profile addresses can be changed by their owners.",
            "Telephone numbers written without a country are kept as written.",
            "Posts, reactions, profile, jobs, advertising and other tables are not read.",
        ),
    ),
)
