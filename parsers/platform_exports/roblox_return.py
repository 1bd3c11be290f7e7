"""Roblox's return to legal process: tables (CSV) of addresses, devices, chat, messages, friends and followers.

Titles that end in ``_utc`` state the zone of their times; dates are written with the month first. Followers carry
milliseconds. Blank rows separate parts of a table. People are told apart by their numbers, never by names.
"""

from __future__ import annotations

import re
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
    title_key,
    title_score,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from parsers.contract import Item

__all__ = ["FORMATS", "TABLES"]

_SNIFF = 1 << 16
_WHO, _NAME = "User ID|Roblox User ID|Account ID", "Username|User Name|Roblox Username|Account Name"
_IP = "IP Address|IP|IP Addresses|Client IP|Login IP|Source IP"
_STARTS = (
    "First Seen|Created|Created At|Created Date|Date|Date Time|Time|Timestamp|Login Time|Login Date|Session Start|Start"
)
_ENDS = "Last Seen|Last Used|Updated|Updated At|Session End|End"
_DEVICE = "Device ID|Device Identifier|Hardware ID|Browser Tracker ID|Device UUID"
_SENDER = "Sender User ID|Sender ID|From User ID|Sender|Author User ID|Author ID"
_RECEIVER = "Recipient User ID|Recipient ID|Receiver User ID|Receiver ID|Target User ID|To User ID|Recipient|Receiver"
_BODY = "Message|Message Text|Text|Chat Message|Chat Text|Content|Body|Message Body"
_FRIEND, _FOLLOWER = "Friend User ID|Friend ID|Friend", "Follower User ID|Follower ID|Follower"
_SENT = f"{_STARTS}|Sent|Sent At|Sent Time|Sent Date"
_PLACE = "Place ID|Universe ID|Experience ID|Game ID|Server ID|Place Name|Experience Name"
_OWN_WORDS = ("roblox", "universe", "place id", "placeid", "place_id", "browser_tracker", "experience")
_MONTH_FIRST = re.compile(r"(?:^|[,\"])(?:0?[1-9]|1[0-2])/\d{1,2}/\d{4}")
_UTC_TITLE = re.compile(r"[ _(]utc\b", re.IGNORECASE)


def _in_utc(titles: str) -> str:
    return "|".join(f"{title} UTC" for title in titles.split("|"))


def _people(draft: Draft, _cells: Mapping[str, str]) -> Iterable[Draft]:
    """Sender and a single recipient by their numbers, where the cells hold numbers."""
    values = {**draft.values, "sender": draft.values.get("sender") or draft.values.get("account_id")}
    sender, receivers = values["sender"], values.get("recipients")
    if isinstance(sender, str) and sender.isascii() and sender.isdigit():
        login = values.get("account_login")
        values |= {"account_id": sender, "account_login": None if login == sender else login}
    if isinstance(receivers, list) and len(receivers) == 1 and str(receivers[0]).isdigit():
        values["target_account_id"] = receivers[0]
    return (draft._replace(values=values),)


def _pair(
    event_type: str,
    action: str,
    desc: str,
    needed: tuple[str, ...],
    times: tuple[str, str],
    columns: Mapping[str, str],
    finish: Callable[[Draft, Mapping[str, str]], Iterable[Draft]] | None = None,
) -> Iterator[Table]:
    """The table with its times in UTC, as their titles say, and the one whose titles do not."""
    for utc in (True, False):
        first, last = (_in_utc(titles) if utc and titles else titles for titles in times)
        known = fields_of(**{"time": first, **({"end": last} if last else {}), **columns})
        yield Table(
            event_type=event_type,
            action=action,
            desc=desc,
            any_of=spelt(*needed, first),
            fields=known,
            utc=utc,
            device_id_type="device_id",
            finish=finish,
        )


_OWNER = {"account_id": _WHO, "account_login": _NAME}
_KEPT = {"kept": f"Country|Region|City|Platform|Device Type|OS|Browser|Count|Type|Status|{_PLACE}"}
_TALK = {
    "sender": _SENDER,
    "recipients": _RECEIVER,
    "text": _BODY,
    "thread_id": "Conversation ID|Channel ID|Chat ID|Thread ID",
    "message_id": "Message ID|Chat Message ID",
    "account_id": _WHO,
    "account_login": f"{_NAME}|Sender Username|Sender Name",
    "target_account_login": "Recipient Username|Recipient Name|Receiver Username|Receiver Name",
    "kept": f"Subject|Moderated|Filtered Text|Is Deleted|Read|{_PLACE}",
}
_SEEN = {"ip": _IP, "device_id": _DEVICE, **_OWNER, **_KEPT}
_FRIENDS = {"target_account_id": _FRIEND, "target_account_login": "Friend Username|Friend Name", **_OWNER, **_KEPT}
_FOLLOWERS = {
    "target_account_id": _FOLLOWER,
    "target_account_login": "Follower Username|Follower Name",
    **_OWNER,
    **_KEPT,
}
_BOTH, _LAST = (_STARTS, _ENDS), (_ENDS, "")
_SINCE = (f"{_STARTS}|Friended|Friends Since|Followed|Followed At", "")
TABLES = (
    *_pair("session", "address_seen", "First Seen Time", (_IP,), _BOTH, _SEEN),
    *_pair("session", "address_seen", "Last Seen Time", (_IP,), _LAST, _SEEN),
    *_pair("session", "device_seen", "First Seen Time", (_DEVICE,), _BOTH, _SEEN),
    *_pair("session", "device_seen", "Last Seen Time", (_DEVICE,), _LAST, _SEEN),
    *_pair("message", "message", "Sent Time", (f"{_SENDER}|{_WHO}", _BODY), (_SENT, ""), _TALK, _people),
    *_pair("relationship", "friend", "Friendship Time", (_FRIEND,), _SINCE, _FRIENDS),
    *_pair("relationship", "follower", "Follow Time", (_FOLLOWER,), _SINCE, _FOLLOWERS),
)


def recognise(sample: Sample) -> int:
    """The titles of one table, and words only this service uses; else numbers of users, ``_utc``, and months first."""
    score = title_score(sample, TABLES)
    if not score:
        return 0
    text = opening(sample.head)[0]
    first, _, rest = text.lstrip("\r\n").partition("\n")
    titles = first.casefold()
    keys = {title_key(cell) for cell in re.split(r"[,;\t|]", first)}
    if any(word in titles for word in _OWN_WORDS):
        return score
    numbered = bool({title_key(title) for title in _WHO.split("|")} & keys) or "userid" in title_key(first)
    rows = [line for line in rest.splitlines()[:200] if line.strip(", \r")]
    months = sum(bool(_MONTH_FIRST.search(line[:2000])) for line in rows)
    written = bool(rows) and months * 10 >= len(rows) * 6 and bool(_UTC_TITLE.search(first))
    in_ms = "followeruserid" in keys or "friendusername" in keys
    return min(score, 75) if numbered and (written or in_ms) else min(score, 40)


def parse(source: Source) -> Iterator[Item]:
    """Every row of a table of any of the kinds."""
    text, encoding = opening(bytes(source.view[:_SNIFF]))
    found = first_header(text, TABLES)
    rows = csv_rows(source, found[0] if found else ",", encoding)
    return read_tables(source, settled(rows, TABLES, source.settings.date_order or "mdy"), "roblox")


FORMATS = (
    Format(
        id="platform/roblox_return",
        version=2,
        title="Roblox return to legal process (CSV)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("session", "message", "relationship"),
        tier="unexercised",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "account_id": "provider_asserted",
                "sender": "provider_asserted",
                "device_id": "provider_asserted",
            }
        ),
        skips=TITLE_SKIPS,
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: robloxReturns (tables, times, blank rows)",
        ),
        gaps=(
            "No real return was at hand: kinds of tables come from the source named, spellings of titles are assumed.",
            "An address table that does not name the service is known by user ids, _utc titles and months first only.",
            "Where those are missing, the format must be stated by hand.",
            "Which rows of a chat were filtered before others saw them is kept, not judged.",
        ),
    ),
)
