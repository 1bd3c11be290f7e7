"""What the report says of human judgements, and of accounts that are left apart because they fit two groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report import wording

if TYPE_CHECKING:
    from pipeline.store import Store

    Row = dict[str, Any]

__all__ = ["judged_payload", "torn_accounts"]

_LIMIT = 400
_MEANING = {"positive": "one operator", "negative": "different operators", "unsure": "unsure"}


def judged_payload(store: Store) -> Row:
    """Judgements, revoked ones too, and the accounts left apart between groups."""
    rows = store.read("judgements").to_pylist()
    links = set(store.read("links", ["link_id"])["link_id"].to_pylist())
    return {
        "rows": [
            {
                "id": row["judgement_id"],
                "pair": [row["account_a"], row["account_b"]],
                "link": row["link_id"] if row["link_id"] in links else None,
                "judgement": _MEANING.get(row["judgement"], row["judgement"]),
                "by": row["judged_by"],
                "at": row["judged_at"],
                "reason": row["reason"],
                "revoked": wording.revoked_sentence(row["revoked_by"], row["revoked_at"], row["revoked_reason"]),
                "effect": wording.sentence(row["effect"]),
            }
            for row in rows
        ],
        "torn": torn_accounts(store)[:_LIMIT],
    }


def torn_accounts(store: Store) -> list[Row]:
    """Accounts that stand alone because they fit groups that exclude each other, with the reasons."""
    rows = store.read("clusters").to_pylist()
    return [
        {"account": row["account_key"], "reasons": [wording.full_stop(reason) for reason in row["reasons"] or ()]}
        for row in sorted(rows, key=lambda row: str(row["account_key"]))
        if row["status"] == "ambiguous" and row["size"] == 1
    ]
