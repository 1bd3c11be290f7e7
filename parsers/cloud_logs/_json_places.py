"""Places in a JSON record, by RFC 6901 pointers: one walk over a record collects what stands at all of them."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ABSENT", "Condition", "Json", "Places", "Pointer", "Slots", "value_at"]

Json = dict[str, object]
Pointer = tuple[str, ...]
Places = tuple[int, ...]

ABSENT = (None, "", "-")
"""Values that mean "none": the schema knows no other nulls."""

_INDEXED = 8  # items of a list that pointers can name


def value_at(record: object, at: Pointer) -> object:
    """The value a pointer names; None when there is none."""
    for step in at:
        if type(record) is dict:
            record = record.get(step)
        elif type(record) is list and step.isdigit():
            record = record[int(step)] if len(step) < 9 and int(step) < len(record) else None
        else:
            return None
    return record


class Slots:
    """Every place a mapping reads, numbered, so that one walk over a record collects all their values."""

    def __init__(self) -> None:
        """Start without places."""
        self.pointers: list[Pointer] = []
        self._steps: tuple[_Step, ...] = ()

    def number(self, at: Pointer) -> int:
        """The number of a place, given on first use."""
        if at not in self.pointers:
            self.pointers.append(at)
            self._steps = _steps([(pointer, slot) for slot, pointer in enumerate(self.pointers)])
        return self.pointers.index(at)

    def collect(self, record: Json) -> list[object]:
        """The value at every place, by number; None where there is none, or one that means none."""
        values: list[object] = [None] * len(self.pointers)
        _collect(self._steps, record, values)
        return values


class _Step(NamedTuple):
    """A member name, the number of the place it leads to (-1: of none), and the steps from there."""

    name: str
    slot: int
    inner: tuple[_Step, ...]


def _steps(places: list[tuple[Pointer, int]]) -> tuple[_Step, ...]:
    out = []
    for name in dict.fromkeys(at[0] for at, _ in places):
        slot = next((slot for at, slot in places if at == (name,)), -1)
        out.append(_Step(name, slot, _steps([(at[1:], n) for at, n in places if at[0] == name and len(at) > 1])))
    return tuple(out)


def _collect(steps: tuple[_Step, ...], record: Json, values: list[object]) -> None:
    for name, slot, inner in steps:
        value = record.get(name)
        if value is None or (type(value) is str and value in ABSENT):
            continue
        if slot >= 0:
            values[slot] = value
        if inner:
            if type(value) is dict:
                _collect(inner, value, values)
            elif type(value) is list:
                _collect(inner, {str(i): item for i, item in enumerate(value[:_INDEXED])}, values)


class Condition(NamedTuple):
    """The value at a place is one of `words`, begins with one of `prefixes`, or is merely present."""

    slot: int
    words: frozenset[str]
    prefixes: tuple[str, ...]
    present: bool

    def holds(self, values: list[object]) -> bool:
        """Whether a record with these values meets the condition. Truth is compared as ``true`` and ``false``."""
        value = values[self.slot]
        if value is None:
            return False
        text = value if type(value) is str else str(value).lower() if isinstance(value, bool) else str(value)
        return self.present or text in self.words or text.startswith(self.prefixes)
