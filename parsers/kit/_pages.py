"""Memory of mapped files: pages that have been read may go, so that a large file does not stay in memory whole."""

from __future__ import annotations

import mmap

__all__ = ["forget"]


def forget(view: memoryview, end: int) -> None:
    """Let the system take back the pages of a mapped file up to `end`; what is read again is fetched again.

    Does nothing for bytes that are not mapped, and on systems without the call.
    """
    held = view.obj
    if isinstance(held, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        length = min(end, len(held)) // mmap.PAGESIZE * mmap.PAGESIZE
        if length:
            held.madvise(mmap.MADV_DONTNEED, 0, length)
