"""Who vouches for what a Windows event states, and what is not read from any of them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.contract import Trust

__all__ = ["GAPS", "TRUST"]

TRUST: Mapping[str, Trust] = MappingProxyType(
    {
        "timestamp": "server_observed",
        "source_ip": "server_observed",
        "source_port": "server_observed",
        "host_name": "server_observed",
        "event_action": "server_observed",
        "event_outcome": "server_observed",
        "account_id": "server_observed",
        "account_login": "sender_controlled",
        "target_account_login": "sender_controlled",
        "session_id": "server_observed",
    }
)
GAPS = (
    "WorkstationName and ClientName are what the other machine calls itself.",
    "1149 is read as a connection: without network level authentication it is written before credentials are checked.",
    "Times follow the machine's clock; changes of it (Security 4616, System 1) are listed as log messages only.",
    "Events other than logons, logoffs, tickets and sessions keep their number and data, without a reading.",
)
