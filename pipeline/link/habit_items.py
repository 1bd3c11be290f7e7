"""Items from habits: how people write, and at what hours they are active. Both are weak and bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from pipeline.link.items import NOTES, Items, Pairs, make_items
from pipeline.link.rhythm import RhythmProfiles, rhythm_llr, rhythm_profiles
from pipeline.link.style import StyleProfiles, profiles, style_llr

if TYPE_CHECKING:
    from pipeline.link.background import Mates
    from pipeline.link.world import World

__all__ = ["Habits", "habit_items", "habits"]


class Habits(NamedTuple):
    """Profiles of the accounts of a case."""

    style: StyleProfiles
    rhythm: RhythmProfiles


def habits(world: World, weights: dict[str, Any]) -> Habits:
    """Profiles of all accounts."""
    return Habits(profiles(world.texts, weights["style"]), rhythm_profiles(_acts(world), weights["rhythm"]))


def habit_items(world: World, pairs: Pairs, known: Habits, mates: Mates | None, weights: dict[str, Any]) -> list[Items]:
    """Style and rhythm of all pairs; `extra` holds words, or events and days, of the side that has fewer."""
    style, rhythm, out = known.style, known.rhythm, []
    at, a, b = _known(world, pairs, style.accounts)
    llr, words, crossed = style_llr(style, a, b, _groups(world, style.accounts, mates))
    notes = np.where(crossed, 1 << NOTES.index("cross_genre"), 0)
    out.append(_items("style", at, llr, np.column_stack([words, words]), notes, weights["style"]))
    at, a, b = _known(world, pairs, rhythm.accounts)
    llr, events, days = rhythm_llr(rhythm, a, b, _groups(world, rhythm.accounts, mates))
    none = np.zeros(len(at), np.int64)
    out.append(_items("rhythm", at, llr, np.column_stack([events, days]), none, weights["rhythm"]))
    return out


def _groups(world: World, accounts: tuple[str, ...], mates: Mates | None) -> np.ndarray | None:
    """Provisional group of each profile."""
    return None if mates is None else mates.group[[world.number(key) for key in accounts]]


def _acts(world: World) -> pa.Table:
    """Times of all sightings."""
    account = pa.DictionaryArray.from_arrays(pa.array(world.seen.account), pa.array(world.keys, pa.string()))
    return pa.table({"account": account, "t_us": world.seen.t, "uncertainty_us": world.seen.spread // 2})


def _known(world: World, pairs: Pairs, accounts: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of which both accounts have a profile: place, and both places among the profiles."""
    place = {key: n for n, key in enumerate(accounts)}
    number = np.array([place.get(key, -1) for key in world.keys], np.int64)
    at = np.flatnonzero((number[pairs.a] >= 0) & (number[pairs.b] >= 0)) if len(pairs) else np.zeros(0, np.int64)
    return at, number[pairs.a[at]], number[pairs.b[at]]


def _items(
    kind: str, at: np.ndarray, llr: np.ndarray, extra: np.ndarray, notes: np.ndarray, row: dict[str, Any]
) -> Items:
    keep = llr != 0
    value = llr[keep]
    four = np.column_stack([value, *(value * row[k] for k in ("premises", "device", "imitator"))])
    return make_items(kind, at[keep], four, four, notes=notes[keep], extra=extra[keep].astype(float))
