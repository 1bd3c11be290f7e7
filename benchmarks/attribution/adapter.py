"""A simulated case as what linking looks at, without the way through evidence files."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link.world import NO_TIME, Holdings, Networks, Sightings, World, system_of

if TYPE_CHECKING:
    from benchmarks.attribution.simulator.case import Case

__all__ = ["world_of"]

_HOUR = 3_600_000_000
_KINDS = {"exif_serial": "camera_serial", "mailer_id": "cookie"}
_ANONYMISING = {"vpn_provider", "tor_exit", "hosting"}


def world_of(case: Case, max_uncertainty_hours: float = 30) -> World:
    """The case as arrays, numbered as `pipeline.link.world.load_world` numbers them."""
    accounts = case.accounts.sort_by("account")
    keys = accounts["account"].to_pylist()
    exhibits = sorted(
        {
            *case.sessions["exhibit"].to_pylist(),
            *case.identifiers["exhibit"].to_pylist(),
            *case.messages["exhibit"].to_pylist(),
        }
    )
    sessions = case.sessions.filter(
        pc.less_equal(case.sessions["uncertainty_us"], int(max_uncertainty_hours * _HOUR) // 2)
    )
    sessions = sessions.sort_by([("account", "ascending"), ("t_us", "ascending")])
    nets, net_of = _networks(case, sessions)
    seen, devices, agents = _sightings(sessions, keys, net_of, exhibits)
    held, kinds, values = _holdings(case, keys, exhibits)
    platforms = sorted(set(accounts["platform"].to_pylist()))
    last = np.full(len(keys), NO_TIME)
    np.maximum.at(last, seen.account, seen.t)
    rows = tuple(
        {"platform": p, "login": login, "last_seen": None if t == NO_TIME else _Time(int(t)), "account_key": k}
        for k, p, login, t in zip(
            keys, accounts["platform"].to_pylist(), accounts["login"].to_pylist(), last.tolist(), strict=True
        )
    )
    return World(
        keys=tuple(keys),
        rows=rows,
        platform=np.array([platforms.index(r["platform"]) for r in rows], np.int32),
        seen=seen,
        held=held,
        nets=nets,
        kinds=kinds,
        values=values,
        exhibits=tuple(exhibits),
        devices=devices,
        agents=agents,
        untimed={},
        texts=_texts(case),
    )


def _texts(case: Case) -> pa.Table:
    """What accounts wrote, each text once."""
    genre = pa.array(["message"] * case.messages.num_rows, pa.string())
    table = pa.table({"account": case.messages["account"], "text": case.messages["text"], "genre": genre})
    table = table.group_by(["account", "text", "genre"]).aggregate([])
    return table.sort_by([("account", "ascending"), ("text", "ascending")])


class _Time:
    """A time that answers like a datetime."""

    def __init__(self, us: int) -> None:
        self.us = us

    def timestamp(self) -> float:
        """Seconds since 1970 UTC."""
        return self.us / 1_000_000


def _prefix(ip: str) -> str:
    address = ipaddress.ip_address(ip)
    return ip if address.version == 4 else str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))


def _networks(case: Case, sessions: pa.Table) -> tuple[Networks, dict[str, int]]:
    known = {r["ip"]: r for r in case.networks.to_pylist()}
    ips = sorted(set(sessions["ip"].to_pylist()) - {None})
    by_net: dict[str, str] = {}
    for ip in ips:
        by_net.setdefault(_prefix(ip), ip)
    names = sorted(by_net)
    rows: list[dict[str, Any]] = [known.get(by_net[n], {}) for n in names]
    label = tuple(r.get("label_class") or "unknown" for r in rows)
    usable = [k not in _ANONYMISING and r.get("latitude") is not None for k, r in zip(label, rows, strict=True)]
    where = [
        np.array([r[c] if ok else np.nan for r, ok in zip(rows, usable, strict=True)], float)
        for c in ("latitude", "longitude")
    ]
    radius = np.array([r.get("radius_km") or 200.0 for r in rows], float)
    place = {n: k for k, n in enumerate(names)}
    return Networks(tuple(names), label, *where, radius), {ip: place[_prefix(ip)] for ip in ips}


def _codes(column: pa.ChunkedArray) -> tuple[np.ndarray, tuple[str, ...]]:
    texts = tuple(sorted(t for t in pc.unique(column).to_pylist() if t is not None))
    found = pc.index_in(column, value_set=pa.array(texts, pa.string()))
    return np.asarray(pc.fill_null(found, -1).to_numpy(), np.int32), texts


def _sightings(
    sessions: pa.Table, keys: list[str], net_of: dict[str, int], exhibits: list[str]
) -> tuple[Sightings, tuple[str, ...], tuple[str, ...]]:
    account = np.searchsorted(np.array(keys, object), np.array(sessions["account"].to_pylist(), object))
    device, devices = _codes(sessions["device_id"])
    ua, agents = _codes(sessions["user_agent"])
    place = {e: n for n, e in enumerate(exhibits)}
    return (
        Sightings(
            account=account.astype(np.int32),
            t=sessions["t_us"].to_numpy(),
            spread=2 * sessions["uncertainty_us"].to_numpy(),
            net=np.array([net_of[ip] for ip in sessions["ip"].to_pylist()], np.int32),
            device=device,
            ua=ua,
            system=np.array([*map(system_of, agents), -1], np.int32)[ua],
            stated=np.zeros(len(account), bool),
            exhibit=np.array([place[e] for e in sessions["exhibit"].to_pylist()], np.int32),
            event=pa.array([f"S{n}" for n in range(len(account))]),
            starts=np.searchsorted(account, np.arange(len(keys) + 1)),
        ),
        devices,
        agents,
    )


def _holdings(case: Case, keys: list[str], exhibits: list[str]) -> tuple[Holdings, tuple[str, ...], tuple[str, ...]]:
    rows = [
        (r["account"], _KINDS.get(r["kind"], r["kind"]), r["value"], r["t_us"], r["exhibit"])
        for r in case.identifiers.to_pylist()
    ]
    for kind in ("device_id", "user_agent"):
        table = case.sessions.filter(pc.is_valid(case.sessions[kind]))
        rows += [(r["account"], kind, r[kind], r["t_us"], r["exhibit"]) for r in table.to_pylist()]
    rows += [
        (r["account"], "contact", r["to_account"], r["t_us"], r["exhibit"])
        for r in case.messages.to_pylist()
        if r["to_account"]
    ]
    rows += [(r["account"], "contact", r["other"], r["t_us"], exhibits[0]) for r in case.relations.to_pylist()]
    place, number = {k: n for n, k in enumerate(keys)}, {e: n for n, e in enumerate(exhibits)}
    found: dict[tuple[int, str, str], list[tuple[int, int]]] = {}
    for account, kind, value, t, exhibit in rows:
        found.setdefault((place[account], kind, value), []).append((t, number[exhibit]))
    ordered = sorted(found)
    kinds, values = tuple(sorted({k for _, k, _ in ordered})), tuple(sorted({v for *_, v in ordered}))
    kind_of, value_of = {k: n for n, k in enumerate(kinds)}, {v: n for n, v in enumerate(values)}
    seen = [found[o] for o in ordered]
    held = Holdings(
        account=np.array([o[0] for o in ordered], np.int32),
        kind=np.array([kind_of[o[1]] for o in ordered], np.int32),
        value=np.array([value_of[o[2]] for o in ordered], np.int32),
        n=np.array([len(s) for s in seen], np.int64),
        first=np.array([min(s)[0] for s in seen], np.int64),
        last=np.array([max(s)[0] for s in seen], np.int64),
        low=np.array([min(x for _, x in s) for s in seen], np.int32),
        high=np.array([max(x for _, x in s) for s in seen], np.int32),
        events=((),) * len(ordered),
    )
    return held, kinds, values
