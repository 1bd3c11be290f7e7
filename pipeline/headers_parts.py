"""What one message's record says of its way, as plain values: for `vestigo headers` and for the report alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from parsers.email._boundary import BASES
from parsers.email._decoder_table import DECODERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ADDRESS", "addresses_of", "message_view"]

ADDRESS = ("ip", "scope", "country", "country_agreement", "asn", "as_name", "network_class", "listed", "net_prefix")
"""Columns of the table ``addresses`` that are shown beside an address."""

_SUMMARY = {
    "from": "email_from", "sender": "email_sender", "to": "email_to", "subject": "email_subject",
    "date": "timestamp_raw", "date_utc": "timestamp", "message_id": "message_id", "in_reply_to": "in_reply_to",
    "program": "user_agent_original",
}  # fmt: skip


def message_view(record: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """Summary, hops, hand-over, stated results, decoded values and attachments of an e-mail event.

    Args:
        record: Columns of the event, without those that are null; times as datetimes or RFC 3339 text.
        extra: Its column ``extra``, decoded.
    """
    basis = extra.get("boundary_basis")
    return {
        "summary": _summary(record, extra),
        "hops": _with_delays(record.get("hops", [])),
        "attested_ip": record.get("attested_ip"),
        "boundary_host": record.get("boundary_host"),
        "boundary_basis": basis,
        "boundary_means": BASES.get(basis or ""),
        "claimed_ips": record.get("claimed_ips", []),
        "authentication": extra.get("authentication", []),
        "signatures": [],
        "decoders": [{**d, **DECODERS[d["decoder"]]._asdict()} for d in extra.get("decoders", [])],
        "attachments": extra.get("attachments", []),
    }


def addresses_of(view: Mapping[str, Any]) -> list[str]:
    """The attested, hop and stated addresses, in that order, each once."""
    ips = [view["attested_ip"], *(hop.get("ip") for hop in view["hops"]), *view["claimed_ips"]]
    return list(dict.fromkeys(ip for ip in ips if ip))


def _summary(record: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    out = {name: record.get(column) for name, column in _SUMMARY.items()}
    out["reply_to"], out["return_path"] = extra.get("reply_to"), extra.get("return_path")
    return {name: value for name, value in out.items() if value is not None}


def _with_delays(hops: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Hops with `delay_s`: seconds since the next older hop that has a time, by two different clocks."""
    out: list[dict[str, Any]] = []
    older: datetime | None = None
    for hop in reversed(hops):
        at = _instant(hop["time"]) if "time" in hop else None
        delay = {} if at is None or older is None else {"delay_s": int((at - older).total_seconds())}
        out.append({**hop, **delay})
        older = at or older
    return out[::-1]


def _instant(value: datetime | str) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)
