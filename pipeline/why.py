"""`vestigo why`: why two accounts are linked, or why they are not."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from pipeline.case import Alternatives, find_case, load_case
from pipeline.errors import UsageError
from pipeline.judgements import Judgement
from pipeline.report import wording
from pipeline.report.attribution import Link
from pipeline.store import Store
from pipeline.waterfall import waterfall
from pipeline.why_text import render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import duckdb

    Row = dict[str, Any]

__all__ = ["named", "why_text", "why_view"]

_FIRST_EVENTS = """
SELECT e.event_id, x.exhibit_id, e.member_path, e.locator FROM events e
JOIN exhibits x ON x.sha256 = e.exhibit_sha256 WHERE e.event_id IN (SELECT unnest(?::VARCHAR[]))
"""
_STATED = """
SELECT edge_id, n_events, attributes, event_ids FROM edges WHERE edge_type = 'provider_link'
AND ((source = ? AND target = ?) OR (source = ? AND target = ?)) ORDER BY edge_id
"""


def why_text(
    case_dir: Path, names: tuple[str, str], *, as_json: bool = False, paths: int = 0, through_shared: bool = False
) -> str:
    """What `vestigo why` prints.

    Args:
        case_dir: The case folder, or a folder inside it.
        names: The two accounts.
        as_json: As JSON instead of lines.
        paths: How many of the best paths between them to add.
        through_shared: Also paths through shared infrastructure.

    Raises:
        UsageError: an account is not in the case, or both are the same.
    """
    view = why_view(case_dir, names)
    if paths:
        view["paths"] = _paths(case_dir, view["accounts"], paths, through_shared=through_shared)
    if as_json:
        return json.dumps(view, indent=2, ensure_ascii=True)
    return "\n".join(render(view))


def why_view(case_dir: Path, names: tuple[str, str]) -> Row:
    """Everything `vestigo why` says, under the names that its JSON has."""
    from pipeline.link.stage import LINKS
    from pipeline.link.why import pair_facts
    from pipeline.link.world import load_world

    case = load_case(find_case(case_dir))
    store = Store(case.root)
    params = LINKS.jobs(case, store)[0].params
    weights, shares = params["weights"], Alternatives(**params["shares"])
    with store.connect() as con:
        world = load_world(con, weights["max_time_uncertainty_hours"])
        pair = _pair(world.keys, names)
        facts = pair_facts(world, shares, weights, pair, [Judgement(**j) for j in params["judgements"]])
        places = _places(con, facts["items"])
        stated = _stated(con, pair)
        known = con.execute("SELECT llr_mixture FROM links WHERE link_id = ?", [facts["link"]["link_id"]]).fetchone()
    return _view(facts, shares, places) | {
        "stated_by_providers": stated,
        "number_in_tables": None if known is None else known[0],
    }


def _pair(keys: Sequence[str], names: tuple[str, str]) -> tuple[str, str]:
    one, two = (named(keys, name) for name in names)
    if one == two:
        raise UsageError(f"both names are {one}", next_step="name two different accounts")
    return min(one, two), max(one, two)


def named(keys: Sequence[str], name: str) -> str:
    """The account of this name.

    Raises:
        UsageError: there is none; the error gives the nearest names.
    """
    from rapidfuzz import process, utils

    if name in keys:
        return name
    same = [key for key in keys if key.casefold() == name.casefold() or key.partition(":")[2] == name]
    if len(same) == 1:
        return same[0]
    near = same or [found[0] for found in process.extract(name, keys, limit=5, processor=utils.default_process)]
    step = f"near: {', '.join(near)}" if near else "the case has no accounts yet: vestigo run"
    raise UsageError(f"no account of this case is called {name!r}", next_step=step)


def _places(con: duckdb.DuckDBPyConnection, items: Sequence[Row]) -> dict[str, Row]:
    wanted = sorted({event for item in items for event in item["event_ids"]})
    rows = con.execute(_FIRST_EVENTS, [wanted]).fetchall()
    return {r[0]: {"exhibit": r[1], "member": r[2], "locator": r[3]} for r in rows}


def _stated(con: duckdb.DuckDBPyConnection, pair: tuple[str, str]) -> list[Row]:
    one, two = (f"account:{key}" for key in pair)
    rows = con.execute(_STATED, [one, two, two, one]).fetchall()
    return [
        {"edge_id": r[0], "records": r[1], "bases": json.loads(r[2]).get("stated_bases", []), "event_ids": r[3]}
        for r in rows
    ]


def _view(facts: Row, shares: Alternatives, places: Mapping[str, Row]) -> Row:
    row, items = facts["link"], facts["items"]
    link = Link(row, tuple(items), shares.threshold)
    support, meaning = wording.verdict(row["llr_mixture"], row["decision"])
    return {
        "accounts": [row["account_a"], row["account_b"]],
        "link_id": row["link_id"],
        "weighed_in_run": facts["scored"],
        "decision": row["decision"],
        "outcome": wording.decision(row["decision"]),
        "support": support,
        "meaning": meaning,
        "llr": {"mixture": row["llr_mixture"], **{k: row[f"llr_{k}"] for k in wording.ALTERNATIVES}},
        "band": row["band"],
        "weakest": row["weakest"],
        "weakest_words": link.weakest(),
        "range": {"low": row["mixture_low"], "high": row["mixture_high"]},
        "ceiling": facts["ceiling"],
        "threshold": shares.threshold,
        "shares": {k: v for k, v in dataclasses.asdict(shares).items() if k in wording.ALTERNATIVES},
        "single_point": row["single_point"],
        "items": [_item(item, places) for item in items],
        "waterfall": [step._asdict() for step in waterfall(row, items, shares)],
        "sensitivity": _tests(facts["sensitivity"], items),
        "why": [link.why(9)] if items else ["Nothing was found that both accounts have, or that sets them apart."],
        "searched": row["searched"],
        "missing": row["missing"],
        "group": facts["group"],
        "group_reasons": facts["group_reasons"],
        "chain": facts["chain"],
        "forbidding": facts["forbidding"],
        "hidden": facts["hidden"],
        "limits": list(wording.LIMITS),
    }


def _paths(case_dir: Path, accounts: Sequence[str], count: int, *, through_shared: bool) -> list[Row]:
    from pipeline.link.paths import best_paths, path_graph

    store = Store(find_case(case_dir))
    graph = path_graph(store.read("nodes").to_pylist(), store.read("edges").to_pylist())
    one, two = (f"account:{key}" for key in accounts)
    return [
        {
            "weakest": path.weakest._asdict() if path.weakest else None,
            "through_shared": path.shared,
            "hops": [hop._asdict() for hop in path.hops],
        }
        for path in best_paths(graph, one, two, count, through_shared=through_shared)
    ]


def _item(item: Row, places: Mapping[str, Row]) -> Row:
    kept = {k: _plain(v) for k, v in item.items() if k not in {"place", "link_id"}}
    at = [places[event] for event in item["event_ids"] if event in places]
    first = item["event_ids"][0] if item["event_ids"] else None
    return kept | {
        "exhibits": sorted({place["exhibit"] for place in at}),
        "first_event": first,
        "first_place": places.get(first) if first else None,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a row
    """A value as JSON: times as text, UTC."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value


def _tests(rows: Sequence[Row], items: Sequence[Row]) -> list[Row]:
    """The tests, weakest number first within each sort, with words for the variant."""
    findings = {item["item_id"]: item["finding"] for item in items}
    out = [
        {"variant": r["variant"], "words": wording.variant(r["variant"], findings)}
        | {"llr_mixture": r["llr_mixture"], "band": r["band"], "kept": r["kept"]}
        for r in rows
    ]
    return sorted(out, key=lambda r: (wording.variant_order(r["variant"]), r["llr_mixture"], r["variant"]))
