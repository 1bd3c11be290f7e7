"""Received fields as hops: what the receiving host recorded, told apart from what the client claimed.

The connecting address stands in brackets or parentheses behind the HELO name and is recorded by the ``by`` host, as is
the reverse name; HELO is the client's word. Clauses come in any order, comments nest, and every field may be missing.

References:
    RFC 5321 section 4.4; RFC 8314 section 4.3; Postfix, Exim, Sendmail, qmail, Exchange and Gmail as they write it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.email._addresses import comment_spans
from parsers.email._clauses import split_clauses
from parsers.email._dates import find_date, parse_date
from parsers.kit.addresses import Address, parse_address

if TYPE_CHECKING:
    from parsers.email._clauses import Clauses
    from parsers.email._dates import Order

__all__ = ["AUTHENTICATED", "parse_received"]

_CAP = 16384
AUTHENTICATED = frozenset({"esmtpa", "esmtpsa", "lmtpa", "lmtpsa", "asmtp", "utf8smtpa", "utf8smtpsa"})
"""``with`` protocols that state a login (RFC 3848, RFC 6531; ASMTP is Exim's older name)."""

_PICKUP = re.compile(r"\b(?:pop3|imap|fetchmail|getmail)\b", re.IGNORECASE)
_EXIM_ID = re.compile(r"\w{6}-\w{6,11}-\w{2,4}")
_NO_NAME = frozenset({"unknown", "unverified", "untrusted", "may", "verified"})

# One entry per way of writing it; the first group is the value.
_HELO = (
    re.compile(r"\b(?:HELO|EHLO|LHLO)[ =]{1,3}([^\s()]+)", re.IGNORECASE),
    re.compile(r'\bclaiming to be "?([^\s"()]+)', re.IGNORECASE),
)
_CLIENT_WORDS = re.compile(r"[HEL][EH]LO[ =]|claiming to be|ident=", re.IGNORECASE)
_IDENT = re.compile(r"\bident=\S*", re.IGNORECASE)
_PORT = re.compile(r"\bport[= ](\d{1,5})\b", re.IGNORECASE)
_BRACKET = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]{2,60})(?:%[\w.~-]{1,20})?\](?::(\d{1,5}))?", re.IGNORECASE)
_NO_HOST = re.compile(r"mail pickup service|\S+ named unknown", re.IGNORECASE)
_WITH_PORT = re.compile(r"\[(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})\]")
_ENVELOPE = re.compile(r"\b(?:envelope-(?:from|sender)|return-path)[ =:]{0,3}<?([^\s<>()]+)", re.IGNORECASE)
_AUTH = (
    re.compile(r"\bAuthenticated (?:sender|user)[: ]{1,3}\"?([^\s\",()]+)", re.IGNORECASE),
    re.compile(r"\bAUTH: \w+ ([^\s,()]+)", re.IGNORECASE),
    re.compile(r"\bsmtp-auth username ([^\s,()]+)", re.IGNORECASE),
    re.compile(r"^\[?account <?([^\s>()]+)", re.IGNORECASE),
    re.compile(r"\buser=([^\s,()]+) mech=", re.IGNORECASE),
    re.compile(r"\bauthid=([^\s,()]+)", re.IGNORECASE),
    re.compile(r"\bauthenticated (?:as|id) ([^\s,()]+)", re.IGNORECASE),
    re.compile(r"^([^\s@()]{1,200})@\S{1,60} with (?:login|plain|xymcookie)\b", re.IGNORECASE),
    re.compile(r"^AUTH ([^\s,()]+)$"),
    re.compile(r"^\s*(authenticated)\b", re.IGNORECASE),
)
_SERVER_WORDS = re.compile(
    r"auth|account|user=|login|plain|xymcookie|envelope|return-path|tls|ssl|cipher|encrypted", re.IGNORECASE
)
_AUTH_HINT = re.compile(r"auth|account|user=|login|plain|xymcookie", re.IGNORECASE)
_TLS = re.compile(r"\b(?:TLS|SSL)v?\d|\bcipher[= ]|\bTLS:|^(?:using )?TLS$|\w-SHA\d* encrypted$", re.IGNORECASE)


class _Peer(NamedTuple):
    address: Address | None = None
    port: int | None = None
    rdns: str | None = None
    named: bool = False  # the comment shows the name the server looked up


def parse_received(text: str, zone_name: str | None = None, order: Order | None = None) -> dict[str, object]:
    """Fields of one hop by their schema names (see `parsers.schema`, column ``hops``); unknown ones are left out."""
    text = text[:_CAP]
    route, time_raw = _split_time(text)
    clauses = split_clauses(route)
    hop: dict[str, object] = {**_client(clauses), **_server(clauses)}
    if time_raw:
        hop["time_raw"] = time_raw
        hop["time"] = parse_date(time_raw, zone_name, order).timestamp
        if hop["envelope_from"] is None and "(envelope-from " in time_raw:  # PowerMTA writes it behind the date
            hop["envelope_from"] = _search((_ENVELOPE,), time_raw)
    return {key: value for key, value in hop.items() if value is not None}


def _split_time(text: str) -> tuple[str, str | None]:
    """Cut at the last semicolon outside comments; without one, where the last date begins."""
    at = text.rfind(";")
    if at >= 0 and text.count("(", at) != text.count(")", at):
        at = _outside(text, at)
    if at >= 0:
        return text[:at], text[at + 1 :].strip() or None
    at = find_date(text)
    return (text, None) if at < 0 else (text[:at], text[at:].strip())


def _outside(text: str, at: int) -> int:
    """The last semicolon at or before `at` that stands in no comment, or -1."""
    for start, end in reversed(comment_spans(text).items()):
        if at < start:
            continue
        if at >= end:
            break
        at = text.rfind(";", 0, start)
    return at


def _is_pickup(clauses: Clauses) -> bool:
    """Fetched from a mailbox: the address is the server that was asked, no client connected from it."""
    said = [*clauses.words.get("with", []), *clauses.comments.get("with", []), *clauses.comments.get("by", [])]
    return any(_PICKUP.search(word) for word in said)


def _client(clauses: Clauses) -> dict[str, object]:
    if "from" not in clauses.words or _is_pickup(clauses) or clauses.first("with") == "local":
        return {}
    words = clauses.words["from"]
    comments = clauses.comments.get("from", [])
    first = words[0] if words and (comments or not _NO_HOST.fullmatch(" ".join(words))) else None
    said = [text for text in (*comments, " ".join(words[1:])) if _CLIENT_WORDS.search(text)]
    helo = next((h for text in said for h in [_search(_HELO, text)] if h), None)
    peer = next((p for text in comments for p in [_peer(text)] if p.address), None)
    peer = peer or next((p for word in reversed(words) for p in [_literal(word)] if p.address), _Peer())
    helo, rdns = _names(clauses, first, helo, peer)
    port = peer.port or next((int(m[1]) for text in comments for m in [_PORT.search(text)] if m), None)
    address = peer.address
    return {
        "ip": address.ip if address else None,
        "port": port if port is not None and 0 < port < 65536 else None,
        "rdns": rdns,
        "helo": helo,
    }


def _names(clauses: Clauses, first: str | None, helo: str | None, peer: _Peer) -> tuple[str | None, str | None]:
    """HELO and reverse name, by what the writer's dialect puts first."""
    is_address = first is not None and _literal(first).address is not None
    name = _name(first) if first and not is_address else None
    if peer.named:
        return helo or first, peer.rdns
    if helo:
        return helo, name if peer.address else None
    if (
        is_address
        and peer.address == _literal(first or "").address
        and (_is_web(clauses) or not clauses.comments.get("from"))
    ):
        return None, None  # the address itself, written without a HELO
    if peer.address and name and (_is_exim(clauses) or _bare(clauses)):
        return (name if _is_exim(clauses) else None), name
    if first and "@" in first:  # a HELO like a mailbox; without a peer it is a local user, not a host
        name = first if peer.address else None
    return (first if is_address else name), None


def _is_exim(clauses: Clauses) -> bool:
    return bool(_EXIM_ID.fullmatch(clauses.first("id") or "")) or any("Exim" in c for c in clauses.all_comments())


def _is_web(clauses: Clauses) -> bool:
    return (_protocol(clauses) or "").upper().startswith("HTTP")


def _bare(clauses: Clauses) -> bool:
    """``name (192.0.2.1)`` without an id, over SMTP: qmail, when HELO equals the reverse name."""
    if "id" in clauses.words or _is_web(clauses):
        return False
    return any("[" not in text and _peer(text).address for text in clauses.comments.get("from", ()))


def _name(text: str) -> str | None:
    """A host name; a user name in front (ident) is cut off."""
    name = text.strip('"').rstrip(".").rpartition("@")[2]
    return None if name.lower() in _NO_NAME or not name else name


def _search(patterns: tuple[re.Pattern[str], ...], text: str) -> str | None:
    return next((match[1] for pattern in patterns for match in [pattern.search(text)] if match), None)


def _peer(comment: str) -> _Peer:
    """The address in one comment. HELO and ident are cut out first: they are the client's words."""
    text = comment
    for pattern in (*_HELO, _IDENT) if _CLIENT_WORDS.search(comment) else ():
        text = pattern.sub(" ", text)
    text = text.strip()
    found = [(m, a) for m in _BRACKET.finditer(text) for a in [parse_address(m[1])] if a]
    if found:
        match, address = found[0] if text.startswith("[") else found[-1]
        before = [word for word in text[: match.start()].split() if "(" not in word and ")" not in word]
        name = _name(before[-1]) if before else None
        return _Peer(address, int(match[2]) if match[2] else address.port, name, named=bool(before))
    words = [parse_address(word.rpartition("@")[2].rstrip(",")) for word in text.split()[:2]]
    address_word = next((a for a in words if a), None)
    return _Peer(address_word, address_word.port if address_word else None)


def _literal(word: str) -> _Peer:
    match = _WITH_PORT.fullmatch(word)
    address = parse_address(f"{match[1]}:{match[2]}" if match else word)
    return _Peer(address, address.port if address else None)


def _server(clauses: Clauses) -> dict[str, object]:
    protocol = _protocol(clauses)
    comments = [text for text in clauses.all_comments() if _SERVER_WORDS.search(text)]
    login = next((a for text in comments if _AUTH_HINT.search(text) for a in [_search(_AUTH, text)] if a), None)
    if login is None and protocol:
        login = protocol if protocol.lower().rpartition(" ")[2] in AUTHENTICATED else _web_user(clauses)
    readers = clauses.words.get("for", [])
    readers = readers[: readers.index("from")] if "from" in readers else readers  # XMail: for <to> from <sender>
    return {
        "by": clauses.first("by"),
        "with": protocol,
        "id": clauses.first("id"),
        "for": " ".join(w.strip("<>") for w in readers) or None,
        "envelope_from": _envelope(clauses, comments),
        "auth": login,
        "tls": _tls(clauses, comments),
    }


def _web_user(clauses: Clauses) -> str | None:
    """``from 203.0.113.5 as user bob by webmail with HTTP``."""
    words = clauses.words.get("from", [])
    return words[-1] if len(words) > 3 and words[-3:-1] == ["as", "user"] else None


def _envelope(clauses: Clauses, comments: list[str]) -> str | None:
    """From a comment, or as bare words behind what the server wrote (Haraka, XMail); never from behind ``from``."""
    said = next((m[1] for text in comments for m in [_ENVELOPE.search(text)] if m), None)
    for key in () if said else ("id", "for"):
        words = clauses.words.get(key, [])
        at = next((n for n, word in enumerate(words[:-1]) if word.lower() in {"envelope-from", "from"}), None)
        said = words[at + 1].strip("<>") or None if at is not None else said
    return said


def _protocol(clauses: Clauses) -> str | None:
    words = clauses.words.get("with") or clauses.words.get("via") or []
    return " ".join(words[: words.index("tls")] if "tls" in words else words) or None


def _tls(clauses: Clauses, comments: list[str]) -> str | None:
    said = next((text for text in comments if _TLS.search(text)), None)
    words = clauses.words.get("with", [])
    if said and "tls" in words[:-1]:  # Exim: (TLS1.3) tls TLS_AES_256_GCM_SHA384
        return f"{said} {words[words.index('tls') + 1]}"
    return said
