"""Syslog files: BSD (RFC 3164), IETF (RFC 5424) and ISO-stamped lines, with what sshd, sudo, su and PAM say in them.

Files may mix the three headers (a system upgrade switches the stamp); every format here reads all of them. Only
`server_log/syslog_3164` solves missing years, for which it must see the whole file: see `parsers.kit.years`.
"""

from __future__ import annotations

from array import array
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Skip
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, iter_lines, line_items, line_share
from parsers.kit.time import Moment, from_local, parse_iso, unknown_time, zone
from parsers.kit.years import UNDECIDED, date_of, solve_years
from parsers.server_logs._syslog_lines import clean, clock_of, split_entry
from parsers.server_logs._syslog_messages import EVENT_TYPES_READ, read_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from parsers.contract import Item, Sample, Settings, Source, Trust
    from parsers.kit.lines import Line
    from parsers.server_logs._syslog_lines import Clock, Entry

__all__ = ["FORMATS"]

_DESC = "Recorded Time"
_NULS = "nul run"
_UNZONED = timedelta(hours=14)  # how far a local time of unknown zone may run ahead of UTC
_SPECIFICITY = 90


def parse_3164(source: Source) -> Iterator[Item]:
    """Read a whole file; years are solved first, over all stamps."""
    years = iter(_years(source))
    yield from line_items(source, lambda line: _line_items(line, source.settings, lambda _: next(years)))


def parse_lines(source: Source) -> Iterator[Item]:
    """Read lines that carry their year; a stray BSD stamp among them keeps its year open."""
    yield from line_items(source, lambda line: _line_items(line, source.settings, _own_year))


def _own_year(clock: Clock) -> int:
    return clock.year or UNDECIDED


def _line_items(line: Line, settings: Settings, year_of: Callable[[Clock], int]) -> Iterator[Item]:
    raw = clean(line.raw)
    clock = clock_of(raw)
    # Every stamp with a place in the year takes its year, even if the rest of the line is refused: keeps them in step.
    year = year_of(clock) if clock and clock.key is not None else UNDECIDED
    entry = split_entry(raw, clock) if clock else None
    if clock and entry:
        yield _event(line, entry, _moment(clock, year, settings))
    elif not raw:
        yield Skip(line.span, _NULS)
    else:
        yield Reject(line.span, "the line does not begin as a syslog line does", "unknown_structure")


def _years(source: Source) -> array[int]:
    keys, known = array("I"), {}
    for line in iter_lines(source):
        clock = None if line.over_limit or line.blank else clock_of(clean(line.raw))
        if clock and clock.key is not None:
            if clock.year:
                known[len(keys)] = clock.year
            keys.append(clock.key)
    return solve_years(keys, _limit(source.settings), known)


def _limit(settings: Settings) -> datetime | None:
    """Acquisition as the local time of the stamps; without a zone, as late as it can have been anywhere."""
    if settings.acquired_at is None:
        return None
    if settings.timezone is None:
        return settings.acquired_at.replace(tzinfo=None) + _UNZONED
    return settings.acquired_at.astimezone(zone(settings.timezone)).replace(tzinfo=None)


def _moment(clock: Clock, year: int, settings: Settings) -> Moment | None:
    if clock.raw is None:
        return None
    if clock.kind != "bsd":
        return parse_iso(clock.raw, settings.timezone)
    date = date_of(year, clock.key) if year and clock.key is not None else None
    if date is None:
        return unknown_time(clock.raw, *(("year_ambiguous",) if clock.key is not None and not clock.year else ()))
    precision = 1.0 if clock.micro is None else 1e-6
    moment = from_local(date.replace(microsecond=clock.micro or 0), clock.raw, settings.timezone, precision)
    return moment if clock.year else moment._replace(flags=(*moment.flags, "year_inferred"))


def _event(line: Line, entry: Entry, moment: Moment | None) -> Event:
    reading = read_message(entry.process, entry.module, entry.message)
    extra = entry.extra | reading.extra
    pid = int(entry.pid) if entry.pid and entry.pid.isascii() and entry.pid.isdigit() and len(entry.pid) <= 18 else None
    if entry.pid and pid is None:
        extra["pid"] = entry.pid
    if entry.module:
        extra["module"] = entry.module
    flags = [*(moment.flags if moment else ()), *reading.flags, *(("lossy_text",) if entry.lossy else ())]
    values = {
        **(moment.columns(_DESC) if moment else {}),
        **reading.values,
        "host_name": entry.host,
        "process_name": entry.process,
        "process_pid": pid,
        "parse_flags": flags or None,
        "extra": extra or None,
    }
    return Event(line.span, line.locator, reading.event_type, values, entry.message or None)


def _is(kind: str, line: bytes) -> bool:
    """Whether a line is a full syslog line of this kind, specific enough to recognise a file by."""
    line = clean(line)
    clock = clock_of(line)
    if clock is None or clock.kind != kind or (clock.raw and clock.key is None):
        return False
    entry = split_entry(line, clock)
    return entry is not None and (kind == "ietf" or (entry.host is not None and entry.process is not None))


def _shares(sample: Sample) -> dict[str, float]:
    return {kind: line_share(sample, partial(_is, kind)) for kind in ("bsd", "ietf", "iso")}


def _recognise(kind: str, sample: Sample) -> int:
    """The share of syslog lines goes to one format: BSD if any stamp lacks its year, else the more frequent."""
    shares = _shares(sample)
    leader = "bsd" if shares["bsd"] else max(shares, key=lambda k: shares[k])
    return round(sum(shares.values()) * _SPECIFICITY) if kind == leader else 0


_TRUST: Mapping[str, Trust] = MappingProxyType(
    {
        "timestamp": "server_observed",
        "source_ip": "server_observed",
        "source_port": "server_observed",
        "host_name": "server_observed",
        "process_name": "server_observed",
        "account_login": "sender_controlled",
        "target_account_login": "server_observed",
        "identifiers": "server_observed",
    }
)
_SKIPS = MappingProxyType(
    {BLANK_LINE: BLANK_LINE_MEANING, _NULS: "the line holds only NUL bytes, as a crash leaves them in a log"}
)
_GAPS = (
    "Month names in other languages than English are not read.",
    "Messages longer than 8192 characters, and sentences of other programs, are kept as text only.",
    "Whoever may write to the log socket can write any line: a log states, it does not prove.",
)
_FORMAT = partial(Format, version=1, event_types=EVENT_TYPES_READ, tier="source-verified", trust=_TRUST, skips=_SKIPS)

FORMATS = (
    _FORMAT(
        id="server_log/syslog_3164",
        title="Syslog, BSD stamps without year (RFC 3164)",
        framing="whole",
        recognise=partial(_recognise, "bsd"),
        parse=parse_3164,
        references=("RFC 3164 section 4.1",),
        gaps=(
            *_GAPS,
            "A clock that was wrong in a file's last lines, and a silence of more than 50 weeks, can shift a year.",
        ),
    ),
    _FORMAT(
        id="server_log/syslog_5424",
        title="Syslog, IETF header (RFC 5424)",
        framing="line",
        recognise=partial(_recognise, "ietf"),
        parse=parse_lines,
        references=("RFC 5424 section 6",),
        gaps=(*_GAPS, "Octet-counted frames (RFC 6587) are not unpacked."),
    ),
    _FORMAT(
        id="server_log/syslog_iso",
        title="Syslog, ISO 8601 stamps (rsyslog file format, journalctl short-iso)",
        framing="line",
        recognise=partial(_recognise, "iso"),
        parse=parse_lines,
        references=("rsyslog 8 RSYSLOG_FileFormat", "systemd 252 journalctl -o short-iso"),
        gaps=_GAPS,
    ),
)
