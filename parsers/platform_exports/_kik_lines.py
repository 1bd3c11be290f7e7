"""Rows of Kik's older returns: cells between tabs, without titles.

What a cell is shows in its form alone: a count of milliseconds, an address, a Kik id. Where a row holds two ids of
people, nothing says which of them acted: neither account nor address is given then, both stay in `extra`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.contract import Event, Reject
from parsers.kit.addresses import parse_address
from parsers.kit.text import decode
from parsers.kit.time import Moment, from_epoch, parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item
    from parsers.kit.lines import Line

__all__ = ["looks_like_row", "read_line"]

_JID = re.compile(r"[A-Za-z0-9._-]{1,80}@talk\.kik\.com", re.ASCII)
_GROUP = re.compile(r"[A-Za-z0-9._-]{1,80}@groups\.kik\.com", re.ASCII)
_COUNT = re.compile(r"1[0-9]{12}", re.ASCII)
_WRITTEN = re.compile(r"\d{4}[/-]\d{2}[/-]\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})? (?:UTC|GMT)", re.ASCII)
_FEWEST = 3


def looks_like_row(raw: bytes) -> bool:
    """Whether a line has at least three cells, one of them a time and one an id of Kik's."""
    cells = decode(raw).text.split("\t")
    timed = any(_COUNT.fullmatch(cell) or _WRITTEN.fullmatch(cell) for cell in cells)
    return len(cells) >= _FEWEST and timed and any(_JID.fullmatch(cell) for cell in cells)


def read_line(line: Line) -> Iterator[Item]:
    """One row."""
    if not looks_like_row(line.raw):
        reason = "the line has no time or no Kik id between tabs, and no titles stand above it"
        yield Reject(line.span, reason, "unknown_structure")
        return
    text, lossy = decode(line.raw)
    cells = [cell.strip() for cell in text.split("\t")]
    people, groups = _distinct(_JID, cells), _distinct(_GROUP, cells)
    addresses = {one.ip: one for cell in cells if (one := parse_address(cell))}
    address = next(iter(addresses.values())) if len(addresses) == 1 and len(people) == 1 else None
    moment = _moment(cells)
    flags = {"lossy_text"} if lossy else set()
    flags |= {"peer_ambiguous"} if len(addresses) > 1 else set()
    flags |= {"direction_unknown"} if len(people) > 1 else set()
    flags |= {"v4_mapped"} if address and address.v4_mapped else set()
    values: dict[str, object] = {
        **(moment.columns("Recorded Time") if moment else {}),
        "account_platform": "kik",
        "account_login": people[0] if len(people) == 1 else None,
        "event_action": "untitled_row",
        "source_ip": address.ip if address else None,
        "source_port": address.port if address else None,
        "thread_id": groups[0] if len(groups) == 1 else None,
        "parse_flags": sorted(flags) or None,
        "extra": {f"cell_{number}": cell for number, cell in enumerate(cells, 1) if cell},
    }
    yield Event(line.span, line.locator, "activity", values)


def _distinct(pattern: re.Pattern[str], cells: list[str]) -> list[str]:
    return list(dict.fromkeys(cell for cell in cells if pattern.fullmatch(cell)))


def _moment(cells: list[str]) -> Moment | None:
    """The only time of a row; a count is finer than the same second written out. None when two disagree."""
    counts = [from_epoch(int(cell), cell, unit="ms") for cell in cells if _COUNT.fullmatch(cell)]
    written = [parse_iso(c.replace("/", "-"))._replace(raw=c) for c in cells if _WRITTEN.fullmatch(c)]
    found = [moment for moment in counts + written if moment.timestamp is not None]
    seconds = {moment.timestamp // 1_000_000 for moment in found if moment.timestamp is not None}
    return found[0] if len(seconds) == 1 else None
