"""From items to Arrow tables: names, types, and columns of nulls, a batch at a time."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parsers.kit.digits import padded, same_width_texts
from parsers.schema import COLUMNS, EVENTS, REJECTS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.contract import Event, Format, Reject

__all__ = ["ContractViolation", "StreamId", "assemble", "canonical_json", "reject_table"]

_FEW = 64  # rows up to which constant columns are kept for the next small file
_MOST_KEPT = 1 << 16  # rows up to which columns of nulls are kept
_TYPES = {c.name: c.type for c in COLUMNS}
_SHORT = frozenset({"event_type", "tz_basis", "timestamp_desc", "account_platform"})  # few different values ever
_NO_TEXTS, _NO_REJECTS = TEXTS.empty_table(), REJECTS.empty_table()
_SORTED_JSON = msgspec.json.Encoder(order="sorted")
_SCALARS = frozenset({str, int, bool, type(None)})
_NO_TEXT = pa.scalar(None, pa.string())
_PLACE_DIGITS, _ORDINAL_DIGITS = 14, 3

_Columns = dict[str, "pa.Array | pa.ChunkedArray"]


class ContractViolation(ValueError):  # noqa: N818 - reads as the fact it states
    """A parser broke its contract (overlapping spans, unknown column, wrong type): a bug, never the evidence."""


class StreamId(NamedTuple):
    """Which bytes are read, as which format."""

    exhibit_sha256: str
    member_path: str
    format_id: str
    format_version: int

    @property
    def short(self) -> str:
        """16 hexadecimal digits that stand for the stream in event ids."""
        joined = "\0".join((self.exhibit_sha256, self.member_path, self.format_id, str(self.format_version)))
        return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def assemble(
    fmt: Format, columns: Mapping[str, pa.Array], events: list[Event], stream: StreamId
) -> tuple[pa.Table, pa.Table]:
    """The tables ``events`` and ``texts`` of whole columns and single events together, in the order of their bytes.

    Raises:
        ContractViolation: a column is unknown, or a value has the wrong type.
    """
    parts = [_block_columns(columns)] if columns else []
    if events:
        parts.append(_row_columns(fmt, events))
    if not parts:
        return EVENTS.empty_table(), _NO_TEXTS
    return _finish(fmt, _merged(*parts) if len(parts) > 1 else parts[0], stream)


def _merged(many: _Columns, few: _Columns) -> _Columns:
    """Both in the order of their first bytes; a column one of them lacks is null there."""
    starts = np.concatenate([part["span_start"].to_numpy(zero_copy_only=False) for part in (many, few)])
    order = pa.array(np.argsort(starts, kind="stable"))
    sizes = len(many["span_start"]), len(few["span_start"])
    return {name: _joined(name, (many, few), sizes).take(order) for name in many | few}


def _joined(name: str, parts: tuple[_Columns, _Columns], sizes: tuple[int, int]) -> pa.Array:
    kind = _TYPES.get(name, pa.string())
    return pa.concat_arrays(
        [part[name] if name in part else pa.nulls(size, kind) for part, size in zip(parts, sizes, strict=True)]
    )


def _finish(fmt: Format, held: _Columns, stream: StreamId) -> tuple[pa.Table, pa.Table]:
    starts = held["span_start"].to_numpy(zero_copy_only=False)
    n = len(starts)
    ids = _event_ids(starts, stream.short)
    constant = {
        "exhibit_sha256": stream.exhibit_sha256,
        "member_path": stream.member_path,
        "format_id": fmt.id,
        "tier": fmt.tier,
    }
    text = held.get("text")
    filled: _Columns = {
        "event_id": ids,
        "format_version": pa.array([fmt.version] * n, pa.int32()),
    }
    for name, value in constant.items():
        filled[name] = _constant(value, n)
    if text is not None:
        filled["text_id"] = pc.if_else(pc.is_valid(text), ids, _NO_TEXT) if text.null_count else ids
    held = held | filled
    nulls = _nulls(n)
    out = pa.table([held.get(c.name, null) for c, null in zip(COLUMNS, nulls, strict=True)], schema=EVENTS)
    return out, _text_table(out, text)


def _nulls(n: int) -> list[pa.Array]:
    """One column of nulls per event column. Arrays never change, so batches share them."""
    if n > _MOST_KEPT:
        return [pa.nulls(n, c.type) for c in COLUMNS]
    size = 1 << (n - 1).bit_length()
    return _kept_nulls(n) if n <= _FEW or n == size else [column[:n] for column in _kept_nulls(size)]


@lru_cache(maxsize=_FEW + 16)
def _kept_nulls(n: int) -> list[pa.Array]:
    return [pa.nulls(n, c.type) for c in COLUMNS]


def _constant(value: str, n: int) -> pa.Array:
    return _few_constants(value, n) if n <= _FEW else _repeated(value, n)


@lru_cache(maxsize=256)
def _few_constants(value: str, n: int) -> pa.Array:
    return _repeated(value, n)


def _repeated(value: str, n: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, np.int32)), pa.array([_storable(value)], pa.string()))


def _text_table(events: pa.Table, text: pa.ChunkedArray | None) -> pa.Table:
    if text is None:
        return _NO_TEXTS
    columns = [*(events[name] for name in ("text_id", "event_id", "exhibit_sha256", "event_type")), text]
    if text.null_count:
        keep = pc.is_valid(text)
        columns = [column.filter(keep) for column in columns]
    return pa.table(columns, schema=TEXTS)


def _event_ids(starts: np.ndarray, short: str) -> pa.Array:
    """``stream:first byte:ordinal``; the ordinal tells apart events that share a first byte."""
    n = len(starts)
    index = np.arange(n)
    first = np.maximum.accumulate(np.where(np.r_[True, starts[1:] != starts[:-1]], index, 0)) if n else index
    ordinal = index - first
    if n < _FEW or int(ordinal.max()) >= 10**_ORDINAL_DIGITS or int(starts[-1]) >= 10**_PLACE_DIGITS:
        pairs = zip(starts.tolist(), ordinal.tolist(), strict=True)
        return pa.array([f"{short}:{at:014d}:{number:03d}" for at, number in pairs], pa.string())
    mold = np.frombuffer(f"{short}:{0:014d}:{0:03d}".encode(), np.uint8)
    characters = np.tile(mold, (n, 1))
    place = len(short) + 1
    characters[:, place : place + _PLACE_DIGITS] = padded(starts, _PLACE_DIGITS)
    if ordinal.any():
        characters[:, -_ORDINAL_DIGITS:] = padded(ordinal, _ORDINAL_DIGITS)
    return same_width_texts(characters)


def _block_columns(columns: Mapping[str, pa.Array]) -> _Columns:
    unknown = set(columns) - set(EVENTS.names) - {"text"}
    if unknown:
        raise ContractViolation(f"unknown columns {sorted(unknown)}")
    return {n: a if n == "text" else a.cast(_TYPES[n]) for n, a in columns.items()}


def _row_columns(fmt: Format, events: list[Event]) -> _Columns:
    names = sorted({name for e in events for name in e.values})
    unknown = [name for name in names if name not in _TYPES]
    if unknown:
        raise ContractViolation(f"{fmt.id}: unknown columns {unknown}")
    wrong = {e.event_type for e in events} - set(fmt.event_types)
    if wrong:
        raise ContractViolation(f"{fmt.id}: event types {sorted(wrong)} are not declared")
    data: _Columns = {
        "span_start": pa.array([e.span.start for e in events], pa.int64()),
        "span_end": pa.array([e.span.end for e in events], pa.int64()),
        "locator": pa.array([e.locator for e in events], pa.string()),
        "event_type": _array("event_type", [e.event_type for e in events]),
    }
    value_of = [e.values.get for e in events]
    for name in names:
        data[name] = _array(name, [get(name) for get in value_of])
    if any(e.text is not None for e in events):
        data["text"] = pa.array([_storable(e.text) if e.text is not None else None for e in events], pa.string())
    return data


def _array(name: str, values: list[object]) -> pa.Array:
    kind = _TYPES[name]
    if len(values) == 1 and name in _SHORT and isinstance(values[0], str):
        return _few_constants(values[0], 1)
    if name == "extra":
        values = [canonical_json(v) if v else None for v in values]
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array([_deep_storable(v) for v in values], kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, TypeError) as error:
        raise ContractViolation(f"column {name}: {error}") from error


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces; lone surrogates become visible escapes."""
    if _is_plain(value):
        try:
            return _SORTED_JSON.encode(value).decode()
        except (UnicodeEncodeError, TypeError):  # a lone surrogate, a key that is no text
            pass
    return json.dumps(_deep_storable(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def _is_plain(value: object) -> bool:
    """Whether both encoders write the value the same: floats with an exponent and other types they do not."""
    if isinstance(value, (dict, list)):
        inner = value.values() if isinstance(value, dict) else value
        return _SCALARS.issuperset(map(type, inner)) or all(map(_is_plain, inner))
    return type(value) in _SCALARS or (isinstance(value, float) and (value == 0 or 1e-4 <= abs(value) < 1e16))


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _deep_storable(value: object) -> object:
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, dict):
        return {_storable(str(k)): _deep_storable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_deep_storable(v) for v in value]
    return value


def reject_table(rejects: list[Reject], stream: StreamId) -> pa.Table:
    """The table ``rejects``, in the order of their bytes."""
    if not rejects:
        return _NO_REJECTS
    rejects = sorted(rejects, key=lambda r: r.span)
    return pa.table(
        [
            pa.array([f"{stream.short}:{r.span.start:014d}:r" for r in rejects], pa.string()),
            _constant(stream.exhibit_sha256, len(rejects)),
            _constant(stream.member_path, len(rejects)),
            _constant(stream.format_id, len(rejects)),
            pa.array([r.span.start for r in rejects], pa.int64()),
            pa.array([r.span.end for r in rejects], pa.int64()),
            pa.array([r.kind for r in rejects], REJECTS.field("kind").type),
            pa.array([r.reason for r in rejects], pa.string()),
        ],
        schema=REJECTS,
    )
