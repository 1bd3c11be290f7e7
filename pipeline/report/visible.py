"""Make invisible characters of evidence visible before anyone reads them.

A record can hold characters that hide, reorder or end text: controls, bidirectional overrides, zero-width characters,
tag characters, lone surrogates. They are shown as ``⟦U+202E⟧``; nothing else is changed. `app/dom.js` holds the same
ranges for text that reaches the page as data.
"""

from __future__ import annotations

import re

__all__ = ["HIDDEN", "visible"]

HIDDEN = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
)
"""Character class of the basic plane; tab (U+0009) and line feed (U+000A) stay as they are."""

_HIDDEN = re.compile(f"[{HIDDEN}\U000e0000-\U000e0fff]")


def _escape(match: re.Match[str]) -> str:
    return f"⟦U+{ord(match.group()):04X}⟧"


def visible(text: str) -> str:
    """`text` with every hidden character written out as its code point."""
    return _HIDDEN.sub(_escape, text)
