"""What was looked for between two accounts and not found, in sentences: absence is told with its opportunities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.items import KINDS, code

if TYPE_CHECKING:
    from pipeline.link.items import Items
    from pipeline.link.world import Holdings, World

__all__ = ["Shown", "searched", "shown"]

_HOUR = 3_600_000_000
_SORTS = (
    ("device id, cookie or advertising id", ("device_id", "cookie", "ad_id", "key_fingerprint"), "device"),
    ("contact address or number", ("recovery_email", "recovery_phone", "email", "phone"), "recovery"),
    ("means of payment", ("payment",), "payment"),
)


Shown = dict[int, list[tuple[int, int]]]
"""What each account shows: (number of the kind, number of the value)."""


def shown(held: Holdings) -> Shown:
    """Identifiers of all accounts, by account."""
    out: Shown = {}
    for account, kind, value in zip(held.account.tolist(), held.kind.tolist(), held.value.tolist(), strict=True):
        out.setdefault(account, []).append((kind, value))
    return out


def searched(world: World, own: Items, pair: tuple[int, int], held: Shown, weights: dict[str, Any]) -> list[str]:
    """Sentences about kinds of evidence that were looked for between the accounts and of which there is none."""
    families = {list(KINDS.values())[kind].family for kind in own.kind.tolist()}
    out = [line for line in (_time(world, own, pair), _places(world, own, pair, weights)) if line]
    out += _networks(world, own, pair, weights)
    for words, kinds, family in _SORTS:
        wanted = {n for n, kind in enumerate(world.kinds) if kind in kinds}
        counts = [len({value for kind, value in held.get(account, ()) if kind in wanted}) for account in pair]
        if all(counts) and family not in families:
            out.append(f"a common {words}: none among {counts[0]} and {counts[1]}")
    if "style" not in families:
        out.append("writing style: not compared (too few words, other languages, or too few other writers)")
    return out


def _has(own: Items, *kinds: str) -> bool:
    return bool(np.isin(own.kind, [code(kind) for kind in kinds]).any())


def _hours(world: World, pair: tuple[int, int], *, placed: bool = False) -> int:
    """Clock hours in which both accounts were in use."""
    one, two = (_used(world, account, placed=placed) for account in pair)
    return len(np.intersect1d(one, two, assume_unique=True))


def _used(world: World, account: int, *, placed: bool) -> np.ndarray:
    cut = world.seen.of(account)
    times = world.seen.t[cut]
    if placed:
        times = times[~np.isnan(world.nets.latitude[world.seen.net[cut]])]
    return np.unique(times // _HOUR)


def _time(world: World, own: Items, pair: tuple[int, int]) -> str | None:
    if _has(own, "concurrent") or not all(world.seen.starts[k] < world.seen.starts[k + 1] for k in pair):
        return None
    hours = _hours(world, pair)
    found = f"none in {_count(hours, 'hour')}" if hours else "could not be seen: there is no hour"
    return f"use within one minute on different devices: {found} in which both accounts were in use"


def _places(world: World, own: Items, pair: tuple[int, int], weights: dict[str, Any]) -> str | None:
    hours = _hours(world, pair, placed=True)
    if _has(own, "places") or not hours:
        return None
    near = f"use within {weights['place_minutes']} minutes in places more than {weights['place_km']} km apart"
    return f"{near}: none in {_count(hours, 'hour')} in which both were in use on networks whose place is known"


def _networks(world: World, own: Items, pair: tuple[int, int], weights: dict[str, Any]) -> list[str]:
    counts = [len(np.unique(world.seen.net[world.seen.of(account)])) for account in pair]
    if not all(counts):
        return []
    if not _has(own, "network", "pool"):
        window = f"within {weights['co_window_hours']} hours of each other"
        return [f"a network that both used {window}: none among {counts[0]} and {counts[1]}"]
    if not _has(own, "handover"):
        minutes = weights["handover_minutes"]
        return [f"taking turns within {minutes} minutes on one network and device: not more often than by chance"]
    return []


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
