"""Mapping files: what a JSON log says where, as TOML, checked on loading and compiled once.

A mapping names event columns and, for each, where in a record its value stands: RFC 6901 pointers, of which the
first that holds a value is read. Adding a log of this kind is one file in ``mappings/`` and one fixture folder::

    id = "cloud_log/example"        # also the folder under sample_data/formats/
    version = 1
    title = "Example service, audit log"
    tier = "source-verified"
    references = ["Example documentation, 2026: audit log schema"]
    framing = "whole"               # "whole": documents, too; "line": one record a line, read in parallel
    platform = "example"            # account_platform
    event_type = "audit_action"     # where no rule says otherwise
    wrappers = ["Records"]          # members of a document that hold the list of records
    inside = ["/AuditData"]         # a record may be wrapped as JSON text (or an object) in this member
    split = "/events"               # one event for each item of this list, seen by pointers as /event
    pairs = { "/event/parameters" = ["name", "value"] }  # [{name, value}, ...] is seen as an object
    csv_column = "AuditData"        # the same records as a column of a CSV export
    duplicate_key = "/Id"           # the same value again is kept, with extra.duplicate_of
    rest = true                     # what no pointer took goes to extra; else only what [extra] names
    outcome_from_status = false     # event_outcome from the HTTP status

    [recognise]
    needs = ["/Id"]                 # a record lacks none of these, else it is a reject
    points = { "/Id" = 60 }         # presence, summed, at most 98

    [time]
    timestamp = ["/time"]           # ISO 8601, counts since 1970 (unit by magnitude), CLF
    zoneless = "utc"                # "utc": fixed by the format; "case": the case's zone
    desc = "Recorded Time"

    [columns]                       # any event column, "text" (not of requests), "request_line" (method target version)
    source_ip = ["/ip"]

    [identifiers]
    email = ["/actor/email"]

    [extra]                         # name in extra = pointers
    request_id = ["/id"]

    [constants]                     # columns every event has, unless the record or a rule says otherwise
    event_outcome = "success"

    [values.event_outcome]          # what a value of a column means (compared without case)
    "ok" = "success"

    [[rules]]                       # the first rule that fits decides, column by column, over what the record says
    when = { "/name" = ["login", "logout*"], "/ip" = "*" }
    event_type = "authentication"
    set = { event_outcome = "failure" }

    [trust]
    source_ip = "server_observed"
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from parsers.cloud_logs._json_places import Condition, Json, Places, Pointer, Slots, value_at
from parsers.contract import Tier, Trust  # noqa: TC001 - read by msgspec at run time
from parsers.schema import EVENT_TYPES, EVENTS, IDENTIFIER_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["JsonMapping", "MappingError", "Rule", "load_mapping"]

_OWN = {"text", "request_line"}
_Written = str | list[str]


class MappingError(ValueError):
    """A mapping file is wrong; the message says where."""


class _Recognise(msgspec.Struct, forbid_unknown_fields=True):
    points: dict[str, int]
    needs: list[str] = []


class _Time(msgspec.Struct, forbid_unknown_fields=True):
    timestamp: _Written
    zoneless: Literal["utc", "case"] = "case"
    desc: str = "Recorded Time"


class _Rule(msgspec.Struct, forbid_unknown_fields=True):
    when: dict[str, _Written]
    event_type: str | None = None
    set: dict[str, str] = {}


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The keys of a mapping file."""

    id: str
    version: int
    title: str
    tier: Tier
    references: list[str]
    recognise: _Recognise
    time: _Time
    columns: dict[str, _Written]
    event_type: str
    framing: Literal["line", "whole"] = "whole"
    platform: str | None = None
    gaps: list[str] = []
    wrappers: list[str] = []
    inside: list[str] = []
    split: str | None = None
    pairs: dict[str, list[str]] = {}
    csv_column: str | None = None
    duplicate_key: str | None = None
    rest: bool = False
    outcome_from_status: bool = False
    identifiers: dict[str, _Written] = {}
    extra: dict[str, _Written] = {}
    constants: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    rules: list[_Rule] = []
    trust: dict[str, Trust] = {}


class Rule(NamedTuple):
    """What holds for records that meet all conditions."""

    when: tuple[Condition, ...]
    event_type: str | None
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonMapping:
    """A compiled mapping; see the module's text for what each part means."""

    file: _File
    needs: tuple[Pointer, ...]
    points: tuple[tuple[Pointer, int], ...]
    slots: Slots
    time: Places
    columns: tuple[tuple[str, Places], ...]
    identifiers: tuple[tuple[str, Places], ...]
    extra: tuple[tuple[str, Places], ...]
    inside: tuple[Pointer, ...]
    split: Pointer | None
    pairs: tuple[tuple[Pointer, str, tuple[str, ...]], ...]
    duplicate_key: Pointer | None
    values: Mapping[str, Mapping[str, str]]
    rules: tuple[Rule, ...]
    constants: Mapping[str, str]

    @property
    def event_types(self) -> tuple[str, ...]:
        """Every event type the mapping can give."""
        return tuple(sorted({self.file.event_type, *(r.event_type for r in self.rules if r.event_type)}))

    def score(self, record: Json) -> int:
        """How much a record looks like one of this log, 0 to 98."""
        if any(value_at(record, at) is None for at in self.needs):
            return 0
        return min(98, sum(points for at, points in self.points if value_at(record, at) is not None))


def load_mapping(data: bytes, name: str) -> JsonMapping:
    """Check and compile a mapping file.

    Raises:
        MappingError: it is not TOML, has an unknown key, or names a column, event type or identifier that is none.
    """
    import tomllib

    try:
        file = msgspec.convert(tomllib.loads(data.decode("utf-8")), _File)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise MappingError(f"{name}: {error}") from error
    _check(file, name)
    slots = Slots()
    return JsonMapping(
        file=file,
        needs=_pointers(file.recognise.needs),
        points=tuple((_pointer(at), points) for at, points in file.recognise.points.items()),
        slots=slots,
        time=_places(file.time.timestamp, slots),
        columns=_tables(file.columns, slots),
        identifiers=_tables(file.identifiers, slots),
        extra=_tables(file.extra, slots),
        inside=_pointers(file.inside),
        split=_pointer(file.split) if file.split else None,
        pairs=tuple((_pointer(at), names[0], tuple(names[1:])) for at, names in file.pairs.items()),
        duplicate_key=_pointer(file.duplicate_key) if file.duplicate_key else None,
        values={column: {k.casefold(): v for k, v in table.items()} for column, table in file.values.items()},
        rules=tuple(Rule(_conditions(r.when, slots), r.event_type, r.set) for r in file.rules),
        constants=file.constants | ({"account_platform": file.platform} if file.platform else {}),
    )


def _check(file: _File, name: str) -> None:
    columns = {*EVENTS.names, *_OWN}
    allowed: tuple[tuple[str, set[str], set[str]], ...] = (
        ("column", {*file.columns, *file.constants, *file.values, *(c for r in file.rules for c in r.set)}, columns),
        ("event type", {file.event_type, *(r.event_type for r in file.rules if r.event_type)}, set(EVENT_TYPES)),
        ("identifier type", set(file.identifiers), set(IDENTIFIER_TYPES)),
        ("column in [trust]", set(file.trust), set(EVENTS.names)),
    )
    for what, used, known in allowed:
        if used - known:
            raise MappingError(f"{name}: no {what}: {', '.join(sorted(used - known))}")


def _tables(table: dict[str, _Written], slots: Slots) -> tuple[tuple[str, Places], ...]:
    return tuple((name, _places(written, slots)) for name, written in table.items())


def _places(written: _Written, slots: Slots) -> Places:
    return tuple(slots.number(at) for at in _pointers(written))


def _pointers(written: _Written) -> tuple[Pointer, ...]:
    return tuple(_pointer(at) for at in ([written] if isinstance(written, str) else written))


def _pointer(text: str) -> Pointer:
    """The steps of an RFC 6901 pointer.

    Raises:
        MappingError: it does not begin with a slash.
    """
    if not text.startswith("/"):
        raise MappingError(f"a pointer begins with a slash: {text!r}")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in text[1:].split("/"))


def _conditions(when: dict[str, _Written], slots: Slots) -> tuple[Condition, ...]:
    out = []
    for at, written in when.items():
        words = [written] if isinstance(written, str) else written
        prefixes = tuple(w[:-1] for w in words if w.endswith("*") and w != "*")
        plain = frozenset(w for w in words if not w.endswith("*"))
        out.append(Condition(slots.number(_pointer(at)), plain, prefixes, "*" in words))
    return tuple(out)
