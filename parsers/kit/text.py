"""Evidence bytes as text that can be stored and shown, and repairs that keep the original provable."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Decoded", "decode", "repair_mojibake"]


class Decoded(NamedTuple):
    r"""Text, and whether bytes had to be shown as ``\xNN`` escapes because they are not valid UTF-8."""

    text: str
    lossy: bool


def decode(raw: bytes | memoryview) -> Decoded:
    """UTF-8 where valid; otherwise every offending byte becomes a visible escape, none is dropped."""
    data = bytes(raw)
    try:
        return Decoded(data.decode("utf-8"), lossy=False)
    except UnicodeDecodeError:
        return Decoded(data.decode("utf-8", "backslashreplace"), lossy=True)


def repair_mojibake(text: str) -> tuple[str, bool]:
    """Undo UTF-8 written as Latin-1 escapes (Meta exports): only when the whole string round-trips and changes."""
    if text.isascii():
        return text, False
    try:
        repaired = text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text, False
    return repaired, repaired != text
