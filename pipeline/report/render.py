"""The report: one HTML file that holds everything it shows and asks the network for nothing."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from pipeline.evidence import open_member
from pipeline.report import attribution, custody, headline
from pipeline.report.clock import offsets
from pipeline.report.columns import micros, pack
from pipeline.report.events import activity, excerpts, load_events
from pipeline.report.explanation import explained
from pipeline.report.graph import graph_payload
from pipeline.report.judged import judged_payload
from pipeline.report.mails import mails_payload
from pipeline.report.method import method_payload
from pipeline.report.page import page
from pipeline.report.places import places_payload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.case import Case
    from pipeline.report.events import Events, Opener
    from pipeline.store import Store

__all__ = ["render"]

ACCOUNT_LIMIT = 5_000


def render(
    case: Case,
    store: Store,
    weights: Sequence[Mapping[str, object]] = (),
    overrides: Sequence[Mapping[str, object]] = (),
    *,
    opener: Opener = open_member,
) -> bytes:
    """The report of a case. Equal tables and evidence give equal bytes.

    Args:
        case: What case.toml says.
        store: The case's tables.
        weights: Rows of the declared weight table, for the method section.
        overrides: Parameters that the case sets differently: key, shipped, used, reason.
        opener: How the bytes of a member are opened.
    """
    held = custody.load_custody(case, store)
    found = attribution.load_attribution(store, case.weights.threshold)
    with closing(store.connect()) as con:
        events = load_events(con)
        mails = mails_payload(con, events.rows)
        core: dict[str, Any] = {"activity": activity(con), "places": places_payload(con)}
    used = {row["format_id"] for row in held.members if row["format_id"]}
    core |= {
        "case": _case(case),
        "clock": offsets(case.info.timezone, _times(events)),
        "headline": headline.payload(case, held, found, events.total),
        "custody": custody.payload(held),
        "attribution": attribution.payload(found, explained(store, found.links, case.weights)),
        "judged": judged_payload(store),
        "accounts": _accounts(store),
        "total_accounts": store.read("accounts", ["account_key"]).num_rows,
        "graph": graph_payload(store, found),
        "method": method_payload(case, used, weights, overrides),
    }
    blocks = {
        "core": pack(core),
        "events": pack({**events.payload, "total": events.total}),
        "mails": pack(mails),
        "bytes": pack(excerpts(case, events.rows, opener)),
    }
    return page(blocks, {"case": core["case"], "head": core["headline"], "version": core["method"]["version"]})


def _accounts(store: Store) -> list[dict[str, Any]]:
    """Accounts by name, at most `ACCOUNT_LIMIT`: the busiest."""
    rows: list[dict[str, Any]] = micros(store.read("accounts")).to_pylist()
    rows.sort(key=lambda row: (-(row["n_events"] or 0), row["account_key"]))
    return sorted(rows[:ACCOUNT_LIMIT], key=lambda row: str(row["account_key"]))


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.info.id, "title": case.info.title, "timezone": case.info.timezone,
        "reference": case.info.reference,
        "parties": [
            {"id": p.id, "role": p.role, "label": p.label, "accounts": list(p.accounts), "basis": p.basis}
            for p in case.parties
        ],
    }  # fmt: skip


def _times(events: Events) -> list[int]:
    stamps = (row["timestamp"] for row in events.rows)
    return [int(stamp.timestamp()) * 1_000_000 for stamp in stamps if stamp is not None]  # type: ignore[attr-defined]
