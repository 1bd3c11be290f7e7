"""Rows of the mail tables from the messages of one member."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline.mailauth.check import check_message, is_signed
from pipeline.mailauth.clocks import Clocks, hop_delays
from pipeline.mailauth.signatures import STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.mailauth.keystore import Key, KeyStore
    from pipeline.mailauth.signatures import Check

__all__ = ["Member"]

_FAR = 253_402_300_799  # the last second of year 9999


class Member:
    """Reads the messages of one member in order and gathers their rows."""

    def __init__(self, view: memoryview, keys: KeyStore, *, mbox: bool) -> None:
        self._view, self._keys, self._mbox = view, keys, mbox
        self._parts: dict[str, list[int]] = {}
        self._span: tuple[int, int] = (-1, -1)
        self.signatures: list[dict[str, Any]] = []
        self.values: list[dict[str, Any]] = []
        self.clocks = Clocks()

    def take(self, event: Mapping[str, Any]) -> None:
        """Gather the rows of one message."""
        extra: dict[str, Any] = json.loads(event["extra"]) if event["extra"] else {}
        self.clocks.add(hop_delays(event["hops"] or []))
        for number, decoded in enumerate(extra.get("decoders", [])):
            value = json.dumps(decoded["value"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            where = {"field": decoded.get("field"), "hop": decoded.get("hop")}
            row = {"event_id": event["event_id"], "number": number, "decoder": decoded["decoder"], **where}
            self.values.append({**row, "value": value, "trust": decoded["trust"]})
        span = self._bytes_of(event, extra)
        data = bytes(self._view[span[0] : span[1]]) if span else b""
        if is_signed(data):
            mbox = self._mbox and span == self._span
            for number, check in enumerate(check_message(data, self._keys, mbox=mbox)):
                self.signatures.append(_signature(event, number, check))

    def _bytes_of(self, event: Mapping[str, Any], extra: Mapping[str, Any]) -> tuple[int, int] | None:
        """Where the message's own bytes lie; None for an attached message that was encoded."""
        span = (event["span_start"], event["span_end"])
        if span != self._span:
            self._span, self._parts = span, {}
        for number, part in enumerate(extra.get("attachments", []), 1):
            if "span" in part:
                self._parts[f"{event['locator']} > attachment {number}"] = part["span"]
        if "attached_to" not in extra:
            return span
        found = self._parts.get(event["locator"])
        return (found[0], found[1]) if found and event["first_field"] is not None else None


def _signature(event: Mapping[str, Any], number: int, check: Check) -> dict[str, Any]:
    key = check.key
    return {
        "event_id": event["event_id"],
        "number": number,
        "kind": check.kind,
        "instance": check.instance,
        "state": check.state,
        "means": STATES[check.state],
        "domain": check.domain,
        "selector": check.selector,
        "algorithm": check.algorithm,
        "identity": check.identity,
        "body_hash_matches": check.body_hash_matches,
        "signed_fields": list(check.signed_fields) or None,
        "unsigned_bytes": check.unsigned_bytes,
        "signed_at": _time(check.signed_at),
        "expires_at": _time(check.expires_at),
        "key_sha256": key.digest if key else None,
        "key_source": key.source if key else None,
        "key_first_seen": key.first_seen if key else None,
        "key_last_seen": key.last_seen if key else None,
        "key_statement": key.statement if key else None,
        "key_window": _window(key, event["timestamp"]) if key else None,
        "note": check.note,
    }


def _time(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None and seconds <= _FAR else None


def _window(key: Key, sent: datetime | None) -> str:
    """Whether the time of Date lies where the key was seen published; Date is the sender's, so this weighs little."""
    if sent is None or key.first_seen is None or key.last_seen is None:
        return "unknown"
    return "inside" if _day(key.first_seen) <= f"{sent:%Y-%m-%d}" <= _day(key.last_seen) else "outside"


def _day(text: str) -> str:
    return text[:10]
