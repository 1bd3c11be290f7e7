"""Tables of Google's returns and exports, whether written as CSV or as HTML: which titles exist, what cells say.

Titles are compared without case, blanks and punctuation, since their spelling varies (``Proxied Host`` and
``Proxiedhost``). A row speaks through its own table's titles, never through positions known beforehand.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from parsers.kit.addresses import parse_address
from parsers.kit.time import Moment, parse_iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "MISFIT",
    "TABLES",
    "Header",
    "Table",
    "flags_of",
    "has_shape",
    "header_of",
    "misfits",
    "plain",
    "read_row",
    "repeats",
    "title_key",
]

_EMAIL = re.compile(r"[^\s@,;]{1,64}@[^\s@,;]{1,190}\.[^\s@.,;]{2,63}")
_ACTS = MappingProxyType({"login": "authentication", "logout": "logout"})
_MOST_NAMED = 8
MISFIT = "neither the time nor the address can be read where the header says they stand"


class Table(NamedTuple):
    """One kind of table: what its rows are, which titles make it known, and what each title's cell means."""

    event_type: str
    action: str | None
    desc: str
    required: frozenset[str]
    columns: Mapping[str, str]


class Header(NamedTuple):
    """A header row as understood: its table, the titles as written, their meanings (None: unknown)."""

    table: Table
    titles: tuple[str, ...]
    meanings: tuple[str | None, ...]

    @property
    def drift(self) -> str | None:
        """A sentence on titles nobody declared or that come again; None when there are none."""
        odd = [t for t, m in zip(self.titles, self.meanings, strict=True) if m is None]
        named = ", ".join(f"{title[:60]!a}" for title in odd[:_MOST_NAMED])
        return f"{len(odd)} columns are not known; their cells are kept as written: {named}" if odd else None


def title_key(title: str) -> str:
    """A title without case, blanks and punctuation."""
    return "".join(c for c in title.casefold() if c.isalnum())


def _table(event_type: str, action: str | None, desc: str, required: str, /, **columns: str) -> Table:
    """Declare a table: meaning -> its titles, separated by bars."""
    by_title = {title_key(t): meaning for meaning, titles in columns.items() for t in titles.split("|")}
    return Table(event_type, action, desc, frozenset(title_key(t) for t in required.split("|")), by_title)


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        "access_log": _table(
            "activity",
            None,
            "Activity Time",
            "Activity Timestamp|IP Address|Product Name",
            account_id="Gaia ID",
            time="Activity Timestamp",
            ip="IP Address",
            proxied="Proxied Host IP Address",
            ua="User Agent String",
            act="Activity Type",
            extra="Is Non-routable IP Address|Activity Country|Activity Region|Activity City|Product Name"
            "|Sub-Product Name|Referer Product Name|Referer Sub-Product Name"
            "|Gmail Access Channel|Android Webview Package Name",
        ),
        "ip_activity": _table(
            "activity",
            None,
            "Activity Time",
            "Timestamp|IP Address|Activity Type",
            time="Timestamp",
            ip="IP Address",
            act="Activity Type",
            android_id="Android ID",
            idfv="Apple iOS IDFV",
            ua="Raw User Agents|Raw User Agent",
        ),
        "change_history": _table(
            "account_change",
            None,
            "Change Time",
            "Timestamp|Change Type|Old Value|New Value",
            time="Timestamp",
            ip="IP|IP Address",
            action="Change Type",
            old="Old Value",
            new="New Value",
        ),
        "devices": _table(
            "account_profile",
            "device",
            "Last Activity Time",
            "Gaia ID|Device Type",
            account_id="Gaia ID",
            time="Last Activity Time|Last Activity|Device Last Activity Time",
            extra="Device Type|Brand|Brand Name|Marketing Name|Model|Device Model|OS|OS Version|User Given Name|Country"
            "|Device Last Location|First Activity Time|First Activity|Device First Activity Time",
        ),
        "play_devices": _table(
            "account_profile",
            "device",
            "Recorded Time",
            "Android Id|Device IP Country",
            android_id="Android Id",
            extra="Device IP Country|Carrier Name|Device Name|Manufacturer|Model Name|Retail Brand",
        ),
        "linked": _table(
            "provider_link",
            "linked",
            "Link Time",
            "Linked Gaia ID",
            account_id="Gaia ID|Target Gaia ID",
            login="Email|Target Email",
            target_id="Linked Gaia ID",
            target_login="Linked Email|Linked Account",
            cookie="Cookie|Cookie ID",
            phone="Phone|Phone Number",
            email="Secondary Email",
            time="Timestamp|Link Time",
        ),
    }
)


def header_of(cells: Sequence[str], names: Iterable[str]) -> Header | None:
    """The header these cells are, of one of the named tables; None when they are none of them."""
    keys = [title_key(cell) for cell in cells]
    for name in names:
        table = TABLES[name]
        if table.required <= set(keys):
            first = [key not in keys[:at] for at, key in enumerate(keys)]
            meanings = [table.columns.get(key) if new else None for key, new in zip(keys, first, strict=True)]
            return Header(table, tuple(cells), tuple(meanings))
    return None


def repeats(header: Header, cells: Sequence[str]) -> bool:
    """Whether a row is the header written again (a later part of the same export)."""
    return tuple(cells) == header.titles


def plain(kind: str, raw: str) -> str:
    """An identifier in the form it is compared in: international numbers as ``+`` and digits."""
    digits = "".join(c for c in raw if c in "0123456789")
    is_number = kind.endswith("phone") and raw.strip().startswith("+") and 7 <= len(digits) <= 15
    return "+" + digits if is_number else raw.strip()


class _Cells:
    """The cells of one row by meaning, and what is kept as written."""

    def __init__(self, header: Header, cells: Sequence[str]) -> None:
        self.named: dict[str, str] = {}
        self.title_of: dict[str, str] = {}
        self.extra: dict[str, object] = {}
        self.flags: set[str] = set()
        for title, meaning, cell in zip(header.titles, header.meanings, cells, strict=True):
            value = cell.strip()
            if not value:
                continue
            if meaning in {None, "extra"} or meaning in self.named:
                self.keep(title, cell)
            elif meaning is not None:
                self.named[meaning], self.title_of[meaning] = value, title

    def keep(self, title: str, value: str) -> None:
        """Keep a cell under its title, or a longer one when the title comes again."""
        name = title.strip() or "(no title)"
        while name in self.extra:
            name += " (2)"
        self.extra[name] = value

    def address(self, meaning: str) -> tuple[str | None, int | None]:
        """Canonical address and port of a cell; what is no address is kept as written."""
        written = self.named.get(meaning)
        found = parse_address(written) if written else None
        if written and found is None:
            self.keep(self.title_of[meaning], written)
            self.flags.add("invalid_address")
        if found is None:
            return None, None
        if found.v4_mapped:
            self.flags.add("v4_mapped")
        return found.ip, found.port


def read_row(header: Header, cells: Sequence[str], zone_name: str | None) -> tuple[str, dict[str, object]]:
    """Event type and columns of one row, which has as many cells as the header."""
    row = _Cells(header, cells)
    named, table = row.named, header.table
    moment: Moment | None = parse_iso(named["time"], zone_name) if "time" in named else None
    ip, port = row.address("ip")
    proxied, _ = row.address("proxied")
    values: dict[str, object] = {
        **(moment.columns(table.desc) if moment else {}),
        "account_platform": "google",
        "event_action": named.get("act") or named.get("action") or table.action,
        "source_ip": ip,
        "source_port": port,
        "claimed_ips": [proxied] if proxied else None,
        "user_agent_original": named.get("ua"),
        "account_id": named.get("account_id"),
        "account_login": named.get("login"),
        "target_account_id": named.get("target_id"),
        "target_account_login": named.get("target_login"),
        **_device(named),
        "identifiers": _identifiers(named) or None,
    }
    row.extra.update({f"{side}_value": named[side] for side in ("old", "new") if side in named})
    row.flags.update(moment.flags if moment else ())
    values |= {"extra": row.extra or None, "parse_flags": sorted(row.flags) or None}
    return _ACTS.get(title_key(named.get("act", "")), table.event_type), values


def misfits(values: Mapping[str, object]) -> bool:
    """Whether neither the time nor the address is one: the row then belongs to another header."""
    own = values.get("parse_flags")
    bad_address = isinstance(own, list) and "invalid_address" in own
    return bad_address and values.get("timestamp") is None


def _device(named: Mapping[str, str]) -> dict[str, object]:
    kind = next((k for k in ("android_id", "idfv") if k in named), None)
    return {"device_id": named[kind], "device_id_type": kind} if kind else {}


def _identifiers(named: Mapping[str, str]) -> list[dict[str, str]]:
    pairs = [("device_id", named.get("android_id")), ("device_id", named.get("idfv")), ("cookie", named.get("cookie"))]
    pairs += [("phone", named.get("phone")), ("email", named.get("email"))]
    pairs += [(kind, named.get(side)) for side in ("old", "new") for kind in _changed(named.get("action", ""))]
    return [
        {"type": kind, "value": plain(kind, raw), "raw": raw} for kind, raw in pairs if raw and has_shape(kind, raw)
    ]


def _changed(change_type: str) -> tuple[str, ...]:
    """Identifier types whose old and new value a change names."""
    words = title_key(change_type)
    if "recovery" not in words:
        return ()
    return ("recovery_email",) if "mail" in words else ("recovery_phone",) if "phone" in words or "sms" in words else ()


def has_shape(kind: str, raw: str) -> bool:
    """Whether a text can be an identifier of this type."""
    if kind in {"email", "recovery_email"}:
        return _EMAIL.fullmatch(raw) is not None
    return not kind.endswith("phone") or 6 <= sum(c.isdigit() for c in raw) <= 15


def flags_of(values: Mapping[str, object], *, lossy: bool) -> dict[str, object]:
    """The same columns, with the flag that bytes are shown as escapes."""
    own = values.get("parse_flags")
    flags = [*(own if isinstance(own, list) else []), *(["lossy_text"] if lossy else [])]
    return {**values, "parse_flags": sorted(set(flags)) or None}
