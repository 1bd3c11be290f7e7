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
from typing import TYPE_CHECKING

from parsers.server_logs._mail_messages import mail_reader
from parsers.server_logs._syslog_rules import LONGEST, PLAIN, Reading, book, read_by, rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.server_logs._syslog_rules import Book

__all__ = ["EVENT_TYPES_READ", "read_message"]

_FROM = r" from (?P<ip>\S+) port (?P<port>[0-9]+)"
_PEER = r"(?P<ip>\S+) port (?P<port>[0-9]+)"
_WHO = r"(?:(?P<invalid>invalid user )|(?:illegal user ))?(?P<user>.*)"
_HASH = r"(?:SHA256:[A-Za-z0-9+/=]+|MD5:[0-9a-f:]+|[0-9a-f:]{47})"
_KEY = r"(?P<key_type>[A-Z0-9-]+) (?P<key>" + _HASH + r")"
_SSH2 = _FROM + r" ssh2?(?:: " + _KEY + r")?"
_CERTIFICATE = r" ID (?P<key_id>.*) \(serial (?P<serial>[0-9]+)\) CA (?P<ca>\S+ \S+)"
_UNKNOWN_WHO = r"(?:(?:authenticating|(?P<invalid>invalid)) user (?P<user>.*) )?"
_PREAUTH = r"(?: \[preauth\])?"
_WHO_ONCE = r"(?:(?:authenticating|(?P<invalid>invalid)) user (?P<user>(?:(?! port ).)*) )?"
_ONE_PORT = r"(?P<reason>(?:(?! port [0-9]+: ).)*)"

_LOGIN = partial(rule, "authentication")
_CONNECTION = partial(rule, "connection")
_SESSION = partial(rule, "session")
_LOGOUT = partial(rule, "logout")
_PRIVILEGE = partial(rule, "privilege_use")

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
    _LOGIN("unknown_user", r"(?P<invalid>Invalid|Illegal) user " + _FROM[1:], "failure"),
    _LOGIN("not_allowed", r"User (?P<user>\S+) not allowed because (?P<reason>.*)", "failure"),
    _LOGIN("root_refused", r"ROOT LOGIN REFUSED FROM (?P<ip>\S+)(?: port (?P<port>[0-9]+))?" + _PREAUTH, "failure"),
    # The reason names what a client asked for; a user name with a peer in it is told apart by its second " port ".
    _CONNECTION("disconnecting", r"Disconnecting " + _WHO_ONCE + _PEER + r": " + _ONE_PORT),
    _CONNECTION("no_agreement", r"(?:fatal: )?Unable to negotiate with " + _WHO_ONCE + _PEER + r": " + _ONE_PORT),
    _CONNECTION(
        "broken", r"(?:fatal: )?ssh_dispatch_run_fatal: Connection from " + _WHO_ONCE + _PEER + r": " + _ONE_PORT
    ),
    _CONNECTION("bad_protocol", r"(?:error: )?banner exchange: Connection from " + _PEER + r": (?P<reason>.*)"),
    _CONNECTION(
        "bad_protocol",
        r"Protocol major versions differ for (?P<ip>[^\s:]+|[0-9a-fA-F:.]+(?:%\w+)?)(?: port (?P<port>[0-9]+))?: "
        r"(?P<banner>.*)",
    ),
    _CONNECTION("refused", r"refused connect from \S+ \((?P<ip>[^\s()]+)\)"),
    _CONNECTION(
        "refused",
        r"(?:error: )?drop connection #[0-9]+ from \[(?P<ip>[^\s\]]+)\]:(?P<port>[0-9]+) "
        r"on \[(?P<to_ip>[^\s\]]+)\]:(?P<to_port>[0-9]+) (?P<reason>.*)",
    ),
    _CONNECTION(
        "name_mismatch",
        r"reverse mapping checking getaddrinfo for (?P<reverse_name>\S+) \[(?P<ip>[^\s\]]+)\] failed(?: - .*)?",
    ),
    _CONNECTION("name_mismatch", r"Address (?P<ip>\S+) maps to (?P<reverse_name>\S+), but this does not map back .*"),
    _CONNECTION("name_mismatch", r'Nasty PTR record "(?P<reverse_name>[^"\s]*)" is set up for (?P<ip>\S+), ignoring'),
    _CONNECTION("timeout", r"(?:fatal: )?Timeout before authentication for (?P<ip>\S+)(?: port (?P<port>[0-9]+))?"),
    _CONNECTION(
        "timeout",
        r"(?:fatal: )?Timeout before authentication for connection from (?P<ip>\S+) to (?P<to_ip>\S+), pid = [0-9]+",
    ),
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

_SUDO_WHERE = r"(?:HOST=\S+ ; )?(?:TTY=(?P<tty>\S+) ; )?PWD="
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

# What servers before ssh say; the name in parentheses is what a look-up gave.
_FTPD = (
    _CONNECTION("connection_opened", r"connection from (?P<ip>[0-9a-fA-F:.]+) \((?P<reverse_name>[^\s()]*)\) at .*"),
    _LOGIN("anonymous_login", r"ANONYMOUS FTP LOGIN FROM (?P<ip>[0-9a-fA-F:.]+), .*", "success"),
)
_KLOGIND = (_LOGIN("login", r"Authentication failed from \S+ \((?P<ip>[0-9a-fA-F:.]+)\): (?P<reason>.*)", "failure"),)
_XINETD = (_CONNECTION("connection_opened", r"START: (?P<service>\S+) (?:pid=[0-9]+ )?from=(?P<ip>[0-9a-fA-F:.]+)"),)

_LOGIND = (
    _SESSION("session_opened", r"New session (?P<session>[^\s]+) of user (?P<user>[^\s]+?)(?: with .*)?\."),
    _LOGOUT("session_closed", r"Session (?P<session>\S+) logged out\..*"),
    _LOGOUT("session_removed", r"Removed session (?P<session>[^\s.]+)\."),
)

_SSH_PROGRAMS = ("sshd", "sshd-session", "sshd-auth")
_RULES: Mapping[str, Book] = MappingProxyType(
    {**dict.fromkeys(_SSH_PROGRAMS, book(_SSHD)), "sudo": book(_SUDO), "su": book(_SU), "systemd-logind": book(_LOGIND)}
    | {"ftpd": book(_FTPD), "klogind": book(_KLOGIND), "xinetd": book(_XINETD)}
)
_PAM_RULES, _NO_RULES = book(_PAM), book(())
EVENT_TYPES_READ = (
    "authentication",
    "connection",
    "email_message",
    "log_message",
    "logout",
    "privilege_use",
    "session",
)

_REPEATED = re.compile(r"message repeated ([0-9]{1,9}) times: \[ ?(.*)\]", re.ASCII)
_PAM_HEAD = re.compile(r"pam_(\w{1,32})\(([\w.-]{1,64}):(\w{1,32})\): ", re.ASCII)
_NO_VALUES: Mapping[str, object] = MappingProxyType({})
_SSH_VALUES: Mapping[str, object] = MappingProxyType({"network_protocol": "ssh"})


def read_message(program: str | None, module: str | None, message: str) -> Reading:
    """What a message says, as far as the tables know it; otherwise a plain ``log_message``."""
    if message.startswith("message repeated ") and (repeated := _REPEATED.fullmatch(message[: LONGEST + 1])):
        reading = read_message(program, module, repeated[2]) if not _REPEATED.fullmatch(repeated[2]) else PLAIN
        return reading._replace(extra=reading.extra | {"repeated": int(repeated[1])})
    if len(message) > LONGEST or program is None or "\r" in message:
        return PLAIN  # programs write a carriage return as \r or #015: a raw one means lines that run together
    if reader := mail_reader(program):
        return reader(message)
    if message.startswith("pam_") and (head := _PAM_HEAD.match(message)):
        extra = {"pam": f"{head[2]}:{head[3]}"}
        return _read(_PAM_RULES, message[head.end() :], extra, is_ssh=head[2] in _SSH_PROGRAMS)
    is_ssh = program in _SSH_PROGRAMS
    if (module or "").startswith("pam_") or message.startswith("PAM "):
        return _read(_PAM_RULES, message, {"pam": program}, is_ssh=is_ssh)
    return _read(_RULES.get(program, _NO_RULES), message, _NO_VALUES, is_ssh=is_ssh)


def _read(rules: Book, message: str, extra: Mapping[str, object], *, is_ssh: bool) -> Reading:
    reading = read_by(rules, message, _SSH_VALUES if is_ssh else _NO_VALUES, extra)
    if reading is None:
        return Reading("log_message", {}, dict(extra)) if extra else PLAIN
    if "account_login" in reading.values:
        reading.values["account_platform"] = "ssh" if is_ssh else "unix"
    return reading
