"""systemd's journal as ``journalctl -o json`` writes it: one JSON object a line.

Fields that begin with an underscore are written by journald itself; the others, the program's name among them, by
whoever sent the message. So a message is read as sshd's only if the journal did not see another program write it.

References:
    systemd.journal-fields(7), systemd 252; systemd "Journal JSON Format".
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Skip
from parsers.kit.jsonspans import Element
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, line_items, line_share
from parsers.kit.text import decode
from parsers.kit.time import from_epoch, unknown_time
from parsers.server_logs._syslog_messages import EVENT_TYPES_READ, read_message
from parsers.server_logs._syslog_rules import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Item, Sample, Source, Trust
    from parsers.kit.lines import Line
    from parsers.kit.time import Moment
    from parsers.server_logs._syslog_rules import Reading

__all__ = ["FORMATS"]

_DESC = "Recorded Time"
_STAMP = "__REALTIME_TIMESTAMP"
_RECORD_SEPARATOR = b"\x1e"  # json-seq, RFC 7464
_SEPARATOR = "record separator"
_PLACED = frozenset(
    {"MESSAGE", _STAMP, "_HOSTNAME", "SYSLOG_IDENTIFIER", "_PID", "__MONOTONIC_TIMESTAMP", "SYSLOG_TIMESTAMP"}
)
_SPECIFICITY = 95


def _recognise(sample: Sample) -> int:
    return round(line_share(sample, _is_entry) * _SPECIFICITY)


def _is_entry(line: bytes) -> bool:
    return (
        line[:2].lstrip(_RECORD_SEPARATOR)[:1] == b"{" and b'"__REALTIME_TIMESTAMP"' in line and b'"__CURSOR"' in line
    )


def parse(source: Source) -> Iterator[Item]:
    """Read entries; a line that holds no entry is refused."""
    yield from line_items(source, _items)


def _items(line: Line) -> Iterator[Item]:
    raw = line.raw.removeprefix(_RECORD_SEPARATOR).removeprefix(b"\xef\xbb\xbf")
    if not raw.strip():
        yield Skip(line.span, _SEPARATOR)
        return
    loaded = Element(line.span, (), memoryview(raw)).load()
    if isinstance(loaded, Reject):
        yield loaded if loaded.kind == "limit" else _refused(line)
    elif not isinstance(loaded.value, dict) or _STAMP not in loaded.value:
        yield Reject(line.span, "the line is JSON, but no journal entry", "unknown_structure")
    else:
        yield _event(line, loaded.value, loaded.flags)


def _refused(line: Line) -> Reject:
    if line.ended:
        return Reject(line.span, "the line is not one whole JSON object", "malformed")
    return Reject(line.span, "the file ends inside this entry", "truncated")


def _event(line: Line, entry: Mapping[str, object], repaired: tuple[str, ...]) -> Event:
    message, lossy = _text(entry.get("MESSAGE"))
    moment = _moment(entry.get(_STAMP))
    host = _first(entry, "_HOSTNAME")
    program = _first(entry, "SYSLOG_IDENTIFIER") or _first(entry, "_COMM")
    seen = _first(entry, "_COMM")
    confirmed = _is_confirmed(program, seen)
    reading: Reading = read_message(program, None, message or "") if confirmed else PLAIN
    extra = {**_rest(entry), **reading.extra}
    flags = [*moment.flags, *reading.flags, *repaired]
    flags += ["lossy_text"] if lossy and "lossy_text" not in flags else []
    flags += [] if confirmed else ["program_unconfirmed"]
    values = {
        **moment.columns(_DESC),
        **reading.values,
        "thread_id": "/".join(filter(None, (host, reading.queue))) if reading.queue else None,
        "host_name": host,
        "process_name": program,
        "process_pid": _number(_first(entry, "_PID"), extra),
        "parse_flags": flags or None,
        "extra": extra or None,
    }
    return Event(line.span, line.locator, reading.event_type, values, message or None)


def _moment(raw: object) -> Moment:
    text = raw if isinstance(raw, str) else str(raw)
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return from_epoch(int(text), text, unit="us")
    return unknown_time(text)


_WRITERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sshd": ("sshd",),
        "sshd-session": ("sshd",),
        "sshd-auth": ("sshd",),
        "sudo": ("sudo",),
        "su": ("su",),
        "systemd-logind": ("systemd-logind",),
        "exim": ("exim",),
        "exim4": ("exim",),
    }
)
_FORWARDERS = ("logger", "systemd-cat")


def _is_confirmed(program: str | None, seen: str | None) -> bool:
    """Whether the program that the journal saw (the kernel's 15 characters of its name) may write under this name."""
    if program is None or seen is None:
        return True
    if program.startswith("postfix") and "/" in program:
        return seen == program.rpartition("/")[2][:15]
    writers = _WRITERS.get(program)
    return seen.startswith(writers) if writers else seen not in _FORWARDERS


def _first(entry: Mapping[str, object], name: str) -> str | None:
    """A field as text; of several values the first."""
    return _text(entry.get(name))[0] or None


def _text(value: object) -> tuple[str | None, bool]:
    """A value as text: a string, the bytes of one that is not UTF-8, or the first of several. None when left out."""
    if isinstance(value, list) and value:
        if _is_bytes(value):
            return decode(bytes(value))
        return _text(value[0]) if not isinstance(value[0], list) or _is_bytes(value[0]) else (None, False)
    if value is None or isinstance(value, (list, dict)):
        return None, False
    return str(value), False


def _is_bytes(value: list[object]) -> bool:
    return all(isinstance(item, int) and 0 <= item <= 255 for item in value)


def _rest(entry: Mapping[str, object]) -> dict[str, object]:
    """Fields without a column, under their own names; several values stay a list, bytes become text."""
    return {name: _shown(value) for name, value in entry.items() if name not in _PLACED and value is not None}


def _shown(value: object) -> object:
    if isinstance(value, list):
        return _text(value)[0] if _is_bytes(value) else [_shown(item) for item in value]
    return value


def _number(text: str | None, extra: dict[str, object]) -> int | None:
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return int(text)
    extra["_PID"] = text
    return None


_TRUST: Mapping[str, Trust] = MappingProxyType(
    {
        "timestamp": "server_observed",
        "source_ip": "server_observed",
        "source_port": "server_observed",
        "host_name": "server_observed",
        "process_name": "sender_controlled",
        "process_pid": "server_observed",
        "account_login": "sender_controlled",
        "target_account_login": "server_observed",
        "identifiers": "server_observed",
    }
)

FORMATS = (
    Format(
        id="server_log/journald",
        version=1,
        title="systemd journal, JSON lines (journalctl -o json)",
        framing="line",
        recognise=_recognise,
        parse=parse,
        event_types=EVENT_TYPES_READ,
        tier="source-verified",
        trust=_TRUST,
        skips={
            BLANK_LINE: BLANK_LINE_MEANING,
            _SEPARATOR: "the line holds only the mark between JSON texts (RFC 7464)",
        },
        references=("systemd.journal-fields(7), systemd 252", "journalctl(1) -o json"),
        gaps=(
            "Fields that journalctl leaves out for their size are null in the export and absent here.",
            "json-pretty, the export format and binary journal files are not read.",
            "Lines of one mail are not joined; their queue id is kept without the number of its use.",
            "Of a field that occurs several times, the first value fills a column; all are kept in extra.",
        ),
    ),
)
