"""`vestigo judge`: enter what somebody decided about a pair of accounts, revoke it, list it."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipeline.case import find_case, load_case
from pipeline.errors import UsageError
from pipeline.judgements import EVENT, JUDGEMENTS_FILE, Judgement, complete, load_judgements
from pipeline.ledger import Ledger, read_entries
from pipeline.store import Store
from pipeline.why import named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

__all__ = ["judge", "judge_lines", "judgement_lines"]

_MEANING = {
    "positive": "one operator",
    "negative": "different operators",
    "unsure": "unsure: shown, changes nothing",
}
_LONGEST = 2_000
_NEXT = "next: vestigo run (links are weighed anew; nothing is read again)"


def judge_lines(
    root: Path,
    accounts: tuple[str, ...],
    *,
    judgement: str | None,
    revoke: str | None,
    listed: bool,
    reason: str,
    by: str | None,
    operator: str | None,
) -> list[str]:
    """What the command asks for: list, revoke or judge.

    Raises:
        UsageError: none of the three, or two at once.
    """
    if bool(judgement) + bool(revoke) + listed != 1:
        raise UsageError(
            "say one of --positive, --negative, --unsure, --revoke ID, --list",
            next_step="vestigo judge A B --positive --reason 'what it rests on'",
        )
    if judgement and len(accounts) != 2:
        raise UsageError("a judgement is about two accounts", next_step="vestigo judge A B --positive --reason '...'")
    if listed:
        return judgement_lines(root)
    if revoke:
        return _revoke(root, revoke, reason, by=by, operator=operator)
    return judge(root, (accounts[0], accounts[1]), judgement or "", reason, by=by, operator=operator)


def judge(
    root: Path,
    pair: tuple[str, str],
    judgement: str,
    reason: str,
    *,
    by: str | None = None,
    operator: str | None = None,
    clock: Callable[[], datetime] | None = None,
) -> list[str]:
    """Enter a judgement in ledger and file; returns lines for the operator.

    Raises:
        UsageError: an account that the case does not know, one account twice, or no reason.
    """
    root, ledger = _open(root, operator, clock)
    meant, lines = _resolved(root, pair)
    one, two = sorted(meant)
    if one == two:
        raise UsageError("a judgement is about two accounts", next_step="name two different ones")
    facts = {"act": "judge", "account_a": one, "account_b": two, "judgement": judgement, "reason": _text(reason)}
    held = load_judgements(root)
    name = _enter(root, ledger, facts, by)
    lines += [f"{name}: {_visible(one)} and {_visible(two)}: {_MEANING[judgement]}"]
    lines += _against(held, (one, two), judgement)
    return [*lines, _NEXT]


def _revoke(
    root: Path,
    name: str,
    reason: str,
    *,
    by: str | None = None,
    operator: str | None = None,
    clock: Callable[[], datetime] | None = None,
) -> list[str]:
    """Revoke a judgement: it stays in the file, marked, and is applied no more.

    Raises:
        UsageError: there is no such judgement, it is revoked already, or no reason is given.
    """
    root, ledger = _open(root, operator, clock)
    held = {j.id: j for j in load_judgements(root)}
    if name not in held:
        raise UsageError(f"there is no judgement {name!r}", next_step=f"use one of: {', '.join(held) or 'none yet'}")
    if not held[name].stands:
        raise UsageError(f"{name} was revoked by {held[name].revoked_by} already", next_step="see vestigo judge --list")
    _enter(root, ledger, {"act": "revoke", "revokes": name, "reason": _text(reason)}, by)
    return [f"{name} revoked; it stays in {JUDGEMENTS_FILE}", _NEXT]


def judgement_lines(root: Path) -> list[str]:
    """Every judgement of the case, revoked ones too, with what became of it in the last run."""
    root = find_case(root)
    effects = {r["judgement_id"]: r["effect"] for r in Store(root).read("judgements").to_pylist()}
    lines: list[str] = []
    for j in load_judgements(root):
        lines += [
            f"{j.id}  {j.judgement}  {_visible(j.account_a)} and {_visible(j.account_b)}",
            f"    {j.at}  by {_visible(j.by)}: {_visible(j.reason)}",
        ]
        if not j.stands:
            why = f"{_visible(j.revoked_by or '')}: {_visible(j.revoked_reason or '')}"
            lines.append(f"    revoked {j.revoked_at}  by {why}")
        else:
            lines.append(f"    {effects.get(j.id) or 'not applied yet: vestigo run'}")
    return lines or ["no judgements in this case"]


def _open(root: Path, operator: str | None, clock: Callable[[], datetime] | None) -> tuple[Path, Ledger]:
    root = find_case(root)
    load_case(root)
    ledger = Ledger(root, operator=operator, clock=clock) if clock else Ledger(root, operator=operator)
    ledger.recover()
    complete(root, read_entries(root))
    return root, ledger


def _enter(root: Path, ledger: Ledger, facts: dict[str, Any], by: str | None) -> str:
    """Ledger first: its time is the act's time, and a crash in between is completed from it."""
    by = _text(by or ledger.actor)
    with _alone(root):
        name = f"J-{1 + sum(e['event'] == EVENT for e in read_entries(root)):03d}"
        ledger.append(EVENT, item=name, object={**facts, "by": by})
        complete(root, read_entries(root))
    return name


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the case's judgements, so that two acts never get one id."""
    (root / "work").mkdir(exist_ok=True)
    with (root / "work" / "judge.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _resolved(root: Path, pair: tuple[str, str]) -> tuple[tuple[str, str], list[str]]:
    """The accounts meant, and a remark when the case has no tables yet that could tell."""
    if not Store(root).parts("accounts"):
        return pair, ["accounts are known after a run only: `vestigo judge --list` then says whether both exist"]
    keys = Store(root).read("accounts", ["account_key"])["account_key"].to_pylist()
    return (named(keys, pair[0]), named(keys, pair[1])), []


def _against(held: tuple[Judgement, ...], pair: tuple[str, str], judgement: str) -> list[str]:
    """Standing judgements of the same pair that say something else."""
    return [
        f"! {j.id} of {_visible(j.by)} says {_MEANING[j.judgement]} of the same pair, and stands until it is revoked"
        for j in held
        if j.stands and (j.account_a, j.account_b) == pair and j.judgement != judgement
    ]


def _text(text: str) -> str:
    """One line of text, as it was meant."""
    plain = " ".join(text.encode("utf-8", "backslashreplace").decode().split())
    if not plain:
        raise UsageError("a judgement needs a reason and a name", next_step="give --reason 'what it rests on'")
    if len(plain) > _LONGEST:
        raise UsageError(f"the reason is longer than {_LONGEST} characters", next_step="say it shorter, name the file")
    return plain


def _visible(text: str) -> str:
    """Text that cannot steer a terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
