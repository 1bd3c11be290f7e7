"""Names found inside archives: attacker-controlled text that is shown, reported on and never used as a path."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Names", "decode_name", "ignored", "oddities", "shown"]

_LONGEST = 400  # characters of a name that are shown; the whole name stays in `raw_name`
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_IGNORED = {b"thumbs.db", b".ds_store"}
_DRIVE = re.compile(r"[A-Za-z]:")


def decode_name(raw: bytes, *, utf8: bool) -> str:
    """A stored name as text: UTF-8 where it is, else code page 437 (APPNOTE 4.4.17 and appendix D)."""
    if utf8:
        return raw.decode("utf-8", "backslashreplace")
    try:
        return raw.decode("utf-8")  # most writers store UTF-8 without setting the flag
    except UnicodeDecodeError:
        return raw.decode("cp437")


def shown(raw: str) -> str:
    """A name that is safe to show: control, bidi and invisible characters and the joint ' > ' become escapes."""
    cut = raw[:_LONGEST] + ("…" if len(raw) > _LONGEST else "")
    visible = "".join(f"⟦U+{ord(c):04X}⟧" if unicodedata.category(c) in _INVISIBLE else c for c in cut)
    return visible.replace(" > ", " ⟦U+003E⟧ ") or "(no name)"


def oddities(raw: str) -> Iterator[tuple[str, str]]:
    """What a reader must know of a name, as (kind, detail)."""
    parts = raw.replace("\\", "/").split("/")
    if parts[0] == "" or _DRIVE.match(raw):
        yield "absolute_name", "the stored name is an absolute path; it is shown, never used as a path"
    if ".." in parts:
        yield "parent_name", "the stored name climbs out of its folder with '..'; it is shown, never used as a path"
    if "\\" in raw:
        yield "backslash_name", "the stored name holds backslashes"
    if any(unicodedata.category(c) in _INVISIBLE for c in raw):
        yield "invisible_name", "the stored name holds control, bidi or invisible characters, shown as escapes"


def ignored(raw: str) -> bool:
    """True for files that operating systems leave behind and that are passed over by their name alone."""
    parts = raw.split("/")
    last = parts[-1].encode("utf-8", "replace").lower()
    return parts[0] == "__MACOSX" or last.startswith(b"._") or last in _IGNORED


class Names:
    """Member paths handed out for one exhibit; each is unique."""

    def __init__(self) -> None:
        """No name is taken yet."""
        self._taken: dict[str, int] = {"": 1}

    def take(self, container: str, raw: str) -> tuple[str, bool]:
        """The path of a member inside `container`, and whether its name was already taken there."""
        path = f"{container} > {shown(raw)}" if container else shown(raw)
        number = self._taken.get(path, 0)
        unique = path
        while unique in self._taken:
            number += 1
            unique = f"{path} #{number}"
        self._taken[unique] = 1
        self._taken[path] = max(number, 1)
        return unique, unique != path
