"""JSON values as event columns: one reader for each kind of column."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa

from parsers.cloud_logs._json_places import ABSENT
from parsers.kit.addresses import Address, parse_address
from parsers.schema import column_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from parsers.cloud_logs._json_places import Json, Places

__all__ = ["Reading", "reader_of", "scalar_text"]

_DIGITS = re.compile(r"[0-9]{1,18}")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_][A-Za-z0-9_. -]{0,252}")
_REQUEST = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}) ([^ ]+) HTTP/([0-9](?:\.[0-9])?)")  # RFC 9112 section 3
_VERSION = re.compile(r"(?:HTTP/)?([0-9](?:\.[0-9])?)")
_PORTED = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:]+):([0-9]{1,5})")
_PORT_OF = {"source_ip": "source_port", "destination_ip": "destination_port"}
_PARTS = 64  # longest list of claimed addresses that is read


class Reading:
    """What has been read of one record so far. Places are numbers of a mapping's `Slots`."""

    __slots__ = ("extra", "flags", "found", "used", "values")

    def __init__(self, found: list[object], values: dict[str, object]) -> None:
        """Take what the record has at every place, and the columns it has for certain."""
        self.found, self.values = found, values
        self.flags: list[str] = []
        self.extra: Json = {}
        self.used: list[int] = []

    def flag(self, name: str) -> None:
        """Set a parse flag once."""
        if name not in self.flags:
            self.flags.append(name)

    def take(self, places: Places) -> object:
        """The first value that is there; it counts as used. None when there is none."""
        found = self.found
        for at in places:
            if found[at] is not None:
                self.used.append(at)
                return found[at]
        return None


def scalar_text(value: object) -> str | None:
    """A JSON scalar, or a list of one, as text; None for objects and longer lists."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return scalar_text(value[0]) if isinstance(value, list) and len(value) == 1 else None


def _word(reading: Reading, column: str, places: Places) -> None:
    value = reading.take(places)
    text = value if type(value) is str else scalar_text(value)
    if text is None:
        reading.used.pop()
    elif text not in ABSENT:
        reading.values[column] = text


def _words(reading: Reading, column: str, places: Places) -> None:
    value = reading.take(places)
    if value is None:
        return
    items = value if isinstance(value, list) else [value]
    words = [text for item in items if (text := scalar_text(item)) is not None and text not in ABSENT]
    if words and len(words) == len(items):
        reading.values[column] = words
    else:
        reading.used.pop()


def _integer(reading: Reading, column: str, places: Places) -> None:
    """A whole number, also one written as text; anything else stays in `extra` as written."""
    value = reading.take(places)
    if value is None:
        return
    if (type(value) is str and _DIGITS.fullmatch(value)) or (isinstance(value, float) and value.is_integer()):
        value = int(value)
    if type(value) is int and 0 <= value <= _limit(column):
        if value or not column.endswith("_port"):
            reading.values[column] = value
    else:
        reading.extra[column] = value


@lru_cache(maxsize=64)
def _limit(column: str) -> int:
    if column.endswith("_port"):
        return 65535
    return (1 << 31) - 1 if column_type(column).bit_width == 32 else (1 << 63) - 1


def _flag(reading: Reading, column: str, places: Places) -> None:
    value = reading.take(places)
    if isinstance(value, bool):
        reading.values[column] = value
    elif value is not None:
        reading.used.pop()


def _address(reading: Reading, column: str, places: Places) -> None:
    """The first value that is an address. Without one: what the first value is instead."""
    written = None
    for at in places:
        value = reading.found[at]
        text = value if type(value) is str else scalar_text(value)
        if text is None or text in ABSENT:
            continue
        address = parse_address(text) if text.isascii() else None
        if address is not None:
            _set_address(reading, column, text, address)
            reading.used.append(at)
            return
        written = written or (text, at)
    if written is not None:
        reading.used.append(written[1])
        _no_address(reading, column, written[0])


def _set_address(reading: Reading, column: str, text: str, address: Address) -> None:
    reading.values[column] = address.ip
    if address.port and column in _PORT_OF:
        reading.values[_PORT_OF[column]] = address.port
    if address.zone:
        reading.extra["address_zone"] = address.zone
    if address.v4_mapped:
        reading.flag("v4_mapped")
        reading.extra["address_as_written"] = text


def _no_address(reading: Reading, column: str, text: str) -> None:
    if column == "source_ip" and _NAME.fullmatch(text):
        reading.flag("address_is_name")
        reading.extra["peer_name"] = text
        return
    found = [a.ip for part in text.split(",")[:_PARTS] if (a := parse_address(part))] if "," in text else []
    if found:
        reading.flag("address_list")
        reading.values["claimed_ips"] = found
    else:
        reading.flag("invalid_address")
    reading.extra["address_as_written"] = text


def _addresses(reading: Reading, column: str, places: Places) -> None:
    """Claimed addresses in order: all of the first place, what further places add. The peer alone is no claim."""
    claimed: list[str] = []
    peer = reading.values.get("source_ip")
    for at in places:
        value = reading.found[at]
        if value is None:
            continue
        if value == peer and at != places[0]:
            reading.used.append(at)
            continue
        parts = _address_parts(value)
        found = [address.ip for part in parts if (address := parse_address(part))]
        claimed += [ip for ip in found if at == places[0] or ip not in (*claimed, peer)]
        reading.used.append(at)
        if len(found) < len(parts):
            reading.flag("invalid_address")
            reading.extra.setdefault("claimed_as_written", value)
    if claimed and set(claimed) != {peer}:
        reading.values[column] = claimed


def _address_parts(value: object) -> list[str]:
    if type(value) is str and "," not in value:
        return [value.strip().strip('"')]
    items = value if isinstance(value, list) else [value]
    texts = [scalar_text(item) or "?" for item in items]
    parts = [part.strip().strip('"') for text in texts for part in text.split(",")[:_PARTS]]
    return [part for part in parts[:_PARTS] if part not in ABSENT]


def _request(reading: Reading, column: str, places: Places) -> None:  # noqa: ARG001 - one of the readers
    text = scalar_text(reading.take(places))
    if text is None:
        return
    match = _REQUEST.fullmatch(text)
    if match:
        reading.values |= {"http_request_method": match[1], "url_original": match[2], "http_version": match[3]}
    else:
        reading.values["url_original"] = text
        reading.flag("unsplit_request")


def _http_version(reading: Reading, column: str, places: Places) -> None:
    text = scalar_text(reading.take(places))
    if text is not None:
        match = _VERSION.fullmatch(text)
        reading.values[column] = match[1] if match else text


def _domain(reading: Reading, column: str, places: Places) -> None:
    """The host asked for; a port in it goes to `extra`, since it is the client's word, not the server's port."""
    text = scalar_text(reading.take(places))
    if text is None:
        return
    ported = _PORTED.fullmatch(text)
    reading.values[column] = ported[1] if ported else text
    if ported:
        reading.extra["url_port"] = int(ported[2])


_SPECIAL: dict[str, Callable[[Reading, str, Places], None]] = {
    "source_ip": _address,
    "destination_ip": _address,
    "claimed_ips": _addresses,
    "request_line": _request,
    "http_version": _http_version,
    "url_domain": _domain,
    "text": _word,
}


def reader_of(column: str) -> Callable[[Reading, str, Places], None]:
    """The reader of a column, by its name or its type."""
    if column in _SPECIAL:
        return _SPECIAL[column]
    kind = column_type(column)
    if pa.types.is_integer(kind):
        return _integer
    if pa.types.is_boolean(kind):
        return _flag
    return _words if pa.types.is_list(kind) else _word
