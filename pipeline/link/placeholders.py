"""Values that stand for "none": every account that shows one shows nothing in common with the others."""

from __future__ import annotations

import re

__all__ = ["is_placeholder"]

_WORDS = frozenset(
    {
        "unknown",
        "none",
        "null",
        "nil",
        "undefined",
        "na",
        "n/a",
        "nan",
        "not available",
        "notavailable",
        "not provided",
        "notprovided",
        "anonymous",
        "default",
        "test",
        "empty",
        "deleted",
        "redacted",
        "hidden",
        "private",
        "no",
        "yes",
        "true",
        "false",
        "noemail",
    }
)
_LOCAL = frozenset(
    {"none", "null", "unknown", "na", "noemail", "no-email", "nobody", "test", "example", "noreply", "no-reply"}
)
_LETTERS = re.compile(r"[^0-9a-z]")


def is_placeholder(kind: str, value: str) -> bool:
    """Whether a value of this identifier type can identify nothing.

    Telephone numbers of fewer than five digits or of one digit repeated, addresses whose local part says "none",
    device ids of one repeated sign or of up to three signs, and words for "not known".
    """
    text = value.strip().casefold()
    if text in _WORDS or _LETTERS.sub("", text) in _WORDS or not _LETTERS.sub("", text):
        return True
    if kind.endswith("phone"):
        digits = re.sub(r"\D", "", text)
        return len(digits) < 5 or len(set(digits)) == 1
    if kind.endswith("email"):
        return "@" not in text or text.split("@")[0] in _LOCAL
    if kind in {"device_id", "cookie", "ad_id", "key_fingerprint", "camera_serial", "payment"}:
        signs = _LETTERS.sub("", text)
        return len(signs) <= 3 or len(set(signs)) == 1
    return False
