"""Reddit: the tables (CSV) of a copy of the account's data, which is also the layout of returns to legal process.

Folder and file names change between years, so a table is known by its titles. Text is UTF-8 and nothing else: a
backslash in a message is a backslash.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Sample, Source
from parsers.platform_exports._titled_rows import TITLE_SKIPS, Draft, Table, opening, read_tables, title_score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from parsers.contract import Item

__all__ = ["FORMATS", "TABLES"]

_REGISTRATION = "registration ip"
_GONE, _FLAG = frozenset({"[deleted]", "[removed]"}), ("direction_unknown",)
_ITEM = {"id": "message_id", "date": "time", "ip": "ip", "permalink": "kept", "subreddit": "kept", "gildings": "kept"}


def _address(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """An address log names the address of the registration in the place of a date."""
    if cells.get("date", "").strip().casefold() != _REGISTRATION:
        return (draft,)
    extra = {k: v for k, v in _extra(draft).items() if v != cells["date"]}
    return (Draft("account_created", {**draft.values, "event_action": "registration", "extra": extra}),)


def _extra(draft: Draft) -> Mapping[str, object]:
    extra = draft.values.get("extra")
    return extra if isinstance(extra, dict) else {}


def _sent(draft: Draft, _cells: Mapping[str, str]) -> Iterable[Draft]:
    """Reddit writes one word in the place of every account that is gone: no one's name."""
    if draft.values.get("sender") not in _GONE:
        return (draft,)
    return (Draft(draft.event_type, {**draft.values, "account_login": None, "parse_flags": [*_FLAG]}, draft.text),)


def _linked(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """The account of another service that the holder signs in with."""
    issuer, subject = cells.get("issuerid", ""), cells.get("subjectid", "")
    one = {"type": "external_account", "value": f"{issuer}:{subject}", "raw": subject}
    return (Draft(draft.event_type, {**draft.values, "identifiers": [one]}),) if issuer and subject else (draft,)


def _statistic(draft: Draft, cells: Mapping[str, str]) -> Iterable[Draft]:
    """One property of the account a row; the account's name is one of them."""
    name, value = cells.get("statistic", "").strip().casefold(), cells.get("value")
    if name != "account name" or value is None:
        return (draft,)
    one = {"type": "username", "value": value, "raw": value}
    return (Draft(draft.event_type, {**draft.values, "account_login": value, "identifiers": [one]}),)


TABLES = (
    Table(
        event_type="activity",
        action="address_used",
        desc="Recorded Time",
        required=frozenset({"date", "ip"}),
        fields={"date": "time", "ip": "ip"},
        finish=_address,
        weak=True,
    ),
    Table(
        event_type="message",
        action="private_message",
        desc="Sent Time",
        required=frozenset({"id", "threadid", "date", "from", "to"}),
        fields={
            **_ITEM,
            "threadid": "thread_id",
            "from": "sender",
            "to": "recipients",
            "body": "text",
            "subject": "kept",
        },
        finish=_sent,
    ),
    Table(
        event_type="message",
        action="chat_message",
        desc="Sent Time",
        required=frozenset({"messageid", "createdat", "username", "channelurl"}),
        fields={
            "messageid": "message_id",
            "createdat": "time",
            "username": "sender",
            "message": "text",
            "threadparentmessageid": "in_reply_to",
            "channelurl": "thread_id",
            "conversationtype": "message_type",
            **dict.fromkeys(("updatedat", "subreddit", "channelname"), "kept"),
        },
        finish=_sent,
    ),
    Table(
        event_type="activity",
        action="comment",
        desc="Comment Time",
        required=frozenset({"id", "permalink", "date", "subreddit", "link"}),
        fields={**_ITEM, "link": "thread_id", "parent": "in_reply_to", "body": "text", "media": "kept"},
    ),
    Table(
        event_type="activity",
        action="post",
        desc="Post Time",
        required=frozenset({"id", "permalink", "date", "subreddit", "title"}),
        fields={**_ITEM, "title": "kept", "url": "kept", "body": "text"},
    ),
    Table(
        event_type="activity",
        action="vote",
        required=frozenset({"id", "permalink", "direction"}),
        fields={"id": "message_id", "permalink": "kept", "direction": "kept"},
        score=90,
    ),
    Table(
        event_type="provider_link",
        action="linked_identity",
        required=frozenset({"issuerid", "subjectid"}),
        fields={"issuerid": "kept", "subjectid": "kept"},
        finish=_linked,
    ),
    Table(
        event_type="account_profile",
        action="account_gender",
        required=frozenset({"accountgender"}),
        fields={"accountgender": "kept"},
        score=90,
    ),
    Table(
        event_type="account_profile",
        action="statistic",
        required=frozenset({"statistic", "value"}),
        fields={"statistic": "kept", "value": "kept"},
        finish=_statistic,
        score=85,
    ),
)


def recognise(sample: Sample) -> int:
    """The titles of one table; a date and an address alone are sure only with the row of the registration."""
    score = title_score(sample, TABLES)
    text = opening(sample.head)[0].casefold()
    only_addresses = text.lstrip().split("\n", 1)[0].replace('"', "").strip() in {"date,ip", "ip,date"}
    return min(score, 75) if only_addresses and _REGISTRATION not in text else score


def parse(source: Source) -> Iterator[Item]:
    """Every row of a table of any of the kinds."""
    return read_tables(source, TABLES, "reddit")


FORMATS = (
    Format(
        id="platform/reddit_export",
        version=2,
        title="Reddit account export or legal return (CSV)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("message", "activity", "account_created", "account_profile", "provider_link"),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "sender": "provider_asserted",
                "identifiers": "provider_asserted",
            }
        ),
        skips=TITLE_SKIPS,
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Reddit artifact modules (column titles)",
        ),
        gaps=(
            "No real export was at hand: titles come from the source named.",
            "Address log, comments and posts do not name the account; the statistics of the same export do.",
            "When the address of the registration was used is not stated there.",
            "Saved posts, subscriptions, drafts and preferences are not read.",
            "Tables of one column with a common title (a telephone number, a date of birth) are not recognised.",
        ),
    ),
)
