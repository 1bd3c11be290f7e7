"""How fast pairs are found and weighed: 5,000,000 events, 200,000 accounts, heavy-tailed shared addresses.

    python -m benchmarks.attribution.scale [--events 5000000] [--accounts 200000]

Prints seconds, pairs per second and peak memory (of the whole process). The graph part counts the components of a
graph of 1,000,000 nodes and 5,000,000 edges.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
import pyarrow as pa

from pipeline.case import Alternatives
from pipeline.link.candidates import candidates
from pipeline.link.evidence import gather, steady
from pipeline.link.score import score
from pipeline.link.weights import load_weights
from pipeline.link.world import NO_TIME, Holdings, Networks, Sightings, World

_DAY = 86_400_000_000
_START = 1_767_225_600_000_000


def invented(events: int, accounts: int, seed: int = 1) -> World:
    """A world with home addresses for three accounts each, five large shared addresses and a mobile pool."""
    rng = np.random.default_rng(np.random.PCG64(seed))
    homes, big, pool = accounts // 3, 5, 2_000
    account = rng.integers(0, accounts, events).astype(np.int32)
    kind = rng.random(events)
    net = np.where(kind < 0.55, account // 3, np.where(kind < 0.8, homes + rng.integers(0, big, events), 0))
    t = _START + rng.integers(0, 90 * _DAY, events)
    shift = (t // (_DAY // 4) * 7_919 + account * 104_729) % pool
    net = np.where(kind >= 0.8, homes + big + shift, net).astype(np.int32)
    order = np.lexsort((t, account))
    account, t, net = account[order], t[order], net[order]
    label = ("fixed_isp",) * homes + ("cgnat_shared",) * big + ("mobile_carrier",) * pool
    none, zero = np.full(events, -1, np.int32), np.zeros(events, np.int64)
    seen = Sightings(
        account=account,
        t=t,
        spread=zero,
        net=net,
        device=(account * 2 + (rng.random(events) < 0.5)).astype(np.int32),
        ua=none,
        system=none,
        stated=np.zeros(events, bool),
        exhibit=(account % 2).astype(np.int32),
        event=pa.array([], pa.string()),
        starts=np.searchsorted(account, np.arange(accounts + 1)),
    )
    everyone = np.arange(accounts, dtype=np.int32)
    nothing = np.full(accounts, NO_TIME)
    held = Holdings(
        account=everyone,
        kind=np.zeros(accounts, np.int32),
        value=everyone // 2,
        n=np.ones(accounts, np.int64),
        first=nothing,
        last=nothing,
        low=everyone % 2,
        high=everyone % 2,
        events=((),) * accounts,
    )
    nowhere = np.full(len(label), np.nan)
    names = rng.integers(97, 123, (accounts, 9), dtype=np.uint32).view("U9").ravel().tolist()
    return World(
        keys=tuple(f"forum:{n:07d}" for n in range(accounts)),
        rows=tuple({"platform": "forum", "login": names[n], "last_seen": None} for n in range(accounts)),
        platform=np.zeros(accounts, np.int32),
        seen=seen,
        held=held,
        nets=Networks(tuple(map(str, range(len(label)))), label, nowhere, nowhere, np.full(len(label), 200.0)),
        kinds=("recovery_email",),
        values=tuple(f"{n}@example.org" for n in range(accounts // 2 + 1)),
        exhibits=("EX-001", "EX-002"),
        devices=(),
        agents=(),
        untimed={},
        texts=pa.table({name: pa.array([], pa.string()) for name in ("account", "text", "genre")}),
    )


def components(nodes: int = 1_000_000, edges: int = 5_000_000) -> tuple[float, float, int]:
    """Seconds to build a graph and to find its components, and how many there are."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    rng = np.random.default_rng(np.random.PCG64(2))
    left = rng.integers(0, nodes, edges)
    right = (nodes * rng.random(edges) ** 3).astype(np.int64)
    start = time.perf_counter()
    graph = csr_matrix((np.ones(edges, np.int8), (left, right)), shape=(nodes, nodes))
    built = time.perf_counter()
    count, _ = connected_components(graph, directed=False)
    return built - start, time.perf_counter() - built, int(count)


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Run and print."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--events", type=int, default=5_000_000)
    wanted.add_argument("--accounts", type=int, default=200_000)
    args = wanted.parse_args()
    weights, shares = load_weights(), Alternatives()
    world = invented(args.events, args.accounts)
    print(f"{args.events:,} events, {args.accounts:,} accounts; the events as arrays: {_peak_mb()} MB")
    start = time.perf_counter()
    found = candidates(world, weights)
    took = time.perf_counter() - start
    print(f"candidate pairs: {len(found.pairs):,} in {took:.1f} s; peak {_peak_mb()} MB")
    start = time.perf_counter()
    items = gather(world, found, steady(world, found, weights), None, weights)
    scores = score(items, len(found.pairs), shares, weights)
    took = time.perf_counter() - start
    rate = len(found.pairs) / took
    print(f"weighed: {len(items):,} items in {took:.1f} s = {rate:,.0f} pairs/s; peak {_peak_mb()} MB")
    print(f"pairs at or above {shares.threshold}: {int((scores.usable() >= shares.threshold).sum()):,}")
    built, walked, count = components()
    print(
        f"components of 1,000,000 nodes and 5,000,000 edges: built in {built:.2f} s, {count:,} found in {walked:.2f} s"
    )


if __name__ == "__main__":
    main()
