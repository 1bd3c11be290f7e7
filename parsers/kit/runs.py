"""Lines that go on from the record before them: how far such a run reaches.

A record's run is bounded, and whoever cuts a file moves the cut behind the run it falls into. So a record reads the
same wherever the file is cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MOST_RUN", "run_end"]

MOST_RUN = 64 << 10
"""Bytes after a record's own line that can be joined to it."""


def run_end(data: bytes | memoryview, start: int, resumes: Callable[[bytes], bool]) -> int:
    """Index after the last line of the run at `start`; `start` when the line there begins something of its own.

    Args:
        data: Bytes of a member.
        start: Index of the first byte of a line.
        resumes: Whether a line (without its end) goes on from the one before it.
    """
    window = bytes(data[start : start + MOST_RUN])
    at = 0
    while at < len(window):
        cut = window.find(b"\n", at) + 1
        end = cut or len(window)
        if not cut and start + len(window) < len(data):
            break
        if not resumes(window[at:end].removesuffix(b"\n").removesuffix(b"\r")):
            break
        at = end
    return start + at
