"""Writes a file with nothing but the header of an Outlook mail store, and what must be read from it.

Imports nothing of the project. No store can be written here, so this fixture only shows that one is known and that
none of its bytes is lost, with and without the library that reads stores.
"""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path

HERE = Path(__file__).parent / "pst"
SIZE = 4608


def header() -> bytes:
    """[MS-PST] 2.2.2.6: magic, checksum, client magic, Unicode version 23, client version 19, the platform marks."""
    rest = struct.pack("<2sHHBB", b"SM", 23, 19, 1, 1) + bytes(498)
    return b"!BDN" + struct.pack("<I", zlib.crc32(rest[:471])) + rest


def main() -> None:
    HERE.mkdir(exist_ok=True)
    data = header().ljust(SIZE, b"\0")
    (HERE / "header_only.pst").write_bytes(data)
    total = {"bytes_in": SIZE, "bytes_parsed": 0, "bytes_rejected": SIZE, "bytes_skipped": 0, "events": 0, "rejects": 1}
    rows = [{"accounting": total}, {"reject": {"span_start": 0, "span_end": SIZE, "kind": "unknown_structure"}}]
    golden = "".join(json.dumps(row) + "\n" for row in rows)
    (HERE / "header_only.pst.golden.jsonl").write_text(golden, "utf-8")


if __name__ == "__main__":
    main()
