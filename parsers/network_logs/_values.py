"""Small values that interval records share: hardware addresses, counts, C-style times, and the lease event.

What every lease event says, so that `pipeline.leases` can join them whatever wrote them:

* `source_ip` is the address that was assigned (a prefix goes to ``extra.prefix``), `source_port` the first port and
  ``extra.port_end`` the last; without ports the whole address was assigned;
* `event_action` is ``start``, ``interim`` or ``stop`` for one moment of a lease; other words with `timestamp_end`
  describe a whole interval;
* `account_login`, the identifier ``subscriber``, ``extra.inside_ip`` or `device_id` say to whom;
* ``extra.session_time_s`` and ``extra.started_epoch_s`` state when it began, where a record does.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from parsers.contract import Event
from parsers.kit.addresses import parse_address
from parsers.kit.timepattern import compile_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.contract import Span
    from parsers.kit.time import Moment

__all__ = ["START", "assigned", "ctime", "event", "mac_of", "number_of", "port_of", "prefix_of"]

START = "Start Time"
"""`timestamp_desc` of a record that states a whole interval."""

_MAC = re.compile(r"(?:[0-9A-Fa-f]{12}|[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2})")
_CTIME = compile_pattern("Mon dd HH:MM:SS yyyy")
_WEEKDAY = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ")
_NO_ADDRESS = {"0.0.0.0", "255.255.255.254", "255.255.255.255", "::"}  # noqa: S104 - RFC 2865 5.8: "none yet", no bind


@lru_cache(maxsize=65536)
def mac_of(text: str | None) -> str | None:
    """A 48-bit hardware address as ``aa:bb:cc:dd:ee:ff``; None when `text` is not one in a usual spelling."""
    if not text or not _MAC.fullmatch(text.strip()):
        return None
    digits = re.sub("[^0-9a-f]", "", text.lower())
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


def number_of(text: str | None) -> int | None:
    """A decimal count of at most 18 digits."""
    word = text.strip() if text else ""
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 18 else None


def port_of(text: str | None) -> int | None:
    """A port number, 0 to 65535."""
    number = number_of(text)
    return number if number is not None and number <= 65535 else None


def ctime(text: str, zone: str | None) -> Moment:
    """``Sun Mar  1 10:00:00 2026``: local time, English names (C locale)."""
    match = _WEEKDAY.match(text)
    return _CTIME.parse(text[match.end() :] if match else "", zone)._replace(raw=text)


@lru_cache(maxsize=65536)
def assigned(text: str | None) -> str | None:
    """The canonical form of an assigned address; None for words and for the values that mean "not chosen yet"."""
    found = parse_address(text) if text else None
    return found.ip if found and found.port is None and found.ip not in _NO_ADDRESS else None


def prefix_of(text: str) -> str | None:
    """The canonical form of an assigned network such as ``2001:db8:1::/56``."""
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False)) if "/" in text else None
    except ValueError:
        return None


def event(
    kind: str,
    span: Span,
    locator: str,
    values: Mapping[str, object],
    *,
    moment: Moment | None = None,
    desc: str = "Recorded Time",
    end: Moment | None = None,
    flags: tuple[str, ...] = (),
    extra: Mapping[str, object] | None = None,
    text: str | None = None,
) -> Event:
    """One event of this family; keys without a value are left out."""
    columns: dict[str, object] = moment.columns(desc) if moment else {}
    columns.update(values)
    if end and end.timestamp is not None:
        columns["timestamp_end"] = end.timestamp
    if columns.get("device_id"):
        columns["device_id_type"] = "mac"
    all_flags = (*(moment.flags if moment else ()), *flags)
    if all_flags:
        columns["parse_flags"] = list(dict.fromkeys(all_flags))
    kept = {name: value for name, value in extra.items() if value is not None and value != ""} if extra else None
    columns["extra"] = kept or None
    return Event(span, locator, kind, columns, text)
