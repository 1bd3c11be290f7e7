"""Logs written as JSON, each by a mapping file: see `parsers.cloud_logs._json_mapping` for how one is written.

One engine reads them all: a record a line (also behind the prefixes of container platforms), a list, a document
whose member holds the list, and a CSV export with the record in a column. A wrapper, a prefix or a broken
neighbour never costs a record; a value that is no record of the log is a reject.
"""

from __future__ import annotations

from functools import lru_cache, partial
from importlib import resources
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.cloud_logs._json_items import (
    COMMENT,
    HEADER,
    WRAPPER,
    Record,
    csv_delimiter,
    line_value,
    records,
    unwrap,
)
from parsers.cloud_logs._json_mapping import JsonMapping, load_mapping
from parsers.cloud_logs._json_record import RecordReader
from parsers.contract import Event, Format, Reject, Source
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, top_keys
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample

__all__ = ["FORMATS"]

_SKIPS = MappingProxyType(
    {
        BLANK_LINE: BLANK_LINE_MEANING,
        JSON_STRUCTURE: JSON_STRUCTURE_MEANING,
        WRAPPER: "a property of the document around the records: its kind, a page token",
        HEADER: "the titles of the columns, also where they are repeated",
        COMMENT: "the type line PowerShell writes above a CSV export",
    }
)
_LOOKED_AT = 40  # records of a document or a table
_SHARED_GAPS = ("Several JSON documents one after another in one file are read only when each stands on its own line.",)


def _parse(source: Source, *, mapping: JsonMapping) -> Iterator[Item]:
    reader = RecordReader(mapping, source.settings)
    for found in records(source, mapping):
        if not isinstance(found, Record):
            yield found
            continue
        for part in reader.read(found.value, found.locator, found.flags):
            yield Event(found.span, found.locator + part.suffix, part.event_type, part.values, part.text)


@lru_cache(maxsize=4)
def _line_values(sample: Sample) -> tuple[object, ...]:
    return tuple(line_value(line) for line in sample.lines())


def _recognise(sample: Sample, *, mapping: JsonMapping) -> int:
    """Share of lines (or of the first records of a document) that are records, by the members they have."""
    start = sample.head[:4096].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").lstrip()
    if not (b"{" in start or start[:1] == b"[" or csv_delimiter(sample.head, mapping)):
        return 0
    of_lines = [_points(value, mapping) for value in _line_values(sample)]
    by_line = sum(of_lines) / len(of_lines) if of_lines else 0.0
    return round(max(by_line, _by_records(sample, mapping) if mapping.file.framing == "whole" else 0.0))


def _points(value: object, mapping: JsonMapping) -> int:
    """The score of one line: a record, or a list or wrapper of them."""
    listed: object = value
    if isinstance(value, dict):
        listed = next((value[name] for name in mapping.file.wrappers if isinstance(value.get(name), list)), value)
    first = listed[0] if isinstance(listed, list) and listed else listed
    inner = unwrap(first, mapping)
    return mapping.score(inner) if inner else 0


def _by_records(sample: Sample, mapping: JsonMapping) -> float:
    found = list(islice(records(Source(memoryview(sample.head)), mapping), 4 * _LOOKED_AT))
    scores = [mapping.score(item.value) for item in found if isinstance(item, Record)]
    refused = [item for item in found if isinstance(item, Reject) and item.span.end < len(sample.head)]
    if not scores and not refused:
        return _by_first_names(sample, mapping)
    return sum(scores) / (len(scores) + len(refused))


def _by_first_names(sample: Sample, mapping: JsonMapping) -> float:
    """For records longer than what is seen of the file: the names at the top of the first one."""
    opened = sample.head.find(b"[", 0, 4096)
    _, names = top_keys(sample.head[max(0, opened) :])
    return 0.9 * mapping.score(dict.fromkeys(names, True))


def _format(mapping: JsonMapping) -> Format:
    file = mapping.file
    return Format(
        id=file.id,
        version=file.version,
        title=file.title,
        framing=file.framing,
        recognise=partial(_recognise, mapping=mapping),
        parse=partial(_parse, mapping=mapping),
        event_types=mapping.event_types,
        tier=file.tier,
        trust=MappingProxyType(file.trust),
        skips=_SKIPS,
        references=tuple(file.references),
        gaps=(*file.gaps, *_SHARED_GAPS),
    )


def _mappings() -> Iterator[JsonMapping]:
    folder = resources.files("parsers.cloud_logs").joinpath("mappings")
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            yield load_mapping(path.read_bytes(), path.name)


FORMATS = tuple(_format(mapping) for mapping in _mappings())
