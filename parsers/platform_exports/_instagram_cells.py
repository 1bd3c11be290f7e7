"""Instagram export items as labelled cells, and what the cells mean.

Labels are written in the language of the account and as mis-encoded text, so a value speaks first through its shape
(address, user agent, time) and the label only where shapes cannot decide. A known label outranks the shape: an
account may be *named* like an address. Labels: German, French and Spanish forms are known by use, not documented.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.addresses import parse_address
from parsers.platform_exports._json_values import epoch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from parsers.kit.addresses import Address
    from parsers.kit.time import Moment

__all__ = ["Cell", "Meant", "cells_of", "read_cells"]

_LABELS: dict[str, tuple[str, ...]] = {
    "ip": ("ip address", "ip", "ip-adresse", "adresse ip", "dirección ip"),
    "user_agent": ("user agent", "user-agent", "agent utilisateur", "agente de usuario"),
    "cookie": ("cookie name", "cookie-name", "name des cookies", "nom du cookie", "nombre de la cookie"),
    "port": ("port", "puerto"),
    "device_id": ("device id", "geräte-id", "id de l'appareil", "identifiant de l'appareil", "id del dispositivo"),
    "session": ("session id", "sitzungs-id", "id de session", "id de sesión"),
    "username": ("username", "benutzername", "nom d'utilisateur", "nombre de usuario"),
    "email": ("email", "email address", "e-mail", "e-mail-adresse", "adresse e-mail", "correo electrónico"),
    "phone": ("phone number", "phone", "telefonnummer", "numéro de téléphone", "número de teléfono"),
    "name": ("name", "full name", "nom", "nombre"),
    "latitude": ("imprecise latitude", "latitude"),
    "longitude": ("imprecise longitude", "longitude"),
    "other": ("language code", "device", "bio", "website", "gender", "private account", "date of birth"),
}
_MEANINGS = {label: meaning for meaning, labels in _LABELS.items() for label in labels}
_USER_AGENT = re.compile(r"(?:Instagram|Mozilla|Barcelona|Dalvik|okhttp)[ /]\d")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@.]{2,63}")
_PHONE = re.compile(r"\+\d[\d ().-]{5,20}")
_MASKED = re.compile(r"\*{3,}\S{1,64}")


class Cell(NamedTuple):
    """One labelled value of an item; `at` is its time as written, 0 left out."""

    label: str
    value: object = None
    at: object = None
    href: str | None = None


class Meant(NamedTuple):
    """What an item's cells say. `named` maps meanings to text; `left` holds what no column takes."""

    address: Address | None
    moment: Moment | None
    named: Mapping[str, str]
    left: dict[str, object]
    flags: tuple[str, ...]


def cells_of(item: Mapping[str, object]) -> list[Cell] | None:
    """The cells of an item of either generation; None when it has none of the known shapes."""
    if isinstance(maps := item.get("string_map_data"), dict):
        return [_cell(label, body) for label, body in maps.items()]
    if isinstance(rows := item.get("string_list_data"), list):
        return [_cell("", body) for body in rows]
    if isinstance(rows := item.get("label_values"), list):
        return list(_labelled(rows, ""))
    return None


def _cell(label: str, body: object) -> Cell:
    if not isinstance(body, dict):
        return Cell(label, body)
    value, href = body.get("value"), body.get("href")
    return Cell(
        label,
        value if value not in ("", None) else None,
        body.get("timestamp", body.get("timestamp_value")) or None,
        href if isinstance(href, str) and href else None,
    )


def _labelled(rows: Iterable[object], outer: str) -> Iterator[Cell]:
    """Cells of the newer generation; nested groups carry the labels above them."""
    for row in rows:
        if not isinstance(row, dict):
            yield Cell(outer, row)
            continue
        own = str(row.get("label") or row.get("title") or "")
        label = " / ".join(part for part in (outer, own) if part)
        nested = row.get("dict", row.get("vec"))
        if isinstance(nested, list):
            yield from _labelled(nested, label)
        else:
            yield _cell(label, row)


def read_cells(cells: Iterable[Cell], *, addresses: bool) -> Meant:
    """Sort cells into columns.

    Args:
        cells: From `cells_of`.
        addresses: Whether the section records peer addresses, so that an unlabelled address counts as one.
    """
    named: dict[str, str] = {}
    left: dict[str, list[object]] = {}
    moment: Moment | None = None
    shaped: list[tuple[str, str]] = []
    for cell in cells:
        found = epoch(cell.at)
        if found and not moment:
            moment = found
        elif cell.at is not None:
            _keep(left, cell.label, cell.at)
        if cell.value is None:
            continue
        meaning = _meaning(cell, addresses=addresses)
        if meaning == "shaped_ip":
            shaped.append((cell.label, str(cell.value)))
        elif meaning and meaning not in named:
            named[meaning] = str(cell.value)
        else:
            _keep(left, cell.label, cell.value)
    return _with_address(named, left, moment, shaped)


def _with_address(
    named: dict[str, str], left: dict[str, list[object]], moment: Moment | None, shaped: list[tuple[str, str]]
) -> Meant:
    """Only one unlabelled address can be the peer; with several, none is."""
    flags: tuple[str, ...] = ()
    if "ip" not in named and len(shaped) == 1:
        named["ip"] = shaped.pop()[1]
    if shaped and "ip" not in named:
        flags = ("address_list",)
    for label, value in shaped:
        _keep(left, label, value)
    written = named.pop("ip", None)
    address = parse_address(written) if written else None
    if written and not address:
        left["ip_as_written"], flags = [written], (*flags, "invalid_address")
    if address and address.v4_mapped:
        flags = (*flags, "v4_mapped")
    kept = {label: values if len(values) > 1 else values[0] for label, values in left.items()}
    return Meant(address, moment, named, kept, flags)


def _meaning(cell: Cell, *, addresses: bool) -> str | None:
    """Which column a cell's value belongs to; None when none takes it."""
    if not isinstance(cell.value, str):
        return "port" if _word(cell.label) == "port" and isinstance(cell.value, int) else None
    meaning = _MEANINGS.get(_word(cell.label))
    if meaning is not None:
        return None if meaning == "other" else meaning
    if parse_address(cell.value):
        return "shaped_ip" if addresses else None
    shapes = {"user_agent": _USER_AGENT.match, "email": _EMAIL.fullmatch, "phone": _PHONE.fullmatch}
    shapes["cookie"] = _MASKED.fullmatch
    return next((name for name, matches in shapes.items() if matches(cell.value[:300])), None)


def _word(label: str) -> str:
    last = label.rpartition(" / ")[2]
    return " ".join(last.replace("\u2019", "'").casefold().rstrip(":").split())


def _keep(left: dict[str, list[object]], label: str, value: object) -> None:
    """Add under its label; a label may occur more than once, and none of its values is lost."""
    left.setdefault(label or "value", []).append(value)
