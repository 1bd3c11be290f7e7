"""Decompression in bounded pieces: what can be read of a damaged stream is read, then `Corrupt` says why it ended."""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import IO, TYPE_CHECKING, Protocol

import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

__all__ = ["MAGIC", "Corrupt", "Window", "decoded", "gzip_name", "read_at"]

STEP, _FEED = 1 << 20, 1 << 16  # most bytes handed out at once (but for zstd), and taken in
_ZSTD_FEED = 1 << 10  # its interface cannot bound output: 1 KiB holds at most 256 run-length blocks of 128 KiB
_XZ_MEMORY = 256 << 20
_NAME_LONGEST = 1 << 16
MAGIC = {"gzip": b"\x1f\x8b\x08", "bzip2": b"BZh", "xz": b"\xfd7zXZ\x00", "zstd": b"\x28\xb5\x2f\xfd"}
_ERRORS = (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, EOFError, ValueError, MemoryError)


class Corrupt(Exception):  # noqa: N818 - never leaves the intake package
    """A stream cannot be read further."""


def read_at(stream: IO[bytes], offset: int, size: int) -> bytes:
    """Up to `size` bytes at `offset`; none where there are none: outside the file, or where the medium fails."""
    try:
        stream.seek(offset)
        return stream.read(max(0, size))
    except (OSError, OverflowError, ValueError):
        return b""


class Window:
    """A range of a file, read forward; bytes a decoder did not use can be put back."""

    def __init__(self, stream: IO[bytes], start: int, end: int) -> None:
        """Open the range ``[start, end)`` of `stream`."""
        self._stream, self._at, self._end, self._back = stream, start, end, b""

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return len(self._back) + self._end - self._at

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only at the end of the range or of what can be read of the file."""
        if self._back:
            data, self._back = self._back[:size], self._back[size:]
            return data
        data = read_at(self._stream, self._at, min(size, self._end - self._at))
        self._at += len(data)
        return data

    def exactly(self, size: int) -> bytes:
        """`size` bytes.

        Raises:
            Corrupt: the range ends before.
        """
        data = self.read(size)
        while len(data) < size:
            more = self.read(size - len(data))
            if not more:
                raise Corrupt("it ends too early")
            data += more
        return data

    def put_back(self, data: bytes) -> None:
        """Let the next read return `data` again."""
        self._back = data + self._back


class _Decoder(Protocol):
    feed: int

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Inflate:
    """Raw DEFLATE (RFC 1951) behind the interface of the bz2 and lzma decompressors."""

    feed = _FEED

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(-15)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        data = self._inner.unconsumed_tail + data
        before = self._inner.copy()
        try:
            return self._inner.decompress(data, max_length)
        except zlib.error as error:
            raise _Salvaged(_last_good(before, data)) from error


class _Salvaged(Exception):  # noqa: N818
    """The bytes that a damaged DEFLATE block still gives."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data


def _last_good(inner: zlib._Decompress, data: bytes) -> bytes:
    out = bytearray()
    for index in range(len(data)):
        try:
            out += inner.decompress(data[index : index + 1])
        except zlib.error:
            break
    return bytes(out)


class _Plain:
    """A bz2, lzma or zstd decompressor with the amount it is fed at a time."""

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner, self.feed = inner, _FEED

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return self._inner.needs_input

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(data, max_length)


class _Zstd:
    feed, needs_input = _ZSTD_FEED, True

    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor().decompressobj()

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:  # noqa: ARG002 - bounded by `feed`
        return self._inner.decompress(data)


def _run(decoder: _Decoder, window: Window) -> Generator[bytes, None, None]:
    """One compressed stream; what follows it is put back into the window."""
    while not decoder.eof:
        data = window.read(decoder.feed) if decoder.needs_input else b""
        starved = decoder.needs_input and not data
        try:
            out = decoder.decompress(data, STEP)
        except _Salvaged as salvaged:
            yield salvaged.data
            raise Corrupt("its compressed data is damaged") from salvaged
        except _ERRORS as error:
            raise Corrupt("its compressed data is damaged") from error
        if out:
            yield out
        elif starved and not decoder.eof:
            raise Corrupt("its compressed data ends too early")
    window.put_back(decoder.unused_data)


def _xz() -> _Plain:
    return _Plain(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY))


_SINGLE: dict[str, Callable[[], _Decoder]] = {
    "deflate": _Inflate,
    "bzip2": lambda: _Plain(bz2.BZ2Decompressor()),
    "xz": _xz,
    "zstd": _Zstd,
}


def decoded(codec: str, window: Window) -> Iterator[bytes]:
    """The content of `window` in pieces. Concatenated streams are read as one; `window.left` is what follows them.

    Args:
        codec: stored, deflate, gzip, bzip2, xz or zstd.
        window: The compressed bytes.

    Raises:
        Corrupt: the stream is damaged or ends too early; everything before was already handed out.
    """
    if codec == "stored":
        yield from _stored(window)
    elif codec == "deflate":
        yield from _run(_Inflate(), window)
    else:
        yield from _streams(codec, window)


def _stored(window: Window) -> Iterator[bytes]:
    while window.left:
        data = window.read(STEP)
        if not data:
            raise Corrupt(f"the file ends {window.left} bytes too early")
        yield data


def _streams(codec: str, window: Window) -> Iterator[bytes]:
    magic = MAGIC[codec]
    while True:
        if codec == "gzip":
            yield from _gzip_member(window)
        else:
            yield from _run(_SINGLE[codec](), window)
        _skip_zeros(window)
        ahead = window.read(len(magic))
        window.put_back(ahead)
        if ahead != magic:
            return


def _skip_zeros(window: Window) -> None:
    """Padding between streams, as tape writers and xz leave it."""
    while data := window.read(_FEED):
        if rest := data.lstrip(b"\0"):
            window.put_back(rest)
            return


def _gzip_member(window: Window) -> Iterator[bytes]:
    """One member of RFC 1952; its check sum is compared after its bytes were handed out."""
    gzip_name(window)
    crc = size = 0
    for piece in _run(_Inflate(), window):
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        yield piece
    trailer = window.exactly(8)
    if int.from_bytes(trailer[:4], "little") != crc or int.from_bytes(trailer[4:], "little") != size & 0xFFFFFFFF:
        raise Corrupt("its check sum does not match its content")


def gzip_name(window: Window) -> bytes:
    """Read a gzip header (RFC 1952 section 2.3); returns the original file name, empty when there is none.

    Raises:
        Corrupt: this is no gzip header.
    """
    head = window.exactly(10)
    if not head.startswith(MAGIC["gzip"]):
        raise Corrupt("it has no gzip header")
    flags, name = head[3], b""
    if flags & 4:
        window.exactly(int.from_bytes(window.exactly(2), "little"))
    if flags & 8:
        name = _zero_ended(window)
    if flags & 16:
        _zero_ended(window)
    if flags & 2:
        window.exactly(2)
    return name


def _zero_ended(window: Window) -> bytes:
    out = bytearray()
    while len(out) < _NAME_LONGEST:
        data = window.read(256)
        if not data:
            raise Corrupt("its header ends too early")
        text, zero, rest = data.partition(b"\0")
        out += text
        if zero:
            window.put_back(rest)
            return bytes(out)
    raise Corrupt("its header holds a name without an end")
