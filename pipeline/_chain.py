"""The pieces of the custody chain: canonical JSON, entries that sign themselves, and the signed head."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from pipeline.keys import signs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = [
    "HEAD_FILE", "LEDGER_FILE", "PENDING_FILE", "Head", "Pending", "Problem", "authentic", "canonical", "genesis",
    "in_order", "object_of", "raw_key", "read_head", "read_pending", "sha256", "signed",
]

LEDGER_FILE = "custody.jsonl"
HEAD_FILE = "custody.head.json"
PENDING_FILE = "custody.pending.json"
_NUMBER = re.compile(r"[0-9]{1,12}")
_T = TypeVar("_T")
_EXACT = 2**53 - 1  # RFC 8785 section 3.2.2.3: larger integers do not survive every JSON reader


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not verify: its kind, the file or entry, and what was found. Prints as one line."""

    kind: str
    what: str
    detail: str

    def __str__(self) -> str:
        """One line for a terminal; control characters of file names are shown as escapes."""
        line = f"{self.kind}: {self.what}: {self.detail}"
        return "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """custody.head.json: how far the signed ledger reaches.

    Attributes:
        seq: Number of the last entry.
        head_sha256: SHA-256 of the last line, without its newline.
        lines: Lines in the ledger.
        size: Bytes in the ledger.
        last_at: Byte offset of the last line.
        public_key: Raw public key, hexadecimal.
    """

    case_id: str
    seq: int
    head_sha256: str
    lines: int
    size: int
    last_at: int
    public_key: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """custody.pending.json: a signed entry that is being written, and the head that will stand after it."""

    line: str
    head: Head


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, sorted by kind and place; numbers in a place sort as numbers."""
    return sorted(set(problems), key=lambda p: (p.kind, _NUMBER.sub(lambda m: m[0].zfill(12), p.what), p.detail))


def canonical(value: object) -> bytes:
    """`value` as RFC 8785 canonical JSON: no spaces, keys in UTF-16 order, UTF-8. Lone surrogates become escapes.

    Raises:
        TypeError: the value holds something else than strings, integers, booleans, lists and objects.
        ValueError: an integer is beyond 2**53 - 1.
    """
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def _ordered(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > _EXACT:
            raise ValueError(f"{value} is too large for canonical JSON")
        return value
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if isinstance(value, dict):
        return {_ordered(k): _ordered(value[k]) for k in sorted(value, key=_utf16)}
    raise TypeError(f"{type(value).__name__} has no canonical JSON form here")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def sha256(data: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def genesis(case_id: str, public: bytes) -> str:
    """What the first entry's `prev` holds: it binds the ledger to its case and its key."""
    return sha256(case_id.encode() + public)


def signed(private: Ed25519PrivateKey, fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` with the signature over their canonical form."""
    return fields | {"signature": private.sign(canonical(fields)).hex()}


def authentic(public: bytes, fields: dict[str, Any]) -> bool:
    """True when `fields` carries a signature of `public` over everything else in it."""
    signature = fields.get("signature")
    if not isinstance(signature, str):
        return False
    try:
        message = canonical({k: v for k, v in fields.items() if k != "signature"})
    except (TypeError, ValueError):
        return False
    return signs(public, signature, message)


def object_of(line: bytes) -> dict[str, Any] | None:
    """A ledger line as an object, or None when it is not exactly canonical JSON of one."""
    try:
        value = json.loads(line)
        exact = isinstance(value, dict) and canonical(value) == line
    except (ValueError, TypeError, RecursionError):
        return None
    return value if exact else None


def raw_key(head: Head | None) -> bytes | None:
    """The raw public key a head names, when it is one."""
    try:
        raw = bytes.fromhex(head.public_key) if head else b""
    except ValueError:
        return None
    return raw if len(raw) == 32 else None


def read_head(root: Path) -> Head | None:
    """The head file, or None when it is missing or malformed. Its signature is not checked here."""
    return _read(root / HEAD_FILE, Head)


def read_pending(root: Path) -> Pending | None:
    """The pending file, or None when it is missing or malformed. Its signatures are not checked here."""
    return _read(root / PENDING_FILE, Pending)


def _read(path: Path, kind: type[_T]) -> _T | None:
    try:
        data = path.read_bytes()
        value = msgspec.convert(object_of(data), kind)
    except (OSError, msgspec.ValidationError):
        return None
    return value if canonical(msgspec.to_builtins(value)) == data else None  # no key beside the signed ones
