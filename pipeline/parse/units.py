"""Cutting a line-framed member into units of about 32 MiB, after a newline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.kit.runs import MOST_RUN, run_end
from parsers.reader import count_newlines

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

__all__ = ["UNIT_BYTES", "cut_units"]

UNIT_BYTES = 32 << 20
_WINDOW = 1 << 20


def cut_units(
    file: BinaryIO, unit_bytes: int = UNIT_BYTES, resumes: Callable[[bytes], bool] | None = None
) -> list[tuple[int, int, int]]:
    """(start, end, number of the first line) of each unit; ends fall after a newline or at the end of the member.

    With `resumes` (`Format.resumes`), an end moves behind the lines that go on from the record before it.
    Reads `file` from where it stands to its end, a piece at a time: a memory map of it would stay in memory whole.
    """
    units: list[tuple[int, int, int]] = []
    start, line, next_line, at = 0, 1, 1, 0
    while piece := file.read(_WINDOW):
        done = 0
        while (cut := piece.find(b"\n", max(done, start + unit_bytes - at)) + 1) > 0:
            next_line += count_newlines(memoryview(piece)[done:cut])
            units.append((start, at + cut, line))
            done, start, line = cut, at + cut, next_line
        next_line += count_newlines(memoryview(piece)[done:])
        at += len(piece)
    if at > start or not units:
        units.append((start, at, line))
    return _behind_runs(file, units, resumes) if resumes else units


def _behind_runs(
    file: BinaryIO, units: list[tuple[int, int, int]], resumes: Callable[[bytes], bool]
) -> list[tuple[int, int, int]]:
    out, moved, lines = [], 0, 0
    for start, end, line in units:
        file.seek(end)
        piece = file.read(MOST_RUN + 1)
        run = run_end(piece, 0, resumes)
        out.append((start + moved, end + run, line + lines))
        moved, lines = run, count_newlines(memoryview(piece)[:run])
    return [unit for unit in out if unit[1] > unit[0]] or out[:1]
