"""OpenVPN's own log: local time, the client instance, what happened to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.contract import Reject
from parsers.kit.text import decode
from parsers.network_logs._openvpn import TIME, client, local_time, peer
from parsers.network_logs._values import assigned, event, prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item
    from parsers.kit.lines import Line
    from parsers.kit.time import Moment

__all__ = ["is_log_line", "log_items"]

_NONE: dict[str, object] = {}
_LINE = re.compile(rf"({TIME}) (?:us=[0-9]{{1,6}} )?(.*)", re.DOTALL)
_ENDPOINT = r"(?:\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Fa-f:.]{2,45}?):[0-9]{1,5}"
_CLIENT = re.compile(rf"(?:([\w.@-]{{1,64}})/)?({_ENDPOINT}) (.*)", re.DOTALL)
_CONNECTED = re.compile(
    rf"\[([\w.@-]{{0,64}})\] Peer Connection Initiated with (?:\[AF_INET6?\])?({_ENDPOINT})(?: .*)?"
)
_LEARN = re.compile(rf"MULTI: Learn: ([0-9A-Fa-f:./]{{2,49}}) -> (?:([\w.@-]{{1,64}})/)?({_ENDPOINT})")
_GONE = re.compile(
    r"(?:SIG[A-Z0-9]{3,5}\[[^\]]{1,60}\] received, client-instance (?:exiting|restarting)"
    r"|Connection reset, restarting \[-?[0-9]{1,3}\])"
)
_PASSED = re.compile(r"TLS: Username/Password authentication (succeeded|deferred) for username '([^']{0,128})'.*")
_REFUSED = re.compile(r"TLS Auth Error: Auth Username/Password verification failed for peer")
_OWN = re.compile(
    r"(?:OpenVPN [0-9]|library versions|MULTI|TLS|SIG|UDP|TCP|TUN|IFCONFIG|Initialization|PUSH|VERIFY|PLUGIN)"
)


def log_items(line: Line, zone: str | None) -> Iterator[Item]:
    """The event of one line."""
    text, lossy = decode(line.raw)
    match = _LINE.fullmatch(text)
    if not match:
        yield Reject(line.span, "the line does not begin with a time", "unknown_structure")
        return
    moment, message = local_time(match[1], zone), match[2]
    yield _event(line, moment, message, ("lossy_text",) if lossy else ())


def is_log_line(raw: bytes) -> bool:
    """Whether a line has the log's stamp and a client instance, or one of the program's own beginnings."""
    match = _LINE.fullmatch(raw.decode("utf-8", "replace"))
    return bool(match and (_CLIENT.match(match[2]) or _OWN.match(match[2])))


def _event(line: Line, moment: Moment, message: str, flags: tuple[str, ...]) -> Item:
    named, learnt = _CLIENT.match(message), _LEARN.fullmatch(message)
    learnt = learnt or (_LEARN.fullmatch(named[3]) if named else None)
    if learnt:
        kind, values, extra = _lease(learnt)
    else:
        kind, values = _client_line(named[1], named[2], named[3]) if named else ("log_message", _NONE)
        extra = _NONE
    return event(kind, line.span, line.locator, values, moment=moment, flags=flags, extra=extra, text=message or None)


def _lease(learnt: re.Match[str]) -> tuple[str, dict[str, object], dict[str, object]]:
    """A virtual address was given to a client instance."""
    held, prefix, address = assigned(learnt[1]), prefix_of(learnt[1]), peer(learnt[3])
    if address is None or not (held or prefix):
        return "log_message", {}, {}
    values = {**client(learnt[2], address), "event_action": "start", "source_ip": held}
    return "lease", values, {"peer_ip": address.ip, "peer_port": address.port, "prefix": prefix}


def _client_line(name: str | None, where: str, message: str) -> tuple[str, dict[str, object]]:
    address = peer(where)
    if address is None:
        return "log_message", {}
    met: dict[str, object] = {"source_ip": address.ip, "source_port": address.port, "network_protocol": "openvpn"}
    if opened := _CONNECTED.fullmatch(message):
        return "session", {**client(opened[1] or None, address), **met, "event_action": "start"}
    if _GONE.fullmatch(message):
        return "session", {**client(name, address), **met, "event_action": "stop"}
    if passed := _PASSED.fullmatch(message):
        outcome = "success" if passed[1] == "succeeded" else "unknown"
        who = {"account_platform": "openvpn", "account_login": passed[2] or None}
        return "authentication", {**met, **who, "event_action": "login", "event_outcome": outcome}
    if _REFUSED.fullmatch(message):
        return "authentication", {**met, "event_action": "login", "event_outcome": "failure"}
    return "log_message", met
