"""Lines that carrier NAT gateways send to syslog when they give a block of ports to a subscriber, or take it back.

References:
    Cisco IOS XR CGN syslog: ``NAT44 - [Event L4 inside VRF inside6 outside port first last destination port]``.
    Juniper Junos 23: RT_SRC_NAT_PBA_ALLOC / _RELEASE / _INTERIM; (ASP|JSERVICES)_NAT_PORT_BLOCK_ALLOC / _RELEASE,
    whose last word is the time of allocation, seconds since 1970 in hexadecimal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.time import MONTHS
from parsers.kit.years import key_of
from parsers.network_logs._values import assigned, number_of, port_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Block", "Head", "blocks_of", "head_of", "is_nat_line"]

_STAMP = (
    rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)"
    rb"|(?:([0-9]{4}) )?([A-Z][a-z]{2}) +([0-9]{1,2})(?: ([0-9]{4}))? ([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,6})?"
)
_HEAD = re.compile(rb"(?:<[0-9]{1,3}>)?(?:1 )?(" + _STAMP + rb"):? +(?:([\w.:-]{1,255}) )?")
_IP = r"([0-9A-Fa-f.:]{2,45})"
_CISCO = re.compile(r"NAT(?:44|64)(?: -)? ?((?:\[[A-Za-z]{5,20} [^\[\]]{1,200}\] ?)+)")
_CISCO_GROUP = re.compile(r"\[([A-Za-z]+) ([^\[\]]+)\]")
_CISCO_ACTION = {
    "userbaseda": "start", "userbasedw": "stop", "sessionbaseda": "start", "sessionbasedad": "start",
    "sessionbasedw": "stop", "sessionbasedwd": "stop",
}  # fmt: skip
_PBA = re.compile(
    rf"RT_SRC_NAT_PBA_(ALLOC|RELEASE|INTERIM): Subscriber {_IP} used/maximum \[[0-9/ ]{{1,20}}\] blocks, "
    rf"(?:allocates|releases|interim) port block \[([0-9]{{1,5}})-([0-9]{{1,5}})\] from {_IP} "
    r"in source pool (\S{1,64})"
)
_PORT_BLOCK = re.compile(
    rf"(?:ASP|JSERVICES)_NAT_PORT_BLOCK_(ALLOC|RELEASE|ACTIVE): {_IP} -> ([0-9.]{{7,15}}|\[[0-9A-Fa-f:.]{{2,45}}\]):"
    r"([0-9]{1,5})-([0-9]{1,5})(?: 0x([0-9A-Fa-f]{1,10}))?"
)
_JUNOS_ACTION = {"ALLOC": "start", "RELEASE": "stop", "INTERIM": "interim", "ACTIVE": "interim"}
_NIL = "-"
_MONTHS = {name.capitalize().encode(): number for name, number in MONTHS.items()}
_SPEAKER = 200  # most characters between the header and the sentence


class Head(NamedTuple):
    """How a line begins: its stamp, and where the text after it starts.

    Attributes:
        iso: ISO 8601 stamp, or None when the stamp is of the BSD kind.
        key: Place of a BSD stamp in the year (`parsers.kit.years`).
        year: Its year, when it has one.
        raw: The stamp as written.
        host: The word after it.
    """

    iso: str | None
    key: int | None
    year: int | None
    raw: str
    host: str | None
    rest: int


class Block(NamedTuple):
    """A block of ports of an outside address, and the inside address that holds it."""

    action: str
    outside: str
    first: int
    last: int
    inside: str
    protocol: str | None
    extra: dict[str, object]


def head_of(raw: bytes) -> Head | None:
    """The header of a syslog line; None when it does not begin as one."""
    match = _HEAD.match(raw)
    if not match:
        return None
    stamp, iso, before, month, day, after, hour, minute, second, _, host = match.groups()
    text, name = stamp.decode("ascii"), host.decode("ascii") if host else None
    if iso:
        return Head(text, None, None, text, name, match.end())
    number = _MONTHS.get(month)
    key = key_of(number, int(day), int(hour), int(minute), int(second)) if number else None
    year = int(before or after or 0) or None
    return Head(None, key, year, text, name, match.end()) if key is not None else None


def blocks_of(text: str) -> list[Block]:
    """The port blocks that the message of one line speaks of; empty when it is about something else."""
    if cisco := _CISCO.search(text[: _SPEAKER * 20]):
        return [b for event, rest in _CISCO_GROUP.findall(cisco[1]) if (b := _cisco(event, rest.split()))]
    return list(_junos(text))


def is_nat_line(raw: bytes) -> bool:
    """Whether a line is a syslog line of a NAT gateway, in one of the layouts."""
    head = head_of(raw)
    if head is None:
        return False
    text = raw[head.rest :].decode("utf-8", "replace")
    return bool(blocks_of(text) or _CISCO.search(text[: _SPEAKER * 20]))


def _cisco(event: str, words: list[str]) -> Block | None:
    if len(words) < 8:
        return None
    protocol, inside4, vrf, inside6, outside, inside_port, first, last, *towards = words
    action, holder = _CISCO_ACTION.get(event.lower()), assigned(inside4) or assigned(inside6)
    extra: dict[str, object] = {"vrf": vrf, "inside_port": port_of(inside_port)}
    extra |= dict(zip(("destination_ip", "destination_port"), (w for w in towards if w != _NIL), strict=False))
    return _checked(action, (outside, first, first if last == _NIL else last), holder, _known(protocol), extra)


def _junos(text: str) -> Iterator[Block]:
    if (at := text.find("NAT_P")) < 0 or at > _SPEAKER:
        return
    if match := _PBA.search(text):
        verb, inside, first, last, outside, pool = match.groups()
        block = _checked(_JUNOS_ACTION[verb], (outside, first, last), assigned(inside), None, {"pool": pool})
    elif match := _PORT_BLOCK.search(text):
        verb, inside, outside, first, last, since = match.groups()
        extra: dict[str, object] = {"started_epoch_s": int(since, 16) if since else None}
        where = (outside.strip("[]"), first, last)
        block = _checked(_JUNOS_ACTION[verb], where, assigned(inside), None, extra)
    else:
        return
    if block:
        yield block


def _checked(
    action: str | None, where: tuple[str, str, str], inside: str | None, protocol: str | None, extra: dict[str, object]
) -> Block | None:
    outside, first, last = assigned(where[0]), port_of(where[1]), port_of(where[2])
    if action is None or outside is None or inside is None or first is None or last is None or last < first:
        return None
    return Block(action, outside, first, last, inside, protocol, extra)


def _known(word: str) -> str | None:
    return None if word == _NIL or number_of(word) == 0 else word.lower()
