"""A small stage for hand-made worlds: accounts, days at places, identifiers; every time is written, none is drawn.

Day 0 is 2026-01-05 (a Monday); times are UTC. Each stage starts with a dozen bystanders, so that rarity has something
to count: each has a home address, a phone and one account on each of two services.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from benchmarks.attribution.simulator.case import TABLES, Case, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

__all__ = ["DAY_US", "START_US", "Stage"]

DAY_US = 86_400_000_000
START_US = 20_458 * DAY_US
_HOUR_US = 3_600_000_000
_BYSTANDERS = 12
_FOREVER = 10**18


class Stage:
    """Collects one small world.

    Args:
        number: becomes the case's seed.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in TABLES}
        self._classes: dict[str, str] = {}
        self._strata: dict[tuple[str, str], str] = {}
        for i in range(_BYSTANDERS):
            for service in ("instagram", "tidewater"):
                key = self.account(f"bystander{i}", f"bystander.{('amber', 'birch', 'cedar')[i % 3]}{i}", service)
                days = range(i % 4, 60, 3 + i % 2)
                self.use(key, days, 18 + i % 4, f"198.18.200.{i + 1}", device=f"bystander-phone-{i}")

    def account(self, operator: str, login: str, service: str = "instagram", *, shown: str | None = None) -> str:
        """An account used by one person from the start; gives its key."""
        native = str(500_000_000 + 7919 * len(self._rows["accounts"]))
        key = f"{service}:{native}"
        self._rows["accounts"].append((key, service, native, login, shown, START_US - 400 * DAY_US))
        self._rows["truth"].append((key, operator, -_FOREVER, _FOREVER))
        return key

    def hand_over(self, account: str, operator: str, day: int) -> None:
        """From a day on, somebody else has the account."""
        at = START_US + day * DAY_US
        rows = self._rows["truth"]
        index = next(i for i, row in enumerate(rows) if row[0] == account)
        rows[index] = (*rows[index][:3], at)
        rows.append((account, operator, at, _FOREVER))

    def use(
        self,
        account: str,
        days: Iterable[int],
        hour: float,
        ip: str,
        *,
        device: str | None = None,
        network: str = "fixed_isp",
        off_h: float = 0.0,
        uncertain_h: float = 0.0,
    ) -> None:
        """One session on each day at an hour (with a few minutes that differ by day), at an address.

        `off_h` is the source's error, `uncertain_h` the half-width it declares, both in hours.
        """
        service = account.partition(":")[0]
        name = f"{service}-sessions{'-second' if uncertain_h else ''}.csv"
        shown = None if service == "tidewater" else device
        agent = f"Mozilla/5.0 ({device or 'Windows NT 10.0'})"
        self._classes.setdefault(ip, network)
        for day in days:
            t = START_US + day * DAY_US + int((hour + off_h) * _HOUR_US) + (day * 37 % 23) * 60_000_000
            row = (account, t, int(uncertain_h * _HOUR_US), ip, None, shown, agent, "session", name)
            self._rows["sessions"].append(row)

    def fact(self, account: str, kind: str, value: str, day: int) -> None:
        """An identifier of an account since a day."""
        name = f"{account.partition(':')[0]}-identifiers.csv"
        self._rows["identifiers"].append((account, kind, value, START_US + day * DAY_US, True, name))

    def pair(self, one: str, two: str, stratum: str) -> None:
        """Note why two accounts are a pair of interest."""
        self._strata[min(one, two), max(one, two)] = stratum

    def case(self, name: str) -> Case:
        """The finished world; accounts named by `pair` are its note."""
        for number, ip in enumerate(sorted(self._classes)):
            kind = self._classes[ip]
            place = (52.0 + number % 5 * 0.01, 5.0 + number % 7 * 0.01, 20.0)
            self._rows["networks"].append((ip, kind, kind, *place))
        operators: dict[str, set[str]] = {}
        for account, operator, _, _ in self._rows["truth"]:
            operators.setdefault(str(account), set()).add(str(operator))
        for one, two in combinations(sorted(operators), 2):
            if operators[one] & operators[two]:
                self._strata.setdefault((one, two), "same")
        self._rows["pairs"] = [(*pair, stratum) for pair, stratum in sorted(self._strata.items())]
        self._rows["sessions"].sort(key=lambda row: (row[1], row[0]))
        named = tuple(sorted({key for pair, stratum in self._strata.items() if stratum != "same" for key in pair}))
        tables = {key: self._table(key) for key in TABLES}
        return Case(seed=self._number, profile=name, notes={name: named}, **tables)

    def _table(self, name: str) -> pa.Table:
        columns = [column.name for column in TABLES[name]]
        rows = self._rows[name]
        return table(name, {c: [row[i] for row in rows] for i, c in enumerate(columns)})
