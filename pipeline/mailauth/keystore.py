"""The archived signing keys of a case: one JSON object per line in ``keys.jsonl``.

Each line: ``domain``, ``selector``, ``txt`` (the record as published), ``source`` (dns, archive or counsel), and where
known ``first_seen``, ``last_seen`` (ISO 8601), ``sha256`` of ``txt`` and ``statement`` (who says so). A key says who
could sign, never when: rotated private keys are sometimes published. Nothing here, or anywhere in a run, asks the DNS.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from pipeline.errors import CaseError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["KEYS_FILE", "Key", "KeyStore", "load_keys"]

KEYS_FILE = "keys.jsonl"


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One archived key record."""

    domain: str
    selector: str
    txt: str
    source: Literal["dns", "archive", "counsel"]
    first_seen: str | None = None
    last_seen: str | None = None
    sha256: str | None = None
    statement: str | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the record."""
        return hashlib.sha256(self.txt.encode()).hexdigest()


class KeyStore(NamedTuple):
    """Keys by (domain, selector), both in lower case; several when a selector was used again."""

    keys: dict[tuple[str, str], tuple[Key, ...]]

    def find(self, domain: str, selector: str) -> tuple[Key, ...]:
        """Every key held for this name."""
        return self.keys.get((domain.lower().rstrip("."), selector.lower()), ())


def load_keys(path: Path) -> KeyStore:
    """Read a key file; a missing file is an empty store.

    Raises:
        CaseError: a line is no key record, or its text does not have the digest it states.
    """
    held: dict[tuple[str, str], list[Key]] = {}
    lines = path.read_bytes().splitlines() if path.is_file() else []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        key = _read(line, number, path.name)
        held.setdefault((key.domain.lower().rstrip("."), key.selector.lower()), []).append(key)
    return KeyStore({name: tuple(keys) for name, keys in held.items()})


def _read(line: bytes, number: int, name: str) -> Key:
    try:
        key = msgspec.json.decode(line, type=Key)
    except msgspec.MsgspecError as error:
        raise CaseError(f"{name} line {number}: {error}", next_step="correct that line", path=name) from error
    if key.sha256 is not None and key.sha256.lower() != key.digest:
        raise CaseError(
            f"{name} line {number}: txt does not have the SHA-256 that the line states",
            next_step="archive the record again; it was altered or copied with other spaces",
            path=name,
        )
    return key
