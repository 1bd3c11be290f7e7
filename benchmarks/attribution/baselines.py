"""Simpler systems that the linkage model has to beat, on the tables of a simulated case, in the same run.

Every function takes a case and candidate pairs and returns a table of account_a, account_b, score (float64), one row
per pair in their order. Unless said otherwise the score is a log10 likelihood ratio for "one operator".

* `shared_ip_24h`: any common address within 24 hours. What MISP-like correlation does.
* `shared_home_days`: days with a common address that is labelled a home connection.
* `naive_sum`: adds up everything found, each time it is found.
* `one_alternative`: rarity, caps and counter-evidence, but against a random stranger alone (Fellegi & Sunter, Journal
  of the American Statistical Association 64 (1969) 1183-1210).
* `boosted`: gradient boosting over any table of features: what a model that may learn from truth could reach.
* Splink has its own module, `splink_adapter`.
"""

from __future__ import annotations

import ipaddress
import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from benchmarks.attribution.simulator.case import Case

__all__ = [
    "THRESHOLDS",
    "Pair",
    "boosted",
    "columns",
    "home_network",
    "naive_sum",
    "one_alternative",
    "shared_home_days",
    "shared_ip_24h",
]

Pair = tuple[str, str]

THRESHOLDS = {"shared_ip_24h": 0.5, "shared_home_days": 2.0, "naive_sum": 5.0, "one_alternative": 3.7, "boosted": 2.75}
"""Score from which a pair is called the same, fixed before any test seed was looked at."""

_DAY = 86_400_000_000
_HOMES = frozenset({"fixed_isp"})
_NETWORK = {
    "fixed_isp": (0.75, 2.5), "business": (0.35, 1.5), "education": (0.35, 1.5), "public_wifi": (0.15, 1.5),
    "mobile_carrier": (0.6, 2.0), "cgnat_shared": (0.6, 1.5), "vpn_provider": (0.5, 0.7), "hosting": (0.5, 0.7),
    "tor_exit": (0.5, 0.3),
}  # fmt: skip
"""Chance that one operator shows a common address of this class, and the most it may say."""
_OTHER_NETWORK = (0.35, 1.5)
_RANKS = (1.0, 0.25, 0.06)
_IDENTIFIER = {
    "recovery_email": 4.0, "recovery_phone": 4.0, "email": 4.0, "phone": 4.0, "device_id": 4.0, "cookie": 4.0,
    "payment": 4.0, "ad_id": 3.0, "exif_serial": 3.0, "mailer_id": 3.0, "url": 2.0, "media_sha256": 2.0,
    "user_agent": 1.0,
}  # fmt: skip
_NAMES = ((0.95, 4.0), (0.9, 3.3), (0.85, 2.3), (0.8, 1.75), (0.7, 0.7), (0.0, -0.1))
"""Jaro-Winkler likeness of two user names and its log10 LR, measured on 4,431 nick changes of public chat logs."""


class Shared(NamedTuple):
    """One thing that two accounts have in common: its class or kind, other accounts that have it, days in common."""

    kind: str
    others: int
    days: int


class Index(NamedTuple):
    """A case by account.

    Attributes:
        seen: Address -> sorted times (µs), for each account.
        crowd: Accounts on an address on a day.
        label: Stated class of an address.
        held: (kind, value) of each account, devices and user agents among them.
        holders: Accounts with a (kind, value).
        login: User name of each account.
    """

    seen: dict[str, dict[str, np.ndarray]]
    crowd: dict[tuple[str, int], set[str]]
    label: dict[str, str]
    held: dict[str, set[tuple[str, str]]]
    holders: dict[tuple[str, str], int]
    login: dict[str, str]


def columns(table: pa.Table, *names: str) -> Iterable[tuple[Any, ...]]:
    """Rows of a table as tuples of the named columns."""
    return zip(*(table.column(name).to_pylist() for name in names), strict=True)


def home_network(ip: str) -> str:
    """An IPv6 address stands for its /64, the network of one home: anything else would be unfair to the baselines."""
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ":" in ip else ip


def index(case: Case) -> Index:
    """Read the tables once."""
    times: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    crowd: dict[tuple[str, int], set[str]] = defaultdict(set)
    held: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for account, t, ip, device, agent in columns(case.sessions, "account", "t_us", "ip", "device_id", "user_agent"):
        if ip is not None:
            times[account][home_network(ip)].append(t)
            crowd[home_network(ip), t // _DAY].add(account)
        held[account] |= {(k, v) for k, v in (("device_id", device), ("user_agent", agent)) if v is not None}
    for account, kind, value in columns(case.identifiers, "account", "kind", "value"):
        held[account].add((kind, value))
    holders: dict[tuple[str, str], int] = defaultdict(int)
    for values in held.values():
        for value in values:
            holders[value] += 1
    seen = {a: {ip: np.sort(np.array(t, np.int64)) for ip, t in by_ip.items()} for a, by_ip in times.items()}
    label = {home_network(ip): kind for ip, kind in columns(case.networks, "ip", "label_class")}
    login = dict(columns(case.accounts, "account", "login"))
    return Index(seen, crowd, label, held, holders, login)


def _meeting_days(a: np.ndarray, b: np.ndarray) -> set[int]:
    """Days of events in `a` that have an event in `b` within 24 hours."""
    near = np.searchsorted(b, a + _DAY, "right") > np.searchsorted(b, a - _DAY, "left")
    return set((a[near] // _DAY).tolist())


def networks(found: Index, a: str, b: str) -> list[Shared]:
    """Common addresses within 24 hours, with other accounts on the address around the first such day."""
    mine, theirs = found.seen.get(a, {}), found.seen.get(b, {})
    out = []
    for ip in sorted(mine.keys() & theirs.keys()):
        if days := _meeting_days(mine[ip], theirs[ip]):
            day = min(days)
            around = set().union(*(found.crowd.get((ip, day + d), set()) for d in (-1, 0, 1)))
            out.append(Shared(found.label.get(ip, "unknown"), len(around - {a, b}), len(days)))
    return out


def identifiers(found: Index, a: str, b: str) -> list[Shared]:
    """Equal identifiers of any kind, with the other accounts that have them."""
    common = sorted(found.held.get(a, set()) & found.held.get(b, set()))
    return [Shared(kind, found.holders[kind, value] - 2, 0) for kind, value in common]


def _scores(pairs: Sequence[Pair], score: Callable[[str, str], float]) -> pa.Table:
    values = np.array([score(a, b) for a, b in pairs], np.float64)
    return pa.table({"account_a": [a for a, _ in pairs], "account_b": [b for _, b in pairs], "score": values})


def shared_ip_24h(case: Case, pairs: Sequence[Pair]) -> pa.Table:
    """1 where the two were on any common address within 24 hours, else 0: not a likelihood ratio."""
    found = index(case)
    return _scores(pairs, lambda a, b: float(bool(networks(found, a, b))))


def shared_home_days(case: Case, pairs: Sequence[Pair]) -> pa.Table:
    """Days with a common address labelled as a home connection: not a likelihood ratio."""
    found = index(case)
    return _scores(pairs, lambda a, b: float(sum(s.days for s in networks(found, a, b) if s.kind in _HOMES)))


def _rarity(share_same: float, others: int, active: int) -> float:
    """log10(s / q), q = (other accounts + 1/2) / (accounts - 1)."""
    return math.log10(share_same * max(active - 1, 1) / (others + 0.5))


def _name(found: Index, a: str, b: str) -> float:
    from rapidfuzz.distance import JaroWinkler

    first, second = found.login.get(a), found.login.get(b)
    if not first or not second:
        return 0.0
    likeness = JaroWinkler.similarity(first.casefold(), second.casefold())
    return next(value for edge, value in _NAMES if likeness >= edge)


def naive_sum(case: Case, pairs: Sequence[Pair]) -> pa.Table:
    """Everything in common, added up as if independent, without any bound."""
    found = index(case)
    active = len(found.login)

    def score(a: str, b: str) -> float:
        shared = [_rarity(_NETWORK.get(s.kind, _OTHER_NETWORK)[0], s.others, active) for s in networks(found, a, b)]
        equal = [_rarity(0.8, s.others, active) for s in identifiers(found, a, b)]
        return math.fsum([*shared, *equal, max(_name(found, a, b), 0.0)])

    return _scores(pairs, score)


def one_alternative(case: Case, pairs: Sequence[Pair]) -> pa.Table:
    """Rarity with caps, ranks of networks and counter-evidence, against a random stranger alone."""
    found = index(case)
    active = len(found.login)

    def score(a: str, b: str) -> float:
        return math.fsum(
            [
                min(_ranked(networks(found, a, b), active), 3.0),
                *_kinds(identifiers(found, a, b), active),
                min(_name(found, a, b), 2.5),
                *_contrary(found, a, b),
            ]
        )

    return _scores(pairs, score)


def _ranked(shared: Iterable[Shared], active: int) -> float:
    values = []
    for item in shared:
        share_same, cap = _NETWORK.get(item.kind, _OTHER_NETWORK)
        values.append(min(_rarity(share_same, item.others, active), cap))
    best = sorted(values, reverse=True)[: len(_RANKS)]
    return math.fsum(rank * value for rank, value in zip(_RANKS, best, strict=False))


def _kinds(shared: Iterable[Shared], active: int) -> list[float]:
    """The strongest equal identifier of each kind."""
    best: dict[str, float] = {}
    for item in shared:
        value = min(_rarity(0.8, item.others, active), _IDENTIFIER.get(item.kind, 2.0))
        best[item.kind] = max(best.get(item.kind, value), value)
    return [best[kind] for kind in sorted(best)]


def _contrary(found: Index, a: str, b: str) -> list[float]:
    """Known on both sides and nothing in common."""
    out = []
    for kinds, value in ((("device_id",), -0.4), (("recovery_email", "recovery_phone"), -0.25)):
        mine, theirs = ({v for v in found.held.get(x, set()) if v[0] in kinds} for x in (a, b))
        if mine and theirs and not mine & theirs:
            out.append(value)
    homes = [{ip for ip in found.seen.get(x, {}) if found.label.get(ip) in _HOMES} for x in (a, b)]
    if all(homes) and not homes[0] & homes[1]:
        out.append(-0.6)
    return out


def boosted(train: np.ndarray, same: np.ndarray, test: np.ndarray, *, seed: int = 1) -> np.ndarray:
    """log10 LRs of the rows of `test` after learning from `train` (scikit-learn, extra `bench`).

    Args:
        train: One row of features per pair; nan where a feature is missing.
        same: Truth of those rows.
        test: Rows to score.
        seed: Of the learner.

    Returns:
        Posterior log10 odds less the prior log10 odds of the training pairs.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=200, max_leaf_nodes=15, min_samples_leaf=20, l2_regularization=1.0,
        early_stopping=False, random_state=seed,
    )  # fmt: skip
    model.fit(train, np.asarray(same, bool))
    share = float(np.mean(same))
    odds: np.ndarray = model.decision_function(test) / math.log(10.0)
    return odds - math.log10(share / (1 - share))
