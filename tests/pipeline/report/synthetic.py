"""A small invented case as tables: two accounts of one operator, a flatmate, an imitator, hostile text on demand."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.case import Case, CaseInfo, Exhibit, Party
from pipeline.store import Store
from pipeline.tables import schema_of

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    "<script>window.__pwn=1</script>",
    "</script><script>window.__pwn=2</script>",
    "<!--<script>window.__pwn=3",
    '"><img src=x onerror="window.__pwn=4">',
    "<a href=https://evil.example/?x>click</a><b>bold</b>",
    "{{ 7*7 }}{% raw %}${7*7}",
    "javascript:window.__pwn=5//https://evil.example/beacon",
    "\u202eexe.gpj\u2066 a\u200bb \u0007bell \u0000nul \ufeff",
    "\\ud800 =cmd|' /C calc'!A0 +1 @SUM(1)",
    "&lt;b&gt; &amp;amp; &#x202e;",
)

FIRST = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
A, B, FLAT, COPY = "forum:grey_tern", "web:tern.grey", "forum:flat_mate", "forum:grey_tern_"
HOME, EXIT = "203.0.113.57", "198.51.100.130"
MAIL = 59
"""Number of the event that is an e-mail."""


def text_of(hostile: bool, at: int, plain: str) -> str:  # noqa: FBT001 - a plain switch of a test helper
    """`plain`, or with one of the hostile strings around it."""
    return f"{plain} {HOSTILE[at % len(HOSTILE)]} {HOSTILE[(at * 7 + 3) % len(HOSTILE)]}" if hostile else plain


def evidence_lines(hostile: bool, count: int) -> list[bytes]:  # noqa: FBT001
    """Lines of the exhibit, as bytes, with raw control bytes and invalid UTF-8 in the hostile case."""
    bad = b"\x00\x1b[31m\xff\xfe</script><script>window.__pwn=6</script>\xe2\x80\xae" if hostile else b""
    return [f"{HOME} - - line {i} ".encode() + bad + b"x" * (2000 if i == 3 else 5) + b"\n" for i in range(count)]


def make_case(root: Path, *, hostile: bool = False, count: int = 60) -> tuple[Case, Store]:
    """Write evidence and tables below `root`."""
    lines = evidence_lines(hostile, count)
    body = b"".join(lines)
    sha = hashlib.sha256(body).hexdigest()
    path = root / "evidence" / "sha256" / sha[:2] / sha
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    name = text_of(hostile, 1, "access.log")
    exhibit = Exhibit(id="E1", sha256=sha, name=name, size=len(body), authority="consent of the site's owner")
    pending = Exhibit(id="E2", sha256="b" * 64, name="returned.zip", size=10)
    party = Party(
        id="P1", role="protected", label=text_of(hostile, 2, "protected person"), accounts=(A,), basis="stated"
    )
    info = CaseInfo(id="CASE-1", title=text_of(hostile, 0, "Synthetic case"), timezone="Europe/Dublin")
    case = Case(root=root, info=info, exhibits=(exhibit, pending), parties=(party,))
    store = Store(root)
    evidence = _evidence(exhibit, pending, lines, hostile)
    for table, rows in {**evidence, **_findings(hostile), **_mail_tables(hostile)}.items():
        store.write(table, "all", pa.Table.from_pylist(rows, schema=schema_of(table)))
    return case, store


def _evidence(exhibit: Exhibit, pending: Exhibit, lines: list[bytes], hostile: bool) -> dict[str, list[dict[str, Any]]]:  # noqa: FBT001
    sha, size = exhibit.sha256, exhibit.size
    events, texts, tied, at = [], [], [], 0
    for i, raw in enumerate(lines):
        key = (A, B, FLAT, COPY)[i % 4]
        events.append(_event(i, sha, at, at + len(raw), key, hostile))
        if i % 3 == 1:
            texts.append(
                {
                    "text_id": f"t{i:04}",
                    "event_id": f"ev{i:04}",
                    "exhibit_sha256": sha,
                    "kind": "message",
                    "text": text_of(hostile, i, f"I saw your light on, number {i}"),
                }
            )
        tied.append({"account_key": key, "event_id": f"ev{i:04}", "role": "actor", "basis": "in_record"})
        at += len(raw)
    exhibits = [
        {
            "exhibit_id": "E1",
            "sha256": sha,
            "name": exhibit.name,
            "size": size,
            "authority": exhibit.authority,
            "authority_pending": False,
            "source": text_of(hostile, 4, "site owner"),
            "note": text_of(hostile, 5, "copy"),
        },
        {
            "exhibit_id": "E2",
            "sha256": pending.sha256,
            "name": "returned.zip",
            "size": 10,
            "authority": "",
            "authority_pending": True,
        },
    ]
    member = {"exhibit_id": "E1", "exhibit_sha256": sha, "container": None, "depth": 0, "size": size, "sha256": sha}
    members = [
        {
            **member,
            "stream_id": "s1",
            "member_path": "",
            "format_id": "server_log/web_combined",
            "format_version": 1,
            "tier": "data-proven",
            "verdict": "recognised",
            "candidates": '[["server_log/web_combined", 96]]',
        },
        {
            **member,
            "stream_id": "s2",
            "member_path": text_of(hostile, 6, "odd.bin"),
            "verdict": "unclaimed",
            "candidates": "[]",
        },
    ]
    accounting = [
        {
            "exhibit_id": "E1",
            "exhibit_sha256": sha,
            "member_path": "",
            "format_id": "server_log/web_combined",
            "unit": 0,
            "bytes_in": size,
            "bytes_parsed": size - 9,
            "bytes_rejected": 9,
            "bytes_skipped": 0,
            "events": len(lines),
            "rejects": 1,
            "skips": '{"blank line": 2}',
        }
    ]
    rejects = [
        {
            "reject_id": "r1",
            "exhibit_sha256": sha,
            "member_path": "",
            "format_id": "server_log/web_combined",
            "span_start": 0,
            "span_end": 9,
            "kind": "malformed",
            "reason": "no request line",
        }
    ]
    finding = {
        "finding_id": "f1",
        "exhibit_id": "E1",
        "exhibit_sha256": sha,
        "member_path": "",
        "kind": "odd_name",
        "detail": text_of(hostile, 8, "a name that hides its ending"),
    }
    return {
        "events": events,
        "texts": texts,
        "account_events": tied,
        "exhibits": exhibits,
        "members": members,
        "accounting": accounting,
        "rejects": rejects,
        "findings": [finding],
    }


def _event(i: int, sha: str, start: int, end: int, key: str, hostile: bool) -> dict[str, Any]:  # noqa: FBT001
    when = FIRST + timedelta(hours=7 * i)
    platform, login = key.split(":")
    message = i % 3 == 1
    made = {
        "event_id": f"ev{i:04}", "exhibit_sha256": sha, "member_path": "", "format_id": "server_log/web_combined",
        "format_version": 1, "span_start": start, "span_end": end, "locator": f"line {i + 1}", "tier": "data-proven",
        "timestamp": when, "timestamp_raw": text_of(hostile, i, when.isoformat()), "timestamp_desc": "request",
        "tz_basis": "in_value", "time_precision_s": 1.0, "timestamp_earliest": when, "timestamp_latest": when,
        "event_type": "message" if message else "http_request", "http_request_method": None if message else "GET",
        "url_original": None if message else text_of(hostile, i + 1, f"/about?n={i}"), "http_response_status_code": 200,
        "source_ip": HOME if i % 2 else EXIT, "user_agent_original": text_of(hostile, i + 2, "Agent/1.0"),
        "account_platform": platform, "account_login": text_of(hostile, i, login),
        "text_id": f"t{i:04}" if message else None,
        "parse_flags": ["lossy_text"] if i % 5 == 0 else None,
        "extra": json.dumps({"note": text_of(hostile, i, "kept")}),
        "identifiers": [{"type": "device_id", "value": text_of(hostile, i, "install-3f"), "raw": None}],
    }  # fmt: skip
    return made | _mail(hostile, when) if i == MAIL else made


def _mail(hostile: bool, when: datetime) -> dict[str, Any]:  # noqa: FBT001
    """Columns of a message with one hop to rely on, one only claimed, a stated result and a decoded value."""
    far = dict.fromkeys(("port", "id", "for", "envelope_from", "auth", "tls", "time_raw", "raw"))
    hops = [
        {**far, "index": 0, "ip": EXIT, "rdns": text_of(hostile, 3, "out.example.net"), "by": "mx.example.org",
         "with": text_of(hostile, 6, "ESMTPS"), "time": when, "attested": True, "raw": "x" * 900},
        {**far, "index": 1, "ip": HOME, "helo": text_of(hostile, 0, "laptop"),
         "by": text_of(hostile, 4, "out.example.net"), "time": when - timedelta(hours=2), "attested": False},
    ]  # fmt: skip
    spf = {"field": "Authentication-Results", "method": "spf", "result": text_of(hostile, 2, "pass"), "attested": True}
    clock = {"decoder": "gmail_id_time", "hop": 1, "value": {"time": text_of(hostile, 1, "noon")}, "trust": "claimed"}
    about = {"boundary_basis": "top_hop_only", "authentication": [spf], "decoders": [clock]}
    return {
        "event_type": "email_message", "http_request_method": None, "url_original": None, "source_ip": None,
        "http_response_status_code": None, "email_subject": text_of(hostile, 8, "I know your street"),
        "email_from": text_of(hostile, 9, "b@example.net"), "hops": hops, "attested_ip": EXIT,
        "boundary_host": "mx.example.org", "extra": json.dumps(about),
    }  # fmt: skip


def _mail_tables(hostile: bool) -> dict[str, list[dict[str, Any]]]:  # noqa: FBT001
    mark = {
        "event_id": f"ev{MAIL:04}", "number": 0, "kind": "DKIM", "state": "body_changed", "domain": "example.net",
        "selector": text_of(hostile, 5, "s1"), "means": "altered after signing",
    }  # fmt: skip
    clock = {
        "stream_id": "s1", "exhibit_id": "E1", "member_path": "", "host": "mx.example.org", "n_pairs": 9,
        "n_negative": 1, "median_s": 3.0, "low_s": -2.0, "high_s": 41.0,
    }  # fmt: skip
    return {"mail_signatures": [mark], "mail_hosts": [clock]}


def _findings(hostile: bool) -> dict[str, list[dict[str, Any]]]:  # noqa: FBT001
    accounts = [
        {"account_key": key, "platform": key.split(":")[0], "login": key.split(":")[1], "n_events": 15,
         "display_names": [text_of(hostile, 3, "Tern")], "first_seen": FIRST, "last_seen": FIRST + timedelta(days=9),
         "exhibit_ids": ["E1"], "basis": "in_record"}
        for key in sorted((A, B, FLAT, COPY))
    ]  # fmt: skip
    observations = [
        {
            "account_key": key,
            "identifier_type": "ip",
            "identifier": ip,
            "first_seen": FIRST,
            "last_seen": FIRST + timedelta(days=2),
            "n_events": 4,
            "exhibit_ids": ["E1"],
            "event_ids": ["ev0001"],
        }
        for key, ip in ((A, HOME), (B, HOME), (FLAT, HOME), (A, EXIT), (COPY, EXIT))
    ]
    links = [
        _link("L1", A, B, (6.1, 2.6, 1.9, 5.0, 2.8), "device", "same_operator", n_items=2),
        _link("L2", A, FLAT, (2.4, 0.0, 0.0, 2.4, 0.9), "premises", "not_merged", n_items=1),
        _link("L3", A, COPY, (1.8, 1.6, 1.6, -0.4, -0.9), "imitator", "contradicted", n_items=1),
    ]
    items = [
        _item(
            "I1",
            "L1",
            "device",
            text_of(hostile, 0, "Both accounts used the same install id install-3f"),
            (4.0, 0.7, 0.0, 4.0),
            ["ev0001", "ev0005", "gone"],
        ),
        _item(
            "I2",
            "L1",
            "network",
            text_of(hostile, 1, f"Both accounts used {HOME} within 24 hours"),
            (2.1, 0.0, 0.0, 2.1),
            ["ev0001"],
        ),
        _item("I3", "L2", "network", f"Both accounts used {HOME} within 24 hours", (2.4, 0.0, 0.0, 2.4), ["ev0003"]),
        _item("I4", "L3", "username", "The user names are nearly equal", (1.8, 1.6, 1.6, -0.4), []),
    ]
    clusters = [
        {"cluster_id": "C1", "account_key": A, "size": 2, "weakest_link": 2.8, "density": 1.0, "status": "proposed"},
        {"cluster_id": "C1", "account_key": B, "size": 2, "weakest_link": 2.8, "density": 1.0, "status": "proposed"},
        {"cluster_id": "C2", "account_key": FLAT, "size": 1, "density": 1.0, "status": "single"},
        {"cluster_id": "C3", "account_key": COPY, "size": 1, "density": 1.0, "status": "single"},
    ]
    return {
        "accounts": accounts,
        "observations": observations,
        "links": links,
        "evidence_items": items,
        "clusters": clusters,
        "addresses": _addresses(hostile),
        "sensitivity": _tests(),
        **_graph(hostile),
    }


def _tests() -> list[dict[str, Any]]:
    """Tests of the supported link: the first finding decides, the rest of the case is steadier."""
    moved = {
        "item:I1": 0.6, "item:I2": 2.6, "family:device": 0.6, "family:network": 2.6, "exhibit:E1": -0.2,
        "rarity:x3": 2.5, "rarity:/3": 2.9, "premises:0.02": 2.9, "premises:0.5": 2.1, "networks:homes_shared": 2.7,
        "draws:p05": 2.2, "draws:p95": 3.3,
    }  # fmt: skip
    return [
        {"link_id": "L1", "variant": name, "llr_mixture": value, "band": "", "kept": 2 < value <= 3}
        for name, value in moved.items()
    ]


def _link(
    link: str, a: str, b: str, llr: tuple[float, ...], weakest: str, decision: str, *, n_items: int
) -> dict[str, Any]:
    names = ("llr_unrelated", "llr_premises", "llr_device", "llr_imitator", "llr_mixture")
    return {
        "link_id": link,
        "account_a": a,
        "account_b": b,
        **dict(zip(names, llr, strict=True)),
        "naive_sum": 41.0,
        "weakest": weakest,
        "band": "",
        "decision": decision,
        "n_items": n_items,
        "n_independent": n_items,
        "single_point": "I1" if link == "L1" else None,
        "reasons": [],
        "missing": ["web export has no device ids"],
        "searched": ["use within one minute on different devices: none in 96 hours in which both accounts were in use"],
    }


def _item(
    item: str, link: str, family: str, finding: str, used: tuple[float, ...], events: list[str]
) -> dict[str, Any]:
    names = ("unrelated", "premises", "device", "imitator")
    return {
        "item_id": item,
        "link_id": link,
        "family": family,
        "kind": family,
        "finding": finding,
        "identifier_type": "ip" if family == "network" else "device_id",
        "identifier": HOME if family == "network" else "install-3f",
        "independence_key": item,
        "n_raw_events": 41,
        "n_independent": 1,
        "first_seen": FIRST,
        "last_seen": FIRST,
        "min_gap_s": 90.0,
        "network_class": "fixed_isp",
        "background_scope": "case",
        "n_other_accounts": 0,
        "n_active_accounts": 14,
        "q": 0.03,
        **{f"raw_{n}": v + 1 for n, v in zip(names, used, strict=True)},
        **{f"used_{n}": v for n, v in zip(names, used, strict=True)},
        "cap": "4.0",
        "cap_source": "fit",
        "discounts": ["one identifier counts once"],
        "source_grade": "C3",
        "event_ids": events,
    }


def _addresses(hostile: bool) -> list[dict[str, Any]]:  # noqa: FBT001
    claim = {
        "database": "case database",
        "sha256": "c" * 64,
        "date": "2026-01-01",
        "value": "IE",
        "network": "203.0.113.0/24",
    }
    return [
        {
            "ip": HOME,
            "ip_version": 4,
            "scope": "documentation",
            "country": "IE",
            "country_agreement": "1/1",
            "country_claims": [claim],
            "city": text_of(hostile, 3, "Port Aldine"),
            "latitude": 53.4,
            "longitude": -6.2,
            "accuracy_km": 20.0,
            "accuracy_basis": "database",
            "centroid_default": False,
            "as_name": text_of(hostile, 4, "Harbour Fibre"),
            "asn": 64496,
            "network_class": "fixed_isp",
            "class_basis": "database",
            "listed": "not listed",
            "uncertainty_note": "This address identifies a connection, not a person.",
        },
        {
            "ip": EXIT,
            "ip_version": 4,
            "scope": "documentation",
            "country": "GB",
            "latitude": 51.5,
            "longitude": -0.1,
            "accuracy_km": 200.0,
            "accuracy_basis": "assumed",
            "centroid_default": False,
            "network_class": "vpn_provider",
            "listed": "listed",
            "class_claims": [
                {
                    "class": "vpn_provider",
                    "list": "case list",
                    "list_date": "2026-01-01",
                    "network": "198.51.100.128/25",
                }
            ],
        },
        {
            "ip": "192.0.2.9",
            "ip_version": 4,
            "country": "US",
            "latitude": 38.0,
            "longitude": -97.0,
            "accuracy_km": 1000.0,
            "accuracy_basis": "database",
            "centroid_default": True,
            "network_class": "unknown",
            "listed": "not listed",
        },
    ]


def _graph(hostile: bool) -> dict[str, list[dict[str, Any]]]:  # noqa: FBT001
    nodes = [
        {"node_id": f"account:{key}", "node_type": "account", "label": text_of(hostile, 0, key),
         "cluster_id": "C1" if key in {A, B} else None, "attributes": "{}"}
        for key in (A, B, FLAT, COPY)
    ]  # fmt: skip
    nodes += [
        {"node_id": f"address:{ip}", "node_type": "address", "label": ip, "attributes": '{"network_class":"fixed_isp"}'}
        for ip in (HOME, EXIT)
    ]
    nodes.append(
        {
            "node_id": "device:install-3f",
            "node_type": "device",
            "label": text_of(hostile, 5, "install-3f"),
            "attributes": "{}",
        }
    )
    ends = [
        (A, f"address:{HOME}"),
        (B, f"address:{HOME}"),
        (FLAT, f"address:{HOME}"),
        (A, f"address:{EXIT}"),
        (COPY, f"address:{EXIT}"),
        (A, "device:install-3f"),
        (B, "device:install-3f"),
    ]
    edges = [
        {
            "edge_id": f"E-{i}",
            "source": f"account:{a}",
            "target": b,
            "edge_type": "observed_on",
            "n_events": 4,
            "first_seen": FIRST,
            "last_seen": FIRST,
            "shared_infrastructure": EXIT in b,
            "event_ids": ["ev0001"],
            "attributes": "{}",
        }
        for i, (a, b) in enumerate(ends)
    ]
    edges.append(
        {
            "edge_id": "E-x",
            "source": f"account:{A}",
            "target": f"account:{B}",
            "edge_type": "same_operator",
            "weight": 2.8,
            "event_ids": [],
            "attributes": '{"link_id":"L1"}',
        }
    )
    path = {
        "path_id": "L1-P1",
        "link_id": "L1",
        "rank": 1,
        "strength": 0.3,
        "weakest_edge": "E-5",
        "node_ids": [f"account:{A}", "device:install-3f", f"account:{B}"],
        "edge_ids": ["E-5", "E-6"],
    }
    return {"nodes": nodes, "edges": edges, "paths": [path]}
