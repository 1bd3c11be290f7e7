"""Cutting a line-framed member into units of about 32 MiB, after a newline."""

from __future__ import annotations

from parsers.reader import line_end

__all__ = ["UNIT_BYTES", "cut_units"]

UNIT_BYTES = 32 << 20
_WINDOW = 1 << 20


def cut_units(view: memoryview, unit_bytes: int = UNIT_BYTES) -> list[tuple[int, int, int]]:
    """(start, end, number of the first line) of each unit; ends fall after a newline or at the end of the member."""
    units: list[tuple[int, int, int]] = []
    start, line = 0, 1
    while start < len(view) or not units:
        end = line_end(view, start + unit_bytes)
        units.append((start, end, line))
        if end < len(view):
            line += sum(bytes(view[a : min(a + _WINDOW, end)]).count(b"\n") for a in range(start, end, _WINDOW))
        start = end
    return units
