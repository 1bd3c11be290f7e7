"""Google "My Activity", JSON and HTML: searches, visits and views of one account.

What was done is told by the link of an item, not by its title, since titles are in the language of the account. The
account itself is not named in these files.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Skip, Span
from parsers.kit.jsonspans import JSON_STRUCTURE, JSON_STRUCTURE_MEANING, top_keys
from parsers.kit.time import Moment, parse_iso
from parsers.platform_exports._google_activity_page import PageItem, page_items
from parsers.platform_exports._google_html import is_page
from parsers.platform_exports._google_json import Drift, Record, flags, read_document, text
from parsers.platform_exports._google_times import TIME, parse_english

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Item, Sample, Source

__all__ = ["FORMATS"]

_MARKUP = "html structure"
_KNOWN = {
    *("header", "title", "titleUrl", "time", "products", "details", "locationInfos", "subtitles", "description"),
    *("activityControls", "imageFile", "audioFiles", "attachedFiles", "safeHtmlItem", "additionalInfos"),
}
_TAKEN = {"title", "time"}
_ACTS = (
    (re.compile(r"https?://[a-z0-9.-]{0,80}/(?:search|maps/search|results)[/?]"), "search"),
    (re.compile(r"https?://[a-z]{0,6}\.?youtube\.com/watch\?"), "watch"),
    (re.compile(r"https?://[a-z]{0,6}\.?google\.[a-z.]{2,6}/url\?"), "visit"),
)
_OUTER = b'class="outer-cell'


def _action(url: str | None) -> str | None:
    return next((action for pattern, action in _ACTS if url and pattern.match(url)), None)


def _values(moment: Moment | None, url: str | None, extra: Mapping[str, object]) -> dict[str, object]:
    return {
        **(moment.columns("Activity Time") if moment else {}),
        "account_platform": "google",
        "event_action": _action(url),
        "extra": dict(extra) or None,
        "parse_flags": flags(moment.flags if moment else ()),
    }


def recognise_json(sample: Sample) -> int:
    """A list of items with the names every item has."""
    root, keys = top_keys(sample.head)
    if root != "[" or not {"header", "title", "time"} <= set(keys):
        return 0
    return 80 + 15 * len(_KNOWN & set(keys)) // len(keys)


def parse_json(source: Source) -> Iterator[Item]:
    """Every item of the list."""

    def read(record: Record, drift: Drift) -> Iterator[Item]:
        item = record.value
        if not {"title", "time"} & set(item):
            yield Reject(record.element.span, "the item has neither title nor time", "unknown_structure")
            return
        drift.note("", item, _KNOWN)
        written = text(item.get("time"))
        moment = parse_iso(written, source.settings.timezone) if written else None
        extra = {k: v for k, v in item.items() if k not in _TAKEN and v not in (None, "", [], {})}
        extra |= {k: item[k] for k in _TAKEN & set(item) if not isinstance(item[k], str)}
        values = _values(moment, text(item.get("titleUrl")), extra)
        values["parse_flags"] = flags(record.flags, moment.flags if moment else ())
        yield record.event("activity", values, text(item.get("title")))

    yield from read_document(source, lambda path: not path, read)


def recognise_html(sample: Sample) -> int:
    """Cells of the page's own class, with a product heading."""
    head = sample.head
    return 93 if is_page(head) and _OUTER in head and b"content-cell" in head and b"mdl-" in head else 0


def parse_html(source: Source) -> Iterator[Item]:
    """Every cell of the page."""
    said, end = source.offset, source.offset + len(source.view)
    for number, item in enumerate(page_items(source.view, source.offset), 1):
        if item.start > said:
            yield Skip(Span(said, item.start), _MARKUP)
        said = item.end
        yield _page_item(item, number, source.settings.timezone)
    if end > said:
        yield Skip(Span(said, end), _MARKUP)


def _page_item(item: PageItem, number: int, zone_name: str | None) -> Item:
    span = Span(item.start, item.end)
    if not item.lines:
        return Reject(span, "the cell holds no text", "unknown_structure")
    if item.cut:
        return Reject(span, "the page ends inside this item", "truncated")
    if sum(map(_is_time, item.lines)) > 1:
        return Reject(span, "the item holds more than one time", "unknown_structure")
    last = len(item.lines) - 1
    at = next((n for n, line in enumerate(item.lines) if _is_time(line)), last or None)
    said = [line for n, line in enumerate(item.lines) if n != at]
    moment = parse_english(item.lines[at], zone_name) if at is not None else None
    extra: dict[str, object] = {
        **({"header": item.header} if item.header else {}),
        **({"links": item.links} if item.links else {}),
        **({"details": item.caption} if item.caption else {}),
    }
    values = _values(moment, item.links[0] if item.links else None, extra)
    if item.lossy:
        values["parse_flags"] = flags(["lossy_text"], moment.flags if moment else ())
    return Event(span, f"item {number}", "activity", values, "\n".join(said))


def _is_time(line: str) -> bool:
    return TIME.fullmatch(" ".join(line.replace("\u202f", " ").split())) is not None


_REFERENCES = (
    "purarue/google_takeout_parser at aebb2dca (0.1.13): html_time_utils.py, models",
    "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Google Takeout modules",
)
_GAP = "No real export was at hand: the layout comes from the sources named."

FORMATS = (
    Format(
        id="platform/google_takeout_activity",
        version=1,
        title="Google My Activity (JSON)",
        framing="whole",
        recognise=recognise_json,
        parse=parse_json,
        event_types=("activity",),
        tier="source-verified",
        trust=MappingProxyType({"timestamp": "provider_asserted"}),
        skips=MappingProxyType({JSON_STRUCTURE: JSON_STRUCTURE_MEANING}),
        references=_REFERENCES,
        gaps=(_GAP, "The account is not named in the file.", "Positions inside links are kept as written."),
    ),
    Format(
        id="platform/google_takeout_activity_html",
        version=1,
        title="Google My Activity (HTML)",
        framing="whole",
        recognise=recognise_html,
        parse=parse_html,
        event_types=("activity",),
        tier="source-verified",
        trust=MappingProxyType({"timestamp": "provider_asserted"}),
        skips=MappingProxyType({_MARKUP: "the head of the page, and tags between its items"}),
        references=_REFERENCES,
        gaps=(
            _GAP,
            "Times in other languages than English are kept as written and not read.",
            "A zone abbreviation is the one of the day the page was made; the time is widened by an hour both ways.",
            "Abbreviations of several zones (BST, CST, IST) are not read; the zone of the case is, if it states one.",
        ),
    ),
)
