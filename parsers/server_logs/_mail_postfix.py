"""What Postfix says: sessions, queue, deliveries, refusals.

Addresses of peers stand where only Postfix writes: before any text of the client. Fields behind text that a client
chose (an address, a HELO, a header) are taken only when the line leaves no second way to read it.

References:
    Postfix 3.7: src/smtpd/smtpd.c, smtpd_check.c, smtpd_sasl_glue.c, src/cleanup/cleanup_message.c,
    src/global/log_adhoc.c, src/qmgr/qmgr_active.c, src/postscreen/postscreen.c; postconf(5) enable_long_queue_ids.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.kit.addresses import parse_address
from parsers.server_logs._mail_common import NAME, OPEN, set_account
from parsers.server_logs._mail_postfix_rules import ABOUT, ROLES, SCREENED, SESSIONS
from parsers.server_logs._syslog_rules import PLAIN, Reading, read_by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["read_postfix"]

_BASE: Mapping[str, object] = MappingProxyType({"network_protocol": "smtp"})
_NOTHING: Mapping[str, object] = MappingProxyType({})
_QUEUE = re.compile(r"([0-9A-F]{5,20}|[0-9][0-9A-Za-z]{5,31}|NOQUEUE): ")
_SASL = re.compile(
    r"warning: " + NAME + r": SASL (?P<method>\S{1,100}) authentication (?P<how>failed|failure|aborted)"
    r"(?:: ?(?P<reason>.*?))?(?:, sasl_username=(?P<user>.*))?",
    re.ASCII,
)

_CLIENT = re.compile(r"client=" + NAME + r"(?P<more>(?:, [a-z_]{1,20}=.*)?)", re.ASCII)
_MORE = re.compile(r", (sasl_method|sasl_username|sasl_sender|orig_queue_id|orig_client)=")
_PEER = re.compile(NAME, re.ASCII)
_DELIVERY = re.compile(
    r"to=<(?P<to>[^<>]*)>(?:, orig_to=<(?P<orig_to>[^<>]*)>)?, relay=(?P<relay>[^\s,]{1,300})"
    r"(?:, conn_use=(?P<conn_use>[0-9]{1,9}))?, delay=(?P<delay>[0-9.]{1,20})(?:, delays=(?P<delays>[0-9./]{1,80}))?"
    r"(?:, dsn=(?P<dsn>[0-9.]{1,12}))?, status=(?P<status>[A-Za-z-]{1,32})(?: \((?P<reply>.*)\))?",
    re.ASCII,
)
_AFTER_RECIPIENT = ">, relay="
_RELAY = re.compile(r"([^\[\]]{1,255})\[([^\[\]]{1,64})\](?::([0-9]{1,5}))?", re.ASCII)
_QUEUED_AS = re.compile(r"queued as ([0-9A-Za-z-]{5,32})\b")
_STATUS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sent": ("delivered", "success"),
        "deferred": ("deferred", "failure"),
        "bounced": ("bounced", "failure"),
        "expired": ("expired", "failure"),
        "undeliverable": ("undeliverable", "failure"),
        "deliverable": ("deliverable", "success"),
    }
)

_CHECK = re.compile(
    r"(?P<verb>[a-z_-]{2,20}): (?P<stage>[A-Z-]{2,32}) from (?:"
    + NAME
    + r"|"
    + SCREENED.replace("<ip>", "<ip2>").replace("<port>", "<port2>")
    + r"): (?P<rest>.*)",
    re.ASCII,
)
_REPLY = re.compile(r"(?:(?P<code>[2-5][0-9]{2}) )?(?:(?P<dsn>[245]\.[0-9]{1,3}\.[0-9]{1,3}) )?")
_TAIL = re.compile(
    r"; (?:from=<(?P<sender>[^<>]*)>,? ?)?(?:to=<(?P<to>[^<>]*)>,? ?)?(?:proto=(?P<proto>\w+))?"
    r"(?:,? helo=<(?P<helo>[^<>]*)>)?(?:: (?P<more>.*))?",
    re.ASCII,
)
_PLANTED = re.compile(r"[<>]|proto=")
_TAIL_START = re.compile(r"; (?:from=<|to=<|proto=)")
_CONTENT = re.compile(r"(?P<verb>[a-z]{2,16}): (?P<part>header|body|mime-header|nested-header) (?P<rest>.*)", re.ASCII)
_CONTENT_PEER = re.compile(r" from (?:local|" + NAME + r")(?=; from=<)", re.ASCII)
_REFUSALS = ("reject", "milter-reject")


def read_postfix(message: str) -> Reading:
    """What a message of one of Postfix's programs says."""
    match = _QUEUE.match(message)
    if match is None:
        if " SASL " in message and (found := _SASL.fullmatch(message)):
            return _failed_login(found)
        return read_by(SESSIONS, message, _BASE, _NOTHING) or PLAIN
    body, queue = message[match.end() :], match[1] if match[1] != "NOQUEUE" else None
    reader = _READERS.get(body[:4])
    reading = (reader and reader(body)) or _about(body)
    return reading.of_queue(queue, reading.role)


def _about(body: str) -> Reading:
    reading = read_by(ABOUT, body, _BASE, _NOTHING)
    if reading is None:
        return _refusal(body) or _content(body) or Reading("log_message", dict(_BASE), {})
    if reading.values.get("message_id") == "<>":
        del reading.values["message_id"]
    role = ROLES.get(str(reading.values["event_action"]), "")
    return reading.of_queue(None, role)


def _failed_login(match: re.Match[str]) -> Reading:
    values: dict[str, object] = {**_BASE, "event_action": "login", "event_outcome": "failure"}
    extra: dict[str, object] = {"method": match["method"]} | ({"reason": match["reason"]} if match["reason"] else {})
    flags = _set_peer(match, values, extra)
    set_account(values, match["user"])
    return Reading("authentication", values, extra, flags)


def _set_peer(
    match: re.Match[str], values: dict[str, object], extra: dict[str, object], ip: str = "ip", port: str = "port"
) -> tuple[str, ...]:
    if match["client_name"]:
        extra["client_name"] = match["client_name"]
    address = parse_address(match[ip] or "")
    if address is None:
        return ()
    values["source_ip"] = address.ip
    number = int(match[port] or 0)
    if 0 < number <= 65535:
        values["source_port"] = number
    return ("v4_mapped",) if address.v4_mapped else ()


def _client(body: str) -> Reading | None:
    """A client begins a message; with a SASL login, the line is the only trace that the login worked."""
    match = _CLIENT.fullmatch(body)
    if match is None:
        return None
    values, extra = dict(_BASE), dict[str, object]()
    values["event_action"] = "message_begun"
    flags = _set_peer(match, values, extra)
    parts = _MORE.split(match["more"])[1:]
    more: dict[str, str] = {}
    for name, value in zip(parts[::2], parts[1::2], strict=True):
        more.setdefault(name, value)
    extra |= {name: more[name] for name in ("orig_queue_id", "sasl_sender") if more.get(name)}
    if origin := _PEER.fullmatch(more.get("orig_client", "")):
        extra |= {"orig_client": more["orig_client"]}
        if address := parse_address(origin["ip"] or ""):
            values["claimed_ips"] = [address.ip]
    if not more.get("sasl_username"):
        return Reading("connection", values, extra, flags, role="open")
    values |= {"event_action": "login", "event_outcome": "success"}
    set_account(values, more["sasl_username"])
    extra |= {"method": more["sasl_method"]} if more.get("sasl_method") else {}
    return Reading("authentication", values, extra, flags, role="open")


def _delivery(body: str) -> Reading | None:
    match = _DELIVERY.fullmatch(body)
    if match is None or body.count(_AFTER_RECIPIENT) > 1:
        values = {**_BASE, "event_action": "delivery", "event_outcome": "unknown"}
        return Reading("email_message", values, {}, (OPEN,), role="deliver")
    action, outcome = _STATUS.get(match["status"].lower(), (match["status"].lower(), "unknown"))
    values = {**_BASE, "event_action": action, "event_outcome": outcome}
    values |= {"recipients": [match["to"]]} if match["to"] else {}
    extra: dict[str, object] = {name: text for name in _DELIVERY_EXTRA if (text := match[name])}
    if relay := _RELAY.fullmatch(match["relay"]):
        _destination(relay, values, extra)
    if match["reply"] and (queued := _QUEUED_AS.search(match["reply"])):
        extra["queued_as"] = queued[1]
    return Reading("email_message", values, extra, role="deliver")


_DELIVERY_EXTRA = ("orig_to", "relay", "delay", "delays", "dsn", "status", "reply")


def _destination(relay: re.Match[str], values: dict[str, object], extra: dict[str, object]) -> None:
    extra["relay"] = relay[1]
    address = parse_address(relay[2])
    if address is None:
        extra["relay"] = relay[0]
        return
    values["destination_ip"] = address.ip
    if relay[3] and int(relay[3]) <= 65535:
        values["destination_port"] = int(relay[3])


def _refusal(body: str) -> Reading | None:
    """``reject: RCPT from name[ip]: 550 5.1.1 text; from=<> to=<> proto=ESMTP helo=<>`` and its kin."""
    match = _CHECK.fullmatch(body)
    if match is None:
        return None
    refused = match["verb"] in _REFUSALS
    values: dict[str, object] = {**_BASE, "event_action": "rejected" if refused else match["verb"]}
    values |= {"event_outcome": "failure"} if refused else {}
    extra: dict[str, object] = {"stage": match["stage"]}
    flags = _set_peer(match, values, extra, *(("ip2", "port2") if match["ip2"] else ("ip", "port")))
    rest = match["rest"]
    reply = _REPLY.match(rest)
    extra |= {name: text for name, text in (reply.groupdict() if reply else {}).items() if text}
    start = _TAIL_START.search(rest)
    extra["reason"] = rest[reply.end() if reply else 0 : start.start() if start else None]
    flags += _set_tail(rest, start, values, extra)
    return Reading("email_message", values, extra, flags)


def _set_tail(
    text: str, start: re.Match[str] | None, values: dict[str, object], extra: dict[str, object]
) -> tuple[str, ...]:
    """Sender, recipient and HELO, if what follows the first mark of them is nothing but them."""
    if start is None:
        return ()
    match = _TAIL.fullmatch(text, start.start())
    if match is None or len(_TAIL_START.findall(text)) > 1 or _PLANTED.search(match["more"] or ""):
        return (OPEN,)
    values |= {"sender": match["sender"]} if match["sender"] else {}
    values |= {"recipients": [match["to"]]} if match["to"] else {}
    extra |= {name: match[name] for name in ("proto", "helo") if match[name]}
    return ()


def _content(body: str) -> Reading | None:
    """``warning: header Subject: … from name[ip]; from=<> to=<>``: a client's header, then what Postfix adds."""
    match = _CONTENT.fullmatch(body)
    if match is None:
        return None
    refused = match["verb"] in _REFUSALS
    values: dict[str, object] = {**_BASE, "event_action": "rejected" if refused else "content_check"}
    values |= {"event_outcome": "failure"} if refused else {}
    extra: dict[str, object] = {"verb": match["verb"]}
    kind = "email_message" if refused else "log_message"
    rest = match["rest"]
    marks = list(_CONTENT_PEER.finditer(rest))
    if len(marks) != 1:
        return Reading(kind, values, extra, (OPEN,))
    extra["content"] = rest[: marks[0].start()]
    if str(extra["content"]).startswith("Subject: "):
        values["email_subject"] = str(extra["content"])[9:]
    flags = _set_peer(marks[0], values, extra)
    flags += _set_tail(rest, _TAIL_START.search(rest, marks[0].end()), values, extra)
    return Reading(kind, values, extra, flags)


_READERS: Mapping[str, Callable[[str], Reading | None]] = MappingProxyType({"clie": _client, "to=<": _delivery})
