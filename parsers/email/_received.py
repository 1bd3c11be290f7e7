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
from parsers.email._dates import find_date, parse_date
from parsers.kit.addresses import Address, parse_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.email._dates import Order

__all__ = ["AUTHENTICATED", "parse_received"]

_CAP = 16384
_KEYWORDS = frozenset({"from", "by", "via", "with", "id", "for"})
_TOKEN = re.compile(r'\s++|"(?:[^"\\]|\\.)*+"?|<[^<>]*+>?|\[[^\[\]]*+\]?(?::\d{1,5}\b)?|[^\s"<(\[;,]++|.', re.DOTALL)
_STRADDLES = re.compile(r'"|<[^<>]*[()]|\[[^\[\]]*[()]')
_NO_TOKENS = frozenset({",", ";", "(", ")"})

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
_ENVELOPE = re.compile(r"\b(?:envelope-(?:from|sender)|return-path)[ =:]{0,3}<?([^\s<>()]+)", re.IGNORECASE)
_AUTH = (
    re.compile(r"\bAuthenticated (?:sender|user)[: ]{1,3}\"?([^\s\",()]+)", re.IGNORECASE),
    re.compile(r"\bAUTH: \w+ ([^\s,()]+)", re.IGNORECASE),
    re.compile(r"\bsmtp-auth username ([^\s,()]+)", re.IGNORECASE),
    re.compile(r"^\[?account <?([^\s>()]+)", re.IGNORECASE),
    re.compile(r"\buser=([^\s,()]+) mech=", re.IGNORECASE),
    re.compile(r"\bauthid=([^\s,()]+)", re.IGNORECASE),
    re.compile(r"\bauthenticated (?:as|id) ([^\s,()]+)", re.IGNORECASE),
    re.compile(r"^([^\s@()]{1,200})@\S{1,60} with login\b", re.IGNORECASE),
    re.compile(r"^\s*(authenticated)\b", re.IGNORECASE),
)
_SERVER_WORDS = re.compile(r"auth|account|user=|login|envelope|return-path|tls|ssl|cipher", re.IGNORECASE)
_AUTH_HINT = re.compile(r"auth|account|user=|login", re.IGNORECASE)
_TLS = re.compile(r"\b(?:TLS|SSL)v?\d|\bcipher[= ]|\bTLS:", re.IGNORECASE)


class _Clauses(NamedTuple):
    """Words and comments by the clause they follow; ``""`` is what stands before any keyword."""

    words: dict[str, list[str]]
    comments: dict[str, list[str]]

    def first(self, key: str) -> str | None:
        """First word of a clause, without angle brackets."""
        found = self.words.get(key)
        return (found[0].strip("<>") or None) if found else None

    def all_comments(self) -> Iterator[str]:
        """Every comment, in clause order."""
        for texts in self.comments.values():
            yield from texts


class _Peer(NamedTuple):
    address: Address | None = None
    port: int | None = None
    rdns: str | None = None
    named: bool = False  # the comment shows the name the server looked up


def parse_received(text: str, zone_name: str | None = None, order: Order | None = None) -> dict[str, object]:
    """Fields of one hop by their schema names (see `parsers.schema`, column ``hops``); unknown ones are left out."""
    text = text[:_CAP]
    route, time_raw = _split_time(text)
    clauses = _clauses(route)
    hop: dict[str, object] = {**_client(clauses), **_server(clauses)}
    if time_raw:
        hop["time_raw"] = time_raw
        hop["time"] = parse_date(time_raw, zone_name, order).timestamp
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


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """(token, is a comment); comments come without their parentheses."""
    comments, at = comment_spans(text), 0
    if _STRADDLES.search(text):
        yield from _tokens_one_by_one(text, comments)
        return
    for start, end in comments.items():
        yield from _plain(_TOKEN.findall(text, at, start))
        yield text[start + 1 : end - 1].strip(), True
        at = end
    yield from _plain(_TOKEN.findall(text, at))


def _plain(tokens: list[str]) -> Iterator[tuple[str, bool]]:
    for token in tokens:
        if token not in _NO_TOKENS and not token.isspace():
            yield token.rstrip(")"), False


def _tokens_one_by_one(text: str, comments: dict[int, int]) -> Iterator[tuple[str, bool]]:
    """The same where a quoted or bracketed token may hold what elsewhere opens a comment."""
    at = 0
    while at < len(text):
        end = comments.get(at)
        if end:
            yield text[at + 1 : end - 1].strip(), True
            at = end
            continue
        match = _TOKEN.match(text, at)
        token = match[0] if match else text[at]
        at += len(token)
        yield from _plain([token])


def _clauses(text: str) -> _Clauses:
    out, current = _Clauses({}, {}), ""
    tokens = list(_tokens(text))
    for number, (token, comment) in enumerate(tokens):
        key = token.lower()
        if comment:
            out.comments.setdefault(current, []).append(token)
        elif key in _KEYWORDS and key not in out.words and _opens(tokens, number, current, out):
            current = key
            out.words[key] = []
        elif token:
            out.words.setdefault(current, []).append(token)
    return out


def _opens(tokens: list[tuple[str, bool]], number: int, current: str, out: _Clauses) -> bool:
    """A keyword opens its clause, but a HELO name may be the word "by": then a comment follows it at once."""
    if tokens[number][0].lower() == "from" and (current or out.words.get("")):
        return False
    if not current or out.words.get(current):
        return True
    return number + 1 < len(tokens) and not tokens[number + 1][1]


def _is_pickup(clauses: _Clauses) -> bool:
    """Fetched from a mailbox: the address is the server that was asked, no client connected from it."""
    said = [*clauses.words.get("with", []), *clauses.comments.get("with", []), *clauses.comments.get("by", [])]
    return any(_PICKUP.search(word) for word in said)


def _client(clauses: _Clauses) -> dict[str, object]:
    if "from" not in clauses.words or _is_pickup(clauses) or clauses.first("with") == "local":
        return {}
    words = clauses.words["from"]
    comments = clauses.comments.get("from", [])
    first = words[0] if words else None
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


def _names(clauses: _Clauses, first: str | None, helo: str | None, peer: _Peer) -> tuple[str | None, str | None]:
    """HELO and reverse name, by what the writer's dialect puts first."""
    is_address = first is not None and parse_address(first) is not None
    name = _name(first) if first and not is_address else None
    if peer.named:
        return helo or first, peer.rdns
    if helo:
        return helo, name if peer.address else None
    if is_address and peer.address and peer.address == parse_address(first or ""):
        return None, None
    if peer.address and name and _is_exim(clauses):
        return name, name
    if peer.address and name and not is_address and "id" not in clauses.words and _bare(clauses):
        return None, name
    return (first if is_address else name), None


def _is_exim(clauses: _Clauses) -> bool:
    return bool(_EXIM_ID.fullmatch(clauses.first("id") or "")) or any("Exim" in c for c in clauses.all_comments())


def _bare(clauses: _Clauses) -> bool:
    """``name (192.0.2.1)`` without an id: qmail, when HELO equals the reverse name."""
    return any(parse_address(text) and "[" not in text for text in clauses.comments.get("from", ()))


def _name(text: str) -> str | None:
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
    address = parse_address(word)
    return _Peer(address, address.port if address else None)


def _server(clauses: _Clauses) -> dict[str, object]:
    protocol = _protocol(clauses)
    comments = [text for text in clauses.all_comments() if _SERVER_WORDS.search(text)]
    login = next((a for text in comments if _AUTH_HINT.search(text) for a in [_search(_AUTH, text)] if a), None)
    if login is None and protocol and protocol.lower() in AUTHENTICATED:
        login = protocol
    return {
        "by": clauses.first("by"),
        "with": protocol,
        "id": clauses.first("id"),
        "for": " ".join(w.strip("<>") for w in clauses.words.get("for", ())) or None,
        "envelope_from": next((m[1] for text in comments for m in [_ENVELOPE.search(text)] if m), None),
        "auth": login,
        "tls": _tls(clauses, comments),
    }


def _protocol(clauses: _Clauses) -> str | None:
    words = clauses.words.get("with") or clauses.words.get("via") or []
    return " ".join(words[: words.index("tls")] if "tls" in words else words) or None


def _tls(clauses: _Clauses, comments: list[str]) -> str | None:
    said = next((text for text in comments if _TLS.search(text)), None)
    words = clauses.words.get("with", [])
    if said and "tls" in words[:-1]:  # Exim: (TLS1.3) tls TLS_AES_256_GCM_SHA384
        return f"{said} {words[words.index('tls') + 1]}"
    return said
