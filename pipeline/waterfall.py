"""From everything added up to the number that is reported, step by step, for one pair of accounts.

Read by the terminal and by the report: both tell the same steps from rows of `links` and `evidence_items`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.case import Alternatives

__all__ = ["REPEATS", "Step", "waterfall"]

REPEATS = ("network no.", "a further identifier")
"""How a discount begins that says: one more of a kind that already counts."""
_ALTERNATIVES = ("unrelated", "premises", "device", "imitator")


class Step(NamedTuple):
    """One step: what happens, by how much it moves the sum, and the sum after it (log10 LR)."""

    words: str
    change: float
    total: float


def waterfall(link: Mapping[str, Any], items: Sequence[Mapping[str, Any]], shares: Alternatives) -> list[Step]:
    """Steps from the naive sum to the reported number.

    Args:
        link: A row of `links`, at least its `llr_` columns.
        items: Its rows of `evidence_items`.
        shares: The declared shares of the alternatives.
    """
    speaking = [item for item in items if item["used_unrelated"] >= 0 and item["raw_unrelated"] >= 0]
    against = [item for item in items if item not in speaking]
    records = sum(item["n_raw_events"] or 0 for item in speaking)
    count = f"{len(speaking)} finding{'' if len(speaking) == 1 else 's'}"
    counted = f"{records:,} records are {count}" if records else count
    moves = [
        (f"{counted}, added up at full value", sum(i["raw_unrelated"] for i in speaking)),
        ("more of one kind counts in part", _lost(speaking, repeats=True)),
        ("caps; discounts for crowding, time, source", _lost(speaking, repeats=False)),
        ("findings for different operators", sum(i["used_unrelated"] for i in against)),
    ]
    mixed = _mixture(link, shares)
    steps = _steps(moves)
    for words, total in (
        ("all four alternatives weighed as declared: the best fit decides", mixed),
        ("ceiling: what validation, or a single exhibit, supports", link["llr_mixture"]),
    ):
        steps.append(Step(words, total - steps[-1].total, total))
    return [Step(s.words, round(s.change, 4), round(s.total, 4)) for s in steps]


def _steps(moves: Sequence[tuple[str, float]]) -> list[Step]:
    out: list[Step] = []
    for words, change in moves:
        out.append(Step(words, change, change + (out[-1].total if out else 0.0)))
    return out


def _lost(items: Sequence[Mapping[str, Any]], *, repeats: bool) -> float:
    """What the discounts of one sort take from the sum."""
    return sum(
        float(item["used_unrelated"]) - float(item["raw_unrelated"])
        for item in items
        if any(text.startswith(REPEATS) for text in item["discounts"] or ()) == repeats
    )


def _mixture(link: Mapping[str, Any], shares: Alternatives) -> float:
    """The declared mixture before any ceiling (log10 LR)."""
    values = {name: float(link[f"llr_{name}"]) for name in _ALTERNATIVES}
    low = min(values.values())
    return low - math.log10(sum(getattr(shares, name) * 10.0 ** (low - value) for name, value in values.items()))
