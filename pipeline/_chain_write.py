"""Writing one entry of the custody chain in steps, and completing what a crash interrupted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from pipeline._chain import (
    HEAD_FILE,
    LEDGER_FILE,
    PENDING_FILE,
    Head,
    Pending,
    authentic,
    canonical,
    object_of,
    read_head,
    read_pending,
    sha256,
)
from pipeline.errors import LedgerBroken, StorageError
from pipeline.keys import PUBLIC_FILE
from pipeline.store import write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["broken", "genuine", "recover", "steps", "trusted_head", "unfinished"]


def steps(root: Path, pending: Pending) -> Iterator[str]:
    """Write one entry, stopping after each step that a crash could be the last of.

    Raises:
        StorageError: a file cannot be written.
    """
    write_atomic(root / PENDING_FILE, canonical(msgspec.to_builtins(pending)))
    _sync_folder(root)
    yield "pending"
    _append_line(root, pending)
    yield "line"
    write_atomic(root / HEAD_FILE, canonical(msgspec.to_builtins(pending.head)))
    _sync_folder(root)
    yield "head"
    (root / PENDING_FILE).unlink(missing_ok=True)
    _sync_folder(root)
    yield "done"


def _append_line(root: Path, pending: Pending) -> None:
    """Make custody.jsonl end with the pending line: whatever part of it is there is truncated first."""
    path = root / LEDGER_FILE
    try:
        with path.open("r+b" if path.exists() else "w+b") as stream:
            stream.truncate(pending.head.last_at)
            stream.seek(pending.head.last_at)
            stream.write(pending.line.encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise StorageError(
            f"cannot write {LEDGER_FILE}: {error.strerror}",
            next_step="free space, then run the same command again; the interrupted entry is completed first",
            path=str(path),
        ) from error


def recover(root: Path, public: bytes) -> bool:
    """Complete the entry a crash interrupted; True when there was one. The caller holds the lock.

    Raises:
        LedgerBroken: the files are not a state that a crash can leave.
        StorageError: a file cannot be written.
    """
    _remove_leftovers(root)
    if not (root / PENDING_FILE).exists():
        return False
    pending = read_pending(root)
    if pending is None or not genuine(public, pending):
        raise broken(root, f"{PENDING_FILE} is not signed by this case's key")
    head = read_head(root)
    if (head.seq if head else 0) not in {pending.head.seq, pending.head.seq - 1}:
        raise broken(root, f"{PENDING_FILE} does not follow the signed head")
    if not unfinished(root, pending):
        raise broken(root, f"{LEDGER_FILE} holds other bytes than the entry that was being written")
    for _ in steps(root, pending):
        pass
    return True


def genuine(public: bytes, pending: Pending) -> bool:
    """True when the pending entry and the head that goes with it are signed by `public`."""
    line = pending.line.encode()
    entry = object_of(line)
    return (
        entry is not None
        and authentic(public, entry)
        and authentic(public, msgspec.to_builtins(pending.head))
        and sha256(line) == pending.head.head_sha256
    )


def unfinished(root: Path, pending: Pending) -> bool:
    """True when what follows the state before the entry is a beginning of its line, nothing or all of it."""
    path = root / LEDGER_FILE
    if not path.exists():
        return pending.head.last_at == 0
    with path.open("rb") as stream:
        stream.seek(0, os.SEEK_END)
        if stream.tell() < pending.head.last_at:
            return False
        stream.seek(pending.head.last_at)
        return (pending.line.encode() + b"\n").startswith(stream.read())


def trusted_head(root: Path, public: bytes) -> Head | None:
    """The head, after checking that it is signed and that the ledger ends with the line it names."""
    path, head = root / LEDGER_FILE, read_head(root)
    if head is None:
        if path.exists() or (root / HEAD_FILE).exists():
            raise broken(root, f"{HEAD_FILE} is missing or unreadable")
        return None
    if head.public_key != public.hex() or not authentic(public, msgspec.to_builtins(head)):
        raise broken(root, f"{HEAD_FILE} is not signed by the key in {PUBLIC_FILE}")
    if not path.exists() or path.stat().st_size != head.size:
        raise broken(root, f"{LEDGER_FILE} is longer or shorter than the signed head says")
    with path.open("rb") as stream:
        stream.seek(head.last_at)
        if sha256(stream.read().removesuffix(b"\n")) != head.head_sha256:
            raise broken(root, f"the last entry of {LEDGER_FILE} was changed")
    return head


def _remove_leftovers(root: Path) -> None:
    for name in (PENDING_FILE, HEAD_FILE):
        for left in root.glob(f".{name}.*.tmp"):
            left.unlink(missing_ok=True)


def _sync_folder(root: Path) -> None:
    handle = os.open(root, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def broken(root: Path, what: str) -> LedgerBroken:
    """The error for a ledger that must not be written to."""
    return LedgerBroken(what, next_step="run `vestigo verify` for the whole list", path=str(root))
