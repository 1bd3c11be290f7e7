"""HER (dating app): tables (CSV) of messages, blocked and reported members, and profiles.

No public source prints the titles. They are assumed here in their usual spellings, so the format never claims a file
by itself: the case says that a file is one (``format = "platform/her_export"``).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Sample, Source
from parsers.kit.tables import csv_rows
from parsers.platform_exports._dated_tables import fields_of, settled, spelt
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

_TIMES = "created_at|date|sent_at|timestamp|time|created|updated_at"
_SENDERS = "sender_id|from_id|from_user_id|sender|from"
_TEXTS = "message|body|text|content"
_SNIFF = 1 << 16
_HINT = 40  # points: below what a file needs to be claimed


def _message(draft: Draft, _cells: Mapping[str, str]) -> Iterable[Draft]:
    """The sender's id is the account."""
    sender = draft.values.get("sender")
    own = draft.values.get("parse_flags")
    flags = {*(own if isinstance(own, list) else []), *(() if sender else ("direction_unknown",))}
    named = {"account_id": sender, "account_login": None, "parse_flags": sorted(flags) or None}
    return (Draft(draft.event_type, {**draft.values, **named}, draft.text),)


_MESSAGES = Table(
    event_type="message",
    desc="Sent Time",
    any_of=spelt(_SENDERS, _TEXTS, _TIMES),
    fields=fields_of(
        message_id="id|message_id",
        thread_id="conversation_id|chat_id|match_id|thread_id",
        sender=_SENDERS,
        recipients="recipient_id|receiver_id|to_id|to_user_id|recipient|receiver|to",
        text=_TEXTS,
        time=_TIMES,
    ),
    finish=_message,
)
_BLOCKED = Table(
    event_type="block",
    action="blocked",
    desc="Block Time",
    any_of=spelt("blocked_id|blocked_user_id|blocked_profile_id"),
    fields=fields_of(
        target_account_id="blocked_id|blocked_user_id|blocked_profile_id",
        target_account_login="blocked_username|blocked_name|username|name",
        time=f"blocked_at|{_TIMES}",
    ),
)
_REPORTED = Table(
    event_type="activity",
    action="reported",
    desc="Report Time",
    any_of=spelt("reported_id|reported_user_id|reported_profile_id"),
    fields=fields_of(
        target_account_id="reported_id|reported_user_id|reported_profile_id",
        target_account_login="reported_username|reported_name|username|name",
        text="reason|report_reason|comment",
        time=f"reported_at|{_TIMES}",
    ),
)
_PROFILES = Table(
    event_type="account_profile",
    action="profile",
    desc="Profile Created Time",
    any_of=spelt("email|email_address|username", "birthday|birthdate|age|gender|bio|about|display_name"),
    fields=fields_of(
        account_id="user_id|profile_id|id",
        username="username",
        account_display_name="display_name|name|first_name",
        email="email|email_address",
        phone="phone|phone_number",
        ip="ip|ip_address|last_ip",
        time=_TIMES,
        kept="birthday|birthdate|age|gender|pronouns|sexuality|bio|about|location|city|country",
    ),
)
TABLES = (_MESSAGES, _BLOCKED, _REPORTED, _PROFILES)


def recognise(sample: Sample) -> int:
    """A hint at most: these titles could be anybody's."""
    return min(_HINT, title_score(sample, TABLES))


def parse(source: Source) -> Iterator[Item]:
    """Every row of a table of any of the kinds."""
    text, encoding = opening(bytes(source.view[:_SNIFF]))
    found = first_header(text, TABLES)
    rows = csv_rows(source, found[0] if found else ",", encoding)
    yield from read_tables(source, settled(rows, TABLES, source.settings.date_order), "her")


FORMATS = (
    Format(
        id="platform/her_export",
        version=1,
        title="HER account export (CSV)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("message", "block", "activity", "account_profile"),
        tier="unexercised",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "sender": "provider_asserted",
                "account_id": "provider_asserted",
                "target_account_id": "provider_asserted",
                "account_display_name": "sender_controlled",
            }
        ),
        skips=TITLE_SKIPS,
        references=("hestiaAI/data-catalog at 93a3409e (CC0): kinds of tables in exports of dating apps",),
        gaps=(
            "The titles are assumed: no source at hand prints them. The case must say that a file is of this format.",
            "Titles spelt otherwise leave the rows rejected.",
            "Whose export it is stands in no row.",
        ),
    ),
)
