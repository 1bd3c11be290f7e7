"""Discord's older return to legal process: tables of messages and of relationships (CSV)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING
from parsers.platform_exports._discord_tables import HEADER, read_table, titles_of

if TYPE_CHECKING:
    from parsers.contract import Sample

__all__ = ["FORMATS"]

_MESSAGES = {"channel_id", "author_id", "timestamp", "contents"}
_RELATIONSHIPS = {"user id", "username", "relationship"}


def recognise(sample: Sample) -> int:
    """The titles of the columns, in any order."""
    titles = titles_of(sample)
    return next((92 for needed in (_MESSAGES, _RELATIONSHIPS) if needed <= titles), 0)


FORMATS = (
    Format(
        id="platform/discord_return",
        version=1,
        title="Discord return to legal process (CSV)",
        framing="whole",
        recognise=recognise,
        parse=read_table,
        event_types=("message", "relationship", "block", "follow_request"),
        tier="source-verified",
        trust=MappingProxyType(
            {"timestamp": "provider_asserted", "sender": "provider_asserted", "account_id": "provider_asserted"}
        ),
        skips=MappingProxyType({HEADER: "the titles of the columns", BLANK_LINE: BLANK_LINE_MEANING}),
        references=("abrignoni/RLEAPP at 4c171455925ebcb6d977df71b36171851b21186e: Discord return artifacts",),
        gaps=(
            "No real return was at hand: titles come from the source named.",
            "Tables without a row of titles, and returns in PDF, are not read.",
            "Recipients of a message are stated by its channel, which is another file.",
        ),
    ),
)
