"""CSV tables whose rows are read by the titles above them, in any order of columns.

A family declares its tables: which titles make one known, and what each title's cell means. Titles are compared
without case, blanks and punctuation (``first seen time`` is ``first_seen_time``). A title nobody declared is rejected
by name and its cells are kept in `extra`; a row with another number of cells than its header is rejected whole, so
that no value moves under another title.
"""

from __future__ import annotations

import csv
import re
import string
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject, Skip
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING
from parsers.kit.tables import DELIMITERS, Row, bom_encoding, csv_rows
from parsers.platform_exports._json_rows import Shape, read_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from parsers.contract import Item, Sample, Source
    from parsers.kit.time import Moment

__all__ = [
    "OWN_MEANINGS",
    "TITLES",
    "TITLE_SKIPS",
    "Draft",
    "Header",
    "Table",
    "first_header",
    "header_item",
    "header_of",
    "opening",
    "read_tables",
    "row_items",
    "title_key",
    "title_score",
]

TITLES = "header row"
TITLE_SKIPS = MappingProxyType({TITLES: "names the columns of the rows below it", BLANK_LINE: BLANK_LINE_MEANING})
OWN_MEANINGS = frozenset({"kept", "text", "sender", "recipients", "attachment"})
"""Words a field may be declared to mean here, besides those of `_json_rows.MEANINGS`."""

_LEFT_OUT = dict.fromkeys(map(ord, string.punctuation + string.whitespace + "\u00a0\u2019\ufeff"))
_SNIFF = 1 << 16
_MOST_NAMED = 8
_FIRST_LINES = 40
_LONGEST_TITLE = 80
_LIST = re.compile("[,;] ?")
_ROUTES = MappingProxyType(
    {
        "text": "text",
        "sender": "sender",
        "recipients": "recipients",
        "attachment": "attachment_names",
    }
)


class Draft(NamedTuple):
    """An event before its bytes are known."""

    event_type: str
    values: dict[str, object]
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One kind of table.

    Attributes:
        event_type: What its rows are, unless `kinds` says otherwise.
        action: Their `event_action` when the row states none.
        desc: What their time is the time of.
        required: Title keys that make the table known.
        any_of: Further needed titles, each in several spellings: one key of every set must be there.
        fields: Title key -> meaning; of two titles for one column the first declared wins.
        kinds: Action in lower case -> event type.
        device_id_type: What kind of id its device id is.
        utc: Whether times without a zone are UTC by the format's rule.
        read_time: See `Shape.read_time`.
        finish: Makes the events of a row from its draft and its cells by title key.
        weak: Whether the required titles are common ones: half of all titles must then be the table's own.
        score: Points a file of such rows gets when all its titles are known.
    """

    event_type: str
    action: str | None = None
    desc: str = "Recorded Time"
    required: frozenset[str] = frozenset()
    any_of: tuple[frozenset[str], ...] = ()
    fields: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    device_id_type: str | None = None
    utc: bool = False
    read_time: Callable[[object, str | None], Moment | None] | None = None
    finish: Callable[[Draft, Mapping[str, str]], Iterable[Draft]] | None = None
    weak: bool = False
    score: int = 95

    def known_by(self, keys: frozenset[str]) -> bool:
        """Whether the titles it needs are among these keys of titles."""
        return self.required <= keys and not any(keys.isdisjoint(one) for one in self.any_of)


class Header(NamedTuple):
    """A header row as understood: its table, unique titles as written, their keys, and the fields it really has."""

    table: Table
    titles: tuple[str, ...]
    keys: tuple[str, ...]
    shape: Shape

    @property
    def unknown(self) -> list[str]:
        """Titles nobody declared, or that come again."""
        return [t for t, key in zip(self.titles, self.keys, strict=True) if key not in self.table.fields]


def title_key(title: str) -> str:
    """A title without case, blanks and punctuation."""
    return title.casefold().translate(_LEFT_OUT)


def header_of(cells: Sequence[str], tables: Iterable[Table]) -> Header | None:
    """The header these cells are: of the table that knows most of them; None when they are none."""
    if max(map(len, cells), default=0) > _LONGEST_TITLE:
        return None
    keys = frozenset(title_key(cell) for cell in cells)
    found = [t for t in tables if t.known_by(keys) and not (t.weak and len(keys & t.fields.keys()) * 2 < len(keys))]
    if not found:
        return None
    return _bound(max(found, key=lambda table: len(keys & table.fields.keys())), cells)


def _bound(table: Table, cells: Sequence[str]) -> Header:
    titles: list[str] = []
    keys: list[str] = []
    for number, cell in enumerate(cells, 1):
        title, key = cell.strip(), title_key(cell)
        again = not key or key in keys
        titles.append(f"{title}#{number}" if again else title)
        keys.append(f"#{number}" if again else key)
    written = dict(zip(keys, titles, strict=True))
    fields = {written[key]: meaning for key, meaning in table.fields.items() if key in written}
    read = {title: meaning for title, meaning in fields.items() if meaning not in OWN_MEANINGS}
    shape = Shape(
        event_type=table.event_type,
        action=table.action,
        desc=table.desc,
        fields=read,
        kinds=table.kinds,
        device_id_type=table.device_id_type,
        utc=table.utc,
        read_time=table.read_time,
    )
    return Header(table, tuple(titles), tuple(keys), shape)


def opening(head: bytes) -> tuple[str, str]:
    """The first bytes as text, and the encoding of the whole."""
    encoding = bom_encoding(head) or "utf-8"
    return head[:_SNIFF].decode(encoding, "ignore").removeprefix("\ufeff"), encoding


def first_header(text: str, tables: Sequence[Table]) -> tuple[str, Header] | None:
    """The delimiter under which one of the first lines is a header, and that header."""
    lines = text.splitlines()[:_FIRST_LINES]
    for delimiter in DELIMITERS:
        for line in lines:
            try:
                cells = next(csv.reader([line], delimiter=delimiter), [])
            except csv.Error:
                continue
            if header := header_of(cells, tables):
                return delimiter, header
    return None


def title_score(sample: Sample, tables: Sequence[Table]) -> int:
    """Points for a file whose first line that is not blank is a header of one of the tables."""
    text, _ = opening(sample.head)
    found = first_header(text.lstrip("\r\n").split("\n", 1)[0], tables)
    if not found:
        return 0
    header = found[1]
    return header.table.score - 15 * len(header.unknown) // len(header.titles)


def read_tables(source: Source, tables: Sequence[Table], platform: str) -> Iterator[Item]:
    """Every row below a header, by that header's titles."""
    text, encoding = opening(bytes(source.view[:_SNIFF]))
    found_first = first_header(text, tables)
    header: Header | None = None
    for row in csv_rows(source, found_first[0] if found_first else ",", encoding):
        if isinstance(row, Reject):
            yield row
        elif not any(cell.strip() for cell in row.cells):
            yield Skip(row.span, BLANK_LINE)
        elif found := header_of(row.cells, tables):
            yield header_item(found, row, header)
            header = found
        else:
            yield from row_items(header, row, platform, source.settings.timezone)


def header_item(header: Header, row: Row, before: Header | None = None) -> Item:
    """What is said of a header's own bytes; one written again (a later part of the same export) tells nothing new."""
    odd = header.unknown if header != before else []
    if not odd:
        return Skip(row.span, TITLES)
    names = ", ".join(f"{title[:40]!a}" for title in odd[:_MOST_NAMED])
    reason = f"no rule of this format reads the columns {names}; their cells are kept as written"
    return Reject(row.span, reason, "unknown_structure")


def row_items(
    header: Header | None, row: Row, platform: str, zone: str | None, own: Mapping[str, object] = MappingProxyType({})
) -> Iterator[Item]:
    """The events of one row, or why it gives none; `own` is the account of the file, if it names one."""
    if header is None:
        yield Reject(row.span, "no row above this one names the columns", "unknown_structure")
        return
    if len(row.cells) != len(header.titles):
        yield Reject(row.span, f"the row has {len(row.cells)} cells where its header has {len(header.titles)}")
        return
    cells = {key: cell for key, cell in zip(header.keys, row.cells, strict=True) if cell.strip()}
    draft = _draft(header, row, platform, zone)
    if _misfits(header.shape, draft.values):
        reason = "neither the time nor the address can be read where the header says they stand"
        yield Reject(row.span, reason, "unknown_structure")
        return
    finish = header.table.finish
    for one in finish(draft, cells) if finish else (draft,):
        flags, unsent = one.values.get("parse_flags"), one.event_type == "message" and not _sender(one.values)
        all_flags = {*(flags if isinstance(flags, list) else []), *(["lossy_text"] if row.lossy else [])}
        all_flags |= {"direction_unknown"} if unsent else set()
        values = (dict(one.values) if unsent else _owned(one.values, own)) | {"parse_flags": sorted(all_flags) or None}
        yield Event(row.span, f"row {row.number}", one.event_type, values, one.text)


def _sender(values: Mapping[str, object]) -> bool:
    """Whether a message says whose it is; one that does not is never taken for the owner's of the file."""
    names = ("sender", "account_id", "account_login", "account_display_name")
    return values.get("event_action") == "sent" or any(values.get(name) is not None for name in names)


def _owned(values: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Values with the account of the file, unless the row names another one."""
    named = {values.get("account_id"), values.get("account_login")} - {None}
    if named - set(own.values()):
        return dict(values)
    return {**own, **{k: v for k, v in values.items() if v is not None or k not in own}}


def _draft(header: Header, row: Row, platform: str, zone: str | None) -> Draft:
    plain: dict[str, object] = {}
    routed: dict[str, object] = {}
    for title, key, cell in zip(header.titles, header.keys, row.cells, strict=True):
        meaning = header.table.fields.get(key, "kept")
        if not cell.strip():
            continue
        if meaning in _ROUTES and _ROUTES[meaning] not in routed:
            routed[_ROUTES[meaning]] = [cell] if meaning == "attachment" else cell
        else:
            plain[title] = cell
    kind, columns = read_row(plain, header.shape, platform, zone)
    text = routed.pop("text", None)
    if "recipients" in routed:
        routed["recipients"] = [part for part in _LIST.split(str(routed["recipients"])) if part]
    if "sender" in routed and not columns.get("account_login"):
        columns["account_login"] = routed["sender"]
    return Draft(kind, columns | routed, str(text) if text is not None else None)


def _misfits(shape: Shape, values: Mapping[str, object]) -> bool:
    """Whether neither the time nor the address is one, and both are there: the row belongs to another header."""
    flags, left = values.get("parse_flags"), values.get("extra")
    timed = isinstance(left, dict) and any(shape.fields.get(name) == "time" for name in left)
    bad_address = isinstance(flags, list) and "invalid_address" in flags
    return bad_address and timed and values.get("timestamp") is None
