"""Cash App's return to legal process: one workbook (XLSX) per subject, sheets cut into blocks under labels.

The note of a payment reaches its recipient as a message, so a payment with a note is read as one. A block whose label
nobody declared is rejected row by row, never read under the titles of the block before it.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Sample, Source
from parsers.platform_exports._dated_tables import fields_of, spelt
from parsers.platform_exports._json_rows import Shape
from parsers.platform_exports._sheet_blocks import Book
from parsers.platform_exports._titled_rows import Draft, Table, title_key
from parsers.platform_exports._titled_sheets import SHEET_SKIPS, book_items, known_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from parsers.contract import Item

__all__ = ["BOOK", "FORMATS"]

_IS_TOKEN = re.compile(r"[A-Z]{1,3}_[A-Za-z0-9_-]{4,80}")
_WHEN = (
    "Date|Date (UTC)|Time|Time (UTC)|Timestamp|Timestamp (UTC)|Date/Time|Date/Time (UTC)|Created|Created At"
    "|Created Date|Date Created|Creation Date|Added|Added At|Date Added|Changed|Changed At|Updated At|Start Date|From"
)
_UNTIL = "End Date|Removed|Removed At|Date Removed|Until|To Date"
_SENDER = "Sender|Sender Token|Sender ID|Sender Customer Token|From Customer|Payer"
_RECEIVER = "Recipient|Recipient Token|Recipient ID|Recipient Customer Token|To Customer|Payee|Receiver"
_NOTE = "Note|Notes|Payment Note|Memo|Message|Subject"
_TOKEN, _CASHTAG = "Customer Token|Token|Customer ID|Account Token", "Cashtag|$Cashtag|Cash Tag|Current Cashtag"
_KEPT_PAIRS = (
    *("Full Name", "Legal Name", "Name", "Date of Birth", "DOB", "SSN", "Address", "Created", "Account Created"),
    *("Status", "Account Status", "Customer Since", "Identity Verified"),
)
_IP = "IP|IP Address|Client IP|Source IP"


def _payment(draft: Draft, _cells: Mapping[str, str]) -> Iterable[Draft]:
    """A payment is a use of the service; with a note it is a message. A name in place of a token names no account."""
    values = dict(draft.values)
    sender, receivers = values.get("sender"), values.get("recipients")
    values |= {"account_login": None, **_party(sender, "account_id", "account_login")}
    if not {"account_id", "account_login"} & {name for name, value in values.items() if value}:
        values.setdefault("account_display_name", sender)
    if isinstance(receivers, list) and len(receivers) == 1:
        values |= _party(receivers[0], "target_account_id", "target_account_login")
    if draft.text is not None:
        return (draft._replace(values=values),)
    return (Draft("activity", {**values, "event_action": "payment"}),)


def _party(written: object, as_id: str, as_login: str) -> dict[str, object]:
    """A token is an id and a cashtag a login."""
    text = written.strip() if isinstance(written, str) else ""
    if text.startswith("$"):
        return {as_login: text[1:]}
    return {as_id: text} if _IS_TOKEN.fullmatch(text) else {}


def _history(action: str, desc: str, **columns: str) -> Table:
    """Values an account had, with the times of their beginning and end."""
    return Table(
        event_type="account_change",
        action=action,
        desc=desc,
        fields=fields_of(time=_WHEN, end=_UNTIL, **columns),
    )


_PAYMENTS = Table(
    event_type="message",
    action="payment_note",
    desc="Payment Time",
    any_of=spelt(_SENDER, _RECEIVER, _WHEN),
    fields=fields_of(
        time=_WHEN,
        sender=_SENDER,
        recipients=_RECEIVER,
        text=_NOTE,
        message_id="Payment Token|Payment ID|Transaction ID|Transaction Token",
        ip=_IP,
        account_display_name="Sender Name|Sender Display Name",
        kept="Recipient Name|Recipient Display Name|Amount|Amount (USD)|Currency|Status|Type|Transaction Type"
        "|Payment Source|Instrument|Fee|State",
    ),
    finish=_payment,
)
_ACCESS = Table(
    event_type="session",
    action="access",
    desc="Access Time",
    any_of=spelt(_IP, _WHEN),
    fields=fields_of(
        time=_WHEN,
        ip=_IP,
        port="Port|Source Port",
        event_action="Event|Activity|Action|Event Type",
        user_agent_original="User Agent",
        device_id="Device ID|Device Identifier|App Token|Installation ID",
        kept="Device|Device Name|Device Model|Location|City|Region|Country|OS",
    ),
    kinds=MappingProxyType(dict.fromkeys(("login", "log in", "sign in", "signin"), "authentication")),
    device_id_type="device_id",
)
_INSTRUMENTS = {
    "payment": "Card Number|PAN|Last 4|Last Four|Last4|Account Number|Card|Instrument|Instrument Token",
    "kept": "Type|Brand|Institution|Bank|Bank Name|Routing Number|Status|Name|Name on Card|Expiration|Zip|Zip Code"
    "|Postal Code|BIN",
}
_NAMES = _history("display_name", "Change Time", account_display_name="Display Name|Name", kept="Source")
_TAGS = _history("cashtag", "Change Time", username=_CASHTAG, kept="Status")
_ALIASES = _history(
    "contact",
    "Added Time",
    contact="Alias|Value|Email|Email Address|Phone|Phone Number|Contact",
    kept="Type|Status|Verified",
)
_SOURCES = _history("payment_source", "Added Time", **_INSTRUMENTS)
_ISSUED = _history("issued_instrument", "Issue Time", **_INSTRUMENTS)
_LABELS: Mapping[str, Table] = MappingProxyType(
    {
        title_key(label): table
        for labels, table in (
            ("Display Name History|Display Names|Name History", _NAMES),
            ("Cashtag History|$Cashtag History|Cashtags", _TAGS),
            ("Alias History|Aliases|Email History|Phone History|Contact History|Emails|Phone Numbers", _ALIASES),
            ("Payment Source History|Payment Sources|Linked Payment Sources", _SOURCES),
            ("Issued Instruments|Issued Instrument History|Issued Cards", _ISSUED),
            ("Transactions|Payments|Payment History|Transaction History|Peer to Peer Payments", _PAYMENTS),
            ("IP Addresses|IP Address History|Login History|Access History|Activity|Sessions|Devices", _ACCESS),
        )
        for label in labels.split("|")
    }
)
_PAIRS = Shape(
    event_type="account_profile",
    action="customer",
    fields=fields_of(
        account_id=_TOKEN,
        username=_CASHTAG,
        account_display_name="Display Name|Current Display Name",
        email="Email|Email Address",
        phone="Phone|Phone Number",
    )
    | dict.fromkeys(map(title_key, _KEPT_PAIRS), ""),
)
_OWN_WORDS = ("cash app", "cashtag", "sq_cash", "square, inc", "block, inc")
_OWN_LABELS = frozenset(
    title_key(label)
    for label in ("Display Name History", "Payment Source History", "Issued Instruments", "Cashtag History")
)
BOOK = Book(
    "cashapp",
    (_PAYMENTS, _ACCESS),
    fields_of(account_id=_TOKEN, account_login=_CASHTAG),
    labels=_LABELS,
    pairs=_PAIRS,
)


def recognise(sample: Sample) -> int:
    """Two labels that only such a return has, or one of them, or a known table, with a word of the service."""
    texts, found = known_tables(sample, BOOK.tables)
    labels = {title_key(text) for text in texts} & _OWN_LABELS
    named = any(word in text.casefold() for text in texts for word in _OWN_WORDS)
    return 92 if len(labels) > 1 or (named and (labels or found)) else 0


def parse(source: Source) -> Iterator[Item]:
    """Every row of every sheet."""
    return book_items(source, BOOK)


FORMATS = (
    Format(
        id="platform/cashapp_return",
        version=2,
        title="Cash App return to legal process (XLSX)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(
            *("account_profile", "account_change", "message", "activity", "session", "authentication"),
            *("provider_negative", "record"),
        ),
        tier="unexercised",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "sender": "provider_asserted",
                "identifiers": "provider_asserted",
                "account_display_name": "sender_controlled",
            }
        ),
        skips=SHEET_SKIPS,
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Cash App return artifact (labels of blocks)",
            "ECMA-376 part 1 (SpreadsheetML)",
        ),
        gaps=(
            "No real return was at hand: labels of three blocks come from the source named, the rest is assumed.",
            "Sender and recipient are known by token or cashtag where the cell holds one; a name stays a name.",
            "Amounts, bank transfers, investments and identity checks are kept as written, not read.",
            "Rows cite their sheet as a whole.",
        ),
    ),
)
