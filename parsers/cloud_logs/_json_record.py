"""One JSON record as events, by its mapping."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.cloud_logs._json_fields import Reading, reader_of, scalar_text
from parsers.cloud_logs._json_places import Json, Pointer, value_at
from parsers.cloud_logs._json_times import read_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from parsers.cloud_logs._json_mapping import JsonMapping
    from parsers.contract import Settings

__all__ = ["Parts", "RecordReader"]

_EMAIL = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,255}")
_NOTHING: Mapping[str, object] = MappingProxyType({})
_SAID = (0, False)
"""Values that say something although Python takes them for none."""

_MOST_EVENTS = 999  # events of one record: what an event id can tell apart


class Parts(NamedTuple):
    """What one event says, and what tells it from the other events of its record."""

    event_type: str
    values: dict[str, object]
    text: str | None
    suffix: str


class RecordReader:
    """Reads the records of one file; remembers ids that were seen."""

    def __init__(self, mapping: JsonMapping, settings: Settings) -> None:
        """Compile what does not change from record to record."""
        self._mapping, self._zone = mapping, settings.timezone
        self._utc = mapping.file.time.zoneless == "utc"
        self._columns = tuple((column, places, reader_of(column)) for column, places in mapping.columns)
        self._plain = not (mapping.split or mapping.pairs or mapping.duplicate_key)
        self._seen: dict[str, str] = {}

    def read(self, record: Json, locator: str, flags: tuple[str, ...]) -> Iterable[Parts]:
        """The events of a record (several where the mapping splits it)."""
        if self._plain:
            return (self._one(record, flags, ""),)
        double = self._double(record, locator)
        given: Json = {"duplicate_of": double} if double else {}
        return (
            self._one(_with_pairs(part, self._mapping), flags, suffix, given) for suffix, part in self._split(record)
        )

    def _split(self, record: Json) -> Iterator[tuple[str, Json]]:
        at = self._mapping.split
        items = value_at(record, at) if at else None
        if at is None or not isinstance(items, list) or not items:
            yield "", record
            return
        shared = without(record, [at])
        for index, item in enumerate(items[:_MOST_EVENTS]):
            yield f"/{'/'.join(at)}/{index}", {**shared, "event": item}

    def _double(self, record: Json, locator: str) -> str | None:
        at = self._mapping.duplicate_key
        key = value_at(record, at) if at else None
        if type(key) is not str:
            return None
        first = self._seen.setdefault(key, locator)
        return first if first != locator else None

    def _one(self, record: Json, flags: tuple[str, ...], suffix: str, given: Mapping[str, object] = _NOTHING) -> Parts:
        mapping = self._mapping
        reading = Reading(mapping.slots.collect(record), dict(mapping.constants))
        reading.flags.extend(flags)
        reading.extra |= given
        self._time(reading)
        found = reading.found
        for column, places, reader in self._columns:
            for at in places:
                if found[at] is not None:  # most places of most records are empty: reading starts where one is not
                    reader(reading, column, places)
                    break
        event_type = self._rules(reading)
        self._identifiers(reading)
        values = reading.values
        method = values.get("http_request_method")
        if method is not None:
            values.setdefault("event_action", str(method).lower())
        if mapping.file.outcome_from_status and event_type == "http_request":
            values["event_outcome"] = _outcome(values.get("http_response_status_code"))
        text = values.pop("text", None)
        if extra := self._extra(record, reading):
            values["extra"] = extra
        if reading.flags:
            values["parse_flags"] = reading.flags
        text = text if isinstance(text, str) and event_type != "http_request" else None
        return Parts(event_type, values, text, suffix)

    def _time(self, reading: Reading) -> None:
        written = reading.take(self._mapping.time)
        if written is None or isinstance(written, (list, dict)):
            return
        moment = read_time(written, self._zone, utc=self._utc)
        reading.values |= moment.columns(self._mapping.file.time.desc)
        for flag in moment.flags:
            reading.flag(flag)

    def _rules(self, reading: Reading) -> str:
        """Translate values, then let the first rule that fits decide each column; the event type."""
        for column, table in self._mapping.values.items():
            written = reading.values.get(column)
            if not isinstance(written, str) or written == self._mapping.constants.get(column):
                continue
            meant = table.get(written.casefold(), "unknown" if column == "event_outcome" else written)
            if meant != written:
                reading.values[column], reading.extra[column] = meant, written
        decided: dict[str, str] = {}
        event_type = None
        for rule in self._mapping.rules:
            for condition in rule.when:
                if not condition.holds(reading.found):
                    break
            else:
                event_type = event_type or rule.event_type
                decided = {**rule.values, **decided}
        reading.values |= decided
        return event_type or self._mapping.file.event_type

    def _identifiers(self, reading: Reading) -> None:
        found: list[dict[str, str]] = []
        for kind, places in self._mapping.identifiers:
            for at in places:
                text = scalar_text(reading.found[at])
                if text is None or (kind.endswith("email") and not _EMAIL.fullmatch(text)):
                    continue
                entry = {"type": kind, "value": text, "raw": text}
                if entry not in found:
                    found.append(entry)
                    reading.used.append(at)
        if found:
            reading.values["identifiers"] = found

    def _extra(self, record: Json, reading: Reading) -> Json:
        named: Json = {}
        for name, places in self._mapping.extra:
            for at in places:
                if reading.found[at] is not None:
                    named[name] = reading.found[at]
                    reading.used.append(at)
                    break
        if self._mapping.file.rest:
            pointers = self._mapping.slots.pointers
            rest = without(record, [pointers[slot] for slot in reading.used])
            named = {name: value for name, value in rest.items() if (value and value != "-") or value in _SAID} | named
        return named | reading.extra if reading.extra else named


def without(record: Json, pointers: list[Pointer]) -> Json:
    """A copy of a record without what stands at some pointers; what becomes empty by that is left out."""
    if all(len(at) == 1 for at in pointers):
        whole = {at[0] for at in pointers}
        return {name: value for name, value in record.items() if name not in whole}
    nested: dict[str, list[Pointer]] = {}
    for at in pointers:
        nested.setdefault(at[0], []).append(at[1:])
    out: Json = {}
    for name, value in record.items():
        inner = nested.get(name)
        if inner is None:
            out[name] = value
        elif () not in inner:
            left = without(value, inner) if isinstance(value, dict) else value
            if left:
                out[name] = left
    return out


def _with_pairs(record: Json, mapping: JsonMapping) -> Json:
    """The record with its lists of name and value as objects."""
    for at, name_key, value_keys in mapping.pairs:
        found = value_at(record, at)
        if isinstance(found, list):
            record = _replaced(record, at, _paired(found, name_key, value_keys))
    return record


def _paired(items: list[object], name_key: str, value_keys: tuple[str, ...]) -> object:
    """An object of the pairs; a name that occurs again gets a list. The list itself when it is not one of pairs."""
    out: Json = {}
    for item in items:
        name = item.get(name_key) if isinstance(item, dict) else None
        if not isinstance(item, dict) or not isinstance(name, str):
            return items
        value = next((item[key] for key in value_keys if key in item), None)
        if name in out:
            held = out[name]
            out[name] = [*(held if isinstance(held, list) else [held]), value]
        else:
            out[name] = value
    return out


def _replaced(record: Json, at: Pointer, value: object) -> Json:
    inner = record.get(at[0])
    return {**record, at[0]: _replaced(inner, at[1:], value) if len(at) > 1 and isinstance(inner, dict) else value}


def _outcome(status: object) -> str:
    if not isinstance(status, int) or status < 100:
        return "unknown"
    return "success" if status < 400 else "failure"
