"""WhatsApp "export chat" text files: local time, names as the exporting phone knows them, no account, no zone.

A message is a line that begins in the file's own notation and all lines after it that do not.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from parsers.contract import Event, Format, Sample, Source
from parsers.kit.entries import items_of_entries, written_in
from parsers.kit.lines import iter_lines
from parsers.kit.text import decode
from parsers.platform_exports._whatsapp_bodies import classify, is_notice_sender, notice
from parsers.platform_exports._whatsapp_lines import (
    MARKS,
    Header,
    Notation,
    Reading,
    Style,
    moment_of,
    named_day,
    read_header,
    real_dates,
    survey,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item
    from parsers.kit.entries import Entry
    from parsers.kit.lines import Line
    from parsers.platform_exports._whatsapp_bodies import Body

__all__ = ["FORMATS"]

_SPACES = " \u00a0\u202f"
_LOG_WORDS = {"debug", "info", "notice", "warn", "warning", "error", "err", "critical", "crit", "fatal", "trace"}
_PHONE_PARTS = set("0123456789+ ()-.\u00a0\u202f\u2011")


def recognise(sample: Sample) -> int:
    """Share of lines that begin as messages do; a first line that does is worth most."""
    lines = sample.lines()
    marked = any(b"] " in line[:80] and b": \xe2\x80\x8e" in line[:512] for line in lines)
    found = [(line, header) for line in lines if (header := read_header(line)) and _in_use(header.style, marked=marked)]
    senders = {sender for line, header in found if (sender := _split(decode(line).text[header.end :])[0])}
    if not senders or all(name.rpartition(".")[2].casefold() in _LOG_WORDS for name in senders):
        return 0
    share = len(found) / len(lines)
    if found[0][0] is lines[0]:
        return 95 if share >= 0.3 else 80 if share >= 0.05 else 65
    return 80 if share >= 0.5 else int(100 * share)


def _in_use(style: Style, *, marked: bool) -> bool:
    """Notations the app is known to write: brackets with seconds (iOS), a dash without (Android).

    Logs write years first in brackets, too: such lines count where the app's own mark occurs in the file.
    """
    if style.bracket:
        return style.seconds and (style.comma or not style.year_first or style.half_day or marked)
    return not style.seconds or style.comma


def parse(source: Source) -> Iterator[Item]:
    """Every message; the file is read twice, first for its notation alone."""
    reading = survey(_notations(source), source.settings)

    def begins(line: Line) -> Header | None:
        header = read_header(line.raw)
        own = header and header.style in reading.styles and real_dates(header.numbers, reading)
        return header if own else None

    yield from items_of_entries(source, begins, lambda entry, header: _event(source, entry, header, reading))


def _notations(source: Source) -> dict[Style, Notation]:
    found: dict[Style, Notation] = {}
    for line in iter_lines(source):
        header = read_header(line.raw)
        if header is None:
            continue
        before = found.get(header.style, Notation([], 0, marked=False, named=[]))
        if before.dates[-1:] != [header.numbers]:
            before.dates.append(header.numbers)
        marked = before.marked or (header.style.bracket and b": \xe2\x80\x8e" in line.raw[:512])
        if (day := named_day(line.raw, header)) and before.named[-1:] != [(header.numbers, day)]:
            before.named.append((header.numbers, day))
        found[header.style] = Notation(before.dates, before.lines + 1, marked, before.named)
    return found


def _event(source: Source, entry: Entry[Header], header: Header, reading: Reading) -> Event:
    written = decode(written_in(source, entry))
    sender, body = _split(written.text[header.end :].replace("\r\n", "\n"))
    moment = moment_of(header, real_dates(header.numbers, reading), source.settings.timezone)
    kind, values, own_flags = _values(sender, body, marks_used=reading.marked)
    flags = {*moment.flags, *own_flags}
    flags |= {name for name, on in (("lossy_text", written.lossy), ("truncated", entry.excess is not None)) if on}
    values |= {**moment.columns("Recorded Time"), "account_platform": "whatsapp", "parse_flags": sorted(flags) or None}
    return Event(entry.span, entry.locator, kind, values, body.removeprefix("\u200e") or None)


def _split(rest: str) -> tuple[str | None, str]:
    """Sender and body; no sender for the app's own lines. A name may not hold a colon and a space."""
    head, colon, body = rest.partition(": ")
    first = rest.partition("\n")[0]
    if first.endswith(":") and ": " not in first:
        head, body = first[:-1], rest[len(first) :]
    elif not colon or "\n" in head:
        return None, rest
    return (None, rest) if is_notice_sender(head) or len(head) > 200 else (head.strip(MARKS + " "), body)


def _values(sender: str | None, body: str, *, marks_used: bool) -> tuple[str, dict[str, object], list[str]]:
    """Event type, columns and flags of what a line says."""
    found = classify(body, marks_used=marks_used) if sender is not None else notice(body)
    columns: dict[str, object] = {"message_type": found.message_type, "event_action": found.action}
    if sender is None or found.message_type == "system":  # a notice stands under a name that did not write it
        shown = {"shown_under": sender} if sender else {}
        return found.kind, {**columns, **_numbers(found), "extra": {**found.extra, **shown} or None}, []
    flags = [name for name, on in (("edited", found.edited), ("direction_unknown", not sender)) if on]
    columns |= {
        "sender": sender or None,
        "account_display_name": sender.removeprefix("~").strip(MARKS + _SPACES) or None,
        **_phone(sender),
        "deleted_flag": found.deleted or None,
        "attachment_names": list(found.names) or None,
        "extra": {**found.extra, **({"name_by": "the sender"} if sender.startswith("~") else {})} or None,
    }
    return found.kind, columns, flags


def _numbers(found: Body) -> dict[str, object]:
    """A number changed: the account is the one known by the first number, and all numbers are its own."""
    phones = [known for number in found.numbers if (known := _phone(number))]
    if not phones:
        return {}
    rows = [row for known in phones for row in known["identifiers"]]
    return {"account_id": phones[0]["account_id"] if len(phones) > 1 else None, "identifiers": rows}


def _phone(sender: str) -> dict[str, Any]:
    """A sender the phone had no name for is shown as an international number."""
    digits = "".join(c for c in sender if c in "0123456789")
    if not sender.startswith("+") or not set(sender) <= _PHONE_PARTS or not 7 <= len(digits) <= 15:
        return {}
    number = "+" + digits
    return {"account_id": number, "identifiers": [{"type": "phone", "value": number, "raw": sender}]}


FORMATS = (
    Format(
        id="platform/whatsapp_chat",
        version=2,
        title="WhatsApp chat export (text)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("message", "call", "system_notice", "block", "relationship", "account_change"),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "sender_controlled",
                "sender": "sender_controlled",
                "account_display_name": "sender_controlled",
                "account_id": "provider_asserted",
                "attachment_names": "sender_controlled",
            }
        ),
        references=(
            "Pustur/whatsapp-chat-parser at 57484d5a: notations and markers in its tests",
            "d3i-infra/data-donation-task at 6b38965f: notations by language",
        ),
        gaps=(
            "No real export was at hand: notations come from the sources named.",
            "A text line typed in the file's own notation reads as a message of its own: nothing tells them apart.",
            "A sender's name that holds a colon and a space is cut there.",
            "Recipients, the chat's name and the exporting account are not in the text.",
            "The app's words are known in English, German, French, Spanish, Italian and Portuguese.",
            "Some are known in Dutch, Turkish, Russian, Polish and Indonesian; no source confirms those.",
            "Dates in other calendars than the Gregorian and the Thai one (with a year of four digits) are not read.",
            "A note of a new telephone number that names one number does not say which account it is of.",
            "Placeholders without words of their own (a view-once picture may be exported as 'null') read as text.",
            "Two-digit years that come first are read when nothing else is possible or the case says so.",
            "UTF-16 files are not recognised.",
        ),
    ),
)
