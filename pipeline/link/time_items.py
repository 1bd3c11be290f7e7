"""Items from how two accounts follow each other in time: taking turns, being in use at once, being far apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.link.items import Item, Llr
from pipeline.link.world import device_label, distance_km

if TYPE_CHECKING:
    from pipeline.link.world import Sightings, World

__all__ = ["concurrent_item", "handover_item", "places_item"]

_MINUTE = 60_000_000
_DAY = 86_400_000_000


def _adjacent(a: Sightings, b: Sightings) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Consecutive events of different accounts in the merged order: index in a, index in b, gap (µs)."""
    t = np.concatenate([a.t, b.t])
    who = np.r_[np.zeros(len(a.t), np.int8), np.ones(len(b.t), np.int8)]
    index = np.r_[np.arange(len(a.t)), np.arange(len(b.t))]
    order = np.lexsort((index, who, t))
    t, who, index = t[order], who[order], index[order]
    turn = np.flatnonzero(who[1:] != who[:-1])
    left = np.where(who[turn] == 0, index[turn], index[turn + 1])
    right = np.where(who[turn] == 0, index[turn + 1], index[turn])
    return left, right, t[turn + 1] - t[turn]


def handover_item(a: Sightings, b: Sightings, weights: dict[str, Any], *, same_service: bool) -> Item | None:
    """One account falls silent and the other starts within minutes, on one network, more often than by chance."""
    row, window = weights["handover"], weights["handover_minutes"] * _MINUTE
    a, b = a.within(window), b.within(window)
    turns = _turns(a, b, row["quiet_minutes"] * _MINUTE, window)
    same_id = [k for k in turns if same_service and a.device[k[0]] and a.device[k[0]] == b.device[k[1]]]
    same_ua = [k for k in turns if a.ua[k[0]] and a.ua[k[0]] == b.ua[k[1]]]
    keep, on_device = (same_id, True) if same_id else (same_ua, False)
    days = {int(a.t[i] // _DAY) for i, _ in keep}
    excess = len(days) - _by_chance(a, b, row["quiet_minutes"] * _MINUTE, window)
    if excess <= 0:
        return None
    raw = row["per_day"] * excess
    used = Llr(
        min(raw, row["unrelated"]),
        min(raw, row["premises"]) if on_device else 0.0,
        row["device"],
        min(raw, row["imitator"]),
    )
    where = "network and device" if on_device else "network with the same user agent string"
    at_a, at_b = np.array([i for i, _ in keep]), np.array([j for _, j in keep])
    return _timed(
        a,
        b,
        at_a,
        at_b,
        used,
        Llr(raw, raw, 0.0, raw),
        family="handover",
        kind="handover",
        source=row["source"],
        n=len(days),
        finding=f"on {len(days)} day(s) one account fell silent and the other started within "
        f"{weights['handover_minutes']} minutes on the same {where} ({excess:.1f} more than by chance)",
    )


def _turns(a: Sightings, b: Sightings, quiet: int, window: int) -> list[tuple[int, int]]:
    """(index in a, index in b) of adjacent events within `window` on one network, each account quiet on its side."""
    out = []
    for first, second, flip in ((a, b, False), (b, a, True)):
        ends = np.flatnonzero(np.r_[np.diff(first.t) > quiet, True]) if len(first.t) else np.empty(0, np.int64)
        starts = np.flatnonzero(np.r_[True, np.diff(second.t) > quiet]) if len(second.t) else np.empty(0, np.int64)
        for end in ends:
            near = starts[(second.t[starts] > first.t[end]) & (second.t[starts] - first.t[end] <= window)]
            out += [
                (int(j), int(end)) if flip else (int(end), int(j)) for j in near[:1] if second.net[j] == first.net[end]
            ]
    return sorted(out)


def _by_chance(a: Sightings, b: Sightings, quiet: int, window: int) -> float:
    """Expected turns of two accounts that take no notice of each other, on their common networks and time."""
    common = set(a.net) & set(b.net)
    sides = []
    for seen in (a, b):
        t = seen.t[[n in common for n in seen.net]]
        sides.append((t, 1 + int((np.diff(t) > quiet).sum())) if len(t) else (t, 0))
    (t_a, n_a), (t_b, n_b) = sides
    if not n_a or not n_b:
        return 0.0
    period = max(int(t_a.max()), int(t_b.max())) - min(int(t_a.min()), int(t_b.min())) or window
    awake = period * 2 / 3  # people sleep: sessions crowd into two thirds of the day
    return 2 * n_a * n_b * window / awake


def concurrent_item(a: Sightings, b: Sightings, weights: dict[str, Any], *, same_service: bool) -> Item | None:
    """Both accounts in use within a minute, on devices that are told apart with little risk."""
    row = weights["concurrent"]
    a, b = a.within(_MINUTE), b.within(_MINUTE)
    left, right, gap = _adjacent(a, b)
    keep = []
    for k in np.flatnonzero(gap < _MINUTE):
        x = device_label(a.device[left[k]], a.ua[left[k]], same_service=same_service)
        y = device_label(b.device[right[k]], b.ua[right[k]], same_service=same_service)
        if x and y and x != y and x[:3] == y[:3]:
            keep.append(int(k))
    days = {int(a.t[left[k]] // _DAY) for k in keep}
    if not days:
        return None
    raw = row["per_day"] * len(days)
    used = Llr(*(max(raw, row[k]) for k in ("unrelated", "premises", "device", "imitator")))
    return _timed(
        a,
        b,
        left[keep],
        right[keep],
        used,
        Llr(raw, raw, raw, raw),
        family="contradiction",
        kind="concurrent use",
        source=row["source"],
        n=len(days),
        finding=f"on {len(days)} day(s) both accounts were in use within the same minute on different devices",
    )


def places_item(world: World, a: Sightings, b: Sightings, weights: dict[str, Any]) -> Item | None:
    """Both accounts in use within minutes, in places further apart than their accuracy allows."""
    row, window = weights["places"], weights["place_minutes"] * _MINUTE
    a, b = a.within(window), b.within(window)
    left, right, gap = _adjacent(a, b)
    keep = []
    for k in np.flatnonzero(gap <= window):
        one, two = world.places.get(str(a.net[left[k]])), world.places.get(str(b.net[right[k]]))
        if one and two and distance_km(one, two) - one.radius_km - two.radius_km > weights["place_km"]:
            keep.append(int(k))
    days = {int(a.t[left[k]] // _DAY) for k in keep}
    if not days:
        return None
    raw = row["each"] * len(days)
    used = max(raw, row["cap"])
    return _timed(
        a,
        b,
        left[keep],
        right[keep],
        Llr(used, used, used, used),
        Llr(raw, raw, raw, raw),
        family="contradiction",
        kind="incompatible places",
        source=row["source"],
        n=len(days),
        finding=f"on {len(days)} day(s) the accounts were used within {weights['place_minutes']} minutes in places "
        f"more than {weights['place_km']} km apart, accuracy allowed for",
    )


def _timed(
    a: Sightings,
    b: Sightings,
    at_a: np.ndarray,
    at_b: np.ndarray,
    used: Llr,
    raw: Llr,
    *,
    family: str,
    kind: str,
    finding: str,
    source: str,
    n: int,
) -> Item:
    return Item(
        family=family,
        kind=kind,
        finding=finding,
        independence_key=kind,
        raw=raw,
        used=used,
        cap_source=source,
        n_raw_events=len(at_a) + len(at_b),
        n_independent=n,
        first_seen=int(a.t[at_a].min()),
        last_seen=int(a.t[at_a].max()),
        event_ids=a.cite(at_a) + b.cite(at_b),
        exhibits=frozenset(a.exhibit[at_a]) | frozenset(b.exhibit[at_b]),
    )
