"""Which formats exist, and which of them a member's content looks like.

Formats register by discovery: every module below the family packages that defines `FORMATS`. Recognition never
sees a file name. A winner needs at least `ACCEPT` points and a lead of `LEAD`; otherwise the member is *ambiguous*
or *unclaimed*, and its best three candidates are kept for people to see.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

import parsers
from parsers.contract import Sample
from parsers.kit.wide import narrow_sample, takes_text

if TYPE_CHECKING:
    from parsers.contract import Format, Settings

__all__ = ["ACCEPT", "LEAD", "Recognition", "all_formats", "find_format", "pinned_by", "recognise", "sample_of"]

ACCEPT = 60
LEAD = 10
_WINDOW = 1 << 16
_NUL_STEP = 1 << 20
_NOT_FAMILIES = {"kit"}


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a member looks like: a winner or none, and the best three candidates with their scores."""

    verdict: Literal["recognised", "ambiguous", "unclaimed", "empty"]
    format_id: str | None
    candidates: tuple[tuple[str, int], ...]


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format, sorted by id."""
    found: list[Format] = []
    for family in pkgutil.iter_modules(parsers.__path__):
        if family.ispkg and family.name not in _NOT_FAMILIES:
            package = importlib.import_module(f"parsers.{family.name}")
            for module in pkgutil.iter_modules(package.__path__):
                found.extend(getattr(importlib.import_module(f"{package.__name__}.{module.name}"), "FORMATS", ()))
    return tuple(sorted(found, key=lambda f: f.id))


def find_format(format_id: str) -> Format:
    """The format with this id.

    Raises:
        KeyError: no module declares it.
    """
    for candidate in all_formats():
        if candidate.id == format_id:
            return candidate
    raise KeyError(format_id)


def pinned_by(settings: Settings) -> str | None:
    """The format that settings alone select: a column map reads a table, a format string reads its log."""
    if settings.column_map is not None:
        return "table/mapped"
    return "server_log/web_custom" if "format" in settings.options else None


def sample_of(view: memoryview) -> Sample:
    """Head, middle and tail windows of a member's bytes; a head of nothing but NULs (a crash) is passed over."""
    size = len(view)
    first = _past_nuls(view)
    middle = max(0, size // 2 - _WINDOW // 2)
    return Sample(
        head=bytes(view[first : first + _WINDOW]),
        middle=bytes(view[middle : middle + _WINDOW]) if size > _WINDOW else b"",
        tail=bytes(view[-_WINDOW:]) if size > _WINDOW else b"",
        size=size,
    )


def _past_nuls(view: memoryview) -> int:
    """Where the head begins: 0, or at the first byte that is no NUL when the first window holds none."""
    at = 0
    while at < len(view) and (at or len(view) > _WINDOW):
        piece = bytes(view[at : at + (_NUL_STEP if at else _WINDOW)])
        text = piece.lstrip(b"\0")
        if text:
            return at and at + len(piece) - len(text)
        at += len(piece)
    return 0


def recognise(sample: Sample) -> Recognition:
    """Score every format against a sample and decide, keeping ambiguity visible."""
    if not sample.size:
        return Recognition("empty", None, ())
    narrow = narrow_sample(sample) or sample  # UTF-16 as the text it is, for formats that leave that to the framework
    seen = ((f.recognise(narrow if takes_text(f) else sample), f.id) for f in all_formats())
    scored = sorted(seen, key=lambda pair: (-pair[0], pair[1]))
    best = tuple((format_id, score) for score, format_id in scored[:3] if score > 0)
    if not best or best[0][1] < ACCEPT:
        return Recognition("unclaimed", None, best)
    if len(best) > 1 and best[0][1] - best[1][1] < LEAD:
        return Recognition("ambiguous", None, best)
    return Recognition("recognised", best[0][0], best)
