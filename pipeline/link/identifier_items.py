"""Items from identifiers and names: devices, recovery contacts, payment, user agents, user names."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import JaroWinkler

from pipeline.link.items import Item, Llr, Pair

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from pipeline.link.world import World

__all__ = ["identifier_items", "name_stem"]

_CROWDED = 6
_CONTACT_KINDS = ("recovery_email", "recovery_phone", "email", "phone")
_KINDS = {
    "device_id": ("device_id",),
    "cookie": ("cookie",),
    "ad_id": ("ad_id",),
    "key_fingerprint": ("key_fingerprint",),
    "payment": ("payment",),
}


def name_stem(login: str) -> str:
    """Letters of a login in lower case: what stays when digits and separators are varied."""
    return re.sub(r"[\W\d_]+", "", login.lower())


def identifier_items(world: World, pair: Pair, mates: AbstractSet[str], weights: dict[str, Any]) -> list[Item]:
    """Everything the two accounts' identifiers and names say."""
    items: list[Item] = []
    for name, kinds in _KINDS.items():
        items += _equal(world, pair, name, kinds, weights)
    items += _contacts(world, pair, weights)
    items += [i for i in (_user_agent(world, pair, mates, weights), _username(world, pair, weights)) if i]
    return items + _contrary(world, pair, items, weights)


def _values(world: World, key: str, kinds: tuple[str, ...]) -> dict[str, tuple[str, int, list[str], list[str]]]:
    """Value -> (kind, events, event ids, exhibits) over several identifier kinds."""
    own = world.identifiers.get(key, {})
    return {v: (kind, *seen) for kind in kinds for v, seen in own.get(kind, {}).items()}


def _equal(world: World, pair: Pair, name: str, kinds: tuple[str, ...], weights: dict[str, Any]) -> Iterator[Item]:
    left, right = _values(world, pair.a, kinds), _values(world, pair.b, kinds)
    for rank, value in enumerate(sorted(left.keys() & right.keys())):
        holders = {h for kind in kinds for h in world.holders.get((kind, value), ())} - set(pair)
        yield _fixed(name, value, left[value], right[value], len(holders), rank, weights["identifier"][name])


def _fixed(
    name: str,
    value: str,
    left: tuple[str, int, list[str], list[str]],
    right: tuple[str, int, list[str], list[str]],
    others: int,
    rank: int,
    row: dict[str, Any],
) -> Item:
    crowded = others + 2 > _CROWDED
    top = row["crowded"] if crowded else row["unrelated"]
    raw = Llr(row["unrelated"], row["premises"], row["device"], row["imitator"])
    premises = row["premises"] if rank == 0 else row["premises_second"] if rank == 1 else 0.0
    used = Llr(top, premises, row["device"], min(top, row["imitator"])) if rank == 0 else Llr(0.0, premises, 0.0, 0.0)
    notes = [f"{others + 2} accounts show it: capped at {top}"] if crowded else []
    if rank:
        notes.append("a further identifier of the same family: adds little")
    return Item(
        family=row["family"],
        kind=f"same {name}",
        identifier_type=left[0],
        identifier=value,
        finding=f"both accounts show the same {left[0].replace('_', ' ')} {value}"
        if left[0] == right[0]
        else f"{value} is {left[0].replace('_', ' ')} of one account and {right[0].replace('_', ' ')} of the other",
        independence_key=f"{name}:{value}",
        raw=raw,
        used=used,
        cap=f"{top}",
        cap_source=row["source"],
        n_raw_events=left[1] + right[1],
        n_other_accounts=others,
        discounts=tuple(notes),
        background_scope="the identifier is unique by design; other holders counted in this case",
        event_ids=tuple(left[2][:5] + right[2][:5]),
        exhibits=frozenset(left[3]) | frozenset(right[3]),
    )


def _contact_values(world: World, key: str) -> dict[str, tuple[str, int, list[str], list[str]]]:
    """Contacts tied to an account, including the address that an e-mail account is."""
    found = {v.lower(): seen for v, seen in _values(world, key, _CONTACT_KINDS).items()}
    account = world.accounts[key]
    if account["platform"] == "email" and account["login"]:
        found.setdefault(account["login"], ("email", account["n_events"] or 0, [], account["exhibit_ids"] or []))
    return found


def _contacts(world: World, pair: Pair, weights: dict[str, Any]) -> Iterator[Item]:
    left, right = _contact_values(world, pair.a), _contact_values(world, pair.b)
    for rank, value in enumerate(sorted(left.keys() & right.keys())):
        holders = {h for kind in _CONTACT_KINDS for h in world.holders.get((kind, value), ())} - set(pair)
        yield _fixed(
            "recovery", value, left[value], right[value], len(holders), rank, weights["identifier"]["recovery"]
        )


def _user_agent(world: World, pair: Pair, mates: AbstractSet[str], weights: dict[str, Any]) -> Item | None:
    row = weights["identifier"]["user_agent"]
    left, right = (_values(world, key, ("user_agent",)) for key in pair)
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
        n_raw_events=left[value][1] + right[value][1],
        n_other_accounts=others,
        n_active_accounts=len(background),
        event_ids=tuple(left[value][2][:3] + right[value][2][:3]),
        exhibits=frozenset(left[value][3]) | frozenset(right[value][3]),
    )


def _username(world: World, pair: Pair, weights: dict[str, Any]) -> Item | None:
    row = weights["username"]
    logins = [world.accounts[k]["login"] for k in pair]
    if not all(logins):
        return None
    names = [login.split("@")[0] for login in logins]
    stems = [name_stem(n) for n in names]
    likeness = JaroWinkler.similarity(names[0].lower(), names[1].lower())
    same_stem = stems[0] == stems[1] and len(stems[0]) >= 4
    if names[0].lower() == names[1].lower():
        kind, raw = "exact", row["exact"]
    elif same_stem or likeness >= row["near_similarity"]:
        kind, raw = "near", row["near"]
    elif likeness < row["unlike_similarity"] and not same_stem:
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
                n_raw_events=sum(s[0] for s in both),
                event_ids=tuple(e for s in both for e in s[1][:2])[:10],
                exhibits=frozenset(x for s in both for x in s[2]),
            )
        )
    return out
