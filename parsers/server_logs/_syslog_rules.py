"""Sentences of programs as patterns: what a rule is, and how its named groups become columns.

A group's name says where its text goes: into a column (`_COLUMNS`), through a check (`_CHECKED`), or into `extra`
under the group's own name.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.addresses import parse_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Check = Callable[[str, dict[str, object], dict[str, object]], tuple[str, ...]]

__all__ = ["LONGEST", "PLAIN", "Book", "Reading", "Rule", "book", "plain", "read_by", "rule"]

LONGEST = 8192
"""Characters of a message that patterns may see."""


class Reading(NamedTuple):
    """What a message says.

    Attributes:
        event_type: Name from `parsers.schema.EVENT_TYPES`.
        values: Columns.
        extra: Named values without a column.
        flags: Names from `parsers.schema.PARSE_FLAGS`.
        queue: Id of the message in a mail server's queue that the sentence is about.
        role: What the sentence does to that message: ``open``, ``deliver``, ``close`` or nothing.
    """

    event_type: str
    values: dict[str, object]
    extra: dict[str, object]
    flags: tuple[str, ...] = ()
    queue: str | None = None
    role: str = ""

    def of_queue(self, queue: str | None, role: str) -> Reading:
        """The same, about a message in the queue."""
        return Reading(self.event_type, self.values, self.extra, self.flags, queue, role)


PLAIN = Reading("log_message", {}, {})


def plain(**extra: object) -> Reading:
    """A message that is kept as text only."""
    return Reading("log_message", {}, extra)


class Rule(NamedTuple):
    """One sentence of a program; `plan` says of every group where its text goes."""

    pattern: re.Pattern[str]
    event_type: str
    values: Mapping[str, object]
    head: str
    plan: tuple[tuple[str, str | None, Check | None], ...]


Book = dict[str, tuple[Rule, ...]]
_HEAD = re.compile(r"([A-Za-z]+:?) ")


def rule(event_type: str, action: str, pattern: str, outcome: str | None = None) -> Rule:
    """A sentence that must match a whole message."""
    compiled = re.compile(pattern, re.ASCII)
    head = _HEAD.match(pattern)
    names = sorted(compiled.groupindex, key=compiled.groupindex.__getitem__)
    plan = tuple((name, _COLUMNS.get(name), _CHECKED.get(name)) for name in names)
    values = {"event_action": action} | ({"event_outcome": outcome} if outcome else {})
    return Rule(compiled, event_type, MappingProxyType(values), head[1] if head else "", plan)


def book(rules: tuple[Rule, ...]) -> Book:
    """Rules by the first word of the sentence, in their order; key "" holds those for any other word."""
    heads = {each.head for each in rules} | {""}
    return {head: tuple(each for each in rules if each.head in {"", head}) for head in heads}


def read_by(rules: Book, message: str, base: Mapping[str, object], extra: Mapping[str, object]) -> Reading | None:
    """What the first rule that matches says, beside `base` and `extra`; None when none does."""
    for each in rules.get(message.partition(" ")[0]) or rules[""]:
        if match := each.pattern.fullmatch(message):
            return _reading(each, match, dict(base), dict(extra))
    return None


def _reading(each: Rule, match: re.Match[str], values: dict[str, object], extra: dict[str, object]) -> Reading:
    values.update(each.values)
    flags: tuple[str, ...] = ()
    for (name, column, check), text in zip(each.plan, match.groups(), strict=True):
        if not text:
            continue
        if column:
            values[column] = text
        elif check:
            flags += check(text, values, extra)
        else:
            extra[name] = text
    return Reading(each.event_type, values, extra, flags)


def _peer(text: str, values: dict[str, object], extra: dict[str, object]) -> tuple[str, ...]:
    """The peer as the program names it; a host name is no address and goes to `extra`."""
    address = parse_address(text)
    if address is None:
        if text == "unknown":
            return ()
        extra["peer_name"] = text
        return ("address_is_name",) if text != "UNKNOWN" else ()
    values["source_ip"] = address.ip
    if address.zone:
        extra["ip_zone"] = address.zone
    return ("v4_mapped",) if address.v4_mapped else ()


def _destination(text: str, values: dict[str, object], _extra: dict[str, object]) -> tuple[str, ...]:
    address = parse_address(text)
    if address:
        values["destination_ip"] = address.ip
    return ()


def _port(column: str, name: str) -> Check:
    def check(text: str, values: dict[str, object], extra: dict[str, object]) -> tuple[str, ...]:
        if len(text) <= 5 and int(text) <= 65535:
            values[column] = int(text)
        else:
            extra[name] = text
        return ()

    return check


def _key(text: str, values: dict[str, object], _extra: dict[str, object]) -> tuple[str, ...]:
    values["identifiers"] = [{"type": "key_fingerprint", "value": text, "raw": text}]
    return ()


def _invalid(_text: str, _values: dict[str, object], extra: dict[str, object]) -> tuple[str, ...]:
    extra["invalid_user"] = True
    return ()


def _recipient(text: str, values: dict[str, object], _extra: dict[str, object]) -> tuple[str, ...]:
    values["recipients"] = [text]
    return ()


_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "user": "account_login",
        "target": "target_account_login",
        "session": "session_id",
        "msgid": "message_id",
        "sender": "sender",
        "subject": "email_subject",
    }
)
_CHECKED: Mapping[str, Check] = MappingProxyType(
    {
        "ip": _peer,
        "to_ip": _destination,
        "port": _port("source_port", "port"),
        "to_port": _port("destination_port", "to_port"),
        "key": _key,
        "invalid": _invalid,
        "to": _recipient,
    }
)
