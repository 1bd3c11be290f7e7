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
from parsers.server_logs._web_fields import Reading, peer_values

__all__ = ["TAIL_FIELD"]

_CLIENT = re.compile(rb", client: ([^ ,\"]{1,255})(?:, server: ([^ ,\"]{0,255}))?")
_NAMES = ("request", "subrequest", "upstream", "host", "referrer")  # in the order of writing
_OPENINGS = {f', {name}: "'.encode(): name for name in _NAMES}
_COLUMNS = ("text", "source_ip", "source_port", "claimed_ips", *REQUEST_COLUMNS, "url_domain", "http_request_referrer")
_CUT_AT = 2000
"""Bytes of message above which the server may have cut the line before it wrote the peer (the limit less the head)."""


def _read(raw: bytes | None) -> Part:
    raw = raw or b""
    text, lossy = decode(raw)
    flags = ("lossy_text",) if lossy else ()
    place = _CLIENT.search(raw)
    if not place:
        return Part((text or None, *[None] * 9), flags)
    if len(raw) >= _CUT_AT or _CLIENT.search(raw, place.end()):
        return Part((text, None, None, _claimed(raw), *[None] * 6), (*flags, "peer_ambiguous"))
    peer, server = _peer(place[1]), place[2]
    extra = peer.extra | ({"server_name": decode(server).text} if server else {})
    tail = _quoted(raw[place.end() :])
    request = request_part(tail.pop("request", None))
    host, referrer = (_text(tail.pop(name, None)) for name in ("host", "referrer"))
    extra |= {name: _text(value) for name, value in tail.items()}
    values = (text, peer.values.get("source_ip"), peer.values.get("source_port"), None, *request.values, host, referrer)
    return Part(values, (*flags, *peer.flags, *request.flags), extra)


@lru_cache(maxsize=16384)
def _peer(word: bytes) -> Reading:
    return peer_values(word)


def _claimed(raw: bytes) -> list[object] | None:
    ips = (peer_values(place[1]).values.get("source_ip") for place in _CLIENT.finditer(raw))
    return list(dict.fromkeys(ip for ip in ips if ip)) or None


def _text(raw: bytes | None) -> str | None:
    return decode(raw).text or None if raw is not None else None


def _quoted(tail: bytes) -> dict[str, bytes]:
    """Values by name, when each name stands once at most and in its order; else none."""
    marks = [(tail.find(opening), opening) for opening in _OPENINGS]
    found = [(at, opening) for at, opening in marks if at >= 0]
    twice = any(tail.find(opening, at + 1) >= 0 for at, opening in found)
    if twice or found != sorted(found) or not tail.endswith(b'"') or (found and found[0][0]):
        return {}
    ends = [at for at, _ in found[1:]] + [len(tail)]
    return {_OPENINGS[op]: tail[at + len(op) : end - 1] for (at, op), end in zip(found, ends, strict=True)}


TAIL_FIELD = Field((10,), _COLUMNS, _read)
