"""How a table's parts are laid out as Parquet: encodings that fit what each column holds.

Ids, places and times as written never repeat, so a dictionary of them is built in vain: they are stored plain. Whole
numbers that rise are stored as differences. Everything else repeats and keeps a dictionary. Smallest and largest
values are kept where a query can skip rows by them, not for long texts. What a reader gets back is the same.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from parsers.reader import Accounting
from parsers.schema import EVENTS, REJECTS, TEXTS
from pipeline.store import atomic_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from parsers.reader import Batch

__all__ = ["GROUP_ROWS", "RowGroups", "part_writer", "write_batches"]

GROUP_ROWS = 1 << 18
"""Most rows of one row group."""
_GROUP_BYTES = 96 << 20  # of Arrow memory: one unit of a log in one group, heavier records in several
_NEVER_REPEAT = frozenset({"event_id", "text_id", "reject_id", "locator", "timestamp_raw", "text"})
_LONG_TEXTS = frozenset({"url_original", "http_request_referrer", "user_agent_original", "extra", "reason"})
_WITHOUT_RANGE = _LONG_TEXTS | {"locator", "timestamp_raw", "text"}


def write_batches(paths: Sequence[Path], batches: Iterable[Batch]) -> Accounting:
    """Stream batches into three parts: events, texts and rejects.

    Raises:
        StorageError: a part cannot be written.
    """
    total = Accounting()
    with ExitStack() as stack:
        temporaries = [stack.enter_context(atomic_path(path)) for path in paths]
        schemas = (EVENTS, TEXTS, REJECTS)
        writers = [stack.enter_context(part_writer(p, s)) for p, s in zip(temporaries, schemas, strict=True)]
        groups = [RowGroups(writer) for writer in writers]
        for batch in batches:
            total.add(batch.accounting)
            for group, table in zip(groups, batch[:3], strict=True):
                group.add(table)
        for group in groups:
            group.flush()
    return total


def part_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer of one part."""
    return pq.ParquetWriter(path, schema, **_layout(schema))


@cache
def _layout(schema: pa.Schema) -> dict[str, Any]:
    numbers = {f.name: "DELTA_BINARY_PACKED" for f in schema if pa.types.is_int64(f.type) or _is_time(f.type)}
    plain = {name: "PLAIN" for name in schema.names if name in _NEVER_REPEAT}
    leaves = [(f.name, leaf) for f in schema for leaf in _leaves(f.name, f.type)]
    return {
        "compression": "zstd",
        "compression_level": 1,
        "column_encoding": numbers | plain,
        "use_dictionary": [leaf for name, leaf in leaves if name not in numbers and name not in plain],
        "write_statistics": [leaf for name, leaf in leaves if name not in _WITHOUT_RANGE],
        "max_rows_per_page": GROUP_ROWS,  # pages are cut by bytes alone; cutting by rows too costs a tenth
        "write_batch_size": 1 << 14,
    }


def _is_time(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind))


def _leaves(path: str, kind: pa.DataType) -> Iterator[str]:
    """Paths of the Parquet columns below an Arrow column."""
    if pa.types.is_list(kind):
        yield from _leaves(f"{path}.list.element", kind.value_type)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _leaves(f"{path}.{field.name}", field.type)
    else:
        yield path


class RowGroups:
    """Tables gathered into row groups of one part, so that memory stays bounded and groups are not tiny."""

    def __init__(self, writer: pq.ParquetWriter) -> None:
        self._writer = writer
        self._held: list[pa.Table] = []
        self._rows = self._bytes = 0

    def add(self, table: pa.Table) -> None:
        """Take a table; writes a group when enough rows are held."""
        if not table.num_rows:
            return
        if self._rows + table.num_rows > GROUP_ROWS or self._bytes + table.nbytes > _GROUP_BYTES:
            self.flush()
        self._held.append(table)
        self._rows += table.num_rows
        self._bytes += table.nbytes

    def flush(self) -> None:
        """Write what is held."""
        if self._held:
            self._writer.write_table(pa.concat_tables(self._held).unify_dictionaries(), row_group_size=GROUP_ROWS)
        self._held, self._rows, self._bytes = [], 0, 0
