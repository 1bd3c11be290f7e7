"""What `vestigo why` says, as lines for a terminal or a print-out."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from pipeline.report import wording
from pipeline.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    Row = dict[str, Any]

__all__ = ["render"]

_WIDTH = 110
_SHORT = {"unrelated": "unrelated", "premises": "premises", "device": "device", "imitator": "imitator"}
_BAR = 30


def render(view: Row) -> Iterator[str]:
    """Every section with something to say."""
    yield from _head(view)
    yield from _findings(view["items"])
    if view["items"]:
        yield from _steps(view["waterfall"])
        yield from _left_out(view)
        yield from _sensitivity(view)
    if view["decision"] not in {"same_operator", "judged_same"}:
        yield from _section("Why not", _why_not(view))
    else:
        yield from _section("Why", [text for text in view["why"] if text != view["outcome"]])
    yield from _section("Said of their groups", view["group_reasons"])
    if "paths" in view:
        yield from _paths(view["paths"])
    yield from _section("Looked for and not found", view["searched"])
    yield from _section("Not available", view["missing"])
    yield from _section("Stated by a provider (a fact of its own; no part of the numbers)", _stated(view))
    yield from _section("Limits", view["limits"])


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"\n{title}"
        for line in lines:
            yield from _wrap(line, "  - ", "    ")


def _wrap(text: str, first: str, rest: str) -> list[str]:
    shown = visible(text.replace("\n", " "))
    return textwrap.wrap(shown, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _head(view: Row) -> Iterator[str]:
    a, b = view["accounts"]
    llr, low, high = view["llr"], view["range"]["low"], view["range"]["high"]
    yield visible(f"{a}  and  {b}    {view['link_id']}")
    yield from _wrap(f"{wording.sentence(view['support'])} {view['meaning']}", "", "")
    declared = "/".join(f"{100 * share:.0f}" for share in view["shares"].values())
    each = "   ".join(f"{word} {wording.number(llr[name])}" for name, word in _SHORT.items())
    yield f"  against    {each}"
    yield from _wrap(view["weakest_words"], "  ", "  ")
    shares = f"Weighted as declared {declared} %; with other shares between {wording.number(low)} and"
    kept = "the wording is kept" if wording.support(low) == wording.support(high) else "the wording changes"
    yield from _wrap(f"{shares} {wording.number(high)}: {kept}.", "  ", "  ")
    yield from _wrap(f"Decision: {view['outcome']}.", "  ", "  ")
    if view["single_point"]:
        text = f"SINGLE-POINT DEPENDENT: without {view['single_point']} the words drop by two bands."
        yield from _wrap(text, "  ", "  ")
    if not view["weighed_in_run"]:
        text = "Nothing the accounts have in common suggested this pair; it was weighed because you asked."
        yield from _wrap(text, "  ", "  ")
    known = view["number_in_tables"]
    if known is not None and abs(known - llr["mixture"]) > 0.00005:
        text = f"The tables hold {known:+.4f}: case.toml or the program changed; vestigo run."
        yield from _wrap(text, "  ! ", "    ")


def _findings(items: list[Row]) -> Iterator[str]:
    if not items:
        yield "\nFindings: none"
        return
    yield f"\nFindings (log10 LR as used){'unrel.':>19}{'prem.':>8}{'device':>8}{'imit.':>8}   records / independent"
    for item in items:
        number = item["item_id"].rpartition("-")[2]
        values = "".join(f"{_signed(item['used_' + name]):>8}" for name in _SHORT)
        counted = f"{item['n_raw_events'] or 0:,} / {item['n_independent'] or 0:,}"
        yield f"  {number}  {item['kind'][:34]:<34}{values}   {counted}"
        yield from _wrap(item["finding"], "      ", "      ")
        yield from _wrap("; ".join(_about(item)), "      ", "      ")
        yield from _source(item)


def _about(item: Row) -> list[str]:
    out = list(item["discounts"] or [])
    if item["n_active_accounts"] is not None:
        out.insert(0, f"background: {item['n_other_accounts']} of {item['n_active_accounts']} other accounts")
    elif item["n_other_accounts"] is not None:
        out.insert(0, f"background: {item['n_other_accounts']} other accounts show it")
    if abs(item["raw_unrelated"] - item["used_unrelated"]) > 0.005:
        out.append(f"raw {_signed(item['raw_unrelated'])} against unrelated")
    return [*out, f"weight: {item['cap_source'].partition('; ')[0].partition(' (')[0]}"]


def _source(item: Row) -> list[str]:
    if not item["first_event"]:
        return ["      source: the whole case (no single record)"]
    place = item["first_place"] or {}
    where = " ".join(str(place[k]) for k in ("exhibit", "member", "locator") if place.get(k))
    text = f"source: {', '.join(item['exhibits'])}; first: {where}"
    return [*_wrap(text, "      ", "      "), f"      open:   vestigo explain {item['first_event']}"]


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", wording.MINUS) if abs(value) >= 0.005 else "0"


def _steps(steps: list[Row]) -> Iterator[str]:
    yield "\nFrom everything added up to the number (log10 LR; against an unrelated person, then against all four)"
    for step in steps:
        yield f"  {_signed(step['change']):>8}  = {_signed(step['total']):>7}   {step['words']}"


def _left_out(view: Row) -> Iterator[str]:
    rows = [r for r in view["sensitivity"] if r["variant"].startswith(("item:", "family:"))]
    if not rows:
        return
    yield f"\nWhat it rests on: the number without ... (now {_signed(view['llr']['mixture'])})"
    kinds = {item["item_id"]: item["kind"] for item in view["items"]}
    for row in rows:
        sort, _, what = row["variant"].partition(":")
        name = f"finding {what.rpartition('-')[2]}, {kinds[what]}" if sort == "item" else f"family {what}"
        yield f"  {_signed(row['llr_mixture']):>8}   {name[:44]:<44} {_kept(row)}"


def _kept(row: Row) -> str:
    return "wording kept" if row["kept"] else row["band"]


def _sensitivity(view: Row) -> Iterator[str]:
    rows = [r for r in view["sensitivity"] if not r["variant"].startswith(("item:", "family:"))]
    if not rows:
        return
    low, high = (f([r["llr_mixture"] for r in view["sensitivity"]]) for f in (min, max))
    yield f"\nHow far it moves when read differently (all tests: {_signed(low)} to {_signed(high)})"
    for row in rows:
        yield f"  {_signed(row['llr_mixture']):>8}   {visible(row['words']):<68} {_kept(row)}"


def _why_not(view: Row) -> list[str]:
    out = list(view["why"])
    if view["decision"] == "same_group":
        chain = "; ".join(map(_pair, view["chain"]))
        return [*out, f"In one group through other accounts: {chain}."] if chain else out
    value, bar = view["llr"]["mixture"], view["threshold"]
    if value < bar:
        out.append(f"{wording.number(value)} is below the threshold of this case, {wording.number(bar)}.")
    apart = "A merge would put together accounts that the data speaks against"
    out += [f"{apart}: {_pair(row)}." for row in view["forbidding"]]
    for row in view["hidden"]:
        shown = f"{row['identifier_type']} {row['identifier']} ({row['n_accounts']} accounts)"
        out.append(f"Both show {shown}: {row['reason']}, so it suggests no pair.")
    return out


def _paths(paths: list[Row]) -> Iterator[str]:
    yield f"\nHow they are connected ({wording.PATHS})"
    if not paths:
        yield "  no path within reach without shared infrastructure (--through-shared shows those as well)"
    for number, path in enumerate(paths, 1):
        weakest = path["weakest"]
        rests = f"as strong as its weakest edge: {_signed(weakest['strength'])} ({_edge(weakest)})" if weakest else ""
        through = "(through shared infrastructure) " if path["through_shared"] else ""
        yield from _wrap(f"{number}. {through}{rests}", "  ", "     ")
        for hop in path["hops"]:
            yield from _hop(hop)


def _hop(hop: Row) -> Iterator[str]:
    mark = "  [shared]" if hop["shared"] else ""
    text = f"{_name(hop['source'])} -> {_name(hop['target'])}   {_edge(hop)}{mark}"
    yield from _wrap(text, "     ", "        ")
    if hop["event_id"]:
        yield f"        open: vestigo explain {hop['event_id']}"


def _edge(hop: Row) -> str:
    words = hop["edge_type"].replace("_", " ")
    if hop["accounts"] is not None:
        return f"{words}, {hop['accounts']} have it"
    return words if hop["strength"] is None else f"{words}, log10 LR {_signed(hop['strength'])}"


def _name(node_id: str) -> str:
    return node_id.removeprefix("account:")


def _pair(row: Row) -> str:
    return f"{row['account_a']} {wording.DASH} {row['account_b']} {wording.number(row['llr_mixture'])}"


def _stated(view: Row) -> list[str]:
    return [
        f"{', '.join(r['bases']) or 'no basis stated'}; {r['records']} records; vestigo explain {r['event_ids'][0]}"
        for r in view["stated_by_providers"]
    ]
