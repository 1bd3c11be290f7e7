"""The attribution graph: accounts, what was seen with them, and what the data supports about them.

Observed edges rest on events; derived edges (`same_operator`, `contradicts`) rest on evidence items. Messages are
edge evidence, never nodes. Nothing in the graph is a person: a proposed operator is a group of accounts.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    import networkx as nx

    from pipeline.case import Party

__all__ = ["build_graph", "graph_rows", "graphml_bytes"]

_SHARED = {
    "vpn_provider",
    "tor_exit",
    "privacy_relay",
    "public_proxy",
    "hosting",
    "cloud",
    "cdn",
    "cgnat_shared",
    "mobile_carrier",
}
_NODE_TYPE = {
    "ip": "address",
    "device_id": "device",
    "cookie": "device",
    "ad_id": "device",
    "key_fingerprint": "device",
    "email": "email",
    "recovery_email": "email",
    "phone": "phone",
    "recovery_phone": "phone",
    "payment": "payment",
    "external_account": "external_account",
    "subscriber": "subscriber",
}
_EDGE_TYPE = {
    "address": "observed_on",
    "device": "used_device",
    "email": "known_by",
    "phone": "known_by",
    "payment": "paid_with",
    "external_account": "stated_link",
    "subscriber": "stated_link",
}
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MESSAGED = """
SELECT a.account_key AS source, t.account_key AS target,
       CASE WHEN e.event_type IN ('message', 'email_message', 'call') THEN 'messaged' ELSE e.event_type END AS kind,
       min(e.timestamp) AS first_seen, max(e.timestamp) AS last_seen, count(DISTINCT event_id) AS n,
       list_sort(list(DISTINCT event_id))[1:10] AS event_ids,
       list_sort(list(DISTINCT e.event_action) FILTER (WHERE e.event_type = 'provider_link')) AS stated_bases
FROM account_events a JOIN account_events t USING (event_id) JOIN events e USING (event_id)
WHERE a.role IN ('actor', 'named', 'claimed') AND t.role = 'target' AND a.account_key <> t.account_key
GROUP BY ALL ORDER BY ALL
"""
_LEASES = """
SELECT ip, subscriber, min(timestamp) AS first_seen, max(coalesce(timestamp_end, timestamp)) AS last_seen,
       count(*) AS n, list_sort(list(event_id))[1:10] AS event_ids
FROM (
  SELECT source_ip AS ip, event_id, timestamp, timestamp_end, unnest(coalesce(
           [i.value FOR i IN identifiers IF i.type = 'subscriber'],
           [account_platform || ':' || account_login])) AS subscriber
  FROM events WHERE event_type = 'lease' AND source_ip IS NOT NULL
) WHERE subscriber IS NOT NULL GROUP BY ALL ORDER BY ALL
"""

_JUDGED = """
SELECT link_id, judgement, string_agg(judged_by, '; ' ORDER BY judgement_id) AS "by",
       string_agg(judged_at, '; ' ORDER BY judgement_id) AS "when",
       string_agg(reason, '; ' ORDER BY judgement_id) AS reason
FROM judgements WHERE revoked_at IS NULL GROUP BY ALL ORDER BY ALL
"""
_ADDRESSES = """
SELECT ip, network_class, country, city, as_name, scope FROM addresses
WHERE ip IN (SELECT identifier FROM observations) OR ip IN (SELECT source_ip FROM events WHERE event_type = 'lease')
"""


def _query(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = con.sql(sql).to_arrow_table().to_pylist()
    return rows


def _edge(source: str, target: str, kind: str, row: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    name = hashlib.sha256(f"{source}\x00{target}\x00{kind}".encode("utf-8", "backslashreplace")).hexdigest()[:16]
    return {
        "edge_id": f"E-{name}",
        "source": source,
        "target": target,
        "edge_type": kind,
        "first_seen": row.get("first_seen"),
        "last_seen": row.get("last_seen"),
        "n_events": row.get("n", row.get("n_events")),
        "weight": None,
        "shared_infrastructure": False,
        "event_ids": row.get("event_ids") or [],
        "attributes": "{}",
    } | more


def _node(node_id: str, kind: str, label: str, cluster: str | None, **attributes: Any) -> dict[str, Any]:  # noqa: ANN401
    kept = {k: v for k, v in attributes.items() if v not in (None, "", [])}
    return {
        "node_id": node_id,
        "node_type": kind,
        "label": label,
        "cluster_id": cluster,
        "attributes": json.dumps(kept, sort_keys=True, ensure_ascii=False, default=str),
    }


def graph_rows(
    con: duckdb.DuckDBPyConnection, parties: Sequence[Party]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of `nodes` and `edges`."""
    cluster_of = dict(con.execute("SELECT account_key, cluster_id FROM clusters WHERE size > 1").fetchall())
    roles = {account: party.role for party in parties for account in party.accounts}
    addresses = {r["ip"]: r for r in _query(con, _ADDRESSES)}
    nodes = {
        f"account:{a['account_key']}": _node(
            f"account:{a['account_key']}",
            "account",
            a["account_key"],
            cluster_of.get(a["account_key"]),
            platform=a["platform"],
            basis=a["basis"],
            n_events=a["n_events"],
            declared_role=roles.get(a["account_key"]),
            display_names=a["display_names"],
        )
        for a in _query(con, "SELECT * FROM accounts ORDER BY account_key")
    }
    edges: list[dict[str, Any]] = []
    for row in _query(con, "SELECT * FROM observations ORDER BY ALL"):
        _add_observation(nodes, edges, row, addresses)
    for row in _query(con, _MESSAGED):
        more = {"attributes": _asserted(row["stated_bases"])} if row["kind"] == "provider_link" else {}
        edges += [_edge(f"account:{row['source']}", f"account:{row['target']}", row["kind"], row, **more)]
    for row in _query(con, _LEASES):
        _add_lease(nodes, edges, row, addresses)
    judged = {(row.pop("link_id"), row.pop("judgement")): row for row in _query(con, _JUDGED)}
    edges += [e for row in _query(con, "SELECT * FROM links ORDER BY link_id") for e in _derived(row, judged)]
    return [nodes[k] for k in sorted(nodes)], sorted(edges, key=lambda e: e["edge_id"])


def _asserted(bases: list[str] | None) -> str:
    """A provider's statement that accounts belong together is the provider's, not a result of weighing."""
    return json.dumps({"trust": "provider_asserted", "stated_bases": bases or []}, sort_keys=True)


def _address_node(nodes: dict[str, dict[str, Any]], ip: str, addresses: dict[str, dict[str, Any]]) -> tuple[str, bool]:
    node_id, known = f"address:{ip}", addresses.get(ip, {})
    nodes.setdefault(
        node_id,
        _node(
            node_id,
            "address",
            ip,
            None,
            network_class=known.get("network_class"),
            country=known.get("country"),
            city=known.get("city"),
            as_name=known.get("as_name"),
            scope=known.get("scope"),
        ),
    )
    return node_id, known.get("network_class") in _SHARED


def _add_observation(
    nodes: dict[str, dict[str, Any]],
    edges: list[dict[str, Any]],
    row: dict[str, Any],
    addresses: dict[str, dict[str, Any]],
) -> None:
    kind, value = _NODE_TYPE.get(row["identifier_type"]), row["identifier"]
    if kind is None:
        return
    shared = False
    if kind == "address":
        node_id, shared = _address_node(nodes, value, addresses)
    else:
        node_id = f"{kind}:{value.lower()}"
        nodes.setdefault(node_id, _node(node_id, kind, value, None))
    edges.append(
        _edge(
            f"account:{row['account_key']}",
            node_id,
            _EDGE_TYPE.get(kind, "observed_on"),
            row,
            shared_infrastructure=shared,
            attributes=json.dumps({"identifier_type": row["identifier_type"]}),
        )
    )
    if kind == "email" and f"account:email:{value.lower()}" in nodes:
        edges.append(_edge(node_id, f"account:email:{value.lower()}", "is_account", {}))


def _add_lease(
    nodes: dict[str, dict[str, Any]],
    edges: list[dict[str, Any]],
    row: dict[str, Any],
    addresses: dict[str, dict[str, Any]],
) -> None:
    node_id, _ = _address_node(nodes, row["ip"], addresses)
    subscriber = f"subscriber:{row['subscriber']}"
    nodes.setdefault(
        subscriber,
        _node(subscriber, "subscriber", row["subscriber"], None, meaning="a contract the provider names; not a person"),
    )
    edges.append(_edge(node_id, subscriber, "assigned_to", row))


_DERIVED = {
    "same_operator": "same_operator",
    "contradicted": "contradicts",
    "judged_same": "judged_same",
    "judged_different": "judged_different",
}
_JUDGEMENT = {"judged_same": "positive", "judged_different": "negative"}


def _derived(row: dict[str, Any], judged: dict[tuple[str, str], dict[str, Any]]) -> list[dict[str, Any]]:
    kind = _DERIVED.get(row["decision"])
    if kind is None:
        return []
    attributes = {"trust": "inferred", "link_id": row["link_id"], "band": row["band"], "weakest": row["weakest"]}
    if kind in _JUDGEMENT:
        attributes |= {"trust": "human_judgement", **judged.get((row["link_id"], _JUDGEMENT[kind]), {})}
    return [
        _edge(
            f"account:{row['account_a']}",
            f"account:{row['account_b']}",
            kind,
            {},
            weight=row["llr_mixture"],
            attributes=json.dumps(attributes, sort_keys=True),
        )
    ]


def build_graph(nodes: Sequence[dict[str, Any]], edges: Sequence[dict[str, Any]]) -> nx.MultiDiGraph:
    """The graph as networkx: node and edge attributes without nulls, every text safe for XML."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    for node in nodes:
        graph.add_node(_safe(node["node_id"]), **_plain(node, ("node_id",)))
    for edge in edges:
        graph.add_edge(
            _safe(edge["source"]), _safe(edge["target"]), key=edge["edge_id"], **_plain(edge, ("source", "target"))
        )
    return graph


def _plain(row: dict[str, Any], left_out: tuple[str, ...]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in row.items():
        if name in left_out or value is None:
            continue
        if hasattr(value, "isoformat"):
            out[name] = value.isoformat()
        elif isinstance(value, list):
            out[name] = _safe(" ".join(value))
        else:
            out[name] = _safe(value) if isinstance(value, str) else value
    return out


def _safe(text: str) -> str:
    """Characters that XML 1.0 cannot hold become visible escapes."""
    return _CONTROL.sub(lambda m: f"\\u{ord(m.group()):04x}", text)


def graphml_bytes(nodes: Sequence[dict[str, Any]], edges: Sequence[dict[str, Any]]) -> bytes:
    """GraphML 1.0 of the graph; the same rows give the same bytes."""
    import networkx as nx

    out = io.BytesIO()
    nx.write_graphml_xml(build_graph(nodes, edges), out, named_key_ids=True)
    return out.getvalue()
