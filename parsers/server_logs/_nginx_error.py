r"""What nginx appends to a message of its error log: ``, client: .., server: .., request: "..", host: ".."``.

nginx escapes nothing in this log, so a client can write the same words into the message (through a decoded path),
the request or a header. The real peer is always among the places that look like it. Only when there is one such
place is it attested; the same holds for every quoted value behind it.

Reference: nginx 1.26, src/http/ngx_http_request.c, ngx_http_log_error_handler; NGX_MAX_ERROR_STR (2048 bytes).
"""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.kit.text import decode
from parsers.server_logs._line_reader import Field, Part
from parsers.server_logs._line_values import REQUEST_COLUMNS, request_part
from parsers.server_logs._web_fields import peer_values

__all__ = ["TAIL_FIELD"]

_CLIENT = re.compile(rb", client: ([^ ,\"]{1,255})(?:, server: ([^ ,\"]{0,255}))?")
_NAMES = ("request", "subrequest", "upstream", "host", "referrer")  # in the order of writing
_USUAL_NAMES = ("request", "upstream", "host", "referrer")
_OPENINGS = {f', {name}: "'.encode(): name for name in _NAMES}
_USUAL = re.compile(
    rb".*?, client: ([^ ,\"]{1,255})(?:, server: ([^ ,\"]{0,255}))?"
    rb'(?:, request: "([^"]*+)")?(?:, upstream: "([^"]*+)")?(?:, host: "([^"]*+)")?(?:, referrer: "([^"]*+)")?',
    re.DOTALL,
)
"""The common case, of which `_quoted` is the rule: no value holds a quotation mark, so none can hold a name."""
_COLUMNS = ("text", "source_ip", "source_port", "claimed_ips", *REQUEST_COLUMNS, "url_domain", "http_request_referrer")
_CERTAIN = re.compile(
    rb"access forbidden by rule|auth request unexpected status: \d{3}|no live upstreams while connecting to upstream"
    rb"|(?:limiting|delaying) requests?, excess: [\d.]{1,16} by zone \"[\w.-]{1,64}\""
    rb"|limiting connections by zone \"[\w.-]{1,64}\"|client (?:sent|closed|prematurely closed) [a-z -]{1,120}"
    rb"|(?:upstream|connect\(\)|recv\(\)|send\(\)) (?:timed out|failed|prematurely closed connection)"
    rb"(?: \(\d{1,5}: [A-Za-z ]{1,60}\))? while [a-z ]{1,80}"
)
"""Messages in which nothing comes from a client: the peer follows them, whatever a client wrote behind it."""
_CUT_AT = 2000
"""Bytes of message above which the server may have cut the line before it wrote the peer (the limit less the head)."""


def _read(raw: bytes | None) -> Part:
    raw = raw or b""
    text, lossy = decode(raw)
    flags = ("lossy_text",) if lossy else ()
    first = raw.find(b", client: ")
    if first < 0 or not (place := _CLIENT.search(raw, first)):
        return Part((text or None, *[None] * 9), flags)
    certain = place.start() == first and _CERTAIN.fullmatch(raw, 0, first)
    if not certain and (len(raw) >= _CUT_AT or _CLIENT.search(raw, place.end())):
        return Part((text, None, None, _claimed(raw), *[None] * 6), (*flags, "peer_ambiguous"))
    ip, port, peer_flags, extra = _peer(place[1], place[2])
    usual = _USUAL.fullmatch(raw)
    tail = dict(zip(_USUAL_NAMES, usual.groups()[2:], strict=True)) if usual else _quoted(raw[place.end() :])
    request = request_part(tail.pop("request", None))
    host, referrer = _text(tail.pop("host", None)), _text(tail.pop("referrer", None))
    more = {name: _text(value) for name, value in tail.items() if value is not None}
    values = (text, ip, port, None, *request[0], host, referrer)
    return Part(values, (*flags, *peer_flags, *request[1]), extra | more if more else extra)


@lru_cache(maxsize=16384)
def _peer(word: bytes, server: bytes | None) -> tuple[object, object, list[str], dict[str, object]]:
    """Address, port, flags, and what of peer and server has no column."""
    values, flags, extra = peer_values(word)
    named = extra | ({"server_name": decode(server).text} if server else {})
    return values.get("source_ip"), values.get("source_port"), flags, named


def _claimed(raw: bytes) -> list[object] | None:
    ips = (peer_values(place[1]).values.get("source_ip") for place in _CLIENT.finditer(raw))
    return list(dict.fromkeys(ip for ip in ips if ip)) or None


def _text(raw: bytes | None) -> str | None:
    return decode(raw).text or None if raw is not None else None


def _quoted(tail: bytes) -> dict[str, bytes | None]:
    """Values by name, when each name stands once at most and in its order; else none."""
    marks = [(tail.find(opening), opening) for opening in _OPENINGS]
    found = [(at, opening) for at, opening in marks if at >= 0]
    twice = any(tail.find(opening, at + 1) >= 0 for at, opening in found)
    if twice or found != sorted(found) or not tail.endswith(b'"') or (found and found[0][0]):
        return {}
    ends = [at for at, _ in found[1:]] + [len(tail)]
    return {_OPENINGS[op]: tail[at + len(op) : end - 1] for (at, op), end in zip(found, ends, strict=True)}


TAIL_FIELD = Field((10,), _COLUMNS, _read)
