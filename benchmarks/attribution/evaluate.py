"""Validates the linkage model on simulated cases and writes the model card.

    python -m benchmarks.attribution.evaluate [--quick] [--out docs]

Parameters may be fitted on seeds 0-19 only; seeds 20-39 give the likelihood ratio of pairs that never became
candidates; seeds 100-119 and the stress profiles from seed 200 on are looked at to report, not to choose. Writes
`attribution-evaluation.md`, the same figures as JSON, and pictures. No clock goes into what is written: the same
seeds and weights give the same files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.attribution import card
from benchmarks.attribution.clustering import b_cubed, clusters_pairwise, largest_cluster
from benchmarks.attribution.judged import LEVELS, Judged, judge
from benchmarks.attribution.metrics import bootstrap_by_case, cllr, evaluate, tippett
from benchmarks.attribution.simulator.profiles import PROFILES
from pipeline.link.weights import load_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CALIBRATE, TEST = range(20, 40), range(100, 120)
STRESS = range(200, 205)
COMPARED = range(100, 103)


def blocked_llr(cases: Sequence[Judged]) -> np.ndarray:
    """log10 LR of "was never a candidate", by level of the quieter account."""
    total = sum(c.blocked for c in cases) + np.zeros((len(LEVELS) + 1, 2))
    all_same = sum(int(c.same.sum()) for c in cases) + total[:, 1].sum()
    all_different = sum(int((~c.same).sum()) for c in cases) + total[:, 0].sum()
    return np.asarray(np.log10((total[:, 1] + 0.5) / all_same) - np.log10((total[:, 0] + 0.5) / all_different))


def everything(cases: Sequence[Judged], blocked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log10 LR of every pair, candidates or not, and whether it is the same operator."""
    llr, same = [c.llr for c in cases], [c.same for c in cases]
    for c in cases:
        for k, (different, alike) in enumerate(c.blocked.tolist()):
            llr.append(np.full(different + alike, blocked[k]))
            same.append(np.r_[np.zeros(different, bool), np.ones(alike, bool)])
    return np.concatenate(llr), np.concatenate(same)


def clusters(cases: Sequence[Judged]) -> tuple[np.ndarray, np.ndarray]:
    """Groups and operators of all cases, numbered apart."""
    found = [c.found + n * 10**6 for n, c in enumerate(cases)]
    true = [c.true + n * 10**6 for n, c in enumerate(cases)]
    return np.concatenate(found), np.concatenate(true)


def figures(cases: Sequence[Judged], blocked: np.ndarray) -> dict[str, float]:
    """Every figure of a set of cases."""
    llr, same = everything(cases, blocked)
    found, true = clusters(cases)
    pairwise, cubed = clusters_pairwise(found, true), b_cubed(found, true)
    home = np.concatenate([c.household for c in cases])
    own = np.concatenate([c.same for c in cases])
    against = np.concatenate([c.totals[:, 1] for c in cases])
    called = np.concatenate([c.called for c in cases])
    copies = np.concatenate([c.copycat for c in cases])
    near = home | own
    return {
        "precision": pairwise.precision,
        "recall": pairwise.recall,
        "f1": pairwise.f1,
        "b3_precision": cubed.precision,
        "b3_recall": cubed.recall,
        "b3_f1": cubed.f1,
        "largest_group": float(largest_cluster(found)),
        **evaluate(llr, same),
        "largest_llr_on_different": float(llr[~same].max()),
        "household_called_same": float(called[home].mean()),
        "household_premises_above_100": float((against[home] > 2).mean()),
        "household_cllr_mixture": cllr(np.concatenate([c.llr for c in cases])[near], own[near]),
        "household_cllr_premises": cllr(against[near], own[near]),
        "copycat_called_same": float(called[copies].mean()) if copies.any() else 0.0,
        "copycat_pairs": float(copies.sum()),
    }


def intervals(cases: Sequence[Judged], blocked: np.ndarray) -> dict[str, list[float]]:
    """95 % intervals of the main figures, drawing whole cases."""

    def scores(part: list[Judged]) -> Any:  # noqa: ANN401 - a named tuple of floats
        return clusters_pairwise(*clusters(part))

    wanted: dict[str, Callable[[list[Judged]], float]] = {
        "precision": lambda part: scores(part).precision,
        "recall": lambda part: scores(part).recall,
        "f1": lambda part: scores(part).f1,
        "household_called_same": lambda part: float(np.concatenate([c.called[c.household] for c in part]).mean()),
        "cllr": lambda part: cllr(*everything(part, blocked)),
    }
    return {
        name: [round(v, 4) for v in bootstrap_by_case(list(cases), how, draws=50 if name == "cllr" else 200)]
        for name, how in wanted.items()
    }


def weights_digest() -> str:
    """SHA-256 of the shipped weights that scores rest on (what only tests a score is left out), as canonical JSON."""
    used = {name: row for name, row in load_weights().items() if name != "sensitivity"}
    return hashlib.sha256(json.dumps(used, sort_keys=True).encode()).hexdigest()


def _judge(job: tuple[int, str]) -> Judged:
    return judge(*job)


def run(pool: ProcessPoolExecutor, seeds: Sequence[int], profile: str, label: str) -> list[Judged]:
    """Judge cases in parallel, with a line per case for whoever waits."""
    out = []
    for n, case in enumerate(pool.map(_judge, [(seed, profile) for seed in seeds]), 1):
        print(f"\r{label}: {n} of {len(seeds)} cases", end="", flush=True)
        out.append(case)
    print()
    return out


def main() -> None:
    """Run everything and write the card."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--quick", action="store_true", help="two cases of each kind, nothing is written")
    wanted.add_argument("--out", type=Path, default=Path("docs"))
    wanted.add_argument("--workers", type=int, default=2)
    args = wanted.parse_args()
    cut = slice(0, 2) if args.quick else slice(None)
    with ProcessPoolExecutor(args.workers) as pool:
        blocked = blocked_llr(run(pool, CALIBRATE[cut], "base", "calibrate"))
        test = run(pool, TEST[cut], "base", "test")
        result: dict[str, Any] = {
            "weights_sha256": weights_digest(),
            "seeds": {"calibrate": [20, 39], "test": [100, 119], "stress": [STRESS[0], STRESS[-1]]},
            "blocked_llr": [round(float(v), 4) for v in blocked],
            "test": figures(test, blocked),
            "intervals": intervals(test, blocked),
            "stress": {
                name: figures(run(pool, STRESS[cut], name, name), blocked) for name in PROFILES if name != "base"
            },
        }
        result["compared"] = compare(pool, COMPARED[cut])
    result = _rounded(result)
    llr, same = everything(test, blocked)
    print(card.text(result))
    if not args.quick:
        card.write(args.out, result, llr, same, tippett(llr, same))


def compare(pool: ProcessPoolExecutor, seeds: Sequence[int]) -> dict[str, Any]:
    """All models on the same cases."""
    from benchmarks.attribution import compared

    return compared.table(list(pool.map(compared.one_case, seeds)))


def _rounded(value: Any) -> Any:  # noqa: ANN401 - nested figures
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    return round(value, 5) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
