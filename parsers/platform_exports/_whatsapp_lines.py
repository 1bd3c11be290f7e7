"""How a WhatsApp chat line begins, and what a whole file says about the order of day and month.

The export writes local time in the notation of the phone's language and says nowhere which that is. One file keeps
one notation, so the file as a whole decides: which notations are its own, and which reading of its dates is possible.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from parsers.kit.text import decode
from parsers.kit.time import Moment, from_local
from parsers.platform_exports._whatsapp_clock import HALF, hour_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from parsers.contract import Settings

__all__ = [
    "MARKS",
    "Header",
    "Notation",
    "Reading",
    "Style",
    "moment_of",
    "named_day",
    "read_header",
    "real_dates",
    "survey",
]

Order = Literal["dmy", "mdy", "ymd"]

MARKS = "\ufeff\u200b\u2060\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Invisible direction marks; U+200E leads what the app wrote rather than the people in the chat."""

_LOOK = 512  # bytes of a line that may hold its beginning
_MAYBE = re.compile(
    rb"[\xef\xbb\xbf\xe2\x80\x8e\x8f\xaa-\xae\x8b\x81\xa0\xa6-\xa9]{0,12}\[?(?:[0-9\xd9\xdb]|\xe0[\xa5\xa7])"
)
_SPACE = "[ \u00a0\u202f]"
_HEADER = re.compile(
    rf"[{MARKS}]{{0,4}}(?P<open>\[)?"
    rf"(?P<stamp>(?P<a>\d{{1,4}})[{MARKS}]?(?P<sep>[./-]) ?(?P<b>\d{{1,2}})[{MARKS}]?(?P=sep) ?(?P<c>\d{{1,4}})"
    rf"\.?(?:{_SPACE}\u0433\.)?(?P<comma>[,\u060c]?)"
    rf"(?: (?:at|um|à|a las|alle|às|kl\.?|klo|om|ob|u|o|в|la))?{_SPACE}{{1,2}}"
    rf"(?:(?P<before>{HALF}){_SPACE}?)?"
    r"(?P<h>\d{1,2})(?:[:.]| h )(?P<m>\d{2})(?:(?:[:.]| min )(?P<s>\d{2})(?: s)?)?"
    rf"(?:{_SPACE}\u0447\.)?(?:{_SPACE}?(?P<after>{HALF}))?)"
    rf"(?(open)\]|{_SPACE}[-\u2013]){_SPACE}"
)
_BUDDHIST = range(2552, 2644)  # the Thai calendar runs 543 years ahead
_NAMED_TIME = re.compile(rb"-[A-Z]{3,9}-(20\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)\.")
_FIRST_YEAR, _LAST_YEAR = 2009, 2100  # the service began in 2009
_OWN_SHARE = 0.2  # a notation below this share of a file's beginnings is quoted text, unless it is the first
_DOMINANCE = 20  # so many dates for one order outweigh a single one against it
_ORDERS: tuple[Order, Order] = ("dmy", "mdy")

Triple = tuple[str, str, str]


class Style(NamedTuple):
    """The notation of a beginning: constant within one export."""

    bracket: bool
    separator: str
    comma: bool
    seconds: bool
    half_day: bool
    year_first: bool
    year_digits: int


class Header(NamedTuple):
    """The beginning of a message; `end` is the index in its text where the rest starts."""

    style: Style
    stamp: str
    numbers: Triple
    hour: int
    minute: int
    second: int
    end: int


class Notation(NamedTuple):
    """What the lines of one style show.

    Attributes:
        dates: Distinct successive dates.
        lines: How many lines begin so.
        marked: Whether the app's own mark occurs.
        named: Dates as written, each with the day that the line's attachment is named after.
    """

    dates: list[Triple]
    lines: int
    marked: bool
    named: list[tuple[Triple, date]]


class Reading(NamedTuple):
    """How a file is to be read. `order` is None where day and month cannot be told apart."""

    styles: frozenset[Style]
    order: Order | None
    marked: bool
    newest: date | None


def read_header(raw: bytes) -> Header | None:
    """The beginning of a message, when the line starts with a date and time in a notation of the app."""
    if not _MAYBE.match(raw):
        return None
    match = _HEADER.match(decode(raw[:_LOOK]).text)
    if match is None:
        return None
    part = match.groupdict()
    half = part["before"] or part["after"]
    hour = hour_of(int(part["h"]), half)
    if hour is None or int(part["m"]) > 59 or int(part["s"] or 0) > 59:
        return None
    numbers = (part["a"], part["b"], part["c"])
    year = part["a"] if len(part["a"]) > 2 else part["c"]
    style = Style(
        part["open"] is not None, part["sep"], bool(part["comma"]), part["s"] is not None, half is not None,
        year is part["a"], len(year),
    )  # fmt: skip
    return Header(style, part["stamp"], numbers, hour, int(part["m"]), int(part["s"] or 0), match.end())


def named_day(raw: bytes, header: Header) -> date | None:
    """The day in the name the app gave an attachment, when the clock in that name is the line's own.

    ``00000012-PHOTO-2024-12-31-23-59-01.jpg``: the name is made from the message's time, year first.
    """
    match = _NAMED_TIME.search(raw[:_LOOK])
    parts = [int(part) for part in match.groups()] if match else []
    if parts[3:] != [header.hour, header.minute, header.second]:
        return None
    return _date((str(parts[0]), str(parts[1]), str(parts[2])), "ymd")


@lru_cache(maxsize=4096)
def _date(numbers: Triple, order: Order) -> date | None:
    """The day that three numbers name in an order; None when there is none the service could have written."""
    year, month, day = (int(numbers[order.index(letter)]) for letter in "ymd")
    width = len(numbers[order.index("y")])
    year += 2000 if width == 2 else -543 if year in _BUDDHIST else 0
    if width not in {2, 4} or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _known(numbers: Triple, order: Order, newest: date | None) -> date | None:
    """As `_date`, and not younger than the exhibit."""
    found = _date(numbers, order)
    return found if found and (newest is None or found <= newest) else None


def real_dates(numbers: Triple, reading: Reading) -> list[date]:
    """The days a date can mean under the file's reading, earliest first; empty when it is no date of this file."""
    orders = [reading.order] if reading.order else list(_ORDERS)
    return sorted({d for order in orders if (d := _known(numbers, order, reading.newest))})


def survey(found: Mapping[Style, Notation], settings: Settings) -> Reading:
    """Which styles are the file's own, and how its dates read.

    Args:
        found: Notations in order of first appearance.
        settings: `acquired_at` bounds the dates; `date_order` decides where the file itself does not.
    """
    total = sum(n.lines for n in found.values())
    own = [style for i, (style, n) in enumerate(found.items()) if i == 0 or n.lines >= total * _OWN_SHARE]
    newest = (settings.acquired_at + timedelta(days=1)).date() if settings.acquired_at else None
    dates = [triple for style in own for triple in found[style].dates]
    named = [pair for style in own for pair in found[style].named]
    order = _order([t for t in dates if len(t[0]) <= 2], newest, _order_of_names(named), settings.date_order)
    if dates and all(style.year_first for style in own):
        order = "ymd"
    return Reading(frozenset(own), order, any(found[style].marked for style in own), newest)


def _order_of_names(named: Sequence[tuple[Triple, date]]) -> Order | None:
    """The order under which all dates are the days in the names; names typed by hand could name others."""
    fits = [order for order in _ORDERS if named and all(_date(t, order) == day for t, day in named)]
    return fits[0] if len(fits) == 1 else None


def _order(dates: Sequence[Triple], newest: date | None, named: Order | None, pinned: Order | None) -> Order | None:
    """Impossible dates decide, then names of files, the course of time, the case; None when none of them does."""
    if pinned == "ymd" and all(_known(t, "ymd", newest) for t in dates):
        return pinned
    fits = [tuple(_known(t, order, newest) is not None for order in _ORDERS) for t in dates]
    count = Counter(fits)
    only = {"dmy": count[True, False], "mdy": count[False, True]}
    for this, other in (_ORDERS, _ORDERS[::-1]):
        if only[this] > _DOMINANCE * only[other]:
            return this
    if not any(only.values()):
        if not count[True, True] and all(_known(t, "ymd", newest) for t in dates):
            return "ymd" if dates else pinned
        forward = [named] if named else [order for order in _ORDERS if _never_back(dates, order)]
        if len(forward) == 1:
            return forward[0]
    return pinned


def _never_back(dates: Iterable[Triple], order: Order) -> bool:
    """Whether the days follow each other; one day back is allowed for late arrivals and clock changes."""
    days = [d for t in dates if (d := _date(t, order))]
    return all(after >= before - timedelta(days=1) for before, after in pairwise(days))


def moment_of(header: Header, days: Sequence[date], zone_name: str | None) -> Moment:
    """The instant of a message; with two possible days the time stays open and both bound it."""
    precision = 1.0 if header.style.seconds else 60.0
    readings = [
        from_local(
            datetime(day.year, day.month, day.day, header.hour, header.minute, header.second),  # noqa: DTZ001 - local
            header.stamp,
            zone_name,
            precision,
        )
        for day in days
    ]
    if len(readings) == 1:
        return readings[0]
    flags = ("date_order_ambiguous", *dict.fromkeys(f for r in readings for f in r.flags))
    earliest = min((r.earliest for r in readings if r.earliest is not None), default=None)
    latest = max((r.latest for r in readings if r.latest is not None), default=None)
    return Moment(None, header.stamp, readings[0].basis, precision, earliest, latest, flags)
