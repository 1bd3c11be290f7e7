"""Who held an address (and port) at a time: every lease that can answer, and how well it fits. Never only one.

A lease fits *certainly* when the whole time window lies where it is recorded as held (`start_latest` to
`end_earliest`) and the port, if its records speak of ports, is given. It fits *possibly* when the window touches what
cannot be excluded (`start_earliest` to `end_latest`). A wider window never removes a lease, it can only make a certain
one possible.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from parsers.kit.addresses import parse_address
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.store import Store

__all__ = ["Holder", "canonical", "holders", "moment"]

_CANDIDATES = """
SELECT lease_id, address, port_start, port_end, protocol, holder, holder_type, device_mac, inside_ip, names,
       start_earliest, start_latest, start_basis, start, "end", end_earliest, end_latest, end_basis, uncertainty_s,
       recorded_by, event_ids, exhibit_ids
FROM leases
WHERE list_contains(?, address)
  AND (? IS NULL OR port_start IS NULL OR ? BETWEEN port_start AND coalesce(port_end, port_start))
  AND (start_earliest IS NULL OR start_earliest <= ?) AND (end_latest IS NULL OR end_latest >= ?)
ORDER BY lease_id
"""
_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_OPEN_START = {
    "session_time": "its start is counted back from the session's length in a later record",
    "session_start": "its session began earlier; when it was given the address is not recorded",
    "previous_end": "its start was not recorded; it lies after the end of the lease before it",
    "unknown": "its start was not recorded",
}
_OPEN_END = {
    "removed": "it was removed at a moment that is not recorded",
    "next_start": "no stop was recorded; the next lease of the address bounds its end",
    "restart": "no stop was recorded; a restart of the access server bounds its end",
    "unknown": "no stop was recorded, and nothing bounds its end",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """One lease that can answer.

    Attributes:
        fit: ``certain`` or ``possible``.
        why: Plain sentences that say what the fit rests on.
        name: Subscriber, user, inside address or device as written; None when the records name nobody.
        name_type: What kind of name it is.
        lease: The row of the table "leases"; times are aware datetimes, null bounds are open.
    """

    fit: Literal["certain", "possible"]
    why: tuple[str, ...]
    name: str | None
    name_type: str | None
    lease: dict[str, Any]


def holders(store: Store, address: str, port: int | None, time: datetime, uncertainty_s: float) -> list[Holder]:
    """All leases that cover `address` (and `port`) somewhere in `time` ± `uncertainty_s`: certain ones first.

    Args:
        store: The tables of a case.
        address: An IP address; leases of prefixes that contain it answer, too.
        port: The public source port, or None when it is not known.
        time: When, with its zone.
        uncertainty_s: How far the asking record's clock may be off, seconds.

    Raises:
        UsageError: `address` is no address, or `time` has no zone.
    """
    places = _places(canonical(address))
    low, high = _window(time, uncertainty_s)
    with store.connect() as con:
        rows = con.sql(_CANDIDATES, params=[places, port, port, high, low]).to_arrow_table().to_pylist()
    found = [_judged(_aware(row), port, low, high) for row in rows]
    return sorted(found, key=lambda h: (h.fit != "certain", h.lease["start_latest"] or _LATEST, h.lease["lease_id"]))


def canonical(address: str) -> str:
    """The canonical text of an address.

    Raises:
        UsageError: it is none.
    """
    found = parse_address(address)
    if found is None or found.port is not None:
        raise UsageError(f"{address!r} is not an IP address", next_step="write it like 192.0.2.1 or 2001:db8::1")
    return found.ip


def moment(text: str) -> datetime:
    """A time with its zone.

    Raises:
        UsageError: it cannot be read, or names no zone.
    """
    from parsers.kit.time import parse_iso

    read = parse_iso(text)
    if read.timestamp is None or read.basis != "in_value":
        raise UsageError(
            f"{text!r} is not a time with a zone", next_step="write it like 2026-03-01T10:00:00Z or ...+01:00"
        )
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=read.timestamp)


def _places(address: str) -> list[str]:
    """The address, and every network that contains it, as the table writes them."""
    ip = ipaddress.ip_address(address)
    networks = (ipaddress.ip_network((ip, length), strict=False) for length in range(ip.max_prefixlen + 1))
    return [str(ip), *map(str, networks)]


def _window(time: datetime, uncertainty_s: float) -> tuple[datetime, datetime]:
    if time.tzinfo is None:
        raise UsageError("the time has no zone", next_step="give it with an offset, or in UTC")
    spread = timedelta(seconds=max(0.0, uncertainty_s))
    at = time.astimezone(UTC)
    return (at - spread if at - _EARLIEST > spread else _EARLIEST), (at + spread if _LATEST - at > spread else _LATEST)


def _aware(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v.astimezone(UTC) if isinstance(v, datetime) else v for k, v in row.items()}


def _judged(row: dict[str, Any], port: int | None, low: datetime, high: datetime) -> Holder:
    doubts = tuple(_doubts(row, port, low, high))
    if doubts:
        return Holder("possible", doubts, row["holder"], row["holder_type"], row)
    why = "the whole time window lies where the records show it as held"
    return Holder("certain", (why,), row["holder"], row["holder_type"], row)


def _doubts(row: dict[str, Any], port: int | None, low: datetime, high: datetime) -> Iterator[str]:
    """Why the lease fits no better than possibly."""
    if port is None and row["port_start"] is not None:
        yield f"no port was given, and it covers ports {row['port_start']} to {row['port_end']} only"
    if row["start_latest"] is None:
        yield "its records state no time"
    elif low < row["start_latest"]:
        yield _OPEN_START.get(row["start_basis"], "the time window begins before it is sure to have started")
    if row["end_earliest"] is None or high > row["end_earliest"]:
        yield _OPEN_END.get(row["end_basis"], "the time window goes on after it is sure to have lasted")
