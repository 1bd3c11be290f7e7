"""Address databases that a case plugs in: any file in MaxMind DB format.

The file is untrusted: a broken one is a `CaseError` that names it. It is read by the pure-Python reader of `maxminddb`,
because the C extension of 3.2.0 ends the whole process (segmentation fault) on some damaged files. Every database
answers for itself, in the order in which the case names them; nothing is merged here.
"""

from __future__ import annotations

import ipaddress
import struct
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import maxminddb
import numpy as np
import pyarrow as pa

from pipeline.enrich.answers import Answers, answer_table
from pipeline.enrich.records import Record, clean, read_record
from pipeline.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.enrich.addresses import Addresses
    from pipeline.enrich.index import Ints

__all__ = ["Database", "about_database", "ask_database", "licence_warning"]

_BROKEN = (
    maxminddb.InvalidDatabaseError, OSError, ValueError, TypeError, LookupError, AttributeError, OverflowError,
    MemoryError, RecursionError, struct.error,
)


GEOLITE_WARNING = (
    "the GeoLite licence asks that old versions be destroyed and forbids using the data to locate specific people, "
    "households or street addresses; have counsel decide before it is relied on."
)


class Database(NamedTuple):
    """One database of the case.

    Attributes:
        path: The file.
        name: What reports call it; empty for the file's name.
        sha256: Digest of the file.
        overrides_special: Whether it also answers for special-purpose ranges, where the other sources are not asked.
    """

    path: Path
    name: str
    sha256: str
    overrides_special: bool = False

    @property
    def title(self) -> str:
        """Its name in claims."""
        return self.name or self.path.name


@contextmanager
def _opened(database: Database) -> Iterator[maxminddb.Reader]:
    try:
        with maxminddb.open_database(database.path, maxminddb.MODE_MMAP) as reader:
            yield reader
    except _BROKEN as error:
        reason = clean(str(error)) or "broken file"
        raise CaseError(
            f"address database {database.title} ({database.path}) cannot be read: {reason}",
            next_step="replace the file with an undamaged MaxMind-format database, or remove its [[database]] entry",
            path=str(database.path), sha256=database.sha256,
        ) from error


def about_database(database: Database) -> dict[str, str]:
    """Title, sha256, date ("unknown" when the file states none that is usable) and layout name of a database.

    Raises:
        CaseError: the file cannot be read as a database.
    """
    with _opened(database) as reader:
        facts = reader.metadata()
        return {
            "title": database.title, "sha256": database.sha256, "date": _date(facts.build_epoch),
            "layout": clean(facts.database_type) or "unknown",
        }


def licence_warning(layout: str) -> str | None:
    """What has to be weighed before a database of this layout is used in a case, if anything."""
    return GEOLITE_WARNING if layout.startswith("GeoLite") else None


def _date(epoch: object) -> str:
    if not isinstance(epoch, int) or not 0 < epoch < 1 << 37:
        return "unknown"
    return datetime.fromtimestamp(epoch, UTC).date().isoformat() if epoch < 253402300800 else "unknown"


def ask_database(database: Database, addresses: Addresses) -> list[Answers]:
    """What a database answers: one layer, and a further layer for each further class that a record states.

    Raises:
        CaseError: the file cannot be read as a database.
    """
    about = about_database(database)
    asked = np.ones(len(addresses), np.bool_) if database.overrides_special else addresses.reachable()
    where = np.full(len(addresses), -1, np.int64)
    records: list[Record] = []
    with _opened(database) as reader:
        families = [(addresses.rows4[np.argsort(addresses.keys4, kind="stable")], 32)]
        if reader.metadata().ip_version == 6:
            families.append((addresses.rows6[np.lexsort((addresses.keys6.lo, addresses.keys6.hi))], 128))
        for ordered, bits in families:
            rows = ordered[asked[ordered]]
            texts = addresses.texts.take(pa.array(rows)).to_pylist()
            where[rows] = _walk(reader, texts, bits, records)
    return _layers(where, records, about)


def _walk(reader: maxminddb.Reader, texts: list[str], bits: int, records: list[Record]) -> Ints:
    """Ask for addresses in number order, once per network of the database; returns the record of each, or -1."""
    last, current = -1, -1
    found = np.empty(len(texts), np.int64)
    for i, text in enumerate(texts):
        address = ipaddress.ip_address(text)
        number = int(address)
        if number > last:
            value, length = reader.get_with_prefix_len(address)
            hosts = bits - min(max(length, 0), bits)
            first = number >> hosts << hosts
            last, current = first | (1 << hosts) - 1, -1
            if isinstance(value, dict):
                current = len(records)
                records.append(read_record(value, f"{type(address)(first)}/{bits - hosts}"))
        found[i] = current
    return found


_COLUMNS = {
    "country": pa.string(), "region": pa.string(), "city": pa.string(), "latitude": pa.float64(),
    "longitude": pa.float64(), "radius": pa.float64(), "place": pa.string(), "asn": pa.int64(),
    "as_name": pa.string(), "as_text": pa.string(), "provider": pa.string(),
}


def _layers(where: Ints, records: list[Record], about: dict[str, str]) -> list[Answers]:
    networks = [record.network for record in records]
    columns = {name: pa.array([getattr(r, name) for r in records], kind) for name, kind in _COLUMNS.items()}
    depth = max((len(record.classes) for record in records), default=0)
    out = []
    for k in range(max(depth, 1)):
        said = pa.array([r.classes[k] if k < len(r.classes) else None for r in records], pa.string())
        kept = columns if k == 0 else {"provider": columns["provider"]}
        out.append(Answers(where, answer_table(networks, about, {**kept, "network_class": said})))
    return out
