"""What Exim says: messages in and out, refusals, failed logins, connections.

Fields are read from the left, in the order in which Exim writes them, up to the Message-ID, behind which all may be
planted. What ``H=`` says is read by `parsers.server_logs._mail_exim_host`.

References:
    Exim 4.98 specification, chapter 53 "Log files"; src/src/receive.c, src/src/deliver.c, src/src/host.c.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.server_logs._mail_common import OPEN, set_account
from parsers.server_logs._mail_exim_host import (
    AFTER_ARRIVAL,
    AFTER_DELIVERY,
    AFTER_HELO,
    AFTER_LOGIN,
    AFTER_REFUSAL,
    HOST,
    NOTHING_ELSE,
    QUOTED,
    leave_open,
    read_peer,
)
from parsers.server_logs._mail_exim_rules import SENTENCES
from parsers.server_logs._syslog_rules import LONGEST, PLAIN, Reading, read_by

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["STAMP", "is_exim_sentence", "read_exim", "read_exim_message"]

STAMP = r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?: [+-][0-9]{4})?) "
_INNER = re.compile(STAMP, re.ASCII)
_TAG = re.compile(r"(?:(?P<host>[^\s:\[\]]{1,255}) )?exim4?\[[0-9]{1,10}\]: ")
_PID = re.compile(r"\[(?P<pid>[0-9]{1,10})(?:/[0-9]{1,10})?\] ")
_ID = re.compile(r"([0-9A-Za-z]{6}-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})) ")
_FLAG = re.compile(r"(<=|=>|->|>>|\*>|\*\*|==) ")
_ADDRESS = re.compile(rf"<>|<?{QUOTED}@[^\s>]{{1,255}}>?|[^\s\"]\S{{0,1023}}")
_ORIGINAL = re.compile(rf" <(?P<original>{QUOTED}@[^\s<>]{{1,255}}|[^\s<>]{{1,1023}})>")
_HOST_START = re.compile(r"(?: R=\S+)? H=")
_FIELD = re.compile(rf" (?P<key>[A-Z][A-Za-z0-9]{{0,5}}|id)=(?P<value>{QUOTED}|\S*)")
_INTERFACE = re.compile(r"\[([0-9A-Fa-f:.]{2,45})\]:([0-9]{1,5})")
_SUBJECT = re.compile(rf" T=({QUOTED})(?= |$)")
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

_AUTH_FAILED = re.compile(r"(?P<method>[\w./-]{1,64}) authenticator failed for (?:H=)?(?P<rest>.*)", re.ASCII)
_REPLY = re.compile(r": (?P<reason>[0-9]{3}[ -].*)")
_REFUSED_START = re.compile(r"(?:F=(?P<by>[^\s<>\"]{1,1023}) )?H=")
_OUT_OF_STEP = re.compile(r"SMTP protocol (?:synchronization|sync) error \((?P<reason>[^()]{0,200})\): ")
_NAMED_HOST = re.compile(r"H=" + HOST, re.ASCII)
_REFUSED = re.compile(
    r"(?: F=<(?P<sender>[^<>]*)>)? (?P<how>temporarily rejected|rejected|sender verify fail|sender verify defer"
    r"|Warning:|discarded)"
    r"(?: (?P<stage>RCPT|MAIL|EHLO or HELO|AUTH|VRFY|EXPN|connection|after DATA|during MIME ACL checks"
    r"|by local_scan\(\)|for))?"
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
    if len(body) > LONGEST:
        return PLAIN
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
    return Reading(reading.event_type, pid | reading.values, reading.extra, reading.flags, queue, reading.role)


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
    at, flags = read_peer(fields, start.end(), AFTER_ARRIVAL, values, extra) if start else (0, ())
    if OPEN in flags:  # where the HELO ends is not certain, so nothing behind it is
        return Reading("email_message", values, extra, flags, role="open")
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
        _, flags = read_peer(text, text.find(" H=") + 3, AFTER_DELIVERY, there, named)
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
    at, flags = read_peer(rest, start.end(), AFTER_REFUSAL, values, extra)
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
    at, flags = read_peer(rest, match.start("rest"), AFTER_LOGIN, values, extra)
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
    _, flags = read_peer(rest, hosts[0].start() + 2, NOTHING_ELSE, values, extra)
    return Reading("connection", values, extra, flags)


def _sentence(rest: str) -> Reading | None:
    """A sentence of the table; with a second place where a HELO may end, its address is only claimed."""
    reading = read_by(SENTENCES, rest, _BASE, _NOTHING)
    if reading is None or reading.values["event_action"] == "protocol_error":
        return reading
    places = [match["ip"] for match in AFTER_HELO.finditer(rest)]
    if len(places) < 2:
        return reading
    values = {name: value for name, value in reading.values.items() if name not in {"source_ip", "source_port"}}
    return reading._replace(values=values, flags=leave_open(0, places, values)[1])
