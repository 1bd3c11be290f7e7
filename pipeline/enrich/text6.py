"""IPv6 addresses as text, to numbers and back, a whole column at a time."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.enrich.index import Ints, Keys6, keys6

__all__ = ["Parsed6", "parse6", "text6"]

_PLAIN = r"^[0-9A-Fa-f:]{2,39}$"  # no dotted tail: those few go through `ipaddress`
_COLON = ord(":")
_MAPPED = 0xFFFF


class Parsed6(NamedTuple):
    """Which rows of the column are IPv6 addresses, their numbers, and which are not written canonically."""

    rows: Ints
    keys: Keys6
    respell: npt.NDArray[np.bool_]


def parse6(texts: pa.StringArray) -> Parsed6:
    """Read the rows that are IPv6 addresses (RFC 4291 §2.2), without zone, brackets or prefix length.

    `respell` marks those whose text is not the canonical one of RFC 5952 (as `text6` writes it).
    """
    colons = pc.fill_null(pc.match_substring(texts, ":"), fill_value=False)
    plain = pc.and_(colons, pc.fill_null(pc.match_substring_regex(texts, _PLAIN), fill_value=False))
    rows = _nonzero(plain)
    rows, keys, respell = _plain(texts.take(pa.array(rows)), rows)
    others = _nonzero(pc.and_not(colons, plain))
    extra = [(row, number) for row in others.tolist() if (number := _dotted(texts[row].as_py())) is not None]
    if not extra:
        return Parsed6(rows, keys, respell)
    dotted = keys6(number for _, number in extra)
    keys = Keys6(np.append(keys.hi, dotted.hi), np.append(keys.lo, dotted.lo))
    rows = np.append(rows, np.array([row for row, _ in extra], np.int64))
    return Parsed6(rows, keys, np.append(respell, np.ones(len(extra), np.bool_)))


def _nonzero(mask: pa.BooleanArray) -> Ints:
    found: Ints = pc.indices_nonzero(mask).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _dotted(text: str) -> int | None:
    """An address with a dotted-decimal tail; None for anything else (RFC 4007 zones are refused)."""
    if len(text) > 45 or "%" in text:
        return None
    try:
        return int(ipaddress.IPv6Address(text))
    except ValueError:
        return None


def _plain(texts: pa.StringArray, rows: Ints) -> tuple[Ints, Keys6, npt.NDArray[np.bool_]]:
    """Addresses of hexadecimal groups and colons only."""
    size = len(texts)
    if not size:
        return rows, Keys6(np.empty(0, np.uint64), np.empty(0, np.uint64)), np.empty(0, np.bool_)
    _, offsets, values = texts.buffers()
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + size + 1].astype(np.int64)
    data = np.frombuffer(values, np.uint8)[bounds[0] : bounds[-1]]
    shape = _shape(data, bounds - bounds[0])
    groups = np.zeros((size, 8), np.uint16)
    groups[shape.row, shape.column] = shape.value
    good = shape.valid
    keys = Keys6(_word(groups[good, :4]), _word(groups[good, 4:]))
    respell = ~(shape.tidy & _shortest(groups, shape))
    return rows[good], keys, respell[good]


class _Shape(NamedTuple):
    """Groups found in a column of texts (`row`, `column`, `value` of each), and per text what was found out."""

    row: Ints
    column: Ints
    value: npt.NDArray[np.uint16]
    valid: npt.NDArray[np.bool_]
    tidy: npt.NDArray[np.bool_]  # lower case, no leading zeros
    gap: Ints  # first column of "::", or 8 when there is none
    written: Ints  # number of groups in the text


def _shape(data: npt.NDArray[np.uint8], bounds: Ints) -> _Shape:
    size = bounds.size - 1
    owner = np.repeat(np.arange(size), np.diff(bounds))
    colon = data == _COLON
    begins = np.flatnonzero(~colon & _before(colon, bounds))
    ends = np.flatnonzero(~colon & _after(colon, bounds)) + 1
    row, width = owner[begins], ends - begins
    first_group = np.searchsorted(row, np.arange(size))
    count = np.diff(np.append(first_group, row.size))
    gap, doubles, lonely = _gaps(colon, bounds, owner, begins, first_group)
    place = np.arange(row.size) - first_group[row]
    column = np.where(place < gap[row], place, 8 - count[row] + place)
    wrong = np.zeros(size, np.bool_)
    wrong[row[width > 4]] = True
    valid = ~wrong & ~lonely & (doubles <= 1) & np.where(doubles == 1, count <= 7, count == 8)
    untidy = np.zeros(size, np.bool_)
    untidy[row[(width > 1) & (data[begins] == ord("0"))]] = True
    untidy[owner[(data >= ord("A")) & (data <= ord("F"))]] = True
    kept = valid[row]
    value = _hex(data, begins[kept], width[kept])
    return _Shape(row[kept], column[kept], value, valid, ~untidy, gap, count)


def _before(colon: npt.NDArray[np.bool_], bounds: Ints) -> npt.NDArray[np.bool_]:
    """For each byte: the one before it is a colon, or it is the first of its text."""
    out = np.empty_like(colon)
    out[1:] = colon[:-1]
    out[bounds[:-1]] = True
    return out


def _after(colon: npt.NDArray[np.bool_], bounds: Ints) -> npt.NDArray[np.bool_]:
    """For each byte: the one after it is a colon, or it is the last of its text."""
    out = np.empty_like(colon)
    out[:-1] = colon[1:]
    out[bounds[1:] - 1] = True
    return out


def _gaps(
    colon: npt.NDArray[np.bool_], bounds: Ints, owner: Ints, begins: Ints, first_group: Ints
) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
    """Per text: groups before its "::" (8 when none), its number of "::" pairs, and whether a lone colon ends it."""
    size = bounds.size - 1
    inside = np.ones(colon.size, np.bool_)
    inside[bounds[1:] - 1] = False  # a pair may not straddle two texts
    pair = np.flatnonzero(colon & np.append(colon[1:], np.False_) & inside)
    doubles = np.bincount(owner[pair], minlength=size)
    gap = np.full(size, 8, np.int64)
    gap[owner[pair]] = np.searchsorted(begins, pair) - first_group[owner[pair]]
    first, last = bounds[:-1], bounds[1:] - 1
    return gap, doubles, (colon[first] & ~colon[first + 1]) | (colon[last] & ~colon[last - 1])


def _hex(data: npt.NDArray[np.uint8], begins: Ints, width: Ints) -> npt.NDArray[np.uint16]:
    value = np.zeros(begins.size, np.uint16)
    for place in range(4):
        used = width > place
        byte = data[np.where(used, begins + place, 0)]
        digit = np.where(byte <= ord("9"), byte - ord("0"), (byte | 0x20) - (ord("a") - 10)).astype(np.uint16)
        value = np.where(used, (value << np.uint16(4)) | digit, value)
    return value


def _word(groups: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint64]:
    wide = groups.astype(np.uint64)
    word: npt.NDArray[np.uint64] = wide[:, 0] << np.uint64(48) | wide[:, 1] << np.uint64(32)
    return word | wide[:, 2] << np.uint64(16) | wide[:, 3]


def _shortest(groups: npt.NDArray[np.uint16], shape: _Shape) -> npt.NDArray[np.bool_]:
    """Whether "::" stands for the whole of the first longest run of two zero groups or more (RFC 5952 §4.2).

    Mapped addresses are left to `text6`, which writes them with a dotted tail (§5).
    """
    size = groups.shape[0]
    run, best, where = np.zeros(size, np.int64), np.ones(size, np.int64), np.full(size, 8, np.int64)
    for column in range(8):
        run = np.where(groups[:, column] == 0, run + 1, 0)
        longer = run > best
        best = np.where(longer, run, best)
        where = np.where(longer, column + 1 - run, where)
    mapped = (groups[:, :5] == 0).all(axis=1) & (groups[:, 5] == _MAPPED)
    complete = (where == 8) | (8 - shape.written == best)
    out: npt.NDArray[np.bool_] = (where == shape.gap) & complete & ~mapped
    return out


def text6(keys: Keys6) -> list[str]:
    """Canonical text of each address (RFC 5952): mapped IPv4 addresses with a dotted tail."""
    return [_spell(hi << 64 | lo) for hi, lo in zip(keys.hi.tolist(), keys.lo.tolist(), strict=True)]


def _spell(number: int) -> str:
    if number >> 32 == _MAPPED:
        return f"::ffff:{ipaddress.IPv4Address(number & 0xFFFFFFFF)}"
    return ipaddress.IPv6Address(number).compressed
