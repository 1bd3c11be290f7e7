"""Pages of TikTok's return: ``Date / IP / Event / Country`` records, and the subscriber's properties.

Text of a PDF comes in the order it was written, so a time and an address are paired only where nothing else is
possible: every record of a page has each of its labels once and in one order, and no line without a label stands
between a time and an address. One record that departs from this leaves the whole page unread, and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Record", "Sheet", "Subscriber", "is_property", "joined", "records_of", "subscriber_of"]

_ORDER = ("Date", "IP", "Event", "Country")
_LABEL = re.compile(r"(?:^|(?<=[ \t|]))(Date|IP|Event|Country)[ \t]{0,4}:", re.IGNORECASE)
_GLUED = re.compile(r"(?:Date|IP|Event|Country)[ \t]{0,4}:", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"page \d{1,6}(?: ?(?:/|of) ?\d{1,6})?|\d{1,6} (?:/|of) \d{1,6}", re.IGNORECASE | re.ASCII)
_PROPERTIES = (
    *("Registration Device Info", "Registration Method", "Registration Date", "Registration IP", "Registration Time"),
    *("Username", "User Name", "User ID", "Nickname", "Phone Number", "Phone", "Email Address", "Email"),
)
_PROPERTY = re.compile(rf"({'|'.join(_PROPERTIES)})[ \t]{{0,4}}(:?)[ \t]{{0,8}}(.*)", re.IGNORECASE)
_ONE_LINE = {"Registration Date", "Registration IP", "Registration Time"}


class Record(NamedTuple):
    """One record: its labels in the order written with their values, and what the lines below its last one say."""

    labels: tuple[str, ...]
    values: tuple[str, ...]
    below: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it has every label once, in order."""
        return self.labels == _ORDER

    def value(self, label: str) -> str:
        """What stands behind a label of a whole record."""
        return self.values[_ORDER.index(label)]


class Sheet(NamedTuple):
    """What a page holds.

    Attributes:
        above: Lines before its first label.
        head: What stands before its first ``Date``: the rest of a record that began on the page before.
        records: Its records.
        broken: Whether a line breaks a record.
    """

    above: tuple[str, ...]
    head: Record
    records: tuple[Record, ...]
    broken: bool

    @property
    def certain(self) -> bool:
        """Whether every record is whole and nothing of another one stands before them."""
        return not self.broken and not self.head.labels and all(record.whole for record in self.records)


class Subscriber(NamedTuple):
    """Properties in the order written, lines below them that are none, and whether every value is its label's."""

    properties: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    certain: bool


@dataclass(slots=True)
class _Open:
    """A record while its lines are read."""

    labels: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)

    def closed(self) -> Record:
        return Record(tuple(self.labels), tuple(self.values), tuple(self.below))


def records_of(lines: tuple[str, ...]) -> Sheet:
    """The records of a page's lines."""
    start = next((i for i, line in enumerate(lines) if _LABEL.search(line)), len(lines))
    above = tuple(line for line in lines[:start] if not _PAGE_NUMBER.fullmatch(line))
    records, broken = [_Open()], False
    for line in lines[start:]:
        fields = list(_fields(line))
        broken = broken or _breaks(line, fields, records[-1])
        if not fields and not _PAGE_NUMBER.fullmatch(line):
            records[-1].below.append(line)
        for label, value in fields:
            if label == "Date":
                records.append(_Open())
            records[-1].labels.append(label)
            records[-1].values.append(value)
    return Sheet(above, records[0].closed(), tuple(record.closed() for record in records[1:]), broken)


def _fields(line: str) -> Iterator[tuple[str, str]]:
    """The labels of a line with what stands behind them."""
    marks = list(_LABEL.finditer(line))
    for mark, end in zip(marks, [*(after.start() for after in marks[1:]), len(line)], strict=bool(marks)):
        label = next(one for one in _ORDER if one.casefold() == mark[1].casefold())
        yield label, line[mark.end() : end].strip(" \t|/")


def _breaks(line: str, fields: list[tuple[str, str]], record: _Open) -> bool:
    """Whether a line leaves open what belongs to what."""
    if not fields:
        return record.labels[-1:] in (["Date"], ["IP"]) and not _PAGE_NUMBER.fullmatch(line)
    begins = _LABEL.match(line.lstrip(" \t|/")) is not None
    glued = any(_GLUED.search(value) for _, value in fields)
    return not begins or glued or sum(label == "Date" for label, _ in fields) > 1


def subscriber_of(lines: tuple[str, ...]) -> Subscriber:
    """The properties of a page's lines; a value must stand on the line of its label."""
    found: list[tuple[str, str]] = []
    unknown: list[str] = []
    certain = True
    for line in lines:
        match = _PROPERTY.fullmatch(line)
        if match and not line[match.end(1) : match.end(1) + 1].isalnum():
            name = next(one for one in _PROPERTIES if one.casefold() == match[1].casefold())
            certain = certain and bool(match[3] or match[2]) and not _is_title_row(match)
            certain = certain and name not in {known for known, _ in found}
            found.append((name, match[3].strip()))
        elif found and not _PAGE_NUMBER.fullmatch(line):
            certain = certain and found[-1][0] not in _ONE_LINE
            unknown.append(line)
    return Subscriber(tuple(found), tuple(unknown), certain)


def _is_title_row(match: re.Match[str]) -> bool:
    """Whether what stands behind a label is rather the next label; ``Registration Method: email`` is none."""
    inner = _PROPERTY.match(match[3])
    return inner is not None and (not match[2] or " " in inner[1] or bool(inner[3]))


def is_property(line: str) -> bool:
    """Whether a line is one of the subscriber's properties."""
    match = _PROPERTY.match(line)
    return match is not None and not line[match.end(1) : match.end(1) + 1].isalnum()


def joined(sheets: list[Sheet]) -> tuple[list[Sheet], set[int]]:
    """Sheets with records that a page break cut put together on their first page, and the indices of those pages.

    Above the rest of a record only lines may stand that head the first page, too: another line may be the end of a
    value.
    """
    out, over = list(sheets), set()
    for at, (first, second) in enumerate(pairwise(sheets)):
        last = first.records[-1] if first.records else Record((), ())
        both = Record(last.labels + second.head.labels, last.values + second.head.values, second.head.below)
        headed = set(second.above) <= set(sheets[0].above)
        if last.labels and not last.whole and both.whole and not last.below and headed:
            out[at] = out[at]._replace(records=(*out[at].records[:-1], both))
            out[at + 1] = out[at + 1]._replace(head=Record((), ()))
            over.add(at)
    return out, over
