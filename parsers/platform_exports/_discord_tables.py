"""Discord's CSV tables, read by the titles of their columns in any order.

A title nobody declared is rejected by name, and its cells are kept in `extra`; a row whose number of cells is not
the header's is rejected whole, so that no value moves under another title.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject, Skip
from parsers.kit.lines import BLANK_LINE
from parsers.kit.tables import Row, csv_rows
from parsers.platform_exports._discord_messages import MESSAGE_FIELDS, message_event, with_flags
from parsers.platform_exports._json_rows import Shape, read_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source

__all__ = ["HEADER", "OWN_MESSAGES", "read_table", "titles_of"]

HEADER = "header"
_MESSAGES = frozenset({*MESSAGE_FIELDS, "contents", "attachments"})
OWN_MESSAGES = frozenset({"id", "timestamp", "contents", "attachments"})
"""Titles of a package's messages: the account holder's own, so no author is named."""
_RELATIONSHIP = Shape(
    event_type="relationship",
    desc="Recorded Time",
    fields={"user id": "target_account_id", "username": "target_account_login", "relationship": "event_action"},
    kinds={
        "blocked": "block",
        **dict.fromkeys(("incoming request", "outgoing request", "pending_incoming"), "follow_request"),
        "pending_outgoing": "follow_request",
    },
)
_RELATIONSHIP_TITLES = frozenset(_RELATIONSHIP.fields)


class _Header(NamedTuple):
    titles: tuple[str, ...]
    known: frozenset[str]


def titles_of(sample: Sample) -> frozenset[str]:
    """The titles in the first line, in lower case."""
    first = sample.head[:4096].removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
    return frozenset(_title(cell) for cell in first.decode("utf-8", "replace").split(","))


def _title(cell: str) -> str:
    return " ".join(cell.strip().strip('"').casefold().split())


def read_table(source: Source) -> Iterator[Item]:
    """Every row of a table of messages or of relationships."""
    header: _Header | None = None
    for row in csv_rows(source, ",", "utf-8"):
        if isinstance(row, Reject):
            yield row
        elif not any(row.cells):
            yield Skip(row.span, BLANK_LINE)
        elif header is None:
            header = _header(row)
            yield _said_of(header, row)
        else:
            yield _event(header, row)


def _header(row: Row) -> _Header:
    """Titles; one that stands twice keeps its first place, the others are set apart by their number."""
    titles: list[str] = []
    for cell in row.cells:
        title = _title(cell)
        titles.append(f"{title}#{len(titles) + 1}" if title in titles or not title else title)
    is_relation = len(_RELATIONSHIP_TITLES & set(titles)) > len(_MESSAGES & set(titles))
    return _Header(tuple(titles), _RELATIONSHIP_TITLES if is_relation else _MESSAGES)


def _said_of(header: _Header, row: Row) -> Item:
    unknown = [title for title in header.titles if title not in header.known]
    if not unknown:
        return Skip(row.span, HEADER)
    names = ", ".join(f"{title[:40]!a}" for title in unknown[:8])
    return Reject(row.span, f"no rule of this format reads the columns {names}", "unknown_structure")


def _event(header: _Header, row: Row) -> Item:
    if len(row.cells) != len(header.titles):
        return Reject(row.span, f"the row has {len(row.cells)} cells and the header {len(header.titles)}")
    values = {title: cell for title, cell in zip(header.titles, row.cells, strict=True) if cell}
    flags = ["lossy_text"] if row.lossy else []
    locator = f"row {row.number}"
    if header.known is _MESSAGES:
        return message_event(row.span, locator, values, flags)
    kind, columns = read_row(values, _RELATIONSHIP, "discord")
    return Event(row.span, locator, kind, with_flags(columns, flags))
