"""Which reader a mail program's message goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.server_logs._mail_dovecot import read_dovecot
from parsers.server_logs._mail_exim import read_exim_message
from parsers.server_logs._mail_postfix import read_postfix
from parsers.server_logs._syslog_rules import PLAIN

if TYPE_CHECKING:
    from parsers.server_logs._syslog_rules import Reading

__all__ = ["is_mail_program", "mail_family", "read_mail"]


def mail_family(program: str) -> str | None:
    """``postfix``, ``dovecot`` or ``exim`` for their programs; Postfix instances may have names of their own."""
    if program.startswith("postfix") and "/" in program:
        return "postfix"
    if program == "dovecot":
        return "dovecot"
    return "exim" if program in {"exim", "exim4"} else None


def is_mail_program(program: str) -> bool:
    """Whether `read_mail` knows this program."""
    return mail_family(program) is not None


def read_mail(program: str, message: str) -> Reading:
    """What a message of a mail program says."""
    family = mail_family(program)
    if family == "postfix":
        return read_postfix(message)
    if family == "dovecot":
        return read_dovecot(message)
    return read_exim_message(message) if family == "exim" else PLAIN
