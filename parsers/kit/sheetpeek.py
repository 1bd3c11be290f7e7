"""Texts of a workbook (Office Open XML) out of a sample of its bytes, to recognise it by what it says.

A sample holds the ends and the middle of the archive. Parts are found by their local headers; what of a part lies in
the window is inflated up to a bound, and the texts of its cells are taken from it. Nothing here reads a whole file.
"""

from __future__ import annotations

import html
import re
import struct
import zlib
from typing import TYPE_CHECKING

from parsers.kit.sheets import looks_like_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Sample

__all__ = ["cell_texts"]

_LOCAL = struct.Struct("<4s5H3I2H")
_MARK = b"PK\x03\x04"
_PARTS = (b"xl/sharedStrings.xml", b"xl/worksheets/sheet")
_TEXT = re.compile(rb"<(?:\w{1,8}:)?t(?: [^<>]{0,80})?>([^<]{1,200})</")
_MOST_PARTS, _MOST_BYTES, _STEP, _MOST_TEXTS = 32, 256 << 10, 4096, 4000
_STORED, _DEFLATED = 0, 8


def cell_texts(sample: Sample) -> list[str]:
    """The first texts of a workbook's cells, in the order of the archive; none when it is no workbook."""
    if not looks_like_workbook(sample.head):
        return []
    found: list[str] = []
    for window in (sample.head, sample.middle, sample.tail):
        for xml in _parts(window):
            room = _MOST_TEXTS - len(found)
            texts = _TEXT.findall(xml)[:room]
            found += [html.unescape(text.decode("utf-8", "replace")) for text in texts]
    return found


def _parts(window: bytes) -> Iterator[bytes]:
    """What the window holds of the parts that hold texts."""
    at = window.find(_MARK)
    for _ in range(_MOST_PARTS):
        if at < 0 or at + _LOCAL.size > len(window):
            return
        _, _, _, method, _, _, _, packed, _, name_size, extra_size = _LOCAL.unpack_from(window, at)
        begin = at + _LOCAL.size
        if window[begin : begin + name_size].startswith(_PARTS):
            data = begin + name_size + extra_size
            yield _unpacked(window[data : data + (packed or len(window))], method)
        at = window.find(_MARK, begin)


def _unpacked(data: bytes, method: int) -> bytes:
    """The beginning of a part; what precedes damage when it is damaged."""
    if method == _STORED:
        return data[:_MOST_BYTES]
    if method != _DEFLATED:
        return b""
    inflate, out = zlib.decompressobj(-15), bytearray()
    try:
        for start in range(0, len(data), _STEP):
            out += inflate.decompress(data[start : start + _STEP], _MOST_BYTES)
            if len(out) >= _MOST_BYTES or inflate.eof:
                break
    except zlib.error:
        pass
    return bytes(out[:_MOST_BYTES])
