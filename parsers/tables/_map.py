"""The column map: TOML as parsed, checked and compiled. Every mistake is named, with the nearest right name."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from parsers.kit.tables import ENCODINGS
from parsers.kit.time import ZoneUnknown, zone
from parsers.kit.timepattern import PatternError, TimePattern, compile_pattern
from parsers.schema import COLUMNS, EVENT_TYPES, IDENTIFIER_TYPES, column_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["FIELDS", "ColumnMap", "FieldKind", "MapError", "compile_map", "title_key"]

FieldKind = Literal["address", "addresses", "integer", "flag", "word", "words"]

_FRAMEWORK = {
    *("event_id", "exhibit_sha256", "member_path", "format_id", "format_version", "span_start", "span_end", "locator"),
    *("tier", "recovered_status", "timestamp", "timestamp_end", "timestamp_raw", "timestamp_desc", "tz_basis"),
    *("time_precision_s", "timestamp_earliest", "timestamp_latest", "event_type", "text_id", "parse_flags", "extra"),
}
_ADDRESSES = {"source_ip", "destination_ip", "attested_ip"}
_TIMES = ("timestamp", "timestamp_end")
_TIME_FORMATS = ("iso", "epoch_s", "epoch_ms")
_NULLS = ("", "-", "--", "N/A", "n/a", "NULL", "\\N")
_OUTCOMES = ("success", "failure", "unknown")
_TOP = (
    *("title", "event_type", "event_type_column", "event_types", "platform", "delimiter", "encoding", "header_row"),
    *("sheet", "nulls", "columns", "time", "identifiers", "constants", "values"),
)


class MapError(ValueError):
    """The column map is wrong. The message says where, and which name may have been meant."""


def _kind(name: str, kind: pa.DataType) -> FieldKind | None:
    if name in _ADDRESSES:
        return "address"
    if name == "claimed_ips":
        return "addresses"
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_boolean(kind):
        return "flag"
    if pa.types.is_list(kind):
        return "words" if pa.types.is_string(kind.value_type) else None
    return "word" if pa.types.is_string(kind) or pa.types.is_dictionary(kind) else None


FIELDS: dict[str, FieldKind] = {
    column.name: kind
    for column in COLUMNS
    if column.name not in _FRAMEWORK and (kind := _kind(column.name, column.type)) is not None
}
"""Event fields a column may be mapped to (besides the times and ``text``), and how their cells are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """A checked column map. Titles are kept as written; they are compared by `title_key`."""

    title: str | None
    event_type: str
    event_type_column: str | None
    event_types: Mapping[str, str]
    platform: str | None
    delimiter: str | None
    encoding: str | None
    header_row: int | None
    sheets: tuple[str, ...]
    nulls: frozenset[str]
    columns: Mapping[str, str]
    times: Mapping[str, tuple[str, ...]]
    time_format: Literal["iso", "epoch_s", "epoch_ms"] | TimePattern
    zone: str | None
    identifiers: tuple[tuple[str, str], ...]
    constants: Mapping[str, object]
    values: Mapping[str, Mapping[str, str]]

    @property
    def titles(self) -> tuple[str, ...]:
        """Every column title the map names."""
        times = [title for titles in self.times.values() for title in titles]
        own = [self.event_type_column] if self.event_type_column else []
        return tuple(dict.fromkeys([*own, *times, *self.columns.values(), *(title for _, title in self.identifiers)]))


def title_key(title: str) -> str:
    """A column title as it is compared: without outer space and without case."""
    return " ".join(title.split()).casefold()


def compile_map(raw: Mapping[str, object]) -> ColumnMap:
    """Check and compile a parsed map.

    Raises:
        MapError: an unknown key, field, event type, identifier type, outcome, zone, encoding or time layout.
    """
    _known("key", raw, _TOP)
    columns = _strings(raw, "columns", several=_TIMES)
    _known("event field in [columns]", columns, (*FIELDS, *_TIMES, "text"))
    time = _strings(raw, "time")
    _known("key in [time]", time, ("format", "zone"))
    identifiers = _strings(raw, "identifiers", several=None)
    _known("identifier type", identifiers, IDENTIFIER_TYPES)
    event_types = {title_key(k): v[0] for k, v in _strings(raw, "event_types").items()}
    event_type = _text(raw, "event_type") or "record"
    _known("event type", (event_type, *event_types.values()), EVENT_TYPES)
    return ColumnMap(
        title=_text(raw, "title"),
        event_type=event_type,
        event_type_column=_text(raw, "event_type_column"),
        event_types=event_types,
        platform=_text(raw, "platform"),
        delimiter=_delimiter(raw),
        encoding=_encoding(raw),
        header_row=_header_row(raw),
        sheets=_list(raw, "sheet"),
        nulls=frozenset(_list(raw, "nulls") or _NULLS) | {""},
        columns={field: titles[0] for field, titles in columns.items() if field not in _TIMES},
        times={field: titles for field, titles in columns.items() if field in _TIMES},
        time_format=_time_format(time.get("format", ("iso",))[0]),
        zone=_zone(time.get("zone", (None,))[0]),
        identifiers=tuple((kind, title) for kind, titles in identifiers.items() for title in titles),
        constants=_constants(raw),
        values=_values(raw),
    )


def _known(what: str, names: Iterable[str], allowed: Iterable[str]) -> None:
    allowed = list(allowed)
    for name in names:
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, 1, 0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(sorted(allowed))}"
            raise MapError(f"the column map: {name!r} is no {what}; {hint}")


def _table(raw: Mapping[str, object], key: str) -> Mapping[str, object]:
    table = raw.get(key, {})
    if not isinstance(table, dict):
        raise MapError(f"the column map: [{key}] must be a table")
    return table


def _strings(raw: Mapping[str, object], key: str, several: tuple[str, ...] | None = ()) -> dict[str, tuple[str, ...]]:
    """A table of strings; `several` names the entries that may be lists (None: all)."""
    out: dict[str, tuple[str, ...]] = {}
    for name, value in _table(raw, key).items():
        values = value if isinstance(value, list) and (several is None or name in several) else [value]
        if not values or not all(isinstance(v, str) and v.strip() for v in values):
            raise MapError(
                f"the column map: {key}.{name} must be text" + (" or a list of texts" if several != () else "")
            )
        out[name] = tuple(str(v) for v in values)
    return out


def _text(raw: Mapping[str, object], key: str) -> str | None:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise MapError(f"the column map: {key} must be text")
    return value


def _list(raw: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = raw.get(key, [])
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(v, str) for v in values):
        raise MapError(f"the column map: {key} must be text or a list of texts")
    return tuple(str(v) for v in values)


def _delimiter(raw: Mapping[str, object]) -> str | None:
    value = _text(raw, "delimiter")
    if value is not None and (len(value) != 1 or value in '"\r\n\ufeff'):
        raise MapError("the column map: delimiter must be one character, and no quote or line end")
    return value


def _encoding(raw: Mapping[str, object]) -> str | None:
    value = _text(raw, "encoding")
    if value is None:
        return None
    value = {
        "utf-16": "utf-16-le",
        "utf8": "utf-8",
        "utf-8-sig": "utf-8",
        "latin1": "latin-1",
        "iso-8859-1": "latin-1",
    }.get(value.lower(), value.lower())
    value = value.replace("windows-", "cp")
    _known("encoding", (value,), ENCODINGS)
    return value


def _header_row(raw: Mapping[str, object]) -> int | None:
    value = raw.get("header_row")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise MapError("the column map: header_row must be a whole number from 1")
    return value


def _time_format(value: str) -> Literal["iso", "epoch_s", "epoch_ms"] | TimePattern:
    if value in _TIME_FORMATS:
        return value  # type: ignore[return-value]
    try:
        return compile_pattern(value)
    except PatternError as error:
        raise MapError(f"the column map: time.format {error}; or use one of {', '.join(_TIME_FORMATS)}") from error


def _zone(value: str | None) -> str | None:
    if value is not None:
        try:
            zone(value)
        except ZoneUnknown as error:
            raise MapError(f"the column map: {value!r} is no time zone; write for example 'Europe/Berlin'") from error
    return value


def _constants(raw: Mapping[str, object]) -> dict[str, object]:
    table = dict(_table(raw, "constants"))
    _known(
        "event field in [constants]",
        table,
        [name for name, kind in FIELDS.items() if kind in {"integer", "flag", "word"}],
    )
    for name, value in table.items():
        wanted = {"integer": int, "flag": bool}.get(FIELDS[name], str)
        if type(value) is not wanted:
            raise MapError(f"the column map: constants.{name} must be {'text' if wanted is str else wanted.__name__}")
        if wanted is int:
            _fits(name, value)
    if "event_outcome" in table:
        _known("event outcome", (str(table["event_outcome"]),), _OUTCOMES)
    return table


def _fits(name: str, value: object) -> None:
    try:
        pa.scalar(value, column_type(name))
    except (pa.ArrowInvalid, OverflowError) as error:
        raise MapError(f"the column map: constants.{name} is out of range") from error


def _values(raw: Mapping[str, object]) -> dict[str, dict[str, str]]:
    table = _table(raw, "values")
    _known("event field in [values]", table, [name for name, kind in FIELDS.items() if kind == "word"])
    out = {field: {title_key(k): v[0] for k, v in _strings(table, field).items()} for field in table}
    _known("event outcome", out.get("event_outcome", {}).values(), _OUTCOMES)
    return out
