"""Whether the rows of a section begin as the provider begins them.

Some generations of the markup have no element around a row, and one missing field then looks like another order of
fields: ``Time, Address, Time, Address`` are two rows, or three of which the first and the last lack a field. Both
readings are tried over the whole section; when neither is clearly better, no row is sure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from parsers.platform_exports._return_spec import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from parsers.kit.htmlleaves import Leaf
    from parsers.platform_exports._return_spec import Spec

__all__ = ["Meaning", "Order", "lead_of", "order_of"]

Meaning: TypeAlias = "Callable[[str, Leaf], str | None]"
"""What a key means in a section, given its leaf; with ``?`` when only the value's shape says so; None: undeclared."""
Order = Literal["provider", "own", "open"]
_SHARED = {"keep", "display"}  # meanings that say nothing of a field's place


def lead_of(spec: Spec) -> str | None:
    """Meaning of the field the provider begins a row with; None when other fields mean the same."""
    meanings = list(spec.fields.values())
    return meanings[0] if meanings and meanings[0] not in _SHARED else None


@dataclass(slots=True)
class _Reading:
    """Rows of two fields, `first` before `second`, and how many of them lack one."""

    first: str
    waiting: bool = False
    incomplete: int = 0

    def see(self, found: str, pair: set[str]) -> None:
        """The next field that counts; an empty one ends rows."""
        if found in pair:
            self._take(found)
        elif not found:
            self.incomplete += self.waiting
            self.waiting = False

    def _take(self, found: str) -> None:
        if found == self.first:
            self.incomplete += self.waiting
            self.waiting = True
        else:
            self.incomplete += not self.waiting
            self.waiting = False


def order_of(again: Callable[[], Iterable[Leaf]], spec: Spec, meaning: Meaning) -> Order:
    """Which order of fields the rows of a section have: the provider's, one of their own, or it stays open.

    Args:
        again: Begins to read the leaves of the section; they are read to their end only when the first row does not
            begin with the provider's first field.
        spec: The section's declaration.
        meaning: What its keys mean.
    """
    lead = lead_of(spec)
    declared = [m for m in ("time", "ip", *spec.fields.values()) if m in spec.fields.values() and m != lead]
    if lead is None:
        return _without_lead(again(), spec, meaning) if declared[:2] == ["time", "ip"] else "own"
    readings = _Reading(lead), _Reading(declared[0] if declared else "")
    seen: set[str] = set()
    for found in _critical(again(), spec, meaning, None):
        if found == lead and not seen:
            return "provider"
        seen |= {found} - {""}
        for reading in readings:
            reading.see(found, {lead, readings[1].first})
    if lead not in seen and seen:
        return order_of(again, replace(spec, fields=dict(list(spec.fields.items())[1:])), meaning)
    return _decided(readings[0].incomplete, readings[1].incomplete)


def _critical(leaves: Iterable[Leaf], spec: Spec, meaning: Meaning, only: set[str] | None) -> Iterator[str]:
    """Meanings of fields that have a value, and an empty one wherever rows must end."""
    parent = None
    for leaf in leaves:
        key = key_of(leaf.label)
        found = (meaning(key, leaf) or "").rstrip("?") if leaf.parts and key not in spec.context else ""
        if key in spec.context or (found and leaf.parent != parent):
            yield ""
            parent = leaf.parent
        if found and (only is None or found in only):
            yield found
    yield ""


def _without_lead(leaves: Iterable[Leaf], spec: Spec, meaning: Meaning) -> Order:
    """Where nothing says which field comes first, rows are sure when all have both, or when there is one."""
    pair = {"ip", "time"}
    fields = list(_critical(leaves, spec, meaning, pair))
    reading = _Reading(next((found for found in fields if found), ""))
    for found in fields:
        reading.see(found, pair)
    alone = len(fields) - fields.count("") <= 2 or len(pair & set(fields)) < 2
    return "own" if alone or not reading.incomplete else "open"


def _decided(provider: int, own: int) -> Order:
    """The reading with clearly fewer rows that lack something; a change of order counts as a lack too."""
    if provider == 0 or provider + 1 < own:
        return "provider"
    return "own" if own == 0 or own + 1 < provider else "open"
