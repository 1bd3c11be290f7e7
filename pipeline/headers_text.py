"""The traced headers of one message as lines for a terminal or a print-out."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from pipeline.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["render"]

_WIDTH = 110
_LABEL = 14
_BORDER = "-- above: recorded by the receiving side -- below: claimed, the sender can have written it "
_SUMMARY = (
    ("From", "from"), ("Sender", "sender"), ("Reply-To", "reply_to"), ("Return-Path", "return_path"), ("To", "to"),
    ("Subject", "subject"), ("Date", "date"), ("Date, UTC", "date_utc"), ("Message-ID", "message_id"),
    ("In-Reply-To", "in_reply_to"), ("Program", "program"),
)  # fmt: skip


def _one_line(value: object) -> str:
    """Text of the message without anything that could move the cursor or start a new line."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return visible(text.replace("\n", "\x00").replace("\t", " ")).replace("⟦U+0000⟧", "⟦line end⟧")


def _fact(label: str, value: object) -> list[str]:
    text = _one_line(value)
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=f"  {label:<{_LABEL - 1}} ",
        subsequent_indent=" " * (_LABEL + 2),
        break_on_hyphens=False,
    ) or [f"  {label}"]


def render(view: dict[str, Any]) -> Iterator[str]:
    """Every section with something to say."""
    yield "Message"
    for label, key in _SUMMARY:
        if key in view["summary"]:
            yield from _fact(label, view["summary"][key])
    yield from _hand_over(view)
    yield from _hops(view)
    yield from _stated(view["authentication"])
    yield from _signatures(view["signatures"])
    yield from _decoded(view["decoders"])
    yield from _addresses(view)
    if view["warnings"]:
        yield "\nNotes"
        for text in view["warnings"]:
            yield from textwrap.wrap(_one_line(text), _WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _hand_over(view: dict[str, Any]) -> Iterator[str]:
    yield "\nHand-over"
    if view["attested_ip"] is None:
        yield from _fact("address", "none is attested")
    else:
        row = next((a for a in view["addresses"] if a["ip"] == view["attested_ip"]), None)
        yield from _fact("address", f"{view['attested_ip']}{'  ' + _about(row) if row else ''}")
        yield from _fact("recorded by", view["boundary_host"] or "a host that does not name itself")
    if view["boundary_means"]:
        yield from _fact("why relied on", view["boundary_means"])


def _about(row: dict[str, Any]) -> str:
    operator = f"AS{row['asn']} {row['as_name'] or ''}".strip() if row["asn"] else None
    parts = [
        None if row["scope"] == "global" else f"{row['scope']} range",
        f"{row['country']} ({row['country_agreement']} sources)" if row["country"] else None,
        operator,
        None if row["network_class"] == "unknown" else row["network_class"],
        "on a list of anonymisers or hosting" if row["listed"] == "listed" else None,
    ]
    return "; ".join(p for p in parts if p) or "nothing known offline"


def _hops(view: dict[str, Any]) -> Iterator[str]:
    hops = view["hops"]
    if not hops:
        return
    yield "\nHops, newest first (delay: seconds since the hop below, by two different clocks)"
    yield f"  {'#':>2}  {'time (UTC)':<20} {'delay':>8}  {'address':<22} {'recorded by':<24} from"
    crossed = False
    for hop in hops:
        if not hop["attested"] and not crossed:
            crossed = True
            yield f"  {_BORDER:-<{_WIDTH - 2}}"
        yield from _hop(hop)


def _hop(hop: dict[str, Any]) -> Iterator[str]:
    at = str(hop.get("time", "no time"))[:19].replace("T", " ")
    delay = f"{hop['delay_s']} s" if "delay_s" in hop else ""
    names = [f"{hop['rdns']}" if "rdns" in hop else None, f"HELO {hop['helo']}" if "helo" in hop else None]
    names.append(f"login {hop['auth']}" if "auth" in hop else None)
    client = _one_line(", ".join(n for n in names if n) or "-")
    port = f":{hop['port']}" if "port" in hop else ""
    by = _one_line(hop.get("by", "-"))
    address = _one_line(f"{hop['ip']}{port}") if "ip" in hop else "-"
    yield f"  {hop['index']:>2}  {at:<20} {delay:>8}  {address:<22} {by:<24} {client}"
    more = [f"{key} {hop[key]}" for key in ("with", "id", "for", "envelope_from", "tls") if key in hop]
    if more:
        text, first, later = _one_line("; ".join(more)), " " * 6, " " * 8
        yield from textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)


def _stated(statements: list[dict[str, Any]]) -> Iterator[str]:
    if not statements:
        return
    yield "\nResults stated in the message (attested: written by the receiving side; claimed: can be the sender's;"
    yield "unsettled: bears the boundary host's name but stands where a sender could have put it, too)"
    for s in statements:
        about: list[Any] = [f"{word} {s[key]}" for word, key in (("for", "domain"), ("by", "authserv_id")) if key in s]
        about += [s.get("reason"), s.get("comment")]
        tail = "; ".join(str(a) for a in about if a)
        field = s["field"] + (f" i={s['instance']}" if "instance" in s else "")
        mark = "attested" if s["attested"] else "unsettled" if s.get("names_boundary_host") else "claimed"
        yield from _fact(mark, f"{s['method']} {s['result']}{'; ' + tail if tail else ''}  [{field}]")


def _signatures(signatures: list[dict[str, Any]]) -> Iterator[str]:
    if not signatures:
        return
    yield "\nSignatures, checked here (no DNS; the body hash needs no key)"
    for s in signatures:
        kind = s["kind"] + (f" {s['instance']}" if "instance" in s else "")
        owner = f" of {s['domain']} (selector {s.get('selector')})" if "domain" in s else ""
        note = f" [{s['note']}]" if "note" in s else ""
        yield from _fact("", f"{kind}{owner}: {s['state']}: {s['means']}{note}")


def _decoded(decoders: list[dict[str, Any]]) -> Iterator[str]:
    if not decoders:
        return
    yield "\nDecoded values (the sender can have chosen them; each is only consistent with what is said)"
    for d in decoders:
        value = ", ".join(f"{k} {v}" for k, v in d["value"].items())
        where = d.get("field") or f"hop {d.get('hop')}"
        yield from _fact(where, value)
        yield from _fact("", f"{d['decoder']}: {d['suggests']}. Checked: {d['validation']}.")


def _addresses(view: dict[str, Any]) -> Iterator[str]:
    others = [a for a in view["addresses"] if a["ip"] != view["attested_ip"]]
    if not others:
        return
    yield "\nOther addresses in the message"
    attested = {hop.get("ip") for hop in view["hops"] if hop["attested"]}
    for row in others:
        mark = "recorded by the receiving side" if row["ip"] in attested else "claimed"
        yield from _fact("", f"{row['ip']}  {_about(row)} ({mark})")
