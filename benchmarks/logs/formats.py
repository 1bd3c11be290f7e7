"""Lines a second of every line format, on one core: `formats.py [LINES] [SEED] [PART OF A PATH ...]`.

The lines are those of the formats' fixtures over and over, with other addresses, times, users, ports, process numbers
and ids each time, so that nothing is read faster because it was seen before than it would be in a real log. What a
fixture holds of lines that are no records (hostile, cut, blank) is kept in one repetition of twenty. The log is
parsed as the pipeline does it, to Arrow tables (`parsers.reader`), on one thread. The CPU seconds of the best of three
runs count, each over another log, as others may use the machine. Every line must come out as an event, a reject or a
skip; e-mail counts in messages.
"""

from __future__ import annotations

import random
import re
import sys
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from parsers.contract import Settings, Source
from parsers.reader import Accounting, Batch, StreamId, read
from parsers.registry import find_format

if TYPE_CHECKING:
    from collections.abc import Iterator

FIXTURES = Path(__file__).parents[2] / "sample_data" / "formats"
LINES, MESSAGES = 60_000, 4_000
LINES_A_SECOND = 4  # of the host that wrote the log
REPEATS = 3
RARELY = 20  # repetitions for one that holds the fixture's odd lines
MAILBOX, FROM_LINE = "email/mbox", b"From ash@example.net Sun Mar  1 10:00:07 2026\n"


class Subject(NamedTuple):
    """A fixture, and which of its lines are repeated; those before them stand once, at the start.

    `exact`: every line is one item (else a record has several lines, or a line several parts).
    """

    path: str
    unit: str = "lines"
    first: int = 0
    last: int | None = None
    exact: bool = True


SUBJECTS = (
    Subject("server_log/web_combined/ordinary.log"),
    Subject("server_log/web_common/ordinary.log"),
    Subject("server_log/web_vhost_combined/ordinary.log"),
    Subject("server_log/web_custom/apache.log"),
    Subject("server_log/web_custom/haproxy.log"),
    Subject("server_log/web_custom/nginx_json.log"),
    Subject("server_log/apache_error/error.log"),
    Subject("server_log/nginx_error/error.log"),
    Subject("server_log/iis_w3c/u_ex260301.log", first=4, last=8),
    Subject("server_log/syslog_3164/auth.log"),
    Subject("server_log/syslog_5424/relay.log"),
    Subject("server_log/syslog_iso/auth.log"),
    Subject("server_log/postfix/mail.log"),
    Subject("server_log/dovecot/mail.log"),
    Subject("server_log/exim/mainlog"),
    Subject("server_log/journald/journal.json"),
    Subject("server_log/haproxy_http/haproxy.log"),
    Subject("server_log/haproxy_tcp/tcp.log"),
    Subject("server_log/aws_alb/alb.log"),
    Subject("server_log/aws_s3/access.log"),
    Subject("server_log/aws_cloudfront/cloudfront.tsv", first=2),
    Subject("server_log/exchange_tracking/MSGTRK2026030110-1.LOG", first=5, last=11),
    Subject("cloud_log/aws_cloudtrail/trail.jsonl", last=2, exact=False),
    Subject("cloud_log/caddy/access.log"),
    Subject("cloud_log/cloudflare_http/requests.jsonl"),
    Subject("cloud_log/google_workspace/activities.json", "records", 1, -2),
    Subject("cloud_log/m365_audit/client_addresses.jsonl"),
    Subject("cloud_log/m365_audit/purview.csv", first=1),
    Subject("cloud_log/nginx_json/access.log"),
    Subject("cloud_log/traefik/access.log"),
    Subject("network_log/dhcp_isc/dhcpd.leases", first=6, exact=False),
    Subject("network_log/dhcp_kea/kea-leases4.csv", first=1),
    Subject("network_log/dhcp_windows/DhcpSrvLog-Sun.log", first=13),
    Subject("network_log/nat_blocks/cgn_cisco.log"),
    Subject("network_log/nat_blocks/cgn_junos.log"),
    Subject("network_log/nat_table/export.csv", first=1),
    Subject("network_log/openvpn_log/openvpn.log"),
    Subject("network_log/radius_detail/detail-20260301", exact=False),
    Subject("network_log/radius_nps/IN2603.log"),
    Subject("network_log/radius_nps_xml/IN2603.xml.log"),
    Subject("email/rfc5322/postfix.eml", "messages"),
    Subject("email/rfc5322/google_crlf.eml", "messages"),
    Subject("email/rfc5322/postfix.eml", "files"),
    Subject("email/rfc5322/google_crlf.eml", "files"),
)

_USERS = b"ada|ale|alice|bob|dana|jordan|kim|lena|nobody|oracle|pier|rowan|sam"
_PARTS: dict[str, bytes] = {
    "address": rb"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])",
    "clock": rb"(?<![^0-9a-f][0-9a-f]{2}:)(?<!\d)\d\d:\d\d:\d\d(?:\.\d{1,9})?(?![\d:])",
    "epoch": rb"(?<![\w.])17[67]\d{7}(?:\d{3}|\d{6})?(?![\w])",
    "digits": rb"(?<=\[)\d{2,7}(?=\])|(?<=port )\d{2,5}\b|(?<=[\d\]]:)[1-6]\d{4}\b|(?<=page=)\d+|(?<=#)\d+",
    "hex": rb"\b(?=[A-F]*\d)[0-9A-F]{8,16}\b|\b[0-9a-f]{8}(?=-[0-9a-f]{4}-)|(?<=-)[0-9a-f]{12}\b|(?<=1u)\w{4}(?=-)",
    "user": rb"\b(?:" + _USERS + rb")\b",
}
_VARIED = re.compile(b"|".join(b"(?P<" + name.encode() + b">" + part + b")" for name, part in _PARTS.items()))


class Variation:
    """Puts other values in the place of those of the fixture; equal ones of a block stay equal."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.addresses = [f"198.{self.rng.choice((18, 19))}.{n >> 8 & 255}.{n & 255}".encode() for n in range(20_000)]
        self.now = 0.0
        self.held: dict[bytes, bytes] = {}

    def block(self, rows: list[bytes]) -> Iterator[bytes]:
        """The lines again, a little later, about others."""
        self.held = {}
        for row in rows:
            self.now = (self.now + 1 / LINES_A_SECOND) % 86_400
            yield _VARIED.sub(self._other, row)

    def _other(self, match: re.Match[bytes]) -> bytes:
        kind, old = match.lastgroup or "", match[0]
        if kind == "clock":
            return self._clock(old)
        if kind == "epoch":
            return str(int((1_772_359_200 + self.now) * 10 ** (len(old) - 10))).encode()
        if old not in self.held:
            self.held[old] = getattr(self, f"_{kind}")(old)
        return self.held[old]

    def _clock(self, old: bytes) -> bytes:
        second = int(self.now)
        clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}".encode()
        places = len(old) - len(clock) - 1
        return clock + (b".%0*d" % (places, int(self.now % 1 * 10**places)) if places > 0 else b"")

    def _address(self, _old: bytes) -> bytes:
        return self.addresses[int(len(self.addresses) * self.rng.random() ** 3)]  # some are seen far more often

    def _digits(self, old: bytes) -> bytes:
        return str(self.rng.randrange(10 ** (len(old) - 1), min(10 ** len(old), 60_000))).encode()

    def _hex(self, old: bytes) -> bytes:
        value = b"%0*x" % (len(old), self.rng.getrandbits(4 * len(old)))
        return value if old.islower() or old[0:1].islower() else value.upper()

    def _user(self, old: bytes) -> bytes:
        return old + str(self.rng.randrange(300)).encode()


def build(subject: Subject, size: int, seed: int) -> list[bytes]:
    """A log of at least `size` lines (or records, or messages), in pieces: what stands before it, every repetition."""
    lines = [
        line.removesuffix(b"\n") + b"\n" for line in (FIXTURES / subject.path).read_bytes().splitlines(keepends=True)
    ]
    head, body = lines[: subject.first], lines[subject.first : subject.last]
    if subject.unit in {"messages", "files"}:
        body = [*([FROM_LINE] if subject.unit == "messages" else []), *body, b"\n"]
        records, held = 1, [True] * len(body)
    else:
        records, held = probe(subject, head, body)
    varied = Variation(seed)
    plain = [line for line, keep in zip(body, held, strict=True) if keep]
    pieces, left = [b"".join(head)] if head else [], size
    while left > 0:
        rows = body if len(pieces) % RARELY == 1 else plain
        pieces.append(b"".join(varied.block(rows)))
        left -= len(rows) if subject.unit == "lines" else records
    return [*pieces, *lines[subject.last :]] if subject.last and subject.last < 0 else pieces


def probe(subject: Subject, head: list[bytes], body: list[bytes]) -> tuple[int, list[bool]]:
    """How many events the fixture's lines give, and which lines hold them."""
    data = b"".join(head + body)
    batches = read_all(subject, [data])
    spans = [
        (s, e)
        for b in batches
        for s, e in zip(*(b.events[c].to_pylist() for c in ("span_start", "span_end")), strict=True)
    ]
    held, at = [], sum(map(len, head))
    for line in body:
        held.append(any(start < at + len(line) and at < end for start, end in spans))
        at += len(line)
    return len(spans), held


def settings_of(subject: Subject) -> Settings:
    """What the fixture's side file says."""
    path = FIXTURES / (subject.path + ".settings.toml")
    raw = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    acquired = raw.get("acquired_at")
    return Settings(
        timezone=raw.get("timezone"),
        acquired_at=datetime.fromisoformat(acquired).astimezone(UTC) if acquired else None,
        options=raw.get("options", {}),
    )


class Counts(NamedTuple):
    """What came out, and the seconds it took."""

    events: int
    rejects: int
    skips: int
    items: int
    cpu: float
    wall: float


def read_all(subject: Subject, exhibits: list[bytes]) -> list[Batch]:
    """Read each exhibit to tables, one after another."""
    fmt, settings = (
        find_format(MAILBOX if subject.unit == "messages" else subject.path.rpartition("/")[0]),
        settings_of(subject),
    )
    stream = StreamId("0" * 64, "", fmt.id, fmt.version)
    return [b for data in exhibits for b in read(fmt, Source(memoryview(data), settings=settings), stream)]


def measure(subject: Subject, exhibits: list[bytes]) -> Counts:
    """Read the exhibits; what came out, and the seconds it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    batches = read_all(subject, exhibits)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    total = Accounting()
    for batch in batches:
        total.add(batch.accounting)
    places = sum(len(batch.events["span_start"].unique()) for batch in batches)  # a line may state several events
    skips = sum(total.skips.values())
    return Counts(total.events, total.rejects, skips, places + total.rejects + skips, cpu, wall)


def run(subject: Subject, size: int, seed: int) -> None:
    """Build and measure some times, each time another log; print one row of the fastest."""
    rows = []
    for repeat in range(REPEATS):
        pieces = build(subject, size, seed * REPEATS + repeat)
        data = b"".join(pieces)
        found = measure(subject, pieces if subject.unit == "files" else [data])
        lines = data.count(b"\n")
        total = {"lines": lines, "files": len(pieces)}.get(subject.unit, found.events)
        exact = subject.unit != "lines" or not subject.exact or found.items == lines
        rows.append((found.cpu / total, total, len(data), found, "" if exact else f"; {found.items:,} ITEMS"))
    _, total, size, found, remark = min(rows)
    print(
        f"{subject.path.partition('/')[2]:40} {total:7,} {subject.unit:8} {size / total:6,.0f} B"
        f" {found.cpu:6.2f} s CPU {found.wall:6.2f} s wall {total / found.cpu:8,.0f}/s"
        f" {found.events:8,} events {found.rejects:6,} rejects {found.skips:6,} skips{remark}",
        flush=True,
    )


def main(size: int, seed: int, wanted: list[str]) -> None:
    """One row for every subject whose path holds one of the wanted words."""
    pa.set_cpu_count(1)
    for subject in SUBJECTS:
        if not wanted or any(word in subject.path for word in wanted):
            run(subject, MESSAGES if subject.unit in {"messages", "files"} else size, seed)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(*(numbers + [LINES, 1][len(numbers) :])[:2], [word for word in sys.argv[1:] if not word.isdigit()])
