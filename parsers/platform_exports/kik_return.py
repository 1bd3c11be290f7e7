"""Kik's returns to legal process: tables with titles (CSV), and the older files without titles (between tabs)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format, Sample, Source
from parsers.kit.lines import line_items, line_share
from parsers.platform_exports._kik_lines import looks_like_row, read_line
from parsers.platform_exports._kik_tables import TABLES
from parsers.platform_exports._titled_rows import TITLE_SKIPS, first_header, opening, read_tables, title_score

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item

__all__ = ["FORMATS"]

_UNTITLED = 90


def recognise(sample: Sample) -> int:
    """The titles of one table; without titles the share of lines that hold a time and an id of Kik's."""
    return title_score(sample, TABLES) or int(_UNTITLED * line_share(sample, looks_like_row))


def parse(source: Source) -> Iterator[Item]:
    """Every row, by its titles where there are any."""
    if first_header(opening(bytes(source.view[: 1 << 16]))[0], TABLES):
        return read_tables(source, TABLES, "kik")
    return line_items(source, read_line)


FORMATS = (
    Format(
        id="platform/kik_return",
        version=2,
        title="Kik legal return (CSV with titles, or older text without)",
        framing="whole",
        recognise=recognise,
        parse=parse,
        event_types=("message", "activity", "session", "relationship", "block", "thread"),
        tier="source-verified",
        trust=MappingProxyType(
            {
                "timestamp": "provider_asserted",
                "source_ip": "provider_asserted",
                "source_port": "provider_asserted",
                "account_login": "provider_asserted",
                "sender": "provider_asserted",
                "attachment_names": "provider_asserted",
            }
        ),
        skips=TITLE_SKIPS,
        references=(
            "koebbe14/Kik-Parser 4.5 and abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e (column titles)",
        ),
        gaps=(
            "No real return was at hand: titles come from the sources named.",
            "Messages are logged without their text, with a count of words; content is read where it was kept.",
            "The logs of sent and of received messages have the same titles: the address is given to user_jid.",
            "Lists of friends and of blocks have the same titles unless one says so; such rows are only relations.",
            "Titles of blocks and of groups are assumed; others are named.",
            "In files without titles, cells speak through their form; of two people neither gets the address.",
            "Files without titles whose ids lack @talk.kik.com are not recognised.",
            "Subscriber data in PDF is not read.",
        ),
    ),
)
