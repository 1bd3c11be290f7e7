"""Parquet tables of a case: written atomically, named by content, read as one table.

A table is a folder ``tables/<name>/`` of parts ``<part>.parquet``. A part is written under a temporary name, synced
and renamed, so a reader never sees half of it. Part names come from the data, so two runs write the same names.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import StorageError
from pipeline.tables import TABLES, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

__all__ = ["Store", "atomic_path", "file_sha256", "write_atomic"]

_CHUNK = 1 << 20


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, hexadecimal, read in 1 MiB pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def atomic_path(final: Path) -> Iterator[Path]:
    """A temporary path that becomes `final` when the block ends well, and disappears when it does not.

    Raises:
        StorageError: the file cannot be written.
    """
    temporary = final.with_name(f".{final.name}.{os.getpid()}.tmp")
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.replace(final)
    except OSError as error:
        raise StorageError(
            f"cannot write {final.name}: {error.strerror or error}",
            next_step="free space or fix permissions in the case folder, then run the same command again",
            path=str(final),
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_atomic(final: Path, data: bytes) -> None:
    """Write a small file so that readers see the old or the new content, never a mixture."""
    with atomic_path(final) as temporary:
        temporary.write_bytes(data)


class Store:
    """The tables of one case folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, table: str) -> Path:
        """Where a table's parts are."""
        return self.root / "tables" / TABLES[table].name

    def parts(self, table: str) -> list[Path]:
        """The parts of a table, in name order."""
        return sorted(self.folder(table).glob("[!.]*.parquet"))

    def write(self, table: str, part: str, data: pa.Table, *, ordered: bool = False) -> Path:
        """Write one part, sorted by the table's key unless the caller vouches that it is.

        Raises:
            StorageError: the file cannot be written.
        """
        data = data.cast(schema_of(table))
        if not ordered:
            data = data.sort_by([(name, "ascending") for name in TABLES[table].sort])
        path = self.folder(table) / f"{part}.parquet"
        with atomic_path(path) as temporary:
            pq.write_table(data, temporary, compression="zstd", compression_level=1, write_statistics=True)
        return path

    def read(self, table: str, columns: list[str] | None = None) -> pa.Table:
        """All parts as one table, in part order. For tables that fit in memory; see `connect` for the others."""
        parts = [pq.read_table(path, columns=columns, partitioning=None) for path in self.parts(table)]
        if not parts:
            empty = schema_of(table).empty_table()
            return empty.select(columns) if columns else empty
        return pa.concat_tables(parts).unify_dictionaries()

    def connect(self, *, memory_limit: str = "2GB", threads: int = 1) -> duckdb.DuckDBPyConnection:
        """DuckDB over the case: one view per table, bounded memory, spill inside the case, no extensions fetched."""
        import duckdb

        spill = self.root / "work" / "duckdb"
        spill.mkdir(parents=True, exist_ok=True)
        con = duckdb.connect(
            config={
                "memory_limit": memory_limit,
                "threads": threads,
                "temp_directory": str(spill),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        con.execute("SET TimeZone='UTC'")
        for name in TABLES:
            paths = [str(path) for path in self.parts(name)]
            if paths:
                listed = ",".join("'" + p.replace("'", "''") + "'" for p in paths)
                con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{listed}])")  # noqa: S608 - own paths
            else:
                con.register(name, schema_of(name).empty_table())
        return con
