"""What Google's JSON exports share: one walk that says which member names nobody declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject, Skip
from parsers.kit.jsonspans import Element, open_document, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from parsers.contract import Item, Source
    from parsers.kit.jsonspans import Path

__all__ = ["Drift", "Record", "flags", "read_document", "text", "unread"]

_MOST_NAMED = 8


class Record(NamedTuple):
    """One object of a document, decoded."""

    element: Element
    value: dict[str, object]
    flags: tuple[str, ...]

    def event(self, event_type: str, values: dict[str, object], body: str | None = None) -> Event:
        """An event of this object's bytes."""
        return Event(self.element.span, self.element.pointer, event_type, values, body)


class Drift:
    """Names of members that are not declared, with how often they occurred."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def note(self, where: str, names: Iterable[str], known: Collection[str]) -> None:
        """Count the names that are not among `known`; `where` names the object they stand in."""
        for name in names:
            if name not in known:
                key = f"{where}/{name[:60]}"
                if key in self.seen or len(self.seen) < 1000:
                    self.seen[key] = self.seen.get(key, 0) + 1

    def told(self, last: Skip | Reject) -> Reject:
        """The last item of a document as one that names them, too."""
        named = ", ".join(f"{key!a} ({n})" for key, n in sorted(self.seen.items())[:_MOST_NAMED])
        reason = f"{len(self.seen)} member names are not known; their values are kept as written: {named}"
        if isinstance(last, Reject):
            return Reject(last.span, f"{last.reason}; {reason}", last.kind)
        return Reject(last.span, reason, "unknown_structure")


def read_document(
    source: Source,
    descend: Callable[[Path], bool],
    read: Callable[[Record, Drift], Iterable[Item]],
    other: Callable[[Element, object], Item] | None = None,
) -> Iterator[Item]:
    """Every object of a document through `read`; the last structure bytes carry what was not known.

    Args:
        source: The member.
        descend: Which containers are opened (see `parsers.kit.jsonspans.walk`).
        read: Items of one object.
        other: Item of a value that is no object; without it, such values are refused.
    """
    drift = Drift()
    waiting: Skip | Reject | None = None
    for item in walk(open_document(source), descend):
        if waiting is not None:
            yield waiting
            waiting = None
        if isinstance(item, Element):
            yield from _read(item, drift, read, other)
        else:
            waiting = item
    if waiting is not None:
        yield drift.told(waiting) if drift.seen else waiting


def _read(
    element: Element,
    drift: Drift,
    read: Callable[[Record, Drift], Iterable[Item]],
    other: Callable[[Element, object], Item] | None,
) -> Iterable[Item]:
    loaded = element.load()
    if isinstance(loaded, Reject):
        return (loaded,)
    if isinstance(loaded.value, dict):
        return read(Record(element, loaded.value, tuple(loaded.flags)), drift)
    return (other(element, loaded.value) if other else unread(element),)


def unread(element: Element) -> Reject:
    """What to yield for a value nothing declares."""
    return Reject(element.span, f"no rule of this format reads {element.pointer[:80]!a}", "unknown_structure")


def text(value: object) -> str | None:
    """A text that says something, else None."""
    return value if isinstance(value, str) and value.strip() else None


def flags(*groups: Iterable[str]) -> list[str] | None:
    """Flags of several places, once each."""
    return sorted({flag for group in groups for flag in group}) or None
