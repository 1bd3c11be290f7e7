"""How a section of a provider's HTML return is declared: which labels it has, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

__all__ = ["Fields", "Layout", "Role", "Spec", "key_of"]

Fields = Mapping[str, str]
Role = Literal["own", "actor", "target", "sender"]
Layout = Literal["rows", "list", "messages", "calls", "statement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One section.

    Attributes:
        event_type: What a row of it is.
        action: Its `event_action` when the row states none.
        desc: What its time is the time of.
        fields: Label in lower case (``parent / label`` below a label of `nested`) -> meaning, in the order the
            provider writes them. The first one begins a row.
        context: Labels that speak of all rows after them (a thread, a call), with their meanings.
        nested: Labels whose cell holds parts of the same row.
        wrappers: Labels whose cell holds whole rows.
        role: Whose account a row names: the return's own, another one that acted, or one acted upon.
        layout: How its rows are laid out.
        platform: Service, where the section speaks of another one than the return does.
    """

    event_type: str
    action: str | None = None
    desc: str = "Recorded Time"
    fields: Fields = field(default_factory=lambda: MappingProxyType({}))
    context: Fields = field(default_factory=lambda: MappingProxyType({}))
    nested: frozenset[str] = field(default_factory=frozenset)
    wrappers: frozenset[str] = field(default_factory=frozenset)
    role: Role = "own"
    layout: Layout = "rows"
    platform: str | None = None


@lru_cache(maxsize=4096)
def key_of(label: str) -> str:
    """A label as declared: lower case, single blanks, without a colon at its end."""
    return " ".join(label.casefold().split()).rstrip(": ")
