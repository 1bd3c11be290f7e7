"""Which reader a mail program's message goes to."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from parsers.server_logs._mail_dovecot import read_dovecot
from parsers.server_logs._mail_exim import read_exim_message
from parsers.server_logs._mail_postfix import read_postfix

if TYPE_CHECKING:
    from collections.abc import Callable

    from parsers.server_logs._syslog_rules import Reading

__all__ = ["mail_family", "mail_reader"]


@lru_cache(maxsize=1024)
def mail_family(program: str) -> str | None:
    """``postfix``, ``dovecot`` or ``exim`` for their programs; Postfix instances may have names of their own."""
    if program.startswith("postfix") and "/" in program:
        return "postfix"
    if program == "dovecot":
        return "dovecot"
    return "exim" if program in {"exim", "exim4"} else None


@lru_cache(maxsize=1024)
def mail_reader(program: str) -> Callable[[str], Reading] | None:
    """Who reads this program's messages; None when it is no mail program."""
    return _READERS.get(mail_family(program) or "")


_READERS: dict[str, Callable[[str], Reading]] = {
    "postfix": read_postfix,
    "dovecot": read_dovecot,
    "exim": read_exim_message,
}
