"""DKIM and ARC signatures of one message, checked offline against archived keys.

The body hash needs no key: it is computed again for every signature. Nothing reads a clock: an expired signature is
reported with its expiry, not judged by today. A signature that fails is never called forged; most failures come from
exports and redactions.

References:
    RFC 6376 (DKIM), RFC 8301 and 8463 (algorithms), RFC 8617 (ARC).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from pipeline.mailauth.canonical import body_bytes, field_bytes, read_tags, select, strict_base64, without_b

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.mailauth.canonical import Field, Mail
    from pipeline.mailauth.keystore import Key, KeyStore

__all__ = ["STATES", "Check", "Signature", "check_signature", "read_signature", "weigh_keys"]

STATES: dict[str, str] = {
    "verified": "the signed fields and the body are as the holder of the domain's key signed them; the key says who "
    "could sign, not when",
    "body_changed": "the body is not the one that was signed: altered after signing (export, redaction, forwarding or "
    "tampering)",
    "header_changed_or_key_mismatch": "the body is as signed, but a signed field was altered after signing (export, "
    "redaction, forwarding or tampering), or the held key is not the one that signed",
    "key_not_held": "the body is as signed; the fields cannot be checked, because the case holds no usable key record",
    "key_revoked": "the held key record is empty: the domain withdrew the key",
    "weak_key": "the key or its algorithm is too weak to prove anything (RSA below 1024 bits, or SHA-1)",
    "malformed": "the signature field cannot be read as one",
}
"""State of a signature -> what may be said of it."""

_ALGORITHMS = {"rsa-sha256": ("rsa", "sha256"), "rsa-sha1": ("rsa", "sha1"), "ed25519-sha256": ("ed25519", "sha256")}
_CANONICAL = frozenset({"simple", "relaxed"})
_MIN_BITS = 1024
_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What checking one signature gave. `unsigned_bytes` counts body bytes behind ``l=``; times are epoch seconds."""

    kind: str
    state: str
    instance: int | None = None
    domain: str | None = None
    selector: str | None = None
    algorithm: str | None = None
    identity: str | None = None
    body_hash_matches: bool | None = None
    signed_fields: tuple[str, ...] = ()
    unsigned_bytes: int = 0
    signed_at: int | None = None
    expires_at: int | None = None
    key: Key | None = None
    note: str | None = None


class Signature(NamedTuple):
    """A signature field taken apart."""

    field: Field
    check: Check
    tags: dict[str, bytes]
    value: bytes
    relaxed_head: bool
    relaxed_body: bool
    names: list[bytes]


def _text(tags: dict[str, bytes], name: str) -> str | None:
    raw = tags.get(name)
    return raw.decode("utf-8", "backslashreplace") if raw is not None else None


def _number(tags: dict[str, bytes], name: str) -> int | None:
    raw = tags.get(name, b"")
    return int(raw) if raw.isdigit() and len(raw) <= _DIGITS else None


def read_signature(field: Field, kind: str, *, seal: bool = False) -> Signature | Check:
    """Take a DKIM-Signature, ARC-Message-Signature or (`seal`) ARC-Seal field apart; a malformed one is a `Check`."""
    tags = read_tags(field.value)
    if tags is None:
        return Check(kind=kind, state="malformed", note="it is no list of tags")
    check = Check(
        kind=kind,
        state="malformed",
        instance=_number(tags, "i") if kind.startswith("ARC") else None,
        domain=(_text(tags, "d") or "").lower() or None,
        selector=_text(tags, "s"),
        algorithm=_text(tags, "a"),
        identity=None if kind.startswith("ARC") else _text(tags, "i"),
        signed_at=_number(tags, "t"),
        expires_at=_number(tags, "x"),
    )
    names = [name.strip().lower() for name in tags.get("h", b"").split(b":")] if "h" in tags else []
    check = replace(check, signed_fields=tuple(n.decode("ascii", "backslashreplace") for n in names))
    head, _, body = (_text(tags, "c") or ("relaxed" if seal else "simple")).partition("/")
    fault = _fault(tags, check, (head, body or "simple"), seal=seal)
    value = strict_base64(tags.get("b", b""))
    if fault or value is None:
        return replace(check, note=fault or "b= is no base64")
    return Signature(field, check, tags, value, head == "relaxed", body == "relaxed", names)


def _fault(tags: dict[str, bytes], check: Check, canonical: tuple[str, str], *, seal: bool) -> str | None:
    """Why a signature cannot be one."""
    dkim = check.kind == "DKIM-Signature"
    wanted = ("a", "b", "d", "s", *(("cv",) if seal else ("bh", "h")), *(("v",) if dkim else ()))
    missing = next((name for name in wanted if not tags.get(name)), None)
    length = tags.get("l", b"0")
    faults = (
        (missing is not None, f"the tag {missing}= is missing"),
        (check.algorithm not in _ALGORITHMS, "its algorithm is unknown"),
        (not set(canonical) <= _CANONICAL, "its canonicalization is unknown"),
        (dkim and tags.get("v") != b"1", "its version is unknown"),
        (not seal and "from" not in check.signed_fields, "it does not sign From"),
        (not seal and strict_base64(tags.get("bh", b"")) is None, "bh= is no base64"),
        (not _under(check.identity, check.domain), "its identity lies outside its domain"),
        (not length.isdigit() or len(length) > _DIGITS, "l= is no number"),
    )
    return next((text for wrong, text in faults if wrong), None)


def _under(identity: str | None, domain: str | None) -> bool:
    host = (identity or "").rpartition("@")[2].lower()
    return not host or host == domain or host.endswith(f".{domain}")


def check_signature(signature: Signature, mail: Mail, keys: KeyStore, hashes: dict[object, bytes]) -> Check:
    """Check one DKIM or ARC message signature. `hashes` keeps body hashes between the signatures of a message."""
    check = _with_body(signature, mail, hashes)
    if not check.body_hash_matches:
        return replace(check, state="body_changed")
    check = replace(check, note=_with(check.note, _unsigned_author(signature, mail)))
    parts = [field_bytes(f, relaxed=signature.relaxed_head) for f in select(mail.fields, signature.names)]
    own = field_bytes(without_b(signature.field), relaxed=signature.relaxed_head).removesuffix(b"\r\n")
    return weigh_keys(check, b"".join([*parts, own]), signature, keys)


def _with_body(signature: Signature, mail: Mail, hashes: dict[object, bytes]) -> Check:
    """The check with its body hash compared."""
    form = body_form(mail.body, relaxed=signature.relaxed_body, hashes=hashes)
    length = _number(signature.tags, "l")
    size = len(form) if length is None else length
    if size > len(form):
        return replace(signature.check, body_hash_matches=False, note="fewer bytes are held than were signed")
    name = _ALGORITHMS[signature.check.algorithm or ""][1]
    made = (name, signature.relaxed_body, size)
    if made not in hashes:
        hashes[made] = hashlib.new(name, form[:size], usedforsecurity=False).digest()
    left = len(form) - size
    note = f"{left} bytes at the end of the body are not signed" if left else None
    matches = hashes[made] == strict_base64(signature.tags["bh"])
    return replace(signature.check, body_hash_matches=matches, unsigned_bytes=left, note=note)


def body_form(body: bytes, *, relaxed: bool, hashes: dict[object, bytes]) -> bytes:
    """The canonical body, made once per message and form."""
    if relaxed not in hashes:
        hashes[relaxed] = body_bytes(body, relaxed=relaxed)
    return hashes[relaxed]


def weigh_keys(check: Check, signed: bytes, signature: Signature, keys: KeyStore) -> Check:
    """Try every held key of the signature's name; the best outcome counts, and names its key."""
    held = keys.find(check.domain or "", check.selector or "")
    outcomes = [_try_key(check, key, signed, signature.value) for key in held]
    order = ("verified", "weak_key", "header_changed_or_key_mismatch", "key_revoked", "key_not_held")
    best = min(outcomes, key=lambda c: order.index(c.state), default=replace(check, state="key_not_held"))
    return replace(best, note=_with(check.note, best.note if best.note != check.note else None))


def _with(first: str | None, second: str | None) -> str | None:
    return "; ".join(n for n in (first, second) if n) or None


def _unsigned_author(signature: Signature, mail: Mail) -> str | None:
    """A From field that was put on top of the signed one is shown by mail programs, but no signature covers it."""
    extra = sum(f.name == b"from" for f in mail.fields) > signature.names.count(b"from")
    return "another From field stands above the signed one" if extra else None


def _try_key(check: Check, key: Key, signed: bytes, value: bytes) -> Check:
    family, digest = _ALGORITHMS[check.algorithm or ""]
    found = _public_key(key.txt)
    if isinstance(found, _Unusable):
        return replace(check, state=found.state, key=key, note=found.reason)
    public, tags = found
    hashes = [h.strip() for h in tags.get("h", digest.encode()).split(b":")]
    if isinstance(public, rsa.RSAPublicKey) != (family == "rsa") or digest.encode() not in hashes:
        return replace(check, state="header_changed_or_key_mismatch", key=key, note="the held key is of another kind")
    if b"s" in tags.get("t", b"").split(b":") and check.identity and check.identity.rpartition("@")[2] != check.domain:
        return replace(check, state="header_changed_or_key_mismatch", key=key, note="the key forbids subdomains")
    if isinstance(public, rsa.RSAPublicKey) and public.key_size < _MIN_BITS:
        return replace(check, state="weak_key", key=key, note=f"the held key has {public.key_size} bits")
    if not _verifies(public, value, signed, digest):
        return replace(check, state="header_changed_or_key_mismatch", key=key)
    return replace(check, state="weak_key" if digest == "sha1" else "verified", key=key)


class _Unusable(NamedTuple):
    state: str
    reason: str


_PublicKey = rsa.RSAPublicKey | ed25519.Ed25519PublicKey


@lru_cache(maxsize=1024)
def _public_key(txt: str) -> tuple[_PublicKey, dict[str, bytes]] | _Unusable:
    tags = read_tags(txt.encode("utf-8", "replace"))
    if tags is None or tags.get("v", b"DKIM1") != b"DKIM1" or "p" not in tags:
        return _Unusable("key_not_held", "the held key record cannot be read")
    if not tags["p"]:
        return _Unusable("key_revoked", "the held key record is empty")
    if not {b"*", b"email"} & {s.strip() for s in tags.get("s", b"*").split(b":")}:
        return _Unusable("key_not_held", "the held key record is not for e-mail")
    der = strict_base64(tags["p"])
    load: Callable[[bytes], object] = _raw if tags.get("k", b"rsa") == b"ed25519" else load_der_public_key
    try:
        public = load(der or b"")
    except (ValueError, UnsupportedAlgorithm):
        return _Unusable("key_not_held", "the held key record cannot be read")
    if isinstance(public, rsa.RSAPublicKey | ed25519.Ed25519PublicKey):
        return public, tags
    return _Unusable("key_not_held", "the held key is of an unknown kind")


def _raw(data: bytes) -> ed25519.Ed25519PublicKey:
    return ed25519.Ed25519PublicKey.from_public_bytes(data)


def _verifies(public: _PublicKey, value: bytes, signed: bytes, digest: str) -> bool:
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(value, signed, padding.PKCS1v15(), SHA256() if digest == "sha256" else SHA1())  # noqa: S303
        else:
            public.verify(value, hashlib.sha256(signed).digest())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
