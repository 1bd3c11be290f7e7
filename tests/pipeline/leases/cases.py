"""Lease records written as evidence, read by the real formats, joined into a case's table "leases"."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from parsers.contract import Settings, Source
from parsers.reader import StreamId, read
from parsers.registry import find_format
from pipeline.leases.joining import lease_tables
from pipeline.leases.query import holders
from pipeline.store import Store
from pipeline.tables import schema_of

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.leases.query import Holder

T0 = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
EPOCH = 1_772_359_200


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def lease_store(root: Path, *exhibits: tuple[str, str], zone: str | None = "UTC") -> Store:
    """A case with these exhibits, each (format id, content), and their leases."""
    store, rows = Store(root), []
    for number, (format_id, content) in enumerate(exhibits, 1):
        data = content.encode()
        digest = hashlib.sha256(data).hexdigest()
        fmt = find_format(format_id)
        source = Source(memoryview(data), settings=Settings(timezone=zone))
        batches = list(read(fmt, source, StreamId(digest, "", fmt.id, fmt.version)))
        store.write("events", f"{number:03d}", pa.concat_tables([b.events for b in batches]))
        rows.append({"exhibit_id": f"EX-{number:03d}", "sha256": digest})
    store.write("exhibits", "all", pa.Table.from_pylist(rows, schema_of("exhibits")))
    with store.connect() as con:
        for number, table in enumerate(lease_tables(con)):
            store.write("leases", f"{number:05d}", table, ordered=True)
    return store


def leases(store: Store) -> list[dict[str, Any]]:
    """The leases by start, without what other tests look at."""
    rows: list[dict[str, Any]] = store.read("leases").to_pylist()
    return sorted(rows, key=lambda r: (r["address"], r["start_latest"] or T0, r["lease_id"]))


def names(found: list[Holder]) -> list[tuple[str, str | None]]:
    return [(holder.fit, holder.name) for holder in found]


def ask(store: Store, address: str, seconds: float, port: int | None = None, within: float = 0) -> list[Holder]:
    return holders(store, address, port, at(seconds), within)


def radius(
    status: str,
    seconds: int,
    user: str,
    address: str | None = None,
    session: str = "s1",
    nas: str = "nas1",
    **more: str,
) -> str:
    """One block of a FreeRADIUS detail file."""
    pairs = {
        "Acct-Status-Type": status,
        "Acct-Session-Id": f'"{session}"',
        "User-Name": f'"{user}"',
        "NAS-Identifier": f'"{nas}"',
        **({"Framed-IP-Address": address} if address else {}),
        **{name.replace("_", "-"): value for name, value in more.items()},
        "Timestamp": str(EPOCH + seconds),
    }
    return "Sun Mar  1 10:00:00 2026\n" + "".join(f"\t{k} = {v}\n" for k, v in pairs.items()) + "\n"


def junos(verb: str, seconds: int, inside: str, first: int, last: int, outside: str = "203.0.113.80") -> str:
    """One line of a carrier NAT log."""
    word = {"ALLOC": "allocates", "RELEASE": "releases", "INTERIM": "interim"}[verb]
    return (
        f"{at(seconds):%Y-%m-%dT%H:%M:%SZ} cgn1 RT_NAT: RT_SRC_NAT_PBA_{verb}: Subscriber {inside} used/maximum [1/8] "
        f"blocks, {word} port block [{first}-{last}] from {outside} in source pool p lsys_id: 0\n"
    )
