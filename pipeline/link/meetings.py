"""Who was on the same network at about the same time: presences per time bucket, joined within caps.

A join on the network alone would pair everybody behind a large shared address with everybody else (over a thousand
million pairs for five million events); a time bucket and a cap on the group keep what can carry weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.link.items import grouped

if TYPE_CHECKING:
    from pipeline.link.world import Sightings

__all__ = ["Meetings", "Presence", "crowds", "meet", "merge", "pair_up", "presence"]


@dataclass(frozen=True, slots=True)
class Presence:
    """One row per (network, time bucket, account), sorted so: first and last time (µs), events, exhibits.

    `spread` is how far the worst of its times may be off (µs).
    """

    net: np.ndarray
    bucket: np.ndarray
    account: np.ndarray
    first: np.ndarray
    last: np.ndarray
    n: np.ndarray
    low: np.ndarray
    high: np.ndarray
    spread: np.ndarray


@dataclass(frozen=True, slots=True)
class Meetings:
    """Two presences on one network within the window: rows in a `Presence` (`left` is the lower account's)."""

    left: np.ndarray
    right: np.ndarray


def presence(seen: Sightings, rows: np.ndarray, size_us: int) -> Presence:
    """Presences of the sightings under a mask, in buckets of `size_us`."""
    at = np.flatnonzero(rows)
    net, account, t = seen.net[at].astype(np.int64), seen.account[at].astype(np.int64), seen.t[at]
    bucket = t // size_us
    low = int(bucket.min()) if len(bucket) else 0
    buckets = int(bucket.max()) - low + 1 if len(bucket) else 1
    accounts = len(seen.starts)
    key = (net * buckets + (bucket - low)) * accounts + account
    order = np.argsort(key, kind="stable")  # sightings are in time order within an account, and stay so
    starts, sizes = grouped(key[order])
    ends = starts + sizes - 1
    exhibit = seen.exhibit[at][order]
    first_row = order[starts]
    return Presence(
        net=net[first_row].astype(np.int32),
        bucket=bucket[first_row],
        account=account[first_row].astype(np.int32),
        first=t[first_row],
        last=t[order[ends]],
        n=sizes,
        low=np.minimum.reduceat(exhibit, starts) if len(starts) else exhibit,
        high=np.maximum.reduceat(exhibit, starts) if len(starts) else exhibit,
        spread=np.maximum.reduceat(seen.spread[at][order], starts) if len(starts) else seen.spread[at],
    )


def pair_up(start: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row i with every row in [start[i], stop[i]): (i repeated, partner)."""
    counts = np.maximum(stop - start, 0)
    left = np.repeat(np.arange(len(counts)), counts)
    offset = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return left, np.repeat(start, counts) + offset


def crowds(here: Presence) -> tuple[np.ndarray, np.ndarray]:
    """Starts and sizes of the (network, bucket) groups."""
    if not len(here.net):
        return grouped(here.net)
    span = int(here.bucket.max() - here.bucket.min()) + 1
    return grouped(here.net.astype(np.int64) * span + (here.bucket - here.bucket.min()))


def meet(here: Presence, cap: int, window_us: int | None) -> Meetings:
    """Meetings in groups of at most `cap` accounts; with a window, the next bucket counts too when near enough."""
    starts, sizes = crowds(here)
    if not len(starts):
        return Meetings(np.zeros(0, np.int64), np.zeros(0, np.int64))
    group = np.repeat(np.arange(len(starts)), sizes)
    small = sizes <= cap
    row = np.arange(len(here.net))
    end = np.where(small[group], (starts + sizes)[group], row)
    left, right = pair_up(row + 1, end)
    if window_us is None:
        return Meetings(left, right)
    following = (
        np.r_[
            (here.net[starts[1:]] == here.net[starts[:-1]]) & (here.bucket[starts[1:]] == here.bucket[starts[:-1]] + 1),
            False,
        ]
        & small
        & np.r_[small[1:], False]
    )
    nxt = np.minimum(group + 1, len(starts) - 1)
    one, two = pair_up(np.where(following[group], starts[nxt], 0), np.where(following[group], (starts + sizes)[nxt], 0))
    near = (here.first[two] - here.last[one] <= window_us) & (here.account[one] != here.account[two])
    return _ordered(here, np.r_[left, one[near]], np.r_[right, two[near]])


def _ordered(here: Presence, left: np.ndarray, right: np.ndarray) -> Meetings:
    swap = here.account[left] > here.account[right]
    return Meetings(np.where(swap, right, left), np.where(swap, left, right))


def merge(key: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Order that sorts `key`, and starts and sizes of its runs."""
    order = np.argsort(key, kind="stable")
    return (order, *grouped(key[order]))
