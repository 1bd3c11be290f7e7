"""Splink 5 on the tables of a simulated case (extra `bench`; nothing of it is needed at run time).

Two set-ups, because neither is beyond doubt: ``arrays`` folds everything an account showed into arrays and compares
them by the size of the intersection; ``tf_top_ip`` keeps the most used address and device of each account and adjusts
for term frequency. Both train as the documentation advises: match prior from deterministic rules, u by random
sampling, m by expectation maximisation over two blocking rules.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from benchmarks.attribution.baselines import columns, home_network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.attribution.baselines import Pair
    from benchmarks.attribution.simulator.case import Case

__all__ = ["SETUPS", "splink_scores"]

Setup = Literal["arrays", "tf_top_ip"]
SETUPS: tuple[Setup, ...] = ("arrays", "tf_top_ip")

_POOLS = frozenset({"mobile_carrier", "cgnat_shared", "vpn_provider", "hosting", "tor_exit"})
_SIX_HOURS = 21_600_000_000
_ARRAYS = ("devices", "nets", "pool_keys", "contacts", "cookies", "links")
_KIND = {
    "recovery_email": "contacts", "recovery_phone": "contacts", "email": "contacts", "phone": "contacts",
    "payment": "contacts", "cookie": "cookies", "ad_id": "cookies", "exif_serial": "cookies",
    "mailer_id": "cookies", "url": "links", "media_sha256": "links",
}  # fmt: skip


def records(case: Case) -> pa.Table:
    """One row per account, as a record-level engine needs it."""
    label = {home_network(ip): kind for ip, kind in columns(case.networks, "ip", "label_class")}
    sets: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for account, t, ip, device, agent in columns(case.sessions, "account", "t_us", "ip", "device_id", "user_agent"):
        mine = sets[account]
        net = home_network(ip) if ip else None
        for kind, value in (("devices", device), ("agents", agent), ("ips", net)):
            if value is not None:
                mine[kind][value] += 1
        if net is not None:
            pool = label.get(net) in _POOLS
            mine["pool_keys" if pool else "nets"][f"{net}@{t // _SIX_HOURS}" if pool else net] += 1
    for account, kind, value in columns(case.identifiers, "account", "kind", "value"):
        sets[account][_KIND.get(kind, "links")][value] += 1
    rows = [_record(account, login, sets[account]) for account, login in columns(case.accounts, "account", "login")]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


_SCHEMA = pa.schema(
    [("unique_id", pa.string()), ("login", pa.string()), ("stem", pa.string())]
    + [(name, pa.string()) for name in ("top_ip", "top_device", "top_agent", "recovery")]
    + [(name, pa.list_(pa.string())) for name in _ARRAYS]
)


def _record(account: str, login: str | None, sets: dict[str, Counter[str]]) -> dict[str, Any]:
    name = (login or "").casefold()
    return {
        "unique_id": account,
        "login": name or None,
        "stem": name.strip("0123456789_.-") or None,
        "top_ip": _top(sets["ips"]),
        "top_device": _top(sets["devices"]),
        "top_agent": _top(sets["agents"]),
        "recovery": _top(sets["contacts"]),
    } | {kind: sorted(sets[kind]) or None for kind in _ARRAYS}


def _top(counts: Counter[str]) -> str | None:
    return min(counts, key=lambda value: (-counts[value], value)) if counts else None


def splink_scores(case: Case, pairs: Sequence[Pair], setup: Setup, *, seed: int = 1) -> pa.Table:
    """What Splink says of the pairs, in their order.

    Returns:
        account_a, account_b; score: its log10 likelihood ratio, the prior left out; probability: its match probability,
        prior included. Pairs that none of its blocking rules suggests get the lowest score it gave, and probability 0.
    """
    table = _predicted(records(case), setup, seed)
    rows = columns(table, "unique_id_l", "unique_id_r", "score", "probability")
    known = {(min(a, b), max(a, b)): (score, p) for a, b, score, p in rows}
    missing = (min((score for score, _ in known.values()), default=0.0), 0.0)
    found = np.array([known.get((min(a, b), max(a, b)), missing) for a, b in pairs], np.float64).reshape(-1, 2)
    named = {"account_a": [a for a, _ in pairs], "account_b": [b for _, b in pairs]}
    return pa.table(named | {"score": found[:, 0], "probability": found[:, 1]})


def _predicted(table: pa.Table, setup: Setup, seed: int) -> pa.Table:
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=_comparisons(setup),
        blocking_rules_to_generate_predictions=[
            *(block_on(name, arrays_to_explode=[name]) for name in ("devices", "nets", "pool_keys", "contacts")),
            block_on("stem"),
        ],
        retain_intermediate_calculation_columns=True,
    )
    linker = Linker(api.register(table), settings, log_level=logging.ERROR)
    training = linker.training
    exact = [block_on("recovery"), block_on("top_device", "stem")]
    training.estimate_probability_two_random_records_match(exact, recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=seed)
    training.estimate_parameters_using_expectation_maximisation(block_on("top_ip"))
    training.estimate_parameters_using_expectation_maximisation(block_on("stem"))
    return _without_prior(linker.inference.predict())


def _without_prior(predictions: Any) -> pa.Table:  # noqa: ANN401
    """Pairs with log10 LR: the sum of the partial match weights (log2), without the prior."""
    table = predictions.as_pyarrow_table()
    parts = [table.column(name).to_numpy() for name in table.column_names if name.startswith("mw_")]
    return pa.table(
        {
            "unique_id_l": table.column("unique_id_l"),
            "unique_id_r": table.column("unique_id_r"),
            "score": np.sum(parts, axis=0, dtype=np.float64) * np.log10(2.0),
            "probability": table.column("match_probability"),
        }
    )


def _comparisons(setup: Setup) -> list[Any]:
    import splink.comparison_library as cl

    name = cl.JaroWinklerAtThresholds("login", [0.95, 0.9, 0.8])
    if setup == "arrays":
        sizes = {"devices": [2, 1], "nets": [3, 2, 1], "pool_keys": [4, 2, 1], "contacts": [2, 1], "cookies": [1]}
        return [name, *(cl.ArrayIntersectAtSizes(kind, levels) for kind, levels in sizes.items())]
    exact = ("top_ip", "top_device", "top_agent", "recovery")
    adjusted = [cl.ExactMatch(column).configure(term_frequency_adjustments=True) for column in exact]
    return [name, *adjusted, cl.ArrayIntersectAtSizes("pool_keys", [4, 2, 1])]
