"""Items from user names: likeness is strong against strangers and says nothing against an imitator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from pipeline.link.items import NOTES, Items, Pairs, make_items

if TYPE_CHECKING:
    from pipeline.link.world import World

__all__ = ["name_items", "name_stem"]

_LETTERS = 4


def name_stem(login: str) -> str:
    """Letters of a login in lower case: what stays when digits and separators are varied."""
    return re.sub(r"[\W\d_]+", "", login.lower())


def local_part(login: str | None) -> str:
    """The name before the @ of an address, else the login itself."""
    return (login or "").split("@")[0].lower()


def own_name(row: dict[str, Any]) -> str:
    """The user name of an account, "" when it has only a number the service gave it."""
    name = local_part(row["login"])
    return "" if name == (row.get("account_id") or "").lower() or not name_stem(name) else name


def name_items(world: World, pairs: Pairs, weights: dict[str, Any]) -> list[Items]:
    """Equal, alike and unlike user names.

    `extra` holds the Jaro-Winkler similarity and the factor for short names (surprisal: a short stem is a common one).
    """
    row = weights["username"]
    names = np.array([own_name(r) for r in world.rows], object)
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
    letters = np.where(stems[a] == stems[b], 1.0, row["partly_at_home"])
    common = _common_beginnings(stems, a, b)
    for kind, mask, top in (("name_exact", exact, row["exact"]), ("name_near", near, row["near"])):
        rare = rarity[mask] / (1 + common[mask])
        out.append(
            _alike(kind, at[mask], np.full(int(mask.sum()), top), top * rare, row, like[mask], rare, letters[mask])
        )
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
    rare: np.ndarray,
    letters: np.ndarray,
) -> Items:
    """Items of likeness; `letters` scales what it says against people nearby, who share surnames."""

    def four(value: np.ndarray) -> np.ndarray:
        against = np.full(len(value), row["imitator"])
        return np.column_stack([value, value * row["premises"] * letters, value * row["device"] * letters, against])

    notes = np.where(rare < 1, 1 << NOTES.index("short"), 0)
    return make_items(kind, at, four(raw), four(used), notes=notes, extra=np.column_stack([like, rare]))


def _common_beginnings(stems: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Accounts beside the pair whose names begin with the letters that the pair's names have in common from the start.

    A surname of a family, or a fashion, is common in a case: the likeness counts less by that many.
    """
    ordered = np.sort(stems)
    out = np.zeros(len(a))
    for n, (x, y) in enumerate(zip(stems[a].tolist(), stems[b].tolist(), strict=True)):
        same = next((i for i, (c, d) in enumerate(zip(x, y, strict=False)) if c != d), min(len(x), len(y)))
        if same >= _LETTERS:
            low = np.searchsorted(ordered, x[:same])
            out[n] = np.searchsorted(ordered, x[:same] + "\U0010ffff") - low - 2
    return np.maximum(out, 0)


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
