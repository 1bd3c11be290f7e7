"""Address lookup: the embedded column path against a plain maxminddb loop over the same country data.

Usage::

    python benchmarks/lookup/run.py [--mmdb FILE] [--rows 1000000] [--rounds 5]

Both get a column of address texts and give a table with the columns country and asn. The loop reads two MaxMind-format
files (country, AS) with the C extension, as most programs do. FILE is the original country database that the embedded
data were made from; without it one is written from the embedded runs with mmdb_writer. The AS database is always
written from the embedded runs. Rounds are interleaved; the ratio is the median of the per-round ratios. Before anything
is timed, both answers are compared on every row.

* distinct: addresses drawn uniformly from the global IPv4 space, all different
* log-like: the same number of rows drawn by a Zipf law from 50,000 addresses
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import maxminddb
import numpy as np
import pandas as pd
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parents[2]))

from pipeline.enrich.columns import locate
from pipeline.enrich.embedded import load_embedded
from pipeline.enrich.special import special4
from pipeline.enrich.text4 import text4

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 20261124
POPULATION = 50_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mmdb", type=Path, help="country database in MaxMind format")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        country = options.mmdb or write_mmdb(Path(scratch) / "country.mmdb", "country")
        systems = write_mmdb(Path(scratch) / "asn.mmdb", "asn")
        started = time.perf_counter()
        locate(["192.0.2.1"])
        print(f"embedded data loaded and merged in {time.perf_counter() - started:.2f} s, once per process")
        with maxminddb.open_database(country) as first, maxminddb.open_database(systems) as second:
            for name, column in workloads(options.rows).items():
                compare(name, column, lambda texts: loop(first, second, texts), options.rounds)
    return 0


def write_mmdb(path: Path, what: str) -> Path:
    """The embedded IPv4 runs of one source as a MaxMind-format file."""
    from mmdb_writer import MMDBWriter
    from netaddr import IPRange, IPSet

    data = load_embedded()
    ranges = data.country4 if what == "country" else data.asn4
    key = "country_code" if what == "country" else "autonomous_system_number"
    ends = np.append(ranges.index.starts[1:].astype(np.int64), 1 << 32) - 1
    writer = MMDBWriter(ip_version=4, database_type=what, int_type="u32")
    said = ranges.values.to_pylist()  # noqa: PD011 - an Arrow array of ours
    for first, last, value in zip(ranges.index.starts.tolist(), ends.tolist(), said, strict=True):
        if value is not None:
            writer.insert_network(IPSet(IPRange(first, last)), {key: value})
    writer.to_db_file(str(path))
    return path


def workloads(rows: int) -> dict[str, pa.Array]:
    """Columns of address texts, the same on every run."""
    random = np.random.default_rng(SEED)
    drawn = np.unique(random.integers(1 << 24, 224 << 24, int(rows * 1.2), dtype=np.uint32))
    random.shuffle(drawn := drawn[special4(drawn) < 0])
    distinct = pa.array(text4(drawn[:rows]), pa.string())
    weights = 1 / np.arange(1, POPULATION + 1)
    picked = random.choice(POPULATION, rows, p=weights / weights.sum())
    return {"distinct": distinct, "log-like": distinct.take(pa.array(picked))}


def loop(country: maxminddb.Reader, systems: maxminddb.Reader, texts: pa.Array) -> pd.DataFrame:
    """What one writes with maxminddb: a lookup per row and database."""
    countries, numbers = [], []
    for text in texts.to_pylist():
        record = country.get(text)
        countries.append(record["country_code"] if record else None)
        record = systems.get(text)
        numbers.append(record["autonomous_system_number"] if record else None)
    return pd.DataFrame({"country": countries, "asn": pd.array(numbers, dtype="UInt32")})


def ours(texts: pa.Array) -> pd.DataFrame:
    """The column path, to the same pandas table."""
    table = locate(texts)
    return table.to_pandas(types_mapper={pa.uint32(): pd.UInt32Dtype()}.get)


def compare(name: str, column: pa.Array, peer: Callable[[pa.Array], pd.DataFrame], rounds: int) -> None:
    """Check equality on every row, then time both in turn.

    Raises:
        SystemExit: an answer differs.
    """
    left, right = ours(column), peer(column)
    for field in ("country", "asn"):
        a, b = left[field].astype(object), right[field].astype(object)
        differ = np.flatnonzero(~((a == b) | (a.isna() & b.isna())).fillna(value=False).to_numpy(bool))
        if differ.size:
            sys.exit(f"{name}: {differ.size} rows differ in {field}, first {column[int(differ[0])]}")
    times = [(clock(peer, column), clock(ours, column)) for _ in range(rounds)]
    theirs, mine = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = statistics.median(slow / fast for slow, fast in times)
    rows = len(column)
    print(
        f"{name}: {rows} rows equal on every row; maxminddb loop {rows / theirs / 1e6:.2f} M rows/s, "
        f"vestigo {rows / mine / 1e6:.2f} M rows/s, ratio {ratio:.1f}"
    )


def clock(call: Callable[[pa.Array], pd.DataFrame], column: pa.Array) -> float:
    """Processor seconds of one call."""
    started = time.process_time()
    call(column)
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(main())
