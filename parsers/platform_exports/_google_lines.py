"""Labelled lines of Google's subscriber information: which labels exist, and what their values say."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.addresses import parse_address
from parsers.kit.time import parse_iso
from parsers.platform_exports._google_rows import has_shape, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["LABELS", "label_of", "read_line"]


class _Label(NamedTuple):
    """What the value of a label is: see `_READERS` for `shape`."""

    event_type: str
    action: str
    shape: str
    detail: str = ""


_PROFILE = "account_profile"
LABELS: Mapping[str, _Label] = MappingProxyType(
    {
        "google account id": _Label(_PROFILE, "account_id", "kept", "account_id_as_written"),
        "name": _Label(_PROFILE, "name", "name"),
        "given name": _Label(_PROFILE, "name", "kept", "given_name"),
        "family name": _Label(_PROFILE, "name", "kept", "family_name"),
        "e-mail": _Label(_PROFILE, "email", "login", "email"),
        "alternate e-mails": _Label(_PROFILE, "alternate_email", "identifiers", "email"),
        "contact e-mail": _Label(_PROFILE, "contact_email", "identifiers", "email"),
        "recovery e-mail": _Label(_PROFILE, "recovery_email", "identifiers", "recovery_email"),
        "recovery sms": _Label(_PROFILE, "recovery_phone", "identifiers", "recovery_phone"),
        "user phone numbers": _Label(_PROFILE, "phone", "identifiers", "phone"),
        "2-step verification phone numbers": _Label(_PROFILE, "two_step_phone", "identifiers", "phone"),
        "created on": _Label("account_created", "registration", "time", "Creation Time"),
        "terms of service ip": _Label("account_created", "terms_accepted", "address"),
        "terms of service language": _Label(_PROFILE, "language", "kept", "terms_language"),
        "birthday (month day, year)": _Label(_PROFILE, "birthday", "kept", "birthday"),
        "birthday": _Label(_PROFILE, "birthday", "kept", "birthday"),
        "services": _Label(_PROFILE, "services", "kept", "services"),
        "status": _Label(_PROFILE, "status", "kept", "status"),
        "last updated date": _Label(_PROFILE, "last_updated", "time", "Last Updated Time"),
        "last logins": _Label("authentication", "login", "times", "Login Time"),
        "deletion date": _Label("account_change", "deletion", "time", "Deletion Time"),
        "deletion ip": _Label("account_change", "deletion", "address"),
        "end of service date": _Label("account_change", "end_of_service", "time", "End Time"),
    }
)
"""Label in lower case, without its colon -> what its value is."""

_MOST_LABEL = 80
_SEPARATOR = re.compile(r"[,;]\s?")


def label_of(text: str) -> tuple[str, str]:
    """Label and value of a line; no label when none stands at its start."""
    label, colon, value = text.partition(":")
    return (label.strip(), value.strip()) if colon and len(label) <= _MOST_LABEL else ("", text.strip())


def read_line(label: str, value: str, zone_name: str | None) -> Iterator[tuple[str, dict[str, object]]]:
    """Event type and columns of everything a line of a known label says."""
    known = LABELS[label.casefold()]
    parts = [value] if known.shape != "times" else [part.strip() for part in _SEPARATOR.split(value) if part.strip()]
    for part in parts:
        values = _columns(known, part, zone_name)
        yield known.event_type, {"event_action": known.action, **values}


def _columns(known: _Label, value: str, zone_name: str | None) -> dict[str, object]:
    if known.shape in {"time", "times"}:
        moment = parse_iso(value, zone_name)
        return {**moment.columns(known.detail), "parse_flags": list(moment.flags) or None}
    if known.shape == "address":
        return _address(value)
    if known.shape in {"identifiers", "login"}:
        return {"account_login": value if known.shape == "login" else None, **_identifiers(known.detail, value)}
    return {"account_display_name": value} if known.shape == "name" else {"extra": {known.detail: value}}


def _address(value: str) -> dict[str, object]:
    found = parse_address(value)
    if found is None:
        return {"extra": {"ip_as_written": value}, "parse_flags": ["invalid_address"]}
    flags = ["v4_mapped"] if found.v4_mapped else None
    return {"source_ip": found.ip, "source_port": found.port, "parse_flags": flags}


def _identifiers(kind: str, value: str) -> dict[str, object]:
    """A list of addresses or numbers; a number may carry its country, ``+34600000000 [ES]``. The rest is kept."""
    pairs = [(raw, raw.partition(" [")[0].strip()) for part in _SEPARATOR.split(value) if (raw := part.strip())]
    found = [{"type": kind, "value": plain(kind, bare), "raw": raw} for raw, bare in pairs if has_shape(kind, bare)]
    rest = [raw for raw, bare in pairs if not has_shape(kind, bare)]
    return {"identifiers": found or None, "extra": {f"{kind}_as_written": rest} if rest else None}
