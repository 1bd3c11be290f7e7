"""JSON documents read element by element, each with the bytes it came from.

`walk` hands out the values of a document in order as `Element`s and says of all bytes between them that they are
structure. A sound document is cut by msgspec (`msgspec.Raw` slices); one that is not is cut by a scanner of its own,
which gives the same elements for sound documents, recovers every whole element before the break and rejects the rest.
A fault inside one element that leaves its brackets paired costs that element only. Members with equal keys are all
handed out, since each has bytes of its own; inside one element the last of equal keys wins (RFC 8259 section 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from parsers.contract import Reject, Skip, Span
from parsers.kit._jsontext import (
    CLOSERS,
    MAX_DEPTH,
    MEMBER_NAME,
    OPENERS,
    Gap,
    Loaded,
    decode,
    is_too_deep,
    separator,
    skip_space,
    space_at_end,
    top_keys,
    utf16_codec,
    value_end,
)
from parsers.kit._jsonwindows import WINDOW, list_window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from parsers.contract import RejectKind, Source

__all__ = [
    "JSON_STRUCTURE",
    "JSON_STRUCTURE_MEANING",
    "MAX_DEPTH",
    "Document",
    "Element",
    "Loaded",
    "Path",
    "load",
    "open_document",
    "pointer",
    "top_keys",
    "walk",
]

_LARGE = 16 << 20
"""Documents above this many bytes are read a window at a time."""
_SHORT, _FIRST_WINDOW = 16, 1 << 16
"""Lists are read by windows from this item on; the first windows are small, so that short lists cost little."""
JSON_STRUCTURE = "json structure"
JSON_STRUCTURE_MEANING = "brackets, commas, member names and white space between the values read"
Path = tuple[str | int, ...]


def load(data: bytes, span: Span) -> Loaded | Reject:
    """The value of one JSON text, or why the bytes hold none; `span` is where they stand."""
    if is_too_deep(data):
        return Reject(span, f"the value is nested deeper than {MAX_DEPTH} levels", "limit")
    return decode(data) or Reject(span, "the brackets pair but the bytes between them are not JSON", "malformed")


@dataclass(frozen=True, slots=True)
class Element:
    """One value of a document, not yet decoded.

    Attributes:
        span: Its bytes in the member's stream (in the original encoding).
        path: Member names and indices from the root.
        raw: Its JSON text, UTF-8.
    """

    span: Span
    path: Path
    raw: memoryview

    @property
    def pointer(self) -> str:
        """RFC 6901 pointer, safe to store: lone surrogates are visible escapes."""
        return pointer(self.path)

    def load(self) -> Loaded | Reject:
        """The value, or why these bytes hold none."""
        return load(bytes(self.raw), self.span)


@dataclass(frozen=True, slots=True)
class Document:
    """A document's JSON text as UTF-8, and where each of its bytes stands in the member.

    Attributes:
        text: The UTF-8 text; the source's own bytes unless it was UTF-16.
        start: Where the text begins, after a byte order mark.
        offset: Stream position of ``text[0]``.
        units: For UTF-16, bytes of the original before each index of `text`; else None.
    """

    text: memoryview
    start: int
    offset: int
    units: np.ndarray[tuple[int], np.dtype[np.int64]] | None = None

    def span(self, start: int, end: int) -> Span:
        """Stream span of ``text[start:end]``."""
        if self.units is not None:
            start, end = int(self.units[start]), int(self.units[end])
        return Span(self.offset + start, self.offset + end)


def pointer(path: Path) -> str:
    """RFC 6901 pointer of a path."""
    text = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return text.encode("utf-8", "backslashreplace").decode()


def open_document(source: Source) -> Document:
    """The source as one JSON text; UTF-8 with or without mark, or UTF-16 by mark or by its zero bytes."""
    head = bytes(source.view[:3])
    codec = utf16_codec(head)
    if codec is None:
        return Document(source.view, 3 if head == b"\xef\xbb\xbf" else 0, source.offset)
    data = bytes(source.view[: len(source.view) // 2 * 2])
    text = data.decode(codec, "surrogatepass" if _paired(data, codec) else "replace").encode("utf-8", "surrogatepass")
    lead = np.frombuffer(text, np.uint8)
    width = np.where((lead & 0xC0) == 0x80, 0, np.where(lead >= 0xF0, 4, 2))
    units = np.concatenate([[0], np.cumsum(width)]).astype(np.int64)
    return Document(memoryview(text), 3 if text.startswith(b"\xef\xbb\xbf") else 0, source.offset, units)


def _paired(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec, "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def walk(document: Document, descend: Callable[[Path], bool]) -> Iterator[Element | Reject | Skip]:
    """The elements of a document in order, with `Skip(JSON_STRUCTURE)` and `Reject` for all bytes between them.

    Args:
        document: From `open_document`.
        descend: Whether to hand out the members of the array or object at a path instead of the whole.
    """
    yield from _Walk(document, descend).run()


class _Fault(NamedTuple):
    kind: RejectKind
    reason: str


_CUT = _Fault("truncated", "the document ends inside this value")
_GARBLED = _Fault("malformed", "from here on the document is not JSON")
_TRAILING = _Fault("malformed", "these bytes follow the end of the document")


class _Walk:
    """One pass over a document. `said` is where spoken-of bytes end; `at` is where reading continues."""

    __slots__ = ("_at", "_descend", "_document", "_fault", "_said", "_slow", "_text")

    def __init__(self, document: Document, descend: Callable[[Path], bool]) -> None:
        self._document, self._descend, self._text = document, descend, document.text
        self._said = self._slow = 0
        self._at = document.start
        self._fault: _Fault | None = None

    def run(self) -> Iterator[Element | Reject | Skip]:
        start = skip_space(self._text, self._at)
        end = len(self._text) - space_at_end(self._text)
        if start < end:
            whole = end - start <= _LARGE and _is_whole(self._text, start, end)
            yield from self._value((), start, end if whole else None)
        if self._fault is None and self._at < end and start < end:
            yield from self._structure(self._at)
            self._fault = _TRAILING
        if self._fault is None:
            yield from self._structure(len(self._text))
        elif self._said < len(self._text):  # a cut right after an element leaves nothing to reject
            yield Reject(self._document.span(self._said, len(self._text)), self._fault.reason, self._fault.kind)

    def _structure(self, upto: int) -> Iterator[Skip]:
        if upto > self._said:
            yield Skip(self._document.span(self._said, upto), JSON_STRUCTURE)
            self._said = upto

    def _value(self, path: Path, at: int, end: int | None) -> Iterator[Element | Reject | Skip]:
        if self._text[at] in OPENERS and self._descend(path):
            children = _cut(self._text, at, end) if end is not None else None
            yield from self._scan(path, at) if children is None else self._known(path, children, end or at)
            return
        end = value_end(self._text, at) if end is None else end
        if end is None or (end == len(self._text) and path and self._text[at] not in b'[{"'):
            self._fault = _GARBLED if at < len(self._text) and self._text[at] in b",:]}" else _CUT
            return
        yield from self._structure(at)
        yield Element(self._document.span(at, end), path, self._text[at:end])
        self._said = self._at = end

    def _known(
        self, path: Path, children: list[tuple[str | int, int, int]], end: int
    ) -> Iterator[Element | Reject | Skip]:
        for step, start, stop in children:
            yield from self._value((*path, step), start, stop)
        self._at = end

    def _scan(self, path: Path, at: int) -> Iterator[Element | Reject | Skip]:
        """Members of a container whose end is unknown, until it closes or breaks."""
        named, closer, index = self._text[at] == ord("{"), CLOSERS[OPENERS.index(self._text[at])], 0
        size = _FIRST_WINDOW
        self._at = at + 1
        while self._fault is None:
            gap = separator(self._text, self._at)
            if gap.end < len(self._text) and self._text[gap.end] == closer:
                self._at = gap.end + 1
                return
            if not named and gap.comma and index >= _SHORT and self._slow <= gap.end < len(self._text) - size:
                items, size = self._window(gap.end, index, size), min(4 * size, WINDOW)
                if items:
                    index += len(items)
                    yield from self._known(path, items, items[-1][2])
                    continue
            step = self._step(gap, index, named=named)
            if step is not None:
                yield from self._value((*path, step), self._at, None)
            index += 1

    def _window(self, at: int, index: int, size: int) -> list[tuple[str | int, int, int]]:
        """Items of a long list that `size` bytes hold whole; `_slow` is where to try again after none was found."""
        items, cut = list_window(self._text, at, size)
        found = _bounds(self._text, enumerate(items, index), at, named=False) if items else []
        if found and skip_space(self._text, found[-1][2]) == cut:
            return found
        self._slow = max(cut, at + 1)
        return []

    def _step(self, gap: Gap, index: int, *, named: bool) -> str | int | None:
        """Name or index of the next member, with `_at` moved to its value; None sets the fault."""
        if gap.end >= len(self._text):
            self._fault = _CUT
        elif gap.comma != bool(index):
            self._fault = _GARBLED
        elif not named:
            self._at = gap.end
            return index
        else:
            return self._name(gap.end)
        return None

    def _name(self, at: int) -> str | None:
        match = MEMBER_NAME.match(self._text, at)
        name = decode(bytes(self._text[at : match.end(1)])) if match else None
        if match is None or name is None or match.end() >= len(self._text):
            cut = match is not None or value_end(self._text, at) in {None, len(self._text)}
            self._fault = _CUT if cut and self._text[at] == ord('"') else _GARBLED
            return None
        self._at = match.end()
        return str(name.value)


def _is_whole(text: memoryview, start: int, end: int) -> bool:
    """Whether the root may end where the text ends: a hint that lets msgspec try, never a promise."""
    return text[start] in OPENERS and text[end - 1] == CLOSERS[OPENERS.index(text[start])]


def _cut(text: memoryview, at: int, end: int) -> list[tuple[str | int, int, int]] | None:
    """Members of a sound container with their bounds; None when it is unsound or repeats a name."""
    named = text[at] == ord("{")
    members: Iterable[tuple[str | int, msgspec.Raw]]
    try:
        if named:
            members = msgspec.json.decode(text[at:end], type=dict[str, msgspec.Raw]).items()
        else:
            members = enumerate(msgspec.json.decode(text[at:end], type=list[msgspec.Raw]))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    out = _bounds(text, members, at + 1, named=named)
    return out if skip_space(text, out[-1][2] if out else at + 1) == end - 1 else None


def _bounds(
    text: memoryview, members: Iterable[tuple[str | int, msgspec.Raw]], where: int, *, named: bool
) -> list[tuple[str | int, int, int]]:
    """Where the members of a container stand; `where` is the index after its bracket, or of its first item."""
    out: list[tuple[str | int, int, int]] = []
    for step, raw in members:
        start = separator(text, where).end
        name = MEMBER_NAME.match(text, start) if named else None
        start = name.end() if name else start
        where = start + memoryview(raw).nbytes
        out.append((step, start, where))
    return out
