"""Tinder account export (JSON): the account, its use day by day, and the messages it sent."""

from __future__ import annotations

import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Sample, Skip, Source
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, Element, open_document, top_keys, walk
from parsers.kit.time import parse_iso
from parsers.platform_exports._json_rows import Shape, read_row
from parsers.platform_exports._json_values import text_of
from parsers.platform_exports._written_times import written_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from parsers.contract import Item
    from parsers.kit.jsonspans import Document, Path

__all__ = ["FORMATS", "MESSAGE", "PROFILE"]

_PLATFORM = "tinder"
_OWNER = "You"  # how the export calls the account it is of
_MATCH, _NO_USE, _IGNORED = "match property", "day without use", "section of the app's own"
_SECTIONS = ("Usage", "User", "Campaigns", "Experiences", "Purchases", "Photos", "Spotify", "SwipeNotes")
_LEFT = frozenset({"Campaigns", "Experiences", "Photos", "Spotify", "StudentVerifications", "RoomsAndInteractions"})
_COUNTS = (b'"swipes_likes"', b'"swipes_passes"', b'"app_opens"')
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_read_time = partial(written_time, utc=False)
MESSAGE = Shape(
    event_type="message",
    desc="Sent Time",
    fields={"sent_date": "time", "to": "target_account_id", "type": "message_type"},
    read_time=_read_time,
)
PROFILE = Shape(
    event_type="account_profile",
    action="profile",
    desc="Last Active Time",
    fields={
        "active_time": "time",
        "username": "username",
        "name": "account_display_name",
        "full_name": "account_display_name",
        "email": "email",
        "phone": "phone",
        "pos.lat": "latitude",
        "pos.lon": "longitude",
    },
    read_time=_read_time,
)


def recognise(sample: Sample) -> int:
    """The sections at the top, or the counts of a long section that hides the others."""
    root, keys = top_keys(sample.head)
    if root != "{":
        return 0
    names = set(keys)
    if "Messages" in names and names & set(_SECTIONS):
        match = b'"match_id"' in sample.head + sample.middle + sample.tail
        return 95 if match or any(count in sample.head for count in _COUNTS) else 70
    return 92 if "Usage" in names and sum(count in sample.head for count in _COUNTS) >= 1 else 0


def parse(source: Source) -> Iterator[Item]:
    """Every message, day of use and property of the account."""
    document = open_document(source)
    matches = _matches(document)
    for item in walk(document, _descend):
        yield from _read(item, matches, source.settings.timezone) if isinstance(item, Element) else (item,)


def _descend(path: Path) -> bool:
    """Down to the messages of every match and to the days of every count."""
    if len(path) < 2:
        return not path or path[0] in {"Messages", "Usage"}
    return path[0] == "Usage" if len(path) == 2 and path[0] != "Messages" else _of_match(path)


def _of_match(path: Path) -> bool:
    return path[0] == "Messages" and (len(path) == 2 or path[2:] == ("messages",))


def _matches(document: Document) -> dict[Path, str]:
    """Names of the matches by the path of what holds their messages; a name may stand after the messages."""
    found: dict[Path, str] = {}
    for item in walk(document, lambda path: _descend(path) and path[-1:] != ("messages",) and path[:1] != ("Usage",)):
        if isinstance(item, Element) and len(item.path) == 3 and item.path[2] == "match_id":
            loaded = item.load()
            name = None if isinstance(loaded, Reject) else text_of(loaded.value)
            if name:
                found[item.path[:2]] = name
    return found


def _read(element: Element, matches: Mapping[Path, str], zone: str | None) -> Iterator[Item]:
    path = element.path
    loaded = element.load()
    if isinstance(loaded, Reject):
        yield loaded
    elif path[:1] == ("Messages",) and len(path) == 4 and isinstance(loaded.value, dict):
        yield _message(element, loaded.value, matches.get(path[:2]), zone, loaded.flags)
    elif path[:1] == ("Messages",) and path[2:] == ("match_id",):
        yield Skip(element.span, _MATCH)
    elif path[:1] == ("Usage",) and len(path) == 3:
        yield _use(element, loaded.value, zone)
    elif path == ("User",) and isinstance(loaded.value, dict):
        yield from _account(element, loaded.value, zone, loaded.flags)
    elif path == ("Purchases",) and isinstance(loaded.value, dict | list):
        yield _purchases(element, loaded.value)
    elif len(path) == 1 and (path[0] in _LEFT or loaded.value in ({}, [], None)):
        yield Skip(element.span, _IGNORED)
    else:
        reason = f"no rule of this format reads the member {element.pointer[:80]!a}"
        yield Reject(element.span, reason, "unknown_structure")


def _message(
    element: Element, value: dict[str, object], match: str | None, zone: str | None, flags: tuple[str, ...]
) -> Event:
    """The sender is the export's account where the message says ``You``; recipients are numbers of matches."""
    rest = {name: member for name, member in value.items() if name not in {"from", "message"}}
    kind, columns = read_row(rest, MESSAGE, _PLATFORM, zone)
    sender, text = text_of(value.get("from")), value.get("message")
    own, extra = columns.get("parse_flags"), columns["extra"]
    if isinstance(extra, dict):
        extra |= {"exporting_account": True} if sender == _OWNER else {}
        extra |= {"message": text} if not isinstance(text, str | None) else {}
    to = columns.get("target_account_id")
    columns |= {
        "sender": sender,
        "recipients": [to] if to else None,
        "thread_id": match,
        "message_type": columns.get("message_type") or "text",
        "parse_flags": _flags(own, (*flags, *(() if sender else ("direction_unknown",)))),
    }
    return Event(element.span, element.pointer, kind, columns, text if isinstance(text, str) and text else None)


def _flags(own: object, more: Iterable[str]) -> list[str] | None:
    return sorted({*(own if isinstance(own, list) else []), *more}) or None


def _use(element: Element, value: object, zone: str | None) -> Item:
    """One day's count of one thing done in the app."""
    day = str(element.path[2])
    if not isinstance(value, int | float) or isinstance(value, bool) or not _DAY.fullmatch(day):
        reason = f"no rule of this format reads the member {element.pointer[:80]!a}"
        return Reject(element.span, reason, "unknown_structure")
    if not value:
        return Skip(element.span, _NO_USE)
    moment = parse_iso(f"{day} 00:00", zone)
    wide = (86_400 - 60) * 1_000_000  # a day is the smallest step
    latest = None if moment.latest is None else moment.latest + wide
    moment = moment._replace(raw=day, precision_s=86400.0, latest=latest)
    columns = {
        **moment.columns("Usage Day"),
        "account_platform": _PLATFORM,
        "event_action": str(element.path[1]),
        "parse_flags": sorted(moment.flags) or None,
        "extra": {"count": value},
    }
    return Event(element.span, element.pointer, "activity", columns)


def _account(element: Element, value: dict[str, object], zone: str | None, flags: tuple[str, ...]) -> Iterator[Event]:
    """The profile, and the making of the account."""
    kind, columns = read_row(value, PROFILE, _PLATFORM, zone)
    flagged = _flags(columns.get("parse_flags"), flags)
    yield Event(element.span, element.pointer, kind, columns | {"parse_flags": flagged})
    linked = value.get("instagram")
    name = text_of(linked.get("username")) if isinstance(linked, dict) else None
    who = {key: columns.get(key) for key in ("account_login", "account_display_name", "identifiers")}
    if name:
        one = {"type": "external_account", "value": f"instagram:{name}", "raw": name}
        link = {**who, "account_platform": _PLATFORM, "event_action": "instagram", "identifiers": [one]}
        yield Event(element.span, element.pointer, "provider_link", link)
    created = Shape(
        event_type="account_created", action="created", desc="Creation Time", fields={"create_date": "time"}
    )
    kind, made = read_row({"create_date": value.get("create_date")}, created, _PLATFORM, zone)
    if made.get("timestamp_raw"):
        yield Event(element.span, element.pointer, kind, {**made, **who, "parse_flags": made["parse_flags"] or None})


def _purchases(element: Element, value: object) -> Item:
    if not value:
        return Skip(element.span, _IGNORED)
    columns = {"account_platform": _PLATFORM, "event_action": "purchases", "extra": {"purchases": value}}
    return Event(element.span, element.pointer, "account_profile", columns)


FORMATS = (
    Format(
        id="platform/tinder_export",
        version=1,
        title="Tinder account export (JSON)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("message", "activity", "account_profile", "account_created", "provider_link"),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "sender": "provider_asserted",
                "target_account_id": "provider_asserted",
                "account_login": "provider_asserted",
                "account_display_name": "sender_controlled",
            }
        ),
        skips=MappingProxyType(
            {
                JSON_STRUCTURE: JSON_STRUCTURE_MEANING,
                _MATCH: "the match's number in this export, read into its messages",
                _NO_USE: "the count of a day is zero",
                _IGNORED: "campaigns, experiments, pictures and music; none of them states an act of the account's",
            }
        ),
        references=("hestiaAI/data-catalog at 93a3409e (CC0): Tinder, messages and account",),
        gaps=(
            "Only messages the account sent are in the export; the other side is a number of the export's own.",
            "Which account it is may be stated only in the section User.",
            "Days of use are days of an unstated zone.",
        ),
    ),
)
