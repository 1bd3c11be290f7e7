"""Ids that hold the instant they were made: ``(id >> 22)`` is milliseconds since the service's own epoch."""

from __future__ import annotations

from parsers.kit.time import Moment, from_epoch

__all__ = ["DISCORD_EPOCH_MS", "X_EPOCH_MS", "is_snowflake", "snowflake_time"]

DISCORD_EPOCH_MS = 1_420_070_400_000
X_EPOCH_MS = 1_288_834_974_657


def is_snowflake(text: object) -> bool:
    """Whether text has the form of such an id: 15 to 20 digits."""
    return isinstance(text, str) and 15 <= len(text) <= 20 and text.isascii() and text.isdigit()


def snowflake_time(text: object, epoch_ms: int) -> Moment | None:
    """The instant an id was made; None when the text is no such id.

    Args:
        text: The id.
        epoch_ms: What the service counts from, milliseconds since 1970 UTC.
    """
    return from_epoch((int(str(text)) >> 22) + epoch_ms, str(text), unit="ms") if is_snowflake(text) else None
