"""tar structure (POSIX.1-1988 ustar, POSIX.1-2001 pax, GNU long names), read by hand in constant memory."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, NamedTuple

from pipeline.intake._codecs import read_at

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BLOCK", "Damage", "TarEntry", "entries", "is_header"]

BLOCK = 512
_ZERO = bytes(BLOCK)
_META_LONGEST = 1 << 20  # pax records and long names; a larger one is not read
_WINDOW = 1 << 20


class TarEntry(NamedTuple):
    """One entry: stored name, type flag, where its bytes are, and for links the target."""

    raw: bytes
    kind: bytes
    at: int
    size: int
    target: bytes
    sparse: bool


class Damage(NamedTuple):
    """Bytes between entries that are no header, or an end without its mark."""

    kind: str
    detail: str


class _Extended(NamedTuple):
    """What pax records or GNU long-name entries say of the entry that follows them."""

    name: bytes | None = None
    target: bytes | None = None
    size: int | None = None
    sparse: bool = False


def is_header(block: bytes) -> bool:
    """True when `block` is a tar header: its check sum (signed or not) is the one it states."""
    if len(block) < BLOCK or block == _ZERO:
        return False
    try:
        stated = _number(block[148:156])
    except ValueError:
        return False
    rest = block[:148] + b" " * 8 + block[156:BLOCK]
    unsigned = sum(rest)
    return stated in {unsigned, unsigned - 256 * sum(byte > 127 for byte in rest)}


def _number(field: bytes) -> int:
    """An octal or base-256 number.

    Raises:
        ValueError: it is neither, or is negative.
    """
    if field[0] & 0x80:
        if field[0] & 0x40:
            raise ValueError("negative")
        return int.from_bytes(bytes([field[0] & 0x3F]) + field[1:], "big")
    digits = field.strip(b" \0")
    if not digits.isdigit() and digits:
        raise ValueError("not octal")
    return int(digits or b"0", 8)


def entries(stream: IO[bytes], size: int) -> Iterator[TarEntry | Damage]:
    """Entries in stored order; damage between them is passed over to the next header and reported."""
    at, extended = 0, _Extended()
    while True:
        block = read_at(stream, at, BLOCK)
        if block == _ZERO:
            if rest := _after_end(stream, at, size):
                yield Damage("trailing_bytes", f"{rest} bytes follow the archive's end mark and were not read")
            return
        if len(block) < BLOCK:
            yield Damage("truncated_container", "the archive ends without its end mark")
            return
        if not is_header(block):
            found = _next_header(stream, at, size)
            yield Damage("corrupt_container", f"bytes {at}-{found} of the archive are no tar header")
            at, extended = found, _Extended()
            continue
        kind, length, body = block[156:157], _length(block), at + BLOCK
        if kind in b"xgLK" and length <= _META_LONGEST:
            extended = _extend(extended, kind, read_at(stream, body, length))
        else:
            entry = _entry(block, kind, body, length, extended)
            length, extended = entry.size if entry.kind not in b"123456" else 0, _Extended()
            yield entry
        at = body + -(-length // BLOCK) * BLOCK


def _length(block: bytes) -> int:
    try:
        return _number(block[124:136])
    except ValueError:
        return 0


def _entry(block: bytes, kind: bytes, body: int, length: int, extended: _Extended) -> TarEntry:
    name, prefix = block[:100].split(b"\0", 1)[0], block[345:500].split(b"\0", 1)[0]
    if prefix and block[257:263] == b"ustar\0":
        name = prefix + b"/" + name
    return TarEntry(
        raw=name if extended.name is None else extended.name,
        kind=b"0" if kind in {b"\0", b"7"} else kind,
        at=body,
        size=length if extended.size is None else extended.size,
        target=block[157:257].split(b"\0", 1)[0] if extended.target is None else extended.target,
        sparse=extended.sparse or kind == b"S",
    )


def _extend(so_far: _Extended, kind: bytes, data: bytes) -> _Extended:
    if kind == b"L":
        return so_far._replace(name=data.rstrip(b"\0"))
    if kind == b"K":
        return so_far._replace(target=data.rstrip(b"\0"))
    if kind == b"g":
        return so_far  # global records set comments and times, which are not read here
    records = dict(_records(data))
    size = records.get(b"size", b"")
    return _Extended(
        name=records.get(b"path", so_far.name),
        target=records.get(b"linkpath", so_far.target),
        size=int(size) if size.isdigit() and len(size) < 19 else so_far.size,
        sparse=any(key.startswith(b"GNU.sparse.") for key in records),
    )


def _records(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The pax records (length, space, key=value, newline); reading stops at the first malformed one."""
    at = 0
    while at < len(data):
        digits = data[at : at + 20].split(b" ", 1)[0]
        length = int(digits) if digits.isdigit() else 0
        key, equals, value = data[at + len(digits) + 1 : at + length].partition(b"=")
        if not length or not equals or not value.endswith(b"\n"):
            return
        yield key, value[:-1]
        at += length


def _next_header(stream: IO[bytes], at: int, size: int) -> int:
    """The next block that is a header with the ustar mark, or the end."""
    place, reach = at + BLOCK, 1 << 13  # most are near; a long search reads ever larger pieces
    while place < size:
        window = read_at(stream, place, reach)
        for start in range(0, len(window), BLOCK):
            block = window[start : start + BLOCK]
            if block[257:262] == b"ustar" and is_header(block):
                return place + start
        place, reach = place + reach, min(reach * 2, _WINDOW)
    return size


def _after_end(stream: IO[bytes], at: int, size: int) -> int:
    """Bytes from the first that is not zero, at or after `at`, to the end of the archive."""
    while at < size:
        window = read_at(stream, at, _WINDOW)
        rest = window.lstrip(b"\0")
        if rest or not window:
            return size - at - (len(window) - len(rest)) if window else 0
        at += len(window)
    return 0
