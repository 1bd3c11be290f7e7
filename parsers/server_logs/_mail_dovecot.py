"""What Dovecot says: logins, failed logins, sessions that end, deliveries.

A login line ends in what Dovecot writes (``method=, rip=, lip=, TLS, session=<>``) and holds a name the client typed
before that. So the last ``rip=`` counts, and only if nothing but known fields follows it.

References:
    Dovecot 2.3: src/login-common/client-common.c, login_log_format_elements, src/auth/auth-request.c,
    src/lib-storage (mail_log plug-in), doc/wiki/Logging.
"""

from __future__ import annotations

import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.kit.addresses import parse_address
from parsers.server_logs._mail_common import OPEN, set_account
from parsers.server_logs._syslog_rules import PLAIN, Reading, book, read_by, rule

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SERVICES", "read_dovecot"]

_PROTOCOLS = MappingProxyType(
    {"imap": "imap", "pop3": "pop3", "managesieve": "managesieve", "submission": "smtp", "lmtp": "lmtp", "lda": "lda"}
)
_LOGINS = ("imap-login", "pop3-login", "managesieve-login", "submission-login", "imap-urlauth-login")
SERVICES = (
    *_LOGINS,
    *("imap", "pop3", "managesieve", "submission", "lmtp", "lda", "deliver", "auth", "auth-worker", "master"),
    *("anvil", "config", "dict", "director", "doveadm", "indexer", "indexer-worker", "log", "stats", "ssl-params"),
    *("replicator", "quota-status", "imap-hibernate", "old-stats", "ipc", "script", "imap-urlauth", "aggregator"),
)
_SERVICE = re.compile(
    r"(?:dovecot: )?(?P<service>[a-z0-9-]{2,20})(?:\((?:[0-9]{1,10}, )?(?P<who>[^()<>\s]{0,255})\))?(?:<"
    r"(?P<pid>[0-9]{1,10})>)?"
    r"(?:<(?P<session>[A-Za-z0-9+/=:_-]{1,64})>)?: (?:(?P<level>Info|Warning|Error|Debug|Fatal|Panic): )?",
    re.ASCII,
)

_START = re.compile(r"[:,] (?=(?:user|rip|method|ip|service)=)")
_LONGEST_WHAT = 400
_RIP = re.compile(r"(?:^|[, ])r?ip=")
_ADDRESS = re.compile(r"\[?([^\s\[\],]{1,64})\]?", re.ASCII)
_ELEMENT = re.compile(
    r"(?:lip|mpid|rport|lport|service|local_name|ssl_\w{1,32}|ja3)=[^<>]*|session=<[^<>\s]{0,64}>|secured|TLS[^<>]*",
    re.ASCII,
)
_BEFORE = re.compile(
    r"(?:user=<(?P<user>.*)>)?(?:(?:, |^)(?:service=[a-z0-9]+))?(?:,? ?method=(?P<method>[^,\s<>]*))?,?", re.ASCII
)
_FAILED = re.compile(r"auth failed, (?P<attempts>[0-9]{1,9}) attempts?(?: in (?P<seconds>[0-9]{1,9}) secs)?", re.ASCII)

_AUTH = re.compile(
    r"(?:conn unix:[^:]{1,200}: )?(?:(?:auth-)?worker(?:<[0-9]+>|\([^()]{0,64}\)): )?(?P<driver>[a-z0-9-]{2,20})\("
)
_AUTH_PEER = re.compile(r",(?P<ip>[0-9A-Fa-f.:]{2,45})(?:,(?:<(?P<session>[^<>\s]{0,64})>)?)?\): ", re.ASCII)
_AUTH_REASONS = (
    ("unknown user", "unknown_user"),
    ("no passwd", "login"),
    ("password mismatch", "login"),
    ("pam_authenticate() failed", "login"),
    ("invalid credentials", "login"),
    ("invalid password", "login"),
    ("auth failed", "login"),
    ("login failed", "login"),
    ("user disabled", "login"),
)

_LOGOUT = partial(rule, "logout")
_MAIL = partial(rule, "email_message")
_STORE = partial(rule, "log_message")
_TRAFFIC = r"(?P<traffic>(?:in|out|bytes|top|rcpt)[=/].*)"
_MSGID = r"msgid=(?P<msgid>\S{0,512}?) ?(?:\(added by \S+\))?: "
_SESSIONS = book(
    (
        _LOGOUT("logged_out", r"(?:Disconnected: )?(?P<reason>Logged out) " + _TRAFFIC),
        _LOGOUT(
            "disconnected",
            r"(?P<reason>(?:Disconnected|Connection closed|Server shutting down|Too many).{0,400}?) " + _TRAFFIC,
        ),
        _LOGOUT("disconnected", r"(?P<reason>Disconnected.{0,400})"),
        _MAIL(
            "delivered",
            r"(?:[A-Za-z0-9+/=]{16,40}: )?(?:sieve: )?"
            + _MSGID
            + r"(?:saved mail to|stored mail into mailbox) '?(?P<mailbox>[^']*)'?",
            "success",
        ),
        _MAIL(
            "forwarded",
            r"(?:[A-Za-z0-9+/=]{16,40}: )?(?:sieve: )?" + _MSGID + r"forwarded to <(?P<to>[^<>]*)>",
            "success",
        ),
        _MAIL(
            "rejected",
            r"(?:[A-Za-z0-9+/=]{16,40}: )?(?:sieve: )?"
            + _MSGID
            + r"(?:rejected message from|marked message to be discarded|discarded).*",
            "failure",
        ),
        _STORE(
            "mail_change",
            r"(?P<change>delete|undelete|expunge|copy from [^:]{1,200}|save|append|flag_change|mailbox_(?:create"
            r"|delete|rename)): (?P<what>.*)",
        ),
    )
)
_CONNECTS = book(
    (
        rule("connection", "connection_opened", r"(?:Connect|Connected) from (?P<ip>[0-9A-Fa-f.:]{2,45})"),
        rule("connection", "disconnected", r"Disconnect from (?P<ip>[0-9A-Fa-f.:]{2,45})(?:: (?P<reason>.*))?"),
    )
)
_NO_VALUES: Mapping[str, object] = MappingProxyType({})


def read_dovecot(message: str) -> Reading:
    """What a message of Dovecot says; it begins with the name of a service."""
    match = _SERVICE.match(message)
    if match is None or match["service"] not in SERVICES:
        return PLAIN
    rest, service = message[match.end() :], match["service"]
    if service in _LOGINS:
        reading = _login(rest, service.removesuffix("-login"))
    elif service.startswith("auth"):
        reading = _auth(rest)
    else:
        reading = _session(rest, match)
    extra = {"service": service} | ({"level": match["level"].lower()} if match["level"] else {})
    return Reading(reading.event_type, reading.values, extra | reading.extra, reading.flags)


def _login(text: str, kind: str) -> Reading:
    values: dict[str, object] = {"network_protocol": _PROTOCOLS.get(kind, kind)}
    start = _START.search(text)
    what = text[: start.start()] if start else "<"
    if start is None or len(what) > _LONGEST_WHAT or "<" in what or ">" in what:
        return Reading("log_message", values, {})
    event_type = _outcome(what, values)
    extra: dict[str, object] = {"what": what}
    if failed := _FAILED.search(what):
        extra |= {name: int(number) for name, number in failed.groupdict().items() if number}
    flags = _elements(text[start.end() :], values, extra)
    return Reading(event_type, values, extra, flags)


def _outcome(what: str, values: dict[str, object]) -> str:
    """Event type of a login process's sentence; its action and outcome go to `values`."""
    if what in {"Login", "Logged in"} or ": started proxying to " in what:
        values |= {"event_action": "login", "event_outcome": "success"}
        return "authentication"
    if "auth failed" in what or what.startswith("Maximum number of connections"):
        values |= {"event_action": "login", "event_outcome": "failure"}
        return "authentication"
    if what.startswith("proxy("):
        values["event_action"] = "disconnected"
        return "logout"
    values["event_action"] = "disconnected"
    return "connection"


def _elements(text: str, values: dict[str, object], extra: dict[str, object]) -> tuple[str, ...]:
    """The fields after the sentence; the last ``rip=`` is Dovecot's own if only its own fields follow."""
    marks = list(_RIP.finditer(text))
    before = _BEFORE.fullmatch(text[: marks[-1].start()]) if marks else None
    parts = text[marks[-1].end() :].split(", ") if marks else []
    peer = _ADDRESS.fullmatch(parts[0]) if parts else None
    if before is None or peer is None or not _are_own(parts[1:]):
        return (OPEN,)
    set_account(values, before["user"])
    extra |= {"method": before["method"]} if before["method"] else {}
    for part in parts[1:]:
        _element(part, values, extra)
    address = parse_address(peer[1])
    if address is None:
        extra["peer_name"] = peer[1]
        return ("address_is_name",)
    values["source_ip"] = address.ip
    return ("v4_mapped",) if address.v4_mapped else ()


def _are_own(parts: list[str]) -> bool:
    """Whether Dovecot wrote these fields: known names, or the rest of a TLS error that holds a comma."""
    in_tls = False
    for part in parts:
        if _ELEMENT.fullmatch(part):
            in_tls = part.startswith("TLS")
        elif not in_tls or "<" in part or ">" in part:
            return False
    return True


def _element(part: str, values: dict[str, object], extra: dict[str, object]) -> None:
    name, _, value = part.partition("=")
    if name == "lip" and (address := parse_address(value)):
        values["destination_ip"] = address.ip
    elif name == "session":
        values["session_id"] = value.strip("<>") or None
    elif name in _PORTS and value.isdigit() and len(value) <= 5 and int(value) <= 65535:
        values[_PORTS[name]] = int(value)
    elif part.startswith(("TLS", "secured")):
        extra["tls"] = part
    elif value:
        extra[name] = value


_PORTS = MappingProxyType({"rport": "source_port", "lport": "destination_port"})


def _auth(text: str) -> Reading:
    """``passwd-file(user,address,<session>): unknown user``; whoever typed the name may have typed an address too."""
    start = _AUTH.match(text)
    if start is None:
        return PLAIN
    marks = list(_AUTH_PEER.finditer(text, start.end()))
    found = text[marks[0].end() :].lower() if marks else text.lower()
    action = next((action for words, action in _AUTH_REASONS if words in found), None)
    if action is None:
        return PLAIN
    values: dict[str, object] = {"event_action": action, "event_outcome": "failure"}
    extra: dict[str, object] = {"driver": start["driver"]}
    if len(marks) > 1:
        return Reading("authentication", values, extra, (OPEN,))
    if not marks:
        return Reading("authentication", values, extra)
    set_account(values, text[start.end() : marks[0].start()])
    extra["reason"] = text[marks[0].end() :]
    if marks[0]["session"]:
        values["session_id"] = marks[0]["session"]
    address = parse_address(marks[0]["ip"])
    if address is None:
        return Reading("authentication", values, extra)
    values["source_ip"] = address.ip
    return Reading("authentication", values, extra, ("v4_mapped",) if address.v4_mapped else ())


def _session(text: str, match: re.Match[str]) -> Reading:
    """What a service says for a user who is logged in, or while it delivers."""
    kind = match["service"]
    base: dict[str, object] = {"network_protocol": _PROTOCOLS[kind]} if kind in _PROTOCOLS else {}
    who = match["who"]
    named = who is not None and not who.isdigit()
    reading = read_by(_SESSIONS if named else _CONNECTS, text, base, _NO_VALUES)
    reading = reading or Reading("log_message", base, {})
    if match["session"]:
        reading.values["session_id"] = match["session"]
    if reading.event_type == "email_message":
        reading.values.setdefault("recipients", [who])
        reading.extra["mailbox_of"] = who
    elif named:
        set_account(reading.values, who)
    return reading
