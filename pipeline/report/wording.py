"""Every sentence in which the report or the terminal states a finding. One place, so that one test can read them all.

The program speaks of accounts, records and propositions. It names no natural person, states no certainty, and gives
each number together with the words for its band and the alternative that it stands weakest against.

References:
    ENFSI Guideline for Evaluative Reporting in Forensic Science (2015): bands of the verbal scale.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "ALTERNATIVES",
    "DECISIONS",
    "LIMITS",
    "PATHS",
    "SCALE",
    "STATUS",
    "TORN",
    "VARIANTS",
    "VERDICTS",
    "Band",
    "band",
    "cluster_sentence",
    "decision",
    "full_stop",
    "group_sentence",
    "judged_group_sentence",
    "long_number",
    "number",
    "range_sentence",
    "ratio_sentence",
    "revoked_sentence",
    "sentence",
    "share",
    "short_reason",
    "support",
    "variant",
    "variant_order",
    "verdict",
    "weakest_sentence",
    "why_apart",
]


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
    "judged_same": "joined by human judgement; the number is that of the evidence alone",
    "judged_different": "kept apart by human judgement; the number is that of the evidence alone",
    "same_group": "in one group through other accounts; this pair alone would not be merged",
}

STATUS = {
    "proposed": "proposed: the data supports one operator",
    "single": "stands alone",
    "ambiguous": "ambiguous: also tied to accounts from which it was left apart; the reasons are below",
    "judged": "holds accounts that a human judgement joins",
}

TORN = " The group is ambiguous: what is known also ties it to other accounts, from which it was left apart."
"""Said after the headline of an ambiguous group."""

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


PATHS = "structure of the collected data, not proof of contact"
"""What a path through the graph is."""


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
    if len(accounts) == 2:
        return f"{strength} for one operator of these 2 accounts: {listed}."
    return f"{strength} or more ties each of these {len(accounts)} accounts to another of them: {listed}."


def judged_group_sentence(accounts: list[str], judged: Sequence[tuple[str, str]], llr: float | None) -> str:
    """The headline of a group that human judgements hold together, in whole or in part."""
    pairs = "; ".join(f"{a} {DASH} {b}" for a, b in judged)
    listed = ", ".join(accounts)
    text = f"{len(accounts)} accounts are grouped with the help of human judgement: {listed}. Joined by it: {pairs}."
    if llr is None:
        return f"{text} The findings alone support no pair of them."
    return f"{text} Of the pairs that the findings support, the weakest has {band(llr)} (log10 LR {number(llr)})."


def group_sentence(pair: tuple[str, str], apart: list[tuple[str, str, float]]) -> str:
    """Which pair the number of a group is, and which pairs inside it are weaker by themselves."""
    text = f"The number is that of the weakest pair that holds the group together: {pair[0]} {DASH} {pair[1]}."
    if apart:
        weaker = "; ".join(f"{a} {DASH} {b} {number(llr)}" for a, b, llr in apart)
        text += f" Weaker by themselves: {weaker}."
    return text


def range_sentence(row: Mapping[str, Any], shares: tuple[float, ...]) -> str:
    """How the headline rests on the declared shares of the alternatives."""
    each = ", ".join(f"{name} {number(row.get('llr_' + name))}" for name in ALTERNATIVES)
    declared = "/".join(f"{100 * s:.0f}" for s in shares)
    low, high = row.get("mixture_low"), row.get("mixture_high")
    text = f"Against each alternative: {each}; weighted as declared {declared} %."
    if low is None or high is None:
        return text
    runs = f"the wording runs from {support(low)} to {support(high)}"
    kept = "the wording is kept" if band(low) == band(high) else runs
    return f"{text} With other shares the number lies between {number(low)} and {number(high)}: {kept}."


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
        times = long_number(10 ** abs(against))
        better = f"{times} times better than" if against < -_TWO else "about as well as"
        return f"{seen}The findings fit {fits} {better} one operator."
    times = long_number(10**against)
    return f"{seen}The findings are only about {times} times more probable under one operator than under {fits}."


VARIANTS = {
    "item": "without this finding",
    "family": "without all findings of one family",
    "exhibit": "without one exhibit",
    "rarity": "everything in common as much commoner or rarer",
    "premises": "another share for a person at the same premises",
    "networks": "another reading of networks",
    "draws": "declared weights drawn anew within their spread",
}
"""Sorts of tests of a number, in the order in which they are told."""

_VARIANT = {
    "rarity:x3": "everything in common three times as common",
    "rarity:x10": "everything in common ten times as common",
    "rarity:/3": "everything in common three times as rare",
    "rarity:/10": "everything in common ten times as rare",
    "networks:homes_shared": "every home network read as one that strangers share (carrier NAT)",
    "draws:p05": "declared weights drawn anew: 5 % of draws are below",
    "draws:p95": "declared weights drawn anew: 5 % of draws are above",
}


def variant(name: str, findings: Mapping[str, str]) -> str:
    """A test of the table `sensitivity` in words; `findings` gives the sentences of the items."""
    sort, _, what = name.partition(":")
    if sort == "item":
        return f"without: {findings.get(what, what)}"
    if sort == "family":
        return f"without all findings of the family {what}"
    if sort == "exhibit":
        return f"without exhibit {what}"
    if sort == "premises":
        return f"{100 * float(what):.0f} % for another person at the same premises"
    return _VARIANT.get(name, name)


def variant_order(name: str) -> int:
    """Place of a test's sort among the sorts."""
    return list(VARIANTS).index(name.partition(":")[0])


def revoked_sentence(by: str | None, at: str | None, reason: str | None) -> str:
    """Who revoked a judgement, when and why; empty while it stands."""
    return "" if at is None else sentence(f"Revoked by {by} on {at[:10]}: {reason}")


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


def full_stop(text: str) -> str:
    """A reason as a sentence; it may begin with the name of an account, whose letters stay as they are."""
    return sentence(text) if ":" not in text.split(" ", 1)[0] else text + ("" if text.endswith(".") else ".")


def share(part: int, whole: int) -> str:
    """A percentage that never rounds something to nothing."""
    if not whole or not part:
        return "0 %"
    percent = 100 * part / whole
    return "below 0.1 %" if percent < 0.1 else f"{percent:.1f} %"
