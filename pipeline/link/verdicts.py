"""What human judgements say about one pair: its decision, its reasons, and what became of each judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.link.judged import pair_of
from pipeline.link.reasons import contrary_sentence, supported_sentence

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipeline.judgements import Judgement
    from pipeline.link.items import Pair
    from pipeline.link.judged import Rules

__all__ = ["judged_decision", "judged_reasons", "judgement_row"]


def judged_decision(rules: Rules, pair: Pair) -> str | None:
    """The decision that a judgement makes, if one does; a pair kept apart stays so when others contradict it."""
    if pair in rules.apart:
        return "judged_different"
    return "judged_same" if pair in rules.joined else None


def judged_reasons(
    rules: Rules, pair: Pair, value: float, *, together: bool, threshold: float, veto: float
) -> list[str]:
    """Judgements about a pair, and evidence that says otherwise."""
    out = list(rules.on.get(pair, ()))
    if together and value <= veto:
        out.append(contrary_sentence(pair, value))
    if pair in rules.apart and value >= threshold:
        out.append(supported_sentence(pair, value))
    return out


def judgement_row(
    judgement: Judgement, rules: Rules, known: Collection[str], link_id: str, value: float | None, veto: float
) -> dict[str, Any]:
    """The row of a judgement in the table `judgements`."""
    return {
        "judgement_id": judgement.id,
        "link_id": link_id,
        "account_a": judgement.account_a,
        "account_b": judgement.account_b,
        "judgement": judgement.judgement,
        "judged_by": judgement.by,
        "judged_at": judgement.at,
        "reason": judgement.reason,
        "revoked_by": judgement.revoked_by,
        "revoked_at": judgement.revoked_at,
        "revoked_reason": judgement.revoked_reason,
        "effect": _effect(judgement, rules, known, value, veto),
    }


def _effect(judgement: Judgement, rules: Rules, known: Collection[str], value: float | None, veto: float) -> str:
    pair = pair_of(judgement)
    strangers = [account for account in pair if account not in known]
    if not judgement.stands:
        return "revoked: not applied"
    if strangers:
        return f"not applied: this case holds no account {' and none '.join(strangers)}"
    if judgement.judgement == "unsure":
        return "shown; it changes nothing"
    if judgement.judgement == "negative":
        return "applied: kept apart" + _number(value)
    if pair in rules.refused:
        return f"not applied: {rules.refused[pair]}"
    against = ", although the findings speak against it" if value is not None and value <= veto else ""
    return f"applied: joined{against}{_number(value)}"


def _number(value: float | None) -> str:
    return "" if value is None else f"; the number of the pair is as without it (log10 LR {value:+.1f})"
