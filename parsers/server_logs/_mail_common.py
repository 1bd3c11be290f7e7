"""What the readers of mail programs share."""

from __future__ import annotations

__all__ = ["NAME", "OPEN", "peer", "set_account"]

OPEN = "fields_ambiguous"
"""Parse flag: a client's text holds what ends a field, so the fields behind it are left open."""


def peer(prefix: str = "") -> str:
    """Pattern of ``name[address]:port`` as Postfix writes a peer; the name is verified, or ``unknown``."""
    name, ip, port = ("client_name", "ip", "port") if not prefix else (f"{prefix}name", f"{prefix}ip", f"{prefix}port")
    return (
        rf"(?:unknown|(?P<{name}>[^\s\[\]]{{1,255}}))\[(?:IPv6:)?(?:unknown|(?P<{ip}>[^\s\[\]]{{1,64}}))\]"
        rf"(?::(?P<{port}>[0-9]{{1,5}}))?"
    )


NAME = peer()


def set_account(values: dict[str, object], login: str | None) -> None:
    """Tie the record to a mailbox login; one with an @ is an address too."""
    if login:
        kind = "email" if "@" in login else "username"
        values["account_platform"] = "email"
        values["account_login"] = login
        values["identifiers"] = [{"type": kind, "value": login, "raw": login}]
