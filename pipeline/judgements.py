"""Human judgements about pairs of accounts, as `judgements.jsonl` in the case folder holds them.

One line per act, in the order in which they were done; a judgement is revoked by a further line and never removed.
The acts are entered in the custody ledger first, so the file can be told, and completed, from the ledger; what a run
does depends on the file alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from pipeline.errors import CaseError, IntegrityError
from pipeline.ledger import canonical
from pipeline.store import write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["EVENT", "JUDGEMENTS_FILE", "Judgement", "complete", "expected_lines", "load_judgements"]

JUDGEMENTS_FILE = "judgements.jsonl"
EVENT = "judged"
"""Ledger event of a judgement, and of its revocation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What somebody decided about two accounts, from outside the evidence weighed here.

    Attributes:
        account_a, account_b: Account keys, in order.
        judgement: positive (one operator), negative (different operators) or unsure.
        at, revoked_at: When, UTC, from the ledger's clock (ISO 8601 with Z).
        by: Who judged.
    """

    id: str
    account_a: str
    account_b: str
    judgement: Literal["positive", "negative", "unsure"]
    reason: str
    by: str
    at: str
    revoked_by: str | None = None
    revoked_at: str | None = None
    revoked_reason: str | None = None

    @property
    def stands(self) -> bool:
        """False when it was revoked."""
        return self.revoked_at is None


def load_judgements(root: Path) -> tuple[Judgement, ...]:
    """Every judgement of the case in the order in which they were made, revoked ones marked.

    Raises:
        CaseError: a line cannot be read, or revokes what is not there.
    """
    path = root / JUDGEMENTS_FILE
    found: dict[str, Judgement] = {}
    for number, line in enumerate(path.read_bytes().splitlines() if path.is_file() else [], 1):
        try:
            _take(json.loads(line), found)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CaseError(
                f"{JUDGEMENTS_FILE} line {number} is no judgement",
                next_step="the file is written by `vestigo judge` alone; `vestigo verify` says what was changed",
                path=str(path),
            ) from error
    return tuple(found.values())


def _take(row: dict[str, Any], found: dict[str, Judgement]) -> None:
    act = row.pop("act")
    if act == "revoke":
        found[row["revokes"]] = replace(
            found[row["revokes"]], revoked_by=row["by"], revoked_at=row["at"], revoked_reason=row["reason"]
        )
        return
    if act != "judge" or row["judgement"] not in {"positive", "negative", "unsure"} or row["id"] in found:
        raise ValueError(act)
    found[row["id"]] = Judgement(**row)


def expected_lines(entries: Iterable[dict[str, Any]]) -> list[bytes]:
    """The lines of the file as the ledger tells them."""
    acts = (e for e in entries if e["event"] == EVENT)
    return [canonical({**e["object"], "id": e["item"], "at": e["ts_utc"]}) for e in acts]


def complete(root: Path, entries: Iterable[dict[str, Any]]) -> bool:
    """Write lines that the ledger holds and the file lacks at its end; True when there were some.

    Raises:
        IntegrityError: the file holds a line that the ledger does not, or another one in its place.
    """
    path, wanted = root / JUDGEMENTS_FILE, expected_lines(entries)
    held = path.read_bytes().splitlines() if path.is_file() else []
    for number, line in enumerate(held):
        if number >= len(wanted) or line != wanted[number]:
            raise IntegrityError(
                f"{JUDGEMENTS_FILE} line {number + 1} is not what the ledger holds",
                next_step=f"move {JUDGEMENTS_FILE} away and run again: it is written anew from the ledger",
                path=str(path),
            )
    if len(held) == len(wanted):
        return False
    write_atomic(path, b"".join(line + b"\n" for line in wanted))
    return True
