"""ISC dhcpd's lease file: blocks of declarations, appended as leases change.

References:
    dhcpd.leases(5) of ISC DHCP 4.4: times are UTC ("W YYYY/MM/DD HH:MM:SS") unless ``db-time-format local`` makes them
    ``epoch N``; a later block for an address replaces an earlier one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.contract import Reject, Skip, Span
from parsers.kit.lines import BLANK_LINE, iter_lines
from parsers.kit.text import decode
from parsers.kit.time import from_epoch, parse_iso, unknown_time
from parsers.network_logs._values import START, assigned, event, mac_of, number_of, prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Source
    from parsers.kit.lines import Line
    from parsers.kit.time import Moment

__all__ = ["COMMENT", "DECLARATION", "is_lease_line", "parse_isc"]

COMMENT, DECLARATION = "comment", "declaration"
_OPEN = re.compile(r"(lease|ia-na|ia-ta|ia-pd) (\S.{0,1000}?) ?\{")
_INNER = re.compile(r"(iaaddr|iaprefix) ([0-9A-Fa-f:.]{2,45}(?:/[0-9]{1,3})?) \{")
_STATEMENT = re.compile(r"((?:set |option |binding |next binding |rewind binding |hardware )?[\w.-]{1,64}) ?(.*?);?")
_STAMP = re.compile(r"[0-6] ([0-9]{4})/([0-9]{2})/([0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2})")
_EPOCH = re.compile(r"epoch ([0-9]{1,12})(?:;.*)?")
_MAX_LINES = 5000
_TIMES = ("starts", "ends", "cltt")


@dataclass(slots=True)
class _Part:
    """Statements of one lease, or of one address inside an identity association."""

    kind: str
    name: str
    said: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Block:
    first: Line
    parts: list[_Part]
    end: int
    depth: int = 1
    lines: int = 1
    lossy: bool = False


def is_lease_line(line: bytes) -> bool:
    """Whether a line opens a lease block, or is one of its statements that no other file has."""
    text = line.strip()
    return bool(_OPEN.fullmatch(text.decode("latin-1"))) or text.startswith(
        (b"starts ", b"ends ", b"cltt ", b"tstp ", b"binding state ", b"hardware ethernet ", b"iaaddr ", b"uid ")
    )


def parse_isc(source: Source) -> Iterator[Item]:
    """Read blocks; what stands between them is passed over by rule."""
    block: _Block | None = None
    for line in iter_lines(source):
        text, lossy = decode(line.raw)
        opened = _OPEN.fullmatch(text.strip())
        if block and (opened or block.lines >= _MAX_LINES):
            yield from _events(block, complete=False)
            block = None
        if opened:
            block = _Block(line, [_Part(opened[1], opened[2])], line.span.end, lossy=lossy)
        elif block is None:
            yield _between(line, text.strip())
        elif _take(block, line, text.strip(), lossy=lossy):
            yield from _events(block, complete=True)
            block = None
    if block:
        yield from _events(block, complete=False)


def _between(line: Line, text: str) -> Item:
    if line.over_limit:
        return line.reject_over_limit()
    if line.blank:
        return Skip(line.span, BLANK_LINE)
    if text.startswith("#"):
        return Skip(line.span, COMMENT)
    if text.endswith((";", "{")) or text == "}":
        return Skip(line.span, DECLARATION)
    return Reject(line.span, "the line is outside any lease and no declaration", "unknown_structure")


def _take(block: _Block, line: Line, text: str, *, lossy: bool) -> bool:
    """Add a line to its block; True when it closes the block."""
    block.end, block.lines, block.lossy = line.span.end, block.lines + 1, block.lossy or lossy
    if text == "}":
        block.depth -= 1
    elif inner := _INNER.fullmatch(text):
        block.depth += 1
        block.parts.append(_Part(inner[1], inner[2]))
    elif text.endswith("{"):
        block.depth += 1
    elif text and (statement := _STATEMENT.fullmatch(text)):
        part = block.parts[-1] if block.depth > 1 else block.parts[0]
        part.said.setdefault(statement[1], []).append(statement[2])
    return block.depth == 0


def _events(block: _Block, *, complete: bool) -> Iterator[Item]:
    span = Span(block.first.span.start, block.end)
    flags = (*(() if complete else ("truncated",)), *(("lossy_text",) if block.lossy else ()))
    outer = block.parts[0]
    leases = block.parts[1:] if outer.kind.startswith("ia-") else block.parts[:1]
    if not leases or not all(_where(part) for part in leases):
        yield Reject(span, "the block names no address", "malformed" if complete else "truncated")
        return
    for part in leases:
        yield _event(span, block.first.locator, outer, part, flags)


def _where(part: _Part) -> tuple[str | None, str | None] | None:
    """(address, prefix) of a lease; None when it is neither."""
    address, prefix = assigned(part.name), prefix_of(part.name)
    return (address, prefix) if address or prefix else None


def _event(span: Span, locator: str, outer: _Part, part: _Part, flags: tuple[str, ...]) -> Item:
    said = {name: values[-1] for name, values in (outer.said | part.said).items()}
    times = {name: _time(said[name]) for name in _TIMES if name in said}
    address, prefix = _where(part) or (None, None)
    mac = mac_of(said.get("hardware ethernet"))
    extra: dict[str, object] = {name.replace(" ", "_"): _unquote(value) for name, value in said.items()}
    extra |= {"prefix": prefix, "iaid_duid": _unquote(outer.name) if outer is not part else None}
    if mac:
        extra.pop("hardware_ethernet")
    values = {
        "event_action": said.get("binding state", "assigned"),
        "source_ip": address,
        "device_id": mac,
    }
    start = times.get("starts") or times.get("cltt")
    return event(
        "lease", span, locator, values, moment=start, desc=START, end=times.get("ends"), flags=flags, extra=extra
    )


def _time(text: str) -> Moment:
    """A time of the file; ``never`` and unreadable ones are unknown."""
    if match := _STAMP.fullmatch(text):
        year, month, day, clock = match.groups()
        return parse_iso(f"{year}-{month}-{day}T{clock}", zoneless="format_rule")._replace(raw=text)
    seconds = number_of(match[1]) if (match := _EPOCH.fullmatch(text)) else None
    return from_epoch(seconds, text) if seconds is not None else unknown_time(text)


def _unquote(text: str) -> str:
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text.removeprefix("= ")
