"""Messages of Discord packages and returns: one row, of JSON or of a table, as one event.

Ids hold the instant they were made (``(id >> 22) + 1420070400000`` milliseconds): it stands in where no time is
written, and is kept beside a written time it contradicts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.contract import Event, Span
from parsers.kit.snowflakes import DISCORD_EPOCH_MS, is_snowflake, snowflake_time
from parsers.platform_exports._json_rows import Shape, read_row
from parsers.platform_exports._json_values import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from parsers.kit.time import Moment

__all__ = ["MESSAGE_FIELDS", "id_moment", "is_id", "message_event", "with_flags"]

_FAR_MS = 1000  # a written time may be whole seconds
MESSAGE_FIELDS = {
    "id": "message_id",
    "timestamp": "time",
    "channel_id": "thread_id",
    "author_id": "account_id",
    "username": "username",
}
_SHAPE = Shape(event_type="message", desc="Sent Time", fields=MESSAGE_FIELDS, utc=True)


def is_id(text: object) -> bool:
    """Whether text has the form of an id: 15 to 20 digits."""
    return is_snowflake(text)


def id_moment(text: object) -> Moment | None:
    """The instant an id was made; None when the text is no id."""
    return snowflake_time(text, DISCORD_EPOCH_MS)


def with_flags(columns: dict[str, object], flags: Iterable[str]) -> dict[str, object]:
    """Columns whose parse flags are theirs and `flags`."""
    own = columns.get("parse_flags")
    columns["parse_flags"] = sorted({*flags, *(own if isinstance(own, list) else [])}) or None
    return columns


def message_event(span: Span, locator: str, row: Mapping[str, object], flags: Iterable[str]) -> Event:
    """One message; `row` has the names of `MESSAGE_FIELDS`, ``contents`` and ``attachments`` in lower case."""
    rest = {k: v for k, v in row.items() if k != "contents"}
    kind, columns = read_row(rest, _SHAPE, "discord")
    extra = columns["extra"]
    content = row.get("contents")
    if isinstance(extra, dict):
        _check_time(columns, extra)
        extra |= {"contents": content} if not isinstance(content, str | None) else {}
    columns["sender"] = columns.get("account_id")
    columns["attachment_names"] = _names(row.get("attachments")) or None
    columns["message_type"] = "text" if content else "media" if columns["attachment_names"] else None
    text = content if isinstance(content, str) and content else None
    return Event(span, locator, kind, with_flags(columns, flags), text)


def _check_time(columns: dict[str, object], extra: dict[str, object]) -> None:
    made, at = id_moment(columns.get("message_id")), columns.get("timestamp")
    if made is None or made.timestamp is None:
        return
    if at is None and "timestamp" not in extra:
        columns |= made.columns("Id Time")
    elif isinstance(at, int) and abs(at - made.timestamp) > _FAR_MS * 1000:
        extra["id_time_ms"] = made.timestamp // 1000


def _names(attachments: object) -> list[str]:
    """File names of addresses written one after another, or in a list."""
    parts = attachments.split() if isinstance(attachments, str) else attachments
    urls = [text_of(part) for part in parts] if isinstance(parts, list) else []
    return [name for url in urls if url and (name := url.partition("?")[0].rpartition("/")[2])]
