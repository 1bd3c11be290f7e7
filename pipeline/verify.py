"""Checks a whole case: the ledger, every sealed exhibit, and every table and report against what the ledger records.

Nothing is written and no private key is needed. What is *not* recorded in a case folder is not checked: case.toml may
be edited by people (its exhibits must agree with the ledger), and work/ may be deleted at any time.
"""

from __future__ import annotations

import re
import stat
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline._chain import LEDGER_FILE, Problem, in_order
from pipeline.case import CASE_FILE, load_case
from pipeline.errors import CaseError
from pipeline.intake.seal import sealed_path
from pipeline.judgements import JUDGEMENTS_FILE, expected_lines
from pipeline.ledger import check, read_entries
from pipeline.store import file_sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pipeline.case import Case

__all__ = ["Problem", "verify"]

_MAKING = frozenset({"derived", "reported", "exported"})
_LISTED_FOLDERS = ("tables", "reports")  # everything in these must be in the ledger
_UNFINISHED = re.compile(r"\..*\.tmp")  # what a killed run leaves; nothing reads it
_DIGEST = re.compile(r"[0-9a-f]{64}")


class _Held(NamedTuple):
    """One exhibit as case.toml or the ledger speaks of it."""

    item: str
    sha256: str
    size: int
    path: Path


def verify(root: Path, expected_fingerprint: str | None = None) -> list[Problem]:
    """Everything in the case that is not as recorded, sorted; an empty list means that all of it agrees.

    Args:
        root: Case folder.
        expected_fingerprint: Fingerprint of the key as noted outside the folder; shows a replaced key.

    Raises:
        CaseError: this is no case folder: it holds neither case.toml nor a ledger.
    """
    entries = read_entries(root, expected_fingerprint) if root.is_dir() else []
    problems: list[Problem] = []
    case = _case(root, problems)
    received = list(_received(root, entries))
    problems += check(root, expected_fingerprint)
    problems += _statements(case, received, entries) if case else []
    problems += _evidence(root, case, received)
    problems += _outputs(root, entries)
    problems += _judgements(root, entries)
    return in_order(problems)


def _case(root: Path, problems: list[Problem]) -> Case | None:
    """The case; when case.toml was lost or broken, that is a problem and the rest is still checked."""
    try:
        return load_case(root)
    except CaseError as error:
        if not (root / LEDGER_FILE).exists():
            raise
        problems.append(Problem("unreadable", CASE_FILE, error.what))
        return None


def _received(root: Path, entries: Iterable[dict[str, Any]]) -> Iterator[_Held]:
    for entry in entries:
        facts = entry.get("object") or {}
        digest = facts.get("sha256")
        if entry["event"] == "received" and isinstance(digest, str) and _DIGEST.fullmatch(digest):
            yield _Held(entry["item"], digest, facts.get("size", -1), sealed_path(root, digest))


def _statements(case: Case, received: list[_Held], entries: list[dict[str, Any]]) -> Iterator[Problem]:
    """Case and exhibits of case.toml against the ledger."""
    if entries and entries[0]["case_id"] != case.info.id:
        yield Problem("changed", CASE_FILE, f"names case {case.info.id}, the ledger {entries[0]['case_id']}")
    receipts = {held.item: held for held in received}
    noted = (e for e in entries if e["event"] in {"received", "config"} and e.get("authority"))
    authority = {entry["item"]: entry["authority"] for entry in noted}
    stated = {exhibit.id: exhibit for exhibit in case.exhibits}
    for exhibit in case.exhibits:
        receipt = receipts.get(exhibit.id)
        if receipt is None:
            yield Problem("unrecorded", f"exhibit {exhibit.id}", f"is in {CASE_FILE}, but the ledger holds no receipt")
        elif receipt.sha256 != exhibit.sha256:
            detail = f"{CASE_FILE} states digest {exhibit.sha256}, the ledger {receipt.sha256}"
            yield Problem("changed", f"exhibit {exhibit.id}", detail)
        elif authority.get(exhibit.id, stated_authority := exhibit.authority or "pending") != stated_authority:
            detail = f"{CASE_FILE} states authority {exhibit.authority!r}, the ledger {authority.get(exhibit.id)!r}"
            yield Problem("changed", f"exhibit {exhibit.id}", detail + "; `vestigo run` enters a new statement")
        elif receipt.size != exhibit.size:
            detail = f"{CASE_FILE} states {exhibit.size} bytes, the ledger {receipt.size}"
            yield Problem("changed", f"exhibit {exhibit.id}", detail)
    for item in sorted(set(receipts) - set(stated)):
        yield Problem("missing", f"exhibit {item}", f"was received according to the ledger, but is not in {CASE_FILE}")


def _evidence(root: Path, case: Case | None, received: list[_Held]) -> Iterator[Problem]:
    """Every file in evidence/, and every exhibit held by reference, hashed again."""
    exhibits = case.exhibits if case else ()
    stated = [_Held(e.id, e.sha256, e.size, case.exhibit_path(e)) for e in exhibits] if case else []
    referenced = {e.sha256 for e in exhibits if e.path}
    sealed = [held for held in received if held.sha256 not in referenced]
    checked: set[Path] = set()
    for held in [*stated, *sealed]:
        if held.path not in checked:
            checked.add(held.path)
            yield from _file(held.path, held.sha256, f"exhibit {held.item}")
    for path in _files(root / "evidence"):
        if path not in checked:
            yield Problem("added", _shown(root, path), "is no exhibit of this case")


def _outputs(root: Path, entries: Iterable[dict[str, Any]]) -> Iterator[Problem]:
    """Tables and reports against the latest entry of each stage, which lists all of its files."""
    latest: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for entry in entries:
        if entry["event"] in _MAKING:
            key = (entry["event"], entry["item"])
            latest.pop(key, None)  # so that the last writer of a path comes last
            latest[key] = entry["outputs"]
    listed = {str(out.get("path")): str(out.get("sha256")) for outputs in latest.values() for out in outputs}
    for name, digest in listed.items():
        path = root / name
        if name.startswith("/") or ".." in path.relative_to(root).parts:
            continue  # an export outside the case folder is out of its hands
        if not name.startswith("work/"):
            yield from _file(path, digest, name)
    for folder in _LISTED_FOLDERS:
        for path in _files(root / folder):
            if path.relative_to(root).as_posix() not in listed and not _UNFINISHED.fullmatch(path.name):
                yield Problem("added", _shown(root, path), "is not in the ledger")


def _judgements(root: Path, entries: list[dict[str, Any]]) -> Iterator[Problem]:
    """Human judgements against the ledger, line by line."""
    path, wanted = root / JUDGEMENTS_FILE, expected_lines(entries)
    held = path.read_bytes().splitlines() if path.is_file() else []
    for number, (line, expected) in enumerate(zip_longest(held, wanted), 1):
        if line is None:
            yield Problem("missing", JUDGEMENTS_FILE, f"line {number} is in the ledger; `vestigo run` writes it again")
        elif expected is None:
            yield Problem("added", JUDGEMENTS_FILE, f"line {number} is not in the ledger")
        elif line != expected:
            yield Problem("changed", JUDGEMENTS_FILE, f"line {number} is not what the ledger holds")


def _file(path: Path, digest: str, what: str) -> Iterator[Problem]:
    try:
        if stat.S_ISLNK(path.lstat().st_mode):
            yield Problem("changed", what, "is now a symbolic link")
            return
        found = file_sha256(path)
    except FileNotFoundError:
        yield Problem("missing", what, f"its file is missing (digest {digest[:16]}…)")
        return
    except OSError as error:
        yield Problem("unreadable", what, f"cannot be read: {error.strerror}")
        return
    if found != digest:
        yield Problem("changed", what, f"has digest {found}, recorded is {digest}")


def _files(folder: Path) -> Iterator[Path]:
    """Everything below `folder` that is not a folder, links included and not followed."""
    waiting = [folder] if folder.is_dir() else []
    while waiting:
        for path in waiting.pop().iterdir():
            if path.is_dir() and not path.is_symlink():
                waiting.append(path)
            else:
                yield path


def _shown(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
