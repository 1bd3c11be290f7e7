"""Reading the custody chain without the private key, and naming every entry that is not as it was signed."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from pipeline._chain import (
    HEAD_FILE,
    LEDGER_FILE,
    PENDING_FILE,
    Head,
    Problem,
    authentic,
    genesis,
    in_order,
    object_of,
    raw_key,
    read_head,
    read_pending,
    sha256,
)
from pipeline._chain_write import genuine, unfinished
from pipeline.keys import PUBLIC_FILE, fingerprint, read_public

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["Chain", "check", "read_chain", "read_entries"]


@dataclass(slots=True)
class Chain:
    """What the ledger's files hold, read once under the folder's lock.

    Attributes:
        lines: Every line of the ledger, without newline; an interrupted entry counts as written.
        size: Bytes of these lines, as the signed head counts them.
        entries: For each line the entry, when it is signed by the trusted key, else None.
        head: The head file, when it is readable; `head_signed` says whether its signature holds.
        key: The public key everything is checked against.
        problems: What was already found while reading.
    """

    lines: list[bytes]
    size: int
    entries: list[dict[str, Any] | None]
    head: Head | None
    head_signed: bool
    key: bytes | None
    problems: list[Problem]


def check(root: Path, expected_fingerprint: str | None = None) -> list[Problem]:
    """Everything in the ledger that does not verify, sorted; nothing is written and no private key is needed.

    Args:
        root: Case folder.
        expected_fingerprint: Fingerprint of the public key as noted outside the case folder. Without it, someone who
            replaces the key and signs the whole ledger again is not detected.
    """
    chain = read_chain(root, expected_fingerprint)
    problems = [*chain.problems, *_places(chain), *_links(chain)]
    return in_order(problems or _remainder(chain))


def read_entries(root: Path, expected_fingerprint: str | None = None) -> list[dict[str, Any]]:
    """The entries that verify on their own, in the order of their numbers, each once."""
    chain = read_chain(root, expected_fingerprint)
    by_seq = {entry["seq"]: entry for entry in reversed(chain.entries) if entry}
    return [by_seq[seq] for seq in sorted(by_seq)]


def read_chain(root: Path, expected_fingerprint: str | None) -> Chain:
    """Read ledger, head, pending entry and public key, and settle which key to check against."""
    with _shared(root):
        data = _bytes(root / LEDGER_FILE)
        head, public, pending = read_head(root), read_public(root), read_pending(root)
        has_pending, complete = (root / PENDING_FILE).exists(), pending is not None and unfinished(root, pending)
    problems: list[Problem] = []
    first = object_of(data.split(b"\n", 1)[0]) or {}
    key = _trusted_key(public, head, first, expected_fingerprint, problems)
    if pending is not None and complete and key is not None and genuine(key, pending):
        data, head = data[: pending.head.last_at] + pending.line.encode() + b"\n", pending.head
    elif has_pending:
        problems.append(Problem("changed", PENDING_FILE, "is not an entry that this case's key was signing"))
    lines = _lines(data, problems)
    entries = [_entry(key, line) for line in lines]
    return Chain(lines, len(data), entries, head, _head_signed(key, head, problems), key, problems)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _lines(data: bytes, problems: list[Problem]) -> list[bytes]:
    lines = data.split(b"\n")
    if lines.pop():
        problems.append(Problem("changed", LEDGER_FILE, "does not end with a newline"))
        lines = data.split(b"\n")
    return lines


def _entry(key: bytes | None, line: bytes) -> dict[str, Any] | None:
    entry = object_of(line)
    return entry if entry and key and type(entry.get("seq")) is int and authentic(key, entry) else None


def _head_signed(key: bytes | None, head: Head | None, problems: list[Problem]) -> bool:
    if head is None:
        detail = "is missing or unreadable; entries removed from the end of the ledger could not be noticed"
        problems.append(Problem("missing", HEAD_FILE, detail))
        return False
    if key is None or not authentic(key, msgspec.to_builtins(head)):
        problems.append(Problem("signature", HEAD_FILE, "is not signed by this case's key"))
        return False
    return True


def _trusted_key(
    public: bytes | None, head: Head | None, first: dict[str, Any], expected: str | None, problems: list[Problem]
) -> bytes | None:
    """The key that fits the expected fingerprint or, without one, the first entry; deviations become problems."""
    held = {PUBLIC_FILE: public, HEAD_FILE: raw_key(head)}
    known = [key for key in held.values() if key]
    if expected:
        fitting = [key for key in known if fingerprint(key) == expected.lower()]
    else:
        case_id = str(first.get("case_id", ""))
        fitting = [key for key in known if genesis(case_id, key) == first.get("prev")]
    trusted = next(iter([*fitting, *known]), None)
    if expected and trusted and not fitting:
        detail = f"has fingerprint {fingerprint(trusted)}, expected {expected}: the key was replaced"
        problems.append(Problem("key", PUBLIC_FILE, detail))
    if public is None:
        problems.append(Problem("missing", PUBLIC_FILE, "is missing or is no Ed25519 public key"))
    for name, key in held.items():
        if key and key != trusted:
            problems.append(Problem("key", name, "holds another public key than the one the first entry binds"))
    return trusted


def _places(chain: Chain) -> Iterator[Problem]:
    """Changed, added, repeated, moved and missing lines, found from the signed numbers alone."""
    places: dict[int, int] = {}
    for number, entry in enumerate(chain.entries, 1):
        if entry and entry["seq"] in places:
            yield _line("added", number, f"repeats entry {entry['seq']}")
        elif entry:
            places[entry["seq"]] = number
    total = chain.head.lines if chain.head and chain.head_signed else max(places, default=0)
    yield from _moved(places)
    missing = set(range(1, total + 1)) - set(places)
    yield from _unsigned(chain.entries, missing)
    yield from _gaps(sorted(missing), total, len(chain.lines))
    for seq in sorted(s for s in places if s > total):
        yield Problem("head", HEAD_FILE, f"ends at entry {total}, but entry {seq} is signed: the head was put back")


def _line(kind: str, number: int, detail: str) -> Problem:
    return Problem(kind, f"{LEDGER_FILE} line {number}", detail)


def _moved(places: dict[int, int]) -> Iterator[Problem]:
    for seq, number in zip(sorted(places), sorted(places.values()), strict=True):
        if places[seq] != number:
            yield _line("reordered", places[seq], f"holds entry {seq}, which belongs in another place")


def _unsigned(entries: list[dict[str, Any] | None], missing: set[int]) -> Iterator[Problem]:
    """Lines the key did not sign: a changed entry where one is missing, otherwise an added line."""
    expected = 1
    for number, entry in enumerate(entries, 1):
        if entry is not None:
            expected = entry["seq"] + 1
            continue
        seq = number if number in missing else expected
        expected = seq + 1
        if seq in missing:
            missing.discard(seq)
            yield _line("changed", number, f"entry {seq} is not as it was signed")
        else:
            yield _line("added", number, "is not signed by this case's key")


def _gaps(missing: list[int], total: int, lines: int) -> Iterator[Problem]:
    for first, last in _ranges(missing):
        named = f"entry {first} is missing" if first == last else f"entries {first}-{last} are missing"
        if last == total:
            named = f"the signed head speaks of {total} entries, the file holds {lines}: {named}"
        yield Problem("missing", LEDGER_FILE, named)


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for number in numbers:
        if out and out[-1][1] == number - 1:
            out[-1] = (out[-1][0], number)
        else:
            out.append((number, number))
    return out


def _links(chain: Chain) -> Iterator[Problem]:
    """Signed entries that do not name the line before them, or another case."""
    before: dict[str, Any] | None = None
    for number, entry in enumerate(chain.entries, 1):
        if entry and entry["seq"] == 1 and entry.get("prev") != genesis(str(entry.get("case_id")), chain.key or b""):
            yield _line("chain", number, "the first entry binds another case or key")
        if entry and before and entry["seq"] == before["seq"] + 1:
            if entry.get("prev") != sha256(chain.lines[number - 2]):
                yield _line("chain", number, f"entry {entry['seq']} was signed after another line than it follows")
            if entry.get("case_id") != before.get("case_id"):
                yield _line("chain", number, f"entry {entry['seq']} belongs to case {entry.get('case_id')}")
        before = entry


def _remainder(chain: Chain) -> list[Problem]:
    """When every line is signed and in place: the head must agree with them to the byte."""
    head = chain.head
    if head is None or not chain.lines:
        return [Problem("missing", LEDGER_FILE, "holds no entry")]
    if chain.size != head.size or sha256(chain.lines[-1]) != head.head_sha256:
        return [Problem("head", HEAD_FILE, "does not speak of the last line in the ledger")]
    return []


@contextmanager
def _shared(root: Path) -> Iterator[None]:
    """Hold the folder's lock, shared, so that no entry is half-written while the files are read."""
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)
