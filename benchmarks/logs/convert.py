"""A combined access log to Parquet with the project's reader: `convert.py LOG OUT THREADS`; prints its counts as JSON.

The parse stage without a case around it: the file is hashed with SHA-256, units of about 32 MiB are read in parallel,
and each becomes a part of events and a part of rejects. A ``.gz`` is decompressed while earlier units are read; its
own digest names the exhibit, and the digest of what it holds is printed too.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from parsers.contract import Source
from parsers.reader import Accounting, StreamId, count_newlines, read
from parsers.registry import find_format
from pipeline.evidence import map_file
from pipeline.parse.files import write_batches
from pipeline.parse.units import UNIT_BYTES, cut_units

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = find_format("server_log/web_combined")
FEED = 1 << 18


def convert(log: Path, out: Path, threads: int) -> dict[str, object]:
    """Read a log; returns what became of its lines."""
    pa.set_cpu_count(threads)
    content = hashlib.sha256()
    with log.open("rb") as file, ThreadPoolExecutor(threads) as pool:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        if log.suffix == ".gz":
            sources = unpacked(log, content)
        else:
            file.seek(0)
            sources = mapped(log, cut_units(file))
        total, running = Accounting(), deque[Future[Accounting]]()
        for source in sources:
            running.append(pool.submit(write_unit, source, digest, out))
            if len(running) > threads:
                total.add(running.popleft().result())
        for unit in running:
            total.add(unit.result())
    blanks = sum(total.skips.values())
    figures = {"events": total.events, "rejects": total.rejects, "blanks": blanks, "bytes": total.bytes_in}
    return figures | {"sha256": digest, "content_sha256": content.hexdigest() if log.suffix == ".gz" else digest}


def mapped(log: Path, units: list[tuple[int, int, int]]) -> Iterator[Source]:
    """Each unit through a map of its own, which is gone when the unit is done."""
    for start, end, line in units:
        yield Source(map_file(log)[start:end], start, line)


def unpacked(log: Path, content: hashlib._Hash) -> Iterator[Source]:
    """Units of what a gzip file holds."""
    held, start, line = bytearray(), 0, 1
    for piece in inflated(log):
        content.update(piece)
        held += piece
        cut = held.rfind(b"\n") + 1 if len(held) >= UNIT_BYTES else 0
        if cut:
            data = bytes(held[:cut])
            del held[:cut]
            yield Source(memoryview(data), start, line)
            start, line = start + cut, line + count_newlines(memoryview(data))
    if held:
        yield Source(memoryview(bytes(held)), start, line)


def inflated(log: Path) -> Iterator[bytes]:
    """The content of a gzip file of one member, in pieces."""
    inner = zlib.decompressobj(31)
    with log.open("rb") as file:
        while packed := file.read(FEED):
            yield inner.decompress(packed)
    yield inner.flush()


def write_unit(source: Source, digest: str, out: Path) -> Accounting:
    """Events, texts and rejects of one unit."""
    stream = StreamId(digest, "", FORMAT.id, FORMAT.version)
    paths = [out / f"{name}-{source.offset:014d}.parquet" for name in ("events", "texts", "rejects")]
    return write_batches(paths, read(FORMAT, source, stream))


if __name__ == "__main__":
    print(json.dumps(convert(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))
