"""Member bytes on disk under their own digest, within limits that are checked while they are written."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import StorageError
from pipeline.intake._codecs import Corrupt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.case import Limits

__all__ = ["Budget", "Stored", "store"]

_RATIO_FROM = 1 << 20  # small members may be as repetitive as they like


class Stored(NamedTuple):
    """What was read of a member; `stop` is (kind, detail) when that is not all of it."""

    path: Path
    sha256: str
    size: int
    crc: int
    stop: tuple[str, str] | None


class Budget:
    """How much may still be written for one exhibit.

    The limit on the sum is what stops overlapping entries, each of which keeps its own ratio.
    """

    def __init__(self, limits: Limits, exhibit_size: int) -> None:
        """Start with `ratio` times the exhibit for each level of nesting, and never less than for 1 MiB."""
        self._limits = limits
        self._left = limits.ratio * max(1, limits.depth) * max(exhibit_size, _RATIO_FROM)

    def allowance(self, packed: int) -> tuple[int, str, str]:
        """Bytes a member packed into `packed` bytes may give, and (kind, detail) of the limit that says so."""
        limits = self._limits
        ratio = max(_RATIO_FROM, limits.ratio * packed)
        return min(
            (limits.member_bytes, "limit_member_bytes", f"the member is larger than {limits.member_bytes} bytes"),
            (ratio, "limit_ratio", f"the member expands to more than {limits.ratio} times its packed size"),
            (self._left, "limit_total", "the exhibit's archives expand to more than is allowed for its size"),
        )

    def spend(self, size: int) -> None:
        """Count `size` bytes as written."""
        self._left -= size


def store(pieces: Iterator[bytes], packed: int, folder: Path, budget: Budget) -> Stored:
    """Write `pieces` to ``folder/<sha256>.bin``, up to the member's allowance.

    Raises:
        StorageError: the file cannot be written; nothing is left behind.
    """
    allowed, kind, detail = budget.allowance(packed)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")
    except OSError as error:
        raise _full(folder, error) from error
    temporary = Path(name)
    try:
        sha256, size, crc, stop = _write(handle, pieces, allowed)
        final = folder / f"{sha256}.bin"
        temporary.replace(final)  # also over a file of that name: one torn by a crash is mended so
    except OSError as error:
        raise _full(folder, error) from error
    finally:
        temporary.unlink(missing_ok=True)
    budget.spend(size)
    if stop is _OVER:
        return Stored(final, sha256, size, crc, (kind, f"{detail}; its first {size} bytes are read"))
    return Stored(final, sha256, size, crc, ("corrupt_member", stop) if stop else None)


_OVER = "over the allowance"


def _write(handle: int, pieces: Iterator[bytes], allowed: int) -> tuple[str, int, int, str]:
    digest, size, crc = hashlib.sha256(), 0, 0
    with os.fdopen(handle, "wb") as out:
        os.fchmod(out.fileno(), 0o444)
        try:
            for piece in pieces:
                kept = piece[: allowed - size]
                digest.update(kept)
                out.write(kept)
                size, crc = size + len(kept), zlib.crc32(kept, crc)
                if len(kept) < len(piece):
                    return digest.hexdigest(), size, crc, _OVER
        except Corrupt as error:
            return digest.hexdigest(), size, crc, str(error)
    return digest.hexdigest(), size, crc, ""


def _full(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        f"cannot unpack into {folder.name}: {error.strerror}",
        next_step="free space or fix permissions in the case folder, then run the same command again",
        path=str(folder),
    )
