"""What the fields of a return's row say, as event columns: one small reader per meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.kit.addresses import parse_address
from parsers.kit.time import parse_iso
from parsers.platform_exports._return_refs import Ref, phone_number, read_ref

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parsers.platform_exports._return_rows import Cell, Row
    from parsers.platform_exports._return_spec import Spec

__all__ = ["MEANINGS", "Draft", "draft_of", "shape_of"]

_MOST_NAMES = 1000
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?: ?(?:UTC|Z|[+-]\d{2}:?\d{2}))?", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]{1,190}")
_PHONE = re.compile(r"\+?\d[\d ().-]{5,24}", re.ASCII)
_NO = {"", "false", "no", "off", "0"}
_EDITED = "(edited)"


@dataclass(slots=True)
class Draft:
    """Columns of a row as they come together."""

    spec: Spec
    platform: str | None
    values: dict[str, object] = field(default_factory=dict)
    extra: dict[str, object] = field(default_factory=dict)
    identifiers: list[dict[str, str]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    people: dict[str, tuple[Ref, ...]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    text: str | None = None

    def keep(self, key: str, value: object) -> None:
        """Add to `extra`; what comes twice becomes a list."""
        if key in self.extra:
            before = self.extra[key]
            value = [*before, value] if isinstance(before, list) else [before, value]
        self.extra[key] = value

    def identify(self, kind: str, value: str, raw: str) -> None:
        """Tie an identifier to the account."""
        self.identifiers.append({"type": kind, "value": value, "raw": raw})


def shape_of(value: str) -> str | None:
    """What a value is by its shape alone, with a question mark; None when it has none."""
    if parse_address(value):
        return "ip?"
    return "time?" if _TIME.fullmatch(value) else None


def draft_of(row: Row, spec: Spec, platform: str | None) -> Draft:
    """Read every field of a row. A value the file is cut in is kept as text only."""
    draft = Draft(spec, platform)
    for cell in row.cells:
        leaf = cell.leaf
        if any(part.lossy for part in leaf.parts):
            draft.flags.add("lossy_text")
        draft.names.extend(_media(leaf.links))
        if leaf.state == "cut":
            draft.keep(cell.key, leaf.value)
        elif leaf.parts:
            MEANINGS.get(_settled(cell, row, draft), _keep)(draft, cell)
    if row.state:
        draft.flags.add("truncated")
    if row.joined:
        draft.flags.add("joined_at_page_break")
    return draft


def _settled(cell: Cell, row: Row, draft: Draft) -> str:
    """A meaning known by shape counts when no label states it and no other value has the shape."""
    meaning = cell.meaning or "keep"
    if not meaning.endswith("?"):
        return meaning
    known = [c.meaning for c in row.cells if c.meaning]
    if meaning[:-1] in known:
        return "keep"
    if known.count(meaning) > 1:
        draft.flags |= {"peer_ambiguous"} if meaning == "ip?" else set()
        return "keep"
    return meaning[:-1]


def _media(links: Sequence[str]) -> list[str]:
    """Names of files delivered with the return; links elsewhere are not among them."""
    return [link.rpartition("/")[2] for link in links if not re.match(r"[a-z]{1,12}:|#|//", link) and link[-1:] != "/"]


def _keep(draft: Draft, cell: Cell) -> None:
    draft.keep(cell.key, cell.leaf.value)


def _ip(draft: Draft, cell: Cell) -> None:
    address = parse_address(cell.leaf.value)
    if address is None or "source_ip" in draft.values:
        several = len(cell.leaf.parts) > 1 or "source_ip" in draft.values
        draft.flags.add("address_list" if several else "invalid_address")
        draft.keep(cell.key, cell.leaf.value)
        return
    draft.values["source_ip"] = address.ip
    if address.port is not None:
        draft.values["source_port"] = address.port
    if address.v4_mapped:
        draft.flags.add("v4_mapped")
    if address.zone:
        draft.keep(f"{cell.key} zone", address.zone)


def _port(draft: Draft, cell: Cell) -> None:
    text = cell.leaf.value
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0
    if 0 < number <= 65535 and "source_port" not in draft.values:
        draft.values["source_port"] = number
    else:
        draft.keep(cell.key, text)


def _time(draft: Draft, cell: Cell) -> None:
    written = cell.leaf.value
    if "timestamp_raw" in draft.values:
        draft.keep(cell.key, written)
        return
    if written.endswith(_EDITED):
        draft.flags.add("edited")
    moment = parse_iso(written.removesuffix(_EDITED))
    draft.values |= moment._replace(raw=written).columns(draft.spec.desc)
    draft.flags.update(moment.flags)


def _text(draft: Draft, cell: Cell) -> None:
    if draft.text is not None:
        _keep(draft, cell)
        return
    draft.text = cell.leaf.value
    if draft.text.endswith(_EDITED):
        draft.flags.add("edited")


def _action(draft: Draft, cell: Cell) -> None:
    draft.values["event_action"] = "_".join(cell.leaf.value.casefold().split())[:64]
    if draft.values["event_action"] != cell.leaf.value:
        draft.keep(cell.key, cell.leaf.value)


def _emails(draft: Draft, cell: Cell) -> None:
    for line in cell.leaf.parts:
        found = _EMAIL.match(line.text)
        if found:
            draft.identify("email", found[0].lower(), line.text)
        else:
            draft.keep(cell.key, line.text)


def _phones(draft: Draft, cell: Cell) -> None:
    """``+353... Cell Verified on 2020-01-01 10:00:00 UTC``: the number; all of it stays in `raw`."""
    for line in cell.leaf.parts:
        found = _PHONE.match(line.text)
        number = phone_number(found[0]) if found else None
        if number:
            draft.identify("phone", number, line.text)
        else:
            draft.keep(cell.key, line.text)


def _usernames(draft: Draft, cell: Cell) -> None:
    for line in cell.leaf.parts:
        draft.identify("username", line.text, line.text)


def _display(draft: Draft, cell: Cell) -> None:
    before = draft.values.get("account_display_name")
    draft.values["account_display_name"] = f"{before} {cell.leaf.value}" if before else cell.leaf.value


def _device(draft: Draft, cell: Cell) -> None:
    draft.values["device_id"] = cell.leaf.value
    draft.identify("device_id", cell.leaf.value, cell.leaf.value)


def _people(role: str) -> Callable[[Draft, Cell], None]:
    def read(draft: Draft, cell: Cell) -> None:
        lines = [part.text for part in cell.leaf.parts]
        if draft.platform == "whatsapp":
            lines = [name.strip() for line in lines for name in line.split(",") if name.strip()]
        refs = [read_ref(line, draft.platform) for line in lines if not _TIME.fullmatch(line)]
        draft.people[role] = (*draft.people.get(role, ()), *refs)
        if len(draft.people[role]) > _MOST_NAMES:
            draft.keep(f"{role} count", len(draft.people[role]))

    return read


def _files(draft: Draft, cell: Cell) -> None:
    linked = set(draft.names)
    draft.names.extend(n for p in cell.leaf.parts if (n := p.text.rpartition("/")[2] or p.text) not in linked)


def _deleted(draft: Draft, cell: Cell) -> None:
    if cell.leaf.value.casefold() not in _NO:
        draft.values["deleted_flag"] = True
    draft.keep(cell.key, cell.leaf.value)


def _number(name: str) -> Callable[[Draft, Cell], None]:
    def read(draft: Draft, cell: Cell) -> None:
        text = cell.leaf.value
        draft.keep(name if re.fullmatch(r"-?\d{1,10}(?:\.\d{1,20})?", text, re.ASCII) else cell.key, _float(text))

    return read


def _float(text: str) -> object:
    return float(text) if re.fullmatch(r"-?\d{1,10}(?:\.\d{1,20})?", text, re.ASCII) else text


def _column(name: str) -> Callable[[Draft, Cell], None]:
    def read(draft: Draft, cell: Cell) -> None:
        if name in draft.values:
            _keep(draft, cell)
        else:
            draft.values[name] = cell.leaf.value

    return read


def _thread(draft: Draft, cell: Cell) -> None:
    """``(1234567890)``: the brackets are the page's."""
    inner = cell.leaf.value.strip()
    bracketed = inner.startswith("(") and inner.endswith(")")
    draft.values["thread_id"] = inner[1:-1].strip() if bracketed else inner


MEANINGS: dict[str, Callable[[Draft, Cell], None]] = {
    "keep": _keep,
    "part": _keep,
    "ip": _ip,
    "port": _port,
    "time": _time,
    "text": _text,
    "action": _action,
    "email": _emails,
    "phone": _phones,
    "username": _usernames,
    "display": _display,
    "login": _column("account_login"),
    "device_id": _device,
    "device_type": _column("device_id_type"),
    "user_agent": _column("user_agent_original"),
    "message_id": _column("message_id"),
    "message_type": _column("message_type"),
    "thread_id": _thread,
    "call_id": _column("thread_id"),
    "sender": _people("sender"),
    "recipients": _people("recipients"),
    "members": _people("members"),
    "former": _people("former"),
    "linked": _people("linked"),
    "media": _files,
    "deleted": _deleted,
    "latitude": _number("latitude"),
    "longitude": _number("longitude"),
    "accuracy": _number("accuracy_m"),
}
"""Meaning (see `Spec.fields`) -> its reader."""
