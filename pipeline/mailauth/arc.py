"""ARC chains: the sets of seals that relays add, each checked like a signature, and the chain as a whole.

References:
    RFC 8617 sections 4.1.3 (seals), 5.2 (validation).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.mailauth.canonical import field_bytes, read_tags, without_b
from pipeline.mailauth.signatures import Check, Signature, check_signature, read_signature, weigh_keys

if TYPE_CHECKING:
    from pipeline.mailauth.canonical import Field, Mail
    from pipeline.mailauth.keystore import KeyStore

__all__ = ["check_chain"]

_RESULTS, _MESSAGE, _SEAL = b"arc-authentication-results", b"arc-message-signature", b"arc-seal"
_KINDS = {_MESSAGE: "ARC-Message-Signature", _SEAL: "ARC-Seal"}
_MOST = 50  # RFC 8617 section 4.2.1


def check_chain(mail: Mail, keys: KeyStore, hashes: dict[object, bytes]) -> list[Check]:
    """Checks of every ARC set, newest first, and before them one of the chain; nothing when there is no ARC field."""
    sets = _sets(mail)
    if not sets:
        return []
    fault = _fault(sets)
    if fault:
        return [Check(kind="ARC chain", state="malformed", instance=max(sets), note=fault)]
    checks: list[Check] = []
    for number in sorted(sets, reverse=True):
        signature = read_signature(sets[number][_MESSAGE][0], _KINDS[_MESSAGE])
        checks.append(
            check_signature(signature, mail, keys, hashes) if isinstance(signature, Signature) else signature
        )
        checks.append(_seal(sets, number, keys))
    return [_chain(checks, sets), *checks]


def _sets(mail: Mail) -> dict[int, dict[bytes, list[Field]]]:
    out: dict[int, dict[bytes, list[Field]]] = {}
    for field in mail.fields:
        if field.name in {_RESULTS, _MESSAGE, _SEAL}:
            number = _instance(field)
            out.setdefault(number, {}).setdefault(field.name, []).append(field)
    return out


def _instance(field: Field) -> int:
    """The number of a field's set; 0 when it states none."""
    first = field.value.partition(b";")[0] + b";" if field.name == _RESULTS else field.value
    raw = (read_tags(first) or {}).get("i", b"")
    return int(raw) if raw.isdigit() and len(raw) < 4 else 0


def _fault(sets: dict[int, dict[bytes, list[Field]]]) -> str | None:
    if sorted(sets) != list(range(1, len(sets) + 1)) or len(sets) > _MOST:
        return "its sets are not numbered from 1 without gaps"
    whole = all(len(s.get(name, ())) == 1 for s in sets.values() for name in (_RESULTS, _MESSAGE, _SEAL))
    return None if whole else "a set does not hold one field of each kind"


def _seal(sets: dict[int, dict[bytes, list[Field]]], number: int, keys: KeyStore) -> Check:
    own = sets[number][_SEAL][0]
    signature = read_signature(own, _KINDS[_SEAL], seal=True)
    if not isinstance(signature, Signature):
        return signature
    wanted = b"none" if number == 1 else b"pass"
    if "h" in signature.tags or signature.tags["cv"].lower() != wanted:
        return replace(signature.check, note="its chain state cannot be, or says that the chain is broken")
    parts = [
        field_bytes(sets[i][name][0], relaxed=True)
        for i in range(1, number + 1)
        for name in (_RESULTS, _MESSAGE, _SEAL)
        if (i, name) != (number, _SEAL)
    ]
    last = field_bytes(without_b(own), relaxed=True).removesuffix(b"\r\n")
    return weigh_keys(signature.check, b"".join([*parts, last]), signature, keys)


def _chain(checks: list[Check], sets: dict[int, dict[bytes, list[Field]]]) -> Check:
    """The newest message signature and every seal must hold; older message signatures may break on the way."""
    needed = [checks[0], *(c for c in checks if c.kind == "ARC-Seal")]
    worst = next((c for c in needed if c.state != "verified"), None)
    state = worst.state if worst else "verified"
    note = f"decided by {worst.kind} {worst.instance}" if worst else None
    same = checks[0].body_hash_matches
    return Check(kind="ARC chain", state=state, instance=max(sets), body_hash_matches=same, note=note)
