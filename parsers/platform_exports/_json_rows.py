"""Objects of JSON exports as event columns, by declared fields.

A `Shape` says what one kind of object is and what its members mean; a meaning is a column of the schema, a kind of
identifier or one of the words below. What no field declares, and what a column cannot hold, is kept in `extra`
under its own name. All values of a row come from one object, so an address never meets the time of another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.kit.addresses import parse_address
from parsers.platform_exports._json_values import instant, phone_digits, text_of
from parsers.schema import IDENTIFIER_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from parsers.kit.time import Moment

__all__ = ["MEANINGS", "Shape", "read_row"]

_COLUMNS = frozenset(
    {
        *("event_action", "user_agent_original", "account_id", "account_login", "account_display_name"),
        *("target_account_id", "target_account_login", "session_id", "message_id", "thread_id", "in_reply_to"),
        "message_type",
    }
)
_PLACES = {"latitude": "latitude", "longitude": "longitude", "accuracy": "accuracy_m"}
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@.]{2,63}")
_LARGEST_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One kind of object.

    Attributes:
        event_type: What it is, unless `kinds` says otherwise.
        action: Its `event_action` when the object states none.
        desc: What its time is the time of.
        fields: Member name (``outer.inner`` below an object) -> meaning. Of two fields for one column the first wins.
        kinds: Action in lower case -> event type.
        device_id_type: What kind of id its device id is.
        utc: Whether times written without a zone are UTC by the format's rule.
        read_time: Reads times written in a way of the family's own; None leaves the value to the usual forms.
    """

    event_type: str
    action: str | None = None
    desc: str = "Recorded Time"
    fields: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    device_id_type: str | None = None
    utc: bool = False
    read_time: Callable[[object, str | None], Moment | None] | None = None


@dataclass(slots=True)
class _Row:
    shape: Shape
    zone: str | None
    columns: dict[str, object]
    extra: dict[str, object] = field(default_factory=dict)
    identifiers: list[dict[str, str]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)


def read_row(
    value: Mapping[str, object], shape: Shape, platform: str, zone: str | None = None
) -> tuple[str, dict[str, object]]:
    """The event type and the columns of one object.

    Args:
        value: The object.
        shape: What it is.
        platform: Service the account belongs to.
        zone: Zone of times written without one, if the case states it.
    """
    row = _Row(shape, zone, {"account_platform": platform, "event_action": shape.action})
    cells = dict(_cells(value, shape.fields, ""))
    for name in (*(n for n in shape.fields if n in cells), *(n for n in cells if n not in shape.fields)):
        cell, meaning = cells[name], shape.fields.get(name)
        if cell not in (None, "", [], {}) and not (meaning and _take(row, meaning, cell)):
            row.extra[name] = cell
    action = row.columns["event_action"]
    kind = shape.kinds.get(str(action).casefold(), shape.event_type)
    row.columns |= {"identifiers": row.identifiers or None, "parse_flags": sorted(row.flags), "extra": row.extra}
    return kind, row.columns


def _cells(value: Mapping[str, object], fields: Mapping[str, str], prefix: str) -> Iterator[tuple[str, object]]:
    """Members by name; only an object that a declared field looks into is taken apart."""
    for name, member in value.items():
        path = prefix + name
        if isinstance(member, dict) and any(declared.startswith(path + ".") for declared in fields):
            yield from _cells(member, fields, path + ".")
        else:
            yield path, member


def _take(row: _Row, meaning: str, cell: object) -> bool:
    """Put a value where its meaning says; False when no column can hold it."""
    if meaning in _COLUMNS:
        return _take_text(row, meaning, cell)
    if meaning in IDENTIFIER_TYPES:
        return _take_identifiers(row, meaning, cell)
    return _SPECIAL[meaning](row, meaning, cell)


def _take_text(row: _Row, column: str, cell: object) -> bool:
    text = text_of(cell)
    taken = row.columns.get(column) not in (None, row.shape.action if column == "event_action" else None)
    if text is None or taken:
        return False
    row.columns[column] = text
    return True


def _take_identifiers(row: _Row, kind: str, cell: object) -> bool:
    """One identifier or a list of them, all or none."""
    raws = [text_of(one) for one in (cell if isinstance(cell, list) else [cell])]
    if None in raws:
        return False
    for raw in raws:
        _add_identifier(row, kind, raw or "")
    return True


def _add_identifier(row: _Row, kind: str, raw: str) -> None:
    value = (phone_digits(raw) or raw) if kind == "phone" else raw.strip()
    value = value.removeprefix("@") if kind == "username" else value
    row.identifiers.append({"type": kind, "value": value, "raw": raw})
    if kind == "username":
        row.columns.setdefault("account_login", value)
    if kind == "device_id" and "device_id" not in row.columns:
        row.columns |= {"device_id": raw, "device_id_type": row.shape.device_id_type}


def _moment(row: _Row, cell: object) -> Moment | None:
    own = row.shape.read_time(cell, row.zone) if row.shape.read_time else None
    return own or instant(cell, row.zone, utc=row.shape.utc)


def _take_time(row: _Row, _meaning: str, cell: object) -> bool:
    if "timestamp_raw" in row.columns:
        return False
    moment = _moment(row, cell)
    if moment:
        row.columns |= moment.columns(row.shape.desc)
        row.flags.update(moment.flags)
    elif cell == "0":  # no time, stated as digits: the same no time written out beside it is none, either
        row.columns["timestamp_raw"] = None
    return moment is not None or cell in (0, "0")


def _take_end(row: _Row, _meaning: str, cell: object) -> bool:
    moment = _moment(row, cell)
    if moment is None or moment.timestamp is None or "timestamp_end" in row.columns:
        return cell in (0, "0")
    row.columns["timestamp_end"] = moment.timestamp
    return True


def _take_address(row: _Row, _meaning: str, cell: object) -> bool:
    address = parse_address(cell) if isinstance(cell, str) else None
    if address is None:
        row.flags.add("invalid_address")
    if address is None or "source_ip" in row.columns:
        return False
    row.columns["source_ip"] = address.ip
    if address.port is not None:
        row.columns.setdefault("source_port", address.port)
    row.flags |= {"v4_mapped"} if address.v4_mapped else set()
    return True


def _take_port(row: _Row, _meaning: str, cell: object) -> bool:
    digits = text_of(cell) or ""
    fits = digits.isascii() and digits.isdigit() and len(digits) <= 5 and 0 < int(digits) <= _LARGEST_PORT
    if not fits or row.columns.get("source_port", int(digits)) != int(digits):
        return False
    row.columns["source_port"] = int(digits)
    return True


def _take_contact(row: _Row, _meaning: str, cell: object) -> bool:
    """An e-mail address or a telephone number, told apart by its shape."""
    text = cell if isinstance(cell, str) else ""
    kind = "email" if _EMAIL.fullmatch(text[:300]) else "phone" if phone_digits(text) else None
    return kind is not None and _take_identifiers(row, kind, text)


def _take_labelled(row: _Row, _meaning: str, cell: object) -> bool:
    """``IP address: 192.0.2.1`` or ``Cookie: abc``: the value speaks through its shape, then through its label."""
    label, _, value = cell.partition(": ") if isinstance(cell, str) else ("", "", "")
    if parse_address(value):
        return _take_address(row, "ip", value)
    return bool(value) and "cookie" in label.casefold() and _take_identifiers(row, "cookie", value)


def _take_phones(row: _Row, _meaning: str, cell: object) -> bool:
    """Objects that hold a telephone number; they stay in `extra` for what else they say of it."""
    for one in cell if isinstance(cell, list) else []:
        number = text_of(one.get("phone_number")) if isinstance(one, dict) else None
        if number:
            _add_identifier(row, "phone", number)
    return False


def _take_place(row: _Row, meaning: str, cell: object) -> bool:
    if not isinstance(cell, int | float) or isinstance(cell, bool) or _PLACES[meaning] in row.extra:
        return False
    row.extra[_PLACES[meaning]] = cell
    return True


_SPECIAL: Mapping[str, Callable[[_Row, str, object], bool]] = {
    "time": _take_time,
    "end": _take_end,
    "ip": _take_address,
    "port": _take_port,
    "contact": _take_contact,
    "labelled": _take_labelled,
    "phones": _take_phones,
    **dict.fromkeys(_PLACES, _take_place),
}
MEANINGS = frozenset({*_COLUMNS, *_SPECIAL, *IDENTIFIER_TYPES})
"""Every word a field may be declared to mean."""
