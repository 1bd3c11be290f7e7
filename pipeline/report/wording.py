"""Every sentence in which the report or the terminal states a finding. One place, so that one test can read them all.

The program speaks of accounts, records and propositions. It names no natural person, states no certainty, and gives
each number together with the words for its band and the alternative that it stands weakest against.

References:
    ENFSI Guideline for Evaluative Reporting in Forensic Science (2015): bands of the verbal scale.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ALTERNATIVES", "DECISIONS", "LIMITS", "SCALE", "STATUS", "VERDICTS", "Band", "band", "cluster_sentence",
    "decision", "long_number", "number", "ratio_sentence", "sentence", "share", "short_reason", "support", "verdict",
    "weakest_sentence", "why_apart",
]  # fmt: skip


class Band(NamedTuple):
    """One row of the verbal scale; bounds are log10 likelihood ratios, the upper one belongs to the band."""

    low: float
    high: float
    words: str


DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
_TWO = 0.30102999566398120  # log10 2: up to twice as probable counts as no support

SCALE = (
    Band(0.0, _TWO, "no support for one proposition over the other"),
    Band(_TWO, 1.0, "weak support"),
    Band(1.0, 2.0, "moderate support"),
    Band(2.0, 3.0, "moderately strong support"),
    Band(3.0, 4.0, "strong support"),
    Band(4.0, 6.0, "very strong support"),
    Band(6.0, float("inf"), "extremely strong support"),
)

ALTERNATIVES = {
    "unrelated": "an unrelated member of the population that the case covers",
    "premises": "another person on the same premises, behind the same connection",
    "device": "another person who uses the same device",
    "imitator": "a person who imitates the other account",
}
"""The four alternatives to 'one operator', as they end the sentence 'weakest against ...'."""

DECISIONS = {
    "same_operator": "supported as one operator",
    "not_merged": "considered and not merged",
    "contradicted": "not merged: the data speaks against it",
    "insufficient": "not merged: too little independent evidence",
    "provider_asserted": "linked by a provider's statement",
    "same_group": "in one group through other accounts; this pair alone would not be merged",
}

STATUS = {
    "proposed": "proposed: the data supports one operator",
    "single": "stands alone",
    "ambiguous": "ambiguous: fits two groups that exclude each other, left apart",
}

VERDICTS = {
    "pinned": "read as the format that case.toml names",
    "recognised": "recognised by its content",
    "ambiguous": "two formats fit about equally well: not read until case.toml names one",
    "unclaimed": "no format fits: not read",
    "empty": "holds no bytes",
    "container": "an archive: its members are listed below it",
    "unreadable": "could not be opened",
}

LIMITS = (
    "An address identifies a network connection at a time. It is not a person, and several people can be behind it.",
    "The report compares accounts with accounts. Who held the keyboard is for other evidence and for the court.",
    (
        "A likelihood ratio says how much better the findings fit one proposition than another. It is not the "
        "probability that the proposition is true: that also depends on everything else in the case."
    ),
    "No record in an exhibit does not mean that nothing happened. Exhibits cover what was requested and returned.",
    "Names, handles, user agents and sender fields are written by whoever uses the account; they can be chosen freely.",
)


def band(llr: float) -> str:
    """Words of the verbal scale for a log10 likelihood ratio of either sign. An edge belongs to the lower band."""
    size = abs(llr)
    return next(row.words for row in SCALE if size <= row.high)


def support(llr: float) -> str:
    """Band and direction: for one operator, or for different operators."""
    words = band(llr)
    if words.startswith("no support"):
        return words
    return f"{words} for {'one operator' if llr > 0 else 'different operators'}"


def verdict(llr: float | None, decision_word: str | None) -> tuple[str, str]:
    """What a pair's number supports, and what the number means.

    A number that rests on too few independent findings is shown as arithmetic, never as support.
    """
    if llr is None:
        return "no strength was computed", ""
    if decision_word == "insufficient":
        return "too little independent evidence to state a strength", (
            f"The arithmetic gives log10 LR {number(llr)}; it rests on too few independent findings to be reported."
        )
    return support(llr), f"Log10 LR {number(llr)}. {ratio_sentence(llr)}"


def number(llr: float | None) -> str:
    """A log10 likelihood ratio with its sign, or a dash when it was not computed."""
    if llr is None:
        return DASH
    return "0.0" if abs(llr) < 0.05 else f"{llr:+.1f}".replace("-", MINUS)


def long_number(value: float) -> str:
    """A ratio for people: two significant figures, thousands separated."""
    if value < 10:
        return f"{value:.1f}"
    digits = len(str(int(value)))
    return f"{int(round(value, 2 - digits)):,}"


def ratio_sentence(llr: float) -> str:
    """What the number means, in one sentence."""
    if band(llr).startswith("no support"):
        return "The findings fit one operator and the alternatives about equally well."
    better, worse = ("one operator", "the alternatives together")[:: 1 if llr > 0 else -1]
    times = long_number(10 ** abs(llr))
    return f"The findings are about {times} times more probable under {better} than under {worse}."


def cluster_sentence(accounts: list[str], llr: float | None) -> str:
    """The headline of one group."""
    listed = ", ".join(accounts)
    if llr is None:
        return f"{len(accounts)} accounts are grouped without a computed strength: {listed}."
    strength = f"{band(llr).capitalize()} (log10 LR {number(llr)})"
    return f"{strength} for one operator of these {len(accounts)} accounts: {listed}."


def weakest_sentence(weakest: str | None, llr: float | None) -> str:
    """The alternative that explains the findings best, with its own number."""
    if weakest not in ALTERNATIVES:
        return "No alternative was computed."
    against = "" if llr is None else f" (log10 LR {number(llr)}, {band(llr) if llr > 0 else support(llr)})"
    return f"Weakest against: {ALTERNATIVES[weakest]}{against}."


def decision(word: str | None) -> str:
    """A decision of the links table, in words."""
    return DECISIONS.get(word or "", word or "not decided")


def why_apart(row: Mapping[str, Any], strongest: str | None, contrary: str | None, threshold: float) -> str:
    """Why a pair was left apart, from its numbers, when the linking stage gave no reason of its own.

    Args:
        row: A row of the links table.
        strongest: The finding that speaks most for one operator.
        contrary: The finding that speaks most against it.
        threshold: The merge threshold of the case, log10 LR.
    """
    if row["decision"] == "contradicted" and contrary:
        return f"Speaks against it: {contrary.rstrip('.')}."
    seen = sentence(strongest) + " " if strongest else ""
    fits = ALTERNATIVES.get(row["weakest"] or "")
    against = row.get(f"llr_{row['weakest']}")
    if fits is None or against is None:
        return f"{seen}The support stays below the threshold of {number(threshold)}."
    if against <= _TWO:
        return f"{seen}That fits {fits} about as well or better (log10 LR {number(against)} against it)."
    return f"{seen}That could also come from {fits} (log10 LR {number(against)} against it)."


def short_reason(row: Mapping[str, Any]) -> str:
    """Decision and numbers of a pair in a few words, for a terminal."""
    fits = ALTERNATIVES.get(row["weakest"] or "")
    against = f"; {number(row.get('llr_' + row['weakest']))} against {fits}" if fits else ""
    return f"{decision(row['decision'])} ({number(row['llr_mixture'])}{against})"


def sentence(text: str) -> str:
    """A finding or reason as a sentence of its own."""
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def share(part: int, whole: int) -> str:
    """A percentage that never rounds something to nothing."""
    if not whole or not part:
        return "0 %"
    percent = 100 * part / whole
    return "below 0.1 %" if percent < 0.1 else f"{percent:.1f} %"
