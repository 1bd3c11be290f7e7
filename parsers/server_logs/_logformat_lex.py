"""Log format strings as people paste them, cut into literal text and directives."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.server_logs._logformat_tables import (
    APACHE,
    APACHE_NAMED,
    HAPROXY,
    NGINX,
    NGINX_PREFIXES,
    Dialect,
    Directive,
    Escape,
    header,
    key_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FormatStringError", "Slot", "guess_dialect", "pieces_of"]

_DIALECT_NAMES = {"apache": "Apache LogFormat", "nginx": "nginx log_format", "haproxy": "HAProxy log-format"}
_KEYWORDS: tuple[tuple[Dialect, str], ...] = (("apache", "LogFormat"), ("haproxy", "log-format"))
_BACKSLASH = re.compile(r"\\(.)", re.DOTALL)
_CONFIG_ESCAPES = {"t": "\t", "n": "\n", "r": "\r"}
_APACHE = re.compile(r"%([!0-9,<>]*)(\{[^}]*\})?([!0-9,<>]*)(\^t[io]|[A-Za-z%])?")
_NGINX = re.compile(r"\$(?:\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))?")
_HAPROXY = re.compile(r"%(?:\([^)]*\))?(\{(?:,?[+-][A-Z])*\})?(?:\[((?:[^\[\]]|\[[^\]]*\])*)\]|([A-Za-z]+)|(%))?")
_NGINX_PART = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(;)|([^\s'";]+))""", re.DOTALL)
_STRFTIME_WORDS = {
    "sec": "epoch_s",
    "msec": "epoch_int_ms",
    "usec": "epoch_int_us",
    "msec_frac": "millis",
    "usec_frac": "micros",
}


class FormatStringError(ValueError):
    """A log format string that cannot be understood, with the reason for a person to act on."""


class Slot(NamedTuple):
    """One directive at its place: name as written, what it writes, how its text is escaped, whether in quotes."""

    name: str
    directive: Directive
    escape: Escape
    quoted: bool = False


Piece = str | Slot


def pieces_of(text: str, dialect: Dialect) -> tuple[Piece, ...]:
    """Literal texts and directives of a format string, or of the whole configuration line that holds it.

    Raises:
        FormatStringError: a directive is unknown, with the nearest known one.
    """
    cut = {"apache": _apache, "nginx": _nginx, "haproxy": _haproxy}[dialect]
    joined: list[Piece] = []
    for piece in cut(text.strip().replace("\\\n", " ")):
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        elif piece:
            joined.append(piece)
    return tuple(joined)


def guess_dialect(text: str) -> Dialect:
    """The server whose language a format string is written in.

    Raises:
        FormatStringError: it fits more than one, or none.
    """
    if re.match(r"\s*log_format\s", text) or re.search(r"\$\{?[a-z]", text):
        return "nginx"
    fitting: list[Dialect] = []
    faults: dict[Dialect, str] = {}
    for dialect in ("apache", "haproxy"):
        try:
            if any(isinstance(piece, Slot) for piece in pieces_of(text, dialect)):
                fitting.append(dialect)
        except FormatStringError as fault:
            faults[dialect] = str(fault)
    stated = [d for d, word in _KEYWORDS if re.match(rf"\s*{word}\s", text)]
    if len(stated or fitting) == 1:
        return (stated or fitting)[0]
    if fitting:
        raise FormatStringError("the format fits both Apache and HAProxy; say which with the option dialect")
    if not faults:
        raise FormatStringError("the format holds no directive of Apache (%h), nginx ($remote_addr) or HAProxy (%ci)")
    names = re.findall(r"%(?:\{[^}]*\})?([a-zA-Z]{2,})", text)
    raise FormatStringError(faults["haproxy" if any(name in HAPROXY for name in names) else "apache"])


def _unknown(name: str, dialect: Dialect, known: set[str]) -> FormatStringError:
    same_letters = sorted(k for k in known if k.lower() == name.lower())
    nearest = same_letters or difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.3)
    hint = f"; the nearest known one is {nearest[0]}" if nearest else ""
    return FormatStringError(f"{name} is no directive of {_DIALECT_NAMES[dialect]} known here{hint}")


def _unescape(text: str) -> str:
    """Backslashes of a configuration file. Unknown ones stand for the character behind them."""
    return _BACKSLASH.sub(lambda m: _CONFIG_ESCAPES.get(m[1], m[1]), text)


def _apache(text: str) -> Iterator[Piece]:
    line = re.fullmatch(r'(?:LogFormat\s+)?"((?:[^"\\]|\\.)*)"(?:\s+\S+)?', text, re.DOTALL)
    text = _unescape(line[1] if line else text.removeprefix("LogFormat "))
    at = 0
    for match in _APACHE.finditer(text):
        yield text[at : match.start()]
        at = match.end()
        yield "%" if match[0] == "%%" else _apache_slot(match[0], match[1] + match[3], match[2] or "", match[4])
    yield text[at:]


def _apache_slot(written: str, modifiers: str, argument: str, letter: str | None) -> Slot:
    sign = re.sub(r"[!0-9,]", "", modifiers)
    name = f"%{sign}{argument}{letter or ''}"
    inner = argument[1:-1]
    found = APACHE_NAMED.get(argument + (letter or "")) or _apache_families(inner, letter) if argument else None
    if not argument:
        found = APACHE.get(sign + (letter or "")) or APACHE.get(letter or "")
    if found is None:
        known = {f"%{key}" for key in (*APACHE, *APACHE_NAMED)} | {"%{HEADER}i", "%{HEADER}o", "%{NAME}C", "%{TIME}t"}
        raise _unknown(written if letter is None else name, "apache", known)
    return Slot(name, found, "apache")


def _apache_families(inner: str, letter: str | None) -> Directive | None:
    if letter == "i":
        return header(inner)
    if letter == "t":
        clock = inner.removeprefix("begin:").removeprefix("end:")
        return Directive("time", _STRFTIME_WORDS.get(clock) or f"strftime:{clock}", "time")
    families = {"o": "response_header", "e": "env", "n": "note", "C": "cookie", "x": "ssl", "^ti": "request_trailer"}
    families["^to"] = "response_trailer"
    family = families.get(letter or "")
    return Directive(None, "text", f"{family}_{key_of(inner)}") if family else None


def _nginx(text: str) -> Iterator[Piece]:
    text, escape = _nginx_text(text)
    at = 0
    for match in _NGINX.finditer(text):
        yield text[at : match.start()]
        at = match.end()
        name = match[1] or match[2] or ""
        found = _nginx_variable(name)
        if found is None:
            raise _unknown(f"${name}", "nginx", {f"${key}" for key in NGINX} | {"$http_NAME", "$cookie_NAME"})
        yield Slot(f"${name}", found, escape)
    yield text[at:]


def _nginx_text(text: str) -> tuple[str, Escape]:
    """The format inside ``log_format name [escape=...] '...' '...';``, and how its values are escaped."""
    stated: Escape | None = None
    whole = text.startswith("log_format")
    if whole:
        text = re.sub(r"^log_format\s+\S+", "", text).strip()
    if match := re.match(r"escape=(default|json|none)\b\s*", text):
        stated = {"default": "nginx", "json": "json", "none": "none"}[match[1]]  # type: ignore[assignment]
        text = text[match.end() :]
    if whole or text.startswith("'") or re.fullmatch(r'"(?:[^"\\]|\\.)*"', text, re.DOTALL):
        text = _pasted(text)
    return text, stated or ("json" if text.startswith("{") else "nginx")


def _pasted(text: str) -> str:
    """Quoted strings that stand one behind the other, as the server joins them."""
    parts, at = [], 0
    while match := _NGINX_PART.match(text, at):
        at = match.end()
        if match[3]:
            break
        parts.append(_unescape(next((g for g in (match[1], match[2], match[4]) if g is not None), "")))
    return "".join(parts)


def _nginx_variable(name: str) -> Directive | None:
    if name in NGINX:
        return NGINX[name]
    if name.startswith("http_"):
        return header(name[5:])
    family = next((prefix for prefix in NGINX_PREFIXES if name.startswith(prefix) and name != prefix), None)
    return Directive(None, "text", key_of(name)) if family else None


def _haproxy(text: str) -> Iterator[Piece]:
    text = re.sub(r"^log-format(?:-sd)?\s+", "", text)
    line = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', text, re.DOTALL)
    text = _unescape(line[1] if line else text)
    at, flags = 0, set[str]()
    for match in _HAPROXY.finditer(text):
        yield text[at : match.start()]
        at = match.end()
        own = _flags(match[1], flags)
        if match[3] == "o":
            flags, at = own, at + (text[at : at + 1] == " ")  # a switch for all that follows; it writes nothing
        else:
            yield "%" if match[4] else _haproxy_slot(match, own)
    yield text[at:]


def _flags(written: str | None, before: set[str]) -> set[str]:
    flags = set(before)
    for sign, letter in re.findall(r"([+-])([A-Z])", written or ""):
        (flags.add if sign == "+" else flags.discard)(letter)
    return flags


def _haproxy_slot(match: re.Match[str], flags: set[str]) -> Slot:
    name = match[2] if match[2] is not None else match[3] or ""
    found = HAPROXY.get(name) if match[2] is None else Directive(None, "text", "sample_" + key_of(name))
    if found is None:
        raise _unknown(f"%{name}", "haproxy", {f"%{key}" for key in HAPROXY})
    if "X" in flags:
        found = Directive(None, "token", found.key + "_hex")
    quoted = "Q" in flags and found.shape in {"text", "token", "request", "path", "query", "target", "captured"}
    written = match[0] if match[2] is not None else f"%{name}"
    return Slot(written, found, "apache" if "E" in flags else "haproxy", quoted)
