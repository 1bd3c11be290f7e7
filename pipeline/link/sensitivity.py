"""How far each number moves when something it rests on is taken away or read differently.

For every listed link that says something: without each finding, family and exhibit; with everything three and ten
times as common or as rare; with other shares for people of one home; with every home network read as a shared one;
and with the declared weights drawn anew within the spread declared for their sources. All links are done at once.

Findings that are left out are left out of the sum; the others keep the rank they had in their family.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.link.evidence import gather
from pipeline.link.items import KINDS, Items, Pairs
from pipeline.link.meetings import pair_up
from pipeline.link.score import SHARE_GRID, bounded, mixture
from pipeline.link.weights import band_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.case import Alternatives
    from pipeline.link.candidates import Candidates
    from pipeline.link.evidence import Steady
    from pipeline.link.linking import Linked
    from pipeline.link.meetings import Meetings, Presence
    from pipeline.link.world import World

__all__ = ["Subject", "narrow", "narrow_found", "sensitivity_rows", "spreads", "told_values", "variants"]

RARITY = (("x3", 3.0), ("x10", 10.0), ("/3", 1 / 3), ("/10", 0.1))
_BLOCK = 256
_ROWS = 500_000  # items summed at once, to bound memory where accounts share hundreds of networks
_KINDS = tuple(KINDS)
_FAMILIES = tuple(sorted({kind.family for kind in KINDS.values()}))
_FAMILY_OF = np.array([_FAMILIES.index(kind.family) for kind in KINDS.values()])


class Subject(NamedTuple):
    """A link to test: place of the pair, id of the link, and the ids of its items in the order of `Linked.of`."""

    pair: int
    link_id: str
    item_ids: list[str]


@dataclass(frozen=True, slots=True)
class _Tested:
    """The items of some links, numbered from 0, and what the tests need beside them."""

    subjects: list[Subject]
    items: Items
    ceiling: np.ndarray
    shares: Alternatives
    weights: dict[str, Any]

    def value(self, items: Items, count: int, shares: Alternatives | None = None) -> np.ndarray:
        """Bounded mixture of `count` sums of items."""
        totals = np.column_stack([np.bincount(items.pair, items.used[:, k], count) for k in range(4)])
        found = mixture(np.round(totals, 9), shares or self.shares)
        ceiling = bounded(items, found, self.weights)
        return np.asarray(np.round(np.clip(found, -ceiling, ceiling), 4))


def told_values(
    world: World, linked: Linked, subjects: Sequence[Subject], shares: Alternatives, weights: dict[str, Any]
) -> Iterator[tuple[int, str, float]]:
    """(number of the subject, variant, bounded mixture), in no particular order."""
    ordered = sorted(subjects, key=lambda s: s.pair)
    number = {s.pair: n for n, s in enumerate(subjects)}
    for start in range(0, len(ordered), _BLOCK):
        block = ordered[start : start + _BLOCK]
        for at, variant, value in variants(world, linked, block, shares, weights):
            yield number[block[at].pair], variant, value
    if ordered:
        for at, variant, value in _gathered_anew(world, linked, _tested(linked, ordered, shares, weights)):
            yield number[ordered[at].pair], variant, value


def sensitivity_rows(
    world: World, linked: Linked, subjects: Sequence[Subject], shares: Alternatives, weights: dict[str, Any]
) -> list[dict[str, Any]]:
    """Rows of `sensitivity`: one per link and variant."""
    band = [band_of(float(linked.scores.mixture[s.pair])) for s in subjects]
    return [
        {
            "link_id": subjects[n].link_id,
            "variant": variant,
            "llr_mixture": value,
            "band": band_of(value),
            "kept": band_of(value) == band[n],
        }
        for n, variant, value in told_values(world, linked, subjects, shares, weights)
    ]


def variants(
    world: World, linked: Linked, block: list[Subject], shares: Alternatives, weights: dict[str, Any]
) -> Iterator[tuple[int, str, float]]:
    """All variants of some links that need no new evidence; the pairs must be in order."""
    tested = _tested(linked, block, shares, weights)
    sizes = np.bincount(tested.items.pair, minlength=len(block))
    own = np.arange(len(tested.items)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    yield from _left_out(world, tested, own)
    yield from _other_shares(tested)
    yield from _drawn(tested, spreads(world, tested.items, weights))


def _tested(linked: Linked, block: list[Subject], shares: Alternatives, weights: dict[str, Any]) -> _Tested:
    places = np.array([s.pair for s in block], np.int64)
    which, row = pair_up(linked.cuts[places], linked.cuts[places + 1])
    items = replace(linked.items.take(row), pair=which.astype(np.int64))
    return _Tested(block, items, linked.scores.ceiling[places], shares, weights)


# --- something is left out ---


def _left_out(world: World, tested: _Tested, own: np.ndarray) -> Iterator[tuple[int, str, float]]:
    items, every = tested.items, np.arange(len(tested.items))
    says = every[np.abs(items.used).max(axis=1, initial=0.0) >= tested.weights["sensitivity"]["least"]]
    for link, place, value in _without(tested, says, own[says]):
        yield link, f"item:{tested.subjects[link].item_ids[place]}", value
    for link, family, value in _without(tested, every, _FAMILY_OF[items.kind]):
        yield link, f"family:{_FAMILIES[family]}", value
    sides = [items.exhibits[:, k] for k in (0, 2)]
    alone = [np.flatnonzero((low >= 0) & (low == items.exhibits[:, k])) for low, k in zip(sides, (1, 3), strict=True)]
    rows, marks = np.concatenate(alone), np.concatenate([s[a] for s, a in zip(sides, alone, strict=True)])
    for link, exhibit, value in _without(tested, rows, marks):
        yield link, f"exhibit:{world.exhibits[exhibit]}", value


def _without(tested: _Tested, at: np.ndarray, mark: np.ndarray) -> Iterator[tuple[int, int, float]]:
    """(link, mark, value) with all items of a link left out that carry a mark; `at` are items, sorted or not."""
    items, wide = tested.items, int(mark.max(initial=0)) + 1
    keys = np.unique(items.pair[at] * wide + mark)
    links, marks = keys // wide, keys % wide
    starts = np.searchsorted(items.pair, np.arange(len(tested.subjects) + 1))
    part = np.cumsum(starts[links + 1] - starts[links]) // _ROWS
    for cut in np.split(np.arange(len(keys)), np.flatnonzero(np.diff(part)) + 1):
        which, row = pair_up(starts[links[cut]], starts[links[cut] + 1])
        gone = np.isin(row.astype(np.int64) * wide + marks[cut][which], at.astype(np.int64) * wide + mark)
        rest = replace(items.take(row[~gone]), pair=which[~gone].astype(np.int64))
        values = tested.value(rest, len(cut))
        yield from zip(links[cut].tolist(), marks[cut].tolist(), values.tolist(), strict=True)


# --- something is read differently ---


def _other_shares(tested: _Tested) -> Iterator[tuple[int, str, float]]:
    """Other shares of "another person at the same premises", the rest in proportion."""
    shares = tested.shares
    for premises in SHARE_GRID:
        left = (1 - premises) / (1 - shares.premises) if shares.premises < 1 else 0.0
        others = {name: getattr(shares, name) * left for name in ("unrelated", "device", "imitator")}
        declared = dataclasses.replace(shares, premises=premises, **others)
        values = tested.value(tested.items, len(tested.subjects), declared)
        yield from ((n, f"premises:{premises:g}", v) for n, v in enumerate(values.tolist()))


def _gathered_anew(world: World, linked: Linked, tested: _Tested) -> Iterator[tuple[int, str, float]]:
    """Everything commoner or rarer than counted, and homes read as shared networks: all links in one go."""
    places = np.array([s.pair for s in tested.subjects], np.int64)
    found, base = narrow(linked.found, linked.base, places)
    mates, weights = linked.mates, tested.weights
    for name, factor in RARITY:
        values = tested.value(gather(world, found, base, mates, weights, factor), len(places))
        yield from ((n, f"rarity:{name}", v) for n, v in enumerate(values.tolist()))
    shared = replace(base, shares=_without_homes(base.shares, weights))
    values = tested.value(gather(world, found, shared, mates, weights), len(places))
    yield from ((n, "networks:homes_shared", v) for n, v in enumerate(values.tolist()))


def _without_homes(shares: np.ndarray, weights: dict[str, Any]) -> np.ndarray:
    names = list(weights["network"]["class"])
    home, pool = names.index("fixed_isp"), names.index("cgnat_shared")
    out = shares.copy()
    out[:, pool] += out[:, home]
    out[:, home] = 0.0
    return out


def narrow(found: Candidates, base: Steady, places: np.ndarray) -> tuple[Candidates, Steady]:
    """The same case with only the pairs at these places (in order); counts of the case stay what they were."""
    kept = np.full(len(found.pairs), -1)
    kept[places] = np.arange(len(places))
    items = tuple(
        replace(part.take(kept[part.pair] >= 0), pair=kept[part.pair[kept[part.pair] >= 0]].astype(np.int64))
        for part in base.items
    )
    return narrow_found(found, places), replace(base, items=items)


def narrow_found(found: Candidates, places: np.ndarray) -> Candidates:
    """Only the pairs at these places (in order)."""
    pairs = Pairs(found.pairs.a[places], found.pairs.b[places], found.pairs.accounts)
    met, hits = _met(found.static, found.met, pairs), _met(found.pools, found.hits, pairs)
    return replace(found, pairs=pairs, met=met, hits=hits, asked=found.asked[places])


def _met(here: Presence, met: Meetings, pairs: Pairs) -> Meetings:
    keep = pairs.find(here.account[met.left], here.account[met.right]) >= 0
    return type(met)(*(getattr(met, f.name)[keep] for f in dataclasses.fields(met)))


# --- the declared weights are drawn anew ---


def spreads(world: World, items: Items, weights: dict[str, Any]) -> np.ndarray:
    """Standard deviation of log10 of the factor on each item's weight, by the source declared for the weight."""
    known: dict[tuple[str, str], float] = {}
    out = np.zeros(len(items))
    pools = [name for name, row in weights["network"]["class"].items() if row.get("pool")]
    for n, (kind, ref) in enumerate(zip(items.kind.tolist(), items.ref.tolist(), strict=True)):
        name = _KINDS[kind]
        net = world.nets.label[ref] if name == "network" else pools[ref] if name == "pool" else ""
        if (name, net) not in known:
            known[name, net] = _spread(source_of(name, net, weights), weights["sensitivity"])
        out[n] = known[name, net]
    return out


def source_of(name: str, net_class: str, weights: dict[str, Any]) -> str:
    """Source that the weight table states for a kind of item."""
    if name in {"network", "pool"}:
        known = weights["network"]["class"]
        return str((known.get(net_class) or known["unknown"])["source"])
    if name in weights["identifier"]:
        return str(weights["identifier"][name]["source"])
    if name.startswith("name_"):
        return str(weights["username"]["source"])
    section = "contrary" if name in {"never_home", "device_differ", "recovery_differ"} else name
    return str(weights[section]["source"])


def _spread(source: str, declared: dict[str, Any]) -> float:
    """The widest spread among the sources named; a source of no known kind counts as judgement."""
    named = [declared[word] for word in ("fit", "pub", "msd", "judgement") if word in source]
    return float(max(named, default=declared["judgement"]))


def _drawn(tested: _Tested, spread: np.ndarray) -> Iterator[tuple[int, str, float]]:
    """5th and 95th percentile of the number over draws of the weights, one factor per kind and draw."""
    items, count, draws = tested.items, len(tested.subjects), tested.weights["sensitivity"]["draws"]
    normal = np.stack([_normal(s.link_id, draws) for s in tested.subjects])
    totals = np.zeros((count, draws, 4))
    for sd in np.unique(spread).tolist():
        sums = np.zeros((count, len(_KINDS), 4))
        at = spread == sd
        np.add.at(sums, (items.pair[at], items.kind[at]), items.used[at])
        totals += (10.0 ** (sd * normal)) @ sums
    ceiling = tested.ceiling[:, None]
    values = np.clip(mixture(np.round(totals, 9), tested.shares), -ceiling, ceiling)
    for percent in (5, 95):
        found = np.round(np.percentile(values, percent, axis=1), 4)
        yield from ((n, f"draws:p{percent:02d}", v) for n, v in enumerate(found.tolist()))


def _normal(link_id: str, draws: int) -> np.ndarray:
    """The same normal draws for the same link in every run: (draws, kinds)."""
    seed = int(link_id.removeprefix("L-"), 16)
    return np.random.Generator(np.random.PCG64(seed)).standard_normal((draws, len(_KINDS)))
