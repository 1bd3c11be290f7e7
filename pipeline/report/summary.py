"""The summary that a run prints in the terminal: the answer, what speaks against it, what to do next."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from pipeline.report import headline
from pipeline.report.attribution import load_attribution
from pipeline.report.custody import load_custody
from pipeline.report.judged import torn_accounts
from pipeline.report.visible import visible

if TYPE_CHECKING:
    from pipeline.case import Case
    from pipeline.store import Store

__all__ = ["summary_lines"]

LINES = 25
WIDTH = 220
_GROUPS = 3
_NEAR = 4


def summary_lines(case: Case, store: Store) -> list[str]:
    """At most 25 lines, safe for a terminal: hidden characters are written out."""
    custody, attribution = load_custody(case, store), load_attribution(store, case.weights.threshold)
    head = headline.payload(case, custody, attribution, _events(store))
    lines = [*_figures(case, head, store), *_groups(head), *_torn(store), *_near(head)]
    lines += [f"! {text}" for text in head["warnings"]]
    tail = [f"Note: {head['limits'][0]}", "Next: open the report; a click on any statement shows the bytes behind it."]
    return [_one_line(text) for text in (*lines[: LINES - len(tail)], *tail)]


def _events(store: Store) -> int:
    with closing(store.connect()) as con:
        row = con.execute("SELECT count(*) FROM events").fetchone()
    return int(row[0]) if row else 0


def _figures(case: Case, head: dict[str, Any], store: Store) -> list[str]:
    figures = head["figures"]
    accounts = store.read("accounts", ["account_key"]).num_rows
    counted = f"{figures['exhibits']} exhibits, {figures['members']} members, {figures['events']:,} events"
    return [f"{case.info.id}  {case.info.title}".strip(), f"{counted}, {accounts} accounts.", head["accounting"]]


def _groups(head: dict[str, Any]) -> list[str]:
    if not head["groups"]:
        return [head["nothing"]]
    out = []
    for group in head["groups"][:_GROUPS]:
        out.append(group["sentence"])
        out += [f"  {text}" for text in (group["weakest"], group["range"]) if text]
    left = len(head["groups"]) - _GROUPS
    return [*out, f"  and {left} more groups in the report"] if left > 0 else out


def _torn(store: Store) -> list[str]:
    """Accounts that fit groups which exclude each other."""
    names = [row["account"] for row in torn_accounts(store)]
    if not names:
        return []
    more = f" and {len(names) - _NEAR} more" if len(names) > _NEAR else ""
    return [f"Left apart, because what is known fits more than one side: {', '.join(names[:_NEAR])}{more}."]


def _near(head: dict[str, Any]) -> list[str]:
    if not head["near"]:
        return []
    rows = [f"  {' | '.join(row['pair'])}: {row['short']}" for row in head["near"]]
    return ["Considered and not merged:", *rows[:_NEAR]]


def _one_line(text: str) -> str:
    shown = visible(text.replace("\n", " ").replace("\t", " "))
    return shown if len(shown) <= WIDTH else shown[: WIDTH - 1] + "…"
