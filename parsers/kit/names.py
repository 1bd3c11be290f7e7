"""Names of members, columns and sections, compared across generations that changed case and punctuation."""

from __future__ import annotations

__all__ = ["plain_name"]


def plain_name(name: object) -> str:
    """A name without case, spaces and punctuation; nothing for what is no text (the index of a list)."""
    return "".join(c for c in name.casefold() if c.isalnum()) if isinstance(name, str) else ""
