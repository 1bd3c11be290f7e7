"""What a format is, and the values that cross its border.

A format module holds `FORMATS`, a tuple of `Format`. Its parser receives a `Source` (bytes, never a path) and yields
`Event`, `Reject` and `Skip` values, each with the `Span` of bytes it speaks of. Nothing a parser meets in the bytes
may raise: bad content is a `Reject`. Bytes that no item covers are reported by the framework as rejects of kind
``unread``, so nothing can be lost in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    import pyarrow as pa

__all__ = [
    "Event",
    "Format",
    "Item",
    "ParsedBlock",
    "Reject",
    "RejectKind",
    "Sample",
    "Settings",
    "Skip",
    "Source",
    "Span",
    "Tier",
    "Trust",
]

Tier = Literal["data-proven", "source-verified", "unexercised"]
Trust = Literal["server_observed", "provider_asserted", "sender_controlled"]
RejectKind = Literal["malformed", "undecodable", "truncated", "unknown_structure", "limit", "unread"]


class Span(NamedTuple):
    """Half-open byte range ``[start, end)`` in the stream of one exhibit member (after decompression)."""

    start: int
    end: int


class Event(NamedTuple):
    """One record of evidence.

    `values` uses the column names of `parsers.schema` only; a missing key is null. Timestamps are integers,
    microseconds since 1970-01-01T00:00:00Z (use `parsers.kit.time.Moment.columns()`).
    `text` is the message body or log message; it goes to the table `texts`, never into `events`.
    """

    span: Span
    locator: str
    event_type: str
    values: Mapping[str, object]
    text: str | None = None


class Reject(NamedTuple):
    """Bytes that could not be read as a record, and why (one plain sentence, no evidence text in it)."""

    span: Span
    reason: str
    kind: RejectKind = "malformed"


class Skip(NamedTuple):
    """Bytes passed over by a rule the format declares in `Format.skips` (blank lines, directives, structure)."""

    span: Span
    rule: str


Item = Event | Reject | Skip


@dataclass(frozen=True, slots=True)
class Settings:
    """What a case says about one exhibit, as far as parsers may know it.

    Attributes:
        timezone: IANA name for values without a zone, or None when the case does not say.
        acquired_at: When the exhibit was acquired: no record in it can be younger.
        date_order: Pinned order of numeric dates, or None.
        column_map: Parsed TOML of a column map, for the mapped table.
        options: Free settings of a format (`--option key=value`).
        clock_offset_s: Seconds to add to every time of the exhibit, because its clock was wrong; the time as written
            stays in `timestamp_raw`.
    """

    timezone: str | None = None
    acquired_at: datetime | None = None
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    column_map: Mapping[str, object] | None = None
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    clock_offset_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes a parser reads: a whole member, or one unit of it cut after a newline.

    Attributes:
        view: Read-only bytes.
        offset: Position of ``view[0]`` in the member's stream; spans are ``offset + index``.
        first_line: 1-based number of the first line in `view`.
        settings: What the case says about the exhibit.
        name: The member's name as received. Attacker-controlled text: a hint for a human, never for a decision.
    """

    view: memoryview
    offset: int = 0
    first_line: int = 1
    settings: Settings = Settings()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """Head, middle and tail of a member, for recognition by content alone (each at most 64 KiB)."""

    head: bytes
    middle: bytes
    tail: bytes
    size: int

    def lines(self, per_window: int = 200) -> list[bytes]:
        """Up to `per_window` complete, non-blank lines of each window, without line ends."""
        out: list[bytes] = []
        for window, whole_start in ((self.head, True), (self.middle, False), (self.tail, False)):
            rows = window.split(b"\n")
            rows = rows if whole_start else rows[1:]
            rows = rows if self.size <= len(self.head) or window is self.tail else rows[:-1]
            out.extend([row.rstrip(b"\r") for row in rows if row.strip()][:per_window])
        return out


@dataclass(frozen=True, slots=True)
class ParsedBlock:
    """What a block parser returns: whole columns at once, and the lines it left to the row parser.

    `columns` holds equally long Arrow arrays under schema names and must contain `span_start`, `span_end`,
    `locator`, `event_type`; an optional key ``text`` holds message text. `leftovers` are row-parser items.
    """

    columns: Mapping[str, pa.Array]
    leftovers: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of evidence: how to know it, how to read it, what may be said of it.

    Attributes:
        id: ``family/kind`` in lower case; also the folder under ``sample_data/formats/``.
        version: Raised whenever results change for existing evidence.
        framing: ``line`` may be cut after any newline for parallel work; ``whole`` is read as one unit.
        recognise: Score 0..100 from content only (see `parsers.registry` for how scores decide).
        parse: Row parser over a `Source`; raises nothing on bad content.
        parse_block: Fast equal of `parse` over ~2 MiB; must give the same rows.
        resumes: Whether a line (without its end) goes on from the record before it; no cut is made before such a line
            (see `parsers.kit.runs`).
        event_types: Every `event_type` the parser can yield (names from `parsers.schema.EVENT_TYPES`).
        tier: How far the reading is proven; printed in reports.
        trust: Column name -> who vouches for its value.
        skips: Skip rule -> what it passes over and why.
        siblings: Ids of formats whose lines may stand in the same file (see `parsers.mixed`).
        references: Where the layout is documented, pinned.
        gaps: What is known not to be read, in plain words.
    """

    id: str
    version: int
    title: str
    framing: Literal["line", "whole"]
    recognise: Callable[[Sample], int]
    parse: Callable[[Source], Iterator[Item]]
    parse_block: Callable[[Source], ParsedBlock] | None = None
    resumes: Callable[[bytes], bool] | None = None
    event_types: tuple[str, ...]
    tier: Tier
    trust: Mapping[str, Trust] = field(default_factory=lambda: MappingProxyType({}))
    skips: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    siblings: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
