"""Items that people read: the sentence, the cited events and the exhibits of each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.link.items import KINDS, NOTES, Items, Pairs
from pipeline.link.names import local_part
from pipeline.link.searched import shown
from pipeline.link.time_items import Neighbours, meetings_of, silence
from pipeline.link.weights import ALTERNATIVES
from pipeline.link.world import NO_TIME

if TYPE_CHECKING:
    from pipeline.link.evidence import Steady
    from pipeline.link.world import World

__all__ = ["Teller"]

_CITED = 6
_TIMED = ("handover", "concurrent", "places")
_HOUR = 3_600_000_000
_KINDS = tuple(KINDS)
_NAMES = {"exact": "equal", "near": "alike"}


_Told = tuple[str, str | None, str | None, str]


class _At(NamedTuple):
    """What a sentence may need of an item."""

    name: str
    ref: int
    extra: list[float]
    days: int
    notes: int
    lean: float
    pair: tuple[int, int]


class Teller:
    """Writes rows of `evidence_items`; holds what the sentences need to look up."""

    def __init__(self, world: World, base: Steady, weights: dict[str, Any]) -> None:
        """Keep the case and the weights at hand."""
        self.world, self.base, self.weights = world, base, weights
        held = world.held
        self._held: dict[tuple[int, int], list[int]] = {}
        for row, where in enumerate(zip(held.account.tolist(), held.value.tolist(), strict=True)):
            self._held.setdefault(where, []).append(row)
        self.shown = shown(held)
        self._quiet = silence(world)
        self._wrote: dict[str, list[str]] = {}
        if "event_id" in world.texts.column_names:
            for key, event in zip(*(world.texts[c].to_pylist() for c in ("account", "event_id")), strict=True):
                self._wrote.setdefault(key, []).append(event)
        self._met: tuple[tuple[int, int], dict[str, Neighbours]] | None = None

    def rows(self, items: Items, pair: tuple[int, int], link_id: str) -> list[dict[str, Any]]:
        """Rows of one pair's items, strongest first; `place` is where the item stood in `items`."""
        rows = [self._row(items, n, pair) | {"place": n} for n in range(len(items))]
        rows.sort(key=lambda r: (-abs(r["used_unrelated"]), r["family"], r["independence_key"]))
        return [row | {"link_id": link_id, "item_id": f"{link_id}-{n:02d}"} for n, row in enumerate(rows, 1)]

    def _row(self, items: Items, n: int, pair: tuple[int, int]) -> dict[str, Any]:
        name = _KINDS[int(items.kind[n])]
        ref = int(items.ref[n])
        net_class = self._net_class(name, ref)
        at = _At(
            name, ref, items.extra[n].tolist(), int(items.n_independent[n]), int(items.notes[n]), items.used[n, 0], pair
        )
        text, kind_of, value, key = getattr(self, f"_tell_{name}", self._tell_same)(at)
        cited, exhibits = self._cite(name, ref, pair)
        cap, source = self._cap(name, net_class)
        row: dict[str, Any] = {
            "family": KINDS[name].family,
            "kind": KINDS[name].label.format(net_class=net_class),
            "finding": text,
            "identifier_type": kind_of,
            "identifier": value,
            "independence_key": key,
            "n_raw_events": int(items.n_raw[n]),
            "n_independent": int(items.n_independent[n]),
            "first_seen": _time(items.first[n]),
            "last_seen": _time(items.last[n]),
            "min_gap_s": self._gap(name, ref, pair),
            "network_class": net_class,
            "background_scope": _scope(name),
            "n_other_accounts": _count(items.others[n]),
            "n_active_accounts": _count(items.active[n]),
            "q": None if math.isnan(items.q[n]) else round(float(items.q[n]), 4),
            "cap": cap,
            "cap_source": source,
            "discounts": self._notes(name, items, n, net_class),
            "event_ids": cited,
            "source_grade": "C3" if exhibits > 1 else "C2",
        }
        for place, alternative in enumerate(ALTERNATIVES):
            row[f"raw_{alternative}"] = round(float(items.raw[n, place]), 4)
            row[f"used_{alternative}"] = round(float(items.used[n, place]), 4)
        return row

    def _net_class(self, name: str, ref: int) -> str | None:
        if name == "network":
            return self.world.nets.label[ref]
        if name == "pool":
            rows = self.weights["network"]["class"]
            return str([k for k, row in rows.items() if row.get("pool")][ref])
        return None

    def _cap(self, name: str, net_class: str | None) -> tuple[str, str]:
        rows = self.weights
        if name in {"network", "pool"}:
            known = rows["network"]["class"]
            row = known.get(net_class) or known["unknown"]
            return (f"{row['floor']}..{row['cap']}" if name == "pool" else "by class"), row["source"]
        if name in rows["identifier"]:
            return f"{rows['identifier'][name]['unrelated']}", rows["identifier"][name]["source"]
        if name.startswith("name_"):
            return "", rows["username"]["source"]
        section = {"never_home": "contrary", "device_differ": "contrary", "recovery_differ": "contrary"}.get(name, name)
        return "", rows[section]["source"]

    # --- sentences: (finding, identifier type, identifier, independence key) ---

    def _tell_network(self, at: _At) -> _Told:
        net = self.world.nets.names[at.ref]
        hours = self.weights["co_window_hours"]
        text = f"both accounts used {net} ({self.world.nets.label[at.ref]}) within {hours} hours of each other"
        return text, "ip", net, f"net:{net}"

    def _tell_pool(self, at: _At) -> _Told:
        kind = self._net_class("pool", at.ref)
        text = (
            f"both used {kind} addresses in {at.extra[0]:.0f} common periods of "
            f"{self.weights['pool_window_hours']} hours; "
            f"in {at.extra[1]:.0f} of them the same one"
        )
        return text, None, None, f"pool:{kind}"

    def _tell_never_home(self, at: _At) -> _Told:
        text = f"both accounts used home networks on {at.extra[0]:.0f} common days and never the same one"
        return text, None, None, "never-home"

    def _tell_handover(self, at: _At) -> _Told:
        on_device = at.notes >> NOTES.index("on_device") & 1
        where = "network and device" if on_device else "network with the same user agent string"
        text = (
            f"on {at.extra[1]:.0f} day(s) one account fell silent and the other started within "
            f"{self.weights['handover_minutes']} minutes on the same {where} ({at.extra[0]:.1f} more than by chance)"
        )
        return text, None, None, "handover"

    def _tell_concurrent(self, at: _At) -> _Told:
        days = at.days
        text = f"on {days} day(s) both accounts were in use within the same minute on different devices"
        return text, None, None, "concurrent use"

    def _tell_places(self, at: _At) -> _Told:
        text = (
            f"on {at.days} day(s) the accounts were used within {self.weights['place_minutes']} "
            f"minutes in places more than {self.weights['place_km']} km apart, accuracy allowed for"
        )
        return text, None, None, "incompatible places"

    def _tell_same(self, at: _At) -> _Told:
        value = self.world.values[at.ref]
        kinds = [self._shown_as(account, at.ref) for account in at.pair]
        stated = [k for k in kinds if k]
        words = [k.replace("_", " ") if k else None for k in kinds]
        if None in words:
            own = words.index(None)
            text = f"{value}, the address of the one account, is stated as {words[1 - own]} of the other"
        elif words[0] == words[1]:
            text = f"both accounts show the same {words[0]} {value}"
        else:
            text = f"{value} is {words[0]} of one account and {words[1]} of the other"
        return text, (stated[0] if stated else "email"), value, f"{at.name}:{value}"

    def _tell_user_agent(self, at: _At) -> _Told:
        value = self.world.values[at.ref]
        text = "both accounts show the same user agent string (text the client chooses)"
        return text, "user_agent", value, f"ua:{value}"

    def _tell_contact(self, at: _At) -> _Told:
        value = self.world.values[at.ref]
        text = f"both accounts wrote to {value}, which few others of this case did"
        return text, "contact", value, f"contact:{value}"

    def _tell_name_exact(self, at: _At) -> _Told:
        names = [local_part(self.world.rows[account]["login"]) for account in at.pair]
        if at.name == "name_unlike":
            text = f"user names {names[0]!r} and {names[1]!r} are unlike"
        else:
            text = (
                f"user names {names[0]!r} and {names[1]!r} are {_NAMES[at.name[5:]]} (Jaro-Winkler {at.extra[0]:.2f}), "
                "as an imitator would also choose them"
            )
        return text, "username", " / ".join(names), "username"

    _tell_name_near = _tell_name_unlike = _tell_name_exact

    def _tell_device_differ(self, at: _At) -> _Told:
        what = {"device_differ": "device ids or cookies", "recovery_differ": "recovery contacts"}[at.name]
        return f"both accounts show {what} and share none", None, None, at.name.replace("_", "-")

    _tell_recovery_differ = _tell_device_differ

    def _tell_style(self, at: _At) -> _Told:
        lean = "alike" if at.lean > 0 else "unlike"
        text = (
            f"the texts of the accounts are {lean} in frequent words and letter sequences "
            f"({at.extra[0]:.0f} words in the smaller)"
        )
        return text, None, None, "style"

    def _tell_rhythm(self, at: _At) -> _Told:
        lean = "alike" if at.lean > 0 else "unlike"
        return f"the hours at which the accounts are used are {lean}", None, None, "rhythm"

    # --- sources ---

    def _shown_as(self, account: int, value: int) -> str | None:
        rows = self._held.get((account, value))
        if not rows:
            return None
        from pipeline.link.candidates import CONTACTS

        kinds = [self.world.kinds[self.world.held.kind[r]] for r in rows]
        return str(min(kinds, key=lambda k: CONTACTS.index(k) if k in CONTACTS else -1))

    def _cite(self, name: str, ref: int, pair: tuple[int, int]) -> tuple[list[str], int]:
        """First and last few events on either side, and how many exhibits they come from."""
        if name in {"network", "pool", *_TIMED}:
            at = self._rests_on(name, ref, pair)
            ids = [str(e) for side in at for e in self.world.seen.event.take(_few(side)).to_pylist()]
            return ids, len(set(np.concatenate([self.world.seen.exhibit[side] for side in at]).tolist()))
        if name in {"style", "rhythm"} or name.startswith("name_"):
            return self._examples(name, pair)
        if ref < 0:
            rows = [r for account in pair for r in self._differing(name, account)][:_CITED]
            per = 2
        else:
            rows, per = [r for account in pair for r in self._held.get((account, ref), ())[:1]], 5
        held = self.world.held
        ids = [e for r in rows for e in held.events[r][:per]]
        return ids, len({x for r in rows for x in (int(held.low[r]), int(held.high[r]))})

    def _examples(self, name: str, pair: tuple[int, int]) -> tuple[list[str], int]:
        """A few of the events of either account in which its name, hours or texts stand."""
        world, ids, sources = self.world, [], set()
        for account in pair:
            at = np.arange(*world.seen.of(account).indices(len(world.seen.t))[:2])
            own = self._wrote.get(world.keys[account], [])[:3] if name == "style" else []
            ids += own or [str(e) for e in world.seen.event.take(_few(at)).to_pylist()[:3]]
            sources |= set(world.seen.exhibit[at].tolist())
        return ids, len(sources)

    def _differing(self, name: str, account: int) -> list[int]:
        kinds = {"device_differ": ("device_id", "cookie"), "recovery_differ": ("recovery_email", "recovery_phone")}
        wanted = {self.world.kinds.index(k) for k in kinds.get(name, ()) if k in self.world.kinds}
        held = self.world.held
        mine = np.flatnonzero((held.account == account) & np.isin(held.kind, sorted(wanted)))
        return [int(r) for r in mine[:3]]

    def _sightings(self, name: str, ref: int, mine: int, theirs: int) -> np.ndarray:
        """Sightings of one account that are near one of the other, in the sense of the kind."""
        seen = self.world.seen
        own, other = (np.arange(*seen.of(k).indices(len(seen.t))[:2]) for k in (mine, theirs))
        if name == "network":
            own, other = own[seen.net[own] == ref], other[seen.net[other] == ref]
            window = self.weights["co_window_hours"] * _HOUR
        elif name == "pool":
            kind = self._net_class(name, ref)
            label = np.array([k == kind for k in self.world.nets.label], bool)
            own, other = own[label[seen.net[own]]], other[label[seen.net[other]]]
            size = self.weights["pool_window_hours"] * _HOUR
            n = len(self.world.nets.names)
            keys = [(seen.t[s] // size) * n + seen.net[s] for s in (own, other)]
            return np.asarray(own[np.isin(keys[0], keys[1])])
        return np.asarray(own[_near(seen.t[own], seen.t[other], window)])

    def _rests_on(self, name: str, ref: int, pair: tuple[int, int]) -> list[np.ndarray]:
        """The sightings of either account that an item rests on."""
        if name not in _TIMED:
            return [self._sightings(name, ref, *pair), self._sightings(name, ref, *reversed(pair))]
        if self._met is None or self._met[0] != pair:
            one = Pairs(np.array(pair[:1]), np.array(pair[1:]), len(self.world.keys))
            self._met = (pair, meetings_of(self.world, one, np.zeros(1, np.int64), self._quiet, self.weights))
        near = self._met[1][name]
        order = np.lexsort((near.b, near.a))
        return [near.a[order], near.b[order]]

    def _gap(self, name: str, ref: int, pair: tuple[int, int]) -> float | None:
        """Seconds between the closest two events on a common network."""
        if name != "network":
            return None
        one, two = (self.world.seen.t[side] for side in self._rests_on(name, ref, pair))
        after = np.minimum(np.searchsorted(two, one), len(two) - 1)
        gaps = np.minimum(np.abs(two[after] - one), np.abs(one - two[np.maximum(after - 1, 0)]))
        return round(int(gaps.min()) / 1e6, 3) if len(gaps) else None

    def _notes(self, name: str, items: Items, n: int, net_class: str | None) -> list[str]:
        bits, extra = int(items.notes[n]), items.extra[n]
        has = {note for place, note in enumerate(NOTES) if bits >> place & 1}
        others = int(items.others[n])
        said = {
            "capped": f"capped by what the network may be (label {net_class})"
            if name == "network"
            else f"capped at {self._cap(name, net_class)[0]}" + (f" for {net_class}" if net_class else ""),
            "crowded": f"{others} other accounts on this network: may be shared"
            if name == "network"
            else f"{others + 2} accounts show it: counted as crowded",
            "ranked": f"network no. {extra[0] + 1:.0f}: x{extra[1]:.2f}"
            if name == "network"
            else "a further identifier of the same family: adds little",
            "apart": f"not in the same period ({extra[0]:.0f} days apart): it may have changed hands",
            "stated": "rests on mail whose sender nobody confirms: halved, and nothing against an imitator",
            "short": f"short, or begun like others of this case: x{extra[1]:.2f}",
            "typed": "a contact the account holder stated: nothing against an imitator",
            "uncertain": "times of one side are uncertain: counts less",
            "cross_genre": "texts of different kinds: halved",
        }
        return [said[note] for note in NOTES if note in has and note in said]


def _near(a: np.ndarray, b: np.ndarray, window: int) -> np.ndarray:
    """Which times of `a` have one of `b` within the window."""
    found: np.ndarray = np.searchsorted(b, a - window) < np.searchsorted(b, a + window, side="right")
    return found


def _few(at: np.ndarray) -> np.ndarray:
    return np.r_[at[: _CITED // 2], at[-(_CITED // 2) :]] if len(at) > _CITED else at


def _time(value: np.int64) -> int | None:
    return None if value == NO_TIME else int(value)


def _count(value: np.int64) -> int | None:
    return None if value < 0 else int(value)


def _scope(name: str) -> str:
    if name.startswith("name_"):
        return "nick changes in public chat logs"
    if name in {"device_id", "cookie", "ad_id", "key_fingerprint", "camera", "payment", "recovery"}:
        return "unique by design; other holders counted in this case"
    return "accounts of this case"
