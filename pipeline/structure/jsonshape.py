"""The shape of JSON text: places, kinds of values, counts. Read in pieces, so that size does not matter.

Every value belongs to a *place*: the way to it by member names, with list positions left out. A place counts what
stands there. When a place has very many names they are kept as one, so that memory is bounded by the layout.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from parsers.kit._jsontext import decode, utf16_codec
from pipeline.structure.words import is_known, is_value_like

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PathLine", "Place", "merge", "paths", "read_json"]

_PIECE = 1 << 20
_LONGEST_TOKEN = 64 << 20
_MOST_KEYS = 256  # different names at one place
_MOST_PLACES = 20_000
_DEEPEST = 64
_REPEATS, _SHARE = 5, 0.2  # a name in so many objects of a place, and in such a share of them, is a field
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)|[\[\]{}:,]|[^\s"\[\]{}:,]++', re.DOTALL)
_STRING_KIND = re.compile(
    rb'"(?:(?P<empty>")|(?P<digits>-?\d{1,25}")|(?P<time>\d{4}-\d\d-\d\d)|(?P<url>[a-z]{2,12}://)'
    rb'|(?P<address>\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}[":]|[0-9a-fA-F]{0,4}:[0-9a-fA-F:]{2,37}")'
    rb'|(?P<email>[^"@\s]{1,64}@[^"@\s]{1,200}")|(?P<text>))'
)
_NAMES = {"empty": "empty text", "digits": "digits as text", "time": "time as text", "url": "URL", "address": "address",
          "email": "e-mail", "text": "text"}  # fmt: skip
_LITERALS = {b"true": "true/false", b"false": "true/false", b"null": "null"}
_NUMBER = re.compile(rb"-?\d+(\.\d+)?([eE][-+]?\d+)?\Z")
_BRACKET = {ord("{"): "object", ord("["): "list"}


@dataclass(slots=True)
class Place:
    """What stands at one place of a document: kinds of values and how often, and the places below."""

    kinds: dict[str, int] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    items: Place | None = None
    hidden: Place | None = None
    n_hidden: int = 0

    def count(self, kind: str) -> None:
        """One more value of this kind."""
        self.kinds[kind] = self.kinds.get(kind, 0) + 1


@dataclass(slots=True)
class _Reading:
    root: Place = field(default_factory=Place)
    stack: list[tuple[Place, bool]] = field(default_factory=list)
    pending: Place | None = None
    places: int = 1
    trouble: str | None = None

    def target(self) -> Place | None:
        """The place of the value that comes next; None when a name is due instead."""
        if not self.stack:
            return self.root
        place, named = self.stack[-1]
        if named:
            found, self.pending = self.pending, None
            return found
        if place.items is None:
            place.items = Place()
        return place.items

    def name(self, token: bytes) -> None:
        """The place of a member, by its name."""
        place, loaded = self.stack[-1][0], decode(token)
        key = str(loaded.value) if loaded else "\n"
        found = place.keys.get(key)
        if found is None:
            if place.hidden is not None and not is_known(key):
                found, place.n_hidden = place.hidden, place.n_hidden + 1
            else:
                found = place.keys[key] = Place()
                self.places += 1
                if len(place.keys) > _MOST_KEYS or self.places > _MOST_PLACES:
                    found = self._gather(place, key, found)
        self.pending = found

    def _gather(self, place: Place, key: str, found: Place) -> Place:
        """Keep the unknown names of a place as one. Known words are few, so places stay few."""
        place.hidden = place.hidden or Place()
        for name in [k for k in place.keys if not is_known(k)]:
            merge(place.hidden, place.keys.pop(name))
            place.n_hidden += 1
        return found if key in place.keys else place.hidden


def read_json(stream: IO[bytes]) -> tuple[Place, str | None]:
    """The shape of a JSON text, of JSON lines, or of JSON behind an assignment; and where it stops being JSON.

    Returns:
        The place of the whole, and one sentence when the text could not be followed to its end.
    """
    reading = _Reading()
    for token in _tokens(stream, reading):
        _take(reading, token)
        if reading.trouble:
            break
    if reading.stack and not reading.trouble:
        reading.trouble = "the text ends inside a value"
    return reading.root, reading.trouble


def _take(reading: _Reading, token: bytes) -> None:
    first = token[0]
    if first in b":,":
        return
    if first in b"]}":
        if not reading.stack or reading.stack.pop()[1] != (first == ord("}")):
            reading.trouble = "the brackets stop pairing; what follows is not described"
        return
    if first == ord('"') and reading.stack and reading.stack[-1][1] and reading.pending is None:
        reading.name(token)
        return
    place = reading.target()
    if place is None:
        reading.trouble = "a name is missing; what follows is not described"
        return
    kind = _kind(token)
    if kind is None:
        reading.trouble = "from somewhere on this is not JSON; what follows is not described"
        return
    place.count(kind)
    if first in _BRACKET:
        if len(reading.stack) >= _DEEPEST:
            reading.trouble = f"nested deeper than {_DEEPEST} levels; what follows is not described"
            return
        reading.stack.append((place, first == ord("{")))


def _kind(token: bytes) -> str | None:
    first = token[0]
    if first in _BRACKET:
        return _BRACKET[first]
    if first == ord('"'):
        match = _STRING_KIND.match(token)
        return _NAMES[match.lastgroup or "text"] if match else "text"
    if token in _LITERALS:
        return _LITERALS[token]
    if _NUMBER.match(token):
        return "number" if b"." in token or len(token) < 9 else f"whole number of {len(token.lstrip(b'-'))} digits"
    return None


def _tokens(stream: IO[bytes], reading: _Reading) -> Iterator[bytes]:
    held = b""
    for piece in _pieces(stream):
        data, end = held + piece, 0
        for match in _TOKEN.finditer(data):
            if _may_go_on(match, len(data)):
                break
            end = match.end()
            yield match[0]
        held = data[end:]
        if len(held) > _LONGEST_TOKEN:
            reading.trouble = f"a text longer than {_LONGEST_TOKEN >> 20} MiB; what follows is not described"
            return
    for match in _TOKEN.finditer(held):
        if _is_open(match):
            reading.trouble = "the text ends inside a value"
            return
        yield match[0]


def _is_open(match: re.Match[bytes]) -> bool:
    return match[0][:1] == b'"' and match.start(1) == match.end(1)


def _may_go_on(match: re.Match[bytes], end: int) -> bool:
    """Whether a token may go on in the next piece: an open text, or a number at the very end."""
    return _is_open(match) or (match.end() == end and match[0][:1] not in b'[]{}:,"')


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    head = stream.read(_PIECE)
    codec = utf16_codec(head[:3])
    if codec:
        decoder = codecs.getincrementaldecoder(codec)("replace")
        while head:
            yield decoder.decode(head).lstrip("\ufeff").encode("utf-8", "replace")
            head = stream.read(_PIECE)
        return
    yield _after_assignment(head.removeprefix(b"\xef\xbb\xbf"))
    while piece := stream.read(_PIECE):
        yield piece


def _after_assignment(head: bytes) -> bytes:
    """JSON that a script assigns to a variable, without the assignment."""
    match = re.match(rb"\s{0,9}[\w.]{1,120}\s{0,9}=\s{0,9}(?=[\[{])", head)
    return head[match.end() :] if match else head


def merge(into: Place, other: Place) -> None:
    """Add what stands at another place."""
    for kind, n in other.kinds.items():
        into.kinds[kind] = into.kinds.get(kind, 0) + n
    for name, place in other.keys.items():
        merge(into.keys.setdefault(name, Place()), place)
    if other.items is not None:
        into.items = into.items or Place()
        merge(into.items, other.items)
    if other.hidden is not None:
        into.hidden = into.hidden or Place()
        merge(into.hidden, other.hidden)
    into.n_hidden += other.n_hidden


@dataclass(frozen=True, slots=True)
class PathLine:
    """One line of a dump: the path, and how often which kind of value stands there."""

    path: str
    kinds: dict[str, int]


def paths(place: Place, *, every_key: bool = False, at: str = "") -> Iterator[PathLine]:
    """Every place of a document in the order of first sight, with names that may be somebody's left out."""
    yield PathLine(at or "/", dict(sorted(place.kinds.items(), key=lambda pair: (-pair[1], pair[0]))))
    hidden, n_hidden = place.hidden or Place(), place.n_hidden
    shown = _shown(place, every_key=every_key)
    for name, below in place.keys.items():
        if name in shown:
            yield from paths(below, every_key=every_key, at=f"{at}/{name}")
        else:
            if hidden is place.hidden:
                hidden = Place()
                merge(hidden, place.hidden or Place())
            merge(hidden, below)
            n_hidden += 1
    if n_hidden:
        yield from paths(hidden, every_key=every_key, at=f"{at}/<key: {n_hidden}>")
    if place.items is not None:
        yield from paths(place.items, every_key=every_key, at=f"{at}[]")


def _shown(place: Place, *, every_key: bool) -> set[str]:
    named = {k: v for k, v in place.keys.items() if not is_value_like(k)}
    if every_key:
        return set(named)
    known = {k for k in named if is_known(k)}
    unknown = set(place.keys) - known
    alike = len({_outline(v) for v in place.keys.values()}) == 1
    if alike and len(unknown) > len(known):
        return set()  # names that all hold the same are a directory of somebody's, even where one looks like a word
    if alike or not known:
        return known
    objects = place.kinds.get("object", 0)
    repeated = {k for k in unknown & set(named) if sum(named[k].kinds.values()) >= max(_REPEATS, objects * _SHARE)}
    return known | repeated


def _outline(place: Place) -> tuple[object, ...]:
    """What makes two places alike: their kinds and, one level down, the names of what they hold."""
    inner = place.items if place.items is not None else place
    return tuple(sorted(k.split(" of ")[0] for k in place.kinds)), tuple(sorted(inner.keys)), place.items is not None
