"""Lines of a mail server's log that speak of one message in its queue, joined so that a delivery states everything.

A queue id is short and comes again: the log says ``removed`` when a message leaves, and names a client when a new one
begins. Every delivery line receives what earlier lines of its message stated, and says which lines those were.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from parsers.server_logs._syslog_rules import Reading

__all__ = ["Threads"]

_FACTS = (
    "source_ip",
    "source_port",
    "claimed_ips",
    "account_platform",
    "account_login",
    "identifiers",
    "message_id",
    "sender",
    "email_subject",
)
_EXTRA = ("client_name", "helo", "method", "size", "uid", "orig_thread")
_LIVE = 1 << 17  # messages held at once
_LEFT = 1024  # messages held after they were removed, for lines that come late
_REMEMBERED = 1 << 20  # ids whose number of uses is known


@dataclass(slots=True)
class _Message:
    number: int
    opened: bool = False
    closed: bool = False
    facts: dict[str, object] = field(default_factory=dict)
    extra: dict[str, object] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)


class _Place(NamedTuple):
    key: str
    line: int
    host: str


class Threads:
    """Messages that are in the queue at this point of a log."""

    __slots__ = ("_floor", "_left", "_live", "_uses")

    def __init__(self) -> None:
        self._live: dict[str, _Message] = {}
        self._left: deque[tuple[str, _Message]] = deque()
        self._uses: dict[str, int] = {}
        self._floor = 0

    def join(self, reading: Reading, host: str | None, line: int) -> Reading:
        """The reading of a line about a queued message, with its thread and, for a delivery, all that is known."""
        if reading.queue is None:
            return reading
        place = _Place(f"{host}/{reading.queue}" if host else reading.queue, line, f"{host}/" if host else "")
        message = self._message(place, reading.role)
        values, extra = dict(reading.values), dict(reading.extra)
        values["thread_id"] = _thread(place.key, message.number)
        self._follow(place, values, extra)
        if reading.role == "deliver":
            _complete(message, values, extra)
        else:
            _learn(message, values, extra, line)
        if reading.role == "close" and not message.closed:
            self._close(place.key, message)
        return type(reading)(reading.event_type, values, extra, reading.flags, reading.queue, reading.role)

    def _message(self, place: _Place, role: str) -> _Message:
        message = self._live.get(place.key)
        begins = role in {"open", "start"}
        if message is None or (message.closed and begins) or (message.opened and role == "open"):
            known = self._uses.get(place.key, self._floor)
            message = self._begin(place.key, known if message is None and known and not begins else known + 1)
        message.opened = message.opened or role == "open"
        return message

    def _begin(self, key: str, number: int) -> _Message:
        message = self._live[key] = _Message(number)
        self._uses[key] = number
        if len(self._live) > _LIVE:
            del self._live[next(iter(self._live))]
        if len(self._uses) > _REMEMBERED:
            self._floor = max(self._floor, self._uses.pop(next(iter(self._uses))))
        return message

    def _close(self, key: str, message: _Message) -> None:
        message.closed = True
        self._left.append((key, message))
        if len(self._left) > _LEFT:
            old, gone = self._left.popleft()
            if self._live.get(old) is gone:
                del self._live[old]

    def _follow(self, place: _Place, values: dict[str, object], extra: dict[str, object]) -> None:
        """A message that came back from a filter on this host: its first peer is in the log under its first id."""
        first = extra.get("orig_queue_id")
        before = self._live.get(f"{place.host}{first}") if first else None
        if before is None:
            return
        extra["orig_thread"] = _thread(f"{place.host}{first}", before.number)
        peer = before.facts.get("source_ip")
        if "sasl_sender" not in extra and values.get("claimed_ips") == [peer] and _is_loopback(values.get("source_ip")):
            message = self._live[place.key]
            message.facts |= {name: before.facts[name] for name in _FACTS if name in before.facts}
            message.facts.pop("claimed_ips", None)
            message.extra |= {name: before.extra[name] for name in _EXTRA if name in before.extra}
            message.lines = list(before.lines)


def _thread(key: str, number: int) -> str:
    """Name of a message; ids with a hyphen (Exim's) hold their time and never come again."""
    return key if "-" in key.rpartition("/")[2] else f"{key}#{number}"


def _is_loopback(ip: object) -> bool:
    return isinstance(ip, str) and ip_address(ip).is_loopback


def _learn(message: _Message, values: dict[str, object], extra: dict[str, object], line: int) -> None:
    before = len(message.facts) + len(message.extra)
    for name in _FACTS:
        if name in values:
            message.facts.setdefault(name, values[name])
    for name in _EXTRA:
        if name in extra:
            message.extra.setdefault(name, extra[name])
    if len(message.facts) + len(message.extra) > before:
        message.lines.append(line)


def _complete(message: _Message, values: dict[str, object], extra: dict[str, object]) -> None:
    for facts, into in ((message.facts, values), (message.extra, extra)):
        for name, value in facts.items():
            into.setdefault(name, value)
    if message.lines:
        extra["joined_from"] = [f"L{number}" for number in message.lines]
