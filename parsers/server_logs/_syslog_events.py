"""Syslog lines as events: the year of every stamp, its instant, and what the message says.

`parse_whole` sees a whole file: it solves missing years first (`parsers.kit.years`) and joins lines about one
queued mail. `parse_lines` reads any piece of a file.
"""

from __future__ import annotations

from array import array
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject, Skip
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, iter_lines, line_items
from parsers.kit.time import Moment, from_local, parse_iso, unknown_time, zone
from parsers.kit.years import NEIGHBOUR, UNDECIDED, date_of, solve_years, year_near
from parsers.server_logs._mail_threads import Threads
from parsers.server_logs._syslog_folds import Settled, moment_of, settled_years
from parsers.server_logs._syslog_lines import clean, clock_of, split_entry
from parsers.server_logs._syslog_messages import read_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from parsers.contract import Item, Settings, Source, Trust
    from parsers.kit.lines import Line
    from parsers.server_logs._syslog_lines import Clock, Entry
    from parsers.server_logs._syslog_rules import Reading

__all__ = ["SKIPS", "SYSLOG", "TRUST", "Layout", "parse_lines", "parse_whole"]

_DESC = "Recorded Time"
_NULS = "nul run"
_INSTANTS = 4096  # kept at once
_UNZONED = timedelta(hours=14)  # how far a local time of unknown zone may run ahead of UTC

TRUST: Mapping[str, Trust] = MappingProxyType(
    {
        "timestamp": "server_observed",
        "source_ip": "server_observed",
        "source_port": "server_observed",
        "destination_ip": "server_observed",
        "destination_port": "server_observed",
        "host_name": "server_observed",
        "process_name": "server_observed",
        "account_login": "sender_controlled",
        "target_account_login": "server_observed",
        "identifiers": "server_observed",
        "session_id": "server_observed",
        "thread_id": "server_observed",
        "claimed_ips": "sender_controlled",
        "message_id": "sender_controlled",
        "sender": "sender_controlled",
        "recipients": "sender_controlled",
        "email_subject": "sender_controlled",
    }
)
SKIPS = MappingProxyType(
    {BLANK_LINE: BLANK_LINE_MEANING, _NULS: "the line holds only NUL bytes, as a crash leaves them in a log"}
)


class Layout(NamedTuple):
    """How lines of a file begin: the stamp, and what follows it."""

    clock_of: Callable[[bytes], Clock | None]
    split: Callable[[bytes, Clock], Entry | None]


SYSLOG = Layout(clock_of, split_entry)


class _Reader(NamedTuple):
    """What is needed to read a line. `year_of` is asked once for every stamp that has a place in the year."""

    layout: Layout
    settings: Settings
    year_of: Callable[[Clock], int | Settled]
    threads: Threads | None
    instants: dict[tuple[str, int | Settled], _Instant]


def parse_whole(source: Source, layout: Layout = SYSLOG) -> Iterator[Item]:
    """Read a whole file; years are solved first, over all stamps."""
    years = _years(source, layout)
    reader = _Reader(layout, source.settings, lambda _: next(years), Threads(), {})
    yield from line_items(source, lambda line: (_item(line, reader),))


def parse_lines(source: Source, layout: Layout = SYSLOG) -> Iterator[Item]:
    """Read lines that carry their year; a stray BSD stamp takes that of a neighbour it is told, else stays open."""
    near = source.settings.options.get(NEIGHBOUR)
    year_of = partial(_year_by, int(near)) if near else _own_year
    reader = _Reader(layout, source.settings, year_of, None, {})
    yield from line_items(source, lambda line: (_item(line, reader),))


def _own_year(clock: Clock) -> int:
    return clock.year or UNDECIDED


def _year_by(near: int, clock: Clock) -> int:
    return clock.year or (UNDECIDED if clock.key is None else year_near(clock.key, near))


def _item(line: Line, reader: _Reader) -> Item:
    raw = clean(line.raw)
    clock = reader.layout.clock_of(raw)
    # Every stamp with a place in the year takes its year, even if the rest of the line is refused: keeps them in step.
    year = reader.year_of(clock) if clock and clock.key is not None else UNDECIDED
    entry = reader.layout.split(raw, clock) if clock else None
    if clock and entry:
        return _event(line, entry, _instant(clock, year, reader), reader.threads)
    if not raw:
        return Skip(line.span, _NULS)
    return Reject(line.span, "the line does not begin as a syslog line does", "unknown_structure")


def _years(source: Source, layout: Layout) -> Iterator[int | Settled]:
    keys, known, kinds = array("I"), {}, set()
    for line in iter_lines(source):
        clock = None if line.over_limit else layout.clock_of(clean(line.raw))
        if clock and clock.key is not None:
            if clock.year:
                known[len(keys)] = clock.year
            keys.append(clock.key)
            kinds.add(clock.kind)
    years = solve_years(keys, _limit(source.settings), known)
    # Stamps of another header may be of another zone: only one clock's steps say something.
    return settled_years(keys, years, source.settings.timezone) if kinds == {"bsd"} else iter(years)


def _limit(settings: Settings) -> datetime | None:
    """Acquisition as the local time of the stamps; without a zone, as late as it can have been anywhere."""
    if settings.acquired_at is None:
        return None
    if settings.timezone is None:
        return settings.acquired_at.replace(tzinfo=None) + _UNZONED
    return settings.acquired_at.astimezone(zone(settings.timezone)).replace(tzinfo=None)


class _Instant(NamedTuple):
    """The time columns of a line, without empty ones, and the flags of its time."""

    columns: dict[str, object]
    flags: tuple[str, ...]


_NO_INSTANT = _Instant({}, ())


def _instant(clock: Clock, year: int | Settled, reader: _Reader) -> _Instant:
    """Instant of a stamp; busy logs write many lines in one second."""
    if clock.raw is None:
        return _NO_INSTANT
    known = reader.instants.get((clock.raw, year))
    if known is None:
        known = _columns(clock.moment or _moment(clock, clock.raw, year, reader.settings.timezone))
        if len(reader.instants) >= _INSTANTS:
            reader.instants.clear()
        reader.instants[clock.raw, year] = known
    return known


def _moment(clock: Clock, raw: str, solved: int | Settled, timezone: str | None) -> Moment:
    if clock.kind != "bsd":
        return parse_iso(raw, timezone)
    settled, year = (solved, solved.year) if isinstance(solved, Settled) else (None, solved)
    date = date_of(year, clock.key) if year and clock.key is not None else None
    if date is None:
        return unknown_time(raw, *(("year_ambiguous",) if clock.key is not None and not clock.year else ()))
    precision = 1.0 if clock.micro is None else 1e-6
    local = date.replace(microsecond=clock.micro or 0)
    moment = (
        moment_of(local, settled, raw, timezone, precision) if settled else from_local(local, raw, timezone, precision)
    )
    return moment if clock.year else moment._replace(flags=(*moment.flags, "year_inferred"))


def _columns(moment: Moment) -> _Instant:
    columns = {name: value for name, value in moment.columns(_DESC).items() if value is not None}
    return _Instant(columns, moment.flags)


def _event(line: Line, entry: Entry, instant: _Instant, threads: Threads | None) -> Event:
    reading: Reading = read_message(entry.process, entry.module, entry.message)
    if threads and reading.queue:
        reading = threads.join(reading, entry.host, line.number)
    extra = {**entry.extra, **reading.extra}
    values = {**instant.columns, **reading.values}
    if entry.host:
        values["host_name"] = entry.host
    if entry.process:
        values["process_name"] = entry.process
    if entry.pid:
        _set_pid(entry.pid, values, extra)
    if entry.module:
        extra["module"] = entry.module
    flags = [*instant.flags, *reading.flags]
    if entry.lossy:
        flags.append("lossy_text")
    if flags:
        values["parse_flags"] = flags
    if extra:
        values["extra"] = extra
    return Event(line.span, line.locator, reading.event_type, values, entry.message or None)


def _set_pid(text: str, values: dict[str, object], extra: dict[str, object]) -> None:
    if text.isascii() and text.isdigit() and len(text) <= 18:
        values["process_pid"] = int(text)
    else:
        extra["pid"] = text
