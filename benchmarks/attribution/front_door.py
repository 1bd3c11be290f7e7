"""Simulated cases as evidence files through the whole pipeline, beside the same worlds weighed in memory.

    python -m benchmarks.attribution.front_door [--seeds 0 1 2 3 4] [--persons 80]

Prints, per seed, the pairs that both ways scored, how far their numbers are apart, and the accounts grouped
differently. Small differences are expected where files say less than the world: a download stands for one account's
sessions, mailboxes and chats hold accounts of their own.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import shutil
import tempfile
import tomllib
from pathlib import Path

import numpy as np

from benchmarks.attribution.adapter import world_of
from benchmarks.attribution.simulator.evidence import write_case
from benchmarks.attribution.simulator.world import simulate
from dags.case import STAGES
from pipeline.case import Alternatives
from pipeline.link.linking import weigh
from pipeline.link.weights import load_weights
from pipeline.link.world import load_world
from pipeline.manage import Intake, add_exhibits, new_case
from pipeline.runs import run_case
from pipeline.store import Store

__all__ = ["compare", "run_files"]


def run_files(seed: int, persons: int, folder: Path, *, tables_only: bool = False) -> Path:
    """Write one case as files and run it."""
    files, out = folder / "files", folder / "case"
    write_case(simulate(seed, persons=persons), files, native=not tables_only)
    shutil.copytree(files / "databases", out / "databases")
    new_case(out, operator="benchmark", text=(files / "case.toml").read_text("utf-8"))
    for entry in tomllib.loads((files / "exhibits.toml").read_text("utf-8"))["exhibit"]:
        more = {key: entry[key] for key in ("authority", "source", "timezone", "account") if key in entry}
        column_map = files / entry["map"] if "map" in entry else None
        add_exhibits(out, [files / entry["file"]], Intake(**more, column_map=column_map), operator="benchmark")
    run_case(out, STAGES, workers=1, operator="benchmark")
    return out


def compare(seed: int, persons: int, folder: Path, *, tables_only: bool = False) -> dict[str, float]:
    """Figures of one seed: pairs, differences of the mixture (log10 LR), accounts grouped differently."""
    case = simulate(seed, persons=persons)
    world = world_of(case)
    inside = weigh(world, Alternatives(), load_weights())
    out = run_files(seed, persons, folder, tables_only=tables_only)
    with Store(out).connect() as con:
        outside_world = load_world(con, load_weights()["max_time_uncertainty_hours"])
    outside = weigh(outside_world, Alternatives(), load_weights())
    number = {(r["platform"], r["account_id"]): n for n, r in enumerate(outside_world.rows) if r["account_id"]}
    same_account = np.array([number.get(tuple(key.split(":", 1)), -1) for key in world.keys])
    pairs = inside.found.pairs
    a, b = same_account[pairs.a], same_account[pairs.b]
    both = np.flatnonzero((a >= 0) & (b >= 0))
    at = outside.found.pairs.find(a[both], b[both])
    scored = both[at >= 0]
    apart = np.abs(inside.scores.mixture[scored] - outside.scores.mixture[at[at >= 0]])
    return {
        "accounts": len(world.keys),
        "accounts found": int((same_account >= 0).sum()),
        "pairs": len(pairs),
        "pairs scored both ways": len(scored),
        "equal within 0.01": float((apart <= 0.01).mean()),
        "largest difference": float(apart.max(initial=0.0)),
        "accounts grouped differently": _grouped_differently(inside.group, outside.group, same_account),
    }


def _grouped_differently(one: np.ndarray, two: np.ndarray, same: np.ndarray) -> int:
    """Accounts whose group mates are not the same ones."""
    known = np.flatnonzero(same >= 0)
    back = {int(same[n]): int(n) for n in known}
    differ = 0
    for n in known.tolist():
        mates = {int(m) for m in known if one[m] == one[n]}
        others = {back[int(m)] for m in np.flatnonzero(two == two[same[n]]) if int(m) in back}
        differ += mates != others
    return differ


def main() -> None:
    """Compare and print."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    wanted.add_argument("--persons", type=int, default=80)
    wanted.add_argument("--tables-only", action="store_true", help="leave out downloads, mailbox and chat")
    args = wanted.parse_args()
    for seed in args.seeds:
        quiet = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
        with tempfile.TemporaryDirectory() as folder, quiet[0], quiet[1]:
            found = compare(seed, args.persons, Path(folder), tables_only=args.tables_only)
        print(seed, "; ".join(f"{name} {value:.4g}" for name, value in found.items()), flush=True)


if __name__ == "__main__":
    main()
