"""What a reader of one message's headers should know, each said without a conclusion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["warnings_for"]

_HOUR_S = 3600
_ADDRESS = re.compile(r"[^\s<>@\"',;()]{1,64}@([A-Za-z0-9.-]{1,255})")
_FLAGS = {
    "truncated": "a field or part is cut short in the file",
    "lossy_text": "bytes that are no valid text are shown as escapes",
    "date_order_ambiguous": "day and month of Date cannot be told apart",
}


def warnings_for(
    record: Mapping[str, Any],
    extra: Mapping[str, Any],
    view: Mapping[str, Any],
    trust_with: str = "with --trusted-host",
) -> list[str]:
    """Sentences, most important first; none says that a message is forged.

    `trust_with` says where the receiving side's own hosts can be named.
    """
    return [*_boundary(view, trust_with), *_structure(record, extra), *_domains(record, view), *_clocks(view["hops"])]


def _boundary(view: Mapping[str, Any], trust_with: str) -> Iterator[str]:
    if view.get("messages_in_file", 1) > 1:
        yield f"the file holds {view['messages_in_file']} messages; this is the first ({view['message']})"
    if not view["hops"]:
        yield "there is no Received field: a draft, a sent item or a stripped copy; no address is attested"
    elif view["boundary_basis"] == "attached_copy":
        yield "this message came attached to another: whoever attached it could have written every line of it"
    elif view["attested_ip"] is None:
        yield (
            "the hops that can be relied on record no outside address; name the receiving side's own hosts "
            f"{trust_with} to follow them further down"
        )
    if view["boundary_basis"] == "top_hop_only" and len(view["hops"]) > 1:
        yield (
            "only the top-most hop is relied on; if its peer is a relay of the receiving side, name that relay "
            f"{trust_with}"
        )


def _structure(record: Mapping[str, Any], extra: Mapping[str, Any]) -> Iterator[str]:
    for name, count in extra.get("duplicate_headers", {}).items():
        yield f"{name} occurs {count} times; mail programs differ in which one they show"
    yield from extra.get("defects", [])
    yield from (_FLAGS[flag] for flag in record.get("parse_flags", []) if flag in _FLAGS)


def _domains(record: Mapping[str, Any], view: Mapping[str, Any]) -> Iterator[str]:
    author = str(record.get("sender", "")).rpartition("@")[2]
    shown = _ADDRESS.search(str(record.get("account_display_name", "")))
    if shown and shown[0].lower() != record.get("sender"):
        yield "the name shown in From is itself an address, and another one than the sender's"
    others = {"Reply-To": "reply_to", "Return-Path": "return_path", "Message-ID": "message_id"}
    differ = [
        name
        for name, key in others.items()
        for found in [_ADDRESS.search(str(view["summary"].get(key, "")))]
        if found and author and found[1].lower() != author
    ]
    if differ:
        yield (
            f"the domain of From differs from that of {', '.join(differ)}; this is common in ordinary mail (services, "
            "lists, hosted domains) and no sign of forgery by itself"
        )


def _clocks(hops: list[dict[str, Any]]) -> Iterator[str]:
    for hop in hops:
        delay = hop.get("delay_s", 0)
        if abs(delay) > _HOUR_S and not hop["attested"]:
            yield (
                f"hop {hop['index']} lies {abs(delay)} s {'before' if delay < 0 else 'after'} the one below it: a "
                "waiting message, a clock that is off, or a line that was made up"
            )
