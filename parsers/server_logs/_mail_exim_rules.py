"""Exim's sentences as patterns; `parsers.server_logs._mail_exim` says how they are used."""

from __future__ import annotations

from functools import partial

from parsers.server_logs._mail_exim_host import HOST
from parsers.server_logs._syslog_rules import book, rule

__all__ = ["SENTENCES"]

_CONNECTION = partial(rule, "connection")
_LOG = partial(rule, "log_message")
_ON = r"(?:H=)?" + HOST
SENTENCES = book(
    (
        _CONNECTION(
            "connection_opened",
            r"SMTP connection from " + _ON + r"(?: I=\S+)? \(TCP/IP connection count = (?P<count>[0-9]{1,9})\)",
        ),
        _CONNECTION(
            "connection_ended",
            r"SMTP connection from " + _ON + r"(?: I=\S+)?(?: D=(?P<duration>\S+))? (?P<how>(?:closed|lost).*)",
        ),
        _CONNECTION("dropped", r"SMTP call from " + _ON + r"(?: I=\S+)? dropped: (?P<reason>.*)"),
        _CONNECTION(
            "protocol_error",
            r"SMTP protocol error in (?P<input>\".*\") H=" + HOST + r"(?: I=\S+)? (?P<reason>[^\"\[\]()=]*)",
        ),
        _CONNECTION(
            "connection_lost",
            r"unexpected disconnection while reading SMTP command from "
            + _ON
            + r"(?: I=\S+)?(?: D=(?P<duration>\S+))?",
        ),
        _CONNECTION(
            "connection_lost",
            r"SMTP (?:command|data) timeout (?:\([^()]{0,80}\) )?on (?:TLS )?connection from "
            + _ON
            + r"(?: I=\S+)?(?: D=(?P<duration>\S+))?.*",
        ),
        _CONNECTION("tls_failed", r"TLS error on connection from " + _ON + r"(?: I=\S+)?:? (?P<reason>.*)"),
        _CONNECTION("no_mail", r"no MAIL in (?:SMTP|TLS|ESMTP) connection from " + _ON + r"(?: .*)?"),
        _CONNECTION(
            "refused",
            r"Connection from \[(?P<ip>[0-9A-Fa-f:.]{2,45})\](?::(?P<port>[0-9]{1,5}))?(?: I=\S+)? refused: "
            r"(?P<reason>.*)",
        ),
        rule(
            "email_message",
            "rejected",
            r"rejected (?P<stage>HELO|EHLO|[A-Z]{4}) from " + _ON + r"(?: I=\S+)?: (?P<reason>.*)",
            "failure",
        ),
        _LOG("name_mismatch", r"no host name found for IP address (?P<ip>[0-9A-Fa-f:.]{2,45})"),
        _LOG(
            "name_mismatch",
            r"no IP address found for host (?P<peer_name>\S+)(?: \(during SMTP connection from " + _ON + r"\))?",
        ),
        _LOG("queue_run", r"(?P<what>Start|End) queue run: (?P<run>.*)"),
        _LOG("daemon", r"(?P<what>exim \S{1,20} daemon started: .*)"),
        _LOG("command_line", r"cwd=(?P<cwd>\S+) (?P<count>[0-9]{1,4}) args: (?P<command>.*)"),
    )
)
