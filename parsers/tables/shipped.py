"""Column maps that come with the program: tables of forums, blogs and wikis as their databases dump them.

The comments in each map give a query that makes the table, and the traps of its columns. A map names the software
as the accounts' platform; where a case holds two sites of the same software, give each its own name, or accounts
with equal numbers would look like one.
"""

from __future__ import annotations

import difflib
import tomllib
from importlib import resources
from typing import TYPE_CHECKING

from parsers.tables._map import MapError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["shipped_map", "shipped_names", "shipped_text"]


def _folder() -> Traversable:
    return resources.files("parsers.tables").joinpath("app_dumps")


def shipped_names() -> tuple[str, ...]:
    """The names of all shipped maps, sorted."""
    return tuple(sorted(p.name.removesuffix(".toml") for p in _folder().iterdir() if p.name.endswith(".toml")))


def shipped_text(name: str) -> str:
    """The TOML of a shipped map, with its comments.

    Raises:
        KeyError: no map of that name is shipped.
    """
    if name not in shipped_names():
        raise KeyError(name)
    return _folder().joinpath(f"{name}.toml").read_text("utf-8")


def shipped_map(name: str, *, platform: str | None = None) -> dict[str, object]:
    """A shipped map as plain values, for accounts of the site called `platform` (else of the software).

    Raises:
        MapError: there is no such map.
    """
    if name not in shipped_names():
        near = difflib.get_close_matches(name, shipped_names(), 1, 0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"shipped are: {', '.join(shipped_names())}"
        raise MapError(f"there is no shipped map {name!r}; {hint}")
    raw = tomllib.loads(_folder().joinpath(f"{name}.toml").read_text("utf-8"))
    return raw | ({"platform": platform} if platform else {})
