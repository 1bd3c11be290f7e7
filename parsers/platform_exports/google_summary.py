"""Google's account of a legal return, text: what was asked, for which period, and where it holds no records."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Skip, Span
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, MAX_LINE, iter_lines
from parsers.kit.text import decode
from parsers.platform_exports._google_rows import has_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source

__all__ = ["FORMATS"]

_KEYS = MappingProxyType(
    {
        "originating identifier": "originating_identifier",
        "resolved identifier": "resolved_identifier",
        "service": "service",
        "resource": "resource",
        "start of date range": "period_start",
        "end of date range": "period_end",
    }
)
_FIRST = "originating identifier"
_NONE = re.compile(r"\W{0,9}(?:there (?:are|were) )?no (?:responsive )?(?:records|data|results)\b", re.IGNORECASE)
_MOST_TEXT = 400
_MOST_LINES = 64


@dataclass(slots=True)
class _Part:
    """Lines that speak of one resource."""

    start: int = 0
    end: int = 0
    line: int = 0
    named: dict[str, str] = field(default_factory=dict)
    lines: int = 0
    notes: list[str] = field(default_factory=list)
    blanks: list[Span] = field(default_factory=list)
    negative: bool = False
    lossy: bool = False


def _key(raw: bytes) -> tuple[str, str]:
    label, colon, value = decode(raw).text.removeprefix("\ufeff").partition(":")
    return (" ".join(label.casefold().split()), value.strip()) if colon else ("", "")


def recognise(sample: Sample) -> int:
    """At least three of the labels, with the one a part begins with."""
    keys = {_key(line[:_MOST_TEXT])[0] for line in sample.lines()} & set(_KEYS)
    return 95 if len(keys) > 2 and keys & {_FIRST, "resolved identifier"} else 0


def parse(source: Source) -> Iterator[Item]:
    """One event for each part; a part begins with its first label, or where a label comes again."""
    part = _Part()
    for line in iter_lines(source):
        if line.blank:
            part.blanks.append(line.span)
            continue
        key, value = _key(line.raw[:MAX_LINE])
        if line.over_limit or not _continues(part, key, line.raw):
            yield from _close(part)
            part = _Part()
        if line.over_limit:
            yield line.reject_over_limit()
            continue
        if not part.lines:
            part.start, part.line = line.span.start, line.number
        part.end, part.lines = line.span.end, part.lines + 1
        part.blanks.clear()
        _take(part, line.raw, key, value)
    yield from _close(part)


def _continues(part: _Part, key: str, raw: bytes) -> bool:
    """Whether a line belongs to the part; after a blank line only a label still missing, or a statement of none."""
    if not part.lines or key == _FIRST or _KEYS.get(key) in part.named or part.lines >= _MOST_LINES:
        return False
    return not part.blanks or key in _KEYS or bool(part.named and _NONE.match(decode(raw[:_MOST_TEXT]).text))


def _take(part: _Part, raw: bytes, key: str, value: str) -> None:
    text, lossy = decode(raw)
    part.lossy |= lossy
    if key in _KEYS:
        part.named[_KEYS[key]] = value
    else:
        part.notes.append(text.strip())
    part.negative |= bool(_NONE.match(text[:_MOST_TEXT]))


def _close(part: _Part) -> Iterator[Item]:
    if part.lines:
        yield _whole(part)
    for blank in part.blanks:
        yield Skip(blank, BLANK_LINE)


def _whole(part: _Part) -> Item:
    span = Span(part.start, part.end)
    if not part.named and not part.negative:
        return Reject(span, "no line of this part has a known label", "unknown_structure")
    named = {name: value for name, value in part.named.items() if value}
    login = named.get("originating_identifier", "").partition(" [")[0].strip()
    extra: dict[str, object] = {**named, **({"notes": part.notes} if part.notes else {})}
    is_email = has_shape("email", login)
    values: dict[str, object] = {
        "account_platform": "google",
        "account_id": named.get("resolved_identifier"),
        "account_login": login if is_email else None,
        "identifiers": [{"type": "email", "value": login, "raw": login}] if is_email else None,
        "event_action": "no_records" if part.negative else "export_summary",
        "parse_flags": ["lossy_text"] if part.lossy else None,
        "extra": extra or None,
    }
    kind = "provider_negative" if part.negative else "account_profile"
    return Event(span, f"L{part.line}", kind, values)


FORMATS = (
    Format(
        id="platform/google_return_summary",
        version=1,
        title="Google legal return: export summary and statements of no records (text)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("account_profile", "provider_negative"),
        tier="source-verified",
        trust=MappingProxyType({"account_id": "provider_asserted", "identifiers": "provider_asserted"}),
        skips=MappingProxyType({BLANK_LINE: BLANK_LINE_MEANING}),
        references=("abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Google return modules (labels)",),
        gaps=(
            "A statement of no records is known by its English words; none was at hand to compare with.",
            "Dates of the period are kept as written.",
        ),
    ),
)
