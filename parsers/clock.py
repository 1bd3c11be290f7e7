"""Correcting the times of an exhibit whose clock the case states to have been wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parsers.schema import EVENTS

if TYPE_CHECKING:
    from parsers.reader import Batch

__all__ = ["corrected"]

_TIMES = ("timestamp", "timestamp_end", "timestamp_earliest", "timestamp_latest")


def corrected(batch: Batch, seconds: float) -> Batch:
    """The batch with `seconds` added to every time and the flag ``clock_corrected``; raw times stay as written."""
    if not seconds or not batch.events.num_rows:
        return batch
    step = pa.scalar(np.timedelta64(round(seconds * 1_000_000), "us"))
    events = batch.events
    for name in _TIMES:
        events = _replaced(events, name, pc.add(events[name], step))
    flags = [
        [*(old or []), "clock_corrected"] if timed else old
        for old, timed in zip(
            events["parse_flags"].to_pylist(), pc.is_valid(events["timestamp"]).to_pylist(), strict=True
        )
    ]
    return batch._replace(events=_replaced(events, "parse_flags", pa.array(flags, EVENTS.field("parse_flags").type)))


def _replaced(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), EVENTS.field(name), column)
