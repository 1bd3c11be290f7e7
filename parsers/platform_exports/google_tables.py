"""Google account exports and returns that are CSV: access log, devices, accounts the provider states as linked."""

from __future__ import annotations

import csv
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Event, Format, Reject, Skip
from parsers.kit.tables import DELIMITERS, bom_encoding, csv_rows
from parsers.platform_exports._google_rows import MISFIT, Header, flags_of, header_of, misfits, read_row, repeats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source, Tier
    from parsers.kit.tables import Row

__all__ = ["FORMATS"]

_HEADER, _BLANK = "header row", "empty row"
_SNIFF = 1 << 16
_FIRST_LINES = 5


def _text(head: bytes) -> tuple[str, str]:
    """The first bytes as text, and the encoding."""
    encoding = bom_encoding(head) or "utf-8"
    return head.decode(encoding, "ignore").removeprefix("\ufeff"), encoding


def _first_header(names: tuple[str, ...], text: str) -> tuple[str, Header] | None:
    """The delimiter under which one of the first lines is a header, and that header."""
    lines = text.splitlines()[:_FIRST_LINES]
    for delimiter in DELIMITERS:
        for line in lines:
            try:
                cells = next(csv.reader([line], delimiter=delimiter), [])
            except csv.Error:
                continue
            if header := header_of(cells, names):
                return delimiter, header
    return None


def _recognise(names: tuple[str, ...], sample: Sample) -> int:
    found = _first_header(names, _text(sample.head[:_SNIFF])[0])
    if not found:
        return 0
    meanings = found[1].meanings
    return 80 + 15 * sum(m is not None for m in meanings) // len(meanings)


def _parse(names: tuple[str, ...], source: Source) -> Iterator[Item]:
    """Every row below a header, by that header's titles."""
    text, encoding = _text(bytes(source.view[:_SNIFF]))
    found_first = _first_header(names, text)
    header: Header | None = None
    for row in csv_rows(source, found_first[0] if found_first else ",", encoding):
        if isinstance(row, Reject):
            yield row
        elif not any(cell.strip() for cell in row.cells):
            yield Skip(row.span, _BLANK)
        elif header and repeats(header, row.cells):
            yield Skip(row.span, _HEADER)
        elif found := header_of(row.cells, names):
            header = found
            drift = found.drift
            yield Reject(row.span, drift, "unknown_structure") if drift else Skip(row.span, _HEADER)
        else:
            yield _row(header, row, source.settings.timezone)


def _row(header: Header | None, row: Row, zone_name: str | None) -> Item:
    if header is None:
        return Reject(row.span, "no row above this one names the columns", "unknown_structure")
    if len(row.cells) != len(header.titles):
        reason = f"the row has {len(row.cells)} cells where its header has {len(header.titles)}"
        return Reject(row.span, reason)
    event_type, values = read_row(header, row.cells, zone_name)
    if misfits(values):
        return Reject(row.span, MISFIT, "unknown_structure")
    return Event(row.span, f"row {row.number}", event_type, flags_of(values, lossy=row.lossy))


def _format(
    kind: str, title: str, tables: tuple[str, ...], event_types: tuple[str, ...], tier: Tier, gaps: tuple[str, ...]
) -> Format:
    return Format(
        id=f"platform/google_{kind}",
        version=1,
        title=title,
        framing="whole",
        recognise=partial(_recognise, tables),
        parse=partial(_parse, tables),
        event_types=event_types,
        tier=tier,
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "claimed_ips": "provider_asserted",
                "target_account_id": "provider_asserted",
                "user_agent_original": "sender_controlled",
            }
        ),
        skips=MappingProxyType({_HEADER: "names the columns of the rows below it", _BLANK: "no cell holds anything"}),
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Google artifact modules (column titles)",
        ),
        gaps=("No real export was at hand: titles come from the source named.", *gaps),
    )


FORMATS = (
    _format(
        "takeout_access_log",
        "Google access log activity (CSV, export or legal return)",
        ("access_log",),
        ("activity", "authentication", "logout"),
        "source-verified",
        ("Titles in other languages than English are not known.", "The export covers about the last 30 days."),
    ),
    _format(
        "takeout_devices",
        "Google account devices (CSV, export or legal return)",
        ("devices", "play_devices"),
        ("account_profile",),
        "source-verified",
        ("The free text of a device's last location is kept as written.",),
    ),
    _format(
        "linked_accounts",
        "Google accounts linked by cookie, telephone number or secondary e-mail (CSV, legal return)",
        ("linked",),
        ("provider_link",),
        "unexercised",
        ("The titles are assumed: none of the sources at hand prints them. Other titles leave the file unclaimed.",),
    ),
)
