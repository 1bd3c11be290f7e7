"""WhatsApp Business Record: the HTML WhatsApp returns to legal process, stored records and prospective captures.

It holds no content; each message and call event states the sender's address and port where the provider knew them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Sample, Source
from parsers.platform_exports._return_document import STRUCTURE, STRUCTURE_MEANING, parse_return, return_score
from parsers.platform_exports._whatsapp_sections import WHATSAPP_SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item

__all__ = ["FORMATS"]


def recognise(sample: Sample) -> int:
    """Ids of a return's sections, and the service named in it."""
    return return_score(sample, WHATSAPP_SECTIONS, {"whatsapp"})


def parse(source: Source) -> Iterator[Item]:
    """Every section, row by row."""
    return parse_return(source, WHATSAPP_SECTIONS)


FORMATS = (
    Format(
        id="platform/whatsapp_return",
        version=1,
        title="WhatsApp Business Record: stored and prospective (HTML)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=(
            *sorted({s.event_type for s in WHATSAPP_SECTIONS.values()}),
            "logout",
            "thread",
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
                "account_display_name": "sender_controlled",
                "target_account_id": "provider_asserted",
            }
        ),
        skips=MappingProxyType({STRUCTURE: STRUCTURE_MEANING}),
        references=(
            "abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: return artifact modules",
            "Field lists of the message log, call log and prospective logins as other readers of returns state them",
        ),
        gaps=(
            "No real return was at hand: layouts come from the sources named.",
            "Of connection_info, device_info, registrations_info and offline_info only some fields are declared.",
            "The address of a call event is the one stated for that event; none is taken from the call's other events.",
            "A contact listed as symmetric or asymmetric is stated by the provider; which side saved which is not.",
        ),
    ),
)
