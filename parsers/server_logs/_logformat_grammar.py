"""Compiles a log format string into one regular expression and a table of what its groups are."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from parsers.server_logs import _logformat_shapes as shapes
from parsers.server_logs._logformat_lex import FormatStringError, Slot, guess_dialect, pieces_of
from parsers.server_logs._logformat_strftime import strftime_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parsers.server_logs._logformat_tables import Dialect, Escape

__all__ = ["LineGrammar", "compile_format", "unescape"]

Piece = str | Slot
_APACHE_ESCAPE = re.compile(rb'\\(?:x([0-9A-Fa-f]{2})|([nrtbfv"\\]))')
_NGINX_ESCAPE = re.compile(rb"\\x([0-9A-Fa-f]{2})()")
_HAPROXY_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})()")
_JSON_ESCAPE = re.compile(r'\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[nrtbf"\\/])')
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"v": b"\v", b'"': b'"', b"\\": b"\\"}
_ESCAPES = {
    "apache": (b"\\", _APACHE_ESCAPE),
    "nginx": (b"\\", _NGINX_ESCAPE),
    "haproxy": (b"#", _HAPROXY_ESCAPE),
}


def unescape(raw: bytes, escape: Escape) -> bytes:
    r"""What the client sent, from what the server wrote: ``\x22``, ``\"``, ``#22`` and JSON escapes are undone."""
    if escape == "json":
        return _unescape_json(raw) if b"\\" in raw else raw
    if escape == "none" or (rule := _ESCAPES[escape])[0] not in raw:
        return raw
    return rule[1].sub(lambda m: bytes.fromhex(m[1].decode()) if m[1] else _LETTERS[m[2]], raw)


def _unescape_json(raw: bytes) -> bytes:
    text = raw.decode("utf-8", "surrogateescape")
    text = _JSON_ESCAPE.sub(lambda m: json.loads(f'"{m[0].replace("x", "u00", 1)}"'), text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class LineGrammar:
    """A compiled log format.

    Attributes:
        dialect: The server whose language the format is written in.
        regex: Matches a whole line without its end; one group per slot.
        slots: What the groups are, in their order.
        heads: Expressions for the beginning of a line that does not fit: each group of them is certain.
        open_end: The line ends in a field that nothing closes.
    """

    dialect: Dialect
    regex: re.Pattern[bytes]
    slots: tuple[Slot, ...]
    heads: tuple[re.Pattern[bytes], ...]
    open_end: bool

    def values(self, raw: bytes) -> Mapping[str, str | None] | None:
        """Directive -> value as the client or server had it, absent ones None; None when the line does not fit."""
        match = self.regex.fullmatch(raw)
        if not match:
            return None
        pairs = zip(self.slots, match.groups(), strict=True)
        return {slot.name: _value(group, slot.escape) for slot, group in pairs}


def _value(group: bytes | None, escape: Escape) -> str | None:
    if group is None or group in {b"-", b""}:
        return None
    return unescape(group, escape).decode("utf-8", "backslashreplace")


@lru_cache(maxsize=32)
def compile_format(text: str, dialect: Dialect | None = None) -> LineGrammar:
    """Compile a server's own log format string, or the configuration line that holds it.

    Args:
        text: ``%h %l %u ...``, ``$remote_addr ...``, ``%ci:%cp ...``, or the whole ``LogFormat``, ``log_format`` or
            ``log-format`` line.
        dialect: The server's language; guessed when None.

    Raises:
        FormatStringError: a directive is unknown, two stand side by side so that nobody can tell where one ends,
            or the string fits the languages of two servers.
    """
    chosen = dialect or guess_dialect(text)
    if chosen not in {"apache", "nginx", "haproxy"}:
        raise FormatStringError(f"{chosen} is no dialect; apache, nginx and haproxy are")
    pieces = _with_optional_captures(pieces_of(text, chosen))
    slots = tuple(piece for piece in pieces if isinstance(piece, Slot))
    if not slots:
        raise FormatStringError("the format holds no directive")
    if any("\n" in piece for piece in pieces if isinstance(piece, str)):
        raise FormatStringError("the format writes more than one line per record; such logs cannot be cut at lines")
    parts = _Parts(pieces).patterns()
    regex = _compile("".join(parts))
    if regex.fullmatch(b"") or regex.fullmatch(b" "):
        raise FormatStringError("the format fits blank lines; it needs text that is always there")
    open_end = isinstance(pieces[-1], Slot) and not pieces[-1].quoted and pieces[-1].directive.shape != "clf"
    return LineGrammar(chosen, regex, slots, _heads(pieces, parts), open_end)


def _compile(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode("utf-8"), re.DOTALL)


def _with_optional_captures(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """HAProxy drops the blank behind captured headers when there are none; the blank becomes part of the slot."""
    out = list(pieces)
    for at, (slot, after) in enumerate(pairwise(pieces)):
        captured = isinstance(slot, Slot) and slot.directive.shape == "captured" and not slot.quoted
        if captured and isinstance(slot, Slot) and isinstance(after, str) and after.startswith(" "):
            out[at] = slot._replace(directive=slot.directive._replace(shape="captured_blank"))
            out[at + 1] = after[1:]
    return tuple(piece for piece in out if piece)


class _Parts:
    """The expression of every piece, given its neighbours and the stretch between quotation marks it stands in."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.quotes = any(isinstance(p, str) and '"' in p for p in pieces)
        marks, regions = 0, []
        for piece in pieces:
            regions.append(marks)
            marks += piece.count('"') if isinstance(piece, str) else 0
        self.regions = [0 if region % 2 == 0 else region for region in regions]  # all text outside is one stretch
        free = [r for p, r in zip(pieces, self.regions, strict=True) if _is_free(p)]
        self.lone = {region for region in free if free.count(region) == 1}

    def patterns(self) -> list[str]:
        """One expression per piece."""
        return [re.escape(p) if isinstance(p, str) else self._slot(at, p) for at, p in enumerate(self.pieces)]

    def _slot(self, at: int, slot: Slot) -> str:
        shape, stop = slot.directive.shape, self._stop(at)
        if slot.quoted:
            return f'(?:"({shapes.sole(slot.escape)})"|-)'
        if shape == "captured_blank":
            return f"(?:({shapes.fixed('captured')}) )?"
        pattern = strftime_pattern(shape[9:]) if shape.startswith("strftime:") else shapes.fixed(shape)
        if pattern is not None:
            absent = slot.escape in {"json", "none"} and slot.directive.role != "time"
            return f"({pattern}{'|' if absent else ''})"
        return f"({self._variable(at, slot, stop)})"

    def _variable(self, at: int, slot: Slot, stop: str) -> str:
        shape, inside = slot.directive.shape, self.regions[at] > 0
        if self._fills_quotes(at):
            return shapes.sole(slot.escape)
        if shape == "host":
            ban = re.escape('" ,' + ("" if stop == ":" else stop))
            more = "" if stop == "," else rf"(?:, [^{ban}]{{1,255}})*+"
            return rf"[^{ban}]{{1,255}}{more}"
        if shape == "request":
            word = shapes.free(slot.escape, " " + stop, quotes=True, empty=False)
            return rf"{word} {word} HTTP/[0-9.]{{1,5}}|<BADREQ>|-"
        if _is_free(slot) and self.regions[at] in self.lone:
            ends = stop if stop == "?" else ""
            return _or_empty_name(slot, shapes.greedy(slot.escape, ends, inside=inside, quotes=self.quotes))
        stops = stop or self._all_stops(self.regions[at])
        may_be_empty = inside or slot.escape in {"nginx", "json", "none"} or slot.directive.shape == "query"
        return self._worded(slot, stops, empty=may_be_empty)

    def _worded(self, slot: Slot, stops: str, *, empty: bool) -> str:
        stops = stops + " " if not _is_free(slot) and " " not in stops else stops
        text = shapes.free(slot.escape, stops, quotes=self.quotes, empty=empty)
        if slot.directive.shape == "query":
            return rf"(?:\?{text})?"
        if slot.directive.role in {"vhost", "host_header"} and ":" in stops:
            return rf"\[[0-9A-Fa-f:.]{{2,45}}\]|{text}"
        return _or_empty_name(slot, text)

    def _stop(self, at: int) -> str:
        """First character of what follows; empty at the end of the line."""
        after = self.pieces[at + 1] if at + 1 < len(self.pieces) else None
        if after is None:
            return ""
        if isinstance(after, str):
            return after[0]
        first = shapes.FIRST.get(after.directive.shape)
        own = self.pieces[at]
        if isinstance(own, Slot) and own.directive.shape in {"question", "captured_blank"}:
            return "\0"
        if first is None:
            name = own.name if isinstance(own, Slot) else own
            raise FormatStringError(
                f"{name} and {after.name} stand side by side with nothing between them; "
                "where one ends and the other begins cannot be told"
            )
        return first

    def _fills_quotes(self, at: int) -> bool:
        around = (self.pieces[at - 1] if at else "", self.pieces[at + 1] if at + 1 < len(self.pieces) else "")
        before, after = (p if isinstance(p, str) else "" for p in around)
        return self.regions[at] > 0 and before.endswith('"') and after.startswith('"')

    def _all_stops(self, region: int) -> str:
        slots = (at for at, p in enumerate(self.pieces) if isinstance(p, Slot) and self.regions[at] == region)
        return "".join(sorted({self._stop(at) for at in slots} - {"\0", '"'}))


def _or_empty_name(slot: Slot, pattern: str) -> str:
    """Apache writes an empty user name as two quotation marks."""
    return f'""|{pattern}' if slot.directive.role == "user" and slot.escape == "apache" else pattern


def _is_free(piece: Piece) -> bool:
    return isinstance(piece, Slot) and piece.directive.shape in shapes.FREE and not piece.quoted


def _heads(pieces: Sequence[Piece], parts: Sequence[str]) -> tuple[re.Pattern[bytes], ...]:
    """Two ways to trust a beginning: all before the first quotation mark, or all that only the server writes."""
    heads = []
    if isinstance(pieces[0], Slot) and any(isinstance(p, str) and '"' in p for p in pieces):
        first = next(at for at, p in enumerate(pieces) if isinstance(p, str) and '"' in p)
        heads.append("".join(parts[:first]) + re.escape(str(pieces[first]).partition('"')[0]) + '(?=")')
    count = next((at for at, p in enumerate(pieces) if isinstance(p, Slot) and not _is_servers(p)), len(pieces))
    if any(isinstance(p, Slot) for p in pieces[:count]) and isinstance(pieces[count - 1], str):
        heads.append("".join(parts[:count]))
    return tuple(_compile(head) for head in heads)


def _is_servers(slot: Slot) -> bool:
    shape = slot.directive.shape
    return shape in shapes.SERVER_WRITTEN or shape.startswith("strftime:")
