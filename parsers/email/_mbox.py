"""Where the messages of an mbox lie: envelope lines found in place, nothing copied, Content-Length never believed.

References:
    RFC 4155 (application/mbox) and its variants mboxo and mboxrd.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Slot", "is_envelope", "slots"]

_ENVELOPE = re.compile(rb"\nFrom ([^\r\n]{5,998})(?=\r?\n)")
_DATE = re.compile(
    rb"(?:^| )(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? {1,3}"
    rb"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,3}\d{1,2}|"
    rb"\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))[ \d]{1,8}\d{1,2}:\d{2}",
)
_YEAR = re.compile(rb"(?<!\d)(?:19|20)\d{2}(?!\d)")
_FIELD = re.compile(rb"\r?\n(?:[!-9;-~]{1,80}[ \t]*:|>From )")
_LEAD = re.compile(rb"[ \t\r\n]*")


class Slot(NamedTuple):
    """One message: its bytes, with the envelope line and without the blank line that ends it."""

    start: int
    end: int


def is_envelope(text: bytes) -> bool:
    """Whether the text behind ``From `` ends in a date as mail writers put it (asctime, with or without zone)."""
    return _DATE.search(text) is not None and _YEAR.search(text) is not None


def _starts(view: memoryview, lead: int) -> Iterator[int]:
    """Index of every ``From `` that opens a message: after a blank line, with a date, and a field on the next line."""
    for match in _ENVELOPE.finditer(view, max(lead - 1, 0)):
        at = match.start() + 1
        after_blank = bytes(view[max(at - 3, 0) : at]).endswith((b"\n\n", b"\n\r\n"))
        if (at == lead or after_blank) and is_envelope(match[1]) and _FIELD.match(view, match.end()):
            yield at


def slots(view: memoryview) -> Iterator[Slot]:
    """Messages in order; what stands before the first envelope line is a slot too. Leading blank bytes are in none."""
    found = _LEAD.match(view)
    start = lead = found.end() if found else 0
    for at in _starts(view, lead):
        if at > start:
            yield Slot(start, _without_blank(view, start, at))
        start = at
    if start < len(view):
        yield Slot(start, _without_blank(view, start, len(view)))


def _without_blank(view: memoryview, start: int, end: int) -> int:
    """`end` moved in front of the blank line that closes a message (writers add one to every message)."""
    tail = bytes(view[max(start, end - 3) : end])
    size = 2 if tail.endswith(b"\n\r\n") else 1 if tail.endswith(b"\n\n") else 0
    return max(end - size, start + 1)
