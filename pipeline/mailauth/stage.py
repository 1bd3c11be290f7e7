"""Mailauth: signatures of every message checked offline, decoded values and host clocks, the keys still needed.

Nothing is looked up: what keys the case needs is listed in ``exports/keys-needed.csv`` for a separate, lawful step;
what was archived goes into ``keys.jsonl`` in the case folder (see `pipeline.mailauth.keystore`).
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.evidence import map_file, member_file
from pipeline.mailauth.keystore import KEYS_FILE, load_keys
from pipeline.mailauth.rows import Member
from pipeline.stage import Job, Stage
from pipeline.store import Store, file_sha256, write_atomic
from pipeline.tables import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.case import Case

__all__ = ["KEYS", "KEYS_NEEDED", "STAGE"]

KEYS_NEEDED = Path("exports") / "keys-needed.csv"
_FORMATS = frozenset({"email/rfc5322", "email/mbox"})  # the others do not hold the bytes that were signed
_READ = frozenset({*_FORMATS, "email/msg", "email/pasted", "email/pst"})
_ROWS = 2000
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})")  # what a name server can be asked, and no formula
_EVENTS = """
SELECT event_id, span_start, span_end, locator, timestamp, extra, email_headers[1].span_start AS first_field,
       [{'by': h."by", 'time': epoch_us(h."time")} for h in hops] AS hops
FROM events WHERE exhibit_sha256 = ? AND member_path = ? ORDER BY event_id
"""
_NEEDED = """
SELECT s.domain, s.selector, count(DISTINCT s.event_id) AS messages,
       strftime(min(e.timestamp), '%Y-%m-%d') AS first_date, strftime(max(e.timestamp), '%Y-%m-%d') AS last_date
FROM mail_signatures s JOIN events e USING (event_id)
WHERE s.state = 'key_not_held' AND s.domain IS NOT NULL AND s.selector IS NOT NULL AND s.kind <> 'ARC chain'
GROUP BY ALL ORDER BY s.domain, s.selector
"""


def jobs(case: Case, store: Store) -> list[Job]:
    """One job per member that an e-mail format reads."""
    keys = case.root / KEYS_FILE
    digest = file_sha256(keys) if keys.is_file() else None
    load_keys(keys)  # says what is wrong with it before any work is done
    exhibits = {e.id for e in case.exhibits}
    columns = ["exhibit_id", "exhibit_sha256", "member_path", "stream_id", "format_id", "sha256", "size"]
    rows = store.read("members", columns).sort_by([("exhibit_id", "ascending"), ("member_path", "ascending")])
    return [
        Job(
            f"{row['exhibit_id']}-{row['stream_id']}",
            {**row, "file": _file(case, row), "keys": digest},
            pool="processes",
            weight=max(1, row["size"]),
        )
        for row in rows.to_pylist()
        if row["format_id"] in _READ and row["exhibit_id"] in exhibits
    ]


def _file(case: Case, row: dict[str, Any]) -> str:
    path = member_file(case, row["exhibit_sha256"], row["member_path"])
    return path.relative_to(case.root).as_posix() if path.is_relative_to(case.root) else path.as_posix()


def run(root: Path, job: Job) -> list[Path]:
    """Read the messages of one member."""
    p, store = job.params, Store(root)
    signed = p["format_id"] in _FORMATS
    view = map_file(root / p["file"]) if signed else memoryview(b"")
    member = Member(view, load_keys(root / KEYS_FILE), mbox=p["format_id"] == "email/mbox")
    chunks: dict[str, list[pa.Table]] = {"mail_signatures": [], "mail_values": []}
    for number, event in enumerate(_events(store, p["exhibit_sha256"], p["member_path"]), 1):
        member.take(event)
        if number % _ROWS == 0:
            _pack(member, chunks)
    _pack(member, chunks)
    about = {name: p[name] for name in ("stream_id", "exhibit_id", "member_path")}
    hosts = [{**about, **clock._asdict()} for clock in member.clocks.rows()]
    chunks["mail_hosts"] = [pa.Table.from_pylist(hosts, schema_of("mail_hosts"))]
    written = [store.write(name, job.part, pa.concat_tables(tables)) for name, tables in chunks.items()]
    return [path.relative_to(root) for path in written]


def _pack(member: Member, chunks: dict[str, list[pa.Table]]) -> None:
    """Turn the rows gathered so far into columns, which take a tenth of the memory."""
    for name, rows in (("mail_signatures", member.signatures), ("mail_values", member.values)):
        chunks[name].append(pa.Table.from_pylist(rows, schema_of(name)))
        rows.clear()


def _events(store: Store, exhibit_sha256: str, member_path: str) -> Iterator[dict[str, Any]]:
    with store.connect() as con:
        reader = con.sql(_EVENTS, params=[exhibit_sha256, member_path]).to_arrow_reader(_ROWS)
        for batch in reader:
            yield from batch.to_pylist()


STAGE = Stage(
    name="mailauth",
    version=1,
    title="Checking mail signatures",
    needs=("members", "events"),
    makes=("mail_signatures", "mail_values", "mail_hosts"),
    jobs=jobs,
    run=run,
)


def _key_jobs(case: Case, store: Store) -> list[Job]:  # noqa: ARG001 - one signature for all stages
    return [Job("keys-needed", {})]


def write_needed(root: Path, job: Job) -> list[Path]:  # noqa: ARG001 - one signature for all stages
    """List the key records that would let more signatures be checked; names that no name server knows are left out."""
    with Store(root).connect() as con:
        rows = con.sql(_NEEDED).to_arrow_table().to_pylist()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["dns_name", "domain", "selector", "messages", "first_date", "last_date"])
    for row in rows:
        if _NAME.fullmatch(row["domain"]) and _NAME.fullmatch(row["selector"]):
            writer.writerow([f"{row['selector']}._domainkey.{row['domain']}", *row.values()])
    write_atomic(root / KEYS_NEEDED, out.getvalue().encode())
    return [KEYS_NEEDED]


KEYS = Stage(
    name="mailkeys",
    version=1,
    title="Listing keys to ask for",
    needs=("events", "mail_signatures"),
    makes=(),
    jobs=_key_jobs,
    run=write_needed,
)
"""A stage of its own, because the list is made from all members."""
