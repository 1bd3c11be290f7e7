"""The custody ledger: one signed, chained line per act, written so that a crash at any point can be completed.

An entry is written in four steps, each synced before the next: the signed line and the head that will stand after it
go to custody.pending.json; the line is appended to custody.jsonl; custody.head.json is replaced; the pending file is
removed. Whoever opens the ledger next completes what a crash interrupted, from the pending file alone.

What the chain cannot show: a whole case folder put back to an earlier state, and a history rewritten by someone who
holds the private key. A fingerprint and a head digest noted outside the folder (reports print them) show both.
"""

from __future__ import annotations

import fcntl
import getpass
import os
import platform
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from pipeline._chain import (
    LEDGER_FILE,
    Head,
    Pending,
    Problem,
    canonical,
    genesis,
    object_of,
    raw_key,
    read_head,
    read_pending,
    sha256,
    signed,
)
from pipeline._chain_check import check, read_entries
from pipeline._chain_write import broken, recover, steps, trusted_head
from pipeline.errors import UsageError
from pipeline.keys import create_key, load_key, read_public, write_public

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

__all__ = ["EVENTS", "Fields", "Ledger", "Problem", "canonical", "check", "read_entries"]

EVENTS = frozenset(
    {
        "opened", "received", "verified", "derived", "reported", "exported", "transferred", "failed", "config",
        "disposed", "judged",
    }
)


class Fields(TypedDict, total=False):
    """What an entry may say beside who, when and with what.

    Attributes:
        item: Exhibit id, or the stage or table the entry speaks of.
        object: The thing itself: sha256, size, name ...
        authority: Warrant, consent, order or other legal basis.
        purpose: Why it was done.
        inputs: What was read.
        outputs: Files as they are now: objects with `path` (relative to the case folder) and `sha256`.
        note: Free text.
    """

    item: str
    object: dict[str, Any]
    authority: str
    purpose: str
    inputs: Sequence[str | dict[str, Any]]
    outputs: Sequence[dict[str, Any]]
    note: str


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """The ledger of one case folder, open for appending.

    Args:
        root: Case folder.
        clock: Gives an aware datetime; the ledger alone records when things were done.
        operator: Who acts; otherwise VESTIGO_OPERATOR, otherwise the login name.
    """

    def __init__(self, root: Path, *, clock: Callable[[], datetime] = _now, operator: str | None = None) -> None:
        """Name the folder and who acts; nothing is read or written yet."""
        self.root = root
        self._clock = clock
        self._actor = {"name": operator or os.environ.get("VESTIGO_OPERATOR") or _login(), "host": platform.node()}

    @property
    def actor(self) -> str:
        """Who acts."""
        return str(self._actor["name"])

    def create(self, case_id: str, **fields: Unpack[Fields]) -> dict[str, Any]:
        """Make the key pair and the first entry of a new case; completes a creation that was interrupted.

        The public key is written last: a folder that holds one holds a ledger that can be appended to.

        Raises:
            UsageError: the folder already holds a ledger.
            StorageError: a file cannot be written.
        """
        with _locked(self.root, fcntl.LOCK_EX):
            head, pending = read_head(self.root), read_pending(self.root)
            begun = head or (pending.head if pending else None)
            if begun and (begun.seq > 1 or read_public(self.root)) and pending is None:
                raise UsageError(f"{self.root} already holds a custody ledger", next_step="use another folder")
            public = raw_key(begun) or read_public(self.root) or create_key(case_id)
            recovered = recover(self.root, public)
            entry = self._first_entry() if recovered or head else self._append(case_id, public, "opened", fields)
            write_public(self.root, public)
            return entry

    def append(self, event: str, **fields: Unpack[Fields]) -> dict[str, Any]:
        """Add one entry and return it.

        If this raises StorageError after the entry was signed, the next append completes that entry first.

        Raises:
            UsageError: the event is unknown, or there is no ledger.
            KeyUnavailable: the private key is not on this machine.
            LedgerBroken: the end of the ledger is not what the head signs.
            StorageError: a file cannot be written.
        """
        if event not in EVENTS:
            raise UsageError(f"{event!r} is no ledger event", next_step=f"use one of: {', '.join(sorted(EVENTS))}")
        with _locked(self.root, fcntl.LOCK_EX):
            public, head = read_public(self.root), read_head(self.root)
            if public is None or head is None:
                raise broken(self.root, "custody.pub or custody.head.json is missing or unreadable")
            return self._append(head.case_id, public, event, fields)

    def recover(self) -> bool:
        """Complete an entry that a crash interrupted; True when there was one. Needs no private key.

        Raises:
            LedgerBroken: the files are not a state that a crash can leave.
            StorageError: a file cannot be written.
        """
        with _locked(self.root, fcntl.LOCK_EX):
            public = read_public(self.root)
            return public is not None and recover(self.root, public)

    def _append(self, case_id: str, public: bytes, event: str, fields: Fields) -> dict[str, Any]:
        private = load_key(case_id, public)
        recover(self.root, public)
        head = trusted_head(self.root, public)
        entry = signed(private, self._entry(case_id, public, event, fields, head))
        line = canonical(entry)
        size = head.size if head else 0
        after = {
            "case_id": case_id, "seq": entry["seq"], "lines": entry["seq"], "head_sha256": sha256(line),
            "size": size + len(line) + 1, "last_at": size, "public_key": public.hex(),
        }
        for _ in steps(self.root, Pending(line=line.decode(), head=Head(**signed(private, after)))):
            pass
        return entry

    def _first_entry(self) -> dict[str, Any]:
        with (self.root / LEDGER_FILE).open("rb") as stream:
            return object_of(stream.readline().rstrip(b"\n")) or {}

    def _entry(
        self, case_id: str, public: bytes, event: str, fields: Fields, head: Head | None
    ) -> dict[str, Any]:
        now = self._clock().astimezone(UTC)
        defaults: dict[str, Any] = {
            "item": "", "object": {}, "authority": "", "purpose": "", "inputs": [], "outputs": [], "note": "",
        }
        unknown = sorted(set(fields) - set(defaults))
        if unknown:
            raise UsageError(f"a ledger entry has no field {unknown[0]!r}", next_step="use the fields of Fields")
        return defaults | dict(fields) | {
            "seq": head.seq + 1 if head else 1, "ts_utc": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "case_id": case_id,
            "event": event, "actor": self._actor, "tool": dict(_tool()),
            "prev": head.head_sha256 if head else genesis(case_id, public),
        }


@contextmanager
def _locked(root: Path, kind: int) -> Iterator[None]:
    """Hold the case folder's lock, so that two processes never write an entry at once."""
    try:
        handle = os.open(root, os.O_RDONLY)
    except OSError as error:
        raise UsageError(f"{root} is not a case folder", next_step="name an existing case folder") from error
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


@cache
def _tool() -> tuple[tuple[str, str], ...]:
    try:
        version = metadata.version("vestigo")
    except metadata.PackageNotFoundError:
        version = "not installed"
    return (("name", "vestigo"), ("version", version), ("python", platform.python_version()))
