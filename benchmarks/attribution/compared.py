"""All models on the same simulated cases: pairs scored by each, decided at the threshold that suits it best.

Every baseline gets the candidate pairs of the model and its own best threshold on the very cases it is judged on,
which flatters it; the model keeps the shipped one.
"""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np

from benchmarks.attribution import baselines
from benchmarks.attribution.adapter import world_of
from benchmarks.attribution.clustering import clusters_pairwise
from benchmarks.attribution.judged import truth_of
from benchmarks.attribution.metrics import cllr
from benchmarks.attribution.simulator.world import simulate
from pipeline.case import Alternatives
from pipeline.link.items import KINDS
from pipeline.link.linking import Linked, weigh
from pipeline.link.weights import load_weights

__all__ = ["one_case", "table"]

LEARNT = range(2)
_RATIOS = {"naive sum", "one alternative", "gradient boosting", "Vestigo"}


def _features(linked: Linked) -> np.ndarray:
    """One row per pair: what each kind says against strangers and housemates, and how often it was seen."""
    out = np.zeros((len(linked.found.pairs), len(KINDS), 3))
    for column, values in enumerate((linked.items.used[:, 0], linked.items.used[:, 1], linked.items.n_independent)):
        np.add.at(out[:, :, column], (linked.items.pair, linked.items.kind), values)
    return out.reshape(len(out), -1)


def _case(seed: int) -> tuple[Any, Linked, Any, np.ndarray, np.ndarray]:
    case = simulate(seed)
    world = world_of(case)
    linked = weigh(world, Alternatives(), load_weights())
    operator, _ = truth_of(case, world)
    pairs = linked.found.pairs
    kept = np.flatnonzero((operator[pairs.a] >= 0) & (operator[pairs.b] >= 0))
    same = (operator[pairs.a] == operator[pairs.b])[kept]
    return case, linked, world, kept, same


def one_case(seed: int) -> dict[str, Any]:
    """Scores of every model on the candidate pairs of one case."""
    case, linked, world, kept, same = _case(seed)
    a, b = linked.found.pairs.a[kept], linked.found.pairs.b[kept]
    pairs = [(world.keys[i], world.keys[j]) for i, j in zip(a.tolist(), b.tolist(), strict=True)]
    operator, _ = truth_of(case, world)
    sizes = np.bincount(operator[operator >= 0])
    scores = {
        "shared address within 24 h": baselines.shared_ip_24h,
        "shared home address, days": baselines.shared_home_days,
        "naive sum": baselines.naive_sum,
        "one alternative": baselines.one_alternative,
    }
    out: dict[str, Any] = {name: np.asarray(how(case, pairs)["score"]) for name, how in scores.items()}
    if importlib.util.find_spec("splink"):
        from benchmarks.attribution.splink_adapter import SETUPS, splink_scores

        for setup in SETUPS:
            out[f"Splink 5 ({setup})"] = np.asarray(splink_scores(case, pairs, setup)["score"])
    if importlib.util.find_spec("sklearn"):
        learnt = [_case(s) for s in LEARNT]
        train = np.concatenate([_features(row[1])[row[3]] for row in learnt])
        truth = np.concatenate([row[4] for row in learnt])
        out["gradient boosting (ceiling)"] = baselines.boosted(train, truth, _features(linked)[kept])
    out["Vestigo"] = linked.scores.usable()[kept]
    household = {
        tuple(sorted((r["account_a"], r["account_b"])))
        for r in case.pairs.to_pylist()
        if r["stratum"] in {"household", "shared_device"}
    }
    home = np.array([p in household for p in pairs]) & ~same
    return {
        "scores": out,
        "same": same,
        "ends": (a, b),
        "operator": operator,
        "group": linked.group,
        "home": home,
        "missed": int((sizes * (sizes - 1) // 2).sum()) - int(same.sum()),
    }


def table(cases: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """One row per model: precision, recall, F1 at its threshold, housemates called the same."""
    same = np.concatenate([c["same"] for c in cases])
    home = np.concatenate([c["home"] for c in cases])
    missed = sum(c["missed"] for c in cases)
    out = {}
    for name in cases[0]["scores"]:
        score = np.concatenate([c["scores"][name] for c in cases])
        cut = Alternatives().threshold if name == "Vestigo" else _best(score, same, missed)
        called = score >= cut
        hits = int((called & same).sum())
        precision, recall = hits / max(1, int(called.sum())), hits / (int(same.sum()) + missed)
        out[name] = {
            "threshold": float(cut),
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / max(precision + recall, 1e-12),
            "f1_of_groups": _groups_f1(cases, name, cut),
            "household_called_same": float(called[home].mean()),
            "cllr_candidates": float(cllr(score, same)) if _is_ratio(name) else float("nan"),
            "above_10000_on_different": float((score[~same] > 4).sum()) if _is_ratio(name) else float("nan"),
        }
    return out


def _groups_f1(cases: list[dict[str, Any]], name: str, cut: float) -> float:
    """F1 of pairs in one group: connected pairs at the best of ten thresholds; for the model, its own groups."""
    if name == "Vestigo":
        return _f1([c["group"] for c in cases], cases)
    score = np.concatenate([c["scores"][name] for c in cases])
    tops = np.unique(np.quantile(score[score >= cut], np.linspace(0, 0.9, 10)))
    return max(_f1([_components(c, c["scores"][name] >= top) for c in cases], cases) for top in tops.tolist())


def _components(case: dict[str, Any], called: np.ndarray) -> np.ndarray:
    """Group of each account when every called pair joins."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    (a, b), n = case["ends"], len(case["operator"])
    graph = coo_matrix((np.ones(int(called.sum())), (a[called], b[called])), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1])


def _f1(groups: list[np.ndarray], cases: list[dict[str, Any]]) -> float:
    single = [c["operator"] >= 0 for c in cases]
    found = np.concatenate([g[s] + n * 10**6 for n, (g, s) in enumerate(zip(groups, single, strict=True))])
    true = np.concatenate([c["operator"][s] + n * 10**6 for n, (c, s) in enumerate(zip(cases, single, strict=True))])
    return clusters_pairwise(found, true).f1


def _is_ratio(name: str) -> bool:
    return name.split(" (", maxsplit=1)[0] in _RATIOS or name.startswith("Splink")


def _best(score: np.ndarray, same: np.ndarray, missed: int) -> float:
    """The threshold with the highest F1."""
    order = np.argsort(-score, kind="stable")
    last = np.r_[score[order][1:] != score[order][:-1], True]
    hits, called = np.cumsum(same[order])[last], np.flatnonzero(last) + 1
    f1 = 2 * hits / (called + same.sum() + missed)
    return float(score[order][last][int(np.argmax(f1))])
