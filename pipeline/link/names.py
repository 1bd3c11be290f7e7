"""Items from user names: likeness is strong against strangers and says nothing against an imitator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from pipeline.link.items import Items, Pairs, make_items

if TYPE_CHECKING:
    from pipeline.link.world import World

__all__ = ["name_items", "name_stem"]


def name_stem(login: str) -> str:
    """Letters of a login in lower case: what stays when digits and separators are varied."""
    return re.sub(r"[\W\d_]+", "", login.lower())


def local_part(login: str | None) -> str:
    """The name before the @ of an address, else the login itself."""
    return (login or "").split("@")[0].lower()


def name_items(world: World, pairs: Pairs, weights: dict[str, Any]) -> list[Items]:
    """Equal, alike and unlike user names.

    `extra` holds the Jaro-Winkler similarity and the factor for short names (surprisal: a short stem is a common one).
    """
    row = weights["username"]
    names = np.array([local_part(r["login"]) for r in world.rows], object)
    stems = np.array([name_stem(n) for n in names], object)
    named = np.array([bool(n) for n in names], bool)
    at = np.flatnonzero(named[pairs.a] & named[pairs.b]) if len(pairs) else np.zeros(0, np.int64)
    a, b = pairs.a[at], pairs.b[at]
    like = cpdist(names[a], names[b], scorer=JaroWinkler.similarity, dtype=np.float64) if len(at) else np.zeros(0)
    exact = names[a] == names[b]
    near = ~exact & _begin_alike(stems, a, b, row["near_prefix"])
    unlike = ~exact & ~near & (like < row["unlike_similarity"])
    length = np.array([len(s) for s in stems], float)
    rarity = np.minimum(1.0, np.minimum(length[a], length[b]) / row["full_length"])
    out = []
    for kind, mask, top in (("name_exact", exact, row["exact"]), ("name_near", near, row["near"])):
        used = top * rarity[mask]
        out.append(_alike(kind, at[mask], np.full(len(used), top), used, row, like[mask], rarity[mask]))
    value = np.tile([row["unlike"]] * 3 + [0.0], (int(unlike.sum()), 1))
    extra = np.column_stack([like[unlike], np.ones(int(unlike.sum()))])
    return [*out, make_items("name_unlike", at[unlike], value, value, extra=extra)]


def _alike(
    kind: str,
    at: np.ndarray,
    raw: np.ndarray,
    used: np.ndarray,
    row: dict[str, Any],
    like: np.ndarray,
    rarity: np.ndarray,
) -> Items:
    def four(value: np.ndarray) -> np.ndarray:
        against = np.full(len(value), row["imitator"])
        return np.column_stack([value, value * row["premises"], value * row["device"], against])

    notes = np.where(rarity < 1, 1 << 5, 0)
    return make_items(kind, at, four(raw), four(used), notes=notes, extra=np.column_stack([like, rarity]))


def _begin_alike(stems: np.ndarray, a: np.ndarray, b: np.ndarray, share: float) -> np.ndarray:
    """Whether most letters are in common from the start (at least four: shorter beginnings are words)."""
    width = 48
    letters = np.zeros((len(stems), width), np.uint32)
    for n, stem in enumerate(stems):
        letters[n, : len(stem[:width])] = [ord(c) for c in stem[:width]]
    length = np.minimum(np.array([len(s) for s in stems], np.int64), width)
    out = np.zeros(len(a), bool)
    for start in range(0, len(a), 200_000):
        x, y = a[start : start + 200_000], b[start : start + 200_000]
        same = (letters[x] == letters[y]) & (letters[x] > 0)
        common = np.where(same.all(axis=1), width, np.argmin(same, axis=1))
        out[start : start + 200_000] = common >= np.maximum(4, share * np.maximum(length[x], length[y]))
    return out
