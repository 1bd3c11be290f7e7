r"""One line of a web access log, read field by field: the reference that the block tokenizer must equal.

The server escapes quotation marks in everything a client sends (Apache as ``\"``, nginx as ``\x22``), so the first
bare quotation mark ends what the server alone wrote: peer, identity, user and time. Those four are read by counting
from both ends of that stretch; no text a client can supply takes the place of the peer address.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from parsers.contract import Event, Reject
from parsers.kit.text import decode
from parsers.kit.time import Moment, from_datetime
from parsers.server_logs._web_fields import client_values, peer_values, whole_fields

if TYPE_CHECKING:
    from parsers.contract import Item, RejectKind
    from parsers.kit.lines import Line

__all__ = ["MONTH_NAMES", "SITE", "TIME_DESC", "TIME_WIDTH", "YEARS", "Layout", "layout_of", "parse_line", "port_of"]

MONTH_NAMES = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")
YEARS = range(1970, 2100)
TIME_WIDTH = 26  # dd/Mon/yyyy:HH:MM:SS +hhmm
TIME_DESC = "Recorded Time"

_BOM = b"\xef\xbb\xbf"
_UNTIL_QUOTE = re.compile(rb'(?:[^"\\]++|\\.)*+"', re.DOTALL)
_TIME = re.compile(rb"(\d\d)/([A-Z][a-z][a-z])/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)([0-5]\d)")
_CUT_IN_TIME = re.compile(rb"[^\"]* \[[0-9A-Za-z/: +-]{0,26}\]? ?")
SITE = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[^ :\[\]]+):(\d{1,5})")
_ADDRESS_LIKE = re.compile(rb"[0-9.]+|\[[0-9A-Fa-f:.]+\]")


class Layout(NamedTuple):
    """What tells the layouts apart: ``name:port`` in front; 1 quoted field (request) or 3 (and referrer, agent)."""

    vhost: bool
    quoted_fields: int


class Head(NamedTuple):
    """What the server wrote before the request; `rest` is the index of the request's quotation mark."""

    site: tuple[bytes, bytes] | None
    host: bytes
    ident: bytes
    user: bytes
    time: Moment
    rest: int


class Refusal(NamedTuple):
    """Why a line is no record."""

    kind: RejectKind
    reason: str


def parse_line(line: Line, layout: Layout) -> tuple[Item, ...]:
    """The event of a line that is neither blank nor over the limit, or why there is none."""
    raw = line.raw.removeprefix(_BOM) if line.number == 1 else line.raw
    head = read_head(raw, vhost=layout.vhost)
    if isinstance(head, Refusal):
        return (Reject(line.span, head.reason, head.kind),)
    client = client_values(raw, head.rest, short=layout.quoted_fields == 1, ended=line.ended)
    peer = peer_values(head.host)
    flags = [*peer.flags, *client.flags, *(["lossy_text"] if decode(raw).lossy else [])]
    extra = peer.extra | _identity_extra(head) | client.extra
    values: dict[str, object] = head.time.columns(TIME_DESC) | peer.values | _head_values(head) | client.values
    claimed = [*_list(peer.values), *_list(client.values)]
    values |= {"claimed_ips": claimed or None, "parse_flags": flags or None, "extra": extra or None}
    return (Event(line.span, line.locator, "http_request", {k: v for k, v in values.items() if v is not None}),)


def _list(values: dict[str, object]) -> list[object]:
    claimed = values.get("claimed_ips")
    return claimed if isinstance(claimed, list) else []


def _head_values(head: Head) -> dict[str, object]:
    values: dict[str, object] = {}
    if head.user not in {b"-", b"", b'""'}:
        values["account_login"] = decode(head.user).text
    if head.site:
        values |= {"url_domain": decode(head.site[0]).text, "destination_port": port_of(head.site[1])}
    return values


def _identity_extra(head: Head) -> dict[str, object]:
    extra: dict[str, object] = {}
    if head.ident not in {b"-", b""}:
        extra["ident"] = decode(head.ident).text
    if head.user == b'""':
        extra["user_as_written"] = '""'
    if head.site and port_of(head.site[1]) is None:
        extra["port_as_written"] = head.site[1].decode("ascii")
    return extra


def port_of(digits: bytes) -> int | None:
    """A port number, or None above 65535."""
    return number if (number := int(digits)) <= 65535 else None  # RFC 9293: 16 bits


def read_head(raw: bytes, *, vhost: bool) -> Head | Refusal:
    """Peer, identity, user and time, from the bytes before the first bare quotation mark."""
    rest = _request_at(raw)
    if rest is None:
        if _CUT_IN_TIME.fullmatch(raw):
            return Refusal("truncated", "the line ends before its request begins")
        return Refusal("malformed", "the line holds no quoted request")
    before, bracketed = raw[: max(0, rest - TIME_WIDTH - 4)], raw[max(0, rest - TIME_WIDTH - 4) : rest]
    if bracketed[:2] != b" [" or bracketed[-2:] != b"] ":
        return Refusal("malformed", "no time in brackets stands before the request")
    moment = read_time(bracketed[2:-2])
    if moment is None:
        return Refusal("malformed", "the text in brackets is not a calendar time with an offset")
    return _with_names(before.split(b" "), moment, rest, vhost=vhost)


def _request_at(raw: bytes) -> int | None:
    """Index of the quotation mark that opens the request, past an empty user name, which Apache writes ``""``."""
    found = _UNTIL_QUOTE.match(raw)
    if found and raw.startswith(b'"" [', found.end() - 1):
        found = _UNTIL_QUOTE.match(raw, found.end() + 1)
    return found.end() - 1 if found else None


@lru_cache(maxsize=4096)
def read_time(text: bytes) -> Moment | None:
    """``01/Mar/2026:10:00:00 +0000``; None when it is no time between 1970 and 2099."""
    match = _TIME.fullmatch(text)
    if not match or match[2] not in MONTH_NAMES or int(match[3]) not in YEARS:
        return None
    day, year, hour, minute, second, hours, minutes = (int(match[i]) for i in (1, 3, 4, 5, 6, 8, 9))
    if hours >= 24:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    zone = timezone(-offset if match[7] == b"-" else offset) if offset else UTC
    try:
        at = datetime(year, MONTH_NAMES.index(match[2]) + 1, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return from_datetime(at, text.decode("ascii"), "in_value")


def _with_names(parts: list[bytes], moment: Moment, rest: int, *, vhost: bool) -> Head | Refusal:
    """Peer from the left, then identity; the user name is whatever remains, spaces and all."""
    site = SITE.fullmatch(parts[0])
    if vhost and (site is None or parts[1:2] in ([], [b"-"])):
        return Refusal("unknown_structure", "the line does not begin with a virtual host, its port and a peer")
    if not vhost and site is not None and _begins_with_site(parts, site[1]):
        return Refusal("unknown_structure", "the line begins with a virtual host and its port")
    parts = parts[1:] if vhost else parts
    names = 1
    while names < len(parts) and parts[names - 1].endswith(b","):
        names += 1
    if len(parts) < names + 2 or not parts[0]:
        return Refusal("malformed", "peer, identity and user do not stand before the time")
    host, ident, user = b" ".join(parts[:names]), parts[names], b" ".join(parts[names + 1 :])
    return Head((site[1], site[2]) if vhost and site else None, host, ident, user, moment, rest)


def _begins_with_site(parts: list[bytes], name: bytes) -> bool:
    return len(parts) >= 4 and parts[1] != b"-" and not _ADDRESS_LIKE.fullmatch(name)


def layout_of(raw: bytes) -> str | None:
    """The layout a line shows: ``vhost_combined``, ``combined``, ``common``; ``vhost_cut``, ``cut`` when not whole."""
    raw = raw.removeprefix(_BOM)
    for vhost in (True, False):
        head = read_head(raw, vhost=vhost)
        if not isinstance(head, Refusal):
            names = {5: "vhost_combined"} if vhost else {5: "combined", 3: "common"}
            return names.get(whole_fields(raw, head.rest), "vhost_cut" if vhost else "cut")
    return None
