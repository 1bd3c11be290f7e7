"""OpenVPN servers: the status file and the log."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, line_items, line_share
from parsers.network_logs._openvpn_log import is_log_line, log_items
from parsers.network_logs._openvpn_status import STRUCTURE, is_status_head, parse_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.contract import Item, Source, Trust

__all__ = ["FORMATS"]


def parse_log(source: Source) -> Iterator[Item]:
    """Read the log line by line."""
    yield from line_items(source, lambda line: log_items(line, source.settings.timezone))


_TRUST: Mapping[str, Trust] = MappingProxyType(
    {
        "timestamp": "server_observed",
        "source_ip": "server_observed",
        "source_port": "server_observed",
        "account_login": "server_observed",
        "device_id": "sender_controlled",
    }
)
_GAPS = (
    "A common name is a certificate's, not a person's; several people can use one.",
    "An IPv6 peer without brackets has a port only when its last group has five digits.",
    "WireGuard, IPsec and commercial VPN logs are not read.",
)
_FORMAT = partial(Format, version=1, tier="source-verified", trust=_TRUST)

FORMATS = (
    _FORMAT(
        id="network_log/openvpn_status",
        title="OpenVPN status file (versions 1, 2, 3)",
        framing="whole",
        recognise=lambda sample: 97 if is_status_head(sample.head) else 0,
        parse=parse_status,
        event_types=("session", "lease"),
        skips=MappingProxyType(
            {BLANK_LINE: BLANK_LINE_MEANING, STRUCTURE: "titles, section names, statistics and the file's own time"}
        ),
        references=("OpenVPN 2.6 manual, --status-version",),
        gaps=(*_GAPS, "The file shows one moment; who connected before or after it is not in it."),
    ),
    _FORMAT(
        id="network_log/openvpn_log",
        title="OpenVPN server log",
        framing="line",
        recognise=lambda sample: round(95 * line_share(sample, is_log_line)),
        parse=parse_log,
        event_types=("session", "lease", "authentication", "log_message"),
        skips=MappingProxyType({BLANK_LINE: BLANK_LINE_MEANING}),
        references=("OpenVPN 2.6 source, multi.c, mroute.c, ssl_verify.c",),
        gaps=(*_GAPS, "OpenVPN lines inside syslog are read as syslog messages."),
    ),
)
