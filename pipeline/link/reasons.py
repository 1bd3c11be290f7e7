"""Sentences about what shaped a group: judgements, refused merges, accounts torn between two groups.

They speak of accounts and of what was found; who judged is named, because a judgement is somebody's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.judgements import Judgement
    from pipeline.link.items import Pair

__all__ = [
    "Refusal", "conflict_sentence", "contrary_sentence", "joined_sentence", "kept_sentence", "refused_sentence",
    "supported_sentence", "torn_sentence", "unsure_sentence",
]  # fmt: skip

_MOST = 6


class Refusal(NamedTuple):
    """A merge that the pair `link` supports with `score` and that was refused.

    `between` are the two accounts that exclude each other: by a human judgement, or by a log10 LR of `contrary`.
    """

    cause: Literal["human", "contrary", "mean", "bridge"]
    link: Pair
    score: float
    between: Pair | None = None
    judgement: Judgement | None = None
    contrary: float | None = None


def _cited(judgement: Judgement) -> str:
    return f"human judgement of {judgement.by} on {judgement.at[:10]}: {judgement.reason} ({judgement.id})"


def _both(pair: Pair) -> str:
    return f"{pair.a} and {pair.b}"


def joined_sentence(judgement: Judgement) -> str:
    """What a positive judgement did."""
    return f"{judgement.account_a} and {judgement.account_b}: joined by {_cited(judgement)}"


def kept_sentence(judgement: Judgement) -> str:
    """What a negative judgement did."""
    return f"{judgement.account_a} and {judgement.account_b}: kept apart by {_cited(judgement)}"


def unsure_sentence(judgement: Judgement) -> str:
    """What an unsure judgement did: nothing."""
    return f"{judgement.account_a} and {judgement.account_b}: judged unsure, which changes nothing: {_cited(judgement)}"


def conflict_sentence(positives: Sequence[Judgement], negative: Judgement) -> str:
    """Why positives were not applied."""
    listed = ", ".join(f"{j.id} ({j.account_a} and {j.account_b})" for j in positives[:_MOST])
    more = f" and {len(positives) - _MOST} more" if len(positives) > _MOST else ""
    return (
        f"judgements contradict each other: {listed}{more} would bring together {negative.account_a} and "
        f"{negative.account_b}, which {negative.id} keeps apart; none of the former is applied until one is revoked"
    )


def contrary_sentence(pair: Pair, value: float) -> str:
    """Evidence against a pair that a group holds together through a judgement."""
    return (
        f"the findings speak against {_both(pair)} (log10 LR {value:+.1f}); they are in one group through a human "
        "judgement alone"
    )


def supported_sentence(pair: Pair, value: float) -> str:
    """Evidence for a pair that a judgement keeps apart."""
    return f"the findings support one operator of {_both(pair)} (log10 LR {value:+.1f}); a judgement alone parts them"


def refused_sentence(refusal: Refusal) -> str:
    """Why a supported pair was not joined."""
    start = f"{_both(refusal.link)}: supported by themselves (log10 LR {refusal.score:+.1f}) and left apart"
    if refusal.between is not None:
        same = refusal.between == refusal.link
        return f"{start}: {_exclusion(refusal.between, refusal.judgement, refusal.contrary, same=same)}"
    if refusal.cause == "bridge":
        return f"{start}: this one pair of ordinary strength would join two groups"
    return f"{start}: taken together the pairs between the two groups support it too little"


def _exclusion(between: Pair, judgement: Judgement | None, contrary: float | None, *, same: bool = False) -> str:
    """Why two accounts exclude each other."""
    subject = "" if same else f"{_both(between)} exclude each other, "
    if judgement is not None:
        return f"{subject}by {_cited(judgement)}"
    return f"{subject}the findings speak against them (log10 LR {contrary or 0.0:+.1f})"


def torn_sentence(
    account: str,
    sides: Sequence[tuple[str, float]],
    between: Pair,
    apart: Mapping[Pair, Judgement],
    scores: Mapping[Pair, float],
) -> str:
    """Which groups an account fits that exclude each other, without choosing one or averaging them."""
    listed = ", ".join(f"{other} (log10 LR {score:+.1f})" for other, score in sides[:_MOST])
    more = f" and {len(sides) - _MOST} more" if len(sides) > _MOST else ""
    fits = f"fits with {listed}{more}" if sides else f"is tied by judgements to {_both(between)}"
    why = _exclusion(between, apart.get(between), scores.get(between))
    other = "mistaken judgement" if between in apart else "misleading finding"
    return (
        f"{account} {fits}, but {why}: left apart from both. An account used by two operators in turn would look like "
        f"this; so would a {other} against the two"
    )
