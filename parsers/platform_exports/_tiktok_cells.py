"""Cells of TikTok's return: times such as ``01/02/2026 10:00:00AM (UTC +00)``, the day first, and addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from parsers.kit.addresses import parse_address
from parsers.kit.time import Moment, parse_iso, unknown_time
from parsers.kit.timepattern import TimePattern, compile_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Order", "order_of", "put_address", "read_time"]

Order = Literal["dmy", "mdy"]
_WRITTEN = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4}) {1,4}(\d{1,2}:\d{2}:\d{2}) {0,4}([AP]M)?(?: {0,4}\(UTC ?([+-]\d{2}):?(\d{2})?\))?",
    re.IGNORECASE | re.ASCII,
)


def order_of(texts: Iterable[str], pinned: str | None) -> Order | None:
    """Which comes first: the day, by the layout's rule, unless the case or a date of the file says otherwise.

    None when one date of the file allows one order only and another the other.
    """
    if pinned in {"dmy", "mdy"}:
        return "mdy" if pinned == "mdy" else "dmy"
    pairs = [(int(match[1]), int(match[2])) for text in texts if (match := _WRITTEN.fullmatch(text[:80]))]
    month_first, day_first = any(second > 12 for _, second in pairs), any(first > 12 for first, _ in pairs)
    if month_first and day_first:
        return None
    return "mdy" if month_first else "dmy"


def read_time(text: str, order: Order | None, zone: str | None, *, utc: bool) -> Moment:
    """The instant written; `utc` when the layout says that times without a zone are UTC."""
    match = _WRITTEN.fullmatch(text[:80])
    if match is None:
        return parse_iso(text, zone, zoneless="format_rule" if utc else None)
    if order is None:
        return unknown_time(text, "date_order_ambiguous")
    offset = f"{match[6]}:{match[7] or '00'}" if match[6] else "Z" if utc else None
    parts = (f"{match[1]}/{match[2]}/{match[3]}", match[4], match[5], offset)
    moment = _pattern(order, half=bool(match[5]), offset=bool(offset)).parse(" ".join(filter(None, parts)), zone)
    return moment._replace(raw=text, basis="format_rule" if moment.basis and offset == "Z" else moment.basis)


def _pattern(order: Order, *, half: bool, offset: bool) -> TimePattern:
    date = "mm/dd/yyyy" if order == "mdy" else "dd/mm/yyyy"
    return compile_pattern(f"{date} {'hh:MM:SS tt' if half else 'HH:MM:SS'}{' zzz' if offset else ''}")


def put_address(values: dict[str, object], text: str, flags: set[str]) -> bool:
    """Put an address into its columns; False when there is none or it is not one."""
    found = parse_address(text) if text else None
    if found:
        values |= {"source_ip": found.ip, "source_port": found.port}
        flags |= {"v4_mapped"} if found.v4_mapped else set()
    elif text:
        flags.add("invalid_address")
    return found is not None
