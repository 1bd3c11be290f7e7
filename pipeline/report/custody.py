"""Exhibits, members, byte accounting, rejects and findings, as the report and the terminal show them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.report import wording

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.case import Case
    from pipeline.store import Store

    Row = dict[str, Any]

__all__ = ["Custody", "load_custody", "warnings_of"]

MEMBER_LIMIT = 2_000
REJECT_LIMIT = 2_000
FINDING_LIMIT = 2_000
GAP_LIMIT = 4_000
_SUMS = ("bytes_in", "bytes_parsed", "bytes_rejected", "bytes_skipped", "events", "rejects")
_UNREAD = ("ambiguous", "unclaimed", "unreadable")


@dataclass(frozen=True, slots=True)
class Custody:
    """The evidence as received and how much of it was read.

    Attributes:
        exhibits: Exhibit rows, each with its byte sums.
        totals: The byte sums of the case.
        gaps: What is missing, unread or not understood.
        counts: How many rows of each list there are in all.
    """

    exhibits: list[Row]
    members: list[Row]
    rejects: list[Row]
    findings: list[Row]
    gaps: list[Row]
    totals: dict[str, int]
    counts: dict[str, int]


def load_custody(case: Case, store: Store) -> Custody:
    """Read the tables of intake and parsing."""
    sums, by_member = _accounting(store)
    exhibits = store.read("exhibits").to_pylist() or [_declared(exhibit) for exhibit in case.exhibits]
    for row in exhibits:
        row["sums"] = sums.get(row["exhibit_id"], dict.fromkeys(_SUMS, 0))
    members = store.read("members").to_pylist()
    for row in members:
        row["verdict_words"] = wording.VERDICTS.get(row["verdict"] or "", row["verdict"] or "")
        row["candidates"] = _candidates(row["candidates"])
        row["sums"] = by_member.get((row["exhibit_id"], row["member_path"]))
    rejects, findings, gaps = store.read("rejects"), store.read("findings"), store.read("completeness")
    totals = {name: sum(row[name] for row in sums.values()) for name in _SUMS}
    counts = {"members": len(members), "rejects": rejects.num_rows, "findings": findings.num_rows}
    counts["gaps"] = gaps.num_rows
    members.sort(key=lambda row: (row["verdict"] not in _UNREAD, row["exhibit_id"] or "", row["member_path"] or ""))
    return Custody(
        exhibits, members[:MEMBER_LIMIT], rejects.slice(0, REJECT_LIMIT).to_pylist(),
        findings.slice(0, FINDING_LIMIT).to_pylist(), _gaps(gaps), totals, counts,
    )  # fmt: skip


def _gaps(table: pa.Table) -> list[Row]:
    """Rows on completeness in the order a reader needs: by kind, then by exhibit; at most `GAP_LIMIT`."""
    rows: list[Row] = table.to_pylist()
    rows.sort(key=lambda row: (str(row["row_id"]).split(":")[-2:-1], row["exhibit_id"] or "", row["member_path"] or ""))
    return rows[:GAP_LIMIT]


def _declared(exhibit: Any) -> Row:  # noqa: ANN401 - any object with the attributes of case.Exhibit
    """An exhibit of case.toml that no stage has tabled yet."""
    return {
        "exhibit_id": exhibit.id, "sha256": exhibit.sha256, "name": exhibit.name, "size": exhibit.size,
        "authority": exhibit.authority, "authority_pending": exhibit.authority_pending, "source": exhibit.source,
        "timezone": exhibit.timezone, "acquired_at": exhibit.acquired_at, "note": exhibit.note,
    }  # fmt: skip


def _accounting(store: Store) -> tuple[dict[str, dict[str, int]], dict[tuple[str, str], dict[str, Any]]]:
    """Byte sums per exhibit and per member."""
    by_exhibit: dict[str, dict[str, int]] = {}
    by_member: dict[tuple[str, str], dict[str, Any]] = {}
    for row in store.read("accounting").to_pylist():
        exhibit = by_exhibit.setdefault(row["exhibit_id"], dict.fromkeys(_SUMS, 0))
        start: dict[str, Any] = {**dict.fromkeys(_SUMS, 0), "skips": {}}
        member = by_member.setdefault((row["exhibit_id"], row["member_path"]), start)
        for name in _SUMS:
            exhibit[name] += row[name] or 0
            member[name] += row[name] or 0
        for rule, count in json.loads(row["skips"] or "{}").items():
            member["skips"][rule] = member["skips"].get(rule, 0) + count
    return by_exhibit, by_member


def _candidates(raw: str | None) -> list[Any]:
    found = json.loads(raw) if raw else []
    return list(found) if isinstance(found, list) else []


def warnings_of(case: Case, custody: Custody) -> list[str]:
    """What a reader must know before relying on anything: pending authority, unread exhibits, many rejects."""
    out = []
    pending = [row["exhibit_id"] for row in custody.exhibits if row["authority_pending"]]
    if pending:
        out.append(f"No legal authority is recorded for {_named(pending)}: authority pending.")
    for verdict in _UNREAD:
        rows = [row for row in custody.members if row["verdict"] == verdict]
        if rows:
            where = _named([_place(row) for row in rows])
            out.append(f"Not read ({verdict}, {wording.VERDICTS[verdict].split(':')[0]}): {where}.")
    if custody.totals["bytes_rejected"] > case.limits.reject_share * custody.totals["bytes_in"] > 0:
        part = wording.share(custody.totals["bytes_rejected"], custody.totals["bytes_in"])
        out.append(f"{part} of all bytes could not be read as records; section 7 lists each span and its reason.")
    return out


def _place(row: Row) -> str:
    return f"{row['exhibit_id']} > {row['member_path']}" if row["member_path"] else str(row["exhibit_id"])


def _named(names: list[str], limit: int = 6) -> str:
    """A short list in words."""
    shown = ", ".join(names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown


def payload(custody: Custody) -> dict[str, Any]:
    """What the page receives."""
    return {
        "exhibits": custody.exhibits, "members": custody.members, "rejects": custody.rejects,
        "findings": custody.findings, "gaps": custody.gaps, "totals": custody.totals, "counts": custody.counts,
    }  # fmt: skip
