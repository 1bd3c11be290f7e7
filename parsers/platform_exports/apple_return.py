"""Apple's return to legal process: workbooks (XLSX) of account details, iCloud logs, look-ups, followers, messages.

The row of titles stands below lines of text whose number varies, so it is found by what it says. Times without a zone
are UTC only where a line of the sheet says so.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Sample, Source
from parsers.platform_exports._dated_tables import fields_of, spelt
from parsers.platform_exports._sheet_blocks import Book
from parsers.platform_exports._titled_rows import Draft, Table, title_key
from parsers.platform_exports._titled_sheets import SHEET_SKIPS, book_items, known_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from parsers.contract import Item

__all__ = ["BOOK", "FORMATS"]

_LOGIN, _ID = "Apple ID|Apple Account", "DSID|DS ID|DS Person ID|DSPersonID|Person ID"
_WHEN = (
    "Date|Date/Time|Date and Time|Date & Time|Timestamp|Time|Log Date|Event Date|Event Time|Date (UTC)|Date/Time (UTC)"
    "|Date and Time (UTC)|Timestamp (UTC)|Time (UTC)|Date (GMT)|Date/Time (GMT)|Timestamp (GMT)"
)
_IP = "IP Address|IP|Client IP|Client IP Address|Source IP|Source IP Address"
_PORT = "Port|Source Port|Client Port"
_TARGET = "Target Handle|Target|Queried Handle|Query Handle|Lookup Handle|Target URI|Queried URI"
_SENDER = "Sender|From|Sender Handle|Sender ID"
_BODY = "Text|Message|Body|Content|Message Text|Message Body"
_FOLLOWER = "Follower|Follower Apple ID|Follower Handle|Follower DSID"
_FOLLOWED = "Following|Following Apple ID|Following Handle|Followee|Followed|Following DSID"
_CREATED = "Creation Date|Account Creation Date|Account Created|Date Created|Created|Created On"
_OF_CREATION = ("time", "tz_", "source_", "parse_flags")
_TRUE = frozenset({"true", "yes", "1", "y"})


def _named(draft: Draft, _cells: Mapping[str, str]) -> Iterable[Draft]:
    """An Apple ID that is an e-mail address is one of the account."""
    login, own = draft.values.get("account_login"), draft.values.get("identifiers")
    found = own if isinstance(own, list) else []
    if isinstance(login, str) and "@" in login and all(one["value"] != login for one in found):
        found = [{"type": "email", "value": login, "raw": login}, *found]
    return (draft._replace(values={**draft.values, "identifiers": found or None}),)


def _details(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """Properties of the account, and, where a date or an address of its creation stands, that event."""
    (whole,) = _named(draft, cells)
    if not (whole.values.get("timestamp_raw") or whole.values.get("source_ip")):
        yield whole
        return
    moved = {k: v for k, v in whole.values.items() if k.startswith(_OF_CREATION)}
    yield whole._replace(values={k: v for k, v in whole.values.items() if k not in moved})
    who = {name: whole.values.get(name) for name in ("account_platform", "account_id", "account_login")}
    yield Draft("account_created", {**who, **moved, "event_action": "registration"})


def _message(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    marks = (cells.get(title_key(title), "") for title in ("Deleted", "Is Deleted", "Recently Deleted"))
    deleted = any(mark.strip().casefold() in _TRUE for mark in marks)
    values = {**draft.values, "deleted_flag": deleted or None}
    receivers = values.get("recipients")
    if isinstance(receivers, list) and len(receivers) == 1:
        values["target_account_login"] = receivers[0]
    return (draft._replace(values=values),)


def _friends(way: str, titles: str) -> Table:
    """People who follow the account in Find My, or whom it follows."""
    times = f"{_WHEN}|Request Date|Request Time|{_CREATED}|Start Date"
    return Table(
        event_type="relationship",
        action=f"find_my_friends_{way}",
        desc="Request Time",
        any_of=spelt(titles, f"{times}|Status"),
        fields=fields_of(
            target_account_login=titles,
            account_login=_LOGIN,
            account_id=_ID,
            time=times,
            kept="Status|Name|Expires|Expiration Date|Updated",
        ),
        finish=_named,
    )


_TABLES = (
    Table(
        event_type="account_profile",
        action="account_details",
        desc="Registration Time",
        any_of=spelt(f"{_LOGIN}|{_ID}", f"Account Type|Account Status|Full Name|First Name|{_CREATED}"),
        fields=fields_of(
            account_login=_LOGIN,
            account_id=_ID,
            account_display_name="Full Name|Name",
            time=_CREATED,
            ip="Registration IP|Creation IP|Account Creation IP|IP Address",
            email="Email|Primary Email|Email Address|Alternate Email|Aliases|Alias",
            recovery_email="Rescue Email|Recovery Email|Notification Email",
            phone="Phone|Phone Number|Day Phone|Evening Phone|Mobile Phone",
            recovery_phone="Trusted Phone Number|Trusted Phone|Recovery Phone",
            device_id="Serial Number|Device Serial Number",
            payment="Credit Card|Payment Method|Payment",
            kept="First Name|Last Name|Account Type|Account Status|Status|Address|City|State|Postal Code|Country"
            "|Language|Date of Birth|Storefront|Last Modified",
        ),
        device_id_type="serial",
        finish=_details,
    ),
    Table(
        event_type="activity",
        action="icloud_access",
        desc="Access Time",
        any_of=spelt(
            _WHEN, _IP, "Service|Service Name|Application|Data Class|Action|Event|Event Type|Operation|Activity"
        ),
        fields=fields_of(
            account_login=_LOGIN,
            account_id=_ID,
            time=_WHEN,
            ip=_IP,
            port=_PORT,
            user_agent_original="User Agent|Client User Agent",
            event_action="Action|Event|Event Type|Operation|Activity",
            device_id="Device Serial Number|Serial Number|UDID|Device UDID",
            kept="Service|Service Name|Application|Data Class|Device|Device Name|Device Type|Country|Status|Result",
        ),
        kinds=dict.fromkeys(("login", "log in", "sign in", "signin", "sign-in", "authentication"), "authentication")
        | dict.fromkeys(("logout", "log out", "sign out", "signout", "sign-out"), "logout"),
        finish=_named,
    ),
    Table(
        event_type="activity",
        action="handle_lookup",
        desc="Query Time",
        any_of=spelt(_WHEN, _TARGET),
        fields=fields_of(
            account_login="Source Handle|Source|Querying Handle|Source URI|Apple ID",
            account_id=_ID,
            target_account_login=_TARGET,
            time=_WHEN,
            ip=_IP,
            port=_PORT,
            device_id="Push Token|Source Push Token",
            kept="Service|Service Name|Result|Response|Status|Device|Client",
        ),
        device_id_type="push_token",
    ),
    _friends("follower", _FOLLOWER),
    _friends("following", _FOLLOWED),
    Table(
        event_type="message",
        action="message",
        desc="Sent Time",
        any_of=spelt(_SENDER, _BODY, f"{_WHEN}|Sent Date|Date Sent|Message Date"),
        fields=fields_of(
            sender=_SENDER,
            recipients="Recipients|Recipient|To|Participants",
            text=_BODY,
            time=f"{_WHEN}|Sent Date|Date Sent|Message Date",
            thread_id="Chat ID|Chat GUID|Conversation ID|Chat Identifier|Thread ID",
            message_id="Message ID|Message GUID|GUID",
            message_type="Message Type|Type",
            attachment="Attachment|Attachments|Attachment Name",
            kept="Service|Deleted|Is Deleted|Recently Deleted|Date Deleted|Date Read|Date Delivered|Direction"
            f"|{_LOGIN}|{_ID}",
        ),
        finish=_message,
    ),
)
BOOK = Book("apple", _TABLES, fields_of(account_login=_LOGIN, account_id=_ID))
_OWN_TITLES = frozenset(BOOK.owner)
_OWN_WORDS = ("apple inc", "apple confidential", "icloud", "apple id", "find my friends")
_FIRST_TEXTS = 30


def recognise(sample: Sample) -> int:
    """The titles of one table, and a title or a first line that only Apple writes."""
    texts, found = known_tables(sample, BOOK.tables)
    if not found:
        return 0
    titled = any(title_key(text) in _OWN_TITLES for text in texts)
    said = any(word in text.casefold() for text in texts[:_FIRST_TEXTS] for word in _OWN_WORDS)
    return 92 if titled or said else 0


def parse(source: Source) -> Iterator[Item]:
    """Every row of every sheet."""
    return book_items(source, BOOK)


FORMATS = (
    Format(
        id="platform/apple_return",
        version=2,
        title="Apple return to legal process (XLSX)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(
            *("account_profile", "account_created", "activity", "authentication", "logout"),
            *("relationship", "message", "provider_negative", "record"),
        ),
        tier="unexercised",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "account_id": "provider_asserted",
                "identifiers": "provider_asserted",
                "user_agent_original": "sender_controlled",
            }
        ),
        skips=SHEET_SKIPS,
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Apple return artifacts (kinds of sheets)",
            "ECMA-376 part 1 (SpreadsheetML)",
        ),
        gaps=(
            "No real return was at hand: sheets come from the source named, titles are assumed.",
            "A look-up of a handle is not a message: it shows that a device asked whether the handle can be reached.",
            "Rows cite their sheet as a whole.",
            "Encrypted containers, iCloud backups, photos and mail of a return are not read here.",
        ),
    ),
)
