"""What Exim says: messages in and out, refusals, failed logins, connections.

Exim writes ``H=name (helo) [address]:port``. The HELO is the client's text, and so is much of what follows. The address
counts when no other place in the line can be the end of the HELO; else all of them are kept as claimed. Fields are
read from the left, in the order in which Exim writes them, up to the Message-ID, behind which all may be planted.

References:
    Exim 4.98 specification, chapter 53 "Log files"; src/src/receive.c, src/src/deliver.c, src/src/host.c.
"""

from __future__ import annotations

import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.kit.addresses import parse_address
from parsers.server_logs._mail_common import OPEN, set_account
from parsers.server_logs._syslog_rules import Reading, book, read_by, rule

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["STAMP", "is_exim_sentence", "read_exim", "read_exim_message"]

STAMP = r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?: [+-][0-9]{4})?) "
_INNER = re.compile(STAMP, re.ASCII)
_TAG = re.compile(r"(?:(?P<host>[^\s:\[\]]{1,255}) )?exim4?\[[0-9]{1,10}\]: ")
_PID = re.compile(r"\[(?P<pid>[0-9]{1,10})(?:/[0-9]{1,10})?\] ")
_ID = re.compile(r"([0-9A-Za-z]{6}-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})) ")
_FLAG = re.compile(r"(<=|=>|->|>>|\*>|\*\*|==) ")
_QUOTED = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_ADDRESS = re.compile(rf"<>|<?{_QUOTED}@[^\s>]{{1,255}}>?|[^\s\"]\S{{0,1023}}")
_ORIGINAL = re.compile(rf" <(?P<original>{_QUOTED}@[^\s<>]{{1,255}}|[^\s<>]{{1,1023}})>")
_HOST = r"(?:(?P<client_name>[^\s()\[\]=]{1,255}) )?(?:\((?P<helo>[^\s()]{0,255})\) )?\[(?P<ip>[0-9A-Fa-f:.]{2,45})\](?::(?P<port>[0-9]{1,5}))?"
_HOST_AT = re.compile(_HOST + r"(?=[ ,:]|$)", re.ASCII)
_HELO = re.compile(r"(?:[^\s()\[\]=]{1,255} )?\(")
_AFTER_HELO = re.compile(r"\) \[(?P<ip>[0-9A-Fa-f:.]{2,45})\](?::(?P<port>[0-9]{1,5}))?(?=[ ,:]|$)", re.ASCII)
_PLAIN_FIELDS = rf"(?: [A-Z][A-Za-z0-9]{{0,5}}=(?:{_QUOTED}|[^\s\"]\S*))*"
_AFTER_ARRIVAL = re.compile(_PLAIN_FIELDS + rf"(?: id=\S*)?(?: T={_QUOTED})?(?: from <.*>)?(?: for .*)?$")
_AFTER_REFUSAL = re.compile(
    _PLAIN_FIELDS + rf"(?: F=<(?:{_QUOTED}@)?[^<>]*>)? (?:temporarily rejected|rejected|sender verify|Warning:|discarded)"
)
_AFTER_LOGIN = re.compile(_PLAIN_FIELDS + r": [0-9]{3}[ -]")
_NOTHING_ELSE = re.compile(r"(?!)")
_AFTER_DELIVERY = re.compile(_PLAIN_FIELDS + r"(?:: .*)?$")
_HOST_START = re.compile(r"(?: R=\S+)? H=")
_FIELD = re.compile(rf" (?P<key>[A-Z][A-Za-z0-9]{{0,5}}|id)=(?P<value>{_QUOTED}|\S*)")
_INTERFACE = re.compile(r"\[([0-9A-Fa-f:.]{2,45})\]:([0-9]{1,5})")
_SUBJECT = re.compile(rf" T=({_QUOTED})(?= |$)")
_ESCAPED = re.compile(r"\\(.)")
_SET_ID = re.compile(r" \(set_id=(.*)\)")

_BASE: Mapping[str, object] = MappingProxyType({"network_protocol": "smtp"})
_NOTHING: Mapping[str, object] = MappingProxyType({})
_OUTCOMES: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        "=>": ("delivered", "success"),
        "->": ("delivered", "success"),
        ">>": ("delivered", "success"),
        "*>": ("suppressed", "unknown"),
        "**": ("bounced", "failure"),
        "==": ("deferred", "failure"),
    }
)

_CONNECTION = partial(rule, "connection")
_LOG = partial(rule, "log_message")
_ON = r"(?:H=)?" + _HOST
_SENTENCES = book(
    (
        _CONNECTION("connection_opened", r"SMTP connection from " + _ON + r"(?: I=\S+)? \(TCP/IP connection count = (?P<count>[0-9]{1,9})\)"),
        _CONNECTION("connection_ended", r"SMTP connection from " + _ON + r"(?: I=\S+)?(?: D=(?P<duration>\S+))? (?P<how>closed by (?:QUIT|EXIT|DROP in ACL|DROP in a ?c?l?)|lost.*|closed.*)"),
        _CONNECTION("dropped", r"SMTP call from " + _ON + r"(?: I=\S+)? dropped: (?P<reason>.*)"),
        _CONNECTION("protocol_error", r"SMTP protocol error in (?P<input>\".*\") H=" + _HOST + r"(?: I=\S+)? (?P<reason>[^\"\[\]()=]*)"),
        _CONNECTION("connection_lost", r"unexpected disconnection while reading SMTP command from " + _ON + r"(?: I=\S+)?(?: D=(?P<duration>\S+))?"),
        _CONNECTION("connection_lost", r"SMTP (?:command|data) timeout (?:\([^()]{0,80}\) )?on (?:TLS )?connection from " + _ON + r"(?: I=\S+)?(?: D=(?P<duration>\S+))?.*"),
        _CONNECTION("tls_failed", r"TLS error on connection from " + _ON + r"(?: I=\S+)?:? (?P<reason>.*)"),
        _CONNECTION("no_mail", r"no MAIL in (?:SMTP|TLS|ESMTP) connection from " + _ON + r"(?: .*)?"),
        _CONNECTION("refused", r"Connection from \[(?P<ip>[0-9A-Fa-f:.]{2,45})\](?::(?P<port>[0-9]{1,5}))?(?: I=\S+)? refused: (?P<reason>.*)"),
        rule("email_message", "rejected", r"rejected (?P<stage>HELO|EHLO|[A-Z]{4}) from " + _ON + r"(?: I=\S+)?: (?P<reason>.*)", "failure"),
        _LOG("name_mismatch", r"no host name found for IP address (?P<ip>[0-9A-Fa-f:.]{2,45})"),
        _LOG("name_mismatch", r"no IP address found for host (?P<peer_name>\S+)(?: \(during SMTP connection from " + _ON + r"\))?"),
        _LOG("queue_run", r"(?P<what>Start|End) queue run: (?P<run>.*)"),
        _LOG("daemon", r"(?P<what>exim \S{1,20} daemon started: .*)"),
        _LOG("command_line", r"cwd=(?P<cwd>\S+) (?P<count>[0-9]{1,4}) args: (?P<command>.*)"),
    )
)  # fmt: skip
_AUTH_FAILED = re.compile(r"(?P<method>[\w./-]{1,64}) authenticator failed for (?:H=)?(?P<rest>.*)", re.ASCII)
_REPLY = re.compile(r": (?P<reason>[0-9]{3}[ -].*)")
_REFUSED_START = re.compile(r"(?:F=(?P<by>[^\s<>\"]{1,1023}) )?H=")
_OUT_OF_STEP = re.compile(r"SMTP protocol (?:synchronization|sync) error \((?P<reason>[^()]{0,200})\): ")
_NAMED_HOST = re.compile(r"H=" + _HOST, re.ASCII)
_REFUSED = re.compile(
    r"(?: F=<(?P<sender>[^<>]*)>)? (?P<how>temporarily rejected|rejected|sender verify fail|sender verify defer|Warning:|discarded)"
    r"(?: (?P<stage>RCPT|MAIL|EHLO or HELO|AUTH|VRFY|EXPN|connection|after DATA|during MIME ACL checks|by local_scan\(\)|for))?"
    r"(?: <?(?P<to>[^\s<>:]{1,1023})>?(?=:|$))?(?::? (?P<reason>.*))?"
)


def read_exim_message(message: str) -> Reading:
    """A message of Exim in syslog; it repeats the time when ``syslog_timestamp`` is on."""
    inner = _INNER.match(message)
    return read_exim(message[inner.end() :] if inner else message)


def is_exim_sentence(body: str) -> bool:
    """Whether what stands after the stamp is something Exim is known to write."""
    reading = read_exim(body)
    return reading.queue is not None or "event_action" in reading.values


def read_exim(body: str) -> Reading:
    """What a line of the main log says, after its stamp."""
    pid: dict[str, object] = {}
    if tag := _TAG.match(body):
        body, pid = body[tag.end() :], {"host_name": tag["host"]} if tag["host"] else {}
    if found := _PID.match(body):
        body, pid = body[found.end() :], pid | {"process_pid": int(found["pid"])}
    match = _ID.match(body)
    queue, rest = (match[1], body[match.end() :]) if match else (None, body)
    reading = _message(rest) if queue else None
    reading = reading or _refusal(rest) or _failed_login(rest) or _out_of_step(rest) or _sentence(rest)
    reading = reading or Reading("log_message", dict(_BASE) if queue else {}, {})
    return reading._replace(queue=queue, values=pid | reading.values)


def _message(rest: str) -> Reading | None:
    if rest.startswith("Completed"):
        return Reading("log_message", {**_BASE, "event_action": "completed"}, {}, role="close")
    flag = _FLAG.match(rest)
    address = _ADDRESS.match(rest, flag.end()) if flag else None
    if flag is None or address is None:
        return None
    who, fields = address[0], rest[address.end() :]
    if who.endswith(":") and who != ":":
        who, fields = who[:-1], ":" + fields
    return _arrival(who, fields) if flag[1] == "<=" else _departure(flag[1], who, fields)


def _arrival(sender: str, fields: str) -> Reading:
    values: dict[str, object] = {**_BASE, "event_action": "accepted", "event_outcome": "success"}
    extra: dict[str, object] = {}
    values |= {"sender": sender} if sender != "<>" else {}
    start = _HOST_START.match(fields)
    at, flags = _peer(fields, start.end(), _AFTER_ARRIVAL, values, extra) if start else (0, ())
    found, planted = _fields(fields[at:], ("id", "T"))
    for key, name in _NAMES.items():
        extra |= {name: _unquoted(found[key])} if found.get(key) else {}
    if interface := _INTERFACE.fullmatch(found.get("I", "")):
        values["destination_ip"] = interface[1]
        values |= {"destination_port": int(interface[2])} if int(interface[2]) <= 65535 else {}
    values |= {"message_id": f"<{found['id']}>"} if found.get("id") else {}
    if subject := _SUBJECT.search(fields, at):
        values["email_subject"] = _unquoted(subject[1])
    if "A" in found and not planted:
        extra["method"], _, login = found["A"].partition(":")
        set_account(values, login.partition(":")[0])
    return Reading("email_message", values, extra, (*flags, OPEN) if planted else flags, role="open")


def _departure(mark: str, address: str, fields: str) -> Reading:
    action, outcome = _OUTCOMES[mark]
    values: dict[str, object] = {**_BASE, "event_action": action, "event_outcome": outcome}
    extra: dict[str, object] = {"mark": mark}
    if original := _ORIGINAL.match(fields):
        extra["delivered_to"], fields = address, fields[original.end() :]
    values["recipients"] = [original["original"] if original else address]
    text, reason = _split_reason(mark, fields)
    found, _ = _fields(text, ())
    for key, name in _DELIVERED.items():
        extra |= {name: _unquoted(found[key])} if found.get(key) else {}
    extra |= {"reason": reason} if reason else {}
    flags: tuple[str, ...] = ()
    if " H=" in text:
        there: dict[str, object] = {}
        named: dict[str, object] = {}
        _, flags = _peer(text, text.find(" H=") + 3, _AFTER_DELIVERY, there, named)
        values |= {name: there[own] for own, name in _THERE.items() if own in there}
        extra |= {"relay": named["client_name"]} if "client_name" in named else {}
    return Reading("email_message", values, extra, flags, role="deliver")


def _split_reason(mark: str, fields: str) -> tuple[str, str]:
    """Fields, and the free text that follows them on lines about failures."""
    if mark == "**":
        head, _, reason = fields.partition(": ")
        return head, reason
    if mark == "==":
        head, found, reason = fields.partition(" defer (")
        return head, f"({reason}" if found else ""
    return fields, ""


def _peer(
    text: str, at: int, tail: re.Pattern[str], values: dict[str, object], extra: dict[str, object]
) -> tuple[int, tuple[str, ...]]:
    """Read ``name (helo) [address]:port``; where it ends, and flags. `tail` is what Exim writes next."""
    first = _HOST_AT.match(text, at)
    others = [m for m in _AFTER_HELO.finditer(text, at) if not first or m.end() > first.end()] if _HELO.match(text, at) else []
    if first is None and len(others) == 1:
        first, others = others[0], []
    fits = first is not None and (not others or tail.match(text, first.end()) is not None)
    if first is None or not fits or any(tail.match(text, other.end()) for other in others):
        return _open(at, [m["ip"] for m in (first, *others) if m], values)
    named = first.groupdict()
    extra |= {name: named[name] for name in ("client_name", "helo") if named.get(name)}
    address = parse_address(named["ip"])
    if address is None:
        return first.end(), ()
    values["source_ip"] = address.ip
    if named["port"] and int(named["port"]) <= 65535:
        values["source_port"] = int(named["port"])
    return first.end(), ("v4_mapped",) if address.v4_mapped else ()


def _open(at: int, candidates: list[str], values: dict[str, object]) -> tuple[int, tuple[str, ...]]:
    """Several addresses may be the peer's: none is, all are claimed."""
    claimed = [address.ip for text in candidates if (address := parse_address(text))]
    if claimed:
        values["claimed_ips"] = claimed
    return at, (OPEN,)


_NAMES = MappingProxyType({"P": "protocol", "X": "tls", "U": "ident", "S": "size", "R": "parent", "SNI": "sni"})
_DELIVERED = MappingProxyType(
    {"R": "router", "T": "transport", "C": "reply", "QT": "queue_time", "DT": "delay", "X": "tls"}
)
_THERE = MappingProxyType({"source_ip": "destination_ip", "source_port": "destination_port"})


def _fields(text: str, last: tuple[str, ...]) -> tuple[dict[str, str], bool]:
    """Fields up to one of `last`, first ones first; and whether one came twice, as only planted ones do."""
    found: dict[str, str] = {}
    planted = False
    for match in _FIELD.finditer(text):
        planted = planted or match["key"] in found
        found.setdefault(match["key"], match["value"])
        if match["key"] in last:
            break
    return found, planted


def _unquoted(text: str) -> str:
    return _ESCAPED.sub(r"\1", text[1:-1]) if text[:1] == text[-1:] == '"' and len(text) > 1 else text


def _refusal(rest: str) -> Reading | None:
    """``H=name (helo) [address] F=<sender> rejected RCPT <recipient>: reason``."""
    start = _REFUSED_START.match(rest)
    if start is None:
        return None
    values: dict[str, object] = dict(_BASE) | ({"sender": start["by"]} if start["by"] else {})
    extra: dict[str, object] = {}
    at, flags = _peer(rest, start.end(), _AFTER_REFUSAL, values, extra)
    match = _REFUSED.search(rest, at)
    if match is None:
        return None
    refused = match["how"].endswith("rejected")
    values["event_action"] = "rejected" if refused else "checked"
    values |= {"event_outcome": "failure"} if refused else {}
    values |= {"sender": match["sender"]} if match["sender"] else {}
    values |= {"recipients": [match["to"]]} if match["to"] else {}
    extra |= {name: match[name] for name in ("how", "stage", "reason") if match[name]}
    return Reading("email_message", values, extra, flags)


def _failed_login(rest: str) -> Reading | None:
    """``plain authenticator failed for (helo) [address]:port: 535 … (set_id=name)``."""
    match = _AUTH_FAILED.fullmatch(rest)
    if match is None:
        return None
    values: dict[str, object] = {**_BASE, "event_action": "login", "event_outcome": "failure"}
    extra: dict[str, object] = {"method": match["method"]}
    at, flags = _peer(rest, match.start("rest"), _AFTER_LOGIN, values, extra)
    if reply := _REPLY.search(rest, at):
        name = _SET_ID.search(reply["reason"])
        extra["reason"] = reply["reason"][: name.start()] if name else reply["reason"]
        set_account(values, name[1] if name else None)
    return Reading("authentication", values, extra, flags)


def _out_of_step(rest: str) -> Reading | None:
    """A client that did not wait: what it sent stands before and behind the host, so there must be one host only."""
    match = _OUT_OF_STEP.match(rest)
    if match is None:
        return None
    values: dict[str, object] = {**_BASE, "event_action": "rejected", "event_outcome": "failure"}
    extra: dict[str, object] = {"reason": match["reason"]}
    hosts = list(_NAMED_HOST.finditer(rest, match.end()))
    if len(hosts) != 1:
        return Reading("connection", values, extra, (OPEN,))
    _, flags = _peer(rest, hosts[0].start() + 2, _NOTHING_ELSE, values, extra)
    return Reading("connection", values, extra, flags)


def _sentence(rest: str) -> Reading | None:
    """A sentence of the table; with a second place where a HELO may end, its address is only claimed."""
    reading = read_by(_SENTENCES, rest, _BASE, _NOTHING)
    if reading is None or reading.values["event_action"] == "protocol_error":
        return reading
    places = [match["ip"] for match in _AFTER_HELO.finditer(rest)]
    if len(places) < 2:
        return reading
    values = {name: value for name, value in reading.values.items() if name not in {"source_ip", "source_port"}}
    return reading._replace(values=values, flags=_open(0, places, values)[1])
