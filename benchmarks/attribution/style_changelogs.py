"""Writing style and rhythm on real people's texts that many computers hold: `style_changelogs.py [DOC_DIR] [SEEDS]`.

Debian keeps the changelog of every installed package, each entry signed and dated. Every writer's packages are divided
into two accounts, so that one writer's two accounts never speak of the same package; entries of a day that the other
account has too are left out of rhythm. Nothing is copied: figures are all that is printed. The texts are notes on
software, not chat: more formulaic, and their writers do not hide.
"""

from __future__ import annotations

import gzip
import itertools
import random
import re
import sys
from collections import defaultdict
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from benchmarks.attribution import metrics
from pipeline.link.rhythm import rhythm_llr, rhythm_profiles
from pipeline.link.style import profiles, style_llr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HEAD = re.compile(r"^(\S+) \(([^)]*)\)")
_SIGNED = re.compile(r"^ -- (.{1,200}?) <[^>]*>  (.*)$")
_SECTION = re.compile(r"^\s*\[ (.{1,200}?) \]\s*$")
_ITEM = re.compile(r"^\s*[*+-] ")
BANDS = (100, 250, 500, 1000, 2500, 10**9)


class Entry(NamedTuple):
    """One signed entry: writer -> items, and when it was signed (hours since the epoch)."""

    package: str
    signer: str
    items: tuple[tuple[str, str], ...]
    hour: int | None


def entries(folder: Path) -> Iterator[Entry]:
    """Entries of all changelogs below a folder, each version of a source package once."""
    seen: set[tuple[str, str]] = set()
    for path in sorted(folder.glob("*/changelog*.gz")):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as stream:
            head, lines = None, []
            for line in stream:
                if found := _HEAD.match(line):
                    head, lines = found.groups(), []
                elif (signed := _SIGNED.match(line)) and head and head not in seen:
                    seen.add(head)
                    yield Entry(head[0], signed[1], tuple(_items(signed[1], lines)), _hour(signed[2]))
                else:
                    lines.append(line)


def _items(signer: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    writer, text = signer, ""
    for line in lines:
        section = _SECTION.match(line)
        if (section or _ITEM.match(line)) and text:
            yield writer, text
            text = ""
        writer = section[1] if section else writer
        if _ITEM.match(line):
            text = line.strip()[2:]
        elif text:
            text += " " + line.strip()
    if text:
        yield writer, text


def _hour(stamp: str) -> int | None:
    try:
        return int(parsedate_to_datetime(stamp).timestamp()) // 3600
    except ValueError:
        return None


def halves(of_writer: dict[str, dict[str, list]], seed: int, size: Callable[[list], int]) -> Iterator[tuple[str, list]]:
    """Accounts ``writer#0`` and ``writer#1`` with the material of disjoint packages, about the same amount each."""
    draw = random.Random(seed)
    for writer in sorted(of_writer):
        packages = sorted(of_writer[writer])
        draw.shuffle(packages)
        parts: tuple[list, list] = ([], [])
        for package in packages:
            parts[size(parts[1]) < size(parts[0])].extend(of_writer[writer][package])
        yield from ((f"{writer}#{half}", part) for half, part in enumerate(parts))


def _truth(accounts: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    a, b = np.triu_indices(len(accounts), 1)
    writer = np.array([account[:-2] for account in accounts])
    return a, b, writer[a] == writer[b]


def _line(name: str, llr: np.ndarray, same: np.ndarray) -> None:
    if same.sum() < 5:
        return
    of_same, different = llr[same], llr[~same]
    print(
        f"{name:>12}  same {same.sum():4} different {len(different):7}  Cllr {metrics.cllr(llr, same):.3f}"
        f"  min {metrics.cllr_min(llr, same):.3f}  median same {np.median(of_same):+.2f}"
        f"  P(LR>1|same) {(of_same > 0).mean():.2f}  P(LR>1|diff) {(different > 0).mean():.3f}"
        f"  P(LR>3|diff) {(different > np.log10(3)).mean():.4f}  mean LR|diff {(10**different).mean():.2f}"
        f"  largest {llr.max():+.2f}"
    )


def measure_style(found: list[Entry], seeds: range) -> None:
    """Figures by words of the smaller text, seeds taken together."""
    texts: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for entry in found:
        for writer, text in entry.items:
            texts[writer][entry.package].append(text)
    runs = []
    for seed in seeds:
        rows = [(a, t) for a, part in halves(texts, seed, lambda p: sum(map(len, p))) for t in part]
        table = pa.table({"account": [a for a, _ in rows], "text": [t for _, t in rows], "genre": ["log"] * len(rows)})
        case = profiles(table)
        a, b, same = _truth(case.accounts)
        llr, few, _ = style_llr(case, a, b)
        runs.append((llr, few, same))
    llr, few, same = (np.concatenate(part) for part in zip(*runs, strict=True))
    for low, high in itertools.pairwise(BANDS):
        at = (few >= low) & (few < high)
        _line(f"{low}+ words", llr[at], same[at])


def measure_rhythm(found: list[Entry], seeds: range) -> None:
    """Figures of all pairs with enough events, seeds taken together."""
    hours: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for entry in found:
        if entry.hour is not None:
            hours[entry.signer][entry.package].append(entry.hour)
    runs = []
    for seed in seeds:
        rows, days = [], set()
        for account, part in halves(hours, seed, len):
            days = days if account.endswith("#1") else set()
            rows += [(account, h) for h in part if h // 24 not in days]
            days = {h // 24 for h in part}
        t = np.array([h for _, h in rows], np.int64) * 3_600_000_000
        case = rhythm_profiles(pa.table({"account": [a for a, _ in rows], "t_us": t, "uncertainty_us": t * 0}))
        a, b, same = _truth(case.accounts)
        both = case.enough[a] & case.enough[b]
        runs.append((rhythm_llr(case, a, b)[0][both], same[both]))
    _line("rhythm", *(np.concatenate(part) for part in zip(*runs, strict=True)))


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/doc")
    seeds = range(int(sys.argv[2]) if len(sys.argv) > 2 else 5)
    found = list(entries(folder))
    writers = len({writer for entry in found for writer, _ in entry.items})
    print(f"{len(found)} entries of {writers} writers; {len(seeds)} divisions into accounts")
    measure_style(found, seeds)
    measure_rhythm(found, seeds)


if __name__ == "__main__":
    main()
