"""Evidence items: what two accounts have in common, or do not, each with its weight against four alternatives.

One identifier is one item however often it is seen. Rarity is counted in the case, leaving out the pair itself and
the accounts provisionally grouped with it. All weights come from `weights.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

__all__ = ["Item", "Llr", "Pair"]


class Llr(NamedTuple):
    """log10 likelihood ratios for "same operator" against each alternative."""

    unrelated: float = 0.0
    premises: float = 0.0
    device: float = 0.0
    imitator: float = 0.0

    def scaled(self, factor: float) -> Llr:
        """Every value times `factor`."""
        return Llr(*(value * factor for value in self))


class Pair(NamedTuple):
    """Two account keys, in order."""

    a: str
    b: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of evidence for or against a pair.

    Attributes:
        finding: What was found, in plain words.
        independence_key: Items with the same key are one observation.
        raw: Before caps, rank factors and other discounts.
        used: What enters the sum.
        exhibits: Ids of the exhibits it rests on.
    """

    family: str
    kind: str
    finding: str
    independence_key: str
    raw: Llr
    used: Llr
    cap_source: str
    cap: str = ""
    identifier_type: str | None = None
    identifier: str | None = None
    n_raw_events: int = 0
    n_independent: int = 1
    first_seen: int | None = None
    last_seen: int | None = None
    min_gap_s: float | None = None
    network_class: str | None = None
    background_scope: str = "accounts of this case"
    n_other_accounts: int | None = None
    n_active_accounts: int | None = None
    q: float | None = None
    discounts: tuple[str, ...] = ()
    event_ids: tuple[str, ...] = ()
    exhibits: frozenset[str] = field(default_factory=frozenset)

    def row(self, link_id: str) -> dict[str, Any]:
        """The item as a row of `evidence_items`; names number the items of a link in a stable order."""
        plain = {
            n: getattr(self, n)
            for n in (
                "family",
                "kind",
                "finding",
                "independence_key",
                "cap",
                "cap_source",
                "identifier_type",
                "identifier",
                "n_raw_events",
                "n_independent",
                "first_seen",
                "last_seen",
                "min_gap_s",
                "network_class",
                "background_scope",
                "n_other_accounts",
                "n_active_accounts",
                "q",
            )
        }
        for name, value in self.raw._asdict().items():
            plain[f"raw_{name}"] = round(value, 4)
        for name, value in self.used._asdict().items():
            plain[f"used_{name}"] = round(value, 4)
        return plain | {
            "link_id": link_id,
            "discounts": list(self.discounts),
            "event_ids": list(self.event_ids),
            "source_grade": "C3" if len(self.exhibits) > 1 else "C2",
        }
