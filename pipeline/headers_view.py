"""`vestigo headers`: one message traced, as a table for people or as JSON; no case needed, nothing leaves the machine.

The view says what the receiving side recorded (attested), what stands below it and is only claimed, what the
signatures and stated results are worth, and which values were decoded. It draws no conclusion about a person.
"""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from parsers.contract import Settings, Source
from parsers.email import all_email_formats
from parsers.reader import StreamId, event_records, read
from parsers.registry import sample_of
from pipeline.errors import UsageError
from pipeline.headers_parts import ADDRESS, addresses_of, message_view
from pipeline.headers_text import render
from pipeline.headers_warnings import warnings_for
from pipeline.mailauth.check import NO_KEYS, check_message
from pipeline.mailauth.keystore import load_keys
from pipeline.mailauth.signatures import STATES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from parsers.contract import Format
    from pipeline.mailauth.signatures import Check

__all__ = ["headers_text", "headers_view"]


def headers_text(
    data: bytes,
    *,
    as_json: bool = False,
    trusted_hosts: Sequence[str] = (),
    databases: Sequence[Path] = (),
    keys: Path | None = None,
) -> str:
    """What `vestigo headers` prints.

    Raises:
        UsageError: no header field is found, or a database or key file cannot be used.
    """
    view = headers_view(data, trusted_hosts=trusted_hosts, databases=databases, keys=keys)
    return json.dumps(view, indent=2, ensure_ascii=True) if as_json else "\n".join(render(view))


def headers_view(
    data: bytes, *, trusted_hosts: Sequence[str] = (), databases: Sequence[Path] = (), keys: Path | None = None
) -> dict[str, Any]:
    """The same as plain values.

    Raises:
        UsageError: no header field is found, or a database or key file cannot be used.
    """
    fmt = _format_of(data)
    records = _records(fmt, data, trusted_hosts)
    if not records:
        raise UsageError("no header field was found", next_step="give a message, or headers pasted as they stand")
    record = records[0]
    extra: dict[str, Any] = json.loads(record.get("extra", "{}"))
    view = {"format": fmt.id, "message": record["locator"], "messages_in_file": len(records)}
    view |= message_view(record, extra)
    view["signatures"] = _signatures(record, data, fmt, keys)
    view["addresses"] = _addresses(view, databases)
    view["warnings"] = warnings_for(record, extra, view)
    return view


def _format_of(data: bytes) -> Format:
    sample = sample_of(memoryview(data))
    formats = all_email_formats()
    plain = next(f for f in formats if f.id == "email/rfc5322")
    best = max(formats, key=lambda f: (f.recognise(sample), f is plain))
    return best if best.recognise(sample) else plain


def _records(fmt: Format, data: bytes, trusted_hosts: Sequence[str]) -> list[dict[str, Any]]:
    source = Source(memoryview(data), settings=Settings(options={"trusted_hosts": ",".join(trusted_hosts)}))
    return [r for batch in read(fmt, source, StreamId("", "", fmt.id, fmt.version)) for r in event_records(batch)]


def _addresses(view: dict[str, Any], databases: Sequence[Path]) -> list[dict[str, Any]]:
    """What offline data says of the attested, hop and stated addresses, in that order."""
    from pipeline.enrich.lookup import Database, enrich
    from pipeline.store import file_sha256

    wanted = addresses_of(view)
    if not wanted:
        return []
    try:
        plugged = [Database(path, path.name, file_sha256(path), overrides_special=True) for path in databases]
    except OSError as error:
        raise UsageError(f"cannot read a database: {error.strerror}", next_step="check --database") from error
    rows = {row["ip"]: row for row in enrich(wanted, plugged).to_pylist()}
    return [{name: rows[ip][name] for name in ADDRESS} | {"note": rows[ip]["uncertainty_note"]} for ip in wanted]


def _signatures(record: dict[str, Any], data: bytes, fmt: Format, keys: Path | None) -> list[dict[str, Any]]:
    if fmt.id not in {"email/rfc5322", "email/mbox"}:
        return []  # neither a paste nor an Outlook item holds the bytes that were signed
    message = data[record["span_start"] : record["span_end"]]
    checks = check_message(message, load_keys(keys) if keys else NO_KEYS, mbox=fmt.id == "email/mbox")
    return [_signature(check) for check in checks]


def _signature(check: Check) -> dict[str, Any]:
    values = {f.name: getattr(check, f.name) for f in dataclasses.fields(check) if f.name != "key"}
    held = check.key
    source = {"key": {"source": held.source, "sha256": held.digest, "statement": held.statement}} if held else {}
    return {k: v for k, v in {**values, **source, "means": STATES[check.state]}.items() if v not in (None, ())}
