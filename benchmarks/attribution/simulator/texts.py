"""Who writes to whom, and words drawn from each author's habits.

The words are no language: function words and content words alternate at random. An author differs in the weights of
function words (steadily) and content words (by genre too), in misspellings, punctuation and sentence length. What
is right here says how a measure reacts to known differences, not how strong style is among real people.

The spread is a choice, made by looking: a plain cosine of character trigrams tells the authors of seeds 0-2 apart, two
parts of one account against accounts of others in its genre, with an area under the curve of .70, .81 and .89 at 50,
100 and 200 words (measured for this project on IRC logs: .71, .79, .86), and of .62 to .76 across genres at 100 to
500 words. Nothing was at hand to set the latter by. Some harassers write unlike themselves in their extra accounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.attribution.simulator.platforms import PLATFORMS
from benchmarks.attribution.simulator.words import CONTENT_WORDS, FUNCTION_WORDS, MISSPELLINGS, TEMPLATES

if TYPE_CHECKING:
    from benchmarks.attribution.simulator.accounts import Roster
    from benchmarks.attribution.simulator.people import People
    from benchmarks.attribution.simulator.profiles import Knobs

__all__ = ["Message", "Relation", "make_messages", "make_relations"]

_GENRES = ("post", "forum", "chat", "mail")
_LENGTH = {"post": 18, "forum": 40, "chat": 14, "mail": 55}  # mean words of a message
_WORDS = FUNCTION_WORDS + CONTENT_WORDS
_SPLIT = len(FUNCTION_WORDS)


class Relation(NamedTuple):
    """One account follows or knows another (true seconds)."""

    account: int
    kind: str
    other: int
    t: int


class Message(NamedTuple):
    """One message (true seconds); `to` is -1 for a post."""

    account: int
    to: int
    t: int
    text: str


class _Habits(NamedTuple):
    ladder: np.ndarray  # cumulative word weights
    spelling: dict[str, str]
    stop: np.ndarray  # cumulative shares of ". ! ... and nothing"
    comma: float
    lower: bool
    sentence: float  # mean words


def _base(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Word weights of each genre: common ranks, moved by genre."""
    weights = np.concatenate(
        [
            -np.log(np.arange(1, _SPLIT + 1) + 2.0) + 1.4,
            -0.6 * np.log(np.arange(1, len(_WORDS) - _SPLIT + 1) + 5.0),
        ]
    )
    shift = np.concatenate([np.full(_SPLIT, 0.35), np.full(len(_WORDS) - _SPLIT, 0.8)])
    return {genre: weights + shift * rng.standard_normal(len(_WORDS)) for genre in _GENRES}


class _Authors(NamedTuple):
    """What tells authors apart, steadily and by genre (person, or person and genre, first)."""

    words: np.ndarray
    words_by_genre: np.ndarray
    luck: np.ndarray
    luck_by_genre: np.ndarray
    disguised: np.ndarray  # people who write otherwise in extra accounts


def _authors(rng: np.random.Generator, knobs: Knobs, persons: int) -> _Authors:
    genres, lucky = len(_GENRES), 4 + len(MISSPELLINGS)
    steady = rng.random((persons, lucky))
    by_genre = np.where(
        rng.random((persons, genres, lucky)) < 0.4, rng.random((persons, genres, lucky)), steady[:, None, :]
    )
    return _Authors(
        rng.standard_normal((persons, len(_WORDS))),
        rng.standard_normal((persons, genres, len(_WORDS))),
        steady,
        by_genre,
        rng.random(persons) < knobs.disguise,
    )


def _habits(base: np.ndarray, authors: _Authors, who: int, genre: int, style: float) -> _Habits:
    spread = np.concatenate([np.full(_SPLIT, style), np.full(len(_WORDS) - _SPLIT, 1.2 * style)])
    own = 0.68 * authors.words[who] + 0.72 * authors.words_by_genre[who, genre]
    return _habits_of(base + spread * own, authors.luck_by_genre[who, genre])


def _disguise(rng: np.random.Generator, base: np.ndarray, authors: _Authors, who: int, style: float) -> _Habits:
    """Somebody who writes unlike himself: little of the own words is left, and none of the habits."""
    own = 0.3 * authors.words[who] + 0.9 * rng.standard_normal(len(_WORDS))
    return _habits_of(base + style * own, rng.random(authors.luck.shape[1]))


def _habits_of(log_weights: np.ndarray, luck: np.ndarray) -> _Habits:
    weights = np.exp(log_weights)
    chosen = {right: wrong for (right, wrong), draw in zip(MISSPELLINGS, luck[4:].tolist(), strict=True) if draw < 0.12}
    stops = np.cumsum([0.2 + 2 * luck[0], 0.6 * luck[1], 0.5 * luck[2] ** 2, luck[3] ** 2])
    return _Habits(
        np.cumsum(weights / weights.sum()),
        chosen,
        stops / stops[-1],
        0.16 * float(luck[1]),
        bool(luck[2] < 0.35),
        7 + 9 * float(luck[0]),
    )


def _write(rng: np.random.Generator, habits: _Habits, lengths: np.ndarray) -> list[str]:
    """Texts of these many words."""
    total = int(lengths.sum())
    words = np.searchsorted(habits.ladder, rng.random(total)).clip(0, len(_WORDS) - 1).tolist()
    breaks, ends = rng.random(total), np.searchsorted(habits.stop, rng.random(total)).tolist()
    out, at = [], 0
    for length in lengths.tolist():
        parts, start = [], True
        for i in range(at, at + length):
            word = _WORDS[words[i]]
            word = habits.spelling.get(word, word)
            if start and not habits.lower:
                word = word.capitalize()
            start = breaks[i] < 1 / habits.sentence or i == at + length - 1
            if start:
                word += (".", "!", "...", "")[min(ends[i], 3)]
            elif breaks[i] > 1 - habits.comma:
                word += ","
            parts.append(word)
        out.append(" ".join(parts))
        at += length
    return out


def make_relations(rng: np.random.Generator, people: People, roster: Roster, span_s: int) -> list[Relation]:
    """Accounts of one service whose owners know each other; extra accounts seek their victim; copies its contacts."""
    known: list[set[int]] = [set() for _ in people.home]
    for a, b in people.friends.tolist():
        known[a].add(b)
        known[b].add(a)
    owned = roster.of_all
    own = [[i for i in owned.get(person, ()) if roster.accounts[i].role == "own"] for person in range(len(known))]
    out = []
    for index, account in enumerate(roster.accounts):
        if account.role == "copy":
            around = known[roster.accounts[account.target].owner]
        elif account.role == "sock":
            around = {account.target, *sorted(known[account.target])[:3]}
        else:
            around = known[account.owner] | set(people.members(people.home[account.owner]).tolist())
        for person in sorted(around - {account.owner}):
            for other in own[person]:
                if roster.accounts[other].platform == account.platform and rng.random() < 0.7:
                    since = int(rng.integers(min(account.created_s, span_s - 2), span_s))
                    out.append(Relation(index, PLATFORMS[account.platform].relation, other, since))
    return out


def _quoted(rng: np.random.Generator, texts: list[str], received: list[str]) -> list[str]:
    """Some answers quote what was received."""
    if not received:
        return texts
    quotes = rng.random(len(texts)) < 0.08
    picks = rng.integers(0, len(received), len(texts)).tolist()
    return [f"> {received[p]}\n{text}" if q else text for text, q, p in zip(texts, quotes, picks, strict=True)]


def make_messages(
    rng: np.random.Generator, knobs: Knobs, roster: Roster, relations: list[Relation], span_s: int
) -> list[Message]:
    """Every account's messages: to contacts, the victim, or the public."""
    contacts: dict[int, list[int]] = {}
    for relation in relations:
        contacts.setdefault(relation.account, []).append(relation.other)
    persons = 1 + max(account.owner for account in roster.accounts)
    base, authors = _base(rng), _authors(rng, knobs, persons)
    texts: dict[int, list[str]] = {}
    out: list[Message] = []
    for index, account in enumerate(roster.accounts):
        genre = PLATFORMS[account.platform].genre
        if account.role == "sock" and authors.disguised[account.owner]:
            habits = _disguise(rng, base[genre], authors, account.owner, knobs.style)
        else:
            habits = _habits(base[genre], authors, account.owner, _GENRES.index(genre), knobs.style)
        boost = 1.6 if account.role == "sock" else 1.0
        count = int(min(150, rng.poisson(knobs.messages * boost * rng.lognormal(-0.4, 0.9))))
        lengths = 3 + rng.poisson(_LENGTH[genre] * rng.lognormal(-0.1, 0.45, count))
        texts[index] = _write(rng, habits, lengths)
        texts[index] = [
            TEMPLATES[rng.integers(len(TEMPLATES))] if rng.random() < 0.015 else text for text in texts[index]
        ]
        known = contacts.get(index, [])
        if account.role == "copy":
            copied = texts.get(account.target, [])
            texts[index] = [
                copied[i % len(copied)] if copied and rng.random() < 0.4 else t for i, t in enumerate(texts[index])
            ]
        elif account.role == "sock" and known:
            texts[index] = _quoted(rng, texts[index], texts.get(known[0], []))
        first = max(0, min(account.created_s, span_s - 3600))
        times = np.sort(rng.integers(first, span_s, count)).tolist()
        share = 0.45 if genre in ("post", "forum") and account.role == "own" else 0.05
        for t, text in zip(times, texts[index], strict=True):
            to = known[int(len(known) * rng.random() ** 2)] if known and rng.random() > share else -1
            out.append(Message(index, to, t, text))
    out.sort(key=lambda message: (message.t, message.account))
    return out
