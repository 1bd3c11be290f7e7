"""Stages: accounts from events, links from accounts, the attribution graph from both."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pipeline.case import Alternatives, load_case
from pipeline.judgements import Judgement, load_judgements
from pipeline.link.accounts import account_tables
from pipeline.link.graph import graph_rows, graphml_bytes
from pipeline.link.linking import link_rows
from pipeline.link.paths import path_rows
from pipeline.link.weights import merged_weights
from pipeline.link.world import load_world
from pipeline.stage import Job, Stage
from pipeline.store import Store, write_atomic
from pipeline.tables import schema_of

if TYPE_CHECKING:
    from pipeline.case import Case

__all__ = ["ACCOUNTS", "GRAPH", "LINKS"]

GRAPHML = Path("exports") / "attribution.graphml"


def _write(root: Path, tables: dict[str, Any]) -> list[Path]:
    store, out = Store(root), []
    for name, rows in sorted(tables.items()):
        table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(rows, schema_of(name))
        out.append(store.write(name, "all", table).relative_to(root))
    return out


def _account_jobs(case: Case, store: Store) -> list[Job]:  # noqa: ARG001 - one signature for all stages
    return [Job("all", {"declared": {e.sha256: e.account for e in case.exhibits if e.account}})]


def _accounts(root: Path, job: Job) -> list[Path]:
    with Store(root).connect() as con:
        return _write(root, account_tables(con, job.params["declared"]))


def _link_jobs(case: Case, store: Store) -> list[Job]:  # noqa: ARG001
    params = {
        "shares": dataclasses.asdict(case.weights),
        "weights": merged_weights(case.model),
        "judgements": [dataclasses.asdict(j) for j in load_judgements(case.root)],
    }
    return [Job("all", params)]


def _links(root: Path, job: Job) -> list[Path]:
    weights = job.params["weights"]
    with Store(root).connect() as con:
        world = load_world(con, weights["max_time_uncertainty_hours"])
    judged = [Judgement(**j) for j in job.params["judgements"]]
    return _write(root, link_rows(world, Alternatives(**job.params["shares"]), weights, judged))


def _graph_jobs(case: Case, store: Store) -> list[Job]:  # noqa: ARG001
    return [Job("all", {"parties": [dataclasses.asdict(p) for p in case.parties]})]


def _graph(root: Path, job: Job) -> list[Path]:  # noqa: ARG001 - one signature for all stages
    with Store(root).connect() as con:
        nodes, edges = graph_rows(con, load_case(root).parties)
        links = con.sql("SELECT * FROM links ORDER BY link_id").to_arrow_table().to_pylist()
    written = _write(root, {"nodes": nodes, "edges": edges, "paths": path_rows(nodes, edges, links)})
    write_atomic(root / GRAPHML, graphml_bytes(nodes, edges))
    return [*written, GRAPHML]


ACCOUNTS = Stage(
    name="accounts",
    version=4,
    title="Finding accounts",
    needs=("events", "exhibits", "repeats"),
    makes=("accounts", "account_events", "observations"),
    jobs=_account_jobs,
    run=_accounts,
)
LINKS = Stage(
    name="links",
    version=6,
    title="Weighing links",
    needs=("accounts", "account_events", "observations", "addresses", "events", "exhibits", "texts"),
    makes=("links", "evidence_items", "sensitivity", "clusters", "judgements", "suppressed"),
    jobs=_link_jobs,
    run=_links,
)
GRAPH = Stage(
    name="graph",
    version=4,
    title="Drawing the graph",
    needs=(
        "accounts",
        "account_events",
        "observations",
        "addresses",
        "events",
        "exhibits",
        "links",
        "clusters",
        "judgements",
    ),
    makes=("nodes", "edges", "paths"),
    jobs=_graph_jobs,
    run=_graph,
)
