"""`vestigo holder`: who held an address at a time, as lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.case import find_case, load_case
from pipeline.errors import UsageError
from pipeline.leases.query import canonical, holders, moment
from pipeline.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from pipeline.leases.query import Holder

__all__ = ["holder_lines"]

_KINDS = {
    "subscriber": "subscriber",
    "account_login": "account",
    "inside_address": "inside address",
    "device_mac": "device",
    "device_name": "device name",
    None: "holder not named in the records",
}
_INSIDE = 2
"""How many times an inside address is looked up in its turn (carrier NAT behind an access network)."""
_LAST_PORT = 65535


def holder_lines(case_dir: Path, address: str, at: str, port: int | None, within: float) -> list[str]:
    """What `vestigo holder` prints: every candidate, why it fits, and what to cite.

    Args:
        case_dir: The case folder, or a folder inside it.
        address: The address asked about.
        at: When, with a zone (``2026-03-01T10:00:00Z``).
        port: The source port, or None.
        within: How far the asking record's clock may be off, seconds.

    Raises:
        UsageError: the address, time, port or window cannot be used.
    """
    if port is not None and not 0 <= port <= _LAST_PORT:
        raise UsageError(f"{port} is not a port", next_step="give a port from 0 to 65535")
    if not 0 <= within < 1e9:
        raise UsageError(f"{within} is not a number of seconds", next_step="give seconds of 0 or more")
    store = Store(load_case(find_case(case_dir)).root)
    when = moment(at)
    title = f"{canonical(address)}{f' port {port}' if port is not None else ''} at {_utc(when)} ± {within:g} s"
    return [title, *_answer(store, canonical(address), port, (when, within), _INSIDE)]


def _answer(
    store: Store, address: str, port: int | None, window: tuple[datetime, float], inside: int
) -> Iterator[str]:
    found = holders(store, address, port, *window)
    certain = sum(h.fit == "certain" for h in found)
    if not found:
        yield f"  {_absence(store)}"
        return
    yield f"  {len(found)} candidate(s): {certain} certain, {len(found) - certain} possible; none is left out"
    for holder in found:
        yield from _block(holder)
        if inside and holder.lease["inside_ip"]:
            yield f"      {holder.lease['inside_ip']} at the same time:"
            lines = _answer(store, holder.lease["inside_ip"], None, window, inside - 1)
            yield from (f"      {line}" for line in lines)


def _block(holder: Holder) -> Iterator[str]:
    lease = holder.lease
    yield f"  {holder.fit:<8}  {_KINDS[holder.name_type]}{': ' + holder.name if holder.name else ''}"
    yield f"      lease   {_place(lease)}, {_span(lease)}"
    for why in holder.why:
        yield f"      why     {why}"
    if others := [name for name in lease["names"] if not name.endswith(f": {holder.name}")]:
        yield f"      also    {', '.join(others)}"
    if lease["uncertainty_s"] and lease["uncertainty_s"] > 1:
        yield f"      clock   the records' own times are uncertain by up to {lease['uncertainty_s']:.0f} s"
    yield f"      cite    {', '.join(lease['event_ids'])} in {', '.join(lease['exhibit_ids'])}"


def _place(lease: dict[str, Any]) -> str:
    if lease["port_start"] is None:
        return str(lease["address"])
    protocol = f" {lease['protocol']}" if lease["protocol"] else ""
    return f"{lease['address']} ports {lease['port_start']} to {lease['port_end']}{protocol}"


def _span(lease: dict[str, Any]) -> str:
    start = _utc(lease["start"]) if lease["start"] else _bound("not before", lease["start_earliest"])
    end = _utc(lease["end"]) if lease["end"] else _bound("not after", lease["end_latest"])
    return f"from {start} ({lease['start_basis']}) to {end} ({lease['end_basis']})"


def _bound(word: str, time: datetime | None) -> str:
    return f"{word} {_utc(time)}" if time else "an unknown time"


def _utc(time: datetime) -> str:
    return time.isoformat(timespec="microseconds" if time.microsecond else "seconds").replace("+00:00", "Z")


def _absence(store: Store) -> str:
    with store.connect() as con:
        count = con.sql("SELECT count(*) FROM leases").fetchall()[0][0]
    records = f"{count} lease(s) are known from the exhibits" if count else "the exhibits hold no lease records"
    return f"no record in this case covers it ({records}); that does not say that nobody held it"
