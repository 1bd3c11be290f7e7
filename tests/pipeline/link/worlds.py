"""Small worlds for linking tests: who was seen where, written as tables of a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.case import Alternatives
from pipeline.link.accounts import account_tables
from pipeline.link.linking import link_rows
from pipeline.link.weights import load_weights
from pipeline.link.world import load_world
from pipeline.store import Store
from pipeline.tables import schema_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.judgements import Judgement

START = datetime(2026, 1, 5, tzinfo=UTC)
EXHIBITS = {"EX-001": "1" * 64, "EX-002": "2" * 64}


@dataclass
class Stage:
    """Collects events and address classes; `links()` runs accounts and links over them."""

    root: Path
    events: list[dict[str, Any]] = field(default_factory=list)
    classes: dict[str, dict[str, Any]] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)
    judged: Sequence[Judgement] = ()

    def seen(self, account: str, ip: str | None, day: float, *, exhibit: str = "EX-001", **more: Any) -> None:
        platform, _, login = account.partition(":")
        at = START + timedelta(days=day)
        self.events.append(
            {
                "event_id": f"{exhibit}:{len(self.events):06d}",
                "exhibit_sha256": EXHIBITS[exhibit],
                "member_path": "",
                "format_id": "table/mapped",
                "format_version": 1,
                "span_start": 0,
                "span_end": 1,
                "locator": "",
                "tier": "data-proven",
                "event_type": "authentication",
                "event_outcome": "success",
                "account_platform": platform,
                "account_login": login or None,
                "source_ip": ip,
                "timestamp": at,
                "timestamp_earliest": at,
                "timestamp_latest": at,
            }
            | more
        )

    def network(
        self, ip: str, kind: str, lat: float | None = None, lon: float | None = None, radius: float = 20.0
    ) -> None:
        self.classes[ip] = {
            "ip": ip,
            "ip_version": 4,
            "network_class": kind,
            "latitude": lat,
            "longitude": lon,
            "accuracy_km": radius,
            "centroid_default": False,
        }

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        store = Store(self.root)
        exhibits = [{"exhibit_id": k, "sha256": v} for k, v in EXHIBITS.items()]
        for name, rows in (("events", self.events), ("exhibits", exhibits), ("addresses", list(self.classes.values()))):
            store.write(name, "all", pa.Table.from_pylist(rows, schema_of(name)))
        with store.connect() as con:
            for name, table in account_tables(con, self.declared).items():
                store.write(name, "all", table)
        with store.connect() as con:
            world = load_world(con, 2)
        out = link_rows(world, Alternatives(), load_weights(), self.judged)
        out["accounts"] = store.read("accounts").to_pylist()
        out["account_events"] = store.read("account_events").to_pylist()
        out["observations"] = store.read("observations").to_pylist()
        return out

    def crowd(self, n: int) -> None:
        """Bystanders on home networks of their own, active through 20 days."""
        for k in range(n):
            self.network(f"198.18.7.{k}", "fixed_isp")
            for day in range(20):
                self.seen(f"forum:crowd{k:02d}zq", f"198.18.7.{k}", day + k / 100)


def link(tables: dict[str, list[dict[str, Any]]], a: str, b: str) -> dict[str, Any] | None:
    """The link between two accounts, or None when they were never scored."""
    key = sorted((a, b))
    return next((r for r in tables["links"] if [r["account_a"], r["account_b"]] == key), None)


def items(tables: dict[str, list[dict[str, Any]]], row: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Items of a link by kind."""
    return {i["kind"]: i for i in tables["evidence_items"] if i["link_id"] == row["link_id"]}
