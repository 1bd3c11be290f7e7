"""The answer first: what the page's summary, the page without scripts and the terminal all say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report import wording
from pipeline.report.custody import warnings_of

if TYPE_CHECKING:
    from pipeline.case import Case
    from pipeline.report.attribution import Attribution, Group, Link
    from pipeline.report.custody import Custody

__all__ = ["NOTHING", "accounting_line", "payload"]

NEAR_LIMIT = 5
TIES_LIMIT = 4
NOTHING = "The data in hand does not support any two accounts as used by one operator."


def accounting_line(totals: dict[str, int], unread: int = 0) -> str:
    """Where every byte went; `unread` are those of members that no format claimed."""
    whole = totals["bytes_in"] + unread
    read, left, passed = (totals[name] for name in ("bytes_parsed", "bytes_rejected", "bytes_skipped"))
    sum_words = "adds up" if read + left + passed + unread == whole else "DOES NOT ADD UP"
    return (
        f"{whole:,} bytes in = {read:,} read as records + {left:,} rejected ({wording.share(left, whole)}) "
        f"+ {passed:,} passed over by named rules + {unread:,} in files that no format reads: {sum_words}."
    )


def payload(case: Case, custody: Custody, attribution: Attribution, total_events: int) -> dict[str, Any]:
    """Sentences and figures of the summary."""
    return {
        "groups": [_group(group, attribution, case) for group in attribution.groups],
        "nothing": "" if attribution.groups else NOTHING,
        "near": [_near_row(link, more) for link, more in attribution.near_sides()[:NEAR_LIMIT]],
        "warnings": warnings_of(case, custody),
        "accounting": accounting_line(custody.totals, _unread(custody)),
        "limits": list(wording.LIMITS),
        "figures": {
            "exhibits": len(custody.exhibits),
            "members": custody.counts["members"],
            "events": total_events,
            "rejects": custody.counts["rejects"],
            "bytes": custody.totals["bytes_in"],
        },
    }


def _unread(custody: Custody) -> int:
    return sum(row["size"] or 0 for row in custody.members if row["verdict"] in {"unclaimed", "ambiguous"})


def _group(group: Group, attribution: Attribution, case: Case) -> dict[str, Any]:
    shares = tuple(getattr(case.weights, name) for name in wording.ALTERNATIVES)
    return {
        "id": group.cluster_id,
        "sentence": group.headline(),
        "meaning": "" if group.strength is None else wording.ratio_sentence(group.strength),
        "weakest": group.binding.weakest() if group.binding else "",
        "range": group.range(shares),
        "held": wording.group_sentence(group.binding.pair, attribution.weaker(group)) if group.binding else "",
        "binding": list(group.binding.pair) if group.binding else [],
        "ties": _ties(group, attribution),
    }


def _ties(group: Group, attribution: Attribution) -> list[dict[str, str]]:
    """The strongest distinct findings between accounts of the group, one per independence key."""
    inside = [link for link in attribution.links if set(link.pair) <= set(group.accounts)]
    items = [(item, link) for link in inside for item in link.items if (item["used_unrelated"] or 0) > 0]
    items.sort(key=lambda pair: (-pair[0]["used_unrelated"], pair[0]["item_id"]))
    seen: dict[str, dict[str, str]] = {}
    for item, link in items:
        key = item["independence_key"] or item["item_id"]
        row = {"item": item["item_id"], "link": link.row["link_id"], "finding": _finding(item)}
        seen.setdefault(key, {**row, "pair": " and ".join(link.pair)})
    return list(seen.values())[:TIES_LIMIT]


def _finding(item: dict[str, Any]) -> str:
    return wording.sentence(item["finding"] or item["kind"] or "")


def _bracketed(link: Link) -> str:
    """The number of a pair; in brackets when it rests on too little to be stated as support."""
    shown = wording.number(link.strength)
    return f"({shown})" if link.row["decision"] == "insufficient" else shown


def _near_row(link: Link, more: int) -> dict[str, Any]:
    return {
        "link": link.row["link_id"],
        "pair": list(link.pair),
        "decision": wording.decision(link.row["decision"]),
        "why": link.why(1),
        "number": _bracketed(link),
        "more": more,
        "short": wording.short_reason(link.row),
    }
