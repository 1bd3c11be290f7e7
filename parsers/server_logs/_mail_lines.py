"""How lines of mail servers begin: as syslog, or as Dovecot writes to a file of its own.

References:
    Dovecot 2.3: log_path, log_timestamp (``%b %d %H:%M:%S`` by default).
    TAI64N labels: D. J. Bernstein, libtai 0.60 and daemontools 0.76 (multilog).
"""

from __future__ import annotations

import re

from parsers.kit.text import decode
from parsers.kit.time import Moment, unknown_time
from parsers.server_logs._mail_dovecot import SERVICES
from parsers.server_logs._syslog_events import Layout
from parsers.server_logs._syslog_lines import Clock, Entry, clock_of, plain_clock, split_entry

__all__ = ["MAIL", "is_dovecot_line", "mail_clock", "split_mail"]

_TAI64N = re.compile(rb"@([0-9a-f]{16})([0-9a-f]{8}) ")
_SPACED = re.compile(rb"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) +")
_OWN = re.compile(rf"(?:{'|'.join(SERVICES)})(?:\(.{{0,300}}?\))?(?:<[^<>]{{0,64}}>){{0,2}}: ", re.ASCII)
_TAI_EPOCH = (1 << 62) + 10
_LEAP_SECONDS = 27  # 1972 to 2017; daemontools counts none of them, a strict clock counts all
_NANO, _MICROS = 1000, 1_000_000
_LAST = 253_402_300_799  # year 9999


def mail_clock(line: bytes) -> Clock | None:
    """The stamp of a line: syslog's, or Dovecot's own forms."""
    if plain := plain_clock(line[:16]):
        return plain
    if line[:1] == b"@" and (label := _TAI64N.match(line)):
        return _tai_clock(label)
    clock = clock_of(line)
    if clock is None and (match := _SPACED.match(line)):
        stamp = clock_of(match[1] + b"T" + match[2] + b" ")
        return stamp and stamp._replace(raw=match[0].decode().rstrip(), rest=match.end())
    return clock


def _tai_clock(label: re.Match[bytes]) -> Clock:
    raw = label[0].decode().rstrip()
    seconds, nanos = int(label[1], 16) - _TAI_EPOCH, int(label[2], 16)
    moment = unknown_time(raw)
    if 0 < seconds <= _LAST and nanos < _NANO * _MICROS:
        at = seconds * _MICROS + nanos // _NANO
        moment = Moment(at, raw, "format_rule", 1e-6, at - _LEAP_SECONDS * _MICROS, at)
    return Clock("tai", raw, None, None, None, None, label.end(), moment)


def split_mail(line: bytes, clock: Clock) -> Entry | None:
    """Host, program and message; a line that begins with a Dovecot service is Dovecot's own file."""
    entry = split_entry(line, clock)
    if entry and entry.host and entry.host[-1] != ":":
        return entry
    text, lossy = decode(line[clock.rest :])
    if clock.kind != "ietf" and _OWN.match(text):
        return Entry(None, "dovecot", None, None, text, {}, lossy)
    return entry


def is_dovecot_line(line: bytes, clock: Clock) -> bool:
    """Whether a line is one of Dovecot's own file."""
    return clock.kind != "ietf" and _OWN.match(decode(line[clock.rest : clock.rest + 512]).text) is not None


MAIL = Layout(mail_clock, split_mail)
