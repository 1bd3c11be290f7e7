"""Signal chats as a user's own program writes them out of Signal Desktop (``signal-export``, Markdown ``chat.md``).

``[2019-05-29, 15:04] Me: text``: the computer's local time to the minute, names from its address book, no account.
Newer releases leave out the comma or write seconds.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Format, Sample, Source
from parsers.kit.entries import items_of_entries, written_in
from parsers.kit.text import decode
from parsers.kit.time import Moment, parse_iso
from parsers.platform_exports._json_values import phone_digits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item
    from parsers.kit.entries import Entry
    from parsers.kit.lines import Line

__all__ = ["FORMATS"]

_OWNER = "Me"  # how the program calls the account whose computer it ran on
_LOOK, _FIRST_LINES = 512, 5
_HEADER = re.compile(
    r"\ufeff?\[(?P<stamp>(?P<day>\d{4}-\d\d-\d\d),? (?P<clock>\d\d:\d\d(?P<seconds>:\d\d)?))\] "
    r"(?P<sender>[^\n]{0,200}?): ?(?!/)",
    re.ASCII,
)
_LOG_WORDS = frozenset({"debug", "info", "notice", "warn", "warning", "error", "critical", "fatal", "trace"})
_FILE = re.compile(r"!?\[(?P<name>[^\[\]\n]{0,255})\]\((?:\./)?(?P<path>media/[^()\n]{1,300}|[^()\n:]{1,300})\)")
_REACTIONS = re.compile(r"\n?\(- (?P<all>[^\n]{1,2000}) -\)\s*\Z")
_SPAN = r"\d{1,3} ?(?:seconds?|minutes?|hours?|days?|weeks?|[smhdw])"
_TIMER = re.compile(
    rf"(?:[^:?!.,\n]{{1,60}} )?(?:set (?:the )?disappearing messages?(?: timer| time)?(?: to {_SPAN})?"
    rf"|disabled disappearing messages|[Dd]isappearing messages (?:set to {_SPAN}|disabled))\.?"
)
_CALL = re.compile(
    r"(?P<way>Incoming|Outgoing|Missed|Declined|Unanswered) (?P<medium>voice|video|group)? ?call", re.IGNORECASE
)
_DELETED = frozenset({"This message was deleted.", "You deleted this message."})


class _Header(NamedTuple):
    """The beginning of a message; `end` is the index in its text where the body starts."""

    stamp: str
    iso: str
    sender: str
    end: int


def recognise(sample: Sample) -> int:
    """Share of lines that begin as messages do; with seconds, which logs write too, only beside the owner's name."""
    lines = sample.lines()
    found = [match for line in lines if (match := _match(line))]
    names = {match["sender"] for match in found}
    if not found or all(name.rpartition(".")[2].casefold() in _LOG_WORDS for name in names):
        return 0
    if any(match["seconds"] for match in found):
        return 80 if _OWNER in names and len(names) <= 50 and len(found) * 3 >= len(lines) else 0
    share = len(found) / len(lines)
    if share < 0.2:
        return int(85 * share)
    return 92 if _match(lines[0]) else 80 if any(map(_match, lines[1:_FIRST_LINES])) else int(85 * share)


def _match(raw: bytes) -> re.Match[str] | None:
    return _HEADER.match(decode(raw[:_LOOK]).text) if raw[:1] == b"[" or raw[:4] == b"\xef\xbb\xbf[" else None


def _begins(line: Line) -> _Header | None:
    match = _match(line.raw)
    if match is None:
        return None
    iso = f"{match['day']} {match['clock']}"
    if parse_iso(iso).timestamp is None:
        return None
    return _Header(match["stamp"], iso, match["sender"].strip(), match.end())


def parse(source: Source) -> Iterator[Item]:
    """Every message; lines that do not begin one belong to the one before."""
    yield from items_of_entries(source, _begins, lambda entry, header: _event(source, entry, header))


def _event(source: Source, entry: Entry[_Header], header: _Header) -> Event:
    written = decode(written_in(source, entry))
    body = written.text[header.end :].replace("\r\n", "\n").rstrip(" \n")
    moment = _moment(header, source.settings.timezone)
    kind, columns = _body_columns(body)
    extra = columns.pop("extra")
    known = header.sender not in {"", "No-Sender"}
    flags = {*moment.flags, *(() if known else ("direction_unknown",))}
    flags |= {name for name, on in (("lossy_text", written.lossy), ("truncated", entry.excess is not None)) if on}
    number = phone_digits(header.sender)
    values = {
        **moment.columns("Recorded Time"),
        **columns,
        "account_platform": "signal",
        "sender": header.sender if known else None,
        "account_display_name": header.sender if known and not number and header.sender != _OWNER else None,
        "account_id": number,
        "identifiers": [{"type": "phone", "value": number, "raw": header.sender}] if number else None,
        "parse_flags": sorted(flags) or None,
        "extra": {**_side(header.sender, source), **(extra if isinstance(extra, dict) else {})} or None,
    }
    return Event(entry.span, entry.locator, kind, values, body or None)


def _moment(header: _Header, zone: str | None) -> Moment:
    return parse_iso(header.iso, zone)._replace(raw=header.stamp)


def _side(sender: str, source: Source) -> dict[str, object]:
    """That the sender is the account whose computer wrote the file, and who that is where the case states it."""
    if sender != _OWNER:
        return {}
    owner = source.settings.options.get("owner")
    return {"exporting_account": owner or True}


def _body_columns(body: str) -> tuple[str, dict[str, object]]:
    """Event type and columns of a body. The program writes no mark of its own: typed words look the same."""
    names = [match["path"].rpartition("/")[2] for match in _FILE.finditer(body)]
    reactions = _REACTIONS.search(body[-2100:])
    extra: dict[str, object] = {}
    if reactions:
        extra["reactions"] = [part.strip() for part in reactions["all"].split(", ")]
    if body.startswith(">"):
        extra["quotes"] = True
    plain = body.strip()
    call = _CALL.fullmatch(plain) if len(plain) < 60 else None
    if len(plain) < 250 and _TIMER.fullmatch(plain):
        columns = {"message_type": "system", "event_action": "disappearing_timer"}
        return "system_notice", {**columns, "extra": extra}
    if call:
        medium = (call["medium"] or "unstated").lower()
        return "call", {"message_type": "call", "event_action": call["way"].lower(), "extra": {"call_medium": medium}}
    deleted = plain in _DELETED
    return "message", {
        "message_type": "unsent" if deleted else "media" if names else "text",
        "deleted_flag": deleted or None,
        "attachment_names": names or None,
        "extra": extra,
    }


FORMATS = (
    Format(
        id="platform/signal_export",
        version=1,
        title="Signal chat (signal-export, Markdown)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("message", "call", "system_notice"),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "sender_controlled",
                "sender": "sender_controlled",
                "account_display_name": "sender_controlled",
                "account_id": "sender_controlled",
                "attachment_names": "sender_controlled",
            }
        ),
        references=("carderne/signal-export: layout of chat.md in its README and its merge pattern",),
        gaps=(
            "A third party's program made the file on somebody's computer, and anybody can edit it.",
            "The time is that computer's local time to the minute; the case may state its zone.",
            "Notices of the app, calls and deletions are told by their English words, which anybody can type.",
            "Messages that had disappeared before the export are absent without a mark.",
            "Groups and recipients are not named in the text; a sender's name that holds a colon is cut there.",
            "The HTML and JSON variants, encrypted backups and the desktop database are not read.",
        ),
    ),
)
