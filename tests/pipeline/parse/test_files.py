"""Parts of a table: whatever the encodings, a reader gets back what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parsers.schema import EVENTS, TEXTS
from pipeline.parse import files
from pipeline.parse.files import RowGroups, part_writer

if TYPE_CHECKING:
    from pathlib import Path


def _events(first: int, count: int) -> pa.Table:
    rows = [
        {
            "event_id": f"{'a' * 16}:{n:014d}:000",
            "exhibit_sha256": "b" * 64,
            "span_start": n * 10,
            "span_end": n * 10 + 10,
            "locator": f"L{n}",
            "timestamp": 1_700_000_000_000_000 - n,
            "timestamp_raw": f"{n} as written",
            "time_precision_s": 0.5,
            "event_action": ("get", "post", None)[n % 3],
            "source_ip": f"192.0.2.{n % 7}",
            "claimed_ips": [f"198.51.100.{n}", "é"] if n % 2 else None,
            "hops": [{"index": 0, "ip": "192.0.2.1", "span_start": n}] if n % 5 == 0 else None,
            "deleted_flag": n % 2 == 0,
        }
        for n in range(first, first + count)
    ]
    return pa.Table.from_pylist(rows, EVENTS)


def _written(path: Path, tables: list[pa.Table], schema: pa.Schema = EVENTS) -> pa.Table:
    with part_writer(path, schema) as writer:
        groups = RowGroups(writer)
        for table in tables:
            groups.add(table)
        groups.flush()
    return pa.concat_tables(tables) if tables else schema.empty_table()


def test_a_part_read_back_with_pyarrow_equals_what_was_written(tmp_path: Path) -> None:
    written = _written(tmp_path / "p.parquet", [_events(0, 50), _events(50, 70)])
    back = pq.read_table(tmp_path / "p.parquet")
    assert back.schema == EVENTS
    assert back.to_pylist() == written.to_pylist()


def test_a_part_read_back_with_duckdb_equals_what_was_written(tmp_path: Path) -> None:
    written = _written(tmp_path / "p.parquet", [_events(0, 50)])
    con = duckdb.connect()
    con.execute("SET TimeZone='UTC'")
    found = con.sql(f"SELECT * FROM read_parquet('{tmp_path / 'p.parquet'}')").to_arrow_table()  # noqa: S608
    assert found.column_names == written.column_names
    assert found.to_pylist() == written.to_pylist()


def test_an_empty_part_keeps_its_columns(tmp_path: Path) -> None:
    _written(tmp_path / "p.parquet", [EVENTS.empty_table()])
    assert pq.read_table(tmp_path / "p.parquet").schema == EVENTS
    _written(tmp_path / "t.parquet", [], TEXTS)
    assert pq.read_table(tmp_path / "t.parquet").schema == TEXTS


@pytest.mark.parametrize(("name", "limit"), [("GROUP_ROWS", 60), ("_GROUP_BYTES", 1)])
def test_row_groups_are_bounded_by_rows_and_by_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: int
) -> None:
    monkeypatch.setattr(files, name, limit)
    files._layout.cache_clear()
    written = _written(tmp_path / "p.parquet", [_events(n * 40, 40) for n in range(3)])
    files._layout.cache_clear()
    assert pq.ParquetFile(tmp_path / "p.parquet").num_row_groups == 3
    assert pq.read_table(tmp_path / "p.parquet").to_pylist() == written.to_pylist()


def test_times_and_ids_can_be_skipped_by_range_and_nulls_are_counted(tmp_path: Path) -> None:
    _written(tmp_path / "p.parquet", [_events(0, 50)])
    group = pq.ParquetFile(tmp_path / "p.parquet").metadata.row_group(0)
    of = {group.column(i).path_in_schema: group.column(i).statistics for i in range(group.num_columns)}
    assert (of["span_start"].min, of["span_start"].max) == (0, 490)
    assert of["event_id"].has_min_max
    assert of["email_subject"].null_count == 50
