"""Google location history in its generations: records, semantic history, on-device timelines of Android and iOS."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Reject
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, top_keys
from parsers.platform_exports._google_json import Drift, Record, read_document, unread
from parsers.platform_exports._google_places import DEVICE, KNOWN, read_device, read_point, read_semantic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source

__all__ = ["FORMATS"]

_OPENED = {"locations", "timelineObjects", "semanticSegments", "rawSignals"}
_READERS = MappingProxyType(
    {
        "locations": read_point,
        "timelineObjects": read_semantic,
        "semanticSegments": read_device,
        "rawSignals": read_device,
    }
)
_POINT_WORDS = (b'"latitudeE7"', b'"longitudeE7"')


def recognise(sample: Sample) -> int:
    """The name of the list at the top; for lists without a name, the names of a timeline item."""
    root, keys = top_keys(sample.head)
    if root == "[":
        return 92 if {"startTime", "endTime"} <= set(keys) and set(keys) & DEVICE else 0
    if "locations" in keys:
        return 95 if all(word in sample.head for word in _POINT_WORDS) else 0
    if "timelineObjects" in keys:
        return 95 if b'"placeVisit"' in sample.head or b'"activitySegment"' in sample.head else 0
    return 95 if "semanticSegments" in keys and b'"startTime"' in sample.head else 0


def parse(source: Source) -> Iterator[Item]:
    """Every position of every item; several positions of one item cite the same bytes."""

    def read(record: Record, drift: Drift) -> Iterator[Item]:
        path, span = record.element.path, record.element.span
        top = path[0] if path else None
        reader = read_device if isinstance(top, int) else _READERS.get(str(top))
        if reader is None or (isinstance(top, str) and len(path) != 2):
            yield unread(record.element)
            return
        drift.note(f"/{top}" if isinstance(top, str) else "", record.value, KNOWN)
        found = list(reader(record, source.settings.timezone))
        yield from found
        if not found:
            yield Reject(span, "the item holds no position that can be read", "unknown_structure")

    yield from read_document(source, lambda path: not path or (len(path) == 1 and path[0] in _OPENED), read)


FORMATS = (
    Format(
        id="platform/google_takeout_location",
        version=1,
        title="Google location history: records, semantic history, on-device timelines (JSON)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("location",),
        tier="source-verified",
        trust=MappingProxyType({"timestamp": "provider_asserted", "device_id": "provider_asserted"}),
        skips=MappingProxyType({JSON_STRUCTURE: JSON_STRUCTURE_MEANING}),
        references=("timelinize/timelinize: Google location data source (layouts of every generation)",),
        gaps=(
            "No real export was at hand: layouts come from the source named.",
            "Places inferred by the provider carry its action (visit, activity); how sure it was is kept, not judged.",
            "Members of an item below its first level are kept with the item and not compared with a list.",
            "Times of points that are offsets from the start of an item are added to it.",
        ),
    ),
)
