"""One JSON document of X, archive or return: every item, by the name that wraps it or by the names inside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.contract import Event, Reject, Skip
from parsers.kit.jsonspans import Element, walk
from parsers.kit.names import plain_name
from parsers.platform_exports._json_rows import read_row
from parsers.platform_exports._json_values import instant, text_of
from parsers.platform_exports._x_messages import ENTRIES, check_id_time, read_entry, read_thread, with_flags
from parsers.platform_exports._x_shapes import CONVERSATION, IGNORED, MESSAGE_ENTRY, SHAPES, known_by_members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item
    from parsers.kit.jsonspans import Document, Path

__all__ = ["ADVERTISING", "ADVERTISING_MEANING", "Outline", "outline_of", "read_items"]

ADVERTISING = "advertising"
ADVERTISING_MEANING = "what was shown to the account as advertising; no act of the account"
_ENTRY_NAMES = frozenset(map(plain_name, ENTRIES))
_WRAPPERS = {*SHAPES, *IGNORED, *_ENTRY_NAMES, CONVERSATION}
_CREATION = {"account": "createdAt"}


@dataclass(slots=True)
class Outline:
    """What a first look at a document shows.

    Attributes:
        base: How long the path of an item is: 1 in a list, 0 when the document is one item.
        threads: Ids of conversations by the path of their item.
        kinds: What items without a wrapping name are, by path; None when they are nothing known.
        count: How many items there are.
        unknown: The name that wraps every item, when it is one that nobody declared.
    """

    base: int
    threads: dict[Path, str | None] = field(default_factory=dict)
    kinds: dict[Path, str | None] = field(default_factory=dict)
    count: int = 0
    unknown: str | None = None


def outline_of(document: Document) -> Outline:
    """Count the items, and find the ids of conversations and the items without a known wrapping name."""
    first = bytes(document.text[document.start : document.start + 4096]).lstrip()
    outline = Outline(0 if first.startswith(b"{") else 1)
    loose: dict[Path, list[str]] = {}
    wrapped: set[Path] = set()
    for element in walk(document, lambda path: len(path) <= outline.base or _is_conversation(path, outline.base)):
        if not isinstance(element, Element):
            continue
        item, rest = element.path[: outline.base], element.path[outline.base :]
        outline.count = max(outline.count, int(item[0]) + 1 if item else 1)
        if rest[-1:] == ("conversationId",) and len(rest) <= 2:
            outline.threads[item] = _scalar(element)
        if len(rest) > 1 or (rest and plain_name(rest[0]) in _WRAPPERS):
            wrapped.add(item)
        elif rest:
            loose.setdefault(item, []).append(str(rest[0]))
    outline.kinds = {
        item: known_by_members(names)
        for item, names in loose.items()
        if item not in wrapped and (len(names) > 1 or known_by_members(names))
    }
    names = {name for found in loose.values() for name in found}
    if len(names) == 1 and not wrapped and not outline.kinds:
        (outline.unknown,) = names
    return outline


def _is_conversation(path: Path, base: int) -> bool:
    return len(path) == base + 1 and plain_name(path[-1]) == CONVERSATION


def _scalar(element: Element) -> str | None:
    loaded = element.load()
    return None if isinstance(loaded, Reject) else text_of(loaded.value)


def read_items(
    document: Document, outline: Outline, *, thread: str | None = None, deleted: bool = False
) -> Iterator[Item]:
    """Every item of a document.

    Args:
        document: From `parsers.kit.jsonspans.open_document`, or one of its parts.
        outline: From `outline_of`.
        thread: The conversation that messages outside of any belong to.
        deleted: Whether the evidence says of the whole document that what it holds was deleted.
    """
    if outline.unknown is not None:
        yield from _unknown_whole(document, outline)
        return

    def descend(path: Path) -> bool:
        item, rest = path[: outline.base], path[outline.base :]
        if not rest:
            return len(path) < outline.base or outline.kinds.get(item, CONVERSATION) == CONVERSATION
        if rest[0] == "messages" and len(rest) == 1:
            return outline.kinds.get(item) == CONVERSATION
        return plain_name(rest[0]) == CONVERSATION and (len(rest) == 1 or (len(rest) == 2 and rest[1] == "messages"))

    for element in walk(document, descend):
        if not isinstance(element, Element):
            yield element
            continue
        item = element.path[: outline.base]
        for found in _read(element, outline, outline.threads.get(item) or thread):
            yield _deleted(found) if deleted and isinstance(found, Event) else found


def _unknown_whole(document: Document, outline: Outline) -> Iterator[Item]:
    """One reject for a list of one unknown kind, however long it is."""
    for item in walk(document, lambda _path: False):
        many = "the only item" if outline.count == 1 else f"the {outline.count} items"
        what = f"{many} {str(outline.unknown)[:80]!a}"
        reason = f"no rule of this format reads {what}"
        yield Reject(item.span, reason, "unknown_structure") if isinstance(item, Element) else item


def _deleted(event: Event) -> Event:
    if event.event_type not in {"message", "activity"}:
        return event
    return Event(event.span, event.locator, event.event_type, {**event.values, "deleted_flag": True}, event.text)


def _read(element: Element, outline: Outline, thread: str | None) -> Iterator[Item]:
    item, rest = element.path[: outline.base], element.path[outline.base :]
    inside = rest[1:] if rest and plain_name(rest[0]) == CONVERSATION else rest
    bare = outline.kinds.get(item)
    if inside[:1] == ("messages",) and len(inside) == 2:
        yield _entry(element, thread)
    elif inside == ("conversationId",):
        yield read_thread(element, thread)
    elif not rest and bare:
        yield from _value(element, bare, thread)
    elif len(rest) == 1 and plain_name(rest[0]) in _WRAPPERS:
        yield from _value(element, str(rest[0]), thread)
    else:
        yield _unknown(element, rest)


def _unknown(element: Element, rest: Path) -> Reject:
    """Only names stand in the reason."""
    names = "/".join(str(step) for step in rest)
    what = f"the member {names[:80]!a}" if names else "the item: it has no name that is known"
    return Reject(element.span, f"no rule of this format reads {what}", "unknown_structure")


def _entry(element: Element, thread: str | None) -> Item:
    """An entry of a conversation: wrapped by its kind, or a bare message."""
    loaded = element.load()
    if isinstance(loaded, Reject):
        return loaded
    value = loaded.value
    if isinstance(value, dict) and len(value) == 1:
        ((kind, inner),) = value.items()
        return read_entry(element, kind, inner, thread, loaded.flags)
    bare = isinstance(value, dict) and known_by_members(value) == MESSAGE_ENTRY
    return read_entry(element, "messageCreate" if bare else "without a name", value, thread, loaded.flags)


def _value(element: Element, name: str, thread: str | None) -> Iterator[Item]:
    kind = plain_name(name)
    loaded = element.load()
    if isinstance(loaded, Reject):
        yield loaded
    elif kind in IGNORED:
        yield Skip(element.span, IGNORED[kind])
    elif kind in _ENTRY_NAMES:
        entry = next(entry for entry in ENTRIES if plain_name(entry) == kind)
        yield read_entry(element, entry, loaded.value, thread, loaded.flags)
    elif isinstance(loaded.value, dict) and kind in SHAPES:
        yield from _row(element, kind, loaded.value, loaded.flags)
    else:
        yield _unknown(element, (name,))


def _row(element: Element, kind: str, value: dict[str, object], flags: tuple[str, ...]) -> Iterator[Event]:
    posted = kind == "tweet"
    text = value.get("full_text", value.get("text")) if posted else None
    text = text if isinstance(text, str) and text else None
    rest = {k: v for k, v in value.items() if text is None or k not in {"full_text", "text"} or v != text}
    event_type, columns = read_row(rest, SHAPES[kind], "x")
    extra = columns["extra"] if isinstance(columns["extra"], dict) else {}
    inner = [member for member in value.values() if isinstance(member, dict)] if event_type == "account_change" else []
    extra |= {k: v for member in inner for k, v in member.items() if k in {"changedFrom", "changedTo"} and v}
    if posted:
        check_id_time(columns)
        columns["deleted_flag"] = True if value.get("deleted_at") else None
    yield Event(element.span, element.pointer or "/", event_type, with_flags(columns, flags), text)
    moment = instant(value.get(_CREATION.get(kind, "")), utc=True)
    if moment:
        named = {name: columns.get(name) for name in ("account_platform", "account_id", "account_login")}
        named["account_display_name"] = columns.get("account_display_name")
        values = {**moment.columns("Creation Time"), **named, "event_action": "created", "parse_flags": flags or None}
        yield Event(element.span, element.pointer or "/", "account_created", values)
