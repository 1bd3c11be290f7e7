"""Positions of Google's location history: where an item holds them, and how each generation writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.time import Moment, from_epoch, parse_iso
from parsers.platform_exports._google_json import flags, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Event
    from parsers.platform_exports._google_json import Record

__all__ = ["DEVICE", "KNOWN", "read_device", "read_point", "read_semantic"]

DEVICE = {"visit", "activity", "timelinePath", "timelineMemory"}
KNOWN = {
    *("timestamp", "timestampMs", "latitudeE7", "longitudeE7", "accuracy", "source", "deviceTag", "deviceTimestamp"),
    *(
        "serverTimestamp",
        "altitude",
        "verticalAccuracy",
        "velocity",
        "heading",
        "activity",
        "activeWifiScan",
        "platform",
    ),
    *("platformType", "formFactor", "batteryCharging", "locationMetadata", "deviceDesignation", "osLevel"),
    *("inferredLocation", "placeVisit", "activitySegment", "startTime", "endTime", "visit", "timelinePath", "position"),
    *("timelineMemory", "startTimeTimezoneUtcOffsetMinutes", "endTimeTimezoneUtcOffsetMinutes", "wifiScan"),
    *("activityRecord",),
}
_DEGREES = re.compile(r"(?:geo:)?\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*\u00b0?\s*,\s*(-?\d{1,3}(?:\.\d{1,12})?)\s*\u00b0?")
_TURN = 1 << 32
_POINT_TAKEN = {"timestamp", "timestampMs", "latitudeE7", "longitudeE7", "accuracy", "deviceTag"}
_FAR = 10_000_000
_MINUTE_US = 60_000_000
_LATEST_US = 4_102_444_800_000_000  # the year 2100: no offset leads out of the calendar


class _At(NamedTuple):
    latitude: float
    longitude: float


def _object(value: object, *names: str) -> Mapping[str, object]:
    """The object below these names, or an empty one."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _e7(row: Mapping[str, object]) -> _At | None:
    """Degrees from ten-millionths; counts beyond a half turn had overflowed 32 bits."""
    latitude, longitude = row.get("latitudeE7"), row.get("longitudeE7")
    if not isinstance(latitude, int) or not isinstance(longitude, int):
        return None
    latitude = latitude - _TURN if latitude > 90 * _FAR else latitude
    longitude = longitude - _TURN if longitude > 180 * _FAR else longitude
    return _checked(latitude / _FAR, longitude / _FAR) if abs(latitude) < _TURN and abs(longitude) < _TURN else None


def _degrees(value: object) -> _At | None:
    """Degrees as text, ``40.4\u00b0, -3.7\u00b0`` or ``geo:40.4,-3.7``; also inside an object under ``latLng``."""
    value = value.get("latLng") if isinstance(value, dict) else value
    match = _DEGREES.fullmatch(value.strip()[:80]) if isinstance(value, str) else None
    return _checked(float(match[1]), float(match[2])) if match else None


def _checked(latitude: float, longitude: float) -> _At | None:
    return _At(latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _moment(value: object, zone_name: str | None) -> Moment | None:
    """ISO 8601, or milliseconds since 1970 as digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 18:
        return from_epoch(int(value), value, unit="ms")
    written = text(value)
    return parse_iso(written, zone_name) if written else None


def _event(
    record: Record, action: str, at: _At, moment: Moment | None, end: Moment | None, more: Mapping[str, object]
) -> Event:
    tag = more.get("deviceTag")
    device = str(tag) if isinstance(tag, str) or (isinstance(tag, int) and abs(tag) < 1 << 63) else None
    extra: dict[str, object] = {"latitude": at.latitude, "longitude": at.longitude}
    extra |= {k: v for k, v in more.items() if v not in (None, "", [], {})}
    values: dict[str, object] = {
        **(moment.columns("Location Time") if moment else {}),
        "timestamp_end": end.timestamp if end else None,
        "account_platform": "google",
        "event_action": action,
        "device_id": device,
        "device_id_type": "device_tag" if device else None,
        "parse_flags": flags(record.flags, moment.flags if moment else (), end.flags if end else ()),
        "extra": extra,
    }
    return record.event("location", values)


def read_point(record: Record, zone_name: str | None) -> Iterator[Event]:
    """One record of ``locations``."""
    row = record.value
    at = _e7(row)
    if at:
        rest = {k: v for k, v in row.items() if k not in _POINT_TAKEN}
        rest |= {"timestampMs": row["timestampMs"]} if {"timestamp", "timestampMs"} <= set(row) else {}
        more = {"accuracy_m": row.get("accuracy"), "deviceTag": row.get("deviceTag"), **rest}
        moment = _moment(row.get("timestamp", row.get("timestampMs")), zone_name)
        yield _event(record, "recorded", at, moment, None, more)


def read_semantic(record: Record, zone_name: str | None) -> Iterator[Event]:
    """One place visit or movement of the semantic history; a movement has two ends, each with its own time."""
    visit, segment = _object(record.value, "placeVisit"), _object(record.value, "activitySegment")
    place, at = _object(visit, "location"), _e7(_object(visit, "location"))
    if at:
        named = {k: v for k, v in place.items() if k not in {"latitudeE7", "longitudeE7"}}
        rest = {k: v for k, v in visit.items() if k not in {"location", "duration"}}
        start, end = (_stamp(visit, side, zone_name) for side in ("start", "end"))
        yield _event(record, "visit", at, start, end, {"place": named, **rest})
    for side in ("start", "end"):
        at = _e7(_object(segment, f"{side}Location"))
        if at:
            rest = {k: v for k, v in segment.items() if k not in {"startLocation", "endLocation", "duration"}}
            yield _event(record, f"activity_{side}", at, _stamp(segment, side, zone_name), None, rest)


def _stamp(row: Mapping[str, object], side: str, zone_name: str | None) -> Moment | None:
    duration = _object(row, "duration")
    return _moment(duration.get(f"{side}Timestamp", duration.get(f"{side}TimestampMs")), zone_name)


def read_device(record: Record, zone_name: str | None) -> Iterator[Event]:
    """One item of an on-device timeline: a visit, a movement, a path, or a raw position."""
    row = record.value
    start, end = _moment(row.get("startTime"), zone_name), _moment(row.get("endTime"), zone_name)
    visit = _object(row, "visit")
    best = _object(visit, "topCandidate")
    if at := _degrees(best.get("placeLocation")):
        named = {k: v for k, v in best.items() if k != "placeLocation"}
        rest = {k: v for k, v in visit.items() if k != "topCandidate"}
        yield _event(record, "visit", at, start, end, {"place": named, **rest})
    moved = _object(row, "activity")
    rest = {k: v for k, v in moved.items() if k not in {"start", "end"}}
    for side, moment in (("start", start), ("end", end)):
        if at := _degrees(moved.get(side)):
            yield _event(record, f"activity_{side}", at, moment, None, rest)
    yield from _path(record, start, zone_name)
    position = _object(row, "position")
    if at := _degrees(position.get("LatLng", position.get("latLng"))):
        rest = {k: v for k, v in position.items() if k not in {"LatLng", "latLng", "accuracyMeters", "timestamp"}}
        more = {"accuracy_m": position.get("accuracyMeters"), **rest}
        yield _event(record, "recorded", at, _moment(position.get("timestamp"), zone_name), None, more)


def _path(record: Record, start: Moment | None, zone_name: str | None) -> Iterator[Event]:
    written_path = record.value.get("timelinePath")
    rows = [p if isinstance(p, dict) else {} for p in written_path] if isinstance(written_path, list) else []
    places = [_degrees(row.get("point")) for row in rows]
    unread = {"points_not_read": places.count(None) or None}
    for row, at in zip(rows, places, strict=True):
        if at:
            written = row.get("time")
            moment = _moment(written, zone_name) if written else _after(start, row)
            yield _event(record, "path", at, moment, None, unread)


def _after(start: Moment | None, row: Mapping[str, object]) -> Moment | None:
    """The start of the item and whole minutes later: known to the minute."""
    minutes = row.get("durationMinutesOffsetFromStartTime")
    if isinstance(minutes, str) and minutes.isascii() and minutes.isdigit() and len(minutes) <= 6:
        minutes = int(minutes)
    if not isinstance(minutes, int) or not 0 <= minutes < 1_000_000 or start is None:
        return None
    if start.timestamp is None or start.earliest is None or start.latest is None or start.timestamp > _LATEST_US:
        return None
    shift = minutes * _MINUTE_US
    return start._replace(
        timestamp=start.timestamp + shift,
        raw=f"{start.raw} + {minutes} min",
        precision_s=60.0,
        earliest=start.earliest + shift,
        latest=start.latest + shift + _MINUTE_US,
    )
