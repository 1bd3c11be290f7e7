"""What receiving servers state about a message's authentication, read tolerantly.

Real fields break the grammar more often than they keep it: Microsoft leaves out the server's name, adds results of its
own (``compauth``, ``action=``), Google writes ``bestguesspass``, relays copy fields of others. Nothing here raises, and
nothing is believed: every statement says whether the field stands where only the receiving side can have put it.

References:
    RFC 8601 (Authentication-Results), RFC 8617 section 4.1.1 (ARC), RFC 7208 section 9.1 (Received-SPF).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.email._addresses import comment_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.email._headers import HeaderBlock

__all__ = ["FIELDS", "Border", "parse_results", "parse_spf", "statements"]

FIELDS = (
    "authentication-results",
    "authentication-results-original",
    "arc-authentication-results",
    "received-spf",
)
"""Fields that are read, in the order in which their statements are listed."""

_CAP = 16384
_LIMIT = 128  # statements kept of one message; real ones have fewer than forty
_SEMICOLON = re.compile(r'"(?:[^"\\]|\\.)*+"?|;', re.DOTALL)
_PAIR = re.compile(r'([A-Za-z][\w./-]{0,60})\s{0,8}=\s{0,8}("(?:[^"\\]|\\.)*+"?|[^\s;]{1,1000})', re.DOTALL)
_WORD = re.compile(r"[A-Za-z]{1,40}")
# Which property names the domain a result is about, by preference.
_DOMAIN = {
    "spf": ("smtp.mailfrom", "smtp.mail", "envelope-from", "smtp.helo", "helo"),
    "dkim": ("header.d", "header.i"),
    "domainkeys": ("header.d", "header.from"),
    "dkim-atps": ("header.d", "header.from"),
    "dmarc": ("header.from",),
    "compauth": ("header.from",),
    "auth": ("smtp.auth", "smtp.mailfrom"),
    "iprev": ("policy.iprev",),
}


class _Segment(NamedTuple):
    """Text between two semicolons without its comments, and the comments."""

    text: str
    comments: list[str]


def _segments(value: str) -> Iterator[_Segment]:
    comments = comment_spans(value)
    bare, at = [], 0
    for start, end in comments.items():
        bare += [value[at:start], " " * (end - start)]  # positions stay as they are
        at = end
    text = "".join([*bare, value[at:]])
    cuts = [m.start() for m in _SEMICOLON.finditer(text) if m[0] == ";"]
    for start, end in zip([0, *(c + 1 for c in cuts)], [*cuts, len(text)], strict=True):
        inside = [value[a + 1 : b - 1].strip() for a, b in comments.items() if start <= a < end]
        yield _Segment(text[start:end].strip(), [c for c in inside if c])


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(name.lower(), _unquoted(value)) for name, value in _PAIR.findall(text)]


def _domain(method: str, properties: dict[str, str]) -> str | None:
    for name in _DOMAIN.get(method, ("header.from", "header.d")):
        value = properties.get(name, "").strip("<>").rpartition("@")[2].rstrip(".").lower()
        if value:
            return value
    return None


def _statement(segment: _Segment, about: dict[str, object]) -> dict[str, object] | None:
    pairs = _pairs(segment.text)
    if not pairs:
        return None
    (method, result), properties = pairs[0], dict(reversed(pairs[1:]))  # of repeated properties the first one counts
    out: dict[str, object] = {**about, "method": method.partition("/")[0], "result": result.lower()}
    reason = properties.pop("reason", None)
    domain = _domain(str(out["method"]), properties)
    more = {"reason": reason, "domain": domain, "comment": "; ".join(segment.comments), "properties": properties}
    out.update({key: value for key, value in more.items() if value})
    return out


def parse_results(value: str) -> list[dict[str, object]]:
    """Statements of one Authentication-Results or ARC-Authentication-Results value.

    Keys: method, result; where written: authserv_id, instance (ARC), reason, domain, comment, properties.
    """
    about: dict[str, object] = {}
    out: list[dict[str, object]] = []
    for segment in _segments(value[:_CAP]):
        words = segment.text.split()
        if words and "=" not in words[0] and not out and "authserv_id" not in about and words[0].lower() != "none":
            about["authserv_id"] = words[0].lower()
            continue
        pairs = _pairs(segment.text)
        if not out and pairs and pairs[0][0] == "i" and pairs[0][1].isdigit() and len(pairs[0][1]) < 5:
            about["instance"] = int(pairs[0][1])
            continue
        found = _statement(segment, about)
        out += [found] if found else []
    return out


def parse_spf(value: str) -> list[dict[str, object]]:
    """The statement of one Received-SPF value."""
    segments = list(_segments(value[:_CAP]))
    word = _WORD.match(segments[0].text)
    if word is None:
        return []
    properties = dict(reversed([pair for s in segments for pair in _pairs(s.text)]))
    comments = "; ".join(c for s in segments for c in s.comments)
    receiver = properties.get("receiver")
    more = {
        "authserv_id": receiver.lower() if receiver else None,
        "domain": _domain("spf", properties),
        "comment": comments,
        "properties": properties,
    }
    return [{"method": "spf", "result": word[0].lower(), **{k: v for k, v in more.items() if v}}]


class Border(NamedTuple):
    """Where trust ends: offsets of the last attested Received field and of the next one below, and who wrote it."""

    last: int
    below: float
    host: str | None


def statements(head: HeaderBlock, border: Border | None) -> list[dict[str, object]]:
    """Every statement of a message's header block, newest field first within each kind.

    Fields are added on top, so what stands above the last attested Received field was not in the message that was
    handed over: ``attested``. Some servers (Postfix with filters) put their results right below it instead, where a
    sender could have put them, too, unless the server removes such fields (RFC 8601 section 5):
    ``names_boundary_host`` marks those that bear the server's name there.
    """
    out: list[dict[str, object]] = []
    for key in FIELDS:
        read = parse_spf if key == "received-spf" else parse_results
        for header in head.all(key):
            # A chain of trust copies what earlier relays said: only its newest writer is known, not what it copied.
            attested = border is not None and header.start < border.last and not key.endswith("-original")
            below = border if border is not None and border.last < header.start < border.below else None
            stated = ({"field": header.name, **found, "attested": attested} for found in read(header.plain))
            out += [_placed(statement, below) for statement in stated]
            if len(out) >= _LIMIT:
                return out[:_LIMIT]
    return out


def _placed(statement: dict[str, object], below: Border | None) -> dict[str, object]:
    if below is None or below.host is None or statement.get("authserv_id") != below.host:
        return statement
    return {**statement, "names_boundary_host": True}
