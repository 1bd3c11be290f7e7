"""Google's answer to a legal request, HTML: subscriber information, change history, IP activity.

Each labelled line gives an event of its own, so that no address is ever given the time of another line: the date an
account was created and the address from which the terms were accepted are two statements of the provider.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Skip, Span
from parsers.platform_exports._google_html import blocks, is_page
from parsers.platform_exports._google_lines import LABELS, label_of, read_line
from parsers.platform_exports._google_rows import MISFIT, Header, flags_of, header_of, misfits, read_row, repeats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source
    from parsers.platform_exports._google_html import Block

__all__ = ["FORMATS"]

_STRUCTURE, _HEADER, _HEADING, _EMPTY = "html structure", "header row", "heading", "label without value"
_TABLES = ("change_history", "ip_activity", "access_log")
_LOOKS = re.compile(rb"<(?:li|tr)\b", re.IGNORECASE)
_MARKS = rb"\s{0,9}(?:</?(?:b|strong|span|i|em|u)>\s{0,9}){0,4}"
_ACCOUNT = re.compile(rb"<li\b[^<>]{0,99}>" + _MARKS + rb"Google Account ID:" + _MARKS + rb"([0-9]{5,30})(?![0-9])")
"""Only at the start of a line: a display name may hold these words, too."""
_SURE = {"google account id", "terms of service ip", "recovery e-mail", "last logins", "alternate e-mails"}


def recognise(sample: Sample) -> int:
    """Header titles of one of the tables, or labels that only subscriber information has."""
    if not (is_page(sample.head) and _LOOKS.search(sample.head)):
        return 0
    score, labels = 0, set()
    for block in blocks(memoryview(sample.head)):
        if block.kind == "row" and header_of(block.cells, _TABLES):
            score = 94
        elif block.kind == "entry":
            labels.add(label_of(block.text)[0].casefold())
    sure, known = labels & _SURE, labels & set(LABELS)
    return max(score, 95 if sure and len(known) > 1 else 0)


def parse(source: Source) -> Iterator[Item]:
    """Every labelled line and table row; what stands between them is structure."""
    said, header, end, number = source.offset, None, source.offset + len(source.view), 0
    found = {bytes(m[1]) for m in _ACCOUNT.finditer(source.view)}
    account = found.pop().decode() if len(found) == 1 else None
    for block in blocks(source.view, source.offset):
        if block.kind == "table":
            header = None
            continue
        if block.start > said:
            yield Skip(Span(said, block.start), _STRUCTURE)
        said, number = block.end, number + 1
        if block.kind == "row":
            known = header_of(block.cells, _TABLES)
            header = known or (None if block.titles > len(block.cells) // 2 else header)
            yield _row(header, block, number, account, source.settings.timezone)
        else:
            yield from _line(block, number, account, source.settings.timezone)
    if end > said:
        yield Skip(Span(said, end), _STRUCTURE)


def _row(header: Header | None, block: Block, number: int, account: str | None, zone_name: str | None) -> Item:
    if block.odd:
        return Reject(block.span, block.odd, "truncated" if "ends inside" in block.odd else "malformed")
    if header is None:
        return Reject(block.span, "no known header stands above this row", "unknown_structure")
    if repeats(header, block.cells):
        return Reject(block.span, header.drift, "unknown_structure") if header.drift else Skip(block.span, _HEADER)
    if len(block.cells) != len(header.titles):
        reason = f"the row has {len(block.cells)} cells where its header has {len(header.titles)}"
        return Reject(block.span, reason)
    event_type, values = read_row(header, block.cells, zone_name)
    if misfits(values):
        return Reject(block.span, MISFIT, "unknown_structure")
    values["account_id"] = values["account_id"] or account
    return Event(block.span, f"row {number}", event_type, flags_of(values, lossy=block.lossy))


def _line(block: Block, number: int, account: str | None, zone_name: str | None) -> Iterator[Item]:
    if block.kind == "heading":
        yield Skip(block.span, _HEADING)
        return
    if block.odd:
        yield Reject(block.span, block.odd, "truncated")
        return
    label, value = label_of(block.text)
    if block.kind == "loose" or label.casefold() not in LABELS:
        named = f"the label {label[:60]!a} is not known" if label else "the text belongs to no known label"
        yield Reject(block.span, named, "unknown_structure")
    elif not value:
        yield Skip(block.span, _EMPTY)
    else:
        for event_type, values in read_line(label, value, zone_name):
            values |= {"account_platform": "google", "account_id": account}
            yield Event(block.span, f"line {number}", event_type, flags_of(values, lossy=block.lossy))


FORMATS = (
    Format(
        id="platform/google_return",
        version=1,
        title="Google legal return: subscriber information, change history, activity (HTML)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(
            "account_profile",
            "account_created",
            "account_change",
            "authentication",
            "logout",
            "activity",
        ),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "device_id": "provider_asserted",
                "user_agent_original": "sender_controlled",
                "account_display_name": "sender_controlled",
            }
        ),
        skips=MappingProxyType(
            {
                _STRUCTURE: "tags, comments, styles, scripts and white space between the values read",
                _HEADER: "names the columns of the rows below it",
                _HEADING: "names the part of the page that follows",
                _EMPTY: "the provider printed a label and nothing after it",
            }
        ),
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Google return modules (labels, titles)",
        ),
        gaps=(
            "No real return was at hand: labels and titles come from the source named.",
            "Pages in other languages than English are refused line by line.",
            "The address from which the terms were accepted stands without a time: the page states none for it.",
            "A page that names several account ids, or none, gives no account id.",
        ),
    ),
)
