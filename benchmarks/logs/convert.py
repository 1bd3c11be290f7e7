"""A combined access log to Parquet with the project's reader: `convert.py LOG OUT THREADS`; prints its counts as JSON.

The whole file is hashed with SHA-256. Units of about 32 MiB are read in parallel, and each writes one Parquet file of
events and one of rejects, as the parse stage does.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from parsers.contract import Source
from parsers.reader import Accounting, StreamId, read
from parsers.registry import find_format
from parsers.schema import EVENTS
from pipeline.parse.units import UNIT_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.reader import Batch

FORMAT = find_format("server_log/web_combined")
ROW_GROUP = 1 << 16


def convert(log: Path, out: Path, threads: int) -> dict[str, object]:
    """Read a log; returns what became of its lines."""
    pa.set_cpu_count(threads)
    total, running = Accounting(), deque[Future[Accounting]]()
    with log.open("rb") as file, ThreadPoolExecutor(threads) as pool:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        for source in units(file):
            running.append(pool.submit(write_unit, source, digest, out))
            if len(running) > threads:
                total.add(running.popleft().result())
        for unit in running:
            total.add(unit.result())
    blanks = sum(total.skips.values())
    return {"events": total.events, "rejects": total.rejects, "blanks": blanks, "sha256": digest}


def units(file: BinaryIO) -> Iterator[Source]:
    """The file in pieces that end after a newline."""
    start, line = file.seek(0), 1
    while data := file.read(UNIT_BYTES) + file.readline():
        yield Source(memoryview(data), start, line)
        start, line = start + len(data), line + data.count(b"\n")


def write_unit(source: Source, digest: str, out: Path) -> Accounting:
    """Events and rejects of one unit."""
    stream = StreamId(digest, "", FORMAT.id, FORMAT.version)
    total, rejects, path = Accounting(), [], out / f"events-{source.offset:014d}.parquet"
    with pq.ParquetWriter(path, EVENTS, compression="zstd", compression_level=1) as file:
        for group in row_groups(read(FORMAT, source, stream)):
            file.write_table(pa.concat_tables([b.events for b in group]).unify_dictionaries(), row_group_size=1 << 20)
            for batch in group:
                total.add(batch.accounting)
                rejects.append(batch.rejects)
    pq.write_table(pa.concat_tables(rejects).unify_dictionaries(), out / f"rejects-{source.offset:014d}.parquet")
    return total


def row_groups(batches: Iterator[Batch]) -> Iterator[list[Batch]]:
    """Batches in groups of about `ROW_GROUP` rows."""
    held: list[Batch] = []
    for batch in batches:
        held.append(batch)
        if sum(b.events.num_rows for b in held) >= ROW_GROUP:
            yield held
            held = []
    if held:
        yield held


if __name__ == "__main__":
    print(json.dumps(convert(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))
