"""DHCP leases: ISC dhcpd's lease file, Kea's memory file, the Windows DHCP audit log."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.contract import Format
from parsers.kit.lines import BLANK_LINE, BLANK_LINE_MEANING, line_share
from parsers.network_logs._dhcp_tables import (
    HEADER_ROW,
    KEA_HEADERS,
    PREAMBLE,
    is_windows_row,
    parse_kea,
    parse_windows,
)
from parsers.network_logs._isc import COMMENT, DECLARATION, is_lease_line, parse_isc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.contract import Sample, Trust

__all__ = ["FORMATS"]

_LEASE_LINES = 0.3
"""Share of a lease file's lines that no other file has; the rest are common words and braces."""

_WINDOWS_WORDS = (b"Microsoft DHCP Service Activity Log", b"ID,Date,Time,Description,IP Address")


def _recognise_isc(sample: Sample) -> int:
    share = line_share(sample, is_lease_line)
    opens = any(line.startswith((b"lease ", b"ia-na ", b"ia-pd ", b"ia-ta ")) for line in sample.lines())
    return round(95 * min(1.0, share / _LEASE_LINES)) if opens else 0


def _recognise_kea(sample: Sample) -> int:
    return 97 if sample.head.removeprefix(b"\xef\xbb\xbf").startswith(KEA_HEADERS) else 0


def _recognise_windows(sample: Sample) -> int:
    """Rows of the layout, after an explanation of some thirty lines at the most."""
    named = any(text in sample.head for text in _WINDOWS_WORDS)
    share = line_share(sample, is_windows_row)
    return 96 if named and share else round(90 * share)


_TRUST: Mapping[str, Trust] = MappingProxyType(
    {
        "timestamp": "server_observed",
        "timestamp_end": "server_observed",
        "source_ip": "server_observed",
        "device_id": "sender_controlled",
    }
)
_GAPS = ("A device chooses the hardware address, client id and host name it shows; the server only repeats them.",)
_FORMAT = partial(Format, version=1, framing="whole", tier="source-verified", trust=_TRUST)

FORMATS = (
    _FORMAT(
        id="network_log/dhcp_isc",
        title="ISC dhcpd lease file (dhcpd.leases)",
        recognise=_recognise_isc,
        parse=parse_isc,
        event_types=("lease",),
        skips=MappingProxyType(
            {
                BLANK_LINE: BLANK_LINE_MEANING,
                COMMENT: "a line that begins with #",
                DECLARATION: "a declaration outside any lease: byte order, server identity, failover state",
            }
        ),
        references=("ISC DHCP 4.4 dhcpd.leases(5)",),
        gaps=(*_GAPS, "Octal escapes in quoted names are kept as written."),
    ),
    _FORMAT(
        id="network_log/dhcp_kea",
        title="Kea DHCP memory-file leases (kea-leases4.csv, kea-leases6.csv)",
        recognise=_recognise_kea,
        parse=parse_kea,
        event_types=("lease",),
        skips=MappingProxyType({BLANK_LINE: BLANK_LINE_MEANING, HEADER_ROW: "the row of column titles"}),
        references=("Kea 2.6 Administrator Reference Manual, memfile",),
        gaps=(*_GAPS, "A removed lease does not say when it was removed, only when its client last spoke."),
    ),
    _FORMAT(
        id="network_log/dhcp_windows",
        title="Windows DHCP server audit log (DhcpSrvLog)",
        recognise=_recognise_windows,
        parse=parse_windows,
        event_types=("lease", "log_message"),
        skips=MappingProxyType(
            {
                BLANK_LINE: BLANK_LINE_MEANING,
                HEADER_ROW: "the row of column titles",
                PREAMBLE: "the explanation of event ids before the rows",
            }
        ),
        references=("Microsoft: Analyze DHCP Server Log Files (2016)",),
        gaps=(*_GAPS, "The log does not state how long a lease runs.", "DHCPv6 rows are kept as log messages."),
    ),
)
