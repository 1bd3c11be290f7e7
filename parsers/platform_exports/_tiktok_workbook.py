"""The workbook of TikTok's return: a row for each time an account was active, read by the titles of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject, Skip
from parsers.kit.names import plain_name
from parsers.platform_exports._tiktok_cells import Order, order_of, put_address, read_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from parsers.contract import Item, Settings
    from parsers.kit.sheets import Sheet

__all__ = ["PARTS", "is_return", "read_sheet"]

PARTS = "workbook parts"
_SEARCHED = 20
_TIMES = {"time", "date", "datetime", "timestamp"}
_ADDRESSES = {"ip", "ipaddress"}
_STARTS = {"activestart", "activestarttime"}
_KNOWN = _TIMES | _ADDRESSES | _STARTS | {"country", "countrycode"}


def is_return(texts: Iterable[str]) -> bool:
    """Whether the texts of a workbook's cells hold the titles of the return."""
    titles = set(map(_title, texts))
    return bool(titles & _STARTS and titles & _ADDRESSES and titles & _TIMES)


def _title(text: str) -> str:
    """A title without what it says of the zone."""
    return plain_name(text[:80]).removesuffix("utc")


def read_sheet(sheet: Sheet, settings: Settings) -> Iterator[Item]:
    """Every row below the titles; a sheet without them is rejected."""
    rows = sheet.rows
    at = next((i for i, row in enumerate(rows[:_SEARCHED]) if {*map(_title, row.cells)} & _ADDRESSES), None)
    titles = {_title(cell) for cell in rows[at].cells} if at is not None else set()
    if at is None or not titles & _TIMES:
        yield Reject(sheet.span, "the sheet has no columns of times and addresses", "unknown_structure")
        return
    if at == len(rows) - 1:
        yield Skip(sheet.span, PARTS)
        return
    table = _Table(rows[at].cells, settings.timezone)
    texts = [cell for row in rows[at + 1 :] for cell in row.cells]
    order = order_of(texts, settings.date_order)
    for row in rows[at + 1 :]:
        yield Event(sheet.span, f"{sheet.name}!row {row.number}", "session", _session(row.cells, table, order))


class _Table(NamedTuple):
    titles: list[str]
    zone: str | None


def _session(cells: Sequence[str], table: _Table, order: Order | None) -> dict[str, object]:
    """One row; a title that stands twice gives its column to the first."""
    values: dict[str, object] = {"account_platform": "tiktok", "event_action": "active"}
    extra: dict[str, object] = {}
    flags: set[str] = set()
    titles = [*table.titles, *[""] * (len(cells) - len(table.titles))]
    for number, (title, cell) in enumerate(zip(titles, cells, strict=False), 1):
        name = _title(title)
        if name in _TIMES and cell and "timestamp_raw" not in values:
            moment = read_time(cell, order, table.zone, utc="utc" in title.casefold())
            values |= moment.columns("Recorded Time")
            flags.update(moment.flags)
        elif not (name in _ADDRESSES and "source_ip" not in values and put_address(values, cell, flags)) and cell:
            extra[title if title and title not in extra else f"column {number}"] = cell
    unknown = [title for title in table.titles if title and _title(title) not in _KNOWN]
    extra |= {"columns_unknown": unknown} if unknown else {}
    return {**values, "parse_flags": sorted(flags) or None, "extra": extra}
