"""What a first look prints: what was read, what was not, where and by whom. No verdict: nothing was linked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.case import Case
    from pipeline.store import Store

__all__ = ["triage_lines"]

_TYPES = """
SELECT event_type, count(*) AS n, min(timestamp) AS first, max(timestamp) AS last
FROM events GROUP BY 1 ORDER BY 2 DESC, 1
"""
_PLACES = """
SELECT o.identifier AS ip, count(DISTINCT account_key) AS accounts, any_value(d.network_class) AS kind,
       sum(n_events) AS n
FROM observations o LEFT JOIN addresses d ON d.ip = o.identifier WHERE identifier_type = 'ip'
GROUP BY 1 ORDER BY 2 DESC, 4 DESC, 1 LIMIT 8
"""


def triage_lines(case: Case, store: Store) -> list[str]:
    """Members by verdict, events by type, and the addresses that most accounts share."""
    members = store.read("members", ["exhibit_id", "member_path", "verdict"]).to_pandas()
    verdicts = members["verdict"].value_counts().sort_index()
    lines = [f"{case.info.id}: {', '.join(f'{n} {verdict}' for verdict, n in verdicts.items()) or 'no exhibits'}"]
    unread = members[members["verdict"].isin(["unclaimed", "ambiguous", "unreadable"])]
    lines += [
        f"  not read ({row.verdict}): {row.exhibit_id} {row.member_path}".rstrip() for row in unread.itertuples()
    ][:10]
    with store.connect() as con:
        types, places = con.execute(_TYPES).df(), con.execute(_PLACES).df()
    lines += ["events:", *(_type_line(row) for row in types.itertuples())]
    lines += ["addresses seen with most accounts:", *(_place_line(row) for row in places.itertuples())]
    lines.append(
        "Nothing was linked: `vestigo run` weighs accounts and writes the report; an earlier report is older than this."
    )
    return [line.encode("ascii", "backslashreplace").decode() if not line.isprintable() else line for line in lines]


def _type_line(row: Any) -> str:  # noqa: ANN401 - a row of a data frame
    return f"  {row.n:>9,}  {row.event_type}  {_day(row.first)} .. {_day(row.last)}"


def _place_line(row: Any) -> str:  # noqa: ANN401 - a row of a data frame
    return f"  {row.ip}  {row.kind or 'unknown'}  {row.accounts} account(s), {int(row.n):,} events"


def _day(value: object) -> str:
    text = str(value)
    return text[:10] if text[:1].isdigit() else "?"
