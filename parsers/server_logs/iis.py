"""IIS logs in the W3C extended format."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING
from parsers.server_logs import _w3c
from parsers.server_logs._line_values import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.contract import Item, Sample, Source, Trust

__all__ = ["FORMATS"]

_OWN = {b"c-ip", b"s-ip", b"cs-method", b"cs-uri-stem", b"sc-status", b"cs(user-agent)"}
_MICROSOFT = b"#Software: Microsoft Internet Information Services"
_TRUST: dict[str, Trust] = {
    "timestamp": "server_observed",
    "source_ip": "server_observed",
    "source_port": "server_observed",
    "destination_ip": "server_observed",
    "destination_port": "server_observed",
    "host_name": "server_observed",
    "http_response_status_code": "server_observed",
    "http_response_bytes": "server_observed",
    "event_outcome": "server_observed",
    "account_login": "server_observed",
    "claimed_ips": "sender_controlled",
    "url_domain": "sender_controlled",
    "http_request_method": "sender_controlled",
    "event_action": "sender_controlled",
    "url_original": "sender_controlled",
    "http_version": "sender_controlled",
    "http_request_referrer": "sender_controlled",
    "user_agent_original": "sender_controlled",
}


def _spaces(raw: bytes) -> bytes:
    return raw.replace(b"+", b" ")


_DIALECT = _w3c.Dialect(b" ", undo_agent=_spaces, undo_text=plain)


def _parse(source: Source) -> Iterator[Item]:
    yield from _w3c.parse(source, _DIALECT)


def _recognise(sample: Sample) -> int:
    names, share = _w3c.fitting(sample, b" ")
    if len(_OWN.intersection(names)) < 2 or any(name.startswith(b"x-edge-") for name in names):
        return 0
    return round((98 if _MICROSOFT in sample.head else 92) * share)


FORMATS = (
    Format(
        id="server_log/iis_w3c",
        version=1,
        title="IIS log, W3C extended format",
        framing="whole",
        recognise=_recognise,
        parse=_parse,
        event_types=("http_request",),
        tier="source-verified",
        trust=MappingProxyType(_TRUST),
        skips=MappingProxyType(
            {
                BLANK_LINE: BLANK_LINE_MEANING,
                _w3c.DIRECTIVE: _w3c.DIRECTIVE_MEANING,
                _w3c.NULS: _w3c.NULS_MEANING,
            }
        ),
        references=(
            "Microsoft Learn, W3C Logging (IIS 6.0 and later): UTC, field names, '+' for a blank",
            "W3C Working Draft WD-logfile-960323",
        ),
        gaps=(
            "IIS writes a blank and a plus sign both as '+': in the browser's name every '+' is shown as a blank.",
            "A log set to local time (rollover option) does not say so; times are read as UTC.",
            "Without a date column the day of the last #Date directive holds; a run past midnight is not followed.",
            "The older IIS, NCSA and ODBC layouts are other formats.",
        ),
    ),
)
