"""What header fields give away beside their purpose: clocks, local addresses, time zones, scripts, accounts.

What each value is consistent with, and how often that was right, stands in `parsers.email._decoder_table`.
"""

from __future__ import annotations

import binascii
import re
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, NamedTuple

from parsers.email._decoder_table import ADDRESS_FIELDS, PROVIDER_MEANING
from parsers.email._words import unpack_base64
from parsers.kit.addresses import parse_address
from parsers.kit.time import from_local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from parsers.email._headers import Header, HeaderBlock

__all__ = ["Known", "addresses_in", "decode_fields"]

_MICRO = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FILETIME_EPOCH_US = 11_644_473_600_000_000
_PLAUSIBLE_US = (631_152_000_000_000, 4_102_444_800_000_000)  # years 1990 to 2099
_ZONES_MIN = sorted({*range(-720, 841, 60), -570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765})
_NEAR_S = 300
_CAP = 1000

_OUTLOOK_ID = re.compile(r"<[0-9A-Fa-f]{4}([0-9A-Fa-f]{8})\$([0-9A-Fa-f]{8})\$([0-9A-Fa-f]{8})@([^<>\s]{0,255})>")
_STAMPED_ID = re.compile(r"<((?:19|20)\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\D[^<>\s]{0,250}@")
_NEXT_PART = re.compile(r"=_NextPart_[0-9A-Fa-f]{3}_[0-9A-Fa-f]{4}_([0-9A-Fa-f]{8})\.([0-9A-Fa-f]{8})")
_ARRIVAL = re.compile(r"FILETIME=\[([0-9A-Fa-f]{1,8}):([0-9A-Fa-f]{1,8})\]")
_GMAIL_ID = re.compile(r"[\w-]{1,90}(?:\.\d{1,4})?\.(\d{4})\.(\d{2})\.(\d{2})\.(\d{2})\.(\d{2})\.(\d{2})")
_IP_WORD = re.compile(r"[0-9A-Fa-f:.]{3,45}")
_SCRIPT = re.compile(r"(\d{1,10}):(\S.{0,250})")
_SCRIPT_FOR = re.compile(r"(\S{1,500}) for (.{1,200})")
_VIA = re.compile(r"([^\s:]{1,255}):\s{0,4}([\w ]{1,60})(?:[:/]\s{0,4}(\S{1,255}))?")
_LOGIN = re.compile(r"(?:([^\s:]{1,255}):\s{0,4})?(\S{1,255})")
_CALLER = re.compile(r"Originator/Caller UID/GID - \[(\d{1,10}) (\d{1,10})\]")
_INCOMING = re.compile(r"SizeAsReceived:(\d{1,10});.{0,200}?Count:(\d{1,5})|^(\d{1,5})$")


class Known(NamedTuple):
    """What the rest of the message already told: the time of Date (microseconds UTC) and the ids of the hops."""

    date_us: int | None
    hops: Sequence[Mapping[str, object]]


def _filetime(high: str | int, low: str | int) -> int | None:
    """Microseconds since 1970 of a Windows FILETIME (100 ns since 1601); None outside 1990-2099."""
    top = int(high, 16) if isinstance(high, str) else high
    bottom = int(low, 16) if isinstance(low, str) else low
    at = ((top << 32) + bottom) // 10 - _FILETIME_EPOCH_US
    return at if _PLAUSIBLE_US[0] <= at < _PLAUSIBLE_US[1] else None


def _text(micros: int, *, local: bool = False) -> str:
    at = _EPOCH + timedelta(microseconds=micros)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + ("" if local else "Z")


def _naive(groups: Sequence[str]) -> datetime | None:
    year, month, day, hour, minute, second = map(int, groups)
    if not 1990 <= year < 2100:
        return None
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the field states no zone
    except ValueError:
        return None


def addresses_in(text: str) -> list[str]:
    """Every address written in a field, in order, canonical."""
    return [a.ip for word in _IP_WORD.findall(text[:_CAP]) for a in [parse_address(word.strip("."))] if a]


def _outlook_id(header: Header, _head: HeaderBlock, known: Known) -> Iterator[dict[str, object]]:
    match = _OUTLOOK_ID.search(header.plain[:_CAP])
    if match is None:
        return
    at = _filetime(match[1], match[2])
    local = IPv4Address(int.from_bytes(bytes.fromhex(match[3]), "little"))
    out: dict[str, object] = {} if at is None else {"time": _text(at), **_gap(at, known)}
    if int(local):
        out["local_ip"] = str(local)
    if match[4]:
        out["host"] = match[4]
    yield out if at is not None else {**out, "impossible_time": True}


def _gap(at: int, known: Known) -> dict[str, object]:
    """Seconds by which the decoded time differs from Date, when Date can be read."""
    return {} if known.date_us is None else {"seconds_after_date": (at - known.date_us) // 1_000_000}


def _boundary(header: Header, _head: HeaderBlock, known: Known) -> Iterator[dict[str, object]]:
    match = _NEXT_PART.search(header.plain[:_CAP])
    at = _filetime(match[1], match[2]) if match else None
    if at is None:
        return
    out: dict[str, object] = {"local_time": _text(at, local=True)}
    offset = _offset(at, known.date_us)
    yield out if offset is None else {**out, "utc_offset_minutes": offset}


def _offset(local_us: int, utc_us: int | None) -> int | None:
    """Minutes between local and UTC time, when within five minutes of an offset that a zone has."""
    if utc_us is None:
        return None
    seconds = (local_us - utc_us) // 1_000_000
    nearest = min(_ZONES_MIN, key=lambda minutes: abs(seconds - minutes * 60))
    return nearest if abs(seconds - nearest * 60) <= _NEAR_S else None


def _thread(header: Header, _head: HeaderBlock, _known: Known) -> Iterator[dict[str, object]]:
    data = unpack_base64(header.plain[: 4 * _CAP].encode("utf-8", "replace")).data
    if len(data) < 22:
        return
    at = _filetime(int.from_bytes(data[:4], "big"), int.from_bytes(data[4:6], "big") << 16)
    if at is None:
        return
    deltas = [_delta(data[i : i + 5]) for i in range(22, len(data) - 4, 5)]
    out: dict[str, object] = {"conversation_start": _text(at), "guid": binascii.hexlify(data[6:22]).decode()}
    yield {**out, "reply_deltas_s": deltas} if deltas else out


def _delta(block: bytes) -> int:
    """Seconds of a reply block: one bit of scale, 31 bits of time in steps of 2^18 or 2^23 times 100 ns."""
    number = int.from_bytes(block[:4], "big")
    return ((number & 0x7FFFFFFF) << (23 if number >> 31 else 18)) // 10_000_000


def _arrival(header: Header, _head: HeaderBlock, _known: Known) -> Iterator[dict[str, object]]:
    match = _ARRIVAL.search(header.plain[:_CAP])
    at = _filetime(match[2], match[1]) if match else None
    if at is not None:
        yield {"time": _text(at)}


def _stamped_id(header: Header, _head: HeaderBlock, known: Known) -> Iterator[dict[str, object]]:
    match = _STAMPED_ID.search(header.plain[:_CAP])
    naive = _naive(match.groups()) if match else None
    if naive is None:
        return
    at = (naive.replace(tzinfo=UTC) - _EPOCH) // _MICRO
    offset = _offset(at, known.date_us)
    out: dict[str, object] = {"written_time": _text(at, local=True)}
    yield out if offset is None else {**out, "utc_offset_minutes": offset}


def _address(header: Header, head: HeaderBlock, _known: Known) -> Iterator[dict[str, object]]:
    meaning = next((m for f, sign, m in PROVIDER_MEANING if f == header.key and head.first(sign)), None)
    for ip in addresses_in(header.plain):
        yield {"ip": ip, "meaning": meaning or ADDRESS_FIELDS[header.key]}


def _php(header: Header, _head: HeaderBlock, _known: Known) -> Iterator[dict[str, object]]:
    match = _SCRIPT.fullmatch(header.value)
    if match:
        yield {"uid": int(match[1]), "script": match[2]}
        return
    match = _SCRIPT_FOR.fullmatch(header.value[:_CAP])
    if match:
        yield {"script": match[1], "for_ips": addresses_in(match[2])}
    elif header.value:
        yield {"script": header.value[:_CAP]}


def _source(header: Header, _head: HeaderBlock, _known: Known) -> Iterator[dict[str, object]]:
    if header.value:
        yield {{"x-source": "program", "x-source-args": "arguments"}.get(header.key, "folder"): header.value[:_CAP]}


def _login(header: Header, _head: HeaderBlock, _known: Known) -> Iterator[dict[str, object]]:
    text = header.value[:_CAP]
    via = _VIA.match(text) if header.key == "x-get-message-sender-via" else None
    if via and via[3]:
        yield {"host": via[1], "method": via[2].strip(), "account": via[3]}
        return
    match = _LOGIN.fullmatch(text)
    if match and header.key != "x-get-message-sender-via":
        yield {"host": match[1], "account": match[2]} if match[1] else {"account": match[2]}


def _caller(header: Header, _head: HeaderBlock, _known: Known) -> Iterator[dict[str, object]]:
    match = _CALLER.search(header.value[:_CAP])
    if match:
        yield {"uid": int(match[1]), "gid": int(match[2])}


def _incoming(header: Header, head: HeaderBlock, _known: Known) -> Iterator[dict[str, object]]:
    match = _INCOMING.search(header.plain[:_CAP])
    if match:
        size = {"bytes": int(match[1])} if match[1] else {}
        yield {"fields": int(match[2] or match[3]), **size, "fields_held": len(head.headers)}


_BY_FIELD: dict[str, tuple[tuple[str, Callable[[Header, HeaderBlock, Known], Iterator[dict[str, object]]]], ...]] = {
    "message-id": (("message_id_filetime", _outlook_id), ("message_id_time", _stamped_id)),
    "content-type": (("boundary_time", _boundary),),
    "thread-index": (("thread_index", _thread),),
    "x-originalarrivaltime": (("original_arrival_time", _arrival),),
    **dict.fromkeys(ADDRESS_FIELDS, (("stated_address", _address),)),
    "x-php-originating-script": (("php_script", _php),),
    "x-php-script": (("php_script", _php),),
    **dict.fromkeys(("x-source", "x-source-args", "x-source-dir"), (("script_source", _source),)),
    **dict.fromkeys(
        ("x-authenticated-sender", "x-get-message-sender-via", "x-apparently-from"),
        (("authenticated_sender", _login),),
    ),
    "x-antiabuse": (("caller_ids", _caller),),
    "x-incomingtopheadermarker": (("incoming_count", _incoming),),
    "x-incomingheadercount": (("incoming_count", _incoming),),
}


def decode_fields(head: HeaderBlock, known: Known) -> list[dict[str, object]]:
    """Every decoded value of a header block: ``decoder``, ``field`` (or ``hop``), ``value``, ``trust``."""
    out: list[dict[str, object]] = []
    for key in head.by_key.keys() & _BY_FIELD.keys():
        for header in head.by_key[key][:8]:
            for name, read in _BY_FIELD[key]:
                found = read(header, head, known)
                out += [
                    {"decoder": name, "field": header.name, "value": value, "trust": "sender_controlled"}
                    for value in found
                ]
    out.sort(key=lambda entry: (str(entry["decoder"]), str(entry["field"]).lower()))
    return out + _gmail_ids(known)


def _gmail_ids(known: Known) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    for hop in known.hops:
        match = _GMAIL_ID.fullmatch(str(hop.get("id", "")))
        naive = _naive(match.groups()) if match else None
        if naive is None:
            continue
        at = from_local(naive, "", "America/Los_Angeles").timestamp
        trust = "server_observed" if hop.get("attested") else "sender_controlled"
        value = {} if at is None else {"time": _text(at)}
        value["local_time"] = naive.strftime("%Y-%m-%dT%H:%M:%S")
        out.append({"decoder": "gmail_id_time", "hop": hop.get("index"), "value": value, "trust": trust})
    return out
