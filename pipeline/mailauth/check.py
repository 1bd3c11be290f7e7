"""All signatures of one message: the entry to checking."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.mailauth.arc import check_chain
from pipeline.mailauth.canonical import split_mail
from pipeline.mailauth.keystore import KeyStore
from pipeline.mailauth.signatures import Check, check_signature, read_signature

if TYPE_CHECKING:
    from pipeline.mailauth.canonical import Mail

__all__ = ["NO_KEYS", "check_message", "is_signed"]

NO_KEYS = KeyStore({})
_MOST = 50  # signatures checked of one message
_SIGNED = re.compile(rb"^(?:dkim-signature|arc-seal|arc-message-signature)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def is_signed(data: bytes) -> bool:
    """Whether a signature field may be there (a cheap look before the message is taken apart)."""
    return _SIGNED.search(data) is not None


def check_message(data: bytes, keys: KeyStore = NO_KEYS, *, mbox: bool = False) -> list[Check]:
    """Check every DKIM signature, top down, then the ARC chain.

    A mailbox may have put ``>`` before lines that begin with ``From ``; with `mbox` the message is tried as it lies
    and, if a body does not fit, with that undone.
    """
    checks = _checks(split_mail(data), keys)
    if mbox and b">From " in data and any(c.state == "body_changed" for c in checks):
        again = _checks(split_mail(_QUOTED_FROM.sub(rb"\1", data)), keys)
        if sum(c.state == "body_changed" for c in again) < sum(c.state == "body_changed" for c in checks):
            return again
    return checks


def _checks(mail: Mail, keys: KeyStore) -> list[Check]:
    hashes: dict[object, bytes] = {}
    out: list[Check] = []
    for field in [f for f in mail.fields if f.name == b"dkim-signature"][:_MOST]:
        signature = read_signature(field, "DKIM-Signature")
        out.append(signature if isinstance(signature, Check) else check_signature(signature, mail, keys, hashes))
    return [*out, *check_chain(mail, keys, hashes)]
