"""What the text of a directive looks like, as parts of one linear regular expression.

Two rules keep a client from moving text into another field. A field in quotes ends at the first bare quotation mark
(servers escape the mark in everything a client sends). A field outside ends before the separator that follows it;
only where exactly one free text stands in a stretch may it hold separators, since both its ends are then fixed.
"""

from __future__ import annotations

import re

__all__ = ["FIRST", "FREE", "SERVER_WRITTEN", "fixed", "free", "greedy", "sole"]

_CLF = r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}"
_FIXED = {
    "int": r"\d{1,20}|-",
    "signed": r"[+-]?\d{1,20}|-",
    "decimal": r"[+-]?\d{1,20}(?:\.\d{1,9})?|-",
    "port": r"\d{1,5}|-",
    "status": r"\d{3}|-1?",
    "address": r"[0-9A-Fa-f:.]{2,45}(?:%[\w.~-]{1,32})?|\[[0-9A-Fa-f:.]{2,45}\]|unix:?|-",
    "clf": rf"\[{_CLF}\]",
    "clf_bare": _CLF,
    "iso": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)",
    "epoch_s": r"\d{1,12}",
    "epoch_ms": r"\d{1,12}\.\d{3}",
    "epoch_int_ms": r"\d{1,15}",
    "epoch_int_us": r"\d{1,18}",
    "millis": r"\d{1,3}",
    "micros": r"\d{1,6}",
    "ha_date": r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?:\.\d{3})?",
    "question": r"\??",
    "list": r"[^ ,\"]++(?:(?:, ?| : )[^ ,\"]++)*+",
    "captured": r"\{[^{}\"]*+\}",
}
_ESCAPING = {"apache", "nginx", "json"}
FREE = frozenset({"text", "path"})
SERVER_WRITTEN = frozenset(_FIXED) - {"list", "captured", "question"} | {"host"}
FIRST = {"query": "?", "question": "?", "target": "/", "path": "/", "clf": "[", "captured": "{"}
"""Shapes that begin with one known character, which therefore ends the field before them."""


def fixed(shape: str) -> str | None:
    """The expression of a shape whose text does not depend on its neighbours."""
    return _FIXED.get(shape)


def sole(escape: str) -> str:
    """A field that fills a pair of quotation marks."""
    return r'(?:[^"\\]++|\\.)*+' if escape in _ESCAPING else '[^"]*+'


def free(escape: str, stops: str, *, quotes: bool, empty: bool = True) -> str:
    """A field that ends before the first of the characters `stops` (and, with `quotes`, before a quotation mark)."""
    banned = re.escape("".join(sorted(set(stops) | ({'"'} if quotes else set()))))
    many = "*+" if empty else "++"
    if not banned:
        return "." + many
    return rf"(?:[^{banned}\\]++|\\.){many}" if quotes and escape in _ESCAPING else f"[^{banned}]{many}"


def greedy(escape: str, stops: str, *, inside: bool, quotes: bool) -> str:
    """The only free text of a stretch: it may hold the separator."""
    banned = re.escape(stops + ('"' if quotes else ""))
    if inside and escape in _ESCAPING:
        return rf"(?:[^{banned}\\]|\\.)*"
    return f"[^{banned}]*" if banned else ".*"
