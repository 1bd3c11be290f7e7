"""Postfix's sentences as patterns; `parsers.server_logs._mail_postfix` says how they are used."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from parsers.server_logs._mail_common import NAME, peer
from parsers.server_logs._syslog_rules import book, rule

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ABOUT", "ROLES", "SCREENED", "SESSIONS"]

_STAGE = r"(?P<stage>[A-Z-]{1,32}(?: \([0-9]{1,12} bytes\))?)"
_TO = peer("to_")
SCREENED = r"\[(?P<ip>[^\s\[\]]{1,64})\]:(?P<port>[0-9]{1,5})"

_CONNECTION = partial(rule, "connection")
_LOG = partial(rule, "log_message")

SESSIONS = book(
    (
        _CONNECTION("connection_opened", r"connect from " + NAME),
        _CONNECTION("disconnected", r"disconnect from " + NAME + r"(?: (?P<commands>[a-z]{1,16}=.*))?"),
        _CONNECTION("connection_lost", r"lost connection after " + _STAGE + " from " + NAME),
        _CONNECTION("timeout", r"timeout after " + _STAGE + " from " + NAME),
        _CONNECTION("too_many_errors", r"too many errors after " + _STAGE + " from " + NAME),
        _CONNECTION(
            "pipelining", r"improper command pipelining after " + _STAGE + " from " + NAME + r"(?:: ?(?P<input>.*))?"
        ),
        _CONNECTION(
            "tls_established",
            r"(?P<verified>\w{1,16}) TLS connection established from " + NAME + r"(?: to \S+)?: (?P<tls>.*)",
        ),
        _CONNECTION(
            "tls_established", r"(?P<verified>\w{1,16}) TLS connection established to " + _TO + r": (?P<tls>.*)"
        ),
        _CONNECTION("tls_failed", r"SSL_accept error from " + NAME + r": (?P<reason>.*)"),
        _CONNECTION("connect_failed", r"connect to " + _TO + r": (?P<reason>.*)", "failure"),
        _CONNECTION("bad_protocol", r"warning: non-SMTP command from " + NAME + r": (?P<input>.*)"),
        _CONNECTION(
            "bad_address",
            r"warning: Illegal address syntax from " + NAME + r" in (?P<stage>[A-Z]{1,16}) command: (?P<input>.*)",
        ),
        _CONNECTION(
            "limit_exceeded",
            r"warning: (?P<what>[A-Za-z ]{1,40}) limit exceeded: (?P<count>[0-9]{1,9}) from "
            + NAME
            + r" for service (?P<service>\S+)",
        ),
        _LOG(
            "name_mismatch",
            r"warning: hostname (?P<peer_name>\S+) does not resolve to address (?P<ip>\S+?)(?:: (?P<reason>.*))?",
        ),
        _LOG(
            "name_mismatch",
            r"warning: (?P<ip>[0-9A-Fa-f.:]+): (?P<reason>hostname (?P<peer_name>\S+) verification failed: .*)",
        ),
        _LOG(
            "name_mismatch",
            r"warning: (?P<ip>[0-9A-Fa-f.:]+): (?P<reason>address not listed for hostname (?P<peer_name>\S+))",
        ),
        _LOG(
            "statistics",
            r"statistics: max (?P<what>[a-z ]{1,40}) (?P<value>[0-9][0-9a-z/]{0,20}) for \("
            r"(?P<service>[^\s:()]{1,64}):(?P<ip>[^\s()]{1,64})\) at (?P<at>.*)",
        ),
        _LOG("listed", r"addr (?P<ip>\S+) listed by domain (?P<list>\S+) as (?P<code>\S+)"),
        _CONNECTION(
            "connection_opened",
            r"CONNECT from " + SCREENED + r" to \[(?P<to_ip>[^\s\[\]]{1,64})\]:(?P<to_port>[0-9]{1,5})",
        ),
        _CONNECTION("passed", r"PASS (?P<test>NEW|OLD) " + SCREENED),
        _CONNECTION("disconnected", r"DISCONNECT " + SCREENED),
        _CONNECTION("hung_up", r"HANGUP after (?P<after>[0-9.]{1,12}) from " + SCREENED + r"(?: in (?P<test>.*))?"),
        _CONNECTION(
            "spoke_early",
            r"PREGREET (?P<length>[0-9]{1,9}) after (?P<after>[0-9.]{1,12}) from " + SCREENED + r": (?P<input>.*)",
        ),
        _CONNECTION("listed", r"DNSBL rank (?P<rank>-?[0-9]{1,9}) for " + SCREENED),
        _CONNECTION("listed_locally", r"(?P<list>(?:WHITE|BLACK|ALLOW|DENY)LIST(?:ED| VETO)) " + SCREENED),
        _CONNECTION(
            "bad_protocol",
            r"(?P<test>COMMAND (?:TIME|COUNT|LENGTH) LIMIT|COMMAND PIPELINING|NON-SMTP COMMAND|BARE NEWLINE) from "
            + SCREENED
            + r" after (?P<stage>[A-Z-]{1,32})(?:: (?P<input>.*))?",
        ),
    )
)
ABOUT = book(
    (
        _LOG(
            "queued",
            r"from=<(?P<sender>.*)>, size=(?P<size>[0-9]{1,18}), nrcpt=(?P<recipient_count>[0-9]{1,9}) \(queue "
            r"(?P<queue_name>\w+)\)",
        ),
        _LOG("submitted", r"uid=(?P<uid>[0-9]{1,18}) from=<(?P<sender>.*)>(?: orig_id=\S+)?"),
        _LOG("message_id", r"message-id=(?P<msgid>.*)"),
        _LOG("message_id", r"resent-message-id=(?P<resent_message_id>.*)"),
        _LOG("removed", r"removed"),
        rule(
            "email_message",
            "expired",
            r"from=<(?P<sender>.*)>, status=(?:force-)?expired, returned to sender",
            "failure",
        ),
        _LOG(
            "notice",
            r"(?P<notice>sender non-delivery|sender delivery status|postmaster non-delivery) notification: "
            r"(?P<notice_queue_id>\w+)",
        ),
        _LOG("reply", r"host " + _TO + r" (?:said|refused to talk to me): (?P<reply>.*)"),
        _LOG("connection_lost", r"lost connection with " + _TO + r" while (?P<stage>.*)"),
        _LOG("timeout", r"conversation with " + _TO + r" timed out while (?P<stage>.*)"),
    )
)
ROLES: Mapping[str, str] = MappingProxyType(
    {"queued": "start", "message_id": "start", "submitted": "open", "removed": "close", "expired": "deliver"}
)
