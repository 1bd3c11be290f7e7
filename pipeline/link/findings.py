"""Items that people read: the sentence, the cited events and the exhibits of each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.link.citing import Citer
from pipeline.link.items import KINDS, NOTES, Items
from pipeline.link.names import local_part
from pipeline.link.searched import shown
from pipeline.link.weights import ALTERNATIVES
from pipeline.link.world import NO_TIME

if TYPE_CHECKING:
    import numpy as np

    from pipeline.link.evidence import Steady
    from pipeline.link.world import World

__all__ = ["Teller"]

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
        self.shown = shown(world.held)
        self.cited = Citer(world, weights)

    def rows(self, items: Items, pair: tuple[int, int], link_id: str) -> list[dict[str, Any]]:
        """Rows of one pair's items, strongest first; `place` is where the item stood in `items`."""
        rows = [self._row(items, n, pair) | {"place": n} for n in range(len(items))]
        rows.sort(key=lambda r: (-abs(r["used_unrelated"]), r["family"], r["independence_key"]))
        return [row | {"link_id": link_id, "item_id": f"{link_id}-{n:02d}"} for n, row in enumerate(rows, 1)]

    def _row(self, items: Items, n: int, pair: tuple[int, int]) -> dict[str, Any]:
        name = _KINDS[int(items.kind[n])]
        ref = int(items.ref[n])
        net_class = self.cited.net_class(name, ref)
        at = _At(
            name, ref, items.extra[n].tolist(), int(items.n_independent[n]), int(items.notes[n]), items.used[n, 0], pair
        )
        text, kind_of, value, key = getattr(self, f"_tell_{name}", self._tell_same)(at)
        cited, exhibits = self.cited.events(name, ref, pair)
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
            "min_gap_s": self.cited.gap(name, ref, pair),
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
        kind = self.cited.net_class("pool", at.ref)
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
        kinds = [self.cited.shown_as(account, at.ref) for account in at.pair]
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
