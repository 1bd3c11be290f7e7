"""TikTok return to legal process: a workbook of addresses, and PDF files of addresses or of the subscriber.

Rows of a workbook and records of a PDF have no bytes of their own: they cite the sheet's part or the page's content.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Reject, Sample, Skip, Source, Span
from parsers.kit.pages import looks_like_pdf, sampled_lines
from parsers.kit.sheetpeek import cell_texts
from parsers.kit.sheets import read_sheets, with_gaps
from parsers.platform_exports import _tiktok_document as document
from parsers.platform_exports import _tiktok_workbook as workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item

__all__ = ["FORMATS"]

_LINES = 400


def recognise(sample: Sample) -> int:
    """Column titles of a sheet, or the labels on the first pages of a PDF."""
    if looks_like_pdf(sample.head):
        return 92 if document.is_return(tuple(sampled_lines(sample)[:_LINES])) else 0
    return 93 if workbook.is_return(cell_texts(sample)) else 0


def parse(source: Source) -> Iterator[Item]:
    """Every row or record of the file."""
    if looks_like_pdf(bytes(source.view[:1024])):
        yield from document.read_document(source)
        return
    for found in with_gaps(read_sheets(bytes(source.view), source.offset), source) if source.view else ():
        if isinstance(found, Span):
            yield Skip(found, workbook.PARTS)
        elif isinstance(found, Reject):
            yield found
        else:
            yield from workbook.read_sheet(found, source.settings)


FORMATS = (
    Format(
        id="platform/tiktok_return",
        version=1,
        title="TikTok return to legal process (workbook, PDF)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("account_created", "account_profile", "activity", "authentication", "logout", "session"),
        tier="source-verified",
        trust=MappingProxyType(
            {"timestamp": "provider_asserted", "source_ip": "provider_asserted", "account_login": "provider_asserted"}
        ),
        skips=MappingProxyType(
            {
                workbook.PARTS: "parts of the workbook without rows: styles, shared texts, directory, empty sheets",
                document.PDF_PARTS: "objects of the PDF that begin no page's content: fonts, pictures, directory",
                document.PLAIN_PAGE: "a page with text and none of the labels",
            }
        ),
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: TikTok return modules (columns, labels)",
            "Log Enrichment tool (MIT): the layout of the Events IP Data PDF",
        ),
        gaps=(
            "No real return was at hand: layouts come from the sources named.",
            "Rows cite their sheet or page as a whole; a page on which one record is uncertain is not read at all.",
            "A PDF larger than 64 KiB is recognised only when a page of records lies in its first or last 64 KiB.",
            "Pictures, links, forms and attached files of a PDF are not read, nor PDF files that ask for a password.",
            "Times of a workbook whose title does not say UTC need the zone of the case.",
            "Whose the addresses are stands in the name of the workbook only.",
        ),
    ),
)
