"""From a compiled log format to event columns: which directive fills which column, and what the rest become."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from parsers.kit.addresses import parse_address
from parsers.kit.proxies import client_behind
from parsers.kit.text import decode
from parsers.server_logs._line_reader import Field, Part
from parsers.server_logs._line_values import (
    REQUEST_COLUMNS,
    TIME_COLUMNS,
    absent,
    address_field,
    count_field,
    extra_field,
    port_field,
    request_part,
    status_part,
    text_field,
    time_part,
)
from parsers.server_logs._logformat_grammar import unescape
from parsers.server_logs._logformat_tables import PRIORITY
from parsers.server_logs._logformat_times import moment_of
from parsers.server_logs._web_fields import peer_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from parsers.kit.proxies import Networks
    from parsers.server_logs._logformat_grammar import LineGrammar
    from parsers.server_logs._logformat_lex import Slot

__all__ = ["fields_of"]

_FORWARDED_FOR = re.compile(r'for="?([^",; ]+)"?', re.IGNORECASE)  # RFC 7239 section 4
_NUMBERS = {"int", "signed", "port"}
_KEPT_IF_ODD: dict[str, Callable[[int, str, str], Field]] = {
    "http_response_bytes": count_field,
    "destination_port": port_field,
    "destination_ip": address_field,
}
_CHAINS = ("x_forwarded_for", "proxy_add_x_forwarded_for", "forwarded")


def fields_of(
    grammar: LineGrammar, *, zone: str | None, trusted: Networks = (), shift: int = 0
) -> tuple[Field, ...]:
    """The fields of a compiled format.

    Args:
        grammar: The compiled format.
        zone: Zone of local times, or None.
        trusted: Proxies the case trusts.
        shift: How many groups stand before the grammar's own in the expression that will be used.
    """
    chooser = _Chooser(grammar.slots)
    fields = [*chooser.times(zone), *chooser.peer(trusted), *chooser.request()]
    fields += [*chooser.columns(behind_syslog=shift > 0), *chooser.rest()]
    return tuple(field._replace(groups=tuple(group + shift for group in field.groups)) for field in fields)


class _Chooser:
    """Hands out slots; each is used once, and what nobody wants ends in extra."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = slots
        self.left = list(range(len(slots)))
        self.keys: set[str] = set()

    def _take(self, *roles: str) -> int | None:
        """The first slot left with one of the roles, best role first."""
        found = next((at for role in roles for at in self.left if self._role(at) == role), None)
        if found is not None:
            self.left.remove(found)
        return found

    def _role(self, at: int) -> str | None:
        return self.slots[at].directive.role

    def _undo(self, at: int) -> Callable[[bytes], bytes]:
        return partial(unescape, escape=self.slots[at].escape)

    def _key(self, at: int) -> str:
        key, number = self.slots[at].directive.key, 2
        while key in self.keys:
            key, number = f"{self.slots[at].directive.key}_{number}", number + 1
        self.keys.add(key)
        return key

    def times(self, zone: str | None) -> Iterator[Field]:
        groups = tuple(at for at in self.left if self._role(at) == "time")
        self.left = [at for at in self.left if at not in groups]
        shapes = [self.slots[at].directive.shape for at in groups]
        if groups:
            yield Field(groups, TIME_COLUMNS, lambda *raws: _time(shapes, raws, zone))

    def peer(self, trusted: Networks) -> Iterator[Field]:
        peer, port = self._take(*PRIORITY["source_ip"]), self._take(*PRIORITY["source_port"])
        claims = [at for at in self.left if self._role(at) in {"claim", "peer"}]
        self.left = [at for at in self.left if at not in claims]
        readers = [(self._key(at), self._undo(at)) for at in claims]
        groups = (*([] if peer is None else [peer]), *claims)
        if groups:
            columns = ("source_ip", "source_port", "claimed_ips")[:: 2 if port is not None else 1]
            reader = partial(_peer, readers=readers, trusted=trusted, attested=peer is not None, columns=columns)
            yield Field(groups, columns, lambda *raws: reader(raws), bears_loss=peer is not None)
        if port is not None:
            yield port_field(port, "source_port", self._key(port))

    def request(self) -> Iterator[Field]:
        whole = self._take("request")
        if whole is not None:
            undo = self._undo(whole)
            yield Field((whole,), REQUEST_COLUMNS, lambda raw: request_part(raw, undo))
            return
        method, version, target = self._take("method"), self._take("protocol"), self._take("target")
        if method is not None:
            yield Field((method,), ("http_request_method", "event_action"), _method)
        if version is not None:
            yield Field((version,), ("http_version",), lambda raw: Part((_version(raw),)))
        if target is not None:
            yield text_field(target, "url_original", self._undo(target))
        else:
            yield from self._path()

    def _path(self) -> Iterator[Field]:
        path = self._take("path")
        query = self._take("query", "query_text") if path is not None else None
        if path is not None and query is not None:
            undo = self._undo(path)
            yield Field((path, query), ("url_original",), lambda a, b: _target(a, b, undo))
            self.left = [at for at in self.left if self.slots[at].directive.shape != "question"]
        elif path is not None:
            yield text_field(path, "url_original", self._undo(path))

    def columns(self, *, behind_syslog: bool) -> Iterator[Field]:
        for column, roles in PRIORITY.items():
            taken = column.startswith("source_") or (column == "host_name" and behind_syslog)
            if not taken and (at := self._take(*roles)) is not None:
                yield self._column(column, at)

    def _column(self, column: str, at: int) -> Field:
        if column == "http_response_status_code":
            return Field((at,), (column, "event_outcome"), status_part)
        if column in _KEPT_IF_ODD:
            return _KEPT_IF_ODD[column](at, column, self._key(at))
        if column == "identifiers":
            return Field((at,), (column,), _visitor)
        undo = self._undo(at)
        if column == "account_login":
            return Field((at,), (column,), partial(_user, undo=undo))
        return text_field(at, column, undo)

    def rest(self) -> Iterator[Field]:
        for at in self.left:
            shape, key = self.slots[at].directive.shape, self._key(at)
            if shape.startswith("captured"):
                yield Field((at,), (), partial(_captured, key=key, undo=self._undo(at)))
            elif shape != "question":
                yield extra_field(at, key, self._undo(at), number=shape in _NUMBERS)


def _time(shapes: Sequence[str], raws: Sequence[bytes | None], zone: str | None) -> Part:
    texts = [(raw or b"").decode("ascii", "replace") for raw in raws]
    moment = moment_of(shapes, texts, zone)
    stripped = moment._replace(raw=moment.raw.strip("[]"))
    unused = len(texts) > 1 and moment.raw != " ".join(texts)
    return time_part(stripped)._replace(extra={"times_as_written": texts} if unused else {})


def _peer(
    raws: Sequence[bytes | None],
    readers: Sequence[tuple[str, Callable[[bytes], bytes]]],
    trusted: Networks,
    *,
    attested: bool,
    columns: Sequence[str],
) -> Part:
    reading = peer_values(raws[0] or b"-" if attested else b"-")
    stated = raws[1:] if attested else raws
    claims = {k: _claim(k, undo(raw)) for (k, undo), raw in zip(readers, stated, strict=True) if raw and raw != b"-"}
    extra = reading.extra | {key: text for key, (text, _) in claims.items()}
    held = reading.values.get("claimed_ips")
    addresses = [*(held if isinstance(held, list) else [])]
    addresses += [a.ip for _, words in claims.values() for word in words if (a := parse_address(word))]
    source = reading.values.get("source_ip")
    if trusted and isinstance(source, str):
        extra |= _behind(source, claims, trusted)
    values = reading.values | {"claimed_ips": addresses or None}
    return Part(tuple(values.get(column) for column in columns), tuple(reading.flags), extra)


def _claim(key: str, raw: bytes) -> tuple[str, list[str]]:
    """A header as text, and its entries in order."""
    text = decode(raw).text
    words = _FORWARDED_FOR.findall(text) if key == "forwarded" else text.split(",")
    return text, [word.strip(" \"'") for word in words if word.isascii()]


def _behind(peer: str, claims: dict[str, tuple[str, list[str]]], trusted: Networks) -> dict[str, object]:
    chain = next((claims[key][1] for key in (*_CHAINS, *claims) if key in claims), [])
    ip, basis = client_behind(peer, chain, trusted)
    return {} if basis == "peer" else {"client_behind_proxies": ip, "client_basis": basis}


def _method(raw: bytes | None) -> Part:
    if absent(raw) or raw is None:
        return Part((None, None))
    method = decode(raw).text
    return Part((method, method.lower()))


def _version(raw: bytes | None) -> str | None:
    return None if absent(raw) else decode(raw or b"").text.removeprefix("HTTP/")


def _target(path: bytes | None, query: bytes | None, undo: Callable[[bytes], bytes]) -> Part:
    if absent(path) or path is None:
        return Part((None,))
    asked = b"" if absent(query) or query is None else query
    joined = path + (b"?" if asked and not asked.startswith(b"?") else b"") + asked
    text, lossy = decode(undo(joined))
    return Part((text,), ("lossy_text",) if lossy else ())


def _user(raw: bytes | None, undo: Callable[[bytes], bytes]) -> Part:
    if raw == b'""':
        return Part((None,), (), {"user_as_written": '""'})
    if absent(raw) or raw is None:
        return Part((None,))
    text, lossy = decode(undo(raw))
    return Part((text,), ("lossy_text",) if lossy else ())


def _visitor(raw: bytes | None) -> Part:
    """The cookie nginx's userid module gives each browser: made to be unique."""
    if absent(raw) or raw is None:
        return Part((None,))
    text = decode(raw).text
    return Part(([{"type": "cookie", "value": text.partition("=")[2] or text, "raw": text}],))


def _captured(raw: bytes | None, key: str, undo: Callable[[bytes], bytes]) -> Part:
    """HAProxy's captured headers, in the order of the configuration; empty ones stay empty."""
    if absent(raw) or raw is None:
        return Part(())
    words = [decode(undo(word)).text or None for word in raw.removeprefix(b"{").removesuffix(b"}").split(b"|")]
    return Part((), (), {key: words}) if any(words) else Part(())

