"""Mail servers' logs: Postfix, Dovecot and Exim. Lines of one message are joined, so that a delivery states everything.

Postfix and Dovecot often write into one file, so both formats read all lines of both (and of other programs).
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject
from parsers.kit.lines import line_items, line_share
from parsers.kit.text import decode
from parsers.kit.time import parse_iso
from parsers.server_logs._mail_exim import STAMP, is_exim_sentence, read_exim
from parsers.server_logs._mail_lines import MAIL
from parsers.server_logs._mail_threads import Threads
from parsers.server_logs._syslog_events import SKIPS, TRUST, parse_whole
from parsers.server_logs._syslog_kinds import lead_of
from parsers.server_logs._syslog_messages import EVENT_TYPES_READ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source
    from parsers.kit.lines import Line
    from parsers.kit.time import Moment

__all__ = ["FORMATS"]

_STAMP = re.compile(STAMP, re.ASCII)
_DESC = "Recorded Time"
_EXIM_SCORE = 95
_EXIM_SHARE = 0.3  # of the lines must be sentences of Exim; the rest may be what administrators log


def _recognise(name: str, sample: Sample) -> int:
    lead = lead_of(sample)
    return lead.score if lead.name == name else 0


def _recognise_exim(sample: Sample) -> int:
    if line_share(sample, _is_exim_line) < _EXIM_SHARE:
        return _recognise("exim", sample)
    return round(line_share(sample, _is_stamped) * _EXIM_SCORE)


def _is_stamped(line: bytes) -> bool:
    return _STAMP.match(decode(line).text) is not None


def _is_exim_line(line: bytes) -> bool:
    text = decode(line).text
    match = _STAMP.match(text)
    return match is not None and is_exim_sentence(text[match.end() :])


def parse_exim(source: Source) -> Iterator[Item]:
    """Read a main log, or Exim's lines in syslog."""
    first = bytes(source.view[: 1 << 16]).lstrip()
    if not _is_stamped(first):
        yield from parse_whole(source, MAIL)
        return
    threads = Threads()
    yield from line_items(source, lambda line: (_exim_item(line, source.settings.timezone, threads),))


def _exim_item(line: Line, zone_name: str | None, threads: Threads) -> Item:
    text, lossy = decode(line.raw)
    match = _STAMP.match(text)
    if match is None:
        return Reject(line.span, "the line does not begin with a time as Exim writes it", "unknown_structure")
    moment = _moment(match["stamp"], zone_name)
    body = text[match.end() :]
    reading = threads.join(read_exim(body), None, line.number)
    values = {**moment.columns(_DESC), **reading.values, "extra": reading.extra or None}
    flags = (*moment.flags, *reading.flags, *(("lossy_text",) if lossy else ()))
    values["parse_flags"] = list(flags) or None
    return Event(line.span, line.locator, reading.event_type, values, body or None)


def _moment(stamp: str, zone_name: str | None) -> Moment:
    return parse_iso(stamp, zone_name)


_GAPS = (
    "Text of other programs (content filters, milters) is kept as text; a queue id inside it is not followed.",
    "A line that the system cut exactly behind text planted by a client cannot be told from a whole one.",
    "Whoever may write to the log socket can write any line: a log states, it does not prove.",
)
_FORMAT = partial(
    Format,
    version=1,
    framing="whole",
    event_types=EVENT_TYPES_READ,
    tier="source-verified",
    trust=TRUST,
    skips=SKIPS,
)

FORMATS = (
    _FORMAT(
        id="server_log/postfix",
        title="Postfix mail log",
        recognise=partial(_recognise, "postfix"),
        parse=partial(parse_whole, layout=MAIL),
        references=("Postfix 3.7 source, src/smtpd and src/global/log_adhoc.c", "postconf(5) enable_long_queue_ids"),
        gaps=(*_GAPS, "Instances whose syslog_name does not begin with 'postfix' are kept as text."),
    ),
    _FORMAT(
        id="server_log/dovecot",
        title="Dovecot mail log (syslog or its own file)",
        recognise=partial(_recognise, "dovecot"),
        parse=partial(parse_whole, layout=MAIL),
        references=("Dovecot 2.3 source, src/login-common and src/auth", "libtai 0.60, TAI64N labels"),
        gaps=(*_GAPS, "Own login_log_format settings other than reordered fields are kept as text."),
    ),
    _FORMAT(
        id="server_log/exim",
        title="Exim main log",
        recognise=_recognise_exim,
        parse=parse_exim,
        references=("Exim 4.98 specification, chapter 53",),
        gaps=(*_GAPS, "Header dumps of the reject log are refused line by line; the panic log is not told apart."),
    ),
)
