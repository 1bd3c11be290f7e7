"""Items from identifiers and names: devices, recovery contacts, payment, user agents, user names."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from rapidfuzz.distance import JaroWinkler

from pipeline.link.items import Item, Llr, Pair
from pipeline.link.world import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from pipeline.link.world import World

__all__ = ["identifier_items", "name_stem"]

_CROWDED = 6
_DAY = 86_400_000_000
_KINDS = {
    "device_id": ("device_id",),
    "cookie": ("cookie",),
    "ad_id": ("ad_id",),
    "key_fingerprint": ("key_fingerprint",),
    "payment": ("payment",),
    "recovery": ("recovery_email", "recovery_phone", "email", "phone"),
}


def name_stem(login: str) -> str:
    """Letters of a login in lower case: what stays when digits and separators are varied."""
    return re.sub(r"[\W\d_]+", "", login.lower())


def identifier_items(world: World, pair: Pair, mates: AbstractSet[str], weights: dict[str, Any]) -> list[Item]:
    """Everything the two accounts' identifiers and names say."""
    left_out = set(pair) | set(mates)
    rank: dict[str, int] = {}
    items: list[Item] = []
    for name in _KINDS:
        items += _equal(world, pair, name, left_out, rank, weights)
    items += [i for i in (_user_agent(world, pair, mates, weights), _username(world, pair, weights)) if i]
    return items + _contrary(world, pair, items, weights)


class _Shown(NamedTuple):
    """An identifier as one account shows it."""

    kind: str
    seen: Seen


def _values(world: World, key: str, name: str) -> dict[str, _Shown]:
    """Value -> how it is shown, over the kinds that count as `name`; an e-mail account is its own contact."""
    own = world.identifiers.get(key, {})
    found = {v: _Shown(kind, seen) for kind in reversed(_KINDS[name]) for v, seen in own.get(kind, {}).items()}
    account = world.accounts[key]
    if name == "recovery":  # a contact stands from when it was stated until the account falls silent
        until = account["last_seen"] and int(account["last_seen"].timestamp() * 1_000_000)
        found = {v: shown._replace(seen=shown.seen._replace(last=until)) for v, shown in found.items()}
    if name == "recovery" and account["platform"] == "email" and account["login"]:
        address = Seen(account["n_events"] or 0, [], account["exhibit_ids"] or [])
        found.setdefault(account["login"], _Shown("email", address))
    return found


def _equal(
    world: World, pair: Pair, name: str, left_out: AbstractSet[str], rank: dict[str, int], weights: dict[str, Any]
) -> Iterator[Item]:
    left, right = _values(world, pair.a, name), _values(world, pair.b, name)
    family = weights["identifier"][name]["family"]
    for value in sorted(left.keys() & right.keys()):
        others = {h for kind in _KINDS[name] for h in world.holders.get((kind, value), ())} - left_out
        yield _fixed(name, value, (left[value], right[value]), len(others), rank.get(family, 0), weights)
        rank[family] = rank.get(family, 0) + 1


def _fixed(
    name: str, value: str, shown: tuple[_Shown, _Shown], others: int, rank: int, weights: dict[str, Any]
) -> Item:
    """An identifier that is unique by design: full strength once per family, less when crowded or far apart in time."""
    row, (left, right) = weights["identifier"][name], shown
    crowded = others + 2 > _CROWDED
    top = row["crowded"] if crowded else row["unrelated"]
    raw = Llr(row["unrelated"], row["premises"], row["device"], row["imitator"])
    used = Llr(top, row["premises"], row["device"], top)
    if rank:
        second = 1.0 if rank == 1 else 0.0
        used = Llr(0.0, second * row["premises_second"], second * row.get("device_second", 0.0), 0.0)
    notes = [f"{others + 2} accounts show it: capped at {top}"] if crowded else []
    notes += ["a further identifier of the same family: adds little"] if rank else []
    if name == "recovery" and not (left.kind.startswith("recovery") or right.kind.startswith("recovery")):
        used = used._replace(imitator=min(used.imitator, row["imitator_unverified"]))
        notes.append("a contact the account holder stated: nothing against an imitator")
    days = _days_apart(left.seen, right.seen)
    if days > weights["apart_days"]:
        used = used.scaled(weights["apart_factor"])
        notes.append(f"not in the same period ({days} days apart): it may have changed hands")
    return Item(
        family=row["family"],
        kind=f"same {name.replace('_', ' ')}",
        identifier_type=left.kind,
        identifier=value,
        finding=_same_finding(value, left, right),
        independence_key=f"{name}:{value}",
        raw=raw,
        used=used,
        cap=f"{top}",
        cap_source=row["source"],
        n_raw_events=left.seen.n + right.seen.n,
        n_other_accounts=others,
        discounts=tuple(notes),
        background_scope="unique by design; other holders counted in this case",
        event_ids=tuple(left.seen.event_ids[:5] + right.seen.event_ids[:5]),
        exhibits=frozenset(left.seen.exhibits) | frozenset(right.seen.exhibits),
    )


def _days_apart(left: Seen, right: Seen) -> int:
    """Whole days between the periods in which two accounts showed it; 0 when they overlap or have no times."""
    if None in {left.first, left.last, right.first, right.last}:
        return 0
    gap = max(left.first or 0, right.first or 0) - min(left.last or 0, right.last or 0)
    return max(0, gap // _DAY)


def _same_finding(value: str, left: _Shown, right: _Shown) -> str:
    words = [shown.kind.replace("_", " ") for shown in (left, right)]
    own = [not shown.seen.event_ids for shown in (left, right)]
    if any(own):
        return f"{value}, the address of the one account, is stated as {words[1] if own[0] else words[0]} of the other"
    if words[0] == words[1]:
        return f"both accounts show the same {words[0]} {value}"
    return f"{value} is {words[0]} of one account and {words[1]} of the other"


def _user_agent(world: World, pair: Pair, mates: AbstractSet[str], weights: dict[str, Any]) -> Item | None:
    row = weights["identifier"]["user_agent"]
    left, right = (world.identifiers.get(key, {}).get("user_agent", {}) for key in pair)
    left_out = set(pair) | set(mates)
    background = [k for k, kinds in world.identifiers.items() if "user_agent" in kinds and k not in left_out]
    best: tuple[float, str, int] | None = None
    for value in sorted(left.keys() & right.keys()):
        others = sum(value in world.identifiers[k]["user_agent"] for k in background)
        raw = math.log10(row["share_same"] / min(1.0, (others + 0.5) / max(1, len(background))))
        if raw > 0 and (best is None or raw > best[0]):
            best = (raw, value, others)
    if best is None:
        return None
    raw, value, others = best
    used = min(raw, row["unrelated"])
    return Item(
        family=row["family"],
        kind="same user agent",
        identifier_type="user_agent",
        identifier=value,
        finding="both accounts show the same user agent string (text the client chooses)",
        independence_key=f"ua:{value}",
        raw=Llr(raw, raw * 0.3, 0.0, raw),
        used=Llr(used, min(used, row["premises"]), row["device"], min(used, row["imitator"])),
        cap=f"{row['unrelated']}",
        cap_source=row["source"],
        n_raw_events=left[value].n + right[value].n,
        n_other_accounts=others,
        n_active_accounts=len(background),
        event_ids=tuple(left[value].event_ids[:3] + right[value].event_ids[:3]),
        exhibits=frozenset(left[value].exhibits) | frozenset(right[value].exhibits),
    )


def _username(world: World, pair: Pair, weights: dict[str, Any]) -> Item | None:
    row = weights["username"]
    logins = [world.accounts[k]["login"] for k in pair]
    if not all(logins):
        return None
    names = [login.split("@")[0] for login in logins]
    stems = [name_stem(n) for n in names]
    likeness = JaroWinkler.similarity(names[0].lower(), names[1].lower())
    alike = _begin_alike(stems, row["near_prefix"])
    if names[0].lower() == names[1].lower():
        kind, raw = "exact", row["exact"]
    elif alike:
        kind, raw = "near", row["near"]
    elif likeness < row["unlike_similarity"]:
        value = Llr(row["unlike"], row["unlike"], row["unlike"], 0.0)
        return _name_item(
            names, "unlike user names", value, value, row, f"user names {names[0]!r} and {names[1]!r} are unlike", ()
        )
    else:
        return None
    rarity = min(1.0, min(len(s) for s in stems) / row["full_length"])
    used = raw * rarity
    notes = (f"short name: x{rarity:.2f}",) if rarity < 1 else ()
    words = {"exact": "equal", "near": "alike"}[kind]
    return _name_item(
        names,
        f"user name {kind}",
        Llr(raw, raw * row["premises"], raw * row["device"], row["imitator"]),
        Llr(used, used * row["premises"], used * row["device"], row["imitator"]),
        row,
        f"user names {names[0]!r} and {names[1]!r} are {words} (Jaro-Winkler {likeness:.2f}), "
        "as an imitator would also choose them",
        notes,
    )


def _begin_alike(stems: list[str], share: float) -> bool:
    """Whether two names have most of their letters in common from the start (four at least: shorter ones are words)."""
    common = next((i for i, (x, y) in enumerate(zip(*stems, strict=False)) if x != y), min(len(s) for s in stems))
    return common >= max(4, share * max(len(s) for s in stems))


def _name_item(
    names: list[str], kind: str, raw: Llr, used: Llr, row: dict[str, Any], finding: str, notes: tuple[str, ...]
) -> Item:
    return Item(
        family="username",
        kind=kind,
        identifier_type="username",
        identifier=" / ".join(names),
        finding=finding,
        independence_key="username",
        raw=raw,
        used=used,
        cap_source=row["source"],
        discounts=notes,
        background_scope="nick changes in public chat logs",
        n_raw_events=0,
    )


def _contrary(world: World, pair: Pair, items: list[Item], weights: dict[str, Any]) -> list[Item]:
    """Both accounts show identifiers of a kind and none is common."""
    row, out = weights["contrary"], []
    # Cookies and install ids are given out per service: that two services' ids differ says nothing.
    same_service = world.accounts[pair.a]["platform"] == world.accounts[pair.b]["platform"]
    found = {i.family for i in items if i.used.unrelated > 0}
    checks = (
        (
            "device",
            ("device_id", "cookie"),
            row["devices_differ"],
            "both accounts show device ids or cookies and share none",
        ),
        (
            "recovery",
            ("recovery_email", "recovery_phone"),
            row["recovery_differs"],
            "both accounts show recovery contacts and share none",
        ),
    )
    for family, kinds, value, finding in checks:
        own = world.identifiers.get(pair.a, {}), world.identifiers.get(pair.b, {})
        comparable = [k for k in kinds if k in own[0] and k in own[1]]
        if family in found or not comparable or (family == "device" and not same_service):
            continue
        both = [seen for side in own for k in comparable for seen in side[k].values()]
        out.append(
            Item(
                family="contradiction",
                kind=f"{family} identifiers differ",
                finding=finding,
                independence_key=f"{family}-differ",
                raw=Llr(value, value, value, value),
                used=Llr(value, value, value, value),
                cap_source=row["source"],
                n_raw_events=sum(s.n for s in both),
                event_ids=tuple(e for s in both for e in s.event_ids[:2])[:10],
                exhibits=frozenset(x for s in both for x in s.exhibits),
            )
        )
    return out
