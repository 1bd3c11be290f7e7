"""Cells of one row as columns of one event."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.addresses import parse_address, parse_address_list
from parsers.kit.time import Moment, from_epoch, parse_iso, unknown_time
from parsers.kit.timepattern import TimePattern
from parsers.schema import column_type
from parsers.tables._map import FIELDS, title_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from parsers.tables._map import ColumnMap, FieldKind

__all__ = ["EventParts", "Header", "add_extra", "read_row"]

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_COUNT = re.compile(r"([0-9]{1,18})(\.[0-9]{1,9})?", re.ASCII)
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_PORT_OF = {"source_ip": "source_port", "destination_ip": "destination_port"}
_OUTCOMES = {"success", "failure", "unknown"}
_BAD = "invalid_address"


class EventParts(NamedTuple):
    """What a row says."""

    event_type: str
    values: dict[str, object]
    text: str | None


class Header:
    """The titles of a table: where each one stands, and under which name a cell goes to `extra`."""

    def __init__(self, cells: list[str]) -> None:
        """Take the cells of the header row. Titles that are empty or occur again get a name of their own."""
        self.names: list[str] = []
        self.at: dict[str, int] = {}
        for index, cell in enumerate(cells):
            title = cell.strip()
            name = title or f"column {index + 1}"
            self.names.append(name if name not in self.names else f"{name} (column {index + 1})")
            if title:
                self.at.setdefault(title_key(title), index)

    def name(self, index: int) -> str:
        """Name of a column; those beyond the header are numbered."""
        return self.names[index] if index < len(self.names) else f"column {index + 1}"

    def missing(self, titles: tuple[str, ...]) -> list[str]:
        """Titles the table does not have."""
        return [title for title in titles if title_key(title) not in self.at]


class _Row:
    """The cells of a row by title; remembers which were used and what could not be read."""

    def __init__(self, header: Header, cells: list[str], nulls: frozenset[str]) -> None:
        self.header, self.cells, self.nulls = header, cells, nulls
        self.used: set[int] = set()
        self.flags: list[str] = []
        self.values: dict[str, object] = {}

    def take(self, title: str) -> str | None:
        """The cell under `title`, None when it is absent."""
        index = self.header.at.get(title_key(title))
        if index is None or index >= len(self.cells):
            return None
        self.used.add(index)
        cell = self.cells[index].strip()
        return None if cell in self.nulls else cell

    def verbatim(self, title: str) -> str | None:
        """The cell under `title` with its outer space and whatever it says; None only when it is empty."""
        index = self.header.at.get(title_key(title), len(self.cells))
        return (self.cells[index] or None) if index < len(self.cells) else None

    def give_back(self, title: str, flag: str | None = None) -> None:
        """Leave the cell to `extra`: it could not be read as its field asks."""
        self.used.discard(self.header.at[title_key(title)])
        if flag and flag not in self.flags:
            self.flags.append(flag)

    def extra(self) -> dict[str, object]:
        """Every cell no field took, verbatim, under its title."""
        out: dict[str, object] = {}
        for index, cell in enumerate(self.cells):
            if index not in self.used and cell.strip():
                add_extra(out, self.header.name(index), cell)
        return out


def add_extra(extra: dict[str, object], name: str, value: object) -> None:
    """Add to `extra` under `name`, or under a longer name when a column already has that one."""
    while name in extra:
        name += " (2)"
    extra[name] = value


def read_row(spec: ColumnMap, header: Header, cells: list[str], zone_name: str | None) -> EventParts:
    """What a row says, by the map. Cells that cannot be read stay in `extra` as written."""
    row = _Row(header, cells, spec.nulls)
    row.values |= {"account_platform": spec.platform} if spec.platform else {}
    row.values |= spec.constants
    event_type = _event_type(spec, row)
    _times(spec, row, zone_name)
    text = None
    for field, title in spec.columns.items():
        cell = row.take(title)
        if field == "text":
            text = row.verbatim(title)
        elif cell is not None:
            _READERS[FIELDS[field]](row, field, title, _mapped(spec, field, cell))
    _identifiers(spec, row)
    extra = row.extra()
    if spec.title:
        add_extra(extra, "source", spec.title)
    row.values |= {"extra": extra or None, "parse_flags": row.flags or None}
    return EventParts(event_type, row.values, text)


def _mapped(spec: ColumnMap, field: str, cell: str) -> str:
    table: Mapping[str, str] = spec.values.get(field, {})
    return table.get(title_key(cell), cell)


def _event_type(spec: ColumnMap, row: _Row) -> str:
    cell = row.take(spec.event_type_column) if spec.event_type_column else None
    if cell is None or spec.event_type_column is None:
        return spec.event_type
    if title_key(cell) not in spec.event_types:
        row.give_back(spec.event_type_column)
    return spec.event_types.get(title_key(cell), spec.event_type)


def _times(spec: ColumnMap, row: _Row, zone_name: str | None) -> None:
    for field, titles in spec.times.items():
        written = [cell for title in titles if (cell := row.take(title)) is not None]
        if not written:
            continue
        moment = _moment(spec, " ".join(written), spec.zone or zone_name)
        if field == "timestamp":
            row.values |= moment.columns(" ".join(titles))
        elif moment.timestamp is None:
            for title in titles:
                row.give_back(title)
        else:
            row.values[field] = moment.timestamp
        row.flags += [flag for flag in moment.flags if flag not in row.flags]


def _moment(spec: ColumnMap, raw: str, zone_name: str | None) -> Moment:
    """The instant by the declared layout; ISO 8601, which nobody can misread, is read under every layout."""
    found = unknown_time(raw)
    if isinstance(spec.time_format, TimePattern):
        found = spec.time_format.parse(raw, zone_name)
    elif spec.time_format != "iso" and (count := _COUNT.fullmatch(raw)):
        value = float(raw) if count[2] else int(count[1])
        found = from_epoch(value, raw, unit="s" if spec.time_format == "epoch_s" else "ms")
    return found if found.timestamp is not None else parse_iso(raw, zone_name)


def _identifiers(spec: ColumnMap, row: _Row) -> None:
    found = []
    for kind, title in spec.identifiers:
        cell = row.take(title)
        if cell is not None:
            found.append({"type": kind, "value": cell, "raw": cell})
    if found:
        row.values["identifiers"] = found


def _address(row: _Row, field: str, title: str, cell: str) -> None:
    address = parse_address(cell)
    if address is None:
        row.give_back(title, _BAD)
        return
    row.values[field] = address.ip
    if address.port is not None and field in _PORT_OF:
        row.values.setdefault(_PORT_OF[field], address.port)
    if address.zone:
        row.give_back(title)
    if address.v4_mapped and "v4_mapped" not in row.flags:
        row.flags.append("v4_mapped")


def _addresses(row: _Row, field: str, title: str, cell: str) -> None:
    found = parse_address_list(cell.replace(";", ","))
    row.values[field] = [address.ip for address in found] or None
    if len(found) != len([part for part in re.split("[,;]", cell) if part.strip()]):
        row.give_back(title, _BAD)


def _integer(row: _Row, field: str, title: str, cell: str) -> None:
    limit = 65535 if field.endswith("_port") else (1 << 31) - 1 if column_type(field).bit_width == 32 else 1 << 62
    if _WHOLE.fullmatch(cell) and 0 <= int(cell) <= limit:
        row.values[field] = int(cell)
    else:
        row.give_back(title)


def _flag(row: _Row, field: str, title: str, cell: str) -> None:
    if cell.lower() in _FLAGS:
        row.values[field] = _FLAGS[cell.lower()]
    else:
        row.give_back(title)


def _word(row: _Row, field: str, title: str, cell: str) -> None:
    if field == "event_outcome" and cell not in _OUTCOMES:
        row.give_back(title)
    else:
        row.values[field] = cell


def _words(row: _Row, field: str, title: str, cell: str) -> None:  # noqa: ARG001 - one of the readers
    row.values[field] = [part.strip() for part in re.split("[,;]", cell) if part.strip()]


_READERS: dict[FieldKind, Callable[[_Row, str, str, str], None]] = {
    "address": _address,
    "addresses": _addresses,
    "integer": _integer,
    "flag": _flag,
    "word": _word,
    "words": _words,
}
