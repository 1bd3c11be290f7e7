"""Which names are shown: those made of words that fields are made of, never one that may be somebody's.

A name that is not made of known words alone (`words.txt`) may be an account, a person or a number: it is shown as
``<key>``. So are names with an at sign, a longer run of digits or a long run of hexadecimal digits, whatever words
they hold.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

__all__ = ["KNOWN_EXTENSIONS", "is_header", "is_known", "is_value_like"]

_LONGEST = 80  # characters of a name that is shown
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+", re.UNICODE)
_VALUE = re.compile(r"[@\\\n\r\t]|://|\d{3}|\d\.\d|(?=[a-fA-F]{0,8}\d)[0-9a-fA-F]{8}")
_MOST_CELLS = 256
_UNKNOWN_SHARE = 0.5

_ENDINGS = """
7z aac amr avi bin bz2 caf csv dat db docx eml gif gz heic htm html ics ipa jpeg jpg js json jsonl kml log m4a m4v mbox
md mkv mov mp3 mp4 msg ndjson oga ogg opus pdf plist png pptx rar rtf sqlite srt svg tar tgs tgz tif tiff tsv txt vcf
wav webm webp xhtml xls xlsx xml xz yaml yml zip zst
"""
KNOWN_EXTENSIONS = frozenset(_ENDINGS.split())
"""File name endings that are shown; any other is shown as ``.?``."""


@cache
def _words() -> frozenset[str]:
    text = (files("pipeline.structure") / "words.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.lower().split())


def is_value_like(name: str) -> bool:
    """Whether a name looks like a value: an address, a number, a path, text over several lines."""
    return not name.strip() or len(name) > _LONGEST or _VALUE.search(name) is not None


@lru_cache(maxsize=1 << 16)
def is_known(name: str) -> bool:
    """Whether a name is made of known words alone, so that it is nobody's."""
    if is_value_like(name):
        return False
    parts = [p.lower() for p in _PARTS.findall(name)]
    words = [p for p in parts if not p.isdigit()]
    return bool(words) and all(len(w) == 1 or w in _words() or w.removesuffix("s") in _words() for w in words)


def is_header(cells: list[str]) -> bool:
    """Whether a row of a table names its columns: at least two cells, no value among them, half of them known."""
    named = [c for c in cells[:_MOST_CELLS] if c.strip()]
    if len(named) < 2 or any(is_value_like(c) for c in named):
        return False
    return sum(map(is_known, named)) >= len(named) * _UNKNOWN_SHARE
