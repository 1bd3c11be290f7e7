r"""What programs say about accounts in syslog messages, as one table of patterns.

A user name is whatever a client typed: ``x from 192.0.2.1 port 22 ssh2`` is one. So every pattern is matched over
the whole message, and the address is taken from the end that the program writes after (or before) the name; where
neither end is safe, no address is taken.

References:
    OpenSSH portable 9.8: auth.c auth_log(), auth2.c, packet.c, monitor.c, sshd-session.c.
    Linux-PAM 1.5: modules/pam_unix/pam_unix_sess.c, support.c.
    sudo 1.9: lib/eventlog/eventlog.c. shadow 4.13 and util-linux 2.38: su.
"""

from __future__ import annotations

import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.addresses import parse_address

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EVENT_TYPES_READ", "Reading", "read_message"]

_LONGEST = 8192  # characters of a message that patterns may see


class Rule(NamedTuple):
    """One sentence of a program. Named groups become columns (see `_COLUMNS`) or keys of `extra`."""

    pattern: re.Pattern[str]
    event_type: str
    action: str
    outcome: str | None = None


class Reading(NamedTuple):
    """What a message says: the event type, columns, keys of `extra`, and parse flags."""

    event_type: str
    values: dict[str, object]
    extra: dict[str, object]
    flags: tuple[str, ...]


def _rule(event_type: str, action: str, pattern: str, outcome: str | None = None) -> Rule:
    return Rule(re.compile(pattern, re.ASCII), event_type, action, outcome)


_FROM = r" from (?P<ip>\S+) port (?P<port>[0-9]+)"
_PEER = r"(?P<ip>\S+) port (?P<port>[0-9]+)"
_WHO = r"(?:(?P<invalid>invalid user )|(?:illegal user ))?(?P<user>.*)"
_HASH = r"(?:SHA256:[A-Za-z0-9+/=]+|MD5:[0-9a-f:]+|[0-9a-f:]{47})"
_KEY = r"(?P<key_type>[A-Z0-9-]+) (?P<key>" + _HASH + r")"
_SSH2 = _FROM + r" ssh2?(?:: " + _KEY + r")?"
_CERTIFICATE = r" ID (?P<key_id>.*) \(serial (?P<serial>[0-9]+)\) CA (?P<ca>\S+ \S+)"
_UNKNOWN_WHO = r"(?:(?:authenticating|(?P<invalid>invalid)) user (?P<user>.*) )?"
_PREAUTH = r"(?: \[preauth\])?"

_LOGIN = partial(_rule, "authentication")
_CONNECTION = partial(_rule, "connection")
_SESSION = partial(_rule, "session")
_LOGOUT = partial(_rule, "logout")
_PRIVILEGE = partial(_rule, "privilege_use")

_SSHD = (
    _LOGIN(
        "login", r"Accepted (?P<method>\S+) for (?P<user>\S+)" + _FROM + r" ssh2: " + _KEY + _CERTIFICATE, "success"
    ),
    _LOGIN("login", r"Accepted (?P<method>\S+) for (?P<user>.*)" + _SSH2, "success"),
    _LOGIN("login", r"Failed (?P<method>\S+) for " + _WHO + _SSH2, "failure"),
    _LOGIN("login", r"(?:error: )?PAM: (?P<reason>[A-Za-z ]{1,80}?) for " + _WHO + r" from (?P<ip>\S+)", "failure"),
    _LOGIN("login_postponed", r"Postponed (?P<method>\S+) for " + _WHO + _SSH2 + _PREAUTH, "unknown"),
    _LOGIN(
        "unknown_user",
        r"(?P<invalid>Invalid|Illegal) user (?P<user>.*) from (?P<ip>\S+)(?: port (?P<port>[0-9]+))?",
        "failure",
    ),
    _LOGIN(
        "attempts_exceeded",
        r"(?:error: )?maximum authentication attempts exceeded for " + _WHO + _SSH2 + _PREAUTH,
        "failure",
    ),
    _LOGIN("not_allowed", r"User (?P<user>.*) from (?P<ip>\S+) not allowed because (?P<reason>.*)", "failure"),
    _LOGOUT("disconnected", r"Disconnected from user (?P<user>.*) " + _PEER),
    _LOGOUT("session_closed", r"Close session: user (?P<user>\S+)" + _FROM + r" id (?P<channel>[0-9]+)"),
    _SESSION(
        "session_opened",
        r"Starting session: (?P<what>.*) for (?P<user>\S+)" + _FROM + r" id (?P<channel>[0-9]+)",
    ),
    _CONNECTION("disconnected", r"Disconnected from " + _UNKNOWN_WHO + _PEER + _PREAUTH),
    _CONNECTION("connection_ended", r"Connection (?P<how>closed|reset) by " + _UNKNOWN_WHO + _PEER + _PREAUTH),
    _CONNECTION("connection_ended", r"Connection (?P<how>closed|reset) by (?P<ip>\S+)" + _PREAUTH),
    _CONNECTION(
        "disconnected",
        r"(?:error: )?Received disconnect from (?P<ip>\S+)(?: port (?P<port>[0-9]+):|: )"
        r"(?P<code>[0-9]+): (?P<reason>.*)",
    ),
    _CONNECTION(
        "connection_opened",
        r"Connection from " + _PEER + r"(?: on (?P<to_ip>\S+) port (?P<to_port>[0-9]+)(?: rdomain .*)?)?",
    ),
    _CONNECTION(
        "no_identification", r"Did not receive identification string from (?P<ip>\S+)(?: port (?P<port>[0-9]+))?"
    ),
    _CONNECTION("bad_protocol", r"(?:error: )?Bad protocol version identification '(?P<banner>.*)'" + _FROM),
    _CONNECTION("no_agreement", r"Unable to negotiate with " + _PEER + r": (?P<reason>.*)"),
    _CONNECTION("timeout", r"(?:fatal: )?Timeout before authentication for " + _PEER),
)

_UIDS = r"(?:\(uid=(?P<uid>[0-9]+)\))? by (?P<by>[^\s(]*)(?:\(uid=(?P<by_uid>[0-9]+)\))?"
_PAM_FAILURE = (
    r"(?:PAM (?P<failures>[0-9]+) more )?authentication failures?; logname=(?P<logname>\S*) "
    r"uid=(?P<uid>[0-9]*) euid=(?P<euid>[0-9]*) tty=(?P<tty>\S*) "
)
_NO_RHOST = r"(?:(?! rhost=).)*"
_PAM = (
    _SESSION("session_opened", r"session opened for user (?P<user>[^\s(]+)" + _UIDS, "success"),
    _LOGOUT("session_closed", r"session closed for user (?P<user>\S+)"),
    _LOGIN(
        "login",
        _PAM_FAILURE + rf"ruser=(?P<ruser>{_NO_RHOST}) rhost=(?P<ip>\S*)(?: +user=(?P<user>{_NO_RHOST}))? *",
        "failure",
    ),
    # Both names are typed by a client: with a second " rhost=" in them nothing tells which address is the real one.
    _LOGIN("login", _PAM_FAILURE + r"ruser=.* rhost=.*", "failure"),
    _LOGIN("unknown_user", r"check pass; user unknown", "failure"),
)

_SUDO_WHERE = r"(?:HOST=\S+ ; )?TTY=(?P<tty>\S+) ; PWD="
_SUDO_WHAT = (
    r"(?P<pwd>[^;]*) ; USER=(?P<target>[^\s;]+) ;(?: GROUP=(?P<group>[^\s;]+) ;)?(?: TSID=(?P<tsid>\w+) ;)?"
    r"(?: ENV=(?P<env>[^;]*) ;)? COMMAND=(?P<command>.*)"
)
_SUDO = (
    _PRIVILEGE("sudo", r" *(?P<user>\S+) : " + _SUDO_WHERE + _SUDO_WHAT, "success"),
    _PRIVILEGE("sudo", r" *(?P<user>\S+) : (?P<reason>[^=;]+) ; " + _SUDO_WHERE + _SUDO_WHAT, "failure"),
    # A folder's name may hold "; USER=root ; COMMAND=": then only what stands before it is certain.
    _PRIVILEGE("sudo", r" *(?P<user>\S+) : (?:(?P<reason>[^=;]+) ; )?" + _SUDO_WHERE + r".*", "unknown"),
)

_SU = (
    _PRIVILEGE("su", r"FAILED SU \(to (?P<target>[^\s)]+)\) (?P<user>\S+) on (?P<tty>\S+)", "failure"),
    _PRIVILEGE("su", r"\(to (?P<target>[^\s)]+)\) (?P<user>\S+) on (?P<tty>\S+)", "success"),
    _PRIVILEGE("su", r"FAILED su for (?P<target>\S+) by (?P<user>\S+)", "failure"),
    _PRIVILEGE("su", r"Successful su for (?P<target>\S+) by (?P<user>\S+)", "success"),
    _PRIVILEGE("su", r"\+ (?P<tty>\S+) (?P<user>[^\s:]+):(?P<target>\S+)", "success"),
    _PRIVILEGE("su", r"- (?P<tty>\S+) (?P<user>[^\s:]+):(?P<target>\S+)", "failure"),
)

_LOGIND = (
    _SESSION("session_opened", r"New session (?P<session>[^\s]+) of user (?P<user>[^\s]+?)(?: with .*)?\."),
    _LOGOUT("session_closed", r"Session (?P<session>\S+) logged out\..*"),
    _LOGOUT("session_removed", r"Removed session (?P<session>[^\s.]+)\."),
)

_SSH_PROGRAMS = ("sshd", "sshd-session", "sshd-auth")
_RULES: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {**dict.fromkeys(_SSH_PROGRAMS, _SSHD), "sudo": _SUDO, "su": _SU, "systemd-logind": _LOGIND}
)
EVENT_TYPES_READ = ("authentication", "connection", "log_message", "logout", "privilege_use", "session")

_COLUMNS = MappingProxyType({"user": "account_login", "target": "target_account_login", "session": "session_id"})
_PORTS = MappingProxyType({"port": "source_port", "to_port": "destination_port"})
_REPEATED = re.compile(r"message repeated ([0-9]{1,9}) times: \[ ?(.*)\]", re.ASCII)
_PAM_HEAD = re.compile(r"pam_(\w{1,32})\(([\w.-]{1,64}):(\w{1,32})\): ", re.ASCII)


def read_message(program: str | None, module: str | None, message: str) -> Reading:
    """What a message says, as far as the table knows it; otherwise a plain ``log_message``."""
    if repeated := _REPEATED.fullmatch(message[: _LONGEST + 1]):
        reading = read_message(program, module, repeated[2]) if not _REPEATED.fullmatch(repeated[2]) else _PLAIN
        return reading._replace(extra=reading.extra | {"repeated": int(repeated[1])})
    if len(message) > _LONGEST or program is None:
        return _PLAIN
    if head := _PAM_HEAD.match(message):
        extra: dict[str, object] = {"pam": f"{head[2]}:{head[3]}"}
        return _read(_PAM, message[head.end() :], extra, is_ssh=head[2] in _SSH_PROGRAMS)
    is_ssh = program in _SSH_PROGRAMS
    if (module or "").startswith("pam_") or message.startswith("PAM "):
        return _read(_PAM, message, {"pam": program}, is_ssh=is_ssh)
    return _read(_RULES.get(program, ()), message, {}, is_ssh=is_ssh)


_PLAIN = Reading("log_message", {}, {}, ())


def _read(rules: tuple[Rule, ...], message: str, extra: dict[str, object], *, is_ssh: bool) -> Reading:
    for rule in rules:
        if match := rule.pattern.fullmatch(message):
            return _reading(rule, match, extra, is_ssh=is_ssh)
    return _PLAIN._replace(extra=extra)


def _reading(rule: Rule, match: re.Match[str], extra: dict[str, object], *, is_ssh: bool) -> Reading:
    groups = {name: text for name, text in match.groupdict().items() if text}
    values: dict[str, object] = {"event_action": rule.action}
    if rule.outcome:
        values["event_outcome"] = rule.outcome
    if is_ssh:
        values["network_protocol"] = "ssh"
    if "user" in groups:
        values["account_platform"] = "ssh" if is_ssh else "unix"
    extra, flags = dict(extra), []
    for name, text in groups.items():
        flags += _place(name, text, values, extra)
    return Reading(rule.event_type, values, extra, tuple(flags))


def _place(name: str, text: str, values: dict[str, object], extra: dict[str, object]) -> list[str]:
    """Put one group where it belongs; returns parse flags."""
    if name == "ip":
        return _peer(text, values, extra)
    if name == "to_ip":
        address = parse_address(text)
        values["destination_ip"] = address.ip if address else None
    elif name in _PORTS:
        _port(name, text, values, extra)
    elif name == "key":
        values["identifiers"] = [{"type": "key_fingerprint", "value": text, "raw": text}]
    elif name in _COLUMNS:
        values[_COLUMNS[name]] = text
    elif name == "invalid":
        extra["invalid_user"] = True
    else:
        extra[name] = text
    return []


def _port(name: str, text: str, values: dict[str, object], extra: dict[str, object]) -> None:
    if len(text) <= 5 and int(text) <= 65535:
        values[_PORTS[name]] = int(text)
    else:
        extra[name] = text


def _peer(text: str, values: dict[str, object], extra: dict[str, object]) -> list[str]:
    """The peer as the program names it; a host name is no address and goes to `extra`."""
    address = parse_address(text)
    if address is None:
        extra["peer_name"] = text
        return ["address_is_name"] if text != "UNKNOWN" else []
    values["source_ip"] = address.ip
    if address.zone:
        extra["ip_zone"] = address.zone
    return ["v4_mapped"] if address.v4_mapped else []
