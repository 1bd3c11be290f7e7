"""Accounts as the returns write them, and the account a return is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PLATFORMS", "Envelope", "Ref", "envelope_of", "phone_number", "read_ref"]

PLATFORMS = {
    "facebook": "facebook",
    "facebook messenger": "facebook",
    "messenger": "facebook",
    "instagram": "instagram",
    "threads": "threads",
    "whatsapp": "whatsapp",
}
_ID = re.compile(r"\(\s{0,3}([A-Za-z]{2,20})\s{0,3}:\s{0,3}(\d{1,20})\s{0,3}\)", re.ASCII)
_HANDLE = re.compile(r"[A-Za-z0-9._]{1,64}")
_BIDI = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_MOST = 500


class Ref(NamedTuple):
    """An account as a record names it."""

    raw: str
    platform: str | None = None
    id: str | None = None
    login: str | None = None
    shown: str | None = None

    def columns(self, *, target: bool = False) -> dict[str, object]:
        """Account columns, of the account itself or of the one acted upon."""
        if target:
            return {"target_account_id": self.id, "target_account_login": self.login}
        return {"account_id": self.id, "account_login": self.login, "account_display_name": self.shown}


def phone_number(text: str) -> str | None:
    """``+`` and digits of a number written with its country; blanks, points, brackets and hyphens may stand in it."""
    bare = text.translate(_BIDI).strip()
    digits = "".join(c for c in bare if c in "0123456789")
    return "+" + digits if 7 <= len(digits) <= 15 and set(bare) <= set("+0123456789 ().-") else None


def read_ref(text: str, platform: str | None) -> Ref:
    """``name (service: 100)``: the id is what counts, since names change and can be chosen.

    A text with two ids names nobody: one of them is part of somebody's name.
    """
    bare = text.translate(_BIDI).strip()
    found = _ID.findall(bare[:_MOST])
    if platform == "whatsapp":
        return Ref(text, platform, phone_number(bare))
    if len(found) > 1:
        return Ref(text, platform)
    service = PLATFORMS.get(found[0][0].casefold()) if found else platform
    name = bare.partition("(")[0].strip() if found else bare
    handle = service != "facebook" and bool(_HANDLE.fullmatch(name))
    login, shown = (name, None) if handle else (None, name or None)
    return Ref(text, service, found[0][1] if found else None, login, shown)


class Envelope(NamedTuple):
    """What the provider says a return is about.

    Attributes:
        platform: Service, or None when it is none of `PLATFORMS`.
        account: The account; its id, login or number.
        period: Dates the request was for, as written.
    """

    platform: str | None
    account: Ref
    period: str | None = None


def envelope_of(stated: Mapping[str, str]) -> Envelope:
    """From the request's parameters: label in lower case -> value."""
    platform = PLATFORMS.get(stated.get("service", "").strip().casefold())
    target, identifier = stated.get("target", "").strip(), stated.get("account identifier", "").strip()
    return Envelope(platform, _account(target, identifier, platform), stated.get("date range") or None)


def _account(target: str, identifier: str, platform: str | None) -> Ref:
    if platform == "whatsapp":
        return Ref(identifier or target, platform, phone_number(identifier) or phone_number(target))
    tail = identifier.rstrip("/").rpartition("/")[2].partition("?")[0]
    own_id = next((t for t in (target, tail) if t.isascii() and t.isdigit() and len(t) <= 20), None)
    login = tail if _HANDLE.fullmatch(tail) and not tail.isdigit() else None
    return Ref(identifier or target, platform, own_id, login)
