"""How two accounts are connected: best paths, weakest edges, shared infrastructure left out unless asked for."""

from __future__ import annotations

from typing import Any

from pipeline.link.paths import best_paths, path_graph, path_rows

A, B, C = "account:ig:a", "account:x:b", "account:forum:c"


def node(name: str, cluster: str | None = None) -> dict[str, Any]:
    return {"node_id": name, "node_type": name.partition(":")[0], "cluster_id": cluster}


def edge(one: str, two: str, kind: str, *, weight: float | None = None, shared: bool = False) -> dict[str, Any]:
    return {
        "edge_id": f"E-{one}-{two}-{kind}", "source": one, "target": two, "edge_type": kind, "weight": weight,
        "shared_infrastructure": shared, "event_ids": [f"event-{one}-{two}"],
    }  # fmt: skip


def crowd(count: int) -> list[dict[str, Any]]:
    return [node(f"account:ig:other{n}") for n in range(count)]


def names(paths: list[Any]) -> list[list[str]]:
    return [[path.hops[0].source, *(hop.target for hop in path.hops)] for path in paths]


def test_a_rare_device_comes_before_a_common_address() -> None:
    nodes = [node(A), node(B), node("device:d"), node("address:i"), *crowd(20)]
    edges = [edge(A, "device:d", "used_device"), edge(B, "device:d", "used_device")]
    edges += [edge(A, "address:i", "observed_on"), edge(B, "address:i", "observed_on")]
    edges += [edge(f"account:ig:other{n}", "address:i", "observed_on") for n in range(10)]
    found = best_paths(path_graph(nodes, edges), A, B)
    assert names(found) == [[A, "device:d", B], [A, "address:i", B]]
    assert [hop.accounts for hop in found[1].hops] == [12, 12]


def test_a_path_is_as_strong_as_its_weakest_edge() -> None:
    nodes = [node(A), node(B), node(C), *crowd(97)]
    edges = [edge(A, C, "same_operator", weight=3.5), edge(C, B, "same_operator", weight=2.1)]
    (path,) = best_paths(path_graph(nodes, edges), A, B)
    assert path.weakest is not None
    assert (path.weakest.source, path.weakest.target, path.weakest.strength) == (C, B, 2.1)


def test_the_edge_derived_for_the_pair_itself_is_no_path_but_a_message_is() -> None:
    nodes = [node(A), node(B), *crowd(5)]
    derived = edge(A, B, "same_operator", weight=3.9)
    assert best_paths(path_graph(nodes, [derived]), A, B) == []
    for edges in ([derived, edge(B, A, "messaged")], [edge(B, A, "messaged"), derived]):
        (path,) = best_paths(path_graph(nodes, edges), A, B)
        assert [hop.edge_type for hop in path.hops] == ["messaged"]


def test_shared_infrastructure_is_left_out_and_marked_when_asked_for() -> None:
    nodes = [node(A), node(B), node("address:vpn")]
    edges = [edge(A, "address:vpn", "observed_on", shared=True), edge(B, "address:vpn", "observed_on", shared=True)]
    graph = path_graph(nodes, edges)
    assert best_paths(graph, A, B) == []
    (path,) = best_paths(graph, A, B, through_shared=True)
    assert path.shared
    assert all(hop.shared for hop in path.hops)


def test_a_hub_is_shared_infrastructure_whatever_it_is() -> None:
    nodes = [node(A), node(B), node("email:news"), *crowd(60)]
    edges = [edge(A, "email:news", "known_by"), edge(B, "email:news", "known_by")]
    edges += [edge(f"account:ig:other{n}", "email:news", "known_by") for n in range(60)]
    graph = path_graph(nodes, edges)
    assert best_paths(graph, A, B) == []
    assert best_paths(graph, A, B, through_shared=True)[0].shared


def test_an_end_may_have_any_number_of_neighbours() -> None:
    nodes = [node(A), node(B), *crowd(60)]
    edges = [edge(f"account:ig:other{n}", A, "messaged") for n in range(60)] + [edge(B, A, "messaged")]
    assert names(best_paths(path_graph(nodes, edges), A, B)) == [[A, B]]


def test_equally_good_paths_come_in_the_order_of_their_names() -> None:
    nodes = [node(A), node(B), *(node(f"device:{n}") for n in range(6)), *crowd(9)]
    edges = [edge(end, f"device:{n}", "used_device") for n in (3, 1, 5, 0, 4, 2) for end in (B, A)]
    assert names(best_paths(path_graph(nodes, edges), A, B)) == [[A, f"device:{n}", B] for n in range(3)]


def test_edges_that_keep_accounts_apart_are_no_connection() -> None:
    nodes = [node(A), node(B)]
    edges = [edge(A, B, "contradicts", weight=-2.0), edge(A, B, "judged_different")]
    assert best_paths(path_graph(nodes, edges), A, B) == []


def test_accounts_unknown_or_in_other_parts_have_no_path() -> None:
    graph = path_graph([node(A), node(B)], [edge(A, "device:d", "used_device"), edge(B, "device:e", "used_device")])
    assert best_paths(graph, A, B) == []
    assert best_paths(graph, A, "account:nobody") == []


def test_paths_of_pairs_in_groups_and_of_near_misses_are_written_down() -> None:
    nodes = [node(A, "C-1"), node(B, "C-1"), node(C), node("device:d"), *crowd(8)]
    edges = [edge(A, "device:d", "used_device"), edge(B, "device:d", "used_device"), edge(C, A, "messaged")]
    links = [
        {"link_id": "L-1", "account_a": "ig:a", "account_b": "x:b", "llr_unrelated": 4.0},
        {"link_id": "L-2", "account_a": "forum:c", "account_b": "ig:a", "llr_unrelated": 1.0},
    ]
    rows = path_rows(nodes, edges, links)
    assert [(r["path_id"], r["node_ids"]) for r in rows] == [("L-1-P1", [A, "device:d", B]), ("L-2-P1", [C, A])]
    assert rows[0]["strength"] == 0.7404
    assert rows[0]["weakest_edge"] in rows[0]["edge_ids"]
