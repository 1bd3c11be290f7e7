"""The Ed25519 key pair of a case: the private half stays with the operator, the public half lies in the case folder."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from pipeline.errors import KeyUnavailable, StorageError
from pipeline.store import write_atomic

__all__ = [
    "PUBLIC_FILE",
    "create_key",
    "fingerprint",
    "key_dir",
    "key_path",
    "load_key",
    "read_public",
    "signs",
    "write_public",
]

PUBLIC_FILE = "custody.pub"


def key_dir() -> Path:
    """Where private keys are kept: VESTIGO_KEY_DIR, else XDG_CONFIG_HOME/vestigo/keys, else ~/.config/vestigo/keys."""
    if own := os.environ.get("VESTIGO_KEY_DIR"):
        return Path(own)
    if config := os.environ.get("XDG_CONFIG_HOME"):
        return Path(config) / "vestigo" / "keys"
    return Path.home() / ".config" / "vestigo" / "keys"


def fingerprint(public: bytes) -> str:
    """SHA-256 of the 32 raw bytes of a public key, hexadecimal: what people write down and compare."""
    return hashlib.sha256(public).hexdigest()


def key_path(case_id: str, public: bytes) -> Path:
    """The private key's file for this case and public key."""
    return key_dir() / f"{case_id}-{fingerprint(public)[:16]}.pem"


def create_key(case_id: str) -> bytes:
    """Make the private key of a new case; returns the raw public key.

    Raises:
        StorageError: the file cannot be written.
    """
    private = Ed25519PrivateKey.generate()
    public = _raw(private.public_key())
    _write_private(key_path(case_id, public), private)
    return public


def write_public(root: Path, public: bytes) -> None:
    """Put the public key into the case folder.

    Raises:
        StorageError: the file cannot be written.
    """
    write_atomic(root / PUBLIC_FILE, _pem(Ed25519PublicKey.from_public_bytes(public)))


def load_key(case_id: str, public: bytes) -> Ed25519PrivateKey:
    """The private key that belongs to `public`.

    Raises:
        KeyUnavailable: it is not on this machine, cannot be read, is open to other users or is another key.
    """
    path = key_path(case_id, public)
    try:
        open_to_others = path.stat().st_mode & 0o077
        private = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError as error:
        raise _unavailable(path, "is not on this machine") from error
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unavailable(path, "cannot be read") from error
    if open_to_others:
        raise KeyUnavailable(
            f"the signing key {path.name} can be read by other users",
            next_step=f"run: chmod 600 {path}",
            path=str(path),
        )
    if not isinstance(private, Ed25519PrivateKey) or _raw(private.public_key()) != public:
        raise _unavailable(path, "is not the key of this case")
    return private


def read_public(root: Path) -> bytes | None:
    """The raw public key in the case folder, or None when the file is missing or is not as `write_public` writes it."""
    try:
        pem = (root / PUBLIC_FILE).read_bytes()
        key = load_pem_public_key(pem)
    except (OSError, ValueError, UnsupportedAlgorithm):
        return None
    return _raw(key) if isinstance(key, Ed25519PublicKey) and _pem(key) == pem else None


def signs(public: bytes, signature: str, message: bytes) -> bool:
    """True when the lower-case hexadecimal `signature` over `message` was made by the private half of `public`."""
    try:
        raw = bytes.fromhex(signature)
        Ed25519PublicKey.from_public_bytes(public).verify(raw, message)
    except (InvalidSignature, ValueError):
        return False
    return raw.hex() == signature


def _pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _write_private(path: Path, private: Ed25519PrivateKey) -> None:
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.chmod(0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(pem)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise StorageError(
            f"cannot write the signing key: {error.strerror}",
            next_step="set VESTIGO_KEY_DIR to a folder that only you can write to",
            path=str(path),
        ) from error


def _unavailable(path: Path, state: str) -> KeyUnavailable:
    return KeyUnavailable(
        f"the key that signs this case's custody ledger ({path.name}) {state}",
        next_step=f"restore it to {path.parent} from a backup, or set VESTIGO_KEY_DIR to the folder that holds it",
        path=str(path),
    )
