"""Logs in UTF-16: handed to their formats as UTF-8, with every span turned back into the bytes of the exhibit.

Windows programs write text this way, with a byte order mark or without. Formats named by `TEXT_FAMILIES` know one
encoding and need no other: the framework narrows what they read and widens what they say.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from parsers.contract import Sample, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Format, Item

__all__ = ["TEXT_FAMILIES", "narrow_format", "narrow_sample", "takes_text", "wide_codec"]

TEXT_FAMILIES = ("server_log/",)
"""Beginnings of the ids of formats that leave UTF-16 to the framework; the others read it themselves, or do not."""

_HEAD = 4096
_LEAST = 64
"""Bytes from which the pattern of NULs is taken for an encoding."""
_STEP = 512
"""Characters of UTF-8 between two remembered places of a long line."""


def wide_codec(head: bytes | memoryview) -> str | None:
    """``utf-16-le`` or ``utf-16-be`` when the first bytes are such text: by their mark, or every second byte a NUL."""
    head = bytes(head[:_HEAD])
    if head[:4] in {b"\xff\xfe\0\0", b"\0\0\xfe\xff"}:
        return None  # UTF-32
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16-le" if head[:1] == b"\xff" else "utf-16-be"
    pairs = len(head) // 2
    if 2 * pairs < _LEAST:
        return None
    first, second = (head[side : 2 * pairs : 2].count(0) for side in (0, 1))
    if max(first, second) < 0.9 * pairs or min(first, second) > 0.02 * pairs:
        return None
    return "utf-16-le" if second > first else "utf-16-be"


def takes_text(fmt: Format) -> bool:
    """Whether the framework narrows UTF-16 for this format."""
    return fmt.id.startswith(TEXT_FAMILIES)


def narrow_sample(sample: Sample) -> Sample | None:
    """The sample as UTF-8; None when it is not UTF-16. Windows that begin inside a character are set right."""
    codec = wide_codec(sample.head)
    if codec is None:
        return None
    middle = max(0, sample.size // 2 - len(sample.middle) // 2)
    starts = (0, middle, sample.size - len(sample.tail))
    windows = zip((sample.head, sample.middle, sample.tail), starts, strict=True)
    head, mid, tail = (_decoded(window[start % 2 :], codec) for window, start in windows)
    size = sample.size if sample.size > len(sample.head) else len(head)
    return Sample(head, mid, tail, size)


def narrow_format(fmt: Format, codec: str) -> Format:
    """The format as a reader of text in `codec`: row by row, spans in the bytes of the exhibit."""
    return dataclasses.replace(fmt, parse=_Narrowed(fmt, codec), parse_block=None)


@dataclasses.dataclass(frozen=True, slots=True)
class _Narrowed:
    """`Format.parse` of a format that reads UTF-8, over a source in `codec`."""

    fmt: Format
    codec: str

    def __call__(self, source: Source) -> Iterator[Item]:
        text = _decoded(source.view, self.codec)
        places = _Places(text, source.offset, len(source.view))
        narrow = dataclasses.replace(source, view=memoryview(text), offset=0)
        for item in self.fmt.parse(narrow):
            start, end = item.span
            yield item._replace(span=Span(places.at(start), places.at(end)))


def _decoded(view: bytes | memoryview, codec: str) -> bytes:
    data = bytes(view[: len(view) // 2 * 2])
    try:
        text = data.decode(codec, "surrogatepass")
    except UnicodeDecodeError:  # cut inside a pair
        text = data.decode(codec, "replace")
    return text.encode("utf-8", "surrogatepass")


class _Places:
    """Where in the UTF-16 bytes a place of the UTF-8 text lies; remembers one place in every `_STEP` bytes."""

    def __init__(self, text: bytes, offset: int, size: int) -> None:
        self._text, self._offset, self._size = text, offset, size
        width = _widths(np.frombuffer(text, np.uint8))
        marks = np.arange(0, len(text), _STEP)
        sums = np.add.reduceat(width, marks, dtype=np.int64) if len(text) else np.zeros(0, np.int64)
        self._before = np.concatenate([[0], np.cumsum(sums)])

    def at(self, place: int) -> int:
        """Stream position of ``text[place]``; the end of the text is the end of the source."""
        if place >= len(self._text):
            return self._offset + self._size
        mark = place // _STEP
        rest = np.frombuffer(self._text, np.uint8, place - mark * _STEP, mark * _STEP)
        return self._offset + int(self._before[mark]) + int(_widths(rest).sum())


def _widths(text: np.ndarray) -> np.ndarray:
    """Bytes of UTF-16 that each byte of UTF-8 stands for: all of a character's at its first byte."""
    return np.where((text & 0xC0) == 0x80, 0, np.where(text >= 0xF0, 4, 2)).astype(np.uint8)
