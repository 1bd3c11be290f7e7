"""Who vouches for each column of an e-mail event."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parsers.contract import Trust

__all__ = ["TRUST"]

TRUST: MappingProxyType[str, Trust] = MappingProxyType(
    {
        "timestamp": "sender_controlled",
        "claimed_ips": "sender_controlled",
        "user_agent_original": "sender_controlled",
        "account_login": "sender_controlled",
        "account_display_name": "sender_controlled",
        "identifiers": "sender_controlled",
        "message_id": "sender_controlled",
        "thread_id": "sender_controlled",
        "in_reply_to": "sender_controlled",
        "sender": "sender_controlled",
        "recipients": "sender_controlled",
        "attachment_names": "sender_controlled",
        "email_from": "sender_controlled",
        "email_sender": "sender_controlled",
        "email_to": "sender_controlled",
        "email_subject": "sender_controlled",
        "email_headers": "sender_controlled",
        "hops": "sender_controlled",  # each hop says for itself whether it is attested
        "auth_results": "sender_controlled",  # `auth_results_attested` in extra counts those that are not
        "attested_ip": "server_observed",
        "boundary_host": "server_observed",
    }
)
