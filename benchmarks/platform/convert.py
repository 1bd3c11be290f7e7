"""One export to Parquet as the stage `parse` does it: `convert.py FILE OUT`. Prints its counts as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from parsers.contract import Settings, Source
from parsers.mixed import read_member
from parsers.reader import StreamId
from parsers.registry import find_format, recognise, sample_of
from pipeline.evidence import map_file
from pipeline.parse.files import write_batches
from pipeline.store import file_sha256

PATH, OUT = Path(sys.argv[1]), Path(sys.argv[2])


def main() -> None:
    digest, view = file_sha256(PATH), map_file(PATH)
    name = recognise(sample_of(view)).format_id
    if name is None:
        raise SystemExit("no format recognises the file")
    fmt = find_format(name)
    stream = StreamId(digest, "", fmt.id, fmt.version)
    paths = [OUT / f"{table}.parquet" for table in ("events", "texts", "rejects")]
    account = write_batches(paths, read_member(fmt, Source(view, settings=Settings(), name=PATH.name), stream))
    accounted = account.bytes_parsed + account.bytes_rejected + account.bytes_skipped
    counts = {"format": name, "events": account.events, "rejects": account.rejects, "bytes": account.bytes_in}
    print(json.dumps({**counts, "adds_up": account.bytes_in == accounted, "skips": account.skips}))


if __name__ == "__main__":
    main()
