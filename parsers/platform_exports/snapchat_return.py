"""Snapchat's return to legal process: CSV files in parts, each a banner and sections.

A section is a row of dashes, the provider's words on it, a row of equals signs, then titles and rows, or the words
``NO RESPONSIVE DATA FOUND``. One CSV reading runs over the whole file, since message texts span lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Sample, Skip, Source
from parsers.kit.lines import BLANK_LINE
from parsers.kit.tables import Row, csv_rows
from parsers.platform_exports._snapchat_tables import TABLES
from parsers.platform_exports._titled_rows import (
    TITLE_SKIPS,
    Header,
    first_header,
    header_item,
    header_of,
    opening,
    row_items,
    title_score,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item

__all__ = ["FORMATS"]

_PLATFORM = "snapchat"
_RULE, _LEGEND, _PERIOD = "section rule", "section legend", "period of the return"
_BANNER = re.compile(
    r'"?Target username "{0,2}([^"\s]{1,80}?)"{0,2}(?: and email "{0,2}([^"\s]{0,200}?)"{0,2})?'
    r'(?: and phone(?: number)? "{0,2}([^"\s]{0,40}?)"{0,2})? is associated with User ID '
    r'"{0,2}([0-9A-Za-z-]{1,64})"{0,3}.{0,200}',
    re.IGNORECASE,
)
_RANGE = re.compile(r"date range searched ?:(.{0,200})", re.IGNORECASE)
_NOTHING = re.compile(r"no (?:responsive )?data(?: found)?\.?|no responsive (?:data|records).{0,80}", re.IGNORECASE)
_TITLE = re.compile(r" ?[A-Za-z0-9][A-Za-z_ ]{1,39}", re.ASCII)
_LONGEST_LEGEND = 400
_SHORTEST = 3


def recognise(sample: Sample) -> int:
    """The banner; else sections marked by dashes and equals signs above known titles; else titles of these files."""
    text = opening(sample.head)[0]
    lines = [line.strip().strip(",;") for line in text.split("\n", 40)[:40]]
    if any(_BANNER.match(line) for line in lines):
        return 97
    marked = all(any(len(line) >= _SHORTEST and not line.strip(mark) for line in lines) for mark in "-=")
    return 85 if marked and first_header(text, TABLES) else title_score(sample, TABLES)


def parse(source: Source) -> Iterator[Item]:
    """Every row of every section, and what the provider says it does not hold."""
    text, encoding = opening(bytes(source.view[: 1 << 16]))
    found = first_header(text, TABLES)
    state = _State(source.settings.timezone)
    for row in csv_rows(source, found[0] if found else ",", encoding):
        if isinstance(row, Reject):
            yield from state.give_up()
            yield row
        else:
            yield from state.take(row)
    yield from state.give_up()


@dataclass(slots=True)
class _State:
    """What has been read so far: whose return it is, the present section, and lines that may be its legend."""

    zone: str | None
    account: dict[str, object] = field(default_factory=dict)
    period: str | None = None
    legend: str | None = None
    header: Header | None = None
    waiting: list[Row] = field(default_factory=list)
    in_legend: bool = False
    titles_next: bool = False

    def take(self, row: Row) -> Iterator[Item]:
        """The items of one row, and of those before it whose meaning it settles."""
        filled = [cell.strip() for cell in row.cells if cell.strip()]
        only = filled[0] if len(filled) == 1 and row.cells[0].strip() else ""
        if not filled:
            yield from self._blank(row)
        elif len(only) >= _SHORTEST and not only.strip("-"):
            yield from self.give_up()
            self.in_legend, self.titles_next, self.legend, self.header = True, False, None, None
            yield Skip(row.span, _RULE)
        elif len(only) >= _SHORTEST and not only.strip("="):
            yield from self._legend_ends()
            self.titles_next = True
            yield Skip(row.span, _RULE)
        elif _NOTHING.fullmatch(only):
            yield from self._legend_ends()
            yield self._negative(row, only)
        elif match := _BANNER.fullmatch(",".join(row.cells).strip()):
            yield from self.give_up()
            yield self._banner(row, match)
        elif match := _RANGE.fullmatch(", ".join(filled)):
            self.period = match[1].strip() or None
            yield from self.give_up()
            yield Skip(row.span, _PERIOD)
        else:
            yield from self._content(row)

    def _content(self, row: Row) -> Iterator[Item]:
        found = header_of(row.cells, TABLES)
        if found:
            yield from self.give_up()
            yield header_item(found, row, self.header)
            self.header, self.titles_next = found, False
        elif self.in_legend and len(self.waiting) < _LONGEST_LEGEND:
            self.waiting.append(row)
        elif self.titles_next and all(_TITLE.fullmatch(cell) for cell in row.cells):
            self.titles_next = False
            named = ", ".join(f"{cell.strip()!a}" for cell in row.cells[:8])
            yield Reject(row.span, f"no table of this format has the columns {named}", "unknown_structure")
        else:
            self.titles_next = False
            yield from self.give_up()
            messages = self.header is not None and "sender" in self.header.table.fields.values()
            yield from row_items(self.header, row, _PLATFORM, self.zone, {} if messages else self.account)

    def _blank(self, row: Row) -> Iterator[Item]:
        if self.in_legend and self.waiting:
            self.waiting.append(row)
        else:
            yield Skip(row.span, BLANK_LINE)

    def _legend_ends(self) -> Iterator[Item]:
        """What was waiting is the provider's own words on the section."""
        if self.waiting:
            self.legend = " ".join(" ".join(", ".join(row.cells).split()) for row in self.waiting)[:200].strip()
        for row in self.waiting:
            yield Skip(row.span, _LEGEND)
        self.waiting, self.in_legend, self.header = [], False, None

    def give_up(self) -> Iterator[Item]:
        """What was waiting belongs to no section."""
        for row in self.waiting:
            filled = any(cell.strip() for cell in row.cells)
            reason = "these words stand between the sections and no rule of this format reads them"
            yield Reject(row.span, reason, "unknown_structure") if filled else Skip(row.span, BLANK_LINE)
        self.waiting, self.in_legend = [], False

    def _banner(self, row: Row, match: re.Match[str]) -> Event:
        login, email, phone, account = match.groups()
        found = [("username", login), ("email", email), ("phone", phone)]
        self.account = {"account_id": account, "account_login": login}
        values: dict[str, object] = {
            "account_platform": _PLATFORM,
            **self.account,
            "event_action": "target",
            "identifiers": [{"type": kind, "value": value, "raw": value} for kind, value in found if value],
        }
        return Event(row.span, f"row {row.number}", "account_profile", values)

    def _negative(self, row: Row, words: str) -> Event:
        """What the provider says it does not hold; not that nothing happened."""
        extra = {"scope": self.legend, "period": self.period, "statement": words}
        values: dict[str, object] = {
            "account_platform": _PLATFORM,
            **self.account,
            "event_action": "no_responsive_records",
            "extra": {name: value for name, value in extra.items() if value},
        }
        return Event(row.span, f"row {row.number}", "provider_negative", values)


FORMATS = (
    Format(
        id="platform/snapchat_return",
        version=1,
        title="Snapchat legal return (CSV)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(
            *("account_profile", "account_created", "account_change", "authentication", "session", "activity"),
            *("message", "call", "relationship", "block", "follow_request", "location", "provider_negative"),
        ),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "source_port": "provider_asserted",
                "account_id": "provider_asserted",
                "sender": "provider_asserted",
                "user_agent_original": "sender_controlled",
                "account_display_name": "sender_controlled",
            }
        ),
        skips=MappingProxyType(
            {
                **TITLE_SKIPS,
                _RULE: "a row of dashes or equals signs that marks a section",
                _LEGEND: "the provider's words on a section; kept as the scope of what it does not hold",
                _PERIOD: "the period searched; kept with what the provider does not hold",
            }
        ),
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Snapchat return modules (titles, sections)",
        ),
        gaps=(
            "No real return was at hand: titles and sections come from the source named.",
            "Titles of friends, call participants, advertising ids and push tokens are assumed; others are named.",
            "Messages and appeals to Snap Inc. (snap_inc_communications) are rejected by title, not read.",
            "Rows that several parts of a return repeat are given once for each part.",
            "Participants of a call stand in a section of their own; to which call they belong is not settled.",
            "last_active without a zone is read as Pacific time, as the legend of the file says.",
            "A media file is tied to its message by media_id, which its file name holds; no file is opened.",
        ),
    ),
)
