"""Syslog files: BSD (RFC 3164), IETF (RFC 5424) and ISO-stamped lines, with what sshd, sudo, su and PAM say in them.

Files may mix the three headers (a system upgrade switches the stamp); every format here reads all of them. Only
`server_log/syslog_3164` solves missing years, for which it must see the whole file: see `parsers.kit.years`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from parsers.contract import Format
from parsers.server_logs._syslog_events import SKIPS, TRUST, parse_lines, parse_whole
from parsers.server_logs._syslog_kinds import lead_of
from parsers.server_logs._syslog_messages import EVENT_TYPES_READ

if TYPE_CHECKING:
    from parsers.contract import Sample

__all__ = ["FORMATS"]


def _recognise(kind: str, sample: Sample) -> int:
    """Syslog lines go to one format: BSD if any stamp lacks its year, else the more frequent; mail logs are others."""
    lead = lead_of(sample)
    return lead.score if lead.name == kind else 0


_GAPS = (
    "Month names in other languages than English are not read.",
    "Messages longer than 8192 characters, and sentences of other programs, are kept as text only.",
    "Whoever may write to the log socket can write any line: a log states, it does not prove.",
)
_FORMAT = partial(Format, version=3, event_types=EVENT_TYPES_READ, tier="source-verified", trust=TRUST, skips=SKIPS)

FORMATS = (
    _FORMAT(
        id="server_log/syslog_3164",
        title="Syslog, BSD stamps without year (RFC 3164)",
        framing="whole",
        recognise=partial(_recognise, "bsd"),
        parse=parse_whole,
        references=("RFC 3164 section 4.1",),
        gaps=(
            *_GAPS,
            "The hour that a clock set back shows twice is told apart only by one clear step back in a file.",
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
