"""Pack the data of the report: rows as columns, repeated words once, gzip with no date, base64.

The page decodes it with `DecompressionStream`; nothing of it can be taken for markup.
"""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["encode", "encode_table", "micros", "pack"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(table: pa.Table) -> pa.Table:
    """The table in values that JSON has.

    Timestamps become integers, microseconds since 1970 UTC (exact in JavaScript until the year 2255); numbers that
    are not finite become null.
    """
    for index, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(index, field.name, table.column(index).cast(pa.int64()))
        elif pa.types.is_dictionary(field.type):
            table = table.set_column(index, field.name, table.column(index).cast(field.type.value_type))
        elif pa.types.is_floating(field.type):
            values = table.column(index)
            table = table.set_column(index, field.name, pc.if_else(pc.is_finite(values), values, None))
    return table


def encode(values: Sequence[object]) -> dict[str, object] | None:
    """One column: None when it holds nothing; words once when they repeat; else the values."""
    if not any(value is not None for value in values):
        return None
    if all(value is None or isinstance(value, str) for value in values):
        words = sorted({value for value in values if isinstance(value, str)})
        if 2 * len(words) < len(values):
            place = {word: index for index, word in enumerate(words)}
            return {"words": words, "at": [-1 if value is None else place[str(value)] for value in values]}
    return {"values": list(values)}


def encode_table(table: pa.Table) -> dict[str, object]:
    """A table as ``{"n": rows, "columns": {name: column}}``; empty columns are left out."""
    table = micros(table)
    columns = {name: encode(table.column(name).to_pylist()) for name in table.column_names}
    return {"n": table.num_rows, "columns": {name: column for name, column in columns.items() if column}}


def _plain(value: object) -> int:
    """A time inside a nested value, as microseconds since 1970 UTC."""
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    raise TypeError(f"{type(value).__name__} has no place in a report")


def pack(data: object) -> str:
    """Base64 text of the gzipped JSON."""
    raw = json.dumps(data, ensure_ascii=True, allow_nan=False, default=_plain, separators=(",", ":")).encode()
    return base64.b64encode(gzip.compress(raw, 9, mtime=0)).decode()
