"""EVTX files taken apart: chunks, the records in them by their own headers, and each record's content as JSON.

Every chunk (64 KiB) holds all it needs, so each is given to the library alone, behind a file header made here:
a damaged chunk costs itself and nothing else. Records are found by their own signature and size, twice stated.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CHUNK", "CHUNK_HEADER", "CHUNK_MAGIC", "FILE_HEADER", "FILE_MAGIC", "Found", "read_chunk", "record_spans"]

FILE_MAGIC, CHUNK_MAGIC = b"ElfFile\0", b"ElfChnk\0"
FILE_HEADER, CHUNK, CHUNK_HEADER = 0x1000, 0x10000, 0x200
_RECORD_MAGIC = b"**\0\0"
_LEAST_RECORD = 0x1C  # header of 24 bytes and the size again
_HEAD = struct.pack("<8sQQQIHHHH76sI", FILE_MAGIC, 0, 0, 1 << 32, 128, 1, 3, FILE_HEADER, 1, b"", 0)
_ONE_CHUNK_FILE = (_HEAD + struct.pack("<I", zlib.crc32(_HEAD[:120]))).ljust(FILE_HEADER, b"\0")


class Found(NamedTuple):
    """A record by its header: bounds inside the chunk and its number."""

    start: int
    end: int
    record_id: int


def record_spans(chunk: bytes) -> Iterator[Found]:
    """Every record whose header and trailing size agree, in order."""
    at = CHUNK_HEADER
    while (at := chunk.find(_RECORD_MAGIC, at)) >= 0:
        if at + _LEAST_RECORD > len(chunk):
            return
        size, number = struct.unpack_from("<IQ", chunk, at + 4)
        end = at + size
        if size >= _LEAST_RECORD and end <= len(chunk) and struct.unpack_from("<I", chunk, end - 4)[0] == size:
            yield Found(at, end, number)
            at = end
        else:
            at += 1


def read_chunk(chunk: bytes) -> dict[int, list[str]]:
    """JSON texts of a chunk's records by record number; what the library cannot read is missing."""
    from evtx import PyEvtxParser

    out: dict[int, list[str]] = {}
    file = io.BytesIO(_ONE_CHUNK_FILE + chunk.ljust(CHUNK, b"\0"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # one per unreadable record; they become rejects
            for record in PyEvtxParser(file, number_of_threads=1, skip_errors=True).records_json():
                if record is not None:
                    out.setdefault(record["event_record_id"], []).append(record["data"])
    except (OSError, RuntimeError, ValueError, OverflowError):
        return out
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the Rust runtime: a BaseException that cannot be imported
            raise
    return out
