"""When two accounts are active as evidence: likeness of the hours of the week, bounded to half a power of ten.

Hours of the day and hours of the week in which an account did something, each clock hour counted once however busy,
are smoothed, centred by the case and compared by cosine; the cosine is read against what each of the two accounts
scores with others of the case (`standing`). What all accounts of a case share, their place on Earth among it, is
therefore background. Hours are of UTC and stay inside: no time zone of anybody is inferred or stated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.link.standing import Reference, apart, pick, standing
from pipeline.link.weights import load_weights

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["RhythmProfiles", "rhythm_llr", "rhythm_profiles"]

_HOUR = 3_600_000_000
_PERIODS = (24, 168)


class RhythmProfiles(NamedTuple):
    """What `rhythm_llr` needs; built by `rhythm_profiles`, one position per account.

    Attributes:
        accounts: Keys of the accounts, sorted.
        events: Events with a time that is certain enough.
        days: Days (UTC) with such an event.
        rows: Centred rows, of unit length in each of the two periods.
        reference: Background, or None when too few accounts have enough events.
        weights: Section `rhythm`.
    """

    accounts: tuple[str, ...]
    events: np.ndarray
    days: np.ndarray
    rows: np.ndarray
    reference: Reference | None
    weights: dict[str, Any]

    @property
    def enough(self) -> np.ndarray:
        """True where an account has enough events on enough days."""
        few: np.ndarray = (self.events < self.weights["events"]) | (self.days < self.weights["days"])
        return ~few


def rhythm_profiles(events: pa.Table, weights: dict[str, Any] | None = None) -> RhythmProfiles:
    """Profiles of all accounts that occur in `events`.

    Args:
        events: Columns account (text), t_us and uncertainty_us (µs since the epoch, UTC, and half-width; null or 0 =
            none declared); any order. Acts that a timer does (scheduled posts) do not belong here.
        weights: Section `rhythm` of the weights; by default the shipped one.
    """
    row = weights or load_weights()["rhythm"]
    names, who = _numbered(events.column("account"))
    t, doubt = (events.column(name).fill_null(-1).to_numpy() for name in ("t_us", "uncertainty_us"))
    certain = (doubt <= row["max_uncertainty_hours"] * _HOUR) & ~events.column("t_us").is_null().to_numpy()
    who, hour = who[certain], t[certain] // _HOUR
    counts = np.bincount(who, minlength=len(names))
    who, hour = _distinct(who, hour)
    days = np.bincount(_distinct(who, hour // 24)[0], minlength=len(names))
    found = RhythmProfiles(names, counts, days, np.zeros((len(names), sum(_PERIODS))), None, row)
    enough = found.enough
    rows = np.concatenate([_rows(who, hour, period, enough, row["smoothing_hours"]) for period in _PERIODS], axis=1)
    return found._replace(rows=rows, reference=_reference(found.accounts, rows, enough, row))


def _numbered(accounts: pa.ChunkedArray) -> tuple[tuple[str, ...], np.ndarray]:
    """Keys, sorted, and for each event the position of its account."""
    coded = accounts.combine_chunks().dictionary_encode()
    names = coded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=lambda i: names[i])
    rank = np.zeros(len(names), np.int64)
    rank[order] = np.arange(len(names))
    return tuple(names[i] for i in order), rank[coded.indices.to_numpy()]


def _distinct(who: np.ndarray, when: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each (account, time) once."""
    first = int(when.min(initial=0))
    span = int(when.max(initial=0)) - first + 1
    both = np.unique(who * span + when - first)
    return both // span, both % span + first


def _rows(who: np.ndarray, hour: np.ndarray, period: int, enough: np.ndarray, width: float) -> np.ndarray:
    """Roots of smoothed shares, less their mean over the case, at unit length; zero for accounts without enough."""
    counts = np.bincount(who * period + hour % period, minlength=len(enough) * period).reshape(-1, period)
    away = np.minimum(np.arange(period), period - np.arange(period))
    kernel = np.exp(-0.5 * (away / width) ** 2)
    smooth = sum(kernel[shift] * np.roll(counts, shift, axis=1) for shift in range(period) if kernel[shift] > 1e-6)
    root = np.sqrt(smooth / np.maximum(np.sum(smooth, axis=1, keepdims=True), 1e-12))
    centred = np.where(enough[:, None], root - root[enough].sum(axis=0) / max(int(enough.sum()), 1), 0.0)
    rows: np.ndarray = centred / np.maximum(np.sqrt((centred**2).sum(axis=1, keepdims=True)), 1e-12)
    return rows


def _reference(
    accounts: tuple[str, ...], rows: np.ndarray, enough: np.ndarray, row: dict[str, Any]
) -> Reference | None:
    who = pick(accounts, enough, row["most_references"])
    if len(who) <= row["least_references"]:
        return None
    column = np.full(len(accounts), -1, np.int64)
    column[who] = np.arange(len(who))
    scores = np.einsum("if,jf->ij", rows, rows[who]) / len(_PERIODS)
    usable = np.repeat(enough[:, None], len(who), axis=1)
    usable[who, np.arange(len(who))] = False
    return Reference(column, scores, usable)


def rhythm_llr(
    found: RhythmProfiles, a: np.ndarray, b: np.ndarray, groups: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """log10 LR of the rhythm of pairs of accounts, "same operator" against "unrelated operators".

    Args:
        found: From `rhythm_profiles`.
        a: Positions of first accounts in `found.accounts`.
        b: Positions of second accounts.
        groups: For each account the number of the group it provisionally belongs to; the groups of a pair are left out
            of its background.

    Returns:
        The ratio (0 where there are too few events, days or other accounts), the events and the days of the account
        that has fewer. The same for (a, b) and (b, a).
    """
    a, b = np.asarray(a, np.int64), np.asarray(b, np.int64)
    row, out = found.weights, np.zeros(len(a))
    fit = np.flatnonzero(found.enough[a] & found.enough[b] & (a != b))
    if found.reference is not None and len(fit):
        i, j = a[fit], b[fit]
        score = (found.rows[i] * found.rows[j]).sum(axis=1) / len(_PERIODS)
        reference = found.reference if groups is None else apart(found.reference, groups)
        in_a, peers_a = standing(score, i, j, reference, groups)
        in_b, peers_b = standing(score, j, i, reference, groups)
        llr = np.clip(row["slope"] * (in_a + in_b) / 2 + row["offset"], row["floor"], row["cap"])
        out[fit] = np.where(np.minimum(peers_a, peers_b) >= row["least_references"], np.round(llr, 3) + 0.0, 0.0)
    return out, np.minimum(found.events[a], found.events[b]), np.minimum(found.days[a], found.days[b])
