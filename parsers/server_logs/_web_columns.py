"""The fields of ordinary access-log lines as Arrow columns, a batch at a time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parsers.kit.digits import numbered
from parsers.server_logs import _web_values as read
from parsers.server_logs._web_fields import address_of, outcome_of
from parsers.server_logs._web_row import SITE, TIME_DESC, port_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.server_logs._web_marks import Bytes, Ints, Marks, Mask
    from parsers.server_logs._web_spans import Fields, Spans

__all__ = ["columns_of"]

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])"
_GROUP = "[1-9a-f][0-9a-f]{0,3}"
_V6_FORMS = (  # RFC 5952 text without zero groups, by the number of groups before "::", so that it has one reading
    f"{_GROUP}(?::{_GROUP}){{7}}",
    *(f"(?:{_GROUP}:){{{before}}}:(?:{_GROUP}(?::{_GROUP}){{0,{5 - before}}})?" for before in range(1, 6)),
    f"(?:{_GROUP}:){{6}}:",
)
_CANONICAL = "^(?:" + "|".join((rf"{_OCTET}(?:\.{_OCTET}){{3}}", *_V6_FORMS)) + ")$"
_SECOND = 1_000_000  # microseconds
_METHODS = list(read.METHODS)
_ACTIONS = [method.lower() for method in read.METHODS]
_VERSIONS = [f"{n // 10}.{n % 10}" for n in range(100)]
_OUTCOMES = ["failure", "success", "unknown"]
_OUTCOME_OF = np.array([_OUTCOMES.index(outcome_of(status)) for status in range(1000)])


class _Sites(NamedTuple):
    """Virtual hosts of the lines."""

    ok: Mask
    name: pa.Array
    port: pa.Array


def columns_of(marks: Marks, fields: Fields, offset: int, first_line: int) -> tuple[Ints, dict[str, pa.Array]]:
    """Indices of the lines whose fields are all plain, and the columns of those lines under schema names."""
    codes, buffer = marks.codes, pa.py_buffer(marks.data)
    numbers = {
        "time": read.read_time(codes, fields.time.start),
        "method": read.read_method(codes, fields.method),
        "version": read.read_version(codes, fields.version),
        "status": read.read_status(codes, fields.status),
        "size": read.read_size(codes, fields.size),
    }
    plain_host, hosts = _hosts(_strings(buffer, fields.host))
    sites = _sites(_strings(buffer, fields.site)) if fields.site else None
    for name in ("method", "version"):
        numbers[name] = read.Checked(numbers[name].ok | ~fields.split, numbers[name].values)
    checks = [plain_host, *(n.ok for n in numbers.values()), *([sites.ok] if sites else [])]
    keep = np.flatnonzero(np.logical_and.reduce(checks))
    kept, values = fields.take(keep), {name: n.values[keep] for name, n in numbers.items()}
    columns = _place_columns(marks, kept.line, offset, first_line)
    columns |= _time_columns(values["time"] * _SECOND, _strings(buffer, kept.time))
    columns |= _request_columns(values, kept.split) | _answer_columns(values) | _text_columns(buffer, codes, kept)
    columns["source_ip"] = hosts if len(keep) == len(hosts) else hosts.take(pa.array(keep))
    if sites:
        columns["url_domain"] = sites.name.take(pa.array(keep))
        columns["destination_port"] = sites.port.take(pa.array(keep))
    return kept.line, columns


def _place_columns(marks: Marks, line: Ints, offset: int, first_line: int) -> dict[str, pa.Array]:
    return {
        "span_start": pa.array(marks.starts[line] + offset),
        "span_end": pa.array(marks.stops[line] + offset),
        "locator": numbered("L", line + first_line),
        "event_type": _constant("http_request", len(line)),
    }


def _time_columns(at: Ints, raw: pa.Array) -> dict[str, pa.Array]:
    kind = pa.timestamp("us", tz="UTC")
    instant = pa.array(at).view(kind)
    return {
        "timestamp": instant,
        "timestamp_raw": raw,
        "timestamp_desc": _constant(TIME_DESC, len(at)),
        "tz_basis": _constant("in_value", len(at)),
        "time_precision_s": pa.array(np.ones(len(at))),
        "timestamp_earliest": instant,
        "timestamp_latest": pa.array(at + _SECOND - 1).view(kind),
    }


def _request_columns(values: dict[str, Ints], split: Mask) -> dict[str, pa.Array]:
    absent = None if split.all() else ~split
    method, version = (np.where(split, values[name], 0) for name in ("method", "version"))
    columns = {
        "event_action": _words(_ACTIONS, method, absent),
        "http_request_method": _words(_METHODS, method, absent),
        "http_version": _words(_VERSIONS, version, absent),
    }
    return columns if absent is None else columns | {"parse_flags": _flagged("unsplit_request", absent)}


def _flagged(flag: str, lines: Mask) -> pa.Array:
    """A list of this one flag for these lines, and none for the others."""
    ends = np.concatenate([[0], np.cumsum(lines)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(ends), pa.array([flag] * int(ends[-1])), mask=pa.array(~lines))


def _answer_columns(values: dict[str, Ints]) -> dict[str, pa.Array]:
    return {
        "event_outcome": _words(_OUTCOMES, _OUTCOME_OF[values["status"]]),
        "http_response_status_code": pa.array(values["status"].astype(np.int32)),
        "http_response_bytes": pa.array(values["size"], mask=values["size"] < 0),
    }


def _text_columns(buffer: pa.Buffer, codes: Bytes, kept: Fields) -> dict[str, pa.Array]:
    names = ("http_request_referrer", "user_agent_original")
    optional = {"account_login": kept.user, **dict(zip(names, kept.quoted, strict=False))}
    columns = {name: _strings(buffer, spans, _absent(codes, spans)) for name, spans in optional.items()}
    nothing = None if kept.split.all() else ~kept.split & _absent(codes, kept.target)
    return columns | {"url_original": _strings(buffer, kept.target, nothing)}


def _absent(codes: Bytes, spans: Spans) -> Mask:
    """Which fields are empty or a single hyphen."""
    width = spans.end - spans.start
    absent: Mask = (width == 0) | ((width == 1) & (codes[spans.start] == ord("-")))
    return absent


def _strings(buffer: pa.Buffer, spans: Spans, absent: Mask | None = None) -> pa.Array:
    """The texts of spans that rise without overlapping: every second value of one array that holds the gaps too."""
    count = len(spans.start)
    if not count:
        return pa.array([], pa.string())
    edges = np.empty(2 * count, np.int32)
    edges[0::2], edges[1::2] = spans.start, spans.end
    whole = pa.StringArray.from_buffers(2 * count - 1, pa.py_buffer(edges), buffer)
    return whole.take(pa.array(np.arange(0, 2 * count, 2, dtype=np.int32), mask=absent))


def _constant(word: str, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(np.zeros(count, np.int32), pa.array([word]))


def _words(words: Sequence[str], index: Ints, absent: Mask | None = None) -> pa.Array:
    """Dictionary-encoded words, with only those that occur."""
    seen = np.bincount(index if absent is None else index[~absent], minlength=len(words)) > 0
    place = (np.cumsum(seen) - 1).astype(np.int32)
    present = [words[i] for i in np.flatnonzero(seen).tolist()]
    return pa.DictionaryArray.from_arrays(pa.array(place[index], mask=absent), pa.array(present, pa.string()))


def _hosts(texts: pa.Array) -> tuple[Mask, pa.Array]:
    """Which texts are an address and nothing else, and the canonical forms."""
    plain = pc.match_substring_regex(texts, _CANONICAL).to_numpy(zero_copy_only=False)
    others = np.flatnonzero(~plain)
    if not len(others):
        return plain, texts
    written = texts.take(pa.array(others)).to_pylist()
    canonical = [_canonical(text) for text in written]
    plain[others] = [text is not None for text in canonical]
    changed = [(i, c) for i, w, c in zip(others.tolist(), written, canonical, strict=True) if c is not None and c != w]
    if changed:
        mask = np.zeros(len(plain), np.bool_)
        mask[[i for i, _ in changed]] = True
        texts = pc.replace_with_mask(texts, pa.array(mask), pa.array([c for _, c in changed], pa.string()))
    return plain, texts


@lru_cache(maxsize=1 << 16)
def _canonical(text: str) -> str | None:
    """Canonical form of an address without port, zone or IPv4-mapping."""
    address = address_of(text) if "," not in text else None
    return address.ip if address and address[1:] == (None, None, False) else None


def _sites(texts: pa.Array) -> _Sites:
    """``name:port`` of every line; distinct values are few, so each is read once by the row parser's own rule."""
    coded = texts.dictionary_encode()
    found = [SITE.fullmatch(text.encode()) for text in coded.dictionary.to_pylist()]
    ports = [port_of(match[2]) if match else None for match in found]
    names = pa.array([match[1].decode() if match else None for match in found], pa.string())
    ok = np.array([port is not None for port in ports], np.bool_)
    index = coded.indices
    return _Sites(
        ok[index.to_numpy()], names.take(index).dictionary_encode(), pa.array(ports, pa.int32()).take(index)
    )
