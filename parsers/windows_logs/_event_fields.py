"""What Windows logon events mean: one table, read alike from binary logs and from XML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.addresses import parse_address
from parsers.kit.time import parse_iso

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.kit.time import Moment

__all__ = ["EVENT_TYPES_READ", "Meaning", "WindowsEvent", "columns_of"]

_SECURITY = "Microsoft-Windows-Security-Auditing"
_SESSIONS = "Microsoft-Windows-TerminalServices-LocalSessionManager"
_CONNECTIONS = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"


class Meaning(NamedTuple):
    """How an event is read. `fields` maps columns to names of its data; an outcome of None is the audit keyword's."""

    event_type: str
    action: str
    outcome: str | None
    fields: Mapping[str, str]


_TARGET = {"account_login": "TargetUserName", "account_id": "TargetUserSid"}
_PEER = {"source_ip": "IpAddress", "source_port": "IpPort"}
_LOGON = {**_TARGET, **_PEER, "session_id": "TargetLogonId"}
_LOGOFF = {**_TARGET, "session_id": "TargetLogonId"}
_SUBJECT = {"account_login": "SubjectUserName", "account_id": "SubjectUserSid", "session_id": "SubjectLogonId"}
_TICKET = {**_TARGET, **_PEER}
_WINDOW = {"account_login": "AccountName", "session_id": "LogonID", "source_ip": "ClientAddress"}
_REMOTE = {"account_login": "User", "session_id": "SessionID", "source_ip": "Address"}
_MEANINGS: dict[tuple[str, int], Meaning] = {
    (_SECURITY, 4624): Meaning("authentication", "logon", "success", _LOGON),
    (_SECURITY, 4625): Meaning("authentication", "logon", "failure", {**_TARGET, **_PEER}),
    (_SECURITY, 4634): Meaning("logout", "logoff", None, _LOGOFF),
    (_SECURITY, 4647): Meaning("logout", "user_initiated_logoff", None, _LOGOFF),
    (_SECURITY, 4648): Meaning(
        "authentication",
        "logon_with_explicit_credentials",
        None,
        {**_SUBJECT, **_PEER, "target_account_login": "TargetUserName"},
    ),
    (_SECURITY, 4672): Meaning("privilege_use", "special_privileges_assigned", None, _SUBJECT),
    (_SECURITY, 4768): Meaning("authentication", "kerberos_tgt_requested", None, _TICKET),
    (_SECURITY, 4769): Meaning("authentication", "kerberos_service_ticket_requested", None, _TICKET),
    (_SECURITY, 4771): Meaning("authentication", "kerberos_preauthentication_failed", "failure", _TICKET),
    (_SECURITY, 4776): Meaning("authentication", "credential_validation", None, _TARGET),
    (_SECURITY, 4778): Meaning("session", "session_reconnected", None, _WINDOW),
    (_SECURITY, 4779): Meaning("session", "session_disconnected", None, _WINDOW),
    (_SESSIONS, 21): Meaning("session", "session_logon", "success", _REMOTE),
    (_SESSIONS, 23): Meaning("logout", "session_logoff", None, _REMOTE),
    (_SESSIONS, 24): Meaning("session", "session_disconnected", None, _REMOTE),
    (_SESSIONS, 25): Meaning("session", "session_reconnected", "success", _REMOTE),
    # Without network level authentication 1149 is written before any credential is checked: a connection, no logon.
    (_CONNECTIONS, 1149): Meaning(
        "connection", "remote_desktop_connection", None, {"account_login": "Param1", "source_ip": "Param3"}
    ),
}
EVENT_TYPES_READ = tuple(sorted({m.event_type for m in _MEANINGS.values()} | {"log_message"}))

_LOGON_TYPES = {
    "2": "interactive",
    "3": "network",
    "4": "batch",
    "5": "service",
    "7": "unlock",
    "8": "network_cleartext",
    "9": "new_credentials",
    "10": "remote_interactive",
    "11": "cached_interactive",
    "12": "cached_remote_interactive",
    "13": "cached_unlock",
}
_ABSENT = {"", "-"}
_NOT_STATED = {"LOCAL", "Unknown", "0", "0x0", "S-1-0-0"}
"""Values that say "none" in the columns read; the data keeps them as written."""

_AUDIT_FAILURE, _AUDIT_SUCCESS = 1 << 52, 1 << 53  # standard keywords, winmeta.xml
_NUMBER = re.compile(r"0x[0-9a-fA-F]{1,16}|[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class WindowsEvent:
    """One event: the parts of its System element that are read, and its data by name."""

    event_id: int | None
    provider: str | None
    channel: str | None
    computer: str | None
    record_id: int | None
    time: str | None
    process_id: int | None
    keywords: str | None
    user_sid: str | None
    data: dict[str, object] = field(default_factory=dict)
    message: str | None = None


def columns_of(event: WindowsEvent, basis: str | None = None) -> tuple[str, dict[str, object]]:
    """Event type and columns. `basis` replaces the time's own: binary logs keep UTC by the format's rule."""
    meaning = _MEANINGS.get((event.provider or "", event.event_id if event.event_id is not None else -1))
    values: dict[str, object] = {"host_name": event.computer, "process_pid": event.process_id}
    if event.time:
        values |= _moment(event.time, basis).columns("Recorded Time")
    flags: list[str] = []
    extra: dict[str, object] = _about(event)
    data = {name: value for name, value in event.data.items() if not _is_absent(value)}
    if meaning is None:
        extra |= {"data": data} if data else {}
        return "log_message", _kept({**values, "extra": extra})
    values |= {"account_platform": "windows", "event_action": meaning.action}
    values["event_outcome"] = meaning.outcome or _audited(event.keywords)
    for column, name in meaning.fields.items():
        _set(column, data, name, values, extra, flags)
    if (kind := _LOGON_TYPES.get(str(event.data.get("LogonType")))) is not None:
        extra["logon_type"] = kind
    extra |= {"data": data} if data else {}
    return meaning.event_type, _kept({**values, "extra": extra, "parse_flags": flags or None})


def _is_absent(value: object) -> bool:
    return value is None or (isinstance(value, str) and value in _ABSENT)


def _moment(written: str, basis: str | None) -> Moment:
    moment = parse_iso(written, zoneless="format_rule")
    return moment._replace(basis=basis) if basis and moment.timestamp is not None else moment


def _about(event: WindowsEvent) -> dict[str, object]:
    about = {
        "event_id": event.event_id,
        "provider": event.provider,
        "channel": event.channel,
        "record_id": event.record_id,
        "user_sid": event.user_sid,
    }
    return {name: value for name, value in about.items() if value is not None}


def _kept(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _audited(keywords: str | None) -> str:
    """The outcome the audit keyword states."""
    bits = int(keywords, 16 if keywords[:2] == "0x" else 10) if keywords and _NUMBER.fullmatch(keywords) else 0
    if bits & _AUDIT_FAILURE:
        return "failure"
    return "success" if bits & _AUDIT_SUCCESS else "unknown"


def _set(
    column: str,
    data: dict[str, object],
    name: str,
    values: dict[str, object],
    extra: dict[str, object],
    flags: list[str],
) -> None:
    """Move a value from the data to its column; what the column cannot hold stays in the data."""
    written = data.get(name)
    text = str(written) if isinstance(written, (str, int)) else ""
    if not text or text in _NOT_STATED:
        return
    if column == "source_ip":
        _set_address(text, data, name, values, flags)
    elif column == "source_port":
        if text.isascii() and text.isdigit() and int(text[:9]) <= 65535:
            values[column] = int(text)
            del data[name]
    elif name == "User" and "\\" in text:
        extra["domain"], _, values[column] = text.partition("\\")
        del data[name]
    else:
        values[column] = text
        del data[name]


def _set_address(text: str, data: dict[str, object], name: str, values: dict[str, object], flags: list[str]) -> None:
    address = parse_address(text) if text.isascii() else None
    if address is None:
        flags.append("invalid_address")
        return
    values["source_ip"] = address.ip
    if address.port:
        values["source_port"] = address.port
    if address.v4_mapped:
        flags.append("v4_mapped")
    elif address.zone is None:
        del data[name]
