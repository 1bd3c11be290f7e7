"""Meta Business Record: the HTML Meta returns to legal process about a Facebook, Instagram or Threads account.

Three generations of markup carry the same sections; the page's own ids name them. The service is what the request's
parameters state, never the title.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Sample, Source
from parsers.platform_exports._meta_sections import META_SECTIONS
from parsers.platform_exports._return_document import STRUCTURE, STRUCTURE_MEANING, parse_return, return_score
from parsers.platform_exports._return_refs import PLATFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item

__all__ = ["FORMATS"]

_SERVICES = {name for name, platform in PLATFORMS.items() if platform != "whatsapp"}


def recognise(sample: Sample) -> int:
    """Ids of a return's sections, and the service named in it."""
    return return_score(sample, META_SECTIONS, _SERVICES)


def parse(source: Source) -> Iterator[Item]:
    """Every section, row by row."""
    return parse_return(source, META_SECTIONS)


FORMATS = (
    Format(
        id="platform/meta_return",
        version=1,
        title="Meta Business Record: Facebook, Instagram, Threads (HTML)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(
            *sorted({s.event_type for s in META_SECTIONS.values()} - {"thread"}),
            "thread",
            "authentication",
            "logout",
            "call",
            "system_notice",
            "provider_link",
            "provider_negative",
        ),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "source_port": "provider_asserted",
                "sender": "provider_asserted",
                "recipients": "provider_asserted",
                "device_id": "provider_asserted",
                "account_display_name": "sender_controlled",
                "target_account_id": "provider_asserted",
            }
        ),
        skips=MappingProxyType({STRUCTURE: STRUCTURE_MEANING}),
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Meta return artifact modules",
            "TWalkingSE/Meta_Chat_Exporter at accf88d4: markup of the newest generation, page headings, message parts",
        ),
        gaps=(
            "No real return was at hand: layouts come from the sources named.",
            "The PDF variant is not read; neither is instructions.txt.",
            "Rows without an element of their own are told apart by the order of their labels.",
            "Where that order leaves open which time belongs to an address, the section is rejected.",
            "A message that ends in '(edited)' is flagged as edited: the writer can have typed the word.",
            "Files under linked_media are named with their message, not opened.",
            "A registration's address and its date stand in two sections and stay two events.",
        ),
    ),
)
