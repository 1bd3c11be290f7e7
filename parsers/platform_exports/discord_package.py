"""Discord data package: what an account holder receives, and the layout of current returns to legal process.

Files are known by the names inside them, never by their folder, which is localised: the account, a channel, an
index of channels or servers, messages (JSON, or CSV before 2024) and the activity log, one JSON object a line.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Sample, Source
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, Element, open_document, top_keys, walk
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, line_items
from parsers.platform_exports._discord_account import (
    ACTIVITY,
    PROFILE_PROPERTY,
    read_account,
    read_channel,
    read_index_entry,
)
from parsers.platform_exports._discord_messages import is_id, message_event, with_flags
from parsers.platform_exports._discord_tables import HEADER, OWN_MESSAGES, read_table, titles_of
from parsers.platform_exports._json_rows import read_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item
    from parsers.kit.lines import Line

__all__ = ["FORMATS"]

_ACCOUNT = {"user_sessions", "relationships", "connections", "global_name", "discriminator"}
_CHANNEL = {"id", "type", "name", "recipients", "guild"}
_ACTIVITY_NAMES = {"event_source", "client_uuid", "browser_user_agent", "isp", "event_id"}
_LOOKED_AT = 40


def recognise(sample: Sample) -> int:
    """Names at the top of a document, of a message, of a line of the activity log, or of the columns."""
    root, keys = top_keys(sample.head)
    names = set(keys)
    if root == "[":
        return 95 if {"ID", "Timestamp", "Contents"} <= names else 0
    if root == "{":
        return max(_document_score(names), _activity_score(sample) if "event_type" in names else 0)
    titles = titles_of(sample)
    return 92 if titles >= OWN_MESSAGES and "author_id" not in titles else 0


def _document_score(names: set[str]) -> int:
    if _is_account(names):
        return 95
    if {"id", "type"} <= names <= _CHANNEL and names & {"recipients", "guild"}:
        return 90
    return 75 if names and all(map(is_id, names)) else 0


def _is_account(names: set[str]) -> bool:
    return {"id", "username"} <= names and len(names & _ACCOUNT) >= 2


def _activity_score(sample: Sample) -> int:
    seen = [set(top_keys(line)[1]) for line in sample.lines(_LOOKED_AT)]
    good = sum({"event_type", "timestamp"} <= names and bool(names & _ACTIVITY_NAMES) for names in seen)
    return 92 * good // len(seen) if seen else 0


def parse(source: Source) -> Iterator[Item]:
    """Every record of a file of any of the kinds."""
    root, keys = top_keys(bytes(source.view[:65536]))
    if not root:
        yield from read_table(source)
    elif root == "{" and "event_type" in keys:
        yield from line_items(source, _activity_line)
    else:
        yield from _document(source, set(keys))


def _document(source: Source, names: set[str]) -> Iterator[Item]:
    document = open_document(source)
    account = _is_account(names)
    channel = not account and {"id", "type"} <= names
    if account:
        yield from read_account(document)
        return
    for item in walk(document, lambda path: not path and not channel):
        yield _record(item, is_channel=channel) if isinstance(item, Element) else item


def _record(element: Element, *, is_channel: bool) -> Item:
    loaded = element.load()
    if isinstance(loaded, Reject):
        return loaded
    value, step = loaded.value, element.path[-1] if element.path else None
    if is_channel and isinstance(value, dict):
        return read_channel(element, value, loaded.flags)
    if isinstance(step, int) and isinstance(value, dict) and value.keys() & {"ID", "Timestamp", "Contents"}:
        row = {name.casefold(): member for name, member in value.items()}
        return message_event(element.span, element.pointer, row, loaded.flags)
    if is_id(step) and isinstance(value, str):
        return read_index_entry(element, value, loaded.flags)
    place = element.pointer[:80]
    return Reject(element.span, f"no rule of this format reads the member {place!a}", "unknown_structure")


def _activity_line(line: Line) -> Iterator[Item]:
    loaded = Element(line.span, (), memoryview(line.raw)).load()
    if isinstance(loaded, Reject):
        yield loaded
    elif not isinstance(loaded.value, dict) or "event_type" not in loaded.value:
        yield Reject(line.span, "the line is no event of the activity log", "unknown_structure")
    else:
        kind, columns = read_row(loaded.value, ACTIVITY, "discord")
        yield Event(line.span, line.locator, kind, with_flags(columns, loaded.flags))


FORMATS = (
    Format(
        id="platform/discord_package",
        version=1,
        title="Discord data package",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(
            *("account_profile", "account_created", "session", "authentication", "logout", "activity"),
            *("provider_link", "relationship", "block", "follow_request", "thread", "message", "record"),
        ),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "account_id": "provider_asserted",
                "user_agent_original": "sender_controlled",
                "account_display_name": "sender_controlled",
            }
        ),
        skips=MappingProxyType(
            {
                JSON_STRUCTURE: JSON_STRUCTURE_MEANING,
                PROFILE_PROPERTY: "a property of the account, read into its profile event",
                HEADER: "the titles of the columns",
                BLANK_LINE: BLANK_LINE_MEANING,
            }
        ),
        references=(
            "discord-data-package-explorer: layout of the package, generations and localised folders",
            "seanbreckenridge/discord_data 0.2.3: members of the activity events",
        ),
        gaps=(
            "Messages are the account holder's own; neither account nor channel is named inside their file.",
            "When in a session its address was used is not stated: the session bounds it.",
            "Settings, payments and other lists of the account are rejected by name, not read.",
            "An index of servers and one of channels look alike; only direct messages are told apart, in English.",
            "Attachments are addresses on Discord's servers; nothing is fetched.",
        ),
    ),
)
