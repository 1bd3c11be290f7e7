"""E-mail formats: messages, mailboxes, and what their headers say of the way they took."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parsers.contract import Format

__all__ = ["all_email_formats"]


def all_email_formats() -> tuple[Format, ...]:
    """The formats of this family alone, for readers that know they have mail."""
    names = ("message", "msg", "pasted", "pst")
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(fmt for module in modules for fmt in module.FORMATS)
