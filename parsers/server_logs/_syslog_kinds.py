"""Which format a sample of syslog lines belongs to: a mail server's log, or syslog with one of three headers."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.lines import MAX_LINE
from parsers.server_logs._mail_lines import is_dovecot_line, mail_clock
from parsers.server_logs._mail_messages import mail_family
from parsers.server_logs._syslog_lines import clean, clock_of, split_entry

if TYPE_CHECKING:
    from parsers.contract import Sample

__all__ = ["Lead", "lead_of"]

_SPECIFICITY = 90
_MAIL_SHARE = 0.5  # of the syslog lines; below, the file is the host's general log


class Lead(NamedTuple):
    """The format that may claim the sample (a header kind or a mail family), and its score."""

    name: str | None
    score: int


@lru_cache(maxsize=4)
def lead_of(sample: Sample) -> Lead:
    """Who claims the sample; every format that reads such lines asks, so that exactly one does."""
    lines = sample.lines()
    found = Counter(kind for line in lines if (kind := _kind(line[: MAX_LINE + 1])))
    total = found.total()
    if not total:
        return Lead(None, 0)
    score = round(total / len(lines) * _SPECIFICITY)
    mail = Counter({name: found[name] for name in ("postfix", "dovecot", "exim") if found[name]})
    if mail.total() >= _MAIL_SHARE * total:
        return Lead(max(sorted(mail), key=lambda name: mail[name]), score)
    kinds = Counter({name: found[name] for name in ("bsd", "ietf", "iso")})
    return Lead("bsd" if kinds["bsd"] else max(sorted(kinds), key=lambda name: kinds[name]), score)


def _kind(line: bytes) -> str | None:
    """``postfix``, ``dovecot``, ``exim``, a header kind, or None; only lines specific enough to recognise a file by."""
    line = clean(line)
    clock = clock_of(line)
    if clock is None or (clock.raw and clock.key is None):
        own = mail_clock(line)
        return "dovecot" if own and is_dovecot_line(line, own) else None
    entry = split_entry(line, clock)
    if entry is None:
        return None
    family = mail_family(entry.process) if entry.process else None
    if clock.kind != "ietf" and (entry.host is None or entry.process is None):
        return "dovecot" if is_dovecot_line(line, clock) else None
    return family or clock.kind
