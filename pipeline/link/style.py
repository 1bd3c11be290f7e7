"""Writing style of two accounts as evidence: a likelihood ratio bounded by how much each of them wrote.

Features are character 3- and 4-grams and the tokens that most accounts of the case use (its function words and
punctuation, whatever the language). Shares are brought to square roots, centred and scaled by the case, and compared
by cosine (Evert et al., Digital Scholarship in the Humanities 32 (2017) suppl. 2: "Cosine Delta"). The cosine is read
against what each of the two accounts scores with the more similar half of the others of the case that write the same
language, in texts as long as the other's (`standing`). So subject, genre, language and length that many accounts share
are background, not evidence. The result becomes log10 LR by a line fitted per band of words, with a cap per band and a
floor: people who harass disguise how they write, so that unlikeness says almost nothing. All constants: section `style`
of `weights.toml`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.link.standing import Reference, apart, nearest, pick, standing
from pipeline.link.style_space import Block, build, count, norms, place
from pipeline.link.style_text import OwnText, own_texts, words_of
from pipeline.link.weights import load_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from scipy.sparse import csr_array

__all__ = ["StyleProfiles", "profiles", "style_llr"]


class StyleProfiles(NamedTuple):
    """What `style_llr` needs; built by `profiles`, one position per account.

    Attributes:
        accounts: Keys of the accounts, sorted.
        words: Own words after removal.
        blocks: Character n-grams, frequent tokens.
        language: Rows of unit length over frequent words, to tell languages apart.
        references: Background for each band of words that the case can support, shortest first.
        genres: Share of words by genre.
        weights: Section `style`.
    """

    accounts: tuple[str, ...]
    words: np.ndarray
    blocks: tuple[Block, ...]
    language: csr_array
    references: tuple[Reference, ...]
    genres: np.ndarray
    weights: dict[str, Any]


def profiles(texts: pa.Table, weights: dict[str, Any] | None = None) -> StyleProfiles:
    """Profiles of all accounts that occur in `texts`.

    Args:
        texts: Columns account, text, genre (all text; no genre is a genre of its own); any order of rows.
        weights: Section `style` of the weights; by default the shipped one.
    """
    row = weights or load_weights()["style"]
    columns = [texts.column(name).to_pylist() for name in ("account", "text", "genre")]
    accounts = tuple(sorted(set(columns[0])))
    at = {account: i for i, account in enumerate(accounts)}
    own = own_texts(len(accounts), ((at[a], t, g or "") for a, t, g in zip(*columns, strict=True) if t), row)
    words = np.array([o.words for o in own], np.int64)
    enough = words >= row["band"][0]["words"]
    counted = [count(_piece(o, row["most_words"]) if e else []) for o, e in zip(own, enough.tolist(), strict=True)]
    space = build([c for c, e in zip(counted, enough.tolist(), strict=True) if e], row)
    blocks, language = place(space, counted)
    references: list[Reference] = []
    for band in row["band"]:
        who = pick(accounts, words >= band["words"], row["most_references"])
        if len(who) <= row["least_references"]:
            break
        short = place(space, [count(_piece(own[i], band["reference_words"])) for i in who.tolist()])
        references.append(_reference(blocks, language, short, who, row["same_language"]))
    return StyleProfiles(accounts, words, blocks, language, tuple(references), _genre_shares(own), row)


def style_llr(
    found: StyleProfiles, a: np.ndarray, b: np.ndarray, groups: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """log10 LR of the style of pairs of accounts, "same writer" against "unrelated writers".

    Args:
        found: From `profiles`.
        a: Positions of first accounts in `found.accounts`.
        b: Positions of second accounts.
        groups: For each account the number of the group it provisionally belongs to. The groups of a pair are left out
            of its background: without this, many accounts of one writer hide each other.

    Returns:
        The ratio (0 where style says nothing: too few words, languages that differ, too little background), the words
        of the smaller text, and whether the two wrote mostly in different genres. The same for (a, b) and (b, a).
    """
    a, b = np.asarray(a, np.int64), np.asarray(b, np.int64)
    row, few = found.weights, np.minimum(found.words[a], found.words[b])
    crossed = np.minimum(found.genres[a], found.genres[b]).sum(axis=1) < row["genre_overlap"]
    top = len(found.references) - 1
    edges = np.array([band["words"] for band in row["band"]])
    level = np.minimum(np.searchsorted(edges, found.words, "right") - 1, top)
    out = np.zeros(len(a))
    fit = np.flatnonzero((np.minimum(level[a], level[b]) >= 0) & (a != b))
    if len(fit):
        out[fit] = _llr(_against(found, groups), a[fit], b[fit], level, crossed[fit], groups)
    return out, few, crossed


def _against(found: StyleProfiles, groups: np.ndarray | None) -> StyleProfiles:
    """The same with the background that counts: outside an account's own group, and like it in subject."""
    row = found.weights
    kept = [r if groups is None else apart(r, groups) for r in found.references]
    return found._replace(references=tuple(nearest(r, row["nearest_share"], row["least_references"] + 1) for r in kept))


def _llr(
    found: StyleProfiles,
    a: np.ndarray,
    b: np.ndarray,
    level: np.ndarray,
    crossed: np.ndarray,
    groups: np.ndarray | None,
) -> np.ndarray:
    row = found.weights
    score = _cosine(found.blocks, a, b)
    in_a, peers_a = _standing(found, score, a, b, level, groups)
    in_b, peers_b = _standing(found, score, b, a, level, groups)
    band = np.minimum(level[a], level[b])
    slope, offset, cap = (np.array([r[name] for r in row["band"]])[band] for name in ("slope", "offset", "cap"))
    llr = np.clip(slope * (in_a + in_b) / 2 + offset, row["floor"], cap)
    llr = np.where(crossed, llr * row["cross_genre"], llr)
    alike = _products(found.language, a, b) >= row["same_language"]
    enough = np.minimum(peers_a, peers_b) >= row["least_references"]
    return np.round(np.where(alike & enough, llr, 0.0), 3) + 0.0


def _standing(
    found: StyleProfiles,
    score: np.ndarray,
    who: np.ndarray,
    other: np.ndarray,
    level: np.ndarray,
    groups: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Standing of `score` for each of `who`, against references as long as the text of `other`."""
    out, peers = np.zeros(len(who)), np.zeros(len(who))
    for at, reference in enumerate(found.references):
        here = np.flatnonzero(level[other] == at)
        out[here], peers[here] = standing(score[here], who[here], other[here], reference, groups)
    return out, peers


def _reference(
    blocks: tuple[Block, ...],
    language: csr_array,
    short: tuple[tuple[Block, ...], csr_array],
    who: np.ndarray,
    same_language: float,
) -> Reference:
    """Likeness of all accounts with the texts `short` of the accounts `who`."""
    column = np.full(language.shape[0], -1, np.int64)
    column[who] = np.arange(len(who))
    scores = np.zeros((language.shape[0], len(who)))
    for mine, theirs in zip(blocks, short[0], strict=True):
        product = (mine.rows @ theirs.rows.T).toarray() - mine.along[:, None] - theirs.along[None, :] + mine.base
        scores += product / (norms(mine)[:, None] * norms(theirs)[None, :]) / len(blocks)
    usable = (language @ short[1].T).toarray() >= same_language
    usable[who, np.arange(len(who))] = False
    return Reference(column, scores, usable)


def _cosine(blocks: Sequence[Block], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Mean over blocks of the cosine of centred rows."""
    out = np.zeros(len(a))
    for block in blocks:
        length = norms(block)
        product = _products(block.rows, a, b) + block.base - block.along[a] - block.along[b]
        out += product / (length[a] * length[b]) / len(blocks)
    return out


def _products(rows: csr_array, a: np.ndarray, b: np.ndarray, at_once: int = 1024) -> np.ndarray:
    """Product of row a with row b, pair by pair."""
    out = np.zeros(len(a))
    for start in range(0, len(a), at_once):
        part = slice(start, start + at_once)
        out[part] = np.einsum("pf,pf->p", rows[a[part]].toarray(), rows[b[part]].toarray())
    return out


def _genre_shares(own: Sequence[OwnText]) -> np.ndarray:
    names = sorted({genre for o in own for genre in o.genres})
    words = np.array([[o.genres.get(name, 0) for name in names] for o in own], np.float64)
    words = words.reshape(len(own), len(names))
    shares: np.ndarray = words / np.maximum(words.sum(axis=1, keepdims=True), 1.0)
    return shares


def _piece(own: OwnText, words: int) -> list[str]:
    """About `words` words of an account: whole lines, picked by their digest."""

    def digest(line: str) -> bytes:
        return hashlib.sha256(line.encode("utf-8", "surrogatepass")).digest()

    lines, left = [], words
    for line in sorted(own.lines, key=digest):
        if left <= 0:
            break
        lines.append(line)
        left -= len(words_of(line))
    return lines
